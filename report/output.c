/*
 * A report's bytes: appended to one growing buffer, written item by item.
 *
 * The first failure stays in `failed`, and from then on nothing is appended
 * nor written: no half of an item ever follows another half.
 */
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/format.h"

enum {
    ROOM_FIRST = 2048, /* a check of two addresses needs about that much */
};

/* Make room for `n` bytes more. */
static bool reserve(struct report_buffer *buffer, size_t n)
{
    size_t room = buffer->room ? buffer->room : ROOM_FIRST;
    char *bytes = NULL;

    if (n <= buffer->room - buffer->length)
        return true;
    while (room - buffer->length < n)
        room *= 2;
    bytes = realloc(buffer->bytes, room);
    if (!bytes) {
        buffer->failed = true;
        return false;
    }
    buffer->bytes = bytes;
    buffer->room = room;
    return true;
}

void report_add(struct report_buffer *buffer, const char *bytes, size_t n)
{
    if (n == 0 || buffer->failed || !reserve(buffer, n))
        return;
    memcpy(buffer->bytes + buffer->length, bytes, n);
    buffer->length += n;
}

void report_string(struct report_buffer *buffer, const char *text)
{
    report_add(buffer, text, strlen(text));
}

void report_fill(struct report_buffer *buffer, char byte, size_t n)
{
    if (n == 0 || buffer->failed || !reserve(buffer, n))
        return;
    memset(buffer->bytes + buffer->length, byte, n);
    buffer->length += n;
}

void report_print(struct report_buffer *buffer, const char *format, ...)
{
    va_list arguments;
    char text[256];
    int n = 0;

    va_start(arguments, format);
    n = vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    if (n < 0) {
        buffer->failed = true;
        return;
    }
    if ((size_t)n < sizeof(text)) {
        report_add(buffer, text, (size_t)n);
        return;
    }
    if (buffer->failed || !reserve(buffer, (size_t)n + 1))
        return;
    va_start(arguments, format);
    (void)vsnprintf(buffer->bytes + buffer->length, (size_t)n + 1, format,
                    arguments);
    va_end(arguments);
    buffer->length += (size_t)n;
}

/* The descriptor may be non-blocking: it is shared with whoever runs us. */
static bool wait_writable(int fd)
{
    struct pollfd poller = { .fd = fd, .events = POLLOUT };

    return poll(&poller, 1, -1) >= 0 || errno == EINTR;
}

void report_flush(struct report *report)
{
    struct report_buffer *out = &report->out;
    size_t done = 0;

    while (!out->failed && done < out->length) {
        ssize_t n = write(report->fd, out->bytes + done, out->length - done);

        if (n >= 0)
            done += (size_t)n;
        else if (errno == EAGAIN || errno == EWOULDBLOCK)
            out->failed = !wait_writable(report->fd);
        else if (errno != EINTR)
            out->failed = true;
    }
    out->length = 0;
}

void report_buffer_free(struct report_buffer *buffer)
{
    free(buffer->bytes);
    *buffer = (struct report_buffer){ .failed = buffer->failed };
}
