/*
 * Load balancers: internal, of type network, in the subnets of the cache, and
 * made without security group (one with a group would check PrivateLink's
 * traffic against it).
 *
 * A service of ours that uses a load balancer of our name proves that it is
 * there, active and ours enough to be used; it is then not looked at unless
 * something of it is to be changed.
 */
#include <stdio.h>
#include <string.h>

#include "provision/steps/steps.h"
#include "provision/world/read.h"

enum {
    SUBNETS_MAX = 16,
    ACTIVE_PAUSE_MS = 510, /* the first look; minutes on AWS */
};

#define CROSS_ZONE "load_balancing.cross_zone.enabled"

static struct world_balancer *balancer_of(const struct step *step,
                                          struct world *world)
{
    return &world->balancers[step->index];
}

/* The ARN of ours in the service: ".../net/NAME/ID". */
static const char *used_by_service(const struct world *world,
                                   const struct world_balancer *balancer)
{
    char part[IDENTITY_NAME_SIZE + 8];

    if (balancer->doubted || world->service.found != WORLD_FOUND ||
        world->service.made ||
        world_owner(world, world->service.hash) == WORLD_FOREIGN)
        return NULL;
    (void)snprintf(part, sizeof(part), "/net/%s/", balancer->name);
    for (size_t i = 0; i < world->service.balancers.n; i++) {
        if (strstr(world->service.balancers.texts[i], part))
            return world->service.balancers.texts[i];
    }
    return NULL;
}

static void take_from_service(struct world *world,
                              struct world_balancer *balancer)
{
    const char *arn = used_by_service(world, balancer);

    if (!arn || balancer->found != WORLD_UNKNOWN)
        return;
    balancer->arn = arn;
    balancer->state = "active";
    balancer->owner = WORLD_OURS_BY_USE;
    balancer->found = WORLD_FOUND;
}

/* ---- creating */

/* The subnets of the first listener's cache, one a zone. */
static size_t choose_subnets(const struct world *world,
                             const struct world_balancer *balancer,
                             const char *subnets[SUBNETS_MAX])
{
    const struct world_cache *cache = NULL;
    struct spec_texts seen = { .texts = (const char *[SUBNETS_MAX]){ NULL } };
    size_t n = 0;

    for (size_t i = 0; i < world->nlanes && !cache; i++) {
        if (world->lanes[i].balancer == balancer)
            cache = world->lanes[i].wanted->cache;
    }
    for (size_t i = 0; cache && i < cache->subnets.n && n < SUBNETS_MAX; i++) {
        const char *zone = i < cache->zones.n ? cache->zones.texts[i] : NULL;

        if (zone && world_has(&seen, zone))
            continue;
        if (zone)
            seen.texts[seen.n++] = zone;
        subnets[n++] = cache->subnets.texts[i];
    }
    return n;
}

static enum step_now create(struct world *world,
                            struct world_balancer *balancer,
                            struct step_ask *ask)
{
    const char *subnets[SUBNETS_MAX];
    size_t n = choose_subnets(world, balancer, subnets);

    if (!n)
        return step_blocked(ask, "the cache's subnets are not known");
    if (!world->hash[0])
        return step_blocked(ask, "the account is not known yet");
    query_add(&ask->query, "Name", balancer->name);
    query_add(&ask->query, "Type", "network");
    query_add(&ask->query, "Scheme", "internal");
    query_add_list(&ask->query, "Subnets.member", subnets, n);
    step_tag_elb(world, &ask->query, &world->spec->provider.tags);
    return step_call(ask, ACTION_CREATE_LOAD_BALANCER, OUTCOME_ACTION_CREATE);
}

static enum step_now look(struct world_balancer *balancer, struct step_ask *ask)
{
    const char *arn = balancer->spec->arn ? balancer->spec->arn : balancer->arn;

    if (arn)
        query_add(&ask->query, "LoadBalancerArns.member.1", arn);
    else
        query_add(&ask->query, "Names.member.1", balancer->name);
    return step_call(ask, ACTION_DESCRIBE_LOAD_BALANCERS, OUTCOME_ACTION_NONE);
}

static enum step_now judge(struct world *world, struct world_balancer *balancer,
                           struct step_ask *ask)
{
    enum step_now now = STEP_DONE;

    ask->id = balancer->arn;
    if (balancer->spec->arn)
        ask->did = OUTCOME_ACTION_REFERENCE;
    if (balancer->type && !world_is(balancer->type, "network"))
        return step_refused(ask, "it is not a network load balancer");
    if (balancer->owner == WORLD_FOREIGN &&
        !step_may_change(world, balancer->owner, "load balancer",
                         balancer->name, ask, &now))
        return now;
    if (world_is(balancer->state, "failed"))
        return step_failed(ask, "AWS could not make it; destroy, and apply "
                                "again");
    if (world_is(balancer->state, "provisioning")) {
        ask->reason = "it is being provisioned";
        (void)look(balancer, ask);
        return step_wait(ask, ACTION_DESCRIBE_LOAD_BALANCERS, ACTIVE_PAUSE_MS);
    }
    return STEP_DONE;
}

enum step_now step_find_balancer(struct world *world,
                                 struct world_balancer *balancer,
                                 struct step_ask *ask)
{
    if (balancer->found == WORLD_UNKNOWN && !balancer->spec->arn) {
        if (world->service.found == WORLD_UNKNOWN)
            return step_blocked(ask, "the service may name it");
        take_from_service(world, balancer);
    }
    if (balancer->found == WORLD_UNKNOWN ||
        (world->all && balancer->found == WORLD_FOUND && !balancer->looked &&
         !balancer->made)) {
        balancer->owner =
            balancer->spec->arn ? WORLD_REFERENCE : balancer->owner;
        return look(balancer, ask);
    }
    return STEP_DONE;
}

static enum step_now balancer_now(const struct step *step, struct world *world,
                                  struct step_ask *ask)
{
    struct world_balancer *balancer = balancer_of(step, world);
    enum step_now now = step_find_balancer(world, balancer, ask);

    if (now != STEP_DONE)
        return now;
    if (balancer->found == WORLD_NONE && balancer->spec->arn)
        return step_refused(ask,
                            world_format(world, "there is no load balancer %s",
                                         balancer->spec->arn));
    if (balancer->found == WORLD_NONE)
        return world->only_look ? STEP_SKIPPED : create(world, balancer, ask);
    return judge(world, balancer, ask);
}

static void pretend(struct world *world, struct world_balancer *balancer)
{
    const char *subnets[SUBNETS_MAX];
    size_t n = choose_subnets(world, balancer, subnets);

    balancer->found = WORLD_FOUND;
    balancer->arn = WORLD_LATER;
    balancer->vpc = WORLD_LATER;
    balancer->state = "active";
    for (size_t i = 0; i < n; i++)
        world_add(world, &balancer->subnets, subnets[i]);
}

static bool balancer_took(struct step *step, struct world *world,
                          const struct aws_call *answer)
{
    struct world_balancer *balancer = balancer_of(step, world);
    const struct xml_node *node;

    if (!step_ok(answer)) {
        if (step->asked != ACTION_DESCRIBE_LOAD_BALANCERS ||
            !aws_call_is(answer, "LoadBalancerNotFound"))
            return false;
        balancer->found = WORLD_NONE;
        balancer->arn = NULL;
        return true;
    }
    if (step->asked == ACTION_CREATE_LOAD_BALANCER) {
        balancer->made = true;
        balancer->owner = WORLD_OURS;
        balancer->cross_zone = WORLD_FALSE; /* as it is when new */
    }
    if (!answer) {
        pretend(world, balancer);
        return true;
    }
    node = xml_find(aws_call_result(answer), "LoadBalancers/member");
    if (node)
        world_read_balancer(world, balancer, node);
    else
        balancer->found = WORLD_NONE;
    return true;
}

const struct step_kind step_balancer = {
    .name = OUTCOME_LOAD_BALANCER,
    .now = balancer_now,
    .took = balancer_took,
};

/* ---- cross-zone */

static enum step_now set_cross_zone(struct world *world,
                                    struct world_balancer *balancer,
                                    struct step_ask *ask)
{
    bool want = balancer->spec->cross_zone;
    enum step_now now;

    if (!balancer->made)
        world_note_drift(world, OUTCOME_LOAD_BALANCER, NULL, "cross_zone",
                         step_one(world, want ? "true" : "false"),
                         step_one(world, want ? "false" : "true"));
    if (!step_may_change(world, balancer->owner, "load balancer",
                         balancer->name, ask, &now))
        return now;
    query_add(&ask->query, "LoadBalancerArn", balancer->arn);
    query_add(&ask->query, "Attributes.member.1.Key", CROSS_ZONE);
    query_add_bool(&ask->query, "Attributes.member.1.Value", want);
    return step_call(ask, ACTION_MODIFY_LOAD_BALANCER_ATTRIBUTES,
                     OUTCOME_ACTION_UPDATE);
}

static enum step_now cross_zone_now(const struct step *step,
                                    struct world *world, struct step_ask *ask)
{
    struct world_balancer *balancer = balancer_of(step, world);

    if (balancer->spec->arn)
        return STEP_SKIPPED;
    if (balancer->found != WORLD_FOUND)
        return step_blocked(ask, "there is no load balancer");
    if (balancer->cross_zone == WORLD_TRUTH_UNKNOWN) {
        query_add(&ask->query, "LoadBalancerArn", balancer->arn);
        return step_call(ask, ACTION_DESCRIBE_LOAD_BALANCER_ATTRIBUTES,
                         OUTCOME_ACTION_NONE);
    }
    if ((balancer->cross_zone == WORLD_TRUE) != balancer->spec->cross_zone)
        return set_cross_zone(world, balancer, ask);
    return STEP_DONE;
}

static bool cross_zone_took(struct step *step, struct world *world,
                            const struct aws_call *answer)
{
    struct world_balancer *balancer = balancer_of(step, world);
    const char *value;

    if (!step_ok(answer)) {
        if (!aws_call_is(answer, "LoadBalancerNotFound") || balancer->made)
            return false;
        step_doubt_balancer(balancer);
        return true;
    }
    if (step->asked == ACTION_MODIFY_LOAD_BALANCER_ATTRIBUTES) {
        balancer->cross_zone =
            balancer->spec->cross_zone ? WORLD_TRUE : WORLD_FALSE;
        return true;
    }
    value = world_read_attribute(answer, CROSS_ZONE);
    balancer->cross_zone = world_is(value, "true") ? WORLD_TRUE : WORLD_FALSE;
    return true;
}

const struct step_kind step_cross_zone = {
    .name = OUTCOME_LOAD_BALANCER,
    .now = cross_zone_now,
    .took = cross_zone_took,
};
