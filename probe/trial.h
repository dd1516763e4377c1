/*
 * trial.h -- one connection tried: connect [> handshake] [> exchange] > close.
 *
 * The hand of the second probes: it speaks, listens for the first bytes and
 * judges nothing.  The contract of net/: the callback runs exactly once, from
 * the loop, when all is closed; cancel ends in it too.
 */
#ifndef PROBE_TRIAL_H
#define PROBE_TRIAL_H

#include "probe/probe.h"
#include "verdict/evidence.h"

struct trial;
typedef void (*trial_cb)(struct trial *trial);

/* What to try, of any number of trials; plain data, the caller's until the
 * callbacks. */
struct trial_plan {
    const struct net_addr *addr;
    const struct net_addr *source; /* NULL: any; its port counts */
    struct net_tls_context *tls;   /* NULL: plain */
    const char *tls_name;
    unsigned timeout_ms; /* of each operation */
};

struct trial {
    void *data;                 /* the caller's; never touched */
    struct evidence_trial seen; /* the caller's from the callback on */

    /* set before the start, each time */
    const char *bytes; /* to send; NULL: connect (and shake hands) only */
    uint32_t nbytes;
    uint32_t nreply; /* how many bytes of answer are enough; >= 1 */

    /* private */
    struct probe_world *world;
    const struct trial_plan *plan;
    trial_cb cb;
    uint64_t sent_ns; /* when the exchange began */
    uint32_t received;
    struct net_conn conn;
};

void trial_start(struct trial *trial, struct probe_world *world,
                 const struct trial_plan *plan, trial_cb cb);
void trial_cancel(struct trial *trial);

#endif /* PROBE_TRIAL_H */
