/*
 * login.c -- who logs in, with which password, and when it is asked for
 * again: it is 10 minutes old, or a server rejected it.
 */
#include "commands/check/login.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "cli/text.h"

/* A command must leave the program time to tell of it. */
static unsigned command_limit_ms(const struct check_plan *plan)
{
    int watchdog_ms = plan->options.watchdog_ms;

    return watchdog_ms > 0 && watchdog_ms < SECRET_COMMAND_TIMEOUT_MS
               ? (unsigned)watchdog_ms
               : SECRET_COMMAND_TIMEOUT_MS;
}

static struct secret_from login_from(const struct plan_target *to,
                                     const struct target *target)
{
    const struct check_options *options = &to->module->options;
    const struct target_group *group = target->group;

    return (struct secret_from){
        .url = target->password,
        .askpass = options->askpass,
        .file = group->password_file ? group->password_file
                                     : options->password_file,
        .command = options->password_command,
        .host = target->host,
        .user = to->target.login.user,
    };
}

bool plan_login_find(struct check_plan *plan, struct plan_target *to,
                     const struct target *target, char *error, size_t size)
{
    struct plan_login login = { .secret = { .from = login_from(to, target) } };

    login.secret.from.timeout_ms = command_limit_ms(plan);
    login.secret.from.stop = &plan->stop;
    (void)snprintf(login.port, sizeof(login.port), "%u",
                   (unsigned)target->port);
    login.secret.from.port = login.port;
    if (!secret_get(&plan->secrets, &login.secret, net_now(),
                    &to->target.login.password, error, size))
        return false;
    /* A user without a password may log in with any: ACL's nopass. */
    if (!to->target.login.password) {
        to->target.login.password = to->target.login.user ? "" : NULL;
        return true;
    }
    to->login = malloc(sizeof(*to->login));
    if (!to->login) {
        secret_free(&login.secret);
        return error_set(error, size, "out of memory");
    }
    *to->login = login;
    to->login->secret.from.port = to->login->port;
    return true;
}

const char *plan_login_user(const struct plan_target *to,
                            const struct target *target)
{
    if (target->user)
        return target->user;
    return target->group->user ? target->group->user : to->module->options.user;
}

bool plan_login_rejected(struct plan_target *target)
{
    return target->login && secret_rejected(&target->login->secret);
}

void plan_login_accepted(struct plan_target *target)
{
    if (target->login)
        secret_accepted(&target->login->secret);
}

bool plan_login_is_due(const struct plan_target *target)
{
    return target->login && secret_is_due(&target->login->secret, net_now());
}

bool plan_login_renew(struct check_plan *plan, struct plan_target *target,
                      char *error, size_t size)
{
    return secret_get(&plan->secrets, &target->login->secret, net_now(),
                      &target->target.login.password, error, size);
}

bool plan_target_login_again(struct check_plan *plan,
                             struct plan_target *target)
{
    char error[PLAN_ERROR_MAX];

    return plan_login_rejected(target) &&
           plan_login_renew(plan, target, error, sizeof(error));
}

void plan_target_again(struct plan_target *target)
{
    target->module->probe.policy.now_s = (int64_t)time(NULL);
}
