/*
 * test_lines.c -- look-ups, thresholds and second probes in words, to the byte.
 */
#include "support/unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "verdict/described.h"

#define NET(name)  ((enum cause)NET_##name)
#define RESP(name) ((enum cause)(CAUSE_RESP + RESP_ERR_##name))

enum {
    NOW_S = 1795400000,
};

static void reply(struct evidence_fault *fault, const char *text)
{
    (void)snprintf(fault->text, sizeof(fault->text), "%s", text);
}

static void second_probes_are_evidence(void **state)
{
    struct evidence_second second = { .ran = 1U << SECOND_TLS };
    struct given given;

    (void)state;
    given_begin(&given, 1);
    given_failure(&given, 0, STAGE_PING, NET(RESET), 600 * US);
    second.trials[SECOND_TLS].server_hello = true;
    given.at[0].evidence.second = &second;
    assert_described(
        &given, "TLS_REQUIRED",
        "the server speaks TLS: reset by the peer 600 us after PING, no byte "
        "came",
        (const char *[EXPECTED_MAX]){
            "198.18.1.69:6379: the server speaks TLS: reset by the peer 600 us "
            "after PING, no byte came",
            "198.18.1.69:6379: TCP state ESTABLISHED, rtt 210 us, 0 "
            "retransmits, 0 unacked, MSS 8353",
            "198.18.1.69:6379: TLS on a second connection: answered" });
}

static void every_second_probe_has_words(void **state)
{
    static const char *const words[SECOND_COUNT] = {
        "TLS on a second connection: connection reset by the peer",
        "a plain PING on a second connection: no answer in 500 ms",
        "64 KiB without a line end: answered",
        "10.0.0.5:6379, where the reply points: no answer in time",
        "the same once more: no connection, refused",
        "a PING beside it: answered",
        "6 other source ports: 4 connect, 2 do not, 1 of these again not",
        ("2 other local addresses: 1 connect, 1 do not, 10.0.0.9 does; "
         "packets from our own leave by another's link"),
        "PING of 1380 bytes comes back, of 1440 not",
    };
    struct evidence_second second = {
        .ran = (1U << SECOND_COUNT) - 1U,
        .trials = { [SECOND_TLS] = { .handshake = NET_RESET },
                    [SECOND_PLAIN] = { .exchange = NET_TIMEOUT,
                                       .took_us = 500000 },
                    [SECOND_FLOOD] = { .nhead = 16, .too_big = true },
                    [SECOND_REDIRECT] = { .connect = NET_TIMEOUT },
                    [SECOND_RETRY] = { .connect = NET_REFUSED },
                    [SECOND_PING] = { .resp = true,
                                      .nhead = 5,
                                      .head = "+PONG" } },
        .redirect = "10.0.0.5:6379",
        .ports_tried = 6,
        .ports_failed = 2,
        .ports_again = 1,
        .sources_tried = 2,
        .sources_failed = 1,
        .astray = true,
        .ladder_most = 1380,
        .ladder_least = 1440,
    };
    struct given given;
    struct outcome outcome;
    struct description d;

    (void)state;
    net_addr_parse("10.0.0.9", 0, &second.source);
    given_begin(&given, 1);
    given_failure(&given, 0, STAGE_GET, CAUSE_MISMATCH, MS);
    given.at[0].evidence.second = &second;
    assert_true(combine(&given.target, &given.policy, &outcome));
    assert_true(describe(&given.target, &given.policy, &outcome, &d));
    assert_int_equal(d.nevidence, 1 + SECOND_COUNT);
    for (unsigned i = 0; i < SECOND_COUNT; i++)
        assert_string_equal(d.evidence[i + 1] + strlen("198.18.1.69:6379: "),
                            words[i]);
    description_free(&d);
    outcome_free(&outcome);
}

static void what_nobody_knows_shows_all_there_is(void **state)
{
    struct given given;
    struct evidence_fault *fault;

    (void)state;
    given_begin(&given, 1);
    fault = given_failure(&given, 0, STAGE_GET, NET(SYSTEM), 600 * US);
    fault->native = -EPROTO;
    fault->tcp.unacked = 1;
    memcpy(fault->head, "\x01\x02", 2);
    fault->nhead = 2;
    assert_described(
        &given, "UNKNOWN_ERROR", "GET: the system refused (EPROTO)",
        (const char *[EXPECTED_MAX]){
            "198.18.1.69:6379: GET: the system refused (EPROTO)",
            "198.18.1.69:6379: the first bytes are \"\\x01\\x02\"",
            "198.18.1.69:6379: TCP state ESTABLISHED, rtt 210 us, 0 "
            "retransmits, 1 unacked, MSS 8353" });

    reply(given_failure(&given, 0, STAGE_PING, RESP(OTHER), 600 * US),
          "FROB \x1b[31mred");
    fault->native = 0;
    fault->nhead = 0;
    assert_described(
        &given, "UNKNOWN_ERROR", "PING refused: FROB \\x1b[31mred",
        (const char *[EXPECTED_MAX]){
            "198.18.1.69:6379: PING refused: FROB \\x1b[31mred",
            "198.18.1.69:6379: TCP state ESTABLISHED, rtt 210 us, 0 "
            "retransmits, 0 unacked, MSS 8353" });
}

static void a_failed_look_up_says_who_was_asked(void **state)
{
    struct given given;

    (void)state;
    given_begin(&given, 0);
    given_dns_failure(&given, NET_NXDOMAIN, 800 * US);
    given_cname(&given, "gone.vpce.amazonaws.com");
    assert_described(
        &given, "DNS_DANGLING_CNAME",
        "cache.test is an alias of a name that does not exist",
        (const char *[EXPECTED_MAX]){
            "dns: the name does not exist, after 800 us",
            "asked 198.18.0.2:53 for \"cache.test\", 2 packets sent, rcode 3",
            "cache.test is a CNAME of gone.vpce.amazonaws.com" });

    given_begin(&given, 0);
    given.target.host = "vpce-0db3.vpce-svc-1.us-west-2.vpce.amazonaws.com";
    given_dns_failure(&given, NET_NXDOMAIN, 800 * US);
    assert_described(
        &given, "DNS_NXDOMAIN",
        "NXDOMAIN: there is no name vpce-0db3.vpce-svc-1.us-west-2.vpce....",
        (const char *[EXPECTED_MAX]){
            "dns: the name does not exist, after 800 us",
            "asked 198.18.0.2:53 for \"cache.test\", 2 packets sent, rcode 3",
            "endpoints have names of another form: "
            "vpce-ID-HASH[-ZONE].vpce-svc-ID.REGION.vpce.amazonaws.com" });

    given_begin(&given, 0);
    given_dns_failure(&given, NET_TIMEOUT, 3500 * MS);
    assert_described(
        &given, "DNS_TIMEOUT", "no answer from 198.18.0.2:53 in 3.5 s",
        (const char *[EXPECTED_MAX]){
            "dns: no answer in time, after 3.5 s",
            "asked 198.18.0.2:53 for \"cache.test\", 2 packets sent, no "
            "answer" });
}

static void a_rare_rcode_is_told_by_its_number(void **state)
{
    static const char *const evidence[EXPECTED_MAX] = {
        "the look-up failed: the resolver answers with rcode 4",
        "dns: the name server's answer makes no sense, after 800 us",
        "asked 198.18.0.2:53 for \"cache.test\", 2 packets sent, rcode 4"
    };
    struct given given;

    (void)state;
    given_begin(&given, 0);
    given_dns_failure(&given, NET_BADANSWER, 800 * US);
    given.answer.rcode = 4;
    assert_described(&given, "UNKNOWN_ERROR", evidence[0], evidence);

    given.answer.rcode = 0;
    given.answer.sends = 1;
    assert_described(
        &given, "UNKNOWN_ERROR",
        "the look-up failed: the name server's answer makes no sense",
        (const char *[EXPECTED_MAX]){
            "the look-up failed: the name server's answer makes no sense",
            "dns: the name server's answer makes no sense, after 800 us",
            "asked 198.18.0.2:53 for \"cache.test\", 1 packet sent, rcode "
            "0" });
}

static void missing_addresses_are_counted(void **state)
{
    struct given given;

    (void)state;
    given_begin(&given, 1);
    given.policy.require = 2;
    assert_described(
        &given, "DNS_AZ_WITHDRAWN", "DNS has 1 address, 2 required",
        (const char *[EXPECTED_MAX]){
            "DNS has 1 address, 2 required",
            "asked 198.18.0.2:53 for \"cache.test\", 2 packets sent, rcode 0",
            "it may be DNS_ZONAL_MISSING as well, decided by the names of the "
            "endpoint's zones",
            "198.18.1.69:6379 passes" });
    given.target.literal = true;
    given.target.answer = NULL;
    assert_described(
        &given, "THRESHOLD_EXCEEDED", "1 address given, 2 required",
        (const char *[EXPECTED_MAX]){ "1 address given, 2 required",
                                      "198.18.1.69:6379 passes" });
}

static void a_number_that_is_required_is_told(void **state)
{
    struct given given;

    (void)state;
    given_begin(&given, 2);
    given_failure(&given, 1, STAGE_TCP, NET(TIMEOUT), 1500 * MS);
    given.policy.require = 3;
    assert_described(&given, "TCP_TIMEOUT_ONE_AZ",
                     "1 of 2 addresses does not answer, 3 required",
                     (const char *[EXPECTED_MAX]){
                         "198.18.2.69:6379: no SYN-ACK in 1.5 s, 0 retransmits",
                         "198.18.1.69:6379 passes" });
    given.policy.require = 1;
    assert_described(&given, "TCP_TIMEOUT_ONE_AZ",
                     "1 of 2 addresses does not answer",
                     (const char *[EXPECTED_MAX]){
                         "198.18.2.69:6379: no SYN-ACK in 1.5 s, 0 retransmits",
                         "198.18.1.69:6379 passes" });
}

static void what_ended_it_is_told(void **state)
{
    static const struct {
        int signal;
        const char *summary;
    } rows[] = {
        { 0, "not done in time, stopped after 3 ms" },
        { 2, "interrupted after 3 ms" },
        { 15, "terminated after 3 ms" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct given given;

        given_begin(&given, 1);
        given.target.watchdog = true;
        given.target.signal = rows[i].signal;
        assert_described(&given, "WATCHDOG", rows[i].summary,
                         (const char *[EXPECTED_MAX]){
                             rows[i].summary, "198.18.1.69:6379 passes" });
    }
}

static void thresholds_say_which_and_by_what(void **state)
{
    struct given given;
    char error[64];

    (void)state;
    given_begin(&given, 1);
    assert_true(range_parse("1ms",
                            &given.policy.thresholds.warning[THRESHOLD_TOTAL],
                            error, sizeof(error)));
    assert_described(&given, "THRESHOLD_EXCEEDED",
                     "the whole took 3 ms, outside of -w 0.001",
                     (const char *[EXPECTED_MAX]){
                         "the whole took 3 ms, outside of -w 0.001",
                         "198.18.1.69:6379 passes" });
    assert_true(range_parse("@100us:1",
                            &given.policy.thresholds.critical[STAGE_TCP], error,
                            sizeof(error)));
    assert_described(&given, "THRESHOLD_EXCEEDED",
                     "tcp took 400 us, inside of -c tcp=@0.0001:1",
                     (const char *[EXPECTED_MAX]){
                         "198.18.1.69:6379: tcp took 400 us, inside of -c "
                         "tcp=@0.0001:1" });
}

static void a_hole_for_large_packets_says_its_edge(void **state)
{
    struct given given;
    struct evidence_fault *fault;

    (void)state;
    given_begin(&given, 1);
    fault = given_failure(&given, 0, STAGE_SET, NET(TIMEOUT), 3500 * MS);
    fault->payload = 8300;
    fault->tcp.unacked = 3;
    fault->tcp.retransmits = 5;
    given.at[0].evidence.payload_edge = 1400;
    assert_described(
        &given, "NET_MTU_BLACKHOLE",
        "SET of 8300 bytes hangs on the way there: 3 unacked, 5 retransmits; "
        "1400 bytes "
        "passed, MSS 8353",
        (const char *[EXPECTED_MAX]){
            "198.18.1.69:6379: SET of 8300 bytes hangs on the way there: 3 "
            "unacked, 5 "
            "retransmits; 1400 bytes passed, MSS 8353",
            "198.18.1.69:6379: TCP state ESTABLISHED, rtt 210 us, 5 "
            "retransmits, 3 unacked, MSS 8353" });
}

static void an_iam_token_says_its_age(void **state)
{
    struct evidence_iam iam = { .signed_s = NOW_S - 1200, .expires_s = 900 };
    struct given given;

    (void)state;
    given_begin(&given, 1);
    given.policy.now_s = NOW_S;
    given.at[0].evidence.iam = &iam;
    given_failure(&given, 0, STAGE_AUTH, RESP(WRONGPASS), MS);
    assert_described(
        &given, "AUTH_IAM_EXPIRED",
        "AUTH refused: the IAM token is no good: the token was signed 1200 s "
        "ago, for 900 s",
        (const char *[EXPECTED_MAX]){
            "198.18.1.69:6379: AUTH refused: the IAM token is no good",
            "198.18.1.69:6379: the token was signed 1200 s ago, for 900 s" });
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(second_probes_are_evidence),
        cmocka_unit_test(every_second_probe_has_words),
        cmocka_unit_test(what_nobody_knows_shows_all_there_is),
        cmocka_unit_test(a_failed_look_up_says_who_was_asked),
        cmocka_unit_test(a_rare_rcode_is_told_by_its_number),
        cmocka_unit_test(missing_addresses_are_counted),
        cmocka_unit_test(a_number_that_is_required_is_told),
        cmocka_unit_test(what_ended_it_is_told),
        cmocka_unit_test(thresholds_say_which_and_by_what),
        cmocka_unit_test(a_hole_for_large_packets_says_its_edge),
        cmocka_unit_test(an_iam_token_says_its_age),
    };

    return cmocka_run_group_tests_name("lines", tests, NULL, NULL);
}
