/*
 * run.h -- a plan carried out: keys loaded, warmed up, measured, keys removed.
 *
 * Blocks until the run is over; makes plan->threads threads, each with a loop,
 * flows and histograms of its own, and merges what they have at the end.
 */
#ifndef BENCH_RUN_H
#define BENCH_RUN_H

#include "bench/plan.h"
#include "bench/result.h"

/* What is known while it runs; lent for the call. */
struct bench_progress {
    const char *phase; /* "loading keys", "warm-up", "measuring", "cleaning" */
    double elapsed_s, left_s; /* of the phase; left < 0: not known */
    unsigned side;            /* at work */
    double rate;              /* requests a second, of the last interval */
    uint64_t p50_ns, p99_ns;  /* of the last interval */
    uint64_t errors;
};

struct bench_hooks {
    void *data;
    void (*progress)(void *data, const struct bench_progress *progress);
    unsigned progress_ms; /* how often; 0: never */
    /* NULL: nobody wants to know.  Who does has a thread for that: even a
     * single worker gets one of its own then, and is not kept waiting. */
    bench_second_cb second;
    bool keep_heat;           /* bench_side_result.heat: --html */
    const volatile int *stop; /* set by a signal handler: end, report */
};

/*
 * Carry out `plan`.  Returns true and fills `result` (also when interrupted or
 * full of errors); false and one line in `error` when nothing could be
 * measured: no connection, login refused, no memory.
 */
bool bench_run(const struct bench_plan *plan, const struct bench_hooks *hooks,
               struct bench_result *result, char *error, size_t size);

#endif /* BENCH_RUN_H */
