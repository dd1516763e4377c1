/*
 * job.c -- prepare > password > check > (rejected? password > check) >
 * verdict.
 */
#include "commands/serve/job.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/check/probe.h"

enum {
    MS = 1000000, /* nanoseconds */
};

static void run_check(struct serve_job *job);

struct serve_job *serve_job_new(void)
{
    return calloc(1, sizeof(struct serve_job));
}

static void release(struct serve_job *job)
{
    serve_login_release(&job->wait);
    serve_plan_unref(job->plan);
    free(job->options);
    free(job);
}

static void fail(struct serve_job *job, const char *error)
{
    job->cb(job, NULL, error);
    release(job);
}

/* What is left of the limit; never nothing. */
static unsigned left_ms(const struct serve_job *job)
{
    uint64_t spent_ms = (net_now() - job->start_ns) / MS;

    return spent_ms < job->limit_ms ? job->limit_ms - (unsigned)spent_ms : 1;
}

/* The scraper's time is over before there is a password. */
static void on_late(struct net_deadline *late)
{
    struct serve_job *job =
        (struct serve_job *)(void *)((char *)late -
                                     offsetof(struct serve_job, late));

    fail(job, "the password was not there in time");
}

static void stop_waiting(struct serve_job *job)
{
    job->waiting = false;
    net_deadline_clear(&job->world->loop->deadlines, &job->late);
}

static void got_password(struct serve_job *job)
{
    if (job->wait.error) {
        fail(job, job->wait.error);
    } else {
        job->target.login.password = job->wait.password;
        run_check(job);
    }
}

static void on_password(struct serve_login_wait *wait)
{
    struct serve_job *job = wait->data;

    stop_waiting(job);
    got_password(job);
}

static void get_password(struct serve_job *job, struct serve_login *login)
{
    struct net_loop *loop = job->world->loop;

    job->wait = (struct serve_login_wait){ .data = job };
    job->waiting = !serve_login_get(login, &job->wait, on_password);
    if (!job->waiting) {
        got_password(job);
    } else if (job->limit_ms > 0) {
        uv_update_time(&loop->uv); /* the deadline counts from now */
        net_deadline_set(&loop->deadlines, &job->late, on_late, left_ms(job));
    }
}

static void accepted(const struct serve_job *job, const struct outcome *outcome)
{
    if (job->wait.login && check_probe_accepted(outcome))
        serve_login_accepted(job->wait.login);
}

/* Rejected, and there may be another password by now? */
static bool may_try_again(const struct serve_job *job,
                          const struct outcome *outcome)
{
    return outcome->verdict.id == VERDICT_AUTH_REJECTED && !job->again &&
           !job->canceled && job->wait.login &&
           serve_login_rejected(job->wait.login);
}

static void try_again(struct serve_job *job)
{
    struct serve_login *login = job->wait.login;

    job->again = true;
    check_deinit(&job->check);
    serve_login_release(&job->wait);
    get_password(job, login);
}

/* Out of the job, which is gone when all of it was told. */
static void tell(struct serve_job *job, struct outcome *outcome)
{
    struct report_item item = { .target = &job->target,
                                .evidence = &job->check.evidence,
                                .outcome = outcome,
                                .time_ms = job->check.time_ms };

    accepted(job, outcome);
    job->cb(job, &item, NULL);
    outcome_free(outcome);
    check_deinit(&job->check);
    release(job);
}

static void on_checked(struct check *check)
{
    struct serve_job *job = check->data;
    struct outcome outcome;

    job->checking = false;
    if (!combine(&check->evidence, &job->target.options->policy, &outcome)) {
        check_deinit(check);
        fail(job, "out of memory");
    } else if (may_try_again(job, &outcome)) {
        outcome_free(&outcome);
        try_again(job);
    } else {
        tell(job, &outcome);
    }
}

static void run_check(struct serve_job *job)
{
    if (job->limit_ms > 0 && left_ms(job) < job->options->deadline_ms)
        job->options->deadline_ms = left_ms(job);
    job->check.data = job;
    if (!check_init(&job->check, job->world, &job->target)) {
        check_deinit(&job->check);
        fail(job, "out of memory");
        return;
    }
    job->checking = true;
    check_start(&job->check, on_checked);
}

/*
 * The module's options, for all of its checks: a copy would be as large as the
 * rest of a job.  One is made where it is to differ.  false: out of memory.
 */
static bool take_options(struct serve_job *job)
{
    const struct serve_module *module = job->module;
    bool anonymous = !job->trusted && module->options.cert;

    job->target.options = &module->probe;
    if (!anonymous && job->limit_ms == 0)
        return true;
    job->options = malloc(sizeof(*job->options));
    if (!job->options)
        return false;
    *job->options = module->probe;
    if (anonymous)
        job->options->tls = module->anonymous;
    job->target.options = job->options;
    return true;
}

/* A file or a command that the password is to be read from; false: neither. */
static bool is_read(const struct serve_job *job, struct secret_from *from)
{
    const struct check_options *options = &job->module->options;
    const char *file =
        job->password_file ? job->password_file : options->password_file;

    if (job->url_password || !job->trusted || (file && strcmp(file, "-") == 0))
        return false;
    *from = (struct secret_from){ .file = file,
                                  .command = options->password_command,
                                  .host = job->target.host,
                                  .user = job->target.login.user };
    return from->file || from->command;
}

static struct serve_login *find_login(struct serve_job *job,
                                      struct secret_from *from)
{
    struct serve_login *login;
    char port[8];

    if (job->login && *job->login)
        return *job->login;
    (void)snprintf(port, sizeof(port), "%u", (unsigned)job->target.port);
    from->port = port;
    login = serve_login_find(&job->plan->logins, from, job->login != NULL);
    if (job->login)
        *job->login = login;
    return login;
}

/* One that is there already; a user without one may log in with any. */
static const char *fixed_password(const struct serve_job *job)
{
    const char *password = job->url_password;

    if (!password && job->trusted)
        password = job->plan->base_password;
    return password ? password : job->target.login.user ? "" : NULL;
}

void serve_job_start(struct serve_job *job, struct probe_world *world,
                     serve_job_cb cb)
{
    struct secret_from from;
    struct serve_login *login;
    char error[SERVE_ERROR_MAX];

    job->cb = cb;
    job->world = world;
    job->start_ns = net_now();
    (void)serve_plan_ref(job->plan);
    if (!serve_plan_prepare(job->plan, job->module, &job->target, job->trusted,
                            error, sizeof(error))) {
        fail(job, error);
        return;
    }
    if (!take_options(job)) {
        fail(job, "out of memory");
        return;
    }
    if (is_read(job, &from)) {
        login = find_login(job, &from);
        if (login)
            get_password(job, login);
        else
            fail(job, "no more passwords can be kept");
        return;
    }
    job->target.login.password = fixed_password(job);
    run_check(job);
}

void serve_job_cancel(struct serve_job *job)
{
    job->canceled = true;
    if (job->checking) {
        check_cancel(&job->check);
    } else if (job->waiting) {
        stop_waiting(job);
        fail(job, "the service ends");
    }
}
