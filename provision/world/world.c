/*
 * Texts and lists of a world, and how it is laid out before anything is asked.
 *
 * Steps are asked and answers come again and again while something is waited
 * for, so no text is kept twice: a table knows those that are kept.
 */
#include "provision/world/world.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    TEXTS_FIRST = 256, /* slots; a power of two, as all that follow */
};

void *world_alloc(struct world *world, size_t size)
{
    void *at = arena_alloc(&world->arena, size ? size : 1);

    if (!at) {
        world->no_memory = true;
        return NULL;
    }
    return memset(at, 0, size);
}

static size_t slot_of(const char *const *table, size_t room, const char *text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    size_t slot;

    for (const char *at = text; *at; at++)
        hash = (hash ^ (unsigned char)*at) * UINT64_C(0x100000001b3);
    for (slot = hash & (room - 1); table[slot];
         slot = (slot + 1) & (room - 1)) {
        if (strcmp(table[slot], text) == 0)
            break;
    }
    return slot;
}

/* At least half of the table is free.  What it had before stays in the arena.
 */
static bool make_slots(struct world *world)
{
    size_t room = world->text_room ? world->text_room * 2 : TEXTS_FIRST;
    const char **table;

    if (world->ntexts * 2 < world->text_room)
        return true;
    table = world_alloc(world, room * sizeof(*table));
    if (!table)
        return false;
    for (size_t i = 0; i < world->text_room; i++) {
        const char *text = world->texts[i];

        if (text)
            table[slot_of(table, room, text)] = text;
    }
    world->texts = table;
    world->text_room = room;
    return true;
}

const char *world_text(struct world *world, const char *old, const char *text)
{
    const char **slot;

    if (!text || (old && strcmp(old, text) == 0))
        return text ? old : NULL;
    if (!make_slots(world))
        return NULL;
    slot = &world->texts[slot_of(world->texts, world->text_room, text)];
    if (!*slot) {
        *slot = arena_text(&world->arena, text, strlen(text));
        world->no_memory |= !*slot;
        world->ntexts += *slot != NULL;
    }
    return *slot;
}

const char *world_format(struct world *world, const char *format, ...)
{
    char text[1024];
    const char *copy;
    va_list list;

    va_start(list, format);
    (void)vsnprintf(text, sizeof(text), format, list);
    va_end(list);
    copy = world_text(world, NULL, text);
    return copy ? copy : "";
}

void world_add(struct world *world, struct spec_texts *list, const char *text)
{
    const char **texts;
    const char *copy = world_text(world, NULL, text);

    if (!copy)
        return;
    texts = world_alloc(world, (list->n + 1) * sizeof(*texts));
    if (!texts)
        return;
    if (list->n)
        memcpy(texts, list->texts, list->n * sizeof(*texts));
    texts[list->n] = copy;
    *list = (struct spec_texts){ .texts = texts, .n = list->n + 1 };
}

bool world_has(const struct spec_texts *list, const char *text)
{
    for (size_t i = 0; text && i < list->n; i++) {
        if (strcmp(list->texts[i], text) == 0)
            return true;
    }
    return false;
}

bool world_same(const struct spec_texts *a, const struct spec_texts *b)
{
    for (size_t i = 0; i < a->n; i++) {
        if (!world_has(b, a->texts[i]))
            return false;
    }
    for (size_t i = 0; i < b->n; i++) {
        if (!world_has(a, b->texts[i]))
            return false;
    }
    return true;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void world_sort(struct spec_texts *list)
{
    if (list->n > 1)
        qsort(list->texts, list->n, sizeof(list->texts[0]), by_text);
}

bool world_is(const char *a, const char *b)
{
    return a && strcasecmp(a, b) == 0;
}

void world_know_account(struct world *world, const char *account)
{
    if (!account || !account[0])
        return;
    world->account = world_text(world, world->account, account);
    identity_spec(world->spec->name, account,
                  world->region ? world->region : "", world->hash);
}

enum world_owner world_owner(const struct world *world, const char *hash)
{
    if (!hash)
        return WORLD_FOREIGN;
    if (!world->hash[0])
        return WORLD_OWNER_UNKNOWN;
    return strcmp(hash, world->hash) == 0 ? WORLD_OURS : WORLD_FOREIGN;
}

size_t world_ports(const struct world *world, unsigned *ports, size_t room)
{
    size_t n = 0;

    for (size_t i = 0; i < world->nlisteners && n < room; i++)
        ports[n++] = world->listeners[i].spec->port;
    if (!n && room)
        ports[n++] = 6379;
    return n;
}

bool world_has_provider(const struct world *world)
{
    return world->spec->has_provider;
}

static bool is_noted(const struct world *world, unsigned step,
                     const struct world_consumer *consumer, const char *field)
{
    for (size_t i = 0; i < world->ndrift; i++) {
        const struct world_drift *drift = &world->drift[i];

        if (drift->step == step && drift->consumer == consumer &&
            strcmp(drift->field, field) == 0)
            return true;
    }
    return false;
}

void world_note_drift(struct world *world, unsigned step,
                      const struct world_consumer *consumer, const char *field,
                      struct spec_texts want, struct spec_texts have)
{
    struct world_drift *drift;

    if (is_noted(world, step, consumer, field))
        return;
    if (world->ndrift == world->drift_room) {
        size_t room = world->drift_room ? world->drift_room * 2 : 8;

        drift = world_alloc(world, room * sizeof(*drift));
        if (!drift)
            return;
        if (world->ndrift)
            memcpy(drift, world->drift, world->ndrift * sizeof(*drift));
        world->drift = drift;
        world->drift_room = room;
    }
    world->drift[world->ndrift++] =
        (struct world_drift){ step, consumer, field, want, have };
}

/* The cache of listener `i`: one that an earlier listener names, or a new one.
 */
static struct world_cache *cache_of(struct world *world,
                                    const struct spec_cache *wanted)
{
    struct world_cache *cache;

    for (size_t i = 0; i < world->ncaches; i++) {
        cache = &world->caches[i];
        if (cache->kind == wanted->kind && strcmp(cache->id, wanted->id) == 0)
            return cache;
    }
    cache = &world->caches[world->ncaches++];
    cache->kind = wanted->kind;
    cache->id = wanted->id;
    cache->spec = wanted;
    return cache;
}

static void lay_out_listeners(struct world *world)
{
    const struct spec_provider *provider = &world->spec->provider;

    for (size_t i = 0; i < provider->nlisteners; i++) {
        struct world_listener *listener = &world->listeners[i];

        listener->spec = &provider->listeners[i];
        listener->cache = cache_of(world, &listener->spec->cache);
    }
    world->nlisteners = provider->nlisteners;
}

/* What tells the names of lanes apart: "", "6380", "b", "b-6380". */
static void lane_name(struct world *world, struct world_lane *lane)
{
    const char *balancer = lane->balancer->spec->suffix;
    char suffix[64] = "";

    if (world->nlisteners > 1)
        (void)snprintf(suffix, sizeof(suffix), "%s%s%u",
                       balancer ? balancer : "", balancer ? "-" : "",
                       lane->wanted->spec->port);
    else if (balancer)
        (void)snprintf(suffix, sizeof(suffix), "%s", balancer);
    identity_name(world->spec->name, suffix, lane->group.name);
}

static void lay_out_lanes(struct world *world)
{
    const struct spec_provider *provider = &world->spec->provider;

    for (size_t b = 0; b < provider->nbalancers; b++) {
        struct world_balancer *balancer = &world->balancers[b];

        balancer->spec = &provider->balancers[b];
        identity_name(world->spec->name,
                      balancer->spec->suffix ? balancer->spec->suffix : "",
                      balancer->name);
        for (size_t i = 0; i < world->nlisteners; i++) {
            struct world_lane *lane = &world->lanes[world->nlanes++];

            lane->balancer = balancer;
            lane->wanted = &world->listeners[i];
            lane_name(world, lane);
        }
    }
    world->nbalancers = provider->nbalancers;
}

static bool make_room(struct world *world)
{
    const struct spec_provider *provider = &world->spec->provider;
    size_t listeners = provider->nlisteners, balancers = provider->nbalancers;

    world->caches = world_alloc(world, listeners * sizeof(*world->caches));
    world->listeners =
        world_alloc(world, listeners * sizeof(*world->listeners));
    world->balancers =
        world_alloc(world, balancers * sizeof(*world->balancers));
    world->lanes =
        world_alloc(world, balancers * listeners * sizeof(*world->lanes));
    world->consumers =
        world_alloc(world, world->spec->nconsumers * sizeof(*world->consumers));
    return !world->no_memory;
}

static void gather_principals(struct world *world)
{
    const struct spec_texts *listed = &world->spec->provider.service.principals;

    for (size_t i = 0; i < listed->n; i++)
        world_add(world, &world->principals, listed->texts[i]);
    for (size_t c = 0; c < world->nconsumers; c++) {
        const struct spec_texts *own = &world->consumers[c].spec->principals;

        for (size_t i = 0; i < own->n; i++) {
            if (!world_has(&world->principals, own->texts[i]))
                world_add(world, &world->principals, own->texts[i]);
        }
    }
}

bool world_init(struct world *world, const struct spec *spec)
{
    *world = (struct world){ .spec = spec };
    if (!make_room(world)) {
        world_free(world);
        return false;
    }
    if (spec->has_provider) {
        lay_out_listeners(world);
        lay_out_lanes(world);
    }
    for (size_t i = 0; i < spec->nconsumers; i++) {
        struct world_consumer *consumer = &world->consumers[i];

        consumer->spec = &spec->consumers[i];
        consumer->service_name = consumer->spec->service_name;
    }
    world->nconsumers = spec->nconsumers;
    gather_principals(world);
    if (!world->no_memory)
        return true;
    world_free(world);
    return false;
}

void world_free(struct world *world)
{
    arena_free(&world->arena);
    *world = (struct world){ 0 };
}
