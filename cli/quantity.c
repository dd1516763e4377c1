/*
 * A quantity is digits, perhaps a fraction, then a unit to the end.  Sums are
 * whole numbers of the smallest unit, so nothing is rounded but digits that no
 * nanosecond holds; what overflows is too large.
 */
#include "cli/quantity.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct unit {
    char name[4];
    uint64_t worth;
};

static const struct unit times[] = {
    { "us", 1000 },
    { "ms", 1000000 },
    { "s", 1000000000 },
    { "m", UINT64_C(60000000000) },
    { "h", UINT64_C(3600000000000) },
};

static const struct unit sizes[] = {
    { "", 1 }, { "k", 1024 }, { "K", 1024 }, { "m", 1048576 }, { "M", 1048576 },
};

const char *quantity_status_text(enum quantity_status status)
{
    static const char texts[][32] = {
#define X(name, text) text,
        QUANTITY_STATUS_MAP(X)
#undef X
    };

    return texts[status];
}

/* What stands before the unit. */
struct number {
    uint64_t whole;
    const char *fraction; /* its digits; NULL: none */
    const char *unit;     /* the rest of the text */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool add_digit(uint64_t *sum, char digit)
{
    return !__builtin_mul_overflow(*sum, 10, sum) &&
           !__builtin_add_overflow(*sum, (uint64_t)(digit - '0'), sum);
}

static enum quantity_status number_read(const char *text, struct number *number)
{
    const char *at = text;

    *number = (struct number){ 0 };
    if (*at == '\0')
        return QUANTITY_EMPTY;
    if (*at == '-' && is_digit(at[1]))
        return QUANTITY_NEGATIVE;
    if (!is_digit(*at))
        return QUANTITY_NUMBER;
    for (; is_digit(*at); at++) {
        if (!add_digit(&number->whole, *at))
            return QUANTITY_LARGE;
    }
    if (*at == '.') {
        number->fraction = ++at;
        if (!is_digit(*at))
            return QUANTITY_NUMBER;
        while (is_digit(*at))
            at++;
    }
    number->unit = at;
    return QUANTITY_OK;
}

static enum quantity_status number_scale(const struct number *number,
                                         uint64_t worth, uint64_t *sum)
{
    uint64_t place = worth / 10, whole;

    if (__builtin_mul_overflow(number->whole, worth, &whole))
        return QUANTITY_LARGE;
    for (const char *at = number->fraction; at && is_digit(*at); at++) {
        if (__builtin_add_overflow(whole, (uint64_t)(*at - '0') * place,
                                   &whole))
            return QUANTITY_LARGE;
        place /= 10;
    }
    *sum = whole;
    return QUANTITY_OK;
}

static bool number_is_zero(const struct number *number)
{
    const char *at = number->fraction;

    while (at && *at == '0')
        at++;
    return number->whole == 0 && (!at || !is_digit(*at));
}

/* `bare`: what a number without a unit counts in; 0: only zero may have none */
static enum quantity_status time_read(const char *text, uint64_t bare,
                                      uint64_t *ns)
{
    struct number number;
    enum quantity_status status = number_read(text, &number);

    if (status != QUANTITY_OK)
        return status;
    if (*number.unit == '\0') {
        if (bare == 0 && !number_is_zero(&number))
            return QUANTITY_NO_UNIT;
        return number_scale(&number, bare, ns);
    }
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        if (strcmp(number.unit, times[i].name) == 0)
            return number_scale(&number, times[i].worth, ns);
    }
    return QUANTITY_UNIT;
}

enum quantity_status quantity_time(const char *text, uint64_t *ns)
{
    return time_read(text, 0, ns);
}

enum quantity_status quantity_seconds(const char *text, uint64_t *ns)
{
    return time_read(text, 1000000000, ns);
}

enum quantity_status quantity_size(const char *text, uint64_t *bytes)
{
    struct number number;
    enum quantity_status status = number_read(text, &number);

    if (status != QUANTITY_OK)
        return status;
    if (number.fraction)
        return QUANTITY_FRACTION;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        if (strcmp(number.unit, sizes[i].name) == 0)
            return number_scale(&number, sizes[i].worth, bytes);
    }
    return QUANTITY_UNIT;
}

enum quantity_status quantity_number(const char *text, uint64_t *value)
{
    struct number number;
    enum quantity_status status = number_read(text, &number);

    if (status != QUANTITY_OK)
        return status;
    if (*number.unit != '\0')
        return QUANTITY_NUMBER;
    if (number.fraction)
        return QUANTITY_FRACTION;
    *value = number.whole;
    return QUANTITY_OK;
}

/* Does `ns` read well in this unit: more than one of it, three decimals at
 * most, and none in minutes and hours: 90s, not 1.5m? */
static bool reads_well(uint64_t ns, const struct unit *unit)
{
    uint64_t step = unit->name[1] == '\0' && unit->name[0] != 's'
                        ? unit->worth
                        : unit->worth / 1000;

    return ns >= unit->worth && step != 0 && ns % step == 0;
}

/* How much of "3.500" is left without its last zeros. */
static size_t trimmed(const char *text)
{
    size_t n = strlen(text);

    while (text[n - 1] == '0')
        n--;
    return n - (text[n - 1] == '.');
}

char *quantity_time_text(uint64_t ns, char text[QUANTITY_TEXT_MAX])
{
    const struct unit *unit = &times[sizeof(times) / sizeof(times[0]) - 1];
    uint64_t rest;

    while (unit > times && !reads_well(ns, unit))
        unit--;
    rest = ns % unit->worth * 1000 / unit->worth;
    (void)snprintf(text, QUANTITY_TEXT_MAX, "%llu.%03u",
                   (unsigned long long)(ns / unit->worth), (unsigned)rest);
    memcpy(text + trimmed(text), ns == 0 ? "" : unit->name,
           ns == 0 ? 1 : sizeof(unit->name));
    return text;
}

char *quantity_size_text(uint64_t bytes, char text[QUANTITY_TEXT_MAX])
{
    uint64_t worth = 1;
    const char *unit = "";

    if (bytes != 0 && bytes % 1048576 == 0) {
        worth = 1048576;
        unit = "m";
    } else if (bytes != 0 && bytes % 1024 == 0) {
        worth = 1024;
        unit = "k";
    }
    (void)snprintf(text, QUANTITY_TEXT_MAX, "%llu%s",
                   (unsigned long long)(bytes / worth), unit);
    return text;
}
