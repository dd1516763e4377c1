/*
 * job.h -- one check of one target, from its password to its verdict.
 *
 * The callback runs exactly once, and may run inside of start when there is
 * nothing to wait for.  After it the job is gone.
 */
#ifndef COMMANDS_SERVE_JOB_H
#define COMMANDS_SERVE_JOB_H

#include "commands/serve/plan.h"
#include "probe/check.h"

struct serve_job;

/* `item` is the result, or NULL with one line in `error`: it could not be
 * checked.  All is lent for the call. */
typedef void (*serve_job_cb)(struct serve_job *job,
                             const struct report_item *item, const char *error);

struct serve_job {
    void *data; /* the caller's; never touched */

    /* set before the start */
    struct serve_plan *plan; /* referenced until the callback */
    struct serve_module *module;
    struct probe_target target; /* without its password */
    unsigned limit_ms;          /* of all, the password's time too; 0: none */
    bool trusted;               /* may have the module's credentials */
    const char *url_password;   /* NULL: none */
    const char *password_file;  /* of the target's group; NULL: none */
    struct serve_login **login; /* where the source is kept; NULL: nowhere */

    /* private */
    struct probe_world *world;
    struct probe_options *options; /* of its own; NULL: the module's do */
    struct serve_login_wait wait;
    struct net_deadline late; /* while it waits, with a limit */
    uint64_t start_ns;
    struct check check;
    serve_job_cb cb;
    bool checking, waiting, canceled, again;
};

/* Zeroed; free() it when it is not to be started.  NULL: out of memory. */
struct serve_job *serve_job_new(void);

void serve_job_start(struct serve_job *job, struct probe_world *world,
                     serve_job_cb cb);

/* End soon. */
void serve_job_cancel(struct serve_job *job);

#endif /* COMMANDS_SERVE_JOB_H */
