/*
 * Series and their tags; the formats themselves are of others.
 */
#include "commands/bench_files.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "bench/hlog.h"
#include "cli/text.h"
#include "report/bench_report.h"

enum {
    TAG_MAX = 16,
    PATH_ROOM = 4096,
};

static bool cannot(const char *option, const char *path, char *error,
                   size_t size)
{
    char quoted[QUOTE_MAX];

    return error_set(error, size, "%s: %s: %s", option,
                     text_quote_path(path, quoted), strerror(errno));
}

/* What is in it stays until there is something better. */
static bool open_one(const char *option, const char *path, FILE **file,
                     char *error, size_t size)
{
    *file = fopen(path, "ae");
    return *file || cannot(option, path, error, size);
}

/* FILE for the first side, FILE.b for the second, ... */
static bool open_percentiles(struct bench_files *files,
                             const struct bench_options *options, char *error,
                             size_t size)
{
    char path[PATH_ROOM];

    for (unsigned i = 0; i < options->nsides; i++) {
        int n = snprintf(path, sizeof(path), i == 0 ? "%s" : "%s.%c",
                         options->hgrm, (char)('a' + i));

        errno = ENAMETOOLONG;
        if (n < 0 || (size_t)n >= sizeof(path))
            return cannot("--hgrm", options->hgrm, error, size);
        if (!open_one("--hgrm", path, &files->hgrm[i], error, size))
            return false;
    }
    return true;
}

bool bench_files_open(struct bench_files *files,
                      const struct bench_options *options, char *error,
                      size_t size)
{
    const char *missing = options->html ? bench_report_html_missing() : NULL;

    *files = (struct bench_files){ 0 };
    if (missing)
        return error_set(error, size, "--html: %s", missing);
    return (!options->hlog ||
            open_one("--hlog", options->hlog, &files->hlog, error, size)) &&
           (!options->hgrm || open_percentiles(files, options, error, size)) &&
           (!options->html ||
            open_one("--html", options->html, &files->html, error, size));
}

/* "send", "b.send", or "b" and NULL for what has no name; `side` < 0: one. */
static const char *tag_of(int side, const char *name, char tag[TAG_MAX])
{
    if (side < 0)
        return name;
    (void)snprintf(tag, TAG_MAX, name ? "%c.%s" : "%c", (char)('a' + side),
                   name);
    return tag;
}

struct series {
    FILE *file;
    int side;
    double start_s; /* of the measuring, since the epoch */
};

static bool put(const struct series *series, const char *name, double at_s,
                double length_s, const struct histogram *histogram)
{
    char tag[TAG_MAX];

    return !histogram ||
           hlog_line(series->file, tag_of(series->side, name, tag),
                     series->start_s + at_s, length_s, histogram);
}

/* What there is of the whole run only; it starts where the run does. */
static bool put_totals(const struct series *series,
                       const struct bench_side_result *side, double length_s)
{
    for (unsigned i = 0; i < BENCH_COMMANDS; i++) {
        if (!put(series, bench_command_token((enum bench_command)i), 0,
                 length_s, side->by_command[i]))
            return false;
    }
    return put(series, "connect", 0, length_s, side->connect);
}

static bool put_intervals(const struct series *series,
                          const struct bench_side_result *side)
{
    for (size_t i = 0; i < side->nintervals; i++) {
        const struct bench_interval *interval = &side->intervals[i];
        double at_s = interval->at_s - interval->length_s;

        if (!put(series, NULL, at_s, interval->length_s, interval->response) ||
            !put(series, "send", at_s, interval->length_s, interval->service))
            return false;
    }
    return true;
}

static bool write_log(FILE *file, const struct bench_result *result)
{
    struct series series = { .file = file,
                             .start_s = (double)result->time_ms / 1000 };

    if (!hlog_begin(file, result->time_ms))
        return false;
    for (unsigned i = 0; i < result->nsides; i++) {
        const struct bench_side_result *side = &result->sides[i];
        double length_s = side->nintervals > 0
                              ? side->intervals[side->nintervals - 1].at_s
                              : (double)side->measured_ns / 1e9;

        series.side = result->nsides > 1 ? (int)i : -1;
        if (!put_totals(&series, side, length_s) ||
            !put_intervals(&series, side))
            return false;
    }
    return true;
}

static bool write_page(FILE *file, const struct bench_plan *plan,
                       const struct bench_result *result)
{
    struct report_buffer out = { 0 };

    bench_report_html(plan, result, &out);
    return bench_report_write(&out, fileno(file));
}

/* Empty it; a pipe or a terminal has nothing to be emptied. */
static bool empty(FILE *file)
{
    return ftruncate(fileno(file), 0) == 0 || errno == EINVAL;
}

/* Close, which may be what fails. */
static bool finish(FILE **file, bool written, const char *option,
                   const char *path, char *error, size_t size)
{
    bool closed = fclose(*file) == 0;

    *file = NULL;
    return (written && closed) || cannot(option, path, error, size);
}

bool bench_files_write(struct bench_files *files,
                       const struct bench_options *options,
                       const struct bench_plan *plan,
                       const struct bench_result *result, char *error,
                       size_t size)
{
    bool fine = true;

    if (files->hlog)
        fine = finish(&files->hlog,
                      empty(files->hlog) && write_log(files->hlog, result),
                      "--hlog", options->hlog, error, size);
    for (unsigned i = 0; fine && i < result->nsides; i++) {
        if (files->hgrm[i])
            fine = finish(
                &files->hgrm[i],
                empty(files->hgrm[i]) &&
                    hgrm_write(files->hgrm[i], result->sides[i].response),
                "--hgrm", options->hgrm, error, size);
    }
    if (fine && files->html)
        fine =
            finish(&files->html,
                   empty(files->html) && write_page(files->html, plan, result),
                   "--html", options->html, error, size);
    return fine;
}

static void close_one(FILE **file)
{
    if (*file)
        (void)fclose(*file);
    *file = NULL;
}

void bench_files_close(struct bench_files *files)
{
    close_one(&files->hlog);
    close_one(&files->html);
    for (unsigned i = 0; i < BENCH_SIDES_MAX; i++)
        close_one(&files->hgrm[i]);
}
