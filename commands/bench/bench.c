/*
 * bench.c -- linkprobe bench: words to a plan, the plan run, the result told.
 *
 *     read > prepare > room > open files > run > compare, assert > report
 *
 * Until the run begins every failure is one line and exit status 3.  From then
 * on the first SIGINT or SIGTERM ends it with what is known, keys removed; the
 * second one ends the program.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/run.h"
#include "cli/exit.h"
#include "cli/help.h"
#include "cli/text.h"
#include "commands/bench/files.h"
#include "commands/bench/job.h"
#include "commands/bench/progress.h"
#include "commands/commands.h"
#include "commands/terminal.h"
#include "report/bench_report.h"

/* What a signal handler may touch. */
static volatile int stop;

static void on_signal(int number)
{
    if (!stop) {
        stop = 1;
        return;
    }
    (void)signal(number, SIG_DFL);
    (void)raise(number);
}

static void watch_signals(void)
{
    struct sigaction action = { .sa_handler = on_signal };

    (void)sigemptyset(&action.sa_mask);
    stop = 0;
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
}

/* One line for people; who reads JSON gets an object, too. */
static int told_wrong(enum bench_format format, const char *message)
{
    struct report_buffer out = { 0 };

    (void)fprintf(stderr, "linkprobe: %s\n", message);
    if (format == BENCH_FORMAT_JSON) {
        bench_report_json_error(message, &out);
        (void)bench_report_write(&out, STDOUT_FILENO);
    }
    return EXIT_STATUS_UNKNOWN;
}

static int told_about(const struct options *words)
{
    char error[BENCH_ERROR_MAX];

    if (words->stop->id == CHECK_ROW_VERSION)
        print_version();
    else if (!help_print(stdout, &bench_spec, words->topic, error,
                         sizeof(error)))
        return told_wrong(BENCH_FORMAT_TEXT, error);
    return fflush(stdout) == 0 ? EXIT_STATUS_OK : EXIT_STATUS_UNKNOWN;
}

static void note(const char *line)
{
    (void)fprintf(stderr, "linkprobe: %s\n", line);
}

static void tell_sides(const struct bench_job *job)
{
    char text[NET_ADDR_TEXT_MAX];

    if (job->exposed)
        note("warning: a password on the command line is seen by every user "
             "of this machine; --password-file keeps it");
    if (job->options.check.verbosity == 0)
        return;
    for (unsigned i = 0; i < job->plan.nsides; i++) {
        const struct bench_side *side = &job->plan.sides[i];

        (void)fprintf(stderr, "linkprobe: side %c: %s", (char)('a' + i),
                      side->name);
        for (unsigned k = 0; k < side->naddresses; k++)
            (void)fprintf(stderr, "%s %s", k == 0 ? " dials" : ",",
                          net_addr_text(&side->addresses[k], text));
        (void)fputc('\n', stderr);
    }
}

static bool has_room(struct bench_job *job, char *error, size_t size)
{
    struct net_loop loop;
    bool fine;

    if (net_loop_init(&loop) != 0)
        return error_set(error, size, "cannot make an event loop");
    fine = bench_job_room(job, &loop, note, error, size);
    net_loop_close(&loop);
    return fine;
}

/* Who listens while it runs. */
struct listeners {
    struct bench_progress_line line;
    struct bench_files *files;
};

static void on_progress(void *data, const struct bench_progress *progress)
{
    struct listeners *listeners = data;

    bench_progress_show(&listeners->line, progress);
}

static void on_second(void *data, const struct bench_second *second)
{
    struct listeners *listeners = data;

    bench_files_second(listeners->files, second);
}

static bool run(const struct bench_job *job, struct bench_files *files,
                struct bench_result *result, char *error, size_t size)
{
    const struct bench_options *options = &job->options;
    struct listeners listeners = {
        .line = { .nsides = job->plan.nsides, .columns = terminal_columns() },
        .files = files,
    };
    bool progress =
        !options->check.quiet && !options->no_progress && isatty(STDERR_FILENO);
    const struct bench_hooks hooks = {
        .data = &listeners,
        .progress = progress ? on_progress : NULL,
        .progress_ms = progress ? BENCH_PROGRESS_MS : 0,
        .second = options->hlog ? on_second : NULL,
        .keep_heat = options->html != NULL,
        .stop = &stop,
    };
    bool fine;

    watch_signals();
    fine = bench_run(&job->plan, &hooks, result, error, size);
    bench_progress_clear(&listeners.line);
    return fine;
}

static bool report(const struct bench_job *job,
                   const struct bench_result *result)
{
    const struct bench_options *options = &job->options;
    const struct report_style style = {
        .verbosity = (int)options->check.verbosity,
        .quiet = options->check.quiet,
        .color = terminal_color(options->check.color),
        .utf8 = terminal_utf8(),
        .columns = terminal_columns(),
        .targets = 1,
    };
    struct report_buffer out = { 0 };

    switch ((enum bench_format)options->format) {
    case BENCH_FORMAT_JSON: bench_report_json(&job->plan, result, &out); break;
    case BENCH_FORMAT_CSV: bench_report_csv(&job->plan, result, &out); break;
    case BENCH_FORMAT_TEXT:
    case BENCH_FORMAT_FOREIGN:
        bench_report_text(&job->plan, result, &style, &out);
        break;
    }
    return bench_report_write(&out, STDOUT_FILENO);
}

/* Exit status 3 goes before 2, and that before 1. */
static int status_of(const struct bench_result *result, bool met)
{
    bool measured = false, errors = false;

    for (unsigned i = 0; i < result->nsides; i++) {
        measured = measured || result->sides[i].requests > 0;
        errors = errors || result->sides[i].errors > 0 ||
                 result->sides[i].requests == 0;
    }
    if (!measured && !result->interrupted)
        return EXIT_STATUS_UNKNOWN;
    if (!met)
        return EXIT_STATUS_CRITICAL;
    return errors || result->interrupted || result->client.bound
               ? EXIT_STATUS_WARNING
               : EXIT_STATUS_OK;
}

static int tell(const struct bench_job *job, struct bench_files *files,
                struct bench_result *result)
{
    struct bench_assertion assertions[BENCH_ASSERTS_MAX];
    char error[BENCH_ERROR_MAX];
    bool met, written;

    bench_compare(result, job->plan.seed);
    result->assertions = assertions;
    met =
        bench_assert_check(job->options.asserts, job->options.nasserts, result);
    written = report(job, result);
    if (!bench_files_write(files, &job->options, &job->plan, result, error,
                           sizeof(error)))
        return told_wrong(BENCH_FORMAT_TEXT, error);
    if (!written)
        return told_wrong(BENCH_FORMAT_TEXT, "the report cannot be written");
    return status_of(result, met);
}

static int run_job(struct bench_job *job)
{
    struct bench_result *result = calloc(1, sizeof(*result));
    enum bench_format format = (enum bench_format)job->options.format;
    char error[BENCH_ERROR_MAX] = "out of memory";
    struct bench_files files = { 0 };
    int status;

    if (!result || !bench_job_prepare(job, error, sizeof(error)) ||
        !has_room(job, error, sizeof(error)) ||
        !bench_files_open(&files, &job->options, error, sizeof(error))) {
        status = told_wrong(format, error);
    } else {
        tell_sides(job);
        status = run(job, &files, result, error, sizeof(error))
                     ? tell(job, &files, result)
                     : told_wrong(format, error);
        bench_result_free(result);
    }
    bench_files_close(&files);
    free(result);
    return status;
}

int command_bench(int argc, char **argv)
{
    char error[BENCH_ERROR_MAX] = "out of memory";
    struct bench_job *job = calloc(1, sizeof(*job));
    enum bench_format hint = bench_format_hint(argc, argv);
    int status;

    if (!job)
        return told_wrong(hint, error);
    if (!bench_job_read(job, argc, argv, error, sizeof(error)))
        status = told_wrong(hint, error);
    else if (job->words.stop)
        status = told_about(&job->words);
    else if (job->options.check.config_check)
        status = config_told(&job->config);
    else
        status = run_job(job);
    bench_job_free(job);
    free(job);
    return status;
}
