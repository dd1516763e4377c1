/*
 * Perfdata of one target: of each stage the address that took longest.
 *
 * A stage that nobody reached has the value U.  Seconds with six digits in
 * every column, never the locale's comma.
 */
#include "report/format.h"
#include "report/perfdata.h"
#include "report/words.h"

/* The stages with a label, in the order of the contract. */
static const enum stage labeled[] = {
    STAGE_DNS,  STAGE_TCP, STAGE_TLS, STAGE_AUTH,
    STAGE_PING, STAGE_SET, STAGE_GET,
};

static bool took_part(const struct evidence_stage *evidence)
{
    return evidence->state == STAGE_PASSED || evidence->state == STAGE_FAILED;
}

/* The longest that `stage` took; false: it was nowhere reached. */
static bool slowest(const struct report_item *item, enum stage stage,
                    uint64_t *ns)
{
    const struct evidence_target *target = item->evidence;
    bool found = false;

    *ns = 0;
    if (stage == STAGE_DNS) {
        *ns = evidence_stage_ns(&target->dns);
        return !target->literal && took_part(&target->dns);
    }
    for (unsigned i = 0; i < target->naddresses; i++) {
        const struct evidence_stage *evidence =
            &target->addresses[i]->stages[stage];
        uint64_t one = evidence_stage_ns(evidence);

        if (!took_part(evidence))
            continue;
        found = true;
        *ns = one > *ns ? one : *ns;
    }
    return found;
}

static void add_time(struct report_buffer *buffer, const char *label,
                     const uint64_t *ns, const struct range *warning,
                     const struct range *critical)
{
    char value[REPORT_NUMBER_MAX], range[RANGE_TEXT_MAX];

    report_string(buffer, label);
    report_string(buffer, "=");
    report_string(buffer, ns ? report_seconds(*ns, value) : "U");
    report_string(buffer, ns ? "s;" : ";");
    report_string(buffer, range_text(warning, range));
    report_string(buffer, ";");
    report_string(buffer, range_text(critical, range));
    report_string(buffer, ";0 ");
}

void perfdata_add(struct report_buffer *buffer, const struct report_item *item)
{
    const struct thresholds *limits = &report_policy(item)->thresholds;
    uint64_t ns = report_total_ns(item);

    add_time(buffer, "total", &ns, &limits->warning[THRESHOLD_TOTAL],
             &limits->critical[THRESHOLD_TOTAL]);
    for (size_t i = 0; i < sizeof(labeled) / sizeof(labeled[0]); i++)
        add_time(buffer, stage_token(labeled[i]),
                 slowest(item, labeled[i], &ns) ? &ns : NULL,
                 &limits->warning[labeled[i]], &limits->critical[labeled[i]]);
    report_print(buffer, "addresses_ok=%u;;;0;%u", item->outcome->addresses_ok,
                 item->evidence->naddresses);
}
