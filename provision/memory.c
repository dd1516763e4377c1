/*
 * "rg:test1:primary=plain:test1.abc.ng.0001.usw2.cache.amazonaws.com:6379",
 * one a listener; "subnet-1=10.0.1.0/24", one a subnet; spaces between.
 */
#include "provision/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const kinds[] = {
    [SPEC_REPLICATION_GROUP] = "rg",
    [SPEC_CLUSTER] = "cluster",
    [SPEC_SERVERLESS] = "serverless",
    [SPEC_HOST] = "host",
};

__attribute__((format(printf, 2, 3))) static bool add(char out[MEMORY_SIZE],
                                                      const char *format, ...)
{
    size_t n = strlen(out);
    va_list list;
    int more;

    if (n)
        out[n++] = ' ';
    va_start(list, format);
    more = vsnprintf(out + n, MEMORY_SIZE - n, format, list);
    va_end(list);
    return more > 0 && n + (size_t)more < MEMORY_SIZE;
}

/* "rg:test1:primary=" */
static void key_of(const struct world_listener *listener, char *key,
                   size_t size)
{
    const struct spec_cache *cache = &listener->spec->cache;

    (void)snprintf(key, size, "%s:%s:%s=", kinds[cache->kind], cache->id,
                   cache->endpoint == SPEC_READER ? "reader" : "primary");
}

bool memory_of_caches(const struct world *world, char out[MEMORY_SIZE])
{
    char key[MEMORY_SIZE];

    out[0] = '\0';
    for (size_t i = 0; i < world->nlisteners; i++) {
        const struct world_listener *listener = &world->listeners[i];

        if (!listener->host || listener->cache->kind == SPEC_HOST)
            return false;
        key_of(listener, key, sizeof(key));
        if (!add(out, "%s%s:%s:%u", key, listener->cache->tls ? "tls" : "plain",
                 listener->host, listener->target_port))
            return false;
    }
    return out[0] != '\0';
}

/* What follows `key` in `memory`, up to a space, into `value`. */
static bool find(const char *memory, const char *key, char *value, size_t size)
{
    size_t n = strlen(key);

    for (const char *at = memory; at; at = strchr(at, ' ')) {
        at += *at == ' ';
        if (strncmp(at, key, n) == 0) {
            (void)snprintf(value, size, "%.*s", (int)strcspn(at + n, " "),
                           at + n);
            return true;
        }
    }
    return false;
}

static bool recall(struct world *world, struct world_listener *listener)
{
    struct world_cache *cache = listener->cache;
    bool reader = listener->spec->cache.endpoint == SPEC_READER;
    char key[MEMORY_SIZE], value[MEMORY_SIZE], *port, *host;
    unsigned number;

    key_of(listener, key, sizeof(key));
    if (!find(world->service.memory, key, value, sizeof(value)))
        return false;
    host = strchr(value, ':');
    port = strrchr(value, ':');
    if (!host || host == port)
        return false;
    number = (unsigned)strtoul(port + 1, NULL, 10);
    *port = '\0';
    if (number == 0 || number > 65535)
        return false;
    cache->tls = strncmp(value, "tls:", 4) == 0;
    *(reader ? &cache->reader : &cache->primary) =
        world_text(world, NULL, host + 1);
    *(reader ? &cache->reader_port : &cache->primary_port) = number;
    return true;
}

bool memory_recall_caches(struct world *world)
{
    if (!world->service.memory)
        return false;
    for (size_t i = 0; i < world->nlisteners; i++) {
        if (world->listeners[i].cache->kind != SPEC_HOST &&
            !recall(world, &world->listeners[i]))
            return false;
    }
    for (size_t i = 0; i < world->ncaches; i++) {
        if (world->caches[i].kind == SPEC_HOST)
            continue;
        world->caches[i].found = WORLD_FOUND;
        world->caches[i].remembered = true;
    }
    return true;
}

/* The next "ID=RANGE" of `*at` into two texts. */
static bool next_pair(const char **at, char id[64], char range[64])
{
    int n = 0;

    if (sscanf(*at, " %63[^= ]=%63[^ ]%n", id, range, &n) != 2)
        return false;
    *at += n;
    return true;
}

static const char *range_of(const struct world_consumer *consumer,
                            const char *subnet)
{
    for (size_t i = 0; i < consumer->nsubnets; i++) {
        if (strcmp(consumer->subnets[i].id, subnet) == 0)
            return consumer->subnets[i].cidr;
    }
    return NULL;
}

bool memory_of_clients(const struct world_consumer *consumer,
                       char out[MEMORY_SIZE])
{
    out[0] = '\0';
    for (size_t i = 0; i < consumer->chosen.n; i++) {
        const char *range = range_of(consumer, consumer->chosen.texts[i]);

        if (!range || !add(out, "%s=%s", consumer->chosen.texts[i], range))
            return false;
    }
    return out[0] != '\0';
}

bool memory_recall_clients(struct world *world, struct world_consumer *consumer)
{
    const struct world_endpoint *endpoint = &consumer->endpoint;
    struct spec_texts clients = { 0 }, chosen = { 0 };
    const char *at = endpoint->memory;
    char id[64], range[64];

    while (at && next_pair(&at, id, range)) {
        world_add(world, &chosen, id);
        world_add(world, &clients, range);
    }
    if (!chosen.n)
        return false;
    consumer->chosen = chosen;
    if (consumer->spec->client_cidrs_auto)
        consumer->clients = clients;
    consumer->clients_found = WORLD_FOUND;
    return true;
}
