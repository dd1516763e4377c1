/*
 * test_assert.c -- assertions: their words, and what meets them.
 */
#include "bench/compare.h"
#include "support/unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static char error[256];
static struct bench_assert got;

static bool parse(const char *text)
{
    error[0] = '\0';
    return bench_assert_parse(text, &got, error, sizeof(error));
}

static void assertions_are_understood(void **state)
{
    static const struct {
        const char *text;
        int side;
        enum bench_metric metric;
        double percentile;
        bool below, relative;
        double limit;
        const char *unit;
    } rows[] = {
        { "p99<2ms", 0, BENCH_METRIC_PERCENTILE, 99, true, false, 2000, "ms" },
        { "p50<250", 0, BENCH_METRIC_PERCENTILE, 50, true, false, 250, "us" },
        { "p99.99>1.5s", 0, BENCH_METRIC_PERCENTILE, 99.99, false, false,
          1500000, "s" },
        { "a.max<1m", 0, BENCH_METRIC_MAX, 0, true, false, 60e6, "m" },
        { "b.mean < 300us", 1, BENCH_METRIC_MEAN, 0, true, false, 300, "us" },
        { "h.p0<1", 7, BENCH_METRIC_PERCENTILE, 0, true, false, 1, "us" },
        { "throughput>50k", 0, BENCH_METRIC_THROUGHPUT, 0, false, false, 50000,
          "k" },
        { "throughput>1.5m", 0, BENCH_METRIC_THROUGHPUT, 0, false, false, 1.5e6,
          "m" },
        { "errors<1", 0, BENCH_METRIC_ERRORS, 0, true, false, 1, "" },
        { "b.errors<0.1%", 1, BENCH_METRIC_ERRORS, 0, true, true, 0.001, "%" },
        { "rate_achieved>99.5%", 0, BENCH_METRIC_RATE, 0, false, true, 0.995,
          "%" },
        { "rate_achieved>9950", 0, BENCH_METRIC_RATE, 0, false, false, 9950,
          "" },
        { "connect.p99<5ms", 0, BENCH_METRIC_CONNECT, 99, true, false, 5000,
          "ms" },
        { "c.connect.p50<5ms", 2, BENCH_METRIC_CONNECT, 50, true, false, 5000,
          "ms" },
        { "diff.p99<300us", -1, BENCH_METRIC_PERCENTILE, 99, true, false, 300,
          "us" },
        { "diff.p50<10%", -1, BENCH_METRIC_PERCENTILE, 50, true, true, 0.1,
          "%" },
        { "diff.throughput>-5%", -1, BENCH_METRIC_THROUGHPUT, 0, false, true,
          -0.05, "%" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        if (!parse(rows[i].text))
            fail_msg("%s: %s", rows[i].text, error);
        assert_int_equal(got.side, rows[i].side);
        assert_int_equal(got.metric, rows[i].metric);
        assert_true(got.percentile == rows[i].percentile);
        assert_int_equal(got.below, rows[i].below);
        assert_int_equal(got.relative, rows[i].relative);
        assert_true(fabs(got.limit - rows[i].limit) <=
                    fabs(rows[i].limit) * 1e-12);
        assert_string_equal(got.unit, rows[i].unit);
    }
}

static void the_text_is_kept_without_blanks(void **state)
{
    (void)state;
    assert_true(parse(" p99 < 2ms "));
    assert_string_equal(got.text, "p99<2ms");
}

static void what_is_no_assertion_is_told_in_one_line(void **state)
{
    static const char *const rows[] = {
        "",           "p99",           "p99<",          "p99=2ms",
        "p<2ms",      "p101<2ms",      "p99.<2ms",      "p99<2 s x",
        "i.p99<2ms",  "z<1",           "p99<-2ms",      "p99<2h",
        "p99<10%",    "errors<1ms",    "throughput<2s", "throughput<1%",
        "diff.max<1", "diff.p99.9<1%", "diff.errors<1", "connect.max<1",
        "connect<1",  "p99<<2ms",      "p99<2ms!",      "p99<1e3ms",
        "P99<2ms",    "mean<",         "a.b.p99<2ms",   "p99<.5ms",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        if (parse(rows[i]))
            fail_msg("\"%s\" passes", rows[i]);
        assert_true(error[0] != '\0' && !strpbrk(error, "\r\n"));
    }
}

static void a_text_of_any_length_is_refused_or_whole(void **state)
{
    char text[200];

    (void)state;
    memset(text, '9', sizeof(text));
    memcpy(text, "p9<", 3);
    for (size_t n = 4; n < sizeof(text); n++) {
        char keep = text[n];

        text[n] = '\0';
        if (parse(text))
            assert_string_equal(got.text, text);
        text[n] = keep;
    }
}

/* A result of two sides: a has 1 ms, 2 ms, ... 100 ms; b nothing. */
static struct bench_result *result;
static struct bench_assertion outcomes[4];

static int make_result(void **state)
{
    struct bench_side_result *a;

    (void)state;
    result = calloc(1, sizeof(*result));
    assert_non_null(result);
    result->nsides = 2;
    result->assertions = outcomes;
    a = &result->sides[0];
    a->response = calloc(1, sizeof(*a->response));
    a->connect = calloc(1, sizeof(*a->connect));
    assert_non_null(a->response);
    assert_non_null(a->connect);
    for (uint64_t i = 1; i <= 100; i++)
        histogram_record(a->response, i * 1000000, 1);
    histogram_record(a->connect, 3000000, 10);
    a->requests = 999;
    a->errors = 1;
    a->measured_ns = 2000000000;
    a->offered = 1000;
    result->ncomparisons = 1;
    result->comparisons[0] = (struct bench_comparison){
        .b = 1,
        .p50_us = { 150, 100, 50, 40, 60 },
        .p99_us = { 900, 1000, -100, -250, 50 },
        .throughput = { 500, 1000, -500, -600, -400 },
    };
    return 0;
}

static int free_result(void **state)
{
    (void)state;
    free(result->sides[0].response);
    free(result->sides[0].connect);
    free(result);
    return 0;
}

static bool met(const char *text)
{
    if (!parse(text))
        fail_msg("%s: %s", text, error);
    return bench_assert_check(&got, 1, result);
}

static void what_a_side_measured_meets_or_not(void **state)
{
    static const struct {
        const char *text;
        bool met;
        double actual; /* to one part in 500 */
    } rows[] = {
        { "p50<51ms", true, 50 },
        { "p50<50ms", false, 50 }, /* its slot reaches beyond */
        { "p99>98ms", true, 99 },
        { "p99>99000", true, 99000 },
        { "max<101ms", true, 100 },
        { "max<99ms", false, 100 },
        { "mean<51ms", true, 50.5 },
        { "mean<0.05s", false, 0.0505 },
        { "connect.p99<4ms", true, 3 },
        { "throughput>499", true, 499.5 },
        { "throughput>0.5k", false, 0.4995 },
        { "errors<2", true, 1 },
        { "errors<1", false, 1 },
        { "errors<0.2%", true, 0.1 },
        { "errors<0.05%", false, 0.1 },
        { "rate_achieved>99%", true, 99.9 },
        { "rate_achieved>490", true, 499.5 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        double actual = rows[i].actual;

        if (met(rows[i].text) != rows[i].met)
            fail_msg("%s: %f", rows[i].text, outcomes[0].actual);
        assert_true(outcomes[0].known);
        assert_int_equal(outcomes[0].met, rows[i].met);
        if (outcomes[0].actual < actual * 0.998 ||
            outcomes[0].actual > actual * 1.002)
            fail_msg("%s: %f", rows[i].text, outcomes[0].actual);
    }
}

static void of_a_difference_the_whole_interval_must_hold(void **state)
{
    (void)state;
    assert_true(met("diff.p50<61us"));
    assert_false(met("diff.p50<55us"));
    assert_true(met("diff.p50>39us"));
    assert_false(met("diff.p50>45us"));
    assert_true(met("diff.p50<61%"));
    assert_false(met("diff.p50<55%"));
    assert_true(met("diff.p99<51us"));
    assert_false(met("diff.p99>-200us"));
    assert_true(met("diff.throughput>-61%"));
    assert_false(met("diff.throughput>-55%"));
    assert_true(outcomes[0].actual > -60.01 && outcomes[0].actual < -59.99);
}

static void what_was_not_measured_is_not_met(void **state)
{
    static const char *const rows[] = {
        "b.p99<1s",         "b.max<1m",           "b.mean<1m",
        "b.connect.p50<1m", "b.errors<1",         "b.errors<100%",
        "b.throughput<1m",  "b.rate_achieved>0%", "c.p50<1m",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_false(met(rows[i]));
        assert_false(outcomes[0].known);
    }
    result->ncomparisons = 0;
    assert_false(met("diff.p99<1m"));
}

static void all_must_be_met(void **state)
{
    static const char *const texts[] = { "p50<51ms", "p99<1ms", "max<1s" };
    struct bench_assert asserts[3];

    (void)state;
    for (size_t i = 0; i < 3; i++)
        assert_true(
            bench_assert_parse(texts[i], &asserts[i], error, sizeof(error)));
    assert_false(bench_assert_check(asserts, 3, result));
    assert_int_equal(result->nassertions, 3);
    assert_true(outcomes[0].met && !outcomes[1].met && outcomes[2].met);
    assert_string_equal(outcomes[1].text, "p99<1ms");
    assert_string_equal(outcomes[1].unit, "ms");
    assert_true(bench_assert_check(asserts, 1, result));
    assert_true(bench_assert_check(asserts, 0, result));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(assertions_are_understood),
        cmocka_unit_test(the_text_is_kept_without_blanks),
        cmocka_unit_test(what_is_no_assertion_is_told_in_one_line),
        cmocka_unit_test(a_text_of_any_length_is_refused_or_whole),
        cmocka_unit_test_setup_teardown(what_a_side_measured_meets_or_not,
                                        make_result, free_result),
        cmocka_unit_test_setup_teardown(
            of_a_difference_the_whole_interval_must_hold, make_result,
            free_result),
        cmocka_unit_test_setup_teardown(what_was_not_measured_is_not_met,
                                        make_result, free_result),
        cmocka_unit_test_setup_teardown(all_must_be_met, make_result,
                                        free_result),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
