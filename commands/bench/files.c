/*
 * Series and their tags; the formats themselves are of others.
 *
 *     open > [second] ... > write > close
 *
 * The log is written while the run goes on, so it takes no memory; what cannot
 * be written of it is told at the end.
 */
#include "commands/bench/files.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "bench/hlog.h"
#include "cli/text.h"
#include "report/bench_report.h"

enum {
    TAG_MAX = 16,
    CAUSES_MAX = 400,
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

    *files = (struct bench_files){ .nsides = options->nsides };
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

/* A line of the log, unless it failed before. */
static void put(struct bench_files *files, int side, const char *name,
                const struct bench_second *second,
                const struct histogram *histogram)
{
    double at_s = second->interval->at_s - second->interval->length_s;
    char tag[TAG_MAX];

    if (!histogram || (name && histogram->count == 0) || files->failed)
        return;
    if (!hlog_line(files->hlog, tag_of(side, name, tag),
                   (double)second->began_ms / 1000 + at_s,
                   second->interval->length_s, histogram))
        files->failed = errno ? errno : EIO;
}

/* The first line makes place; a pipe or a terminal has nothing to be emptied.
 */
static bool empty(FILE *file)
{
    return ftruncate(fileno(file), 0) == 0 || errno == EINVAL;
}

static void begin_log(struct bench_files *files, int64_t began_ms)
{
    if (files->begun || files->failed)
        return;
    files->begun = true;
    if (!empty(files->hlog) || !hlog_begin(files->hlog, began_ms))
        files->failed = errno ? errno : EIO;
}

void bench_files_second(struct bench_files *files,
                        const struct bench_second *second)
{
    int side = files->nsides > 1 ? (int)second->side : -1;

    if (!files->hlog)
        return;
    errno = 0;
    begin_log(files, second->began_ms);
    put(files, side, NULL, second, second->response);
    put(files, side, "send", second, second->service);
    for (unsigned i = 0; i < BENCH_COMMANDS; i++)
        put(files, side, bench_command_token((enum bench_command)i), second,
            second->commands[i]);
    put(files, side, "connect", second, second->connect);
}

/* "timeout 10, reset 2" */
static void list_causes(const struct bench_side_result *side, char *text,
                        size_t size)
{
    size_t n = 0;

    text[0] = '\0';
    for (unsigned i = 0; i < CAUSE_COUNT && n < size; i++) {
        if (side->errors_by_cause[i] > 0)
            n += (size_t)snprintf(text + n, size - n, "%s%s %" PRIu64,
                                  n > 0 ? ", " : "", cause_token((enum cause)i),
                                  side->errors_by_cause[i]);
    }
}

/* What a histogram does not hold: requests that failed or were never sent, and
 * latencies beyond an hour. */
static bool write_rest(FILE *file, char letter,
                       const struct bench_side_result *side)
{
    char causes[CAUSES_MAX], line[CAUSES_MAX + 200];

    list_causes(side, causes, sizeof(causes));
    (void)snprintf(line, sizeof(line),
                   "Side %c: %" PRIu64 " requests answered, %" PRIu64
                   " failed%s%s%s, %" PRIu64 " never sent, %" PRIu64
                   " counted as one hour",
                   letter, side->requests, side->errors,
                   side->errors > 0 ? " (" : "", causes,
                   side->errors > 0 ? ")" : "", side->owed,
                   side->response->clamped);
    return hlog_comment(file, line);
}

/* What is known at the end; all else is written. */
static bool end_log(struct bench_files *files,
                    const struct bench_result *result)
{
    bool fine;

    errno = 0;
    begin_log(files, result->time_ms);
    fine = !files->failed;
    for (unsigned i = 0; fine && i < result->nsides; i++)
        fine = write_rest(files->hlog, (char)('a' + i), &result->sides[i]);
    if (files->failed)
        errno = files->failed;
    return fine;
}

static bool write_page(FILE *file, const struct bench_plan *plan,
                       const struct bench_result *result)
{
    struct report_buffer out = { 0 };

    bench_report_html(plan, result, &out);
    return bench_report_write(&out, fileno(file));
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
        fine = finish(&files->hlog, end_log(files, result), "--hlog",
                      options->hlog, error, size);
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
