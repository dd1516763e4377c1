/*
 * flow_life.c -- how a flow comes up, goes down and comes up again.
 *
 *     flow_open > on_connected > [on_handshaken] > [on_login] > up()
 *                       \______________\_______________\> fail()
 *     on_over: the exchange of all its requests has ended
 *     fail(), on_over > net_conn_close > on_closed > retry, or shut
 *
 * The pauses between openings double from 10 ms to a second, and vary by half,
 * so that many flows do not knock all at once.
 */
#include <assert.h>
#include <stddef.h>
#include <stdio.h>

#include "bench/flow.h"
#include "bench/load.h"
#include "bench/renew.h"

enum {
    RETRY_MS = 10,
    RETRY_MS_MAX = 1000,
};

static struct flow *flow_of(struct net_deadline *retry)
{
    char *at = (char *)retry - offsetof(struct flow, retry);

    return (void *)at;
}

/* Where to count what befalls `flow`; NULL: it is not at work. */
static struct tally *tally_of(const struct flow *flow)
{
    struct load *load = flow->lane->load;

    return load->lane == flow->lane ? load->tally : NULL;
}

static const struct net_addr *address_of(const struct flow *flow)
{
    return &flow->lane->side->addresses[flow->address];
}

static void on_retry(struct net_deadline *retry)
{
    struct flow *flow = flow_of(retry);
    struct load *load = flow->lane->load;

    flow->state = FLOW_DOWN;
    if (load->plan->reconnect)
        load_flow_ready(load, flow, net_now()); /* opened for a request */
    else
        flow_open(flow);
}

static void retry_later(struct flow *flow)
{
    struct load *load = flow->lane->load;
    unsigned ms = RETRY_MS;

    for (unsigned i = 0; i < flow->failures && ms < RETRY_MS_MAX; i++)
        ms *= 2;
    if (ms > RETRY_MS_MAX)
        ms = RETRY_MS_MAX;
    ms = ms / 2 + (unsigned)(mix_random(&load->jitter) % ms);
    flow->state = FLOW_WAITING;
    net_deadline_set(&load->loop->deadlines, &flow->retry, on_retry, ms);
}

static void on_closed(struct net_conn *conn, enum net_status status)
{
    struct flow *flow = conn->data;
    struct load *load = flow->lane->load;

    (void)status;
    flow->state = FLOW_DOWN;
    if (flow->shut)
        load_flow_shut(load);
    else if (!load->plan->reconnect || flow->failures > 0)
        retry_later(flow);
    else
        load_flow_ready(load, flow, net_now());
}

static void close_it(struct flow *flow)
{
    flow->state = FLOW_CLOSING;
    flow_sample(flow);
    net_conn_close(&flow->conn, on_closed);
}

/* The requests that `flow` will have no reply to. */
static void lose(struct flow *flow, enum cause cause)
{
    struct lane *lane = flow->lane;
    struct tally *tally = tally_of(flow);
    unsigned lost = flow->in_flight;

    if (lane->load->plan->reconnect)
        lost += flow_drop(flow); /* has failed before it was written */
    lane->pending -= flow->in_flight;
    flow->in_flight = 0;
    flow->head = 0;
    if (!tally || lost == 0)
        return;
    tally_errors(tally, flow->address, cause, lost);
    tally->lost_in_flight += lost;
}

/* "ADDRESS: why", for who asks what is wrong with all of them. */
static void note_failure(struct flow *flow, enum cause cause, const char *text)
{
    struct tally *tally = tally_of(flow);
    char where[NET_ADDR_TEXT_MAX];

    if (!tally || tally->first_failure[0])
        return;
    (void)snprintf(tally->first_failure, sizeof(tally->first_failure), "%s: %s",
                   net_addr_text(address_of(flow), where),
                   text[0] ? text : cause_text(cause));
}

static void settle_first(struct flow *flow)
{
    if (flow->settled)
        return;
    flow->settled = true;
    load_flow_settled(flow->lane->load, flow);
}

/* The opening has failed; `text` is the server's, or "". */
static void fail(struct flow *flow, enum cause cause, const char *text)
{
    struct load *load = flow->lane->load;
    struct tally *tally = tally_of(flow);

    note_failure(flow, cause, text);
    if (flow->shut)
        cause = cause_of_net(NET_CANCELED);
    else if (tally && !load->plan->reconnect)
        tally_errors(tally, flow->address, cause, 1);
    if (tally && text[0])
        tally_error_text(tally, text);
    flow->failures++;
    lose(flow, cause);
    close_it(flow);
    settle_first(flow);
    load_flow_lost(load);
}

/* The one exchange that carries all requests has ended. */
static void on_over(struct net_conn *conn, enum net_status status)
{
    struct flow *flow = conn->data;
    enum cause cause = status == NET_CANCELED && flow->why != CAUSE_OK
                           ? flow->why
                           : cause_of_net(status);

    lose(flow, cause);
    close_it(flow);
    load_flow_lost(flow->lane->load);
}

/* Tell of a login what came of it, where another one can be had. */
static void tell_login(const struct lane *lane, enum cause cause)
{
    const struct bench_plan *plan = lane->load->plan;
    unsigned side = (unsigned)(lane->side - plan->sides);

    if (!plan->renew)
        return;
    if (cause == CAUSE_OK)
        renew_accepted(plan->renew, side, lane->generation);
    else if (login_is_denied(cause))
        renew_rejected(plan->renew, side, lane->generation);
}

static void up(struct flow *flow)
{
    struct load *load = flow->lane->load;
    struct tally *tally = tally_of(flow);
    uint64_t now = net_now();

    if (tally) {
        histogram_record(tally->connect, now - flow->opened_ns, 1);
        tally->connected++;
        if (flow->was_up && !load->plan->reconnect)
            tally->reconnects++;
    }
    flow->state = FLOW_UP;
    flow->was_up = true;
    flow->failures = 0;
    flow->conn.timeout_ms =
        NET_CONN_FOREVER; /* replies have a time limit each */
    net_conn_exchange(&flow->conn, NULL, 0, flow_feed, on_over);
    settle_first(flow);
    /* Its request was dropped meanwhile: it is opened anew for the next. */
    if (load->plan->reconnect && flow->queued == 0)
        net_conn_cancel(&flow->conn);
    else
        load_flow_ready(load, flow, now);
}

static void on_login(struct net_conn *conn, enum net_status status)
{
    struct flow *flow = conn->data;

    flow->lane->logging_in--;
    if (flow->login.cause != CAUSE_OK || status == NET_OK)
        tell_login(flow->lane, flow->login.cause);
    if (flow->login.cause != CAUSE_OK)
        fail(flow, flow->login.cause, flow->login.text);
    else if (status != NET_OK)
        fail(flow, cause_of_net(status), "");
    else
        up(flow);
}

static enum net_feed feed_login(struct net_conn *conn, const char *bytes,
                                size_t n)
{
    struct flow *flow = conn->data;

    return login_take(&flow->login, bytes, n) == LOGIN_MORE ? NET_FEED_MORE
                                                            : NET_FEED_DONE;
}

static void log_in(struct flow *flow)
{
    struct lane *lane = flow->lane;
    const struct bench_plan *plan = lane->load->plan;
    const struct resp_batch *batch = &lane->login;

    /* What is being said must stay as it is. */
    if (plan->renew && lane->logging_in == 0)
        renew_login(plan->renew, plan, (unsigned)(lane->side - plan->sides),
                    &lane->login, &lane->generation);
    if (batch->commands == 0) {
        up(flow);
        return;
    }
    lane->logging_in++;
    login_begin(&flow->login, batch);
    net_conn_exchange(&flow->conn, batch->bytes, batch->length, feed_login,
                      on_login);
}

static void on_handshaken(struct net_conn *conn, enum net_status status)
{
    struct flow *flow = conn->data;

    if (status != NET_OK)
        fail(flow, cause_of_net(status), "");
    else
        log_in(flow);
}

static void on_connected(struct net_conn *conn, enum net_status status)
{
    struct flow *flow = conn->data;
    const struct bench_side *side = flow->lane->side;

    if (status != NET_OK)
        fail(flow, cause_of_net(status), "");
    else if (side->tls)
        net_conn_handshake(conn, side->tls, side->tls_name, on_handshaken);
    else
        log_in(flow);
}

void flow_open(struct flow *flow)
{
    struct load *load = flow->lane->load;

    assert(flow->state == FLOW_DOWN);
    flow->state = FLOW_OPENING;
    flow->opened_ns = net_now();
    flow->scan = (struct resp_scan){ 0 };
    flow->login = (struct login){ 0 };
    flow->why = CAUSE_OK;
    flow->retransmits = 0;
    flow->conn = (struct net_conn){ .data = flow,
                                    .loop = load->loop,
                                    .timeout_ms = load->plan->timeout_ms };
    net_conn_connect(&flow->conn, address_of(flow), load->plan->source,
                     on_connected);
}

void flow_expire(struct flow *flow, uint64_t now, uint64_t patience_ns)
{
    if (flow->state != FLOW_UP || flow->in_flight == 0 ||
        flow->why != CAUSE_OK ||
        now < flow->ring[flow->head].sent_ns + patience_ns)
        return;
    flow->why = cause_of_net(NET_TIMEOUT);
    net_conn_cancel(&flow->conn);
}

void flow_shut(struct flow *flow)
{
    struct load *load = flow->lane->load;

    flow->shut = true;
    if (flow->state == FLOW_OPENING || flow->state == FLOW_UP)
        net_conn_cancel(&flow->conn);
    if (flow->state != FLOW_DOWN && flow->state != FLOW_WAITING)
        return; /* on_closed() tells */
    net_deadline_clear(&load->loop->deadlines, &flow->retry);
    flow->state = FLOW_DOWN;
    load_flow_shut(load);
}

void flow_sample(struct flow *flow)
{
    struct tally *tally = tally_of(flow);
    struct tally_address *address;
    struct net_tcpinfo info;

    if (!tally || flow->state < FLOW_UP)
        return;
    address = &tally->addresses[flow->address];
    info = net_conn_tcpinfo(&flow->conn);
    if (info.rtt_us == 0)
        return;
    address->rtt_sum_us += info.rtt_us;
    address->rtts++;
    if (info.min_rtt_us > 0 &&
        (address->min_rtt_us == 0 || info.min_rtt_us < address->min_rtt_us))
        address->min_rtt_us = info.min_rtt_us;
    address->retransmits += info.retransmits - flow->retransmits;
    flow->retransmits = info.retransmits;
}

uint64_t flow_heard(const struct flow *flow, uint64_t now)
{
    uint64_t silent_ns =
        UINT64_C(1000000) * net_conn_tcpinfo(&flow->conn).silent_ms;

    return silent_ns < now ? now - silent_ns : now;
}
