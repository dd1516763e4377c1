/*
 * Everything here is arithmetic on integers: snprintf() would take its point
 * from the locale, gmtime_r() reads /etc/localtime.
 */
#include "report/words.h"

#include <string.h>

#include "cli/utf8.h"
#include "net/answer.h"
#include "report/format.h"

/* `value` in decimal with at least `width` digits before `last`. */
static char *digits(char *last, uint64_t value, unsigned width)
{
    for (; value || width; value /= 10, width -= width > 0)
        *--last = (char)('0' + value % 10);
    return last;
}

/* `value` / 10^decimals, then `unit`. */
static char *fixed(uint64_t value, unsigned decimals, const char *unit,
                   char text[REPORT_NUMBER_MAX])
{
    char number[REPORT_NUMBER_MAX];
    char *last = number + sizeof(number) - 1, *first = last;
    uint64_t scale = 1;

    for (unsigned i = 0; i < decimals; i++)
        scale *= 10;
    *last = '\0';
    if (decimals) {
        first = digits(first, value % scale, decimals);
        *--first = '.';
    }
    first = digits(first, value / scale, 1);
    memcpy(text, first, (size_t)(last - first) + 1);
    strncat(text, unit, REPORT_NUMBER_MAX - strlen(text) - 1);
    return text;
}

/* The first row whose unit leaves fewer than four digits. */
char *report_duration(uint64_t ns, char text[REPORT_NUMBER_MAX])
{
    static const struct {
        uint64_t ns; /* of the last digit */
        unsigned decimals;
        const char *unit;
    } rows[] = {
        { 10000, 2, " ms" },   { 100000, 1, " ms" },   { 1000000, 0, " ms" },
        { 10000000, 2, " s" }, { 100000000, 1, " s" },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint64_t rounded = (ns + rows[i].ns / 2) / rows[i].ns;

        if (rounded < 1000)
            return fixed(rounded, rows[i].decimals, rows[i].unit, text);
    }
    return fixed((ns + 500000000) / 1000000000, 0, " s", text);
}

char *report_seconds(uint64_t ns, char text[REPORT_NUMBER_MAX])
{
    return fixed((ns + 500) / 1000, 6, "", text);
}

/* Days since the epoch to a date: eras of 400 years that begin in March, so
 * that the leap day is the last one of a year. */
static void date_of(int64_t days, unsigned *year, unsigned *month,
                    unsigned *day)
{
    uint64_t since = (uint64_t)(days + 719468); /* 0000-03-01 */
    uint64_t era = since / 146097, in_era = since % 146097;
    uint64_t in_year = 0, of_era = 0, march = 0;

    of_era = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    in_year = in_era - (365 * of_era + of_era / 4 - of_era / 100);
    march = (5 * in_year + 2) / 153;
    *day = (unsigned)(in_year - (153 * march + 2) / 5 + 1);
    *month = (unsigned)(march < 10 ? march + 3 : march - 9);
    *year = (unsigned)(of_era + era * 400 + (*month <= 2));
}

static char *put(char *at, uint64_t value, unsigned width, char after)
{
    digits(at + width, value, width);
    at[width] = after;
    return at + width + 1;
}

char *report_time(int64_t ms, enum report_time_form form,
                  char text[REPORT_TIME_MAX])
{
    static const int64_t year_9999 = INT64_C(253402300799999);
    uint64_t in_day = 0;
    unsigned year = 0, month = 0, day = 0;
    char *at = text;

    ms = ms < 0 ? 0 : ms > year_9999 ? year_9999 : ms;
    in_day = (uint64_t)ms % (UINT64_C(1000) * REPORT_DAY_S);
    date_of(ms / (INT64_C(1000) * REPORT_DAY_S), &year, &month, &day);
    at = put(put(put(at, year, 4, '-'), month, 2, '-'), day, 2, 'T');
    at = put(at, in_day / 3600000, 2, ':');
    at = put(at, in_day / 60000 % 60, 2, ':');
    at =
        put(at, in_day / 1000 % 60, 2, form == REPORT_MILLISECONDS ? '.' : 'Z');
    if (form == REPORT_MILLISECONDS)
        at = put(at, in_day % 1000, 3, 'Z');
    at[form == REPORT_NO_ZONE ? -1 : 0] = '\0';
    return text;
}

const char *report_rcode(int rcode)
{
    static const char *const names[] = {
        "NOERROR",  "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP",  "REFUSED",
        "YXDOMAIN", "YXRRSET", "NXRRSET",  "NOTAUTH",  "NOTZONE", "DSOTYPENI",
        "RCODE12",  "RCODE13", "RCODE14",  "RCODE15",
    };

    if (rcode < 0 || (size_t)rcode >= sizeof(names) / sizeof(names[0]))
        return NULL;
    return names[rcode];
}

const char *report_plural(size_t n, const char *one, const char *many)
{
    return n == 1 ? one : many;
}

/* Does `point` leave the line and its order alone?  Not the controls, the
 * separators, nor the bidirectional marks (Unicode, UAX 9). */
static bool is_calm(uint32_t point)
{
    if (point < 0x7f)
        return point >= 0x20;
    return point > 0x9f && !(point >= 0x200b && point <= 0x200f) &&
           !(point >= 0x2028 && point <= 0x202e) &&
           !(point >= 0x2060 && point <= 0x206f) && point != 0xfeff &&
           point != 0x061c;
}

static void escape_point(struct report_buffer *buffer, uint32_t point,
                         unsigned char byte, bool valid)
{
    if (!valid || point < 0x80)
        report_print(buffer, "\\x%02x", byte);
    else
        report_print(buffer, "\\u{%x}", point);
}

void report_escape(struct report_buffer *buffer, const char *text, bool utf8)
{
    size_t n = strlen(text), run = 0;

    while (run < n) {
        uint32_t point = 0;
        size_t length = utf8_next(text + run, n - run, &point);

        if (length && is_calm(point) && (utf8 || point < 0x80)) {
            run += length;
            continue;
        }
        report_add(buffer, text, run);
        escape_point(buffer, point, (unsigned char)text[run], length > 0);
        length = run + (length ? length : 1);
        text += length;
        n -= length;
        run = 0;
    }
    report_add(buffer, text, run);
}
