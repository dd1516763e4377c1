/*
 * words.h -- numbers, times and foreign bytes as people and machines read
 * them.  Integers only: no locale, no time zone file, no allocation.
 */
#ifndef REPORT_WORDS_H
#define REPORT_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "report/report.h"

enum {
    REPORT_NUMBER_MAX = 32,
    REPORT_TIME_MAX = 32,
    REPORT_DAY_S = 24 * 60 * 60,
};

/* For people, with up to three digits: "0.42 ms", "12.3 ms", "3.50 s".
 * Returns `text`. */
char *report_duration(uint64_t ns, char text[REPORT_NUMBER_MAX]);

/* Seconds with six digits, "0.001900". */
char *report_seconds(uint64_t ns, char text[REPORT_NUMBER_MAX]);

/* `ms` since the epoch in UTC: "2026-11-23T03:00:00.123Z" (RFC 3339). */
enum report_time_form {
    REPORT_MILLISECONDS,
    REPORT_NO_FRACTION, /* "2026-11-23T03:00:00Z" */
    REPORT_NO_ZONE, /* "2026-11-23T03:00:00", as Ant's JUnit schema has it */
};
char *report_time(int64_t ms, enum report_time_form form,
                  char text[REPORT_TIME_MAX]);

/* "NOERROR", "NXDOMAIN", ...; NULL for NET_RCODE_NONE (RFC 6895, 2.3). */
const char *report_rcode(int rcode);

/* `one` when `n` is 1, else `many`. */
const char *report_plural(size_t n, const char *one, const char *many);

/*
 * Append what others have sent for a terminal to show: control characters,
 * bytes that are not UTF-8 and characters that reorder or break a line become
 * \xHH or \u{HEX}.  Without `utf8` all but ASCII does.
 */
void report_escape(struct report_buffer *buffer, const char *text, bool utf8);

#endif /* REPORT_WORDS_H */
