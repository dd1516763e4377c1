/*
 * judge.h -- what breaks a path, by what AWS says of it: the verdict's id and
 * one line, from an outcome.  Pure.
 *
 * A client sees silence, and many things can be behind it; the API knows
 * which.  Rules stand in the order in which one hides the other: who may not
 * connect has no endpoint, who has no endpoint meets no rule, and so on along
 * the way to the cache.
 */
#ifndef PROVISION_JUDGE_H
#define PROVISION_JUDGE_H

#include "provision/outcome.h"

/* Set verdict and verdict_text where something is found; else what was said
 * before stays.  Texts go into the outcome's arena. */
void outcome_judge(struct outcome *outcome);

#endif /* PROVISION_JUDGE_H */
