/*
 * Listeners: TCP on the file's port, forwarding to the lane's target group.
 * All of a load balancer are read by one call.
 */
#include <string.h>

#include "provision/steps/steps.h"
#include "provision/world/read.h"

static struct world_balancer *balancer_of(const struct step *step,
                                          struct world *world)
{
    return &world->balancers[step->index];
}

static void forget(struct world *world, const struct world_balancer *balancer,
                   enum world_found found)
{
    for (size_t i = 0; i < world->nlanes; i++) {
        struct world_lane *lane = &world->lanes[i];

        if (lane->balancer == balancer && !lane->listener_made)
            lane->listener_found = found;
    }
}

static bool is_unknown(const struct world *world,
                       const struct world_balancer *balancer)
{
    for (size_t i = 0; i < world->nlanes; i++) {
        const struct world_lane *lane = &world->lanes[i];

        if (lane->balancer == balancer && lane->listener_found == WORLD_UNKNOWN)
            return true;
    }
    return false;
}

static enum step_now listeners_now(const struct step *step, struct world *world,
                                   struct step_ask *ask)
{
    struct world_balancer *balancer = balancer_of(step, world);

    if (balancer->found != WORLD_FOUND)
        return step_blocked(ask, "there is no load balancer");
    if (!is_unknown(world, balancer))
        return STEP_DONE;
    if (balancer->made) {
        forget(world, balancer, WORLD_NONE);
        return STEP_DONE;
    }
    query_add(&ask->query, "LoadBalancerArn", balancer->arn);
    ask->pages = true;
    return step_call(ask, ACTION_DESCRIBE_LISTENERS, OUTCOME_ACTION_NONE);
}

static void read_listener(struct world *world,
                          const struct world_balancer *balancer,
                          const struct xml_node *node)
{
    unsigned port = (unsigned)world_read_number(node, "Port", 0);

    for (size_t i = 0; i < world->nlanes; i++) {
        struct world_lane *lane = &world->lanes[i];

        if (lane->balancer == balancer && lane->wanted->spec->port == port)
            world_read_listener(world, lane, node);
    }
}

static bool listeners_took(struct step *step, struct world *world,
                           const struct aws_call *answer)
{
    static const char path[] = "Listeners/member";
    struct world_balancer *balancer = balancer_of(step, world);

    if (!step_ok(answer)) {
        if (!aws_call_is(answer, "LoadBalancerNotFound"))
            return false;
        step_doubt_balancer(balancer);
        return true;
    }
    forget(world, balancer, WORLD_NONE);
    for (const struct xml_node *at = aws_call_first(answer, path); at;
         at = aws_call_next(answer, at, path))
        read_listener(world, balancer, at);
    return true;
}

const struct step_kind step_listeners = {
    .name = OUTCOME_LISTENER,
    .now = listeners_now,
    .took = listeners_took,
};

/* ---- one lane's */

static void add_action(struct query *query, const struct world_lane *lane)
{
    query_add(query, "Protocol", "TCP");
    query_add_number(query, "Port", (long)lane->wanted->spec->port);
    query_add(query, "DefaultActions.member.1.Type", "forward");
    query_add(query, "DefaultActions.member.1.TargetGroupArn", lane->group.arn);
}

static enum step_now create(struct world *world, struct world_lane *lane,
                            struct step_ask *ask)
{
    enum step_now now;

    if (!step_may_change(world, lane->balancer->owner, "load balancer",
                         lane->balancer->name, ask, &now))
        return now;
    query_add(&ask->query, "LoadBalancerArn", lane->balancer->arn);
    add_action(&ask->query, lane);
    step_tag_elb(world, &ask->query, &world->spec->provider.tags);
    return step_call(ask, ACTION_CREATE_LISTENER, OUTCOME_ACTION_CREATE);
}

static enum step_now mend(struct world *world, struct world_lane *lane,
                          struct step_ask *ask)
{
    enum step_now now;

    world_note_drift(
        world, OUTCOME_LISTENER, NULL, "forward",
        step_one(world, world_format(world, "TCP to %s", lane->group.arn)),
        step_one(world,
                 world_format(world, "%s to %s",
                              lane->protocol ? lane->protocol : "?",
                              lane->target_group_arn ? lane->target_group_arn
                                                     : "nothing")));
    if (!step_may_change(world, lane->balancer->owner, "load balancer",
                         lane->balancer->name, ask, &now))
        return now;
    query_add(&ask->query, "ListenerArn", lane->listener_arn);
    add_action(&ask->query, lane);
    return step_call(ask, ACTION_MODIFY_LISTENER, OUTCOME_ACTION_UPDATE);
}

static enum step_now listener_now(const struct step *step, struct world *world,
                                  struct step_ask *ask)
{
    struct world_lane *lane = step_lane(step, world);

    if (lane->balancer->found != WORLD_FOUND)
        return step_blocked(ask, "there is no load balancer");
    if (lane->group.found != WORLD_FOUND)
        return step_blocked(ask, "there is no target group");
    if (lane->listener_found == WORLD_UNKNOWN)
        return step_blocked(ask, "the listeners are not known");
    if (lane->listener_found == WORLD_NONE)
        return create(world, lane, ask);
    ask->id = lane->listener_arn;
    if (lane->balancer->owner == WORLD_REFERENCE)
        ask->did = OUTCOME_ACTION_REFERENCE;
    if (!world_is(lane->protocol, "TCP") || !lane->target_group_arn ||
        strcmp(lane->target_group_arn, lane->group.arn) != 0)
        return mend(world, lane, ask);
    return STEP_DONE;
}

static void take_made(struct world_lane *lane, bool created)
{
    lane->listener_found = WORLD_FOUND;
    lane->listener_made |= created;
    if (!lane->listener_arn)
        lane->listener_arn = WORLD_LATER;
    lane->protocol = "TCP";
    lane->port = lane->wanted->spec->port;
    lane->target_group_arn = lane->group.arn;
}

static bool listener_took(struct step *step, struct world *world,
                          const struct aws_call *answer)
{
    struct world_lane *lane = step_lane(step, world);
    const struct xml_node *node;

    if (!step_ok(answer)) {
        if (!aws_call_is(answer, "DuplicateListener") || step->calls > 3)
            return false;
        lane->balancer->made = false; /* so it is looked at */
        lane->listener_found = WORLD_UNKNOWN;
        return true;
    }
    node =
        answer ? xml_find(aws_call_result(answer), "Listeners/member") : NULL;
    if (node)
        world_read_listener(world, lane, node);
    take_made(lane, step->asked == ACTION_CREATE_LISTENER);
    return true;
}

const struct step_kind step_listener = {
    .name = OUTCOME_LISTENER,
    .now = listener_now,
    .took = listener_took,
};
