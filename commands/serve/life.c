/*
 * life.c -- what systemd and the administrator tell us, and we them.
 *
 *     READY=1 > ... (SIGHUP: RELOADING=1 > READY=1) ... > STOPPING=1
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "commands/serve/app.h"
#include "report/format.h"
#include "serve/log.h"

enum {
    STATUS_MS = 10000,
    FILES_MS = 5000,
    US = 1000, /* nanoseconds */
};

/* "9,998 of 10,000 targets pass" in systemctl status. */
static void tell_status(struct serve_app *app)
{
    const struct serve_plan *plan = serve_app_plan(app);
    size_t good = 0;

    for (size_t i = 0; i < plan->targets.ntargets; i++) {
        const struct serve_packed *packed = plan->states[i].packed;

        good += packed && serve_packed_status(packed) <= CHECK_WARNING;
    }
    serve_notify_send(&app->notify, "STATUS=%zu of %zu targets pass", good,
                      plan->targets.ntargets);
}

void serve_app_ready(struct serve_app *app)
{
    serve_notify_send(&app->notify, "READY=1\nMAINPID=%ld", (long)getpid());
    tell_status(app);
}

/* A plan that only another process would take up: the options of the process
 * itself stay as they were. */
static bool reload_plan(struct serve_app *app, char *error, size_t size)
{
    struct serve_plan *plan =
        serve_plan_new(&app->input, &app->loop, error, size);

    if (!plan)
        return false;
    if (!serve_web_reload(app, error, size)) {
        serve_plan_unref(plan);
        return false;
    }
    serve_checks_use(&app->checks, plan);
    serve_plan_unref(plan);
    return true;
}

bool serve_app_reload(struct serve_app *app, char *error, size_t size)
{
    serve_notify_send(&app->notify, "RELOADING=1\nMONOTONIC_USEC=%llu",
                      (unsigned long long)(net_now() / US));
    app->reload_fine = reload_plan(app, error, size);
    if (app->reload_fine) {
        char targets[24];

        app->reloaded_ms = report_now_ms();
        (void)snprintf(targets, sizeof(targets), "%zu",
                       serve_app_plan(app)->targets.ntargets);
        serve_log(SERVE_INFO, "reloaded", "targets", targets, NULL);
    } else {
        serve_log(SERVE_ERROR, "not reloaded, all is as it was", "error", error,
                  NULL);
    }
    serve_app_ready(app);
    return app->reload_fine;
}

static void close_timer(uv_handle_t *handle)
{
    if (handle->loop && !uv_is_closing(handle))
        uv_close(handle, NULL);
}

void serve_app_stop(struct serve_app *app)
{
    if (app->stopping)
        return;
    app->stopping = true;
    serve_notify_send(&app->notify, "STOPPING=1");
    serve_log(SERVE_INFO, "stopping", NULL);
    for (size_t i = 0; i < sizeof(app->signals) / sizeof(app->signals[0]); i++)
        uv_close((uv_handle_t *)&app->signals[i], NULL);
    close_timer((uv_handle_t *)&app->watchdog);
    close_timer((uv_handle_t *)&app->status);
    close_timer((uv_handle_t *)&app->files);
    serve_web_stop(app);
    serve_probes_stop(app);
    serve_checks_stop(&app->checks);
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct serve_app *app = handle->data;
    char error[SERVE_ERROR_MAX];

    if (number == SIGHUP)
        (void)serve_app_reload(app, error, sizeof(error));
    else
        serve_app_stop(app);
}

/* Alive is not that we run, but that targets are checked. */
static void on_watchdog(uv_timer_t *timer)
{
    struct serve_app *app = timer->data;

    if (serve_schedule_alive(&app->checks.schedule, net_now()))
        serve_notify_send(&app->notify, "WATCHDOG=1");
    else
        serve_log(SERVE_ERROR, "the schedule stands still", NULL);
}

/* Certificates are renewed by others, who need not know of us. */
static void on_files(uv_timer_t *timer)
{
    struct serve_app *app = timer->data;
    char error[SERVE_ERROR_MAX];

    if (!serve_web_changed(app))
        return;
    if (serve_web_reload(app, error, sizeof(error)))
        serve_log(SERVE_INFO, "TLS and users were read anew", NULL);
    else
        serve_log(SERVE_ERROR, "TLS and users are as they were", "error", error,
                  NULL);
}

static void on_status(uv_timer_t *timer)
{
    tell_status(timer->data);
}

void serve_app_watch(struct serve_app *app)
{
    static const int numbers[] = { SIGHUP, SIGTERM, SIGINT };
    uv_loop_t *loop = &app->loop.uv;

    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        (void)uv_signal_init(loop, &app->signals[i]);
        app->signals[i].data = app;
        (void)uv_signal_start(&app->signals[i], on_signal, numbers[i]);
    }
    (void)uv_timer_init(loop, &app->files);
    app->files.data = app;
    if (serve_app_plan(app)->options.web_config)
        (void)uv_timer_start(&app->files, on_files, FILES_MS, FILES_MS);
    if (app->notify.fd < 0)
        return;
    (void)uv_timer_init(loop, &app->status);
    app->status.data = app;
    (void)uv_timer_start(&app->status, on_status, STATUS_MS, STATUS_MS);
    if (app->notify.watchdog_ms == 0)
        return;
    (void)uv_timer_init(loop, &app->watchdog);
    app->watchdog.data = app;
    (void)uv_timer_start(&app->watchdog, on_watchdog, app->notify.watchdog_ms,
                         app->notify.watchdog_ms);
}
