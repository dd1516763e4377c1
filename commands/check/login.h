/*
 * login.h -- what check/plan.c makes of a module, and where the password
 * of a target in flight is from; between these two files.
 */
#ifndef COMMANDS_CHECK_LOGIN_H
#define COMMANDS_CHECK_LOGIN_H

#include "commands/check/again.h"
#include "commands/check/plan.h"

/* Options by the name of a module, and what was made from them. */
struct plan_module {
    struct plan_module *next;
    char *name; /* owned; NULL: of no module */
    struct check_options options;
    struct probe_options probe;
    struct check_again again; /* for `probe` */
    bool settled;             /* `probe` is filled */
};

/* Where the password of a target in flight is from. */
struct plan_login {
    struct secret secret;
    char port[8];
};

/* Find the password of `target` for `to`; only a target with one keeps where it
 * is from.  On false one line in `error`. */
bool plan_login_find(struct check_plan *plan, struct plan_target *to,
                     const struct target *target, char *error, size_t size);

/* Who logs in there; NULL: the default user. */
const char *plan_login_user(const struct plan_target *to,
                            const struct target *target);

#endif /* COMMANDS_CHECK_LOGIN_H */
