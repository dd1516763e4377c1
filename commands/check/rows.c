/*
 * The options of `linkprobe check`, one row each, in the order of the manual.
 * The first sentence of a help text stands alone in the first tier of --help.
 */
#include <stddef.h>

#include "commands/check/options.h"

#define C   COMMAND_CHECK
#define CWS (COMMAND_CHECK | COMMAND_WATCH | COMMAND_SERVE)
#define ALL (CWS | COMMAND_BENCH)

#define FIELD(name) .field = offsetof(struct check_options, name)

enum {
    HOUR_MS = 60 * 60 * 1000,
    DAY_MS = 24 * HOUR_MS,
};

enum group {
    TARGETS,
    ADDRESSES,
    TLS,
    LOGIN,
    COMMANDS,
    TIMES,
    STATUS,
    OUTPUT,
    CONFIG,
};

const char check_row_groups[CHECK_GROUP_COUNT][20] = {
    [TARGETS] = "targets", [ADDRESSES] = "addresses", [TLS] = "tls",
    [LOGIN] = "login",     [COMMANDS] = "commands",   [TIMES] = "times",
    [STATUS] = "status",   [OUTPUT] = "output",       [CONFIG] = "config",
};

/* clang-format off */
const struct option_row check_row_table[CHECK_ROW_COUNT] = {
    { .name = "hostname", .letter = 'H', .kind = OPTION_TARGET,
      .group = TARGETS, .commands = CWS,
      .flags = OPTION_ARGV | OPTION_BASIC | OPTION_REPEATS, .metavar = "HOST",
      .help = "A target, as those that stand alone." },
    { .name = "url", .letter = 'u', .kind = OPTION_TARGET,
      .group = TARGETS, .commands = CWS,
      .flags = OPTION_ARGV | OPTION_REPEATS, .metavar = "URL",
      .help = "The same, as redis-cli has it." },
    { .name = "port", .letter = 'p', .kind = OPTION_NUMBER, .group = TARGETS,
      .commands = ALL, .flags = OPTION_BASIC, FIELD(port), .min = 1,
      .max = 65535, .metavar = "PORT", .fallback = "6379",
      .help = "Port of targets that name none." },
    { .name = "db", .letter = 'n', .kind = OPTION_CUSTOM, .id = CHECK_ROW_DB,
      .group = TARGETS, .commands = CWS, .metavar = "N",
      .help = "Database to SELECT. The /DB of a URL goes before." },
    { .name = "targets", .kind = OPTION_TEXT, .group = TARGETS,
      .commands = CWS, .flags = OPTION_NO_CONFIG | OPTION_BASIC,
      FIELD(targets), .metavar = "FILE",
      .help = "Targets of a file_sd file, JSON or YAML. With - one target a "
              "line from standard input." },
    { .name = "concurrency", .kind = OPTION_NUMBER, .group = TARGETS,
      .commands = CWS, FIELD(concurrency), .min = 1, .max = 65536,
      .metavar = "N", .fallback = "256",
      .help = "Checks in flight at the same time with many targets." },

    { .name = "ipv4", .letter = '4', .kind = OPTION_CUSTOM,
      .id = CHECK_ROW_IPV4, .group = ADDRESSES, .commands = ALL,
      .help = "Only IPv4 addresses." },
    { .name = "ipv6", .letter = '6', .kind = OPTION_CUSTOM,
      .id = CHECK_ROW_IPV6, .group = ADDRESSES, .commands = ALL,
      .help = "Only IPv6 addresses." },
    { .name = "address", .kind = OPTION_CUSTOM, .id = CHECK_ROW_ADDRESS,
      .group = ADDRESSES, .commands = ALL, .flags = OPTION_REPEATS,
      .metavar = "IP",
      .help = "Dial this address and resolve nothing; may be given again. The "
              "target's name still serves TLS." },
    { .name = "source", .kind = OPTION_CUSTOM, .id = CHECK_ROW_SOURCE,
      .group = ADDRESSES, .commands = ALL, .metavar = "ADDR",
      .help = "Bind to this local address." },
    { .name = "dns", .kind = OPTION_CUSTOM, .id = CHECK_ROW_DNS,
      .group = ADDRESSES, .commands = ALL, .metavar = "SERVER[:PORT][,...]",
      .help = "Ask these name servers instead of the system's." },
    { .name = "require", .kind = OPTION_CUSTOM, .id = CHECK_ROW_REQUIRE,
      .group = ADDRESSES, .commands = CWS, .flags = OPTION_BASIC,
      .metavar = "all|any|N", .fallback = "all",
      .help = "How many addresses must pass. N counts against N, not against "
              "what DNS returned: a withdrawn zone leaves the answer." },
    { .name = "degraded", .kind = OPTION_CHOICE, .group = ADDRESSES,
      .commands = CWS, FIELD(degraded), .min = CHECK_WARNING,
      .choices = "warning|critical", .metavar = "STATUS",
      .fallback = "critical",
      .help = "Status when some addresses pass, but fewer than required: "
              "warning or critical." },
    { .name = "expect-address", .kind = OPTION_CUSTOM,
      .id = CHECK_ROW_EXPECT_ADDRESS, .group = ADDRESSES, .commands = CWS,
      .flags = OPTION_REPEATS, .metavar = "IP|CIDR",
      .help = "An address outside is critical; may be given again. Tells a "
              "name that resolves to the wrong side of a split horizon." },

    { .name = "tls", .letter = 'S', .kind = OPTION_FLAG, .group = TLS,
      .commands = ALL, .flags = OPTION_BASIC, FIELD(tls),
      .help = "Speak TLS. A rediss:// URL does as well." },
    { .name = "ssl", .kind = OPTION_FLAG, .group = TLS, .commands = ALL,
      .flags = OPTION_HIDDEN | OPTION_ARGV, FIELD(tls) },
    { .name = "tls-name", .kind = OPTION_TEXT, .group = TLS, .commands = ALL,
      FIELD(tls_name), .metavar = "NAME",
      .help = "The name to send as SNI and to verify, when it is not the "
              "target's." },
    { .name = "sni", .kind = OPTION_TEXT, .group = TLS, .commands = ALL,
      .flags = OPTION_HIDDEN | OPTION_ARGV, FIELD(tls_name),
      .metavar = "NAME" },
    { .name = "tls-verify", .kind = OPTION_CHOICE, .group = TLS,
      .commands = ALL, FIELD(tls_verify), .min = NET_TLS_VERIFY_FULL,
      .choices = "full|chain|none", .metavar = "HOW", .fallback = "full",
      .help = "What to verify: full, chain (not the name: a vpce name is in "
              "no certificate) or none." },
    { .name = "insecure", .kind = OPTION_CUSTOM, .id = CHECK_ROW_INSECURE,
      .group = TLS, .commands = ALL, .help = "The same as --tls-verify none." },
    { .name = "cacert", .kind = OPTION_TEXT, .group = TLS, .commands = ALL,
      FIELD(cacert), .metavar = "FILE",
      .help = "Trust the CAs of this PEM file, not the system's." },
    { .name = "cacertdir", .kind = OPTION_TEXT, .group = TLS, .commands = ALL,
      FIELD(cacertdir), .metavar = "DIR",
      .help = "Trust the CAs of this hashed directory." },
    { .name = "cert", .kind = OPTION_TEXT, .group = TLS, .commands = ALL,
      FIELD(cert), .metavar = "FILE",
      .help = "Client certificate, PEM; may hold its key as well." },
    { .name = "key", .kind = OPTION_TEXT, .group = TLS, .commands = ALL,
      FIELD(key), .metavar = "FILE",
      .help = "Key of the client certificate, PEM." },

    { .name = "user", .kind = OPTION_TEXT, .group = LOGIN, .commands = ALL,
      .flags = OPTION_BASIC, FIELD(user), .metavar = "NAME",
      .help = "User to log in as. The user of a URL goes before. Without any "
              "password an empty one is sent, which suffices a user with "
              "nopass." },
    { .name = "askpass", .kind = OPTION_FLAG, .group = LOGIN, .commands = ALL,
      .flags = OPTION_ARGV, FIELD(askpass),
      .help = "Ask for the password on the terminal." },
    { .name = "password-file", .kind = OPTION_TEXT, .group = LOGIN,
      .commands = ALL, .flags = OPTION_BASIC, FIELD(password_file),
      .metavar = "FILE",
      .help = "Password: the first line of FILE. With - of standard input." },
    { .name = "password-command", .kind = OPTION_TEXT, .group = LOGIN,
      .commands = ALL, FIELD(password_command), .metavar = "CMD",
      .help = "Password: the first line that CMD prints; run by sh once a "
              "target, again after 10 minutes or one rejected AUTH." },

    { .name = "no-write", .kind = OPTION_CUSTOM, .id = CHECK_ROW_NO_WRITE,
      .group = COMMANDS, .commands = CWS, .flags = OPTION_BASIC,
      .help = "Change nothing: no SET, no DEL. A GET of a key that is not "
              "there remains." },
    { .name = "write", .kind = OPTION_CUSTOM, .id = CHECK_ROW_WRITE,
      .group = COMMANDS, .commands = CWS,
      .help = "SET, GET and DEL a key of our own; the default." },
    { .name = "key-prefix", .kind = OPTION_CUSTOM, .id = CHECK_ROW_KEY_PREFIX,
      .group = COMMANDS, .commands = CWS, .metavar = "P",
      .fallback = "linkprobe:{check}:",
      .help = "What that key begins with; random letters follow." },
    { .name = "expect-role", .kind = OPTION_CHOICE, .group = COMMANDS,
      .commands = CWS, FIELD(role), .min = EXPECT_MASTER,
      .choices = "master|replica|any", .metavar = "ROLE",
      .help = "master (the default when writing), replica (implies "
              "--no-write) or any (writes only where the role is master)." },
    { .name = "payload", .kind = OPTION_CUSTOM, .id = CHECK_ROW_PAYLOAD,
      .group = COMMANDS, .commands = CWS, .flags = OPTION_REPEATS,
      .metavar = "SIZE[,SIZE...]",
      .help = "SET and GET values of these sizes too, such as "
              "1400,8300,16k,64k: finds what drops large packets." },
    { .name = "idle", .kind = OPTION_TIME, .group = COMMANDS, .commands = CWS,
      FIELD(idle_ms), .max = DAY_MS, .metavar = "TIME",
      .help = "Keep the connection silent for TIME, then PING again, with a "
              "twin under TCP keepalive beside it. TIME is added to the "
              "deadline." },
    { .name = "diagnose", .kind = OPTION_FLAG, .group = COMMANDS,
      .commands = CWS, FIELD(diagnose),
      .help = "After a failure send second probes that tell look-alikes "
              "apart, within the deadline; the default." },
    { .name = "no-diagnose", .kind = OPTION_FLAG, .group = COMMANDS,
      .commands = CWS, .flags = OPTION_NEGATES, FIELD(diagnose),
      .help = "Send no second probes." },

    { .name = "timeout", .kind = OPTION_TIME, .group = TIMES, .commands = ALL,
      .flags = OPTION_BASIC, FIELD(timeout_ms), .min = 1, .max = HOUR_MS,
      .metavar = "TIME", .fallback = "3.5s",
      .help = "Budget of one stage." },
    { .name = "deadline", .kind = OPTION_TIME, .group = TIMES,
      .commands = CWS, FIELD(deadline_ms), .min = 1,
      .max = DAY_MS, .metavar = "TIME", .fallback = "8s",
      .help = "Limit of one target's whole check. Second probes are in it." },
    { .name = "watchdog", .letter = 't', .kind = OPTION_CUSTOM,
      .id = CHECK_ROW_WATCHDOG, .group = TIMES, .commands = C,
      .flags = OPTION_BASIC,
      .metavar = "SECONDS[:STATE]",
      .help = "Limit of the program, and its status then. By default "
              "10:UNKNOWN as a plugin, else none; below the deadline it "
              "lowers that to 0.5s less." },
    { .name = "wait", .kind = OPTION_TIME, .group = TIMES, .commands = C,
      .flags = OPTION_BASIC, FIELD(wait_ms), .max = 7 * DAY_MS,
      .metavar = "TIME",
      .help = "Check again until all is well. Ends with the last result when "
              "TIME is over." },
    { .name = "interval", .kind = OPTION_TIME, .group = TIMES,
      .commands = C, FIELD(interval_ms), .min = 1, .max = DAY_MS,
      .metavar = "TIME", .fallback = "2s",
      .help = "Pause between the checks of --wait." },
    { .name = "interval", .kind = OPTION_TIME, .group = TIMES,
      .commands = COMMAND_WATCH, FIELD(interval_ms), .min = 1, .max = DAY_MS,
      .metavar = "TIME", .fallback = "5s",
      .help = "Time from one check to the next." },
    { .name = "interval", .kind = OPTION_TIME, .group = TIMES,
      .commands = COMMAND_SERVE, FIELD(interval_ms), .min = 1, .max = DAY_MS,
      .metavar = "TIME", .fallback = "15s",
      .help = "Time from one check of the targets of --targets to the next." },
    { .name = "consecutive", .kind = OPTION_NUMBER, .group = TIMES,
      .commands = C, FIELD(consecutive), .min = 1, .max = 1000000,
      .metavar = "N", .fallback = "1",
      .help = "How many times in a row all must be well for --wait." },

    { .name = "count", .kind = OPTION_NUMBER, .group = TIMES,
      .commands = COMMAND_WATCH, .flags = OPTION_BASIC, FIELD(count), .min = 1,
      .max = 1000000000, .metavar = "N",
      .help = "End after N checks of each target; else by a signal." },
    { .name = "rise", .kind = OPTION_NUMBER, .group = STATUS,
      .commands = COMMAND_WATCH, .flags = OPTION_BASIC, FIELD(rise), .min = 1,
      .max = 1000, .metavar = "N", .fallback = "1",
      .help = "Believe that all is well after N checks in a row that say so." },
    { .name = "fall", .kind = OPTION_NUMBER, .group = STATUS,
      .commands = COMMAND_WATCH, .flags = OPTION_BASIC, FIELD(fall), .min = 1,
      .max = 1000, .metavar = "N", .fallback = "1",
      .help = "Believe a failure after N failed checks in a row." },
    { .name = "warning", .letter = 'w', .kind = OPTION_CUSTOM,
      .id = CHECK_ROW_WARNING, .group = STATUS, .commands = CWS,
      .flags = OPTION_REPEATS | OPTION_BASIC,
      .metavar = "[STAGE=]RANGE[,...]",
      .help = "Warn outside RANGE. In seconds, or with a unit, by stage: "
              "tcp=50ms,total=0.2. STAGE is total unless named." },
    { .name = "critical", .letter = 'c', .kind = OPTION_CUSTOM,
      .id = CHECK_ROW_CRITICAL, .group = STATUS, .commands = CWS,
      .flags = OPTION_REPEATS | OPTION_BASIC,
      .metavar = "[STAGE=]RANGE[,...]",
      .help = "Critical outside RANGE." },
    { .name = "cert-days", .letter = 'D', .kind = OPTION_CUSTOM,
      .id = CHECK_ROW_CERT_DAYS, .group = STATUS, .commands = CWS,
      .metavar = "W[,C]",
      .help = "Warn when the certificate has fewer than W days left, "
              "critical below C." },
    { .name = "certificate", .kind = OPTION_CUSTOM, .id = CHECK_ROW_CERT_DAYS,
      .group = STATUS, .commands = CWS, .flags = OPTION_HIDDEN | OPTION_ARGV,
      .metavar = "W[,C]" },

    { .name = "format", .kind = OPTION_CHOICE, .group = OUTPUT, .commands = C,
      .flags = OPTION_BASIC, FIELD(format),
      .choices = "text|json|nagios|junit|tap|prometheus", .metavar = "FORMAT",
      .fallback = "text",
      .help = "text, json, nagios, junit, tap, prometheus." },
    { .name = "format", .kind = OPTION_CHOICE, .group = OUTPUT,
      .commands = COMMAND_WATCH, .flags = OPTION_BASIC, FIELD(format),
      .choices = "text|json", .metavar = "FORMAT", .fallback = "text",
      .help = "text (a live view on a terminal, else a line an event) or json "
              "(an object an event and line)." },
    { .name = "on-change", .kind = OPTION_TEXT, .group = OUTPUT,
      .commands = COMMAND_WATCH, .flags = OPTION_BASIC, FIELD(on_change),
      .metavar = "CMD",
      .help = "Run CMD by sh at each event: the event as JSON on its standard "
              "input, its parts in LINKPROBE_EVENT, LINKPROBE_TARGET "
              "and so on." },
    { .name = "json", .kind = OPTION_CUSTOM, .id = CHECK_ROW_JSON,
      .group = OUTPUT, .commands = C, .flags = OPTION_HIDDEN | OPTION_ARGV },
    { .name = "verbose", .letter = 'v', .kind = OPTION_COUNT, .group = OUTPUT,
      .commands = ALL, .flags = OPTION_REPEATS, FIELD(verbosity), .max = 3,
      .help = "Say more; up to -vvv." },
    { .name = "quiet", .letter = 'q', .kind = OPTION_FLAG, .group = OUTPUT,
      .commands = CWS, FIELD(quiet),
      .help = "Say only what is wrong." },
    { .name = "color", .kind = OPTION_CHOICE, .group = OUTPUT,
      .commands = ALL, FIELD(color), .choices = "auto|always|never",
      .metavar = "WHEN", .fallback = "auto",
      .help = "auto, always or never. NO_COLOR is honoured." },

    { .name = "config", .kind = OPTION_TEXT, .group = CONFIG,
      .commands = ALL, .flags = OPTION_NO_CONFIG, FIELD(config),
      .metavar = "FILE",
      .help = "Configuration. Else linkprobe/linkprobe.yml below "
              "$XDG_CONFIG_HOME or ~/.config, else /etc." },
    { .name = "no-config", .kind = OPTION_FLAG, .group = CONFIG,
      .commands = ALL, .flags = OPTION_ARGV, FIELD(no_config),
      .help = "Read no configuration file." },
    { .name = "module", .kind = OPTION_TEXT, .group = CONFIG,
      .commands = ALL, .flags = OPTION_NO_CONFIG, FIELD(module),
      .metavar = "NAME",
      .help = "Options of this module of the configuration." },
    { .name = "config-check", .kind = OPTION_FLAG, .group = CONFIG,
      .commands = ALL, .flags = OPTION_ARGV, FIELD(config_check),
      .help = "Only read the configuration and tell whether it is fine." },
    { .name = "help", .letter = 'h', .kind = OPTION_CUSTOM,
      .id = CHECK_ROW_HELP, .group = CONFIG, .commands = ALL,
      .flags = OPTION_ARGV | OPTION_STOPS,
      .help = "Help; --help all has every option, --help TOPIC one group." },
    { .name = "usage", .letter = '?', .kind = OPTION_CUSTOM,
      .id = CHECK_ROW_HELP, .group = CONFIG, .commands = ALL,
      .flags = OPTION_ARGV | OPTION_STOPS | OPTION_HIDDEN },
    { .name = "version", .letter = 'V', .kind = OPTION_CUSTOM,
      .id = CHECK_ROW_VERSION, .group = CONFIG, .commands = ALL,
      .flags = OPTION_ARGV | OPTION_STOPS,
      .help = "Versions of the program and its libraries." },
};
/* clang-format on */

const struct option_set check_rows = CHECK_ROWS;

const struct option_spec check_spec = {
    .name = "check",
    .command = COMMAND_CHECK,
    .nsets = 1,
    .sets = { CHECK_ROWS },
    .usage = "[options] TARGET...",
    .summary = "Does each address behind a name answer as a cache should?",
    .target = "HOST, HOST:PORT, [V6]:PORT, redis://[[USER]:PASSWORD@]HOST"
              "[:PORT][/DB] or rediss://... (TLS)",
};

const struct option_spec watch_spec = {
    .name = "watch",
    .command = COMMAND_WATCH,
    .nsets = 1,
    .sets = { CHECK_ROWS },
    .usage = "[options] TARGET...",
    .summary = "Check again and again, and tell what changed.",
    .target = "HOST, HOST:PORT, [V6]:PORT, redis://[[USER]:PASSWORD@]HOST"
              "[:PORT][/DB] or rediss://... (TLS)",
};
