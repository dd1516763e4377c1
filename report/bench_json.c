/*
 * JSON: one object, schema docs/schema/bench.schema.json.
 *
 * Units are in the names: latencies are microseconds with the nanosecond
 * behind the point.  What was not measured is null; a latency without a
 * request keeps its keys and has a count of 0.
 */
#include <string.h>

#include "report/bench_json.h"
#include "report/bench_report.h"
#include "report/bench_words.h"
#include "report/format.h"

#define SCHEMA "linkprobe.bench/1"

static void to_buffer(void *data, const char *bytes, size_t n)
{
    report_add(data, bytes, n);
}

static void add_us(struct json *json, const char *key, uint64_t ns, bool known)
{
    json_key(json, key);
    if (known)
        json_fixed(json, ns, 3);
    else
        json_null(json);
}

/* A number to `decimals` digits behind the point, shortest. */
static void add_rounded(struct json *json, double value, double scale)
{
    double rounded = value * scale;

    if (!(rounded < 9e15 && rounded > -9e15)) {
        json_double(json, value);
        return;
    }
    rounded = (double)(int64_t)(rounded + (rounded < 0 ? -0.5 : 0.5));
    json_double(json, rounded / scale);
}

static void add_number(struct json *json, const char *key, double value,
                       double scale)
{
    json_key(json, key);
    add_rounded(json, value, scale);
}

static void add_seconds(struct json *json, const char *key, uint64_t ns)
{
    json_key(json, key);
    json_fixed(json, (ns + 500000) / 1000000, 3);
}

static void add_latency(struct json *json, const char *key,
                        const struct histogram *h)
{
    bool known = h && h->count;

    json_key(json, key);
    json_object(json);
    json_member_unsigned(json, "count", h ? h->count : 0);
    add_us(json, "min", known ? histogram_min(h) : 0, known);
    if (known) {
        add_number(json, "mean", histogram_mean(h) / 1000, 1000);
        add_number(json, "stddev", histogram_deviation(h) / 1000, 1000);
    } else {
        json_member_null(json, "mean");
        json_member_null(json, "stddev");
    }
    for (int i = 0; i < BENCH_PERCENTILES; i++)
        add_us(json, bench_percentiles[i].key,
               known ? histogram_at(h, bench_percentiles[i].percentile) : 0,
               known);
    add_us(json, "max", known ? histogram_max(h) : 0, known);
    json_object_end(json);
}

static void add_config(struct json *json, const struct bench_plan *plan)
{
    char mix[64];

    bench_mix_text(plan, mix, sizeof(mix));
    json_key(json, "config");
    json_object(json);
    json_member_unsigned(json, "connections", plan->connections);
    json_member_unsigned(json, "threads", plan->threads);
    json_member_unsigned(json, "pipeline", plan->pipeline);
    json_key(json, "rate");
    if (plan->rate > 0)
        json_double(json, plan->rate);
    else
        json_null(json);
    json_key(json, "requests");
    if (plan->requests)
        json_unsigned(json, plan->requests);
    else
        json_null(json);
    if (plan->duration_ns)
        add_seconds(json, "duration_s", plan->duration_ns);
    else
        json_member_null(json, "duration_s");
    add_seconds(json, "warmup_s", plan->warmup_ns);
    json_member_string(json, "mix", mix);
    json_member_unsigned(json, "size", plan->size);
    json_member_unsigned(json, "keys", plan->keys);
    json_member_string(json, "key_prefix", plan->key_prefix);
    json_member_string(json, "distribution",
                       bench_distribution_token(plan->distribution));
    json_member_unsigned(json, "seed", plan->seed);
    json_member_bool(json, "reconnect", plan->reconnect);
    json_object_end(json);
}

/* Several causes have one token: the first of them adds them all up. */
uint64_t bench_cause_errors(const struct bench_side_result *side, int cause)
{
    const char *token = cause_token((enum cause)cause);
    uint64_t errors = 0;

    for (int i = 0; i < CAUSE_COUNT; i++) {
        if (strcmp(cause_token((enum cause)i), token) != 0)
            continue;
        if (i < cause)
            return 0;
        errors += side->errors_by_cause[i];
    }
    return errors;
}

static void add_errors(struct json *json, const struct bench_side_result *side)
{
    json_member_unsigned(json, "errors", side->errors);
    json_key(json, "errors_by_cause");
    json_object(json);
    for (int cause = 0; cause < CAUSE_COUNT; cause++) {
        uint64_t errors = bench_cause_errors(side, cause);

        if (errors)
            json_member_unsigned(json, cause_token((enum cause)cause), errors);
    }
    json_object_end(json);
    json_member_string(json, "first_error",
                       side->first_error[0] ? side->first_error : NULL);
    json_member_unsigned(json, "reconnects", side->reconnects);
    json_member_unsigned(json, "lost_in_flight", side->lost_in_flight);
}

static void add_rates(struct json *json, const struct bench_plan *plan,
                      const struct bench_side_result *side)
{
    bool open = plan->rate > 0 && side->measured_ns > 0;

    add_seconds(json, "duration_s", side->measured_ns);
    add_number(json, "throughput_rps", bench_throughput(side), 10);
    if (open)
        add_number(json, "offered_rps",
                   (double)side->offered * 1e9 / (double)side->measured_ns, 10);
    else
        json_member_null(json, "offered_rps");
    json_member_unsigned(json, "owed", side->owed);
    add_latency(json, "late_us", side->late);
}

static void add_commands(struct json *json,
                         const struct bench_side_result *side)
{
    json_key(json, "by_command");
    json_object(json);
    for (int command = 0; command < BENCH_COMMANDS; command++)
        if (side->by_command[command])
            add_latency(json, bench_command_token((enum bench_command)command),
                        side->by_command[command]);
    json_object_end(json);
}

static void add_address(struct json *json,
                        const struct bench_address_result *address)
{
    char text[NET_ADDR_TEXT_MAX];

    json_object(json);
    json_member_string(json, "address", net_addr_host(&address->addr, text));
    json_member_unsigned(json, "port", net_addr_port(&address->addr));
    json_member_unsigned(json, "connections", address->connections);
    json_member_unsigned(json, "requests", address->requests);
    json_member_unsigned(json, "errors", address->errors);
    add_latency(json, "response_time_us", address->response);
    json_key(json, "rtt_us");
    if (address->rtt_us)
        json_unsigned(json, address->rtt_us);
    else
        json_null(json);
    json_key(json, "min_rtt_us");
    if (address->min_rtt_us)
        json_unsigned(json, address->min_rtt_us);
    else
        json_null(json);
    json_member_unsigned(json, "retransmits", address->retransmits);
    json_object_end(json);
}

static void add_interval(struct json *json,
                         const struct bench_interval *interval)
{
    bool known = interval->requests > 0;

    json_object(json);
    add_number(json, "at_s", interval->at_s, 1000);
    add_number(json, "length_s", interval->length_s, 1000);
    json_member_unsigned(json, "requests", interval->requests);
    json_member_unsigned(json, "errors", interval->errors);
    add_us(json, "p50_us", interval->p50_ns, known);
    add_us(json, "p99_us", interval->p99_ns, known);
    add_us(json, "max_us", interval->max_ns, known);
    json_object_end(json);
}

static void add_side(struct json *json, const struct bench_plan *plan,
                     const char *name, const struct bench_side_result *side)
{
    json_object(json);
    json_member_string(json, "target", name);
    json_member_unsigned(json, "requests", side->requests);
    add_errors(json, side);
    add_rates(json, plan, side);
    add_latency(json, "response_time_us", side->response);
    add_latency(json, "service_time_us", side->service);
    add_commands(json, side);
    json_key(json, "by_address");
    json_array(json);
    for (unsigned i = 0; i < side->naddresses; i++)
        add_address(json, &side->addresses[i]);
    json_array_end(json);
    add_latency(json, "connect_us", side->connect);
    json_key(json, "intervals");
    json_array(json);
    for (size_t i = 0; i < side->nintervals; i++)
        add_interval(json, &side->intervals[i]);
    json_array_end(json);
    json_object_end(json);
}

static void add_difference(struct json *json, const char *key,
                           const struct bench_difference *difference)
{
    json_key(json, key);
    json_object(json);
    add_number(json, "a", difference->a, 1000);
    add_number(json, "b", difference->b, 1000);
    add_number(json, "difference", difference->difference, 1000);
    json_key(json, "ci95");
    json_array(json);
    add_rounded(json, difference->low, 1000);
    add_rounded(json, difference->high, 1000);
    json_array_end(json);
    json_object_end(json);
}

static void add_comparisons(struct json *json,
                            const struct bench_result *result)
{
    json_key(json, "comparisons");
    json_array(json);
    for (unsigned i = 0; i < result->ncomparisons; i++) {
        const struct bench_comparison *comparison = &result->comparisons[i];

        json_object(json);
        json_member_unsigned(json, "a", comparison->a);
        json_member_unsigned(json, "b", comparison->b);
        add_difference(json, "p50_us", &comparison->p50_us);
        add_difference(json, "p99_us", &comparison->p99_us);
        add_difference(json, "throughput", &comparison->throughput);
        json_member_bool(json, "significant", comparison->significant);
        json_object_end(json);
    }
    json_array_end(json);
    json_key(json, "noise");
    if (result->ncomparisons == 0) {
        json_null(json);
        return;
    }
    json_object(json);
    add_number(json, "p50_us", result->noise_p50_us, 1000);
    add_number(json, "p99_us", result->noise_p99_us, 1000);
    json_object_end(json);
}

static void add_client(struct json *json, const struct bench_client *client)
{
    json_key(json, "client");
    json_object(json);
    add_number(json, "cpu_s", client->cpu_s, 1000000);
    add_number(json, "wall_s", client->wall_s, 1000);
    add_us(json, "loop_lag_us", client->loop_lag_ns, true);
    json_member_bool(json, "bound", client->bound);
    json_member_string(json, "reason",
                       client->bound && client->reason[0] ? client->reason
                                                          : NULL);
    json_object_end(json);
}

static void add_assertions(struct json *json, const struct bench_result *result)
{
    json_key(json, "assertions");
    json_array(json);
    for (size_t i = 0; i < result->nassertions; i++) {
        const struct bench_assertion *assertion = &result->assertions[i];

        json_object(json);
        json_member_string(json, "text", assertion->text);
        if (assertion->known)
            add_number(json, "actual", assertion->actual, 1000000);
        else
            json_member_null(json, "actual");
        json_member_bool(json, "met", assertion->met);
        json_object_end(json);
    }
    json_array_end(json);
}

static void add_head(struct json *json, int64_t time_ms)
{
    char time[REPORT_TIME_MAX];

    json_member_string(json, "schema", SCHEMA);
    json_member_string(json, "time",
                       report_time(time_ms, REPORT_MILLISECONDS, time));
}

void bench_json_members(struct json *json, const struct bench_plan *plan,
                        const struct bench_result *result)
{
    add_head(json, result->time_ms);
    json_member_bool(json, "interrupted", result->interrupted);
    add_config(json, plan);
    json_key(json, "sides");
    json_array(json);
    for (unsigned i = 0; i < result->nsides; i++)
        add_side(json, plan, plan->sides[i].name, &result->sides[i]);
    json_array_end(json);
    add_comparisons(json, result);
    add_client(json, &result->client);
    add_assertions(json, result);
}

void bench_report_json(const struct bench_plan *plan,
                       const struct bench_result *result,
                       struct report_buffer *out)
{
    struct json json = { .write = to_buffer, .data = out };

    json_object(&json);
    bench_json_members(&json, plan, result);
    json_object_end(&json);
    report_string(out, "\n");
}

void bench_report_json_error(const char *message, struct report_buffer *out)
{
    struct json json = { .write = to_buffer, .data = out };

    json_object(&json);
    add_head(&json, report_now_ms());
    json_member_string(&json, "status", "unknown");
    json_member_string(&json, "error", message);
    json_object_end(&json);
    report_string(out, "\n");
}
