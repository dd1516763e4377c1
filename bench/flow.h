/*
 * flow.h -- one connection under load.
 *
 *     DOWN > OPENING (connect > [handshake] > [login]) > UP > CLOSING > DOWN
 *                 \______________________________________/       |
 *     WAITING <--------------------------------------------------/  (retry)
 *
 * Requests are queued with the moment they are meant for, written when the
 * connection is up, and settled in order by the replies:
 *
 *     ring  [ in flight: written ][ queued ][ room ]
 *            ^ head
 *
 * What a lost connection had in flight is counted as such; what was only queued
 * stays, and leaves when it is up again.  Everything ends from the loop.
 */
#ifndef BENCH_FLOW_H
#define BENCH_FLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/login.h"
#include "net/conn.h"
#include "resp/scan.h"
#include "verdict/cause.h"

struct lane;

struct flow_request {
    uint64_t intended_ns; /* when it was due (open loop), or queued */
    uint64_t sent_ns;
    uint8_t command;
};

enum flow_state {
    FLOW_DOWN,
    FLOW_WAITING, /* to be opened again */
    FLOW_OPENING,
    FLOW_UP,
    FLOW_CLOSING,
};

struct flow {
    struct net_conn conn;
    struct lane *lane;
    unsigned address; /* which one of the side's */
    enum flow_state state;

    /* requests */
    struct flow_request *ring; /* the lane's */
    unsigned depth;            /* of the ring */
    unsigned head, in_flight, queued;
    struct resp_scan scan;

    /* life */
    enum cause why; /* we end it ourselves: the reason; or CAUSE_OK */
    bool shut;      /* for good */
    bool settled;   /* its first opening has ended, well or not */
    bool was_up;
    unsigned failures;    /* openings in a row */
    uint64_t opened_ns;   /* when the opening began */
    uint32_t retransmits; /* as last seen */
    struct net_deadline retry;
    struct login login;
};

/* How many more requests it can take now.  One that is opened for every request
 * takes one while it is down. */
unsigned flow_room(const struct flow *flow);

/* Queue a request meant for `intended_ns`.  Requires: there is room. */
void flow_queue(struct flow *flow, uint64_t intended_ns);

/* Write what is queued, as much as the socket takes.  Requires: it is up. */
void flow_write(struct flow *flow);

/* Forget what is queued; returns how many. */
unsigned flow_drop(struct flow *flow);

/* Bytes have come: the feed of its exchange. */
enum net_feed flow_feed(struct net_conn *conn, const char *bytes, size_t n);

/* The life (flow_life.c): open it; end it if a reply is overdue at `now`; end
 * it for good, which load_flow_shut() tells; sample what the kernel knows. */
void flow_open(struct flow *flow);
void flow_expire(struct flow *flow, uint64_t now, uint64_t patience_ns);
void flow_shut(struct flow *flow);
void flow_sample(struct flow *flow);

/* When the bytes came that were read last, at `now`, as the kernel has it: a
 * few milliseconds less or more.  What it waited since then is ours, however
 * slow the server was before. */
uint64_t flow_heard(const struct flow *flow, uint64_t now);

#endif /* BENCH_FLOW_H */
