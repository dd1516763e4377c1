/*
 * test_steps_destroy.c -- what carries our tags goes, in reverse; nothing else
 * does, and what AWS still holds is waited for.
 */
#include "provision/consumer_side.h"

#include <stdio.h>
#include <string.h>

#define BALANCER                                                               \
    "arn:aws:elasticloadbalancing:us-west-2:111111111111:loadbalancer/net/"    \
    "orders/0123"

static enum step_now ask_provider(const struct step_kind *kind)
{
    return situation_ask(kind, STEP_PROVIDER, 0);
}

/* The whole path stands. */
static void have_path(void)
{
    struct world *world = &now.world;

    world->destroying = world->owners_needed = true;
    have_service(false);
    world_add(world, &world->service.balancers, BALANCER);
    world->service.connections_found = WORLD_FOUND;
    world->balancers[0].found = WORLD_FOUND;
    world->balancers[0].owner = WORLD_OURS;
    world->balancers[0].arn = BALANCER;
    world->lanes[0].group.found = WORLD_FOUND;
    world->lanes[0].group.owner = WORLD_OURS;
    world->lanes[0].group.arn = "arn:group";
    app()->endpoint.found = WORLD_FOUND;
    app()->endpoint.hash = world->hash;
    app()->endpoint.id = "vpce-1";
    app()->group_found = WORLD_FOUND;
    app()->group_hash = world->hash;
    app()->group.id = "sg-1";
}

static void connect_other(const char *owner)
{
    static struct world_connection other;

    other = (struct world_connection){ .endpoint = "vpce-9",
                                       .owner = owner,
                                       .state = "available" };
    now.world.service.connections = &other;
    now.world.service.nconnections = 1;
}

static const char gone[] = "<unsuccessful/>";

static void everything_goes_in_reverse(void **state)
{
    (void)state;
    have_path();
    assert_int_equal(ask_provider(&step_delete_service), STEP_BLOCKED);
    assert_int_equal(ask_provider(&step_delete_balancer), STEP_BLOCKED);
    assert_int_equal(ask_provider(&step_delete_target_group), STEP_BLOCKED);
    assert_int_equal(ask(&step_delete_group), STEP_BLOCKED);
    (void)ask(&step_delete_endpoint);
    situation_assert_call("DeleteVpcEndpoints");
    assert_true(situation_answer(gone));
    (void)ask_provider(&step_delete_service);
    situation_assert_wait("DeleteVpcEndpointServiceConfigurations");
    assert_true(situation_answer(gone));
    (void)ask_provider(&step_delete_balancer);
    situation_assert_call("DeleteLoadBalancer");
    assert_int_equal(ask_provider(&step_delete_target_group), STEP_BLOCKED);
    (void)ask_provider(&step_delete_balancer);
    assert_true(situation_answer(""));
    (void)ask_provider(&step_delete_target_group);
    situation_assert_call("DeleteTargetGroup");
    assert_true(situation_answer(""));
    (void)ask(&step_delete_group);
    situation_assert_wait("DeleteSecurityGroup");
    assert_true(situation_answer(""));
    assert_int_equal(ask(&step_delete_group), STEP_DONE);
}

static void what_aws_still_holds_is_tried_again(void **state)
{
    (void)state;
    have_path();
    app()->endpoint.deleted = true;
    (void)ask_provider(&step_delete_service);
    assert_true(situation_answer(
        "<unsuccessful><item><resourceId>vpce-svc-1</resourceId><error><code>"
        "ExistingVpcEndpointConnections</code></error></item>"
        "</unsuccessful>"));
    (void)ask_provider(&step_delete_service);
    situation_assert_wait("DeleteVpcEndpointServiceConfigurations");
    (void)ask(&step_delete_group);
    assert_true(situation_error("DependencyViolation"));
    (void)ask(&step_delete_group);
    situation_assert_wait("DeleteSecurityGroup");
    now.world.service.deleted = true;
    (void)ask_provider(&step_delete_balancer);
    assert_true(situation_error("ResourceInUse"));
    (void)ask_provider(&step_delete_balancer);
    situation_assert_wait("DeleteLoadBalancer");
}

static void what_is_gone_already_is_gone(void **state)
{
    (void)state;
    have_path();
    (void)ask(&step_delete_endpoint);
    assert_true(situation_answer(
        "<unsuccessful><item><error><code>InvalidVpcEndpoint.NotFound</code>"
        "</error></item></unsuccessful>"));
    assert_int_equal(ask(&step_delete_endpoint), STEP_DONE);
    (void)ask(&step_delete_group);
    assert_true(situation_error("InvalidGroup.NotFound"));
    assert_int_equal(ask(&step_delete_group), STEP_DONE);
    now.world.service.deleted = true;
    (void)ask_provider(&step_delete_balancer);
    assert_true(situation_error("LoadBalancerNotFound"));
    (void)ask_provider(&step_delete_target_group);
    assert_true(situation_error("TargetGroupNotFound"));
    assert_int_equal(ask_provider(&step_delete_target_group), STEP_DONE);
}

static void what_is_not_ours_is_refused(void **state)
{
    (void)state;
    have_path();
    now.world.service.hash = "0123456789abcdef";
    assert_int_equal(ask_provider(&step_delete_service), STEP_REFUSED);
    app()->endpoint.hash = NULL;
    assert_int_equal(ask(&step_delete_endpoint), STEP_REFUSED);
    app()->group_hash = NULL;
    assert_int_equal(ask(&step_delete_group), STEP_REFUSED);
    now.world.balancers[0].owner = WORLD_FOREIGN;
    assert_int_equal(ask_provider(&step_delete_balancer), STEP_REFUSED);
    now.world.lanes[0].group.owner = WORLD_FOREIGN;
    assert_int_equal(ask_provider(&step_delete_target_group), STEP_REFUSED);
}

/* A load balancer that only a service of ours proves must show its tags. */
static void tags_are_read_before_it_goes(void **state)
{
    (void)state;
    have_path();
    now.world.service.deleted = true;
    now.world.balancers[0].owner = WORLD_OURS_BY_USE;
    assert_int_equal(ask_provider(&step_delete_balancer), STEP_BLOCKED);
    (void)ask_provider(&step_owners);
    situation_assert_call("DescribeTags");
    situation_assert_parameter("ResourceArns.member.1", BALANCER);
    assert_true(situation_answer(
        "<TagDescriptions><member><ResourceArn>" BALANCER "</ResourceArn>"
        "<Tags><member><Key>linkprobe:path</Key><Value>orders</Value></member>"
        "</Tags></member></TagDescriptions>"));
    assert_int_equal(ask_provider(&step_delete_balancer), STEP_REFUSED);
}

static void endpoints_of_others_hold_everything(void **state)
{
    (void)state;
    have_path();
    connect_other("333333333333");
    assert_int_equal(ask_provider(&step_others), STEP_REFUSED);
    assert_true(situation_says("vpce-9"));
    now.world.reject_others = true;
    (void)ask_provider(&step_others);
    situation_assert_call("RejectVpcEndpointConnections");
    situation_assert_parameter("VpcEndpointId.1", "vpce-9");
    assert_true(situation_answer(gone));
    assert_int_equal(ask_provider(&step_others), STEP_DONE);
}

/* Lists lag: it may be ours. */
static void what_seems_of_others_is_looked_at_by_its_id(void **state)
{
    char text[1024];

    (void)state;
    have_path();
    app()->endpoint = (struct world_endpoint){ .found = WORLD_NONE };
    connect_other("222222222222");
    assert_int_equal(ask_provider(&step_others), STEP_BLOCKED);
    (void)ask(&step_delete_endpoint);
    situation_assert_call("DescribeVpcEndpoints");
    situation_assert_parameter("VpcEndpointId.1", "vpce-9");
    (void)snprintf(text, sizeof(text),
                   "<vpcEndpointSet><item><vpcEndpointId>vpce-9</vpcEndpointId>"
                   "<state>available</state><tagSet><item><key>linkprobe:path"
                   "</key><value>orders</value></item><item><key>"
                   "linkprobe:spec</key><value>%s</value></item></tagSet>"
                   "</item></vpcEndpointSet>",
                   now.world.hash);
    assert_true(situation_answer(text));
    assert_int_equal(ask_provider(&step_others), STEP_DONE);
    (void)ask(&step_delete_endpoint);
    situation_assert_call("DeleteVpcEndpoints");
}

static void what_is_of_others_indeed_stays(void **state)
{
    (void)state;
    have_path();
    app()->endpoint = (struct world_endpoint){ .found = WORLD_NONE };
    connect_other("222222222222");
    (void)ask_provider(&step_others);
    (void)ask(&step_delete_endpoint);
    assert_true(situation_answer(
        "<vpcEndpointSet><item><vpcEndpointId>vpce-9</vpcEndpointId>"
        "<state>available</state></item></vpcEndpointSet>"));
    assert_int_equal(ask(&step_delete_endpoint), STEP_SKIPPED);
    assert_int_equal(ask_provider(&step_others), STEP_REFUSED);
}

/* A service that is not listed yet holds the load balancer. */
static void a_held_load_balancer_makes_the_service_looked_for(void **state)
{
    (void)state;
    have_path();
    now.world.service = (struct world_service){ .found = WORLD_NONE };
    (void)ask_provider(&step_delete_balancer);
    assert_true(situation_error("ResourceInUse"));
    (void)ask_provider(&step_delete_service);
    situation_assert_call("DescribeVpcEndpointServiceConfigurations");
}

/* ... and one that is gone, but listed still, names what is gone too. */
static void a_balancer_that_only_a_late_list_names_is_gone(void **state)
{
    (void)state;
    have_path();
    now.world.balancers[0].found = WORLD_UNKNOWN;
    now.world.balancers[0].owner = WORLD_OWNER_UNKNOWN;
    app()->endpoint.deleted = true;
    (void)ask_provider(&step_delete_balancer); /* taken from the service */
    assert_string_equal(now.world.balancers[0].arn, BALANCER);
    now.world.lanes[0].group.owner = WORLD_OWNER_UNKNOWN;
    (void)ask_provider(&step_owners);
    assert_true(situation_error("LoadBalancerNotFound"));
    (void)ask_provider(&step_delete_balancer);
    situation_assert_call("DescribeLoadBalancers");
    situation_assert_parameter("Names.member.1", "orders");
    assert_true(situation_error("LoadBalancerNotFound"));
    assert_int_equal(ask_provider(&step_delete_balancer), STEP_SKIPPED);
    now.world.lanes[0].group.found = WORLD_FOUND; /* found once more */
    (void)ask_provider(&step_owners);
    situation_assert_wait("DescribeTags");
    situation_assert_parameter("ResourceArns.member.1", "arn:group");
}

static void references_stay(void **state)
{
    (void)state;
    situation_file("name: orders\n"
                   "provider: {profile: owner, region: us-west-2,\n"
                   "  cache: {replication_group: test1},\n"
                   "  load_balancer: {arn: \"" BALANCER "\"},\n"
                   "  service: {id: vpce-svc-0a1b2c3d}}\n"
                   "consumer: {profile: app, region: us-west-2,\n"
                   "  vpc: vpc-0a1b2c3d, endpoint: {id: vpce-0a1b2c3d}}\n");
    have_path();
    assert_int_equal(ask(&step_delete_endpoint), STEP_SKIPPED);
    assert_int_equal(ask_provider(&step_delete_service), STEP_SKIPPED);
    assert_int_equal(ask_provider(&step_delete_balancer), STEP_SKIPPED);
    assert_int_equal(ask(&step_delete_group), STEP_SKIPPED);
    assert_int_equal(now.ask.did, OUTCOME_ACTION_REFERENCE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SITUATION(everything_goes_in_reverse),
        SITUATION(what_aws_still_holds_is_tried_again),
        SITUATION(what_is_gone_already_is_gone),
        SITUATION(what_is_not_ours_is_refused),
        SITUATION(tags_are_read_before_it_goes),
        SITUATION(endpoints_of_others_hold_everything),
        SITUATION(what_seems_of_others_is_looked_at_by_its_id),
        SITUATION(what_is_of_others_indeed_stays),
        SITUATION(a_held_load_balancer_makes_the_service_looked_for),
        SITUATION(a_balancer_that_only_a_late_list_names_is_gone),
        SITUATION(references_stay),
    };

    return cmocka_run_group_tests_name("steps_destroy", tests, NULL, NULL);
}
