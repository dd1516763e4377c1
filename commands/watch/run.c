/*
 * run.c -- one loop, a timer a target, one output.
 *
 * target   due > (a worker asks for a password) > (waits for a slot)
 *              > check > snapshot > track: events
 *              > due again, an interval after it was
 *
 * The first SIGINT or SIGTERM ends it: what is in flight is canceled and not
 * counted, a command that was asked for a password is killed; the second kills
 * what --on-change still runs.
 */
#include "commands/watch/run.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/check/probe.h"
#include "commands/terminal.h"
#include "commands/watch/login.h"
#include "commands/watch/out.h"
#include "probe/check.h"

enum {
    MS = 1000000, /* nanoseconds */
    SIGNALS = 5,
};

struct watch_run;

/* One target. */
struct watched {
    struct watch_run *run;
    struct plan_target *plan;
    struct check check;
    struct track track;
    struct snapshot last, now;
    uint64_t due_ns;
    unsigned ended; /* checks */
    bool again;     /* at once, with another login */
    bool checking, waiting, seen;
    bool asking, asked; /* for a password, before a check */
    uv_timer_t timer;
};

struct watch_run {
    struct check_plan *plan;
    struct net_loop loop;
    struct probe_world world;
    struct watched *targets;
    size_t ntargets, left; /* left: not done with all their checks */
    unsigned in_flight;
    bool ending;
    struct watch_out out;
    uv_signal_t signals[SIGNALS];
    uv_timer_t second; /* the clock of the live view */
};

static const int signal_numbers[SIGNALS] = { SIGINT, SIGTERM, SIGWINCH, SIGCONT,
                                             SIGTSTP };

static void begin_due(struct watch_run *run);

static void on_event(void *data, const struct event *event)
{
    struct watched *w = data;

    watch_out_event(&w->run->out, (size_t)(w - w->run->targets), event);
}

static void target_done(struct watched *w)
{
    uv_close((uv_handle_t *)&w->timer, NULL);
    w->run->left--;
}

static void on_due(uv_timer_t *timer)
{
    struct watched *w = timer->data;

    w->waiting = true;
    begin_due(w->run);
}

static void schedule(struct watched *w)
{
    const struct check_options *options = &w->run->plan->options;
    uint64_t now = net_now(), every = (uint64_t)options->interval_ms * MS;

    if (w->run->ending || (options->count && w->ended >= options->count)) {
        target_done(w);
        return;
    }
    w->due_ns += every;
    if (w->due_ns < now)
        w->due_ns = now; /* a check took longer than the interval */
    uv_timer_start(&w->timer, on_due, (w->due_ns - now + MS - 1) / MS, 0);
}

static void take(struct watched *w, const struct outcome *outcome)
{
    if (!snapshot_take(&w->check.evidence, &w->plan->target.options->policy,
                       outcome, w->check.time_ms, &w->now) ||
        !track_add(&w->track, &w->now)) {
        watch_out_problem(&w->run->out, "out of memory: a check is lost");
        return;
    }
    w->last = w->now;
    w->seen = true;
    watch_out_seen(&w->run->out, (size_t)(w - w->run->targets), &w->last);
}

static void on_checked(struct check *check)
{
    struct watched *w = check->data;
    struct watch_run *run = w->run;
    struct outcome outcome;
    bool again = false;

    if (run->ending) {
        /* canceled: it says nothing of the target */
    } else if (!combine(&check->evidence, &w->plan->target.options->policy,
                        &outcome)) {
        watch_out_problem(&run->out, "out of memory: a check is lost");
    } else {
        again = !w->again && outcome.verdict.id == VERDICT_AUTH_REJECTED &&
                plan_login_rejected(w->plan);
        if (!again)
            take(w, &outcome);
        if (check_probe_accepted(&outcome))
            plan_login_accepted(w->plan);
        outcome_free(&outcome);
    }
    check_deinit(check);
    w->checking = false;
    run->in_flight--;
    w->again = again;
    if (again) {
        w->waiting = true;
    } else {
        w->ended++;
        schedule(w);
    }
    begin_due(run);
    watch_out_draw(&run->out);
}

static void on_asked(void *data, const char *error)
{
    struct watched *w = data;

    w->asking = false;
    if (w->run->ending) {
        target_done(w);
        return;
    }
    if (error)
        watch_out_problem(&w->run->out, error);
    w->asked = w->waiting = true;
    begin_due(w->run);
}

static void begin(struct watched *w)
{
    struct watch_run *run = w->run;

    w->waiting = false;
    if (w->due_ns == 0)
        w->due_ns = net_now();
    w->asking = !w->asked && watch_login_ask(run->plan, w->plan, on_asked, w);
    if (w->asking)
        return;
    w->asked = false;
    plan_target_again(w->plan);
    w->check = (struct check){ .data = w };
    if (!check_init(&w->check, &run->world, &w->plan->target)) {
        check_deinit(&w->check);
        watch_out_problem(&run->out, "out of memory: a check is lost");
        w->ended++;
        schedule(w);
        return;
    }
    w->checking = true;
    run->in_flight++;
    check_start(&w->check, on_checked);
}

/* Those that are due, as many as may be in flight, in turn. */
static void begin_due(struct watch_run *run)
{
    for (size_t i = 0; i < run->ntargets && !run->ending; i++) {
        if (run->in_flight >= run->plan->options.concurrency)
            return;
        if (run->targets[i].waiting)
            begin(&run->targets[i]);
    }
}

static void end(struct watch_run *run)
{
    if (run->ending) {
        watch_out_kill(&run->out);
        return;
    }
    run->ending = true;
    atomic_store(&run->plan->stop, true);
    watch_out_ending(&run->out);
    for (size_t i = 0; i < run->ntargets; i++) {
        struct watched *w = &run->targets[i];

        if (w->checking)
            check_cancel(&w->check);
        else if (!w->asking && !uv_is_closing((uv_handle_t *)&w->timer))
            target_done(w);
    }
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct watch_run *run = handle->data;

    if (number == SIGINT || number == SIGTERM) {
        end(run);
    } else if (number == SIGTSTP) {
        watch_out_pause(&run->out);
        (void)kill(getpid(), SIGSTOP);
    } else if (number == SIGCONT) {
        watch_out_resume(&run->out);
    } else {
        watch_out_resized(&run->out);
    }
}

static void on_second(uv_timer_t *timer)
{
    struct watch_run *run = timer->data;

    watch_out_draw(&run->out);
}

static bool make_targets(struct watch_run *run)
{
    const struct check_options *options = &run->plan->options;
    char error[PLAN_ERROR_MAX];

    run->ntargets = run->plan->targets.ntargets;
    run->targets = calloc(run->ntargets, sizeof(*run->targets));
    for (size_t i = 0; run->targets && i < run->ntargets; i++) {
        struct watched *w = &run->targets[i];

        w->run = run;
        w->plan =
            plan_target_new(run->plan, &run->loop, i, error, sizeof(error));
        if (!w->plan) {
            (void)fprintf(stderr, "linkprobe: %s\n", error);
            return false;
        }
        w->track = (struct track){ .rise = options->rise,
                                   .fall = options->fall,
                                   .event = on_event,
                                   .data = w };
    }
    if (!run->targets)
        (void)fprintf(stderr, "linkprobe: out of memory\n");
    return run->targets != NULL;
}

static void free_targets(struct watch_run *run)
{
    for (size_t i = 0; run->targets && i < run->ntargets; i++) {
        track_free(&run->targets[i].track);
        if (run->targets[i].plan)
            plan_target_free(run->targets[i].plan);
    }
    free(run->targets);
}

static void start_targets(struct watch_run *run)
{
    run->left = run->ntargets;
    for (size_t i = 0; i < run->ntargets; i++) {
        struct watched *w = &run->targets[i];

        uv_timer_init(&run->loop.uv, &w->timer);
        w->timer.data = w;
        w->waiting = true;
        watch_out_target(&run->out, i, &w->plan->target, &w->track);
    }
    begin_due(run);
}

static void start_signals(struct watch_run *run)
{
    int n = run->out.live ? SIGNALS : 2;

    for (int i = 0; i < n; i++) {
        uv_signal_init(&run->loop.uv, &run->signals[i]);
        run->signals[i].data = run;
        uv_signal_start(&run->signals[i], on_signal, signal_numbers[i]);
        uv_unref((uv_handle_t *)&run->signals[i]);
    }
    uv_timer_init(&run->loop.uv, &run->second);
    run->second.data = run;
    if (run->out.live)
        uv_timer_start(&run->second, on_second, 1000, 1000);
    uv_unref((uv_handle_t *)&run->second);
}

static void stop_signals(struct watch_run *run)
{
    for (int i = 0; i < (run->out.live ? SIGNALS : 2); i++)
        uv_close((uv_handle_t *)&run->signals[i], NULL);
    uv_close((uv_handle_t *)&run->second, NULL);
}

static enum check_status worst(const struct watch_run *run)
{
    enum check_status status = CHECK_OK;

    for (size_t i = 0; i < run->ntargets; i++) {
        const struct watched *w = &run->targets[i];

        status = check_status_worse(status, w->seen ? w->track.state.status
                                                    : CHECK_UNKNOWN);
    }
    return status;
}

static enum check_status run_loop(struct watch_run *run)
{
    enum check_status status = CHECK_UNKNOWN;

    run->world =
        (struct probe_world){ .io = &probe_io_net, .loop = &run->loop };
    if (make_targets(run) && watch_out_open(&run->out, &run->plan->options,
                                            &run->loop, run->ntargets)) {
        if (run->out.live)
            run->plan->secrets.quiet = true; /* the screen is ours */
        start_signals(run);
        start_targets(run);
        net_loop_run(&run->loop);
        status = worst(run);
        if (!watch_out_close(&run->out))
            status = CHECK_UNKNOWN;
        stop_signals(run);
    }
    plan_close(run->plan);
    net_loop_run(&run->loop);
    probe_world_deinit(&run->world);
    free_targets(run);
    return status;
}

enum check_status watch_run(struct check_plan *plan)
{
    struct watch_run run = { .plan = plan };
    enum check_status status;

    if (plan->exposed)
        (void)fprintf(stderr,
                      "linkprobe: warning: a password on the command line is "
                      "seen by every user of this machine; --password-file "
                      "keeps it\n");
    if (net_loop_init(&run.loop) != 0) {
        (void)fprintf(stderr, "linkprobe: cannot make an event loop\n");
        return CHECK_UNKNOWN;
    }
    status = run_loop(&run);
    net_loop_close(&run.loop);
    return status;
}
