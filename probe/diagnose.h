/*
 * diagnose.h -- second probes: what splits two failures that look alike.
 *
 * After the first failure of an address, and only where it can be split, more
 * connections are tried: TLS where plain bytes found no answer, plain where TLS
 * found none, another source port, the address that MOVED names, ...  All of
 * them together take one stage's budget at most and end by the deadline.  They
 * write no key: a PING is all that is asked, and once, last, a line without an
 * end.  What they see is evidence (struct evidence_second); no ids.
 */
#ifndef PROBE_DIAGNOSE_H
#define PROBE_DIAGNOSE_H

#include "probe/trial.h"

enum {
    DIAGNOSE_PORTS = 6,  /* source ports, */
    DIAGNOSE_LOCALS = 6, /* ... and beside them other local addresses */
    DIAGNOSE_LADDER = 8, /* sizes of PING */
};

struct diagnosis;

/* A SYN from a port, or an address, of our choice. */
struct diagnosis_port {
    struct net_dial dial;
    struct net_addr source;
    uint8_t status; /* enum net_status: what came of it */
};
typedef void (*diagnosis_cb)(struct diagnosis *diagnosis);

struct diagnosis {
    void *data; /* the caller's; never touched */

    /* private */
    struct probe_world *world;
    const struct probe_target *target;
    struct evidence_address *evidence;
    uint64_t deadline_ns;
    diagnosis_cb cb;
    uint8_t at;    /* enum second: under way */
    uint8_t round; /* of SECOND_PORTS */
    bool canceled;
    unsigned running;
    unsigned ntrials, nports;
    struct resp_batch bytes; /* what the trials send, one after the other */
    struct net_addr redirect;
    struct trial_plan plan;       /* what they have in common */
    struct trial *trials;         /* of the kind at work; owned */
    struct diagnosis_port *ports; /* of SECOND_PORTS; owned */
};

/* Can a second probe split what `evidence` shows?  Pure. */
bool diagnose_wanted(const struct probe_target *target,
                     const struct evidence_address *evidence);

/*
 * Make the second probes of `evidence`, which gets a `second`.  The contract of
 * net/: `cb` runs once, from the loop.  Requires: diagnose_wanted().
 */
void diagnose_start(struct diagnosis *diagnosis, struct probe_world *world,
                    const struct probe_target *target,
                    struct evidence_address *evidence, uint64_t deadline_ns,
                    diagnosis_cb cb);
void diagnose_cancel(struct diagnosis *diagnosis);
void diagnose_deinit(struct diagnosis *diagnosis);

#endif /* PROBE_DIAGNOSE_H */
