/*
 * histogram.h -- latencies in HdrHistogram's layout: record, merge, quantiles.
 *
 * Values are nanoseconds from 1 to one hour, kept to 3 significant digits: a
 * power of two is cut into 1024 slots of equal width, so a value is known to
 * one part in a thousand, whatever its size.  The layout is that of the
 * HdrHistogram libraries (lowest 1, highest 3,600,000,000,000, digits 3), so
 * logs can be exchanged with them and merged without loss.
 *
 *     [1 2 3 ... 2047][2048 2050 ... 4094][4096 4100 ...] ...   33,792 slots
 *
 * Slot 0 is the value 0, which only logs of other programs have, and the slots
 * over the highest value reach to 2^42 - 1.
 *
 * A count is kept in two halves, apart from each other: the upper ones are 0
 * until a slot counts four thousand million, so they take no memory before.
 *
 * A plain value without pointers; zeroed is empty.  One thread writes it.
 */
#ifndef BENCH_HISTOGRAM_H
#define BENCH_HISTOGRAM_H

#include <stdbool.h>
#include <stdint.h>

#define HISTOGRAM_HIGHEST UINT64_C(3600000000000)

enum {
    HISTOGRAM_LOWEST = 1,
    HISTOGRAM_DIGITS = 3,
    HISTOGRAM_SUB_BITS = 11, /* 2048 slots in the first two powers */
    HISTOGRAM_SLOTS = 33792,
};

struct histogram {
    uint64_t count;       /* of all values */
    uint64_t clamped;     /* values over the highest, counted as it */
    uint64_t min, max;    /* as recorded; undefined when empty */
    uint32_t first, last; /* the slots in use are among these */
    bool carried;         /* some upper half is not 0 */
    uint32_t low[HISTOGRAM_SLOTS];
    uint32_t high[HISTOGRAM_SLOTS];
};

/* The slot of `value` (1 to the highest). */
static inline uint32_t histogram_slot(uint64_t value)
{
    const uint64_t half = UINT64_C(1) << (HISTOGRAM_SUB_BITS - 1);
    uint32_t leading = (uint32_t)__builtin_clzll(value | (2 * half - 1));
    uint32_t power = 64 - HISTOGRAM_SUB_BITS - leading;

    return (uint32_t)(power * half + (value >> power));
}

/* The bounds of a slot. */
uint64_t histogram_slot_lowest(uint32_t slot);
uint64_t histogram_slot_highest(uint32_t slot);

/* How many values of `slot` there are. */
static inline uint64_t histogram_slot_count(const struct histogram *h,
                                            uint32_t slot)
{
    uint64_t upper = h->carried ? h->high[slot] : 0;

    return upper << 32 | h->low[slot];
}

/* The rare part of histogram_slot_add(): `upper` is for the upper half. */
void histogram_carry(struct histogram *h, uint32_t slot, uint64_t upper);

/* Count `times` more in `slot`, and there only. */
static inline void histogram_slot_add(struct histogram *h, uint32_t slot,
                                      uint64_t times)
{
    uint64_t sum = h->low[slot] + times;

    h->low[slot] = (uint32_t)sum;
    if (__builtin_expect(sum >> 32 != 0, 0))
        histogram_carry(h, slot, sum >> 32);
}

/* The rare parts of histogram_record(): a value that is out of range, one that
 * is less or more than all before. */
uint64_t histogram_clamp(struct histogram *h, uint64_t value, uint64_t times);
void histogram_widen(struct histogram *h, uint64_t value);

/* Record `value` `times` times (at least once); 0 counts as 1, and what is
 * over the highest as that. */
static inline void histogram_record(struct histogram *h, uint64_t value,
                                    uint64_t times)
{
    if (__builtin_expect(value - 1 >= HISTOGRAM_HIGHEST, 0))
        value = histogram_clamp(h, value, times);
    /* One comparison for both ends; empty is min = max = 0. */
    if (__builtin_expect(value - h->min > h->max - h->min, 0))
        histogram_widen(h, value);
    h->count += times;
    histogram_slot_add(h, histogram_slot(value), times);
}

/* Add all of `from`. */
void histogram_merge(struct histogram *h, const struct histogram *from);

/* Empty it, touching only what was used. */
void histogram_reset(struct histogram *h);

/* Empty it and leave its memory to others until it is counted in again.
 * Requires: it is on the heap. */
void histogram_rest(struct histogram *h);

/* The value at `percentile` (0 to 100): the highest one of its slot, as the
 * libraries have it; 0 when empty. */
uint64_t histogram_at(const struct histogram *h, double percentile);

/* The largest and the smallest value as the libraries print them; 0 when
 * empty. */
uint64_t histogram_max(const struct histogram *h);
uint64_t histogram_min(const struct histogram *h);

/* From the middles of the slots; 0 when empty. */
double histogram_mean(const struct histogram *h);
double histogram_deviation(const struct histogram *h);

#endif /* BENCH_HISTOGRAM_H */
