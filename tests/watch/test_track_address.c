/*
 * test_track_address.c -- role, process, certificate, latency and verdict of
 * one address.
 */
#include "support/unit.h"

#include <stdio.h>
#include <string.h>

#include "watch/seen.h"

enum {
    DAY_S = 24 * 60 * 60,
};

static void an_address_that_fails_alone_is_told(void **state)
{
    struct seen seen;

    (void)state;
    seen_begin(&seen, 2);
    (void)seen_check(&seen);
    seen_address_id(&seen, 1, "TCP_TIMEOUT_ONE_AZ");
    assert_string_equal(seen_check(&seen),
                        "verdict 10.0.0.2 OK > TCP_TIMEOUT_ONE_AZ +0 -0 x1\n");
    seen_end(&seen);
}

static void a_failover_is_told_by_role_and_process(void **state)
{
    struct seen seen;

    (void)state;
    seen_begin(&seen, 1);
    (void)seen_check(&seen);
    seen.now.addresses[0].role = ROLE_REPLICA;
    assert_string_equal(seen_check(&seen),
                        "role 10.0.0.1 master > replica +0 -0 x0\n");
    (void)snprintf(seen.now.addresses[0].run_id, 48, "another");
    assert_string_equal(seen_check(&seen),
                        "run_id 10.0.0.1 run1 > another +0 -0 x0\n");
    seen_end(&seen);
}

static void what_was_not_told_is_no_change(void **state)
{
    struct seen seen;

    (void)state;
    seen_begin(&seen, 1);
    seen.now.addresses[0].role = ROLE_UNKNOWN;
    seen.now.addresses[0].run_id[0] = '\0';
    (void)seen_check(&seen);
    seen.now.addresses[0].role = ROLE_MASTER;
    (void)snprintf(seen.now.addresses[0].run_id, 48, "one");
    assert_string_equal(seen_check(&seen), "");
    seen.now.addresses[0].role = ROLE_UNKNOWN;
    seen.now.addresses[0].run_id[0] = '\0';
    assert_string_equal(seen_check(&seen), "");
    seen_end(&seen);
}

static void a_certificate_is_spoken_of_at_each_mark_once(void **state)
{
    static const struct {
        int days;
        const char *told;
    } rows[] = {
        { 30, "certificate 10.0.0.1  > 30 days +0 -0 x0\n" },
        { 29, "" },
        { 14, "certificate 10.0.0.1  > 14 days +0 -0 x0\n" },
        { 2, "certificate 10.0.0.1  > 2 days +0 -0 x0\n" },
        { 0, "certificate 10.0.0.1  > 0 days +0 -0 x0\n" },
        { -1, "" },
    };
    struct seen seen;
    int64_t end;

    (void)state;
    seen_begin(&seen, 1);
    end = seen.now.time_ms / 1000 + 40 * DAY_S + 3600;
    seen.now.addresses[0].not_after = end;
    (void)seen_check(&seen);
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        seen.now.time_ms = (end - rows[i].days * DAY_S - 60) * 1000;
        seen.now.addresses[0].took_us[STAGE_TCP] = 400;
        assert_string_equal(seen_check(&seen), rows[i].told);
    }
    seen_end(&seen);
}

static void a_certificate_near_its_end_is_told_from_the_start(void **state)
{
    struct seen seen;

    (void)state;
    seen_begin(&seen, 1);
    seen.now.addresses[0].not_after = seen.now.time_ms / 1000 + 5 * DAY_S + 99;
    assert_non_null(
        strstr(seen_check(&seen), "certificate 10.0.0.1  > 5 days +0 -0 x0\n"));
    seen_end(&seen);
}

static void another_certificate_is_told(void **state)
{
    struct seen seen;

    (void)state;
    seen_begin(&seen, 1);
    seen.now.addresses[0].not_after =
        seen.now.time_ms / 1000 + 60 * DAY_S + 3600;
    (void)seen_check(&seen);
    seen.now.addresses[0].not_after += 300 * DAY_S;
    assert_string_equal(seen_check(&seen),
                        "certificate 10.0.0.1 60 days > 360 days +0 -0 x0\n");
    seen_end(&seen);
}

static void a_zone_that_became_slow_is_told(void **state)
{
    struct seen seen;

    (void)state;
    seen_begin(&seen, 2);
    for (unsigned i = 0; i < 20; i++)
        (void)seen_check(&seen);
    seen.now.addresses[1].took_us[STAGE_TCP] = 2400;
    for (unsigned i = 0; i < 5; i++)
        assert_string_equal(seen_check(&seen), "");
    assert_string_equal(seen_check(&seen),
                        "latency 10.0.0.2 tcp 400 us > 2400 us +0 -0 x0\n");
    seen_end(&seen);
}

static void a_stage_that_failed_has_no_latency(void **state)
{
    struct seen seen;

    (void)state;
    seen_begin(&seen, 1);
    for (unsigned i = 0; i < 20; i++)
        (void)seen_check(&seen);
    seen.now.addresses[0].states[STAGE_TCP] = STAGE_FAILED;
    seen.now.addresses[0].took_us[STAGE_TCP] = 3500000;
    for (unsigned i = 0; i < 10; i++)
        assert_string_equal(seen_check(&seen), "");
    seen_end(&seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_that_fails_alone_is_told),
        cmocka_unit_test(a_failover_is_told_by_role_and_process),
        cmocka_unit_test(what_was_not_told_is_no_change),
        cmocka_unit_test(a_certificate_is_spoken_of_at_each_mark_once),
        cmocka_unit_test(a_certificate_near_its_end_is_told_from_the_start),
        cmocka_unit_test(another_certificate_is_told),
        cmocka_unit_test(a_zone_that_became_slow_is_told),
        cmocka_unit_test(a_stage_that_failed_has_no_latency),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
