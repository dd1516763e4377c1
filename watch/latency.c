/*
 * latency.c -- samples come, the oldest go; the newest are judged by the rest.
 */
#include "watch/latency.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static int by_size(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

static void sort_into(uint32_t sorted[LATENCY_SAMPLES], const uint32_t *samples,
                      unsigned n)
{
    assert(n > 0 && n <= LATENCY_SAMPLES);
    memcpy(sorted, samples, n * sizeof(sorted[0]));
    qsort(sorted, n, sizeof(sorted[0]), by_size);
}

/* How far the middle half of the samples is spread. */
static uint32_t spread(const uint32_t *samples, unsigned n)
{
    uint32_t sorted[LATENCY_SAMPLES];

    sort_into(sorted, samples, n);
    return sorted[n - 1 - n / 4] - sorted[n / 4];
}

static uint32_t median(const uint32_t *samples, unsigned n)
{
    uint32_t sorted[LATENCY_SAMPLES];

    sort_into(sorted, samples, n);
    return n % 2
               ? sorted[n / 2]
               : (uint32_t)(((uint64_t)sorted[n / 2 - 1] + sorted[n / 2]) / 2);
}

/* Of all pairs of an older and a recent sample, twice how many have the recent
 * one above; ties count as half a pair. */
static unsigned pairs_above(const uint32_t *older, unsigned nolder,
                            const uint32_t *recent)
{
    unsigned above = 0;

    for (unsigned i = 0; i < nolder; i++) {
        for (unsigned k = 0; k < LATENCY_RECENT; k++)
            above += recent[k] > older[i] ? 2 : recent[k] == older[i];
    }
    return above;
}

/* Nearly all pairs the same way: 97 of 100. */
static bool apart(const uint32_t *older, unsigned nolder,
                  const uint32_t *recent)
{
    unsigned all = 2 * nolder * LATENCY_RECENT;
    unsigned above = pairs_above(older, nolder, recent);
    unsigned most = above > all - above ? above : all - above;

    return most * 100 >= all * 97;
}

static bool differ(uint32_t from, uint32_t to)
{
    uint32_t low = from < to ? from : to, high = from < to ? to : from;

    return high - low >= LATENCY_NOISE_US && high - low >= low / 2;
}

/* Back where it was before the last step: a base of a few is enough. */
static bool is_back(const struct latency *latency, uint32_t to)
{
    uint32_t before = latency->before_us;

    return before != 0 && !differ(before, to);
}

bool latency_add(struct latency *latency, uint32_t us,
                 struct latency_step *step)
{
    unsigned nolder;
    const uint32_t *recent;
    uint32_t from, to;

    if (latency->n == LATENCY_SAMPLES) {
        latency->n--;
        memmove(latency->samples, latency->samples + 1,
                latency->n * sizeof(latency->samples[0]));
    }
    latency->samples[latency->n++] = us;
    if (latency->n < 2 * LATENCY_RECENT)
        return false;
    nolder = latency->n - LATENCY_RECENT;
    recent = latency->samples + nolder;
    from = median(latency->samples, nolder);
    to = median(recent, LATENCY_RECENT);
    if (!differ(from, to) ||
        (from < to ? to - from : from - to) <
            spread(latency->samples, nolder) * 2 ||
        !apart(latency->samples, nolder, recent) ||
        (nolder < LATENCY_BASE_LEAST && !is_back(latency, to)))
        return false;
    *step = (struct latency_step){ .from_us = from, .to_us = to };
    latency->before_us = from;
    memmove(latency->samples, recent,
            LATENCY_RECENT * sizeof(latency->samples[0]));
    latency->n = LATENCY_RECENT;
    return true;
}

uint32_t latency_median(const struct latency *latency)
{
    return latency->n ? median(latency->samples, latency->n) : 0;
}
