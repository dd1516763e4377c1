/*
 * plan.h -- what was asked for, made ready: targets, each with its
 * options, its trust and its login.
 *
 * Everything that is the same for many targets is made once: a module is its
 * options, its name servers and its TLS context, made when a target first
 * needs them.  A target in flight is a `struct plan_target`.
 */
#ifndef COMMANDS_CHECK_PLAN_H
#define COMMANDS_CHECK_PLAN_H

#include <stdatomic.h>

#include "cli/secret.h"
#include "commands/check/options.h"
#include "commands/targets.h"
#include "net/loop.h"
#include "probe/target.h"

enum {
    PLAN_ERROR_MAX = 512,
};

struct plan_module;
struct plan_login;

struct check_plan {
    /* set before plan_read() */
    const struct option_spec *spec; /* NULL: check_spec */
    bool server;                    /* always ask for run_id and version */

    bool plugin;
    struct options words; /* argv */
    struct option_values environment;
    struct config config;
    char config_path[CONFIG_PATH_MAX];
    struct check_options options; /* of no module, or of --module */
    struct target_list targets;
    struct secrets secrets;
    bool exposed;     /* a password stood in argv */
    atomic_bool stop; /* end the command that is asked for a password */

    /* private */
    const struct target *endpoint; /* what other names may stand for; NULL */
    struct plan_module *modules;
    struct net_loop *loop;
};

/* One target in flight: its memory is the plan's, and given back. */
struct plan_target {
    struct probe_target target; /* first: one pointer is the other */
    struct plan_module *module;
    struct plan_login *login; /* NULL: no password was found */
};

/*
 * Read argv, environment, configuration and targets into a zeroed `plan`.  On
 * false one line in `error`.  plan_free() is due either way.
 */
bool plan_read(struct check_plan *plan, int argc, char **argv, bool plugin,
               char *error, size_t size);

/*
 * Make target `i` ready for `loop`: name servers, TLS context, password.
 * NULL and one line in `error` when that is not to be had.
 */
struct plan_target *plan_target_new(struct check_plan *plan,
                                    struct net_loop *loop, size_t i,
                                    char *error, size_t size);
void plan_target_free(struct plan_target *target);

/* A server rejected the password: is there another one?  Then it is set. */
bool plan_target_login_again(struct check_plan *plan,
                             struct plan_target *target);

/*
 * For who checks again and again: the wall clock that certificates are judged
 * by is read anew.
 */
void plan_target_again(struct plan_target *target);

/*
 * The same, in steps: a server rejected the password (true: there may be
 * another), or took it; is a command to be run before the next check; run it.
 * That takes its time, so a worker thread may do it while nothing else uses
 * `target`.  false: the password stays, one line in `error`.
 */
bool plan_login_rejected(struct plan_target *target);
void plan_login_accepted(struct plan_target *target);
bool plan_login_is_due(const struct plan_target *target);
bool plan_login_renew(struct check_plan *plan, struct plan_target *target,
                      char *error, size_t size);

/* Close what belongs to the loop; it must run once more after that. */
void plan_close(struct check_plan *plan);
void plan_free(struct check_plan *plan);

#endif /* COMMANDS_CHECK_PLAN_H */
