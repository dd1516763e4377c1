/*
 * merge_report.c -- a line a series, as a table, an object or a row.
 *
 * A rate is by the time in which at least one client was at work.
 */
#include "commands/bench/merge_report.h"

#include <string.h>

#include "cli/json.h"
#include "report/bench_words.h"
#include "report/format.h"

#define SCHEMA "linkprobe.merge/1"

unsigned merge_main_series(const struct merge *merge,
                           const struct merge_series *main[BENCH_SIDES_MAX])
{
    char tag[2] = "a";
    unsigned n = 0;

    main[0] = merge_find(merge, NULL);
    if (main[0])
        return 1;
    for (unsigned side = 0; side < BENCH_SIDES_MAX; side++, tag[0]++) {
        const struct merge_series *series = merge_find(merge, tag);
        if (series)
            main[n++] = series;
    }
    if (n == 0 && merge->nseries > 0)
        main[n++] = merge->series[0];
    return n;
}

static double rate(const struct merge_series *series)
{
    return series->covered_s > 0
               ? (double)series->total->count / series->covered_s
               : 0;
}

static double seconds(const struct merge_span *span)
{
    return span->end_s > span->start_s ? span->end_s - span->start_s : 0;
}

static uint64_t milliseconds(double s)
{
    return (uint64_t)(s * 1000 + 0.5);
}

static char *time_text(double s, char text[REPORT_TIME_MAX])
{
    return report_time((int64_t)milliseconds(s), REPORT_MILLISECONDS, text);
}

static void add_head(const struct merge *merge, struct report_buffer *out)
{
    double all = seconds(&merge->overlap), any = seconds(&merge->span);
    char text[REPORT_TIME_MAX];

    report_print(out, "%zu %s, %.1f s from %s\n", merge->nlogs,
                 report_plural(merge->nlogs, "log", "logs"), any,
                 time_text(merge->span.start_s, text));
    if (all < any * 0.9)
        report_print(out,
                     "The logs do not cover the same time: all of them %.1f s "
                     "of it.\n",
                     all);
}

/* One cell of the table, to the right. */
static void add_cell(struct report_buffer *out, int columns, const char *text)
{
    report_print(out, "%*s", columns, text);
}

static void add_name(struct report_buffer *out, const char *tag)
{
    struct report_buffer name = { 0 };

    report_escape(&name, tag[0] != '\0' ? tag : "(no tag)", false);
    out->failed |= name.failed;
    report_add(out, name.bytes, name.length);
    report_fill(out, ' ', name.length < 10 ? 10 - name.length : 1);
    report_buffer_free(&name);
}

static void add_line(struct report_buffer *out,
                     const struct merge_series *series)
{
    static const double percentiles[] = { 50, 90, 99, 99.9, 99.99, 100 };
    const struct histogram *h = series->total;
    char text[REPORT_NUMBER_MAX];

    add_name(out, series->tag);
    add_cell(out, 8, bench_count(h->count, text));
    add_cell(out, 8, bench_rate(rate(series), text));
    for (size_t i = 0; i < sizeof(percentiles) / sizeof(percentiles[0]); i++)
        add_cell(out, 9,
                 h->count ? bench_time(histogram_at(h, percentiles[i]), text)
                          : "-");
    report_string(out, "\n");
}

void merge_report_text(const struct merge *merge, struct report_buffer *out)
{
    add_head(merge, out);
    report_print(out, "\n%-10s%8s%8s%9s%9s%9s%9s%9s%9s\n", "series", "count",
                 "per s", "p50", "p90", "p99", "p99.9", "p99.99", "max");
    for (size_t i = 0; i < merge->nseries; i++)
        add_line(out, merge->series[i]);
}

static void to_buffer(void *data, const char *bytes, size_t n)
{
    report_add(data, bytes, n);
}

static void member_fixed(struct json *json, const char *key, uint64_t value,
                         unsigned decimals)
{
    json_key(json, key);
    json_fixed(json, value, decimals);
}

/* Microseconds with the nanosecond behind the point; null when there are
 * none. */
static void member_us(struct json *json, const char *key,
                      const struct histogram *h, double ns)
{
    if (h->count > 0)
        member_fixed(json, key, (uint64_t)(ns + 0.5), 3);
    else
        json_member_null(json, key);
}

static void add_latency(struct json *json, const struct histogram *h)
{
    json_key(json, "latency_us");
    json_object(json);
    json_member_unsigned(json, "count", h->count);
    member_us(json, "min", h, (double)histogram_min(h));
    member_us(json, "mean", h, histogram_mean(h));
    member_us(json, "stddev", h, histogram_deviation(h));
    for (int i = 0; i < BENCH_PERCENTILES; i++)
        member_us(json, bench_percentiles[i].key, h,
                  (double)histogram_at(h, bench_percentiles[i].percentile));
    member_us(json, "max", h, (double)histogram_max(h));
    json_object_end(json);
}

static void add_series(struct json *json, const struct merge_series *series)
{
    json_object(json);
    json_member_string(json, "tag", series->tag[0] ? series->tag : NULL);
    json_member_unsigned(json, "intervals", series->intervals);
    member_fixed(json, "duration_s", milliseconds(series->covered_s), 3);
    member_fixed(json, "throughput_rps", (uint64_t)(rate(series) * 10 + 0.5),
                 1);
    add_latency(json, series->total);
    json_object_end(json);
}

static void add_log(struct json *json, const struct merge_log *log)
{
    char text[REPORT_TIME_MAX];

    json_object(json);
    json_member_string(json, "file", log->name);
    json_member_unsigned(json, "intervals", log->intervals);
    json_member_string(json, "time",
                       log->intervals > 0 ? time_text(log->span.start_s, text)
                                          : NULL);
    member_fixed(json, "duration_s", milliseconds(seconds(&log->span)), 3);
    json_member_bool(json, "complete", !log->cut);
    json_object_end(json);
}

void merge_report_json(const struct merge *merge, struct report_buffer *out)
{
    struct json json = { .write = to_buffer, .data = out };
    char text[REPORT_TIME_MAX];

    json_object(&json);
    json_member_string(&json, "schema", SCHEMA);
    json_member_string(&json, "time", time_text(merge->span.start_s, text));
    member_fixed(&json, "duration_s", milliseconds(seconds(&merge->span)), 3);
    member_fixed(&json, "overlap_s", milliseconds(seconds(&merge->overlap)), 3);
    json_key(&json, "logs");
    json_array(&json);
    for (size_t i = 0; i < merge->nlogs; i++)
        add_log(&json, &merge->logs[i]);
    json_array_end(&json);
    json_key(&json, "series");
    json_array(&json);
    for (size_t i = 0; i < merge->nseries; i++)
        add_series(&json, merge->series[i]);
    json_array_end(&json);
    json_object_end(&json);
    report_string(out, "\n");
}

void merge_report_json_error(const char *message, struct report_buffer *out)
{
    struct json json = { .write = to_buffer, .data = out };
    char text[REPORT_TIME_MAX];

    json_object(&json);
    json_member_string(&json, "schema", SCHEMA);
    json_member_string(&json, "time",
                       report_time(report_now_ms(), REPORT_MILLISECONDS, text));
    json_member_string(&json, "status", "unknown");
    json_member_string(&json, "error", message);
    json_object_end(&json);
    report_string(out, "\n");
}

/* `ns` as microseconds; an empty cell when there are none. */
static void add_us(struct report_buffer *out, const struct histogram *h,
                   double ns)
{
    uint64_t whole = (uint64_t)(ns + 0.5);

    report_string(out, ",");
    if (h->count > 0)
        report_print(out, "%llu.%03u", (unsigned long long)(whole / 1000),
                     (unsigned)(whole % 1000));
}

/* A tag has no comma; what a spreadsheet would take for a formula is led by an
 * apostrophe (OWASP, "CSV Injection"). */
static void add_tag(struct report_buffer *out, const char *tag)
{
    report_string(out, strchr("=+-@", tag[0]) && tag[0] ? "\"'" : "\"");
    for (; *tag; tag++)
        report_add(out, *tag == '"' ? "\"\"" : tag, *tag == '"' ? 2 : 1);
    report_string(out, "\"");
}

static void add_row(struct report_buffer *out,
                    const struct merge_series *series)
{
    const struct histogram *h = series->total;

    add_tag(out, series->tag);
    report_print(out, ",%llu,%.3f,%llu,%.1f",
                 (unsigned long long)series->intervals, series->covered_s,
                 (unsigned long long)h->count, rate(series));
    add_us(out, h, (double)histogram_min(h));
    add_us(out, h, histogram_mean(h));
    add_us(out, h, histogram_deviation(h));
    for (int i = 0; i < BENCH_PERCENTILES; i++)
        add_us(out, h,
               (double)histogram_at(h, bench_percentiles[i].percentile));
    add_us(out, h, (double)histogram_max(h));
    report_string(out, "\n");
}

void merge_report_csv(const struct merge *merge, struct report_buffer *out)
{
    report_string(out, "tag,intervals,duration_s,count,rps,min_us,mean_us,"
                       "stddev_us");
    for (int i = 0; i < BENCH_PERCENTILES; i++)
        report_print(out, ",%s_us", bench_percentiles[i].key);
    report_string(out, ",max_us\n");
    for (size_t i = 0; i < merge->nseries; i++)
        add_row(out, merge->series[i]);
}
