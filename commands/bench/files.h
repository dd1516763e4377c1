/*
 * files.h -- the files that bench leaves: --hlog, --hgrm, --html.
 *
 * They are opened before the run, so that a path that cannot be written is told
 * at once.  The log is written second by second, so a client that is killed
 * leaves what it had measured; the others when the run is over.  A run that
 * measures nothing leaves what was there.
 *
 * The log has a line for every second and series.  With one side the response
 * times have no tag, service times are "send", and "set", "get", "ping" and
 * "connect" follow; with several sides each tag begins with the side: "a",
 * "a.send", ..., "b", "b.send", ...  Comments at the end tell of each side what
 * is in no histogram: errors by cause, and what was never sent.
 */
#ifndef COMMANDS_BENCH_FILES_H
#define COMMANDS_BENCH_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "bench/result.h"
#include "commands/bench/options.h"

struct bench_files {
    FILE *hlog, *html;
    FILE *hgrm[BENCH_SIDES_MAX];

    /* private */
    unsigned nsides;
    bool begun; /* the log */
    int failed; /* ... and could not be written: errno */
};

/* Open what is asked for.  On false one line in `error`; bench_files_close()
 * is due either way. */
bool bench_files_open(struct bench_files *files,
                      const struct bench_options *options, char *error,
                      size_t size);

/* A second has ended: into the log, if there is one. */
void bench_files_second(struct bench_files *files,
                        const struct bench_second *second);

/* Write the rest of all of them.  On false one line in `error`. */
bool bench_files_write(struct bench_files *files,
                       const struct bench_options *options,
                       const struct bench_plan *plan,
                       const struct bench_result *result, char *error,
                       size_t size);
void bench_files_close(struct bench_files *files);

#endif /* COMMANDS_BENCH_FILES_H */
