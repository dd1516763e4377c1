/*
 * test_words.c -- what an operator reads of an address, to the byte.
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

static const char vpce[] = "vpce-0db3-abcd.vpce-svc-0e12.us-west-2.vpce."
                           "amazonaws.com";

static void reply(struct evidence_fault *fault, const char *text)
{
    (void)snprintf(fault->text, sizeof(fault->text), "%s", text);
}

static void what_is_well_is_short(void **state)
{
    struct given given;
    struct outcome outcome;
    struct description d;

    (void)state;
    given_begin(&given, 2);
    assert_described(&given, "OK", "2 addresses pass",
                     (const char *[EXPECTED_MAX]){ "198.18.1.69:6379 passes",
                                                   "198.18.2.69:6379 passes" });
    assert_true(combine(&given.target, &given.policy, &outcome));
    assert_true(describe(&given.target, &given.policy, &outcome, &d));
    assert_null(d.cause);
    assert_int_equal(d.nfixes, 0);
    description_free(&d);
    outcome_free(&outcome);
}

static void one_silent_zone_is_counted(void **state)
{
    struct given given;

    (void)state;
    given_begin(&given, 2);
    given.target.host = vpce;
    given_failure(&given, 1, STAGE_TCP, NET(TIMEOUT), 3500 * MS)
        ->tcp.retransmits = 3;
    assert_described(&given, "TCP_TIMEOUT_ONE_AZ",
                     "1 of 2 addresses does not answer",
                     (const char *[EXPECTED_MAX]){
                         "198.18.2.69:6379: no SYN-ACK in 3.5 s, 3 retransmits",
                         "198.18.1.69:6379 passes" });
    assert_fixes(
        &given,
        (const char *[CATALOGUE_FIXES_MAX]){
            "aws elbv2 modify-load-balancer-attributes --load-balancer-arn "
            "LOAD_BALANCER_ARN --attributes "
            "Key=load_balancing.cross_zone.enabled,Value=true --region "
            "us-west-2",
            "aws elbv2 describe-target-health --target-group-arn "
            "TARGET_GROUP_ARN --region us-west-2",
            "aws ec2 describe-availability-zones --query "
            "'AvailabilityZones[].[ZoneName,ZoneId]' --region us-west-2",
            "aws ec2 modify-vpc-endpoint --vpc-endpoint-id vpce-0db3 "
            "--remove-subnet-ids SUBNET_ID --region us-west-2" });
}

static void silence_everywhere_names_what_it_may_be(void **state)
{
    struct given given;

    (void)state;
    given_begin(&given, 1);
    given_failure(&given, 0, STAGE_TCP, NET(TIMEOUT), 3500 * MS)
        ->tcp.retransmits = 1;
    assert_described(
        &given, "TCP_TIMEOUT_ALL",
        "198.18.1.69:6379 does not answer: no SYN-ACK in 3.5 s, 1 retransmit",
        (const char *[EXPECTED_MAX]){
            "198.18.1.69:6379: no SYN-ACK in 3.5 s, 1 retransmit",
            "it may be AWS_NO_RULE as well, decided by the rules of the "
            "endpoint's security groups",
            "it may be AWS_ENDPOINT_NOT_AVAILABLE as well, decided by the "
            "endpoint's State",
            "it may be NET_NLB_SG_ENFORCED as well, decided by the load "
            "balancer's security groups",
            "it may be AWS_NO_LISTENER as well, decided by the load "
            "balancer's listeners",
            "it may be TCP_TARGET_STALE as well, decided by the registered "
            "targets beside the cache's addresses" });
    assert_fixes(
        &given,
        (const char *[CATALOGUE_FIXES_MAX]){
            "aws ec2 describe-vpc-endpoints --vpc-endpoint-ids ENDPOINT_ID "
            "--query 'VpcEndpoints[0].[State,LastError,Groups[].GroupId,"
            "SubnetIds]'",
            "aws ec2 authorize-security-group-ingress --group-id "
            "ENDPOINT_SG_ID --protocol tcp --port 6379 --cidr CLIENT_CIDR",
            "aws ec2 describe-network-acls --filters "
            "Name=association.subnet-id,Values=SUBNET_ID",
            "aws elbv2 describe-listeners --load-balancer-arn "
            "LOAD_BALANCER_ARN",
            "aws elbv2 describe-target-health --target-group-arn "
            "TARGET_GROUP_ARN" });
}

static void the_rule_admits_the_clients_subnet(void **state)
{
    static const struct {
        const char *client;
        unsigned bits;
        const char *cidr;
    } rows[] = {
        { "10.0.17.9", 20, "--cidr 10.0.16.0/20" },
        { "10.0.17.9", 24, "--cidr 10.0.17.0/24" },
        { "10.0.17.9", 32, "--cidr 10.0.17.9/32" },
        { "10.0.17.9", 0, "--cidr 10.0.17.9/32" },
        { "fd00:0:0:17::9", 64, "--cidr fd00:0:0:17::/64" },
        { "fd00::9", 0, "--cidr fd00::9/128" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct evidence_second second = { .ran = 1U << SECOND_PORTS,
                                          .ports_tried = 6,
                                          .ports_failed = 6 };
        struct given given;
        struct outcome outcome;
        struct description d;

        assert_true(net_addr_parse(rows[i].client, 0, &second.client.base));
        second.client.bits = rows[i].bits;
        given_begin(&given, 1);
        given_failure(&given, 0, STAGE_TCP, NET(TIMEOUT), 3500 * MS);
        given.at[0].evidence.second = &second;
        assert_true(combine(&given.target, &given.policy, &outcome));
        assert_true(describe(&given.target, &given.policy, &outcome, &d));
        if (!strstr(d.fixes[1].command, rows[i].cidr))
            fail_msg("%s: %s", rows[i].cidr, d.fixes[1].command);
        description_free(&d);
        outcome_free(&outcome);
    }
}

static void a_refusal_says_how_fast(void **state)
{
    struct given given;

    (void)state;
    given_begin(&given, 2);
    given_failure(&given, 0, STAGE_TCP, NET(REFUSED), 400 * US);
    given_failure(&given, 1, STAGE_TCP, NET(REFUSED), 1200 * US);
    assert_described(&given, "TCP_REFUSED",
                     "all 2 addresses refuse connections",
                     (const char *[EXPECTED_MAX]){
                         "198.18.1.69:6379: connection refused after 400 us",
                         "198.18.2.69:6379: connection refused after 1.2 ms" });
}

static void a_missing_route_says_what_it_looks_like(void **state)
{
    struct given given;

    (void)state;
    given_begin(&given, 1);
    given_failure(&given, 0, STAGE_TCP, NET(UNREACHABLE), 3060 * MS)->native =
        -EHOSTUNREACH;
    assert_described(
        &given, "TCP_NO_ROUTE_LOCAL",
        "no ARP answer in 3.1 s: no such address in this subnet "
        "(EHOSTUNREACH)",
        (const char *[EXPECTED_MAX]){
            "198.18.1.69:6379: no ARP answer in 3.1 s: no such address in this "
            "subnet (EHOSTUNREACH)" });

    given_failure(&given, 0, STAGE_TCP, NET(UNREACHABLE), 40 * US)->native =
        -ENETUNREACH;
    assert_described(&given, "TCP_NO_ROUTE_LOCAL",
                     "no route, told after 40 us (ENETUNREACH)",
                     (const char *[EXPECTED_MAX]){
                         "198.18.1.69:6379: no route, told after 40 us "
                         "(ENETUNREACH)" });
}

static void a_replica_says_whose(void **state)
{
    struct given given;
    char master[] = "10.0.0.5:6379";

    (void)state;
    given_begin(&given, 1);
    reply(given_failure(&given, 0, STAGE_SET, RESP(READONLY), 300 * US),
          "READONLY You can't write against a read only replica.");
    given.at[0].evidence.role = ROLE_REPLICA;
    given.at[0].evidence.master = master;
    assert_described(
        &given, "REDIS_READONLY",
        "SET refused: this is a read-only replica of 10.0.0.5:6379",
        (const char *[EXPECTED_MAX]){
            "198.18.1.69:6379: SET refused: this is a read-only replica of "
            "10.0.0.5:6379",
            "198.18.1.69:6379: the reply is \"READONLY You can't write "
            "against a read only replica.\"" });
}

static void a_certificate_says_whose(void **state)
{
    struct given given;
    struct net_tls_info *tls;

    (void)state;
    given_begin(&given, 1);
    given.target.host = "vpce-1.example";
    given_failure(&given, 0, STAGE_TLS, NET(TLS_VERIFY), 3 * MS);
    tls = given_tls(&given, 0);
    tls->verify_error = 62;
    tls->nsans = 2;
    strcpy(tls->sans[0], "*.x.use1.cache.amazonaws.com");
    strcpy(tls->sans[1], "x.use1.cache.amazonaws.com");
    assert_described(
        &given, "TLS_NAME_MISMATCH",
        "the certificate is for *.x.use1.cache.amazonaws.com and 1 more, not "
        "for vpce-1.example",
        (const char *[EXPECTED_MAX]){
            "198.18.1.69:6379: the certificate is for "
            "*.x.use1.cache.amazonaws.com and 1 more",
            "198.18.1.69:6379: names in the certificate: "
            "*.x.use1.cache.amazonaws.com, x.use1.cache.amazonaws.com" });
    assert_fixes(
        &given,
        (const char *[CATALOGUE_FIXES_MAX]){
            "linkprobe check --tls --tls-name x.use1.cache.amazonaws.com "
            "vpce-1.example:6379",
            "aws route53 create-hosted-zone --name x.use1.cache.amazonaws.com "
            "--vpc VPCRegion=REGION_NAME,VPCId=VPC_ID --caller-reference NAME",
            "linkprobe check --tls --tls-verify chain vpce-1.example:6379" });
}

/* ElastiCache gives one with a wildcard alone, and its names by a pattern. */
static void a_wildcard_of_elasticache_has_the_primarys_name(void **state)
{
    static const struct {
        const char *san, *name, *domain;
    } rows[] = {
        { "*.n.x1.use1.cache.amazonaws.com",
          "--tls-name master.n.x1.use1.cache.amazonaws.com ",
          "--name n.x1.use1.cache.amazonaws.com " },
        { "*.n.x1.cnn1.cache.amazonaws.com.cn",
          "--tls-name master.n.x1.cnn1.cache.amazonaws.com.cn ",
          "--name n.x1.cnn1.cache.amazonaws.com.cn " },
        { "*.serverless.use1.cache.amazonaws.com", "--tls-name CERT_NAME ",
          "--name CACHE_DOMAIN " },
        { "*.corp.example", "--tls-name CERT_NAME ", "--name CACHE_DOMAIN " },
        { "*.cache.amazonaws.com.example", "--tls-name CERT_NAME ",
          "--name CACHE_DOMAIN " },
        { "a.corp.example", "--tls-name a.corp.example ",
          "--name CACHE_DOMAIN " },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct given given;
        struct net_tls_info *tls;
        struct outcome outcome;
        struct description d;

        given_begin(&given, 1);
        given_failure(&given, 0, STAGE_TLS, NET(TLS_VERIFY), 3 * MS);
        tls = given_tls(&given, 0);
        tls->verify_error = 62;
        tls->nsans = 1;
        strcpy(tls->sans[0], rows[i].san);
        assert_true(combine(&given.target, &given.policy, &outcome));
        assert_true(describe(&given.target, &given.policy, &outcome, &d));
        if (!strstr(d.fixes[0].command, rows[i].name) ||
            !strstr(d.fixes[1].command, rows[i].domain))
            fail_msg("%s: %s; %s", rows[i].san, d.fixes[0].command,
                     d.fixes[1].command);
        description_free(&d);
        outcome_free(&outcome);
    }
}

static void an_alert_has_its_number_in_the_id(void **state)
{
    struct given given;

    (void)state;
    given_begin(&given, 1);
    given_failure(&given, 0, STAGE_TLS, NET(TLS_ALERT), 3 * MS);
    given_tls(&given, 0)->alert = 70;
    assert_described(&given, "TLS_ALERT_70",
                     "the peer refused TLS: alert 70 (protocol_version)",
                     (const char *[EXPECTED_MAX]){
                         "198.18.1.69:6379: the peer refused TLS: alert 70 "
                         "(protocol_version)" });
}

static void days_are_counted(void **state)
{
    struct given given;

    (void)state;
    given_begin(&given, 1);
    given.policy.now_s = NOW_S;
    given.policy.cert_warning_days = 30;
    given_tls(&given, 0)->not_after = NOW_S + 8 * 86400 + 5;
    assert_described(
        &given, "TLS_EXPIRES_SOON",
        "the certificate expires on 2026-12-01, in 8 days",
        (const char *[EXPECTED_MAX]){
            "198.18.1.69:6379: the certificate expires on 2026-12-01" });
}

static void a_reset_says_what_decides(void **state)
{
    struct given given;

    (void)state;
    given_begin(&given, 2);
    for (unsigned i = 0; i < 2; i++)
        given_failure(&given, i, STAGE_PING, NET(RESET), 600 * US);
    assert_described(
        &given, "TCP_RST_AFTER_ACCEPT",
        "reset by the peer 600 us after PING, no byte came (2 of 2 addresses)",
        (const char *[EXPECTED_MAX]){
            "198.18.1.69:6379: reset by the peer 600 us after PING, no byte "
            "came",
            "198.18.1.69:6379: TCP state ESTABLISHED, rtt 210 us, 0 "
            "retransmits, 0 unacked, MSS 8353",
            "198.18.2.69:6379: reset by the peer 600 us after PING, no byte "
            "came",
            "it may be TLS_REQUIRED as well, decided by a TLS handshake on a "
            "second connection" });
}

static void bytes_of_a_foreign_service_are_escaped(void **state)
{
    static const char head[] = "HTTP/1.1 400\r\n\x1b[31m";
    struct given given;
    struct evidence_fault *fault;

    (void)state;
    given_begin(&given, 1);
    fault = given_failure(&given, 0, STAGE_PING, NET(BADREPLY), 600 * US);
    memcpy(fault->head, head, sizeof(head) - 1);
    fault->nhead = sizeof(head) - 1;
    assert_described(
        &given, "WRONG_SERVICE",
        "this is not Redis: \"HTTP/1.1 400\\r\\n\\x1b[31m\"",
        (const char *[EXPECTED_MAX]){ "198.18.1.69:6379: this is not Redis: "
                                      "\"HTTP/1.1 400\\r\\n\\x1b[31m\"" });
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_well_is_short),
        cmocka_unit_test(one_silent_zone_is_counted),
        cmocka_unit_test(silence_everywhere_names_what_it_may_be),
        cmocka_unit_test(the_rule_admits_the_clients_subnet),
        cmocka_unit_test(a_refusal_says_how_fast),
        cmocka_unit_test(a_missing_route_says_what_it_looks_like),
        cmocka_unit_test(a_replica_says_whose),
        cmocka_unit_test(a_certificate_says_whose),
        cmocka_unit_test(a_wildcard_of_elasticache_has_the_primarys_name),
        cmocka_unit_test(an_alert_has_its_number_in_the_id),
        cmocka_unit_test(days_are_counted),
        cmocka_unit_test(a_reset_says_what_decides),
        cmocka_unit_test(bytes_of_a_foreign_service_are_escaped),
    };

    return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
