/*
 * The custom rows of bench: texts with a grammar of their own, each read here
 * once and never again.
 */
#include "commands/bench/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/quantity.h"
#include "cli/text.h"

enum {
    DURATION_MAX_S = 7 * 24 * 3600,
    RATE_MAX = 100000000,
    KEYS_MAX = 1000000000,
    WEIGHT_MAX = 1000000,
    DB_MAX = 65535,
};

/* Where a custom row's text goes, and where its complaint. */
struct taking {
    struct bench_options *options;
    const char *text;
    bool first;
    char *error;
    size_t size;
};

void bench_options_init(struct bench_options *options)
{
    *options = (struct bench_options){
        .connections = 50,
        .threads = 1,
        .pipeline = 1,
        .duration_ms = 10000,
        .warmup_ms = 1000,
        .mix = "set:get=1:10",
        .weights = { [BENCH_SET] = 1, [BENCH_GET] = 10 },
        .size = 64,
        .keys = 10000,
        .key_prefix = "linkprobe:bench:",
        .nsides = 1,
    };
    check_options_init(&options->check, COMMAND_BENCH);
}

static bool refuse(const struct taking *t, const char *why)
{
    char quoted[QUOTE_MAX];

    return error_set(t->error, t->size, "%s %s", text_quote(t->text, quoted),
                     why);
}

/* A whole number from `min` to `max`, of which `expected` tells. */
static bool take_number(const struct taking *t, uint64_t min, uint64_t max,
                        const char *expected, uint64_t *number)
{
    uint64_t value = 0;

    if (quantity_number(t->text, &value) != QUANTITY_OK || value < min ||
        value > max)
        return refuse(t, expected);
    *number = value;
    return true;
}

static bool take_requests(const struct taking *t)
{
    return take_number(t, 1, UINT64_MAX / 2,
                       "is no number of requests; expected one from 1 on",
                       &t->options->requests);
}

/* "-d 64" is a size in the words of the peers. */
static bool take_duration(const struct taking *t)
{
    uint64_t ns = 0;
    enum quantity_status status = quantity_time(t->text, &ns);
    char quoted[QUOTE_MAX];

    if (status == QUANTITY_NO_UNIT)
        return error_set(t->error, t->size,
                         "%s has no unit; expected a time such as 10s (the "
                         "size of a value is --size, -s)",
                         text_quote(t->text, quoted));
    if (status != QUANTITY_OK || ns == 0 || ns / 1000000000 > DURATION_MAX_S)
        return refuse(t, "is no duration; expected a time (us, ms, s, m, h) "
                         "up to 168h");
    t->options->duration_ms = (unsigned)((ns + 999999) / 1000000);
    return true;
}

/* Digits and perhaps a fraction: 1000, 0.5. */
static bool take_rate(const struct taking *t)
{
    static const char digits[] = "0123456789";
    const char *at = t->text + strspn(t->text, digits);
    double rate;

    if (at > t->text && *at == '.' && at[1] != '\0')
        at += 1 + strspn(at + 1, digits);
    rate = at > t->text && *at == '\0' ? strtod(t->text, NULL) : 0;
    if (rate < 0.001 || rate > RATE_MAX)
        return refuse(t, "is no rate; expected requests a second, from 0.001 "
                         "to 100000000");
    t->options->rate = rate;
    return true;
}

static bool take_mix(const struct taking *t)
{
    if (!bench_mix_parse(t->text, t->options->weights))
        return refuse(t, "is no mix; expected ping, set, get, or weights such "
                         "as set:get=1:10");
    t->options->mix = t->text;
    return true;
}

static bool take_start(const struct taking *t)
{
    return bench_time_parse(t->text, &t->options->start_at_ms) ||
           refuse(t, "is no time; expected RFC 3339, such as "
                     "2026-11-23T03:00:00Z");
}

static bool take_prefix(const struct taking *t)
{
    if (t->text[0] == '\0')
        return error_set(t->error, t->size,
                         "the value is empty; keys of others would be in "
                         "reach");
    if (strlen(t->text) > BENCH_PREFIX_MAX)
        return error_set(t->error, t->size, "longer than %d bytes",
                         BENCH_PREFIX_MAX);
    t->options->key_prefix = t->text;
    return true;
}

static bool take_seed(const struct taking *t)
{
    t->options->seeded = true;
    return take_number(t, 0, UINT64_MAX, "is no seed; expected a whole number",
                       &t->options->seed);
}

static bool take_db(const struct taking *t)
{
    uint64_t db = 0;

    if (!take_number(t, 0, DB_MAX,
                     "is no database; expected a number from 0 to 65535", &db))
        return false;
    t->options->check.db = (int)db;
    return true;
}

static bool take_against(const struct taking *t)
{
    struct bench_options *options = t->options;

    options->nsides = t->first ? 1 : options->nsides;
    if (options->nsides == BENCH_SIDES_MAX)
        return error_set(t->error, t->size, "more than %d sides",
                         BENCH_SIDES_MAX);
    if (t->text[0] == '\0')
        return error_set(t->error, t->size, "the target is empty");
    options->against[options->nsides++] = t->text;
    return true;
}

static bool take_assert(const struct taking *t)
{
    struct bench_options *options = t->options;

    options->nasserts = t->first ? 0 : options->nasserts;
    if (options->nasserts == BENCH_ASSERTS_MAX)
        return error_set(t->error, t->size, "more than %d assertions",
                         BENCH_ASSERTS_MAX);
    if (!bench_assert_parse(t->text, &options->asserts[options->nasserts],
                            t->error, t->size))
        return false;
    options->nasserts++;
    return true;
}

/* What only check prints is no error here: bench_options_build() decides. */
static bool take_format(const struct taking *t)
{
    static const struct {
        char name[12];
        enum bench_format format;
    } rows[] = {
        { "text", BENCH_FORMAT_TEXT },
        { "json", BENCH_FORMAT_JSON },
        { "csv", BENCH_FORMAT_CSV },
        { "nagios", BENCH_FORMAT_FOREIGN },
        { "junit", BENCH_FORMAT_FOREIGN },
        { "tap", BENCH_FORMAT_FOREIGN },
        { "prometheus", BENCH_FORMAT_FOREIGN },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(t->text, rows[i].name) == 0) {
            t->options->format = rows[i].format;
            return true;
        }
    }
    return refuse(t, "is not known; expected text, json or csv");
}

bool bench_options_set(void *options, const struct option_row *row,
                       const char *text, bool first, char *error, size_t size)
{
    struct taking t = { .options = options, .text = text, .first = first };

    t.error = error;
    t.size = size;
    switch ((enum bench_row)row->id) {
    case BENCH_ROW_REQUESTS: return take_requests(&t);
    case BENCH_ROW_DURATION: return take_duration(&t);
    case BENCH_ROW_RATE: return take_rate(&t);
    case BENCH_ROW_MIX: return take_mix(&t);
    case BENCH_ROW_START_AT: return take_start(&t);
    case BENCH_ROW_KEYS:
        return take_number(&t, 1, KEYS_MAX,
                           "is no number of keys; expected one from 1 to "
                           "1000000000",
                           &t.options->keys);
    case BENCH_ROW_KEY_PREFIX: return take_prefix(&t);
    case BENCH_ROW_SEED: return take_seed(&t);
    case BENCH_ROW_DB: return take_db(&t);
    case BENCH_ROW_AGAINST: return take_against(&t);
    case BENCH_ROW_ASSERT: return take_assert(&t);
    case BENCH_ROW_FORMAT: return take_format(&t);
    case BENCH_ROW_NONE:
    case BENCH_ROW_HINT_R:
    case BENCH_ROW_HINT_T: break;
    }
    return true;
}

static bool read_command(const char **text, enum bench_command *command)
{
    for (unsigned i = 0; i < BENCH_COMMANDS; i++) {
        const char *name = bench_command_token((enum bench_command)i);
        size_t n = strlen(name);

        if (strncmp(*text, name, n) == 0) {
            *text += n;
            *command = (enum bench_command)i;
            return true;
        }
    }
    return false;
}

static bool read_weight(const char **text, unsigned *weight)
{
    unsigned value = 0;

    if (**text < '0' || **text > '9')
        return false;
    for (; **text >= '0' && **text <= '9' && value <= WEIGHT_MAX; (*text)++)
        value = value * 10 + (unsigned)(**text - '0');
    *weight = value;
    return value <= WEIGHT_MAX;
}

/* As many weights, in the order of the names. */
static bool read_weights(const char *text, const enum bench_command *names,
                         unsigned n, unsigned weights[BENCH_COMMANDS])
{
    unsigned sum = 0;

    for (unsigned i = 0; i < n; i++) {
        if ((i > 0 && *text++ != ':') ||
            !read_weight(&text, &weights[names[i]]))
            return false;
        sum += weights[names[i]];
    }
    return *text == '\0' && sum > 0;
}

bool bench_mix_parse(const char *text, unsigned weights[BENCH_COMMANDS])
{
    enum bench_command names[BENCH_COMMANDS] = { BENCH_PING };
    unsigned found[BENCH_COMMANDS] = { 0 }, n = 0;
    bool fine;

    do {
        if (n == BENCH_COMMANDS || !read_command(&text, &names[n]) ||
            found[names[n]]++ > 0)
            return false;
        n++;
    } while (*text == ':' && *text++ != '\0');
    if (*text == '=')
        fine = read_weights(text + 1, names, n, found);
    else
        fine = *text == '\0';
    if (fine)
        memcpy(weights, found, sizeof(found));
    return fine;
}
