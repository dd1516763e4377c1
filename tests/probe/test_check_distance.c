/*
 * test_check_distance.c -- addresses that pass are measured where their round
 * trips differ, and cost nothing where they do not.
 */
#include "support/unit.h"

#include <string.h>

#include "probe/one_check.h"
#include "support/fail_malloc.h"

#define NEAR "198.18.1.69"
#define FAR  "198.18.2.69"

static struct net_answer answer;

static int set_up(void **state)
{
    static const char *const names[] = { NEAR, FAR };
    struct net_addr addr;

    (void)state;
    one_check_begin();
    net_answer_init(&answer);
    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        assert_true(net_addr_parse(names[i], 6379, &addr));
        net_answer_add(&answer, &addr, 60);
    }
    fake.answer = &answer;
    fake.near_us = 300;
    fake.far_us = 14000;
    fake.far = FAR;
    one.options.diagnose = true;
    return 0;
}

/* Returns what was measured, or NULL. */
static const struct evidence_distance *run(void)
{
    one_check_run();
    assert_int_equal(one.check.evidence.naddresses, 2);
    assert_null(one.check.evidence.addresses[0]->distance);
    return one.check.evidence.addresses[1]->distance;
}

static void what_is_far_away_is_measured_in_turns(void **state)
{
    const struct evidence_distance *seen;
    uint64_t total_ns;

    (void)state;
    seen = run();
    assert_non_null(seen);
    assert_int_equal(seen->rounds, DISTANCE_ROUNDS);
    assert_true(net_addr_equal(&seen->near, &answer.addrs[0].addr));
    for (unsigned i = 0; i < DISTANCE_ROUNDS; i++) {
        assert_in_range(seen->near_us[i], 300, 310);
        assert_in_range(seen->far_us[i], 14000, 14010);
    }
    assert_int_equal(seen->near_rtt_us, 300);
    assert_int_equal(seen->far_rtt_us, 14000);
    /* it is not of the check's time */
    total_ns = one.check.evidence.end_ns - one.check.evidence.start_ns;
    assert_true(total_ns < DISTANCE_ROUNDS * UINT64_C(14000000));
}

static void what_is_not_is_not(void **state)
{
    unsigned ops;

    fake.far_us = 1000;
    assert_null(run());
    ops = fake.ops;
    one_check_end(state);
    set_up(state);
    fake.far = NULL;
    assert_null(run());
    assert_int_equal(fake.ops, ops);
}

static void none_is_measured_when_it_is_switched_off(void **state)
{
    (void)state;
    one.options.diagnose = false;
    assert_null(run());
}

static void a_failure_has_other_worries(void **state)
{
    (void)state;
    fake.rules[0] = (struct fake_rule){ "SET", "-OOM x\r\n", NET_OK };
    assert_null(run());
}

/* A thousand rounds would fit, and time is over after six. */
static void it_ends_with_its_budget(void **state)
{
    const struct evidence_distance *seen;

    (void)state;
    one.options.timeout_ms = 100;
    seen = run();
    assert_non_null(seen);
    assert_in_range(seen->rounds, 5, 8);
}

static void by_tls_it_shakes_hands(void **state)
{
    static const struct net_tls_info hello = { .server_hello = true,
                                               .alert = NET_TLS_ALERT_NONE };

    (void)state;
    one.target.tls = true;
    fake.tls = &hello;
    assert_int_equal(run()->rounds, DISTANCE_ROUNDS);
}

/* Where logging in is needed an error comes back as fast. */
static void no_login_is_needed(void **state)
{
    (void)state;
    one.target.login.password = "secret";
    assert_int_equal(run()->rounds, DISTANCE_ROUNDS);
    assert_string_equal(strstr(fake.log, "DEL |DEL |") + 10,
                        "PING |PING |PING |PING |PING |PING |PING |PING |"
                        "PING |PING |PING |PING |PING |PING |PING |PING |"
                        "PING |PING |PING |PING |PING |PING |PING |PING |"
                        "PING |PING |PING |PING |PING |PING |PING |PING |");
}

static void it_may_be_canceled_at_any_operation(void **state)
{
    unsigned total;

    run();
    total = fake.ops;
    one_check_end(state);
    for (unsigned i = 1; i < total; i++) {
        set_up(state);
        fake.cancel_at = (int)i;
        one_check_run();
        one_check_end(state);
    }
    set_up(state);
    assert_true(total > 40);
}

static void without_memory_it_is_left_out(void **state)
{
    bool failed = true;

    for (unsigned n = 1; failed; n++) {
        one_check_end(state);
        set_up(state);
        fail_malloc_at(n);
        one_check_run_poor();
        failed = fail_malloc_stop();
        assert_int_equal(fake.open, 0);
    }
    assert_int_equal(one.check.evidence.addresses[1]->distance->rounds,
                     DISTANCE_ROUNDS);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, one_check_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_far_away_is_measured_in_turns),
        TEST(what_is_not_is_not),
        TEST(none_is_measured_when_it_is_switched_off),
        TEST(a_failure_has_other_worries),
        TEST(it_ends_with_its_budget),
        TEST(by_tls_it_shakes_hands),
        TEST(no_login_is_needed),
        TEST(it_may_be_canceled_at_any_operation),
        TEST(without_memory_it_is_left_out),
    };

    return cmocka_run_group_tests_name("check_distance", tests, NULL, NULL);
}
