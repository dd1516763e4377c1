/*
 * The answers by which a consumer's side comes to be.
 */
#include "provision/consumer_side.h"

struct world_consumer *app(void)
{
    return &now.world.consumers[0];
}

enum step_now ask(const struct step_kind *kind)
{
    return situation_ask(kind, 0, 0);
}

enum step_now ask_acceptance(void)
{
    return situation_ask(&step_acceptance, STEP_PROVIDER, 0);
}

void have_service(bool made)
{
    struct world_service *service = &now.world.service;

    service->found = WORLD_FOUND;
    service->id = "vpce-svc-0a1b2c3d";
    service->name = SERVICE;
    service->hash = now.world.hash;
    service->made = made;
    service->verified = true;
    service->acceptance = true;
}

void no_endpoint(void)
{
    (void)ask(&step_endpoint);
    situation_assert_call("DescribeVpcEndpoints");
    situation_assert_parameter("Filter.1.Value.1", "orders");
    situation_assert_parameter("Filter.2.Value.1", "vpc-0a1b2c3d");
    assert_true(situation_answer("<vpcEndpointSet/>"));
}

static const char detail[] =
    "<serviceDetailSet><item><owner>111111111111</owner>"
    "<acceptanceRequired>true</acceptanceRequired><availabilityZoneIdSet>"
    "<item>usw2-az1</item><item>usw2-az2</item></availabilityZoneIdSet>"
    "</item></serviceDetailSet>";

const char consumer_subnets[] =
    "<subnetSet>"
    "<item><subnetId>subnet-4</subnetId><cidrBlock>10.1.4.0/24</cidrBlock>"
    "<availabilityZoneId>usw2-az2</availabilityZoneId>"
    "<availableIpAddressCount>9</availableIpAddressCount></item>"
    "<item><subnetId>subnet-1</subnetId><cidrBlock>10.1.1.0/24</cidrBlock>"
    "<availabilityZoneId>usw2-az1</availabilityZoneId>"
    "<availableIpAddressCount>0</availableIpAddressCount></item>"
    "<item><subnetId>subnet-3</subnetId><cidrBlock>10.1.3.0/24</cidrBlock>"
    "<availabilityZoneId>usw2-az1</availabilityZoneId>"
    "<availableIpAddressCount>5</availableIpAddressCount></item>"
    "<item><subnetId>subnet-2</subnetId><cidrBlock>10.1.2.0/24</cidrBlock>"
    "<availabilityZoneId>usw2-az1</availabilityZoneId>"
    "<availableIpAddressCount>7</availableIpAddressCount></item>"
    "<item><subnetId>subnet-9</subnetId><cidrBlock>10.1.9.0/24</cidrBlock>"
    "<availabilityZoneId>usw2-az3</availabilityZoneId>"
    "<availableIpAddressCount>9</availableIpAddressCount></item>"
    "</subnetSet>";

void know_subnets(void)
{
    (void)ask(&step_service_view);
    situation_assert_call("DescribeVpcEndpointServices");
    situation_assert_parameter("ServiceName.1", SERVICE);
    assert_true(situation_answer(detail));
    (void)ask(&step_subnets);
    situation_assert_call("DescribeSubnets");
    assert_true(situation_answer(consumer_subnets));
    assert_int_equal(ask(&step_subnets), STEP_DONE);
}

void make_group(void)
{
    (void)ask(&step_group);
    assert_int_equal(now.now, STEP_CALL);
    if (now.ask.action == ACTION_DESCRIBE_SECURITY_GROUPS) {
        assert_true(situation_answer("<securityGroupInfo/>"));
        (void)ask(&step_group);
    }
    situation_assert_call("CreateSecurityGroup");
    assert_true(situation_answer("<groupId>sg-1</groupId>"));
}
