/*
 * quantity.h -- "250ms", "10k", "32" to numbers, and back for people.
 *
 * TIME is a decimal number with us, ms, s, m or h; a bare number is refused,
 * except 0, since seconds and milliseconds are both what people mean by it.
 * SIZE is a whole number of bytes, or of KiB or MiB with k or m.  Never reads
 * or prints by the locale.
 */
#ifndef CLI_QUANTITY_H
#define CLI_QUANTITY_H

#include <stdint.h>

/* Why a text is no quantity: the words that follow it in an error line. */
/* clang-format off */
#define QUANTITY_STATUS_MAP(X)                  \
    X(OK,        "is fine")                     \
    X(EMPTY,     "is empty")                    \
    X(NUMBER,    "is not a number")             \
    X(NEGATIVE,  "is negative")                 \
    X(FRACTION,  "is not a whole number")       \
    X(NO_UNIT,   "has no unit")                 \
    X(UNIT,      "has a unit that is not known") \
    X(LARGE,     "is too large")
/* clang-format on */

enum quantity_status {
#define X(name, text) QUANTITY_##name,
    QUANTITY_STATUS_MAP(X)
#undef X
        QUANTITY_STATUS_COUNT
};

enum {
    QUANTITY_TEXT_MAX = 32,
};

const char *quantity_status_text(enum quantity_status status);

/* Read a TIME as nanoseconds. */
enum quantity_status quantity_time(const char *text, uint64_t *ns);

/* The same, but a bare number is seconds (as after -t). */
enum quantity_status quantity_seconds(const char *text, uint64_t *ns);

/* Read a SIZE as bytes. */
enum quantity_status quantity_size(const char *text, uint64_t *bytes);

/* Read a whole number. */
enum quantity_status quantity_number(const char *text, uint64_t *value);

/* "3.5s", "250ms", "2m": what quantity_time() reads as the same, when it has
 * whole microseconds.  Returns `text`. */
char *quantity_time_text(uint64_t ns, char text[QUANTITY_TEXT_MAX]);

/* "64k", "1400".  Returns `text`. */
char *quantity_size_text(uint64_t bytes, char text[QUANTITY_TEXT_MAX]);

#endif /* CLI_QUANTITY_H */
