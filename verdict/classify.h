/*
 * classify.h -- evidence of one address, or of DNS, to a verdict: the second
 * step.  Pure: one ordered table of rules, first match.
 */
#ifndef VERDICT_CLASSIFY_H
#define VERDICT_CLASSIFY_H

#include "verdict/catalogue.h"
#include "verdict/evidence.h"
#include "verdict/policy.h"
#include "verdict/status.h"

/* What it may be as well, and what would tell. */
struct candidate {
    enum verdict_id id;
    const char *decided_by; /* "a TLS handshake on a second connection" */
};

enum {
    CANDIDATES_MAX = 6,
};

struct verdict {
    enum verdict_id id;
    enum stage stage; /* where it was seen; STAGE_COUNT: nowhere */
    enum cause cause;
    enum check_status status;
    bool by_lookup;       /* second look-ups made it that, not the first one */
    unsigned ncandidates; /* 0: the evidence decides */
    struct candidate candidates[CANDIDATES_MAX];
};

/* The verdict of one address on its own: VERDICT_OK, or what stands in the
 * way.  What only the set of addresses can prove is left to combine.h. */
struct verdict classify_address(const struct evidence_address *address,
                                const struct policy *policy);

/* The verdict of the look-up, and of --expect-address, which holds for a
 * literal too; else VERDICT_OK for a literal. */
struct verdict classify_dns(const struct evidence_target *target,
                            const struct policy *policy);

/* What `stage` of an address is in a report: CHECK_OK, _WARNING, _CRITICAL, or
 * skipped (-1): the state, the verdict seen there, and the thresholds. */
int classify_stage(const struct evidence_stage *evidence, enum stage stage,
                   const struct verdict *verdict, const struct policy *policy);

/* The worse of two verdicts.  Of two warnings the first in the order of ids.h,
 * else `a`. */
const struct verdict *verdict_worse(const struct verdict *a,
                                    const struct verdict *b);

/* THRESHOLD_EXCEEDED when `ns` of `stage` (an enum stage, or THRESHOLD_TOTAL)
 * is outside of -w or -c, else VERDICT_OK. */
struct verdict classify_threshold(uint64_t ns, int stage,
                                  const struct thresholds *thresholds);

/* DNS_SPLIT_HORIZON when `addr` is outside of --expect-address. */
struct verdict classify_expectation(const struct net_addr *addr,
                                    const struct policy *policy);

#endif /* VERDICT_CLASSIFY_H */
