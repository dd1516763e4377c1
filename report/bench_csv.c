/*
 * CSV (RFC 4180, lines end in LF): a table with one header.
 *
 * The column `row` says what a line is about:
 *
 *     total     a side as a whole, first, so `grep total` is one row a side
 *     command   one command of a side; `name` is it
 *     address   one address of a side; `name` is it
 *     second    one second of a side; `at_s` is its end
 *
 * Each has the same columns; a cell is empty where there is nothing to tell.
 * Times are microseconds.  A pivot table, or a filter on `row`, gives what
 * redis-benchmark --csv has (rows `command`), and the series for a chart (rows
 * `second`).
 */
#include <string.h>

#include "report/bench_report.h"
#include "report/bench_words.h"
#include "report/format.h"

struct row {
    const char *kind, *name;
    double at_s; /* negative: none */
    uint64_t requests, errors;
    double rate; /* negative: none */
    const struct histogram *response, *service;
};

static void add_header(struct report_buffer *out)
{
    report_string(out, "side,target,row,name,at_s,requests,errors,rps,min_us,"
                       "mean_us");
    for (int i = 0; i < BENCH_PERCENTILES; i++)
        report_print(out, ",%s_us", bench_percentiles[i].key);
    report_string(out, ",max_us,service_p50_us,service_p99_us,"
                       "service_max_us\n");
}

/* A cell of words.  A spreadsheet would take one that begins like a formula
 * for it: such a one is led by an apostrophe (OWASP, "CSV Injection"). */
static void add_words(struct report_buffer *out, const char *text)
{
    bool formula = text[0] && strchr("=+-@", text[0]);
    struct report_buffer calm = { 0 };

    report_escape(&calm, text, true);
    report_add(&calm, "", 1);
    out->failed |= calm.failed;
    if (out->failed || (!formula && !strpbrk(calm.bytes, ",\""))) {
        report_add(out, calm.bytes, calm.length - !out->failed);
        report_buffer_free(&calm);
        return;
    }
    report_string(out, formula ? "\"'" : "\"");
    for (const char *at = calm.bytes; *at; at++)
        report_add(out, *at == '"' ? "\"\"" : at, *at == '"' ? 2 : 1);
    report_string(out, "\"");
    report_buffer_free(&calm);
}

/* `value` / scale with as many digits as `scale` has zeros. */
static void add_scaled(struct report_buffer *out, uint64_t value,
                       unsigned scale)
{
    unsigned digits = scale == 10 ? 1 : 3;

    report_print(out, ",%llu.%0*u", (unsigned long long)(value / scale),
                 (int)digits, (unsigned)(value % scale));
}

static void add_double(struct report_buffer *out, double value, unsigned scale)
{
    add_scaled(out, (uint64_t)(value * scale + 0.5), scale);
}

static void add_response(struct report_buffer *out, const struct histogram *h)
{
    if (!h || h->count == 0) {
        report_fill(out, ',', 3 + BENCH_PERCENTILES);
        return;
    }
    add_scaled(out, histogram_min(h), 1000);
    add_double(out, histogram_mean(h) / 1000, 1000);
    for (int i = 0; i < BENCH_PERCENTILES; i++)
        add_scaled(out, histogram_at(h, bench_percentiles[i].percentile), 1000);
    add_scaled(out, histogram_max(h), 1000);
}

static void add_service(struct report_buffer *out, const struct histogram *h)
{
    if (!h || h->count == 0) {
        report_fill(out, ',', 3);
        return;
    }
    add_scaled(out, histogram_at(h, 50), 1000);
    add_scaled(out, histogram_at(h, 99), 1000);
    add_scaled(out, histogram_max(h), 1000);
}

/* What all rows begin with. */
static void add_counts(struct report_buffer *out, unsigned side,
                       const char *target, const struct row *row)
{
    report_print(out, "%c,", bench_letter(side));
    add_words(out, target);
    report_print(out, ",%s,", row->kind);
    add_words(out, row->name);
    if (row->at_s < 0)
        report_string(out, ",");
    else
        add_double(out, row->at_s, 1000);
    report_print(out, ",%llu,%llu", (unsigned long long)row->requests,
                 (unsigned long long)row->errors);
    if (row->rate < 0)
        report_string(out, ",");
    else
        add_double(out, row->rate, 10);
}

static void add_row(struct report_buffer *out, unsigned side,
                    const char *target, const struct row *row)
{
    add_counts(out, side, target, row);
    add_response(out, row->response);
    add_service(out, row->service);
    report_string(out, "\n");
}

/* A second is known by three figures alone. */
static void add_second(struct report_buffer *out, unsigned side,
                       const char *target, const struct bench_interval *second)
{
    struct row row = {
        .kind = "second",
        .name = "",
        .at_s = second->at_s,
        .requests = second->requests,
        .errors = second->errors,
        .rate = second->length_s > 0
                    ? (double)second->requests / second->length_s
                    : -1,
    };

    if (second->requests == 0) {
        add_row(out, side, target, &row);
        return;
    }
    add_counts(out, side, target, &row);
    report_string(out, ",,"); /* min, mean */
    for (int i = 0; i < BENCH_PERCENTILES; i++) {
        double percentile = bench_percentiles[i].percentile;

        if (percentile == 50 || percentile == 99)
            add_scaled(out, percentile == 50 ? second->p50_ns : second->p99_ns,
                       1000);
        else
            report_string(out, ",");
    }
    add_scaled(out, second->max_ns, 1000);
    add_service(out, NULL);
    report_string(out, "\n");
}

static double rate_of(uint64_t requests, uint64_t ns)
{
    return ns ? (double)requests * 1e9 / (double)ns : -1;
}

static void add_parts(struct report_buffer *out, unsigned i, const char *target,
                      const struct bench_side_result *side)
{
    for (int command = 0; command < BENCH_COMMANDS; command++) {
        const struct histogram *h = side->by_command[command];
        struct row row = {
            .kind = "command",
            .name = bench_command_token((enum bench_command)command),
            .at_s = -1,
            .requests = h ? h->count : 0,
            .rate = h ? rate_of(h->count, side->measured_ns) : -1,
            .response = h,
        };

        if (h)
            add_row(out, i, target, &row);
    }
    for (unsigned n = 0; n < side->naddresses; n++) {
        const struct bench_address_result *address = &side->addresses[n];
        char name[NET_ADDR_TEXT_MAX];
        struct row row = {
            .kind = "address",
            .name = net_addr_text(&address->addr, name),
            .at_s = -1,
            .requests = address->requests,
            .errors = address->errors,
            .rate = rate_of(address->requests, side->measured_ns),
            .response = address->response,
        };

        add_row(out, i, target, &row);
    }
}

void bench_report_csv(const struct bench_plan *plan,
                      const struct bench_result *result,
                      struct report_buffer *out)
{
    add_header(out);
    for (unsigned i = 0; i < result->nsides; i++) {
        const struct bench_side_result *side = &result->sides[i];
        struct row row = {
            .kind = "total",
            .name = "",
            .at_s = -1,
            .requests = side->requests,
            .errors = side->errors,
            .rate = rate_of(side->requests, side->measured_ns),
            .response = side->response,
            .service = side->service,
        };

        add_row(out, i, plan->sides[i].name, &row);
    }
    for (unsigned i = 0; i < result->nsides; i++) {
        const struct bench_side_result *side = &result->sides[i];

        add_parts(out, i, plan->sides[i].name, side);
        for (size_t n = 0; n < side->nintervals; n++)
            add_second(out, i, plan->sides[i].name, &side->intervals[n]);
    }
}
