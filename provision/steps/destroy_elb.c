/*
 * Load balancers and target groups, once the service has let go of them.
 */
#include "provision/steps/steps.h"
#include "provision/world/read.h"

static enum step_now owned_now(struct world *world, enum world_owner owner,
                               const char *id, struct step_ask *ask)
{
    ask->id = id;
    if (owner == WORLD_FOREIGN)
        return step_foreign(world, ask, id);
    if (owner == WORLD_OURS)
        return STEP_DONE;
    world->owners_needed = true;
    return step_blocked(ask, "whose it is must be known first");
}

static enum step_now balancer_now(const struct step *step, struct world *world,
                                  struct step_ask *ask)
{
    struct world_balancer *balancer = &world->balancers[step->index];
    enum step_now now;

    if (balancer->spec->arn) {
        balancer->owner = WORLD_REFERENCE;
        ask->did = OUTCOME_ACTION_REFERENCE;
        ask->id = balancer->spec->arn;
        balancer->found = WORLD_NONE;
        return STEP_SKIPPED;
    }
    now = step_find_balancer(world, balancer, ask);
    if (now != STEP_DONE)
        return now;
    if (balancer->found == WORLD_NONE || balancer->deleted)
        return balancer->deleted ? STEP_DONE : STEP_SKIPPED;
    now = owned_now(world, balancer->owner, balancer->arn, ask);
    if (now != STEP_DONE)
        return now;
    if (!step_service_gone(world))
        return step_blocked(ask, "the service goes first");
    query_add(&ask->query, "LoadBalancerArn", balancer->arn);
    return step_attempt(step, ask, ACTION_DELETE_LOAD_BALANCER);
}

static bool balancer_took(struct step *step, struct world *world,
                          const struct aws_call *answer)
{
    struct world_balancer *balancer = &world->balancers[step->index];

    if (step->asked == ACTION_DESCRIBE_LOAD_BALANCERS)
        return step_balancer.took(step, world, answer);
    if (!step_ok(answer) &&
        aws_call_is(answer, "ResourceInUse OperationNotPermitted")) {
        if (world->service.found == WORLD_NONE)
            world->service.found = WORLD_UNKNOWN; /* not listed, and there */
        return step->calls < STEP_SETTLE_LOOKS * 8;
    }
    if (!step_ok(answer) && !aws_call_is(answer, "LoadBalancerNotFound"))
        return false;
    balancer->deleted = true;
    return true;
}

const struct step_kind step_delete_balancer = {
    .name = OUTCOME_LOAD_BALANCER,
    .now = balancer_now,
    .took = balancer_took,
};

static enum step_now target_group_now(const struct step *step,
                                      struct world *world, struct step_ask *ask)
{
    struct world_lane *lane = step_lane(step, world);
    struct world_target_group *group = &lane->group;
    enum step_now now;

    if (lane->wanted->spec->target_group_arn) {
        ask->did = OUTCOME_ACTION_REFERENCE;
        ask->id = lane->wanted->spec->target_group_arn;
        group->found = WORLD_NONE;
        return STEP_SKIPPED;
    }
    now = step_find_target_group(lane, ask);
    if (now != STEP_DONE)
        return now;
    if (group->found == WORLD_NONE || group->deleted)
        return group->deleted ? STEP_DONE : STEP_SKIPPED;
    now = owned_now(world, group->owner, group->arn, ask);
    if (now != STEP_DONE)
        return now;
    if (lane->balancer->found == WORLD_UNKNOWN ||
        (lane->balancer->found == WORLD_FOUND && !lane->balancer->deleted))
        return step_blocked(ask, "the load balancer goes first");
    query_add(&ask->query, "TargetGroupArn", group->arn);
    return step_attempt(step, ask, ACTION_DELETE_TARGET_GROUP);
}

static bool target_group_took(struct step *step, struct world *world,
                              const struct aws_call *answer)
{
    if (step->asked == ACTION_DESCRIBE_TARGET_GROUPS)
        return step_target_group.took(step, world, answer);
    if (!step_ok(answer) && aws_call_is(answer, "ResourceInUse"))
        return step->calls < STEP_SETTLE_LOOKS * 8;
    if (!step_ok(answer) && !aws_call_is(answer, "TargetGroupNotFound"))
        return false;
    step_lane(step, world)->group.deleted = true;
    return true;
}

const struct step_kind step_delete_target_group = {
    .name = OUTCOME_TARGET_GROUP,
    .now = target_group_now,
    .took = target_group_took,
};
