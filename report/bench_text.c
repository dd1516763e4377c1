/*
 * Text: what was done, what came out, what it is worth.
 *
 *     cache.example:6379  closed loop, 50 connections       what was done
 *       set:get 1:10, 64-byte values, 10.0 k keys, uniform
 *
 *       throughput  123 k/s  1.23 M requests in 10.0 s      what came out
 *       p50 ... max
 *       address ...
 *
 *       met      p99<2ms: 1.70 ms                           what it is worth
 *       A closed loop waits ...
 *
 * Several sides stand beside each other first, then the first is set against
 * each other one, and then each tells of its addresses and errors.
 */
#include "report/bench_text.h"

#include <stdio.h>
#include <string.h>

#include "cli/quantity.h"
#include "report/bench_json.h"
#include "report/bench_report.h"
#include "report/format.h"

enum {
    LABEL_WIDTH = 12,
    CAUSES_MAX = 240,
};

void bench_text_cell(struct report *report, enum ink ink, unsigned width,
                     const char *text)
{
    size_t n = strlen(text);

    report_fill(&report->out, ' ', n < width ? width - n : 1);
    screen_put(report, ink, text);
}

void bench_text_time(struct report *report, enum ink ink, unsigned width,
                     uint64_t ns)
{
    char text[REPORT_NUMBER_MAX];
    size_t n = strlen(bench_time(ns, text));
    bool seconds = n > 1 && text[n - 2] == ' ';

    bench_text_cell(report, ink, width - seconds, text);
    report_fill(&report->out, ' ', seconds);
}

void bench_text_note(struct report *report, const struct bench_note *note)
{
    static const enum ink inks[] = {
        [BENCH_NOTE_PLAIN] = INK_PLAIN,
        [BENCH_NOTE_GOOD] = INK_OK,
        [BENCH_NOTE_WARNING] = INK_WARNING,
        [BENCH_NOTE_BAD] = INK_CRITICAL,
    };

    if (report->style.quiet && note->kind == BENCH_NOTE_PLAIN)
        return;
    screen_paint(report, inks[note->kind]);
    screen_wrap(report, 2, note->text);
    if (note->kind != BENCH_NOTE_PLAIN)
        screen_paint(report, INK_PLAIN);
}

static void label(struct report *report, const char *text)
{
    report_string(&report->out, "  ");
    screen_put(report, INK_FAINT, text);
    report_fill(&report->out, ' ', LABEL_WIDTH - strlen(text));
}

/* "20s after 1s of warm-up", "100000 requests": as the options have them. */
static void add_length(struct report *report, const struct bench_plan *plan)
{
    char text[QUANTITY_TEXT_MAX];

    if (plan->requests)
        report_print(&report->out, ", %llu %s",
                     (unsigned long long)plan->requests,
                     report_plural(plan->requests, "request", "requests"));
    if (plan->duration_ns)
        report_print(&report->out, ", %s",
                     quantity_time_text(plan->duration_ns, text));
    if (plan->warmup_ns)
        report_print(&report->out, " after %s of warm-up",
                     quantity_time_text(plan->warmup_ns, text));
}

/* What was done; the first line names the side when it is alone. */
static void head(struct report *report, const struct bench_plan *plan,
                 const struct bench_result *result)
{
    char text[BENCH_LINE_MAX];

    for (unsigned i = 0; i < result->nsides; i++) {
        unsigned n = result->sides[i].naddresses;

        if (result->nsides > 1)
            report_print(&report->out, "%c  ", bench_letter(i));
        screen_paint(report, INK_STRONG);
        report_escape(&report->out, plan->sides[i].name, report->style.utf8);
        screen_paint(report, INK_PLAIN);
        if (plan->connections > 0)
            report_print(&report->out, "  %u %s", n,
                         report_plural(n, "address", "addresses"));
        report_string(&report->out, "\n");
    }
    if (report->style.quiet || plan->connections == 0)
        return;
    bench_loop_text(plan, text, sizeof(text));
    report_print(&report->out, "  %s%s", text,
                 result->nsides > 1 ? " a side, in turns" : "");
    add_length(report, plan);
    bench_load_text(plan, text, sizeof(text));
    report_print(&report->out, "\n  %s\n", text);
}

/* "timeout 10, readonly 2" */
static void list_causes(const struct bench_side_result *side, char *text,
                        size_t size)
{
    size_t n = 0;

    text[0] = '\0';
    for (int cause = 0; cause < CAUSE_COUNT; cause++) {
        uint64_t errors = bench_cause_errors(side, cause);
        char number[REPORT_NUMBER_MAX];

        if (!errors || n + 64 > size)
            continue;
        n += (size_t)snprintf(text + n, size - n, "%s%s %s", n ? ", " : "",
                              cause_token((enum cause)cause),
                              bench_count(errors, number));
    }
}

static void add_errors(struct report *report,
                       const struct bench_side_result *side)
{
    char causes[CAUSES_MAX], text[REPORT_NUMBER_MAX];

    if (side->errors == 0)
        return;
    list_causes(side, causes, sizeof(causes));
    label(report, "errors");
    screen_paint(report, INK_CRITICAL);
    report_string(&report->out, bench_count(side->errors, text));
    screen_paint(report, INK_PLAIN);
    report_print(&report->out, "%s%s\n", causes[0] ? ": " : "", causes);
    if (!side->first_error[0])
        return;
    screen_say(report, LABEL_WIDTH + 2, "the first: %s", side->first_error);
}

static void add_throughput(struct report *report, const struct bench_plan *plan,
                           const struct bench_side_result *side)
{
    char text[REPORT_NUMBER_MAX];

    label(report, "throughput");
    screen_paint(report, INK_STRONG);
    report_print(&report->out, "%s/s",
                 bench_rate(bench_throughput(side), text));
    screen_paint(report, INK_PLAIN);
    if (plan->rate > 0 && side->measured_ns)
        report_print(
            &report->out, " of %s/s offered",
            bench_rate((double)side->offered * 1e9 / (double)side->measured_ns,
                       text));
    report_print(&report->out, ", %s %s", bench_count(side->requests, text),
                 report_plural(side->requests, "request", "requests"));
    report_print(&report->out, " in %s%s\n",
                 bench_time(side->measured_ns, text),
                 side->errors || plan->connections == 0 ? "" : ", no errors");
}

static void add_summary(struct report *report, const char *name,
                        const struct histogram *h, const char *behind)
{
    static const double at[] = { 50, 99, 100 };
    static const char *const names[] = { "p50 ", ", p99 ", ", max " };
    char text[REPORT_NUMBER_MAX];

    if (!h || h->count == 0)
        return;
    label(report, name);
    for (int i = 0; i < 3; i++)
        report_print(&report->out, "%s%s", names[i],
                     bench_time(histogram_at(h, at[i]), text));
    report_print(&report->out, "%s\n", behind);
}

/* What one side did, but for its percentiles. */
static void figures(struct report *report, const struct bench_plan *plan,
                    const struct bench_side_result *side)
{
    char owed[64] = "", text[REPORT_NUMBER_MAX];

    if (plan->rate > 0)
        (void)snprintf(owed, sizeof(owed), ", owed %s",
                       bench_count(side->owed, text));
    add_throughput(report, plan, side);
    add_errors(report, side);
    add_summary(report, "sent late", side->late, owed);
    add_summary(report, "connect", side->connect, "");
}

static void side_notes(struct report *report, const struct bench_plan *plan,
                       const struct bench_side_result *side)
{
    struct bench_note note;

    if (bench_note_losses(plan, side, &note))
        bench_text_note(report, &note);
    if (bench_note_keys(side, &note))
        bench_text_note(report, &note);
    if (plan->rate > 0 && bench_note_loop(plan, side, &note))
        bench_text_note(report, &note);
}

static void one_side(struct report *report, const struct bench_plan *plan,
                     const struct bench_result *result)
{
    const struct bench_side_result *side = &result->sides[0];

    figures(report, plan, side);
    if (side->response && side->response->count) {
        report_string(&report->out, "\n");
        bench_text_percentiles(report, side);
    }
    bench_text_addresses(report, side);
    if (!report->style.quiet)
        report_string(&report->out, "\n");
    side_notes(report, plan, side);
}

static void many_sides(struct report *report, const struct bench_plan *plan,
                       const struct bench_result *result)
{
    struct bench_note note;

    bench_text_sides(report, result);
    for (unsigned i = 0; i < result->ncomparisons; i++)
        bench_text_pair(report, result, i);
    if (bench_note_noise(result, &note))
        bench_text_note(report, &note);
    for (unsigned i = 0; i < result->nsides; i++) {
        report_print(&report->out, "\n%c  ", bench_letter(i));
        screen_paint(report, INK_STRONG);
        report_escape(&report->out, plan->sides[i].name, report->style.utf8);
        screen_paint(report, INK_PLAIN);
        report_string(&report->out, "\n");
        figures(report, plan, &result->sides[i]);
        bench_text_addresses(report, &result->sides[i]);
        side_notes(report, plan, &result->sides[i]);
    }
    if (!report->style.quiet)
        report_string(&report->out, "\n");
}

/* What holds for the whole run. */
static void tail(struct report *report, const struct bench_plan *plan,
                 const struct bench_result *result)
{
    struct bench_note note;

    for (size_t i = 0; i < result->nassertions; i++)
        if (bench_note_assertion(&result->assertions[i], &note))
            bench_text_note(report, &note);
    if (bench_note_interrupted(result, &note))
        bench_text_note(report, &note);
    if (plan->rate <= 0 && bench_note_loop(plan, &result->sides[0], &note))
        bench_text_note(report, &note);
    if (bench_note_client(result, &note))
        bench_text_note(report, &note);
}

void bench_report_text(const struct bench_plan *plan,
                       const struct bench_result *result,
                       const struct report_style *style,
                       struct report_buffer *out)
{
    struct report report = { .style = *style, .out = *out };

    head(&report, plan, result);
    report_string(&report.out, "\n");
    if (result->nsides > 1)
        many_sides(&report, plan, result);
    else
        one_side(&report, plan, result);
    tail(&report, plan, result);
    *out = report.out;
}

bool bench_report_write(struct report_buffer *buffer, int fd)
{
    struct report report = { .out = *buffer, .fd = fd };

    report_flush(&report);
    report_buffer_free(&report.out);
    *buffer = report.out;
    return !buffer->failed;
}
