/*
 * options.h -- what `linkprobe check` was asked to do, as values.
 *
 * The rows are in check/rows.c; watch, serve and bench share those that carry
 * their bit.  The struct is a plain value: copy it as you like.  Its texts are
 * lent by argv, the environment and the configuration.
 *
 *     options_parse(&check_spec, argc, argv, &options, ...)
 *     config_load(...)                                   unless --no-config
 *     check_options_build(&check_spec, &layers, module, plugin, &check, ...)
 */
#ifndef COMMANDS_CHECK_OPTIONS_H
#define COMMANDS_CHECK_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/config.h"
#include "cli/options.h"
#include "net/addr.h"
#include "net/tls.h"
#include "verdict/policy.h"

/* Bits of option_row.commands. */
enum {
    COMMAND_CHECK = 1 << 0,
    COMMAND_WATCH = 1 << 1,
    COMMAND_SERVE = 1 << 2,
    COMMAND_BENCH = 1 << 3,
};

enum check_format {
    CHECK_FORMAT_TEXT,
    CHECK_FORMAT_JSON,
    CHECK_FORMAT_NAGIOS,
    CHECK_FORMAT_JUNIT,
    CHECK_FORMAT_TAP,
    CHECK_FORMAT_PROMETHEUS,
};

enum check_color {
    CHECK_COLOR_AUTO,
    CHECK_COLOR_ALWAYS,
    CHECK_COLOR_NEVER,
};

enum check_write {
    CHECK_WRITE_DEFAULT, /* yes, unless a replica is expected */
    CHECK_WRITE_YES,
    CHECK_WRITE_NO,
};

enum {
    CHECK_ADDRESSES_MAX = 16, /* --address: as many as an answer holds */
    CHECK_EXPECT_MAX = 64,
    CHECK_PAYLOADS_MAX = 16,
    CHECK_PREFIX_MAX = 200,
    CHECK_WATCHDOG_NONE = 0,
    CHECK_WATCHDOG_DEFAULT = -1,
};

struct check_options {
    /* which targets */
    const char *targets;
    unsigned port; /* of those that name none */
    int db;        /* NET_DB_NONE: none */
    unsigned concurrency;

    /* addresses */
    int family; /* AF_UNSPEC, AF_INET, AF_INET6 */
    unsigned naddresses, nexpect;
    struct net_addr addresses[CHECK_ADDRESSES_MAX]; /* port 0 */
    struct net_cidr expect[CHECK_EXPECT_MAX];
    struct net_addr source; /* AF_UNSPEC: any */
    int require;            /* REQUIRE_ALL, REQUIRE_ANY, or a number */
    unsigned degraded;      /* enum check_status */
    const char *dns;        /* NULL: the system's */

    /* TLS and login */
    const char *tls_name;
    const char *cacert, *cacertdir, *cert, *key;
    const char *user, *password_file, *password_command;
    unsigned tls_verify; /* enum net_tls_verify */
    bool tls, askpass;

    /* what is asked */
    bool write; /* settled: SET, GET, DEL are wanted */
    bool diagnose;
    enum check_write write_wish;
    unsigned role; /* enum expect_role */
    const char *key_prefix;
    size_t payloads[CHECK_PAYLOADS_MAX];
    unsigned npayloads;
    unsigned idle_ms; /* 0: off */

    /* how long */
    unsigned timeout_ms;
    unsigned deadline_ms; /* settled: --idle and -t are in it */
    int watchdog_ms;      /* settled: CHECK_WATCHDOG_NONE is none */
    enum check_status watchdog_status;
    unsigned wait_ms; /* 0: off */
    unsigned interval_ms, consecutive;

    /* what is good, and how it is told */
    int cert_warning_days, cert_critical_days; /* CERT_DAYS_OFF */
    struct thresholds thresholds;
    unsigned format; /* enum check_format */
    unsigned color;  /* enum check_color */
    unsigned verbosity;
    bool quiet;

    /* watch alone */
    unsigned count, rise, fall; /* count 0: for ever */
    const char *on_change;      /* a command; NULL: none */

    /* the configuration */
    bool no_config, config_check;
    const char *config, *module;
};

/* The rows, for the specs of other commands: CHECK_ROWS is a set of base 0. */
enum {
    CHECK_ROW_COUNT = 65,
    CHECK_GROUP_COUNT = 9,
};

extern const struct option_row check_row_table[CHECK_ROW_COUNT];
extern const char check_row_groups[CHECK_GROUP_COUNT][20];

#define CHECK_ROWS                                                             \
    {                                                                          \
        .rows = check_row_table, .groups = check_row_groups,                   \
        .set = check_options_set, .nrows = CHECK_ROW_COUNT,                    \
        .ngroups = CHECK_GROUP_COUNT,                                          \
    }

extern const struct option_set check_rows;
extern const struct option_spec check_spec;
extern const struct option_spec watch_spec;

/* The built-in defaults of `command` (COMMAND_CHECK, ...). */
void check_options_init(struct check_options *options, unsigned command);

/*
 * Defaults, layers (`module`: NULL is what --module names), then what follows
 * from them: the write of a replica, the deadline under --idle and -t, the
 * watchdog of a plugin.  `plugin`: we were called as check_linkprobe.  On false
 * one line in `error`: a text that could not be read, or two that contradict
 * each other.
 */
bool check_options_build(const struct option_spec *spec,
                         const struct option_layers *layers, const char *module,
                         bool plugin, struct check_options *options,
                         char *error, size_t size);

/*
 * Find what contradicts itself and settle what follows from what; `argv` (may
 * be NULL) tells what was asked for in so many words.  Once a struct.
 */
bool check_options_settle(struct check_options *options,
                          const struct option_values *argv, bool plugin,
                          char *error, size_t size);

/* Can `name` be in a certificate: a DNS name or an address? */
bool check_tls_name_valid(const char *name);

/* Are so many targets fine?  On false one line in `error`. */
bool check_options_take(const struct check_options *options, size_t ntargets,
                        char *error, size_t size);

/* Read every module as a check would: --config-check.  On false one line. */
bool check_options_verify(const struct option_spec *spec,
                          const struct option_layers *layers, bool plugin,
                          char *error, size_t size);

/*
 * The format that an error is to be told in when options could not be read:
 * what argv, else the environment says, as far as it can be made out.
 */
enum check_format check_format_hint(int argc, char **argv, bool plugin);

/* "text", "json", ...: what report_find() takes. */
const char *check_format_name(unsigned format);

/* The custom rows: option_set_cb of check_rows. */
bool check_options_set(void *options, const struct option_row *row,
                       const char *text, bool first, char *error, size_t size);

/* The ids of the custom rows. */
enum check_row {
    CHECK_ROW_NONE,
    CHECK_ROW_HELP, /* stops: its topic is in struct options */
    CHECK_ROW_VERSION,
    CHECK_ROW_IPV4,
    CHECK_ROW_IPV6,
    CHECK_ROW_ADDRESS,
    CHECK_ROW_SOURCE,
    CHECK_ROW_DNS,
    CHECK_ROW_DB,
    CHECK_ROW_REQUIRE,
    CHECK_ROW_EXPECT_ADDRESS,
    CHECK_ROW_INSECURE,
    CHECK_ROW_WRITE,
    CHECK_ROW_NO_WRITE,
    CHECK_ROW_KEY_PREFIX,
    CHECK_ROW_PAYLOAD,
    CHECK_ROW_WATCHDOG,
    CHECK_ROW_WARNING,
    CHECK_ROW_CRITICAL,
    CHECK_ROW_CERT_DAYS,
    CHECK_ROW_JSON,
};

#endif /* COMMANDS_CHECK_OPTIONS_H */
