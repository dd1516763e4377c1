/*
 * lookups.h -- what second look-ups prove; internal to combine.h.
 *
 * They compare names: a zone's with the endpoint's, one server's answer with
 * another's, the hosts file with DNS.  A difference alone is evidence; which
 * side is right a connection tells, and where it does not the verdict keeps
 * both as candidates.
 */
#ifndef VERDICT_LOOKUPS_H
#define VERDICT_LOOKUPS_H

#include "verdict/classify.h"
#include "verdict/vpce.h"

/* The endpoint's own name that `target` stands for: its host, or one that it is
 * an alias of; its parts into `vpce`.  NULL: there is none. */
const char *lookups_endpoint(const struct evidence_target *target,
                             struct vpce_name *vpce);

/* Is `at` of a zone that has an address, which the regional name lacks? */
bool lookups_withdrawn(const struct evidence_target *target,
                       const struct evidence_lookup *at);

/* Has the answer in use the address `addr`? */
bool lookups_in_use(const struct evidence_target *target,
                    const struct net_addr *addr);

/* Address `i`, which was not connected to, got `verdict`: change it to one of
 * names and return true, or leave it alone. */
bool lookups_judge_connect(const struct evidence_target *target, unsigned i,
                           struct verdict *verdict);

/* All addresses pass, and they are all that the user wants: has a zone been
 * left out all the same?  Then `verdict` says so. */
bool lookups_judge_well(const struct evidence_target *target,
                        struct verdict *verdict);

/* The look-up failed with `verdict`: change it, or name what else it may be. */
void lookups_judge_dns(const struct evidence_target *target,
                       struct verdict *verdict);

/* DNS has too few addresses: set the id of `verdict`, and what it may be. */
void lookups_judge_missing(const struct evidence_target *target,
                           struct verdict *verdict);

#endif /* VERDICT_LOOKUPS_H */
