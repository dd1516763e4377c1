/*
 * test_latency.c -- a step is told, noise is not.
 */
#include "support/unit.h"

#include <string.h>

#include "watch/latency.h"

/* `n` samples of about `us`, each some per cent beside it, always the same. */
static unsigned add_many(struct latency *latency, unsigned n, uint32_t us,
                         struct latency_step *step)
{
    static const uint8_t beside[] = { 0, 7, 3, 9, 1, 5, 8, 2, 6, 4 };
    unsigned steps = 0;

    for (unsigned i = 0; i < n; i++)
        steps += latency_add(latency, us + us * beside[i % 10] / 100, step);
    return steps;
}

static void a_step_up_is_told_once(void **state)
{
    struct latency latency = { 0 };
    struct latency_step step = { 0 };

    (void)state;
    assert_int_equal(add_many(&latency, 20, 1000, &step), 0);
    assert_int_equal(add_many(&latency, 5, 3000, &step), 0);
    assert_int_equal(add_many(&latency, 1, 3000, &step), 1);
    assert_in_range(step.from_us, 1000, 1100);
    assert_in_range(step.to_us, 3000, 3300);
    assert_int_equal(add_many(&latency, 100, 3000, &step), 0);
}

static void a_step_down_is_told_as_well(void **state)
{
    struct latency latency = { 0 };
    struct latency_step step;

    (void)state;
    (void)add_many(&latency, 20, 9000, &step);
    assert_int_equal(add_many(&latency, 6, 3000, &step), 1);
    assert_true(step.to_us < step.from_us);
}

static void the_way_back_is_told_after_a_few_samples(void **state)
{
    struct latency latency = { 0 };
    struct latency_step step;

    (void)state;
    (void)add_many(&latency, 20, 1000, &step);
    assert_int_equal(add_many(&latency, 6, 5000, &step), 1);
    assert_int_equal(add_many(&latency, 6, 1000, &step), 1);
    assert_in_range(step.to_us, 1000, 1100);
}

static void single_slow_samples_are_no_step(void **state)
{
    struct latency latency = { 0 };
    struct latency_step step;

    (void)state;
    for (unsigned i = 0; i < 50; i++) {
        assert_int_equal(add_many(&latency, 9, 1000, &step), 0);
        assert_false(latency_add(&latency, 250000, &step));
    }
}

static void a_difference_below_noise_is_no_step(void **state)
{
    struct latency latency = { 0 };
    struct latency_step step;

    (void)state;
    (void)add_many(&latency, 20, 100, &step);
    assert_int_equal(add_many(&latency, 20, 250, &step), 0);
}

static void a_third_more_is_no_step(void **state)
{
    struct latency latency = { 0 };
    struct latency_step step;

    (void)state;
    (void)add_many(&latency, 20, 10000, &step);
    assert_int_equal(add_many(&latency, 20, 13000, &step), 0);
}

static void too_few_samples_prove_nothing(void **state)
{
    struct latency latency = { 0 };
    struct latency_step step;

    (void)state;
    (void)add_many(&latency, 9, 1000, &step);
    assert_int_equal(add_many(&latency, 5, 9000, &step), 0);
}

/* Wide and without a step: a bounded number of false alarms, here none. */
static void noise_of_any_width_is_no_step(void **state)
{
    struct latency latency = { 0 };
    struct latency_step step;
    uint64_t random = 88172645463325252ULL;
    unsigned steps = 0;

    (void)state;
    for (unsigned i = 0; i < 20000; i++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        steps += latency_add(&latency, 500 + (uint32_t)(random % 20000), &step);
    }
    assert_true(steps <= 2);
}

static void the_median_of_nothing_is_none(void **state)
{
    struct latency latency = { 0 };
    struct latency_step step;

    (void)state;
    assert_int_equal(latency_median(&latency), 0);
    (void)latency_add(&latency, 7, &step);
    assert_int_equal(latency_median(&latency), 7);
    (void)latency_add(&latency, 9, &step);
    assert_int_equal(latency_median(&latency), 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_up_is_told_once),
        cmocka_unit_test(a_step_down_is_told_as_well),
        cmocka_unit_test(the_way_back_is_told_after_a_few_samples),
        cmocka_unit_test(single_slow_samples_are_no_step),
        cmocka_unit_test(a_difference_below_noise_is_no_step),
        cmocka_unit_test(a_third_more_is_no_step),
        cmocka_unit_test(too_few_samples_prove_nothing),
        cmocka_unit_test(noise_of_any_width_is_no_step),
        cmocka_unit_test(the_median_of_nothing_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
