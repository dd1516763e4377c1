/*
 * check.c -- linkprobe check: words to a plan, the plan to a report.
 *
 * A mistake in the words is told where the format wants it: one line on
 * stderr, or the format's own error on stdout; always exit status 3.
 */
#include <stdio.h>
#include <unistd.h>

#include "cli/exit.h"
#include "cli/help.h"
#include "commands/check/plan.h"
#include "commands/check/run.h"
#include "commands/commands.h"
#include "report/report.h"

static int told_wrong(enum check_format format, const char *message)
{
    const struct report_style style = { .columns = 80, .targets = 1 };
    struct report report;

    if (format == CHECK_FORMAT_TEXT) {
        (void)fprintf(stderr, "linkprobe: %s\n", message);
        return EXIT_STATUS_UNKNOWN;
    }
    report_begin(&report, report_find(check_format_name(format)), &style,
                 STDOUT_FILENO);
    report_error(&report, message);
    report_end(&report);
    return EXIT_STATUS_UNKNOWN;
}

/* --help and --version; by the guidelines a plugin's end in 3. */
static int told_about(const struct options *words, bool plugin)
{
    char error[PLAN_ERROR_MAX];
    int status = plugin ? EXIT_STATUS_UNKNOWN : EXIT_STATUS_OK;

    if (words->stop->id == CHECK_ROW_VERSION)
        print_version();
    else if (!help_print(stdout, &check_spec, words->topic, error,
                         sizeof(error)))
        return told_wrong(plugin ? CHECK_FORMAT_NAGIOS : CHECK_FORMAT_TEXT,
                          error);
    return fflush(stdout) == 0 ? status : EXIT_STATUS_UNKNOWN;
}

int command_check(int argc, char **argv, bool plugin)
{
    char error[PLAN_ERROR_MAX] = "";
    struct check_plan plan = { 0 };
    enum check_format hint = check_format_hint(argc, argv, plugin);
    int status;

    if (!plan_read(&plan, argc, argv, plugin, error, sizeof(error)))
        status = told_wrong(hint, error);
    else if (plan.words.stop)
        status = told_about(&plan.words, plugin);
    else if (plan.options.config_check)
        status = config_told(&plan.config);
    else
        status = (int)check_run(&plan);
    plan_free(&plan);
    return status;
}
