/*
 * login.h -- a password for a loop that must not stand still.
 */
#ifndef COMMANDS_WATCH_LOGIN_H
#define COMMANDS_WATCH_LOGIN_H

#include "commands/check/plan.h"

/* `error`: why the password stays what it was; NULL: it is read. */
typedef void (*watch_login_cb)(void *data, const char *error);

/*
 * Run the command that a worker must ask for the password of `target`; the
 * plan's `stop` ends it.  false: none is to be run, or it cannot be (no
 * memory); the callback will not be called.
 */
bool watch_login_ask(struct check_plan *plan, struct plan_target *target,
                     watch_login_cb cb, void *data);

#endif /* COMMANDS_WATCH_LOGIN_H */
