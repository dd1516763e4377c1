/*
 * test_whole.c -- what is of the target and of no address: DNS, the total, the
 * watchdog, memory.
 */
#include "support/unit.h"

#include "support/fail_malloc.h"
#include "verdict/given.h"

#define NET(name) ((enum cause)NET_##name)

static struct outcome combined(struct given *given)
{
    struct outcome outcome;

    assert_true(combine(&given->target, &given->policy, &outcome));
    return outcome;
}

static void set_range(struct range *range, const char *text)
{
    char error[128];

    assert_true(range_parse(text, range, error, sizeof(error)));
}

static void an_unexpected_address_is_critical_whatever_passes(void **state)
{
    struct given given;
    struct outcome outcome;
    struct net_cidr expected;

    (void)state;
    given_begin(&given, 2);
    assert_true(net_cidr_parse("198.18.1.0/24", &expected));
    given.policy.expect = &expected;
    given.policy.nexpect = 1;
    given.policy.require = REQUIRE_ANY;
    outcome = combined(&given);
    assert_int_equal(outcome.verdict.id, VERDICT_DNS_SPLIT_HORIZON);
    assert_int_equal(outcome.verdict.status, CHECK_CRITICAL);
    assert_int_equal(outcome.addresses_ok, 1);
    assert_int_equal(outcome.lead, 1);
    outcome_free(&outcome);
}

static void ok_is_not_enough_when_more_in_a_row_are_wanted(void **state)
{
    static const struct {
        unsigned in_a_row, wanted;
        bool refused;
        enum verdict_id id;
        enum check_status status;
    } rows[] = {
        { 0, 0, false, VERDICT_OK, CHECK_OK },
        { 1, 1, false, VERDICT_OK, CHECK_OK },
        { 4, 4, false, VERDICT_OK, CHECK_OK },
        { 3, 4, false, VERDICT_THRESHOLD_EXCEEDED, CHECK_CRITICAL },
        { 0, 4, true, VERDICT_TCP_REFUSED, CHECK_CRITICAL },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct given given;
        struct outcome outcome;

        given_begin(&given, 1);
        given.target.in_a_row = rows[i].in_a_row;
        given.target.consecutive = rows[i].wanted;
        if (rows[i].refused)
            given_failure(&given, 0, STAGE_TCP, NET(REFUSED), MS);
        outcome = combined(&given);
        combine_last(&given.target, &outcome);
        assert_int_equal(outcome.verdict.id, rows[i].id);
        assert_int_equal(outcome.verdict.status, rows[i].status);
        outcome_free(&outcome);
    }
}

static void a_signal_is_nobody_s_fault(void **state)
{
    struct given given;
    struct outcome outcome;

    (void)state;
    given_begin(&given, 1);
    given.policy.watchdog = CHECK_CRITICAL;
    given.target.watchdog = true;
    outcome = combined(&given);
    assert_int_equal(outcome.verdict.status, CHECK_CRITICAL);
    outcome_free(&outcome);
    given.target.signal = 15;
    outcome = combined(&given);
    assert_int_equal(outcome.verdict.id, VERDICT_WATCHDOG);
    assert_int_equal(outcome.verdict.status, CHECK_UNKNOWN);
    outcome_free(&outcome);
}

static void a_failed_look_up_is_the_verdict(void **state)
{
    struct given given;
    struct outcome outcome;

    (void)state;
    given_begin(&given, 0);
    given_dns_failure(&given, NET_NXDOMAIN, MS);
    outcome = combined(&given);
    assert_int_equal(outcome.verdict.id, VERDICT_DNS_NXDOMAIN);
    assert_int_equal(outcome.verdict.status, CHECK_CRITICAL);
    assert_int_equal(outcome.addresses_ok, 0);
    assert_int_equal(outcome.addresses_required, 1);
    outcome_free(&outcome);
}

static void the_watchdog_stands_for_the_whole(void **state)
{
    struct given given;
    struct outcome outcome;

    (void)state;
    given_begin(&given, 2);
    given_failure(&given, 0, STAGE_TCP, NET(REFUSED), MS);
    given_failure(&given, 1, STAGE_TCP, NET(CANCELED), S);
    given.target.watchdog = true;
    given.policy.watchdog = CHECK_WARNING;
    outcome = combined(&given);
    assert_int_equal(outcome.verdict.id, VERDICT_WATCHDOG);
    assert_int_equal(outcome.verdict.status, CHECK_WARNING);
    assert_int_equal(outcome.verdict.cause, CAUSE_WATCHDOG);
    outcome_free(&outcome);
}

static void the_total_and_dns_have_thresholds(void **state)
{
    struct given given;
    struct outcome outcome;

    (void)state;
    given_begin(&given, 2); /* total 3 ms, dns 0.8 ms */
    set_range(&given.policy.thresholds.warning[THRESHOLD_TOTAL], "2ms");
    outcome = combined(&given);
    assert_int_equal(outcome.verdict.id, VERDICT_THRESHOLD_EXCEEDED);
    assert_int_equal(outcome.verdict.status, CHECK_WARNING);
    assert_int_equal(outcome.verdict.stage, STAGE_COUNT);
    assert_int_equal(outcome.addresses_ok, 2);
    outcome_free(&outcome);

    set_range(&given.policy.thresholds.critical[STAGE_DNS], "0.5ms");
    outcome = combined(&given);
    assert_int_equal(outcome.verdict.status, CHECK_CRITICAL);
    assert_int_equal(outcome.verdict.stage, STAGE_DNS);
    assert_int_equal(outcome.addresses_ok, 2);
    outcome_free(&outcome);

    set_range(&given.policy.thresholds.critical[STAGE_DNS], "1ms");
    set_range(&given.policy.thresholds.warning[THRESHOLD_TOTAL], "3ms");
    outcome = combined(&given);
    assert_int_equal(outcome.verdict.id, VERDICT_OK);
    outcome_free(&outcome);
}

static void a_threshold_hides_no_dead_zone(void **state)
{
    struct given given;
    struct outcome outcome;

    (void)state;
    given_begin(&given, 2);
    given_failure(&given, 0, STAGE_TCP, NET(REFUSED), MS);
    set_range(&given.policy.thresholds.critical[STAGE_DNS], "0.5ms");
    set_range(&given.policy.thresholds.critical[THRESHOLD_TOTAL], "2ms");
    outcome = combined(&given);
    assert_int_equal(outcome.verdict.id, VERDICT_TCP_REFUSED_ONE_AZ);
    outcome_free(&outcome);
}

static void a_critical_threshold_makes_an_address_fail(void **state)
{
    struct given given;
    struct outcome outcome;
    struct evidence_stage *tcp = &given.at[0].evidence.stages[STAGE_TCP];

    (void)state;
    given_begin(&given, 2);
    tcp->took_us = 50000;
    set_range(&given.policy.thresholds.critical[STAGE_TCP], "10ms");
    outcome = combined(&given);
    assert_int_equal(outcome.verdict.id, VERDICT_THRESHOLD_EXCEEDED);
    assert_int_equal(outcome.verdict.status, CHECK_CRITICAL);
    assert_int_equal(outcome.addresses_ok, 1);
    assert_int_equal(outcome.lead, 0);
    outcome_free(&outcome);

    given.policy.thresholds.warning[STAGE_TCP] =
        given.policy.thresholds.critical[STAGE_TCP];
    given.policy.thresholds.critical[STAGE_TCP].set = false;
    outcome = combined(&given);
    assert_int_equal(outcome.verdict.status, CHECK_WARNING);
    assert_int_equal(outcome.addresses_ok, 2);
    outcome_free(&outcome);
}

static void nothing_at_all_could_not_run(void **state)
{
    struct given given;
    struct outcome outcome;

    (void)state;
    given_begin(&given, 0);
    given.target.literal = true;
    given.target.dns.state = STAGE_NOT_WANTED;
    outcome = combined(&given);
    assert_int_equal(outcome.verdict.id, VERDICT_UNKNOWN_ERROR);
    assert_int_equal(outcome.verdict.status, CHECK_UNKNOWN);
    outcome_free(&outcome);
}

static void memory_may_run_out(void **state)
{
    struct given given;
    struct outcome outcome;

    (void)state;
    given_begin(&given, 2);
    fail_malloc_at(1);
    assert_false(combine(&given.target, &given.policy, &outcome));
    assert_true(fail_malloc_stop());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unexpected_address_is_critical_whatever_passes),
        cmocka_unit_test(ok_is_not_enough_when_more_in_a_row_are_wanted),
        cmocka_unit_test(a_signal_is_nobody_s_fault),
        cmocka_unit_test(a_failed_look_up_is_the_verdict),
        cmocka_unit_test(the_watchdog_stands_for_the_whole),
        cmocka_unit_test(the_total_and_dns_have_thresholds),
        cmocka_unit_test(a_threshold_hides_no_dead_zone),
        cmocka_unit_test(a_critical_threshold_makes_an_address_fail),
        cmocka_unit_test(nothing_at_all_could_not_run),
        cmocka_unit_test(memory_may_run_out),
    };

    return cmocka_run_group_tests_name("whole", tests, NULL, NULL);
}
