/*
 * Text for people: what happened when, what it means, what to do.
 *
 * One target is one screen, read from the top: the status and the name, the
 * stages as a waterfall, the verdict in a sentence with its evidence, the
 * likely cause, and commands to copy, each under a comment that says where
 * it is run and whether it changes anything.  Many targets are a line each
 * (report_fleet.c), unless -v asks for the screens.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/utf8.h"
#include "report/format.h"
#include "report/screen.h"
#include "report/words.h"

enum {
    WRAP_MAX = 100, /* longer lines are hard to read */
    WRAP_MIN = 40,
    NO_WIDTH = 80,
    TIME_WIDTH = 8,
    KEY_TTL_S = 60,
};

/* When the first target began and the last one ended. */
struct times {
    uint64_t start_ns, end_ns;
};

enum ink screen_ink(int status)
{
    switch (status) {
    case CHECK_OK: return INK_OK;
    case CHECK_WARNING: return INK_WARNING;
    case STAGE_SKIPPED: return INK_FAINT;
    default: return INK_CRITICAL;
    }
}

void screen_paint(struct report *report, enum ink ink)
{
    static const char *const codes[] = {
        [INK_PLAIN] = "\x1b[0m",      [INK_STRONG] = "\x1b[1m",
        [INK_FAINT] = "\x1b[2m",      [INK_OK] = "\x1b[32m",
        [INK_WARNING] = "\x1b[1;33m", [INK_CRITICAL] = "\x1b[1;31m",
    };

    if (report->style.color)
        report_string(&report->out, codes[ink]);
}

void screen_put(struct report *report, enum ink ink, const char *text)
{
    screen_paint(report, ink);
    report_string(&report->out, text);
    screen_paint(report, INK_PLAIN);
}

void screen_pad(struct report *report, size_t start, unsigned width)
{
    struct report_buffer *out = &report->out;
    size_t n = out->failed
                   ? width
                   : utf8_count(out->bytes + start, out->length - start);

    report_fill(out, ' ', n < width ? width - n : 1);
}

void screen_time(struct report *report, uint64_t ns)
{
    char text[REPORT_NUMBER_MAX];
    bool short_unit = !strchr(report_duration(ns, text), 'm');

    report_print(&report->out, "%*s%s",
                 short_unit ? TIME_WIDTH - 1 : TIME_WIDTH, text,
                 short_unit ? " " : "");
}

static unsigned wrap_width(const struct report *report)
{
    unsigned columns = report->style.columns ? report->style.columns : NO_WIDTH;

    return columns > WRAP_MAX   ? WRAP_MAX
           : columns < WRAP_MIN ? WRAP_MIN
                                : columns;
}

/* The length of the line that fits in `width`: up to the last blank, or the
 * first word, however long. */
static size_t line_length(const char *text, size_t n, size_t width)
{
    size_t best = 0, end = 0;

    while (end < n) {
        const char *blank = memchr(text + end, ' ', n - end);
        size_t next = blank ? (size_t)(blank - text) : n;

        if (best && utf8_count(text, next) > width)
            break;
        best = next;
        end = next + 1;
    }
    return best;
}

void screen_wrap(struct report *report, unsigned indent, const char *text)
{
    struct report_buffer line = { 0 };
    size_t at = 0;

    report_escape(&line, text, report->style.utf8);
    report->out.failed |= line.failed;
    while (at < line.length) {
        size_t n = line_length(line.bytes + at, line.length - at,
                               wrap_width(report) - indent);

        report_fill(&report->out, ' ', indent);
        report_add(&report->out, line.bytes + at, n);
        report_string(&report->out, "\n");
        at += n + 1;
    }
    report_buffer_free(&line);
}

static void add_title(struct report *report, const struct report_item *item)
{
    enum check_status status = item->outcome->verdict.status;
    char total[REPORT_NUMBER_MAX];

    screen_put(report, screen_ink((int)status), check_status_word(status));
    report_string(&report->out, "  ");
    screen_paint(report, INK_STRONG);
    report_escape(&report->out, item->target->name, report->style.utf8);
    screen_paint(report, INK_PLAIN);
    report_string(&report->out, "  ");
    screen_put(report, INK_FAINT,
               report_duration(report_total_ns(item), total));
    report_string(&report->out, "\n\n");
}

/* Where it must be mended, as people say it. */
static const char *place_of(enum hop hop)
{
    switch (hop) {
    case HOP_CLIENT: return "mend it on this client";
    case HOP_RESOLVER: return "mend it at the resolver";
    case HOP_ENDPOINT: return "mend it at the endpoint";
    case HOP_LOAD_BALANCER: return "mend it at the load balancer";
    case HOP_TARGET: return "mend it at the target";
    case HOP_REDIS: return "mend it in Redis";
    case HOP_NONE: break;
    }
    return NULL;
}

static void add_id(struct report *report, const struct verdict *verdict,
                   const char *id)
{
    const char *place = place_of(catalogue_entry(verdict->id)->hop);

    report_string(&report->out, id);
    if (verdict->stage < STAGE_COUNT)
        report_print(&report->out, ", seen at %s", stage_token(verdict->stage));
    if (place)
        report_print(&report->out, ", %s", place);
    report_string(&report->out, "\n");
}

/* What it may be as well: the evidence does not decide. */
static void add_candidates(struct report *report, const struct verdict *verdict)
{
    for (unsigned i = 0; i < verdict->ncandidates; i++) {
        const struct candidate *candidate = &verdict->candidates[i];
        char line[256];

        snprintf(line, sizeof(line), "or %s: %s would tell",
                 catalogue_entry(candidate->id)->token, candidate->decided_by);
        screen_wrap(report, 2, line);
    }
}

static void add_verdict(struct report *report, const struct report_item *item,
                        const struct description *words)
{
    const struct verdict *verdict = &item->outcome->verdict;

    report_string(&report->out, "\n");
    screen_paint(report, INK_STRONG);
    report_escape(&report->out, words->summary, report->style.utf8);
    screen_paint(report, INK_PLAIN);
    report_string(&report->out, "\n");
    if (verdict->id == VERDICT_OK)
        return;
    add_id(report, verdict, words->id);
    for (unsigned i = 0; i < words->nevidence; i++)
        screen_wrap(report, 2, words->evidence[i]);
    add_candidates(report, verdict);
}

static void add_fixes(struct report *report, const struct description *words)
{
    const struct description_fix *before = NULL;

    screen_put(report, INK_STRONG, "\nTry\n");
    for (unsigned i = 0; i < words->nfixes; i++) {
        const struct description_fix *fix = &words->fixes[i];

        if (!before || before->changes != fix->changes ||
            strcmp(before->where, fix->where) != 0) {
            screen_paint(report, INK_FAINT);
            report_print(&report->out, "  # %s: %s", fix->where,
                         fix->changes ? "changes something" : "only looks");
            screen_paint(report, INK_PLAIN);
            report_string(&report->out, "\n");
        }
        report_string(&report->out, "  ");
        report_escape(&report->out, fix->command, report->style.utf8);
        report_string(&report->out, "\n");
        before = fix;
    }
}

static void add_advice(struct report *report, const struct description *words)
{
    if (words->cause) {
        screen_put(report, INK_STRONG, "\nLikely cause\n");
        screen_wrap(report, 2, words->cause);
    }
    if (words->nfixes)
        add_fixes(report, words);
}

static void add_keys(struct report *report, const struct report_item *item,
                     unsigned written, unsigned cleaned)
{
    struct report_buffer *out = &report->out;

    report_string(out, cleaned == written ? "Wrote and removed " : "Wrote ");
    if (written == 1)
        report_string(out, "one key, ");
    else
        report_print(out, "%u keys, ", written);
    report_escape(out, item->evidence->key_prefix, report->style.utf8);
    if (cleaned == written)
        report_print(out, "..., %d s to live.\n", KEY_TTL_S);
    else
        report_print(out, "..., removed %u; the rest expires within %d s.\n",
                     cleaned, KEY_TTL_S);
}

/* What this check has left, or not, in the cache. */
static void add_traces(struct report *report, const struct report_item *item)
{
    unsigned written = 0, cleaned = 0;

    for (unsigned i = 0; i < item->evidence->naddresses; i++) {
        const struct evidence_address *address = item->evidence->addresses[i];

        written += address->written;
        cleaned += address->written && address->cleaned;
    }
    if (written)
        add_keys(report, item, written, cleaned);
    else if (report_policy(item)->write)
        report_string(&report->out, "Nothing was written.\n");
    else
        report_string(&report->out, "Read only: nothing was written.\n");
}

static void add_screen(struct report *report, const struct report_item *item,
                       const struct description *words)
{
    if (report->count.total > 1)
        report_string(&report->out, "\n");
    add_title(report, item);
    screen_waterfall(report, item);
    if (report->style.verbosity > 0)
        screen_facts(report, item);
    add_verdict(report, item, words);
    add_advice(report, words);
    report_string(&report->out, "\n");
    add_traces(report, item);
    if (item->outcome->verdict.id != VERDICT_OK)
        report_print(&report->out, "More: linkprobe explain %s\n", words->id);
}

static void begin(struct report *report)
{
    report->state = calloc(1, sizeof(struct times));
    report->out.failed = !report->state;
}

static void keep_times(struct times *times,
                       const struct evidence_target *evidence)
{
    if (!times->start_ns || evidence->start_ns < times->start_ns)
        times->start_ns = evidence->start_ns;
    if (evidence->end_ns > times->end_ns)
        times->end_ns = evidence->end_ns;
}

static void item(struct report *report, const struct report_item *item)
{
    struct description words;

    keep_times(report->state, item->evidence);
    if (report->style.quiet && item->outcome->verdict.status == CHECK_OK)
        return;
    if (!describe(item->evidence, report_policy(item), item->outcome, &words)) {
        report->out.failed = true;
        return;
    }
    if (report->style.targets > 1 && report->style.verbosity == 0)
        screen_fleet_item(report, item, &words);
    else
        add_screen(report, item, &words);
    description_free(&words);
}

/* Errors of usage go to stderr, one line, by who found them; what comes here
 * belongs to the results. */
static void error(struct report *report, const char *message)
{
    screen_put(report, screen_ink(CHECK_UNKNOWN),
               check_status_word(CHECK_UNKNOWN));
    report_string(&report->out, "  ");
    report_escape(&report->out, message, report->style.utf8);
    report_string(&report->out, "\n");
}

static void end(struct report *report)
{
    const struct times *times = report->state;

    if (!times)
        return;
    if (report->style.targets > 1 &&
        !(report->style.quiet && report->worst == CHECK_OK))
        screen_fleet_end(report, times->end_ns - times->start_ns);
    free(report->state);
    report->state = NULL;
}

const struct report_format report_text = {
    .name = "text",
    .begin = begin,
    .item = item,
    .error = error,
    .end = end,
};
