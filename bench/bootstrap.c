/*
 * bootstrap.c -- the percentile interval of the mean, widened for few values.
 *
 *     values > blocks > 4000 resamples > sorted means > bounds > widened
 *
 * Long runs are cut into blocks of neighbours, so that drift within a block
 * counts once.  The plain percentile interval of n values is too narrow by
 * sqrt((n - 1) / n), and by what the normal law lacks to Student's; both are
 * put back (Hesterberg 2015, "expanded percentile interval").
 */
#include "bench/bootstrap.h"

#include <math.h>
#include <stdlib.h>

enum {
    RESAMPLES = 4000,
    BLOCKS_MAX = 400,
};

/* Normal quantiles: of 95 %, and of 98.33 %. */
static const double z_one = 1.959964, z_three = 2.393980;

/* splitmix64 (Steele, Lea, Flood 2014). */
static uint64_t draw(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* One of 0 to n - 1; n is small, so the bias is below 2^-32. */
static size_t draw_below(uint64_t *state, size_t n)
{
    return (size_t)(((draw(state) >> 32) * (uint64_t)n) >> 32);
}

static double mean_of(const double *values, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += values[i];
    return n > 0 ? sum / (double)n : 0;
}

/* Means of neighbours, at most BLOCKS_MAX of them; returns how many. */
static size_t make_blocks(const double *values, size_t n,
                          double blocks[BLOCKS_MAX])
{
    size_t nblocks = n < BLOCKS_MAX ? n : BLOCKS_MAX;

    for (size_t i = 0; i < nblocks; i++) {
        size_t from = i * n / nblocks, to = (i + 1) * n / nblocks;

        blocks[i] = mean_of(values + from, to - from);
    }
    return nblocks;
}

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return (a > b) - (a < b);
}

/* By Newton; libm is no library of ours. */
static double square_root(double x)
{
    double root = 1;

    for (int i = 0; i < 32; i++)
        root = (root + x / root) / 2;
    return root;
}

/*
 * How much wider the interval of n values is to be: Student's quantile over the
 * normal one (Cornish and Fisher's series; Abramowitz and Stegun 26.7.5), times
 * sqrt(n / (n - 1)).
 */
static double widening(size_t n, double z)
{
    double v = (double)(n - 1), z2 = z * z;
    double t =
        z *
        (1 + (z2 + 1) / (4 * v) + (5 * z2 * z2 + 16 * z2 + 3) / (96 * v * v) +
         (3 * z2 * z2 * z2 + 19 * z2 * z2 + 17 * z2 - 15) / (384 * v * v * v));

    return t / z * square_root((double)n / v);
}

/* The bounds that leave `outside` of the means on each end. */
static void read_bounds(const double *means, double mean, double outside,
                        double wider, double *low, double *high)
{
    size_t at = (size_t)(outside * RESAMPLES);

    *low = mean - wider * (mean - means[at]);
    *high = mean + wider * (means[RESAMPLES - 1 - at] - mean);
}

bool bootstrap_mean(const double *values, size_t n, uint64_t seed,
                    struct bootstrap *result)
{
    double blocks[BLOCKS_MAX], *means = NULL;
    size_t nblocks = make_blocks(values, n, blocks);
    double mean = mean_of(values, n);

    *result =
        (struct bootstrap){ mean, -INFINITY, INFINITY, -INFINITY, INFINITY };
    if (nblocks >= BOOTSTRAP_LEAST)
        means = malloc(RESAMPLES * sizeof(*means));
    if (!means)
        return false;
    for (size_t i = 0; i < RESAMPLES; i++) {
        double sum = 0;

        for (size_t j = 0; j < nblocks; j++)
            sum += blocks[draw_below(&seed, nblocks)];
        means[i] = sum / (double)nblocks;
    }
    qsort(means, RESAMPLES, sizeof(*means), compare);
    read_bounds(means, mean, 0.025, widening(nblocks, z_one), &result->low,
                &result->high);
    read_bounds(means, mean, 0.025 / 3, widening(nblocks, z_three),
                &result->low_of_three, &result->high_of_three);
    free(means);
    return true;
}
