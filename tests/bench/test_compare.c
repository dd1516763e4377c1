/*
 * test_compare.c -- what slices say: intervals that cover, sides told apart,
 * noise that is none of a difference.
 */
#include "bench/bootstrap.h"
#include "bench/compare.h"
#include "support/unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS ((size_t)40)

static struct bench_result *result;
static uint64_t state_of_draws;

/* splitmix64 again, as good noise as any. */
static double draw(void)
{
    uint64_t z = state_of_draws += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (double)((z ^ (z >> 31)) >> 11) / 9007199254740992.0;
}

/* About normal, with mean 0 and deviation 1. */
static double noise(void)
{
    double sum = 0;

    for (int i = 0; i < 12; i++)
        sum += draw();
    return sum - 6;
}

static int make_result(void **state)
{
    (void)state;
    state_of_draws = 1;
    result = calloc(1, sizeof(*result));
    assert_non_null(result);
    return 0;
}

static int free_result(void **state)
{
    (void)state;
    for (unsigned i = 0; i < BENCH_SIDES_MAX; i++)
        free(result->sides[i].slices);
    free(result);
    return 0;
}

/* A side of `rounds` slices around so many microseconds. */
static struct bench_side_result *add_side(size_t rounds, double p50_us,
                                          double spread_us)
{
    struct bench_side_result *side = &result->sides[result->nsides++];

    side->slices = calloc(rounds ? rounds : 1, sizeof(*side->slices));
    assert_non_null(side->slices);
    side->nslices = rounds;
    for (size_t i = 0; i < rounds; i++) {
        double us = p50_us + spread_us * noise();

        side->slices[i] =
            (struct bench_slice){ .round = (unsigned)i,
                                  .ns = 100000000,
                                  .requests = (uint64_t)(1e6 / us),
                                  .p50_ns = (uint64_t)(us * 1000),
                                  .p99_ns = (uint64_t)(us * 3000) };
    }
    return side;
}

static void one_side_is_compared_with_nothing(void **state)
{
    (void)state;
    add_side(ROUNDS, 100, 5);
    result->ncomparisons = 7;
    bench_compare(result, 1);
    assert_int_equal(result->ncomparisons, 0);
}

static void a_clear_difference_is_found(void **state)
{
    const struct bench_comparison *c = &result->comparisons[0];

    (void)state;
    add_side(ROUNDS, 120, 10);
    add_side(ROUNDS, 100, 10);
    bench_compare(result, 1);
    assert_int_equal(result->ncomparisons, 1);
    assert_int_equal(c->a, 0);
    assert_int_equal(c->b, 1);
    assert_true(c->significant);
    assert_true(c->p50_us.low > 10 && c->p50_us.high < 30);
    assert_true(c->p50_us.low < c->p50_us.difference);
    assert_true(c->p50_us.difference < c->p50_us.high);
    assert_true(c->p99_us.low > 30 && c->p99_us.high < 90);
    assert_true(c->throughput.high < 0);
    assert_true(fabs(c->p50_us.a - c->p50_us.b - c->p50_us.difference) < 1e-6);
    assert_true(fabs(c->p50_us.a - 120) < 6 && fabs(c->p50_us.b - 100) < 6);
}

static void each_other_side_is_compared_with_the_first(void **state)
{
    (void)state;
    add_side(ROUNDS, 100, 5);
    add_side(ROUNDS, 150, 5);
    add_side(ROUNDS, 50, 5);
    bench_compare(result, 1);
    assert_int_equal(result->ncomparisons, 2);
    assert_int_equal(result->comparisons[1].b, 2);
    assert_true(result->comparisons[0].p50_us.high < 0);
    assert_true(result->comparisons[1].p50_us.low > 0);
}

static void the_same_seed_gives_the_same_intervals(void **state)
{
    struct bench_comparison once;

    (void)state;
    add_side(ROUNDS, 100, 10);
    add_side(ROUNDS, 100, 10);
    bench_compare(result, 7);
    once = result->comparisons[0];
    bench_compare(result, 7);
    assert_true(once.p50_us.low == result->comparisons[0].p50_us.low);
    assert_true(once.p99_us.high == result->comparisons[0].p99_us.high);
    bench_compare(result, 8);
    assert_true(once.p50_us.low != result->comparisons[0].p50_us.low);
}

/* 150 runs of two equal sides: a real difference is seen in few of them. */
static void equal_sides_are_rarely_told_apart(void **state)
{
    unsigned wrong = 0, outside = 0;

    (void)state;
    for (unsigned run = 0; run < 150; run++) {
        result->nsides = 0;
        add_side(ROUNDS / 2, 100, 10);
        add_side(ROUNDS / 2, 100, 10);
        bench_compare(result, run);
        wrong += result->comparisons[0].significant;
        outside += result->comparisons[0].p50_us.low > 0 ||
                   result->comparisons[0].p50_us.high < 0;
        free(result->sides[0].slices);
        free(result->sides[1].slices);
        result->sides[0].slices = result->sides[1].slices = NULL;
    }
    /* 5 % are 7.5; three deviations are 8. */
    assert_true(outside >= 1 && outside <= 15);
    assert_true(wrong <= outside);
}

/* The machine slows down tenfold while both run: nothing of the difference. */
static void drift_hits_both_sides(void **state)
{
    struct bench_side_result *a = add_side(ROUNDS, 100, 0);
    struct bench_side_result *b = add_side(ROUNDS, 100, 0);

    (void)state;
    for (size_t i = 0; i < ROUNDS; i++) {
        uint64_t drift = UINT64_C(25000) * i;

        a->slices[i].p50_ns += drift + (uint64_t)(draw() * 2000);
        b->slices[i].p50_ns += drift + 5000 + (uint64_t)(draw() * 2000);
    }
    bench_compare(result, 1);
    assert_true(result->comparisons[0].significant);
    assert_true(result->comparisons[0].p50_us.high < -3);
    assert_true(result->comparisons[0].p50_us.low > -7);
}

static void only_whole_rounds_of_both_count(void **state)
{
    struct bench_side_result *a = add_side(ROUNDS, 100, 1);
    struct bench_side_result *b = add_side(ROUNDS, 100, 1);

    (void)state;
    for (size_t i = 0; i < ROUNDS; i += 4) {
        a->slices[i].requests = 0;
        a->slices[i].p50_ns = a->slices[i].p99_ns = 0;
    }
    memmove(&b->slices[5], &b->slices[6], (ROUNDS - 6) * sizeof(*b->slices));
    b->nslices--;
    b->slices[ROUNDS - 2].ns = 0;
    bench_compare(result, 1);
    assert_false(result->comparisons[0].significant);
    assert_true(fabs(result->comparisons[0].p50_us.a - 100) < 2);
    assert_true(isfinite(result->comparisons[0].p50_us.low));
}

static void few_rounds_prove_nothing(void **state)
{
    (void)state;
    for (size_t rounds = 0; rounds < BOOTSTRAP_LEAST; rounds++) {
        result->nsides = 0;
        add_side(rounds, 1000, 0);
        add_side(rounds, 1, 0);
        bench_compare(result, 1);
        assert_false(result->comparisons[0].significant);
        assert_true(isinf(result->comparisons[0].p50_us.low));
        assert_true(isinf(result->comparisons[0].p50_us.high));
        assert_true(!isnan(result->comparisons[0].p50_us.a));
        free(result->sides[0].slices);
        free(result->sides[1].slices);
        result->sides[0].slices = result->sides[1].slices = NULL;
    }
}

static void noise_is_what_a_side_differs_from_itself(void **state)
{
    (void)state;
    add_side(ROUNDS, 100, 0);
    add_side(ROUNDS, 100, 10);
    bench_compare(result, 1);
    assert_true(result->noise_p50_us >= 0 && result->noise_p50_us < 0.1);
    free(result->sides[0].slices);
    free(result->sides[1].slices);
    result->sides[0].slices = result->sides[1].slices = NULL;
    result->nsides = 0;
    add_side(ROUNDS, 100, 10);
    add_side(ROUNDS, 100, 0);
    bench_compare(result, 1);
    assert_true(result->noise_p50_us > 1 && result->noise_p50_us < 20);
    assert_true(result->noise_p99_us > result->noise_p50_us);
}

static void a_steady_drift_is_no_noise(void **state)
{
    struct bench_side_result *a = add_side(ROUNDS, 100, 0);

    (void)state;
    add_side(ROUNDS, 100, 0);
    for (size_t i = 0; i < ROUNDS; i++)
        a->slices[i].p50_ns += UINT64_C(1000) * i;
    bench_compare(result, 1);
    assert_true(result->noise_p50_us < 0.7);
}

/* Of 400 intervals of 95 %, some 380 hold the truth: also of few values. */
static void intervals_cover_as_often_as_they_say(void **state)
{
    static const size_t sizes[] = { 6, 30 };

    (void)state;
    state_of_draws = 42;
    for (size_t s = 0; s < ARRAY_SIZE(sizes); s++) {
        unsigned covered = 0, of_three = 0;

        for (unsigned run = 0; run < 400; run++) {
            double values[30];
            struct bootstrap b;

            for (size_t i = 0; i < sizes[s]; i++)
                values[i] = 3 + 2 * noise();
            assert_true(bootstrap_mean(values, sizes[s], run, &b));
            covered += b.low <= 3 && b.high >= 3;
            of_three += b.low_of_three <= 3 && b.high_of_three >= 3;
        }
        if (covered < 365 || covered > 393)
            fail_msg("%zu values: %u of 400", sizes[s], covered);
        if (of_three < 384)
            fail_msg("%zu values: %u of 400 in three", sizes[s], of_three);
        assert_true(of_three > covered);
    }
}

static void long_runs_are_bounded(void **state)
{
    enum { MANY = 50000 };
    double *values = calloc(MANY, sizeof(*values));
    struct bootstrap b;

    (void)state;
    assert_non_null(values);
    for (size_t i = 0; i < MANY; i++)
        values[i] = noise();
    assert_true(bootstrap_mean(values, MANY, 1, &b));
    assert_true(b.high - b.low > 0.01 && b.high - b.low < 0.03);
    free(values);
}

int main(void)
{
#define WITH_RESULT(test)                                                      \
    cmocka_unit_test_setup_teardown(test, make_result, free_result)
    const struct CMUnitTest tests[] = {
        WITH_RESULT(one_side_is_compared_with_nothing),
        WITH_RESULT(a_clear_difference_is_found),
        WITH_RESULT(each_other_side_is_compared_with_the_first),
        WITH_RESULT(the_same_seed_gives_the_same_intervals),
        WITH_RESULT(equal_sides_are_rarely_told_apart),
        WITH_RESULT(drift_hits_both_sides),
        WITH_RESULT(only_whole_rounds_of_both_count),
        WITH_RESULT(few_rounds_prove_nothing),
        WITH_RESULT(noise_is_what_a_side_differs_from_itself),
        WITH_RESULT(a_steady_drift_is_no_noise),
        cmocka_unit_test(intervals_cover_as_often_as_they_say),
        cmocka_unit_test(long_runs_are_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
