/*
 * What is listened on, and the cache behind it.
 */
#include <string.h>

#include "provision/spec/read.h"
#include "provision/spec/words.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { REDIS_PORT = 6379 };

/* --- a cache --- */

/* Which of the four kinds; the key that says so is its id. */
static bool read_kind(struct spec_reading *r, const struct spec_node *node,
                      void *target)
{
    static const struct {
        char key[20];
        enum spec_cache_kind kind;
        bool (*fits)(const char *word);
        const char *expects;
    } rows[] = {
        { "replication_group", SPEC_REPLICATION_GROUP, spec_word_cache,
          "the id of a replication group, such as orders" },
        { "cluster", SPEC_CLUSTER, spec_word_cache,
          "the id of a cache cluster, such as orders-001" },
        { "serverless", SPEC_SERVERLESS, spec_word_cache,
          "the name of a serverless cache" },
        { "host", SPEC_HOST, spec_word_host, "a host name or an address" },
    };
    struct spec_cache *cache = target;

    for (size_t i = 0; i < COUNT(rows); i++) {
        if (strcmp(rows[i].key, node->key) != 0)
            continue;
        if (cache->id)
            return spec_read_wrong(r, node,
                                   "a second cache in one map; expected one "
                                   "of replication_group, cluster, "
                                   "serverless, host");
        if (node->kind != YAML_ITEM_WORD || !rows[i].fits(node->text))
            return spec_read_expected(r, node, rows[i].expects);
        cache->kind = rows[i].kind;
        cache->id = node->text;
    }
    return true;
}

static const struct spec_field cache_fields[] = {
    { .key = "replication_group",
      .kind = SPEC_FIELD_CUSTOM,
      .read = read_kind },
    { .key = "cluster", .kind = SPEC_FIELD_CUSTOM, .read = read_kind },
    { .key = "serverless", .kind = SPEC_FIELD_CUSTOM, .read = read_kind },
    { .key = "host", .kind = SPEC_FIELD_CUSTOM, .read = read_kind },
    { .key = "endpoint",
      .kind = SPEC_FIELD_CHOICE,
      .offset = offsetof(struct spec_cache, endpoint),
      .words = "primary|reader",
      .expects = "primary or reader" },
    { .key = "vpc",
      .offset = offsetof(struct spec_cache, vpc),
      .fits = spec_word_vpc,
      .expects = "a VPC's id, such as vpc-0a1b2c3d" },
    { .key = "subnets",
      .kind = SPEC_FIELD_TEXTS,
      .offset = offsetof(struct spec_cache, subnets),
      .fits = spec_word_subnet,
      .expects = "a subnet's id, such as subnet-0a1b2c3d",
      .list = "a list of subnets' ids" },
    { .key = "port",
      .kind = SPEC_FIELD_PORT,
      .offset = offsetof(struct spec_cache, port) },
    { .key = "tls",
      .kind = SPEC_FIELD_BOOL,
      .offset = offsetof(struct spec_cache, tls) },
};

/* What AWS tells of its own caches is written only for others. */
static bool check_cache(struct spec_reading *r, const struct spec_node *map,
                        const struct spec_cache *cache)
{
    static const char *const of_hosts[] = { "vpc", "subnets", "port", "tls" };

    if (!cache->id)
        return spec_read_wrong(r, map,
                               "no cache; expected one of replication_group, "
                               "cluster, serverless, host");
    for (size_t i = 0; i < COUNT(of_hosts); i++) {
        const struct spec_node *node = spec_tree_child(map, of_hosts[i]);

        if (node && cache->kind != SPEC_HOST)
            return spec_read_wrong(r, node,
                                   "belongs to a host; of a cache AWS tells");
    }
    if (cache->kind == SPEC_HOST && !cache->vpc)
        return spec_read_wrong(r, map, "a host needs its vpc");
    if (cache->kind == SPEC_HOST && cache->subnets.n == 0)
        return spec_read_wrong(r, map,
                               "a host needs subnets: where the load balancer "
                               "is to stand");
    if (cache->endpoint == SPEC_READER &&
        (cache->kind == SPEC_HOST || cache->kind == SPEC_CLUSTER))
        return spec_read_wrong(r, spec_tree_child(map, "endpoint"),
                               "a %s has no reader endpoint",
                               cache->kind == SPEC_HOST ? "host" : "cluster");
    return true;
}

static bool read_cache(struct spec_reading *r, const struct spec_node *map,
                       struct spec_cache *cache)
{
    cache->line = map->line;
    return spec_read_map(r, map, cache_fields, COUNT(cache_fields), cache) &&
           check_cache(r, map, cache);
}

/* --- listeners --- */

static bool read_target_group(struct spec_reading *r,
                              const struct spec_node *map, void *target)
{
    static const struct spec_field fields[] = {
        { .key = "arn",
          .offset = offsetof(struct spec_listener, target_group_arn),
          .fits = spec_word_target_group,
          .expects = "a target group's ARN, such as arn:aws:"
                     "elasticloadbalancing:us-west-2:444455556666:targetgroup/"
                     "NAME/0123456789abcdef" },
    };
    struct spec_listener *listener = target;

    if (!spec_read_map(r, map, fields, COUNT(fields), listener))
        return false;
    return listener->target_group_arn || spec_read_wrong(r, map, "no arn");
}

static bool read_listener_cache(struct spec_reading *r,
                                const struct spec_node *map, void *target)
{
    struct spec_listener *listener = target;

    return read_cache(r, map, &listener->cache);
}

static const struct spec_field listener_fields[] = {
    { .key = "port",
      .kind = SPEC_FIELD_PORT,
      .offset = offsetof(struct spec_listener, port) },
    { .key = "cache", .kind = SPEC_FIELD_CUSTOM, .read = read_listener_cache },
    { .key = "target_group",
      .kind = SPEC_FIELD_CUSTOM,
      .read = read_target_group },
};

static bool read_listener(struct spec_reading *r, const struct spec_node *map,
                          struct spec_provider *provider)
{
    struct spec_listener *listener = &provider->listeners[provider->nlisteners];

    listener->line = map->line;
    if (!spec_read_map(r, map, listener_fields, COUNT(listener_fields),
                       listener))
        return false;
    if (listener->port == 0)
        return spec_read_wrong(r, map, "no port");
    if (!listener->cache.id)
        return spec_read_wrong(r, map, "no cache");
    for (size_t i = 0; i < provider->nlisteners; i++) {
        if (provider->listeners[i].port == listener->port)
            return spec_read_wrong(r, map, "a second listener on port %u",
                                   listener->port);
    }
    provider->nlisteners++;
    return true;
}

bool spec_read_listeners(struct spec_reading *r, const struct spec_node *list,
                         void *target)
{
    struct spec_provider *provider = target;

    if (!spec_read_list(r, list, "a list of listeners"))
        return false;
    if (list->n > SPEC_LISTENERS_MAX)
        return spec_read_wrong(r, list, "%zu listeners; expected %d at most",
                               list->n, SPEC_LISTENERS_MAX);
    provider->listeners =
        spec_read_alloc(r, list->n, sizeof(*provider->listeners));
    if (!provider->listeners)
        return false;
    for (const struct spec_node *at = list->first; at; at = at->next) {
        if (!read_listener(r, at, provider))
            return false;
    }
    return true;
}

bool spec_read_only_listener(struct spec_reading *r,
                             const struct spec_node *node, void *target)
{
    struct spec_provider *provider = target;
    size_t i = 0;

    if (!provider->listeners) {
        provider->listeners =
            spec_read_alloc(r, 1, sizeof(*provider->listeners));
        if (!provider->listeners)
            return false;
        provider->listeners[0].port = REDIS_PORT;
        provider->listeners[0].line = node->line;
        provider->nlisteners = 1;
    }
    while (strcmp(listener_fields[i].key, node->key) != 0)
        i++;
    if (listener_fields[i].kind == SPEC_FIELD_CUSTOM)
        return listener_fields[i].read(r, node, provider->listeners);
    return spec_read_port(r, node, &provider->listeners[0].port);
}
