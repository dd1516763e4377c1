/*
 * test_lines_lookups.c -- second look-ups in words, to the byte.
 */
#include "support/unit.h"

#include <stdio.h>

#include "verdict/described.h"

#define NET(name) ((enum cause)NET_##name)

#define ZONAL_SHORT "vpce-0db3-abcd-us-west-2b.vpce-svc-0..."

static void every_second_look_up_has_words(void **state)
{
    struct given given;
    struct evidence_lookup *at;

    (void)state;
    given_begin(&given, 1);
    given_failure(&given, 0, STAGE_TCP, NET(REFUSED), MS);
    given_lookup(&given, LOOKUP_ZONE, NET_OK, "198.18.1.69", NET_CANCELED);
    given_lookup(&given, LOOKUP_ZONE, NET_OK, "198.18.2.69", NET_TIMEOUT);
    given_lookup(&given, LOOKUP_ZONE, NET_NXDOMAIN, NULL, NET_CANCELED);
    given_lookup(&given, LOOKUP_ZONE, NET_SERVFAIL, NULL, NET_CANCELED);
    at = given_lookup(&given, LOOKUP_SERVER, NET_OK, "198.18.9.69", NET_OK);
    (void)snprintf(at->name, sizeof(at->name), "198.18.0.3:53");
    at->addrs[at->naddrs++] = given.at[0].evidence.addr;
    at->more = true;
    assert_described(
        &given, "TCP_REFUSED", "198.18.1.69:6379 refuses connections",
        (const char *[EXPECTED_MAX]){
            "198.18.1.69:6379: connection refused after 1 ms",
            "zone us-west-2a: 198.18.1.69, in the answer for all zones",
            "zone us-west-2b: 198.18.2.69, not in the answer for all zones, no "
            "answer in time",
            "zone us-west-2d: the name server failed",
            "name server 198.18.0.3:53: 198.18.9.69, 198.18.1.69 and more, "
            "198.18.9.69 connects" });
}

static void names_that_mislead_are_told(void **state)
{
    static const struct {
        enum lookup kind;
        const char *id, *summary, *line;
    } rows[] = {
        { LOOKUP_SERVER, "DNS_SPLIT_HORIZON",
          "name servers disagree on the address: no SYN-ACK in 1 s, 0 "
          "retransmits",
          "name server us-west-2a: 198.18.9.69, connects" },
        { LOOKUP_DNS, "DNS_STALE",
          "in the hosts file, not in DNS: no SYN-ACK in 1 s, 0 retransmits",
          "in DNS, us-west-2a: 198.18.9.69, connects" },
        { LOOKUP_ABSOLUTE, "DNS_SEARCH_DOMAIN",
          "found through the search list: no SYN-ACK in 1 s, 0 retransmits",
          "without the search list, us-west-2a: 198.18.9.69, connects" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct given given;
        char line[160];

        given_begin(&given, 1);
        given_failure(&given, 0, STAGE_TCP, NET(TIMEOUT), S);
        given_lookup(&given, rows[i].kind, NET_OK, "198.18.9.69", NET_OK);
        (void)snprintf(line, sizeof(line), "198.18.1.69:6379: %s",
                       rows[i].summary);
        assert_described(
            &given, rows[i].id, rows[i].summary,
            (const char *[EXPECTED_MAX]){
                "asked 198.18.0.2:53 for \"cache.test\", 2 packets sent, rcode "
                "0",
                line, rows[i].line });
    }
}

static void names_that_are_gone_are_told(void **state)
{
    static const struct {
        enum lookup kind;
        const char *id, *summary, *line;
    } rows[] = {
        { LOOKUP_SERVER, "DNS_SPLIT_HORIZON",
          "the name servers disagree whether there is " ZONAL_SHORT,
          "name server us-west-2a: 198.18.9.69, connects" },
        { LOOKUP_REGION, "DNS_ZONAL_MISSING",
          "the endpoint has a name, but not that of the zone us-west-2b",
          "the name for all zones, us-west-2a: 198.18.9.69, connects" },
        { LOOKUP_ENDPOINT, "DNS_PRIVATE_NAME_OFF",
          "the endpoint answers, but there is no name " ZONAL_SHORT,
          "the endpoint, us-west-2a: 198.18.9.69, connects" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct given given;
        bool open = rows[i].kind == LOOKUP_ENDPOINT;

        given_begin(&given, 0);
        given_dns_failure(&given, NET_NXDOMAIN, 800 * US);
        given.target.host = "vpce-0db3-abcd-us-west-2b.vpce-svc-0e12.us-west-2."
                            "vpce.amazonaws.com";
        given_lookup(&given, rows[i].kind, NET_OK, "198.18.9.69", NET_OK);
        assert_described(
            &given, rows[i].id, rows[i].summary,
            (const char *[EXPECTED_MAX]){
                "dns: the name does not exist, after 800 us",
                "asked 198.18.0.2:53 for \"cache.test\", 2 packets sent, rcode "
                "3",
                rows[i].line,
                open ? "it may be DNS_NXDOMAIN as well, decided by the "
                       "endpoint's PrivateDnsEnabled"
                     : NULL });
    }
}

static void silence_that_ended_is_counted(void **state)
{
    struct given given;

    (void)state;
    given_begin(&given, 0);
    given_dns_failure(&given, NET_TIMEOUT, 3500 * MS);
    given.lookups.asked_again = 5;
    given.lookups.answered = 4;
    given.target.lookups = &given.lookups;
    assert_described(
        &given, "DNS_TIMEOUT", "no answer from 198.18.0.2:53 in 3.5 s",
        (const char *[EXPECTED_MAX]){
            "dns: no answer in time, after 3.5 s",
            "asked 198.18.0.2:53 for \"cache.test\", 2 packets sent, no "
            "answer",
            "asked again 5 times: 4 answered",
            "it may be DNS_THROTTLED as well, decided by the counter "
            "linklocal_allowance_exceeded" });
}

static void a_zone_that_is_left_out_is_named(void **state)
{
    struct given given;

    (void)state;
    given_begin(&given, 1);
    given.policy.require = 2;
    given_lookup(&given, LOOKUP_ZONE, NET_OK, "198.18.1.69", NET_CANCELED);
    given_lookup(&given, LOOKUP_ZONE, NET_OK, "198.18.2.69", NET_OK);
    assert_described(
        &given, "DNS_AZ_WITHDRAWN",
        "DNS has 1 address, 2 required; us-west-2b has a name, and is left out",
        (const char *[EXPECTED_MAX]){
            "DNS has 1 address, 2 required; us-west-2b has a name, and is left "
            "out",
            "asked 198.18.0.2:53 for \"cache.test\", 2 packets sent, rcode 0",
            "zone us-west-2a: 198.18.1.69, in the answer for all zones",
            "zone us-west-2b: 198.18.2.69, not in the answer for all zones, "
            "connects",
            "198.18.1.69:6379 passes" });

    given.target.host = "vpce-0db3-abcd.vpce-svc-0e12.us-west-2.vpce."
                        "amazonaws.com";
    given.policy.require = REQUIRE_ALL;
    assert_described(
        &given, "DNS_AZ_WITHDRAWN",
        "DNS has 1 address; us-west-2b has a name, and is left out",
        (const char *[EXPECTED_MAX]){
            "DNS has 1 address; us-west-2b has a name, and is left out",
            "asked 198.18.0.2:53 for \"cache.test\", 2 packets sent, rcode 0",
            "zone us-west-2a: 198.18.1.69, in the answer for all zones",
            "zone us-west-2b: 198.18.2.69, not in the answer for all zones, "
            "connects",
            "198.18.1.69:6379 passes" });

    given.policy.require = 2;
    given.lookups.n = 1;
    for (unsigned i = 1; i < 6; i++)
        given_lookup(&given, LOOKUP_ZONE, NET_NXDOMAIN, NULL, NET_CANCELED);
    given.lookups.at[1].naddrs = 0;
    assert_described(
        &given, "DNS_ZONAL_MISSING",
        "DNS has 1 address, 2 required, and no name for another zone",
        (const char *[EXPECTED_MAX]){
            "DNS has 1 address, 2 required, and no name for another zone",
            "asked 198.18.0.2:53 for \"cache.test\", 2 packets sent, rcode 0",
            "zone us-west-2a: 198.18.1.69, in the answer for all zones",
            "198.18.1.69:6379 passes" });
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_second_look_up_has_words),
        cmocka_unit_test(names_that_mislead_are_told),
        cmocka_unit_test(names_that_are_gone_are_told),
        cmocka_unit_test(silence_that_ended_is_counted),
        cmocka_unit_test(a_zone_that_is_left_out_is_named),
    };

    return cmocka_run_group_tests_name("lines_lookups", tests, NULL, NULL);
}
