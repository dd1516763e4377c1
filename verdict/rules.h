/*
 * rules.h -- the decision table for one failed stage, as data.
 */
#ifndef VERDICT_RULES_H
#define VERDICT_RULES_H

#include "verdict/classify.h"

/* The verdict of a failure of `stage` with `cause` and `facts` (facts.h):
 * first match; UNKNOWN_ERROR when no row knows it. */
struct verdict rules_match(enum stage stage, enum cause cause, unsigned facts);

/* `verdict` may be `id` as well, if there is room to say so. */
void rules_candidate(struct verdict *verdict, enum verdict_id id);

#endif /* VERDICT_RULES_H */
