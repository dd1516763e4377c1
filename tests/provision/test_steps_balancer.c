/*
 * test_steps_balancer.c -- load balancers: found by the service or by name,
 * made in the cache's subnets, waited for, never adopted.
 */
#include "provision/situation.h"

#include <string.h>

#define ARN                                                                    \
    "arn:aws:elasticloadbalancing:us-west-2:111111111111:loadbalancer/net/"    \
    "orders/0123"

static const char member[] =
    "<LoadBalancers><member><LoadBalancerArn>" ARN "</LoadBalancerArn>"
    "<Type>network</Type><State><Code>%s</Code></State><VpcId>vpc-p</VpcId>"
    "</member></LoadBalancers>";

static const char *in_state(const char *state)
{
    static char text[1024];

    (void)snprintf(text, sizeof(text), member, state);
    return text;
}

static enum step_now ask(void)
{
    return situation_ask(&step_balancer, STEP_PROVIDER, 0);
}

static void no_service(void)
{
    now.world.service.found = WORLD_NONE;
}

static void know_subnets(void)
{
    struct world_cache *cache = &now.world.caches[0];

    cache->found = WORLD_FOUND;
    cache->vpc = "vpc-p";
    world_add(&now.world, &cache->subnets, "subnet-1");
    world_add(&now.world, &cache->subnets, "subnet-2");
    world_add(&now.world, &cache->subnets, "subnet-3");
    world_add(&now.world, &cache->zones, "us-west-2a");
    world_add(&now.world, &cache->zones, "us-west-2a");
    world_add(&now.world, &cache->zones, "us-west-2b");
}

static void the_service_is_asked_first(void **state)
{
    (void)state;
    assert_int_equal(ask(), STEP_BLOCKED);
    no_service();
    (void)ask();
    situation_assert_call("DescribeLoadBalancers");
    situation_assert_parameter("Names.member.1", "orders");
}

static void a_service_of_ours_proves_it(void **state)
{
    (void)state;
    now.world.service.found = WORLD_FOUND;
    now.world.service.hash = now.world.hash;
    world_add(&now.world, &now.world.service.balancers, ARN);
    assert_int_equal(ask(), STEP_DONE);
    assert_string_equal(now.ask.id, ARN);
    assert_int_equal(now.world.balancers[0].owner, WORLD_OURS_BY_USE);
}

/* The service's load balancer has another name: ours is looked for. */
static void another_name_in_the_service_proves_nothing(void **state)
{
    (void)state;
    now.world.service.found = WORLD_FOUND;
    now.world.service.hash = now.world.hash;
    world_add(&now.world, &now.world.service.balancers,
              "arn:aws:elasticloadbalancing:us-west-2:111111111111:"
              "loadbalancer/net/others/0123");
    (void)ask();
    situation_assert_call("DescribeLoadBalancers");
}

static void it_is_made_in_one_subnet_a_zone(void **state)
{
    (void)state;
    no_service();
    (void)ask();
    assert_true(situation_error("LoadBalancerNotFound"));
    assert_int_equal(ask(), STEP_BLOCKED); /* no subnets yet */
    know_subnets();
    (void)ask();
    situation_assert_call("CreateLoadBalancer");
    situation_assert_parameter("Type", "network");
    situation_assert_parameter("Scheme", "internal");
    situation_assert_parameter("Subnets.member.1", "subnet-1");
    situation_assert_parameter("Subnets.member.2", "subnet-3");
    situation_assert_parameter("Subnets.member.3", "");
    situation_assert_parameter("SecurityGroups.member.1", "");
    situation_assert_parameter("Tags.member.1.Key", "linkprobe:path");
    situation_assert_parameter("Tags.member.1.Value", "orders");
    situation_assert_parameter("Tags.member.2.Value", now.world.hash);
}

static void it_is_waited_for_until_it_is_active(void **state)
{
    (void)state;
    no_service();
    (void)ask();
    assert_true(situation_error("LoadBalancerNotFound"));
    know_subnets();
    (void)ask();
    assert_true(situation_answer(in_state("provisioning")));
    (void)ask();
    situation_assert_wait("DescribeLoadBalancers");
    situation_assert_parameter("LoadBalancerArns.member.1", ARN);
    assert_true(situation_answer(in_state("active")));
    assert_int_equal(ask(), STEP_DONE);
}

static void one_that_failed_is_told(void **state)
{
    (void)state;
    no_service();
    (void)ask();
    assert_true(situation_answer(in_state("failed")));
    assert_int_equal(ask(), STEP_FAILED);
}

static void one_of_others_is_refused(void **state)
{
    (void)state;
    no_service();
    (void)ask();
    assert_true(situation_answer(in_state("active")));
    now.world.balancers[0].owner = WORLD_FOREIGN;
    assert_int_equal(ask(), STEP_REFUSED);
    assert_true(situation_says("not touched"));
}

static void other_errors_are_no_news(void **state)
{
    (void)state;
    no_service();
    (void)ask();
    assert_false(situation_error("AccessDenied"));
}

static void a_plan_pretends_that_it_was_made(void **state)
{
    (void)state;
    now.world.planning = true;
    no_service();
    (void)ask();
    assert_true(situation_error("LoadBalancerNotFound"));
    know_subnets();
    (void)ask();
    assert_true(situation_pretend());
    assert_int_equal(ask(), STEP_DONE);
    assert_string_equal(now.ask.id, WORLD_LATER);
}

/* ---- cross-zone */

static void ask_cross_zone(void)
{
    (void)situation_ask(&step_cross_zone, STEP_PROVIDER, 0);
}

static void have(enum world_owner owner)
{
    struct world_balancer *balancer = &now.world.balancers[0];

    balancer->found = WORLD_FOUND;
    balancer->arn = ARN;
    balancer->owner = owner;
}

static const char attributes_off[] =
    "<Attributes><member><Key>deletion_protection.enabled</Key>"
    "<Value>true</Value></member><member>"
    "<Key>load_balancing.cross_zone.enabled</Key><Value>false</Value></member>"
    "</Attributes>";

static void cross_zone_off_is_drift_and_mended(void **state)
{
    (void)state;
    have(WORLD_OURS);
    ask_cross_zone();
    situation_assert_call("DescribeLoadBalancerAttributes");
    assert_true(situation_answer(attributes_off));
    ask_cross_zone();
    situation_assert_call("ModifyLoadBalancerAttributes");
    situation_assert_parameter("Attributes.member.1.Value", "true");
    assert_int_equal(now.world.ndrift, 1);
    assert_string_equal(now.world.drift[0].field, "cross_zone");
    assert_true(situation_answer(""));
    ask_cross_zone();
    assert_int_equal(now.now, STEP_DONE);
    assert_int_equal(now.world.ndrift, 1); /* noted once */
}

/* What is known as ours only because ours uses it must carry the tags before
 * it is changed. */
static void tags_are_asked_for_before_a_change(void **state)
{
    (void)state;
    have(WORLD_OURS_BY_USE);
    ask_cross_zone();
    assert_true(situation_answer(attributes_off));
    ask_cross_zone();
    assert_int_equal(now.now, STEP_BLOCKED);
    assert_true(now.world.owners_needed);
    now.world.balancers[0].owner = WORLD_FOREIGN;
    ask_cross_zone();
    assert_int_equal(now.now, STEP_REFUSED);
}

static void a_new_one_has_it_off_and_is_not_asked(void **state)
{
    (void)state;
    have(WORLD_OURS);
    now.world.balancers[0].made = true;
    now.world.balancers[0].cross_zone = WORLD_FALSE;
    ask_cross_zone();
    situation_assert_call("ModifyLoadBalancerAttributes");
    assert_int_equal(now.world.ndrift, 0);
}

static void a_reference_is_never_changed(void **state)
{
    (void)state;
    situation_file("name: orders\n"
                   "provider:\n"
                   "  profile: owner\n"
                   "  region: us-west-2\n"
                   "  cache: {replication_group: test1}\n"
                   "  load_balancer: {arn: \"" ARN "\"}\n");
    now.world.service.found = WORLD_NONE;
    (void)ask();
    situation_assert_call("DescribeLoadBalancers");
    situation_assert_parameter("LoadBalancerArns.member.1", ARN);
    assert_true(situation_answer(in_state("active")));
    assert_int_equal(ask(), STEP_DONE);
    assert_int_equal(now.ask.did, OUTCOME_ACTION_REFERENCE);
    ask_cross_zone();
    assert_int_equal(now.now, STEP_SKIPPED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SITUATION(the_service_is_asked_first),
        SITUATION(a_service_of_ours_proves_it),
        SITUATION(another_name_in_the_service_proves_nothing),
        SITUATION(it_is_made_in_one_subnet_a_zone),
        SITUATION(it_is_waited_for_until_it_is_active),
        SITUATION(one_that_failed_is_told),
        SITUATION(one_of_others_is_refused),
        SITUATION(other_errors_are_no_news),
        SITUATION(a_plan_pretends_that_it_was_made),
        SITUATION(cross_zone_off_is_drift_and_mended),
        SITUATION(tags_are_asked_for_before_a_change),
        SITUATION(a_new_one_has_it_off_and_is_not_asked),
        SITUATION(a_reference_is_never_changed),
    };

    return cmocka_run_group_tests_name("steps_balancer", tests, NULL, NULL);
}
