/*
 * threshold.h -- ranges of the Monitoring Plugins guidelines, by stage.
 *
 *     10  <0 or >10    10:  <10    ~:10  >10    10:20  outside    @10:20 inside
 *
 * Plain numbers are seconds, as in check_tcp; a unit (us, ms, s, m, h) may be
 * written behind each.  "[STAGE=]RANGE[,...]": STAGE is a stage's name or
 * `total`, which it is unless named.
 * Source: monitoring-plugins developer guidelines, "Threshold and Ranges".
 */
#ifndef VERDICT_THRESHOLD_H
#define VERDICT_THRESHOLD_H

#include <stdbool.h>
#include <stddef.h>

#include "verdict/evidence.h"

struct range {
    bool set;
    bool inside;  /* "@": alert when inside, ends included */
    double start; /* seconds; -INFINITY for "~" */
    double end;   /* seconds; INFINITY when left out */
};

enum {
    THRESHOLD_TOTAL = STAGE_COUNT,
    THRESHOLD_COUNT = STAGE_COUNT + 1,
    RANGE_TEXT_MAX = 64,
};

/* The -w and -c of one target, by stage and total. */
struct thresholds {
    struct range warning[THRESHOLD_COUNT];
    struct range critical[THRESHOLD_COUNT];
};

/* Read one range.  On false one line in `error`. */
bool range_parse(const char *text, struct range *range, char *error,
                 size_t size);

/* Read "[STAGE=]RANGE[,...]" into `ranges` (THRESHOLD_COUNT of them).
 * Commas separate; a later one of the same stage wins. */
bool thresholds_parse(const char *text, struct range *ranges, char *error,
                      size_t size);

/* Does `seconds` raise an alert? */
bool range_alerts(const struct range *range, double seconds);

/* The range as perfdata has it, in seconds, without the locale: "0.5",
 * "@0.1:0.2", "" when not set.  Returns `text`. */
char *range_text(const struct range *range, char text[RANGE_TEXT_MAX]);

#endif /* VERDICT_THRESHOLD_H */
