/*
 * assert.c -- what a pipeline demands of a run.
 *
 *     diff .  p99   <  300us        b . errors < 0.1%
 *     side    metric   limit        p99.9 > 2ms  (side a)
 *
 * A limit on a latency is microseconds unless it has a unit; on a count or a
 * rate a plain number, perhaps with k or m.  A percentage is of the second side
 * (diff), of all requests (errors), or of the rate that was asked for
 * (rate_achieved).  Of a difference the whole interval must hold.
 */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/compare.h"

static bool wrong(char *error, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool wrong(char *error, size_t size, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(error, size, format, arguments);
    va_end(arguments);
    return false;
}

static const struct word {
    char name[16];
    enum bench_metric metric;
} words[] = {
    { "max", BENCH_METRIC_MAX },
    { "mean", BENCH_METRIC_MEAN },
    { "throughput", BENCH_METRIC_THROUGHPUT },
    { "errors", BENCH_METRIC_ERRORS },
    { "rate_achieved", BENCH_METRIC_RATE },
};

/* Take `word` off the front of `*text`. */
static bool take(const char **text, const char *word)
{
    size_t n = strlen(word);

    if (strncmp(*text, word, n) != 0)
        return false;
    *text += n;
    return true;
}

/* Digits, perhaps with a fraction; no sign, no exponent. */
static bool take_number(const char **text, double *number)
{
    static const char digits[] = "0123456789";
    size_t n = strspn(*text, digits);
    char copy[32];

    if (n == 0)
        return false;
    if ((*text)[n] == '.' && strchr(digits, (*text)[n + 1]) &&
        (*text)[n + 1] != '\0')
        n += 1 + strspn(*text + n + 1, digits);
    if (n >= sizeof(copy))
        return false;
    memcpy(copy, *text, n);
    copy[n] = '\0';
    *text += n;
    *number = strtod(copy, NULL);
    return true;
}

/* "diff." or "a." to "h."; else side a. */
static void take_side(const char **text, struct bench_assert *assertion)
{
    assertion->side = 0;
    if (take(text, "diff.")) {
        assertion->side = -1;
    } else if (**text >= 'a' && **text < 'a' + BENCH_SIDES_MAX &&
               (*text)[1] == '.') {
        assertion->side = **text - 'a';
        *text += 2;
    }
}

static bool take_percentile(const char **text, double *percentile)
{
    return take(text, "p") && take_number(text, percentile) &&
           *percentile <= 100;
}

static bool take_metric(const char **text, struct bench_assert *assertion)
{
    bool connect = take(text, "connect.");

    assertion->metric =
        connect ? BENCH_METRIC_CONNECT : BENCH_METRIC_PERCENTILE;
    if (**text == 'p')
        return take_percentile(text, &assertion->percentile);
    for (size_t i = 0; !connect && i < sizeof(words) / sizeof(words[0]); i++) {
        if (take(text, words[i].name)) {
            assertion->metric = (int)words[i].metric;
            return true;
        }
    }
    return false;
}

static bool is_latency(const struct bench_assert *assertion)
{
    return assertion->metric == BENCH_METRIC_PERCENTILE ||
           assertion->metric == BENCH_METRIC_MAX ||
           assertion->metric == BENCH_METRIC_MEAN ||
           assertion->metric == BENCH_METRIC_CONNECT;
}

static bool take_unit(const char *text, struct bench_assert *assertion)
{
    static const struct {
        char name[4], shown[4];
        bool latency, relative;
        double scale;
    } units[] = {
        { "", "us", true, false, 1 },     { "us", "us", true, false, 1 },
        { "ms", "ms", true, false, 1e3 }, { "s", "s", true, false, 1e6 },
        { "m", "m", true, false, 60e6 },  { "%", "%", true, true, 0.01 },
        { "", "", false, false, 1 },      { "k", "k", false, false, 1e3 },
        { "m", "m", false, false, 1e6 },  { "%", "%", false, true, 0.01 },
    };

    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (strcmp(text, units[i].name) != 0 ||
            units[i].latency != is_latency(assertion))
            continue;
        assertion->relative = units[i].relative;
        assertion->scale = units[i].scale;
        memcpy(assertion->unit, units[i].shown, sizeof(assertion->unit));
        return true;
    }
    return false;
}

/* Is there something to take a percentage of? */
static bool percentage_fits(const struct bench_assert *assertion)
{
    return !assertion->relative || assertion->side < 0 ||
           assertion->metric == BENCH_METRIC_ERRORS ||
           assertion->metric == BENCH_METRIC_RATE;
}

/* Differences have intervals for these alone. */
static bool difference_fits(const struct bench_assert *assertion)
{
    if (assertion->side >= 0 || assertion->metric == BENCH_METRIC_THROUGHPUT)
        return true;
    return assertion->metric == BENCH_METRIC_PERCENTILE &&
           (assertion->percentile == 50 || assertion->percentile == 99);
}

static bool take_value(const char *text, struct bench_assert *assertion)
{
    bool negative = assertion->side < 0 && take(&text, "-");
    double number;

    if (!take_number(&text, &number) || !take_unit(text, assertion))
        return false;
    assertion->limit = number * assertion->scale * (negative ? -1 : 1);
    return true;
}

/* The text without blanks into assertion->text; false: it is too long. */
static bool copy_text(const char *text, struct bench_assert *assertion)
{
    size_t n = 0;

    for (; *text != '\0'; text++) {
        if (*text == ' ')
            continue;
        if (n + 1 >= sizeof(assertion->text))
            return false;
        assertion->text[n++] = *text;
    }
    assertion->text[n] = '\0';
    return true;
}

bool bench_assert_parse(const char *text, struct bench_assert *assertion,
                        char *error, size_t size)
{
    const char *at;

    *assertion = (struct bench_assert){ 0 };
    if (!copy_text(text, assertion))
        return wrong(error, size, "it is too long for an assertion");
    at = assertion->text;
    take_side(&at, assertion);
    if (!take_metric(&at, assertion))
        return wrong(error, size,
                     "no known metric; expected p50 to p99.99, max, mean, "
                     "throughput, errors, rate_achieved or connect.p99, "
                     "perhaps with a., b. or diff. before it");
    if (*at != '<' && *at != '>')
        return wrong(error, size, "no < or > behind the metric");
    assertion->below = *at == '<';
    if (!take_value(at + 1, assertion))
        return wrong(error, size,
                     is_latency(assertion)
                         ? "no limit; expected a time (us, ms, s), as in "
                           "p99<2ms"
                         : "no limit; expected a number (k, m) or a "
                           "percentage, as in errors<0.1%%");
    if (!difference_fits(assertion))
        return wrong(error, size,
                     "diff has p50, p99 and throughput, no other metric");
    if (!percentage_fits(assertion))
        return wrong(error, size,
                     "there is nothing to take that percentage of; expected "
                     "it with diff, errors or rate_achieved");
    return true;
}

static bool quantile(const struct histogram *histogram, double percentile,
                     double *us)
{
    if (!histogram || histogram->count == 0)
        return false;
    *us = (double)histogram_at(histogram, percentile) / 1000;
    return true;
}

static bool errors_of(const struct bench_side_result *side, bool relative,
                      double *value)
{
    double all = (double)side->requests + (double)side->errors;

    *value = (double)side->errors;
    if (relative)
        *value = all > 0 ? *value / all : 0;
    return all > 0;
}

static bool rate_of(const struct bench_side_result *side, bool relative,
                    double *value)
{
    if (side->measured_ns == 0 || (relative && side->offered == 0))
        return false;
    *value = relative
                 ? (double)side->requests / (double)side->offered
                 : (double)side->requests * 1e9 / (double)side->measured_ns;
    return true;
}

/* What the run has for a metric of a side; false: nothing. */
static bool measure(const struct bench_assert *assertion,
                    const struct bench_side_result *side, double *value)
{
    const struct histogram *response = side->response;
    bool known = response && response->count > 0;

    switch ((enum bench_metric)assertion->metric) {
    case BENCH_METRIC_PERCENTILE:
        return quantile(response, assertion->percentile, value);
    case BENCH_METRIC_CONNECT:
        return quantile(side->connect, assertion->percentile, value);
    case BENCH_METRIC_MAX:
        *value = known ? (double)histogram_max(response) / 1000 : 0;
        return known;
    case BENCH_METRIC_MEAN:
        *value = known ? histogram_mean(response) / 1000 : 0;
        return known;
    case BENCH_METRIC_ERRORS:
        return errors_of(side, assertion->relative, value);
    case BENCH_METRIC_RATE: return rate_of(side, assertion->relative, value);
    case BENCH_METRIC_THROUGHPUT: return rate_of(side, false, value);
    }
    return false;
}

/* The end of the interval that is hardest to meet. */
static bool measure_difference(const struct bench_assert *assertion,
                               const struct bench_result *result, double *value)
{
    const struct bench_comparison *comparison = &result->comparisons[0];
    const struct bench_difference *difference = &comparison->p50_us;

    if (result->ncomparisons == 0)
        return false;
    if (assertion->metric == BENCH_METRIC_THROUGHPUT)
        difference = &comparison->throughput;
    else if (assertion->percentile == 99)
        difference = &comparison->p99_us;
    *value = assertion->below ? difference->high : difference->low;
    if (assertion->relative)
        *value = difference->b > 0 ? *value / difference->b : INFINITY;
    return isfinite(*value);
}

static bool check(const struct bench_assert *assertion,
                  const struct bench_result *result,
                  struct bench_assertion *outcome)
{
    double value = 0;
    bool known;

    if (assertion->side < 0)
        known = measure_difference(assertion, result, &value);
    else
        known = (unsigned)assertion->side < result->nsides &&
                measure(assertion, &result->sides[assertion->side], &value);
    *outcome = (struct bench_assertion){ .known = known };
    memcpy(outcome->text, assertion->text, sizeof(outcome->text));
    memcpy(outcome->unit, assertion->unit, sizeof(outcome->unit));
    outcome->actual = known ? value / assertion->scale : 0;
    outcome->met = known && (assertion->below ? value < assertion->limit
                                              : value > assertion->limit);
    return outcome->met;
}

bool bench_assert_check(const struct bench_assert *asserts, size_t n,
                        struct bench_result *result)
{
    bool met = true;

    for (size_t i = 0; i < n; i++)
        met = check(&asserts[i], result, &result->assertions[i]) && met;
    result->nassertions = n;
    return met;
}
