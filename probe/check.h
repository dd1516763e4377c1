/*
 * check.h -- one target: resolve its name, probe every address at the same
 * time, look up more where names may explain a failure, and hold the evidence
 * together.
 *
 * The contract of net/: the callback runs exactly once and from the loop, when
 * all is closed; cancel ends in it too.
 */
#ifndef PROBE_CHECK_H
#define PROBE_CHECK_H

#include "probe/probe.h"

struct check;
struct distance;
struct lookups;
typedef void (*check_cb)(struct check *check);

struct check {
    void *data;                      /* the caller's; never touched */
    struct evidence_target evidence; /* the caller's from the callback on */
    int64_t time_ms; /* wall clock at the start, since the epoch */

    /* private */
    const struct probe_target *target;
    struct probe_world *world;
    check_cb cb;
    struct probe *probes;        /* evidence.naddresses of them */
    unsigned running;            /* of them */
    struct net_resolve *resolve; /* NULL: a literal; its answer is evidence */
    struct lookups *lookups;     /* NULL: none called for; its evidence, too */
    struct distance *distance;   /* NULL: none called for */
    bool resolving, looking_up, measuring;
};

/*
 * Get ready to check `target`, which must outlive the check.  Returns false
 * when out of memory; check_deinit() is due either way.
 */
bool check_init(struct check *check, struct probe_world *world,
                const struct probe_target *target);

/* Begin.  Requires: just initialised. */
void check_start(struct check *check, check_cb cb);

/* End soon; what was not done is CAUSE_CANCELED.  Harmless when not running. */
void check_cancel(struct check *check);

/* Release all.  Requires: not running. */
void check_deinit(struct check *check);

#endif /* PROBE_CHECK_H */
