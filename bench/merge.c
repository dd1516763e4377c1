/*
 * merge.c -- log by log and interval by interval, each is added to the total of
 * its tag.
 */
#include "bench/merge.h"

#include <stdlib.h>
#include <string.h>

#include "bench/merge_series.h"

/* While logs are read. */
struct merge_work {
    bool begun;      /* an interval was seen */
    double origin_s; /* the start of the first one */

    /* of the log at work */
    struct merge_log *log;
    bool failed;
    char *error;
    size_t size;

    struct merge_scratch scratch;
};

static bool fail(struct merge_work *work, const char *what)
{
    work->failed = true;
    (void)snprintf(work->error, work->size, "%s: %s", work->log->name, what);
    return false;
}

/* Where `tag` stands, or would stand, among the series. */
static size_t series_place(const struct merge *merge, const char *tag)
{
    size_t i = 0;

    while (i < merge->nseries && strcmp(merge->series[i]->tag, tag) < 0)
        i++;
    return i;
}

const struct merge_series *merge_find(const struct merge *merge,
                                      const char *tag)
{
    size_t i = series_place(merge, tag ? tag : "");

    return i < merge->nseries &&
                   strcmp(merge->series[i]->tag, tag ? tag : "") == 0
               ? merge->series[i]
               : NULL;
}

/* The series of `tag`, made when it is new; NULL: told why not. */
static struct merge_series *series_of(struct merge *merge, const char *tag)
{
    size_t i = series_place(merge, tag);
    struct merge_series *series;

    if (i < merge->nseries && strcmp(merge->series[i]->tag, tag) == 0)
        return merge->series[i];
    if (merge->nseries == MERGE_TAGS_MAX) {
        (void)fail(merge->work, "there are more than 64 tags");
        return NULL;
    }
    series = merge_series_new(tag);
    if (!series) {
        (void)fail(merge->work, "out of memory");
        return NULL;
    }
    for (size_t last = merge->nseries++; last > i; last--)
        merge->series[last] = merge->series[last - 1];
    return merge->series[i] = series;
}

static int64_t second_number(struct merge_work *work,
                             const struct merge_span *span)
{
    double middle_s;

    if (!work->begun)
        work->origin_s = span->start_s;
    work->begun = true;
    middle_s = (span->start_s + span->end_s) / 2 - work->origin_s;
    return (int64_t)middle_s - (middle_s < 0);
}

static bool add_entry(struct merge *merge, struct merge_series *series,
                      const struct hlog_entry *entry)
{
    const struct merge_span span = { entry->start_s,
                                     entry->start_s + entry->length_s };
    struct merge_work *work = merge->work;

    if (series->total->count + entry->histogram->count > INT64_MAX)
        return fail(work, "there are more than 2^63 values");
    histogram_merge(series->total, entry->histogram);
    merge_span_add(&series->span, series->intervals++ == 0, &span);
    merge_span_add(&work->log->span, work->log->intervals++ == 0, &span);
    if (!merge_series_cover(series, &span) ||
        (merge->keep_seconds &&
         !merge_series_keep(series, second_number(work, &span), &span,
                            entry->histogram, &work->scratch)))
        return fail(work, "out of memory");
    return true;
}

static bool on_entry(void *data, const struct hlog_entry *entry)
{
    struct merge *merge = data;
    struct merge_series *series =
        series_of(merge, entry->tag ? entry->tag : "");

    return series && add_entry(merge, series, entry);
}

/* The log that is read next; NULL: no memory. */
static struct merge_log *log_new(struct merge *merge, const char *name)
{
    struct merge_log *logs =
        merge_grow(merge->logs, merge->nlogs, &merge->logs_room, sizeof(*logs));

    if (!logs)
        return NULL;
    merge->logs = logs;
    logs[merge->nlogs] = (struct merge_log){ .name = strdup(name) };
    return logs[merge->nlogs].name ? &logs[merge->nlogs++] : NULL;
}

bool merge_add(struct merge *merge, FILE *file, const char *name, char *error,
               size_t size)
{
    struct merge_work *work = merge->work;

    if (!work)
        work = merge->work = calloc(1, sizeof(*work));
    if (!work || !(work->log = log_new(merge, name))) {
        (void)snprintf(error, size, "%s: out of memory", name);
        return false;
    }
    work->error = error;
    work->size = size;
    if (!hlog_read(file, name, on_entry, merge, error, size) || work->failed)
        return false;
    work->log->cut = error[0] != '\0';
    return true;
}

static void overlap(struct merge *merge)
{
    struct merge_span *both = &merge->overlap;
    bool first = true;

    for (size_t i = 0; i < merge->nlogs; i++) {
        const struct merge_span *span = &merge->logs[i].span;

        if (merge->logs[i].intervals == 0)
            continue;
        merge_span_add(&merge->span, first, span);
        if (first || span->start_s > both->start_s)
            both->start_s = span->start_s;
        if (first || span->end_s < both->end_s)
            both->end_s = span->end_s;
        first = false;
    }
}

void merge_finish(struct merge *merge)
{
    overlap(merge);
    for (size_t i = 0; i < merge->nseries; i++)
        merge_series_finish(merge->series[i]);
}

/* The series whose next second is the earliest; nseries: all are written. */
static size_t next_of(const struct merge *merge, const size_t *done)
{
    size_t next = merge->nseries;
    double start_s = 0;

    for (size_t i = 0; i < merge->nseries; i++) {
        const struct merge_series *series = merge->series[i];

        if (done[i] == series->nseconds ||
            (next < merge->nseries &&
             series->seconds[done[i]].span.start_s >= start_s))
            continue;
        next = i;
        start_s = series->seconds[done[i]].span.start_s;
    }
    return next;
}

static bool write_second(FILE *file, const struct merge_series *series,
                         const struct merge_second *second,
                         struct histogram *histogram)
{
    const struct merge_span *span = &second->span;

    merge_second_read(second, histogram);
    return hlog_line(file, series->tag[0] != '\0' ? series->tag : NULL,
                     span->start_s, span->end_s - span->start_s, histogram);
}

bool merge_write(const struct merge *merge, FILE *file)
{
    struct histogram *histogram = calloc(1, sizeof(*histogram));
    size_t done[MERGE_TAGS_MAX] = { 0 }, i = 0;
    bool written =
        histogram && hlog_begin(file, (int64_t)(merge->span.start_s * 1000));

    while (written && (i = next_of(merge, done)) < merge->nseries)
        written =
            write_second(file, merge->series[i],
                         &merge->series[i]->seconds[done[i]++], histogram);
    free(histogram);
    return written;
}

void merge_free(struct merge *merge)
{
    for (size_t i = 0; i < merge->nseries; i++)
        merge_series_free(merge->series[i]);
    for (size_t i = 0; i < merge->nlogs; i++)
        free(merge->logs[i].name);
    free(merge->logs);
    free(merge->work);
    *merge = (struct merge){ 0 };
}
