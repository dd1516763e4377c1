/*
 * distance.h -- is one address of a name farther away than another?  Pure.
 *
 * Zones are some tenths of a millisecond apart, and a path whose cache is in
 * one of them has a longer way from the others: that is how it was built.  Only
 * what is more than that, and twice as far, is worth a word.
 */
#ifndef VERDICT_DISTANCE_H
#define VERDICT_DISTANCE_H

#include "verdict/evidence.h"

/* Two addresses of a target. */
struct distance_pair {
    unsigned near, far;
};

/*
 * All passed; do the round trips of one connection each make it worth
 * measuring?  Fills `pair` with the two that are farthest apart.
 */
bool distance_suspected(const struct evidence_target *target,
                        struct distance_pair *pair);

/* Was it so with each of many PINGs, or in the kernel's own times of them? */
bool distance_proven(const struct evidence_distance *distance);

/* ... in the kernel's. */
bool distance_in_kernel(const struct evidence_distance *distance);

/* The median of the rounds, in microseconds: of the near one or the far one. */
uint32_t distance_near_us(const struct evidence_distance *distance);
uint32_t distance_far_us(const struct evidence_distance *distance);

#endif /* VERDICT_DISTANCE_H */
