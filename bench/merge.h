/*
 * merge.h -- the logs of many client machines, added up by tag.
 *
 * Every count of every slot is kept, so the sum has the percentiles that one
 * client with all the load would have seen; averages of percentiles have not.
 *
 *     struct merge merge = { .keep_seconds = true };
 *
 *     while (...)
 *         if (!merge_add(&merge, file, name, error, sizeof(error)))
 *             ...
 *     merge_finish(&merge);
 *     ... merge.series[...] ...
 *     merge_free(&merge);
 *
 * Memory is a histogram a tag, and with `keep_seconds` one packed record a
 * second and tag, however many the clients are.
 */
#ifndef BENCH_MERGE_H
#define BENCH_MERGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "bench/hlog.h"

enum {
    MERGE_TAGS_MAX = 64,
};

/* From when to when, in seconds since the epoch. */
struct merge_span {
    double start_s, end_s;
};

/* What the clients measured at about the same time. */
struct merge_second {
    int64_t number; /* since the first interval of all */
    struct merge_span span;
    unsigned intervals;
    double length_s; /* the mean of theirs */
    uint8_t *record; /* of hlog_codec.h; owned */
    size_t length;
};

/* All that has one tag. */
struct merge_series {
    char tag[HLOG_TAG_MAX + 1]; /* "": none */
    uint64_t intervals;
    double covered_s;           /* at least one client was at work */
    struct merge_span span;     /* of all */
    struct histogram *total;    /* owned */
    struct merge_span *covered; /* pieces of it, in order; owned */
    size_t ncovered, covered_room;
    struct merge_second *seconds; /* in order; owned; with keep_seconds */
    size_t nseconds, seconds_room;
};

/* One log. */
struct merge_log {
    char *name; /* owned */
    uint64_t intervals;
    struct merge_span span; /* of all its tags */
    bool cut;               /* its last line was cut off */
};

/* Zeroed is empty; merge_free() releases. */
struct merge {
    bool keep_seconds; /* the caller's: for merge_write() */

    struct merge_series *series[MERGE_TAGS_MAX]; /* by tag; none first */
    size_t nseries;
    struct merge_log *logs;
    size_t nlogs, logs_room;
    struct merge_span span;    /* of everything */
    struct merge_span overlap; /* all logs are in it; empty: end < start */

    struct merge_work *work; /* private */
};

/*
 * Add all of `file` (named `name` in errors).  On false one line in `error`,
 * and `merge` can only be freed.  On true `error` is empty or one line of
 * warning, as of hlog_read().
 */
bool merge_add(struct merge *merge, FILE *file, const char *name, char *error,
               size_t size);

/* Work out what is known when all logs are there. */
void merge_finish(struct merge *merge);

/* The series called `tag` (NULL: the one without); NULL: there is none. */
const struct merge_series *merge_find(const struct merge *merge,
                                      const char *tag);

/* Read a second into `histogram`, which is emptied first. */
void merge_second_read(const struct merge_second *second,
                       struct histogram *histogram);

/* Write everything as one log, by time.  Requires keep_seconds.  false: it
 * could not be written, or there was no memory. */
bool merge_write(const struct merge *merge, FILE *file);

void merge_free(struct merge *merge);

#endif /* BENCH_MERGE_H */
