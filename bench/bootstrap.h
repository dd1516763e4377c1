/*
 * bootstrap.h -- how far the mean of a few noisy values can be trusted.
 *
 * Resamples the values with replacement and reads the interval off the means
 * of the resamples.  The generator is its own: the same seed gives the same
 * interval on every machine.
 */
#ifndef BENCH_BOOTSTRAP_H
#define BENCH_BOOTSTRAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    BOOTSTRAP_LEAST = 4, /* fewer values tell nothing */
};

/* The mean, its 95 % interval, and one so wide that of three intervals at the
 * same time all hold in 95 % (Bonferroni). */
struct bootstrap {
    double mean, low, high;
    double low_of_three, high_of_three;
};

/* Of `n` values; false: too few of them, or no memory.  The mean is there all
 * the same (0 of none), the bounds are infinite. */
bool bootstrap_mean(const double *values, size_t n, uint64_t seed,
                    struct bootstrap *result);

#endif /* BENCH_BOOTSTRAP_H */
