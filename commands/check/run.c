/*
 * run.c -- one loop, one fleet, one report.
 *
 * A single short check installs no handler that would let it go on: it ends by
 * itself, and a key left behind by a kill expires.  Many targets, and those
 * that are waited for, are ended by the first SIGINT or SIGTERM with what is
 * known so far.
 */
#include "commands/check/run.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/terminal.h"
#include "probe/fleet.h"
#include "report/report.h"

enum {
    COLUMNS_DEFAULT = 80,
    WARNINGS_MAX = 2,
};

struct check_run {
    struct check_plan *plan;
    struct net_loop loop;
    struct probe_world world;
    struct fleet fleet;
    struct report report;
    size_t next;
    bool progress; /* --wait on a terminal: a line on stderr */
    int signal;    /* that ended the run; 0: none did */
    uint64_t start_ns;
    uv_timer_t watchdog;
    uv_signal_t signals[2];
    uv_prepare_t before_sleep;
};

static struct report_style style_of(const struct check_plan *plan)
{
    return (struct report_style){ .verbosity = (int)plan->options.verbosity,
                                  .quiet = plan->options.quiet,
                                  .color = terminal_color(plan->options.color),
                                  .utf8 = terminal_utf8(),
                                  .columns = terminal_columns(),
                                  .targets = plan->targets.ntargets };
}

/* A target that cannot be checked: for people on stderr, as any mistake. */
static void tell_error(struct check_run *run, const char *error)
{
    if (run->plan->options.format != CHECK_FORMAT_TEXT) {
        report_error(&run->report, error);
        return;
    }
    (void)fprintf(stderr, "linkprobe: %s\n", error);
    run->report.worst = check_status_worse(run->report.worst, CHECK_UNKNOWN);
}

static const struct probe_target *next_target(void *data)
{
    struct check_run *run = data;
    char error[PLAN_ERROR_MAX];

    while (run->next < run->plan->targets.ntargets) {
        struct plan_target *target = plan_target_new(
            run->plan, &run->loop, run->next++, error, sizeof(error));
        if (target)
            return &target->target;
        tell_error(run, error);
    }
    return NULL;
}

/* The target that we made, out of the one that the fleet was lent. */
static struct plan_target *ours(const struct probe_target *target)
{
    uintptr_t at = (uintptr_t)target;

    /* It was not const when we lent it. */
    return (struct plan_target *)at; /* NOLINT(performance-no-int-to-ptr) */
}

static void show_progress(struct check_run *run,
                          const struct probe_target *target,
                          const struct outcome *outcome)
{
    uint64_t elapsed_s = (net_now() - run->start_ns) / 1000000000;

    if (run->progress)
        (void)fprintf(stderr, "linkprobe: %s: %s after %us of %us\n",
                      target->name, catalogue_entry(outcome->verdict.id)->token,
                      (unsigned)elapsed_s, run->plan->options.wait_ms / 1000);
}

static bool on_attempt(void *data, const struct probe_target *target,
                       const struct outcome *outcome)
{
    struct check_run *run = data;

    if (run->plan->options.wait_ms > 0)
        show_progress(run, target, outcome);
    return outcome->verdict.id == VERDICT_AUTH_REJECTED &&
           plan_target_login_again(run->plan, ours(target));
}

static void on_done(void *data, const struct probe_target *target,
                    const struct check *check, const struct outcome *outcome)
{
    struct check_run *run = data;

    if (check && outcome)
        report_item(&run->report,
                    &(struct report_item){ .target = target,
                                           .evidence = &check->evidence,
                                           .outcome = outcome,
                                           .time_ms = check->time_ms });
    else
        report_error(&run->report, "out of memory");
    plan_target_free(ours(target));
}

static void on_watchdog(uv_timer_t *timer)
{
    struct check_run *run = timer->data;

    fleet_cancel(&run->fleet);
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct check_run *run = handle->data;

    run->signal = run->fleet.signal = number;
    fleet_cancel(&run->fleet);
}

static void watch_time(struct check_run *run)
{
    int ms = run->plan->options.watchdog_ms;

    if (ms <= 0)
        return;
    uv_timer_init(&run->loop.uv, &run->watchdog);
    run->watchdog.data = run;
    uv_timer_start(&run->watchdog, on_watchdog, (uint64_t)ms, 0);
    uv_unref((uv_handle_t *)&run->watchdog);
}

/* A plugin ends in one of four statuses, with a line, whoever ends it. */
static void on_killed(int number)
{
    static const char text[] = "REDIS UNKNOWN - ended by a signal\n";

    (void)number;
    (void)!write(STDOUT_FILENO, text, sizeof(text) - 1);
    _exit(CHECK_UNKNOWN);
}

static void watch_signals(struct check_run *run)
{
    static const int numbers[2] = { SIGINT, SIGTERM };
    const struct check_options *options = &run->plan->options;

    if (run->plan->targets.ntargets == 1 && options->wait_ms == 0 &&
        options->idle_ms == 0) {
        if (options->format == CHECK_FORMAT_NAGIOS)
            (void)signal(SIGTERM, on_killed);
        return;
    }
    for (size_t i = 0; i < 2; i++) {
        uv_signal_init(&run->loop.uv, &run->signals[i]);
        run->signals[i].data = run;
        uv_signal_start(&run->signals[i], on_signal, numbers[i]);
        uv_unref((uv_handle_t *)&run->signals[i]);
    }
}

static void on_before_sleep(uv_prepare_t *handle)
{
    struct check_run *run = handle->data;

    report_flush(&run->report);
}

/* Many results are written together, but never later than the loop sleeps. */
static void write_in_turns(struct check_run *run)
{
    if (run->plan->targets.ntargets == 1)
        return;
    run->report.held = true;
    uv_prepare_init(&run->loop.uv, &run->before_sleep);
    run->before_sleep.data = run;
    uv_prepare_start(&run->before_sleep, on_before_sleep);
    uv_unref((uv_handle_t *)&run->before_sleep);
}

static bool is_ours(const struct check_run *run, const uv_handle_t *handle)
{
    const uv_handle_t *const ours[] = {
        (const uv_handle_t *)&run->watchdog,
        (const uv_handle_t *)&run->signals[0],
        (const uv_handle_t *)&run->signals[1],
        (const uv_handle_t *)&run->before_sleep,
    };

    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
        if (handle == ours[i])
            return true;
    }
    return false;
}

static void close_ours(uv_handle_t *handle, void *data)
{
    if (!uv_is_closing(handle) && is_ours(data, handle))
        uv_close(handle, NULL);
}

/* Targets that nothing was said of: a reader must not think they are fine. */
static void tell_unchecked(struct check_run *run)
{
    size_t all = run->plan->targets.ntargets, left = all - run->next;
    char text[PLAN_ERROR_MAX];

    if (left == 0)
        return;
    (void)snprintf(text, sizeof(text),
                   "%s: %zu of %zu targets were not checked",
                   run->signal == 0        ? "the time of -t is over"
                   : run->signal == SIGINT ? "interrupted"
                                           : "terminated",
                   left, all);
    tell_error(run, text);
}

static void run_fleet(struct check_run *run)
{
    const struct check_options *options = &run->plan->options;

    run->world =
        (struct probe_world){ .io = &probe_io_net, .loop = &run->loop };
    run->fleet = (struct fleet){ .data = run,
                                 .world = &run->world,
                                 .next = next_target,
                                 .again = on_attempt,
                                 .done = on_done,
                                 .concurrency = options->concurrency,
                                 .wait_ms = options->wait_ms,
                                 .interval_ms = options->interval_ms,
                                 .consecutive = options->consecutive };
    run->start_ns = net_now();
    watch_time(run);
    watch_signals(run);
    write_in_turns(run);
    fleet_start(&run->fleet);
    net_loop_run(&run->loop);
    tell_unchecked(run);
    uv_walk(&run->loop.uv, close_ours, run);
    plan_close(run->plan);
    net_loop_run(&run->loop);
    probe_world_deinit(&run->world);
}

/* What only TLS makes sense of was asked for, and no target speaks it. */
static bool tls_is_missed(const struct check_plan *plan)
{
    static const char *const rows[] = { "tls-name", "tls-verify", "insecure",
                                        "cacert",   "cacertdir",  "cert",
                                        "key",      "cert-days" };
    bool asked = false;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        asked |= option_values_has(&plan->words.argv, rows[i]);
    for (size_t i = 0; asked && i < plan->targets.ntargets; i++)
        asked = !plan->targets.targets[i].tls;
    return asked;
}

static size_t warnings_of(const struct check_plan *plan,
                          const char *warnings[WARNINGS_MAX])
{
    size_t n = 0;

    if (plan->exposed)
        warnings[n++] = "a password on the command line is seen by every user "
                        "of this machine; --password-file keeps it";
    if (tls_is_missed(plan))
        warnings[n++] = "options of TLS do nothing without --tls or a "
                        "rediss:// URL: this check is in plain text";
    return n;
}

enum check_status check_run(struct check_plan *plan)
{
    const char *warnings[WARNINGS_MAX];
    const struct report_style style = style_of(plan);
    struct check_run run = { .plan = plan };
    size_t nwarnings = warnings_of(plan, warnings);

    report_begin(&run.report,
                 report_find(check_format_name(plan->options.format)), &style,
                 STDOUT_FILENO);
    run.progress = isatty(STDERR_FILENO) && !plan->options.quiet &&
                   plan->options.format == CHECK_FORMAT_TEXT;
    if (plan->options.format == CHECK_FORMAT_NAGIOS) {
        run.report.warnings = warnings;
        run.report.nwarnings = nwarnings;
    }
    for (size_t i = run.report.nwarnings; i < nwarnings; i++)
        (void)fprintf(stderr, "linkprobe: warning: %s\n", warnings[i]);
    if (net_loop_init(&run.loop) == 0) {
        run_fleet(&run);
        net_loop_close(&run.loop);
    } else {
        report_error(&run.report, "cannot make an event loop");
    }
    return report_end(&run.report) ? run.report.worst : CHECK_UNKNOWN;
}
