/*
 * test_probe_memory.c -- memory may run out at any allocation of a check: it
 * still ends once, closes everything and leaks nothing.
 */
#include "support/unit.h"

#include <string.h>

#include "probe/check.h"
#include "support/fail_malloc.h"
#include "support/fake_io.h"

static const size_t payloads[] = { 1400 };

/* What goes wrong besides. */
struct scene {
    struct fake_rule rule;
    enum net_status connect;
    size_t lost_from;
    bool diagnose; /* second probes are made */
};

static unsigned calls;

static void on_done(struct check *check)
{
    (void)check;
    calls++;
}

/* One check of everything, with its `n`th allocation failing.  Returns whether
 * there was one. */
static bool run(unsigned n, const struct scene *scene)
{
    struct net_answer answer = { .naddrs = 2 };
    const struct probe_options options = {
        .timeout_ms = 1000,
        .deadline_ms = 5000,
        .key_prefix = "p:",
        .payloads = payloads,
        .npayloads = 1,
        .idle_ms = 1000,
        .server_info = true,
        .diagnose = scene->diagnose,
        .policy = { .write = true },
    };
    const struct net_tls_info tls = { .version = "TLSv1.3" };
    const struct probe_target target = { .name = "cache.test:6379",
                                         .host = "cache.test",
                                         .port = 6379,
                                         .tls = true,
                                         .db = 1,
                                         .login = { .password = "p" },
                                         .options = &options };
    struct probe_world world = { .io = &fake_io };
    struct check check = { 0 };
    bool failed;

    fake_reset();
    net_addr_parse("127.0.0.1", 6379, &answer.addrs[0].addr);
    net_addr_parse("::1", 6379, &answer.addrs[1].addr);
    fake.answer = &answer;
    fake.tls = &tls;
    fake.rules[0] = scene->rule;
    fake.connect = scene->connect;
    fake.lost_from = scene->lost_from;
    fake.locals = 3;
    calls = 0;
    fail_malloc_at(n);
    if (check_init(&check, &world, &target)) {
        check_start(&check, on_done);
        fake_run();
        assert_int_equal(calls, 1);
    }
    check_deinit(&check);
    probe_world_deinit(&world);
    failed = fail_malloc_stop();
    assert_int_equal(fake.open, 0);
    return failed;
}

static unsigned run_all(const struct scene *scene)
{
    unsigned n = 1;

    while (run(n, scene))
        n++;
    return n;
}

static void memory_may_run_out_at_every_allocation(void **state)
{
    static const struct scene well = { .diagnose = false };

    (void)state;
    assert_true(run_all(&well) > 10);
}

static void also_while_a_failure_is_noted(void **state)
{
    static const struct fake_rule rules[] = {
        { "PING", "HTTP/1.1 400 Bad Request\r\n", NET_OK },
        { "PING", "$100\r\nabc", NET_CLOSED },
        { "SET", "-READONLY x\r\n", NET_OK },
        { "ROLE", "-NOPERM x\r\n", NET_OK },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
        assert_true(run_all(&(struct scene){ .rule = rules[i] }) > 5);
}

static void also_while_second_probes_are_made(void **state)
{
    static const struct scene scenes[] = {
        { .connect = NET_TIMEOUT, .diagnose = true },
        { .rule = { "AUTH", NULL, NET_CLOSED }, .diagnose = true },
        { .lost_from = 1000, .diagnose = true },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(scenes); i++)
        assert_true(run_all(&scenes[i]) > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_may_run_out_at_every_allocation),
        cmocka_unit_test(also_while_a_failure_is_noted),
        cmocka_unit_test(also_while_second_probes_are_made),
    };

    return cmocka_run_group_tests_name("probe_memory", tests, NULL, NULL);
}
