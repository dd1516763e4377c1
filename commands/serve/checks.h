/*
 * checks.h -- the targets of a plan, checked in the background.
 *
 * One timer for all of them, by serve/schedule.h.  A target whose check is
 * still under way when it is due again is passed over.
 */
#ifndef COMMANDS_SERVE_CHECKS_H
#define COMMANDS_SERVE_CHECKS_H

#include "commands/serve/job.h"
#include "serve/schedule.h"

struct serve_checks_item;

struct serve_checks {
    struct serve_plan *plan; /* referenced; NULL before the first */
    struct serve_schedule schedule;
    unsigned in_flight, most;
    uint64_t skipped; /* due while still under way, or no room */
    size_t unchecked; /* targets without a result yet */
    uint64_t other_checks, other_failed; /* of /probe, for the counters */

    /* private */
    struct net_loop *loop;
    struct probe_world world;
    struct serve_checks_item *items; /* in flight */
    struct serve_unpacked *room;
    uv_timer_t timer;
    uint64_t told_ns; /* when changes were logged ... */
    unsigned told;    /* ... and how many in that second */
    uint64_t lag_ns, looked_ns;
    bool stopping;
};

/* false: out of memory. */
bool serve_checks_init(struct serve_checks *checks, struct net_loop *loop);

/* Check the targets of `plan` from now on.  A check in flight of a target that
 * the plan before had, too, goes on and counts. */
void serve_checks_use(struct serve_checks *checks, struct serve_plan *plan);

/* How late a check was at most, within the last interval or two. */
uint64_t serve_checks_lag_ns(const struct serve_checks *checks);

/* End: cancel what is in flight; the loop then runs until nothing is. */
void serve_checks_stop(struct serve_checks *checks);
void serve_checks_deinit(struct serve_checks *checks);

#endif /* COMMANDS_SERVE_CHECKS_H */
