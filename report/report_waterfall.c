/*
 * The waterfall: a row a stage, its time and a bar of when that was.
 *
 *     dns                 0.80 ms  ━━━━━╸
 *     198.18.1.69:6379    1.10 ms  master
 *       tcp               0.40 ms       ╺━━━
 *
 * All bars are in proportion over the target's whole time, in steps of half a
 * character (whole ones in ASCII); none is shorter than a step.  Where one
 * fails those that pass are one row each, so that it stands out; of many that
 * fail the first two are shown whole.  -v shows all.
 */
#include <stdio.h>
#include <string.h>

#include "report/format.h"
#include "report/screen.h"
#include "report/words.h"

enum {
    NAME_MIN = 20, /* with its indent */
    TIME_WIDTH = 8,
    NOTE_WIDTH = 16, /* room behind the longest bar */
    BAR_MIN = 10,
    BAR_MAX = 60,
    WHOLE_MAX = 3, /* addresses that all pass and are shown with stages */
    WRONG_MAX = 2, /* ... and that fail */
};

/* The columns, and the scale: `halves` half characters for `span_ns`. */
struct scale {
    uint64_t start_ns, span_ns;
    unsigned halves;
    unsigned name_width;
};

/* The widest name of an address decides for all rows. */
static unsigned name_width(const struct evidence_target *evidence)
{
    char text[NET_ADDR_TEXT_MAX];
    size_t width = NAME_MIN;

    for (unsigned i = 0; i < evidence->naddresses; i++) {
        size_t n =
            strlen(net_addr_text(&evidence->addresses[i]->addr, text)) + 3;

        width = n > width ? n : width;
    }
    return (unsigned)width;
}

static struct scale scale_of(const struct report *report,
                             const struct report_item *item)
{
    unsigned names = name_width(item->evidence);
    unsigned fixed = names + TIME_WIDTH + 2 + NOTE_WIDTH;
    unsigned columns = report->style.columns ? report->style.columns : 80;
    unsigned width = columns > fixed ? columns - fixed : 0;

    width = width < BAR_MIN ? BAR_MIN : width > BAR_MAX ? BAR_MAX : width;
    return (struct scale){ .start_ns = item->evidence->start_ns,
                           .span_ns = report_total_ns(item),
                           .halves = width * 2,
                           .name_width = names };
}

/* Where on the scale `ns` is, in halves. */
static unsigned place(const struct scale *scale, uint64_t ns)
{
    uint64_t since = ns > scale->start_ns ? ns - scale->start_ns : 0;

    if (since >= scale->span_ns)
        return scale->halves;
    return (unsigned)((double)since / (double)scale->span_ns * scale->halves +
                      0.5);
}

static const char *glyph(bool left, bool right, bool utf8)
{
    if (!left && !right)
        return " ";
    if (!utf8)
        return "=";
    return left && right ? "\u2501" : left ? "\u2578" : "\u257a";
}

static void add_bar(struct report *report, const struct scale *scale,
                    uint64_t start_ns, uint64_t end_ns, enum ink ink)
{
    unsigned first = place(scale, start_ns), last = place(scale, end_ns);

    if (first >= scale->halves)
        first = scale->halves - 1;
    if (last <= first)
        last = first + 1;
    report_fill(&report->out, ' ', first / 2);
    screen_paint(report, ink);
    for (unsigned i = first / 2; i < (last + 1) / 2; i++)
        report_string(&report->out,
                      glyph(2 * i >= first && 2 * i < last,
                            2 * i + 1 >= first && 2 * i + 1 < last,
                            report->style.utf8));
    screen_paint(report, INK_PLAIN);
}

/* The columns before the bar. */
static void add_name(struct report *report, const struct scale *scale,
                     unsigned indent, const char *name, uint64_t ns)
{
    size_t start = report->out.length;

    report_fill(&report->out, ' ', indent);
    report_string(&report->out, name);
    screen_pad(report, start, scale->name_width);
    screen_time(report, ns);
    report_string(&report->out, "  ");
}

static void add_stage(struct report *report, const struct scale *scale,
                      const struct evidence_stage *evidence, unsigned indent,
                      const char *name, int status, const char *note)
{
    add_name(report, scale, indent, name, evidence_stage_ns(evidence));
    add_bar(report, scale, evidence->start_ns,
            evidence->start_ns + evidence_stage_ns(evidence),
            screen_ink(status));
    if (note) {
        report_string(&report->out, " ");
        screen_put(report, status == CHECK_OK ? INK_FAINT : screen_ink(status),
                   note);
    }
    report_string(&report->out, "\n");
}

static void add_dns(struct report *report, const struct report_item *item,
                    const struct scale *scale)
{
    const struct evidence_stage *dns = &item->evidence->dns;
    struct verdict verdict = report_dns_verdict(item);
    int status = report_dns_status(item);
    const struct net_answer *answer = item->evidence->answer;
    const char *note = NULL;
    char text[32];

    if (item->evidence->literal || status == STAGE_SKIPPED)
        return;
    note = report_cause(dns, STAGE_DNS, status, &verdict);
    if (!note && answer && answer->ttl_s != NET_TTL_NONE) {
        (void)snprintf(text, sizeof(text), "TTL %lld s",
                       (long long)answer->ttl_s);
        note = text;
    }
    add_stage(report, scale, dns, 2, stage_token(STAGE_DNS), status, note);
}

/* What was wanted and not reached, in one line. */
static void add_missed(struct report *report,
                       const struct evidence_address *address)
{
    bool begun = false;

    for (int stage = STAGE_TCP; stage < STAGE_COUNT; stage++) {
        if (address->stages[stage].state != STAGE_NOT_REACHED)
            continue;
        if (!begun) {
            screen_paint(report, INK_FAINT);
            report_string(&report->out, "    not reached:");
        }
        begun = true;
        report_print(&report->out, " %s", stage_token((enum stage)stage));
    }
    if (begun) {
        screen_paint(report, INK_PLAIN);
        report_string(&report->out, "\n");
    }
}

static void add_stages(struct report *report, const struct report_item *item,
                       unsigned i, const struct scale *scale)
{
    const struct evidence_address *address = item->evidence->addresses[i];
    const struct verdict *verdict = &item->outcome->addresses[i];

    for (int stage = STAGE_TCP; stage < STAGE_COUNT; stage++) {
        const struct evidence_stage *evidence = &address->stages[stage];
        int status = report_stage_status(item, i, (enum stage)stage);

        if (status != STAGE_SKIPPED)
            add_stage(
                report, scale, evidence, 4, stage_token((enum stage)stage),
                status,
                report_cause(evidence, (enum stage)stage, status, verdict));
    }
    add_missed(report, address);
}

/* What --idle and --payload found: they take time that is no stage's. */
static void add_extras(struct report *report,
                       const struct evidence_address *address)
{
    const struct evidence_idle *idle = address->idle;
    char time[REPORT_NUMBER_MAX];

    if (idle && idle->cause == CAUSE_OK)
        screen_say(report, 4, "idle: alive after %s of silence",
                   report_duration(idle->wanted_ns, time));
    if (address->payload_edge)
        screen_say(report, 4, "payload: up to %u bytes went through",
                   address->payload_edge);
}

/* The row of an address; with a bar when it has no rows below it. */
static void add_address(struct report *report, const struct report_item *item,
                        unsigned i, const struct scale *scale, bool whole)
{
    const struct evidence_address *address = item->evidence->addresses[i];
    const struct verdict *verdict = &item->outcome->addresses[i];
    const char *role = server_role_token((enum server_role)address->role);
    char text[NET_ADDR_TEXT_MAX];

    add_name(report, scale, 2, net_addr_text(&address->addr, text),
             report_address_ns(address));
    if (!whole) {
        add_bar(report, scale, address->start_ns, address->end_ns,
                screen_ink((int)verdict->status));
        report_string(&report->out, " ");
    }
    screen_put(report, screen_ink((int)verdict->status),
               check_status_token(verdict->status));
    if (role)
        report_print(&report->out, ", %s", role);
    report_string(&report->out, "\n");
    if (!whole)
        return;
    add_stages(report, item, i, scale);
    if (report->style.verbosity == 0)
        add_extras(report, address);
}

static bool all_pass(const struct report_item *item)
{
    for (unsigned i = 0; i < item->evidence->naddresses; i++)
        if (item->outcome->addresses[i].status != CHECK_OK)
            return false;
    return true;
}

void screen_waterfall(struct report *report, const struct report_item *item)
{
    struct scale scale = scale_of(report, item);
    unsigned n = item->evidence->naddresses, wrong = 0;
    bool all =
        report->style.verbosity > 0 || (n <= WHOLE_MAX && all_pass(item));

    add_dns(report, item, &scale);
    for (unsigned i = 0; i < n; i++) {
        bool bad = item->outcome->addresses[i].status != CHECK_OK;

        wrong += bad;
        add_address(report, item, i, &scale,
                    all || (bad && wrong <= WRONG_MAX));
    }
}
