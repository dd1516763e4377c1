/*
 * histogram.h -- how long stages took, in buckets: one histogram a stage.
 *
 * What --buckets asks for.  Counts are kept a target, so the room of one is
 * small: 4 bytes a bucket and stage.
 */
#ifndef SERVE_HISTOGRAM_H
#define SERVE_HISTOGRAM_H

#include "report/metrics.h"

enum {
    SERVE_BUCKETS_MAX = 32,
    SERVE_LE_MAX = 24,
};

/* The upper ends, growing; +Inf follows by itself. */
struct serve_buckets {
    unsigned n; /* 0: no histograms */
    uint32_t us[SERVE_BUCKETS_MAX];
    char le[SERVE_BUCKETS_MAX][SERVE_LE_MAX]; /* in seconds, as printed */
};

/* Read "5ms,25ms,0.1": TIMEs, plain numbers are seconds.  On false one line in
 * `error`. */
bool serve_buckets_parse(const char *list, struct serve_buckets *buckets,
                         char *error, size_t size);

struct serve_histogram; /* of one target; the caller frees it with free() */

/* NULL: out of memory. */
struct serve_histogram *
serve_histogram_new(const struct serve_buckets *buckets);

/* Count every stage of a check that took part. */
void serve_histogram_add(struct serve_histogram *histogram,
                         const struct serve_buckets *buckets,
                         const struct evidence_target *evidence);

#define SERVE_HISTOGRAM_NAME "linkprobe_stage_duration_seconds"

/* Append its lines; a stage that was never seen has none. */
void serve_histogram_lines(struct report_buffer *out,
                           const struct serve_histogram *histogram,
                           const struct serve_buckets *buckets,
                           const struct probe_target *target);

#endif /* SERVE_HISTOGRAM_H */
