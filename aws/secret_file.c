/*
 * open, read, copy into twice the room while there is more, close.  Every room
 * is wiped when it is left, which realloc() would not do.
 */
#include "aws/secret_file.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    ROOM_FIRST = 16 * 1024,
};

static bool grow(struct secret_text *text, size_t room)
{
    struct secret_text larger;

    if (!secret_text_new(&larger, room))
        return false;
    memcpy(larger.bytes, text->bytes, text->length);
    larger.length = text->length;
    secret_text_free(text);
    *text = larger;
    return true;
}

static int read_all(int fd, size_t max, struct secret_text *text)
{
    ssize_t n = 1;

    while (n != 0 && text->length <= max) {
        if (text->length + 1 >= text->room && !grow(text, text->room * 2))
            return ENOMEM;
        n = read(fd, text->bytes + text->length, text->room - text->length - 1);
        if (n < 0 && errno != EINTR)
            return errno;
        if (n > 0)
            text->length += (size_t)n;
    }
    text->bytes[text->length] = '\0';
    return text->length <= max ? 0 : EFBIG;
}

int secret_file_read(const char *path, size_t max, struct secret_text *text)
{
    int fd, problem = ENOMEM;

    *text = (struct secret_text){ 0 };
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno;
    if (secret_text_new(text, ROOM_FIRST))
        problem = read_all(fd, max, text);
    (void)close(fd);
    if (problem != 0)
        secret_text_free(text);
    return problem;
}

void secret_text_trim(struct secret_text *text)
{
    while (text->length > 0 &&
           isspace((unsigned char)text->bytes[text->length - 1]))
        text->bytes[--text->length] = '\0';
}
