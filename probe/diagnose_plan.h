/*
 * diagnose_plan.h -- the plans of a diagnosis; internal to diagnose.h.
 */
#ifndef PROBE_DIAGNOSE_PLAN_H
#define PROBE_DIAGNOSE_PLAN_H

#include "probe/diagnose.h"

/* The sizes of the ladder's PINGs, one a trial. */
extern const uint32_t diagnose_ladder[DIAGNOSE_LADDER];

/* Fill the plans of the kind that is due; false: it cannot be made (no memory,
 * no TLS module, no other local address). */
bool diagnose_plan(struct diagnosis *diagnosis);

/* ... and those of the source ports that got no answer, once more. */
void diagnose_plan_again(struct diagnosis *diagnosis);

#endif /* PROBE_DIAGNOSE_PLAN_H */
