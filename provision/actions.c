/*
 * The table behind actions.h.
 */
#include "provision/actions.h"

#include <assert.h>
#include <stddef.h>

enum {
    P = ACTION_PROVIDER,
    C = ACTION_CONSUMER,
    A = ACTION_APPLY,
    D = ACTION_DESTROY,
    S = ACTION_SYNC,
    T = ACTION_STATUS,
    N = ACTION_CONNECTIONS,
    W = ACTION_CHANGES,
};

/* clang-format off */
#define ROW(id, service, name, flags) \
    [ACTION_##id] = { name, AWS_##service, flags }

static const struct action_info table[ACTION_COUNT] = {
    ROW(GET_CALLER_IDENTITY, STS, "GetCallerIdentity", P|C|A|D|S|T|N),
    ROW(DESCRIBE_REPLICATION_GROUPS, ELASTICACHE,
        "DescribeReplicationGroups", P|A|S|T),
    ROW(DESCRIBE_CACHE_CLUSTERS, ELASTICACHE, "DescribeCacheClusters", P|A|S|T),
    ROW(DESCRIBE_CACHE_SUBNET_GROUPS, ELASTICACHE,
        "DescribeCacheSubnetGroups", P|A|T),
    ROW(DESCRIBE_SERVERLESS_CACHES, ELASTICACHE,
        "DescribeServerlessCaches", P|A|S|T),
    ROW(DESCRIBE_SUBNETS, EC2, "DescribeSubnets", P|C|A|T),
    ROW(DESCRIBE_SECURITY_GROUPS, EC2, "DescribeSecurityGroups", P|C|A|D|T),
    ROW(AUTHORIZE_SECURITY_GROUP_INGRESS, EC2,
        "AuthorizeSecurityGroupIngress", P|C|A|W),
    ROW(DESCRIBE_SECURITY_GROUP_RULES, EC2,
        "DescribeSecurityGroupRules", P|C|D),
    ROW(REVOKE_SECURITY_GROUP_INGRESS, EC2,
        "RevokeSecurityGroupIngress", P|C|D|W),
    ROW(CREATE_SECURITY_GROUP, EC2, "CreateSecurityGroup", C|A|W),
    ROW(DELETE_SECURITY_GROUP, EC2, "DeleteSecurityGroup", C|D|W),
    ROW(DESCRIBE_LOAD_BALANCERS, ELBV2, "DescribeLoadBalancers", P|A|D|S|T),
    ROW(CREATE_LOAD_BALANCER, ELBV2, "CreateLoadBalancer", P|A|W),
    ROW(DELETE_LOAD_BALANCER, ELBV2, "DeleteLoadBalancer", P|D|W),
    ROW(DESCRIBE_LOAD_BALANCER_ATTRIBUTES, ELBV2,
        "DescribeLoadBalancerAttributes", P|A|T),
    ROW(MODIFY_LOAD_BALANCER_ATTRIBUTES, ELBV2,
        "ModifyLoadBalancerAttributes", P|A|W),
    ROW(DESCRIBE_TARGET_GROUPS, ELBV2, "DescribeTargetGroups", P|A|D|S|T),
    ROW(CREATE_TARGET_GROUP, ELBV2, "CreateTargetGroup", P|A|W),
    ROW(MODIFY_TARGET_GROUP, ELBV2, "ModifyTargetGroup", P|A|W),
    ROW(DELETE_TARGET_GROUP, ELBV2, "DeleteTargetGroup", P|D|W),
    ROW(DESCRIBE_TARGET_GROUP_ATTRIBUTES, ELBV2,
        "DescribeTargetGroupAttributes", P|A|T),
    ROW(MODIFY_TARGET_GROUP_ATTRIBUTES, ELBV2,
        "ModifyTargetGroupAttributes", P|A|W),
    ROW(DESCRIBE_TARGET_HEALTH, ELBV2, "DescribeTargetHealth", P|A|S|T),
    ROW(REGISTER_TARGETS, ELBV2, "RegisterTargets", P|A|S|W),
    ROW(DEREGISTER_TARGETS, ELBV2, "DeregisterTargets", P|A|S|W),
    ROW(DESCRIBE_LISTENERS, ELBV2, "DescribeListeners", P|A|S|T),
    ROW(CREATE_LISTENER, ELBV2, "CreateListener", P|A|W),
    ROW(MODIFY_LISTENER, ELBV2, "ModifyListener", P|A|W),
    ROW(DESCRIBE_TAGS, ELBV2, "DescribeTags", P|A|D|S|T),
    ROW(DESCRIBE_SERVICES, EC2,
        "DescribeVpcEndpointServiceConfigurations", P|A|D|S|T|N),
    ROW(CREATE_SERVICE, EC2, "CreateVpcEndpointServiceConfiguration", P|A|W),
    ROW(MODIFY_SERVICE, EC2, "ModifyVpcEndpointServiceConfiguration", P|A|W),
    ROW(DELETE_SERVICES, EC2, "DeleteVpcEndpointServiceConfigurations", P|D|W),
    ROW(VERIFY_PRIVATE_DNS, EC2,
        "StartVpcEndpointServicePrivateDnsVerification", P|A|W),
    ROW(DESCRIBE_PERMISSIONS, EC2,
        "DescribeVpcEndpointServicePermissions", P|A|T),
    ROW(MODIFY_PERMISSIONS, EC2, "ModifyVpcEndpointServicePermissions", P|A|W),
    ROW(DESCRIBE_CONNECTIONS, EC2, "DescribeVpcEndpointConnections", P|A|D|T|N),
    ROW(ACCEPT_CONNECTIONS, EC2, "AcceptVpcEndpointConnections", P|A|N|W),
    ROW(REJECT_CONNECTIONS, EC2, "RejectVpcEndpointConnections", P|A|D|N|W),
    ROW(LOOK_UP_SERVICE, EC2, "DescribeVpcEndpointServices", C|A|T),
    ROW(DESCRIBE_ENDPOINTS, EC2, "DescribeVpcEndpoints", C|A|D|T),
    ROW(CREATE_ENDPOINT, EC2, "CreateVpcEndpoint", C|A|W),
    ROW(MODIFY_ENDPOINT, EC2, "ModifyVpcEndpoint", C|A|W),
    ROW(DELETE_ENDPOINTS, EC2, "DeleteVpcEndpoints", C|A|D|W),
};
/* clang-format on */

const struct action_info *action_info(enum action action)
{
    assert(action > ACTION_NO_CALL && action < ACTION_COUNT);
    return &table[action];
}

bool action_changes(enum action action)
{
    return (action_info(action)->flags & ACTION_CHANGES) != 0;
}
