/*
 * merge_series.h -- one tag of a merge; of merge.c alone.
 */
#ifndef BENCH_MERGE_SERIES_H
#define BENCH_MERGE_SERIES_H

#include "bench/hlog_codec.h"
#include "bench/merge.h"

/* Room for what is at work on one interval. */
struct merge_scratch {
    struct histogram histogram;
    uint8_t record[HLOG_RECORD_MAX];
};

/* NULL: no memory. */
struct merge_series *merge_series_new(const char *tag);
void merge_series_free(struct merge_series *series);

/* The span was measured.  false: no memory, as in all of them. */
bool merge_series_cover(struct merge_series *series,
                        const struct merge_span *span);

/* Add to the second called `number`. */
bool merge_series_keep(struct merge_series *series, int64_t number,
                       const struct merge_span *span,
                       const struct histogram *histogram,
                       struct merge_scratch *scratch);

/* Put the pieces of time in order and add them up. */
void merge_series_finish(struct merge_series *series);

/* Room for one more of `n` things of `size` bytes; NULL: no memory, and what
 * there is stays. */
void *merge_grow(void *things, size_t n, size_t *room, size_t size);

/* Stretch `span` over `more`; the first one it becomes. */
void merge_span_add(struct merge_span *span, bool first,
                    const struct merge_span *more);

#endif /* BENCH_MERGE_SERIES_H */
