/*
 * result.h -- what a benchmark measured, as plain data: the output of a run,
 * the input of comparisons, assertions and reports.
 *
 * Times are nanoseconds of the monotonic clock.  Two latencies are kept of
 * every request (Tene, "How not to measure latency"):
 *
 *   response time  from the moment it was meant to be sent (open loop) or was
 *                  queued (closed loop) until its reply was read: what a user
 *                  of the service waits for
 *   service time   from the moment it was written
 *
 * Histograms are owned by the result: bench_result_free().
 */
#ifndef BENCH_RESULT_H
#define BENCH_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/heat.h"
#include "bench/histogram.h"
#include "bench/plan.h"
#include "verdict/cause.h"

/* One address of a side. */
struct bench_address_result {
    struct net_addr addr;
    unsigned connections;
    uint64_t requests, errors;
    struct histogram *response; /* of the only one: the side's */
    uint32_t rtt_us;      /* the kernel's smoothed one, mean of connections */
    uint32_t min_rtt_us;  /* tcpi_min_rtt, the least: the bare path; 0: none */
    uint64_t retransmits; /* of all its connections */
};

/*
 * One second of a side; from the second hour on more of them together, so that
 * the longest run has BENCH_INTERVALS_MAX.
 */
struct bench_interval {
    double at_s; /* its end, since the measuring began */
    double length_s;
    uint64_t requests, errors;
    uint64_t p50_ns, p99_ns, max_ns; /* response time */
};

enum {
    BENCH_INTERVALS_HOUR = 3600, /* so many are a second each; ... */
    BENCH_INTERVALS_STEP = 1024, /* ... then after each so many twice as long */
    BENCH_INTERVALS_MAX = BENCH_INTERVALS_HOUR + 12 * BENCH_INTERVALS_STEP,
    BENCH_SLICES_MAX = 32768, /* what comes then is not compared by turns */
};

/* The same as it ends, with all that is known of it; lent for the call. */
struct bench_second {
    unsigned side;
    int64_t began_ms; /* the measuring, since the epoch */
    const struct bench_interval *interval;
    const struct histogram *response, *service, *connect;
    const struct histogram *commands[BENCH_COMMANDS]; /* NULL: none */
};

typedef void (*bench_second_cb)(void *data, const struct bench_second *second);

/* With several sides: one turn of one side. */
struct bench_slice {
    unsigned round; /* slices of one round belong together */
    uint64_t ns;    /* how long it was */
    uint64_t requests;
    uint64_t p50_ns, p99_ns; /* response time */
};

struct bench_side_result {
    uint64_t requests; /* answered well, while measuring */
    uint64_t errors;   /* and not */
    uint64_t errors_by_cause[CAUSE_COUNT];
    char first_error[192]; /* the text of the first error reply; "" */
    uint64_t measured_ns;  /* how long this side was at work */
    uint64_t offered;      /* open loop: requests that were due */
    uint64_t owed;         /* ... and never sent */
    struct histogram *response, *service;
    struct histogram *late; /* open loop: sent after it was due */
    struct histogram *by_command[BENCH_COMMANDS]; /* response; NULL: none */
    struct histogram *connect; /* TCP, TLS and login of a connection */
    uint64_t reconnects, lost_in_flight;
    bool keys_left; /* some could not be removed: they expire by themselves */
    struct bench_address_result addresses[BENCH_ADDRESSES_MAX];
    unsigned naddresses;
    struct bench_interval *intervals;
    size_t nintervals;
    struct heat *heat; /* NULL when not kept */
    struct bench_slice *slices;
    size_t nslices;
};

/* A difference, first minus second, with its 95 % interval. */
struct bench_difference {
    double a, b, difference;
    double low, high;
};

struct bench_comparison {
    unsigned a, b; /* sides */
    struct bench_difference p50_us, p99_us, throughput;
    bool significant; /* one of them is real: its interval leaves out 0, also
                         when widened for there being three of them */
};

struct bench_assertion {
    char text[96];
    double actual; /* in the unit that the text has */
    char unit[4];  /* "us", "ms", "s", "%"; "": a plain number */
    bool known;    /* there was something to measure it by */
    bool met;
};

/* The client itself: was it the bottleneck? */
struct bench_client {
    double cpu_s; /* while measuring, all threads */
    double wall_s;
    uint64_t loop_lag_ns; /* p99 of how late the loop woke up */
    bool bound;
    char reason[160]; /* why it is thought to be; "" */
};

struct bench_result {
    int64_t time_ms; /* wall clock when measuring began, since the epoch */
    bool interrupted;
    struct bench_side_result sides[BENCH_SIDES_MAX];
    unsigned nsides;
    struct bench_comparison comparisons[BENCH_SIDES_MAX];
    unsigned ncomparisons;
    struct bench_assertion *assertions; /* owned by who asked for them */
    size_t nassertions;
    struct bench_client client;
    double noise_p50_us, noise_p99_us; /* two halves of side a compared: the
                                          noise floor; several sides only */
};

void bench_result_free(struct bench_result *result);

#endif /* BENCH_RESULT_H */
