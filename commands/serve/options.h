/*
 * options.h -- what `linkprobe serve` was asked to do, as values.
 *
 * Its own rows are in serve/rows.c; those of a check are check's, and fill the
 * first member.  Where to listen and the like is of the process and not of a
 * module, so these are no keys of the configuration.  The struct is a plain
 * value; its texts are lent by argv, the environment and the configuration.
 */
#ifndef COMMANDS_SERVE_OPTIONS_H
#define COMMANDS_SERVE_OPTIONS_H

#include "commands/check/options.h"
#include "serve/histogram.h"
#include "serve/listen.h"

struct serve_listen_list {
    struct net_addr at[SERVE_LISTEN_MAX];
    unsigned n;
};

struct serve_options {
    struct check_options check; /* first: check's rows fill it */
    struct serve_listen_list listen, web_listen; /* two words for the same */
    const char *web_config; /* NULL: plain HTTP, for everyone */
    bool systemd_socket;
    struct serve_buckets buckets;
    unsigned log_level;       /* index of its choices */
    const char *config_alias; /* --config.file */
};

enum {
    SERVE_ROW_COUNT = 8,
};

extern const struct option_spec serve_spec;

/*
 * Defaults, layers (`module`: NULL is what --module names), and what follows
 * from them.  On false one line in `error`.
 */
bool serve_options_build(const struct option_layers *layers, const char *module,
                         struct serve_options *options, char *error,
                         size_t size);

/* The custom rows: option_set_cb of serve's set. */
bool serve_options_set(void *options, const struct option_row *row,
                       const char *text, bool first, char *error, size_t size);

/* The ids of the custom rows; none is one of check's. */
enum serve_row {
    SERVE_ROW_LISTEN = 150,
    SERVE_ROW_WEB_LISTEN,
    SERVE_ROW_BUCKETS,
};

#endif /* COMMANDS_SERVE_OPTIONS_H */
