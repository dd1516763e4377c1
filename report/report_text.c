/*
 * Text for people: what happened when, what it means, what to do.
 *
 * One target is one screen, read from the top: the status and the name, the
 * stages as a waterfall, the verdict in a sentence with its evidence, the
 * likely cause, and commands to copy, each under a comment that says where
 * it is run and whether it changes anything.  Many targets are a line each
 * (report_fleet.c), unless -v asks for the screens.
 */
#include <stdlib.h>
#include <string.h>

#include "report/format.h"
#include "report/screen.h"
#include "report/words.h"

enum {
    KEY_TTL_S = 60,
    EVIDENCE_MAX = 12, /* lines, but for -v */
};

/* When the first target began and the last one ended. */
struct times {
    uint64_t start_ns, end_ns;
};

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
    report_string(&report->out, "\n");
    report_labels(&report->out, item->target, "  ", "\n", report->style.utf8);
    report_string(&report->out, "\n");
}

/* "TCP_TIMEOUT_ONE_AZ at tcp, hop: load_balancer" */
static void add_id(struct report *report, const struct verdict *verdict,
                   const char *id)
{
    const char *hop = hop_token(catalogue_entry(verdict->id)->hop);

    report_string(&report->out, id);
    if (verdict->stage < STAGE_COUNT)
        report_print(&report->out, " at %s", stage_token(verdict->stage));
    if (hop)
        report_print(&report->out, ", hop: %s", hop);
    report_string(&report->out, "\n");
}

/* One screen: of many lines the first and the last are told. */
static void add_evidence(struct report *report, const struct description *words)
{
    unsigned n = words->nevidence, shown = n;

    if (n > EVIDENCE_MAX && report->style.verbosity == 0)
        shown = EVIDENCE_MAX - 2;
    for (unsigned i = 0; i < shown; i++)
        screen_wrap(report, 2, words->evidence[i]);
    if (shown == n)
        return;
    screen_say(report, 2, "... and %u more; -v shows all", n - shown - 1);
    screen_wrap(report, 2, words->evidence[n - 1]);
}

/* What it may be instead is among the evidence. */
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
    add_evidence(report, words);
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
    if (report->style.verbosity > 0) {
        screen_facts(report, item);
        screen_proofs(report, item);
    }
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
