/*
 * open, read until the end or one byte too many, close.  What cannot tell its
 * size (a pipe, /dev/stdin) is read the same way.
 */
#include "cli/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/quantity.h"
#include "cli/text.h"

enum {
    ROOM_FIRST = 4096,
};

static bool grow(struct file *file, size_t *room, size_t max)
{
    size_t more = *room ? *room * 2 : ROOM_FIRST;
    char *bytes;

    if (more > max + 2)
        more = max + 2;
    bytes = realloc(file->bytes, more);
    if (!bytes)
        return false;
    file->bytes = bytes;
    *room = more;
    return true;
}

/* Read all of `fd`, or `max` + 1 bytes of it; an errno, or 0. */
static int read_all(int fd, size_t max, struct file *file)
{
    size_t room = 0;
    ssize_t n = 1;

    while (n != 0 && file->length <= max) {
        if (file->length + 1 >= room && !grow(file, &room, max))
            return ENOMEM;
        n = read(fd, file->bytes + file->length, room - file->length - 1);
        if (n < 0 && errno != EINTR)
            return errno;
        if (n > 0)
            file->length += (size_t)n;
    }
    file->bytes[file->length] = '\0';
    return 0;
}

static bool refuse(struct file *file, const char *path, int problem,
                   char *error, size_t size)
{
    char quoted[QUOTE_MAX];

    file_free(file);
    return error_set(error, size, "%s cannot be read: %s",
                     text_quote_path(path, quoted), strerror(problem));
}

bool file_read(const char *path, size_t max, struct file *file, char *error,
               size_t size)
{
    char limit[QUANTITY_TEXT_MAX];
    bool standard = strcmp(path, "-") == 0;
    int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    int problem;

    *file = (struct file){ 0 };
    if (standard)
        path = "standard input";
    if (fd < 0)
        return refuse(file, path, errno, error, size);
    problem = read_all(fd, max, file);
    if (!standard)
        (void)close(fd);
    if (problem != 0)
        return refuse(file, path, problem, error, size);
    if (file->length <= max)
        return true;
    file_free(file);
    return error_set(error, size, "%s is larger than %s", path,
                     quantity_size_text(max, limit));
}

void file_free(struct file *file)
{
    free(file->bytes);
    *file = (struct file){ 0 };
}
