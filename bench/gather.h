/*
 * gather.h -- tallies added up to a result, by the main thread.
 *
 * A lap is what all workers have counted of one side in the same stretch of
 * time.  With one side a lap is a second; with several it is a slice, and
 * seconds are put together from the slices that end in them.
 */
#ifndef BENCH_GATHER_H
#define BENCH_GATHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/histogram.h"
#include "bench/plan.h"
#include "bench/result.h"
#include "bench/slices.h"
#include "bench/tally.h"

/* The samples of an address's round trip time. */
struct gather_rtt {
    uint64_t sum_us, n;
};

/* The second of a side that is being put together.  Its histograms are owned;
 * all but the first are NULL when nobody is told of seconds. */
struct gather_second {
    struct histogram *response;
    struct histogram *service, *connect, *commands[BENCH_COMMANDS];
    uint64_t requests, errors;
    uint64_t ns; /* at work */
    uint64_t due_ns;
    unsigned length_s; /* that it is to have */
};

/* Who is told of a second that has ended, and what is kept of all of them. */
struct gather_hooks {
    bench_second_cb second; /* or NULL */
    void *data;
    bool keep_heat;
};

struct gather {
    const struct bench_plan *plan;
    struct bench_result *result;
    struct gather_hooks hooks;

    /* of the last second that ended, for who watches */
    double rate;
    uint64_t p50_ns, p99_ns;

    /* private */
    struct gather_second seconds[BENCH_SIDES_MAX];
    struct histogram *lap; /* owned; response; several sides only */
    struct histogram *lag; /* owned; of late ticks */
    uint64_t ticks;
    uint64_t *cpu_ns;                    /* owned; of each worker */
    uint64_t begin_ns;                   /* when measuring began */
    uint64_t wall_ns;                    /* of all turns */
    uint64_t turn_begin_ns, turn_end_ns; /* of the turn that is on; begin 0: */
    uint64_t lap_begin_ns, lap_end_ns;   /* not yet; and of the lap */
    uint64_t lap_requests;
    struct gather_rtt rtts[BENCH_SIDES_MAX][BENCH_ADDRESSES_MAX];
};

/* Get all memory that is needed; `result` is filled from now on and released by
 * bench_result_free(), also on false (out of memory). */
bool gather_init(struct gather *gather, const struct bench_plan *plan,
                 const struct gather_hooks *hooks, struct bench_result *result);
void gather_deinit(struct gather *gather);

/* Measuring begins. */
void gather_begin(struct gather *gather, uint64_t now);

/* Connections of `side` came up: add what is known of that. */
void gather_connects(struct gather *gather, unsigned side,
                     const struct tally *tally);

/* Add one worker's part of a lap of `side`, which is poured out; then say that
 * it is complete. `slice` is the one it is of; NULL with one side. */
void gather_add(struct gather *gather, unsigned side, unsigned worker,
                struct tally *tally);
void gather_lap(struct gather *gather, unsigned side,
                const struct slice *slice);

/* The turn that the last laps were of is over. */
void gather_turn(struct gather *gather, unsigned side);

/* All is measured. */
void gather_end(struct gather *gather);

#endif /* BENCH_GATHER_H */
