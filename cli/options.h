/*
 * options.h -- one table of options: whatever knows an option reads its row.
 *
 * The parser of argv, the keys of the configuration, the LINKPROBE_* names,
 * --help, the manual and the completions all come from `struct option_row`.
 * A row is flat bytes without pointers: a table costs nothing at start-up.
 *
 * Reading goes in two steps.  Sources (options_parse, options_environment,
 * config.h) collect `struct option_value`: whose row, which text, from where.
 * options_apply() then writes them into the caller's struct, the weakest source
 * first; an error names the place where the text was written.
 *
 * GNU's ways: --name=value, --name value, -nVALUE, -n VALUE, -abc, `--` ends
 * the options, options and targets may mix.  A name cut short is not taken:
 * the next version could make it mean something else.
 *
 * Texts are lent: argv, environ and the configuration must outlive the struct.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum option_kind {
    OPTION_FLAG,   /* no value: writes true to a bool */
    OPTION_COUNT,  /* no value: adds one to an unsigned; a number elsewhere */
    OPTION_TEXT,   /* const char *; not empty */
    OPTION_NUMBER, /* unsigned, from `min` to `max` */
    OPTION_TIME,   /* unsigned milliseconds, from `min` to `max` */
    OPTION_SIZE,   /* size_t bytes, from `min` to `max` */
    OPTION_CHOICE, /* unsigned: `min` plus the place in `choices` */
    OPTION_CUSTOM, /* the set's own parser; a flag when it has no metavar */
    OPTION_TARGET, /* the value is one more target */
};

/* What a row may also be. */
enum {
    OPTION_REPEATS = 1 << 0,   /* may be given more than once; else the last
                                  one of a source counts */
    OPTION_NEGATES = 1 << 1,   /* an OPTION_FLAG that writes false */
    OPTION_STOPS = 1 << 2,     /* nothing after it is read (--help) */
    OPTION_NO_CONFIG = 1 << 3, /* no key of the configuration */
    OPTION_NO_ENV = 1 << 4,    /* no LINKPROBE_* */
    OPTION_HIDDEN = 1 << 5,    /* another word for a row that is shown */
    OPTION_BASIC = 1 << 6,     /* in the first tier of --help */
    OPTION_ARGV = OPTION_NO_CONFIG | OPTION_NO_ENV,
};

struct option_row {
    char name[20]; /* without dashes */
    char letter;   /* '\0': none */
    uint8_t kind;
    uint8_t group;     /* a row of the set's groups */
    uint16_t commands; /* bits of the commands that have it */
    uint8_t id;        /* the set's own, for OPTION_CUSTOM */
    uint16_t flags;
    uint16_t field; /* its offset in the struct */
    uint32_t min, max;
    char choices[40];  /* "text|json" */
    char metavar[28];  /* "" for flags */
    char fallback[20]; /* the default as printed; "" none */
    char help[180];
};

/*
 * Read `text` for the custom row `row` into `options`; of a flag it is NULL, or
 * "" when a key or a variable says that the flag is false.  `first`: the first
 * of its source, so a list begins anew.  On false, one line in `error` without
 * the option's name.
 */
typedef bool (*option_set_cb)(void *options, const struct option_row *row,
                              const char *text, bool first, char *error,
                              size_t size);

/* Rows and the struct they fill, which stands `base` bytes into the whole. */
struct option_set {
    const struct option_row *rows;
    const char (*groups)[20]; /* the words after --help, by row.group */
    option_set_cb set;
    uint16_t nrows, ngroups;
    uint32_t base;
};

/* A command: its name, its rows and its words. */
struct option_spec {
    char name[24];    /* "check", "provision plan" */
    uint16_t command; /* its bit in row.commands */
    uint8_t nsets;
    struct option_set sets[2];
    char usage[64];   /* "[options] TARGET..." */
    char summary[80]; /* one sentence */
    char target[120]; /* what a TARGET is */
};

/* One thing that somebody wrote, and where. */
struct option_value {
    const struct option_row *row;
    const struct option_set *set;
    const char *text; /* NULL: a flag without a value */
    unsigned line;    /* of the configuration; 0: not from there */
};

enum option_source {
    OPTION_FROM_CONFIG, /* "FILE:LINE: KEY: ..." */
    OPTION_FROM_ENV,    /* "LINKPROBE_NAME: ..." */
    OPTION_FROM_ARGV,   /* "--name: ..." */
};

/* What one source said, in order. */
struct option_values {
    struct option_value *values; /* owned: option_values_free() */
    size_t nvalues, room;
    enum option_source source;
    const char *file; /* of OPTION_FROM_CONFIG */
};

/* A command line that was understood; options_free() releases. */
struct options {
    struct option_values argv;
    char **targets; /* in order; they point into argv */
    size_t ntargets;
    const struct option_row *stop; /* the row that ended it; NULL: none */
    const char *topic; /* the word after it ("--help all"); NULL: none */
};

/*
 * Read argv[1] to argv[argc - 1].  On false, one line in `error`; `options`
 * then holds what stood before, and is to be freed all the same.
 */
bool options_parse(const struct option_spec *spec, int argc, char **argv,
                   struct options *options, char *error, size_t size);
void options_free(struct options *options);

/* Collect the LINKPROBE_* of `environ`; empty ones and unknown ones do not
 * count.  false: out of memory. */
bool options_environment(const struct option_spec *spec, char **environment,
                         struct option_values *values);

/* Write `values` into `target`.  On false, one line in `error`. */
bool options_apply(const struct option_spec *spec,
                   const struct option_values *values, void *target,
                   char *error, size_t size);

/* Append one.  false: out of memory. */
bool option_values_add(struct option_values *values,
                       const struct option_value *value);
void option_values_free(struct option_values *values);

/* The last text that `values` has for the option `name`; NULL: none. */
const char *option_values_last(const struct option_values *values,
                               const char *name);

/* Was the option `name` given at all? */
bool option_values_has(const struct option_values *values, const char *name);

/* The row called `name` ("-" and "_" alike) that `spec` has, and its set (may
 * be NULL); NULL: none. */
const struct option_row *option_find(const struct option_spec *spec,
                                     const char *name, size_t length,
                                     const struct option_set **set);

/* The name nearest to `word` among the rows without `flags`, or NULL. */
const char *option_nearest(const struct option_spec *spec, const char *word,
                           unsigned flags);

/* Does `row` take a value? */
bool option_takes_value(const struct option_row *row);

/* Is `row` one of this command's? */
bool option_is_of(const struct option_spec *spec, const struct option_row *row);

/* "LINKPROBE_DEADLINE"; returns `name`. */
char *option_env_name(const struct option_row *row, char name[40]);

/* Read `text` for `row` into `target`, the struct of its set; the first of its
 * source or not.  On false, one line in `error` without the option's name. */
bool option_write(const struct option_set *set, const struct option_row *row,
                  const char *text, bool first, void *target, char *error,
                  size_t size);

/* Steps through "a|b|c": the next word and its length; NULL at the end. */
const char *option_choice_next(const char **rest, size_t *length);

#endif /* CLI_OPTIONS_H */
