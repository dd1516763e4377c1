/*
 * test_policy.c -- a policy names what the steps call for this file and this
 * purpose, and no action more.
 */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "provision/policy/policy.h"
#include "provision/pretty.h"

static char *text;

static struct spec *parse(const char *bytes)
{
    char error[512] = "";
    struct spec *spec = spec_read("p.yml", bytes, strlen(bytes), NULL, NULL,
                                  error, sizeof(error));

    if (!spec)
        fail_msg("%s", error);
    return spec;
}

static int tear_down(void **state)
{
    (void)state;
    free(text);
    text = NULL;
    return 0;
}

/* The policy of one side of `bytes` into `text`, on one line. */
static void write_policy(const char *bytes, unsigned purposes, bool consumer)
{
    struct spec *spec = parse(bytes);
    struct policy_options options = { .spec = spec, .purposes = purposes };
    struct pretty pretty;
    size_t size;
    FILE *out;

    free(text);
    text = NULL;
    out = open_memstream(&text, &size);
    assert_non_null(out);
    if (consumer)
        options.consumer = spec->consumers;
    pretty_begin(&pretty, out);
    pretty.plain = true;
    policy_write(&options, &pretty.json);
    assert_int_equal(fclose(out), 0);
    spec_free(spec);
}

static bool has(const char *action)
{
    char quoted[96];

    (void)snprintf(quoted, sizeof(quoted), "\"%s\"", action);
    return strstr(text, quoted) != NULL;
}

#define GROUP                                                                  \
    "name: a\n"                                                                \
    "provider:\n"                                                              \
    "  region: us-west-2\n"                                                    \
    "  account: \"444455556666\"\n"                                            \
    "  cache: {replication_group: r}\n"
#define CONSUMER "consumer: {vpc: vpc-0123}\n"

static void needs_are_those_of_the_file(void **state)
{
    static const struct {
        const char *file;
        bool consumer;
        const char *action;
        bool wanted;
    } rows[] = {
        { GROUP, false, "elasticache:DescribeReplicationGroups", true },
        { GROUP, false, "elasticache:DescribeServerlessCaches", false },
        { "name: a\nprovider: {cache: {serverless: s}}\n", false,
          "elasticache:DescribeServerlessCaches", true },
        { "name: a\nprovider: {cache: {serverless: s}}\n", false,
          "elasticache:DescribeCacheClusters", false },
        { "name: a\nprovider: {cache: {host: h, vpc: vpc-0123, subnets: "
          "[subnet-0123]}}\n",
          false, "elasticache:DescribeCacheClusters", false },
        { "name: a\nprovider: {cache: {host: h, vpc: vpc-0123, subnets: "
          "[subnet-0123]}}\n",
          false, "ec2:DescribeSecurityGroups", false },
        { GROUP, false, "ec2:AuthorizeSecurityGroupIngress", false },
        { GROUP "  cache_security_group: add\n", false,
          "ec2:AuthorizeSecurityGroupIngress", true },
        { GROUP, false, "ec2:StartVpcEndpointServicePrivateDnsVerification",
          false },
        { GROUP "  service: {private_dns_name: a.example}\n", false,
          "ec2:StartVpcEndpointServicePrivateDnsVerification", true },
        { GROUP "  service: {id: vpce-svc-0123}\n", false,
          "ec2:CreateVpcEndpointServiceConfiguration", false },
        { GROUP "  service: {id: vpce-svc-0123}\n", false,
          "ec2:AcceptVpcEndpointConnections", true },
        { GROUP, false, "iam:CreateServiceLinkedRole", true },
        { GROUP "  load_balancer: {arn: \"arn:aws:elasticloadbalancing:"
                "us-west-2:444455556666:loadbalancer/net/x/0123\"}\n",
          false, "iam:CreateServiceLinkedRole", false },
        { GROUP "  load_balancer: {arn: \"arn:aws:elasticloadbalancing:"
                "us-west-2:444455556666:loadbalancer/net/x/0123\"}\n",
          false, "elasticloadbalancing:CreateListener", true },
        { GROUP CONSUMER, true, "ec2:CreateSecurityGroup", true },
        { GROUP "consumer: {vpc: vpc-0123, security_groups: [sg-0123]}\n", true,
          "ec2:CreateSecurityGroup", false },
        { GROUP "consumer: {vpc: vpc-0123, security_groups: [sg-0123], "
                "rules: check}\n",
          true, "ec2:AuthorizeSecurityGroupIngress", false },
        { GROUP "consumer: {endpoint: {id: vpce-0123}}\n", true,
          "ec2:CreateVpcEndpoint", false },
        { GROUP CONSUMER, true, "route53:AssociateVPCWithHostedZone", false },
        { GROUP "consumer: {vpc: vpc-0123, private_dns: true}\n", true,
          "route53:AssociateVPCWithHostedZone", true },
        { GROUP CONSUMER, true, "elasticloadbalancing:CreateLoadBalancer",
          false },
        { GROUP CONSUMER, false, "ec2:CreateVpcEndpoint", false },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        write_policy(rows[i].file, 0, rows[i].consumer);
        if (has(rows[i].action) != rows[i].wanted)
            fail_msg("row %zu: %s: %s", i, rows[i].action, text);
    }
}

static void needs_are_those_of_the_purpose(void **state)
{
    static const struct {
        unsigned purpose;
        const char *action;
        bool wanted;
    } rows[] = {
        { ACTION_APPLY, "elasticloadbalancing:CreateLoadBalancer", true },
        { ACTION_APPLY, "elasticloadbalancing:DeleteLoadBalancer", false },
        { ACTION_SYNC, "elasticloadbalancing:RegisterTargets", true },
        { ACTION_SYNC, "elasticloadbalancing:CreateLoadBalancer", false },
        { ACTION_SYNC, "elasticloadbalancing:AddTags", false },
        { ACTION_SYNC, "ec2:CreateTags", false },
        { ACTION_DESTROY, "elasticloadbalancing:DeleteLoadBalancer", true },
        { ACTION_DESTROY, "elasticloadbalancing:RegisterTargets", false },
        { ACTION_STATUS, "elasticloadbalancing:DescribeTargetHealth", true },
        { ACTION_STATUS, "elasticloadbalancing:RegisterTargets", false },
        { ACTION_CONNECTIONS, "ec2:AcceptVpcEndpointConnections", true },
        { ACTION_CONNECTIONS, "elasticloadbalancing:DescribeTargetHealth",
          false },
        { 0, "elasticloadbalancing:DeleteLoadBalancer", true },
        { 0, "elasticloadbalancing:CreateLoadBalancer", true },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        write_policy(GROUP, rows[i].purpose, false);
        if (has(rows[i].action) != rows[i].wanted)
            fail_msg("row %zu: %s: %s", i, rows[i].action, text);
    }
}

static size_t count_of(const char *word)
{
    size_t n = 0;

    for (const char *at = strstr(text, word); at; at = strstr(at + 1, word))
        n++;
    return n;
}

static const char *service_word(enum aws_service service)
{
    switch (service) {
    case AWS_EC2: return "ec2";
    case AWS_ELBV2: return "elasticloadbalancing";
    case AWS_ELASTICACHE: return "elasticache";
    default: return "sts";
    }
}

/* A call that is added to the table and forgotten here would be denied. */
static void every_action_that_is_needed_stands_in_a_statement(void **state)
{
    struct spec *spec =
        parse(GROUP "  cache_security_group: add\n"
                    "  service: {private_dns_name: a.example}\n" CONSUMER);
    struct policy_options options = { .spec = spec };

    (void)state;
    for (int side = 0; side < 2; side++) {
        options.consumer = side ? spec->consumers : NULL;
        write_policy(GROUP
                     "  cache_security_group: add\n"
                     "  service: {private_dns_name: a.example}\n" CONSUMER,
                     0, side != 0);
        for (int i = ACTION_NO_CALL + 1; i < ACTION_COUNT; i++) {
            const struct action_info *info = action_info((enum action)i);
            char word[96];

            (void)snprintf(word, sizeof(word), "%s:%s",
                           service_word(info->service), info->name);
            if (has(word) != policy_needs(&options, (enum action)i))
                fail_msg("side %d: %s", side, word);
        }
    }
    spec_free(spec);
}

static void changes_are_bound_to_what_is_ours(void **state)
{
    (void)state;
    write_policy(GROUP, 0, false);
    assert_non_null(strstr(
        text,
        "\"Action\":[\"elasticloadbalancing:CreateLoadBalancer\"],"
        "\"Resource\":[\"arn:aws:elasticloadbalancing:us-west-2:444455556666:"
        "loadbalancer/net/*\"],\"Condition\":{\"StringEquals\":"
        "{\"aws:RequestTag/linkprobe:path\":\"a\"}}"));
    assert_non_null(strstr(text,
                           "\"Condition\":{\"StringEquals\":"
                           "{\"aws:ResourceTag/linkprobe:path\":\"a\"}}"));
    /* only looking is allowed of everything */
    assert_int_equal(count_of("\"Resource\":\"*\""), 1);
    assert_int_equal(count_of("sts:"), 0);
}

static void references_are_named_by_their_arn(void **state)
{
    (void)state;
    write_policy(
        GROUP "  service: {id: vpce-svc-0123}\n"
              "  target_group: {arn: \"arn:aws:elasticloadbalancing:us-west-2:"
              "444455556666:targetgroup/x/0123\"}\n",
        ACTION_SYNC, false);
    assert_non_null(
        strstr(text, "\"Action\":[\"elasticloadbalancing:RegisterTargets\","
                     "\"elasticloadbalancing:DeregisterTargets\"],\"Resource\":"
                     "[\"arn:aws:elasticloadbalancing:us-west-2:444455556666:"
                     "targetgroup/x/0123\"]"));
    assert_null(strstr(text, "aws:ResourceTag"));
}

#define TEST(name) cmocka_unit_test_teardown(name, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(needs_are_those_of_the_file),
        TEST(needs_are_those_of_the_purpose),
        TEST(every_action_that_is_needed_stands_in_a_statement),
        TEST(changes_are_bound_to_what_is_ours),
        TEST(references_are_named_by_their_arn),
    };

    return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
