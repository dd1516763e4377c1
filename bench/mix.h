/*
 * mix.h -- which command comes next, with which key: ready to be written.
 *
 * Each command is formatted once, through hiredis; a draw patches the digits of
 * its key in place.  One a worker: nothing is shared, and the same seed and
 * worker draw the same requests.
 *
 *     *4 $3 SET $37 <prefix>000000004711 $64 <value> $7 KEEPTTL
 *                           ^^^^^^^^^^^^
 */
#ifndef BENCH_MIX_H
#define BENCH_MIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/plan.h"
#include "resp/encode.h"

struct zipf;

/* What the mix is of; outlives it. */
struct mix_plan {
    const struct bench_plan *plan;
    const char *prefix; /* of keys: the plan's, and this run's own mark */
    unsigned expire_s;  /* of every key, from when it is loaded */
    bool keep_ttl;      /* SET leaves that alone, which costs the server less
                           than to set it again (Redis 6.0) */
};

/* One formatted command. */
struct mix_request {
    struct resp_batch command;
    size_t digits_end; /* behind the digits of its key */
};

struct mix {
    size_t largest; /* bytes of a request */

    /* private */
    struct mix_request requests[BENCH_COMMANDS];
    uint64_t random; /* the state of xorshift64* (Vigna, 2016); never 0 */
    uint64_t upto[BENCH_COMMANDS]; /* numbers below this draw it, of 2^32 */
    uint32_t usual; /* how many keys, if uniform and not too many; else 0 */
    enum bench_distribution distribution;
    uint64_t keys;
    uint64_t next;  /* sequential */
    unsigned pairs; /* of digits that keys differ in */
    struct zipf *zipf;
};

/* The mix of worker `worker` among `workers`.  false: out of memory. */
bool mix_init(struct mix *mix, const struct mix_plan *plan, unsigned worker,
              unsigned workers);
void mix_deinit(struct mix *mix); /* fine on a zeroed one */

/* Draw a request.  Its bytes are lent until the next draw. */
const struct resp_batch *mix_next(struct mix *mix, enum bench_command *command);

/* The next random number of xorshift64*. */
uint64_t mix_random(uint64_t *state);

/* A seed of its own for each `number`: never 0 (splitmix64). */
uint64_t mix_seed(uint64_t seed, uint64_t number);

/* Format `command`, or one of a word and a key, into the zeroed `request`; a
 * SET that sets the time to live, or keeps it.  false: out of memory. */
bool mix_format(struct mix_request *request, enum bench_command command,
                const struct mix_plan *plan);
bool mix_format_set(struct mix_request *request, const struct mix_plan *plan,
                    bool keep_ttl);
bool mix_format_word(struct mix_request *request, const char *word,
                     const struct mix_plan *plan);

/* Write the digits of `key`, `pairs` (1 or more) of them, before `end`. */
void mix_patch(char *end, uint64_t key, unsigned pairs);

#endif /* BENCH_MIX_H */
