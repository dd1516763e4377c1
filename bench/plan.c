/*
 * plan.c -- words of a plan, and whether it can be carried out.
 */
#include "bench/plan.h"

#include <stdio.h>
#include <string.h>

enum {
    PIPELINE_MAX = 100 * 1000,
    CONNECTIONS_MAX = 1000 * 1000,
    THREADS_MAX = 1024,
};

#define SIZE_LIMIT ((size_t)512 * 1024 * 1024) /* Redis takes no more */
#define KEYS_LIMIT UINT64_C(1000000000000)     /* what the digits can tell */
#define RATE_LIMIT 1e9

const char *bench_command_token(enum bench_command command)
{
    static const char *const tokens[BENCH_COMMANDS] = {
        [BENCH_PING] = "ping",
        [BENCH_SET] = "set",
        [BENCH_GET] = "get",
    };

    return tokens[command];
}

static const char *what_is_wrong_with_sides(const struct bench_plan *plan)
{
    if (plan->nsides < 1 || plan->nsides > BENCH_SIDES_MAX)
        return "there must be 1 to 8 sides";
    for (unsigned i = 0; i < plan->nsides; i++)
        if (plan->sides[i].naddresses < 1 ||
            plan->sides[i].naddresses > BENCH_ADDRESSES_MAX)
            return "a side must have 1 to 64 addresses";
    return NULL;
}

static const char *what_is_wrong_with_load(const struct bench_plan *plan)
{
    if (plan->connections < 1 || plan->connections > CONNECTIONS_MAX)
        return "connections must be 1 to 1000000";
    if (plan->threads < 1 || plan->threads > THREADS_MAX ||
        plan->threads > plan->connections)
        return "threads must be 1 to 1024, and at most the connections";
    if (plan->pipeline < 1 || plan->pipeline > PIPELINE_MAX)
        return "the pipeline must be 1 to 100000";
    if (plan->reconnect && plan->pipeline > 1)
        return "a new connection for every request takes a pipeline of 1";
    if (plan->requests == 0 && plan->duration_ns == 0)
        return "requests or a duration must be given";
    if (!(plan->rate >= 0 && plan->rate <= RATE_LIMIT))
        return "the rate must be at most 1000000000 a second";
    return plan->timeout_ms > 0 ? NULL : "the timeout must not be 0";
}

static const char *what_is_wrong_with_keys(const struct bench_plan *plan)
{
    unsigned weights = 0;

    for (int i = 0; i < BENCH_COMMANDS; i++)
        weights |= plan->weights[i];
    if (weights == 0)
        return "the mix must have a command";
    if (plan->size > SIZE_LIMIT)
        return "the size must be at most 512 MiB";
    if (plan->keys < 1 || plan->keys > KEYS_LIMIT)
        return "keys must be 1 to 1000000000000";
    if (!plan->key_prefix || strlen(plan->key_prefix) > BENCH_PREFIX_MAX)
        return "the key prefix must be at most 200 bytes";
    return NULL;
}

bool bench_plan_check(const struct bench_plan *plan, char *error, size_t size)
{
    const char *wrong = what_is_wrong_with_sides(plan);

    if (!wrong)
        wrong = what_is_wrong_with_load(plan);
    if (!wrong)
        wrong = what_is_wrong_with_keys(plan);
    if (wrong)
        (void)snprintf(error, size, "%s", wrong);
    return wrong == NULL;
}
