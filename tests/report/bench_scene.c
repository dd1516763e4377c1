/*
 * A latency is `base` for nine requests in ten, then twice it, then four times
 * it ...: each next tenth of what is left takes twice as long, which is about
 * what a network does.
 */
#include "bench_scene.h"

#include <stdlib.h>
#include <string.h>

#include "support/unit.h"

#define US UINT64_C(1000)
#define MS UINT64_C(1000000)
#define S  UINT64_C(1000000000)

static struct histogram *make(struct bench_scene *scene)
{
    struct histogram *h = calloc(1, sizeof(*h));

    assert_non_null(h);
    assert_true(scene->npool < ARRAY_SIZE(scene->pool));
    scene->pool[scene->npool++] = h;
    return h;
}

/* `n` latencies around `base`. */
static void fill(struct histogram *h, uint64_t base, uint64_t n)
{
    while (n) {
        uint64_t part = n - n / 10;

        for (uint64_t i = 0; i < 16; i++)
            histogram_record(h, base + base * i / 20,
                             part / 16 + (i < part % 16));
        n -= part;
        base *= 2;
    }
}

static struct histogram *latency(struct bench_scene *scene, uint64_t base,
                                 uint64_t n)
{
    struct histogram *h = make(scene);

    fill(h, base, n);
    return h;
}

static void begin(struct bench_scene *scene, const char *name)
{
    memset(scene, 0, sizeof(*scene));
    scene->plan = (struct bench_plan){
        .nsides = 1,
        .connections = 50,
        .threads = 1,
        .pipeline = 1,
        .duration_ns = SCENE_SECONDS * S,
        .warmup_ns = 1 * S,
        .weights = { [BENCH_SET] = 1, [BENCH_GET] = 10 },
        .size = 64,
        .keys = 10000,
        .key_prefix = "linkprobe:bench:",
        .seed = 7,
    };
    scene->plan.sides[0].name = name;
    scene->result.time_ms = INT64_C(1795402800123);
    scene->result.nsides = 1;
    scene->result.client = (struct bench_client){
        .cpu_s = 8.4,
        .wall_s = SCENE_SECONDS,
        .loop_lag_ns = 92 * US,
    };
}

/* A second: `n` requests; `stall_ns` that a tenth of them waited for. */
static void add_second(struct bench_scene *scene, unsigned side, uint64_t base,
                       uint64_t n, uint64_t stall_ns)
{
    struct bench_side_result *result = &scene->result.sides[side];
    struct bench_interval *second =
        &scene->intervals[side][result->nintervals++];
    struct histogram *response = latency(scene, base, stall_ns ? n / 2 : n);

    for (uint64_t i = 0; stall_ns && i < n / 2; i++)
        histogram_record(response, base + stall_ns * i / (n / 2), 1);
    *second = (struct bench_interval){
        .at_s = (double)result->nintervals,
        .length_s = 1,
        .requests = n,
        .p50_ns = histogram_at(response, 50),
        .p99_ns = histogram_at(response, 99),
        .max_ns = histogram_max(response),
    };
    heat_add(result->heat, second->at_s, 1, response);
    histogram_merge(result->response, response);
    histogram_merge(result->service, latency(scene, base, n));
    result->requests += n;
    result->measured_ns += 1 * S;
}

/* A side of SCENE_SECONDS; every second is a little different. */
static void fill_side(struct bench_scene *scene, unsigned side, uint64_t base,
                      uint64_t n, unsigned stalled_second)
{
    struct bench_side_result *result = &scene->result.sides[side];

    result->response = make(scene);
    result->service = make(scene);
    result->connect = latency(scene, 4 * base, scene->plan.connections);
    result->intervals = scene->intervals[side];
    result->heat = scene->heats[side] = calloc(1, sizeof(struct heat));
    assert_non_null(result->heat);
    for (unsigned i = 0; i < SCENE_SECONDS; i++)
        add_second(scene, side, base + base * (i * 7 % 11) / 100,
                   n - n * (i * 5 % 7) / 100,
                   i + 1 == stalled_second ? 500 * MS : 0);
    if (scene->plan.weights[BENCH_SET] && scene->plan.weights[BENCH_GET]) {
        result->by_command[BENCH_SET] =
            latency(scene, base + base / 8, result->requests / 11);
        result->by_command[BENCH_GET] =
            latency(scene, base, result->requests - result->requests / 11);
    }
}

static struct bench_address_result *add_address(struct bench_scene *scene,
                                                unsigned side, const char *text,
                                                uint64_t base, uint64_t n)
{
    struct bench_side_result *result = &scene->result.sides[side];
    struct bench_address_result *address =
        &result->addresses[result->naddresses++];

    assert_true(net_addr_parse(text, 6379, &address->addr));
    address->connections = 25;
    address->requests = n;
    address->response = latency(scene, base, n);
    address->rtt_us = (uint32_t)(base / US) - 12;
    address->min_rtt_us = (uint32_t)(base / US) / 2;
    return address;
}

void bench_scene_closed(struct bench_scene *scene)
{
    begin(scene, "cache.example:6379");
    fill_side(scene, 0, 212 * US, 61700, 0);
    add_address(scene, 0, "198.18.1.69", 212 * US, 616000);
    add_address(scene, 0, "198.18.2.69", 221 * US, 614000);
}

void bench_scene_stall(struct bench_scene *scene)
{
    struct bench_side_result *side = &scene->result.sides[0];

    begin(scene, "198.18.1.69:6379");
    scene->plan.rate = 10000;
    scene->plan.threads = 2;
    scene->plan.weights[BENCH_SET] = 0;
    fill_side(scene, 0, 140 * US, 10000, 8);
    side->offered = 200000;
    side->owed = 6000;
    side->late = latency(scene, 9 * US, 194000);
    add_address(scene, 0, "198.18.1.69", 140 * US, 194000);
}

void bench_scene_zones(struct bench_scene *scene)
{
    struct bench_side_result *side = &scene->result.sides[0];
    struct bench_address_result *address = NULL;

    begin(scene, "<script>alert(1)</script>\x1b[2J.example:6379");
    scene->plan.pipeline = 16;
    scene->plan.reconnect = false;
    fill_side(scene, 0, 300 * US, 9000, 0);
    add_address(scene, 0, "198.18.1.69", 300 * US, 60000);
    address = add_address(scene, 0, "198.18.2.69", 1100 * US, 58000);
    address->min_rtt_us = 900;
    address = add_address(scene, 0, "fd00::3:69", 310 * US, 59000);
    address->retransmits = 41;
    address->errors = 12;
    side->errors = 12;
    side->errors_by_cause[NET_TIMEOUT] = 3;
    side->errors_by_cause[cause_of_resp(RESP_ERR_NOPERM)] = 4;
    side->errors_by_cause[cause_of_resp(RESP_ERR_NOAUTH)] = 5;
    strncpy(side->first_error,
            "NOPERM </script><img src=x onerror=alert(2)> \"\x1b]0;x\a\xff",
            sizeof(side->first_error) - 1);
    side->reconnects = 2;
    side->lost_in_flight = 3;
}

static struct bench_difference difference(double a, double b, double low,
                                          double high)
{
    return (struct bench_difference){ a, b, a - b, low, high };
}

void bench_scene_pair(struct bench_scene *scene)
{
    struct bench_result *result = &scene->result;

    begin(scene, "direct.example:6379");
    result->nsides = scene->plan.nsides = 2;
    scene->plan.sides[1].name = "vpce-0db.example:6379";
    fill_side(scene, 0, 212 * US, 61700, 0);
    fill_side(scene, 1, 301 * US, 43100, 13);
    add_address(scene, 0, "10.0.0.5", 212 * US, 1196000);
    add_address(scene, 1, "198.18.1.69", 300 * US, 418000);
    add_address(scene, 1, "198.18.2.69", 303 * US, 417000);
    result->ncomparisons = 1;
    result->comparisons[0] = (struct bench_comparison){
        .a = 0,
        .b = 1,
        .p50_us = difference(241.6, 343.1, -109.2, -93.7),
        .p99_us = difference(742, 1051, -5012, 4211),
        .throughput = difference(59900.5, 41800.1, 17200.9, 18800.2),
        .significant = true,
    };
    result->noise_p50_us = 3.1;
    result->noise_p99_us = 88;
    result->client.bound = true;
    strncpy(result->client.reason, "97 % of a processor, 3.1 ms late at p99",
            sizeof(result->client.reason) - 1);
    scene->assertions[0] = (struct bench_assertion){
        "a.p99<2ms", 1.7, "ms", true, true,
    };
    scene->assertions[1] = (struct bench_assertion){
        "diff.p50<10%", 42.01, "%", true, false,
    };
    scene->assertions[2] = (struct bench_assertion){
        "b.connect.p99<1ms", 0, "ms", false, false,
    };
    result->assertions = scene->assertions;
    result->nassertions = 3;
}

void bench_scene_three(struct bench_scene *scene)
{
    static const double infinite = (double)__builtin_inf();
    static const char *const names[] = { "direct.example:6379",
                                         "peering.example:6379",
                                         "vpce-0db.example:6379" };
    struct bench_result *result = &scene->result;

    begin(scene, names[0]);
    scene->plan.weights[BENCH_SET] = 0;
    scene->plan.weights[BENCH_GET] = 0;
    scene->plan.weights[BENCH_PING] = 1;
    result->nsides = scene->plan.nsides = 3;
    for (unsigned i = 0; i < 3; i++) {
        uint64_t base = (200 + 50 * i) * US;

        scene->plan.sides[i].name = names[i];
        fill_side(scene, i, base, 10000 - 1500 * i, 0);
        add_address(scene, i, "10.0.0.5", base, 190000);
    }
    result->ncomparisons = 2;
    for (unsigned i = 0; i < 2; i++)
        result->comparisons[i] = (struct bench_comparison){
            .a = 0,
            .b = i + 1,
            .p50_us = difference(230, 280 + 50 * i, -infinite, infinite),
            .p99_us = difference(700, 690, -infinite, infinite),
            .throughput = difference(10000, 10000, -infinite, infinite),
        };
    result->noise_p50_us = result->noise_p99_us = infinite;
}

void bench_scene_nothing(struct bench_scene *scene)
{
    struct bench_side_result *side = &scene->result.sides[0];

    begin(scene, "silent.example:6379");
    scene->plan.requests = 1000;
    scene->plan.duration_ns = 0;
    scene->result.interrupted = true;
    scene->result.client = (struct bench_client){ 0 };
    side->response = make(scene);
    side->errors = 50;
    side->errors_by_cause[NET_TIMEOUT] = 50;
    side->measured_ns = 3 * S;
    side->naddresses = 1;
    assert_true(net_addr_parse("198.18.3.69", 6379, &side->addresses[0].addr));
}

void bench_scene_free(struct bench_scene *scene)
{
    for (unsigned i = 0; i < scene->npool; i++)
        free(scene->pool[i]);
    for (unsigned i = 0; i < SCENE_SIDES; i++)
        free(scene->heats[i]);
    memset(scene, 0, sizeof(*scene));
}
