/*
 * What follows from the options of bench once all layers are in:
 *
 *     the run ends by time, or by requests
 *     each side has its own addresses, name servers, TLS name and CAs
 *     a format that only check has gives way, unless it was asked for
 *
 * and which of them cannot both be meant.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/text.h"
#include "commands/bench/options.h"

struct settling {
    struct bench_options *options;
    const struct option_values *argv;
    char *error;
    size_t size;
};

static bool asked(const struct settling *s, const char *name)
{
    return s->argv && option_values_has(s->argv, name);
}

/* Does this option belong to one side? */
static bool is_of_side(const struct option_row *row)
{
    static const char names[][10] = { "address", "dns", "tls-name", "sni",
                                      "cacert" };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(row->name, names[i]) == 0)
            return true;
    }
    return false;
}

/*
 * Copy those values of `argv` that side `side` has: its own, and for the first
 * side all that belong to none.  false: out of memory.
 */
static bool values_of_side(const struct option_values *argv, unsigned side,
                           struct option_values *values)
{
    unsigned at = 0;

    *values = (struct option_values){ .source = OPTION_FROM_ARGV };
    for (size_t i = 0; argv && i < argv->nvalues; i++) {
        const struct option_row *row = argv->values[i].row;
        bool own = is_of_side(row) && at == side;

        at += row->id == BENCH_ROW_AGAINST;
        if (!own && (side > 0 || is_of_side(row)))
            continue;
        if (!option_values_add(values, &argv->values[i])) {
            option_values_free(values);
            return false;
        }
    }
    return true;
}

/* All layers, but what argv says of later sides. */
static bool apply_layers(const struct option_layers *layers, const char *module,
                         struct bench_options *options, char *error,
                         size_t size)
{
    struct option_layers ours = *layers;
    struct option_values values;
    bool fine;

    if (!module && layers->argv)
        module = option_values_last(layers->argv, "module");
    if (!values_of_side(layers->argv, 0, &values))
        return error_set(error, size, "out of memory");
    ours.argv = &values;
    fine =
        option_layers_apply(&bench_spec, &ours, module, options, error, size);
    option_values_free(&values);
    return fine;
}

/* Side `i` out of the one before it and its own words. */
static bool settle_side(const struct settling *s, unsigned i, const char *dns)
{
    struct check_options *side = &s->options->sides[i];
    struct option_values values;
    bool fine;

    *side = s->options->sides[i - 1];
    side->naddresses = 0;
    side->dns = dns;
    if (!values_of_side(s->argv, i, &values))
        return error_set(s->error, s->size, "out of memory");
    fine = options_apply(&bench_spec, &values, side, s->error, s->size);
    option_values_free(&values);
    return fine &&
           check_options_settle(side, s->argv, false, s->error, s->size);
}

/* The name servers that no side of its own has: those not of argv. */
static bool common_dns(const struct settling *s,
                       const struct option_layers *layers, const char *module,
                       const char **dns)
{
    struct bench_options *scratch = malloc(sizeof(*scratch));
    struct option_layers ours = *layers;
    bool fine;

    if (!scratch)
        return error_set(s->error, s->size, "out of memory");
    if (!module && layers->argv)
        module = option_values_last(layers->argv, "module");
    ours.argv = NULL;
    bench_options_init(scratch);
    fine = option_layers_apply(&bench_spec, &ours, module, scratch, s->error,
                               s->size);
    *dns = scratch->check.dns;
    free(scratch);
    return fine;
}

static bool settle_sides(const struct settling *s,
                         const struct option_layers *layers, const char *module)
{
    struct bench_options *options = s->options;
    const char *dns = NULL;

    if (!check_options_settle(&options->check, s->argv, false, s->error,
                              s->size))
        return false;
    options->sides[0] = options->check;
    if (options->nsides > 1 && !common_dns(s, layers, module, &dns))
        return false;
    for (unsigned i = 1; i < options->nsides; i++) {
        if (!settle_side(s, i, dns))
            return false;
    }
    return true;
}

static bool settle_end(const struct settling *s)
{
    struct bench_options *options = s->options;

    if (asked(s, "requests") && asked(s, "duration"))
        return error_set(s->error, s->size,
                         "--requests and --duration both say when to end; "
                         "expected one of them");
    if (asked(s, "duration"))
        options->requests = 0;
    if (options->requests != 0)
        options->duration_ms = 0;
    if (options->threads > options->connections)
        return error_set(s->error, s->size,
                         "%u threads cannot share %u connections; expected "
                         "--threads up to --connections",
                         options->threads, options->connections);
    if (options->reconnect && options->pipeline > 1 && asked(s, "pipeline"))
        return error_set(s->error, s->size,
                         "--reconnect sends one request a connection; it "
                         "cannot go with --pipeline %u",
                         options->pipeline);
    if (options->reconnect)
        options->pipeline = 1;
    return true;
}

/* Who comes late would not load at the same time as the others. */
static bool settle_start(const struct settling *s)
{
    struct timespec now;
    int64_t now_ms;

    if (s->options->start_at_ms == 0)
        return true;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    now_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    if (s->options->start_at_ms <= now_ms)
        return error_set(s->error, s->size, "--start-at is %lld s in the past",
                         (long long)(now_ms - s->options->start_at_ms) / 1000);
    return true;
}

static bool settle_asserts(const struct settling *s)
{
    const struct bench_options *options = s->options;

    for (unsigned i = 0; i < options->nasserts; i++) {
        const struct bench_assert *assert = &options->asserts[i];

        if (assert->side < 0 && options->nsides < 2)
            return error_set(s->error, s->size,
                             "--assert %s: there is one side; expected "
                             "--against for a difference",
                             assert->text);
        if (assert->side >= (int)options->nsides)
            return error_set(s->error, s->size,
                             "--assert %s: there is no side %c; the last one "
                             "is %c",
                             assert->text, 'a' + assert->side,
                             (char)('a' + options->nsides - 1));
    }
    return true;
}

static bool settle_format(const struct settling *s)
{
    if (s->options->format != BENCH_FORMAT_FOREIGN)
        return true;
    if (asked(s, "format"))
        return error_set(s->error, s->size,
                         "--format: \"%s\" is not known; expected text, json "
                         "or csv",
                         option_values_last(s->argv, "format"));
    s->options->format = BENCH_FORMAT_TEXT;
    return true;
}

bool bench_options_build(const struct option_layers *layers, const char *module,
                         struct bench_options *options, char *error,
                         size_t size)
{
    struct settling s = { .options = options, .argv = layers->argv };

    s.error = error;
    s.size = size;
    bench_options_init(options);
    return apply_layers(layers, module, options, error, size) &&
           settle_format(&s) && settle_end(&s) && settle_start(&s) &&
           settle_sides(&s, layers, module) && settle_asserts(&s);
}

bool bench_options_take(size_t ntargets, char *error, size_t size)
{
    if (ntargets == 0)
        return error_set(error, size,
                         "no target; expected HOST[:PORT] or a redis:// URL "
                         "(see linkprobe bench --help)");
    if (ntargets > 1)
        return error_set(error, size,
                         "%zu targets; expected one, and --against before "
                         "each other",
                         ntargets);
    return true;
}

bool bench_options_verify(const struct option_layers *layers, char *error,
                          size_t size)
{
    struct bench_options *options = malloc(sizeof(*options));
    size_t nmodules = layers->config ? layers->config->nmodules : 0;
    bool fine = options != NULL;

    if (!options)
        error_set(error, size, "out of memory");
    fine = fine && bench_options_build(layers, NULL, options, error, size);
    for (size_t i = 0; fine && i < nmodules; i++)
        fine = bench_options_build(layers, layers->config->modules[i].name,
                                   options, error, size);
    free(options);
    return fine;
}

static void read_format(const char *text, enum bench_format *format)
{
    if (text && strcmp(text, "json") == 0)
        *format = BENCH_FORMAT_JSON;
    else if (text && strcmp(text, "csv") == 0)
        *format = BENCH_FORMAT_CSV;
    else if (text)
        *format = BENCH_FORMAT_TEXT;
}

enum bench_format bench_format_hint(int argc, char **argv)
{
    enum bench_format format = BENCH_FORMAT_TEXT;

    read_format(getenv("LINKPROBE_FORMAT"), &format);
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--format") == 0 && i + 1 < argc)
            read_format(argv[i + 1], &format);
        else if (strncmp(argv[i], "--format=", 9) == 0)
            read_format(argv[i] + 9, &format);
    }
    return format;
}
