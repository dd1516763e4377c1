/*
 * merge.c -- linkprobe merge: logs are read one after the other and added, the
 * sum is told and written.
 *
 * A log that cannot be added ends it with one line and status 3: a sum without
 * one of the machines would be taken for the whole.  What a killed client left
 * is told, counts, and ends in status 1.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/exit.h"
#include "cli/help.h"
#include "cli/text.h"
#include "commands/bench/merge_options.h"
#include "commands/bench/merge_report.h"
#include "commands/commands.h"
#include "report/bench_report.h"

enum { PATH_ROOM = 4096 };

struct job {
    struct options words;
    struct merge_options options;
    struct merge merge;
    struct stat *seen; /* of each log, so that none is added twice */
    bool warned;
    char error[ERROR_TEXT_MAX];
};

static void warn(struct job *job, const char *text)
{
    (void)fprintf(stderr, "linkprobe: warning: %s\n", text);
    job->warned = true;
}

static bool cannot(struct job *job, const char *option, const char *path)
{
    char quoted[QUOTE_MAX];

    return error_set(job->error, sizeof(job->error), "%s%s: %s", option,
                     text_quote_path(path, quoted), strerror(errno));
}

/* Was the file of `at` there before, perhaps by another name? */
static bool is_again(struct job *job, FILE *file, size_t at)
{
    struct stat *seen = job->seen;

    if (fstat(fileno(file), &seen[at]) != 0)
        return false;
    for (size_t i = 0; i < at; i++) {
        if (seen[i].st_dev == seen[at].st_dev &&
            seen[i].st_ino == seen[at].st_ino)
            return true;
    }
    return false;
}

static bool add_file(struct job *job, FILE *file, const char *name, size_t at)
{
    char line[ERROR_TEXT_MAX];

    if (is_again(job, file, at))
        return error_set(job->error, sizeof(job->error),
                         "%s: the same log is given twice", name);
    if (!merge_add(&job->merge, file, name, job->error, sizeof(job->error)))
        return false;
    if (job->error[0] != '\0')
        warn(job, job->error);
    if (job->merge.logs[at].intervals == 0) {
        (void)error_set(line, sizeof(line), "%s: there are no intervals in it",
                        name);
        warn(job, line);
    }
    return true;
}

/* Names may come from others' machines: no control byte of one is printed. */
static bool is_calm(const char *path)
{
    for (; *path != '\0'; path++) {
        if ((unsigned char)*path < ' ' || *path == 0x7f)
            return false;
    }
    return true;
}

static bool add_log(struct job *job, size_t at)
{
    const char *path = job->words.targets[at];
    char quoted[QUOTE_MAX];
    FILE *file;
    bool fine;

    if (strcmp(path, "-") == 0)
        return add_file(job, stdin, "standard input", at);
    file = fopen(path, "re");
    if (!file)
        return cannot(job, "", path);
    fine = add_file(job, file,
                    is_calm(path) ? path : text_quote_path(path, quoted), at);
    (void)fclose(file);
    return fine;
}

static bool add_logs(struct job *job)
{
    size_t n = job->words.ntargets;

    if (n == 0)
        return error_set(job->error, sizeof(job->error),
                         "merge: no log; expected FILE.hlog (see linkprobe "
                         "merge --help)");
    job->seen = calloc(n, sizeof(*job->seen));
    if (!job->seen)
        return error_set(job->error, sizeof(job->error), "out of memory");
    job->merge.keep_seconds = job->options.hlog || job->options.html;
    for (size_t i = 0; i < n; i++) {
        if (!add_log(job, i))
            return false;
    }
    merge_finish(&job->merge);
    return job->merge.nseries > 0 ||
           error_set(job->error, sizeof(job->error),
                     "merge: there is not one interval to add");
}

/* Write one file by `write`. */
static bool put_file(struct job *job, const char *option, const char *path,
                     bool (*write)(FILE *file, const void *what),
                     const void *what)
{
    FILE *file = fopen(path, "we");
    bool written;

    if (!file)
        return cannot(job, option, path);
    errno = ENOMEM; /* what fails without a word of the system */
    written = write(file, what);
    if (fclose(file) == 0 && written)
        return true;
    return cannot(job, option, path);
}

static bool put_log(FILE *file, const void *what)
{
    return merge_write(what, file);
}

static bool put_percentiles(FILE *file, const void *what)
{
    const struct merge_series *series = what;

    return hgrm_write(file, series->total);
}

static bool put_page(FILE *file, const void *what)
{
    struct report_buffer out = { 0 };
    bool made = merge_report_html(what, &out);

    return bench_report_write(&out, fileno(file)) && made;
}

/* FILE for the first, FILE.b for the side b. */
static bool put_all_percentiles(struct job *job)
{
    const struct merge_series *main[BENCH_SIDES_MAX];
    unsigned n = merge_main_series(&job->merge, main);
    const char *path = job->options.hgrm;
    char named[PATH_ROOM];

    for (unsigned i = 0; i < n; i++) {
        if (i > 0) {
            int length =
                snprintf(named, sizeof(named), "%s.%s", path, main[i]->tag);
            errno = ENAMETOOLONG;
            if (length < 0 || (size_t)length >= sizeof(named))
                return cannot(job, "--hgrm: ", path);
        }
        if (!put_file(job, "--hgrm: ", i > 0 ? named : path, put_percentiles,
                      main[i]))
            return false;
    }
    return true;
}

static bool put_files(struct job *job)
{
    const struct merge_options *options = &job->options;

    return (!options->hlog ||
            put_file(job, "--hlog: ", options->hlog, put_log, &job->merge)) &&
           (!options->hgrm || put_all_percentiles(job)) &&
           (!options->html ||
            put_file(job, "--html: ", options->html, put_page, &job->merge));
}

static bool report(struct job *job)
{
    struct report_buffer out = { 0 };

    if (job->options.format == MERGE_FORMAT_JSON)
        merge_report_json(&job->merge, &out);
    else if (job->options.format == MERGE_FORMAT_CSV)
        merge_report_csv(&job->merge, &out);
    else
        merge_report_text(&job->merge, &out);
    return bench_report_write(&out, STDOUT_FILENO) ||
           error_set(job->error, sizeof(job->error),
                     "the report cannot be written");
}

/* One line for people; who reads JSON gets an object, too. */
static int told_wrong(const struct job *job)
{
    struct report_buffer out = { 0 };

    (void)fprintf(stderr, "linkprobe: %s\n", job->error);
    if (job->options.format == MERGE_FORMAT_JSON) {
        merge_report_json_error(job->error, &out);
        (void)bench_report_write(&out, STDOUT_FILENO);
    }
    return EXIT_STATUS_UNKNOWN;
}

static int told_about(struct job *job)
{
    if (job->words.stop->id == MERGE_ROW_VERSION)
        print_version();
    else if (!help_print(stdout, &merge_spec, job->words.topic, job->error,
                         sizeof(job->error)))
        return told_wrong(job);
    return fflush(stdout) == 0 ? EXIT_STATUS_OK : EXIT_STATUS_UNKNOWN;
}

static bool read_words(struct job *job, int argc, char **argv)
{
    const char *missing;

    if (!options_parse(&merge_spec, argc, argv, &job->words, job->error,
                       sizeof(job->error)))
        return false;
    if (job->words.stop)
        return true;
    if (!options_apply(&merge_spec, &job->words.argv, &job->options, job->error,
                       sizeof(job->error)))
        return false;
    missing = job->options.html ? bench_report_html_missing() : NULL;
    return !missing ||
           error_set(job->error, sizeof(job->error), "--html: %s", missing);
}

static int run(struct job *job, int argc, char **argv)
{
    if (!read_words(job, argc, argv))
        return told_wrong(job);
    if (job->words.stop)
        return told_about(job);
    if (!add_logs(job) || !put_files(job) || !report(job))
        return told_wrong(job);
    return job->warned ? EXIT_STATUS_WARNING : EXIT_STATUS_OK;
}

int command_merge(int argc, char **argv)
{
    struct job job = { 0 };
    int status = run(&job, argc, argv);

    merge_free(&job.merge);
    free(job.seen);
    options_free(&job.words);
    return status;
}
