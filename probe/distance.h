/*
 * distance.h -- second probes of addresses that pass, one of which seems to be
 * farther away than it should: PINGs to it and to the nearest, in turns.
 *
 * Made only where the round trips of the check itself differ clearly.  The
 * connections are new ones, so that it is the address that is measured and not
 * one unlucky flow.  No login: an error is an answer as well.  All of it takes
 * one stage's budget at most and ends by the deadline.
 */
#ifndef PROBE_DISTANCE_H
#define PROBE_DISTANCE_H

#include "probe/probe.h"

struct distance;
typedef void (*distance_cb)(void *data);

/*
 * What `evidence`, whose addresses are those of `probes`, calls for; NULL: no
 * measuring, no time is left by `deadline_ns`, or there is no memory.  The
 * caller owns it until distance_free().
 */
struct distance *distance_new(struct probe_world *world,
                              const struct probe_target *target,
                              const struct evidence_target *evidence,
                              struct probe *probes, uint64_t deadline_ns);

/* Measure; the far address' evidence gets a `distance`.  The contract of net/:
 * `cb` runs once, from the loop. */
void distance_start(struct distance *distance, distance_cb cb, void *data);

/* End soon. */
void distance_cancel(struct distance *distance);

/* Release it, not the evidence.  Takes NULL.  Requires: not under way. */
void distance_free(struct distance *distance);

#endif /* PROBE_DISTANCE_H */
