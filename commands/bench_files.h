/*
 * bench_files.h -- the files that bench leaves: --hlog, --hgrm, --html.
 *
 * They are opened before the run, so that a path that cannot be written is told
 * at once, and written when it is over: a run that fails leaves what was there.
 *
 * The log has a line for every second and series.  With one side the response
 * times have no tag, service times are "send", and the whole run's "set",
 * "get", "ping" and "connect" follow; with several sides each tag begins with
 * the side: "a", "a.send", ..., "b", "b.send", ...
 */
#ifndef COMMANDS_BENCH_FILES_H
#define COMMANDS_BENCH_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "bench/result.h"
#include "commands/bench_options.h"

struct bench_files {
    FILE *hlog, *html;
    FILE *hgrm[BENCH_SIDES_MAX];
};

/* Open what is asked for.  On false one line in `error`; bench_files_close()
 * is due either way. */
bool bench_files_open(struct bench_files *files,
                      const struct bench_options *options, char *error,
                      size_t size);

/* Write all of them.  On false one line in `error`. */
bool bench_files_write(struct bench_files *files,
                       const struct bench_options *options,
                       const struct bench_plan *plan,
                       const struct bench_result *result, char *error,
                       size_t size);
void bench_files_close(struct bench_files *files);

#endif /* COMMANDS_BENCH_FILES_H */
