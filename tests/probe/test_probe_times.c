/*
 * test_probe_times.c -- whose time a slow reply took is asked of the kernel,
 * and only of a slow reply.
 */
#include "support/unit.h"

#include <string.h>

#include "probe/probe.h"
#include "support/fake_io.h"

static struct probe_options options;
static struct probe_target target;
static struct probe_world world;
static struct probe probe;

static int set_up(void **state)
{
    (void)state;
    fake_reset();
    options = (struct probe_options){ .timeout_ms = 1000,
                                      .deadline_ms = 5000,
                                      .key_prefix = "p:",
                                      .policy = { .write = true } };
    target = (struct probe_target){
        .name = "h:6379", .host = "h", .port = 6379, .options = &options
    };
    world = (struct probe_world){ .io = &fake_io };
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    probe_deinit(&probe);
    probe_world_deinit(&world);
    return 0;
}

static void on_done(struct probe *p)
{
    (void)p;
}

static const struct evidence_stage *run(void)
{
    struct net_addr addr;

    assert_true(net_addr_parse("127.0.0.1", 6379, &addr));
    memset(&probe, 0, sizeof(probe));
    probe_start(&probe, &world, &target, &addr, 6000000000, on_done);
    fake_run();
    assert_int_equal(evidence_failed_stage(&probe.evidence), STAGE_COUNT);
    return probe.evidence.stages;
}

static void
a_slow_reply_is_the_servers_as_far_as_the_kernel_waited(void **state)
{
    const struct evidence_stage *stages;

    (void)state;
    fake.slow = "SET";
    fake.slow_ms = 700;
    fake.waited_ms = 400;
    stages = run();
    assert_int_equal(stages[STAGE_PING].late_ms, 0);
    assert_int_equal(stages[STAGE_SET].took_us / 1000, 700);
    assert_int_equal(stages[STAGE_SET].late_ms, 290);
    assert_int_equal(stages[STAGE_CLEANUP].late_ms, 0);
}

static void a_tick_of_the_kernels_clock_is_nobodys(void **state)
{
    static const uint32_t waited_ms[] = { 290, 300, 310 };

    for (size_t i = 0; i < ARRAY_SIZE(waited_ms); i++) {
        set_up(state);
        fake.slow = "PING";
        fake.slow_ms = 300;
        fake.waited_ms = waited_ms[i];
        assert_int_equal(run()[STAGE_PING].late_ms, 0);
        tear_down(state);
    }
    memset(&probe, 0, sizeof(probe));
}

static void a_kernel_that_does_not_tell_leaves_all_to_us(void **state)
{
    (void)state;
    fake.slow = "PING";
    fake.slow_ms = 300;
    assert_int_equal(run()[STAGE_PING].late_ms, 290);
}

static void of_a_fast_reply_nothing_is_asked(void **state)
{
    const struct evidence_stage *stages;

    (void)state;
    fake.slow = "PING";
    fake.slow_ms = 99;
    stages = run();
    for (int stage = STAGE_PING; stage < STAGE_COUNT; stage++)
        assert_int_equal(stages[stage].late_ms, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_slow_reply_is_the_servers_as_far_as_the_kernel_waited),
        cmocka_unit_test(a_tick_of_the_kernels_clock_is_nobodys),
        TEST(a_kernel_that_does_not_tell_leaves_all_to_us),
        TEST(of_a_fast_reply_nothing_is_asked),
    };

    return cmocka_run_group_tests_name("probe_times", tests, NULL, NULL);
}
