/*
 * second.h -- which second probe an address calls for: pure predicates.
 */
#ifndef PROBE_SECOND_H
#define PROBE_SECOND_H

#include "probe/target.h"
#include "verdict/evidence.h"

/* Does `evidence`, with what second probes have added so far, call for the
 * second probe `second`? */
bool second_wanted(enum second second, const struct probe_target *target,
                   const struct evidence_address *evidence);

/* The address that a MOVED reply names, when it is an address: true. */
bool second_redirect(const struct evidence_address *evidence,
                     struct net_addr *addr);

#endif /* PROBE_SECOND_H */
