/*
 * test_diagnose.c -- a second probe is made where it splits, and only there.
 */
#include "support/unit.h"

#include <string.h>

#include "probe/probe.h"
#include "support/fake_io.h"

#define RAN(second) (1U << SECOND_##second)

static const size_t payloads[] = { 9000 };
static struct probe_options options;
static struct probe_target target;
static struct probe_world world;
static struct probe probe;
static unsigned calls;

static int set_up(void **state)
{
    (void)state;
    fake_reset();
    options = (struct probe_options){ .timeout_ms = 1000,
                                      .deadline_ms = 5000,
                                      .key_prefix = "p:",
                                      .diagnose = true,
                                      .policy = { .write = true } };
    target = (struct probe_target){
        .name = "h:6379", .host = "h", .port = 6379, .options = &options
    };
    world = (struct probe_world){ .io = &fake_io };
    calls = 0;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    probe_deinit(&probe);
    probe_world_deinit(&world);
    assert_int_equal(fake.contexts, 0);
    return 0;
}

static void on_done(struct probe *p)
{
    (void)p;
    calls++;
}

static void cancel(void *data)
{
    probe_cancel(data);
}

static unsigned run(void)
{
    struct net_addr addr;

    assert_true(net_addr_parse("127.0.0.1", 6379, &addr));
    memset(&probe, 0, sizeof(probe));
    fake.cancel = cancel;
    fake.cancel_data = &probe;
    probe_start(&probe, &world, &target, &addr, 6000000000, on_done);
    fake_run();
    assert_int_equal(calls, 1);
    assert_int_equal(fake.open, 0);
    return probe.evidence.second ? probe.evidence.second->ran : 0;
}

static const struct net_tls_info no_hello = { .alert = NET_TLS_ALERT_NONE };
static const struct net_tls_info hello = { .server_hello = true,
                                           .alert = NET_TLS_ALERT_NONE };

static void each_failure_calls_for_its_own(void **state)
{
    static const struct {
        const char *what;
        struct fake_rule rule;
        bool tls, password, payload;
        enum net_status connect, handshake;
        unsigned ran;
    } rows[] = {
        { .what = "healthy" },
        { .what = "refused", .connect = NET_REFUSED },
        { .what = "no SYN-ACK", .connect = NET_TIMEOUT, .ran = RAN(PORTS) },
        { .what = "plain, closed",
          .rule = { "PING", NULL, NET_CLOSED },
          .ran = RAN(TLS) },
        { .what = "plain, reset at AUTH",
          .rule = { "AUTH", NULL, NET_RESET },
          .password = true,
          .ran = RAN(TLS) },
        { .what = "plain, silent",
          .rule = { "PING", NULL, NET_TIMEOUT },
          .ran = RAN(TLS) },
        { .what = "plain and TLS, silent",
          .rule = { "PING", NULL, NET_TIMEOUT },
          .handshake = NET_TIMEOUT,
          .ran = RAN(TLS) | RAN(FLOOD) },
        { .what = "TLS without a word",
          .tls = true,
          .handshake = NET_TIMEOUT,
          .ran = RAN(PLAIN) },
        { .what = "TLS, closed",
          .tls = true,
          .handshake = NET_CLOSED,
          .ran = RAN(PLAIN) },
        { .what = "TLS and plain, silent",
          .rule = { "PING", NULL, NET_TIMEOUT },
          .tls = true,
          .handshake = NET_TIMEOUT,
          .ran = RAN(PLAIN) | RAN(FLOOD) },
        { .what = "TLS, a wrong name",
          .tls = true,
          .handshake = NET_TLS_VERIFY },
        { .what = "TLS, then closed",
          .rule = { "PING", NULL, NET_CLOSED },
          .tls = true,
          .ran = RAN(RETRY) },
        { .what = "NOAUTH", .rule = { "PING", "-NOAUTH x\r\n", NET_OK } },
        { .what = "MOVED to an address",
          .rule = { "SET", "-MOVED 1 10.0.0.5:6379\r\n", NET_OK },
          .ran = RAN(REDIRECT) },
        { .what = "MOVED to a name",
          .rule = { "SET", "-MOVED 1 cache.example:6379\r\n", NET_OK } },
        { .what = "SET unanswered",
          .rule = { "SET", NULL, NET_TIMEOUT },
          .ran = RAN(PING) },
        { .what = "closed after an answer",
          .rule = { "SET", NULL, NET_CLOSED } },
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        set_up(state);
        fake.rules[0] = rows[i].rule;
        fake.connect = rows[i].connect;
        fake.handshake = rows[i].handshake;
        fake.tls = rows[i].handshake == NET_OK ? &hello : &no_hello;
        target.tls = rows[i].tls;
        target.login.password = rows[i].password ? "secret" : NULL;
        unsigned ran = run();
        if (ran != rows[i].ran)
            print_error("%s: ran %x\n", rows[i].what, ran);
        assert_int_equal(ran, rows[i].ran);
        tear_down(state);
    }
}

static void a_lost_payload_is_measured_on_a_ladder(void **state)
{
    (void)state;
    options.payloads = payloads;
    options.npayloads = 1;
    fake.lost_from = 8000;
    assert_int_equal(run(), RAN(LADDER));
    assert_int_equal(probe.evidence.second->ladder_most, 4000);
    assert_int_equal(probe.evidence.second->ladder_least, 8300);
}

static void silence_is_tried_from_other_local_addresses(void **state)
{
    static const struct {
        const char *what;
        unsigned locals;
        const char *locally;
        bool astray, bound;
        unsigned ran, tried, failed;
    } rows[] = {
        { "there is none", 1, NULL, false, false, RAN(PORTS), 0, 0 },
        { "none is known", 0, NULL, false, false, RAN(PORTS), 0, 0 },
        { "silent as well", 3, NULL, true, false, RAN(PORTS) | RAN(SOURCES), 2,
          2 },
        { "one connects", 3, "10.0.0.3", false, false,
          RAN(PORTS) | RAN(SOURCES), 2, 1 },
        { "... and ours goes astray", 2, "10.0.0.2", true, false,
          RAN(PORTS) | RAN(SOURCES), 1, 0 },
        { "the user chose one", 3, "10.0.0.3", true, true, RAN(PORTS), 0, 0 },
    };
    struct net_addr source;

    assert_true(net_addr_parse("10.0.0.1", 0, &source));
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const struct evidence_second *second;
        char host[NET_ADDR_TEXT_MAX] = "";

        set_up(state);
        fake.connect = NET_TIMEOUT;
        fake.locals = rows[i].locals;
        fake.locally = rows[i].locally;
        fake.astray = rows[i].astray;
        options.source = rows[i].bound ? &source : NULL;
        if (run() != rows[i].ran)
            fail_msg("%s: ran %x", rows[i].what, probe.evidence.second->ran);
        second = probe.evidence.second;
        assert_int_equal(second->client.base.sa.any.sa_family,
                         rows[i].locals > 0 ? AF_INET : AF_UNSPEC);
        assert_int_equal(second->client.bits,
                         rows[i].bound || rows[i].locals == 0 ? 0 : 24);
        assert_int_equal(second->sources_tried, rows[i].tried);
        assert_int_equal(second->sources_failed, rows[i].failed);
        assert_int_equal(second->astray, rows[i].astray && !rows[i].bound);
        if (rows[i].tried > rows[i].failed)
            net_addr_host(&second->source, host);
        assert_string_equal(
            host, rows[i].tried > rows[i].failed ? rows[i].locally : "");
        /* beside the ports: the other half is for them again, or for names */
        assert_int_equal(fake.timeout_ms, options.timeout_ms / 2);
        tear_down(state);
    }
    memset(&probe, 0, sizeof(probe));
}

static void a_slow_pong_is_asked_for_again(void **state)
{
    static const struct {
        unsigned ms;
        bool password; /* then SET is a write of its own, and as fast as ever */
        unsigned ran;
    } rows[] = {
        { 90, true, 0 },
        { 200, true, RAN(RETRY) },
        { 399, true, RAN(RETRY) },
        { 500, true, 0 }, /* that is no moment */
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        set_up(state);
        fake.slow = "PING";
        fake.slow_ms = fake.waited_ms = rows[i].ms;
        target.login.password = rows[i].password ? "secret" : NULL;
        assert_int_equal(run(), rows[i].ran);
        if (rows[i].ran)
            assert_true(probe.evidence.second->trials[SECOND_RETRY].took_us >=
                        rows[i].ms * 1000);
        tear_down(state);
    }
    memset(&probe, 0, sizeof(probe));
}

static void none_is_made_when_it_is_switched_off(void **state)
{
    (void)state;
    options.diagnose = false;
    fake.rules[0] = (struct fake_rule){ "PING", NULL, NET_CLOSED };
    assert_int_equal(run(), 0);
}

static void what_the_trial_saw_is_evidence(void **state)
{
    (void)state;
    fake.rules[0] = (struct fake_rule){ "PING", NULL, NET_CLOSED };
    fake.tls = &hello;
    run();
    assert_true(probe.evidence.second->trials[SECOND_TLS].server_hello);
    assert_int_equal(probe.evidence.second->trials[SECOND_TLS].handshake,
                     NET_OK);
}

static void nothing_is_written_by_second_probes(void **state)
{
    (void)state;
    fake.rules[0] = (struct fake_rule){ "PING", NULL, NET_TIMEOUT };
    fake.handshake = NET_TIMEOUT;
    run();
    assert_null(strstr(fake.log, "SET"));
}

static void a_diagnosis_may_be_canceled_at_any_operation(void **state)
{
    unsigned total;

    fake.rules[0] = (struct fake_rule){ "PING", NULL, NET_TIMEOUT };
    fake.handshake = NET_TIMEOUT;
    run();
    total = fake.ops;
    tear_down(state);
    for (unsigned i = 1; i < total; i++) {
        set_up(state);
        fake.rules[0] = (struct fake_rule){ "PING", NULL, NET_TIMEOUT };
        fake.handshake = NET_TIMEOUT;
        fake.cancel_at = (int)i;
        run();
        tear_down(state);
    }
    assert_true(total > 6);
    memset(&probe, 0, sizeof(probe));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_failure_calls_for_its_own),
        TEST(a_lost_payload_is_measured_on_a_ladder),
        cmocka_unit_test(silence_is_tried_from_other_local_addresses),
        cmocka_unit_test(a_slow_pong_is_asked_for_again),
        TEST(none_is_made_when_it_is_switched_off),
        TEST(what_the_trial_saw_is_evidence),
        TEST(nothing_is_written_by_second_probes),
        TEST(a_diagnosis_may_be_canceled_at_any_operation),
    };

    return cmocka_run_group_tests_name("diagnose", tests, NULL, NULL);
}
