/*
 * latency.h -- has a latency stepped?  A change-point test, no threshold.
 *
 * The newest LATENCY_RECENT samples are compared with up to LATENCY_BASE before
 * them by their ranks (Mann and Whitney, 1947): a step is told when nearly
 * every recent sample lies on one side of nearly every older one, and the
 * medians differ by half, by more than the older ones are spread, and by more
 * than a clock's noise.  Ranks know nothing of the distribution, so one slow
 * sample in a quiet series proves nothing.
 *
 * After a step the recent samples are the new base; the old one is remembered,
 * so that the way back is told as soon as it is seen.
 *
 * Pure; a zeroed struct has seen nothing.  Microseconds throughout.
 */
#ifndef WATCH_LATENCY_H
#define WATCH_LATENCY_H

#include <stdbool.h>
#include <stdint.h>

enum {
    LATENCY_RECENT = 6,
    LATENCY_BASE = 24,
    LATENCY_BASE_LEAST = 15, /* before a first step is believed */
    LATENCY_NOISE_US = 200,  /* smaller differences are nobody's business */
    LATENCY_SAMPLES = LATENCY_BASE + LATENCY_RECENT,
};

struct latency {
    uint32_t samples[LATENCY_SAMPLES]; /* the oldest first */
    uint8_t n;
    uint32_t before_us; /* the median before the last step; 0: none yet */
};

struct latency_step {
    uint32_t from_us, to_us; /* medians */
};

/* One more sample.  true: a step, told in `step`. */
bool latency_add(struct latency *latency, uint32_t us,
                 struct latency_step *step);

/* The median of what is kept; 0: nothing. */
uint32_t latency_median(const struct latency *latency);

#endif /* WATCH_LATENCY_H */
