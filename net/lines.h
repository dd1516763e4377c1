/*
 * lines.h -- a text file of the system, line by line, in bounded memory.
 */
#ifndef NET_LINES_H
#define NET_LINES_H

#include <stdbool.h>
#include <stddef.h>

enum {
    NET_LINE_MAX = 4096, /* what a line has beyond that is not read */
};

struct net_lines {
    /* private */
    int fd;
    bool cut;          /* the line handed out last goes on */
    size_t start, end; /* what is read and not yet handed out */
    char bytes[NET_LINE_MAX];
};

/* Open `path`; false when it cannot be read. */
bool net_lines_open(struct net_lines *lines, const char *path);

/* The next line without its end, lent until the next call; NULL: no more. */
char *net_lines_next(struct net_lines *lines);

void net_lines_close(struct net_lines *lines);

/* Cut the next word off `*line`: ends it with a NUL; NULL: no more. */
char *net_lines_word(char **line);

#endif /* NET_LINES_H */
