/*
 * test_merge.c -- the logs of many clients are one.
 */
#include "bench/merge.h"
#include "support/unit.h"

#include <string.h>

#include "support/fail_malloc.h"

static struct merge merge;
static struct histogram h, all;
static char error[256];

static int begin(void **state)
{
    (void)state;
    merge = (struct merge){ .keep_seconds = true };
    memset(&h, 0, sizeof(h));
    memset(&all, 0, sizeof(all));
    return 0;
}

static int end(void **state)
{
    (void)state;
    merge_free(&merge);
    return 0;
}

/* One interval of a log in the making; `value` 0: nothing was measured. */
static void put(FILE *log, const char *tag, double start_s, double length_s,
                uint64_t value, uint64_t times)
{
    histogram_reset(&h);
    if (value > 0)
        histogram_record(&h, value, times);
    histogram_merge(&all, &h);
    assert_true(hlog_line(log, tag, start_s, length_s, &h));
}

static FILE *new_log(void)
{
    FILE *log = tmpfile();

    assert_non_null(log);
    assert_true(hlog_begin(log, 1700000000000));
    return log;
}

static bool add(FILE *log, const char *name)
{
    bool fine;

    rewind(log);
    fine = merge_add(&merge, log, name, error, sizeof(error));
    (void)fclose(log);
    return fine;
}

#define T0 1700000000.0

/* Three clients whose clocks differ by a fifth of a second, 4 s each. */
static void add_three_clients(void)
{
    for (unsigned client = 0; client < 3; client++) {
        FILE *log = new_log();
        for (unsigned s = 0; s < 4; s++) {
            double start_s = T0 + s + 0.2 * ((client + 1) % 3);
            put(log, NULL, start_s, 1, UINT64_C(1000000) * (client + 1),
                10 + s);
            put(log, "send", start_s, 1, UINT64_C(500000) * (client + 1),
                10 + s);
        }
        put(log, "connect", T0, 4, 2000000, 5);
        assert_true(add(log, client == 0 ? "a" : client == 1 ? "b" : "c"));
        assert_string_equal(error, "");
    }
    merge_finish(&merge);
}

static void assert_close(double actual, double expected)
{
    if (actual < expected - 0.0015 || actual > expected + 0.0015)
        fail_msg("%f is not %f", actual, expected);
}

static void each_tag_is_added_for_itself(void **state)
{
    const struct merge_series *series;

    (void)state;
    add_three_clients();
    assert_int_equal(merge.nseries, 3);
    assert_string_equal(merge.series[0]->tag, "");
    assert_string_equal(merge.series[1]->tag, "connect");
    assert_string_equal(merge.series[2]->tag, "send");
    series = merge_find(&merge, NULL);
    assert_ptr_equal(series, merge.series[0]);
    assert_int_equal(series->intervals, 12);
    assert_int_equal(series->total->count, 3 * (10 + 11 + 12 + 13));
    assert_int_equal(histogram_at(series->total, 33), 1000447);
    assert_int_equal(histogram_at(series->total, 66), 2000895);
    assert_int_equal(histogram_max(series->total), 3000319);
    assert_int_equal(merge_find(&merge, "connect")->total->count, 15);
    assert_null(merge_find(&merge, "set"));
}

static void time_is_covered_when_any_client_was_at_work(void **state)
{
    (void)state;
    add_three_clients();
    assert_int_equal(merge.nlogs, 3);
    assert_close(merge.span.start_s - T0, 0);
    assert_close(merge.span.end_s - T0, 4.4);
    assert_close(merge.overlap.start_s - T0, 0);
    assert_close(merge.overlap.end_s - T0, 4);
    assert_close(merge_find(&merge, NULL)->covered_s, 4.4);
    assert_close(merge_find(&merge, "connect")->covered_s, 4);
}

static void a_second_is_as_long_as_its_intervals(void **state)
{
    const struct merge_series *series;

    (void)state;
    add_three_clients();
    series = merge_find(&merge, NULL);
    for (unsigned s = 0; s < 4; s++) {
        assert_int_equal(series->seconds[s].intervals, 3);
        assert_close(series->seconds[s].length_s, 1);
    }
}

static void gaps_are_not_covered(void **state)
{
    static const double starts[] = { 30, 0, 1, 10, 2.0005, 10.5, 30.25 };
    FILE *log = new_log();

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(starts); i++)
        put(log, NULL, T0 + starts[i], 1, 1000, 1);
    assert_true(add(log, "a"));
    merge_finish(&merge);
    assert_close(merge_find(&merge, NULL)->covered_s, 3 + 1.5 + 1.25);
}

static void what_was_only_rounded_is_no_gap(void **state)
{
    FILE *log = new_log();

    (void)state;
    for (unsigned i = 0; i < 100; i++)
        put(log, NULL, T0 + 1.001 * i, 1, 1000, 1);
    assert_true(add(log, "a"));
    merge_finish(&merge);
    assert_close(merge_find(&merge, NULL)->covered_s, 100.099);
    assert_int_equal(merge_find(&merge, NULL)->ncovered, 1);
}

static void time_inside_of_other_time_counts_once(void **state)
{
    FILE *log = new_log();

    (void)state;
    put(log, NULL, T0 + 5, 1, 1000, 1);
    put(log, NULL, T0, 10, 1000, 1);
    put(log, NULL, T0 + 3, 1, 1000, 1);
    assert_true(add(log, "a"));
    merge_finish(&merge);
    assert_close(merge_find(&merge, NULL)->covered_s, 10);
}

static void logs_of_other_times_do_not_overlap(void **state)
{
    FILE *one = new_log(), *other = new_log();

    (void)state;
    put(one, NULL, T0, 1, 1000, 1);
    put(other, NULL, T0 + 100, 1, 1000, 1);
    assert_true(add(one, "a") && add(new_log(), "empty") && add(other, "b"));
    merge_finish(&merge);
    assert_true(merge.overlap.end_s < merge.overlap.start_s);
    assert_close(merge.span.end_s - merge.span.start_s, 101);
    assert_close(merge_find(&merge, NULL)->covered_s, 2);
    assert_int_equal(merge.logs[1].intervals, 0);
}

/* Read back what was written: the totals again, in a new merge. */
static void write_and_read(struct merge *again)
{
    FILE *log = tmpfile();

    assert_non_null(log);
    assert_true(merge_write(&merge, log));
    rewind(log);
    *again = (struct merge){ .keep_seconds = true };
    assert_true(merge_add(again, log, "sum", error, sizeof(error)));
    (void)fclose(log);
    merge_finish(again);
}

static void the_sum_is_written_by_seconds_and_tags(void **state)
{
    struct merge again;
    const struct merge_series *series;

    (void)state;
    add_three_clients();
    write_and_read(&again);
    assert_int_equal(again.nseries, merge.nseries);
    for (size_t i = 0; i < merge.nseries; i++) {
        assert_string_equal(again.series[i]->tag, merge.series[i]->tag);
        assert_memory_equal(again.series[i]->total->low,
                            merge.series[i]->total->low,
                            sizeof(merge.series[i]->total->low));
        assert_memory_equal(again.series[i]->total->high,
                            merge.series[i]->total->high,
                            sizeof(merge.series[i]->total->high));
        assert_close(again.series[i]->covered_s, merge.series[i]->covered_s);
    }
    series = merge_find(&again, NULL);
    assert_int_equal(series->intervals, 4);
    for (unsigned s = 0; s < 4; s++) {
        merge_second_read(&series->seconds[s], &h);
        assert_int_equal(h.count, 3 * (10 + s));
        assert_close(series->seconds[s].span.start_s - T0, s);
        assert_close(series->seconds[s].span.end_s - T0, s + 1.4);
    }
    merge_free(&again);
}

static void logs_need_not_be_in_order(void **state)
{
    static const unsigned order[] = { 5, 3, 4, 0, 5, 1, 2, 7, 0 };
    FILE *log = new_log();
    struct merge again;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(order); i++)
        put(log, NULL, T0 + order[i], 1, 1000 + order[i], 1);
    assert_true(add(log, "a"));
    merge_finish(&merge);
    assert_memory_equal(merge.series[0]->total->low, all.low, sizeof(all.low));
    assert_memory_equal(merge.series[0]->total->high, all.high,
                        sizeof(all.high));
    assert_int_equal(merge.series[0]->nseconds, 7);
    for (size_t i = 1; i < 7; i++)
        assert_true(merge.series[0]->seconds[i - 1].number <
                    merge.series[0]->seconds[i].number);
    write_and_read(&again);
    assert_memory_equal(again.series[0]->total->low, all.low, sizeof(all.low));
    assert_memory_equal(again.series[0]->total->high, all.high,
                        sizeof(all.high));
    merge_free(&again);
}

static void a_cut_log_counts_without_its_last_line(void **state)
{
    FILE *log = new_log();

    (void)state;
    put(log, NULL, T0, 1, 1000, 7);
    (void)fputs("1700000001.000,1.0", log);
    assert_true(add(log, "a"));
    assert_string_equal(error,
                        "a:6: the last line is cut off and is not counted");
    assert_true(merge.logs[0].cut);
    assert_int_equal(merge.series[0]->total->count, 7);
}

static void what_cannot_be_added_is_told(void **state)
{
    FILE *log = new_log();

    (void)state;
    put(log, NULL, T0, 1, 1000, 7);
    (void)fputs("what\n", log);
    assert_false(add(log, "a"));
    assert_string_equal(error,
                        "a:6: expected [Tag=NAME,]START,LENGTH,MAX,HISTOGRAM");
}

static void tags_are_not_without_end(void **state)
{
    FILE *log = new_log();
    char tag[16];

    (void)state;
    for (int i = 0; i <= MERGE_TAGS_MAX; i++) {
        (void)snprintf(tag, sizeof(tag), "t%d", i);
        put(log, tag, T0, 1, 1000, 1);
    }
    assert_false(add(log, "a"));
    assert_string_equal(error, "a: there are more than 64 tags");
    assert_int_equal(merge.nseries, MERGE_TAGS_MAX);
}

static void counts_do_not_overflow(void **state)
{
    FILE *log = new_log();

    (void)state;
    put(log, NULL, T0, 1, 1000, INT64_MAX);
    put(log, NULL, T0 + 1, 1, 1000, 1);
    assert_false(add(log, "a"));
    assert_string_equal(error, "a: there are more than 2^63 values");
}

/* Everything, with the `n`th allocation failing; true: it came to that. */
static bool fails_at(unsigned n, FILE *log, FILE *sum)
{
    bool fine;

    begin(NULL);
    rewind(log);
    rewind(sum);
    fail_malloc_at(n);
    fine = merge_add(&merge, log, "a", error, sizeof(error));
    if (fine) {
        merge_finish(&merge);
        fine = merge_write(&merge, sum);
    } else {
        assert_string_equal(error, "a: out of memory");
    }
    merge_free(&merge);
    if (!fail_malloc_stop()) {
        assert_true(fine);
        return false;
    }
    assert_false(fine);
    return true;
}

static void memory_may_run_out_anywhere(void **state)
{
    FILE *log = new_log(), *sum = tmpfile();
    unsigned n = 1;

    (void)state;
    assert_non_null(sum);
    for (unsigned s = 0; s < 20; s++) {
        put(log, NULL, T0 + 2 * s, 1, 1000, 1);
        put(log, "send", T0 + 2 * s, 1, 1000, 1);
    }
    put(log, NULL, T0, 1, 1000000, 1);
    while (fails_at(n, log, sum))
        n++;
    assert_in_range(n, 50, 500);
    (void)fclose(log);
    (void)fclose(sum);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_tag_is_added_for_itself),
        TEST(time_is_covered_when_any_client_was_at_work),
        TEST(a_second_is_as_long_as_its_intervals),
        TEST(gaps_are_not_covered),
        TEST(what_was_only_rounded_is_no_gap),
        TEST(time_inside_of_other_time_counts_once),
        TEST(logs_of_other_times_do_not_overlap),
        TEST(the_sum_is_written_by_seconds_and_tags),
        TEST(logs_need_not_be_in_order),
        TEST(a_cut_log_counts_without_its_last_line),
        TEST(what_cannot_be_added_is_told),
        TEST(tags_are_not_without_end),
        TEST(counts_do_not_overflow),
        TEST(memory_may_run_out_anywhere),
    };

    return cmocka_run_group_tests_name("merge", tests, NULL, NULL);
}
