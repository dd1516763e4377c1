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
    to->addresses[0].response = to->response;
    for (unsigned i = 0; i < side->naddresses; i++) {
        to->addresses[i].addr = side->addresses[i];
        to->addresses[i].connections =
            connections / side->naddresses +
            (i < connections % side->naddresses ? 1 : 0);
        if (side->naddresses > 1 && !make(&to->addresses[i].response))
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

/* Room for what is kept of turns and seconds.  Memory that is not used is not
 * there, so the most that there can be costs nothing. */
static bool make_rows(const struct gather *gather, unsigned number)
{
    struct bench_side_result *to = &gather->result->sides[number];

    to->intervals = calloc(BENCH_INTERVALS_MAX, sizeof(*to->intervals));
    if (gather->plan->nsides > 1)
        to->slices = calloc(BENCH_SLICES_MAX, sizeof(*to->slices));
    if (gather->hooks.keep_heat)
        to->heat = calloc(1, sizeof(*to->heat));
    return to->intervals && (to->slices || gather->plan->nsides == 1) &&
           (to->heat || !gather->hooks.keep_heat);
}

static bool make_second(struct gather *gather, unsigned number)
{
    struct gather_second *second = &gather->seconds[number];
    bool ok = make(&second->response);

    if (!gather->hooks.second)
        return ok;
    ok = ok && make(&second->service) && make(&second->connect);
    for (int i = 0; ok && i < BENCH_COMMANDS; i++)
        if (gather->plan->weights[i] > 0)
            ok = make(&second->commands[i]);
    return ok;
}

static void free_second(struct gather_second *second)
{
    free(second->response);
    free(second->service);
    free(second->connect);
    for (int i = 0; i < BENCH_COMMANDS; i++)
        free(second->commands[i]);
}

bool gather_init(struct gather *gather, const struct bench_plan *plan,
                 const struct gather_hooks *hooks, struct bench_result *result)
{
    bool ok;

    *gather =
        (struct gather){ .plan = plan, .result = result, .hooks = *hooks };
    *result = (struct bench_result){ .nsides = plan->nsides };
    gather->cpu_ns = calloc(plan->threads, sizeof(*gather->cpu_ns));
    ok = gather->cpu_ns && make(&gather->lag) &&
         (plan->nsides == 1 || make(&gather->lap));
    for (unsigned i = 0; ok && i < plan->nsides; i++)
        ok = make_second(gather, i) && make_side(plan, i, result) &&
             make_rows(gather, i);
    return ok;
}

void gather_deinit(struct gather *gather)
{
    for (unsigned i = 0; i < BENCH_SIDES_MAX; i++)
        free_second(&gather->seconds[i]);
    free(gather->lap);
    free(gather->lag);
    free(gather->cpu_ns);
    *gather = (struct gather){ 0 };
}

void gather_begin(struct gather *gather, uint64_t now)
{
    gather->begin_ns = now;
    for (unsigned i = 0; i < gather->plan->nsides; i++) {
        gather->seconds[i].length_s = 1;
        gather->seconds[i].due_ns = now + SECOND_NS;
    }
}

void gather_connects(struct gather *gather, unsigned side,
                     const struct tally *tally)
{
    struct histogram *of_second = gather->seconds[side].connect;

    histogram_merge(gather->result->sides[side].connect, tally->connect);
    if (of_second)
        histogram_merge(of_second, tally->connect);
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
    struct gather_second *second = &gather->seconds[side];

    for (int i = 0; i < BENCH_COMMANDS; i++) {
        if (!tally->commands[i])
            continue;
        if (second->commands[i])
            histogram_merge(second->commands[i], tally->commands[i]);
        tally_pour(tally->commands[i], to->by_command[i],
                   gather->lap ? gather->lap : second->response);
    }
}

static void add_up(struct bench_side_result *to)
{
    for (int i = 0; i < BENCH_COMMANDS; i++)
        if (to->by_command[i])
            histogram_merge(to->response, to->by_command[i]);
}

void gather_add(struct gather *gather, unsigned side, unsigned worker,
                struct tally *tally)
{
    struct bench_side_result *to = &gather->result->sides[side];
    struct gather_second *second = &gather->seconds[side];

    add_counts(to, tally);
    add_commands(gather, side, tally);
    tally_pour(tally->service, to->service, second->service);
    tally_pour(tally->connect, to->connect, second->connect);
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

static void watch(struct gather *gather, const struct gather_second *second)
{
    if (second->ns == 0)
        return;
    gather->rate = (double)second->requests * 1e9 / (double)second->ns;
    gather->p50_ns = histogram_at(second->response, 50);
    gather->p99_ns = histogram_at(second->response, 99);
}

/* Say what there is of the second, and that it is over. */
static void tell_second(const struct gather *gather, unsigned side,
                        const struct bench_interval *interval)
{
    struct bench_side_result *to = &gather->result->sides[side];
    const struct gather_second *from = &gather->seconds[side];
    struct bench_second second = {
        .side = side,
        .began_ms = gather->result->time_ms,
        .interval = interval,
        .response = from->response,
        .service = from->service,
        .connect = from->connect,
    };

    memcpy(second.commands, from->commands, sizeof(second.commands));
    if (to->heat)
        heat_add(to->heat, interval->at_s, interval->length_s, from->response);
    if (gather->hooks.second)
        gather->hooks.second(gather->hooks.data, &second);
}

static void begin_second(struct gather_second *second,
                         const struct bench_side_result *to, uint64_t now)
{
    second->requests = second->errors = second->ns = 0;
    histogram_reset(second->response);
    if (to->nintervals >= BENCH_INTERVALS_HOUR &&
        (to->nintervals - BENCH_INTERVALS_HOUR) % BENCH_INTERVALS_STEP == 0)
        second->length_s *= 2;
    while (second->due_ns <= now + EARLY_NS)
        second->due_ns += second->length_s * SECOND_NS;
    if (!second->service)
        return;
    histogram_reset(second->service);
    histogram_reset(second->connect);
    for (int i = 0; i < BENCH_COMMANDS; i++)
        if (second->commands[i])
            histogram_reset(second->commands[i]);
}

static void end_second(struct gather *gather, unsigned side)
{
    struct bench_side_result *to = &gather->result->sides[side];
    struct gather_second *second = &gather->seconds[side];
    const struct bench_interval interval = {
        .at_s = (double)(gather->lap_end_ns - gather->begin_ns) / 1e9,
        .length_s = (double)second->ns / 1e9,
        .requests = second->requests,
        .errors = second->errors,
        .p50_ns = histogram_at(second->response, 50),
        .p99_ns = histogram_at(second->response, 99),
        .max_ns = histogram_max(second->response),
    };

    watch(gather, second);
    tell_second(gather, side, &interval);
    if (to->nintervals < BENCH_INTERVALS_MAX)
        to->intervals[to->nintervals++] = interval;
    begin_second(second, to, gather->lap_end_ns);
}

static void end_slice(struct gather *gather, unsigned side,
                      const struct slice *slice)
{
    struct bench_side_result *to = &gather->result->sides[side];

    if (to->nslices < BENCH_SLICES_MAX)
        to->slices[to->nslices++] = (struct bench_slice){
            .round = slice->round,
            .ns = gather->lap_end_ns - gather->lap_begin_ns,
            .requests = gather->lap_requests,
            .p50_ns = histogram_at(gather->lap, 50),
            .p99_ns = histogram_at(gather->lap, 99),
        };
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
