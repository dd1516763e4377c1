/*
 * Does the cache's own security group admit the load balancer's subnets?
 *
 * Over PrivateLink the source address is the load balancer's node, so the rule
 * must name its subnets, not the consumers'; most paths that fail at first
 * fail here.  Healthy targets are proof enough; without them the groups are
 * read, and with `cache_security_group: add` one rule is added, tagged.
 */
#include "provision/steps/steps.h"
#include "provision/world/read.h"

/* ---- the subnets that the load balancers (will) have */

static void subnets_of(struct world *world, struct spec_texts *ids)
{
    for (size_t i = 0; i < world->nlanes; i++) {
        const struct world_lane *lane = &world->lanes[i];
        const struct spec_texts *from = lane->balancer->subnets.n
                                            ? &lane->balancer->subnets
                                            : &lane->wanted->cache->subnets;

        for (size_t s = 0; s < from->n; s++) {
            if (!world_has(ids, from->texts[s]))
                world_add(world, ids, from->texts[s]);
        }
    }
}

static enum step_now subnets_now(const struct step *step, struct world *world,
                                 struct step_ask *ask)
{
    struct spec_texts ids = { 0 };

    (void)step;
    if (world->provider_subnets_found == WORLD_FOUND)
        return STEP_DONE;
    if (!step_needs_provider_subnets(world))
        return STEP_SKIPPED;
    subnets_of(world, &ids);
    if (!ids.n)
        return step_blocked(ask, "the subnets are not known");
    step_query_texts(&ask->query, "SubnetId", &ids);
    ask->pages = true;
    return step_call(ask, ACTION_DESCRIBE_SUBNETS, OUTCOME_ACTION_NONE);
}

static bool subnets_took(struct step *step, struct world *world,
                         const struct aws_call *answer)
{
    (void)step;
    if (!step_ok(answer))
        return false;
    world_read_subnets(world, &world->provider_subnets,
                       &world->nprovider_subnets, answer);
    world->provider_subnets_found = WORLD_FOUND;
    return true;
}

const struct step_kind step_provider_subnets = {
    .name = OUTCOME_CACHE_SECURITY_GROUP,
    .now = subnets_now,
    .took = subnets_took,
};

/* ---- the rule */

static struct world_cache *cache_of(const struct step *step,
                                    struct world *world)
{
    return &world->caches[step->index];
}

/* The ranges of the load balancers' subnets that may not reach a port of
 * `cache`; the first such port into `port`. */
static struct spec_texts
missing(struct world *world, const struct world_cache *cache, unsigned *port)
{
    struct spec_texts ranges = { 0 };

    *port = 0;
    for (size_t i = 0; i < world->nlisteners; i++) {
        const struct world_listener *at = &world->listeners[i];

        if (at->cache != cache || (*port && *port != at->target_port))
            continue;
        for (size_t s = 0; s < world->nprovider_subnets; s++) {
            const char *cidr = world->provider_subnets[s].cidr;

            if (!at->target_port || world_has(&ranges, cidr) ||
                step_admits(cache->details, cache->ndetails, at->target_port,
                            cidr))
                continue;
            world_add(world, &ranges, cidr);
            *port = at->target_port;
        }
    }
    return ranges;
}

static enum step_now add_rule(struct world *world, struct step_ask *ask,
                              const struct world_cache *cache,
                              const struct spec_texts *ranges, unsigned port)
{
    step_query_rules(world, &ask->query, cache->groups.texts[0], port, ranges,
                     &world->spec->provider.tags);
    ask->id = cache->groups.texts[0];
    return step_call(ask, ACTION_AUTHORIZE_SECURITY_GROUP_INGRESS,
                     OUTCOME_ACTION_UPDATE);
}

static enum step_now judge(struct world *world, struct world_cache *cache,
                           struct step_ask *ask)
{
    unsigned port;
    struct spec_texts ranges = missing(world, cache, &port);

    ask->id = cache->groups.texts[0];
    if (!ranges.n)
        return STEP_DONE;
    ask->reason =
        world_format(world, "no rule of %s admits %s to port %u",
                     cache->groups.texts[0], step_join(world, &ranges), port);
    world_note_drift(world, OUTCOME_CACHE_SECURITY_GROUP, NULL, "rules", ranges,
                     (struct spec_texts){ 0 });
    if (world->spec->provider.cache_security_group == SPEC_ADD)
        return add_rule(world, ask, cache, &ranges, port);
    ask->reason = world_format(
        world,
        "%s: aws ec2 authorize-security-group-ingress --group-id %s "
        "--protocol tcp --port %u --cidr %s",
        ask->reason, cache->groups.texts[0], port, ranges.texts[0]);
    return STEP_DONE;
}

static enum step_now group_now(const struct step *step, struct world *world,
                               struct step_ask *ask)
{
    struct world_cache *cache = cache_of(step, world);

    if (cache->kind == SPEC_HOST) {
        ask->reason = "a plain host: its rules are its owner's";
        return STEP_SKIPPED;
    }
    if (cache->found != WORLD_FOUND)
        return step_blocked(ask, "the cache is not found");
    if (cache->groups_found == WORLD_UNKNOWN) {
        if (step_needs_cache_groups(world, cache))
            return step_blocked(ask, "the cache's groups are not known");
        ask->reason = "its targets are healthy, so the cache admits the load "
                      "balancer";
        return STEP_DONE;
    }
    if (!cache->groups.n) {
        ask->reason = "the cache has no security group";
        return STEP_SKIPPED;
    }
    if (cache->details_found == WORLD_UNKNOWN) {
        step_query_texts(&ask->query, "GroupId", &cache->groups);
        return step_call(ask, ACTION_DESCRIBE_SECURITY_GROUPS,
                         OUTCOME_ACTION_NONE);
    }
    if (world->provider_subnets_found != WORLD_FOUND) {
        if (step_needs_provider_subnets(world))
            return step_blocked(ask, "the subnets' ranges are not known");
        return STEP_DONE;
    }
    return judge(world, cache, ask);
}

/* The rule as it is now there, for a plan and to spare a call. */
static void pretend(struct world *world, struct world_cache *cache)
{
    unsigned port;
    struct spec_texts ranges = missing(world, cache, &port);

    step_add_rules(world, &cache->details[0], port, &ranges);
}

static bool group_took(struct step *step, struct world *world,
                       const struct aws_call *answer)
{
    struct world_cache *cache = cache_of(step, world);

    if (step->asked == ACTION_AUTHORIZE_SECURITY_GROUP_INGRESS) {
        if (step_ok(answer))
            pretend(world, cache);
        else if (aws_call_is(answer, "InvalidPermission.Duplicate"))
            cache->details_found = WORLD_UNKNOWN;
        else
            return false;
        return true;
    }
    if (!step_ok(answer))
        return false;
    world_read_groups(world, &cache->details, &cache->ndetails, answer);
    cache->details_found = WORLD_FOUND;
    return true;
}

const struct step_kind step_cache_group = {
    .name = OUTCOME_CACHE_SECURITY_GROUP,
    .now = group_now,
    .took = group_took,
};
