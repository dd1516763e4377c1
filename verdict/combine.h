/*
 * combine.h -- what the set of addresses proves, and the target's verdict: the
 * third step.  Pure.
 */
#ifndef VERDICT_COMBINE_H
#define VERDICT_COMBINE_H

#include "verdict/classify.h"

/* The verdict of a target and of each of its addresses. */
struct outcome {
    struct verdict verdict;    /* of the whole */
    struct verdict *addresses; /* evidence->naddresses of them; owned */
    unsigned lead; /* the address `verdict` is of; naddresses: none */
    unsigned addresses_ok;
    unsigned addresses_required;
};

/*
 * Classify DNS and every address, then combine by `policy`.  Returns false
 * when out of memory.  outcome_free() releases.
 */
bool combine(const struct evidence_target *target, const struct policy *policy,
             struct outcome *outcome);

/*
 * No further check will come: is it OK, but not as often in a row as wanted?
 * Then `outcome` says so.
 */
void combine_last(const struct evidence_target *target,
                  struct outcome *outcome);

void outcome_free(struct outcome *outcome);

#endif /* VERDICT_COMBINE_H */
