/*
 * zipf.c -- buckets with the sum of all weights up to their end; a draw finds
 * its bucket by halving.
 */
#include "bench/zipf.h"

#include <assert.h>
#include <stdlib.h>

enum {
    SUB_BITS = 6, /* 64 buckets a power of two */
    BUCKETS_MAX = (64 - SUB_BITS + 1) << SUB_BITS,
};

struct bucket {
    uint64_t first, width; /* of ranks that begin with 1 */
    double upto;           /* the weights of all ranks up to its last one */
};

struct zipf {
    size_t nbuckets;
    struct bucket buckets[]; /* in the order of ranks */
};

/* How many ranks are in one bucket with `rank`. */
static uint64_t width_at(uint64_t rank)
{
    unsigned power = 63 - (unsigned)__builtin_clzll(rank);

    return power <= SUB_BITS ? 1 : UINT64_C(1) << (power - SUB_BITS);
}

/* The sum of 1 / k over a bucket, by its middle. */
static double weight_of(const struct bucket *bucket)
{
    double width = (double)bucket->width;

    return width / ((double)bucket->first + (width - 1) / 2);
}

struct zipf *zipf_new(uint64_t n)
{
    struct zipf *zipf =
        malloc(sizeof(*zipf) + BUCKETS_MAX * sizeof(zipf->buckets[0]));
    struct bucket *bucket;
    uint64_t width;
    double upto = 0;

    assert(n >= 1);
    if (!zipf)
        return NULL;
    zipf->nbuckets = 0;
    for (uint64_t rank = 1; rank <= n; rank += width) {
        width = width_at(rank);
        if (width > n - rank + 1)
            width = n - rank + 1;
        bucket = &zipf->buckets[zipf->nbuckets++];
        *bucket = (struct bucket){ .first = rank, .width = width };
        upto += weight_of(bucket);
        bucket->upto = upto;
    }
    return zipf;
}

void zipf_free(struct zipf *zipf)
{
    free(zipf);
}

uint64_t zipf_rank(const struct zipf *zipf, uint64_t first, uint64_t second)
{
    const struct bucket *buckets = zipf->buckets;
    size_t low = 0, high = zipf->nbuckets - 1, middle;
    double drawn =
        (double)(first >> 11) * 0x1p-53 * buckets[zipf->nbuckets - 1].upto;

    while (low < high) {
        middle = (low + high) / 2;
        if (buckets[middle].upto > drawn)
            high = middle;
        else
            low = middle + 1;
    }
    return buckets[low].first - 1 + second % buckets[low].width;
}
