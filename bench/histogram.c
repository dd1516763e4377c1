/*
 * histogram.c -- slots are counted up as values come, and walked when somebody
 * asks.
 *
 * Only the slots from `first` to `last` are ever read: the pages of the others
 * stay untouched, so an empty histogram of a quarter of a megabyte costs
 * nothing, and one of loopback latencies a page for each power of two.
 *
 *     value  = s << power        s is 11 bits: 1024 to 2047, below 2048 itself
 *     slot   = power * 1024 + s
 */
#include "bench/histogram.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { HALF = 1 << (HISTOGRAM_SUB_BITS - 1) };

/* How often the value of `slot` was doubled. */
static uint32_t slot_power(uint32_t slot)
{
    assert(slot < HISTOGRAM_SLOTS);
    return slot < HALF ? 0 : slot / HALF - 1;
}

uint64_t histogram_slot_lowest(uint32_t slot)
{
    uint32_t power = slot_power(slot);

    return (uint64_t)(slot - power * HALF) << power;
}

uint64_t histogram_slot_highest(uint32_t slot)
{
    return histogram_slot_lowest(slot) +
           ((UINT64_C(1) << slot_power(slot)) - 1);
}

/* What the libraries take a value of the slot for in sums. */
static double slot_middle(uint32_t slot)
{
    return (double)(histogram_slot_lowest(slot) +
                    ((UINT64_C(1) << slot_power(slot)) >> 1));
}

uint64_t histogram_clamp(struct histogram *h, uint64_t value, uint64_t times)
{
    if (value < HISTOGRAM_LOWEST)
        return HISTOGRAM_LOWEST;
    h->clamped += times;
    return HISTOGRAM_HIGHEST;
}

void histogram_carry(struct histogram *h, uint32_t slot, uint64_t upper)
{
    h->high[slot] += (uint32_t)upper;
    h->carried = true;
}

void histogram_widen(struct histogram *h, uint64_t value)
{
    if (h->count == 0 || value < h->min) {
        h->min = value;
        h->first = histogram_slot(value);
    }
    if (h->count == 0 || value > h->max) {
        h->max = value;
        h->last = histogram_slot(value);
    }
}

void histogram_merge(struct histogram *h, const struct histogram *from)
{
    if (from->count == 0)
        return;
    if (h->count == 0 || from->min < h->min)
        h->min = from->min;
    if (h->count == 0 || from->max > h->max)
        h->max = from->max;
    if (h->count == 0 || from->first < h->first)
        h->first = from->first;
    if (h->count == 0 || from->last > h->last)
        h->last = from->last;
    h->count += from->count;
    h->clamped += from->clamped;
    for (uint32_t slot = from->first; slot <= from->last; slot++)
        if (from->low[slot] > 0 || from->carried)
            histogram_slot_add(h, slot, histogram_slot_count(from, slot));
}

void histogram_reset(struct histogram *h)
{
    size_t used = (h->last - h->first + 1) * sizeof(h->low[0]);

    memset(h->low + h->first, 0, used);
    if (h->carried)
        memset(h->high + h->first, 0, used);
    memset(h, 0, offsetof(struct histogram, low));
}

void histogram_rest(struct histogram *h)
{
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    size_t before = (size_t)(-(uintptr_t)h->low % page);
    size_t whole = (sizeof(h->low) - before) / page * page;

    histogram_reset(h);
    /* A page that was given back reads as zeros, as these do anyway. */
    if (before < sizeof(h->low))
        (void)madvise((char *)h->low + before, whole, MADV_DONTNEED);
}

/*
 * Which one of the values, sorted, is meant: 1 to count.  Rounded up, so that
 * so many of the values are not above; a percentile one bit smaller makes good
 * what the product may be too large by (as AbstractHistogram.java).
 */
static uint64_t rank_at(const struct histogram *h, double percentile)
{
    uint64_t bits, rank;
    double exact;

    if (!(percentile > 0))
        return 1;
    if (percentile >= 100)
        return h->count;
    memcpy(&bits, &percentile, sizeof(bits));
    bits--;
    memcpy(&percentile, &bits, sizeof(bits));
    exact = percentile * (double)h->count / 100;
    rank = (uint64_t)exact;
    return rank + ((double)rank < exact);
}

uint64_t histogram_at(const struct histogram *h, double percentile)
{
    uint64_t left = rank_at(h, percentile);
    uint32_t slot = h->first;

    if (h->count == 0)
        return 0;
    for (; slot < h->last && histogram_slot_count(h, slot) < left; slot++)
        left -= histogram_slot_count(h, slot);
    return percentile > 0 ? histogram_slot_highest(slot)
                          : histogram_slot_lowest(slot);
}

uint64_t histogram_max(const struct histogram *h)
{
    return h->count > 0 ? histogram_slot_highest(histogram_slot(h->max)) : 0;
}

uint64_t histogram_min(const struct histogram *h)
{
    return h->count > 0 ? histogram_slot_lowest(histogram_slot(h->min)) : 0;
}

double histogram_mean(const struct histogram *h)
{
    double sum = 0;

    if (h->count == 0)
        return 0;
    for (uint32_t slot = h->first; slot <= h->last; slot++)
        sum += (double)histogram_slot_count(h, slot) * slot_middle(slot);
    return sum / (double)h->count;
}

/* Newton's iteration from above, where it only falls; libm would be one more
 * library to load. */
static double square_root(double x)
{
    double root = x > 1 ? x : 1, next = (root + x / root) / 2;

    if (!(x > 0))
        return 0;
    while (next < root) {
        root = next;
        next = (root + x / root) / 2;
    }
    return root;
}

double histogram_deviation(const struct histogram *h)
{
    double mean = histogram_mean(h), sum = 0, away;

    if (h->count == 0)
        return 0;
    for (uint32_t slot = h->first; slot <= h->last; slot++) {
        away = slot_middle(slot) - mean;
        sum += (double)histogram_slot_count(h, slot) * (away * away);
    }
    return square_root(sum / (double)h->count);
}
