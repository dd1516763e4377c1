/*
 * heat.c -- seconds go into columns; when there is no room for one more, each
 * two columns become one.
 */
#include "bench/heat.h"

#include <stddef.h>

unsigned heat_bucket(uint64_t ns)
{
    const uint64_t least = UINT64_C(1) << HEAT_BUCKET_BITS;
    unsigned power, bucket;

    if (ns < least)
        ns = least;
    power = 63 - (unsigned)__builtin_clzll(ns);
    bucket = (power << HEAT_BUCKET_BITS) +
             (unsigned)(ns >> (power - HEAT_BUCKET_BITS) & (least - 1));
    return bucket < HEAT_BUCKETS ? bucket : HEAT_BUCKETS - 1;
}

static void add_column(struct heat_column *to, const struct heat_column *from)
{
    to->at_s = from->at_s;
    to->length_s += from->length_s;
    to->seconds += from->seconds;
    for (unsigned i = 0; i < HEAT_BUCKETS; i++)
        to->counts[i] += from->counts[i];
}

static void halve(struct heat *heat)
{
    for (size_t i = 0; i < HEAT_COLUMNS / 2; i++) {
        heat->columns[i] = heat->columns[2 * i];
        add_column(&heat->columns[i], &heat->columns[2 * i + 1]);
    }
    heat->ncolumns = HEAT_COLUMNS / 2;
    heat->each *= 2;
}

/* The column that the next second goes to. */
static struct heat_column *next_column(struct heat *heat)
{
    struct heat_column *last;

    if (heat->ncolumns == 0)
        heat->each = 1;
    else if (heat->columns[heat->ncolumns - 1].seconds < heat->each)
        return &heat->columns[heat->ncolumns - 1];
    if (heat->ncolumns == HEAT_COLUMNS)
        halve(heat);
    last = &heat->columns[heat->ncolumns++];
    *last = (struct heat_column){ .seconds = 0 };
    return last;
}

void heat_add(struct heat *heat, double at_s, double length_s,
              const struct histogram *latencies)
{
    struct heat_column *column = next_column(heat);

    column->at_s = at_s;
    column->length_s += length_s;
    column->seconds++;
    for (uint32_t slot = latencies->first;
         latencies->count > 0 && slot <= latencies->last; slot++) {
        uint64_t count = histogram_slot_count(latencies, slot);

        if (count > 0)
            column->counts[heat_bucket(histogram_slot_lowest(slot))] += count;
    }
}
