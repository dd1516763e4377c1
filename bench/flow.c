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

/* Open loop: how late the first `n` of the queue leave. */
static void record_late(struct flow *flow, struct histogram *late, unsigned n,
                        uint64_t now)
{
    for (unsigned i = 0; i < n; i++)
        histogram_record(
            late, now - request_at(flow, flow->in_flight + i)->intended_ns, 1);
}

/* The first `n` of the queue are written at `now`. */
static void count_written(struct flow *flow, struct load *load, unsigned n,
                          uint64_t now)
{
    if (load->tally->late)
        record_late(flow, load->tally->late, n, now);
    flow->in_flight += n;
    flow->queued -= n;
}

/* Draw what `request` shall be; it is written at `now`. */
static inline const struct resp_batch *
draw(struct load *load, struct flow_request *request, uint64_t now)
{
    enum bench_command command;
    const struct resp_batch *bytes = mix_next(&load->mix, &command);

    request->sent_ns = now;
    request->command = (uint8_t)command;
    return bytes;
}

/* As many of the queue as one write holds. */
static void write_batch(struct flow *flow, struct load *load, uint64_t now)
{
    struct flow_request *request = request_at(flow, flow->in_flight);
    const struct flow_request *end = flow->ring + flow->depth;
    const size_t limit = LOAD_BATCH_MAX - load->mix.largest;
    unsigned left = flow->queued;
    char *at = load->batch;

    do {
        const struct resp_batch *bytes = draw(load, request, now);

        memcpy(at, bytes->bytes, bytes->length);
        at += bytes->length;
        if (++request == end)
            request = flow->ring;
    } while (--left > 0 && (size_t)(at - load->batch) <= limit);
    count_written(flow, load, flow->queued - left, now);
    net_conn_push(&flow->conn, load->batch, (size_t)(at - load->batch));
}

/*
 * One request needs no copy.  What the socket does not take of it at once is
 * behind the key: that is alike in every request, and may wait where it is.
 */
static void write_one(struct flow *flow, struct load *load, uint64_t now)
{
    const struct resp_batch *bytes =
        draw(load, request_at(flow, flow->in_flight), now);

    count_written(flow, load, 1, now);
    net_conn_push(&flow->conn, bytes->bytes, bytes->length);
}

void flow_write(struct flow *flow)
{
    struct load *load = flow->lane->load;

    while (flow->queued > 0 && net_conn_sent(&flow->conn)) {
        if (flow->queued > 1 && load->batch)
            write_batch(flow, load, net_now());
        else
            write_one(flow, load, net_now());
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

/* Before more is sent, to which replies may come. */
static void ask_when(const struct flow *flow, uint64_t now)
{
    struct load *load = flow->lane->load;

    load->ask_ns = UINT64_MAX;
    load->came_ns = flow_heard(flow, now);
}

enum net_feed flow_feed(struct net_conn *conn, const char *bytes, size_t n)
{
    struct flow *flow = conn->data;
    const uint64_t now = net_now();
    struct group group = { .count = 0, .counts = { 0 } };
    const char *at = bytes, *end = bytes + n;
    enum resp_scan_end ended = RESP_SCAN_MORE;

    if (__builtin_expect(now >= flow->lane->load->ask_ns, 0))
        ask_when(flow, now);
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
