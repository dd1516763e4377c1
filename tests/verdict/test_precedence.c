/*
 * test_precedence.c -- of several things that are wrong, which one is told.
 */
#include "support/unit.h"

#include <errno.h>

#include "verdict/given.h"

#define NET(name)  ((enum cause)NET_##name)
#define RESP(name) ((enum cause)(CAUSE_RESP + RESP_ERR_##name))

static void every_stage_and_cause_has_a_verdict(void **state)
{
    (void)state;
    for (int stage = STAGE_TCP; stage < STAGE_COUNT; stage++) {
        for (int cause = 1; cause < CAUSE_COUNT; cause++) {
            struct given given;
            struct verdict verdict;

            given_begin(&given, 1);
            given.policy.watchdog = CHECK_UNKNOWN;
            given_failure(&given, 0, (enum stage)stage, (enum cause)cause, MS);
            verdict = classify_address(&given.at[0].evidence, &given.policy);
            if (stage == STAGE_ROLE && cause >= CAUSE_RESP && cause < CAUSE_OWN)
                assert_int_equal(verdict.id, VERDICT_OK);
            else
                assert_true(verdict.id > VERDICT_OK &&
                            verdict.status != CHECK_OK);
            assert_true(verdict.ncandidates <= CANDIDATES_MAX);
        }
    }
}

static void details_may_be_missing(void **state)
{
    static const struct {
        enum stage stage;
        enum cause cause;
        enum verdict_id id;
    } rows[] = {
        { STAGE_TLS, NET(TLS_VERIFY), .id = VERDICT_UNKNOWN_ERROR },
        { STAGE_TLS, NET(TIMEOUT), .id = VERDICT_TLS_NOT_OFFERED },
        { STAGE_PING, NET(TIMEOUT), .id = VERDICT_APP_SILENT },
        { STAGE_PING, NET(BADREPLY), .id = VERDICT_REDIS_PROTOCOL },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct given given;
        struct verdict verdict;

        given_begin(&given, 1);
        given_failure(&given, 0, rows[i].stage, rows[i].cause, S);
        given.at[0].evidence.fault = NULL;
        verdict = classify_address(&given.at[0].evidence, &given.policy);
        assert_int_equal(verdict.id, rows[i].id);
    }
}

static void without_memory_the_check_could_not_run(void **state)
{
    static const struct {
        enum cause cause;
        int native;
        enum check_status status;
    } rows[] = {
        { NET(NOMEM), 0, CHECK_UNKNOWN },
        { NET(SYSTEM), -EMFILE, CHECK_UNKNOWN },
        { NET(SYSTEM), -ENFILE, CHECK_UNKNOWN },
        { NET(SYSTEM), -ENOBUFS, CHECK_UNKNOWN },
        { NET(SYSTEM), -EPROTO, CHECK_CRITICAL },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct given given;
        struct verdict verdict;

        given_begin(&given, 1);
        given_failure(&given, 0, STAGE_TCP, rows[i].cause, MS)->native =
            rows[i].native;
        verdict = classify_address(&given.at[0].evidence, &given.policy);
        assert_int_equal(verdict.id, VERDICT_UNKNOWN_ERROR);
        assert_int_equal(verdict.status, rows[i].status);
    }
}

static void the_first_failure_stands(void **state)
{
    struct given given;
    struct verdict verdict;
    struct evidence_stage *stages = given.at[0].evidence.stages;

    (void)state;
    given_begin(&given, 1);
    given_failure(&given, 0, STAGE_AUTH, RESP(WRONGPASS), MS);
    for (int stage = STAGE_PING; stage <= STAGE_GET; stage++) {
        stages[stage].state = STAGE_FAILED;
        stages[stage].cause = (uint8_t)RESP(NOAUTH);
    }
    verdict = classify_address(&given.at[0].evidence, &given.policy);
    assert_int_equal(verdict.id, VERDICT_AUTH_REJECTED);
}

static void a_warning_gives_way_to_a_failure(void **state)
{
    struct given given;
    struct verdict verdict;
    struct evidence_stage *stages = given.at[0].evidence.stages;

    (void)state;
    given_begin(&given, 1);
    stages[STAGE_AUTH].state = STAGE_FAILED;
    stages[STAGE_AUTH].cause = (uint8_t)RESP(NOPASS);
    verdict = classify_address(&given.at[0].evidence, &given.policy);
    assert_int_equal(verdict.id, VERDICT_AUTH_NOT_CONFIGURED);
    assert_int_equal(verdict.status, CHECK_WARNING);

    stages[STAGE_SET].state = STAGE_FAILED;
    stages[STAGE_SET].cause = (uint8_t)RESP(READONLY);
    verdict = classify_address(&given.at[0].evidence, &given.policy);
    assert_int_equal(verdict.id, VERDICT_REDIS_READONLY);
    assert_int_equal(verdict.status, CHECK_CRITICAL);
}

static void the_watchdog_has_the_status_it_was_given(void **state)
{
    struct given given;
    struct verdict verdict;

    (void)state;
    given_begin(&given, 1);
    given_failure(&given, 0, STAGE_PING, NET(CANCELED), S);
    given.policy.watchdog = CHECK_WARNING;
    verdict = classify_address(&given.at[0].evidence, &given.policy);
    assert_int_equal(verdict.id, VERDICT_WATCHDOG);
    assert_int_equal(verdict.status, CHECK_WARNING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_stage_and_cause_has_a_verdict),
        cmocka_unit_test(details_may_be_missing),
        cmocka_unit_test(without_memory_the_check_could_not_run),
        cmocka_unit_test(the_first_failure_stands),
        cmocka_unit_test(a_warning_gives_way_to_a_failure),
        cmocka_unit_test(the_watchdog_has_the_status_it_was_given),
    };

    return cmocka_run_group_tests_name("precedence", tests, NULL, NULL);
}
