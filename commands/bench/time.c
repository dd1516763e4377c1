/*
 * A point in time as RFC 3339 has it: date, "T", time, perhaps a fraction, and
 * "Z" or the offset from UTC.
 */
#include <string.h>

#include "commands/bench/options.h"

/* `n` digits at `*text` as a number from `min` to `max`. */
static bool take_digits(const char **text, unsigned n, int min, int max,
                        int *value)
{
    int sum = 0;

    for (unsigned i = 0; i < n; i++, (*text)++) {
        if (**text < '0' || **text > '9')
            return false;
        sum = sum * 10 + (**text - '0');
    }
    *value = sum;
    return sum >= min && sum <= max;
}

static bool take_one_of(const char **text, const char *letters)
{
    if (**text == '\0' || !strchr(letters, **text))
        return false;
    (*text)++;
    return true;
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_of_month(int year, int month)
{
    static const int days[] = {
        31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
    };

    return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days from 1970-01-01 to a date from then on. */
static int64_t days_since_epoch(int year, int month, int day)
{
    int64_t days = day - 1;

    for (int y = 1970; y < year; y++)
        days += is_leap(y) ? 366 : 365;
    for (int m = 1; m < month; m++)
        days += days_of_month(year, m);
    return days;
}

static bool take_date(const char **text, int64_t *days)
{
    int year, month, day;

    if (!take_digits(text, 4, 1970, 9999, &year) || !take_one_of(text, "-") ||
        !take_digits(text, 2, 1, 12, &month) || !take_one_of(text, "-") ||
        !take_digits(text, 2, 1, days_of_month(year, month), &day))
        return false;
    *days = days_since_epoch(year, month, day);
    return true;
}

/* HH:MM:SS[.fraction] in milliseconds; a leap second is the next one. */
static bool take_clock(const char **text, int64_t *ms)
{
    int hour, minute, second, place = 100;

    if (!take_digits(text, 2, 0, 23, &hour) || !take_one_of(text, ":") ||
        !take_digits(text, 2, 0, 59, &minute) || !take_one_of(text, ":") ||
        !take_digits(text, 2, 0, 60, &second))
        return false;
    *ms = (((int64_t)hour * 60 + minute) * 60 + second) * 1000;
    if (**text != '.')
        return true;
    (*text)++;
    if (**text < '0' || **text > '9')
        return false;
    for (; **text >= '0' && **text <= '9'; (*text)++, place /= 10)
        *ms += (int64_t)(**text - '0') * place;
    return true;
}

/* "Z", "+02:00", "-05:30": minutes east of UTC. */
static bool take_offset(const char **text, int *minutes)
{
    int sign = **text == '-' ? -1 : 1, hour, minute;

    *minutes = 0;
    if (take_one_of(text, "Zz"))
        return true;
    if (!take_one_of(text, "+-") || !take_digits(text, 2, 0, 23, &hour) ||
        !take_one_of(text, ":") || !take_digits(text, 2, 0, 59, &minute))
        return false;
    *minutes = sign * (hour * 60 + minute);
    return true;
}

bool bench_time_parse(const char *text, int64_t *ms)
{
    int64_t days, clock;
    int minutes;

    if (!take_date(&text, &days) || !take_one_of(&text, "Tt ") ||
        !take_clock(&text, &clock) || !take_offset(&text, &minutes) ||
        *text != '\0')
        return false;
    *ms = days * 86400000 + clock - (int64_t)minutes * 60000;
    return *ms > 0;
}
