/*
 * The options of `linkprobe provision`, one row each, in the order of the
 * manual.
 */
#include <stdio.h>

#include "cli/text.h"
#include "commands/provision/options.h"

#define FIELD(name) .field = offsetof(struct provision_options, name)
#define BIT(name)   (1U << PROVISION_##name)

/* What runs over a path's file, what prints from it, and what needs none. */
#define LOOK (BIT(PLAN) | BIT(STATUS) | BIT(VERIFY) | BIT(CONNECTIONS))
#define CHANGE                                                                 \
    (BIT(APPLY) | BIT(SYNC) | BIT(ACCEPT) | BIT(REJECT) | BIT(DESTROY))
#define RUN   (LOOK | CHANGE)
#define PAPER (BIT(POLICY) | BIT(EXPORT))
#define LOOSE (BIT(TOKEN) | BIT(IMPORT))
#define ALL   (RUN | PAPER | LOOSE)

enum group { PATH, AWS, SAFETY, OWN, REPORT, ABOUT };

static const char groups[][20] = {
    [PATH] = "path",   [AWS] = "aws",       [SAFETY] = "safety",
    [OWN] = "command", [REPORT] = "report", [ABOUT] = "about",
};

/* clang-format off */
static const struct option_row rows[] = {
    { .name = "file", .letter = 'f', .kind = OPTION_CUSTOM,
      .id = PROVISION_ROW_FILE, .group = PATH, .commands = RUN | PAPER,
      .flags = OPTION_ARGV | OPTION_BASIC | OPTION_REPEATS,
      .metavar = "FILE",
      .help = "A path's file in YAML, or a folder: every .yml and .yaml in it "
              "is a path. - is standard input." },
    { .name = "only", .kind = OPTION_TEXT, .group = PATH,
      .commands = RUN, .flags = OPTION_ARGV | OPTION_BASIC,
      FIELD(only), .metavar = "SIDE",
      .help = "Only this side: provider, consumers, or a consumer's name." },

    { .name = "profile", .kind = OPTION_TEXT, .group = AWS,
      .commands = LOOSE, .flags = OPTION_ARGV | OPTION_BASIC,
      FIELD(profile), .metavar = "NAME",
      .help = "A profile of ~/.aws/config; without it the default chain." },
    { .name = "region", .kind = OPTION_TEXT, .group = AWS,
      .commands = LOOSE, .flags = OPTION_ARGV | OPTION_BASIC,
      FIELD(region), .metavar = "REGION",
      .help = "The region, such as us-west-2; without it the chain's." },
    { .name = "role-arn", .kind = OPTION_TEXT, .group = AWS,
      .commands = LOOSE, .flags = OPTION_ARGV,
      FIELD(role_arn), .metavar = "ARN",
      .help = "Assume this role first." },
    { .name = "external-id", .kind = OPTION_TEXT, .group = AWS,
      .commands = LOOSE, .flags = OPTION_ARGV,
      FIELD(external_id), .metavar = "ID",
      .help = "The external id that the role asks for." },
    { .name = "endpoint-url", .kind = OPTION_TEXT, .group = AWS,
      .commands = RUN | LOOSE | BIT(EXPORT), .flags = OPTION_ARGV,
      FIELD(endpoint_url), .metavar = "URL",
      .help = "Send all calls there. AWS_ENDPOINT_URL and its like are "
              "honoured, too." },
    { .name = "dns", .kind = OPTION_TEXT, .group = AWS,
      .commands = RUN | BIT(IMPORT) | BIT(EXPORT), .flags = OPTION_ARGV,
      FIELD(dns), .metavar = "SERVER[:PORT][,...]",
      .help = "Ask these name servers for the cache's addresses." },
    { .name = "timeout", .kind = OPTION_TIME, .group = AWS,
      .commands = RUN | BIT(EXPORT), .flags = OPTION_ARGV,
      FIELD(timeout_ms), .min = 1000, .max = 24 * 3600 * 1000,
      .metavar = "TIME", .fallback = "15m",
      .help = "End the run of one path after this time, waiting included." },

    { .name = "yes", .letter = 'y', .kind = OPTION_FLAG, .group = SAFETY,
      .commands = CHANGE, .flags = OPTION_ARGV | OPTION_BASIC, FIELD(yes),
      .help = "Do not ask. Without a terminal and without this nothing is "
              "changed." },
    { .name = "dry-run", .kind = OPTION_FLAG, .group = SAFETY,
      .commands = CHANGE, .flags = OPTION_ARGV | OPTION_BASIC, FIELD(dry_run),
      .help = "Print what would be done, and change nothing." },
    { .name = "reject-others", .kind = OPTION_FLAG, .group = SAFETY,
      .commands = BIT(DESTROY), .flags = OPTION_ARGV | OPTION_BASIC,
      FIELD(reject_others),
      .help = "Reject the endpoints of others; without it, being connected, "
              "they stop destroy." },
    { .name = "reject-removed", .kind = OPTION_FLAG, .group = SAFETY,
      .commands = BIT(APPLY) | BIT(PLAN), .flags = OPTION_ARGV | OPTION_BASIC,
      FIELD(reject_removed),
      .help = "Reject connections of consumers that are no longer in the "
              "file." },

    { .name = "no-verify", .kind = OPTION_FLAG, .group = OWN,
      .commands = BIT(APPLY), .flags = OPTION_ARGV | OPTION_BASIC,
      FIELD(no_verify),
      .help = "Do not send PING, SET and GET through what was built." },
    { .name = "destroy", .kind = OPTION_FLAG, .group = OWN,
      .commands = BIT(PLAN), .flags = OPTION_ARGV | OPTION_BASIC,
      FIELD(destroy),
      .help = "What destroy would do." },
    { .name = "check-permissions", .kind = OPTION_FLAG, .group = OWN,
      .commands = BIT(PLAN), .flags = OPTION_ARGV | OPTION_BASIC,
      FIELD(check_permissions),
      .help = "Ask EC2 of each change whether it would be allowed (DryRun)." },
    { .name = "listed", .kind = OPTION_FLAG, .group = OWN,
      .commands = BIT(ACCEPT), .flags = OPTION_ARGV | OPTION_BASIC,
      FIELD(listed),
      .help = "Those of the consumers in the file whose accept is listed." },
    { .name = "watch", .kind = OPTION_FLAG, .group = OWN,
      .commands = BIT(SYNC) | BIT(ACCEPT), .flags = OPTION_ARGV | OPTION_BASIC,
      FIELD(watch),
      .help = "Keep on." },
    { .name = "interval", .kind = OPTION_TIME, .group = OWN,
      .commands = BIT(SYNC) | BIT(ACCEPT), .flags = OPTION_ARGV | OPTION_BASIC,
      FIELD(interval_ms), .min = 100, .max = 24 * 3600 * 1000,
      .metavar = "TIME",
      .help = "With --watch: the time between two looks; without it the "
              "name's time to live, from 1s to 1m." },
    { .name = "count", .kind = OPTION_NUMBER, .group = OWN,
      .commands = BIT(SYNC) | BIT(ACCEPT), .flags = OPTION_ARGV,
      FIELD(count), .min = 1, .max = 1000000000, .metavar = "N",
      .help = "With --watch: end after N looks." },
    { .name = "service", .kind = OPTION_TEXT, .group = OWN,
      .commands = BIT(IMPORT), .flags = OPTION_ARGV | OPTION_BASIC,
      FIELD(service), .metavar = "ID",
      .help = "The endpoint service, such as vpce-svc-0a1b2c3d." },
    { .name = "endpoint", .kind = OPTION_TEXT, .group = OWN,
      .commands = BIT(IMPORT), .flags = OPTION_ARGV | OPTION_BASIC,
      FIELD(endpoint), .metavar = "ID",
      .help = "The consumer's endpoint, such as vpce-0a1b2c3d." },
    { .name = "name", .kind = OPTION_TEXT, .group = OWN,
      .commands = BIT(IMPORT), .flags = OPTION_ARGV,
      FIELD(name), .metavar = "NAME", .fallback = "imported",
      .help = "The path's name in the file." },
    { .name = "cache", .kind = OPTION_TEXT, .group = OWN,
      .commands = BIT(TOKEN), .flags = OPTION_ARGV | OPTION_BASIC,
      FIELD(cache), .metavar = "NAME",
      .help = "The id of the replication group, or a serverless cache's "
              "name." },
    { .name = "user", .kind = OPTION_TEXT, .group = OWN,
      .commands = BIT(TOKEN), .flags = OPTION_ARGV | OPTION_BASIC,
      FIELD(user), .metavar = "NAME",
      .help = "The id of the ElastiCache user, which is its name, too." },
    { .name = "serverless", .kind = OPTION_FLAG, .group = OWN,
      .commands = BIT(TOKEN), .flags = OPTION_ARGV | OPTION_BASIC,
      FIELD(serverless),
      .help = "The cache is a serverless one." },
    { .name = "side", .kind = OPTION_CHOICE, .group = OWN,
      .commands = PAPER, .flags = OPTION_ARGV | OPTION_BASIC,
      FIELD(side), .choices = "both|provider|consumer", .metavar = "SIDE",
      .fallback = "both",
      .help = "Of which account." },
    { .name = "for", .kind = OPTION_CHOICE, .group = OWN,
      .commands = BIT(POLICY), .flags = OPTION_ARGV | OPTION_BASIC,
      FIELD(purpose), .choices = "all|apply|sync|destroy|status|accept",
      .metavar = "COMMAND", .fallback = "all",
      .help = "For what the policy is to do." },
    { .name = "as", .kind = OPTION_CHOICE, .group = OWN,
      .commands = BIT(EXPORT), .flags = OPTION_ARGV | OPTION_BASIC,
      FIELD(as), .choices = "terraform|cloudformation|cli",
      .metavar = "FORM", .fallback = "terraform",
      .help = "terraform, cloudformation, or cli: a script of the AWS CLI." },
    { .name = "offline", .kind = OPTION_FLAG, .group = OWN,
      .commands = BIT(EXPORT), .flags = OPTION_ARGV | OPTION_BASIC,
      FIELD(offline),
      .help = "Do not look at AWS: no import blocks for what is there "
              "already." },

    { .name = "format", .kind = OPTION_CHOICE, .group = REPORT,
      .commands = RUN | BIT(POLICY), .flags = OPTION_ARGV | OPTION_BASIC,
      FIELD(format), .choices = "text|json", .metavar = "FORMAT",
      .fallback = "text",
      .help = "text or json: an object a line and path." },
    { .name = "color", .kind = OPTION_CHOICE, .group = REPORT,
      .commands = RUN, .flags = OPTION_ARGV, FIELD(color),
      .choices = "auto|always|never", .metavar = "WHEN", .fallback = "auto",
      .help = "Colours; NO_COLOR is honoured." },
    { .name = "verbose", .letter = 'v', .kind = OPTION_COUNT, .group = REPORT,
      .commands = RUN | LOOSE | BIT(EXPORT),
      .flags = OPTION_ARGV | OPTION_REPEATS, FIELD(verbosity),
      .help = "A line on standard error for each call." },
    { .name = "quiet", .letter = 'q', .kind = OPTION_FLAG, .group = REPORT,
      .commands = RUN, .flags = OPTION_ARGV, FIELD(quiet),
      .help = "No progress." },

    { .name = "help", .letter = 'h', .kind = OPTION_CUSTOM,
      .id = PROVISION_ROW_HELP, .group = ABOUT, .commands = ALL,
      .flags = OPTION_ARGV | OPTION_STOPS,
      .help = "This help." },
    { .name = "usage", .letter = '?', .kind = OPTION_CUSTOM,
      .id = PROVISION_ROW_HELP, .group = ABOUT, .commands = ALL,
      .flags = OPTION_ARGV | OPTION_STOPS | OPTION_HIDDEN },
    { .name = "version", .letter = 'V', .kind = OPTION_CUSTOM,
      .id = PROVISION_ROW_VERSION, .group = ABOUT, .commands = ALL,
      .flags = OPTION_ARGV | OPTION_STOPS,
      .help = "Versions of the program and its libraries." },
};
/* clang-format on */

static bool set(void *options, const struct option_row *row, const char *text,
                bool first, char *error, size_t size)
{
    struct provision_options *o = options;

    (void)row; /* --file is the only one that gets here */
    if (first)
        o->nfiles = 0;
    if (*text == '\0')
        return error_set(error, size, "is empty; expected a file or a folder");
    if (o->nfiles == PROVISION_FILES_MAX)
        return error_set(error, size, "more than %d of them; expected a folder",
                         PROVISION_FILES_MAX);
    o->files[o->nfiles++] = text;
    return true;
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SETS                                                                   \
    .nsets = 1, .sets = { { .rows = rows,                                      \
                            .groups = groups,                                  \
                            .set = set,                                        \
                            .nrows = COUNT(rows),                              \
                            .ngroups = COUNT(groups) } }

static const char file_words[] =
    "-f FILE is a path's file in YAML, or a folder of them; see "
    "linkprobe(1), PATHS";

const struct option_spec provision_all_spec = {
    .name = "provision",
    .command = ALL,
    SETS,
    .usage = "COMMAND [-f FILE|DIR] [options]",
    .summary = "Build the path from a consumer's VPC to a cache.",
    .target = "",
};

const char *provision_word(enum provision_command command)
{
    static const char *const words[] = {
#define X(id, word, text) word,
        PROVISION_COMMAND_MAP(X)
#undef X
    };

    return words[command];
}

const char *provision_summary(enum provision_command command)
{
    static const char *const texts[] = {
#define X(id, word, text) text,
        PROVISION_COMMAND_MAP(X)
#undef X
    };

    return texts[command];
}

static const char *usage_of(enum provision_command command)
{
    switch (command) {
    case PROVISION_APPLY:
    case PROVISION_VERIFY: return "-f FILE|DIR [options] [-- check options]";
    case PROVISION_ACCEPT: return "-f FILE [options] ENDPOINT...|--listed";
    case PROVISION_REJECT: return "-f FILE [options] ENDPOINT...";
    case PROVISION_IMPORT: return "--service ID [--endpoint ID] [options]";
    case PROVISION_TOKEN: return "--cache NAME --user U [--serverless]";
    default: return "-f FILE|DIR [options]";
    }
}

const struct option_spec *provision_spec(enum provision_command command)
{
    static struct option_spec spec;
    const char *target = command == PROVISION_TOKEN ? ""
                         : command == PROVISION_IMPORT
                             ? "The service is found by the provider's "
                               "credentials, the endpoint by the consumer's."
                             : file_words;

    spec = (struct option_spec){ .command = (uint16_t)(1U << command), SETS };
    (void)snprintf(spec.name, sizeof(spec.name), "provision %s",
                   provision_word(command));
    (void)snprintf(spec.usage, sizeof(spec.usage), "%s", usage_of(command));
    (void)snprintf(spec.summary, sizeof(spec.summary), "%s",
                   provision_summary(command));
    (void)snprintf(spec.target, sizeof(spec.target), "%s", target);
    return &spec;
}
