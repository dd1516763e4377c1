/*
 * options.h -- what `linkprobe bench` was asked to do, as values.
 *
 * Its own rows are in bench/rows.c; those for TLS, login, addresses and times
 * are check's, and fill the first member.  The struct is a plain value; its
 * texts are lent by argv, the environment and the configuration.
 *
 * Sides: the first is the target, the others are named by --against, in order.
 * --address, --dns, --tls-name and --cacert belong to the side before them;
 * those that stand before any --against to the first.  A side inherits the last
 * two from the one before it.
 */
#ifndef COMMANDS_BENCH_OPTIONS_H
#define COMMANDS_BENCH_OPTIONS_H

#include "bench/compare.h"
#include "commands/check/options.h"

enum {
    BENCH_ASSERTS_MAX = 64,
    BENCH_VALUE_MAX = 64 << 20, /* --size */
};

enum bench_format {
    BENCH_FORMAT_TEXT,
    BENCH_FORMAT_JSON,
    BENCH_FORMAT_CSV,
    BENCH_FORMAT_FOREIGN, /* one of check's alone, in a file for both */
};

struct bench_options {
    struct check_options check; /* first: check's rows fill it */

    /* the load */
    unsigned connections, threads, pipeline;
    uint64_t requests;    /* 0: by time */
    unsigned duration_ms; /* settled: 0 is by requests */
    unsigned warmup_ms;
    double rate; /* 0: closed loop */
    const char *mix;
    unsigned weights[BENCH_COMMANDS];
    bool reconnect, force;
    int64_t start_at_ms; /* since the epoch; 0: now */

    /* the keys */
    size_t size;
    uint64_t keys, seed;
    bool seeded; /* --seed was given */
    const char *key_prefix;
    unsigned distribution; /* enum bench_distribution */

    /* the sides but the first: settled */
    unsigned nsides;                             /* all of them, >= 1 */
    struct check_options sides[BENCH_SIDES_MAX]; /* [0] is `check` */
    const char *against[BENCH_SIDES_MAX];        /* [0] is NULL */

    /* what is told */
    struct bench_assert asserts[BENCH_ASSERTS_MAX];
    unsigned nasserts;
    unsigned format; /* enum bench_format; settled: never FOREIGN */
    bool no_progress;
    const char *hlog, *hgrm, *html;
};

extern const struct option_set bench_rows;
extern const struct option_spec bench_spec;

/* The built-in defaults. */
void bench_options_init(struct bench_options *options);

/*
 * Defaults, layers (`module`: NULL is what --module names), then what follows
 * from them: sides, the end by time or by requests.  On false one line in
 * `error`: a text that could not be read, or two that contradict each other.
 */
bool bench_options_build(const struct option_layers *layers, const char *module,
                         struct bench_options *options, char *error,
                         size_t size);

/* Are so many targets fine?  On false one line in `error`. */
bool bench_options_take(size_t ntargets, char *error, size_t size);

/* Read every module as a run would: --config-check. */
bool bench_options_verify(const struct option_layers *layers, char *error,
                          size_t size);

/* The format that an error is to be told in when options could not be read. */
enum bench_format bench_format_hint(int argc, char **argv);

/* The custom rows: option_set_cb of bench_rows. */
bool bench_options_set(void *options, const struct option_row *row,
                       const char *text, bool first, char *error, size_t size);

/* Read an RFC 3339 time ("2026-11-23T03:00:00Z", with a fraction or an offset
 * as well) as milliseconds since the epoch. */
bool bench_time_parse(const char *text, int64_t *ms);

/* Read "ping", "set", "get" or "set:get=1:10" as weights; false: it is none,
 * or all weights are 0. */
bool bench_mix_parse(const char *text, unsigned weights[BENCH_COMMANDS]);

/* The ids of the custom rows; none is one of check's. */
enum bench_row {
    BENCH_ROW_NONE = 100,
    BENCH_ROW_HINT_R, /* stop: letters of the peers that mean other things */
    BENCH_ROW_HINT_T,
    BENCH_ROW_REQUESTS,
    BENCH_ROW_DURATION,
    BENCH_ROW_RATE,
    BENCH_ROW_MIX,
    BENCH_ROW_START_AT,
    BENCH_ROW_KEYS,
    BENCH_ROW_KEY_PREFIX,
    BENCH_ROW_SEED,
    BENCH_ROW_DB,
    BENCH_ROW_AGAINST,
    BENCH_ROW_ASSERT,
    BENCH_ROW_FORMAT,
};

#endif /* COMMANDS_BENCH_OPTIONS_H */
