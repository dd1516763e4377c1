/*
 * classify_dns.c -- the look-up: the first rows of the decision table (D1-D7).
 *
 * One family that fails hurts nothing while the other has addresses; then the
 * look-up has passed, and only thresholds and --expect-address are left.
 */
#include "verdict/classify.h"
#include "verdict/lookups.h"

static enum verdict_id id_of(const struct net_answer *answer, int status)
{
    if (answer && answer->truncated_udp && answer->tcp_failed)
        return VERDICT_DNS_TC_TCP_BLOCKED;

    switch (status) {
    case NET_CANCELED: return VERDICT_WATCHDOG;
    case NET_BADNAME: return VERDICT_DNS_BAD_NAME;
    case NET_NXDOMAIN:
        return answer && answer->ncnames > 0 ? VERDICT_DNS_DANGLING_CNAME
                                             : VERDICT_DNS_NXDOMAIN;
    case NET_SERVFAIL: return VERDICT_DNS_SERVFAIL;
    case NET_REFUSED: return VERDICT_DNS_REFUSED;
    case NET_TIMEOUT: return VERDICT_DNS_TIMEOUT;
    case NET_UNREACHABLE: return VERDICT_DNS_UNREACHABLE;
    case NET_NODATA: return VERDICT_DNS_NODATA;
    default: return VERDICT_UNKNOWN_ERROR;
    }
}

static struct verdict failed(const struct evidence_target *target,
                             const struct policy *policy)
{
    struct verdict verdict = { .id = id_of(target->answer, target->dns.cause),
                               .stage = STAGE_DNS,
                               .cause = (enum cause)target->dns.cause };

    verdict.status = catalogue_entry(verdict.id)->severity;
    lookups_judge_dns(target, &verdict);
    if (verdict.id == VERDICT_WATCHDOG)
        verdict.status = policy->watchdog;
    if (verdict.cause == cause_of_net(NET_NOMEM))
        verdict.status = CHECK_UNKNOWN;
    return verdict;
}

/* The first address that is not as --expect-address has it. */
static struct verdict unexpected(const struct evidence_target *target,
                                 const struct policy *policy)
{
    struct verdict verdict = { .stage = STAGE_COUNT };

    for (unsigned i = 0; i < target->naddresses; i++) {
        verdict = classify_expectation(&target->addresses[i]->addr, policy);
        if (verdict.id != VERDICT_OK)
            break;
    }
    return verdict;
}

struct verdict classify_dns(const struct evidence_target *target,
                            const struct policy *policy)
{
    struct verdict outside, slow;

    if (!target->literal && target->dns.state == STAGE_FAILED)
        return failed(target, policy);

    outside = unexpected(target, policy);
    if (outside.id != VERDICT_OK || target->dns.state != STAGE_PASSED)
        return outside;
    slow = classify_threshold(evidence_stage_ns(&target->dns), STAGE_DNS,
                              &policy->thresholds);
    return slow;
}
