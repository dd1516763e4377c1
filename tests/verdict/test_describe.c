/*
 * test_describe.c -- what holds for every description: clean, bounded, safe.
 */
#include "support/unit.h"

#include <stdio.h>
#include <string.h>

#include "support/fail_malloc.h"
#include "verdict/described.h"

#define NET(name)  ((enum cause)NET_##name)
#define RESP(name) ((enum cause)(CAUSE_RESP + RESP_ERR_##name))

static void reply(struct evidence_fault *fault, const char *text)
{
    (void)snprintf(fault->text, sizeof(fault->text), "%s", text);
}

static void commands_are_safe_to_paste(void **state)
{
    struct given given;

    (void)state;
    given_begin(&given, 1);
    given.target.user = "app; rm -rf";
    given.target.key_prefix = "$(id):";
    given.target.host = "-oProxyCommand=x";
    given_failure(&given, 0, STAGE_SET, RESP(NOPERM), MS);
    assert_fixes(&given,
                 (const char *[CATALOGUE_FIXES_MAX]){
                     "aws elasticache modify-user --user-id USER "
                     "--access-string \"on ~PREFIX* +ping +role +info +get "
                     "+set +del\"",
                     "linkprobe check --key-prefix ALLOWED_PREFIX HOST:6379",
                     "linkprobe check --no-write HOST:6379" });
    given.target.user = "app";
    given.target.key_prefix = "linkprobe:{check}:";
    given.target.host = "cache.test";
    assert_fixes(&given,
                 (const char *[CATALOGUE_FIXES_MAX]){
                     "aws elasticache modify-user --user-id app "
                     "--access-string \"on ~linkprobe:{check}:* +ping +role "
                     "+info +get +set +del\"",
                     "linkprobe check --user app --askpass --key-prefix "
                     "ALLOWED_PREFIX cache.test:6379",
                     "linkprobe check --user app --askpass --no-write "
                     "cache.test:6379" });
}

/* Of UNKNOWN_ERROR that is known all the same. */
static void assert_cause(struct given *given, const char *part)
{
    struct outcome outcome;
    struct description d;

    assert_true(combine(&given->target, &given->policy, &outcome));
    assert_true(describe(&given->target, &given->policy, &outcome, &d));
    assert_string_equal(d.id, "UNKNOWN_ERROR");
    assert_non_null(strstr(d.cause, part));
    description_free(&d);
    outcome_free(&outcome);
}

static void what_has_no_id_but_is_known_has_its_cause(void **state)
{
    struct given given;

    (void)state;
    given_begin(&given, 1);
    given_failure(&given, 0, STAGE_AUTH, RESP(DBINDEX), MS);
    assert_cause(&given, "databases parameter");
    assert_fixes(&given, (const char *[CATALOGUE_FIXES_MAX]){
                             "aws elasticache describe-cache-parameters "
                             "--cache-parameter-group-name GROUP --query "
                             "\"Parameters[?ParameterName=='databases']\"" });
    given_begin(&given, 1);
    given_failure(&given, 0, STAGE_PING, RESP(OTHER), MS);
    assert_cause(&given, "Not known.");
}

static void an_end_amid_silence_has_its_cause(void **state)
{
    struct given given;

    (void)state;
    given_begin(&given, 1);
    given.at[0].idle = (struct evidence_idle){
        .wanted_ns = 4000 * MS,
        .silent_ns = 1700 * MS,
        .cause = NET_CLOSED,
        .during = true,
    };
    given.at[0].evidence.idle = &given.at[0].idle;
    assert_cause(&given, "timeout parameter");
    assert_fixes(&given, (const char *[CATALOGUE_FIXES_MAX]){
                             "aws elasticache describe-cache-parameters "
                             "--cache-parameter-group-name GROUP --query "
                             "\"Parameters[?ParameterName=='timeout']\"",
                             "aws elasticache modify-cache-parameter-group "
                             "--cache-parameter-group-name GROUP "
                             "--parameter-name-values "
                             "ParameterName=timeout,ParameterValue=0" });
    given.at[0].idle.cause = NET_RESET;
    assert_cause(&given, "Not known.");
}

static void commands_see_what_the_check_saw(void **state)
{
    static const struct evidence_again again[] = {
        { "--dns", "10.0.0.2" },
        { "--cacert", "ca file.pem" }, /* not safe to paste: left out */
        { "--cert", "cert.pem" },
        { NULL, NULL },
    };
    struct given given;

    (void)state;
    given_begin(&given, 1);
    given.target.again = again;
    given.target.host = "2001:db8::1";
    given_failure(&given, 0, STAGE_SET, RESP(NOPERM), MS);
    assert_fixes(&given,
                 (const char *[CATALOGUE_FIXES_MAX]){
                     "aws elasticache modify-user --user-id USER "
                     "--access-string \"on ~linkprobe:{check}:* +ping +role "
                     "+info +get +set +del\"",
                     "linkprobe check --dns 10.0.0.2 --key-prefix "
                     "ALLOWED_PREFIX [2001:db8::1]:6379",
                     "linkprobe check --dns 10.0.0.2 --no-write "
                     "[2001:db8::1]:6379" });
    given.target.tls = true;
    given.target.tls_name = "cache.test";
    assert_fixes(&given,
                 (const char *[CATALOGUE_FIXES_MAX]){
                     "aws elasticache modify-user --user-id USER "
                     "--access-string \"on ~linkprobe:{check}:* +ping +role "
                     "+info +get +set +del\"",
                     "linkprobe check --dns 10.0.0.2 --cert cert.pem --tls "
                     "--tls-name cache.test --key-prefix ALLOWED_PREFIX "
                     "[2001:db8::1]:6379",
                     "linkprobe check --dns 10.0.0.2 --cert cert.pem --tls "
                     "--tls-name cache.test --no-write [2001:db8::1]:6379" });
}

static void commands_stay_in_the_database(void **state)
{
    struct given given;

    (void)state;
    given_begin(&given, 2);
    given.target.db = 3;
    given_failure(&given, 0, STAGE_SET, RESP(NOPERM), MS);
    assert_fixes(&given,
                 (const char *[CATALOGUE_FIXES_MAX]){
                     "aws elasticache modify-user --user-id USER "
                     "--access-string \"on ~linkprobe:{check}:* +ping +role "
                     "+info +get +set +del\"",
                     "linkprobe check --db 3 --key-prefix ALLOWED_PREFIX "
                     "cache.test:6379",
                     "linkprobe check --db 3 --no-write cache.test:6379" });
    /* a bench has none */
    given_begin(&given, 1);
    given.target.db = 3;
    given.at[0].evidence.tcp.retransmits = 1;
    assert_fixes(&given,
                 (const char *[CATALOGUE_FIXES_MAX]){
                     "ethtool -S ens5 | grep allowance_exceeded",
                     "linkprobe bench --mix ping -d 30s cache.test:6379" });
}

static void a_literal_is_not_looked_up(void **state)
{
    struct given given;

    (void)state;
    given_begin(&given, 1);
    given.target.host = "198.18.1.69";
    given.target.literal = true;
    given_failure(&given, 0, STAGE_TCP, NET(NOSOURCE), MS);
    assert_fixes(&given,
                 (const char *[CATALOGUE_FIXES_MAX]){
                     "ip route get 198.18.1.69", "ip neigh show 198.18.1.69" });
}

static void many_addresses_keep_to_the_lines_there_are(void **state)
{
    static struct evidence_address addresses[NET_ADDRS_MAX];
    const struct evidence_address *pointers[NET_ADDRS_MAX];
    struct given given;
    struct outcome outcome;
    struct description d;

    (void)state;
    given_begin(&given, 1);
    reply(given_failure(&given, 0, STAGE_PING, NET(TIMEOUT), S), "reply");
    given.at[0].fault.nhead = 1;
    for (unsigned i = 0; i < NET_ADDRS_MAX; i++) {
        addresses[i] = given.at[0].evidence;
        addresses[i].stages[STAGE_PING].cause =
            (uint8_t)(1 + i % (CAUSE_COUNT - 1));
        pointers[i] = &addresses[i];
    }
    given.target.addresses = pointers;
    given.target.naddresses = NET_ADDRS_MAX;
    assert_true(combine(&given.target, &given.policy, &outcome));
    assert_true(describe(&given.target, &given.policy, &outcome, &d));
    assert_int_equal(d.nevidence, DESCRIPTION_EVIDENCE_MAX);
    description_free(&d);
    outcome_free(&outcome);
}

/* Every cause at every stage, with bytes that must not come through. */
static void whatever_fails_has_clean_words(void **state)
{
    (void)state;
    for (int stage = STAGE_TCP; stage < STAGE_COUNT; stage++) {
        for (int cause = 1; cause < CAUSE_COUNT; cause++) {
            struct given given;
            struct outcome outcome;
            struct description d;
            struct evidence_fault *fault;

            given_begin(&given, 1);
            fault = given_failure(&given, 0, (enum stage)stage,
                                  (enum cause)cause, MS);
            reply(fault, "X \x1b\r\n\x9b y");
            memset(fault->head, 0x1b, sizeof(fault->head));
            fault->nhead = sizeof(fault->head);
            assert_true(combine(&given.target, &given.policy, &outcome));
            assert_true(describe(&given.target, &given.policy, &outcome, &d));
            assert_true(strlen(d.summary) > 0 && strlen(d.summary) < 120);
            for (unsigned i = 0; i < d.nevidence; i++) {
                assert_true(strlen(d.evidence[i]) > 0);
                assert_null(strpbrk(d.evidence[i], "\x1b\r\n\x9b"));
            }
            assert_null(strpbrk(d.summary, "\x1b\r\n\x9b"));
            if (outcome.verdict.id != VERDICT_OK) {
                assert_non_null(d.cause);
                assert_true(d.nevidence > 0 && d.nfixes > 0);
            }
            description_free(&d);
            outcome_free(&outcome);
        }
    }
}

static void memory_may_run_out_at_any_line(void **state)
{
    struct given given;
    struct outcome outcome;
    unsigned n = 1;
    bool failed = true;

    (void)state;
    given_begin(&given, 2);
    given_failure(&given, 0, STAGE_PING, NET(RESET), MS);
    assert_true(combine(&given.target, &given.policy, &outcome));
    for (; failed; n++) {
        struct description d;
        bool made;

        fail_malloc_at(n);
        made = describe(&given.target, &given.policy, &outcome, &d);
        failed = fail_malloc_stop();
        assert_int_equal(made, !failed);
        if (made)
            description_free(&d);
    }
    assert_true(n > 8);
    outcome_free(&outcome);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_are_safe_to_paste),
        cmocka_unit_test(what_has_no_id_but_is_known_has_its_cause),
        cmocka_unit_test(an_end_amid_silence_has_its_cause),
        cmocka_unit_test(commands_see_what_the_check_saw),
        cmocka_unit_test(commands_stay_in_the_database),
        cmocka_unit_test(a_literal_is_not_looked_up),
        cmocka_unit_test(many_addresses_keep_to_the_lines_there_are),
        cmocka_unit_test(whatever_fails_has_clean_words),
        cmocka_unit_test(memory_may_run_out_at_any_line),
    };

    return cmocka_run_group_tests_name("describe", tests, NULL, NULL);
}
