/*
 * Words for people.  Nothing here runs in a healthy check.
 */
#include "cli/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cli/utf8.h"

enum {
    QUOTE_BYTES = 60, /* of the value; each may become four: \xNN */
    WORD_MAX = 31,    /* longer words are nobody's near miss */
    DISTANCE_MAX = 3,
};

bool error_set(char *error, size_t size, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    (void)vsnprintf(error, size, format, args);
    va_end(args);
    return false;
}

bool error_prefix(char *error, size_t size, const char *prefix)
{
    size_t n = strlen(prefix), rest = strlen(error);

    if (n + 2 >= size)
        return false;
    if (rest > size - n - 3)
        rest = size - n - 3;
    memmove(error + n + 2, error, rest);
    memcpy(error, prefix, n);
    memcpy(error + n, ": ", 2);
    error[n + 2 + rest] = '\0';
    return false;
}

/* Copy one character, or escape one byte; how many bytes of `from` it was. */
static size_t quote_one(const char *from, size_t n, char **to)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char byte = (unsigned char)*from;
    uint32_t point = 0;
    size_t length = utf8_next(from, n, &point);

    /* C0, DEL and C1 would be obeyed by a terminal. */
    if (length != 0 && point >= 0x20 && (point < 0x7f || point > 0x9f)) {
        memcpy(*to, from, length);
        *to += length;
        return length;
    }
    *(*to)++ = '\\';
    *(*to)++ = 'x';
    *(*to)++ = digits[byte >> 4];
    *(*to)++ = digits[byte & 15];
    return 1;
}

/* Bytes that are not shown. */
struct hidden {
    size_t from, to;
};

/* The credentials of a URL; without an "@", what stands where a port should,
 * since it may be a password whose "@HOST" was forgotten. */
static struct hidden credentials(const char *text)
{
    const char *start = strstr(text, "://"), *end, *colon;

    if (!start)
        return (struct hidden){ 0, 0 };
    start += 3;
    end = strrchr(start, '@');
    if (end)
        return (struct hidden){ (size_t)(start - text), (size_t)(end - text) };
    colon = *start == '[' ? NULL : strchr(start, ':');
    end = text + strlen(text);
    if (!colon || strspn(colon + 1, "0123456789") == strcspn(colon + 1, "/?#"))
        return (struct hidden){ 0, 0 };
    return (struct hidden){ (size_t)(colon + 1 - text), (size_t)(end - text) };
}

static void put_dots(char **to)
{
    memcpy(*to, "...", 3);
    *to += 3;
}

/* Quote what `hidden` leaves of [at, end); where it stopped. */
static size_t quote_span(const char *text, size_t at, size_t end, size_t n,
                         char **to)
{
    const struct hidden hidden = credentials(text);

    while (at < end) {
        if (at >= hidden.from && at < hidden.to) {
            put_dots(to);
            at = hidden.to;
        } else {
            at += quote_one(text + at, n - at, to);
        }
    }
    return at;
}

char *text_quote(const char *text, char quoted[QUOTE_MAX])
{
    char *to = quoted;
    size_t n = strlen(text), at;

    *to++ = '"';
    at = quote_span(text, 0, n < QUOTE_BYTES ? n : QUOTE_BYTES, n, &to);
    if (at < n)
        put_dots(&to);
    *to++ = '"';
    *to = '\0';
    return quoted;
}

char *text_quote_path(const char *path, char quoted[QUOTE_MAX])
{
    char *to = quoted;
    size_t n = strlen(path);
    size_t at = n > QUOTE_BYTES ? n - QUOTE_BYTES : 0;

    *to++ = '"';
    if (at > 0)
        put_dots(&to);
    quote_span(path, at, n, n, &to);
    *to++ = '"';
    *to = '\0';
    return quoted;
}

static bool same_letter(char a, char b)
{
    return a == b || ((a == '-' || a == '_') && (b == '-' || b == '_'));
}

static uint8_t least(uint8_t a, uint8_t b)
{
    return a < b ? a : b;
}

unsigned text_distance(const char *a, const char *b)
{
    uint8_t rows[WORD_MAX + 1][WORD_MAX + 1];
    size_t na = strlen(a), nb = strlen(b);

    if (na > WORD_MAX || nb > WORD_MAX)
        return DISTANCE_MAX + 1;
    for (size_t i = 0; i <= na; i++) {
        for (size_t j = 0; j <= nb; j++) {
            if (i == 0 || j == 0) {
                rows[i][j] = (uint8_t)(i + j);
                continue;
            }
            uint8_t best = rows[i - 1][j - 1];
            best = (uint8_t)(best + !same_letter(a[i - 1], b[j - 1]));
            best = least(best, (uint8_t)(rows[i - 1][j] + 1));
            best = least(best, (uint8_t)(rows[i][j - 1] + 1));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                best = least(best, (uint8_t)(rows[i - 2][j - 2] + 1));
            rows[i][j] = best;
        }
    }
    return least(rows[na][nb], DISTANCE_MAX + 1);
}

bool text_is_near(const char *word, const char *candidate)
{
    size_t n = strlen(word);
    unsigned distance = text_distance(word, candidate);

    if (n >= 3 && strncmp(word, candidate, n) == 0)
        return true;
    return distance <= (n <= 4 ? 1 : 2) && distance < strlen(candidate);
}

bool text_truth(const char *text, bool *truth)
{
    static const char words[][6] = { "false", "no",  "off", "0",
                                     "true",  "yes", "on",  "1" };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcasecmp(text, words[i]) == 0) {
            *truth = i >= 4;
            return true;
        }
    }
    return false;
}
