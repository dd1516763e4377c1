/*
 * merge_options.h -- what `linkprobe merge` was asked to do, as values.
 *
 * Its rows are all of the command line: what is set for checks and benchmarks
 * in a configuration or in LINKPROBE_* says nothing about logs.
 */
#ifndef COMMANDS_BENCH_MERGE_OPTIONS_H
#define COMMANDS_BENCH_MERGE_OPTIONS_H

#include "cli/options.h"

enum merge_format {
    MERGE_FORMAT_TEXT,
    MERGE_FORMAT_JSON,
    MERGE_FORMAT_CSV,
};

/* option_row.id of the rows that stop. */
enum {
    MERGE_ROW_HELP = 1,
    MERGE_ROW_VERSION,
};

struct merge_options {
    unsigned format; /* enum merge_format */
    const char *hlog, *hgrm, *html;
};

extern const struct option_spec merge_spec;

#endif /* COMMANDS_BENCH_MERGE_OPTIONS_H */
