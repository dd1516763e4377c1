/*
 * scan.c -- a machine that reads a value and counts how many are wanted.
 *
 *     TYPE ─┬─ + - ──> LINE ──> LINE_LF ──┐
 *           ├─ : ────> NUMBER ─> NUMBER_LF ┼──> the value has ended
 *           ├─ * ────> NUMBER ─> NUMBER_LF ┤    (wanted: `left`)
 *           └─ $ ────> NUMBER ─> NUMBER_LF ┴─> BODY ─> BODY_CR ─> BODY_LF ─┘
 *
 * An array is a value that wants so many more, so no stack is needed: the reply
 * ends when none is left.
 */
#include "resp/scan.h"

#include <stdint.h>
#include <string.h>

enum state {
    TYPE,
    LINE,
    LINE_LF,
    NUMBER,
    NUMBER_LF,
    BODY,
    BODY_CR,
    BODY_LF,
    BROKEN,
};

enum {
    ELEMENTS_MAX = 1 << 20,
    DIGITS_MAX = 19, /* of an int64_t */
};

#define BULK_MAX (INT64_C(512) * 1024 * 1024) /* Redis' own limit */

static enum resp_scan_end refuse(struct resp_scan *scan)
{
    scan->state = BROKEN;
    return RESP_SCAN_BAD;
}

/* A value has ended; has the reply?  MORE: it has not. */
static enum resp_scan_end end_value(struct resp_scan *scan)
{
    scan->state = TYPE;
    scan->left--;
    if (scan->left > 0)
        return RESP_SCAN_MORE;
    return scan->type == '-' ? RESP_SCAN_ERROR : RESP_SCAN_REPLY;
}

static enum resp_scan_end begin_value(struct resp_scan *scan, char type)
{
    bool is_line = type == '+' || type == '-';

    if (!is_line && type != '$' && type != ':' && type != '*')
        return refuse(scan);
    scan->element = type;
    scan->state = is_line ? LINE : NUMBER;
    scan->number = 0;
    scan->digits = 0;
    scan->negative = false;
    scan->nested = scan->left > 0;
    if (!scan->nested) {
        scan->left = 1;
        scan->type = type;
        scan->length = 0;
        scan->ntext = 0;
    }
    return RESP_SCAN_MORE;
}

/* Keep what has room of an error's text. */
static void keep(struct resp_scan *scan, const char *bytes, size_t n)
{
    size_t room = sizeof(scan->text) - 1;

    if (scan->type != '-')
        return;
    if (scan->ntext < room) {
        room -= scan->ntext;
        memcpy(scan->text + scan->ntext, bytes, n < room ? n : room);
    }
    scan->ntext += n;
    scan->text[scan->ntext < sizeof(scan->text) ? scan->ntext
                                                : sizeof(scan->text) - 1] = 0;
}

/* A line ends in CR LF; a CR alone is part of it. */
static enum resp_scan_end take_line(struct resp_scan *scan, const char **at,
                                    const char *end)
{
    const char *from = *at, *cr = memchr(from, '\r', (size_t)(end - from));
    size_t n = (size_t)((cr ? cr : end) - from);

    keep(scan, from, n);
    scan->number += n;
    *at = from + n;
    if (cr) {
        (*at)++;
        scan->state = LINE_LF;
    }
    return scan->number > RESP_SCAN_LINE_MAX ? refuse(scan) : RESP_SCAN_MORE;
}

static enum resp_scan_end take_line_end(struct resp_scan *scan, const char **at)
{
    if (**at == '\n') {
        (*at)++;
        return end_value(scan);
    }
    keep(scan, "\r", 1);
    scan->number++;
    scan->state = LINE; /* which takes the byte */
    return RESP_SCAN_MORE;
}

/* Digits as string2ll() of Redis and hiredis takes them: no plus, no leading
 * zero, no minus zero. */
static bool take_digit(struct resp_scan *scan, char c)
{
    if (c == '-' && scan->digits == 0 && !scan->negative) {
        scan->negative = true;
        return true;
    }
    if (c < '0' || c > '9' || scan->digits == DIGITS_MAX)
        return false;
    if (scan->digits > 0 && scan->number == 0)
        return false;
    if (c == '0' && scan->negative && scan->digits == 0)
        return false;
    scan->number = scan->number * 10 + (uint64_t)(c - '0');
    scan->digits++;
    return true;
}

static enum resp_scan_end take_number(struct resp_scan *scan, const char **at,
                                      const char *end)
{
    while (*at < end && **at != '\r')
        if (!take_digit(scan, *(*at)++))
            return refuse(scan);
    if (*at < end) {
        (*at)++;
        scan->state = NUMBER_LF;
    }
    return RESP_SCAN_MORE;
}

/* The number is whole: a value of its own, or a length. */
static enum resp_scan_end take_bulk_length(struct resp_scan *scan)
{
    if (scan->negative ? scan->number != 1 : scan->number > BULK_MAX)
        return refuse(scan);
    if (!scan->nested)
        scan->length = scan->negative ? -1 : (int64_t)scan->number;
    if (scan->negative)
        return end_value(scan);
    scan->state = BODY;
    return RESP_SCAN_MORE;
}

static enum resp_scan_end take_count(struct resp_scan *scan)
{
    if (scan->negative ? scan->number != 1
                       : scan->number > ELEMENTS_MAX - scan->left + 1)
        return refuse(scan);
    if (!scan->nested && scan->negative)
        scan->length = -1;
    if (!scan->negative)
        scan->left += scan->number;
    return end_value(scan);
}

static bool is_int64(const struct resp_scan *scan)
{
    return scan->number <= (uint64_t)INT64_MAX + scan->negative;
}

static enum resp_scan_end take_number_end(struct resp_scan *scan,
                                          const char **at)
{
    if (**at != '\n' || scan->digits == 0 || !is_int64(scan))
        return refuse(scan);
    (*at)++;
    if (scan->element == '$')
        return take_bulk_length(scan);
    return scan->element == '*' ? take_count(scan) : end_value(scan);
}

static void take_body(struct resp_scan *scan, const char **at, const char *end)
{
    uint64_t there = (uint64_t)(end - *at);
    uint64_t n = scan->number < there ? scan->number : there;

    *at += n;
    scan->number -= n;
    if (scan->number == 0)
        scan->state = BODY_CR;
}

static enum resp_scan_end take_body_end(struct resp_scan *scan, const char **at)
{
    char c = *(*at)++;

    if (c != (scan->state == BODY_CR ? '\r' : '\n'))
        return refuse(scan);
    if (scan->state == BODY_LF)
        return end_value(scan);
    scan->state = BODY_LF;
    return RESP_SCAN_MORE;
}

/* One step of the machine; there is a byte. */
static inline enum resp_scan_end step(struct resp_scan *scan, const char **at,
                                      const char *end)
{
    switch ((enum state)scan->state) {
    case TYPE: return begin_value(scan, *(*at)++);
    case LINE: return take_line(scan, at, end);
    case LINE_LF: return take_line_end(scan, at);
    case NUMBER: return take_number(scan, at, end);
    case NUMBER_LF: return take_number_end(scan, at);
    case BODY: take_body(scan, at, end); return RESP_SCAN_MORE;
    case BODY_CR:
    case BODY_LF: return take_body_end(scan, at);
    default: return RESP_SCAN_BAD;
    }
}

enum resp_scan_end resp_scan_slowly(struct resp_scan *scan, const char **at,
                                    const char *end)
{
    enum resp_scan_end ended = RESP_SCAN_MORE;

    while (ended == RESP_SCAN_MORE && *at < end)
        ended = step(scan, at, end);
    return ended;
}
