/*
 * The options of `linkprobe serve` that are its own, one row each, in the order
 * of the manual.  Those it shares with check are in check/rows.c.
 */
#include <stddef.h>

#include "commands/serve/options.h"

#define S COMMAND_SERVE

#define FIELD(name) .field = offsetof(struct serve_options, name)

enum group {
    WEB,
    SERVICE,
};

static const char groups[][20] = {
    [WEB] = "web",
    [SERVICE] = "service",
};

/* clang-format off */
static const struct option_row rows[SERVE_ROW_COUNT] = {
    { .name = "listen", .kind = OPTION_CUSTOM, .id = SERVE_ROW_LISTEN,
      .group = WEB, .commands = S,
      .flags = OPTION_BASIC | OPTION_REPEATS | OPTION_NO_CONFIG,
      .metavar = "ADDR:PORT", .fallback = "127.0.0.1:10379",
      .help = "Where to serve HTTP. May be given again; :10379 is every "
              "address of this machine." },
    { .name = "web.listen-address", .kind = OPTION_CUSTOM,
      .id = SERVE_ROW_WEB_LISTEN, .group = WEB, .commands = S,
      .flags = OPTION_ARGV | OPTION_REPEATS, .metavar = "ADDR:PORT",
      .help = "The same, as other exporters have it." },
    { .name = "web.config.file", .kind = OPTION_TEXT, .group = WEB,
      .commands = S, .flags = OPTION_ARGV | OPTION_BASIC, FIELD(web_config),
      .metavar = "FILE",
      .help = "TLS and users. In the format of Prometheus' "
              "exporter-toolkit; read anew when it changes." },
    { .name = "web.systemd-socket", .kind = OPTION_FLAG, .group = WEB,
      .commands = S, .flags = OPTION_ARGV, FIELD(systemd_socket),
      .help = "Serve at the sockets that systemd hands over." },
    { .name = "buckets", .kind = OPTION_CUSTOM, .id = SERVE_ROW_BUCKETS,
      .group = SERVICE, .commands = S,
      .flags = OPTION_BASIC | OPTION_NO_CONFIG, .metavar = "LIST",
      .help = "Histograms of the stages' times. Upper ends of the buckets, "
              "such as 1ms,5ms,25ms,100ms,1s; off by default." },
    { .name = "log.level", .kind = OPTION_CHOICE, .group = SERVICE,
      .commands = S, .flags = OPTION_ARGV, FIELD(log_level), .min = 0,
      .choices = "error|warn|info|debug", .metavar = "LEVEL",
      .fallback = "info",
      .help = "What is told on standard error: error, warn, info, debug." },
    { .name = "config.file", .kind = OPTION_TEXT, .group = SERVICE,
      .commands = S, .flags = OPTION_ARGV | OPTION_HIDDEN,
      FIELD(config_alias), .metavar = "FILE" },
    { .name = "config.check", .kind = OPTION_FLAG, .group = SERVICE,
      .commands = S, .flags = OPTION_ARGV | OPTION_HIDDEN,
      FIELD(check.config_check) },
};
/* clang-format on */

#define SERVE_ROWS                                                             \
    {                                                                          \
        .rows = rows, .groups = groups, .set = serve_options_set,              \
        .nrows = SERVE_ROW_COUNT,                                              \
        .ngroups = sizeof(groups) / sizeof(groups[0]),                         \
    }

/* Check's rows fill the first member: both sets have the base 0. */
_Static_assert(offsetof(struct serve_options, check) == 0, "no base");

const struct option_spec serve_spec = {
    .name = "serve",
    .command = COMMAND_SERVE,
    .nsets = 2,
    .sets = { SERVE_ROWS, CHECK_ROWS },
    .usage = "[options] [TARGET...]",
    .summary = "An exporter for Prometheus, with a status page.",
    .target = "HOST, HOST:PORT, [V6]:PORT, redis://[[USER]:PASSWORD@]HOST"
              "[:PORT][/DB] or rediss://... (TLS)",
};
