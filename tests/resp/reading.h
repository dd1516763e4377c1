/*
 * reading.h -- a reader and the last reply, for the tests of resp/reader.
 */
#ifndef TESTS_RESP_READING_H
#define TESTS_RESP_READING_H

#include "resp/reader.h"

#include "support/unit.h"

#include <string.h>

static struct resp_reader *reader;
static struct resp_reply reply;

static inline int set_up(void **state)
{
    (void)state;
    reader = resp_reader_new(0);
    return reader ? 0 : -1;
}

static inline int tear_down(void **state)
{
    (void)state;
    resp_reader_free(reader);
    reader = NULL;
    return 0;
}

/* Feed `chunk` bytes at a time until a reply or a refusal comes. */
static inline enum resp_read feed(const char *bytes, size_t n, size_t chunk)
{
    enum resp_read read = RESP_READ_MORE;

    for (size_t at = 0; at < n && read == RESP_READ_MORE; at += chunk) {
        size_t left = n - at;

        resp_reader_feed(reader, bytes + at, left < chunk ? left : chunk);
        read = resp_reader_next(reader, &reply);
    }
    return read;
}

/* Write `text` without its NUL; returns the place behind it. */
static inline char *put(char *at, const char *text)
{
    while (*text)
        *at++ = *text++;
    return at;
}

static inline enum resp_read feed_text(const char *bytes)
{
    return feed(bytes, strlen(bytes), strlen(bytes));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif /* TESTS_RESP_READING_H */
