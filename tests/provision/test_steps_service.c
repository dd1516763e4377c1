/*
 * test_steps_service.c -- the endpoint service and its permissions: made with
 * a token of its load balancers, believed only when it was seen, never adopted.
 */
#include "provision/situation.h"

#include <stdio.h>
#include <string.h>

#include "provision/memory.h"

#define BALANCER                                                               \
    "arn:aws:elasticloadbalancing:us-west-2:111111111111:loadbalancer/net/"    \
    "orders/0123"
#define APP "arn:aws:iam::222222222222:role/app"

static enum step_now ask(void)
{
    return situation_ask(&step_service, STEP_PROVIDER, 0);
}

static enum step_now ask_permissions(void)
{
    return situation_ask(&step_permissions, STEP_PROVIDER, 0);
}

/* An item as AWS lists it, with these tags. */
static const char *item(const char *state, const char *hash, const char *more)
{
    static char text[2048];

    (void)snprintf(text, sizeof(text),
                   "<serviceConfigurationSet><item><serviceId>vpce-svc-1"
                   "</serviceId><serviceName>com.amazonaws.vpce.us-west-2."
                   "vpce-svc-1</serviceName><serviceState>%s</serviceState>"
                   "<acceptanceRequired>true</acceptanceRequired>"
                   "<networkLoadBalancerArnSet><item>" BALANCER
                   "</item></networkLoadBalancerArnSet><tagSet><item>"
                   "<key>linkprobe:path</key><value>orders</value></item>"
                   "<item><key>linkprobe:spec</key><value>%s</value></item>"
                   "%s</tagSet></item></serviceConfigurationSet>",
                   state, hash, more);
    return text;
}

static const char created[] =
    "<serviceConfiguration><serviceId>vpce-svc-1</serviceId><serviceName>"
    "com.amazonaws.vpce.us-west-2.vpce-svc-1</serviceName><serviceState>"
    "Available</serviceState><acceptanceRequired>true</acceptanceRequired>"
    "</serviceConfiguration>";

static const char none[] = "<serviceConfigurationSet/>";

/* All that a service is made of. */
static void have_balancer(const char *state)
{
    struct world_balancer *balancer = &now.world.balancers[0];

    balancer->found = WORLD_FOUND;
    balancer->made = true;
    balancer->owner = WORLD_OURS;
    balancer->arn = BALANCER;
    balancer->state = state;
    now.world.listeners[0].host = "test1.cache.example";
    now.world.listeners[0].target_port = 6379;
}

static void create(void)
{
    (void)ask();
    situation_assert_call("DescribeVpcEndpointServiceConfigurations");
    assert_true(situation_answer(none));
    have_balancer("active");
    (void)ask();
    situation_assert_call("CreateVpcEndpointServiceConfiguration");
}

static void it_is_found_by_its_tag(void **state)
{
    (void)state;
    (void)ask();
    situation_assert_call("DescribeVpcEndpointServiceConfigurations");
    situation_assert_parameter("Filter.1.Name", "tag:linkprobe:path");
    situation_assert_parameter("Filter.1.Value.1", "orders");
    assert_true(situation_answer(item("Available", now.world.hash, "")));
    have_balancer("active");
    assert_int_equal(ask(), STEP_DONE);
    assert_string_equal(now.ask.id, "vpce-svc-1");
}

static void one_that_is_being_deleted_is_none(void **state)
{
    (void)state;
    (void)ask();
    assert_true(situation_answer(item("Deleting", now.world.hash, "")));
    assert_int_equal(now.world.service.found, WORLD_NONE);
}

static void another_spec_of_our_name_is_refused(void **state)
{
    (void)state;
    (void)ask();
    assert_true(situation_answer(item("Available", "0123456789abcdef", "")));
    assert_int_equal(ask(), STEP_REFUSED);
    assert_true(situation_says("not touched"));
}

static void it_waits_for_an_active_load_balancer(void **state)
{
    (void)state;
    (void)ask();
    assert_true(situation_answer(none));
    assert_int_equal(ask(), STEP_BLOCKED);
    have_balancer("provisioning");
    assert_int_equal(ask(), STEP_BLOCKED);
    have_balancer("active");
    assert_int_equal(ask(), STEP_CALL);
}

static void it_carries_tags_token_and_memory(void **state)
{
    char token[IDENTITY_TOKEN_SIZE];

    (void)state;
    create();
    situation_assert_parameter("AcceptanceRequired", "true");
    situation_assert_parameter("NetworkLoadBalancerArn.1", BALANCER);
    identity_token("orders", "service", BALANCER " ", 0, token);
    situation_assert_parameter("ClientToken", token);
    situation_assert_parameter("TagSpecification.1.ResourceType",
                               "vpc-endpoint-service");
    situation_assert_parameter("TagSpecification.1.Tag.2.Value",
                               now.world.hash);
    situation_assert_parameter("TagSpecification.1.Tag.3.Key",
                               MEMORY_TAG_CACHE);
    situation_assert_parameter(
        "TagSpecification.1.Tag.3.Value",
        "rg:test1:primary=plain:test1.cache.example:6379");
}

static void a_permission_that_works_verifies_it(void **state)
{
    (void)state;
    create();
    assert_true(situation_answer(created));
    assert_int_equal(ask(), STEP_DONE);
    assert_false(now.world.service.verified);
    (void)ask_permissions();
    situation_assert_call("ModifyVpcEndpointServicePermissions");
    situation_assert_parameter("AddAllowedPrincipals.1", APP);
    assert_true(situation_answer("<return>true</return>"));
    assert_true(now.world.service.verified);
    assert_int_equal(ask_permissions(), STEP_DONE);
}

/* The token gave one that is gone: after some looks it is made anew, with
 * another token. */
static void an_old_answer_of_the_token_is_found_out(void **state)
{
    char token[IDENTITY_TOKEN_SIZE];

    (void)state;
    create();
    assert_true(situation_answer(created));
    (void)ask_permissions();
    assert_true(situation_error("InvalidVpcEndpointServiceId.NotFound"));
    assert_int_equal(ask_permissions(), STEP_BLOCKED);
    for (int i = 0; i < STEP_SETTLE_LOOKS / 2; i++) {
        (void)ask();
        situation_assert_wait("DescribeVpcEndpointServiceConfigurations");
        situation_assert_parameter("ServiceId.1", "vpce-svc-1");
        assert_true(situation_error("InvalidVpcEndpointServiceId.NotFound"));
    }
    (void)ask();
    situation_assert_call("CreateVpcEndpointServiceConfiguration");
    identity_token("orders", "service", BALANCER " ", 1, token);
    situation_assert_parameter("ClientToken", token);
}

static void one_that_is_seen_late_is_believed(void **state)
{
    (void)state;
    create();
    assert_true(situation_answer(created));
    (void)ask_permissions();
    assert_true(situation_error("InvalidVpcEndpointServiceId.NotFound"));
    (void)ask();
    assert_true(situation_answer(item("Available", now.world.hash, "")));
    assert_int_equal(ask(), STEP_DONE);
    assert_true(now.world.service.verified);
    assert_int_equal(now.world.service.salt, 0);
}

/* Made by a run of other settings: it is waited for, then forgotten. */
static void a_used_token_is_waited_for(void **state)
{
    (void)state;
    create();
    assert_true(situation_error("IdempotentParameterMismatch"));
    (void)ask();
    situation_assert_wait("DescribeVpcEndpointServiceConfigurations");
    situation_assert_parameter("Filter.1.Value.1", "orders");
    assert_true(situation_answer(item("Available", now.world.hash, "")));
    assert_int_equal(ask(), STEP_DONE);
}

static void a_used_token_of_nothing_is_salted(void **state)
{
    (void)state;
    create();
    assert_true(situation_error("IdempotentParameterMismatch"));
    for (int i = 0; i < STEP_SETTLE_LOOKS / 2; i++) {
        (void)ask();
        situation_assert_wait("DescribeVpcEndpointServiceConfigurations");
        assert_true(situation_answer(none));
    }
    (void)ask();
    situation_assert_call("CreateVpcEndpointServiceConfiguration");
    assert_int_equal(now.world.service.salt, 1);
}

static void acceptance_off_is_drift_and_mended(void **state)
{
    (void)state;
    (void)ask();
    assert_true(situation_answer(item("Available", now.world.hash, "")));
    have_balancer("active");
    now.world.service.acceptance = false;
    (void)ask();
    situation_assert_call("ModifyVpcEndpointServiceConfiguration");
    situation_assert_parameter("AcceptanceRequired", "true");
    situation_assert_parameter("AddNetworkLoadBalancerArn.1", "");
    assert_string_equal(now.world.drift[0].field, "acceptance_required");
    assert_true(situation_answer("<return>true</return>"));
    assert_int_equal(ask(), STEP_DONE);
}

static void principals_become_those_of_the_file(void **state)
{
    (void)state;
    (void)ask();
    assert_true(situation_answer(item("Available", now.world.hash, "")));
    (void)ask_permissions();
    situation_assert_call("DescribeVpcEndpointServicePermissions");
    assert_true(situation_answer(
        "<allowedPrincipals><item><principal>arn:aws:iam::333333333333:root"
        "</principal></item></allowedPrincipals>"));
    (void)ask_permissions();
    situation_assert_call("ModifyVpcEndpointServicePermissions");
    situation_assert_parameter("AddAllowedPrincipals.1", APP);
    situation_assert_parameter("RemoveAllowedPrincipals.1",
                               "arn:aws:iam::333333333333:root");
    assert_int_equal(now.world.ndrift, 1);
    assert_true(now.world.connections_needed);
}

/* Removing a principal leaves its connections; they go only on demand, and
 * never those of our own endpoints. */
static void connections_of_removed_consumers(void **state)
{
    static const char rows[] =
        "<vpcEndpointConnectionSet>"
        "<item><vpcEndpointId>vpce-app</vpcEndpointId><vpcEndpointOwner>"
        "222222222222</vpcEndpointOwner><vpcEndpointState>available"
        "</vpcEndpointState></item>"
        "<item><vpcEndpointId>vpce-old</vpcEndpointId><vpcEndpointOwner>"
        "333333333333</vpcEndpointOwner><vpcEndpointState>available"
        "</vpcEndpointState></item>"
        "</vpcEndpointConnectionSet>";

    (void)state;
    (void)ask();
    assert_true(situation_answer(item("Available", now.world.hash, "")));
    now.world.connections_needed = true;
    (void)situation_ask(&step_connections, STEP_PROVIDER, 0);
    situation_assert_call("DescribeVpcEndpointConnections");
    assert_true(situation_answer(rows));
    now.world.consumers[0].endpoint.found = WORLD_NONE;
    assert_int_equal(situation_ask(&step_reject_removed, STEP_PROVIDER, 0),
                     STEP_SKIPPED);
    assert_true(situation_says("vpce-old"));
    now.world.reject_removed = true;
    (void)situation_ask(&step_reject_removed, STEP_PROVIDER, 0);
    situation_assert_call("RejectVpcEndpointConnections");
    situation_assert_parameter("VpcEndpointId.1", "vpce-old");
    situation_assert_parameter("VpcEndpointId.2", "");
    assert_true(situation_answer("<unsuccessful/>"));
    assert_int_equal(situation_ask(&step_reject_removed, STEP_PROVIDER, 0),
                     STEP_SKIPPED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SITUATION(it_is_found_by_its_tag),
        SITUATION(one_that_is_being_deleted_is_none),
        SITUATION(another_spec_of_our_name_is_refused),
        SITUATION(it_waits_for_an_active_load_balancer),
        SITUATION(it_carries_tags_token_and_memory),
        SITUATION(a_permission_that_works_verifies_it),
        SITUATION(an_old_answer_of_the_token_is_found_out),
        SITUATION(one_that_is_seen_late_is_believed),
        SITUATION(a_used_token_is_waited_for),
        SITUATION(a_used_token_of_nothing_is_salted),
        SITUATION(acceptance_off_is_drift_and_mended),
        SITUATION(principals_become_those_of_the_file),
        SITUATION(connections_of_removed_consumers),
    };

    return cmocka_run_group_tests_name("steps_service", tests, NULL, NULL);
}
