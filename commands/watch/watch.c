/*
 * watch.c -- linkprobe watch: words to a plan, the plan watched.
 */
#include "commands/watch/watch.h"

#include <stdio.h>

#include "cli/exit.h"
#include "cli/help.h"
#include "cli/json.h"
#include "commands/check/plan.h"
#include "commands/commands.h"
#include "commands/watch/run.h"

static void to_stdout(void *data, const char *bytes, size_t n)
{
    (void)data;
    (void)fwrite(bytes, 1, n, stdout);
}

static int told_wrong(enum check_format format, const char *message)
{
    struct json json = { .write = to_stdout };

    if (format == CHECK_FORMAT_JSON) {
        json_object(&json);
        json_member_string(&json, "schema", "linkprobe.watch/1");
        json_member_string(&json, "status", "unknown");
        json_member_string(&json, "error", message);
        json_object_end(&json);
        puts("");
        return EXIT_STATUS_UNKNOWN;
    }
    (void)fprintf(stderr, "linkprobe watch: %s\n", message);
    return EXIT_STATUS_UNKNOWN;
}

static int told_about(const struct options *words)
{
    char error[PLAN_ERROR_MAX];

    if (words->stop->id == CHECK_ROW_VERSION)
        print_version();
    else if (!help_print(stdout, &watch_spec, words->topic, error,
                         sizeof(error)))
        return told_wrong(CHECK_FORMAT_TEXT, error);
    return fflush(stdout) == 0 ? EXIT_STATUS_OK : EXIT_STATUS_UNKNOWN;
}

int watch_command(int argc, char **argv)
{
    char error[PLAN_ERROR_MAX] = "";
    struct check_plan plan = { .spec = &watch_spec, .server = true };
    int status;

    if (!plan_read(&plan, argc, argv, false, error, sizeof(error)))
        status = told_wrong(check_format_hint(argc, argv, false), error);
    else if (plan.words.stop)
        status = told_about(&plan.words);
    else if (plan.options.config_check)
        status = config_told(&plan.config);
    else
        status = (int)watch_run(&plan);
    plan_free(&plan);
    return status;
}
