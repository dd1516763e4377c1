/*
 * load.c -- turns: which flow has what to send, and when all is over.
 *
 *     load_begin ─┬─ connect: open some flows, one more for each that settles
 *                 ├─ work:    fill every flow, or pump the schedule;
 *                 │           load_flow_ready() goes on
 *                 └─ close:   shut every flow
 *     end_if_over: nothing left to queue, nothing pending > on_done
 *
 * Closed loop: a flow gets its next batch when the last one is all answered, as
 * the other tools do; so a batch costs one write and, mostly, one read.
 *
 * Open loop: pump() takes from the schedule what is due and gives it to the
 * flows in turn.  When none has room it is blocked: what is due waits, with the
 * moment it was meant for, and goes to the first flow that has room again.
 */
#include "bench/load.h"

#include <assert.h>
#include <stdlib.h>

enum {
    OPENING_MAX = 64,    /* flows at a time */
    GRACE_MS_MAX = 1000, /* to send what is owed when the time is over */
    SILENCE_MS = 10000,  /* without any answer, then a run by requests ends */
    SAMPLES_MAX = 8,     /* of flows, at a time while they work */
    STOP_MS = 500,       /* patience with replies when told to stop */
};

#define MS_NS UINT64_C(1000000)

static bool is_open_loop(const struct load *load)
{
    return load->plan->rate > 0;
}

/* Is nothing left that could be queued? */
static bool is_exhausted(const struct load *load)
{
    if (is_open_loop(load))
        return pace_due(&load->pace) == UINT64_MAX;
    return load->budget == 0;
}

static void end_turn(struct load *load)
{
    load->busy = false;
    if (load->alarm.open)
        alarm_set(&load->alarm, UINT64_MAX);
    load->on_done(load);
    load->lane = NULL;
}

static void end_if_over(struct load *load)
{
    if (load->busy && load->turn.kind == TURN_WORK &&
        load->lane->pending == 0 && is_exhausted(load))
        end_turn(load);
}

/* Let `flow` write its queue, or come up for it. */
static void send_queue(struct load *load, struct flow *flow)
{
    if (flow->state == FLOW_UP)
        flow_write(flow);
    else if (load->plan->reconnect)
        flow_open(flow);
}

/* Closed loop: the next batch of a flow, when it has nothing more to do. */
static void next_batch(struct load *load, struct flow *flow, uint64_t now)
{
    bool ready = flow->state == FLOW_UP && !load->plan->reconnect;
    uint64_t n = load->budget;

    if (flow->in_flight + flow->queued > 0)
        return;
    if (!ready && flow_room(flow) == 0)
        return;
    if (n > flow->depth)
        n = flow->depth;
    load->budget -= n;
    for (; n > 0; n--)
        flow_queue(flow, now);
    if (flow->queued > 0)
        send_queue(load, flow);
}

/* Open loop: the flow whose turn it is among those that have room. */
static struct flow *next_flow(struct lane *lane)
{
    struct flow *flow;

    for (unsigned tried = 0; tried < lane->nflows; tried++) {
        flow = &lane->flows[lane->next];
        if (++lane->next == lane->nflows)
            lane->next = 0;
        if (flow_room(flow) > 0)
            return flow;
    }
    return NULL;
}

/* How many of those that are due `flow` gets at once: they are spread. */
static uint64_t share_of(struct load *load, const struct flow *flow,
                         uint64_t now)
{
    uint64_t share, room = flow_room(flow);

    if (room == 1)
        return 1;
    share = pace_owed(&load->pace, now) / load->lane->nflows;
    if (share == 0)
        share = 1;
    return share < room ? share : room;
}

/* Requests are seen to be due, each of them once.  When no flow is waited for
 * it is the loop that sees them late, also those that no flow will have room
 * for.
 */
static void see_due(struct load *load, uint64_t now)
{
    uint64_t end = load->pace.next + pace_owed(&load->pace, now);
    struct tally *tally = load->tally;

    for (uint64_t i = load->seen; !load->blocked && i < end; i++) {
        uint64_t due = pace_at(&load->pace, i);

        tally->ticks++;
        if (now > due)
            histogram_record(tally->lag, now - due, 1);
    }
    load->seen = end;
}

/* Send what is due; `free` may have room, NULL: who knows. */
static void pump(struct load *load, struct flow *free, uint64_t now)
{
    if (pace_due(&load->pace) <= now)
        see_due(load, now);
    while (pace_due(&load->pace) <= now) {
        struct flow *flow = free;
        uint64_t n;

        if (!flow || flow_room(flow) == 0)
            flow = load->blocked ? NULL : next_flow(load->lane);
        load->blocked = flow == NULL;
        if (!flow)
            return;
        n = share_of(load, flow, now);
        for (; n > 0 && pace_due(&load->pace) <= now; n--) {
            flow_queue(flow, pace_take(&load->pace));
            load->tally->offered++;
        }
        send_queue(load, flow);
    }
    load->blocked = false;
}

/* Wake up for what is due next; when blocked a flow does that. */
static void rearm(struct load *load)
{
    uint64_t at = UINT64_MAX;

    if (!load->blocked)
        at = pace_alarm(&load->pace, net_now());
    if (at != UINT64_MAX || load->alarm.at_ns != 0)
        alarm_set(&load->alarm, at);
}

void load_on_alarm(void *data)
{
    struct load *load = data;

    if (load->busy) {
        pump(load, NULL, net_now());
        rearm(load);
    } else {
        alarm_set(&load->alarm, UINT64_MAX);
    }
}

/* After a read: what has become due meanwhile need not wait for the alarm. */
static void pump_after(struct load *load, struct flow *flow, uint64_t now)
{
    pump(load, flow, now);
    if (!load->blocked && load->alarm.at_ns == 0)
        rearm(load);
}

void load_flow_ready(struct load *load, struct flow *flow, uint64_t now)
{
    if (flow->state == FLOW_UP)
        load->heard_ns = now;
    if (!load->busy || load->turn.kind != TURN_WORK || flow->lane != load->lane)
        return;
    if (flow->queued > 0)
        send_queue(load, flow);
    if (is_open_loop(load))
        pump_after(load, flow, now);
    else
        next_batch(load, flow, now);
    end_if_over(load);
}

void load_flow_lost(struct load *load)
{
    end_if_over(load);
}

/* Connecting: keep some flows opening, until all have tried. */
static void open_more(struct load *load)
{
    struct lane *lane = load->lane;

    while (lane->opened < lane->nflows &&
           lane->opened - lane->settled < OPENING_MAX)
        flow_open(&lane->flows[lane->opened++]);
    if (lane->settled == lane->nflows)
        end_turn(load);
}

void load_flow_settled(struct load *load, struct flow *flow)
{
    flow->lane->settled++;
    if (load->busy && load->turn.kind == TURN_CONNECT &&
        flow->lane == load->lane)
        open_more(load);
}

/* This worker's part of what all are to do together. */
static uint64_t part_of(const struct load *load, uint64_t requests)
{
    return requests / load->workers +
           (load->worker < requests % load->workers ? 1 : 0);
}

static void begin_schedule(struct load *load)
{
    const struct turn *turn = &load->turn;

    load->pace = pace_begin(load->plan->rate, turn->begin_ns, load->worker,
                            load->workers);
    if (turn->requests > 0)
        load->pace.count = part_of(load, turn->requests);
    load->pace.end_ns = load->end_ns;
    load->seen = 0;
    rearm(load);
}

static void begin_work(struct load *load)
{
    const struct turn *turn = &load->turn;
    uint64_t now = net_now(), grace_ns = load->plan->timeout_ms * MS_NS;
    struct lane *lane = load->lane;

    if (grace_ns > GRACE_MS_MAX * MS_NS)
        grace_ns = GRACE_MS_MAX * MS_NS;
    load->heard_ns = now;
    load->end_ns = turn->ns > 0 ? turn->begin_ns + turn->ns : UINT64_MAX;
    load->give_up_ns = turn->ns > 0 ? load->end_ns + grace_ns : UINT64_MAX;
    load->budget =
        turn->requests > 0 ? part_of(load, turn->requests) : UINT64_MAX;
    if (is_open_loop(load))
        begin_schedule(load);
    else
        for (unsigned i = 0; i < lane->nflows; i++)
            next_batch(load, &lane->flows[i], now);
    end_if_over(load);
}

void load_flow_shut(struct load *load)
{
    load->open_flows--;
    if (load->open_flows > 0)
        return;
    alarm_close(&load->alarm);
    end_turn(load);
}

static void begin_close(struct load *load)
{
    unsigned nflows = 0;

    for (unsigned side = 0; side < load->plan->nsides; side++)
        nflows += load->lanes[side].nflows;
    load->open_flows = nflows + 1; /* so that it ends below, at the earliest */
    for (unsigned side = 0; side < load->plan->nsides; side++)
        for (unsigned i = 0; i < load->lanes[side].nflows; i++)
            flow_shut(&load->lanes[side].flows[i]);
    load_flow_shut(load);
}

void load_begin(struct load *load, const struct turn *turn)
{
    assert(!load->busy);
    load->turn = *turn;
    load->busy = true;
    load->blocked = false;
    load->patience_ns = load->plan->timeout_ms * MS_NS;
    load->lane = turn->kind == TURN_CLOSE ? NULL : &load->lanes[turn->side];
    if (turn->kind == TURN_CLOSE)
        begin_close(load);
    else if (turn->kind == TURN_CONNECT)
        open_more(load);
    else
        begin_work(load);
}

/* The time is over: what could not be sent is owed, or was never wanted. */
static void cut(struct load *load, uint64_t now)
{
    struct lane *lane = load->lane;
    uint64_t dropped = 0, owed;

    assert(lane);
    for (unsigned i = 0; i < lane->nflows; i++)
        dropped += flow_drop(&lane->flows[i]);
    if (is_open_loop(load)) {
        owed = pace_owed(&load->pace, now);
        load->tally->offered += owed;
        load->tally->owed += owed + dropped;
        load->pace.count = 0;
    }
    load->budget = 0;
    end_if_over(load);
}

/* Requests that fill a socket leave by the loop. */
struct flow *load_only_flow(const struct load *load)
{
    const struct lane *lane = load->lane;
    struct flow *flow;

    if (!load->busy || load->turn.kind != TURN_WORK || lane->nflows != 1 ||
        is_open_loop(load) || load->plan->reconnect || lane->side->tls ||
        load->mix.largest > LOAD_BATCH_MAX)
        return NULL;
    flow = &lane->flows[0];
    return flow->state == FLOW_UP && flow->in_flight > 0 &&
                   flow->why == CAUSE_OK && net_conn_sent(&flow->conn)
               ? flow
               : NULL;
}

void load_stop(struct load *load)
{
    if (!load->busy || load->turn.kind != TURN_WORK)
        return;
    load->patience_ns = STOP_MS * MS_NS;
    cut(load, net_now());
}

/* A run that ends by requests must also end when there are no answers. */
static bool is_hopeless(const struct load *load, uint64_t now)
{
    return load->turn.ns == 0 && now > load->heard_ns +
                                           load->plan->timeout_ms * MS_NS +
                                           SILENCE_MS * MS_NS;
}

void load_tick(struct load *load, uint64_t now)
{
    struct lane *lane = load->lane;

    if (!load->busy || load->turn.kind != TURN_WORK)
        return;
    for (unsigned i = 0; i < lane->nflows; i++)
        flow_expire(&lane->flows[i], now, load->patience_ns);
    if (is_hopeless(load, now))
        load_stop(load);
    if (!load->busy || now < load->end_ns)
        return;
    if (!is_open_loop(load) || now >= load->give_up_ns)
        cut(load, now);
}

uint64_t load_next_end(const struct load *load)
{
    if (load->turn.kind != TURN_WORK)
        return UINT64_MAX;
    return is_open_loop(load) ? load->give_up_ns : load->end_ns;
}

void load_sample(struct load *load, bool all)
{
    struct lane *lane = load->lane;
    unsigned n;

    if (!lane)
        return;
    n = all || lane->nflows < SAMPLES_MAX ? lane->nflows : SAMPLES_MAX;
    for (; n > 0; n--) {
        flow_sample(&lane->flows[lane->sampled]);
        if (++lane->sampled == lane->nflows)
            lane->sampled = 0;
    }
}
