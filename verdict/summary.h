/*
 * summary.h -- the verdict of the whole in one sentence; internal to
 * describe.h.
 */
#ifndef VERDICT_SUMMARY_H
#define VERDICT_SUMMARY_H

#include "verdict/combine.h"
#include "verdict/text.h"

/* One sentence without a final stop. */
void summary_add(struct text *text, const struct evidence_target *target,
                 const struct policy *policy, const struct outcome *outcome);

/* What DNS said, in a few words: "NXDOMAIN for NAME, from 10.0.0.2:53". */
void summary_dns(struct text *text, const struct evidence_target *target,
                 const struct verdict *verdict);

/* ", outside of -w tcp=0.5": the threshold that `verdict` is about, where
 * `ns` is what it was held against. */
void summary_threshold(struct text *text, const struct policy *policy,
                       const struct verdict *verdict);

#endif /* VERDICT_SUMMARY_H */
