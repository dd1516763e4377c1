/*
 * test_findings.c -- what is amiss though every stage passed, and the look-up.
 */
#include "support/unit.h"

#include <string.h>

#include "verdict/given.h"

#define NET(name)  ((enum cause)NET_##name)
#define RESP(name) ((enum cause)(CAUSE_RESP + RESP_ERR_##name))

#define DAY_S 86400LL

static const int64_t NOW_S = 1795400000;

static void idle_connections_end_in_their_own_ways(void **state)
{
    static const struct {
        enum cause cause;
        bool during;
        unsigned unacked;
        enum verdict_id id;
    } rows[] = {
        { NET(RESET), false, 0, VERDICT_TCP_IDLE_RESET },
        { NET(CLOSED), false, 0, VERDICT_TCP_IDLE_RESET },
        { NET(TIMEOUT), false, 1, VERDICT_TCP_IDLE_BLACKHOLE },
        { NET(TIMEOUT), false, 0, VERDICT_APP_SILENT },
        { NET(CLOSED), true, 0, VERDICT_UNKNOWN_ERROR },
        { NET(RESET), true, 0, VERDICT_UNKNOWN_ERROR },
        { RESP(LOADING), false, 0, VERDICT_REDIS_LOADING },
        { CAUSE_OK, false, 0, VERDICT_OK },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct given given;
        struct verdict verdict;

        given_begin(&given, 1);
        given.at[0].idle = (struct evidence_idle){
            .wanted_ns = 360 * S,
            .silent_ns = 360 * S,
            .cause = (uint8_t)rows[i].cause,
            .during = rows[i].during,
            .tcp = { .unacked = rows[i].unacked },
        };
        given.at[0].evidence.idle = &given.at[0].idle;
        verdict = classify_address(&given.at[0].evidence, &given.policy);
        assert_int_equal(verdict.id, rows[i].id);
        if (rows[i].id != VERDICT_OK)
            assert_int_equal(verdict.stage, STAGE_PING);
    }
}

static void the_role_is_held_against_what_is_expected(void **state)
{
    static const struct {
        enum expect_role expected;
        bool write;
        enum server_role role;
        enum verdict_id id;
    } rows[] = {
        { EXPECT_DEFAULT, true, ROLE_MASTER, VERDICT_OK },
        { EXPECT_DEFAULT, true, ROLE_REPLICA, VERDICT_REDIS_ROLE_MISMATCH },
        { EXPECT_DEFAULT, true, ROLE_UNKNOWN, VERDICT_OK },
        { EXPECT_DEFAULT, false, ROLE_REPLICA, VERDICT_OK },
        { EXPECT_MASTER, false, ROLE_REPLICA, VERDICT_REDIS_ROLE_MISMATCH },
        { EXPECT_MASTER, false, ROLE_MASTER, VERDICT_OK },
        { EXPECT_MASTER, false, ROLE_UNKNOWN, VERDICT_OK },
        { EXPECT_REPLICA, false, ROLE_MASTER, VERDICT_REDIS_ROLE_MISMATCH },
        { EXPECT_REPLICA, false, ROLE_REPLICA, VERDICT_OK },
        { EXPECT_ANY, true, ROLE_REPLICA, VERDICT_OK },
        { EXPECT_ANY, false, ROLE_SENTINEL, VERDICT_REDIS_SENTINEL },
        { EXPECT_MASTER, false, ROLE_SENTINEL, VERDICT_REDIS_SENTINEL },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct given given;
        struct verdict verdict;

        given_begin(&given, 1);
        given.policy.role = rows[i].expected;
        given.policy.write = rows[i].write;
        given.at[0].evidence.role = (uint8_t)rows[i].role;
        verdict = classify_address(&given.at[0].evidence, &given.policy);
        assert_int_equal(verdict.id, rows[i].id);
        if (rows[i].id != VERDICT_OK)
            assert_int_equal(verdict.stage, STAGE_ROLE);
    }
}

static void info_tells_a_sentinel_too(void **state)
{
    struct given given;

    (void)state;
    given_begin(&given, 1);
    given.at[0].evidence.role = ROLE_UNKNOWN;
    strcpy(given.at[0].server.mode, "sentinel");
    given.at[0].evidence.server = &given.at[0].server;
    assert_int_equal(classify_address(&given.at[0].evidence, &given.policy).id,
                     VERDICT_REDIS_SENTINEL);
    strcpy(given.at[0].server.mode, "standalone");
    assert_int_equal(classify_address(&given.at[0].evidence, &given.policy).id,
                     VERDICT_OK);
}

static void lost_syns_are_a_warning(void **state)
{
    struct given given;
    struct verdict verdict;

    (void)state;
    given_begin(&given, 1);
    given.at[0].evidence.connect_retransmits = 1;
    verdict = classify_address(&given.at[0].evidence, &given.policy);
    assert_int_equal(verdict.id, VERDICT_TCP_SLOW_CONNECT);
    assert_int_equal(verdict.status, CHECK_WARNING);
    assert_int_equal(verdict.stage, STAGE_TCP);

    given_failure(&given, 0, STAGE_TCP, NET(TIMEOUT), S);
    verdict = classify_address(&given.at[0].evidence, &given.policy);
    assert_int_equal(verdict.id, VERDICT_TCP_TIMEOUT_ALL);
}

static void certificates_are_held_against_the_days_left(void **state)
{
    static const struct {
        int64_t left_s;
        int warning, critical;
        enum verdict_id id;
        enum check_status status;
    } rows[] = {
        { 40 * DAY_S, 30, 7, VERDICT_OK, CHECK_OK },
        { 31 * DAY_S, 30, 7, VERDICT_OK, CHECK_OK },
        { 31 * DAY_S - 1, 30, 7, VERDICT_TLS_EXPIRES_SOON, CHECK_WARNING },
        { 8 * DAY_S, 30, 7, VERDICT_TLS_EXPIRES_SOON, CHECK_WARNING },
        { 7 * DAY_S, 30, 7, VERDICT_TLS_EXPIRES_SOON, CHECK_CRITICAL },
        { 3 * DAY_S, 30, CERT_DAYS_OFF, VERDICT_TLS_EXPIRES_SOON,
          CHECK_WARNING },
        { 3 * DAY_S, CERT_DAYS_OFF, CERT_DAYS_OFF, VERDICT_OK, CHECK_OK },
        { -1, 30, CERT_DAYS_OFF, VERDICT_TLS_EXPIRED, CHECK_CRITICAL },
        { -1, CERT_DAYS_OFF, CERT_DAYS_OFF, VERDICT_OK, CHECK_OK },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct given given;
        struct verdict verdict;

        given_begin(&given, 1);
        given_tls(&given, 0)->not_after = NOW_S + rows[i].left_s;
        given.policy.now_s = NOW_S;
        given.policy.cert_warning_days = rows[i].warning;
        given.policy.cert_critical_days = rows[i].critical;
        verdict = classify_address(&given.at[0].evidence, &given.policy);
        assert_int_equal(verdict.id, rows[i].id);
        assert_int_equal(verdict.status, rows[i].status);
    }
}

static void set_range(struct range *range, const char *text)
{
    char error[128];

    assert_true(range_parse(text, range, error, sizeof(error)));
}

static void thresholds_hold_for_stages_that_passed(void **state)
{
    struct given given;
    struct verdict verdict;
    struct thresholds *thresholds = &given.policy.thresholds;

    (void)state;
    given_begin(&given, 1);
    set_range(&thresholds->warning[STAGE_TCP], "300us");
    set_range(&thresholds->critical[STAGE_TCP], "400us");
    verdict = classify_address(&given.at[0].evidence, &given.policy);
    assert_int_equal(verdict.id, VERDICT_THRESHOLD_EXCEEDED);
    assert_int_equal(verdict.stage, STAGE_TCP);
    assert_int_equal(verdict.cause, CAUSE_THRESHOLD);
    assert_int_equal(verdict.status, CHECK_WARNING);

    set_range(&thresholds->critical[STAGE_GET], "100us");
    verdict = classify_address(&given.at[0].evidence, &given.policy);
    assert_int_equal(verdict.stage, STAGE_GET);
    assert_int_equal(verdict.status, CHECK_CRITICAL);

    given_failure(&given, 0, STAGE_TCP, NET(REFUSED), S);
    verdict = classify_address(&given.at[0].evidence, &given.policy);
    assert_int_equal(verdict.id, VERDICT_TCP_REFUSED);

    given_begin(&given, 1);
    set_range(&thresholds->warning[STAGE_TLS], "@10:"); /* not wanted */
    set_range(&thresholds->warning[STAGE_TCP], "400us");
    assert_int_equal(classify_address(&given.at[0].evidence, &given.policy).id,
                     VERDICT_OK);
}

static void a_failed_look_up_is_told_by_the_answer(void **state)
{
    static const struct {
        enum net_status status;
        bool cname, truncated, tcp_failed;
        enum verdict_id id;
    } rows[] = {
        { NET_NXDOMAIN, false, false, false, VERDICT_DNS_NXDOMAIN },
        { NET_NXDOMAIN, true, false, false, VERDICT_DNS_DANGLING_CNAME },
        { NET_NODATA, false, false, false, VERDICT_DNS_NODATA },
        { NET_NODATA, true, false, false, VERDICT_DNS_NODATA },
        { NET_SERVFAIL, false, false, false, VERDICT_DNS_SERVFAIL },
        { NET_REFUSED, false, false, false, VERDICT_DNS_REFUSED },
        { NET_TIMEOUT, false, false, false, VERDICT_DNS_TIMEOUT },
        { NET_TIMEOUT, false, true, true, VERDICT_DNS_TC_TCP_BLOCKED },
        { NET_UNREACHABLE, false, true, true, VERDICT_DNS_TC_TCP_BLOCKED },
        { NET_TIMEOUT, false, true, false, VERDICT_DNS_TIMEOUT },
        { NET_UNREACHABLE, false, false, false, VERDICT_DNS_UNREACHABLE },
        { NET_BADNAME, false, false, false, VERDICT_DNS_BAD_NAME },
        { NET_BADANSWER, false, false, false, VERDICT_UNKNOWN_ERROR },
        { NET_CANCELED, false, false, false, VERDICT_WATCHDOG },
        { NET_NOMEM, false, false, false, VERDICT_UNKNOWN_ERROR },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct given given;
        struct verdict verdict;

        given_begin(&given, 0);
        given_dns_failure(&given, rows[i].status, 800 * US);
        if (rows[i].cname)
            given_cname(&given, "gone.vpce.amazonaws.com");
        given.answer.truncated_udp = rows[i].truncated;
        given.answer.tcp_failed = rows[i].tcp_failed;
        verdict = classify_dns(&given.target, &given.policy);
        assert_int_equal(verdict.id, rows[i].id);
        assert_int_equal(verdict.stage, STAGE_DNS);
        assert_int_equal(verdict.cause, cause_of_net(rows[i].status));
        assert_true(
            verdict.status == CHECK_CRITICAL ||
            (verdict.status == CHECK_UNKNOWN &&
             (rows[i].status == NET_CANCELED || rows[i].status == NET_NOMEM)));
        given.target.answer = NULL; /* no memory for it */
        verdict = classify_dns(&given.target, &given.policy);
        assert_int_equal(verdict.cause, cause_of_net(rows[i].status));
    }
}

static void a_dead_family_hurts_nothing(void **state)
{
    struct given given;

    (void)state;
    given_begin(&given, 2);
    given.answer.v6 = (struct net_family_answer){ .asked = true,
                                                  .status = NET_SERVFAIL,
                                                  .rcode = 2 };
    given.answer.truncated_udp = given.answer.tcp_failed = true;
    assert_int_equal(classify_dns(&given.target, &given.policy).id, VERDICT_OK);
}

static void addresses_are_held_against_the_expected_ones(void **state)
{
    struct given given;
    struct net_cidr expected[2];
    struct verdict verdict;

    (void)state;
    given_begin(&given, 2);
    assert_true(net_cidr_parse("198.18.1.0/24", &expected[0]));
    assert_true(net_cidr_parse("198.18.2.69", &expected[1]));
    given.policy.expect = expected;
    given.policy.nexpect = 2;
    assert_int_equal(classify_dns(&given.target, &given.policy).id, VERDICT_OK);

    given.policy.nexpect = 1;
    verdict = classify_dns(&given.target, &given.policy);
    assert_int_equal(verdict.id, VERDICT_DNS_SPLIT_HORIZON);
    assert_int_equal(verdict.status, CHECK_CRITICAL);
    assert_int_equal(classify_address(&given.at[0].evidence, &given.policy).id,
                     VERDICT_OK);
    assert_int_equal(classify_address(&given.at[1].evidence, &given.policy).id,
                     VERDICT_DNS_SPLIT_HORIZON);

    given.target.literal = true;
    given.target.dns.state = STAGE_NOT_WANTED;
    assert_int_equal(classify_dns(&given.target, &given.policy).id,
                     VERDICT_DNS_SPLIT_HORIZON);
}

static void a_stage_has_a_status_of_its_own(void **state)
{
    struct given given;
    struct evidence_stage *stages = given.at[0].evidence.stages;
    const struct verdict well = { .stage = STAGE_COUNT };
    const struct verdict slow = { .id = VERDICT_TCP_SLOW_CONNECT,
                                  .stage = STAGE_TCP,
                                  .status = CHECK_WARNING };
    const struct verdict unknown = { .id = VERDICT_UNKNOWN_ERROR,
                                     .stage = STAGE_TCP,
                                     .status = CHECK_UNKNOWN };
    struct policy *policy = &given.policy;

    (void)state;
    given_begin(&given, 1);
#define STATUS(stage, verdict)                                                 \
    classify_stage(&stages[stage], stage, verdict, policy)
    assert_int_equal(STATUS(STAGE_TCP, &well), CHECK_OK);
    assert_int_equal(STATUS(STAGE_TLS, &well), -1);
    assert_int_equal(STATUS(STAGE_TCP, &slow), CHECK_WARNING);
    assert_int_equal(STATUS(STAGE_PING, &slow), CHECK_OK);
    assert_int_equal(STATUS(STAGE_TCP, &unknown), CHECK_CRITICAL);
    set_range(&policy->thresholds.critical[STAGE_PING], "1us");
    assert_int_equal(STATUS(STAGE_PING, &well), CHECK_CRITICAL);

    stages[STAGE_AUTH].state = STAGE_FAILED;
    stages[STAGE_AUTH].cause = (uint8_t)RESP(NOPASS);
    assert_int_equal(STATUS(STAGE_AUTH, &well), CHECK_WARNING);
    stages[STAGE_AUTH].cause = (uint8_t)RESP(WRONGPASS);
    assert_int_equal(STATUS(STAGE_AUTH, &well), CHECK_CRITICAL);
    stages[STAGE_CLEANUP].state = STAGE_FAILED;
    stages[STAGE_CLEANUP].cause = (uint8_t)NET(RESET);
    assert_int_equal(STATUS(STAGE_CLEANUP, &well), CHECK_WARNING);
    stages[STAGE_ROLE].state = STAGE_FAILED;
    stages[STAGE_ROLE].cause = (uint8_t)RESP(NOPERM);
    assert_int_equal(STATUS(STAGE_ROLE, &well), CHECK_OK);
    stages[STAGE_GET].state = STAGE_NOT_REACHED;
    assert_int_equal(STATUS(STAGE_GET, &well), -1);
#undef STATUS
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(idle_connections_end_in_their_own_ways),
        cmocka_unit_test(the_role_is_held_against_what_is_expected),
        cmocka_unit_test(info_tells_a_sentinel_too),
        cmocka_unit_test(lost_syns_are_a_warning),
        cmocka_unit_test(certificates_are_held_against_the_days_left),
        cmocka_unit_test(thresholds_hold_for_stages_that_passed),
        cmocka_unit_test(a_failed_look_up_is_told_by_the_answer),
        cmocka_unit_test(a_dead_family_hurts_nothing),
        cmocka_unit_test(addresses_are_held_against_the_expected_ones),
        cmocka_unit_test(a_stage_has_a_status_of_its_own),
    };

    return cmocka_run_group_tests_name("findings", tests, NULL, NULL);
}
