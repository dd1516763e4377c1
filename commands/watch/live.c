/*
 * live.c -- lines against lines that stand there, and the few control
 * sequences of ECMA-48 that every terminal has.
 */
#include "commands/watch/live.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define TO_SCREEN   "\x1b[?1049h\x1b[?25l\x1b[2J"
#define FROM_SCREEN "\x1b[?25h\x1b[?1049l"

enum {
    COLUMNS_DEFAULT = 80,
    LINES_DEFAULT = 24,
};

/* Bytes on their way to the terminal, in one piece. */
struct frame {
    char *bytes;
    size_t n, room;
    bool failed;
};

static void add(struct frame *frame, const char *bytes, size_t n)
{
    if (frame->failed || n == 0)
        return;
    if (n > frame->room - frame->n) {
        size_t room = (frame->n + n) * 2;
        char *grown = realloc(frame->bytes, room);

        if (!grown) {
            frame->failed = true;
            return;
        }
        frame->bytes = grown;
        frame->room = room;
    }
    memcpy(frame->bytes + frame->n, bytes, n);
    frame->n += n;
}

static void send_all(int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t sent = write(fd, bytes, n);

        if (sent > 0) {
            bytes += sent;
            n -= (size_t)sent;
        } else if (sent < 0 && errno == EAGAIN) {
            struct pollfd writable = { .fd = fd, .events = POLLOUT };

            (void)poll(&writable, 1, -1);
        } else if (sent < 0 && errno != EINTR) {
            return;
        }
    }
}

bool live_possible(void)
{
    const char *term = getenv("TERM");

    return isatty(STDOUT_FILENO) && term && term[0] &&
           strcmp(term, "dumb") != 0;
}

void live_size(const struct live *live, unsigned *columns, unsigned *lines)
{
    struct winsize window = { 0 };

    if (ioctl(live->fd, TIOCGWINSZ, &window) != 0)
        window = (struct winsize){ 0 };
    *columns = window.ws_col ? window.ws_col : COLUMNS_DEFAULT;
    *lines = window.ws_row ? window.ws_row : LINES_DEFAULT;
    if (*lines > LIVE_LINES_MAX)
        *lines = LIVE_LINES_MAX;
}

void live_forget(struct live *live)
{
    for (size_t i = 0; i < LIVE_LINES_MAX; i++) {
        free(live->lines[i]);
        live->lines[i] = NULL;
    }
    if (live->open)
        send_all(live->fd, "\x1b[2J", 4);
}

void live_open(struct live *live, int fd)
{
    live->fd = fd;
    live->open = true;
    send_all(fd, TO_SCREEN, strlen(TO_SCREEN));
    live_forget(live);
}

/* Line `i` is to be `n` bytes of `text`. */
static void draw_line(struct live *live, struct frame *frame, size_t i,
                      const char *text, size_t n)
{
    const char *old = live->lines[i] ? live->lines[i] : "";
    char at[32], *kept;

    if (strlen(old) == n && memcmp(old, text, n) == 0)
        return;
    kept = strndup(text, n);
    if (!kept) {
        frame->failed = true;
        return;
    }
    free(live->lines[i]);
    live->lines[i] = kept;
    (void)snprintf(at, sizeof(at), "\x1b[%zu;1H", i + 1);
    add(frame, at, strlen(at));
    add(frame, text, n);
    add(frame, "\x1b[K", 3);
}

static bool has_room(const struct live *live)
{
    struct pollfd writable = { .fd = live->fd, .events = POLLOUT };

    return poll(&writable, 1, 0) == 1 && (writable.revents & POLLOUT);
}

void live_draw(struct live *live, const char *bytes, size_t n)
{
    struct frame frame = { 0 };
    size_t i = 0;

    if (!live->open || !has_room(live))
        return;
    for (; i < LIVE_LINES_MAX; i++) {
        const char *end = memchr(bytes, '\n', n);
        size_t length = end ? (size_t)(end - bytes) : n;

        draw_line(live, &frame, i, bytes, length);
        if (!end)
            break;
        bytes += length + 1;
        n -= length + 1;
    }
    for (i++; i < LIVE_LINES_MAX; i++) {
        if (live->lines[i])
            draw_line(live, &frame, i, "", 0);
    }
    if (!frame.failed)
        send_all(live->fd, frame.bytes, frame.n);
    free(frame.bytes);
}

void live_close(struct live *live)
{
    if (!live->open)
        return;
    live->open = false;
    live_forget(live);
    send_all(live->fd, FROM_SCREEN, strlen(FROM_SCREEN));
}
