/*
 * test_snapshot.c -- what is kept of a check.
 */
#include "support/unit.h"

#include <string.h>

#include "verdict/given.h"
#include "watch/snapshot.h"

static void take(struct given *given, struct snapshot *snapshot)
{
    struct outcome outcome;

    assert_true(combine(&given->target, &given->policy, &outcome));
    assert_true(
        snapshot_take(&given->target, &given->policy, &outcome, 42, snapshot));
    outcome_free(&outcome);
}

static void a_healthy_check_is_kept_with_its_times(void **state)
{
    static struct given given;
    static struct snapshot snapshot;

    (void)state;
    given_begin(&given, 2);
    take(&given, &snapshot);
    assert_string_equal(snapshot.id, "OK");
    assert_int_equal(snapshot.status, CHECK_OK);
    assert_int_equal(snapshot.time_ms, 42);
    assert_int_equal(snapshot.naddresses, 2);
    assert_true(snapshot.named && snapshot.resolved);
    assert_string_equal(snapshot.addresses[0].id, "OK");
    assert_true(snapshot.addresses[0].took_us[STAGE_TCP] > 0);
    assert_string_equal(snapshot.fix, "");
}

static void the_order_of_the_answer_is_not_kept(void **state)
{
    static struct given given;
    static struct snapshot one, two;

    (void)state;
    given_begin(&given, 3);
    take(&given, &one);
    given_begin(&given, 3);
    given_addr(&given, 0, "198.18.3.69");
    given_addr(&given, 1, "198.18.1.69");
    given_addr(&given, 2, "198.18.2.69");
    take(&given, &two);
    for (unsigned i = 0; i < 3; i++)
        assert_true(
            net_addr_equal(&one.addresses[i].addr, &two.addresses[i].addr));
}

static void a_failure_has_its_cause_and_its_fix(void **state)
{
    static struct given given;
    static struct snapshot snapshot;

    (void)state;
    given_begin(&given, 2);
    (void)given_failure(&given, 1, STAGE_TCP, (enum cause)NET_TIMEOUT,
                        3500 * MS);
    take(&given, &snapshot);
    assert_string_equal(snapshot.id, "TCP_TIMEOUT_ONE_AZ");
    assert_string_equal(snapshot.hop, "load_balancer");
    assert_true(snapshot.cause[0] != '\0');
    assert_true(snapshot.fix[0] != '\0');
    assert_int_equal(snapshot.ok, 1);
    assert_string_equal(snapshot.addresses[1].id, "TCP_TIMEOUT_ONE_AZ");
    assert_int_equal(snapshot.addresses[1].states[STAGE_TCP], STAGE_FAILED);
}

static void a_name_without_addresses_is_not_resolved(void **state)
{
    static struct given given;
    static struct snapshot snapshot;

    (void)state;
    given_begin(&given, 0);
    given_dns_failure(&given, NET_NXDOMAIN, 2 * MS);
    take(&given, &snapshot);
    assert_false(snapshot.resolved);
    assert_int_equal(snapshot.naddresses, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_healthy_check_is_kept_with_its_times),
        cmocka_unit_test(the_order_of_the_answer_is_not_kept),
        cmocka_unit_test(a_failure_has_its_cause_and_its_fix),
        cmocka_unit_test(a_name_without_addresses_is_not_resolved),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
