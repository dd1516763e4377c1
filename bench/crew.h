/*
 * crew.h -- all workers, and how the main thread leads them.
 */
#ifndef BENCH_CREW_H
#define BENCH_CREW_H

#include <stdbool.h>

#include "bench/mix.h"
#include "bench/plan.h"
#include "bench/worker.h"

/* Whom a turn's tallies go to; NULLs are left out. */
struct crew_hooks {
    void *data;
    /* One worker's part of a lap; then: the lap has all parts. */
    void (*take)(void *data, const struct turn *turn, unsigned worker,
                 struct tally *tally);
    void (*lap)(void *data, const struct turn *turn);
    /* Every so often; returns whether the turn is to be ended early. */
    bool (*idle)(void *data);
};

struct crew {
    const struct bench_plan *plan;
    unsigned idle_ms;
    bool apart; /* even a single worker has a thread of its own */

    /* private */
    struct board board;
    struct worker *workers;         /* owned */
    unsigned up;                    /* so many were started */
    const struct turn *turn;        /* that is on, and ... */
    const struct crew_hooks *hooks; /* ... whom it goes to */
};

/* Start plan->threads workers.  false: out of memory or threads, and none is
 * left. */
bool crew_start(struct crew *crew, const struct mix_plan *mix);

/* Let all workers do `turn`, until it is over. */
void crew_do(struct crew *crew, const struct turn *turn,
             const struct crew_hooks *hooks);

/* Close all connections, end all threads, release all. */
void crew_end(struct crew *crew);

#endif /* BENCH_CREW_H */
