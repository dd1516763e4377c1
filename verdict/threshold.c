/*
 * threshold.c -- a range is read from the left: "@", start, ":", end.
 *
 * Numbers are read and written by hand: strtod() and printf() follow the
 * user's locale, in which 0.5 may be 0,5.
 */
#include "verdict/threshold.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "verdict/text.h"

#define EXPECTED "expected a range such as 0.5, 20ms:, 10:20 or @1:2"

static const double NUMBER_MAX = 1e9; /* seconds: 31 years */

/* "\"TEXT\"" and what is wrong with it.  The text is a user's: escaped, cut. */
static bool fail(char *error, size_t size, const char *text, size_t n,
                 const char *says)
{
    enum { SHOWN = 64 };
    struct text line = text_in(error, size);

    text_add(&line, "\"");
    text_escaped(&line, text, n > SHOWN ? SHOWN : n);
    text_add(&line, n > SHOWN ? "...\"%s" : "\"%s", says);
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "12", "0.5", ".5", "-3".  Moves `at` behind the number. */
static bool number_parse(const char **at, double *number)
{
    const char *c = *at;
    bool negative = *c == '-';
    double whole = 0.0, fraction = 0.0, scale = 1.0;
    unsigned digits = 0;

    if (*c == '-' || *c == '+')
        c++;
    for (; is_digit(*c); c++, digits++)
        whole = whole * 10.0 + (*c - '0');
    if (*c == '.') {
        for (c++; is_digit(*c); c++, digits++) {
            if (scale < 1e15) {
                fraction = fraction * 10.0 + (*c - '0');
                scale *= 10.0;
            }
        }
    }
    if (digits == 0)
        return false;
    whole += fraction / scale;
    *number = negative ? -whole : whole;
    *at = c;
    return true;
}

/* Moves `at` behind a unit; none is seconds. */
static bool unit_parse(const char **at, double *number)
{
    static const struct {
        char name[4];
        double seconds;
    } units[] = {
        { "us", 1e-6 }, { "ms", 1e-3 },  { "s", 1.0 },
        { "m", 60.0 },  { "h", 3600.0 },
    };
    size_t n = strspn(*at, "abcdefghijklmnopqrstuvwxyz");

    if (n == 0)
        return true;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (strlen(units[i].name) == n && strncmp(*at, units[i].name, n) == 0) {
            /* Divided, so that 20ms is the very number that 0.02 is. */
            *number = units[i].seconds < 1.0
                          ? *number / (units[i].seconds < 1e-4 ? 1e6 : 1e3)
                          : *number * units[i].seconds;
            *at += n;
            return true;
        }
    }
    return false;
}

static bool bound_parse(const char **at, double *bound)
{
    return number_parse(at, bound) && unit_parse(at, bound) &&
           fabs(*bound) <= NUMBER_MAX;
}

/* The two ends, "[START:][END]", of what follows a "@". */
static bool ends_parse(const char *at, struct range *range)
{
    bool started = true;

    if (*at == '~' && at[1] == ':') {
        range->start = -INFINITY;
        at++;
    } else if (*at == ':') {
        started = false;
    } else if (!bound_parse(&at, &range->start)) {
        return false;
    }

    if (*at == '\0') { /* one number is the end, from 0 */
        range->end = range->start;
        range->start = 0.0;
        return true;
    }
    if (*at++ != ':')
        return false;
    if (*at == '\0')
        return started;
    return bound_parse(&at, &range->end) && *at == '\0';
}

bool range_parse(const char *text, struct range *range, char *error,
                 size_t size)
{
    struct range parsed = { .set = true, .end = INFINITY };
    const char *at = text;

    if (*at == '@') {
        parsed.inside = true;
        at++;
    }
    if (!ends_parse(at, &parsed))
        return fail(error, size, text, strlen(text), " is no range: " EXPECTED);
    if (parsed.start > parsed.end)
        return fail(error, size, text, strlen(text),
                    ": the start is above the end");
    *range = parsed;
    return true;
}

/* The row of `ranges` that `name` of `n` bytes is for, or -1. */
static int row_of(const char *name, size_t n)
{
    if (n == strlen("total") && strncmp(name, "total", n) == 0)
        return THRESHOLD_TOTAL;
    for (int stage = 0; stage < STAGE_COUNT; stage++) {
        const char *token = stage_token((enum stage)stage);

        if (strlen(token) == n && strncmp(name, token, n) == 0)
            return stage;
    }
    return -1;
}

/* One "[STAGE=]RANGE". */
static bool item_parse(const char *item, struct range *ranges, char *error,
                       size_t size)
{
    const char *equals = strchr(item, '=');
    int row = THRESHOLD_TOTAL;

    if (equals) {
        row = row_of(item, (size_t)(equals - item));
        if (row < 0)
            return fail(error, size, item, (size_t)(equals - item),
                        " is no stage: expected dns, tcp, tls, auth, ping, "
                        "role, set, get, cleanup or total");
        item = equals + 1;
    }
    return range_parse(item, &ranges[row], error, size);
}

bool thresholds_parse(const char *text, struct range *ranges, char *error,
                      size_t size)
{
    char item[2 * RANGE_TEXT_MAX];

    for (;;) {
        size_t n = strcspn(text, ",");

        if (n >= sizeof(item))
            return fail(error, size, text, n, " is too long: " EXPECTED);
        memcpy(item, text, n);
        item[n] = '\0';
        if (!item_parse(item, ranges, error, size))
            return false;
        if (text[n] == '\0')
            return true;
        text += n + 1;
    }
}

bool range_alerts(const struct range *range, double seconds)
{
    bool inside;

    if (!range->set)
        return false;
    inside = seconds >= range->start && seconds <= range->end;
    return range->inside ? inside : !inside;
}

/* At most nine decimals, none that say nothing.  Returns what was written. */
static size_t number_text(double seconds, char *text, size_t size)
{
    long long nanos = (long long)(seconds * 1e9 + (seconds < 0.0 ? -0.5 : 0.5));
    long long rest = nanos < 0 ? -nanos : nanos;
    char *dot;
    size_t n;

    (void)snprintf(text, size, "%s%lld.%09lld", nanos < 0 ? "-" : "",
                   rest / 1000000000, rest % 1000000000);
    n = strlen(text);
    dot = strchr(text, '.');
    while (text[n - 1] == '0')
        n--;
    if (text + n - 1 == dot)
        n--;
    text[n] = '\0';
    return n;
}

char *range_text(const struct range *range, char text[RANGE_TEXT_MAX])
{
    char *end = text;

    *text = '\0';
    if (!range->set)
        return text;
    if (range->inside)
        *end++ = '@';
    if (isinf(range->start)) {
        *end++ = '~';
        *end++ = ':';
    } else if (range->start != 0.0 || isinf(range->end)) {
        end += number_text(range->start, end, 24);
        *end++ = ':';
    }
    if (!isinf(range->end))
        end += number_text(range->end, end, 24);
    *end = '\0';
    return text;
}
