/*
 * renew.h -- passwords that expire: where another one comes from, in a run.
 *
 * A login belongs to a generation: 0 is the plan's password.  When a server
 * rejects it, or it is old, the callback is asked for another one, in a thread
 * of its own, since that blocks; connections made meanwhile try with what there
 * is and come back.  One rejection asks once, however many connections it met;
 * a callback that has no more is not asked again.
 *
 * Shared by the main thread and all workers, which are locked out of each
 * other; nothing of it is on the way of a request.
 */
#ifndef BENCH_RENEW_H
#define BENCH_RENEW_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "bench/plan.h"
#include "resp/encode.h"

/*
 * Another password of `side`; `rejected`: the last one was, which had been
 * accepted before or not; else it is merely old.  Lent until another one is
 * given for the side.  Blocks; one call for a side at a time, from any thread.
 * false: there is none, and the last one is still lent.
 */
typedef bool (*renew_cb)(void *data, unsigned side, bool rejected,
                         bool accepted, const char **password);

/* Embed it; zeroed but for the public fields. */
struct renew {
    renew_cb cb;
    void *data;
    uint64_t age_ns; /* older than this is old */

    /* private */
    uv_mutex_t mutex;
    uv_cond_t changed;
    struct renew_side {
        struct renew *renew;
        unsigned number, generation, accepted; /* accepted: generation + 1 */
        const char *password;                  /* lent; of generation > 0 */
        uint64_t born_ns;
        bool busy;    /* somebody is asking */
        bool spent;   /* there is no other */
        bool started; /* a thread is to be joined */
        bool rejected;
        uv_thread_t thread;
    } sides[BENCH_SIDES_MAX];
};

/* false: out of memory.  On true renew_deinit() must follow, which waits for
 * whoever is asked. */
bool renew_init(struct renew *renew);
void renew_deinit(struct renew *renew);

/* Format the newest login of side `number` into the empty `login`, which the
 * caller owns; waits for whoever is asked.  false: out of memory. */
bool renew_format(struct renew *renew, const struct bench_plan *plan,
                  unsigned number, struct resp_batch *login,
                  unsigned *generation);

/* Make `login` of *generation the newest one, if somebody knows it now.  Asks
 * for another one if it is old. */
void renew_login(struct renew *renew, const struct bench_plan *plan,
                 unsigned number, struct resp_batch *login,
                 unsigned *generation);

/* What a server made of the login of `generation`. */
void renew_accepted(struct renew *renew, unsigned number, unsigned generation);
void renew_rejected(struct renew *renew, unsigned number, unsigned generation);

/* It was rejected: wait for another one.  false: there is none. */
bool renew_wait(struct renew *renew, unsigned number, unsigned generation);

#endif /* BENCH_RENEW_H */
