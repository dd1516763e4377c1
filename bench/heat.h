/*
 * heat.h -- where the latencies of a side were, over time: what a heat map
 * shows.
 *
 * A column is a second, or as many of them together as leave HEAT_COLUMNS; its
 * buckets are an eighth of a power of two.  So an hour takes no more memory
 * than ten minutes, and a screen has no more room either.
 *
 *     bucket = power of two * 8 + the three bits behind the first
 *
 * A plain value without pointers; zeroed is empty.
 */
#ifndef BENCH_HEAT_H
#define BENCH_HEAT_H

#include <stdint.h>

#include "bench/histogram.h"

enum {
    HEAT_COLUMNS = 600,
    HEAT_BUCKET_BITS = 3,
    HEAT_BUCKETS = 42 << HEAT_BUCKET_BITS, /* an hour is less than 2^42 ns */
};

struct heat_column {
    double at_s, length_s; /* its end, and how long it was at work */
    unsigned seconds;      /* that are in it */
    uint64_t counts[HEAT_BUCKETS];
};

struct heat {
    unsigned ncolumns;
    struct heat_column columns[HEAT_COLUMNS];

    /* private */
    unsigned each; /* seconds of a full column */
};

/* The bucket of a latency. */
unsigned heat_bucket(uint64_t ns);

/* Add a second that ended at `at_s` and was `length_s` long. */
void heat_add(struct heat *heat, double at_s, double length_s,
              const struct histogram *latencies);

#endif /* BENCH_HEAT_H */
