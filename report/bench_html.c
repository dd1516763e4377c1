/*
 * HTML: one file that holds all it needs.
 *
 *     page.html   ... {{title}} {{style}} {{text}} {{data}} {{chart}} ...
 *                        |         |        |        |
 *                     escaped   as it is  escaped   JSON
 *
 * The frame is walked once; each name is replaced by a part that the build put
 * into the program, or by what is made of the result.  Whatever a user or a
 * server wrote goes through an escape: that of HTML into texts, JSON with <, >
 * and & as \u003c ... into the data, where the script takes it as text.
 *
 * The data holds the JSON report, and what only a page can show: a curve of
 * percentiles in HdrHistogram's steps, and a heat map (bench/heat.h).
 */
#include <string.h>

#include "report/bench_json.h"
#include "report/bench_notes.h"
#include "report/bench_page.h"
#include "report/bench_report.h"
#include "report/format.h"

enum {
    STEPS = 5,       /* of a curve, each half of the way to 100 % */
    HALVES_MAX = 40, /* nobody has 2^40 requests */
    TEXT_COLUMNS = 96,
};

const char *bench_report_html_missing(void)
{
    if (bench_page[BENCH_PAGE_CHART].n)
        return NULL;
    return "this build has no chart library, so it cannot write HTML: install "
           "Chart.js (Debian: libjs-chart.js) and build again";
}

/* Bytes of JSON into a <script> element: outside of strings there are none of
 * these three, within them an escape stands for each (HTML 13.2.5.4). */
static void to_script(void *data, const char *bytes, size_t n)
{
    struct report_buffer *out = data;
    size_t run = 0;

    for (size_t i = 0; i < n; i++) {
        if (bytes[i] != '<' && bytes[i] != '>' && bytes[i] != '&')
            continue;
        report_add(out, bytes + run, i - run);
        report_print(out, "\\u00%02x", (unsigned)bytes[i]);
        run = i + 1;
    }
    report_add(out, bytes + run, n - run);
}

static void add_escaped(struct report_buffer *out, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        switch (bytes[i]) {
        case '<': report_string(out, "&lt;"); break;
        case '>': report_string(out, "&gt;"); break;
        case '&': report_string(out, "&amp;"); break;
        case '"': report_string(out, "&quot;"); break;
        default: report_add(out, bytes + i, 1);
        }
    }
}

/* [1/(1 - p), microseconds] */
static void add_point(struct json *json, double x, uint64_t ns)
{
    json_array(json);
    json_double(json, x);
    json_fixed(json, ns, 3);
    json_array_end(json);
}

/* As far as there is a request for it; the last one is max. */
static void add_curve(struct json *json, const char *key,
                      const struct histogram *h)
{
    double left = 1; /* 1 - p, where the half begins */

    json_key(json, key);
    json_array(json);
    for (int step = 0; h && h->count && step < STEPS * HALVES_MAX; step++) {
        double rest = left * (1 - (double)(step % STEPS) / (2 * STEPS));

        if (1 / rest >= (double)h->count)
            break;
        add_point(json, 1 / rest, histogram_at(h, 100 * (1 - rest)));
        if (step % STEPS == STEPS - 1)
            left /= 2;
    }
    if (h && h->count)
        add_point(json, (double)h->count, histogram_max(h));
    json_array_end(json);
}

static void add_curves(struct json *json, const struct bench_result *result)
{
    json_key(json, "curves");
    json_array(json);
    for (unsigned i = 0; i < result->nsides; i++) {
        json_object(json);
        add_curve(json, "response", result->sides[i].response);
        add_curve(json, "service", result->sides[i].service);
        json_object_end(json);
    }
    json_array_end(json);
}

static void add_column(struct json *json, const struct heat_column *column)
{
    json_object(json);
    json_key(json, "at_s");
    json_double(json, column->at_s);
    json_key(json, "length_s");
    json_double(json, column->length_s);
    json_key(json, "cells");
    json_array(json);
    for (unsigned bucket = 0; bucket < HEAT_BUCKETS; bucket++) {
        if (!column->counts[bucket])
            continue;
        json_array(json);
        json_unsigned(json, bucket);
        json_unsigned(json, column->counts[bucket]);
        json_array_end(json);
    }
    json_array_end(json);
    json_object_end(json);
}

static void add_heat(struct json *json, const struct heat *heat)
{
    json_array(json);
    for (unsigned i = 0; heat && i < heat->ncolumns; i++)
        add_column(json, &heat->columns[i]);
    json_array_end(json);
}

static void add_note(void *data, const struct bench_note *note)
{
    static const char *const kinds[] = {
        [BENCH_NOTE_PLAIN] = "plain",
        [BENCH_NOTE_GOOD] = "good",
        [BENCH_NOTE_WARNING] = "warning",
        [BENCH_NOTE_BAD] = "bad",
    };
    struct json *json = data;

    json_object(json);
    json_member_string(json, "kind", kinds[note->kind]);
    json_member_string(json, "text", note->text);
    json_object_end(json);
}

static void add_data(struct report_buffer *out, const struct bench_plan *plan,
                     const struct bench_result *result)
{
    struct json json = { .write = to_script, .data = out };
    char text[BENCH_LINE_MAX];

    json_object(&json);
    json_key(&json, "result");
    json_object(&json);
    bench_json_members(&json, plan, result);
    json_object_end(&json);
    bench_loop_text(plan, text, sizeof(text));
    json_member_string(&json, "loop", text);
    bench_load_text(plan, text, sizeof(text));
    json_member_string(&json, "load", text);
    json_key(&json, "notes");
    json_array(&json);
    bench_notes(plan, result, add_note, &json);
    json_array_end(&json);
    add_curves(&json, result);
    json_key(&json, "heat");
    json_array(&json);
    for (unsigned i = 0; i < result->nsides; i++)
        add_heat(&json, result->sides[i].heat);
    json_array_end(&json);
    json_object_end(&json);
}

/* What is made of the result, for the names of the frame. */
static void add_title(struct report_buffer *out, const struct bench_plan *plan,
                      const struct bench_result *result)
{
    struct report_buffer name = { 0 };

    report_string(&name, "linkprobe bench ");
    for (unsigned i = 0; i < result->nsides; i++) {
        report_string(&name, i ? ", " : "");
        report_escape(&name, plan->sides[i].name, true);
    }
    out->failed |= name.failed;
    add_escaped(out, name.bytes, name.length);
    report_buffer_free(&name);
}

static void add_text(struct report_buffer *out, const struct bench_plan *plan,
                     const struct bench_result *result)
{
    const struct report_style style = { .utf8 = true, .columns = TEXT_COLUMNS };
    struct report_buffer text = { 0 };

    bench_report_text(plan, result, &style, &text);
    out->failed |= text.failed;
    add_escaped(out, text.bytes, text.length);
    report_buffer_free(&text);
}

static void add_version(struct report_buffer *out,
                        const struct bench_plan *plan,
                        const struct bench_result *result)
{
    (void)plan;
    (void)result;
    report_string(out, LINKPROBE_VERSION);
}

/* The names of the frame: a part of the build, or made. */
static const struct {
    const char *name;
    enum bench_page_part part;
    void (*add)(struct report_buffer *out, const struct bench_plan *plan,
                const struct bench_result *result);
} names[] = {
    { "style", BENCH_PAGE_STYLE, NULL },
    { "script", BENCH_PAGE_SCRIPT, NULL },
    { "chart", BENCH_PAGE_CHART, NULL },
    { "notice", BENCH_PAGE_NOTICE, NULL },
    { "title", BENCH_PAGE_PARTS, add_title },
    { "text", BENCH_PAGE_PARTS, add_text },
    { "data", BENCH_PAGE_PARTS, add_data },
    { "version", BENCH_PAGE_PARTS, add_version },
};

static void add_named(struct report_buffer *out, const char *name, size_t n,
                      const struct bench_plan *plan,
                      const struct bench_result *result)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strlen(names[i].name) != n || memcmp(names[i].name, name, n) != 0)
            continue;
        if (names[i].add)
            names[i].add(out, plan, result);
        else
            report_add(out, (const char *)bench_page[names[i].part].bytes,
                       bench_page[names[i].part].n);
    }
}

void bench_report_html(const struct bench_plan *plan,
                       const struct bench_result *result,
                       struct report_buffer *out)
{
    const char *at = (const char *)bench_page[BENCH_PAGE_FRAME].bytes;
    const char *end = at + bench_page[BENCH_PAGE_FRAME].n;

    for (;;) {
        const char *open = memmem(at, (size_t)(end - at), "{{", 2);
        const char *close =
            open ? memmem(open, (size_t)(end - open), "}}", 2) : NULL;

        if (!close)
            break;
        report_add(out, at, (size_t)(open - at));
        add_named(out, open + 2, (size_t)(close - open - 2), plan, result);
        at = close + 2;
    }
    report_add(out, at, (size_t)(end - at));
}
