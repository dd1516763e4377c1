/*
 * classify.c -- from the evidence of an address to one verdict.
 *
 * All that is wrong is put in the order in which it would be told: the stages
 * that failed (rules.c), then what is amiss though all went through: the role,
 * thresholds, the certificate, a slow connect, times (soft.c).  The worst
 * stands, and of equals the first: once a stage has failed the later ones often
 * fail of the same.
 */
#include "verdict/classify.h"

#include <errno.h>

#include "verdict/facts.h"
#include "verdict/rules.h"
#include "verdict/soft.h"

enum {
    DAY_S = 24 * 60 * 60,
};

static const struct verdict all_is_well = { .id = VERDICT_OK,
                                            .stage = STAGE_COUNT };

const struct verdict *verdict_worse(const struct verdict *a,
                                    const struct verdict *b)
{
    if (a->status != b->status)
        return check_status_worse(a->status, b->status) == b->status ? b : a;
    return b->status == CHECK_WARNING && b->id < a->id ? b : a;
}

static struct verdict found(enum verdict_id id, enum stage stage,
                            enum cause cause)
{
    return (struct verdict){ .id = id,
                             .stage = stage,
                             .cause = cause,
                             .status = catalogue_entry(id)->severity };
}

/* Nothing of the target's: this machine had no memory or no descriptors. */
static bool could_not_run(const struct evidence_address *address,
                          enum cause cause)
{
    int native = address->fault ? -address->fault->native : 0;

    if (cause == cause_of_net(NET_NOMEM))
        return true;
    return cause == cause_of_net(NET_SYSTEM) &&
           (native == EMFILE || native == ENFILE || native == ENOMEM ||
            native == ENOBUFS);
}

static struct verdict failure(const struct evidence_address *address,
                              enum stage stage, enum cause cause,
                              const struct policy *policy)
{
    struct verdict verdict =
        rules_match(stage, cause, facts_of(address, stage, policy->now_s));

    if (verdict.id == VERDICT_WATCHDOG)
        verdict.status = policy->watchdog;
    if (verdict.id == VERDICT_REDIS_PAUSED)
        verdict.status = CHECK_CRITICAL; /* longer than anybody waits */
    if (could_not_run(address, cause))
        verdict.status = CHECK_UNKNOWN;
    return verdict;
}

/* ROLE may be forbidden, renamed or unknown: no fault of the cache's. */
static bool is_excused(enum stage stage, unsigned cause)
{
    return stage == STAGE_ROLE && cause >= CAUSE_RESP && cause < CAUSE_OWN;
}

static struct verdict of_stages(const struct evidence_address *address,
                                const struct policy *policy)
{
    struct verdict worst = all_is_well;

    for (int i = STAGE_TCP; i < STAGE_COUNT; i++) {
        const struct evidence_stage *stage = &address->stages[i];
        struct verdict here;

        if (stage->state != STAGE_FAILED ||
            is_excused((enum stage)i, stage->cause))
            continue;
        here =
            failure(address, (enum stage)i, (enum cause)stage->cause, policy);
        worst = *verdict_worse(&worst, &here);
    }
    return worst;
}

/* --idle, where the evidence has it apart from the stage ping. */
static struct verdict of_idle(const struct evidence_address *address,
                              const struct policy *policy)
{
    const struct evidence_idle *idle = address->idle;

    if (!idle || idle->cause == CAUSE_OK)
        return all_is_well;
    return failure(address, STAGE_PING, (enum cause)idle->cause, policy);
}

static bool role_fits(const struct evidence_address *address,
                      const struct policy *policy)
{
    enum expect_role wanted = policy->role;

    if (wanted == EXPECT_DEFAULT)
        wanted = policy->write ? EXPECT_MASTER : EXPECT_ANY;
    switch (wanted) {
    case EXPECT_MASTER: return address->role != ROLE_REPLICA;
    case EXPECT_REPLICA: return address->role != ROLE_MASTER;
    default: return true;
    }
}

static struct verdict of_role(const struct evidence_address *address,
                              const struct policy *policy)
{
    if (facts_sentinel(address))
        return found(VERDICT_REDIS_SENTINEL, STAGE_ROLE, CAUSE_MISMATCH);
    if (!role_fits(address, policy))
        return found(VERDICT_REDIS_ROLE_MISMATCH, STAGE_ROLE, CAUSE_MISMATCH);
    return all_is_well;
}

struct verdict classify_threshold(uint64_t ns, int stage,
                                  const struct thresholds *thresholds)
{
    double seconds = (double)ns / 1e9;
    struct verdict verdict =
        found(VERDICT_THRESHOLD_EXCEEDED,
              stage == THRESHOLD_TOTAL ? STAGE_COUNT : (enum stage)stage,
              CAUSE_THRESHOLD);

    if (range_alerts(&thresholds->critical[stage], seconds))
        verdict.status = CHECK_CRITICAL;
    else if (range_alerts(&thresholds->warning[stage], seconds))
        verdict.status = CHECK_WARNING;
    else
        verdict = all_is_well;
    return verdict;
}

static struct verdict of_thresholds(const struct evidence_address *address,
                                    const struct policy *policy)
{
    struct verdict worst = all_is_well;

    for (int i = STAGE_TCP; i < STAGE_COUNT; i++) {
        const struct evidence_stage *stage = &address->stages[i];
        struct verdict here;

        if (stage->state != STAGE_PASSED)
            continue;
        here = classify_threshold(evidence_stage_ns(stage), i,
                                  &policy->thresholds);
        worst = *verdict_worse(&worst, &here);
    }
    return worst;
}

/* Whole days are left; as with check_http, W days left is a warning. */
static struct verdict of_certificate(const struct evidence_address *address,
                                     const struct policy *policy)
{
    const struct net_tls_info *tls = address->tls;
    struct verdict verdict =
        found(VERDICT_TLS_EXPIRES_SOON, STAGE_TLS, CAUSE_EXPIRES);
    int64_t left_s;

    if (!tls || tls->not_after == 0 || policy->cert_warning_days < 0)
        return all_is_well;
    left_s = tls->not_after - policy->now_s;
    if (left_s < 0) /* seen only where the chain is not verified */
        return found(VERDICT_TLS_EXPIRED, STAGE_TLS, CAUSE_EXPIRES);
    if (policy->cert_critical_days >= 0 &&
        left_s / DAY_S <= policy->cert_critical_days)
        verdict.status = CHECK_CRITICAL;
    else if (left_s / DAY_S > policy->cert_warning_days)
        return all_is_well;
    return verdict;
}

static struct verdict of_connect(const struct evidence_address *address)
{
    if (address->stages[STAGE_TCP].state != STAGE_PASSED ||
        address->connect_retransmits == 0)
        return all_is_well;
    return found(VERDICT_TCP_SLOW_CONNECT, STAGE_TCP, CAUSE_OK);
}

/* Is `addr` outside of what --expect-address allows? */
static bool is_outside(const struct net_addr *addr, const struct policy *policy)
{
    for (size_t i = 0; i < policy->nexpect; i++) {
        if (net_cidr_contains(&policy->expect[i], addr))
            return false;
    }
    return policy->nexpect > 0;
}

struct verdict classify_expectation(const struct net_addr *addr,
                                    const struct policy *policy)
{
    if (!is_outside(addr, policy))
        return all_is_well;
    return found(VERDICT_DNS_SPLIT_HORIZON, STAGE_DNS, CAUSE_MISMATCH);
}

struct verdict classify_address(const struct evidence_address *address,
                                const struct policy *policy)
{
    struct verdict verdicts[] = {
        classify_expectation(&address->addr, policy),
        of_stages(address, policy),
        of_idle(address, policy),
        of_role(address, policy),
        of_thresholds(address, policy),
        of_certificate(address, policy),
        of_connect(address),
        soft_judge(address),
    };
    struct verdict *worst = &verdicts[0];

    for (size_t i = 1; i < sizeof(verdicts) / sizeof(verdicts[0]); i++) {
        if (verdict_worse(worst, &verdicts[i]) == &verdicts[i])
            worst = &verdicts[i];
    }
    return *worst;
}
