/*
 * hlog.h -- HdrHistogram's log and percentile files, written and read.
 *
 * The log format version 1.3 with V2 compressed histograms, as the standard
 * processors read it: one line an interval, start, length and max, base64 of a
 * zlib stream; a tag before the line for every series but the first.  Values
 * are nanoseconds, printed as milliseconds by the processors' default ratio.
 *
 * Files are the caller's, opened and closed by it.
 */
#ifndef BENCH_HLOG_H
#define BENCH_HLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "bench/histogram.h"

enum {
    HLOG_TAG_MAX = 64, /* bytes of a tag */
};

/* The comments and the header line; `start_ms` since the epoch. */
bool hlog_begin(FILE *file, int64_t start_ms);

/*
 * One interval: `tag` NULL for the series that has none; `start_s` since the
 * epoch.  It is flushed, so who is killed loses no more than the line at work.
 * false: it could not be written, or there was no memory.
 */
bool hlog_line(FILE *file, const char *tag, double start_s, double length_s,
               const struct histogram *histogram);

/* A line that readers pass over: "#[TEXT]"; of TEXT no line ends come. */
bool hlog_comment(FILE *file, const char *text);

/* Can the `n` bytes of `tag` be one?  No comma, no blank, not too long. */
bool hlog_tag_is_fine(const char *tag, size_t n);

/* One line that was read; lent for the call. */
struct hlog_entry {
    const char *tag;          /* NULL: none */
    double start_s, length_s; /* the start since the epoch */
    const struct histogram *histogram;
};

/* false: read no further. */
typedef bool (*hlog_entry_cb)(void *data, const struct hlog_entry *entry);

/*
 * Read `file` (named `name` in errors); stops when `cb` returns false.  On
 * false one line in `error` with the number of the line.  On true `error` is
 * empty, or one line of warning: the last line was cut off, as of a program
 * that was killed, and is not counted.  Memory is bounded whatever the file
 * holds.
 */
bool hlog_read(FILE *file, const char *name, hlog_entry_cb cb, void *data,
               char *error, size_t size);

/* The percentile file (.hgrm), in milliseconds: as the processors print it
 * with 5 steps in each half of the way to 100 %. */
bool hgrm_write(FILE *file, const struct histogram *histogram);

#endif /* BENCH_HLOG_H */
