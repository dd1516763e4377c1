/*
 * plan.h -- what a benchmark does: checked numbers, the input of a run.
 *
 * Made by commands/, plain data; it outlives the run.
 */
#ifndef BENCH_PLAN_H
#define BENCH_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/addr.h"
#include "net/tls.h"

enum {
    BENCH_SIDES_MAX = 8,
    BENCH_ADDRESSES_MAX = 64,
    BENCH_KEY_DIGITS = 12, /* of the number behind the prefix */
    BENCH_PREFIX_MAX = 200,
};

struct renew;

enum bench_command { BENCH_PING, BENCH_SET, BENCH_GET, BENCH_COMMANDS };

/* "ping", "set", "get". */
const char *bench_command_token(enum bench_command command);

enum bench_distribution {
    BENCH_UNIFORM,
    BENCH_ZIPF,
    BENCH_SEQUENTIAL,
};

/* One target of the run: "a", "b", ... */
struct bench_side {
    const char *name;                               /* HOST:PORT as printed */
    struct net_addr addresses[BENCH_ADDRESSES_MAX]; /* resolved, with port */
    unsigned naddresses;                            /* >= 1 */
    struct net_tls_context *tls;                    /* NULL: plain */
    const char *tls_name;
    const char *user, *password; /* NULL: none */
    int db;                      /* 0 or less: none */
};

struct bench_plan {
    struct bench_side sides[BENCH_SIDES_MAX];
    unsigned nsides;      /* >= 1 */
    unsigned connections; /* of each side, >= 1; over all threads */
    unsigned threads;     /* >= 1, at most `connections` */
    unsigned pipeline;    /* requests in flight on a connection, >= 1 */
    uint64_t requests;    /* of each side; 0: by time */
    uint64_t duration_ns; /* of each side at work; 0: by requests */
    uint64_t warmup_ns;   /* not counted */
    double rate;          /* of each side, a second; 0: closed loop */
    unsigned weights[BENCH_COMMANDS]; /* the mix; their sum is not 0 */
    size_t size;                      /* of a value, bytes */
    uint64_t keys;                    /* how many different ones, >= 1 */
    const char *key_prefix;
    enum bench_distribution distribution;
    uint64_t seed;
    bool reconnect;                /* a new connection for every request */
    int64_t start_at_ms;           /* wall clock to begin at; 0: now */
    unsigned timeout_ms;           /* of connects, logins and of a reply */
    struct renew *renew;           /* NULL: passwords are for ever */
    const struct net_addr *source; /* NULL: any */
};

/* Can it be carried out?  On false one line in `error`. */
bool bench_plan_check(const struct bench_plan *plan, char *error, size_t size);

#endif /* BENCH_PLAN_H */
