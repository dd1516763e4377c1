/*
 * What follows from the options once all layers are in:
 *
 *     a replica is not written to
 *     --idle is added to the deadline
 *     a watchdog that was asked for lowers the deadline; one that was not is
 *     as late as the rest needs it
 *
 * and which of them cannot both be meant.  Only words on the command line can
 * contradict each other there: defaults of a file give way in silence.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "cli/text.h"
#include "commands/check/options.h"

enum {
    PLUGIN_WATCHDOG_MS = 10000,
    WATCHDOG_ROOM_MS = 500,   /* from the deadline to an explicit -t */
    WATCHDOG_SPARE_MS = 2000, /* and to one of our own choice */
    IDLE_ROOM_MS = 1500, /* from a silence to an explicit -t: a second for all
                            else */
    TLS_NAME_MAX = 254,  /* octets, with a final dot */
    TLS_LABEL_MAX = 63,
};

struct settling {
    struct check_options *options;
    const struct option_values *argv;
    char *error;
    size_t size;
};

static bool asked(const struct settling *s, const char *name)
{
    return s->argv && option_values_has(s->argv, name);
}

static bool settle_write(const struct settling *s)
{
    struct check_options *options = s->options;

    if (options->role == EXPECT_REPLICA &&
        options->write_wish == CHECK_WRITE_YES)
        return error_set(s->error, s->size,
                         "--write and --expect-role replica contradict each "
                         "other: a replica takes no writes");
    options->write = options->write_wish != CHECK_WRITE_NO &&
                     options->role != EXPECT_REPLICA;
    if (options->write || options->npayloads == 0)
        return true;
    if (asked(s, "payload"))
        return error_set(
            s->error, s->size, "--payload writes; it cannot go with %s",
            options->role == EXPECT_REPLICA ? "--expect-role replica"
                                            : "--no-write");
    options->npayloads = 0;
    return true;
}

static const char *family_name(int family)
{
    return family == AF_INET ? "IPv4" : "IPv6";
}

/* `addr`, given by `option`, against -4 or -6. */
static bool family_fits(const struct settling *s, const struct net_addr *addr,
                        const char *option)
{
    char text[NET_ADDR_TEXT_MAX];
    int family = s->options->family;

    if (family == AF_UNSPEC || addr->sa.any.sa_family == AF_UNSPEC ||
        addr->sa.any.sa_family == family)
        return true;
    return error_set(s->error, s->size, "-%c asks for %s, but %s %s is %s",
                     family == AF_INET ? '4' : '6', family_name(family), option,
                     net_addr_host(addr, text),
                     family_name(addr->sa.any.sa_family));
}

static bool settle_addresses(const struct settling *s)
{
    struct check_options *options = s->options;
    const struct net_addr *source = &options->source;
    char text[NET_ADDR_TEXT_MAX];

    if (!family_fits(s, source, "--source"))
        return false;
    for (unsigned i = 0; i < options->naddresses; i++) {
        const struct net_addr *addr = &options->addresses[i];

        if (!family_fits(s, addr, "--address"))
            return false;
        if (source->sa.any.sa_family != AF_UNSPEC &&
            source->sa.any.sa_family != addr->sa.any.sa_family)
            return error_set(
                s->error, s->size, "--source is %s, but --address %s is %s",
                family_name(source->sa.any.sa_family),
                net_addr_host(addr, text), family_name(addr->sa.any.sa_family));
    }
    /* Only addresses of the source's family can be dialled from it. */
    if (source->sa.any.sa_family != AF_UNSPEC)
        options->family = source->sa.any.sa_family;
    if (options->naddresses != 0 && options->require > 0 &&
        (unsigned)options->require > options->naddresses)
        return error_set(s->error, s->size,
                         "--require %d can never be met: --address names %u",
                         options->require, options->naddresses);
    return true;
}

bool check_tls_name_valid(const char *name)
{
    struct net_addr literal;
    const char *label = name;
    size_t n = strlen(name);

    if (net_addr_parse(name, 0, &literal))
        return true;
    if (n == 0 || n > TLS_NAME_MAX)
        return false;
    do {
        n = strspn(label, "abcdefghijklmnopqrstuvwxyz"
                          "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");
        if (n == 0 || n > TLS_LABEL_MAX)
            return false;
        label += n;
    } while (label[0] == '.' && *++label != '\0');
    return *label == '\0';
}

static bool settle_login(const struct settling *s)
{
    const struct check_options *options = s->options;
    char quoted[QUOTE_MAX];

    if (options->tls_name && !check_tls_name_valid(options->tls_name))
        return error_set(s->error, s->size,
                         "--tls-name: %s is no name that a certificate can "
                         "have; expected one such as cache.example",
                         text_quote(options->tls_name, quoted));
    if (options->key && !options->cert)
        return error_set(s->error, s->size,
                         "--key without --cert: expected the certificate too");
    if (options->password_file && options->targets &&
        strcmp(options->password_file, "-") == 0 &&
        strcmp(options->targets, "-") == 0)
        return error_set(s->error, s->size,
                         "--password-file - and --targets - cannot both read "
                         "standard input");
    return true;
}

/* A watchdog that nobody asked for never cuts what somebody did. */
static void default_watchdog(struct check_options *options)
{
    unsigned late = options->deadline_ms + WATCHDOG_SPARE_MS;

    options->watchdog_ms = CHECK_WATCHDOG_NONE;
    options->watchdog_status = CHECK_UNKNOWN;
    if (options->format != CHECK_FORMAT_NAGIOS)
        return;
    if (late < PLUGIN_WATCHDOG_MS)
        late = PLUGIN_WATCHDOG_MS;
    options->watchdog_ms = (int)(late + options->wait_ms);
}

/* Words that were written say which of the two is meant; of others the silence
 * gives way. */
static bool settle_idle(const struct settling *s)
{
    struct check_options *options = s->options;
    unsigned least_ms = options->idle_ms + IDLE_ROOM_MS;

    if (options->idle_ms == 0 || options->watchdog_ms <= 0 ||
        (unsigned)options->watchdog_ms >= least_ms)
        return true;
    if (!asked(s, "idle"))
        options->idle_ms = 0;
    else if (!asked(s, "watchdog"))
        options->watchdog_ms = (int)least_ms;
    else
        return error_set(s->error, s->size,
                         "-t %s is over before --idle %s and a reply; expected "
                         "-t %u or more",
                         option_values_last(s->argv, "watchdog"),
                         option_values_last(s->argv, "idle"),
                         (least_ms + 999) / 1000);
    return true;
}

static void settle_times(struct check_options *options)
{
    unsigned watchdog;

    options->deadline_ms += options->idle_ms;
    if (options->watchdog_ms == CHECK_WATCHDOG_DEFAULT)
        default_watchdog(options);
    watchdog = (unsigned)options->watchdog_ms;
    if (watchdog != CHECK_WATCHDOG_NONE && watchdog <= options->deadline_ms)
        options->deadline_ms = watchdog > 2 * WATCHDOG_ROOM_MS
                                   ? watchdog - WATCHDOG_ROOM_MS
                                   : (watchdog + 1) / 2;
}

static bool settle_wait(const struct settling *s)
{
    if (s->options->wait_ms != 0)
        return true;
    if (asked(s, "consecutive"))
        return error_set(s->error, s->size,
                         "--consecutive means nothing without --wait TIME");
    return true;
}

bool check_options_settle(struct check_options *options,
                          const struct option_values *argv, bool plugin,
                          char *error, size_t size)
{
    struct settling s = { .options = options, .argv = argv };

    s.error = error;
    s.size = size;
    if (plugin && !asked(&s, "format") && !asked(&s, "json"))
        options->format = CHECK_FORMAT_NAGIOS;
    if (!settle_write(&s) || !settle_addresses(&s) || !settle_login(&s) ||
        !settle_wait(&s) || !settle_idle(&s))
        return false;
    settle_times(options);
    return true;
}

bool check_options_build(const struct option_spec *spec,
                         const struct option_layers *layers, const char *module,
                         bool plugin, struct check_options *options,
                         char *error, size_t size)
{
    check_options_init(options, spec->command);
    return option_layers_apply(spec, layers, module, options, error, size) &&
           check_options_settle(options, layers->argv, plugin, error, size);
}

bool check_options_take(const struct check_options *options, size_t ntargets,
                        char *error, size_t size)
{
    if (ntargets == 0 && options->targets)
        return error_set(error, size,
                         "--targets: \"%s\" names no target; expected %s",
                         options->targets,
                         strcmp(options->targets, "-") == 0
                             ? "one a line on standard input"
                             : "one or more in the lists \"targets\"");
    if (ntargets == 0)
        return error_set(error, size,
                         "no target; expected HOST[:PORT] or a redis:// URL "
                         "(see --help)");
    if (ntargets > 1 && options->format == CHECK_FORMAT_NAGIOS)
        return error_set(error, size,
                         "%zu targets; expected one, since a monitoring plugin "
                         "has one result",
                         ntargets);
    return true;
}

bool check_options_verify(const struct option_spec *spec,
                          const struct option_layers *layers, bool plugin,
                          char *error, size_t size)
{
    struct check_options options;

    if (!check_options_build(spec, layers, NULL, plugin, &options, error, size))
        return false;
    for (size_t i = 0; layers->config && i < layers->config->nmodules; i++) {
        if (!check_options_build(spec, layers, layers->config->modules[i].name,
                                 plugin, &options, error, size))
            return false;
    }
    return true;
}

static const char formats[][12] = {
    [CHECK_FORMAT_TEXT] = "text",     [CHECK_FORMAT_JSON] = "json",
    [CHECK_FORMAT_NAGIOS] = "nagios", [CHECK_FORMAT_JUNIT] = "junit",
    [CHECK_FORMAT_TAP] = "tap",       [CHECK_FORMAT_PROMETHEUS] = "prometheus",
};

const char *check_format_name(unsigned format)
{
    return formats[format];
}

static void read_format(const char *text, enum check_format *format)
{
    for (unsigned i = 0; text && i < sizeof(formats) / sizeof(formats[0]);
         i++) {
        if (strcmp(text, formats[i]) == 0)
            *format = (enum check_format)i;
    }
}

enum check_format check_format_hint(int argc, char **argv, bool plugin)
{
    enum check_format format = CHECK_FORMAT_TEXT;

    read_format(getenv("LINKPROBE_FORMAT"), &format);
    if (plugin)
        format = CHECK_FORMAT_NAGIOS;
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--json") == 0)
            format = CHECK_FORMAT_JSON;
        else if (strcmp(argv[i], "--format") == 0 && i + 1 < argc)
            read_format(argv[i + 1], &format);
        else if (strncmp(argv[i], "--format=", 9) == 0)
            read_format(argv[i] + 9, &format);
    }
    return format;
}
