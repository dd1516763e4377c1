/*
 * lines.h -- the evidence in lines; internal to describe.h.
 */
#ifndef VERDICT_LINES_H
#define VERDICT_LINES_H

#include "verdict/describe.h"

/* Add all lines there are to `description`.  false: out of memory. */
bool lines_add(struct description *description,
               const struct evidence_target *target,
               const struct policy *policy, const struct outcome *outcome);

#endif /* VERDICT_LINES_H */
