/*
 * Targets: the addresses that the cache's name has now.
 *
 * What is missing is registered at once; what is stale leaves only when one
 * that is wanted is healthy, so that the group is never empty.  A target is
 * waited for until AWS has judged it: `unhealthy` a few times in a row is an
 * answer, not a reason to wait on.
 */
#include <string.h>

#include "provision/steps/steps.h"
#include "provision/world/read.h"

enum {
    HEALTH_PAUSE_MS = 1000,
    UNHEALTHY_LOOKS = 5,
};

static struct spec_texts missing(struct world *world,
                                 const struct world_lane *lane)
{
    const struct spec_texts *wanted = &lane->wanted->addresses;
    struct spec_texts lacking = { 0 };

    for (size_t i = 0; i < wanted->n; i++) {
        if (!step_target(lane, wanted->texts[i]))
            world_add(world, &lacking, wanted->texts[i]);
    }
    return lacking;
}

static bool is_stale(const struct world_lane *lane,
                     const struct world_target *target)
{
    return !world_is(target->health, "draining") &&
           !(target->port == lane->wanted->target_port &&
             world_has(&lane->wanted->addresses, target->address));
}

static size_t count_stale(const struct world_lane *lane)
{
    size_t n = 0;

    for (size_t i = 0; i < lane->group.ntargets; i++)
        n += is_stale(lane, &lane->group.targets[i]);
    return n;
}

static struct spec_texts addresses_of(struct world *world,
                                      const struct world_target_group *group)
{
    struct spec_texts have = { 0 };

    for (size_t i = 0; i < group->ntargets; i++)
        world_add(world, &have, group->targets[i].address);
    return have;
}

static enum step_now look(const struct world_lane *lane, struct step_ask *ask)
{
    query_add(&ask->query, "TargetGroupArn", lane->group.arn);
    return step_call(ask, ACTION_DESCRIBE_TARGET_HEALTH, OUTCOME_ACTION_NONE);
}

/* Addresses outside of the VPC's own need "all" as their zone; those of a
 * cache never are, those of a plain host may be. */
static enum step_now add(struct world *world, const struct world_lane *lane,
                         const struct spec_texts *lacking, struct step_ask *ask)
{
    (void)world;
    query_add(&ask->query, "TargetGroupArn", lane->group.arn);
    for (size_t i = 0; i < lacking->n; i++) {
        query_add_at(&ask->query, lacking->texts[i], "Targets.member.%zu.Id",
                     i + 1);
        query_add_at(&ask->query,
                     world_format(world, "%u", lane->wanted->target_port),
                     "Targets.member.%zu.Port", i + 1);
    }
    return step_call(ask, ACTION_REGISTER_TARGETS,
                     lane->group.made ? OUTCOME_ACTION_CREATE
                                      : OUTCOME_ACTION_UPDATE);
}

static enum step_now drop(struct world *world, const struct world_lane *lane,
                          struct step_ask *ask)
{
    size_t n = 0;

    query_add(&ask->query, "TargetGroupArn", lane->group.arn);
    for (size_t i = 0; i < lane->group.ntargets; i++) {
        const struct world_target *target = &lane->group.targets[i];

        if (!is_stale(lane, target))
            continue;
        n++;
        query_add_at(&ask->query, target->address, "Targets.member.%zu.Id", n);
        query_add_at(&ask->query, world_format(world, "%u", target->port),
                     "Targets.member.%zu.Port", n);
    }
    return step_call(ask, ACTION_DEREGISTER_TARGETS, OUTCOME_ACTION_UPDATE);
}

static const struct world_target *unhealthy(const struct world_lane *lane)
{
    for (size_t i = 0; i < lane->wanted->addresses.n; i++) {
        const struct world_target *target =
            step_target(lane, lane->wanted->addresses.texts[i]);

        if (target && !world_is(target->health, "healthy"))
            return target;
    }
    return NULL;
}

static const char *describe(struct world *world,
                            const struct world_target *target)
{
    return world_format(world, "%s:%u is %s%s%s", target->address, target->port,
                        target->health ? target->health : "not known",
                        target->reason ? ": " : "",
                        target->reason ? target->reason : "");
}

/* A plan pretends that what it registers is healthy. */
static bool is_pretended(const struct world *world,
                         const struct world_lane *lane)
{
    const struct spec_texts *wanted = &lane->wanted->addresses;

    for (size_t i = 0; world->planning && i < wanted->n; i++) {
        size_t k = 0;

        while (k < lane->group.nread &&
               strcmp(lane->group.read[k].address, wanted->texts[i]) != 0)
            k++;
        if (k == lane->group.nread)
            return true;
    }
    return false;
}

/* All are registered: wait until AWS has judged them. */
static enum step_now judge(struct world *world, const struct step *step,
                           struct world_lane *lane, struct step_ask *ask)
{
    const struct world_target *target = unhealthy(lane);

    if (!target) {
        ask->reason = world_format(
            world, "%s%s", step_join(world, &lane->wanted->addresses),
            is_pretended(world, lane) ? "" : ": healthy");
        return STEP_DONE;
    }
    ask->reason = describe(world, target);
    if (world_is(target->health, "unhealthy") &&
        (step->polls >= UNHEALTHY_LOOKS || world->planning ||
         step_has_healthy(lane)))
        return STEP_DONE;
    if (lane->listener_found != WORLD_FOUND)
        return step_blocked(ask, "nothing is checked without a listener");
    (void)look(lane, ask);
    return step_wait(ask, ACTION_DESCRIBE_TARGET_HEALTH, HEALTH_PAUSE_MS);
}

/*
 * Waiting may have taken minutes, and another run may know more: nothing leaves
 * by an old answer of DNS, nor by an old list of who would stay.
 */
static bool confirm(const struct world *world, struct world_lane *lane)
{
    if (lane->wanted->confirmed || world->planning)
        return true;
    lane->wanted->confirmed = true;
    lane->wanted->resolved = WORLD_UNKNOWN;
    lane->group.targets_found = WORLD_UNKNOWN;
    return false;
}

/* Once more, when the name and the list have been asked again. */
static enum step_now drop_surely(struct world *world, struct world_lane *lane,
                                 struct step_ask *ask)
{
    if (confirm(world, lane))
        return drop(world, lane, ask);
    return look(lane, ask);
}

static enum step_now reconcile(struct world *world, const struct step *step,
                               struct world_lane *lane, struct step_ask *ask)
{
    struct spec_texts lacking = missing(world, lane);
    bool stale = count_stale(lane) > 0;
    enum step_now now;

    if ((lacking.n || stale) && !lane->group.made)
        world_note_drift(world, OUTCOME_TARGETS, NULL, "addresses",
                         lane->wanted->addresses,
                         addresses_of(world, &lane->group));
    if (!lacking.n && !stale)
        return judge(world, step, lane, ask);
    if (!(world->only_look && lane->group.owner == WORLD_REFERENCE) &&
        !step_may_change(world, lane->group.owner, "target group",
                         lane->group.name, ask, &now))
        return now;
    if (lacking.n)
        return add(world, lane, &lacking, ask);
    if (step_has_healthy(lane) || world->planning)
        return drop_surely(world, lane, ask);
    return judge(world, step, lane, ask);
}

static enum step_now targets_now(const struct step *step, struct world *world,
                                 struct step_ask *ask)
{
    struct world_lane *lane = step_lane(step, world);
    struct world_target_group *group = &lane->group;

    if (group->found != WORLD_FOUND)
        return step_blocked(ask, "there is no target group");
    if (group->targets_found == WORLD_UNKNOWN)
        return look(lane, ask);
    if (lane->wanted->resolved != WORLD_FOUND)
        return step_blocked(ask, "the cache's addresses are not known");
    ask->id = group->arn;
    return reconcile(world, step, lane, ask);
}

/* What was registered, until AWS is asked. */
static void take_added(struct world *world, struct world_lane *lane)
{
    struct spec_texts lacking = missing(world, lane);
    struct world_target_group *group = &lane->group;
    struct world_target *targets;

    lane->wanted->confirmed = false;
    targets =
        world_alloc(world, (group->ntargets + lacking.n) * sizeof(*targets));
    if (!targets)
        return;
    if (group->ntargets)
        memcpy(targets, group->targets, group->ntargets * sizeof(*targets));
    for (size_t i = 0; i < lacking.n; i++)
        targets[group->ntargets++] = (struct world_target){
            .address = lacking.texts[i],
            .port = lane->wanted->target_port,
            .health = world->planning ? "healthy" : "initial",
        };
    group->targets = targets;
    group->targets_found = WORLD_FOUND;
}

static void take_dropped(struct world *world, struct world_lane *lane)
{
    struct world_target_group *group = &lane->group;
    struct world_target *targets =
        world_alloc(world, group->ntargets * sizeof(*targets));
    size_t n = 0;

    for (size_t i = 0; targets && i < group->ntargets; i++) {
        if (!is_stale(lane, &group->targets[i]))
            targets[n++] = group->targets[i];
    }
    group->targets = targets;
    group->ntargets = n;
    /* another run may have dropped what stays here: seen, it is mended */
    if (!world->planning)
        group->targets_found = WORLD_UNKNOWN;
}

static bool targets_took(struct step *step, struct world *world,
                         const struct aws_call *answer)
{
    struct world_lane *lane = step_lane(step, world);

    if (!step_ok(answer)) {
        if (!aws_call_is(answer, "TargetGroupNotFound") || lane->group.made)
            return false;
        lane->group.found = WORLD_NONE;
        return true;
    }
    if (step->asked == ACTION_REGISTER_TARGETS)
        take_added(world, lane);
    else if (step->asked == ACTION_DEREGISTER_TARGETS)
        take_dropped(world, lane);
    else
        world_read_targets(world, &lane->group, answer);
    return true;
}

const struct step_kind step_targets = {
    .name = OUTCOME_TARGETS,
    .now = targets_now,
    .took = targets_took,
};
