/*
 * Load balancers, target groups, targets and listeners as Elastic Load
 * Balancing describes them.
 */
#include "provision/world/read.h"

#include <stdlib.h>
#include <string.h>

void world_read_balancer(struct world *world, struct world_balancer *balancer,
                         const struct xml_node *node)
{
    char account[16];

    world_read(world, &balancer->arn, node, "LoadBalancerArn");
    world_read(world, &balancer->dns_name, node, "DNSName");
    world_read(world, &balancer->state, node, "State/Code");
    world_read(world, &balancer->scheme, node, "Scheme");
    world_read(world, &balancer->type, node, "Type");
    world_read(world, &balancer->vpc, node, "VpcId");
    world_read_list(world, &balancer->subnets, node, "AvailabilityZones/member",
                    "SubnetId");
    world_read_list(world, &balancer->zones, node, "AvailabilityZones/member",
                    "ZoneName");
    balancer->found = WORLD_FOUND;
    balancer->looked = true;
    world_arn_account(balancer->arn, account);
    if (!world->account)
        world_know_account(world, account);
}

void world_read_target_group(struct world *world,
                             struct world_target_group *group,
                             const struct xml_node *node)
{
    world_read(world, &group->arn, node, "TargetGroupArn");
    world_read(world, &group->protocol, node, "Protocol");
    world_read(world, &group->type, node, "TargetType");
    world_read(world, &group->vpc, node, "VpcId");
    world_read(world, &group->check_protocol, node, "HealthCheckProtocol");
    world_read_list(world, &group->balancers, node, "LoadBalancerArns/member",
                    NULL);
    group->port = (unsigned)world_read_number(node, "Port", 0);
    group->check_interval_s =
        (unsigned)world_read_number(node, "HealthCheckIntervalSeconds", 0);
    group->healthy =
        (unsigned)world_read_number(node, "HealthyThresholdCount", 0);
    group->unhealthy =
        (unsigned)world_read_number(node, "UnhealthyThresholdCount", 0);
    group->found = WORLD_FOUND;
}

void world_read_listener(struct world *world, struct world_lane *lane,
                         const struct xml_node *node)
{
    world_read(world, &lane->listener_arn, node, "ListenerArn");
    world_read(world, &lane->protocol, node, "Protocol");
    lane->port = (unsigned)world_read_number(node, "Port", 0);
    world_read(world, &lane->target_group_arn, node,
               "DefaultActions/member/TargetGroupArn");
    if (!lane->target_group_arn)
        world_read(world, &lane->target_group_arn, node,
                   "DefaultActions/member/ForwardConfig/TargetGroups/member/"
                   "TargetGroupArn");
    lane->listener_found = WORLD_FOUND;
}

static void read_target(struct world *world, struct world_target *target,
                        const struct xml_node *node)
{
    world_read(world, &target->address, node, "Target/Id");
    target->port = (unsigned)world_read_number(node, "Target/Port", 0);
    world_read(world, &target->zone, node, "Target/AvailabilityZone");
    world_read(world, &target->health, node, "TargetHealth/State");
    world_read(world, &target->reason, node, "TargetHealth/Reason");
    world_read(world, &target->description, node, "TargetHealth/Description");
    if (!target->address)
        target->address = "";
}

static const char health_path[] = "TargetHealthDescriptions/member";

static size_t count(const struct aws_call *answer, const char *path)
{
    size_t n = 0;

    for (const struct xml_node *at = aws_call_first(answer, path); at;
         at = aws_call_next(answer, at, path))
        n++;
    return n;
}

void world_read_targets(struct world *world, struct world_target_group *group,
                        const struct aws_call *answer)
{
    size_t n = count(answer, health_path), i = 0;

    /* the same array while it is large enough: this is asked again and again */
    if (n > group->nread || group->read != group->targets)
        group->targets = world_alloc(world, n * sizeof(*group->targets));
    if (!group->targets)
        n = 0;
    for (const struct xml_node *at = aws_call_first(answer, health_path);
         at && i < n; at = aws_call_next(answer, at, health_path))
        read_target(world, &group->targets[i++], at);
    group->ntargets = group->nread = n;
    group->read = group->targets;
    group->targets_found = WORLD_FOUND;
}

const char *world_read_attribute(const struct aws_call *answer, const char *key)
{
    static const char path[] = "Attributes/member";

    for (const struct xml_node *at = aws_call_first(answer, path); at;
         at = aws_call_next(answer, at, path)) {
        const char *name = xml_text(at, "Key");

        if (name && strcmp(name, key) == 0)
            return xml_text(at, "Value");
    }
    return NULL;
}
