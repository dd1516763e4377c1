/*
 * scan.h -- replies counted as they go by: for load, where no value is kept.
 *
 * Of each reply the scanner knows its type, the length of its bulk and, of an
 * error, the text's beginning; it copies nothing else, allocates nothing and
 * takes the bytes in any pieces.  It costs a fifth of a reader that hands out
 * values.  It accepts what resp_reader accepts (a test holds the two against
 * each other), and arrays of any depth.  RESP2.
 */
#ifndef RESP_SCAN_H
#define RESP_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
    RESP_SCAN_TEXT_MAX = 192,
    RESP_SCAN_LINE_MAX = 64 * 1024, /* of a status or an error */
};

/* Bytes on their way to a reply.  A plain value; zeroed is between replies. */
struct resp_scan {
    char type;      /* of the last whole reply: '+', '-', ':', '$' or '*' */
    int64_t length; /* its bulk's; -1: nil; of others 0 */
    size_t ntext;   /* of an error's text, uncut */
    char text[RESP_SCAN_TEXT_MAX]; /* its beginning, with a NUL behind */

    /* private */
    uint8_t state;
    char element; /* the type of the value at work */
    bool nested;  /* which is part of an array */
    bool negative;
    uint8_t digits;
    uint64_t number; /* as far as it is read; then bytes of the body to come */
    uint64_t left;   /* values that the reply still wants, this one too */
};

enum resp_scan_end {
    RESP_SCAN_MORE,  /* all bytes are used up */
    RESP_SCAN_REPLY, /* a reply has ended */
    RESP_SCAN_ERROR, /* ... and is an error */
    RESP_SCAN_BAD,   /* not RESP, or over a bound; it stays so */
};

/* The whole machine behind resp_scan_next(). */
enum resp_scan_end resp_scan_slowly(struct resp_scan *scan, const char **at,
                                    const char *end);

/* A bulk that is there from its "$" to its last byte: what is behind it; else,
 * or when anything about it is odd, NULL. */
static inline const char *resp_scan_bulk(const char *at, const char *end,
                                         int64_t *length)
{
    const char *p = at + 1, *limit = end - p > 9 ? p + 9 : end;
    unsigned n = 0, digit;

    for (; p < limit && (digit = (unsigned)*p - '0') <= 9; p++)
        n = n * 10 + digit;
    if (end - p < (ptrdiff_t)n + 4 || at[1] <= '0' || p[0] != '\r' ||
        p[1] != '\n' || p[n + 2] != '\r' || p[n + 3] != '\n')
        return NULL;
    *length = n;
    return p + n + 4;
}

/*
 * Go on from `*at` to the end of the next reply, at most to `end`; `*at` is
 * then behind what was used.  The usual replies, when all their bytes are
 * there, take a third of the machine's time.
 */
static inline enum resp_scan_end
resp_scan_next(struct resp_scan *scan, const char **at, const char *end)
{
    const char *behind = NULL;
    int64_t length = 0;

    if (scan->state != 0 || scan->left != 0 || end - *at < 5)
        return resp_scan_slowly(scan, at, end);
    if (**at == '$')
        behind = resp_scan_bulk(*at, end, &length);
    else if (memcmp(*at, "+OK\r\n", 5) == 0)
        behind = *at + 5;
    if (!behind)
        return resp_scan_slowly(scan, at, end);
    scan->type = **at;
    scan->length = length;
    *at = behind;
    return RESP_SCAN_REPLY;
}

#endif /* RESP_SCAN_H */
