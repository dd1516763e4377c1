/*
 * deadline.h -- any number of deadlines on one timer of the loop.
 *
 * A uv_timer_t is 152 bytes and a connection in flight needs one; this is 40.
 * Milliseconds of the loop's clock (uv_now()); the earliest comes first.
 */
#ifndef NET_DEADLINE_H
#define NET_DEADLINE_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

struct net_deadline;

/* It is over.  `deadline` is unset before the call and may be set again. */
typedef void (*net_deadline_cb)(struct net_deadline *deadline);

/* Embed it; zeroed is unset. */
struct net_deadline {
    /* private */
    net_deadline_cb cb; /* NULL: unset */
    uint64_t due_ms;
    struct net_deadline *child;   /* a later one below this one */
    struct net_deadline *sibling; /* the next below the same one */
    struct net_deadline *back;    /* the one before, or the one above */
};

/* All of a loop. */
struct net_deadlines {
    uv_timer_t timer;
    struct net_deadline *first;
};

void net_deadlines_init(struct net_deadlines *all, uv_loop_t *loop);

/* Close the timer; the loop must run once more.  Requires: all are unset. */
void net_deadlines_close(struct net_deadlines *all);

/* Let `cb` run from the loop in `ms`; one that was set before is forgotten. */
void net_deadline_set(struct net_deadlines *all, struct net_deadline *deadline,
                      net_deadline_cb cb, uint64_t ms);

/* Forget it.  Harmless when it is unset. */
void net_deadline_clear(struct net_deadlines *all,
                        struct net_deadline *deadline);

#endif /* NET_DEADLINE_H */
