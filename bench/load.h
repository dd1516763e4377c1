/*
 * load.h -- a worker's share of the load: which flow sends what, and when.
 *
 * A lane is the worker's flows of one side.  One lane is at work at a time, for
 * a turn:
 *
 *     CONNECT  open all its flows, some at a time; ends when each has tried
 *     WORK     closed loop: every flow has a batch in flight, always
 *              open loop: requests leave when the schedule has them due
 *              ends when the time or the requests are over, and all replies
 *              are in
 *     CLOSE    of all lanes; ends when nothing of libuv is left
 *
 * `on_done` tells the end of a turn, once.
 */
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/flow.h"
#include "bench/mix.h"
#include "bench/pace.h"
#include "bench/plan.h"
#include "bench/tally.h"
#include "net/loop.h"
#include "resp/encode.h"

enum {
    /* TLS encrypts a piece of this size at once, so the bytes are ours again
     * after every write. */
    LOAD_BATCH_MAX = 15 * 1024,
};

enum turn_kind {
    TURN_CONNECT,
    TURN_WORK,
    TURN_CLOSE,
};

struct turn {
    enum turn_kind kind;
    unsigned side;
    uint64_t begin_ns; /* of the schedule */
    uint64_t ns;       /* how long; 0: until the requests are done */
    uint64_t requests; /* of all workers together; 0: no limit */
    bool laps;         /* exchange tallies every second */
};

struct load;

struct lane {
    struct load *load;
    const struct bench_side *side;
    struct resp_batch login;       /* owned */
    unsigned generation;           /* of it */
    unsigned logging_in;           /* flows that are saying it */
    struct flow *flows;            /* owned */
    struct flow_request *requests; /* owned: the rings of all flows */
    unsigned nflows;
    unsigned next;            /* the flow whose turn it is (open loop) */
    uint64_t pending;         /* requests that are queued or in flight */
    unsigned sampled;         /* the next one to sample */
    unsigned opened, settled; /* while they connect */
};

typedef void (*load_done_cb)(struct load *load);

struct load {
    const struct bench_plan *plan;
    struct net_loop *loop;
    struct tally *tally; /* to count in; may change at any time */
    unsigned worker, workers;
    load_done_cb on_done;
    void *data;

    /* private */
    struct mix mix;
    uint64_t jitter; /* the state of the random numbers of pauses */
    char *batch;     /* LOAD_BATCH_MAX; owned; NULL: one request at a time */
    struct lane lanes[BENCH_SIDES_MAX];
    struct lane *lane; /* at work; NULL: none */
    struct turn turn;
    bool busy;       /* a turn is on */
    bool blocked;    /* open loop: requests are due and no flow has room */
    uint64_t budget; /* closed loop: requests yet to be queued */
    struct pace pace;
    uint64_t seen; /* requests of it were seen to be due */
    struct alarm alarm;
    uint64_t end_ns;      /* queue nothing that is due at or after this */
    uint64_t give_up_ns;  /* owe what is not sent by then */
    uint64_t patience_ns; /* for a reply */
    uint64_t heard_ns;    /* when something was last answered */
    uint64_t ask_ns;      /* the kernel, of the first bytes from then on, ... */
    uint64_t came_ns;     /* ... when they came */
    unsigned open_flows;  /* while they close */
};

/*
 * Make flows, templates and memory for all that follows; the public fields are
 * set.  false: out of memory or of descriptors.  load_deinit() must follow.
 */
bool load_init(struct load *load, const struct mix_plan *mix);
void load_deinit(struct load *load);

/* Begin a turn.  Requires: none is on. */
void load_begin(struct load *load, const struct turn *turn);

/* End it early: nothing more is sent, what is in flight is waited for, but not
 * for long.  Does nothing when none is on. */
void load_stop(struct load *load);

/* The flow that is all that the turn waits for, the clock aside: one with a
 * batch in flight, in a closed loop.  NULL: there is more, or nothing. */
struct flow *load_only_flow(const struct load *load);

/* Look after times: ends of turns, replies that are overdue.  To be called
 * several times a second, and at load_next_end(). */
void load_tick(struct load *load, uint64_t now);

/* When the turn must end, or be cut; UINT64_MAX: not by time. */
uint64_t load_next_end(const struct load *load);

/* Sample what the kernel knows of the flows at work, into the tally: of all, or
 * of the next few. */
void load_sample(struct load *load, bool all);

/* The alarm's callback: something is due. */
void load_on_alarm(void *data);

/* From flows: one has room (its replies were settled by `now`); its first
 * opening has ended; it has lost all it had; it is closed for good. */
void load_flow_ready(struct load *load, struct flow *flow, uint64_t now);
void load_flow_settled(struct load *load, struct flow *flow);
void load_flow_lost(struct load *load);
void load_flow_shut(struct load *load);

#endif /* BENCH_LOAD_H */
