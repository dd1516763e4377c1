/*
 * provision.c -- linkprobe provision: the first word is the command, the rest
 * are its options; the files are read, and the command runs.
 *
 *     word > options > files > run
 *
 * Until the run begins every failure is one line and exit status 3.
 */
#include "commands/provision/provision.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/help.h"
#include "commands/commands.h"
#include "commands/provision/job.h"
#include "provision/report/report.h"

static void print_usage(void)
{
    (void)fputs("Usage: linkprobe provision COMMAND [-f FILE|DIR] [options]\n"
                "Builds the path from a consumer's VPC to a cache over AWS "
                "PrivateLink, proves\n"
                "it, keeps it right, and takes it away.\n\n",
                stdout);
    for (int i = 0; i < PROVISION_COMMANDS; i++)
        printf("  %-12s %s\n", provision_word((enum provision_command)i),
               provision_summary((enum provision_command)i));
    (void)fputs(
        "\n"
        "linkprobe provision COMMAND --help has the options of each. Exit "
        "status: 0 done\n"
        "or nothing to do; 1 done, but not healthy, drifted, or waiting; 2 "
        "changes to make\n"
        "(plan, --dry-run); 3 wrong use, or refused; 4 AWS, the network, or "
        "interrupted:\n"
        "run it again.\n",
        stdout);
}

/* Does the command line ask for JSON?  Before it is understood. */
static bool wants_json(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--") == 0)
            return false;
        if (strcmp(argv[i], "--format=json") == 0 ||
            (strcmp(argv[i], "--format") == 0 && i + 1 < argc &&
             strcmp(argv[i + 1], "json") == 0))
            return true;
    }
    return false;
}

int provision_told_wrong(const struct provision_job *job)
{
    (void)fprintf(stderr, "linkprobe: %s\n", job->error);
    if (job->options.format == PROVISION_JSON)
        provision_report_error(provision_word(job->command), NULL, job->error,
                               stdout);
    (void)fflush(stdout);
    return PROVISION_REFUSED;
}

static int told_about(struct provision_job *job)
{
    if (job->words.stop->id == PROVISION_ROW_VERSION)
        print_version();
    else if (!help_print(stdout, provision_spec(job->command), job->words.topic,
                         job->error, sizeof(job->error)))
        return provision_told_wrong(job);
    return fflush(stdout) == 0 ? PROVISION_DONE : PROVISION_REFUSED;
}

static void warn(void *data, const char *line)
{
    (void)data;
    (void)fprintf(stderr, "linkprobe: warning: %s\n", line);
}

static bool read_files(struct provision_job *job)
{
    if (job->command == PROVISION_TOKEN || job->command == PROVISION_IMPORT)
        return true;
    if (job->options.nfiles == 0)
        return error_set(job->error, sizeof(job->error),
                         "provision %s: no file; expected -f FILE or -f DIR",
                         provision_word(job->command));
    for (unsigned i = 0; i < job->options.nfiles; i++) {
        if (!provision_files_add(&job->files, job->options.files[i], warn, NULL,
                                 job->error, sizeof(job->error)))
            return false;
    }
    return true;
}

/* Of verify and apply, what stands behind "--" is the check's; returns the new
 * argc. */
static int split_check_options(struct provision_job *job, int argc, char **argv)
{
    if (job->command != PROVISION_VERIFY && job->command != PROVISION_APPLY)
        return argc;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--") == 0) {
            job->check_options = argv + i + 1;
            return i;
        }
    }
    return argc;
}

/* Words that are no options: endpoints of accept and reject only. */
static bool check_targets(struct provision_job *job)
{
    bool endpoints =
        job->command == PROVISION_ACCEPT || job->command == PROVISION_REJECT;
    char quoted[QUOTE_MAX];

    if (job->words.ntargets == 0 && endpoints && !job->options.listed)
        return error_set(job->error, sizeof(job->error),
                         "provision %s: no endpoint; expected vpce-...%s",
                         provision_word(job->command),
                         job->command == PROVISION_ACCEPT ? " or --listed"
                                                          : "");
    if (job->words.ntargets > 0 && !endpoints)
        return error_set(job->error, sizeof(job->error),
                         "provision %s: %s is not expected here%s",
                         provision_word(job->command),
                         text_quote(job->words.targets[0], quoted),
                         job->command == PROVISION_TOKEN ||
                                 job->command == PROVISION_IMPORT
                             ? ""
                             : "; a file stands behind -f");
    return true;
}

static bool read_words(struct provision_job *job, int argc, char **argv)
{
    const struct option_spec *spec = provision_spec(job->command);

    argc = split_check_options(job, argc, argv);
    if (!options_parse(spec, argc, argv, &job->words, job->error,
                       sizeof(job->error)))
        return false;
    return job->words.stop != NULL ||
           (options_apply(spec, &job->words.argv, &job->options, job->error,
                          sizeof(job->error)) &&
            check_targets(job) && read_files(job));
}

static int run(struct provision_job *job, int argc, char **argv)
{
    job->options.format =
        wants_json(argc, argv) ? PROVISION_JSON : PROVISION_TEXT;
    if (!read_words(job, argc, argv))
        return provision_told_wrong(job);
    if (job->words.stop)
        return told_about(job);
    switch (job->command) {
    case PROVISION_POLICY: return provision_policy(job);
    case PROVISION_TOKEN: return provision_token(job);
    case PROVISION_IMPORT: return provision_import(job);
    default: return provision_run(job);
    }
}

static bool find_command(const char *word, enum provision_command *command)
{
    for (int i = 0; i < PROVISION_COMMANDS; i++) {
        *command = (enum provision_command)i;
        if (strcmp(word, provision_word(*command)) == 0)
            return true;
    }
    return false;
}

static int unknown_command(const char *word)
{
    char quoted[QUOTE_MAX];
    const char *near = NULL;

    for (int i = 0; i < PROVISION_COMMANDS && !near; i++) {
        const char *candidate = provision_word((enum provision_command)i);

        if (text_is_near(word, candidate))
            near = candidate;
    }
    (void)fprintf(stderr, "linkprobe: provision has no command %s; %s%s%s\n",
                  text_quote(word, quoted), near ? "did you mean " : "",
                  near ? near : "linkprobe provision --help lists them",
                  near ? "?" : "");
    return PROVISION_REFUSED;
}

int command_provision(int argc, char **argv)
{
    const char *word = argc > 1 ? argv[1] : NULL;
    struct provision_job job = { 0 };
    int status;

    if (!word) {
        (void)fputs("linkprobe: provision: no command; linkprobe provision "
                    "--help lists them\n",
                    stderr);
        return PROVISION_REFUSED;
    }
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 ||
        strcmp(word, "help") == 0) {
        print_usage();
        return fflush(stdout) == 0 ? PROVISION_DONE : PROVISION_REFUSED;
    }
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) {
        print_version();
        return fflush(stdout) == 0 ? PROVISION_DONE : PROVISION_REFUSED;
    }
    if (!find_command(word, &job.command))
        return unknown_command(word);
    status = run(&job, argc - 1, argv + 1);
    provision_files_free(&job.files);
    options_free(&job.words);
    return status;
}
