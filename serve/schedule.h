/*
 * schedule.h -- when each target is due: evenly over the interval, jittered.
 *
 * Targets are checked in one fixed order, at equal distances, so the load on
 * the network is level whatever their number; each time a little later than
 * that (by up to a tenth of the interval, and never past its neighbour), so
 * that two exporters do not keep step.
 *
 * A target that was never begun does not wait for its place: a faster round
 * goes over those, since a first result is wanted soon.  A reload changes no
 * place that need not change: however often there is one, each target comes
 * once an interval.
 *
 * Pure: nanoseconds and a random number in; no clock, no timer.
 */
#ifndef SERVE_SCHEDULE_H
#define SERVE_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct serve_schedule {
    uint64_t lag_ns;   /* how late the last one was */
    uint64_t worst_ns; /* the latest since serve_schedule_worst() */
    uint64_t dropped;  /* checks that were left out: a round late */

    /* private */
    size_t n;
    uint64_t *begun_ns;
    uint64_t interval_ns;
    uint64_t start_ns; /* when the round at hand began */
    size_t next;       /* of the round */
    uint64_t due_ns;   /* of `next` */
    size_t fresh;      /* next that was never begun; n: none */
    uint64_t fresh_due_ns;
    uint64_t seed;
    uint64_t taken, taken_at_feed; /* for serve_schedule_alive() */
};

/*
 * Begin at `now_ns`; `n` may be 0, `interval_ns` not.
 *
 * `begun_ns` has for each target when it was due last, 0: never begun.  It is
 * the caller's and must outlive its use here; it is read and written.
 */
void serve_schedule_init(struct serve_schedule *schedule, size_t n,
                         uint64_t *begun_ns, uint64_t interval_ns,
                         uint64_t now_ns, uint64_t seed);

/* Go on with other targets, or another interval, from the same point of the
 * round.  `begun_ns` as above: what was known of a target goes with it. */
void serve_schedule_change(struct serve_schedule *schedule, size_t n,
                           uint64_t *begun_ns, uint64_t interval_ns,
                           uint64_t now_ns);

/* When the next one is due; UINT64_MAX: never. */
uint64_t serve_schedule_due(const struct serve_schedule *schedule);

/*
 * Take the next target that is due at `now_ns` into `*target`; false: none is.
 * A round that could not be kept up with is cut short: what is more than an
 * interval late is left out, and counted.
 */
bool serve_schedule_take(struct serve_schedule *schedule, uint64_t now_ns,
                         size_t *target);

/* The largest lag since it was asked for last. */
uint64_t serve_schedule_worst(struct serve_schedule *schedule);

/* For a watchdog: has the schedule advanced since this was asked last, or was
 * there nothing to do by `now_ns`? */
bool serve_schedule_alive(struct serve_schedule *schedule, uint64_t now_ns);

#endif /* SERVE_SCHEDULE_H */
