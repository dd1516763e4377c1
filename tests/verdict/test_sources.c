/*
 * test_sources.c -- silent from our own address, and what another one proves.
 */
#include "support/unit.h"

#include <string.h>

#include "verdict/described.h"

static struct given given;
static struct evidence_second second;

/* Of two addresses the second is silent; so many other local addresses connect
 * and do not. */
static void begin(unsigned connect, unsigned silent, bool astray)
{
    given_begin(&given, 2);
    given_failure(&given, 1, STAGE_TCP, cause_of_net(NET_TIMEOUT), 1500 * MS);
    second = (struct evidence_second){
        .ran = 1U << SECOND_PORTS | 1U << SECOND_SOURCES,
        .ports_tried = 6,
        .ports_failed = 6,
        .sources_tried = (uint8_t)(connect + silent),
        .sources_failed = (uint8_t)silent,
        .astray = astray,
    };
    if (connect > 0)
        net_addr_parse("10.0.1.9", 0, &second.source);
    given.at[1].evidence.second = &second;
}

static struct verdict whole(void)
{
    struct outcome outcome;

    assert_true(combine(&given.target, &given.policy, &outcome));
    outcome_free(&outcome);
    return outcome.verdict;
}

static void a_way_out_that_is_not_its_own_is_asymmetric(void **state)
{
    struct verdict verdict;

    (void)state;
    begin(1, 1, true);
    verdict = whole();
    assert_int_equal(verdict.id, VERDICT_NET_ASYMMETRIC);
    assert_int_equal(verdict.stage, STAGE_TCP);
    assert_int_equal(verdict.status, CHECK_CRITICAL);
    assert_int_equal(verdict.ncandidates, 0);
}

/* A group that admits the other address alone looks the same. */
static void by_its_own_way_it_may_be_a_rule(void **state)
{
    struct verdict verdict;

    (void)state;
    begin(1, 0, false);
    verdict = whole();
    assert_int_equal(verdict.id, VERDICT_TCP_TIMEOUT_ONE_AZ);
    assert_int_equal(verdict.ncandidates, 2);
    assert_int_equal(verdict.candidates[0].id, VERDICT_AWS_NO_RULE);
    assert_int_equal(verdict.candidates[1].id, VERDICT_NET_ASYMMETRIC);

    given.target.naddresses = 1;
    given.pointers[0] = given.pointers[1];
    verdict = whole();
    assert_int_equal(verdict.id, VERDICT_TCP_TIMEOUT_ALL);
    assert_int_equal(verdict.ncandidates, 2);
}

static void silence_from_everywhere_is_the_path(void **state)
{
    struct verdict verdict;

    (void)state;
    begin(0, 2, true);
    verdict = whole();
    assert_int_equal(verdict.id, VERDICT_TCP_TIMEOUT_ONE_AZ);
    assert_int_equal(verdict.ncandidates, 0);
}

static void a_refusal_is_none(void **state)
{
    (void)state;
    begin(1, 0, true);
    given_failure(&given, 1, STAGE_TCP, cause_of_net(NET_REFUSED), MS);
    given.at[1].evidence.second = NULL;
    assert_int_equal(whole().id, VERDICT_TCP_REFUSED_ONE_AZ);
}

static void the_address_that_connects_is_named(void **state)
{
    (void)state;
    begin(1, 1, true);
    assert_described(
        &given, "NET_ASYMMETRIC",
        "no SYN-ACK in 1.5 s, 0 retransmits; from 10.0.1.9 it connects "
        "(1 of 2 addresses)",
        (const char *[EXPECTED_MAX]){
            "198.18.2.69:6379: no SYN-ACK in 1.5 s, 0 retransmits; from "
            "10.0.1.9 it connects",
            "198.18.2.69:6379: 6 other source ports: 0 connect, 6 do not",
            "198.18.2.69:6379: 2 other local addresses: 1 connect, 1 do not, "
            "10.0.1.9 does; packets from our own leave by another's link",
            "198.18.1.69:6379 passes" });
    assert_fixes(&given,
                 (const char *[CATALOGUE_FIXES_MAX]){
                     "linkprobe check --source 10.0.1.9 cache.test:6379",
                     "ip route get 198.18.2.69",
                     "aws ec2 modify-transit-gateway-vpc-attachment "
                     "--transit-gateway-attachment-id ATTACHMENT_ID --options "
                     "ApplianceModeSupport=enable" });
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_way_out_that_is_not_its_own_is_asymmetric),
        cmocka_unit_test(by_its_own_way_it_may_be_a_rule),
        cmocka_unit_test(silence_from_everywhere_is_the_path),
        cmocka_unit_test(a_refusal_is_none),
        cmocka_unit_test(the_address_that_connects_is_named),
    };

    return cmocka_run_group_tests_name("sources", tests, NULL, NULL);
}
