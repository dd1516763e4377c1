/*
 * run.c -- what calls AWS: one path after the other, each told when
 * it is done.
 *
 *     guard > plan, ask (apply and destroy at a terminal) > run > tell
 *
 * The first SIGINT or SIGTERM ends the run of the path as soon as what is in
 * flight has ended, and no further path is begun; the second one ends the
 * program.  Nothing is lost by either: the next run goes on.
 */
#include "commands/provision/run.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/check/options.h"
#include "commands/provision/checks.h"
#include "commands/terminal.h"

static const int signal_numbers[] = { SIGINT, SIGTERM };

void provision_count(struct provision_run *run, int status)
{
    if (status > run->status)
        run->status = status;
}

/* --- the engine --- */

static void on_signal(uv_signal_t *handle, int number)
{
    struct provision_run *run = handle->data;

    if (run->stop) {
        (void)signal(number, SIG_DFL);
        (void)raise(number);
    }
    run->stop = true;
    (void)fputs("linkprobe: interrupted; what is in flight ends first\n",
                stderr);
    if (run->engine)
        engine_cancel(run->engine);
}

static void on_line(void *data, const char *line)
{
    (void)data;
    (void)fprintf(stderr, "linkprobe: %s\n", line);
}

static void on_done(void *data, struct engine *engine)
{
    (void)data;
    (void)engine;
}

static struct engine_options
options_of(struct provision_run *run, enum engine_command command, bool dry_run)
{
    struct provision_job *job = run->job;

    return (struct engine_options){
        .command = command,
        .spec = run->spec,
        .loop = &run->loop,
        .http = run->http,
        .profiles = run->profiles,
        .endpoint_url = job->options.endpoint_url,
        .dns = job->options.dns,
        .only = job->options.only,
        .timeout_ms = job->options.timeout_ms,
        .dry_run = dry_run,
        .check_permissions = job->options.check_permissions,
        .reject_others = job->options.reject_others,
        .reject_removed = job->options.reject_removed,
        .endpoints = (const char *const *)job->words.targets,
        .nendpoints = job->words.ntargets,
        .listed = job->options.listed,
        .progress = dry_run ? NULL : provision_progress(run),
        .log = job->options.verbosity ? on_line : NULL,
        .done = on_done,
        .data = run,
    };
}

void provision_told_unable(struct provision_run *run)
{
    (void)fprintf(stderr, "linkprobe: %s: %s\n", run->spec->name,
                  run->job->error);
    if (run->job->options.format == PROVISION_JSON)
        provision_report_error(provision_word(run->job->command),
                               run->spec->name, run->job->error, stdout);
    provision_count(run, PROVISION_REFUSED);
}

bool provision_engine(struct provision_run *run, enum engine_command command,
                      bool dry_run, provision_tell_cb tell)
{
    const struct engine_options options = options_of(run, command, dry_run);

    run->engine =
        engine_new(&options, run->job->error, sizeof(run->job->error));
    if (!run->engine)
        return false;
    engine_start(run->engine);
    net_loop_run(&run->loop);
    tell(run, engine_outcome(run->engine));
    engine_free(run->engine);
    run->engine = NULL;
    net_loop_run(&run->loop);
    return true;
}

/* --- telling --- */

void provision_tell(struct provision_run *run, struct outcome *outcome)
{
    static bool again;

    outcome->command = provision_word(run->job->command);
    provision_mend(run, outcome);
    if (run->job->options.format == PROVISION_JSON) {
        provision_report_json(outcome, NULL, stdout);
    } else {
        if (again)
            (void)fputc('\n', stdout);
        again = true;
        provision_report_text(outcome, NULL, &run->style, stdout);
    }
    (void)fflush(stdout);
    provision_count(run, outcome_status_exit(outcome->status));
}

/* --- asking --- */

static void told_no(struct provision_run *run, const struct outcome *plan)
{
    (void)error_set(run->job->error, sizeof(run->job->error),
                    "nothing was changed");
    (void)plan;
    provision_told_unable(run);
}

static enum engine_command command_of(const struct provision_job *job)
{
    switch (job->command) {
    case PROVISION_PLAN:
        return job->options.destroy ? ENGINE_DESTROY : ENGINE_PLAN;
    case PROVISION_APPLY: return ENGINE_APPLY;
    case PROVISION_SYNC: return ENGINE_SYNC;
    case PROVISION_CONNECTIONS: return ENGINE_CONNECTIONS;
    case PROVISION_ACCEPT: return ENGINE_ACCEPT;
    case PROVISION_REJECT: return ENGINE_REJECT;
    case PROVISION_DESTROY: return ENGINE_DESTROY;
    default: return ENGINE_STATUS;
    }
}

/* The plan that is asked about: what it says decides what follows. */
static void ask(struct provision_run *run, struct outcome *plan)
{
    if (plan->status == OUTCOME_STATUS_REFUSED ||
        plan->status == OUTCOME_STATUS_FAILED ||
        plan->status == OUTCOME_STATUS_INTERRUPTED) {
        provision_tell(run, plan);
        run->stop = run->stop || plan->status == OUTCOME_STATUS_INTERRUPTED;
        run->job->options.yes = false;
        return;
    }
    run->job->options.yes =
        plan->status != OUTCOME_STATUS_CHANGES || provision_agreed(run, plan);
    if (!run->job->options.yes)
        told_no(run, plan);
}

/* --- one path --- */

static bool asks(const struct provision_job *job)
{
    return (job->command == PROVISION_APPLY ||
            job->command == PROVISION_DESTROY) &&
           !job->options.yes && !job->options.dry_run;
}

static bool is_protected(struct provision_run *run)
{
    if (run->job->command != PROVISION_DESTROY || !run->spec->protect)
        return false;
    (void)error_set(run->job->error, sizeof(run->job->error),
                    "it is protected: %s says protect: true, and destroy is "
                    "refused whatever the options",
                    run->spec->file);
    provision_told_unable(run);
    return true;
}

static void act(struct provision_run *run, enum engine_command command)
{
    struct provision_job *job = run->job;
    bool dry = job->options.dry_run || job->command == PROVISION_PLAN;
    bool built = job->command == PROVISION_APPLY && !dry;

    if (!provision_engine(run, command, dry,
                          built ? provision_tell_applied : provision_tell))
        provision_told_unable(run);
}

static void run_path(struct provision_run *run)
{
    struct provision_job *job = run->job;
    enum engine_command command = command_of(job);
    bool asked = asks(job);

    if (is_protected(run))
        return;
    if (job->command == PROVISION_VERIFY) {
        provision_verify(run);
        return;
    }
    if (job->command == PROVISION_EXPORT) {
        provision_export(run);
        return;
    }
    if (job->options.watch) {
        provision_watch(run, command);
        return;
    }
    if (asked) {
        enum engine_command plan =
            command == ENGINE_APPLY ? ENGINE_PLAN : command;

        if (!provision_engine(run, plan, true, ask))
            provision_told_unable(run);
        if (!job->options.yes)
            return;
        job->options.yes = false; /* the next path is asked about, too */
    }
    act(run, command);
}

/* --- all of them --- */

static bool can_ask(struct provision_job *job)
{
    if (!asks(job) || isatty(STDIN_FILENO))
        return true;
    return error_set(job->error, sizeof(job->error),
                     "provision %s: there is no terminal to ask at; --yes goes "
                     "ahead, --dry-run shows what would be done",
                     provision_word(job->command));
}

static void start_signals(struct provision_run *run)
{
    for (size_t i = 0; i < sizeof(run->signals) / sizeof(run->signals[0]);
         i++) {
        uv_signal_init(&run->loop.uv, &run->signals[i]);
        run->signals[i].data = run;
        uv_signal_start(&run->signals[i], on_signal, signal_numbers[i]);
        uv_unref((uv_handle_t *)&run->signals[i]);
    }
}

static void stop_signals(struct provision_run *run)
{
    for (size_t i = 0; i < sizeof(run->signals) / sizeof(run->signals[0]); i++)
        uv_close((uv_handle_t *)&run->signals[i], NULL);
}

static void run_paths(struct provision_run *run)
{
    const struct provision_files *files = &run->job->files;

    start_signals(run);
    for (size_t i = 0; i < files->n && !run->stop; i++) {
        run->spec = files->specs[i];
        run_path(run);
    }
    if (run->stop)
        provision_count(run, PROVISION_FAILED);
    stop_signals(run);
}

static bool begin(struct provision_run *run)
{
    struct provision_job *job = run->job;

    if (!can_ask(job) || !client_checks_can(run) ||
        (job->command == PROVISION_EXPORT && !provision_can_export(job)))
        return false;
    run->profiles = profiles_load(job->error, sizeof(job->error));
    if (!run->profiles)
        return false;
    if (net_loop_init(&run->loop) != 0)
        return error_set(job->error, sizeof(job->error),
                         "cannot make an event loop");
    run->http = http_new(&run->loop, NULL);
    if (run->http)
        return true;
    (void)net_loop_close(&run->loop);
    return error_set(job->error, sizeof(job->error), "out of memory");
}

int provision_run(struct provision_job *job)
{
    struct provision_run run = { .job = job };

    run.style.color = terminal_color(job->options.color);
    run.style.verbose = job->options.verbosity > 0;
    if (!begin(&run)) {
        profiles_free(run.profiles);
        return provision_told_wrong(job);
    }
    run_paths(&run);
    http_free(run.http);
    net_loop_run(&run.loop);
    (void)net_loop_close(&run.loop);
    profiles_free(run.profiles);
    return fflush(stdout) == 0 ? run.status : PROVISION_REFUSED;
}
