/*
 * compare.h -- sides of one run compared, and assertions checked.  Pure.
 */
#ifndef BENCH_COMPARE_H
#define BENCH_COMPARE_H

#include "bench/result.h"

/*
 * Fill result->comparisons (first side against each other one) and the noise
 * floor.  A figure of a side is the mean of its slices; intervals are 95 % ones
 * by bootstrap over the rounds, whose slices are paired (Efron and Tibshirani,
 * "An introduction to the bootstrap", 1993), widened for few rounds
 * (Hesterberg, "What teachers should know about the bootstrap", 2015).  With
 * fewer than four rounds they are infinite.  `seed` makes them repeatable.
 */
void bench_compare(struct bench_result *result, uint64_t seed);

enum bench_metric {
    BENCH_METRIC_PERCENTILE,
    BENCH_METRIC_MAX,
    BENCH_METRIC_MEAN,
    BENCH_METRIC_THROUGHPUT,
    BENCH_METRIC_ERRORS,
    BENCH_METRIC_RATE,    /* rate_achieved */
    BENCH_METRIC_CONNECT, /* connect.p99: a percentile of it */
};

/* One assertion as it was written, understood. */
struct bench_assert {
    char text[96];
    int side;   /* 0: a, 1: b, ...; -1: diff */
    int metric; /* enum bench_metric */
    double percentile;
    bool below;    /* "<", else ">" */
    bool relative; /* the limit is a percentage */
    double limit;  /* microseconds, requests a second, or a fraction */
    double scale;  /* how many of these the unit of the text is */
    char unit[4];
};

/* Read "[SIDE.]METRIC<VALUE" (or >).  On false one line in `error`. */
bool bench_assert_parse(const char *text, struct bench_assert *assertion,
                        char *error, size_t size);

/* Check all of `asserts` and put the outcome into result->assertions, which
 * has room for `n`.  Returns whether all are met. */
bool bench_assert_check(const struct bench_assert *asserts, size_t n,
                        struct bench_result *result);

#endif /* BENCH_COMPARE_H */
