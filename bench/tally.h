/*
 * tally.h -- what a worker counts of one side between two exchanges.
 *
 * A worker has two: one it counts in, one that the main thread adds up and
 * gives back empty.  Made before the run, as nothing is allocated while it
 * lasts.  A latency is recorded three times (of its command, of its address,
 * the service time); sums over commands are made when somebody asks.
 */
#ifndef BENCH_TALLY_H
#define BENCH_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/histogram.h"
#include "bench/plan.h"
#include "verdict/cause.h"

enum {
    TALLY_TEXT_MAX = 192,
};

struct tally_address {
    uint64_t requests, errors;
    struct histogram *response; /* NULL: it is the only one, as all commands */
    uint64_t rtt_sum_us, rtts;  /* of the samples of its connections */
    uint32_t min_rtt_us;        /* 0: none yet */
    uint64_t retransmits;
};

struct tally {
    uint64_t begin_ns, end_ns;
    uint64_t requests, errors;
    uint64_t errors_by_cause[CAUSE_COUNT];
    char first_error[TALLY_TEXT_MAX];   /* the first error reply; "" */
    char first_failure[TALLY_TEXT_MAX]; /* "ADDRESS: why" of a connection */
    uint64_t offered, owed, reconnects, lost_in_flight;
    uint64_t connected; /* connections that came up */
    uint64_t cpu_ns;    /* of the thread, since it began */
    struct histogram *service, *connect;
    struct histogram *late; /* NULL in the closed loop */
    struct histogram *lag;  /* of ticks and of requests that were due: how
                               late the loop came, where it did */
    uint64_t ticks;         /* all of them */
    struct histogram *commands[BENCH_COMMANDS]; /* response; NULL: none */
    struct tally_address addresses[BENCH_ADDRESSES_MAX];
    unsigned naddresses;
};

/* One for any side of `plan`; false: out of memory, and nothing is left. */
bool tally_init(struct tally *tally, const struct bench_plan *plan);
void tally_deinit(struct tally *tally); /* fine on a zeroed one */

/* Begin anew, empty. */
void tally_reset(struct tally *tally);

/* It is not counted in for a second: leave its memory to the other ones.
 * Requires: it is empty. */
void tally_rest(struct tally *tally);

/* Count `n` requests of `address` that ended in `cause`. */
void tally_errors(struct tally *tally, unsigned address, enum cause cause,
                  uint64_t n);

/* Note the first error reply's text; arguments that it repeats are cut off. */
void tally_error_text(struct tally *tally, const char *text);

/* A tick that was due at `due` came at `now`, and with it those that would have
 * come meanwhile, one every `period_ns`: a long pause weighs as much as it
 * took. */
void tally_tick(struct tally *tally, uint64_t due, uint64_t now,
                uint64_t period_ns);

/* Add all of `from` to `to`, and to `also` unless NULL, and empty it: in one
 * walk over slots that are mostly 0. */
void tally_pour(struct histogram *from, struct histogram *to,
                struct histogram *also);

/* A fresh empty histogram; NULL when out of memory.  Its owner frees it. */
struct histogram *tally_histogram(void);

#endif /* BENCH_TALLY_H */
