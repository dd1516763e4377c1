/*
 * live.h -- a screen on a terminal that is drawn again and again.
 *
 * Only lines that differ from those that stand there are sent, so that a slow
 * line keeps up; a frame that the terminal has no room for is left out.  Its
 * other contents come back at the end (the alternate screen of xterm, which
 * tmux and screen know as well).
 */
#ifndef COMMANDS_WATCH_LIVE_H
#define COMMANDS_WATCH_LIVE_H

#include <stdbool.h>
#include <stddef.h>

enum {
    LIVE_LINES_MAX = 500,
};

struct live {
    int fd;
    bool open;
    char *lines[LIVE_LINES_MAX]; /* as they stand; NULL: empty; owned */
};

/* Can standard output show it: a terminal that takes commands? */
bool live_possible(void);

/* Columns and lines of the terminal now. */
void live_size(const struct live *live, unsigned *columns, unsigned *lines);

void live_open(struct live *live, int fd);

/* Show `n` bytes: lines with line breaks between. */
void live_draw(struct live *live, const char *bytes, size_t n);

/* What stands there is not known any more (resized, continued). */
void live_forget(struct live *live);

/* Give the terminal back.  Harmless when not open. */
void live_close(struct live *live);

#endif /* COMMANDS_WATCH_LIVE_H */
