/*
 * job.h -- what bench was asked for, made ready: a plan that can be run.
 *
 *     argv, environment, configuration > options > sides, each with its target
 *     > addresses, trust and login > plan
 */
#ifndef COMMANDS_BENCH_JOB_H
#define COMMANDS_BENCH_JOB_H

#include "bench/plan.h"
#include "bench/renew.h"
#include "cli/secret.h"
#include "commands/bench/options.h"
#include "commands/targets.h"
#include "net/loop.h"

enum {
    BENCH_ERROR_MAX = 512,
};

struct bench_job {
    struct options words; /* argv */
    struct option_values environment;
    struct config config;
    char config_path[CONFIG_PATH_MAX];
    struct bench_options options;
    struct target_list targets; /* a side each, in order */
    struct secrets secrets;
    struct secret passwords[BENCH_SIDES_MAX];
    struct secret_text lent[BENCH_SIDES_MAX]; /* of commands: the last one */
    struct renew renew;
    bool renews;  /* it is there */
    bool exposed; /* a password stood in argv */
    struct bench_plan plan;
};

/*
 * Read argv, environment, configuration and targets into a zeroed `job`.  On
 * false one line in `error`.  bench_job_free() is due either way.
 */
bool bench_job_read(struct bench_job *job, int argc, char **argv, char *error,
                    size_t size);

/* Fill job->plan: passwords, TLS contexts, addresses.  Blocks.  On false one
 * line in `error`. */
bool bench_job_prepare(struct bench_job *job, char *error, size_t size);
void bench_job_free(struct bench_job *job);

/* Fill the addresses of every side, looked up at the same time; refuse two
 * sides with one of the same, unless forced. */
bool bench_job_resolve(struct bench_job *job, struct net_loop *loop,
                       char *error, size_t size);

/*
 * Is there room for the keys on every side?  Asks INFO memory; where that
 * cannot be had `note` is called with one line, and it counts as yes.  On false
 * one line in `error`.
 */
bool bench_job_room(struct bench_job *job, struct net_loop *loop,
                    void (*note)(const char *line), char *error, size_t size);

#endif /* COMMANDS_BENCH_JOB_H */
