/*
 * fleet.h -- many targets, so many in flight; each until it is done.
 *
 * Done is: checked once; or, with `wait_ms`, OK so many times in a row, or
 * the time is over.  Results are handed out in the order of completion and
 * lent for the call.
 */
#ifndef PROBE_FLEET_H
#define PROBE_FLEET_H

#include "probe/check.h"
#include "verdict/combine.h"

struct fleet;
struct fleet_item;

/* The next target to check, or NULL when there is none left. */
typedef const struct probe_target *(*fleet_next_cb)(void *data);

/* A check of `target` has ended, the last or not.  true: check it once more at
 * once (its login may have changed meanwhile). */
typedef bool (*fleet_again_cb)(void *data, const struct probe_target *target,
                               const struct outcome *outcome);

/* `check` is done; `outcome` is its verdict, or NULL when there was no memory
 * for one (then `check` may be NULL as well). */
typedef void (*fleet_done_cb)(void *data, const struct probe_target *target,
                              const struct check *check,
                              const struct outcome *outcome);

struct fleet {
    void *data; /* for the callbacks */
    struct probe_world *world;
    fleet_next_cb next;
    fleet_again_cb again; /* NULL: never */
    fleet_done_cb done;
    unsigned concurrency; /* >= 1 */
    unsigned wait_ms;     /* repeat until OK, this long; 0: check once */
    unsigned interval_ms; /* between two checks of a target */
    unsigned consecutive; /* OKs in a row that end the wait; >= 1 */
    int signal; /* set before fleet_cancel(): what ended it; 0: the time */

    /* private */
    struct fleet_item *items; /* in flight */
    unsigned in_flight;
    bool exhausted, canceled;
    struct net_deadline more; /* when it goes on to begin */
};

/* Begin; the loop then runs until all are done. */
void fleet_start(struct fleet *fleet);

/* End what is in flight soon, and begin nothing new.  From the loop's thread,
 * at any time. */
void fleet_cancel(struct fleet *fleet);

#endif /* PROBE_FLEET_H */
