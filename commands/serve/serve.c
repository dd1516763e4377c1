/*
 * serve.c -- linkprobe serve: words to a plan, the plan served until we are
 * told to end.
 *
 * Until it listens every failure is one line and exit status 3.
 */
#include "commands/serve/serve.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "cli/exit.h"
#include "cli/help.h"
#include "commands/commands.h"
#include "commands/serve/app.h"
#include "report/format.h"
#include "serve/log.h"

static int told_wrong(const char *message)
{
    (void)fprintf(stderr, "linkprobe: %s\n", message);
    return EXIT_STATUS_UNKNOWN;
}

static int told_about(const struct options *words)
{
    char error[SERVE_ERROR_MAX];

    if (words->stop->id == CHECK_ROW_VERSION)
        print_version();
    else if (!help_print(stdout, &serve_spec, words->topic, error,
                         sizeof(error)))
        return told_wrong(error);
    return fflush(stdout) == 0 ? EXIT_STATUS_OK : EXIT_STATUS_UNKNOWN;
}

/* Every check and every client is a descriptor. */
static void raise_files(void)
{
    struct rlimit files;

    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return;
    files.rlim_cur = files.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &files);
}

static void begin_log(const struct serve_app *app)
{
    static const enum serve_level levels[] = { SERVE_ERROR, SERVE_WARNING,
                                               SERVE_INFO, SERVE_DEBUG };

    serve_log_init(levels[serve_app_plan(app)->options.log_level]);
    if (app->input.exposed)
        serve_log(SERVE_WARNING,
                  "a password on the command line is seen by every user of "
                  "this machine; --password-file keeps it",
                  NULL);
}

static int run(struct serve_app *app)
{
    char error[SERVE_ERROR_MAX];

    begin_log(app);
    serve_notify_open(&app->notify);
    serve_app_watch(app);
    if (!serve_web_start(app, error, sizeof(error))) {
        serve_log_init(SERVE_ERROR);
        serve_app_stop(app);
        net_loop_run(&app->loop);
        return told_wrong(error);
    }
    serve_app_ready(app);
    net_loop_run(&app->loop);
    return EXIT_STATUS_OK;
}

static int with_plan(struct serve_app *app, struct serve_plan *plan)
{
    int status;

    if (plan->options.check.config_check) {
        status = config_told(&plan->config);
        serve_plan_unref(plan);
        return status;
    }
    if (!serve_checks_init(&app->checks, &app->loop)) {
        serve_plan_unref(plan);
        return told_wrong("out of memory");
    }
    app->reload_fine = true;
    app->reloaded_ms = report_now_ms();
    serve_checks_use(&app->checks, plan);
    serve_plan_unref(plan);
    status = run(app);
    serve_checks_deinit(&app->checks);
    serve_web_free(app);
    serve_notify_close(&app->notify);
    return status;
}

static int with_loop(struct serve_app *app)
{
    char error[SERVE_ERROR_MAX];
    struct serve_plan *plan;
    int status;

    if (net_loop_init(&app->loop) != 0)
        return told_wrong("cannot make an event loop");
    plan = serve_plan_new(&app->input, &app->loop, error, sizeof(error));
    status = plan ? with_plan(app, plan) : told_wrong(error);
    /* What closes late: name servers, workers. */
    net_loop_run(&app->loop);
    net_loop_close(&app->loop);
    return status;
}

int command_serve(int argc, char **argv)
{
    struct serve_app *app = calloc(1, sizeof(*app));
    char error[SERVE_ERROR_MAX] = "out of memory";
    int status;

    if (!app)
        return told_wrong(error);
    app->notify.fd = -1;
    raise_files();
    if (!serve_input_read(&app->input, argc, argv, error, sizeof(error)))
        status = told_wrong(error);
    else if (app->input.words.stop)
        status = told_about(&app->input.words);
    else
        status = with_loop(app);
    serve_input_free(&app->input);
    free(app);
    return status;
}
