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

struct verdict {
    enum verdict_id id;
    enum stage stage; /* where it was seen; STAGE_COUNT: nowhere */
    enum cause cause;
    enum check_status status;
};

/* The verdict of one address on its own: VERDICT_OK, or what stands in the
 * way.  What only the set of addresses can prove is left to combine.h. */
struct verdict classify_address(const struct evidence_address *address,
                                const struct policy *policy);

/* The verdict of the look-up; VERDICT_OK for a literal. */
struct verdict classify_dns(const struct evidence_target *target,
                            const struct policy *policy);

/* What `stage` of an address is in a report: ok, warning, critical, or
 * skipped (-1): the state, and the thresholds. */
int classify_stage(const struct evidence_stage *evidence, enum stage stage,
                   const struct verdict *verdict, const struct policy *policy);

#endif /* VERDICT_CLASSIFY_H */
