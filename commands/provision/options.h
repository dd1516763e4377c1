/*
 * options.h -- what `linkprobe provision COMMAND` was asked to do.
 *
 * One table for all of the commands: a row says which have it.  Its rows are
 * all of the command line; what is set for checks in a configuration or in
 * LINKPROBE_* says nothing about paths.
 */
#ifndef COMMANDS_PROVISION_OPTIONS_H
#define COMMANDS_PROVISION_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/options.h"

/* The word, its summary. */
/* clang-format off */
#define PROVISION_COMMAND_MAP(X)                                               \
    X(PLAN,        "plan",        "What apply would do, in order; changes "    \
                                  "nothing.")                                  \
    X(APPLY,       "apply",       "Build the path, or mend it; safe to run "   \
                                  "again.")                                    \
    X(STATUS,      "status",      "What exists, in which state, and what has " \
                                  "drifted.")                                  \
    X(VERIFY,      "verify",      "status, then linkprobe check through the "  \
                                  "endpoint.")                                 \
    X(SYNC,        "sync",        "Register the addresses that the cache has " \
                                  "now.")                                      \
    X(CONNECTIONS, "connections", "Endpoints that are connected, or ask to "   \
                                  "be.")                                       \
    X(ACCEPT,      "accept",      "Accept endpoints that ask for it.")         \
    X(REJECT,      "reject",      "Reject endpoints.")                         \
    X(DESTROY,     "destroy",     "Remove what carries the path's tags, and "  \
                                  "nothing else.")                             \
    X(IMPORT,      "import",      "Print the file of a path of others.")       \
    X(TOKEN,       "token",       "Print a password for an ElastiCache user "  \
                                  "with IAM.")                                 \
    X(POLICY,      "policy",      "Print the IAM policies that this file "     \
                                  "needs.")                                    \
    X(EXPORT,      "export",      "Print the path as a template or a script.")
/* clang-format on */

enum provision_command {
#define X(id, word, text) PROVISION_##id,
    PROVISION_COMMAND_MAP(X)
#undef X
        PROVISION_COMMANDS
};

enum provision_format {
    PROVISION_TEXT,
    PROVISION_JSON,
};

/* option_row.id of the rows that stop, and of those read by hand. */
enum {
    PROVISION_ROW_HELP = 1,
    PROVISION_ROW_VERSION,
    PROVISION_ROW_FILE,
};

enum {
    PROVISION_FILES_MAX = 64, /* of -f; a folder is one */
};

struct provision_options {
    const char *files[PROVISION_FILES_MAX];
    unsigned nfiles;
    unsigned format; /* enum provision_format */
    unsigned color;
    const char *endpoint_url, *dns, *only;
    unsigned timeout_ms; /* 0: the engine's */
    bool yes, dry_run, quiet;
    unsigned verbosity;
    bool destroy, check_permissions;    /* of plan */
    bool no_verify;                     /* of apply */
    bool reject_others, reject_removed; /* of destroy; of apply */
    bool watch, listed;
    unsigned interval_ms, count; /* of --watch; 0: by TTL, for ever */
    const char *profile, *region, *role_arn, *external_id;
    const char *service, *endpoint, *name; /* of import */
    const char *cache, *user;              /* of token */
    bool serverless;
    unsigned side, purpose; /* of policy */
    unsigned as;            /* of export */
    bool offline;
};

/* The spec of one command; of all of them at once, for the manual. */
const struct option_spec *provision_spec(enum provision_command command);
extern const struct option_spec provision_all_spec;

/* "plan"; its sentence. */
const char *provision_word(enum provision_command command);
const char *provision_summary(enum provision_command command);

#endif /* COMMANDS_PROVISION_OPTIONS_H */
