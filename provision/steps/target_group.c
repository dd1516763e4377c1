/*
 * Target groups: of type ip, TCP, a TCP health check every 30 seconds with
 * thresholds of 3, PROXY protocol off (Redis would not understand it).
 *
 * Addresses are registered with their port, so the port of the group itself
 * does not matter once it is made.
 */
#include <stdio.h>
#include <string.h>

#include "provision/steps/steps.h"
#include "provision/world/read.h"

enum {
    CHECK_INTERVAL_S = 30,
    CHECK_THRESHOLD = 3,
};

#define PROXY_PROTOCOL "proxy_protocol_v2.enabled"

enum step_now step_find_target_group(const struct world_lane *lane,
                                     struct step_ask *ask)
{
    const char *arn = lane->wanted->spec->target_group_arn;

    if (lane->group.found != WORLD_UNKNOWN)
        return STEP_DONE;
    if (arn)
        query_add(&ask->query, "TargetGroupArns.member.1", arn);
    else
        query_add(&ask->query, "Names.member.1", lane->group.name);
    return step_call(ask, ACTION_DESCRIBE_TARGET_GROUPS, OUTCOME_ACTION_NONE);
}

static void add_check(struct query *query)
{
    query_add(query, "HealthCheckProtocol", "TCP");
    query_add_number(query, "HealthCheckIntervalSeconds", CHECK_INTERVAL_S);
    query_add_number(query, "HealthyThresholdCount", CHECK_THRESHOLD);
    query_add_number(query, "UnhealthyThresholdCount", CHECK_THRESHOLD);
}

static enum step_now create(struct world *world, const struct world_lane *lane,
                            struct step_ask *ask)
{
    const struct world_listener *wanted = lane->wanted;
    const char *vpc =
        lane->balancer->vpc ? lane->balancer->vpc : wanted->cache->vpc;

    if (!world->hash[0])
        return step_blocked(ask, "the account is not known yet");
    for (size_t i = 0; !vpc && i < world->nprovider_subnets; i++)
        vpc = world->provider_subnets[i].vpc; /* serverless tells none */
    if (!vpc)
        return step_blocked(ask, "the VPC is not known");
    if (!wanted->target_port)
        return step_blocked(ask, "the cache's port is not known");
    query_add(&ask->query, "Name", lane->group.name);
    query_add(&ask->query, "Protocol", "TCP");
    query_add_number(&ask->query, "Port", (long)wanted->target_port);
    query_add(&ask->query, "VpcId", vpc);
    query_add(&ask->query, "TargetType", "ip");
    add_check(&ask->query);
    step_tag_elb(world, &ask->query, &world->spec->provider.tags);
    return step_call(ask, ACTION_CREATE_TARGET_GROUP, OUTCOME_ACTION_CREATE);
}

/* Read differently than wanted; made by an older AWS, a field may be absent. */
static bool check_differs(const struct world_target_group *group)
{
    return (group->check_protocol && !world_is(group->check_protocol, "TCP")) ||
           (group->check_interval_s &&
            group->check_interval_s != CHECK_INTERVAL_S) ||
           (group->healthy && group->healthy != CHECK_THRESHOLD) ||
           (group->unhealthy && group->unhealthy != CHECK_THRESHOLD);
}

static enum step_now set_check(struct world *world, struct world_lane *lane,
                               struct step_ask *ask)
{
    const struct world_target_group *group = &lane->group;
    enum step_now now;

    world_note_drift(
        world, OUTCOME_TARGET_GROUP, NULL, "health_check",
        step_one(world, "TCP every 30 s, thresholds 3 and 3"),
        step_one(world, world_format(
                            world, "%s every %u s, thresholds %u and %u",
                            group->check_protocol ? group->check_protocol : "?",
                            group->check_interval_s, group->healthy,
                            group->unhealthy)));
    if (!step_may_change(world, group->owner, "target group", group->name, ask,
                         &now))
        return now;
    query_add(&ask->query, "TargetGroupArn", group->arn);
    add_check(&ask->query);
    return step_call(ask, ACTION_MODIFY_TARGET_GROUP, OUTCOME_ACTION_UPDATE);
}

static void know_owner(struct world_lane *lane)
{
    struct world_target_group *group = &lane->group;

    if (lane->wanted->spec->target_group_arn)
        group->owner = WORLD_REFERENCE;
    else if (group->owner == WORLD_OWNER_UNKNOWN &&
             lane->balancer->found == WORLD_FOUND &&
             world_has(&group->balancers, lane->balancer->arn) &&
             lane->balancer->owner != WORLD_FOREIGN &&
             lane->balancer->owner != WORLD_OWNER_UNKNOWN &&
             !lane->balancer->made)
        group->owner = WORLD_OURS_BY_USE;
}

static enum step_now group_now(const struct step *step, struct world *world,
                               struct step_ask *ask)
{
    struct world_lane *lane = step_lane(step, world);
    struct world_target_group *group = &lane->group;
    enum step_now now = STEP_DONE;

    if (group->found == WORLD_UNKNOWN)
        return step_find_target_group(lane, ask);
    if (group->found == WORLD_NONE && lane->wanted->spec->target_group_arn)
        return step_refused(ask, "there is no such target group");
    if (group->found == WORLD_NONE)
        return world->only_look ? STEP_SKIPPED : create(world, lane, ask);
    know_owner(lane);
    ask->id = group->arn;
    if (group->owner == WORLD_FOREIGN) {
        (void)step_may_change(world, group->owner, "target group", group->name,
                              ask, &now);
        return now;
    }
    if ((group->type && !world_is(group->type, "ip")) ||
        (group->protocol && !world_is(group->protocol, "TCP")))
        return step_refused(ask, "it is not of type ip and protocol TCP");
    if (group->owner == WORLD_REFERENCE) {
        ask->did = OUTCOME_ACTION_REFERENCE;
        return STEP_DONE;
    }
    return check_differs(group) && !world->only_look
               ? set_check(world, lane, ask)
               : STEP_DONE;
}

static void take_check(struct world_target_group *group)
{
    group->check_protocol = "TCP";
    group->check_interval_s = CHECK_INTERVAL_S;
    group->healthy = group->unhealthy = CHECK_THRESHOLD;
}

static void take_created(struct world_target_group *group)
{
    group->made = true;
    group->owner = WORLD_OURS;
    group->found = WORLD_FOUND;
    group->proxy_protocol = WORLD_FALSE; /* as it is when new */
    group->targets_found = WORLD_NONE;
    if (!group->arn)
        group->arn = WORLD_LATER;
    take_check(group);
}

static bool group_took(struct step *step, struct world *world,
                       const struct aws_call *answer)
{
    struct world_target_group *group = &step_lane(step, world)->group;
    const struct xml_node *node;

    if (!step_ok(answer)) {
        if (step->asked != ACTION_DESCRIBE_TARGET_GROUPS ||
            !aws_call_is(answer, "TargetGroupNotFound"))
            return false;
        group->found = WORLD_NONE;
        return true;
    }
    if (step->asked == ACTION_MODIFY_TARGET_GROUP) {
        take_check(group);
        return true;
    }
    node = answer ? xml_find(aws_call_result(answer), "TargetGroups/member")
                  : NULL;
    if (node)
        world_read_target_group(world, group, node);
    else if (answer)
        group->found = WORLD_NONE;
    if (step->asked == ACTION_CREATE_TARGET_GROUP)
        take_created(group);
    return true;
}

const struct step_kind step_target_group = {
    .name = OUTCOME_TARGET_GROUP,
    .now = group_now,
    .took = group_took,
};

/* ---- attributes */

static enum step_now attributes_now(const struct step *step,
                                    struct world *world, struct step_ask *ask)
{
    struct world_lane *lane = step_lane(step, world);
    struct world_target_group *group = &lane->group;
    enum step_now now;

    if (group->found != WORLD_FOUND)
        return step_blocked(ask, "there is no target group");
    if (group->proxy_protocol == WORLD_TRUTH_UNKNOWN) {
        query_add(&ask->query, "TargetGroupArn", group->arn);
        return step_call(ask, ACTION_DESCRIBE_TARGET_GROUP_ATTRIBUTES,
                         OUTCOME_ACTION_NONE);
    }
    if (group->proxy_protocol == WORLD_FALSE)
        return STEP_DONE;
    world_note_drift(world, OUTCOME_TARGET_GROUP, NULL, "proxy_protocol",
                     step_one(world, "false"), step_one(world, "true"));
    if (!step_may_change(world, group->owner, "target group", group->name, ask,
                         &now))
        return now;
    query_add(&ask->query, "TargetGroupArn", group->arn);
    query_add(&ask->query, "Attributes.member.1.Key", PROXY_PROTOCOL);
    query_add(&ask->query, "Attributes.member.1.Value", "false");
    return step_call(ask, ACTION_MODIFY_TARGET_GROUP_ATTRIBUTES,
                     OUTCOME_ACTION_UPDATE);
}

static bool attributes_took(struct step *step, struct world *world,
                            const struct aws_call *answer)
{
    struct world_target_group *group = &step_lane(step, world)->group;

    if (!step_ok(answer)) {
        if (!aws_call_is(answer, "TargetGroupNotFound") || group->made)
            return false;
        group->found = WORLD_NONE;
        return true;
    }
    group->proxy_protocol =
        answer && step->asked == ACTION_DESCRIBE_TARGET_GROUP_ATTRIBUTES &&
                world_is(world_read_attribute(answer, PROXY_PROTOCOL), "true")
            ? WORLD_TRUE
            : WORLD_FALSE;
    return true;
}

const struct step_kind step_target_attributes = {
    .name = OUTCOME_TARGET_GROUP,
    .now = attributes_now,
    .took = attributes_took,
};
