/*
 * gather.c -- a lap's parts are added; a lap ends a second, or a slice.
 *
 *     gather_begin > [gather_add (each worker) > gather_lap] ... > gather_turn
 *                  > ... > gather_end
 */
#include "bench/gather.h"

#include <stdlib.h>
#include <string.h>

#include "bench/client.h"

#define SECOND_NS UINT64_C(1000000000)
#define EARLY_NS  (SECOND_NS / 20) /* a second may end so much too early */

static bool make(struct histogram **histogram)
{
    *histogram = tally_histogram();
    return *histogram != NULL;
}

static bool make_addresses(struct bench_side_result *to,
                           const struct bench_side *side, unsigned connections)
{
    to->naddresses = side->naddresses;
    for (unsigned i = 0; i < side->naddresses; i++) {
        to->addresses[i].addr = side->addresses[i];
        to->addresses[i].connections =
            connections / side->naddresses +
            (i < connections % side->naddresses ? 1 : 0);
        if (!make(&to->addresses[i].response))
            return false;
    }
    return true;
}

static bool make_side(const struct bench_plan *plan, unsigned number,
                      struct bench_result *result)
{
    struct bench_side_result *to = &result->sides[number];
    bool ok = make(&to->response) && make(&to->service) && make(&to->connect);

    if (ok && plan->rate > 0)
        ok = make(&to->late);
    for (int i = 0; ok && i < BENCH_COMMANDS; i++)
        if (plan->weights[i] > 0)
            ok = make(&to->by_command[i]);
    return ok && make_addresses(to, &plan->sides[number], plan->connections);
}

bool gather_init(struct gather *gather, const struct bench_plan *plan,
                 bool keep, struct bench_result *result)
{
    bool ok;

    *gather = (struct gather){ .plan = plan, .result = result, .keep = keep };
    *result = (struct bench_result){ .nsides = plan->nsides };
    gather->cpu_ns = calloc(plan->threads, sizeof(*gather->cpu_ns));
    ok = gather->cpu_ns && make(&gather->lag) &&
         (plan->nsides == 1 || make(&gather->lap));
    for (unsigned i = 0; ok && i < plan->nsides; i++)
        ok = make(&gather->seconds[i].response) &&
             make(&gather->seconds[i].service) && make_side(plan, i, result);
    return ok;
}

void gather_deinit(struct gather *gather)
{
    for (unsigned i = 0; i < BENCH_SIDES_MAX; i++) {
        free(gather->seconds[i].response);
        free(gather->seconds[i].service);
    }
    free(gather->lap);
    free(gather->lag);
    free(gather->cpu_ns);
    *gather = (struct gather){ 0 };
}

void gather_begin(struct gather *gather, uint64_t now)
{
    gather->begin_ns = now;
    for (unsigned i = 0; i < gather->plan->nsides; i++)
        gather->seconds[i].due_ns = now + SECOND_NS;
}

void gather_connects(struct gather *gather, unsigned side,
                     const struct tally *tally)
{
    histogram_merge(gather->result->sides[side].connect, tally->connect);
}

static void add_counts(struct bench_side_result *to, const struct tally *tally)
{
    to->requests += tally->requests;
    to->errors += tally->errors;
    for (int i = 0; i < CAUSE_COUNT; i++)
        to->errors_by_cause[i] += tally->errors_by_cause[i];
    if (!to->first_error[0])
        memcpy(to->first_error, tally->first_error, sizeof(to->first_error));
    to->offered += tally->offered;
    to->owed += tally->owed;
    to->reconnects += tally->reconnects;
    to->lost_in_flight += tally->lost_in_flight;
}

static void add_address(struct bench_address_result *to, struct gather_rtt *rtt,
                        const struct tally_address *from)
{
    to->requests += from->requests;
    to->errors += from->errors;
    to->retransmits += from->retransmits;
    rtt->sum_us += from->rtt_sum_us;
    rtt->n += from->rtts;
    if (rtt->n > 0)
        to->rtt_us = (uint32_t)(rtt->sum_us / rtt->n);
    if (from->min_rtt_us > 0 &&
        (to->min_rtt_us == 0 || from->min_rtt_us < to->min_rtt_us))
        to->min_rtt_us = from->min_rtt_us;
}

static void widen(uint64_t *begin_ns, uint64_t *end_ns,
                  const struct tally *tally)
{
    if (*begin_ns == 0 || tally->begin_ns < *begin_ns)
        *begin_ns = tally->begin_ns;
    if (tally->end_ns > *end_ns)
        *end_ns = tally->end_ns;
}

/* What is a sum of others is made at the end; a lap costs few additions. */
static void add_commands(struct gather *gather, unsigned side,
                         struct tally *tally)
{
    struct bench_side_result *to = &gather->result->sides[side];

    for (int i = 0; i < BENCH_COMMANDS; i++)
        if (tally->commands[i])
            tally_pour(tally->commands[i], to->by_command[i],
                       gather->lap ? gather->lap
                                   : gather->seconds[side].response);
}

static void add_up(struct bench_side_result *to)
{
    if (to->naddresses == 1)
        histogram_merge(to->addresses[0].response, to->response);
}

void gather_add(struct gather *gather, unsigned side, unsigned worker,
                struct tally *tally)
{
    struct bench_side_result *to = &gather->result->sides[side];
    struct gather_second *second = &gather->seconds[side];

    add_counts(to, tally);
    add_commands(gather, side, tally);
    tally_pour(tally->service, to->service,
               gather->keep ? second->service : NULL);
    tally_pour(tally->connect, to->connect, NULL);
    tally_pour(tally->lag, gather->lag, NULL);
    gather->ticks += tally->ticks;
    if (tally->late)
        tally_pour(tally->late, to->late, NULL);
    for (unsigned i = 0; i < to->naddresses; i++)
        add_address(&to->addresses[i], &gather->rtts[side][i],
                    &tally->addresses[i]);
    for (unsigned i = 0; to->naddresses > 1 && i < to->naddresses; i++)
        tally_pour(tally->addresses[i].response, to->addresses[i].response,
                   NULL);
    second->requests += tally->requests;
    second->errors += tally->errors;
    gather->lap_requests += tally->requests;
    gather->cpu_ns[worker] += tally->cpu_ns;
    widen(&gather->turn_begin_ns, &gather->turn_end_ns, tally);
    widen(&gather->lap_begin_ns, &gather->lap_end_ns, tally);
}

/* Room for one more of `n` items; doubles.  NULL: out of memory. */
static void *grow(void *items, size_t n, size_t size)
{
    bool full = (n & (n - 1)) == 0; /* none, or a power of two */

    return full ? realloc(items, (n > 0 ? 2 * n : 1) * size) : items;
}

static struct histogram *copy_of(const struct histogram *histogram)
{
    struct histogram *copy = tally_histogram();

    if (copy)
        histogram_merge(copy, histogram);
    return copy;
}

static void watch(struct gather *gather, const struct gather_second *second)
{
    if (second->ns == 0)
        return;
    gather->rate = (double)second->requests * 1e9 / (double)second->ns;
    gather->p50_ns = histogram_at(second->response, 50);
    gather->p99_ns = histogram_at(second->response, 99);
}

/* A second without memory to keep it is left out: the totals have it. */
static void end_second(struct gather *gather, unsigned side)
{
    struct bench_side_result *to = &gather->result->sides[side];
    struct gather_second *second = &gather->seconds[side];
    struct bench_interval *intervals =
        grow(to->intervals, to->nintervals, sizeof(*intervals));

    watch(gather, second);
    if (intervals) {
        to->intervals = intervals;
        intervals[to->nintervals++] = (struct bench_interval){
            .at_s = (double)(gather->lap_end_ns - gather->begin_ns) / 1e9,
            .length_s = (double)second->ns / 1e9,
            .requests = second->requests,
            .errors = second->errors,
            .response = gather->keep ? copy_of(second->response) : NULL,
            .service = gather->keep ? copy_of(second->service) : NULL,
            .p50_ns = histogram_at(second->response, 50),
            .p99_ns = histogram_at(second->response, 99),
            .max_ns = histogram_max(second->response),
        };
    }
    tally_pour(second->response, to->response, NULL);
    histogram_reset(second->service);
    second->requests = second->errors = second->ns = 0;
    while (second->due_ns <= gather->lap_end_ns + EARLY_NS)
        second->due_ns += SECOND_NS;
}

static void end_slice(struct gather *gather, unsigned side,
                      const struct slice *slice)
{
    struct bench_side_result *to = &gather->result->sides[side];
    struct bench_slice *slices = grow(to->slices, to->nslices, sizeof(*slices));

    if (slices) {
        to->slices = slices;
        slices[to->nslices++] = (struct bench_slice){
            .round = slice->round,
            .ns = gather->lap_end_ns - gather->lap_begin_ns,
            .requests = gather->lap_requests,
            .p50_ns = histogram_at(gather->lap, 50),
            .p99_ns = histogram_at(gather->lap, 99),
        };
    }
    tally_pour(gather->lap, gather->seconds[side].response, NULL);
}

void gather_lap(struct gather *gather, unsigned side, const struct slice *slice)
{
    struct gather_second *second = &gather->seconds[side];

    second->ns += gather->lap_end_ns - gather->lap_begin_ns;
    if (slice)
        end_slice(gather, side, slice);
    if (gather->lap_end_ns + EARLY_NS >= second->due_ns)
        end_second(gather, side);
    gather->lap_begin_ns = 0;
    gather->lap_requests = 0;
}

void gather_turn(struct gather *gather, unsigned side)
{
    uint64_t ns = gather->turn_end_ns - gather->turn_begin_ns;

    gather->result->sides[side].measured_ns += ns;
    gather->wall_ns += ns;
    gather->turn_begin_ns = 0;
}

void gather_end(struct gather *gather)
{
    for (unsigned i = 0; i < gather->plan->nsides; i++) {
        if (gather->seconds[i].ns > 0)
            end_second(gather, i);
        add_up(&gather->result->sides[i]);
    }
    client_judge(gather->plan, gather->cpu_ns, gather->wall_ns, gather->lag,
                 gather->ticks, gather->result);
}
