/*
 * test_pace.c -- a schedule is absolute, complete and shared without gaps.
 */
#include "bench/pace.h"
#include "support/unit.h"

#define SECOND UINT64_C(1000000000)

static void requests_are_due_at_even_distances(void **state)
{
    struct pace pace = pace_begin(10000, 5 * SECOND, 0, 1);

    (void)state;
    for (uint64_t i = 0; i < 100000; i++) {
        assert_int_equal(pace_due(&pace), 5 * SECOND + i * 100000);
        assert_int_equal(pace_take(&pace), 5 * SECOND + i * 100000);
    }
}

/* A rate whose period is no whole number of nanoseconds does not drift. */
static void an_hour_later_it_is_still_on_time(void **state)
{
    struct pace pace = pace_begin(7, SECOND, 0, 1);

    (void)state;
    pace.next = UINT64_C(7) * 3600;
    assert_in_range(pace_due(&pace), 3601 * SECOND - 1, 3601 * SECOND + 1);
}

static void workers_share_one_schedule(void **state)
{
    struct pace all = pace_begin(3000, SECOND, 0, 1), parts[3];

    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(parts); i++)
        parts[i] = pace_begin(3000, SECOND, i, 3);
    for (unsigned i = 0; i < 9000; i++) {
        uint64_t due = pace_take(&all), part = pace_take(&parts[i % 3]);

        assert_in_range(part, due - 1, due + 1);
    }
}

static void what_is_owed_is_counted(void **state)
{
    static const struct {
        uint64_t now, count, end_ns, owed;
    } rows[] = {
        { 999999999, UINT64_MAX, UINT64_MAX, 0 },
        { 1000000000, UINT64_MAX, UINT64_MAX, 1 },
        { 1000999999, UINT64_MAX, UINT64_MAX, 1 },
        { 1001000000, UINT64_MAX, UINT64_MAX, 2 },
        { 2000000000, UINT64_MAX, UINT64_MAX, 1001 },
        { 9000000000, UINT64_MAX, 2000000000, 1000 },
        { 9000000000, 17, UINT64_MAX, 17 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct pace pace = pace_begin(1000, SECOND, 0, 1);

        pace.count = rows[i].count;
        pace.end_ns = rows[i].end_ns;
        assert_int_equal(pace_owed(&pace, rows[i].now), rows[i].owed);
        for (uint64_t n = 0; n < rows[i].owed; n++)
            assert_true(pace_take(&pace) <= rows[i].now);
        assert_int_equal(pace_owed(&pace, rows[i].now), 0);
        assert_true(pace_due(&pace) > rows[i].now);
    }
}

static void an_alarm_is_never_nearer_than_it_is_worth(void **state)
{
    struct pace pace = pace_begin(1000, SECOND, 0, 1);

    (void)state;
    assert_int_equal(pace_alarm(&pace, 0), SECOND);
    assert_int_equal(pace_alarm(&pace, SECOND - 5), SECOND - 5 + PACE_AHEAD_NS);
    assert_int_equal(pace_alarm(&pace, SECOND + 5), SECOND + 5 + PACE_AHEAD_NS);
    pace.count = 0;
    assert_int_equal(pace_alarm(&pace, 0), UINT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_are_due_at_even_distances),
        cmocka_unit_test(an_hour_later_it_is_still_on_time),
        cmocka_unit_test(workers_share_one_schedule),
        cmocka_unit_test(what_is_owed_is_counted),
        cmocka_unit_test(an_alarm_is_never_nearer_than_it_is_worth),
    };

    return cmocka_run_group_tests_name("pace", tests, NULL, NULL);
}
