/*
 * test_bottleneck.c -- when the client is called the bottleneck, and when not.
 */
#include "bench/client.h"
#include "support/unit.h"

#include <stdlib.h>
#include <string.h>

#define MS UINT64_C(1000000)

static struct bench_result *result;
static struct histogram *lag;

static int set_up(void **state)
{
    (void)state;
    result = calloc(1, sizeof(*result));
    lag = calloc(1, sizeof(*lag));
    if (!result || !lag)
        return -1;
    result->nsides = 1;
    result->sides[0].response = calloc(1, sizeof(struct histogram));
    return result->sides[0].response ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    bench_result_free(result);
    free(result);
    free(lag);
    return 0;
}

/* A run of a second; of `ticks` so many were late by `lag_ns`. */
static const struct bench_client *judged(double busy, uint64_t ticks,
                                         uint64_t late, uint64_t lag_ns,
                                         uint64_t p99_ns)
{
    static const struct bench_plan plan = { .threads = 2 };
    uint64_t cpu_ns[] = { 1000, (uint64_t)(busy * 1e9) };

    result->client = (struct bench_client){ .bound = false };
    histogram_reset(lag);
    histogram_reset(result->sides[0].response);
    if (late > 0)
        histogram_record(lag, lag_ns, late);
    if (p99_ns > 0) {
        histogram_record(result->sides[0].response, p99_ns / 10, 90);
        histogram_record(result->sides[0].response, p99_ns, 10);
    }
    client_judge(&plan, cpu_ns, 1000 * MS, lag, ticks, result);
    return &result->client;
}

static void each_sign_is_enough_and_none_is_chance(void **state)
{
    static const struct {
        double busy;
        uint64_t ticks, late, lag_ns, p99_ns;
        const char *reason; /* NULL: not bound */
    } rows[] = {
        { 0.5, 100, 0, 0, 5 * MS, NULL },
        { 0.96, 100, 0, 0, 5 * MS, "busy for 96 %" },
        { 1.02, 100, 0, 0, 5 * MS, "busy for 100 %" },
        /* one time in ten, whatever it made of latencies */
        { 0.5, 100, 20, 12 * MS, 500 * MS, "one time in ten" },
        { 0.5, 100, 20, 9 * MS, 500 * MS, NULL },
        { 0.5, 100, 9, 12 * MS, 500 * MS, NULL },
        /* one time in a hundred, and most of p99 */
        { 0.5, 1000, 20, 40 * MS, 50 * MS, "the loop woke up 40.0 ms late" },
        { 0.5, 1000, 20, 40 * MS, 200 * MS, NULL },
        { 0.5, 1000, 9, 40 * MS, 50 * MS, NULL },
        { 0.5, 1000, 20, 4 * MS, 5 * MS, NULL },
        /* too few to say */
        { 0.5, 40, 2, 40 * MS, 50 * MS, NULL },
        { 0.5, 40, 3, 40 * MS, 50 * MS, NULL },
        { 0.5, 40, 4, 40 * MS, 50 * MS, "the loop woke up 40.0 ms late" },
        { 0.5, 0, 0, 0, 5 * MS, NULL },
        { 0.5, 1000, 20, 40 * MS, 0, NULL },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const struct bench_client *client =
            judged(rows[i].busy, rows[i].ticks, rows[i].late, rows[i].lag_ns,
                   rows[i].p99_ns);

        assert_int_equal(client->bound, rows[i].reason != NULL);
        if (rows[i].reason)
            assert_non_null(strstr(client->reason, rows[i].reason));
        else
            assert_string_equal(client->reason, "");
    }
}

/* An open loop is held to less: its schedule is what a lag breaks. */
static void late_sends_are_evidence_beside_the_lag(void **state)
{
    struct histogram *late = calloc(1, sizeof(*late));

    (void)state;
    assert_non_null(late);
    result->sides[0].late = late;
    histogram_record(late, 450 * MS, 100);
    /* a server that stood still makes sends late, too */
    assert_false(judged(0.5, 1000, 20, 2 * MS, 460 * MS)->bound);
    histogram_reset(late);
    histogram_record(late, 3 * MS, 100);
    assert_false(judged(0.5, 1000, 20, MS / 2, MS / 2)->bound);
    assert_true(judged(0.5, 1000, 20, 4 * MS, 5 * MS)->bound);
    assert_non_null(strstr(result->client.reason, "left 3.0 ms late"));
    assert_true(strlen(result->client.reason) + 1 <
                sizeof(result->client.reason));
}

static void what_it_used_is_told(void **state)
{
    const struct bench_client *client = judged(0.5, 1000, 20, 4 * MS, 500 * MS);

    (void)state;
    assert_true(client->cpu_s > 0.5 && client->cpu_s < 0.501);
    assert_true(client->wall_s == 1);
    assert_in_range(client->loop_lag_ns, 4 * MS, 4 * MS + 4096);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_sign_is_enough_and_none_is_chance),
        TEST(late_sends_are_evidence_beside_the_lag),
        TEST(what_it_used_is_told),
    };

    return cmocka_run_group_tests_name("bottleneck", tests, NULL, NULL);
}
