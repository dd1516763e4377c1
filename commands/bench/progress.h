/*
 * progress.h -- one line on a terminal, written over and over.
 */
#ifndef COMMANDS_BENCH_PROGRESS_H
#define COMMANDS_BENCH_PROGRESS_H

#include "bench/run.h"

enum {
    BENCH_PROGRESS_MAX = 160,
    BENCH_PROGRESS_MS = 500,
};

struct bench_progress_line {
    unsigned nsides;
    unsigned columns; /* what does not fit is left out */
    bool shown;
};

/* What stands in the line, without its end; returns `text`. */
char *bench_progress_text(const struct bench_progress *progress,
                          unsigned nsides, char text[BENCH_PROGRESS_MAX]);

/* bench_hooks.progress; `data` is a struct bench_progress_line. */
void bench_progress_show(void *data, const struct bench_progress *progress);

/* Wipe the line, if there is one. */
void bench_progress_clear(struct bench_progress_line *line);

#endif /* COMMANDS_BENCH_PROGRESS_H */
