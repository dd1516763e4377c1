/*
 * test_probe.c -- whatever ends a stage, the evidence names it and all closes.
 */
#include "support/unit.h"

#include <stdlib.h>
#include <string.h>

#include "probe/probe.h"
#include "support/fake_io.h"

static const size_t payloads[] = { 1400, 70000 };

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
                                      .key_prefix = "linkprobe:{check}:",
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
    return 0;
}

static void on_done(struct probe *p)
{
    assert_ptr_equal(p, &probe);
    calls++;
}

static void cancel(void *data)
{
    probe_cancel(data);
}

static void run(void)
{
    struct net_addr addr;

    assert_true(net_addr_parse("127.0.0.1", 6379, &addr));
    memset(&probe, 0, sizeof(probe));
    fake.cancel = cancel;
    fake.cancel_data = &probe;
    probe_start(&probe, &world, &target, &addr, 6000000000, on_done);
    assert_int_equal(calls, 0);
    fake_run();
    assert_int_equal(calls, 1);
    assert_int_equal(fake.open, 0);
}

/* Everything on: TLS, a password, a database, payloads, silence. */
static void want_all(void)
{
    target.tls = true;
    target.db = 2;
    target.login =
        (struct probe_login){ .user = "probe", .password = "secret" };
    options.payloads = payloads;
    options.npayloads = 2;
    options.idle_ms = 1000;
    options.server_info = true;
}

static void assert_state(enum stage stage, enum stage_state state)
{
    assert_int_equal(probe.evidence.stages[stage].state, state);
}

static void assert_failure(enum stage stage, enum cause cause)
{
    assert_int_equal(evidence_failed_stage(&probe.evidence), stage);
    if (stage != STAGE_COUNT)
        assert_int_equal(probe.evidence.stages[stage].cause, cause);
}

static void a_healthy_address_passes_every_stage(void **state)
{
    (void)state;
    run();
    assert_failure(STAGE_COUNT, CAUSE_OK);
    assert_string_equal(fake.log, "PING ROLE SET GET |DEL |");
    assert_int_equal(probe.evidence.role, ROLE_MASTER);
    assert_true(probe.evidence.written && probe.evidence.cleaned);
    assert_null(probe.evidence.fault);
    for (int stage = STAGE_PING; stage < STAGE_COUNT; stage++) {
        assert_state((enum stage)stage, STAGE_PASSED);
        assert_true(evidence_stage_ns(&probe.evidence.stages[stage]) > 0);
    }
}

static void everything_may_be_asked_for(void **state)
{
    (void)state;
    want_all();
    run();
    assert_failure(STAGE_COUNT, CAUSE_OK);
    assert_string_equal(fake.log,
                        "AUTH SELECT PING ROLE INFO |SET GET |SET GET |"
                        "SET GET |DEL |PING |AUTH SELECT PING |PING |");
    assert_int_equal(probe.evidence.payload_edge, 70000);
    assert_string_equal(probe.evidence.server->version, "7.0.15");
    assert_non_null(probe.evidence.idle);
    assert_true(probe.evidence.idle->twin_ran);
    assert_true(fake.keepalive);
}

static void what_is_not_wanted_is_not_asked(void **state)
{
    (void)state;
    options.policy.write = false;
    run();
    assert_failure(STAGE_COUNT, CAUSE_OK);
    assert_string_equal(fake.log, "PING ROLE GET |");
    assert_state(STAGE_TLS, STAGE_NOT_WANTED);
    assert_state(STAGE_AUTH, STAGE_NOT_WANTED);
    assert_state(STAGE_SET, STAGE_NOT_WANTED);
    assert_state(STAGE_GET, STAGE_PASSED);
    assert_state(STAGE_CLEANUP, STAGE_NOT_WANTED);
}

static void with_any_role_only_a_primary_is_written_to(void **state)
{
    (void)state;
    options.policy.role = EXPECT_ANY;
    fake.rules[0] =
        (struct fake_rule){ "ROLE",
                            "*5\r\n$5\r\nslave\r\n$8\r\n10.0.0.5\r\n:6379\r\n"
                            "$9\r\nconnected\r\n:3\r\n",
                            NET_OK };
    run();
    assert_failure(STAGE_COUNT, CAUSE_OK);
    assert_string_equal(fake.log, "PING ROLE |GET |");
    assert_string_equal(probe.evidence.master, "10.0.0.5:6379");
    assert_state(STAGE_SET, STAGE_NOT_WANTED);
}

static void role_falls_back_to_info_and_never_ends_the_run(void **state)
{
    (void)state;
    fake.rules[0] =
        (struct fake_rule){ "ROLE", "-NOPERM no 'role'\r\n", NET_OK };
    run();
    assert_failure(STAGE_COUNT, CAUSE_OK);
    assert_string_equal(fake.log, "PING ROLE SET GET |INFO |DEL |");
    assert_int_equal(probe.evidence.role, ROLE_MASTER);
    tear_down(state);

    calls = 0;
    fake.log[0] = '\0';
    fake.rules[1] =
        (struct fake_rule){ "INFO", "-NOPERM no 'info'\r\n", NET_OK };
    run();
    assert_failure(STAGE_COUNT, CAUSE_OK);
    assert_state(STAGE_ROLE, STAGE_NOT_WANTED);
    assert_string_equal(fake.log, "PING ROLE SET GET |INFO |DEL |");
}

static void the_network_may_fail_at_every_operation(void **state)
{
    for (int status = NET_CANCELED; status < NET_STATUS_COUNT; status++) {
        set_up(state);
        fake.connect = (enum net_status)status;
        run();
        assert_failure(STAGE_TCP, (enum cause)status);
        assert_state(STAGE_PING, STAGE_NOT_REACHED);
        tear_down(state);

        set_up(state);
        target.tls = true;
        fake.handshake = (enum net_status)status;
        run();
        assert_failure(STAGE_TLS, (enum cause)status);
        tear_down(state);
    }
}

static void any_command_may_meet_the_end_of_the_connection(void **state)
{
    static const struct {
        const char *word;
        enum stage stage;
    } rows[] = {
        { "AUTH", STAGE_AUTH }, { "PING", STAGE_PING },   { "SET", STAGE_SET },
        { "GET", STAGE_GET },   { "DEL", STAGE_CLEANUP },
    };
    static const enum net_status ends[] = { NET_CLOSED, NET_RESET,
                                            NET_TIMEOUT };

    for (size_t i = 0; i < ARRAY_SIZE(rows) * ARRAY_SIZE(ends); i++) {
        enum net_status end = ends[i % ARRAY_SIZE(ends)];
        size_t row = i / ARRAY_SIZE(ends);
        set_up(state);
        target.login.password = "secret";
        fake.rules[0] = (struct fake_rule){ rows[row].word, NULL, end };
        run();
        assert_failure(rows[row].stage, cause_of_net(end));
        assert_int_equal(probe.evidence.cleaned, false);
        tear_down(state);
    }
}

static void replies_are_judged(void **state)
{
    static const struct {
        const char *word, *reply;
        enum stage stage;
        int cause;
    } rows[] = {
        { "AUTH", "-WRONGPASS invalid\r\n", STAGE_AUTH,
          CAUSE_RESP + RESP_ERR_WRONGPASS },
        { "SELECT", "-ERR DB index is out of range\r\n", STAGE_AUTH,
          CAUSE_RESP + RESP_ERR_DBINDEX },
        { "PING", "-NOAUTH Authentication required.\r\n", STAGE_PING,
          CAUSE_RESP + RESP_ERR_NOAUTH },
        { "PING", "-LOADING Redis is loading\r\n", STAGE_PING,
          CAUSE_RESP + RESP_ERR_LOADING },
        { "PING", "+PING\r\n", STAGE_PING, CAUSE_UNEXPECTED },
        { "PING", "HTTP/1.1 400 Bad Request\r\n", STAGE_PING, NET_BADREPLY },
        { "SET", "-READONLY You can't write\r\n", STAGE_SET,
          CAUSE_RESP + RESP_ERR_READONLY },
        { "SET", "$-1\r\n", STAGE_SET, CAUSE_EXISTS },
        { "GET", "$-1\r\n", STAGE_GET, CAUSE_MISMATCH },
        { "GET", "$5\r\nother\r\n", STAGE_GET, CAUSE_MISMATCH },
        { "GET", ":5\r\n", STAGE_GET, CAUSE_UNEXPECTED },
        { "DEL", "-NOPERM no DEL\r\n", STAGE_CLEANUP,
          CAUSE_RESP + RESP_ERR_NOPERM },
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        set_up(state);
        target.login.password = "secret";
        target.db = 1;
        fake.rules[0] =
            (struct fake_rule){ rows[i].word, rows[i].reply, NET_OK };
        run();
        assert_failure(rows[i].stage, (enum cause)rows[i].cause);
        assert_non_null(probe.evidence.fault);
        tear_down(state);
    }
}

static void only_a_key_that_was_set_is_deleted(void **state)
{
    static const char *const refusals[] = { "-READONLY x\r\n", "$-1\r\n",
                                            "-OOM x\r\n" };

    for (size_t i = 0; i < ARRAY_SIZE(refusals); i++) {
        set_up(state);
        fake.rules[0] = (struct fake_rule){ "SET", refusals[i], NET_OK };
        run();
        assert_string_equal(fake.log, "PING ROLE SET GET |");
        tear_down(state);
    }
}

static void a_wrong_value_is_cleaned_up_all_the_same(void **state)
{
    (void)state;
    fake.rules[0] = (struct fake_rule){ "GET", "$1\r\nx\r\n", NET_OK };
    run();
    assert_string_equal(fake.log, "PING ROLE SET GET |DEL |");
    assert_failure(STAGE_GET, CAUSE_MISMATCH);
    assert_true(probe.evidence.cleaned);
}

static void out_of_step_nothing_more_is_sent(void **state)
{
    (void)state;
    fake.rules[0] = (struct fake_rule){ "GET", NULL, NET_TIMEOUT };
    run();
    assert_string_equal(fake.log, "PING ROLE SET GET |");
    assert_true(probe.evidence.written);
    assert_state(STAGE_CLEANUP, STAGE_NOT_REACHED);
}

static void a_password_that_is_not_needed_is_a_blemish(void **state)
{
    (void)state;
    target.login.password = "secret";
    fake.rules[0] = (struct fake_rule){
        "AUTH",
        "-ERR AUTH <password> called without any password configured for the "
        "default user. Are you sure your configuration is correct?\r\n",
        NET_OK
    };
    run();
    assert_failure(STAGE_AUTH, cause_of_resp(RESP_ERR_NOPASS));
    assert_state(STAGE_CLEANUP, STAGE_PASSED);
}

static void the_first_failure_stands(void **state)
{
    (void)state;
    fake.rules[0] = (struct fake_rule){ "GET", "$-1\r\n", NET_OK };
    fake.rules[1] = (struct fake_rule){ "DEL", NULL, NET_RESET };
    run();
    assert_failure(STAGE_GET, CAUSE_MISMATCH);
    assert_state(STAGE_CLEANUP, STAGE_NOT_REACHED);
}

static void a_login_is_answered_before_anything_is_written(void **state)
{
    (void)state;
    target.login.password = "secret";
    fake.rules[0] = (struct fake_rule){ "AUTH", "-WRONGPASS x\r\n", NET_OK };
    run();
    assert_string_equal(fake.log, "AUTH PING ROLE |");
    assert_failure(STAGE_AUTH, cause_of_resp(RESP_ERR_WRONGPASS));
}

static void any_operation_may_be_canceled(void **state)
{
    unsigned total;

    want_all();
    run();
    total = fake.ops;
    tear_down(state);
    for (unsigned i = 1; i < total; i++) {
        set_up(state);
        want_all();
        fake.cancel_at = (int)i;
        run();
        tear_down(state);
    }
    assert_true(total > 10);
    memset(&probe, 0, sizeof(probe));
}

static void replies_may_come_a_byte_at_a_time(void **state)
{
    (void)state;
    want_all();
    fake.chunk = 1;
    run();
    assert_failure(STAGE_COUNT, CAUSE_OK);
    assert_null(probe.evidence.fault);
}

static void a_foreign_greeting_is_recognised_from_single_bytes(void **state)
{
    (void)state;
    fake.chunk = 1;
    fake.rules[0] =
        (struct fake_rule){ "PING", "SSH-2.0-OpenSSH_9.2\r\n", NET_OK };
    run();
    assert_failure(STAGE_PING, cause_of_net(NET_BADREPLY));
    assert_memory_equal(probe.evidence.fault->head, "SSH-2.0-OpenSSH_", 16);
}

static void a_reply_cut_off_is_no_mere_end(void **state)
{
    (void)state;
    fake.rules[0] = (struct fake_rule){ "PING", "$100\r\nabc", NET_CLOSED };
    run();
    assert_failure(STAGE_PING, cause_of_net(NET_BADREPLY));
    assert_memory_equal(probe.evidence.fault->head, "$100\r\nabc", 9);
}

static void silence_may_be_broken_by_the_peer(void **state)
{
    (void)state;
    options.idle_ms = 2000;
    fake.wait = NET_CLOSED;
    run();
    assert_failure(STAGE_PING, cause_of_net(NET_CLOSED));
    assert_true(probe.evidence.idle->during);
    assert_int_equal(probe.evidence.idle->twin_cause, cause_of_net(NET_CLOSED));
    assert_true(probe.evidence.cleaned);
}

static void the_deadline_bounds_every_operation(void **state)
{
    struct net_addr addr;

    (void)state;
    assert_true(net_addr_parse("127.0.0.1", 6379, &addr));
    memset(&probe, 0, sizeof(probe));
    probe_start(&probe, &world, &target, &addr, 1005000000, on_done);
    fake_run();
    assert_in_range(fake.timeout_ms, 1, 6);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_healthy_address_passes_every_stage),
        TEST(everything_may_be_asked_for),
        TEST(what_is_not_wanted_is_not_asked),
        TEST(with_any_role_only_a_primary_is_written_to),
        TEST(role_falls_back_to_info_and_never_ends_the_run),
        cmocka_unit_test(the_network_may_fail_at_every_operation),
        cmocka_unit_test(any_command_may_meet_the_end_of_the_connection),
        cmocka_unit_test(replies_are_judged),
        cmocka_unit_test(only_a_key_that_was_set_is_deleted),
        TEST(a_wrong_value_is_cleaned_up_all_the_same),
        TEST(out_of_step_nothing_more_is_sent),
        TEST(a_password_that_is_not_needed_is_a_blemish),
        TEST(the_first_failure_stands),
        TEST(a_login_is_answered_before_anything_is_written),
        TEST(any_operation_may_be_canceled),
        TEST(replies_may_come_a_byte_at_a_time),
        TEST(a_foreign_greeting_is_recognised_from_single_bytes),
        TEST(a_reply_cut_off_is_no_mere_end),
        TEST(silence_may_be_broken_by_the_peer),
        TEST(the_deadline_bounds_every_operation),
    };

    return cmocka_run_group_tests_name("probe", tests, NULL, NULL);
}
