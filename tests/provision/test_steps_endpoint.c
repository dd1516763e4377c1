/*
 * test_steps_endpoint.c -- the endpoint of a consumer: its token, acceptance,
 * and what lists hide.
 */
#include "provision/consumer_side.h"

#include <stdio.h>
#include <string.h>

#include "provision/memory.h"

static const char *endpoint(const char *id, const char *state)
{
    static char text[1024];

    (void)snprintf(text, sizeof(text),
                   "<vpcEndpointId>%s</vpcEndpointId><state>%s</state>"
                   "<ownerId>222222222222</ownerId><vpcId>vpc-0a1b2c3d</vpcId>"
                   "<tagSet><item><key>linkprobe:path</key>"
                   "<value>orders</value></item><item><key>linkprobe:spec"
                   "</key><value>%s</value></item></tagSet>",
                   id, state, now.world.hash);
    return text;
}

static const char *listed(const char *id, const char *state)
{
    static char text[1200];

    (void)snprintf(text, sizeof(text),
                   "<vpcEndpointSet><item>%s</item></vpcEndpointSet>",
                   endpoint(id, state));
    return text;
}

static const char *created(const char *id, const char *state)
{
    static char text[1200];

    (void)snprintf(text, sizeof(text), "<vpcEndpoint>%s</vpcEndpoint>",
                   endpoint(id, state));
    return text;
}

static void create(void)
{
    have_service(true);
    no_endpoint();
    know_subnets();
    make_group();
    (void)ask(&step_endpoint);
    situation_assert_call("CreateVpcEndpoint");
}

static void the_endpoint_carries_token_and_memory(void **state)
{
    char token[IDENTITY_TOKEN_SIZE];

    (void)state;
    create();
    identity_token("orders", "endpoint", SERVICE " vpc-0a1b2c3d", 0, token);
    situation_assert_parameter("ClientToken", token);
    situation_assert_parameter("SubnetId.1", "subnet-2");
    situation_assert_parameter("SubnetId.2", "subnet-4");
    situation_assert_parameter("SecurityGroupId.1", "sg-1");
    situation_assert_parameter("PrivateDnsEnabled", "false");
    situation_assert_parameter("TagSpecification.1.Tag.3.Key",
                               MEMORY_TAG_CLIENTS);
    situation_assert_parameter("TagSpecification.1.Tag.3.Value",
                               "subnet-2=10.1.2.0/24 subnet-4=10.1.4.0/24");
}

static void from_pending_acceptance_to_available(void **state)
{
    (void)state;
    create();
    assert_true(situation_answer(created("vpce-1", "pendingAcceptance")));
    assert_int_equal(ask(&step_available), STEP_BLOCKED);
    (void)ask_acceptance();
    situation_assert_call("AcceptVpcEndpointConnections");
    situation_assert_parameter("ServiceId", "vpce-svc-0a1b2c3d");
    situation_assert_parameter("VpcEndpointId.1", "vpce-1");
    situation_assert_parameter("VpcEndpointId.2", "");
    assert_true(situation_answer("<unsuccessful/>"));
    assert_int_equal(ask_acceptance(), STEP_DONE);
    (void)ask(&step_available);
    situation_assert_wait("DescribeVpcEndpoints");
    assert_true(situation_answer(listed("vpce-1", "pending")));
    (void)ask(&step_available);
    situation_assert_wait("DescribeVpcEndpoints");
    assert_true(situation_answer(listed("vpce-1", "available")));
    assert_int_equal(ask(&step_available), STEP_DONE);
}

/* Somebody was faster: the next look tells. */
static void what_is_accepted_already_is_no_fault(void **state)
{
    (void)state;
    create();
    assert_true(situation_answer(created("vpce-1", "pendingAcceptance")));
    (void)ask_acceptance();
    assert_true(situation_answer(
        "<unsuccessful><item><resourceId>vpce-1</resourceId><error><code>"
        "InvalidState</code></error></item></unsuccessful>"));
    assert_int_equal(ask_acceptance(), STEP_DONE);
}

static void an_answer_of_200_may_be_a_failure(void **state)
{
    (void)state;
    create();
    assert_true(situation_answer(created("vpce-1", "pendingAcceptance")));
    (void)ask_acceptance();
    assert_false(situation_answer(
        "<unsuccessful><item><resourceId>vpce-1</resourceId><error><code>"
        "OperationNotPermitted</code></error></item></unsuccessful>"));
}

/* The token gave one that is gone. */
static void a_dead_answer_of_the_token_is_salted(void **state)
{
    static const char *const states[] = { "deleted", "deleting", "rejected",
                                          "failed", "expired" };
    char token[IDENTITY_TOKEN_SIZE];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
        (void)situation_tear_down(NULL);
        assert_int_equal(situation_set_up(NULL), 0);
        create();
        assert_true(situation_answer(created("vpce-1", states[i])));
        (void)ask(&step_endpoint);
        situation_assert_call("CreateVpcEndpoint");
        identity_token("orders", "endpoint", SERVICE " vpc-0a1b2c3d", 1, token);
        situation_assert_parameter("ClientToken", token);
    }
}

/* It said available, and is not there when it is looked at. */
static void an_available_answer_is_looked_at_before_it_is_believed(void **state)
{
    (void)state;
    create();
    assert_true(situation_answer(created("vpce-1", "available")));
    for (int i = 0; i < STEP_SETTLE_LOOKS / 2; i++) {
        assert_int_not_equal(ask(&step_available), STEP_DONE);
        assert_int_equal(now.ask.action, ACTION_DESCRIBE_ENDPOINTS);
        assert_true(situation_error("InvalidVpcEndpointId.NotFound"));
    }
    (void)ask(&step_endpoint);
    situation_assert_call("CreateVpcEndpoint");
    assert_int_equal(app()->endpoint.salt, 1);
}

static void a_token_of_other_settings_is_waited_for(void **state)
{
    (void)state;
    create();
    assert_true(situation_error("IdempotentParameterMismatch"));
    (void)ask(&step_endpoint);
    situation_assert_wait("DescribeVpcEndpoints");
    assert_true(situation_answer(listed("vpce-7", "pendingAcceptance")));
    assert_int_equal(ask(&step_endpoint), STEP_DONE);
    assert_string_equal(now.ask.id, "vpce-7");
}

/* Accepted once more, and rejected still: replaced. */
static void one_that_is_rejected_for_good_is_replaced(void **state)
{
    (void)state;
    have_service(false);
    (void)ask(&step_endpoint);
    assert_true(situation_answer(listed("vpce-1", "rejected")));
    for (int i = 0; i < 2; i++) {
        (void)ask_acceptance();
        situation_assert_call("AcceptVpcEndpointConnections");
        assert_true(situation_answer(
            "<unsuccessful><item><error><code>InvalidState</code></error>"
            "</item></unsuccessful>"));
        (void)ask(&step_available);
        assert_true(situation_answer(listed("vpce-1", "rejected")));
    }
    assert_int_equal(ask_acceptance(), STEP_BLOCKED);
    (void)ask(&step_endpoint);
    situation_assert_call("DeleteVpcEndpoints");
    assert_true(situation_answer("<unsuccessful/>"));
    assert_int_equal(app()->endpoint.found, WORLD_NONE);
    assert_int_equal(app()->endpoint.salt, 1);
}

static void without_a_provider_it_waits_for_the_other_side(void **state)
{
    (void)state;
    situation_file("name: orders\n"
                   "consumer: {profile: app, region: us-west-2,\n"
                   "  vpc: vpc-0a1b2c3d, service_name: " SERVICE "}\n");
    identity_spec("orders", SERVICE, "us-west-2", now.world.hash);
    (void)ask(&step_endpoint);
    assert_true(situation_answer(listed("vpce-1", "pendingAcceptance")));
    assert_int_equal(ask(&step_available), STEP_LATER);
    assert_true(situation_says("provider"));
}

/* What is remembered spares a call, and finds a subnet that was taken. */
static void remembered_subnets_are_wanted(void **state)
{
    (void)state;
    have_service(false);
    (void)ask(&step_endpoint);
    assert_true(situation_answer(listed("vpce-1", "available")));
    app()->endpoint.memory = "subnet-2=10.1.2.0/24 subnet-4=10.1.4.0/24";
    world_add(&now.world, &app()->endpoint.subnets, "subnet-2");
    assert_int_equal(ask(&step_subnets), STEP_DONE);
    assert_int_equal(app()->clients.n, 2);
    app()->group_found = WORLD_FOUND;
    app()->group.id = "sg-1";
    world_add(&now.world, &app()->endpoint.groups, "sg-1");
    (void)ask(&step_endpoint_settings);
    situation_assert_call("ModifyVpcEndpoint");
    situation_assert_parameter("AddSubnetId.1", "subnet-4");
    assert_string_equal(now.world.drift[0].field, "subnets");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SITUATION(the_endpoint_carries_token_and_memory),
        SITUATION(from_pending_acceptance_to_available),
        SITUATION(what_is_accepted_already_is_no_fault),
        SITUATION(an_answer_of_200_may_be_a_failure),
        SITUATION(a_dead_answer_of_the_token_is_salted),
        SITUATION(an_available_answer_is_looked_at_before_it_is_believed),
        SITUATION(a_token_of_other_settings_is_waited_for),
        SITUATION(one_that_is_rejected_for_good_is_replaced),
        SITUATION(without_a_provider_it_waits_for_the_other_side),
        SITUATION(remembered_subnets_are_wanted),
    };

    return cmocka_run_group_tests_name("steps_endpoint", tests, NULL, NULL);
}
