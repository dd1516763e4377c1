/*
 * test_steps_cache.c -- the cache, its name, its own rules, and whose account
 * it is: what is asked, what is remembered, what is refused.
 */
#include "provision/situation.h"

#include <stdio.h>
#include <string.h>

#include "provision/memory.h"

#define ARN  "arn:aws:elasticache:us-west-2:111111111111:replicationgroup:test1"
#define HOST "test1.abc.ng.0001.usw2.cache.amazonaws.com"

static const char group[] =
    "<ReplicationGroups><ReplicationGroup><ARN>" ARN "</ARN><Status>available"
    "</Status><ClusterEnabled>%s</ClusterEnabled><MemberClusters><ClusterId>"
    "test1-001</ClusterId></MemberClusters><NodeGroups><NodeGroup>"
    "<PrimaryEndpoint><Address>" HOST "</Address><Port>6379</Port>"
    "</PrimaryEndpoint></NodeGroup></NodeGroups></ReplicationGroup>"
    "</ReplicationGroups>";

static struct world_cache *cache(void)
{
    return &now.world.caches[0];
}

static enum step_now ask(void)
{
    return situation_ask(&step_cache, STEP_PROVIDER, 0);
}

static enum step_now ask_resolve(void)
{
    return situation_ask(&step_resolve, STEP_PROVIDER, 0);
}

static void know(const char *cluster_mode)
{
    char text[1024];

    now.world.service.found = WORLD_NONE;
    (void)ask();
    situation_assert_call("DescribeReplicationGroups");
    situation_assert_parameter("ReplicationGroupId", "test1");
    (void)snprintf(text, sizeof(text), group, cluster_mode);
    assert_true(situation_answer(text));
}

static void names(const char *const addresses[], unsigned n,
                  enum net_status status)
{
    struct net_answer answer;

    net_answer_init(&answer);
    for (unsigned i = 0; i < n; i++) {
        struct net_addr addr;

        assert_true(net_addr_parse(addresses[i], 0, &addr));
        net_answer_add(&answer, &addr, 5);
    }
    net_answer_ttl(&answer, 5);
    step_resolve.took_names(&now.step, &now.world, &answer, status);
}

static void the_network_is_asked_where_something_is_made(void **state)
{
    (void)state;
    know("false");
    assert_int_equal(ask(), STEP_DONE); /* nothing is known to be missing */
    now.world.balancers[0].found = WORLD_NONE;
    (void)ask();
    situation_assert_call("DescribeCacheClusters");
    situation_assert_parameter("CacheClusterId", "test1-001");
    assert_true(situation_answer(
        "<CacheClusters><CacheCluster><CacheSubnetGroupName>net"
        "</CacheSubnetGroupName><SecurityGroups><member><SecurityGroupId>sg-9"
        "</SecurityGroupId></member></SecurityGroups></CacheCluster>"
        "</CacheClusters>"));
    (void)ask();
    situation_assert_call("DescribeCacheSubnetGroups");
    assert_true(situation_answer(
        "<CacheSubnetGroups><CacheSubnetGroup><VpcId>vpc-p</VpcId><Subnets>"
        "<Subnet><SubnetIdentifier>subnet-1</SubnetIdentifier>"
        "<SubnetAvailabilityZone><Name>us-west-2a</Name>"
        "</SubnetAvailabilityZone></Subnet></Subnets></CacheSubnetGroup>"
        "</CacheSubnetGroups>"));
    assert_int_equal(ask(), STEP_DONE);
    assert_string_equal(cache()->vpc, "vpc-p");
    assert_string_equal(cache()->groups.texts[0], "sg-9");
    assert_string_equal(cache()->zones.texts[0], "us-west-2a");
}

static void cluster_mode_is_refused_with_the_reason(void **state)
{
    (void)state;
    know("true");
    assert_int_equal(ask(), STEP_REFUSED);
    assert_true(situation_says("cluster mode"));
}

static void no_such_cache_is_refused(void **state)
{
    (void)state;
    now.world.service.found = WORLD_NONE;
    (void)ask();
    assert_true(situation_error("ReplicationGroupNotFoundFault"));
    assert_int_equal(ask(), STEP_REFUSED);
    assert_true(situation_says("test1"));
}

static void a_reader_that_is_not_there_is_refused(void **state)
{
    (void)state;
    situation_file("name: orders\n"
                   "provider: {profile: owner, region: us-west-2,\n"
                   "  cache: {replication_group: test1, endpoint: reader}}\n");
    know("false");
    assert_int_equal(ask(), STEP_REFUSED);
    assert_true(situation_says("reader"));
}

/* ---- memory */

static void remember(const char *text)
{
    now.world.service.found = WORLD_FOUND;
    now.world.service.hash = now.world.hash;
    now.world.service.memory = text;
}

static void what_is_remembered_is_not_asked(void **state)
{
    (void)state;
    assert_int_equal(ask(), STEP_BLOCKED); /* the service is looked for */
    remember("rg:test1:primary=tls:" HOST ":6390");
    assert_int_equal(ask(), STEP_DONE);
    assert_int_equal(ask_resolve(), STEP_RESOLVE);
    assert_string_equal(now.ask.host, HOST);
    assert_int_equal(now.world.listeners[0].target_port, 6390);
    assert_true(cache()->tls);
}

static void memory_of_something_else_does_not_count(void **state)
{
    static const char *const texts[] = {
        "rg:other:primary=plain:host:6379",
        "rg:test1:reader=plain:host:6379",
        "cluster:test1:primary=plain:host:6379",
        "rg:test1:primary=plain:host:0",
        "rg:test1:primary=plain:host:99999",
        "rg:test1:primary=host",
        "rg:test1:primary=",
        "",
        "xrg:test1:primary=plain:host:6379",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        (void)situation_tear_down(NULL);
        assert_int_equal(situation_set_up(NULL), 0);
        remember(texts[i]);
        (void)ask();
        situation_assert_call("DescribeReplicationGroups");
    }
}

/* DNS does not know the name any more: AWS is asked for it. */
static void a_remembered_name_that_is_gone_is_asked_again(void **state)
{
    static const char *const addresses[] = { "10.0.0.5" };

    (void)state;
    remember("rg:test1:primary=plain:old.example:6379");
    assert_int_equal(ask(), STEP_DONE);
    assert_int_equal(ask_resolve(), STEP_RESOLVE);
    names(NULL, 0, NET_NXDOMAIN);
    assert_int_equal(ask_resolve(), STEP_BLOCKED);
    know("false");
    assert_int_equal(ask_resolve(), STEP_RESOLVE);
    assert_string_equal(now.ask.host, HOST);
    names(addresses, 1, NET_OK);
    assert_int_equal(ask_resolve(), STEP_DONE);
}

/* ---- the name */

static void addresses_are_sorted_and_ipv4(void **state)
{
    static const char *const addresses[] = { "10.0.0.9", "fd00::1",
                                             "10.0.0.5" };
    const struct spec_texts *have = &now.world.listeners[0].addresses;

    (void)state;
    know("false");
    assert_int_equal(ask_resolve(), STEP_RESOLVE);
    names(addresses, 3, NET_OK);
    assert_int_equal(ask_resolve(), STEP_DONE);
    assert_int_equal(have->n, 2);
    assert_string_equal(have->texts[0], "10.0.0.5");
    assert_string_equal(have->texts[1], "10.0.0.9");
    assert_int_equal(now.world.listeners[0].ttl_s, 5);
}

/* A server that fails is asked again; a name that is not there is not. */
static void a_failing_name_server_gets_another_chance(void **state)
{
    (void)state;
    know("false");
    for (int i = 0; i < 2; i++) {
        assert_int_equal(ask_resolve(), STEP_RESOLVE);
        names(NULL, 0, NET_SERVFAIL);
    }
    assert_int_equal(ask_resolve(), STEP_RESOLVE);
    names(NULL, 0, NET_TIMEOUT);
    assert_int_equal(ask_resolve(), STEP_FAILED);
    assert_true(situation_says(HOST));
}

/* ---- the cache's own rules */

static void have_rules(const char *cidr)
{
    static struct world_rule rule;
    static struct world_group details;
    static struct world_subnet subnet = { .id = "subnet-1",
                                          .cidr = "10.0.1.0/24" };

    know("false");
    (void)ask_resolve();
    rule = (struct world_rule){
        .protocol = "tcp", .from = 6379, .to = 6379, .cidr = cidr
    };
    details = (struct world_group){ .id = "sg-9", .rules = &rule, .nrules = 1 };
    cache()->groups_found = cache()->details_found = WORLD_FOUND;
    world_add(&now.world, &cache()->groups, "sg-9");
    cache()->details = &details;
    cache()->ndetails = 1;
    now.world.provider_subnets = &subnet;
    now.world.nprovider_subnets = 1;
    now.world.provider_subnets_found = WORLD_FOUND;
}

static enum step_now ask_group(void)
{
    return situation_ask(&step_cache_group, STEP_PROVIDER, 0);
}

static void a_rule_for_the_subnets_is_enough(void **state)
{
    (void)state;
    have_rules("10.0.0.0/16");
    assert_int_equal(ask_group(), STEP_DONE);
    assert_int_equal(now.world.ndrift, 0);
}

static void a_missing_rule_is_printed_as_a_command(void **state)
{
    (void)state;
    have_rules("10.9.0.0/16");
    assert_int_equal(ask_group(), STEP_DONE);
    assert_true(situation_says("aws ec2 authorize-security-group-ingress"));
    assert_true(situation_says("10.0.1.0/24"));
    assert_int_equal(now.world.ndrift, 1);
}

static void with_add_the_rule_is_added_and_tagged(void **state)
{
    (void)state;
    situation_file("name: orders\n"
                   "provider: {profile: owner, region: us-west-2,\n"
                   "  cache_security_group: add,\n"
                   "  cache: {replication_group: test1}}\n");
    have_rules("10.9.0.0/16");
    (void)ask_group();
    situation_assert_call("AuthorizeSecurityGroupIngress");
    situation_assert_parameter("GroupId", "sg-9");
    situation_assert_parameter("IpPermissions.1.IpRanges.1.CidrIp",
                               "10.0.1.0/24");
    situation_assert_parameter("TagSpecification.1.ResourceType",
                               "security-group-rule");
    assert_true(situation_answer("<return>true</return>"));
    assert_int_equal(ask_group(), STEP_DONE);
}

/* ---- whose account */

static void another_account_than_the_files_is_refused(void **state)
{
    (void)state;
    situation_file("name: orders\n"
                   "provider: {profile: owner, region: us-west-2,\n"
                   "  account: \"999999999999\",\n"
                   "  cache: {replication_group: test1}}\n");
    assert_int_equal(situation_ask(&step_identity_provider, STEP_PROVIDER, 0),
                     STEP_REFUSED);
    assert_true(situation_says("111111111111"));
    assert_true(situation_says("999999999999"));
}

/* Answers tell the account; only where none has, it is asked for. */
static void the_account_is_asked_when_nothing_else_tells(void **state)
{
    (void)state;
    now.world.account = NULL;
    assert_int_equal(situation_ask(&step_identity_provider, STEP_PROVIDER, 0),
                     STEP_BLOCKED);
    now.world.service.found = now.world.balancers[0].found = WORLD_NONE;
    assert_int_equal(situation_ask(&step_identity_provider, STEP_PROVIDER, 0),
                     STEP_BLOCKED);
    cache()->found = WORLD_FOUND; /* of a kind that tells none */
    (void)situation_ask(&step_identity_provider, STEP_PROVIDER, 0);
    situation_assert_call("GetCallerIdentity");
    assert_true(situation_answer("<Account>333333333333</Account>"));
    assert_string_equal(now.world.account, "333333333333");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SITUATION(the_network_is_asked_where_something_is_made),
        SITUATION(cluster_mode_is_refused_with_the_reason),
        SITUATION(no_such_cache_is_refused),
        SITUATION(a_reader_that_is_not_there_is_refused),
        SITUATION(what_is_remembered_is_not_asked),
        SITUATION(memory_of_something_else_does_not_count),
        SITUATION(a_remembered_name_that_is_gone_is_asked_again),
        SITUATION(addresses_are_sorted_and_ipv4),
        SITUATION(a_failing_name_server_gets_another_chance),
        SITUATION(a_rule_for_the_subnets_is_enough),
        SITUATION(a_missing_rule_is_printed_as_a_command),
        SITUATION(with_add_the_rule_is_added_and_tagged),
        SITUATION(another_account_than_the_files_is_refused),
        SITUATION(the_account_is_asked_when_nothing_else_tells),
    };

    return cmocka_run_group_tests_name("steps_cache", tests, NULL, NULL);
}
