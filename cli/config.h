/*
 * config.h -- the configuration file: defaults and named modules.
 *
 *     defaults:
 *       timeout: 2s
 *     modules:
 *       orders:
 *         tls: true
 *         expect-address: [10.0.0.0/16, 10.1.0.0/16]
 *         targets: ["*.orders.example", 10.0.0.0/16]
 *
 * Keys are the long options without dashes ("_" serves for "-").  Reading
 * checks the shape and the keys; values are read when options_apply() writes
 * them.  A password is no key: password-file and password-command are.
 */
#ifndef CLI_CONFIG_H
#define CLI_CONFIG_H

#include "cli/arena.h"
#include "cli/options.h"

enum {
    CONFIG_SIZE_MAX = 1 << 20,
    CONFIG_MODULES_MAX = 1000,
    CONFIG_PATH_MAX = 4096,
};

struct config_module {
    const char *name;
    struct option_values values;
    const char **targets; /* names, globs or CIDRs its credentials may go to */
    size_t ntargets;
    unsigned line;
};

/* A file that was read.  Zeroed: no file, nothing set. */
struct config {
    const char *file; /* as it was named; NULL: none */
    struct option_values defaults;
    struct config_module *modules;
    size_t nmodules;
    struct arena texts; /* private: owns all texts above */
};

/*
 * The file to use when none is named: $XDG_CONFIG_HOME/linkprobe/linkprobe.yml
 * (~/.config without it), else /etc/linkprobe/linkprobe.yml.  false: neither
 * is there.
 */
bool config_default_file(char path[CONFIG_PATH_MAX]);

/* The file that `argv` or else `environment` names (--config), or the default
 * one, whose path goes into `path`.  NULL: none, or --no-config. */
const char *config_choose(const struct option_values *argv,
                          const struct option_values *environment,
                          char path[CONFIG_PATH_MAX]);

/*
 * Read `file` for the command `specs[0]`; keys that only another of `specs`
 * knows are accepted and left out.  On false one line in `error`, and
 * `config` is empty.  config_free() releases.
 */
bool config_load(const char *file, const struct option_spec *const *specs,
                 size_t nspecs, struct config *config, char *error,
                 size_t size);

/* The same from memory; `file` is its name in errors. */
bool config_parse(const char *bytes, size_t n, const char *file,
                  const struct option_spec *const *specs, size_t nspecs,
                  struct config *config, char *error, size_t size);
void config_free(struct config *config);

/* Tell on standard output of a file that was read, as --config-check does; an
 * exit status. */
int config_told(const struct config *config);

/* The module `name`, or NULL and one line in `error`: "NAME is not a module
 * of FILE; ...". */
const struct config_module *config_module(const struct config *config,
                                          const char *name, char *error,
                                          size_t size);

/* All sources of one run, the strongest last; NULL where there is none. */
struct option_layers {
    const struct config *config;
    const struct option_values *environment;
    const struct option_values *argv;
};

/*
 * Write the layers into `target`, which holds the built-in defaults: defaults,
 * then the module `name` (NULL: the one that --module names, if any), then the
 * environment, then argv.  On false one line in `error`.
 */
bool option_layers_apply(const struct option_spec *spec,
                         const struct option_layers *layers, const char *name,
                         void *target, char *error, size_t size);

#endif /* CLI_CONFIG_H */
