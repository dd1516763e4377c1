/*
 * tally.c -- made, counted in, emptied.
 */
#include "bench/tally.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "resp/errors.h"

_Static_assert(HISTOGRAM_SLOTS % 4 == 0, "slots are walked four at a time");

struct histogram *tally_histogram(void)
{
    return calloc(1, sizeof(struct histogram));
}

static unsigned most_addresses(const struct bench_plan *plan)
{
    unsigned most = 0;

    for (unsigned i = 0; i < plan->nsides; i++)
        if (plan->sides[i].naddresses > most)
            most = plan->sides[i].naddresses;
    return most;
}

static bool make(struct histogram **histogram)
{
    *histogram = tally_histogram();
    return *histogram != NULL;
}

static bool make_addresses(struct tally *tally)
{
    for (unsigned i = 0; i < tally->naddresses; i++)
        if (!make(&tally->addresses[i].response))
            return false;
    return true;
}

/* `from` without its slots, added. */
static void add_head(struct histogram *to, const struct histogram *from)
{
    if (to->count == 0 || from->min < to->min)
        to->min = from->min;
    if (to->count == 0 || from->max > to->max)
        to->max = from->max;
    if (to->count == 0 || from->first < to->first)
        to->first = from->first;
    if (to->count == 0 || from->last > to->last)
        to->last = from->last;
    to->count += from->count;
    to->clamped += from->clamped;
}

/* The same with counts that are more than a lap can bring. */
static void pour_carried(struct histogram *from, struct histogram *to,
                         struct histogram *also)
{
    histogram_merge(to, from);
    if (also)
        histogram_merge(also, from);
    histogram_reset(from);
}

void tally_pour(struct histogram *from, struct histogram *to,
                struct histogram *also)
{
    uint32_t *low = from->low;

    if (from->count == 0)
        return;
    if (from->carried) {
        pour_carried(from, to, also);
        return;
    }
    add_head(to, from);
    if (also)
        add_head(also, from);
    for (uint32_t i = from->first & ~3U; i <= from->last; i += 4) {
        if ((low[i] | low[i + 1] | low[i + 2] | low[i + 3]) == 0)
            continue;
        for (uint32_t k = i; k < i + 4; k++) {
            histogram_slot_add(to, k, low[k]);
            if (also)
                histogram_slot_add(also, k, low[k]);
            low[k] = 0;
        }
    }
    memset(from, 0, offsetof(struct histogram, low));
}

bool tally_init(struct tally *tally, const struct bench_plan *plan)
{
    bool ok;

    *tally = (struct tally){ .naddresses = most_addresses(plan) };
    ok = make(&tally->service) && make(&tally->connect) && make(&tally->lag);
    if (ok && plan->rate > 0)
        ok = make(&tally->late);
    for (int i = 0; ok && i < BENCH_COMMANDS; i++)
        if (plan->weights[i] > 0)
            ok = make(&tally->commands[i]);
    if (ok && tally->naddresses > 1)
        ok = make_addresses(tally);
    if (!ok)
        tally_deinit(tally);
    return ok;
}

void tally_deinit(struct tally *tally)
{
    free(tally->service);
    free(tally->connect);
    free(tally->late);
    free(tally->lag);
    for (int i = 0; i < BENCH_COMMANDS; i++)
        free(tally->commands[i]);
    for (unsigned i = 0; i < tally->naddresses; i++)
        free(tally->addresses[i].response);
    *tally = (struct tally){ 0 };
}

static void empty(struct histogram *histogram)
{
    if (histogram)
        histogram_reset(histogram);
}

void tally_reset(struct tally *tally)
{
    struct tally fresh = { .naddresses = tally->naddresses,
                           .service = tally->service,
                           .connect = tally->connect,
                           .late = tally->late,
                           .lag = tally->lag };

    empty(tally->service);
    empty(tally->connect);
    empty(tally->late);
    empty(tally->lag);
    for (int i = 0; i < BENCH_COMMANDS; i++) {
        fresh.commands[i] = tally->commands[i];
        empty(tally->commands[i]);
    }
    for (unsigned i = 0; i < tally->naddresses; i++) {
        fresh.addresses[i].response = tally->addresses[i].response;
        empty(tally->addresses[i].response);
    }
    *tally = fresh;
}

static void rest(struct histogram *histogram)
{
    if (histogram)
        histogram_rest(histogram);
}

void tally_rest(struct tally *tally)
{
    rest(tally->service);
    rest(tally->late);
    rest(tally->lag);
    for (int i = 0; i < BENCH_COMMANDS; i++)
        rest(tally->commands[i]);
    for (unsigned i = 0; i < tally->naddresses; i++)
        rest(tally->addresses[i].response);
}

void tally_errors(struct tally *tally, unsigned address, enum cause cause,
                  uint64_t n)
{
    tally->errors += n;
    tally->errors_by_cause[cause] += n;
    tally->addresses[address].errors += n;
}

void tally_tick(struct tally *tally, uint64_t due, uint64_t now,
                uint64_t period_ns)
{
    tally->ticks++;
    for (; now > due; due += period_ns) {
        histogram_record(tally->lag, now - due, 1);
        tally->ticks += now - due > period_ns;
    }
}

void tally_error_text(struct tally *tally, const char *text)
{
    if (tally->first_error[0])
        return;
    (void)snprintf(tally->first_error, sizeof(tally->first_error), "%s", text);
    resp_error_hide_arguments(tally->first_error);
}
