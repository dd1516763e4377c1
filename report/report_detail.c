/*
 * -vv: how the name was asked for, and when each stage began; -vvv: what the
 * operation that failed met, as raw as it was kept.
 */
#include <string.h>

#include "report/format.h"
#include "report/screen.h"
#include "report/words.h"
#include "verdict/text.h"

enum {
    STAGES = 2, /* -vv, */
    RAW = 3,    /* -vvv */
};

static void add_query(struct report *report, const char *type,
                      const struct net_family_answer *family)
{
    const char *rcode = report_rcode(family->rcode);

    if (family->asked)
        screen_say(report, 4, "%s: %s%s%s", type, rcode ? rcode : "no answer",
                   family->status == NET_OK ? "" : ", ",
                   family->status == NET_OK ? ""
                                            : net_status_text(family->status));
}

void screen_detail_dns(struct report *report, const struct net_answer *answer)
{
    if (report->style.verbosity < STAGES || answer->source == NET_SOURCE_HOSTS)
        return;
    add_query(report, "A", &answer->v4);
    add_query(report, "AAAA", &answer->v6);
    screen_say(report, 4, "%u %s sent, c-ares status %d", answer->sends,
               report_plural(answer->sends, "packet", "packets"),
               answer->native);
}

static void add_stages(struct report *report,
                       const struct evidence_address *address,
                       uint64_t since_ns)
{
    for (int stage = STAGE_TCP; stage < STAGE_COUNT; stage++) {
        const struct evidence_stage *seen = &address->stages[stage];
        char at[REPORT_NUMBER_MAX], took[REPORT_NUMBER_MAX];

        if (seen->start_ns < since_ns || seen->took_us == 0)
            continue;
        screen_say(
            report, 4, "%s: from %s on, for %s%s%s",
            stage_token((enum stage)stage),
            report_duration(seen->start_ns - since_ns, at),
            report_duration(evidence_stage_ns(seen), took),
            seen->cause == CAUSE_OK ? "" : ", ",
            seen->cause == CAUSE_OK ? "" : cause_text((enum cause)seen->cause));
    }
}

static void add_bytes(struct report *report, const char *what,
                      const void *bytes, size_t n)
{
    char escaped[5 * EVIDENCE_TEXT_MAX];
    struct text text = text_in(escaped, sizeof(escaped));

    text_escaped(&text, bytes, n);
    screen_say(report, 4, "%s \"%s\"", what, escaped);
}

static void add_fault(struct report *report, const struct evidence_fault *fault)
{
    char waited[REPORT_NUMBER_MAX];

    screen_say(report, 4, "failed after %s, errno %d, TCP state %u",
               report_duration(fault->waited_ns, waited), -fault->native,
               fault->tcp.state);
    if (fault->text[0])
        add_bytes(report, "reply:", fault->text, strlen(fault->text));
    if (fault->nhead > 0)
        add_bytes(report, "first bytes:", fault->head, fault->nhead);
}

void screen_detail_address(struct report *report,
                           const struct report_item *item, unsigned i)
{
    const struct evidence_address *address = item->evidence->addresses[i];

    if (report->style.verbosity >= STAGES)
        add_stages(report, address, item->evidence->start_ns);
    if (report->style.verbosity >= RAW && address->fault)
        add_fault(report, address->fault);
}
