/*
 * test_steps_group.c -- zones matched by id, the group of the endpoint and the
 * rules that let clients in.
 */
#include "provision/consumer_side.h"

#include <stdio.h>
#include <string.h>

static void one_subnet_a_zone_that_the_service_has(void **state)
{
    (void)state;
    have_service(true);
    no_endpoint();
    know_subnets();
    assert_int_equal(app()->chosen.n, 2);
    assert_string_equal(app()->chosen.texts[0], "subnet-2");
    assert_string_equal(app()->chosen.texts[1], "subnet-4");
    assert_string_equal(app()->clients.texts[0], "10.1.2.0/24");
}

static void no_zone_in_common_is_refused(void **state)
{
    (void)state;
    have_service(true);
    no_endpoint();
    (void)ask(&step_service_view);
    assert_true(situation_answer(
        "<serviceDetailSet><item><availabilityZoneIdSet><item>usw2-az4</item>"
        "</availabilityZoneIdSet></item></serviceDetailSet>"));
    (void)ask(&step_subnets);
    assert_true(situation_answer(consumer_subnets));
    assert_int_equal(ask(&step_subnets), STEP_REFUSED);
    assert_true(situation_says("usw2-az4"));
}

static void a_service_that_is_not_visible_yet_is_looked_at_again(void **state)
{
    (void)state;
    have_service(true);
    no_endpoint();
    (void)ask(&step_service_view);
    assert_true(situation_error("InvalidServiceName"));
    for (int i = 1; i < STEP_SETTLE_LOOKS; i++) {
        (void)ask(&step_service_view);
        situation_assert_wait("DescribeVpcEndpointServices");
        assert_true(situation_error("InvalidServiceName"));
    }
    assert_int_equal(ask(&step_service_view), STEP_FAILED);
    assert_true(situation_says("allowed principal"));
}

/* ---- the group */

static void on_an_empty_path_the_group_is_not_looked_for(void **state)
{
    (void)state;
    now.world.service.found = WORLD_NONE;
    no_endpoint();
    (void)ask(&step_group);
    situation_assert_call("CreateSecurityGroup");
    situation_assert_parameter("GroupName", "orders");
    situation_assert_parameter("TagSpecification.1.Tag.2.Value",
                               now.world.hash);
}

static const char *group(const char *hash)
{
    static char text[1024];

    (void)snprintf(text, sizeof(text),
                   "<securityGroupInfo><item><groupId>sg-7</groupId>"
                   "<groupName>orders</groupName><ipPermissions/><tagSet><item>"
                   "<key>linkprobe:path</key><value>orders</value></item><item>"
                   "<key>linkprobe:spec</key><value>%s</value></item></tagSet>"
                   "</item></securityGroupInfo>",
                   hash);
    return text;
}

/* The name is taken, the list lags behind. */
static void a_duplicate_is_waited_for(void **state)
{
    (void)state;
    now.world.service.found = WORLD_NONE;
    no_endpoint();
    (void)ask(&step_group);
    assert_true(situation_error("InvalidGroup.Duplicate"));
    for (int i = 0; i < 3; i++) {
        (void)ask(&step_group);
        situation_assert_wait("DescribeSecurityGroups");
        situation_assert_parameter("Filter.1.Name", "group-name");
        assert_true(situation_answer("<securityGroupInfo/>"));
    }
    (void)ask(&step_group);
    assert_true(situation_answer(group(now.world.hash)));
    assert_int_equal(ask(&step_group), STEP_DONE);
    assert_string_equal(now.ask.id, "sg-7");
}

static void a_duplicate_of_others_is_refused(void **state)
{
    (void)state;
    now.world.service.found = WORLD_NONE;
    no_endpoint();
    (void)ask(&step_group);
    assert_true(situation_error("InvalidGroup.Duplicate"));
    (void)ask(&step_group);
    assert_true(situation_answer(group("0123456789abcdef")));
    assert_int_equal(ask(&step_group), STEP_REFUSED);
}

static void the_rule_admits_the_clients(void **state)
{
    (void)state;
    have_service(true);
    no_endpoint();
    know_subnets();
    make_group();
    (void)ask(&step_rules);
    situation_assert_call("AuthorizeSecurityGroupIngress");
    situation_assert_parameter("GroupId", "sg-1");
    situation_assert_parameter("IpPermissions.1.FromPort", "6379");
    situation_assert_parameter("IpPermissions.1.IpRanges.1.CidrIp",
                               "10.1.2.0/24");
    situation_assert_parameter("IpPermissions.1.IpRanges.2.CidrIp",
                               "10.1.4.0/24");
    assert_true(situation_answer("<return>true</return>"));
    assert_int_equal(ask(&step_rules), STEP_DONE);
}

/* Some of the rules are there already: the group is read, the rest added. */
static void a_duplicate_rule_is_read_again(void **state)
{
    (void)state;
    have_service(true);
    no_endpoint();
    know_subnets();
    make_group();
    (void)ask(&step_rules);
    assert_true(situation_error("InvalidPermission.Duplicate"));
    (void)ask(&step_rules);
    situation_assert_wait("DescribeSecurityGroups");
    assert_true(situation_answer(
        "<securityGroupInfo><item><groupId>sg-1</groupId><ipPermissions><item>"
        "<ipProtocol>tcp</ipProtocol><fromPort>6379</fromPort>"
        "<toPort>6379</toPort><ipRanges><item><cidrIp>10.1.2.0/24</cidrIp>"
        "</item></ipRanges></item></ipPermissions></item>"
        "</securityGroupInfo>"));
    (void)ask(&step_rules);
    situation_assert_call("AuthorizeSecurityGroupIngress");
    situation_assert_parameter("IpPermissions.1.IpRanges.1.CidrIp",
                               "10.1.4.0/24");
    situation_assert_parameter("IpPermissions.1.IpRanges.2.CidrIp", "");
}

static void what_a_rule_admits(void **state)
{
    static const struct {
        const char *protocol, *cidr;
        long from, to;
        bool admits;
    } rows[] = {
        { "tcp", "10.1.2.0/24", 6379, 6379, true },
        { "tcp", "10.1.0.0/16", 6000, 7000, true },
        { "-1", "0.0.0.0/0", -1, -1, true },
        { "6", "10.1.2.0/24", 6379, 6379, true },
        { "tcp", "10.1.2.0/25", 6379, 6379, false },
        { "tcp", "10.1.3.0/24", 6379, 6379, false },
        { "tcp", "10.1.2.0/24", 6380, 6380, false },
        { "udp", "10.1.2.0/24", 6379, 6379, false },
        { "tcp", "nonsense", 6379, 6379, false },
        { "tcp", NULL, 6379, 6379, false },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct world_rule rule = { .protocol = rows[i].protocol,
                                   .cidr = rows[i].cidr,
                                   .from = rows[i].from,
                                   .to = rows[i].to };
        struct world_group of = { .rules = &rule, .nrules = 1 };

        assert_int_equal(step_admits(&of, 1, 6379, "10.1.2.0/24"),
                         rows[i].admits);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SITUATION(one_subnet_a_zone_that_the_service_has),
        SITUATION(no_zone_in_common_is_refused),
        SITUATION(a_service_that_is_not_visible_yet_is_looked_at_again),
        SITUATION(on_an_empty_path_the_group_is_not_looked_for),
        SITUATION(a_duplicate_is_waited_for),
        SITUATION(a_duplicate_of_others_is_refused),
        SITUATION(the_rule_admits_the_clients),
        SITUATION(a_duplicate_rule_is_read_again),
        SITUATION(what_a_rule_admits),
    };

    return cmocka_run_group_tests_name("steps_group", tests, NULL, NULL);
}
