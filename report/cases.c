/*
 * Case 0 is DNS; then STAGE_COUNT - 1 for each address; then the verdict, if
 * nothing before has told of it.
 */
#include "report/cases.h"

#include <stdio.h>
#include <string.h>

#include "report/format.h"

enum {
    STAGES = STAGE_COUNT - 1, /* of an address */
};

/* What a case that is not all right counts as. */
static enum case_result result_of(const struct report_item *item, int status)
{
    switch (status) {
    case STAGE_SKIPPED: return CASE_SKIPPED;
    case CHECK_OK: return CASE_PASSED;
    default: break;
    }
    switch (item->outcome->verdict.status) {
    case CHECK_OK: return CASE_TOLERATED;
    case CHECK_UNKNOWN: return CASE_ERROR;
    default: return CASE_FAILED;
    }
}

static void skip(struct report_case *out, const struct evidence_stage *evidence)
{
    (void)snprintf(out->message, sizeof(out->message), "%s",
                   evidence->state == STAGE_NOT_REACHED ? "not reached"
                                                        : "not wanted");
}

static bool is_wrong(const struct report_case *one)
{
    return one->result != CASE_PASSED && one->result != CASE_SKIPPED;
}

/* The verdict of the target, in its own words. */
static void of_whole(const struct cases *cases, struct report_case *out)
{
    (void)snprintf(out->id, sizeof(out->id), "%s", cases->words->id);
    (void)snprintf(out->message, sizeof(out->message), "%s",
                   cases->words->summary);
}

/* A verdict that nothing was said of. */
static void of_catalogue(enum verdict_id id, struct report_case *out)
{
    struct catalogue_texts texts;

    catalogue_texts(id, &texts);
    (void)snprintf(out->id, sizeof(out->id), "%s", catalogue_entry(id)->token);
    (void)snprintf(out->message, sizeof(out->message), "%s", texts.meaning);
}

static void of_dns(struct cases *cases, struct report_case *out)
{
    const struct evidence_stage *dns = &cases->item->evidence->dns;
    struct verdict verdict = report_dns_verdict(cases->item);
    int status = report_dns_status(cases->item);

    (void)snprintf(out->name, sizeof(out->name), "%s", stage_token(STAGE_DNS));
    out->result = result_of(cases->item, status);
    out->ns = evidence_stage_ns(dns);
    out->cause = report_cause(dns, STAGE_DNS, status, &verdict);
    if (out->result == CASE_SKIPPED)
        skip(out, dns);
    if (!is_wrong(out))
        return;
    if (cases->item->outcome->verdict.stage == STAGE_DNS)
        of_whole(cases, out);
    else
        of_catalogue(verdict.id, out);
}

/* A threshold may mark a stage beside the one of the address' verdict. */
static void describe_stage(struct report_case *out,
                           const struct evidence_address *address,
                           const struct verdict *verdict, enum stage stage)
{
    if (verdict->stage == stage) {
        describe_id(verdict, address, out->id);
        describe_address(address, verdict, out->message, sizeof(out->message));
        return;
    }
    of_catalogue(VERDICT_THRESHOLD_EXCEEDED, out);
}

static void of_stage(struct cases *cases, unsigned i, enum stage stage,
                     struct report_case *out)
{
    const struct evidence_address *address =
        cases->item->evidence->addresses[i];
    const struct evidence_stage *evidence = &address->stages[stage];
    const struct verdict *verdict = &cases->item->outcome->addresses[i];
    int status = report_stage_status(cases->item, i, stage);
    char text[NET_ADDR_TEXT_MAX];

    (void)snprintf(out->name, sizeof(out->name), "%s %s",
                   net_addr_text(&address->addr, text), stage_token(stage));
    out->result = result_of(cases->item, status);
    out->ns = evidence_stage_ns(evidence);
    out->cause = report_cause(evidence, stage, status, verdict);
    if (out->result == CASE_SKIPPED)
        skip(out, evidence);
    if (is_wrong(out))
        describe_stage(out, address, verdict, stage);
}

static void of_verdict(struct cases *cases, struct report_case *out)
{
    enum check_status status = cases->item->outcome->verdict.status;

    (void)snprintf(out->name, sizeof(out->name), "verdict");
    out->result = result_of(cases->item, (int)status);
    out->ns = report_total_ns(cases->item);
    of_whole(cases, out);
}

bool cases_next(struct cases *cases, struct report_case *out)
{
    unsigned last = cases->item->evidence->naddresses * STAGES;
    unsigned n = cases->next++;

    memset(out, 0, sizeof(*out));
    if (n > last && (n > last + 1 || cases->told ||
                     cases->item->outcome->verdict.status == CHECK_OK))
        return false;
    if (n == 0)
        of_dns(cases, out);
    else if (n <= last)
        of_stage(cases, (n - 1) / STAGES,
                 (enum stage)((n - 1) % STAGES + STAGE_TCP), out);
    else
        of_verdict(cases, out);
    cases->told |= out->result == CASE_FAILED || out->result == CASE_ERROR;
    return true;
}
