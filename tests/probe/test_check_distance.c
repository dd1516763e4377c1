/*
 * test_check_distance.c -- addresses that pass are measured where their round
 * trips differ, and cost nothing where they do not.
 */
#include "support/unit.h"

#include <string.h>

#include "probe/check.h"
#include "support/fail_malloc.h"
#include "support/fake_io.h"

#define NEAR "198.18.1.69"
#define FAR  "198.18.2.69"

static struct net_answer answer;
static struct probe_options options;
static struct probe_target target;
static struct probe_world world;
static struct check check;
static unsigned calls;

static int set_up(void **state)
{
    static const char *const names[] = { NEAR, FAR };
    struct net_addr addr;

    (void)state;
    fake_reset();
    net_answer_init(&answer);
    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        assert_true(net_addr_parse(names[i], 6379, &addr));
        net_answer_add(&answer, &addr, 60);
    }
    fake.answer = &answer;
    fake.near_us = 300;
    fake.far_us = 14000;
    fake.far = FAR;
    options = (struct probe_options){ .timeout_ms = 1000,
                                      .deadline_ms = 5000,
                                      .key_prefix = "p:",
                                      .diagnose = true,
                                      .policy = { .write = true } };
    target = (struct probe_target){ .name = "cache.test:6379",
                                    .host = "cache.test",
                                    .port = 6379,
                                    .options = &options };
    world = (struct probe_world){ .io = &fake_io };
    memset(&check, 0, sizeof(check));
    calls = 0;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    check_deinit(&check);
    probe_world_deinit(&world);
    return 0;
}

static void on_done(struct check *c)
{
    (void)c;
    calls++;
}

static void cancel(void *data)
{
    check_cancel(data);
}

/* Returns what was measured, or NULL. */
static const struct evidence_distance *run(void)
{
    fake.cancel = cancel;
    fake.cancel_data = &check;
    assert_true(check_init(&check, &world, &target));
    check_start(&check, on_done);
    fake_run();
    assert_int_equal(calls, 1);
    assert_int_equal(fake.open, 0);
    assert_int_equal(check.evidence.naddresses, 2);
    assert_null(check.evidence.addresses[0]->distance);
    return check.evidence.addresses[1]->distance;
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
    total_ns = check.evidence.end_ns - check.evidence.start_ns;
    assert_true(total_ns < DISTANCE_ROUNDS * UINT64_C(14000000));
}

static void what_is_not_is_not(void **state)
{
    unsigned ops;

    fake.far_us = 1000;
    assert_null(run());
    ops = fake.ops;
    tear_down(state);
    set_up(state);
    fake.far = NULL;
    assert_null(run());
    assert_int_equal(fake.ops, ops);
}

static void none_is_measured_when_it_is_switched_off(void **state)
{
    (void)state;
    options.diagnose = false;
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
    options.timeout_ms = 100;
    seen = run();
    assert_non_null(seen);
    assert_in_range(seen->rounds, 5, 8);
}

static void by_tls_it_shakes_hands(void **state)
{
    static const struct net_tls_info hello = { .server_hello = true,
                                               .alert = NET_TLS_ALERT_NONE };

    (void)state;
    target.tls = true;
    fake.tls = &hello;
    assert_int_equal(run()->rounds, DISTANCE_ROUNDS);
}

/* Where logging in is needed an error comes back as fast. */
static void no_login_is_needed(void **state)
{
    (void)state;
    target.login.password = "secret";
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
    tear_down(state);
    for (unsigned i = 1; i < total; i++) {
        set_up(state);
        fake.cancel_at = (int)i;
        fake.cancel = cancel;
        fake.cancel_data = &check;
        assert_true(check_init(&check, &world, &target));
        check_start(&check, on_done);
        fake_run();
        assert_int_equal(calls, 1);
        assert_int_equal(fake.open, 0);
        tear_down(state);
    }
    set_up(state);
    assert_true(total > 40);
}

static void without_memory_it_is_left_out(void **state)
{
    bool failed = true;

    for (unsigned n = 1; failed; n++) {
        tear_down(state);
        set_up(state);
        fail_malloc_at(n);
        if (check_init(&check, &world, &target)) {
            check_start(&check, on_done);
            fake_run();
            assert_int_equal(calls, 1);
        }
        failed = fail_malloc_stop();
        assert_int_equal(fake.open, 0);
    }
    assert_int_equal(check.evidence.addresses[1]->distance->rounds,
                     DISTANCE_ROUNDS);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

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
