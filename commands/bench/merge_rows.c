/*
 * The options of `linkprobe merge`, one row each, in the order of the manual.
 */
#include "commands/bench/merge_options.h"

#include <stddef.h>

#define FIELD(name) .field = offsetof(struct merge_options, name)

enum { COMMAND_MERGE = 1 };

enum group { REPORT, ABOUT };

static const char groups[][20] = { [REPORT] = "report", [ABOUT] = "about" };

/* clang-format off */
static const struct option_row rows[] = {
    { .name = "format", .kind = OPTION_CHOICE, .group = REPORT,
      .commands = COMMAND_MERGE, .flags = OPTION_ARGV | OPTION_BASIC,
      FIELD(format), .choices = "text|json|csv", .metavar = "FORMAT",
      .fallback = "text",
      .help = "text, json or csv." },
    { .name = "hlog", .kind = OPTION_TEXT, .group = REPORT,
      .commands = COMMAND_MERGE, .flags = OPTION_ARGV | OPTION_BASIC,
      FIELD(hlog), .metavar = "FILE",
      .help = "Write the sum as an HdrHistogram log, one line a second and "
              "tag." },
    { .name = "hgrm", .kind = OPTION_TEXT, .group = REPORT,
      .commands = COMMAND_MERGE, .flags = OPTION_ARGV | OPTION_BASIC,
      FIELD(hgrm), .metavar = "FILE",
      .help = "Write HdrHistogram's percentile file of the series without a "
              "tag; where sides are tags, FILE.b is of the second." },
    { .name = "html", .kind = OPTION_TEXT, .group = REPORT,
      .commands = COMMAND_MERGE, .flags = OPTION_ARGV | OPTION_BASIC,
      FIELD(html), .metavar = "FILE",
      .help = "Write a report with charts. One file, which needs no network." },
    { .name = "help", .letter = 'h', .kind = OPTION_CUSTOM,
      .id = MERGE_ROW_HELP, .group = ABOUT, .commands = COMMAND_MERGE,
      .flags = OPTION_ARGV | OPTION_STOPS,
      .help = "This help." },
    { .name = "usage", .letter = '?', .kind = OPTION_CUSTOM,
      .id = MERGE_ROW_HELP, .group = ABOUT, .commands = COMMAND_MERGE,
      .flags = OPTION_ARGV | OPTION_STOPS | OPTION_HIDDEN },
    { .name = "version", .letter = 'V', .kind = OPTION_CUSTOM,
      .id = MERGE_ROW_VERSION, .group = ABOUT, .commands = COMMAND_MERGE,
      .flags = OPTION_ARGV | OPTION_STOPS,
      .help = "Versions of the program and its libraries." },
};
/* clang-format on */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

const struct option_spec merge_spec = {
    .name = "merge",
    .command = COMMAND_MERGE,
    .nsets = 1,
    .sets = { { .rows = rows,
                .groups = groups,
                .nrows = COUNT(rows),
                .ngroups = COUNT(groups) } },
    .usage = "[options] FILE.hlog...",
    .summary = "The logs of many clients, added up: what all of them saw.",
    .target =
        "FILE.hlog: an HdrHistogram log, as of linkprobe bench --hlog; - is "
        "standard input",
};
