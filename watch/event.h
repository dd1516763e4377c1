/*
 * event.h -- something changed: what, where, from what, to what.
 *
 * Plain data, told once and lent for the call.
 */
#ifndef WATCH_EVENT_H
#define WATCH_EVENT_H

#include "watch/snapshot.h"

/* clang-format off */
#define EVENT_MAP(X)                                                          \
    X(START, "start")             /* the first check: how it stands */         \
    X(VERDICT, "verdict")         /* of the target, or of one address */       \
    X(ADDRESSES, "addresses")     /* the set that the name stands for */       \
    X(TTL, "ttl")                 /* of the answer */                          \
    X(ROLE, "role")               /* of an address: a failover */              \
    X(RUN_ID, "run_id")           /* another process answers there */          \
    X(LATENCY, "latency")         /* a stage of an address stepped */          \
    X(CERTIFICATE, "certificate") /* another one, or its end is near */        \
    X(STOP, "stop")               /* the watch ends */
/* clang-format on */

enum event_kind {
#define X(name, token) EVENT_##name,
    EVENT_MAP(X)
#undef X
        EVENT_COUNT
};

const char *event_token(enum event_kind kind);

enum {
    EVENT_TEXT_MAX = 64,
};

struct event {
    enum event_kind kind;
    int64_t time_ms;            /* of the check that showed it */
    enum check_status status;   /* of what is told; of the target now */
    const struct snapshot *now; /* NULL: STOP without a check */
    const struct snapshot_address *address; /* NULL: of the target */

    /* VERDICT, ROLE, RUN_ID, and LATENCY, TTL, CERTIFICATE as text too; ""
     * where there was none before */
    char from[EVENT_TEXT_MAX], to[EVENT_TEXT_MAX];
    unsigned times; /* VERDICT: checks in a row that said so */

    /* ADDRESSES */
    unsigned nadded, nremoved;
    struct net_addr added[NET_ADDRS_MAX], removed[NET_ADDRS_MAX];

    /* LATENCY */
    enum stage stage; /* STAGE_COUNT: none */
    uint32_t from_us, to_us;

    /* TTL, and CERTIFICATE: days left */
    int64_t from_n, to_n;
};

#endif /* WATCH_EVENT_H */
