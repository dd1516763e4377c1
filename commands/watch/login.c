/*
 * login.c -- due > a worker runs the command > told on the loop
 */
#include "commands/watch/login.h"

#include <stdlib.h>

/* A command that is asked for a password. */
struct asking {
    struct check_plan *plan;
    struct plan_target *target;
    watch_login_cb cb;
    void *data;
    uv_work_t work;
    bool fine;
    char error[PLAN_ERROR_MAX];
};

static void on_work(uv_work_t *work)
{
    struct asking *asking = work->data;

    asking->fine = plan_login_renew(asking->plan, asking->target, asking->error,
                                    sizeof(asking->error));
}

static void on_worked(uv_work_t *work, int status)
{
    struct asking *asking = work->data;

    (void)status; /* never canceled */
    asking->cb(asking->data, asking->fine ? NULL : asking->error);
    free(asking);
}

bool watch_login_ask(struct check_plan *plan, struct plan_target *target,
                     watch_login_cb cb, void *data)
{
    struct asking *asking;

    if (!plan_login_is_due(target))
        return false;
    asking = calloc(1, sizeof(*asking));
    if (!asking)
        return false;
    *asking = (struct asking){ .plan = plan,
                               .target = target,
                               .cb = cb,
                               .data = data,
                               .work.data = asking };
    /* Fails only without a function to call. */
    (void)uv_queue_work(&plan->loop->uv, &asking->work, on_work, on_worked);
    return true;
}
