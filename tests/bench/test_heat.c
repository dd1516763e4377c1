/*
 * test_heat.c -- every latency is in one bucket, whatever the length of the
 * run; and its columns stay in order.
 */
#include "bench/heat.h"
#include "support/unit.h"

#include <stdlib.h>
#include <string.h>

static struct heat *heat;
static struct histogram *second;

static int set_up(void **state)
{
    (void)state;
    heat = calloc(1, sizeof(*heat));
    second = calloc(1, sizeof(*second));
    return heat && second ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    free(heat);
    free(second);
    return 0;
}

static void buckets_are_an_eighth_of_a_power(void **state)
{
    static const struct {
        uint64_t ns;
        unsigned bucket;
    } rows[] = {
        { 0, 24 },
        { 1, 24 },
        { 8, 24 },
        { 9, 25 },
        { 15, 31 },
        { 16, 32 },
        { 17, 32 },
        { 18, 33 },
        { 1000, 79 },
        { 1024, 80 },
        { HISTOGRAM_HIGHEST, 41 * 8 + 5 },
        { UINT64_MAX, HEAT_BUCKETS - 1 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        assert_int_equal(heat_bucket(rows[i].ns), rows[i].bucket);
}

static void a_second_without_latencies_is_a_column(void **state)
{
    (void)state;
    heat_add(heat, 1, 0.5, second);
    assert_int_equal(heat->ncolumns, 1);
    assert_true(heat->columns[0].length_s == 0.5);
    for (unsigned i = 0; i < HEAT_BUCKETS; i++)
        assert_int_equal(heat->columns[0].counts[i], 0);
}

static void check_columns(unsigned seconds)
{
    unsigned sum = 0;

    assert_in_range(heat->ncolumns, 1, HEAT_COLUMNS);
    for (unsigned i = 0; i < heat->ncolumns; i++) {
        const struct heat_column *column = &heat->columns[i];

        sum += column->seconds;
        assert_true(column->at_s == sum);
        assert_true(column->length_s == column->seconds);
        assert_int_equal(column->counts[79], 3 * column->seconds);
        assert_int_equal(column->seconds, i + 1 < heat->ncolumns
                                              ? heat->columns[0].seconds
                                              : column->seconds);
    }
    assert_int_equal(sum, seconds);
}

static void no_second_is_lost_in_a_long_run(void **state)
{
    static const unsigned looks[] = {
        1, 599, 600, 601, 1200, 1201, 3600, 9999
    };
    unsigned seconds = 0;

    (void)state;
    histogram_record(second, 1000, 3);
    for (size_t i = 0; i < ARRAY_SIZE(looks); i++) {
        for (; seconds < looks[i]; seconds++)
            heat_add(heat, seconds + 1, 1, second);
        check_columns(seconds);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(buckets_are_an_eighth_of_a_power),
        TEST(a_second_without_latencies_is_a_column),
        TEST(no_second_is_lost_in_a_long_run),
    };

    return cmocka_run_group_tests_name("heat", tests, NULL, NULL);
}
