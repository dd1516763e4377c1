/*
 * lookups_plan.h -- which second look-ups a target calls for: pure.
 */
#ifndef PROBE_LOOKUPS_PLAN_H
#define PROBE_LOOKUPS_PLAN_H

#include "probe/target.h"
#include "verdict/evidence.h"

/* A look-up to make. */
struct lookup_plan {
    char host[NET_NAME_MAX];
    uint8_t kind;            /* enum lookup */
    uint8_t only;            /* as of struct net_resolve */
    bool no_hosts;           /* likewise */
    char name[NET_NAME_MAX]; /* for the evidence; empty: who answered */
};

struct lookups_plan {
    unsigned n;
    bool again; /* the same look-up, some times: it was left without answer */
    struct lookup_plan at[LOOKUPS_MAX];
};

/* Do they make sense at all?  Cheap: every check asks. */
bool lookups_wanted(const struct probe_target *target,
                    const struct evidence_target *evidence);

/* Fill `plan`; `servers` is how many name servers there are.  Returns false
 * when there is nothing to ask. */
bool lookups_plan(struct lookups_plan *plan, const struct probe_target *target,
                  const struct evidence_target *evidence, unsigned servers);

#endif /* PROBE_LOOKUPS_PLAN_H */
