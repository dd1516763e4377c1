/*
 * compare.c -- what the slices of a run say of its sides.
 *
 *     round 1: a b    round 2: b a    round 3: a b   ...
 *          a1 - b1         a2 - b2         a3 - b3   > bootstrap > interval
 *
 * A round has one slice of each side, at random order and close in time: what
 * drifts on the machine or the way hits both and is not in their difference.
 * Two neighbouring slices of the first side, compared in the same way, show how
 * large a difference of nothing comes out in this run.
 */
#include "bench/compare.h"

#include <stdlib.h>

#include "bench/bootstrap.h"

enum {
    PAIRS_MAX = 1 << 28, /* slices are 20 ms and longer, runs a week */
};

enum figure { FIGURE_P50, FIGURE_P99, FIGURE_THROUGHPUT };

static double figure_of(const struct bench_slice *slice, enum figure figure)
{
    switch (figure) {
    case FIGURE_P50: return (double)slice->p50_ns / 1000;
    case FIGURE_P99: return (double)slice->p99_ns / 1000;
    case FIGURE_THROUGHPUT: break;
    }
    return (double)slice->requests * 1e9 / (double)slice->ns;
}

/* Without an answer it has no latency, so it cannot be compared. */
static bool is_whole(const struct bench_slice *slice)
{
    return slice->requests > 0 && slice->ns > 0;
}

struct pair {
    const struct bench_slice *a, *b;
};

/* Slices that are compared, and room for as many differences. */
struct pairs {
    struct pair *pairs;
    double *values;
    size_t n;
};

static void pairs_free(struct pairs *pairs)
{
    free(pairs->pairs);
    free(pairs->values);
    *pairs = (struct pairs){ 0 };
}

/* false: no room is needed, or there is none. */
static bool pairs_make(struct pairs *pairs, size_t room)
{
    *pairs = (struct pairs){ 0 };
    if (room == 0 || room > PAIRS_MAX)
        return false;
    pairs->pairs = malloc(room * sizeof(struct pair));
    pairs->values = malloc(room * sizeof(double));
    if (pairs->pairs && pairs->values)
        return true;
    pairs_free(pairs);
    return false;
}

static void pairs_add(struct pairs *pairs, const struct bench_slice *a,
                      const struct bench_slice *b)
{
    if (is_whole(a) && is_whole(b))
        pairs->pairs[pairs->n++] = (struct pair){ a, b };
}

/* Those rounds that both sides have a slice of; rounds only grow. */
static void pair_sides(struct pairs *pairs, const struct bench_side_result *a,
                       const struct bench_side_result *b)
{
    size_t j = 0;

    for (size_t i = 0; i < a->nslices; i++) {
        while (j < b->nslices && b->slices[j].round < a->slices[i].round)
            j++;
        if (j < b->nslices && b->slices[j].round == a->slices[i].round)
            pairs_add(pairs, &a->slices[i], &b->slices[j]);
    }
}

/* Neighbours of one side, each slice in one pair; which of them comes first
 * alternates, so that a steady drift is none of the noise. */
static void pair_neighbours(struct pairs *pairs,
                            const struct bench_side_result *side)
{
    for (size_t i = 0; i + 1 < side->nslices; i += 2) {
        size_t swap = i / 2 % 2;

        pairs_add(pairs, &side->slices[i + swap], &side->slices[i + 1 - swap]);
    }
}

/* The interval of the differences; returns the mean of the second slices. */
static double bound(struct pairs *pairs, enum figure figure, uint64_t seed,
                    struct bootstrap *bounds)
{
    double sum = 0;

    for (size_t i = 0; i < pairs->n; i++) {
        double b = figure_of(pairs->pairs[i].b, figure);

        pairs->values[i] = figure_of(pairs->pairs[i].a, figure) - b;
        sum += b;
    }
    (void)bootstrap_mean(pairs->values, pairs->n, seed + (uint64_t)figure,
                         bounds);
    return pairs->n > 0 ? sum / (double)pairs->n : 0;
}

/* Returns whether the difference is real, all three looked at. */
static bool differ(struct pairs *pairs, enum figure figure, uint64_t seed,
                   struct bench_difference *difference)
{
    struct bootstrap bounds;
    double b = bound(pairs, figure, seed, &bounds);

    *difference = (struct bench_difference){ .a = b + bounds.mean,
                                             .b = b,
                                             .difference = bounds.mean,
                                             .low = bounds.low,
                                             .high = bounds.high };
    return bounds.low_of_three > 0 || bounds.high_of_three < 0;
}

static size_t fewer(size_t a, size_t b)
{
    return a < b ? a : b;
}

static void compare(struct bench_result *result, unsigned b, uint64_t seed)
{
    const struct bench_side_result *sides = result->sides;
    struct bench_comparison *comparison =
        &result->comparisons[result->ncomparisons++];
    bool p50, p99, throughput;
    struct pairs pairs;

    if (pairs_make(&pairs, fewer(sides[0].nslices, sides[b].nslices)))
        pair_sides(&pairs, &sides[0], &sides[b]);
    p50 = differ(&pairs, FIGURE_P50, seed, &comparison->p50_us);
    p99 = differ(&pairs, FIGURE_P99, seed, &comparison->p99_us);
    throughput =
        differ(&pairs, FIGURE_THROUGHPUT, seed, &comparison->throughput);
    comparison->a = 0;
    comparison->b = b;
    comparison->significant = p50 || p99 || throughput;
    pairs_free(&pairs);
}

/* The farther end of the interval: what a difference must exceed. */
static double farther(const struct bootstrap *bounds)
{
    return bounds->high > -bounds->low ? bounds->high : -bounds->low;
}

static void find_noise(struct bench_result *result, uint64_t seed)
{
    struct bootstrap p50, p99;
    struct pairs pairs;

    if (pairs_make(&pairs, result->sides[0].nslices))
        pair_neighbours(&pairs, &result->sides[0]);
    (void)bound(&pairs, FIGURE_P50, seed, &p50);
    (void)bound(&pairs, FIGURE_P99, seed, &p99);
    result->noise_p50_us = farther(&p50);
    result->noise_p99_us = farther(&p99);
    pairs_free(&pairs);
}

void bench_compare(struct bench_result *result, uint64_t seed)
{
    result->ncomparisons = 0;
    if (result->nsides < 2)
        return;
    for (unsigned b = 1; b < result->nsides; b++)
        compare(result, b, seed + b * UINT64_C(16));
    find_noise(result, seed);
}
