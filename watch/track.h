/*
 * track.h -- one target over time: each check is compared with those before
 * it, and what changed is told.
 *
 * Hysteresis, as load balancers have it: bad news count after `fall` checks in
 * a row, good news after `rise`; from one failure to another one counts as bad
 * news.  What `track` holds between two calls is the last snapshot and a few
 * numbers an address; an address that left is forgotten.
 *
 * A look-up that failed is no empty set of addresses: the verdict tells it.
 *
 * The TTL that a caching resolver counts down is no change; another TTL after
 * it was fetched anew is.
 */
#ifndef WATCH_TRACK_H
#define WATCH_TRACK_H

#include "watch/event.h"
#include "watch/latency.h"

enum {
    TRACK_HISTORY = 64,
};

#define TRACK_FAILED UINT32_MAX

typedef void (*track_event_cb)(void *data, const struct event *event);

/* A verdict that is believed, and one that may follow. */
struct track_state {
    char id[SNAPSHOT_ID_MAX]; /* "": none yet */
    enum check_status status;
    char next[SNAPSHOT_ID_MAX];
    unsigned times;   /* ... seen in a row */
    int64_t since_ms; /* when the believed one was first seen */
    int64_t next_ms;
};

struct track_address {
    struct net_addr addr;
    struct track_state state;
    uint8_t role;
    char run_id[48];
    int64_t not_after;
    int warned_days; /* of the certificate: the mark told last */
    bool known;      /* this one was told of: it is no newcomer */
    struct latency latency[STAGE_COUNT];
    uint32_t history[TRACK_HISTORY]; /* total times, the oldest first; */
    unsigned nhistory;               /* TRACK_FAILED: it failed */
};

struct track {
    /* set by the caller */
    unsigned rise, fall; /* >= 1 */
    track_event_cb event;
    void *data;

    /* what is believed now; lent */
    struct track_state state;
    struct track_address *addresses; /* owned */
    unsigned naddresses;
    uint64_t checks, failed;
    struct latency dns;

    /* private */
    bool started, resolved;
    int64_t ttl_s, ttl_seen_s, ttl_time_ms;
};

/* One more check.  false: out of memory; nothing was told. */
bool track_add(struct track *track, const struct snapshot *snapshot);

/* What is known of `addr`; NULL: nothing. */
const struct track_address *track_find(const struct track *track,
                                       const struct net_addr *addr);

void track_free(struct track *track);

#endif /* WATCH_TRACK_H */
