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

/* Go on from `*at` to the end of the next reply, at most to `end`; `*at` is
 * then behind what was used. */
enum resp_scan_end resp_scan_next(struct resp_scan *scan, const char **at,
                                  const char *end);

#endif /* RESP_SCAN_H */
