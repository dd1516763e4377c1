/*
 * merge_series.c -- one tag: its total, the time that was covered, and with
 * keep_seconds what was measured at about the same time.
 *
 *     client 1   |  0  |  1  |  2  |          seconds are counted from the
 *     client 2     |  0  |  1  |  2  |        first interval of all, and the
 *     client 3  |  0  |  1  |  2  |           middle decides: clocks may differ
 *                                             by half of one
 *
 * A second is kept as the record that a log line holds: a few kilobytes.
 */
#include "bench/merge_series.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Pieces of time closer than this have no gap: logs round to milliseconds. */
#define GAP_S 0.002

void *merge_grow(void *things, size_t n, size_t *room, size_t size)
{
    size_t more = *room ? *room * 2 : 16;

    if (n < *room)
        return things;
    things = realloc(things, more * size);
    if (things)
        *room = more;
    return things;
}

void merge_span_add(struct merge_span *span, bool first,
                    const struct merge_span *more)
{
    if (first || more->start_s < span->start_s)
        span->start_s = more->start_s;
    if (first || more->end_s > span->end_s)
        span->end_s = more->end_s;
}

/* Intervals of one client follow each other: they are mostly one piece. */
bool merge_series_cover(struct merge_series *series,
                        const struct merge_span *span)
{
    struct merge_span *last = NULL, *pieces;

    if (series->ncovered > 0)
        last = &series->covered[series->ncovered - 1];
    if (last && span->start_s >= last->start_s &&
        span->start_s <= last->end_s + GAP_S) {
        merge_span_add(last, false, span);
        return true;
    }
    pieces = merge_grow(series->covered, series->ncovered,
                        &series->covered_room, sizeof(*pieces));
    if (!pieces)
        return false;
    series->covered = pieces;
    pieces[series->ncovered++] = *span;
    return true;
}

struct merge_series *merge_series_new(const char *tag)
{
    struct merge_series *series = calloc(1, sizeof(*series));

    assert(strlen(tag) <= HLOG_TAG_MAX);
    if (!series)
        return NULL;
    series->total = calloc(1, sizeof(*series->total));
    if (!series->total) {
        free(series);
        return NULL;
    }
    memcpy(series->tag, tag, strlen(tag) + 1);
    return series;
}

void merge_series_free(struct merge_series *series)
{
    for (size_t i = 0; i < series->nseconds; i++)
        free(series->seconds[i].record);
    free(series->seconds);
    free(series->covered);
    free(series->total);
    free(series);
}

/* The second of that number, or where it would stand. */
static size_t second_place(const struct merge_series *series, int64_t number)
{
    size_t low = 0, high = series->nseconds;

    if (high > 0 && series->seconds[high - 1].number < number)
        return high; /* logs are in order */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (series->seconds[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct merge_second *second_new(struct merge_series *series, size_t at,
                                       int64_t number,
                                       const struct merge_span *span)
{
    struct merge_second *seconds =
        merge_grow(series->seconds, series->nseconds, &series->seconds_room,
                   sizeof(*seconds));

    if (!seconds)
        return NULL;
    series->seconds = seconds;
    memmove(seconds + at + 1, seconds + at,
            (series->nseconds - at) * sizeof(*seconds));
    series->nseconds++;
    seconds[at] = (struct merge_second){ .number = number, .span = *span };
    return &seconds[at];
}

void merge_second_read(const struct merge_second *second,
                       struct histogram *histogram)
{
    char why[160];
    bool fine = hlog_record_read(second->record, second->length, histogram, why,
                                 sizeof(why));

    assert(fine);
    (void)fine;
}

static bool second_write(struct merge_second *second,
                         struct merge_scratch *scratch)
{
    size_t n = hlog_record_write(&scratch->histogram, scratch->record);
    uint8_t *record = realloc(second->record, n);

    if (!record)
        return false;
    memcpy(record, scratch->record, n);
    second->record = record;
    second->length = n;
    return true;
}

bool merge_series_keep(struct merge_series *series, int64_t number,
                       const struct merge_span *span,
                       const struct histogram *histogram,
                       struct merge_scratch *scratch)
{
    size_t at = second_place(series, number);
    struct merge_second *second = NULL;

    if (at < series->nseconds && series->seconds[at].number == number)
        second = &series->seconds[at];
    histogram_reset(&scratch->histogram);
    if (second) {
        merge_second_read(second, &scratch->histogram);
        merge_span_add(&second->span, false, span);
    } else {
        second = second_new(series, at, number, span);
    }
    if (!second)
        return false;
    second->length_s +=
        (span->end_s - span->start_s - second->length_s) / ++second->intervals;
    histogram_merge(&scratch->histogram, histogram);
    return second_write(second, scratch);
}

static int by_start(const void *a, const void *b)
{
    const struct merge_span *one = a, *other = b;

    return (one->start_s > other->start_s) - (one->start_s < other->start_s);
}

void merge_series_finish(struct merge_series *series)
{
    double end_s = 0;

    if (series->ncovered > 1)
        qsort(series->covered, series->ncovered, sizeof(series->covered[0]),
              by_start);
    series->covered_s = 0;
    for (size_t i = 0; i < series->ncovered; i++) {
        const struct merge_span *piece = &series->covered[i];
        double start_s = piece->start_s > end_s ? piece->start_s : end_s;

        if (piece->end_s <= start_s)
            continue;
        series->covered_s += piece->end_s - start_s;
        end_s = piece->end_s;
    }
}
