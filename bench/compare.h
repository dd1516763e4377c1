/*
 * compare.h -- sides of one run compared, and assertions checked.  Pure.
 */
#ifndef BENCH_COMPARE_H
#define BENCH_COMPARE_H

#include "bench/result.h"

/*
 * Fill result->comparisons (first side against each other one) and the noise
 * floor: 95 % intervals by bootstrap over the slices, paired by round (Efron
 * and Tibshirani, "An introduction to the bootstrap", 1993).  `seed` makes it
 * repeatable.
 */
void bench_compare(struct bench_result *result, uint64_t seed);

/* One assertion as it was written, understood. */
struct bench_assert {
    char text[96];
    int side;   /* 0: a, 1: b, ...; -1: diff */
    int metric; /* private */
    double percentile;
    bool below;    /* "<", else ">" */
    bool relative; /* the limit is a percentage */
    double limit;  /* microseconds, requests a second, or a fraction */
};

/* Read "[SIDE.]METRIC<VALUE" (or >).  On false one line in `error`. */
bool bench_assert_parse(const char *text, struct bench_assert *assertion,
                        char *error, size_t size);

/* Check all of `asserts` and put the outcome into result->assertions, which
 * has room for `n`.  Returns whether all are met. */
bool bench_assert_check(const struct bench_assert *asserts, size_t n,
                        struct bench_result *result);

#endif /* BENCH_COMPARE_H */
