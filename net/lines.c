/*
 * lines.c -- read a block, hand out its lines, move the rest to the front.
 *
 * A line longer than the buffer is handed out cut; what is left of it is
 * skipped.
 */
#include "net/lines.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

bool net_lines_open(struct net_lines *lines, const char *path)
{
    lines->cut = false;
    lines->start = 0;
    lines->end = 0;
    lines->fd = open(path, O_RDONLY | O_CLOEXEC);
    return lines->fd >= 0;
}

void net_lines_close(struct net_lines *lines)
{
    (void)close(lines->fd);
    lines->fd = -1;
}

/* Move what is left to the front and read more; false: there is no more, or no
 * room for it. */
static bool fill(struct net_lines *lines)
{
    size_t left = lines->end - lines->start;
    ssize_t n;

    memmove(lines->bytes, lines->bytes + lines->start, left);
    lines->start = 0;
    lines->end = left;
    if (left == sizeof(lines->bytes) - 1)
        return false;
    n = read(lines->fd, lines->bytes + left, sizeof(lines->bytes) - 1 - left);
    if (n <= 0)
        return false;
    lines->end += (size_t)n;
    return true;
}

/* A line up to `end`, which is cut off where it has no newline in time. */
static char *line(struct net_lines *lines)
{
    char *begin = lines->bytes + lines->start, *end;
    size_t seen = 0, n = lines->end - lines->start;

    while (!(end = memchr(begin + seen, '\n', n - seen))) {
        seen = n;
        if (!fill(lines))
            break;
        begin = lines->bytes;
        n = lines->end;
    }
    lines->cut = !end;
    if (!end && lines->end == 0)
        return NULL;
    begin = lines->bytes + lines->start;
    if (!end)
        end = lines->bytes + lines->end;
    *end = '\0';
    lines->start = (size_t)(end - lines->bytes);
    if (!lines->cut)
        lines->start++;
    return begin;
}

char *net_lines_next(struct net_lines *lines)
{
    while (lines->cut && line(lines))
        continue;
    return line(lines);
}

char *net_lines_word(char **line)
{
    char *word = *line + strspn(*line, " \t\r");
    size_t n = strcspn(word, " \t\r");

    if (n == 0)
        return NULL;
    *line = word + n;
    if (**line != '\0')
        *(*line)++ = '\0';
    return word;
}
