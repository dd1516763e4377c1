/*
 * probe.h -- one address: connect, speak, write, read, clean up, close; and
 * evidence of all of it.
 *
 * A probe collects and decides nothing: no ids, no statuses of a check.  It
 * keeps the contract of net/: start returns nothing, the callback runs exactly
 * once and from the loop, when everything is closed; cancel ends in the
 * ordinary callback.
 *
 * It writes one key, `key_prefix` + 32 random hexadecimal digits, with NX and
 * a time to live of 60 s, and deletes it only when its SET was acknowledged.
 */
#ifndef PROBE_PROBE_H
#define PROBE_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/conn.h"
#include "net/dial.h"
#include "net/local.h"
#include "net/resolve.h"
#include "probe/ask.h"
#include "probe/target.h"
#include "resp/encode.h"
#include "resp/reader.h"
#include "verdict/evidence.h"

/* What a probe needs of the world: net/, or a fake of the same signatures. */
struct probe_io {
    uint64_t (*now)(void);
    void (*resolve)(struct net_resolve *, const struct net_question *,
                    net_resolve_cb);
    void (*resolve_cancel)(struct net_resolve *);
    unsigned (*servers)(const struct net_resolver *);
    unsigned (*locals)(const struct net_addr *, struct net_local *, unsigned);
    void (*connect)(struct net_conn *, const struct net_addr *,
                    const struct net_addr *, net_conn_cb);
    void (*handshake)(struct net_conn *, struct net_tls_context *, const char *,
                      net_conn_cb);
    void (*exchange)(struct net_conn *, const char *, size_t, net_feed_cb,
                     net_conn_cb);
    bool (*sent)(const struct net_conn *);
    void (*wait)(struct net_conn *, unsigned, net_conn_cb);
    void (*cancel)(struct net_conn *);
    void (*close)(struct net_conn *, net_conn_cb);
    void (*dial)(struct net_dial *, const struct net_addr *,
                 const struct net_addr *, unsigned, net_dial_cb);
    void (*dial_cancel)(struct net_dial *);
    struct net_tcpinfo (*tcpinfo)(const struct net_conn *);
    uint32_t (*waited_ms)(const struct net_conn *);
    const struct net_tls_info *(*tls)(const struct net_conn *);
    struct net_tls_context *(*tls_new)(const struct net_tls_config *, char *,
                                       size_t);
    void (*tls_free)(struct net_tls_context *);
};

extern const struct probe_io probe_io_net; /* net_now() and net/ */

/*
 * What all probes of one loop share: the world, and memory that is used for a
 * moment at a time.  Zeroed but for `io` and `loop`; probe_world_deinit().
 */
struct probe_world {
    const struct probe_io *io;
    struct net_loop *loop; /* NULL in a fake world */

    /* private */
    struct resp_reader *spare; /* between two replies any probe can use it */
    struct resp_batch *batch;  /* commands on their way out; made on need */
    struct net_tls_context *anybody; /* trusts all: for second probes */
};

void probe_world_deinit(struct probe_world *world);

/* What a probe does next; in this order, but for what is not wanted. */
enum probe_step {
    STEP_CONNECT,
    STEP_HANDSHAKE,
    STEP_GREET,   /* AUTH, SELECT, PING, ROLE, INFO server: one write, with
                     SET and GET where they need not wait for a reply */
    STEP_REPLICA, /* INFO replication, where ROLE is not allowed */
    STEP_STORE,   /* SET and GET: one write */
    STEP_PAYLOAD, /* the same with a size of --payload; once for each */
    STEP_CLEANUP, /* DEL */
    STEP_IDLE,    /* --idle: silence, the twin beside it */
    STEP_WAKE,    /* ... and a PING */
    STEP_CLOSE,
};

struct probe;
struct diagnosis;
typedef void (*probe_cb)(struct probe *probe);

struct probe {
    void *data;                       /* the caller's; never touched */
    struct evidence_address evidence; /* the caller's from the callback on */

    /* private */
    const struct probe_target *target;
    struct probe_world *world;
    probe_cb cb;
    struct resp_reader *reader;  /* holds a part of a reply; else NULL */
    struct resp_batch *held;     /* what the socket did not take at once */
    struct probe *twin;          /* --idle: the other connection */
    struct diagnosis *diagnosis; /* second probes, while they are made */
    uint64_t deadline_ns;
    struct ask_key key;
    uint8_t step;                 /* enum probe_step */
    uint8_t round;                /* of STEP_PAYLOAD */
    uint8_t asked[ASK_BATCH_MAX]; /* enum ask of the replies due */
    uint8_t nasked, nanswered;
    bool garbled; /* not RESP: collecting the first bytes of it */
    bool equal;   /* the bulk that came last is the value expected */
    bool in_step; /* all that was asked is answered */
    bool is_twin;
    bool failed; /* the first failure has been noted */
    bool closed; /* but the twin is still at work */
    uint64_t sent_ns;
    struct net_conn conn;
};

/*
 * Probe `addr` as `target` and its options say; all of it must live until the
 * callback.  `deadline_ns` is the latest end (the silence of --idle is in it).
 * The probe's memory is the caller's: `data` is set, the rest is not read.
 */
void probe_start(struct probe *probe, struct probe_world *world,
                 const struct probe_target *target, const struct net_addr *addr,
                 uint64_t deadline_ns, probe_cb cb);

/* End soon: the stage at work ends in CAUSE_CANCELED. */
void probe_cancel(struct probe *probe);

/* Release what the evidence owns. */
void probe_deinit(struct probe *probe);

#endif /* PROBE_PROBE_H */
