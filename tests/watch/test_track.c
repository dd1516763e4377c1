/*
 * test_track.c -- a target over time: what is told, what is not.
 */
#include "support/unit.h"

#include <string.h>

#include "support/fail_malloc.h"
#include "watch/seen.h"

static void the_first_check_starts_and_later_ones_are_silent(void **state)
{
    struct seen seen;

    (void)state;
    seen_begin(&seen, 2);
    assert_string_equal(seen_check(&seen), "start *  > OK +0 -0 x0\n");
    assert_string_equal(seen_check(&seen), "");
    assert_string_equal(seen_check(&seen), "");
    assert_int_equal(seen.track.checks, 3);
    assert_int_equal(seen.track.failed, 0);
    seen_end(&seen);
}

static void a_verdict_is_told_when_it_changes(void **state)
{
    struct seen seen;

    (void)state;
    seen_begin(&seen, 1);
    (void)seen_check(&seen);
    seen_id(&seen, "REDIS_READONLY");
    assert_string_equal(seen_check(&seen),
                        "verdict * OK > REDIS_READONLY +0 -0 x1\n");
    assert_string_equal(seen_check(&seen), "");
    seen_id(&seen, "OK");
    assert_string_equal(seen_check(&seen),
                        "verdict * REDIS_READONLY > OK +0 -0 x1\n");
    assert_int_equal(seen.track.failed, 2);
    seen_end(&seen);
}

static void fall_counts_failures_in_a_row(void **state)
{
    struct seen seen;

    (void)state;
    seen_begin(&seen, 1);
    seen.track.fall = 3;
    (void)seen_check(&seen);
    for (unsigned i = 0; i < 4; i++) { /* two in a row, again and again */
        seen_id(&seen, "TCP_REFUSED");
        assert_string_equal(seen_check(&seen), "");
        assert_string_equal(seen_check(&seen), "");
        seen_id(&seen, "OK");
        assert_string_equal(seen_check(&seen), "");
    }
    seen_id(&seen, "TCP_REFUSED");
    (void)seen_check(&seen);
    seen_id(&seen, "APP_SILENT"); /* failing otherwise is failing still */
    (void)seen_check(&seen);
    assert_string_equal(seen_check(&seen),
                        "verdict * OK > APP_SILENT +0 -0 x3\n");
    assert_int_equal(seen.track.state.since_ms, seen.now.time_ms - 10000);
    seen_end(&seen);
}

static void rise_counts_successes_in_a_row(void **state)
{
    struct seen seen;

    (void)state;
    seen_begin(&seen, 1);
    seen.track.rise = 2;
    seen_id(&seen, "TCP_REFUSED");
    (void)seen_check(&seen);
    seen_id(&seen, "OK");
    assert_string_equal(seen_check(&seen), "");
    assert_string_equal(seen_check(&seen),
                        "verdict * TCP_REFUSED > OK +0 -0 x2\n");
    seen_end(&seen);
}

static void addresses_that_come_and_go_are_told(void **state)
{
    static const unsigned other[] = { 2, 3 };
    struct seen seen;

    (void)state;
    seen_begin(&seen, 2);
    (void)seen_check(&seen);
    seen_addresses(&seen, other, 2);
    assert_string_equal(seen_check(&seen), "addresses *  >  +1 -1 x0\n");
    assert_string_equal(seen_check(&seen), "");
    assert_int_equal(seen.track.naddresses, 2);
    seen_end(&seen);
}

static void a_look_up_that_failed_is_no_empty_set(void **state)
{
    struct seen seen;

    (void)state;
    seen_begin(&seen, 2);
    (void)seen_check(&seen);
    seen.now.resolved = false;
    seen.now.naddresses = 0;
    seen.now.ttl_s = NET_TTL_NONE;
    seen_id(&seen, "DNS_TIMEOUT");
    assert_string_equal(seen_check(&seen),
                        "verdict * OK > DNS_TIMEOUT +0 -0 x1\n");
    seen.now.resolved = true;
    seen.now.ttl_s = 60;
    seen_addresses(&seen, (const unsigned[]){ 1, 2 }, 2);
    seen_id(&seen, "OK");
    assert_string_equal(seen_check(&seen),
                        "verdict * DNS_TIMEOUT > OK +0 -0 x1\n");
    seen_end(&seen);
}

static void a_name_found_late_is_no_change_of_addresses(void **state)
{
    struct seen seen;

    (void)state;
    seen_begin(&seen, 1);
    seen.now.resolved = false;
    seen.now.naddresses = 0;
    seen_id(&seen, "DNS_TIMEOUT");
    (void)seen_check(&seen);
    seen.now.resolved = true;
    seen_addresses(&seen, (const unsigned[]){ 1 }, 1);
    seen_id(&seen, "OK");
    assert_string_equal(seen_check(&seen),
                        "verdict * DNS_TIMEOUT > OK +0 -0 x1\n");
    seen_end(&seen);
}

static void a_ttl_that_is_counted_down_is_no_change(void **state)
{
    static const int ttls[] = { 60, 55, 50, 5, 60, 58, 3, 57, 60 };
    struct seen seen;

    (void)state;
    seen_begin(&seen, 1);
    for (unsigned i = 0; i < ARRAY_SIZE(ttls); i++) {
        seen.now.ttl_s = ttls[i];
        if (ttls[i] == 5 || ttls[i] == 3)
            seen.now.time_ms += 40000;
        if (i == 0)
            (void)seen_check(&seen);
        else
            assert_string_equal(seen_check(&seen), "");
    }
    seen_end(&seen);
}

static void another_ttl_is_told(void **state)
{
    struct seen seen;

    (void)state;
    seen_begin(&seen, 1);
    seen.now.ttl_s = 5;
    (void)seen_check(&seen);
    seen.now.ttl_s = 300;
    assert_string_equal(seen_check(&seen), "ttl * 5 > 300 +0 -0 x0\n");
    seen.now.ttl_s = 295;
    assert_string_equal(seen_check(&seen), "");
    seen.now.time_ms += 300000;
    seen.now.ttl_s = 5;
    (void)seen_check(&seen);
    assert_string_equal(seen.lines, "");
    seen.now.ttl_s = 5;
    assert_string_equal(seen_check(&seen), "ttl * 300 > 5 +0 -0 x0\n");
    seen_end(&seen);
}

static void a_slow_resolver_is_told(void **state)
{
    struct seen seen;

    (void)state;
    seen_begin(&seen, 1);
    for (unsigned i = 0; i < 20; i++)
        (void)seen_check(&seen);
    seen.now.dns_us = 90000;
    for (unsigned i = 0; i < 5; i++)
        assert_string_equal(seen_check(&seen), "");
    assert_string_equal(seen_check(&seen),
                        "latency * dns 500 us > 90000 us +0 -0 x0\n");
    seen_end(&seen);
}

static void want_of_memory_tells_nothing_and_keeps_what_was(void **state)
{
    static const unsigned other[] = { 4, 5, 6 };
    struct seen seen;

    (void)state;
    seen_begin(&seen, 2);
    (void)seen_check(&seen);
    seen_addresses(&seen, other, 3);
    fail_malloc_at(1);
    (void)seen_check(&seen);
    assert_true(fail_malloc_stop());
    assert_non_null(strstr(seen.lines, "out of memory"));
    assert_int_equal(seen.track.naddresses, 2);
    seen_end(&seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_check_starts_and_later_ones_are_silent),
        cmocka_unit_test(a_verdict_is_told_when_it_changes),
        cmocka_unit_test(fall_counts_failures_in_a_row),
        cmocka_unit_test(rise_counts_successes_in_a_row),
        cmocka_unit_test(addresses_that_come_and_go_are_told),
        cmocka_unit_test(a_look_up_that_failed_is_no_empty_set),
        cmocka_unit_test(a_name_found_late_is_no_change_of_addresses),
        cmocka_unit_test(a_ttl_that_is_counted_down_is_no_change),
        cmocka_unit_test(another_ttl_is_told),
        cmocka_unit_test(a_slow_resolver_is_told),
        cmocka_unit_test(want_of_memory_tells_nothing_and_keeps_what_was),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
