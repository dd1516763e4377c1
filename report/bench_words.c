/*
 * Three digits are what a latency of a run is good for; units step by 1000.
 */
#include "report/bench_words.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/quantity.h"

const struct bench_percentile bench_percentiles[BENCH_PERCENTILES] = {
    { "p50", "p50", 50 },          { "p75", "p75", 75 },
    { "p90", "p90", 90 },          { "p95", "p95", 95 },
    { "p99", "p99", 99 },          { "p99.9", "p99_9", 99.9 },
    { "p99.99", "p99_99", 99.99 },
};

enum { UNITS = 5 };

/* `sign`, then `value` / 10^decimals with its unit. */
static void put(const char *sign, uint64_t value, unsigned decimals,
                const char *unit, char text[REPORT_NUMBER_MAX])
{
    static const unsigned scales[] = { 1, 10, 100 };
    unsigned scale = scales[decimals];
    unsigned long long whole = value / scale;

    if (decimals)
        (void)snprintf(text, REPORT_NUMBER_MAX, "%s%llu.%0*llu%s", sign, whole,
                       (int)decimals, (unsigned long long)(value % scale),
                       unit);
    else
        (void)snprintf(text, REPORT_NUMBER_MAX, "%s%llu%s", sign, whole, unit);
}

/* `milli` thousandths of the first unit, in the first unit and with the most
 * decimals that leave fewer than four digits. */
static char *three_digits(const char *sign, uint64_t milli,
                          const char *const units[UNITS],
                          char text[REPORT_NUMBER_MAX])
{
    uint64_t last = 10, rounded = 0;
    unsigned unit = 0, decimals = 2;

    for (;;) {
        rounded = milli / last + (milli % last >= last / 2);
        if (rounded < 1000 || !units[unit + (decimals == 0)])
            break;
        unit += decimals == 0;
        decimals = decimals ? decimals - 1 : 2;
        last *= 10;
    }
    put(rounded ? sign : "", rounded, rounded ? decimals : 0, units[unit],
        text);
    return text;
}

static const char *const time_units[UNITS] = { " us", " ms", " s" };
static const char *const count_units[UNITS] = { "", " k", " M", " G" };

/* So that no sum of it overflows. */
static uint64_t bounded(double value)
{
    return value < 0      ? 0
           : value > 1e18 ? UINT64_C(1000000000000000000)
                          : (uint64_t)(value + 0.5);
}

char *bench_time(uint64_t ns, char text[REPORT_NUMBER_MAX])
{
    return three_digits("", bounded((double)ns), time_units, text);
}

char *bench_count(uint64_t n, char text[REPORT_NUMBER_MAX])
{
    if (n < 1000)
        put("", n, 0, count_units[0], text);
    else
        three_digits("", bounded((double)n * 1000), count_units, text);
    return text;
}

char *bench_rate(double per_s, char text[REPORT_NUMBER_MAX])
{
    return three_digits("", bounded(per_s * 1000), count_units, text);
}

static double magnitude(double value)
{
    return value < 0 ? -value : value;
}

static char *with_sign(double value, const char *const units[UNITS],
                       char text[REPORT_NUMBER_MAX])
{
    return three_digits(value < 0 ? "-" : "+", bounded(magnitude(value) * 1000),
                        units, text);
}

char *bench_time_difference(double us, char text[REPORT_NUMBER_MAX])
{
    return with_sign(us, time_units, text);
}

char *bench_rate_difference(double per_s, char text[REPORT_NUMBER_MAX])
{
    return with_sign(per_s, count_units, text);
}

char *bench_number(double value, char text[REPORT_NUMBER_MAX])
{
    static const char *const none[UNITS] = { "" };

    return three_digits(value < 0 ? "-" : "", bounded(magnitude(value) * 1000),
                        none, text);
}

char *bench_percent(double fraction, char text[REPORT_NUMBER_MAX])
{
    static const char *const units[UNITS] = { " %" };
    uint64_t milli = bounded(fraction * 100000);

    if (milli && milli < 10)
        (void)snprintf(text, REPORT_NUMBER_MAX, "0.00%u %%", (unsigned)milli);
    else
        three_digits("", milli, units, text);
    return text;
}

double bench_throughput(const struct bench_side_result *side)
{
    if (side->measured_ns == 0)
        return 0;
    return (double)side->requests * 1e9 / (double)side->measured_ns;
}

char bench_letter(unsigned side)
{
    return (char)('a' + side);
}

const char *bench_distribution_token(enum bench_distribution distribution)
{
    switch (distribution) {
    case BENCH_UNIFORM: return "uniform";
    case BENCH_ZIPF: return "zipf";
    default: return "sequential";
    }
}

void bench_append(char *text, size_t size, const char *format, ...)
{
    size_t n = strlen(text);
    va_list arguments;

    va_start(arguments, format);
    /* clang-tidy 14 loses sight of va_start() when it inlines.
     * NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized) */
    (void)vsnprintf(text + n, size - n, format, arguments);
    va_end(arguments);
}

/* A weight stands behind the names when there is more than one. */
static void mix(const struct bench_plan *plan, const char *between, char *text,
                size_t size)
{
    char weights[64] = "";
    unsigned n = 0;

    text[0] = '\0';
    for (int command = 0; command < BENCH_COMMANDS; command++) {
        if (plan->weights[command] == 0)
            continue;
        bench_append(text, size, "%s%s", n ? ":" : "",
                     bench_command_token((enum bench_command)command));
        bench_append(weights, sizeof(weights), "%s%u", n ? ":" : between,
                     plan->weights[command]);
        n++;
    }
    if (n > 1)
        bench_append(text, size, "%s", weights);
}

void bench_mix_text(const struct bench_plan *plan, char *text, size_t size)
{
    mix(plan, "=", text, size);
}

void bench_load_text(const struct bench_plan *plan, char *text, size_t size)
{
    bool keys = plan->weights[BENCH_SET] || plan->weights[BENCH_GET];
    char bytes[QUANTITY_TEXT_MAX];

    text[0] = '\0';
    if (plan->connections == 0)
        return;
    mix(plan, " ", text, size);
    if (keys)
        bench_append(text, size, ", %s-byte values, %llu %s, %s",
                     quantity_size_text(plan->size, bytes),
                     (unsigned long long)plan->keys,
                     report_plural(plan->keys, "key", "keys"),
                     bench_distribution_token(plan->distribution));
    if (plan->reconnect)
        bench_append(text, size, ", a connection a request");
}

/* As the option has it, when it is a whole number. */
static const char *rate_text(double rate, char text[REPORT_NUMBER_MAX])
{
    uint64_t whole = bounded(rate);

    if ((double)whole == rate)
        put("", whole, 0, "", text);
    else
        bench_number(rate, text);
    return text;
}

void bench_loop_text(const struct bench_plan *plan, char *text, size_t size)
{
    char number[REPORT_NUMBER_MAX];

    text[0] = '\0';
    if (plan->connections == 0) {
        bench_append(text, size, "merged logs");
        return;
    }
    if (plan->rate > 0)
        bench_append(text, size, "open loop at %s/s, ",
                     rate_text(plan->rate, number));
    else
        bench_append(text, size, "closed loop, ");
    bench_append(text, size, "%u %s", plan->connections,
                 report_plural(plan->connections, "connection", "connections"));
    if (plan->pipeline > 1)
        bench_append(text, size, ", pipeline %u", plan->pipeline);
    if (plan->threads > 1)
        bench_append(text, size, ", %u threads", plan->threads);
}
