/*
 * The cache and the addresses its name has now.
 *
 * What the service's tag remembers of the cache is taken for true (memory.h),
 * unless the run looks at all there is or DNS does not know the name any more.
 * The network of a cache (subnets, security groups) is asked when something is
 * to be made in it or its rules are to be checked.
 */
#include <string.h>

#include "net/addr.h"
#include "provision/memory.h"
#include "provision/steps/steps.h"
#include "provision/world/read.h"

enum {
    LOOK_UPS_MAX = 3, /* of a name that cannot be told to be absent */
};

static struct world_cache *cache_of(const struct step *step,
                                    struct world *world)
{
    return &world->caches[step->index];
}

/* A plain host is as the file says. */
static void take_host(struct world_cache *cache)
{
    cache->primary = cache->reader = cache->id;
    cache->primary_port = cache->reader_port = cache->spec->port;
    cache->vpc = cache->spec->vpc;
    cache->subnets = cache->spec->subnets;
    cache->tls = cache->spec->tls;
    cache->groups_found = WORLD_FOUND;
    cache->found = WORLD_FOUND;
}

static enum step_now describe(const struct world_cache *cache,
                              struct step_ask *ask)
{
    switch (cache->kind) {
    case SPEC_REPLICATION_GROUP:
        query_add(&ask->query, "ReplicationGroupId", cache->id);
        return step_call(ask, ACTION_DESCRIBE_REPLICATION_GROUPS,
                         OUTCOME_ACTION_NONE);
    case SPEC_CLUSTER:
        query_add(&ask->query, "CacheClusterId", cache->id);
        query_add_bool(&ask->query, "ShowCacheNodeInfo", true);
        return step_call(ask, ACTION_DESCRIBE_CACHE_CLUSTERS,
                         OUTCOME_ACTION_NONE);
    default:
        query_add(&ask->query, "ServerlessCacheName", cache->id);
        return step_call(ask, ACTION_DESCRIBE_SERVERLESS_CACHES,
                         OUTCOME_ACTION_NONE);
    }
}

static const char *cluster_mode_text(struct world *world,
                                     const struct world_cache *cache)
{
    return world_format(
        world,
        "%s is in cluster mode: its nodes send clients to addresses of the "
        "provider's VPC (MOVED), which no consumer reaches; take a cache "
        "with cluster mode disabled",
        cache->id);
}

/* A path that is there is looked at to its end, whatever the cache became. */
static void note_fault(struct world *world, const struct world_cache *cache,
                       struct step_ask *ask, const char *fault)
{
    const struct spec_texts none = { 0 };
    bool told = cache->found == WORLD_FOUND && cache->status;

    ask->reason = fault;
    if (cache->found == WORLD_FOUND && cache->cluster_mode)
        world_note_drift(world, OUTCOME_CACHE, NULL, "cluster_mode",
                         step_one(world, "disabled"),
                         step_one(world, "enabled"));
    else if (told && world_is(cache->status, "available"))
        world_note_drift(world, OUTCOME_CACHE, NULL, "endpoint",
                         step_one(world, cache->id), none);
    else
        world_note_drift(world, OUTCOME_CACHE, NULL, "status",
                         step_one(world, "available"),
                         told ? step_one(world, cache->status) : none);
}

/* Is there a reason why no path can be made of it? */
static const char *fault_of(struct world *world,
                            const struct world_cache *cache)
{
    if (cache->found == WORLD_NONE)
        return world_format(world,
                            "there is no cache %s in this account and region",
                            cache->id);
    if (cache->cluster_mode)
        return cluster_mode_text(world, cache);
    if (world_is(cache->status, "deleting") ||
        world_is(cache->status, "create-failed"))
        return world_format(world, "%s is %s", cache->id, cache->status);
    for (size_t i = 0; i < world->nlisteners; i++) {
        const struct world_listener *at = &world->listeners[i];

        if (at->cache == cache && at->spec->cache.endpoint == SPEC_READER &&
            !cache->reader)
            return world_format(world, "%s has no reader endpoint", cache->id);
    }
    return cache->primary || cache->reader
               ? NULL
               : world_format(world, "%s has no endpoint yet", cache->id);
}

static enum step_now network_now(struct world_cache *cache,
                                 struct step_ask *ask)
{
    if (cache->remembered) {
        cache->ask = true;
        return describe(cache, ask);
    }
    if (cache->kind == SPEC_REPLICATION_GROUP &&
        cache->groups_found == WORLD_UNKNOWN) {
        query_add(&ask->query, "CacheClusterId", cache->member);
        return step_call(ask, ACTION_DESCRIBE_CACHE_CLUSTERS,
                         OUTCOME_ACTION_NONE);
    }
    if (!cache->subnets.n && cache->subnet_group) {
        query_add(&ask->query, "CacheSubnetGroupName", cache->subnet_group);
        return step_call(ask, ACTION_DESCRIBE_CACHE_SUBNET_GROUPS,
                         OUTCOME_ACTION_NONE);
    }
    return STEP_DONE;
}

static enum step_now cache_now(const struct step *step, struct world *world,
                               struct step_ask *ask)
{
    struct world_cache *cache = cache_of(step, world);
    const char *fault;

    if (cache->kind == SPEC_HOST && cache->found == WORLD_UNKNOWN)
        take_host(cache);
    if (cache->found == WORLD_UNKNOWN && world->frugal && !cache->ask) {
        if (world->service.found == WORLD_UNKNOWN)
            return step_blocked(ask, "the service may remember it");
        (void)memory_recall_caches(world);
    }
    if (cache->found == WORLD_UNKNOWN)
        return describe(cache, ask);
    if (world_is(cache->status, "creating")) {
        (void)describe(cache, ask);
        return STEP_WAIT;
    }
    fault = fault_of(world, cache);
    if (fault && !world->all)
        return step_refused(ask, fault);
    ask->id = cache->arn ? cache->arn : cache->id;
    if (fault) {
        note_fault(world, cache, ask, fault);
        return STEP_DONE;
    }
    if (cache->remembered)
        ask->reason = "as the endpoint service's tag remembers it";
    return step_needs_network(world, cache) ? network_now(cache, ask)
                                            : STEP_DONE;
}

static bool is_absent(const struct aws_call *answer)
{
    return aws_call_is(answer,
                       "ReplicationGroupNotFoundFault ReplicationGroupNotFound "
                       "CacheClusterNotFound CacheClusterNotFoundFault "
                       "ServerlessCacheNotFoundFault ServerlessCacheNotFound");
}

static void read_cache(struct step *step, struct world *world,
                       struct world_cache *cache, const struct aws_call *answer)
{
    const struct xml_node *result = aws_call_result(answer), *node = NULL;

    if (step->asked == ACTION_DESCRIBE_REPLICATION_GROUPS) {
        node = xml_find(result, "ReplicationGroups/ReplicationGroup");
        if (node)
            world_read_replication_group(world, cache, node);
    } else if (step->asked == ACTION_DESCRIBE_CACHE_CLUSTERS) {
        node = xml_find(result, "CacheClusters/CacheCluster");
        if (node)
            world_read_cache_cluster(world, cache, node);
    } else if (step->asked == ACTION_DESCRIBE_CACHE_SUBNET_GROUPS) {
        node = xml_find(result, "CacheSubnetGroups/CacheSubnetGroup");
        if (node)
            world_read_subnet_group(world, cache, node);
    } else {
        node = xml_find(result, "ServerlessCaches/member");
        if (!node)
            node = xml_find(result, "ServerlessCaches/ServerlessCache");
        if (node)
            world_read_serverless(world, cache, node);
    }
    if (!node)
        cache->found = WORLD_NONE;
    cache->remembered = false;
}

static bool cache_took(struct step *step, struct world *world,
                       const struct aws_call *answer)
{
    struct world_cache *cache = cache_of(step, world);

    if (!step_ok(answer)) {
        cache->found = WORLD_NONE;
        return is_absent(answer);
    }
    if (answer)
        read_cache(step, world, cache, answer);
    return true;
}

const struct step_kind step_cache = {
    .name = OUTCOME_CACHE,
    .now = cache_now,
    .took = cache_took,
};

/* ---- resolve */

static struct world_listener *listener_of(const struct step *step,
                                          struct world *world)
{
    return &world->listeners[step->index];
}

static void take_name(struct world *world, struct world_listener *listener)
{
    const struct world_cache *cache = listener->cache;
    bool reader = listener->spec->cache.endpoint == SPEC_READER;
    struct net_addr addr;

    listener->host = reader ? cache->reader : cache->primary;
    listener->target_port = reader ? cache->reader_port : cache->primary_port;
    if (!listener->target_port)
        listener->target_port = listener->spec->port;
    if (listener->host && listener->resolved == WORLD_UNKNOWN &&
        net_addr_parse(listener->host, 0, &addr)) {
        listener->addresses = step_one(world, listener->host);
        listener->ttl_s = NET_TTL_NONE;
        listener->resolved = WORLD_FOUND;
    }
}

/* What a tag remembered may be out of date: ask AWS for the name. */
static bool forget(struct world_listener *listener)
{
    struct world_cache *cache = listener->cache;

    if (!cache->remembered || cache->ask)
        return false;
    cache->ask = true;
    cache->remembered = false;
    cache->found = WORLD_UNKNOWN;
    listener->resolved = WORLD_UNKNOWN;
    listener->failures = 0;
    return true;
}

static enum step_now resolve_now(const struct step *step, struct world *world,
                                 struct step_ask *ask)
{
    struct world_listener *listener = listener_of(step, world);

    if (listener->cache->found != WORLD_FOUND)
        return step_blocked(ask, "the cache is not found");
    take_name(world, listener);
    if (!listener->host)
        return step_blocked(ask, "the cache has no such endpoint");
    ask->id = listener->host;
    if (listener->resolved == WORLD_NONE && forget(listener))
        return step_blocked(ask, "the cache is asked again");
    if (listener->resolved == WORLD_NONE)
        return step_failed(ask,
                           world_format(world, "%s: %s", listener->host,
                                        net_status_text(listener->status)));
    if (listener->resolved == WORLD_UNKNOWN) {
        ask->host = listener->host;
        return STEP_RESOLVE;
    }
    ask->reason = step_join(world, &listener->addresses);
    return STEP_DONE;
}

static void resolve_took(struct step *step, struct world *world,
                         const struct net_answer *answer,
                         enum net_status status)
{
    struct world_listener *listener = listener_of(step, world);
    struct spec_texts addresses = { 0 };
    char text[NET_ADDR_TEXT_MAX];

    listener->status = status;
    for (unsigned i = 0; answer && i < answer->naddrs; i++) {
        if (answer->addrs[i].addr.sa.any.sa_family == AF_INET)
            world_add(world, &addresses,
                      net_addr_host(&answer->addrs[i].addr, text));
    }
    if (status == NET_OK && addresses.n) {
        world_sort(&addresses);
        listener->addresses = addresses;
        listener->ttl_s = answer->ttl_s;
        listener->resolved = WORLD_FOUND;
        listener->failures = 0;
        return;
    }
    if (++listener->failures >= LOOK_UPS_MAX || status == NET_NXDOMAIN ||
        status == NET_NODATA || status == NET_BADNAME || status == NET_OK)
        listener->resolved = WORLD_NONE;
}

static bool no_call(struct step *step, struct world *world,
                    const struct aws_call *answer)
{
    (void)step;
    (void)world;
    (void)answer;
    return false;
}

const struct step_kind step_resolve = {
    .name = OUTCOME_RESOLVE,
    .now = resolve_now,
    .took = no_call,
    .took_names = resolve_took,
};
