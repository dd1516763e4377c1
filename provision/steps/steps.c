/*
 * What the steps share: ways to end, tags, lists, and questions to the world
 * that several of them ask.
 */
#include "provision/steps/steps.h"

#include <stdio.h>
#include <string.h>

enum {
    RETRY_PAUSE_MS = 300,
};

struct world_consumer *step_consumer(const struct step *step,
                                     struct world *world)
{
    return &world->consumers[step->account == STEP_PROVIDER
                                 ? step->index
                                 : (size_t)step->account];
}

struct world_lane *step_lane(const struct step *step, struct world *world)
{
    return &world->lanes[step->index];
}

enum step_now step_blocked(struct step_ask *ask, const char *reason)
{
    ask->reason = reason;
    return STEP_BLOCKED;
}

enum step_now step_failed(struct step_ask *ask, const char *reason)
{
    ask->reason = reason;
    return STEP_FAILED;
}

enum step_now step_refused(struct step_ask *ask, const char *reason)
{
    ask->reason = reason;
    return STEP_REFUSED;
}

enum step_now step_call(struct step_ask *ask, enum action action,
                        enum outcome_action did)
{
    ask->action = action;
    ask->did = did;
    return STEP_CALL;
}

enum step_now step_wait(struct step_ask *ask, enum action action,
                        unsigned pause_ms)
{
    ask->action = action;
    ask->pause_ms = pause_ms;
    return STEP_WAIT;
}

enum step_now step_attempt(const struct step *step, struct step_ask *ask,
                           enum action action)
{
    ask->did = OUTCOME_ACTION_DELETE;
    if (step->asked != action)
        return step_call(ask, action, OUTCOME_ACTION_DELETE);
    return step_wait(ask, action, RETRY_PAUSE_MS);
}

enum step_now step_foreign(struct world *world, struct step_ask *ask,
                           const char *id)
{
    return step_refused(
        ask, world_format(world,
                          "%s has this path's name but not its tags: it is not "
                          "touched, and so nothing is",
                          id));
}

/* ---- requests */

static void tag_ec2(struct query *query, unsigned n, const char *key,
                    const char *value)
{
    query_add_at(query, key, "TagSpecification.1.Tag.%u.Key", n);
    query_add_at(query, value, "TagSpecification.1.Tag.%u.Value", n);
}

void step_tag_ec2(const struct world *world, struct query *query,
                  const char *type, const struct spec_tags *tags,
                  const char *key, const char *value)
{
    unsigned n = 1;

    query_add(query, "TagSpecification.1.ResourceType", type);
    tag_ec2(query, n++, IDENTITY_TAG_PATH, world->spec->name);
    tag_ec2(query, n++, IDENTITY_TAG_SPEC, world->hash);
    if (key)
        tag_ec2(query, n++, key, value);
    for (size_t i = 0; i < tags->n; i++)
        tag_ec2(query, n++, tags->tags[i].key, tags->tags[i].value);
}

static void tag_elb(struct query *query, unsigned n, const char *key,
                    const char *value)
{
    query_add_at(query, key, "Tags.member.%u.Key", n);
    query_add_at(query, value, "Tags.member.%u.Value", n);
}

void step_tag_elb(const struct world *world, struct query *query,
                  const struct spec_tags *tags)
{
    unsigned n = 1;

    tag_elb(query, n++, IDENTITY_TAG_PATH, world->spec->name);
    tag_elb(query, n++, IDENTITY_TAG_SPEC, world->hash);
    for (size_t i = 0; i < tags->n; i++)
        tag_elb(query, n++, tags->tags[i].key, tags->tags[i].value);
}

void step_filter_path(const struct world *world, struct query *query,
                      unsigned n)
{
    query_add_filter(query, n, "tag:" IDENTITY_TAG_PATH, world->spec->name);
}

void step_query_texts(struct query *query, const char *name,
                      const struct spec_texts *list)
{
    query_add_list(query, name, list->texts, list->n);
}

bool step_ok(const struct aws_call *answer)
{
    return !answer || answer->status == AWS_OK;
}

/* ---- doubts */

void step_doubt_balancer(struct world_balancer *balancer)
{
    balancer->found = balancer->spec->arn ? WORLD_NONE : WORLD_UNKNOWN;
    balancer->owner = WORLD_OWNER_UNKNOWN;
    balancer->cross_zone = WORLD_TRUTH_UNKNOWN;
    balancer->arn = NULL;
    balancer->doubted = true;
}

/* ---- lists */

struct spec_texts step_one(struct world *world, const char *text)
{
    struct spec_texts list = { 0 };

    if (text)
        world_add(world, &list, text);
    return list;
}

const char *step_join(struct world *world, const struct spec_texts *list)
{
    char text[512] = "";
    size_t n = 0;

    for (size_t i = 0; i < list->n && n < sizeof(text); i++)
        n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s", i ? ", " : "",
                              list->texts[i]);
    return world_format(world, "%s", text);
}

struct spec_texts step_lacking(struct world *world, const struct spec_texts *a,
                               const struct spec_texts *b)
{
    struct spec_texts lacking = { 0 };

    for (size_t i = 0; i < a->n; i++) {
        if (!world_has(b, a->texts[i]))
            world_add(world, &lacking, a->texts[i]);
    }
    return lacking;
}

/* ---- questions */

const struct world_target *step_target(const struct world_lane *lane,
                                       const char *address)
{
    for (size_t i = 0; i < lane->group.ntargets; i++) {
        const struct world_target *target = &lane->group.targets[i];

        if (strcmp(target->address, address) == 0 &&
            target->port == lane->wanted->target_port &&
            !world_is(target->health, "draining"))
            return target;
    }
    return NULL;
}

static size_t count_healthy(const struct world_lane *lane)
{
    const struct spec_texts *wanted = &lane->wanted->addresses;
    size_t n = 0;

    for (size_t i = 0; i < wanted->n; i++) {
        const struct world_target *target = step_target(lane, wanted->texts[i]);

        n += target && world_is(target->health, "healthy");
    }
    return n;
}

bool step_has_healthy(const struct world_lane *lane)
{
    return count_healthy(lane) > 0;
}

bool step_all_healthy(const struct world_lane *lane)
{
    return lane->wanted->addresses.n > 0 &&
           count_healthy(lane) == lane->wanted->addresses.n;
}

bool step_needs_network(const struct world *world,
                        const struct world_cache *cache)
{
    if (world->only_look)
        return false;
    if (world->all || step_needs_cache_groups(world, cache))
        return true;
    for (size_t i = 0; i < world->nlanes; i++) {
        const struct world_lane *lane = &world->lanes[i];

        if (lane->wanted->cache == cache &&
            (lane->balancer->found == WORLD_NONE ||
             lane->group.found == WORLD_NONE))
            return true;
    }
    return false;
}

/* Healthy targets prove that the cache admits the load balancer; so its groups
 * are looked at only without such. */
bool step_needs_cache_groups(const struct world *world,
                             const struct world_cache *cache)
{
    if (cache->kind == SPEC_HOST || world->only_look)
        return false;
    if (world->all)
        return true;
    for (size_t i = 0; i < world->nlanes; i++) {
        const struct world_lane *lane = &world->lanes[i];

        if (lane->wanted->cache != cache)
            continue;
        if (lane->group.found == WORLD_NONE || lane->group.made ||
            (lane->group.targets_found != WORLD_UNKNOWN &&
             lane->wanted->resolved == WORLD_FOUND && !step_has_healthy(lane)))
            return true;
    }
    return false;
}

/* Their ranges for the cache's rules; their zones where no service can tell
 * them yet. */
bool step_needs_provider_subnets(const struct world *world)
{
    bool checks = false;

    for (size_t i = 0; i < world->ncaches; i++) {
        const struct world_cache *cache = &world->caches[i];

        checks |= step_needs_cache_groups(world, cache) &&
                  cache->groups_found == WORLD_FOUND && cache->groups.n > 0;
    }
    return checks || world->all ||
           (world->planning && world->service.found == WORLD_NONE) ||
           (world->planning && (world->service.made || world->permits));
}

bool step_may_change(struct world *world, enum world_owner owner,
                     const char *what, const char *name, struct step_ask *ask,
                     enum step_now *now)
{
    switch (owner) {
    case WORLD_OURS: return true;
    case WORLD_FOREIGN:
        *now = step_refused(
            ask, world_format(world,
                              "there is a %s called %s that does not carry the "
                              "tags of this path: it is not touched; name the "
                              "path otherwise, or name it as a reference",
                              what, name));
        return false;
    case WORLD_REFERENCE:
        ask->reason = world_format(world,
                                   "the %s is a reference: it is not as it "
                                   "should be, and is not changed here",
                                   what);
        *now = STEP_LATER;
        return false;
    default:
        world->owners_needed = true;
        *now = step_blocked(ask, "whose it is must be known first");
        return false;
    }
}

bool step_makes_endpoint(const struct world_consumer *consumer)
{
    return !consumer->spec->endpoint_id &&
           (consumer->endpoint.found == WORLD_NONE || consumer->endpoint.made);
}
