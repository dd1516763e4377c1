/*
 * test_histogram.c -- slots, quantiles and moments as HdrHistogram has them.
 */
#include "bench/histogram.h"
#include "support/unit.h"

#include <stdbool.h>
#include <string.h>

/* The highest value that has a slot. */
#define LAYOUT_END (UINT64_C(1) << 42)

static struct histogram h, other, sum;

static int empty_all(void **state)
{
    (void)state;
    memset(&h, 0, sizeof(h));
    memset(&other, 0, sizeof(other));
    memset(&sum, 0, sizeof(sum));
    return 0;
}

static void assert_near(double actual, double expected, double tolerance)
{
    if (actual < expected - tolerance || actual > expected + tolerance)
        fail_msg("%.6f is not %.6f", actual, expected);
}

/* The formula of the libraries, step by step, to compare with. */
static uint32_t slot_by_the_book(uint64_t value)
{
    uint32_t b = 64U - (uint32_t)__builtin_clzll(value | 2047) - 11;
    uint32_t s = (uint32_t)(value >> b);

    return ((b + 1) << 10) + (s - 1024);
}

static void a_value_is_in_the_slot_of_the_libraries(void **state)
{
    static const struct {
        uint64_t value;
        uint32_t slot;
    } rows[] = {
        { 1, 1 },
        { 100, 100 },
        { 1023, 1023 },
        { 1024, 1024 },
        { 2047, 2047 },
        { 2048, 2048 },
        { 2049, 2048 },
        { 2050, 2049 },
        { 4095, 3071 },
        { 4096, 3072 },
        { 1234567, 11445 },
        { 500000000, 20339 },
        { 3599999999999, 33420 },
        { HISTOGRAM_HIGHEST, 33420 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        assert_int_equal(histogram_slot(rows[i].value), rows[i].slot);
    for (uint64_t value = 1; value < LAYOUT_END; value += value / 700 + 1)
        assert_int_equal(histogram_slot(value), slot_by_the_book(value));
    assert_int_equal(histogram_slot(LAYOUT_END - 1), HISTOGRAM_SLOTS - 1);
}

static void slots_follow_each_other_without_gaps(void **state)
{
    uint64_t next = 0;

    (void)state;
    for (uint32_t slot = 0; slot < HISTOGRAM_SLOTS; slot++) {
        assert_int_equal(histogram_slot_lowest(slot), next);
        next = histogram_slot_highest(slot) + 1;
        assert_int_equal(histogram_slot(next - 1), slot);
        assert_int_equal(histogram_slot(histogram_slot_lowest(slot)), slot);
    }
    assert_int_equal(next, LAYOUT_END);
}

static void a_slot_is_one_part_in_a_thousand_at_most(void **state)
{
    (void)state;
    for (uint32_t slot = 1; slot < HISTOGRAM_SLOTS; slot++) {
        uint64_t low = histogram_slot_lowest(slot);
        assert_true((histogram_slot_highest(slot) - low) * 1000 < low);
    }
}

static void record_all(struct histogram *into)
{
    static const uint64_t rows[][2] = {
        { 100, 1 },  { 2047, 2 },       { 2048, 3 },
        { 2049, 4 }, { 1234567, 1000 }, { 500000000, 300 },
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        histogram_record(into, rows[i][0], rows[i][1]);
}

static void the_example_has_the_figures_of_the_libraries(void **state)
{
    (void)state;
    record_all(&h);
    assert_int_equal(h.count, 1310);
    assert_int_equal(histogram_at(&h, 50), 1234943);
    assert_int_equal(histogram_at(&h, 99), 500170751);
    assert_int_equal(histogram_max(&h), 500170751);
    assert_int_equal(histogram_min(&h), 100);
    assert_int_equal(h.min, 100);
    assert_int_equal(h.max, 500000000);
    assert_near(histogram_mean(&h), 115455232.471, 0.001);
    assert_near(histogram_deviation(&h), 209600210.636, 0.001);
}

static void percentiles_stand_at_the_right_count(void **state)
{
    static const struct {
        double percentile;
        uint64_t value;
    } rows[] = {
        { 0, 1 },   { 1e-300, 1 },  { 0.4, 1 },   { 1, 1 },     { 1.01, 2 },
        { 2, 2 },   { 7, 7 },       { 14, 14 },   { 28, 28 },   { 29, 29 },
        { 50, 50 }, { 55, 55 },     { 56, 56 },   { 57, 57 },   { 58, 58 },
        { 99, 99 }, { 99.01, 100 }, { 100, 100 }, { 200, 100 }, { -1, 1 },
    };

    (void)state;
    for (uint64_t value = 1; value <= 100; value++)
        histogram_record(&h, value, 1);
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        assert_int_equal(histogram_at(&h, rows[i].percentile), rows[i].value);
}

/* 16.1 * 1000 / 100 is a bit more than 161 in doubles. */
static void a_product_that_is_a_bit_too_large_is_no_more(void **state)
{
    (void)state;
    for (uint64_t value = 1; value <= 1000; value++)
        histogram_record(&h, value, 1);
    assert_int_equal(histogram_at(&h, 16.1), 161);
}

static void percentile_0_is_the_lowest_of_its_slot(void **state)
{
    (void)state;
    histogram_record(&h, 4097, 1);
    assert_int_equal(histogram_at(&h, 0), 4096);
    assert_int_equal(histogram_at(&h, 0.001), 4099);
}

static void values_out_of_range_count_at_the_ends(void **state)
{
    (void)state;
    histogram_record(&h, 0, 2);
    assert_int_equal(h.clamped, 0);
    assert_int_equal(histogram_slot_count(&h, 1), 2);
    assert_int_equal(h.max, 1);
    histogram_record(&h, HISTOGRAM_HIGHEST, 1);
    assert_int_equal(h.clamped, 0);
    histogram_record(&h, HISTOGRAM_HIGHEST + 1, 3);
    histogram_record(&h, UINT64_MAX, 4);
    assert_int_equal(h.clamped, 7);
    assert_int_equal(h.count, 10);
    assert_int_equal(h.max, HISTOGRAM_HIGHEST);
    assert_int_equal(
        histogram_slot_count(&h, histogram_slot(HISTOGRAM_HIGHEST)), 8);
}

static void an_empty_one_has_no_figures(void **state)
{
    (void)state;
    assert_int_equal(histogram_at(&h, 50), 0);
    assert_int_equal(histogram_min(&h), 0);
    assert_int_equal(histogram_max(&h), 0);
    assert_true(histogram_mean(&h) == 0);
    assert_true(histogram_deviation(&h) == 0);
}

static void equal_values_deviate_by_nothing(void **state)
{
    (void)state;
    histogram_record(&h, 1500, 3);
    assert_true(histogram_mean(&h) == 1500);
    assert_true(histogram_deviation(&h) == 0);
}

/* What must hold of any: the ends enclose what is counted. */
static void assert_sound(const struct histogram *histogram)
{
    uint64_t count = 0;

    for (uint32_t slot = 0; slot < HISTOGRAM_SLOTS; slot++) {
        uint64_t here = histogram_slot_count(histogram, slot);

        count += here;
        if (here > 0)
            assert_in_range(slot, histogram->first, histogram->last);
    }
    assert_int_equal(count, histogram->count);
}

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static void merging_is_recording_everything_in_one(void **state)
{
    uint64_t seed = UINT64_C(88172645463325252);

    (void)state;
    for (unsigned round = 0; round < 20; round++) {
        (void)empty_all(NULL);
        for (unsigned i = 0; i < 500; i++) {
            uint64_t value = next_random(&seed) >> (20 + seed % 40);
            histogram_record(i % (round + 2) ? &h : &other, value, 1 + i % 3);
            histogram_record(&sum, value, 1 + i % 3);
        }
        assert_sound(&h);
        assert_sound(&other);
        histogram_merge(&h, &other);
        assert_memory_equal(&h, &sum, sizeof(h));
    }
}

static void counts_are_exact_beyond_32_bits(void **state)
{
    const uint64_t many = UINT64_C(1) << 32;

    (void)state;
    histogram_record(&h, 1500, many - 1);
    assert_false(h.carried);
    assert_int_equal(histogram_slot_count(&h, 1500), many - 1);
    histogram_record(&h, 1500, 1);
    assert_int_equal(histogram_slot_count(&h, 1500), many);
    histogram_record(&h, 7, 5 * many + 3);
    histogram_record(&h, 7, many - 1);
    assert_int_equal(histogram_slot_count(&h, 7), 6 * many + 2);
    assert_int_equal(histogram_slot_count(&h, 8), 0);
    assert_int_equal(histogram_at(&h, 50), 7);
    assert_int_equal(histogram_at(&h, 90), 1500);
    assert_sound(&h);
}

static void what_has_carried_is_merged_and_emptied_like_any(void **state)
{
    const uint64_t many = (UINT64_C(1) << 32) - 1;

    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        histogram_record(&h, 1000, many);
        histogram_record(&other, 1000, many);
        histogram_record(&other, 2000000, 1);
        histogram_record(&sum, 1000, many);
        histogram_record(&sum, 1000, many);
        histogram_record(&sum, 2000000, 1);
    }
    histogram_merge(&h, &other);
    assert_memory_equal(&h, &sum, sizeof(h));
    histogram_reset(&h);
    memset(&sum, 0, sizeof(sum));
    assert_memory_equal(&h, &sum, sizeof(h));
}

static void merging_an_empty_one_changes_nothing(void **state)
{
    (void)state;
    record_all(&h);
    record_all(&sum);
    histogram_merge(&h, &other);
    assert_memory_equal(&h, &sum, sizeof(h));
    histogram_merge(&other, &h);
    assert_memory_equal(&other, &sum, sizeof(h));
}

static void reset_leaves_nothing(void **state)
{
    (void)state;
    histogram_reset(&h);
    assert_memory_equal(&h, &other, sizeof(h));
    record_all(&h);
    histogram_record(&h, UINT64_MAX, 1);
    histogram_reset(&h);
    assert_memory_equal(&h, &other, sizeof(h));
    histogram_record(&h, 7, 1);
    assert_int_equal(h.min, 7);
    assert_int_equal(h.first, 7);
    histogram_reset(&h);
    assert_memory_equal(&h, &other, sizeof(h));
}

#define TEST(name) cmocka_unit_test_setup(name, empty_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_value_is_in_the_slot_of_the_libraries),
        TEST(slots_follow_each_other_without_gaps),
        TEST(a_slot_is_one_part_in_a_thousand_at_most),
        TEST(the_example_has_the_figures_of_the_libraries),
        TEST(percentiles_stand_at_the_right_count),
        TEST(a_product_that_is_a_bit_too_large_is_no_more),
        TEST(percentile_0_is_the_lowest_of_its_slot),
        TEST(values_out_of_range_count_at_the_ends),
        TEST(an_empty_one_has_no_figures),
        TEST(equal_values_deviate_by_nothing),
        TEST(merging_is_recording_everything_in_one),
        TEST(counts_are_exact_beyond_32_bits),
        TEST(what_has_carried_is_merged_and_emptied_like_any),
        TEST(merging_an_empty_one_changes_nothing),
        TEST(reset_leaves_nothing),
    };

    return cmocka_run_group_tests_name("histogram", tests, NULL, NULL);
}
