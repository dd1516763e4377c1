/*
 * What is told at the end: the path as it now is, and its drift.  Texts are the
 * world's, which lives as long as the engine.
 */
#include "provision/engine_internal.h"
#include <string.h>

static void *room(struct engine *engine, size_t n, size_t size)
{
    void *at = arena_alloc(&engine->outcome.arena, n ? n * size : size);

    if (at)
        memset(at, 0, n ? n * size : size);
    else
        engine->world.no_memory = true;
    return at;
}

static bool is_later(const char *id)
{
    return id && strcmp(id, WORLD_LATER) == 0;
}

/* ---- the path */

/* Of the subnet whose range holds it. */
static const char *zone_of(const struct world *world, const char *address)
{
    struct net_cidr range;
    struct net_addr addr;

    if (!net_addr_parse(address, 0, &addr))
        return NULL;
    for (size_t i = 0; i < world->nprovider_subnets; i++) {
        const struct world_subnet *at = &world->provider_subnets[i];

        if (at->cidr && net_cidr_parse(at->cidr, &range) &&
            net_cidr_contains(&range, &addr))
            return at->zone_id;
    }
    return NULL;
}

static void tell_targets(struct engine *engine, struct outcome_listener *line,
                         const struct world_listener *listener)
{
    const struct world *world = &engine->world;
    size_t n = 0;

    for (size_t i = 0; i < world->nlanes; i++)
        n += world->lanes[i].wanted == listener
                 ? world->lanes[i].group.ntargets + world->lanes[i].group.nread
                 : 0;
    line->targets = room(engine, n, sizeof(*line->targets));
    for (size_t i = 0; line->targets && i < world->nlanes; i++) {
        const struct world_lane *lane = &world->lanes[i];

        bool read = world->planning; /* not what a plan pretends */
        const struct world_target *targets =
            read ? lane->group.read : lane->group.targets;

        if (lane->wanted != listener)
            continue;
        for (size_t t = 0;
             t < (read ? lane->group.nread : lane->group.ntargets); t++) {
            const struct world_target *at = &targets[t];

            line->targets[line->ntargets++] = (struct outcome_target){
                .address = at->address,
                .port = at->port,
                .zone_id = zone_of(world, at->address),
                .health = at->health,
                .reason = at->reason,
            };
        }
    }
}

static void tell_listeners(struct engine *engine)
{
    struct outcome *outcome = &engine->outcome;
    const struct world *world = &engine->world;

    outcome->listeners =
        room(engine, world->nlisteners, sizeof(*outcome->listeners));
    for (size_t i = 0; outcome->listeners && i < world->nlisteners; i++) {
        const struct world_listener *at = &world->listeners[i];

        outcome->listeners[i] = (struct outcome_listener){
            .port = at->spec->port,
            .host = at->host,
            .tls = at->cache->tls,
            .ttl_s = at->resolved == WORLD_FOUND ? at->ttl_s : NET_TTL_NONE,
        };
        tell_targets(engine, &outcome->listeners[i], &world->listeners[i]);
        outcome->nlisteners++;
    }
}

static const struct world_consumer *owner_of(const struct world *world,
                                             const char *endpoint)
{
    for (size_t i = 0; i < world->nconsumers; i++) {
        const char *id = world->consumers[i].endpoint.id;

        if (id && endpoint && strcmp(id, endpoint) == 0)
            return &world->consumers[i];
    }
    return NULL;
}

static const char *foreign_name(const struct world *world, const char *account)
{
    for (size_t i = 0; i < world->nconsumers; i++) {
        const struct spec_consumer *spec = world->consumers[i].spec;

        if (spec->foreign && spec->account.account && account &&
            strcmp(spec->account.account, account) == 0)
            return spec->name;
    }
    return NULL;
}

static void tell_endpoint(struct outcome *outcome,
                          const struct world_consumer *consumer)
{
    const struct world_endpoint *at = &consumer->endpoint;

    if (at->found != WORLD_FOUND || at->deleted || is_later(at->id))
        return;
    outcome->connections[outcome->nconnections++] = (struct outcome_connection){
        .consumer = consumer->spec->name,
        .account = at->account ? at->account : consumer->account,
        .endpoint_id = at->id,
        .state = at->told ? at->told : at->state,
        .ours = !consumer->spec->endpoint_id,
        .dns_names = at->dns_names,
    };
}

static void tell_connections(struct engine *engine)
{
    struct outcome *outcome = &engine->outcome;
    const struct world *world = &engine->world;
    const struct world_service *service = &world->service;

    outcome->connections =
        room(engine, world->nconsumers + service->nconnections,
             sizeof(*outcome->connections));
    if (!outcome->connections)
        return;
    for (size_t i = 0; i < world->nconsumers; i++)
        tell_endpoint(outcome, &world->consumers[i]);
    for (size_t i = 0; i < service->nconnections; i++) {
        const struct world_connection *at = &service->connections[i];

        if (owner_of(world, at->endpoint))
            continue;
        outcome->connections[outcome->nconnections++] =
            (struct outcome_connection){
                .consumer = foreign_name(world, at->owner),
                .account = at->owner,
                .endpoint_id = at->endpoint,
                .state = at->state,
                .dns_names = at->dns_names,
            };
    }
}

/* What an apply has mended is no drift any more; what it has not, is. */
static bool still_differs(const struct engine *engine,
                          const struct world_drift *drift)
{
    if (engine->drive.dry_run)
        return true;
    for (size_t i = 0; i < engine->outcome.nsteps; i++) {
        const struct outcome_step *line = &engine->outcome.steps[i];

        if (line->name == drift->step &&
            (line->action == OUTCOME_ACTION_UPDATE ||
             line->action == OUTCOME_ACTION_CREATE) &&
            line->state == OUTCOME_STATE_DONE)
            return false;
    }
    return true;
}

static void tell_drift(struct engine *engine)
{
    struct outcome *outcome = &engine->outcome;
    const struct world *world = &engine->world;

    outcome->drift = room(engine, world->ndrift, sizeof(*outcome->drift));
    for (size_t i = 0; outcome->drift && i < world->ndrift; i++) {
        const struct world_drift *at = &world->drift[i];

        if (!still_differs(engine, at))
            continue;
        outcome->drift[outcome->ndrift++] = (struct outcome_drift){
            .step = (enum outcome_step_name)at->step,
            .consumer = at->consumer ? at->consumer->spec->name : NULL,
            .field = at->field,
            .want = at->want,
            .have = at->have,
        };
    }
}

static unsigned retries_of(const struct engine *engine)
{
    unsigned n = engine->provider ? aws_account_retries(engine->provider) : 0;

    for (size_t i = 0; i < engine->world.nconsumers; i++) {
        if (engine->consumers[i])
            n += aws_account_retries(engine->consumers[i]);
    }
    return n;
}

/* A clock that is wrong is every account's: told once. */
static void note_clock(struct engine *engine)
{
    long skew = engine->provider ? aws_account_skew_s(engine->provider) : 0;

    for (size_t i = 0; !skew && i < engine->world.nconsumers; i++) {
        if (engine->consumers[i])
            skew = aws_account_skew_s(engine->consumers[i]);
    }
    if (skew)
        outcome_note(&engine->outcome,
                     world_format(&engine->world,
                                  "the clock of this machine is %ld s %s AWS'; "
                                  "signatures were corrected by that",
                                  skew < 0 ? -skew : skew,
                                  skew < 0 ? "ahead of" : "behind"));
}

void engine_tell(struct engine *engine)
{
    struct outcome *outcome = &engine->outcome;
    const struct world_service *service = &engine->world.service;

    if (service->found == WORLD_FOUND && !service->deleted &&
        !is_later(service->id)) {
        outcome->service_id = service->id;
        outcome->service_name = service->name;
    } else if (engine->world.nconsumers && !engine->world.spec->has_provider) {
        outcome->service_name = engine->world.consumers[0].service_name;
    }
    outcome->retries = retries_of(engine);
    note_clock(engine);
    tell_listeners(engine);
    tell_connections(engine);
    tell_drift(engine);
    engine_judge(engine);
}
