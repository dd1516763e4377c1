/*
 * slices.h -- several sides in short turns, so that drift falls on all alike.
 *
 * A round gives every side one slice, in a random order; order and length
 * depend on the plan alone.
 */
#ifndef BENCH_SLICES_H
#define BENCH_SLICES_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/plan.h"

enum {
    SLICES_NS = 150 * 1000 * 1000, /* usual length */
    SLICES_ROUNDS_MIN = 20,        /* in a short run slices are shorter */
    SLICES_NS_MIN = 20 * 1000 * 1000,
};

struct slices {
    uint64_t rounds; /* of the run; UINT64_MAX: until the requests are done */
    uint64_t ns;     /* of a slice */

    /* private */
    uint64_t random;
    uint64_t next; /* slice */
    unsigned nsides;
    unsigned order[BENCH_SIDES_MAX];
};

struct slice {
    unsigned side;
    unsigned round;
};

/* Slices for a side's `total_ns` in all; 0: without end. */
void slices_init(struct slices *slices, unsigned nsides, uint64_t total_ns,
                 uint64_t seed);

/* The next one; false when the run is over. */
bool slices_next(struct slices *slices, struct slice *slice);

#endif /* BENCH_SLICES_H */
