/*
 * The provider's stack: load balancers, target groups, listeners, the service
 * and who may connect to it.
 */
#include <string.h>

#include "provision/export/cloudformation.h"

#define ELB "AWS::ElasticLoadBalancingV2::"

static bool knows_vpc(const struct cfn *c)
{
    const struct spec_cache *cache = &c->e.spec->provider.listeners[0].cache;

    return export_is_host(&c->e) && export_is_id(cache->vpc) &&
           export_are_ids(&cache->subnets);
}

static bool makes_balancers(const struct cfn *c)
{
    for (size_t i = 0; i < c->e.world.nbalancers; i++) {
        if (!c->e.world.balancers[i].spec->arn)
            return true;
    }
    return false;
}

static bool makes_target_groups(const struct cfn *c)
{
    for (size_t i = 0; i < c->e.world.nlisteners; i++) {
        if (!c->e.world.listeners[i].spec->target_group_arn)
            return true;
    }
    return false;
}

void cfn_provider_parameters(struct cfn *c)
{
    if (!knows_vpc(c)) {
        if (makes_target_groups(c))
            cfn_parameter(c, "CacheVpc", CFN_VPC, "The VPC of the cache");
        if (makes_balancers(c))
            cfn_parameter(
                c, "CacheSubnets", CFN_SUBNETS,
                "Subnets for the load balancer, in the cache's zones");
    }
    if (export_adds_cache_rule(&c->e)) {
        cfn_parameter(c, "CacheSecurityGroup", CFN_GROUP,
                      "The security group of the cache");
        cfn_parameter(c, "BalancerRange", CFN_RANGE,
                      "A range that holds the load balancer's subnets");
    }
}

static void name_of(const struct cfn *c, const struct world_balancer *balancer,
                    char name[CFN_NAME_SIZE])
{
    (void)snprintf(name, CFN_NAME_SIZE, "Balancer%zu",
                   (size_t)(balancer - c->e.world.balancers) + 1);
}

static void put_balancer_arn(struct cfn *c,
                             const struct world_balancer *balancer)
{
    char name[CFN_NAME_SIZE];

    name_of(c, balancer, name);
    if (balancer->spec->arn)
        json_string(c->json, balancer->spec->arn);
    else
        cfn_ref(c, name);
}

static void put_attribute(struct cfn *c, const char *key, const char *value)
{
    json_object(c->json);
    json_member_string(c->json, "Key", key);
    json_member_string(c->json, "Value", value);
    json_object_end(c->json);
}

static void put_balancer(struct cfn *c, const struct world_balancer *balancer)
{
    const struct spec_cache *cache = &c->e.spec->provider.listeners[0].cache;
    char name[CFN_NAME_SIZE];

    if (balancer->spec->arn)
        return;
    name_of(c, balancer, name);
    cfn_begin(c, name, ELB "LoadBalancer");
    json_member_string(c->json, "Type", "network");
    json_member_string(c->json, "Scheme", "internal");
    json_member_string(c->json, "Name", balancer->name);
    if (knows_vpc(c))
        cfn_texts(c, "Subnets", &cache->subnets);
    else
        cfn_member_ref(c, "Subnets", "CacheSubnets");
    json_key(c->json, "LoadBalancerAttributes");
    json_array(c->json);
    put_attribute(c, "load_balancing.cross_zone.enabled",
                  balancer->spec->cross_zone ? "true" : "false");
    json_array_end(c->json);
    cfn_tags(c, &c->e.spec->provider.tags);
    cfn_end(c);
}

static void lane_name(const struct cfn *c, const char *what,
                      const struct world_lane *lane, char name[CFN_NAME_SIZE])
{
    (void)snprintf(name, CFN_NAME_SIZE, "%s%zuPort%u", what,
                   (size_t)(lane->balancer - c->e.world.balancers) + 1,
                   lane->wanted->spec->port);
}

static void put_target_group(struct cfn *c, const struct world_lane *lane)
{
    char name[CFN_NAME_SIZE];

    if (lane->wanted->spec->target_group_arn)
        return;
    lane_name(c, "TargetGroup", lane, name);
    cfn_begin(c, name, ELB "TargetGroup");
    json_member_string(c->json, "Name", lane->group.name);
    json_member_string(c->json, "Protocol", "TCP");
    json_member_unsigned(c->json, "Port",
                         export_target_port(lane->wanted->spec));
    json_member_string(c->json, "TargetType", "ip");
    if (knows_vpc(c))
        json_member_string(c->json, "VpcId", lane->wanted->spec->cache.vpc);
    else
        cfn_member_ref(c, "VpcId", "CacheVpc");
    json_member_string(c->json, "HealthCheckProtocol", "TCP");
    json_member_unsigned(c->json, "HealthCheckIntervalSeconds", 30);
    json_member_unsigned(c->json, "HealthyThresholdCount", 3);
    json_member_unsigned(c->json, "UnhealthyThresholdCount", 3);
    json_key(c->json, "TargetGroupAttributes");
    json_array(c->json);
    put_attribute(c, "proxy_protocol_v2.enabled", "false");
    json_array_end(c->json);
    cfn_tags(c, &c->e.spec->provider.tags);
    cfn_end(c);
}

static void put_listener(struct cfn *c, const struct world_lane *lane)
{
    char name[CFN_NAME_SIZE];

    lane_name(c, "Listener", lane, name);
    cfn_begin(c, name, ELB "Listener");
    json_key(c->json, "LoadBalancerArn");
    put_balancer_arn(c, lane->balancer);
    json_member_unsigned(c->json, "Port", lane->wanted->spec->port);
    json_member_string(c->json, "Protocol", "TCP");
    json_key(c->json, "DefaultActions");
    json_array(c->json);
    json_object(c->json);
    json_member_string(c->json, "Type", "forward");
    lane_name(c, "TargetGroup", lane, name);
    if (lane->wanted->spec->target_group_arn)
        json_member_string(c->json, "TargetGroupArn",
                           lane->wanted->spec->target_group_arn);
    else
        cfn_member_ref(c, "TargetGroupArn", name);
    json_object_end(c->json);
    json_array_end(c->json);
    cfn_end(c);
}

static void put_cache_rules(struct cfn *c)
{
    const struct spec_provider *provider = &c->e.spec->provider;
    char name[CFN_NAME_SIZE];

    for (size_t i = 0; i < provider->nlisteners; i++) {
        unsigned port = export_target_port(&provider->listeners[i]);
        bool again = false;

        for (size_t k = 0; k < i; k++)
            again =
                again || export_target_port(&provider->listeners[k]) == port;
        if (again)
            continue;
        (void)snprintf(name, sizeof(name), "CacheRulePort%u", port);
        cfn_begin(c, name, "AWS::EC2::SecurityGroupIngress");
        cfn_member_ref(c, "GroupId", "CacheSecurityGroup");
        json_member_string(c->json, "Description", "the load balancer's nodes");
        json_member_string(c->json, "IpProtocol", "tcp");
        json_member_unsigned(c->json, "FromPort", port);
        json_member_unsigned(c->json, "ToPort", port);
        cfn_member_ref(c, "CidrIp", "BalancerRange");
        cfn_end(c);
    }
}

static void put_service(struct cfn *c)
{
    cfn_begin(c, "Service", "AWS::EC2::VPCEndpointService");
    json_key(c->json, "NetworkLoadBalancerArns");
    json_array(c->json);
    for (size_t i = 0; i < c->e.world.nbalancers; i++)
        put_balancer_arn(c, &c->e.world.balancers[i]);
    json_array_end(c->json);
    json_member_bool(c->json, "AcceptanceRequired",
                     c->e.spec->provider.service.acceptance_required);
    cfn_tags(c, &c->e.spec->provider.tags);
    cfn_end(c);
    if (c->e.world.principals.n == 0)
        return;
    cfn_begin(c, "Permissions", "AWS::EC2::VPCEndpointServicePermissions");
    cfn_member_ref(c, "ServiceId", "Service");
    cfn_texts(c, "AllowedPrincipals", &c->e.world.principals);
    cfn_end(c);
}

void cfn_provider_resources(struct cfn *c)
{
    (void)snprintf(c->condition, sizeof(c->condition), "IsProvider");
    for (size_t i = 0; i < c->e.world.nbalancers; i++)
        put_balancer(c, &c->e.world.balancers[i]);
    for (size_t i = 0; i < c->e.world.nlanes; i++) {
        put_target_group(c, &c->e.world.lanes[i]);
        put_listener(c, &c->e.world.lanes[i]);
    }
    if (export_adds_cache_rule(&c->e))
        put_cache_rules(c);
    put_service(c);
}

void cfn_provider_outputs(struct cfn *c)
{
    (void)snprintf(c->condition, sizeof(c->condition), "IsProvider");
    cfn_output_begin(c, "ServiceId", "The endpoint service");
    cfn_ref(c, "Service");
    json_object_end(c->json);
    cfn_output_begin(c, "ServiceName",
                     "The parameter ServiceName of the consumers' stacks");
    json_object(c->json);
    json_member_string(c->json, "Fn::Sub",
                       "com.amazonaws.vpce.${AWS::Region}.${Service}");
    json_object_end(c->json);
    json_object_end(c->json);
}
