/*
 * flow.c -- the hot path: a batch out, replies in, latencies recorded.
 *
 *     flow_queue > flow_write > (the network) > flow_feed > settle > record
 *
 * One clock read a write and one a read.  Replies of one read that belong to
 * requests of one write are recorded together: the count of each command at
 * one latency.
 */
#include "bench/flow.h"

#include <assert.h>
#include <string.h>

#include "bench/load.h"
#include "resp/errors.h"

/* Replies to requests of one write, at one moment. */
struct group {
    uint64_t intended_ns, sent_ns;
    uint64_t count;
    enum bench_command last;
    uint32_t counts[BENCH_COMMANDS];
};

unsigned flow_room(const struct flow *flow)
{
    unsigned used = flow->in_flight + flow->queued;

    if (flow->lane->load->plan->reconnect)
        return flow->state == FLOW_DOWN && used == 0 ? 1 : 0;
    if (flow->state != FLOW_UP || !net_conn_sent(&flow->conn))
        return 0;
    return flow->depth - used;
}

static struct flow_request *request_at(struct flow *flow, unsigned number)
{
    unsigned place = flow->head + number;

    return &flow->ring[place < flow->depth ? place : place - flow->depth];
}

void flow_queue(struct flow *flow, uint64_t intended_ns)
{
    unsigned used = flow->in_flight + flow->queued;

    assert(used < flow->depth);
    request_at(flow, used)->intended_ns = intended_ns;
    flow->queued++;
    flow->lane->pending++;
}

unsigned flow_drop(struct flow *flow)
{
    unsigned dropped = flow->queued;

    flow->queued = 0;
    flow->lane->pending -= dropped;
    return dropped;
}

/* Draw the request that is next in the queue; it counts as written. */
static const struct resp_batch *draw(struct flow *flow, struct load *load,
                                     uint64_t now)
{
    struct flow_request *request = request_at(flow, flow->in_flight);
    enum bench_command command;
    const struct resp_batch *bytes = mix_next(&load->mix, &command);

    request->sent_ns = now;
    request->command = (uint8_t)command;
    flow->in_flight++;
    flow->queued--;
    if (load->tally->late)
        histogram_record(load->tally->late, now - request->intended_ns, 1);
    return bytes;
}

/* As many of the queue as one write holds. */
static void write_batch(struct flow *flow, struct load *load, uint64_t now)
{
    const struct resp_batch *bytes;
    size_t n = 0;

    do {
        bytes = draw(flow, load, now);
        memcpy(load->batch + n, bytes->bytes, bytes->length);
        n += bytes->length;
    } while (flow->queued > 0 && n + load->mix.largest <= LOAD_BATCH_MAX);
    net_conn_push(&flow->conn, load->batch, n);
}

void flow_write(struct flow *flow)
{
    struct load *load = flow->lane->load;
    const struct resp_batch *bytes;
    uint64_t now;

    while (flow->queued > 0 && net_conn_sent(&flow->conn)) {
        now = net_now();
        if (flow->queued > 1 && load->batch) {
            write_batch(flow, load, now);
            continue;
        }
        bytes = draw(flow, load, now);
        /* What the socket does not take now is behind the key: it is alike in
         * every request, and may wait where it is. */
        net_conn_push(&flow->conn, bytes->bytes, bytes->length);
    }
}

static void record_commands(struct tally *tally, struct group *group,
                            uint64_t latency_ns)
{
    for (int i = 0; i < BENCH_COMMANDS; i++) {
        if (group->counts[i] > 0)
            histogram_record(tally->commands[i], latency_ns, group->counts[i]);
        group->counts[i] = 0;
    }
}

/* Requires: the group is not empty. */
static void record(struct flow *flow, struct group *group, uint64_t now)
{
    struct tally *tally = flow->lane->load->tally;
    struct tally_address *address = &tally->addresses[flow->address];
    uint64_t latency_ns = now - group->intended_ns, count = group->count;

    if (count == 1) {
        histogram_record(tally->commands[group->last], latency_ns, 1);
        group->counts[group->last] = 0;
    } else {
        record_commands(tally, group, latency_ns);
    }
    if (address->response)
        histogram_record(address->response, latency_ns, count);
    histogram_record(tally->service, now - group->sent_ns, count);
    address->requests += count;
    tally->requests += count;
    group->count = 0;
}

/* Is the reply what the command must have? */
static enum cause judge(const struct flow *flow, enum bench_command command)
{
    const struct resp_scan *scan = &flow->scan;

    if (command != BENCH_GET)
        return scan->type == '+' ? CAUSE_OK : CAUSE_UNEXPECTED;
    if (scan->type != '$')
        return CAUSE_UNEXPECTED;
    return scan->length == (int64_t)flow->lane->load->plan->size
               ? CAUSE_OK
               : CAUSE_MISMATCH;
}

static enum cause judge_error(struct flow *flow)
{
    const struct resp_scan *scan = &flow->scan;

    tally_error_text(flow->lane->load->tally, scan->text);
    return cause_of_resp(resp_error_of(scan->text, strlen(scan->text)));
}

/* A reply has come to the oldest request. */
static void settle(struct flow *flow, enum resp_scan_end ended,
                   struct group *group, uint64_t now)
{
    const struct flow_request *request = &flow->ring[flow->head];
    enum bench_command command = (enum bench_command)request->command;
    enum cause cause =
        ended == RESP_SCAN_ERROR ? judge_error(flow) : judge(flow, command);

    if (++flow->head == flow->depth)
        flow->head = 0;
    flow->in_flight--;
    flow->lane->pending--;
    if (cause != CAUSE_OK) {
        tally_errors(flow->lane->load->tally, flow->address, cause, 1);
        return;
    }
    if (request->intended_ns != group->intended_ns ||
        request->sent_ns != group->sent_ns) {
        if (group->count > 0)
            record(flow, group, now);
        group->intended_ns = request->intended_ns;
        group->sent_ns = request->sent_ns;
    }
    group->counts[command]++;
    group->last = command;
    group->count++;
}

/* What is next after a read. */
static enum net_feed go_on(struct flow *flow, uint64_t now)
{
    struct load *load = flow->lane->load;

    if (load->plan->reconnect && flow->in_flight + flow->queued == 0)
        return NET_FEED_DONE;
    load_flow_ready(load, flow, now);
    return NET_FEED_MORE;
}

enum net_feed flow_feed(struct net_conn *conn, const char *bytes, size_t n)
{
    struct flow *flow = conn->data;
    const uint64_t now = net_now();
    struct group group = { .count = 0, .counts = { 0 } };
    const char *at = bytes, *end = bytes + n;
    enum resp_scan_end ended = RESP_SCAN_MORE;

    while (at < end) {
        ended = resp_scan_next(&flow->scan, &at, end);
        if (ended == RESP_SCAN_MORE)
            break;
        if (flow->in_flight == 0)
            ended = RESP_SCAN_BAD; /* a reply to nothing */
        if (ended == RESP_SCAN_BAD)
            break;
        settle(flow, ended, &group, now);
    }
    if (group.count > 0)
        record(flow, &group, now);
    return ended == RESP_SCAN_BAD ? NET_FEED_BAD : go_on(flow, now);
}
