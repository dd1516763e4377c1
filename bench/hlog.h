/*
 * hlog.h -- HdrHistogram's log and percentile files, written and read.
 *
 * The log format version 1.3 with V2 compressed histograms, as the standard
 * processors read it: one line an interval, start, length and max, base64 of a
 * zlib stream; a tag before the line for every series but the first.  Values
 * are nanoseconds, printed as milliseconds by the processors' default ratio.
 */
#ifndef BENCH_HLOG_H
#define BENCH_HLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "bench/histogram.h"

/* The comments and the header line; `start_ms` since the epoch. */
bool hlog_begin(FILE *file, int64_t start_ms);

/* One interval: `tag` NULL for the series that has none. */
bool hlog_line(FILE *file, const char *tag, double start_s, double length_s,
               const struct histogram *histogram);

/* One line that was read; lent for the call. */
struct hlog_entry {
    const char *tag; /* NULL: none */
    double start_s, length_s;
    const struct histogram *histogram;
};
typedef bool (*hlog_entry_cb)(void *data, const struct hlog_entry *entry);

/* Read `file` (named `name` in errors); stops when `cb` returns false.  On
 * false one line in `error` with the number of the line.  Memory is bounded
 * whatever the file holds. */
bool hlog_read(FILE *file, const char *name, hlog_entry_cb cb, void *data,
               char *error, size_t size);

/* The percentile file (.hgrm), in milliseconds. */
bool hgrm_write(FILE *file, const struct histogram *histogram);

#endif /* BENCH_HLOG_H */
