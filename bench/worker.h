/*
 * worker.h -- a thread with a loop and a load of its own.
 *
 * A single one has no thread: it runs in the main thread, which saves every
 * system call the price of a program with threads, and all waiting for each
 * other.
 *
 * Workers share nothing but the board on which they and the main thread leave
 * word to each other: the main thread gives turns, a worker hands over what it
 * has counted: every second of a long turn, and at the end of each. It has two
 * tallies for that, and goes on in the other one.
 */
#ifndef BENCH_WORKER_H
#define BENCH_WORKER_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "bench/load.h"
#include "bench/mix.h"
#include "bench/tally.h"
#include "net/loop.h"

enum {
    WORKER_TICK_MS = 100,
    WORKER_LAP_MS = 1000,
};

/* Of all workers and the main thread; the latter's. */
struct board {
    uv_mutex_t mutex;
    uv_cond_t news;  /* for the main thread */
    uv_cond_t taken; /* for workers: a tally was taken */

    /* A single worker runs in the main thread, and calls instead of leaving
     * word; NULL: threads. */
    void (*take)(void *data); /* a tally is full */
    bool (*look)(void *data); /* every look_ms; whether to end the turn */
    void *data;
    unsigned look_ms;
};

struct worker {
    struct board *board;
    const struct bench_plan *plan;
    const struct mix_plan *mix;
    unsigned number, workers;

    /* on the board */
    struct turn turn;
    bool given;         /* `turn` is to be begun */
    bool stop;          /* end the turn that is on */
    struct tally *full; /* to be taken; NULL: none */
    bool ended;         /* the turn is over, `full` is its last */
    bool up, failed;    /* how it began */

    /* the thread's own */
    uv_thread_t thread;
    bool running;      /* without a thread: within its loop */
    uint64_t woken_ns; /* past the loop: when there was reason to wake up */
    struct net_loop loop;
    struct load load;
    struct tally tallies[2];
    uv_async_t wake;
    struct alarm tick;
    uint64_t lap_due_ns, look_due_ns;
    uint64_t cpu_ns; /* of the thread when the tally began */
};

/* Start `worker`, whose first five fields are set, and wait until it is up.
 * false: out of memory, threads or descriptors. */
bool worker_start(struct worker *worker);

/* Begin a turn; TURN_CLOSE is the last one.  One without a thread carries it
 * out. */
void worker_begin(struct worker *worker, const struct turn *turn);

/* End the turn early. */
void worker_stop(struct worker *worker);

/* Wait for the thread's end, after TURN_CLOSE was begun. */
void worker_join(struct worker *worker);

/* With the board locked: is there news, a full tally or no turn on? */
bool worker_has_news(const struct worker *worker);

/* Give the full tally back, empty. */
void worker_give_back(struct worker *worker);

#endif /* BENCH_WORKER_H */
