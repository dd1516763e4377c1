/*
 * hgrm.c -- the percentile file: rows that come closer to each other as they
 * come closer to 100 %.
 *
 *            Value     Percentile TotalCount 1/(1-Percentile)
 *
 *            0.000 0.000000000000          1           1.00
 *            1.235 0.100000000000       1010           1.11
 *     ...
 *          500.171 1.000000000000       1310
 *     #[Mean    =      115.455, StdDeviation   =      209.600]
 *
 * The steps are those of PercentileIterator.java, in the same doubles, so the
 * file is that of the standard processor.
 */
#include <inttypes.h>

#include "bench/hlog.h"

enum {
    STEPS = 5,    /* in each half of the way that is left */
    BUCKETS = 32, /* powers of two, as the processors count them */
    SUB_BUCKETS = 1 << HISTOGRAM_SUB_BITS,
};

/* 12 columns and three decimals, without the locale. */
static bool put_value(FILE *file, double ns)
{
    uint64_t us = (uint64_t)(ns / 1000 + 0.5);

    return fprintf(file, "%8" PRIu64 ".%03u", us / 1000,
                   (unsigned)(us % 1000)) > 0;
}

/* A row at `level` per cent; the last one has no fourth column. */
static bool put_row(FILE *file, uint64_t ns, double level, uint64_t count)
{
    double part = level / 100;
    uint64_t decimals = (uint64_t)(part * 1e12 + 0.5), hundredths;

    if (!put_value(file, (double)ns) ||
        fprintf(file, " %" PRIu64 ".%012" PRIu64 " %10" PRIu64,
                decimals / 1000000000000, decimals % 1000000000000, count) < 0)
        return false;
    if (part >= 1)
        return fputc('\n', file) != EOF;
    hundredths = (uint64_t)(1 / (1 - part) * 100 + 0.5);
    return fprintf(file, " %11" PRIu64 ".%02u\n", hundredths / 100,
                   (unsigned)(hundredths % 100)) > 0;
}

static double next_level(double level)
{
    double steps = 2 * STEPS, rest = 100 / (100 - level);

    while (rest >= 2) {
        rest /= 2;
        steps *= 2;
    }
    /* A step can be too small to be one. */
    return level + 100 / steps > level ? level + 100 / steps : 100;
}

static bool put_rows(FILE *file, const struct histogram *h)
{
    uint64_t sum = 0, before = 0;
    double level = 0;

    for (uint32_t slot = h->first; slot <= h->last; slot++) {
        before = sum;
        sum += histogram_slot_count(h, slot);
        if (sum == before)
            continue;
        /* The last value has one row of its own level at most. */
        while (level < 100 && 100.0 * (double)sum / (double)h->count >= level) {
            if (!put_row(file, histogram_slot_highest(slot), level, sum))
                return false;
            level = next_level(level);
            if (sum == h->count)
                break;
        }
    }
    return h->count == 0 || put_row(file, histogram_max(h), 100, sum);
}

static bool put_footer(FILE *file, const struct histogram *h)
{
    return fputs("#[Mean    = ", file) != EOF &&
           put_value(file, histogram_mean(h)) &&
           fputs(", StdDeviation   = ", file) != EOF &&
           put_value(file, histogram_deviation(h)) &&
           fputs("]\n#[Max     = ", file) != EOF &&
           put_value(file, (double)histogram_max(h)) &&
           fprintf(file,
                   ", Total count    = %12" PRIu64 "]\n"
                   "#[Buckets = %12d, SubBuckets     = %12d]\n",
                   h->count, BUCKETS, SUB_BUCKETS) > 0;
}

bool hgrm_write(FILE *file, const struct histogram *histogram)
{
    return fprintf(file, "%12s %14s %10s %14s\n\n", "Value", "Percentile",
                   "TotalCount", "1/(1-Percentile)") > 0 &&
           put_rows(file, histogram) && put_footer(file, histogram) &&
           fflush(file) == 0;
}
