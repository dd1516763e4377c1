/*
 * targets.h -- what is to be checked: from argv, from a file, from stdin.
 *
 * A file has Prometheus' file_sd format, JSON or YAML (one parser serves both):
 *
 *     [{"targets": ["cache-1.example:6379", "rediss://cache-2.example"],
 *       "labels": {"team": "payments", "__module__": "tls"}}]
 *
 * __module__, __user__, __password_file__ and __tls_name__ set options of a
 * group's targets; other labels that begin with "__" are left out, as
 * Prometheus does.  From "-" each line is a target; empty lines and those that
 * begin with "#" are not.
 *
 * A target is 56 bytes and its texts; labels belong to the group.  A list owns
 * all its texts but passwords, which are in the pool of secrets.
 */
#ifndef COMMANDS_TARGETS_H
#define COMMANDS_TARGETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/arena.h"
#include "cli/secret_memory.h"
#include "commands/check/options.h"
#include "probe/target.h"

enum {
    TARGETS_MAX = 1000000,
    TARGETS_FILE_MAX = 64 << 20,
    TARGETS_LABELS_MAX = 128, /* of a group */
};

/* What the targets of one entry of the file have in common. */
struct target_group {
    const struct probe_label *labels; /* without those in "__" */
    size_t nlabels;
    const struct check_options *options;
    const char *user, *password_file, *tls_name; /* NULL: the options' */
};

struct target {
    const char *name; /* HOST:PORT as printed */
    const char *host;
    const char *user;     /* of the URL; NULL: none */
    const char *password; /* of the URL; NULL: none */
    const struct target_group *group;
    int32_t db; /* NET_DB_NONE: none */
    uint16_t port;
    bool tls; /* by the URL or the options */
};

/* The options of the module `name` (NULL: of none); they outlive the list.
 * NULL and one line in `error`: there are none. */
typedef const struct check_options *(*targets_module_cb)(void *data,
                                                         const char *name,
                                                         char *error,
                                                         size_t size);

struct target_list {
    struct target *targets; /* may move while the list grows */
    size_t ntargets;

    /* set before the first use ... */
    targets_module_cb module;
    void *data; /* ... for `module` */
    struct secret_pool *secrets;

    /* private */
    size_t room;
    struct arena texts;
};

/*
 * Add the target `argument` of argv with the options of no module.  A password
 * in it is kept, overwritten where it stands, and told by `*exposed`.
 */
bool target_list_argument(struct target_list *list, char *argument,
                          bool *exposed, char *error, size_t size);

/* Add the targets of `file` ("-": standard input, a line each). */
bool target_list_file(struct target_list *list, const char *file, char *error,
                      size_t size);

/* The same from memory; `file` is its name in errors. */
bool target_list_parse(struct target_list *list, const char *bytes, size_t n,
                       const char *file, char *error, size_t size);
bool target_list_lines(struct target_list *list, const char *bytes, size_t n,
                       const char *file, char *error, size_t size);

/*
 * Does each literal have the family that its options ask for, and is none
 * there twice where `format` could not tell them apart?  On false one line in
 * `error`.
 */
bool target_list_fits(const struct target_list *list, unsigned format,
                      char *error, size_t size);
/*
 * The target that is an endpoint's own name, where the list has one endpoint
 * and other names beside it; else NULL.  It is what such a name may stand for.
 */
const struct target *target_list_endpoint(const struct target_list *list);

void target_list_free(struct target_list *list);

#endif /* COMMANDS_TARGETS_H */
