/*
 * The options of `linkprobe bench` that are its own, one row each, in the order
 * of the manual.  Those it shares with check are in check/rows.c.
 */
#include <stddef.h>

#include "commands/bench/options.h"

#define B COMMAND_BENCH

#define FIELD(name) .field = offsetof(struct bench_options, name)

enum {
    WARMUP_MAX_MS = 60 * 60 * 1000,
};

enum group {
    LOAD,
    KEYS,
    SIDES,
    REPORT,
};

static const char groups[][20] = {
    [LOAD] = "load",
    [KEYS] = "keys",
    [SIDES] = "sides",
    [REPORT] = "report",
};

/* clang-format off */
static const struct option_row rows[] = {
    { .name = "connections", .letter = 'c', .kind = OPTION_NUMBER,
      .group = LOAD, .commands = B, .flags = OPTION_BASIC, FIELD(connections),
      .min = 1, .max = 65536, .metavar = "N", .fallback = "50",
      .help = "Connections of each side. They are spread round robin over all "
              "its addresses." },
    { .name = "threads", .letter = 'T', .kind = OPTION_NUMBER, .group = LOAD,
      .commands = B, FIELD(threads), .min = 1, .max = 256, .metavar = "N",
      .fallback = "1",
      .help = "Threads, each with its share of the connections. One drives "
              "more than a server takes in most cases." },
    { .name = "pipeline", .letter = 'P', .kind = OPTION_NUMBER, .group = LOAD,
      .commands = B, .flags = OPTION_BASIC, FIELD(pipeline), .min = 1,
      .max = 4096, .metavar = "N", .fallback = "1",
      .help = "Requests in flight on a connection." },
    { .name = "requests", .letter = 'n', .kind = OPTION_CUSTOM,
      .id = BENCH_ROW_REQUESTS, .group = LOAD, .commands = B,
      .flags = OPTION_BASIC, .metavar = "N",
      .help = "End after so many requests a side." },
    { .name = "duration", .letter = 'd', .kind = OPTION_CUSTOM,
      .id = BENCH_ROW_DURATION, .group = LOAD, .commands = B,
      .flags = OPTION_BASIC, .metavar = "TIME", .fallback = "10s",
      .help = "Measure for so long." },
    { .name = "rate", .letter = 'R', .kind = OPTION_CUSTOM,
      .id = BENCH_ROW_RATE, .group = LOAD, .commands = B,
      .flags = OPTION_BASIC, .metavar = "N",
      .help = "Open loop: N requests a second and side. Latency counts from "
              "when each was meant to be sent. Without it a closed loop, which "
              "hides most of a stall." },
    { .name = "warmup", .kind = OPTION_TIME, .group = LOAD, .commands = B,
      FIELD(warmup_ms), .max = WARMUP_MAX_MS, .metavar = "TIME",
      .fallback = "1s", .help = "Load that is not counted, before." },
    { .name = "mix", .kind = OPTION_CUSTOM, .id = BENCH_ROW_MIX,
      .group = LOAD, .commands = B, .flags = OPTION_BASIC, .metavar = "MIX",
      .fallback = "set:get=1:10",
      .help = "What is asked, by weight. ping, set, get, or such as "
              "ping:set:get=1:1:8; each request is drawn." },
    { .name = "reconnect", .kind = OPTION_FLAG, .group = LOAD, .commands = B,
      FIELD(reconnect),
      .help = "A new connection for every request: what churn costs." },
    { .name = "start-at", .kind = OPTION_CUSTOM, .id = BENCH_ROW_START_AT,
      .group = LOAD, .commands = B, .metavar = "TIME",
      .help = "Begin at this RFC 3339 time, such as 2026-11-23T03:00:00Z: many "
              "clients at once. Keys are loaded before." },
    { .name = "r", .letter = 'r', .kind = OPTION_CUSTOM,
      .id = BENCH_ROW_HINT_R, .group = LOAD, .commands = B,
      .flags = OPTION_HIDDEN | OPTION_ARGV | OPTION_STOPS,
      .metavar = "perhaps -R or -k is meant" },
    { .name = "t", .letter = 't', .kind = OPTION_CUSTOM,
      .id = BENCH_ROW_HINT_T, .group = LOAD, .commands = B,
      .flags = OPTION_HIDDEN | OPTION_ARGV | OPTION_STOPS,
      .metavar = "perhaps -T or --mix is meant" },

    { .name = "size", .letter = 's', .kind = OPTION_SIZE, .group = KEYS,
      .commands = B, .flags = OPTION_BASIC, FIELD(size), .min = 1,
      .max = BENCH_VALUE_MAX, .metavar = "SIZE", .fallback = "64",
      .help = "Bytes of a value." },
    { .name = "keys", .letter = 'k', .kind = OPTION_CUSTOM,
      .id = BENCH_ROW_KEYS, .group = KEYS, .commands = B, .metavar = "N",
      .fallback = "10000",
      .help = "Different keys. All are loaded before the warm-up, expire by "
              "themselves and are removed at the end." },
    { .name = "key-prefix", .kind = OPTION_CUSTOM, .id = BENCH_ROW_KEY_PREFIX,
      .group = KEYS, .commands = B, .metavar = "P",
      .fallback = "linkprobe:bench:",
      .help = "What keys begin with; a number follows. With {...} in it all "
              "are in one slot of a cluster." },
    { .name = "distribution", .kind = OPTION_CHOICE, .group = KEYS,
      .commands = B, FIELD(distribution), .min = BENCH_UNIFORM,
      .choices = "uniform|zipf|sequential", .metavar = "HOW",
      .fallback = "uniform",
      .help = "Which key is next: uniform, zipf (few are asked for most) or "
              "sequential." },
    { .name = "seed", .kind = OPTION_CUSTOM, .id = BENCH_ROW_SEED,
      .group = KEYS, .commands = B, .metavar = "N",
      .help = "Draw the same keys and commands again. Without it another one "
              "each time." },
    { .name = "db", .kind = OPTION_CUSTOM, .id = BENCH_ROW_DB, .group = KEYS,
      .commands = B, .metavar = "N",
      .help = "Database to SELECT. The /DB of a URL goes before." },
    { .name = "force", .kind = OPTION_FLAG, .group = KEYS, .commands = B,
      .flags = OPTION_ARGV, FIELD(force),
      .help = "Run although the keys would take more than 10 % of the free "
              "memory or push others out, or sides dial the same addresses." },

    { .name = "against", .kind = OPTION_CUSTOM, .id = BENCH_ROW_AGAINST,
      .group = SIDES, .commands = B,
      .flags = OPTION_ARGV | OPTION_REPEATS | OPTION_BASIC,
      .metavar = "TARGET",
      .help = "One more side, in turns with the others. --address, --dns, "
              "--tls-name and --cacert behind it are its own; the last two it "
              "has from the side before, else." },
    { .name = "assert", .kind = OPTION_CUSTOM, .id = BENCH_ROW_ASSERT,
      .group = SIDES, .commands = B, .flags = OPTION_REPEATS | OPTION_BASIC,
      .metavar = "METRIC<VALUE",
      .help = "Exit status 2 unless it holds, as p99.9<2ms. Before METRIC may "
              "stand a side (b.errors<0.1%) or the first minus the second "
              "(diff.p99<10%)." },

    { .name = "format", .kind = OPTION_CUSTOM, .id = BENCH_ROW_FORMAT,
      .group = REPORT, .commands = B, .flags = OPTION_BASIC,
      .choices = "text|json|csv", .metavar = "FORMAT", .fallback = "text",
      .help = "text, json or csv." },
    { .name = "hlog", .kind = OPTION_TEXT, .group = REPORT, .commands = B,
      .flags = OPTION_BASIC, FIELD(hlog), .metavar = "FILE",
      .help = "Write an HdrHistogram log. linkprobe merge adds those of many "
              "machines." },
    { .name = "hgrm", .kind = OPTION_TEXT, .group = REPORT, .commands = B,
      FIELD(hgrm), .metavar = "FILE",
      .help = "Write HdrHistogram's percentile file; with several sides one "
              "for each, FILE.b for the second." },
    { .name = "html", .kind = OPTION_TEXT, .group = REPORT, .commands = B,
      .flags = OPTION_BASIC, FIELD(html), .metavar = "FILE",
      .help = "Write a report with charts. One file, which needs no network." },
    { .name = "quiet", .letter = 'q', .kind = OPTION_FLAG, .group = REPORT,
      .commands = B, FIELD(check.quiet),
      .help = "Show no progress, and print only the figures and what is "
              "wrong." },
    { .name = "no-progress", .kind = OPTION_FLAG, .group = REPORT,
      .commands = B, FIELD(no_progress),
      .help = "Show no progress on the terminal." },
};
/* clang-format on */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define BENCH_ROWS                                                             \
    {                                                                          \
        .rows = rows, .groups = groups, .set = bench_options_set,              \
        .nrows = COUNT(rows), .ngroups = COUNT(groups),                        \
    }

const struct option_set bench_rows = BENCH_ROWS;

/* Check's rows fill the first member: both sets have the base 0. */
_Static_assert(offsetof(struct bench_options, check) == 0, "no base");

const struct option_spec bench_spec = {
    .name = "bench",
    .command = COMMAND_BENCH,
    .nsets = 2,
    .sets = { BENCH_ROWS, CHECK_ROWS },
    .usage = "[options] TARGET [--against TARGET]...",
    .summary = "How fast is it, and what does a path add?",
    .target = "HOST, HOST:PORT, [V6]:PORT, redis://[[USER]:PASSWORD@]HOST"
              "[:PORT][/DB] or rediss://... (TLS)",
};
