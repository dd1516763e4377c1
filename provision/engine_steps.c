/*
 * Which steps a command has: a table of rows a command.  A row is a line of
 * the outcome for each of its subjects (each cache, each lane, each consumer),
 * or none when it is quiet, and the kinds of steps behind it.
 */
#include "provision/engine_internal.h"
#include "provision/steps/steps.h"

enum scope {
    ONCE,
    EACH_CACHE,
    EACH_LISTENER,
    EACH_BALANCER,
    EACH_LANE,
    EACH_CONSUMER,
};

enum {
    QUIET = 1,        /* no line */
    FOR_CONSUMER = 2, /* the provider acts, for each consumer */
    PRIVATE = 4,      /* only with private DNS */
    LISTED = 8,       /* only with foreign consumers that are accepted */
    ALONE = 16,       /* only when the provider's side is left out */
    KINDS_MAX = 4,
};

struct row {
    enum outcome_step_name name;
    enum scope scope;
    unsigned flags;
    const struct step_kind *kinds[KINDS_MAX + 1];
};

static const struct row apply_rows[] = {
    { OUTCOME_CACHE, EACH_CACHE, 0, { &step_cache } },
    { OUTCOME_RESOLVE, EACH_LISTENER, 0, { &step_resolve } },
    { OUTCOME_CACHE_SECURITY_GROUP, ONCE, QUIET, { &step_provider_subnets } },
    { OUTCOME_CACHE_SECURITY_GROUP, EACH_CACHE, 0, { &step_cache_group } },
    { OUTCOME_LOAD_BALANCER,
      EACH_BALANCER,
      0,
      { &step_balancer, &step_cross_zone } },
    { OUTCOME_TARGET_GROUP,
      EACH_LANE,
      0,
      { &step_target_group, &step_target_attributes } },
    { OUTCOME_TARGETS, EACH_LANE, 0, { &step_targets } },
    { OUTCOME_LISTENER, EACH_BALANCER, QUIET, { &step_listeners } },
    { OUTCOME_LISTENER, EACH_LANE, 0, { &step_listener } },
    { OUTCOME_ENDPOINT_SERVICE, ONCE, 0, { &step_service } },
    { OUTCOME_PERMISSIONS,
      ONCE,
      0,
      { &step_permissions, &step_reject_removed } },
    { OUTCOME_ENDPOINT_SERVICE, ONCE, ALONE, { &step_service_look } },
    { OUTCOME_ENDPOINT_SECURITY_GROUP,
      EACH_CONSUMER,
      0,
      { &step_group, &step_rules } },
    { OUTCOME_ENDPOINT,
      EACH_CONSUMER,
      0,
      { &step_endpoint, &step_service_view, &step_subnets,
        &step_endpoint_settings } },
    { OUTCOME_ACCEPTANCE, ONCE, QUIET, { &step_connections } },
    { OUTCOME_ACCEPTANCE, ONCE, LISTED, { &step_accept_listed } },
    { OUTCOME_ACCEPTANCE, EACH_CONSUMER, FOR_CONSUMER, { &step_acceptance } },
    { OUTCOME_AVAILABLE, EACH_CONSUMER, 0, { &step_available } },
    { OUTCOME_PRIVATE_DNS, ONCE, PRIVATE, { &step_private_name } },
    { OUTCOME_PRIVATE_DNS, EACH_CONSUMER, PRIVATE, { &step_private_dns } },
    { OUTCOME_VERIFY, EACH_CONSUMER, 0, { &step_verify } },
    { OUTCOME_CACHE, ONCE, QUIET, { &step_identity_provider } },
    { OUTCOME_CACHE, ONCE, QUIET | ALONE, { &step_identity_provider } },
    { OUTCOME_ENDPOINT, EACH_CONSUMER, QUIET, { &step_identity_consumer } },
    { OUTCOME_LOAD_BALANCER, ONCE, QUIET, { &step_owners } },
    { 0 },
};

static const struct row destroy_rows[] = {
    { OUTCOME_ACCEPTANCE, ONCE, 0, { &step_others } },
    { OUTCOME_ENDPOINT, EACH_CONSUMER, 0, { &step_delete_endpoint } },
    { OUTCOME_ENDPOINT_SECURITY_GROUP,
      EACH_CONSUMER,
      0,
      { &step_delete_group, &step_revoke_consumer } },
    { OUTCOME_ENDPOINT_SERVICE, ONCE, 0, { &step_delete_service } },
    { OUTCOME_ENDPOINT_SERVICE, ONCE, ALONE, { &step_service_look } },
    { OUTCOME_LOAD_BALANCER, EACH_BALANCER, 0, { &step_delete_balancer } },
    { OUTCOME_TARGET_GROUP, EACH_LANE, 0, { &step_delete_target_group } },
    { OUTCOME_CACHE_SECURITY_GROUP, ONCE, 0, { &step_revoke_provider } },
    { OUTCOME_CACHE, ONCE, QUIET, { &step_identity_provider } },
    { OUTCOME_CACHE, ONCE, QUIET | ALONE, { &step_identity_provider } },
    { OUTCOME_ENDPOINT, EACH_CONSUMER, QUIET, { &step_identity_consumer } },
    { OUTCOME_LOAD_BALANCER, ONCE, QUIET, { &step_owners } },
    { 0 },
};

static const struct row sync_rows[] = {
    { OUTCOME_CACHE, EACH_CACHE, 0, { &step_cache } },
    { OUTCOME_RESOLVE, EACH_LISTENER, 0, { &step_resolve } },
    { OUTCOME_LOAD_BALANCER, EACH_BALANCER, 0, { &step_balancer } },
    { OUTCOME_TARGET_GROUP, EACH_LANE, 0, { &step_target_group } },
    { OUTCOME_TARGETS, EACH_LANE, 0, { &step_targets } },
    { OUTCOME_LISTENER, EACH_BALANCER, QUIET, { &step_listeners } },
    { OUTCOME_ENDPOINT_SERVICE, ONCE, 0, { &step_service } },
    { OUTCOME_CACHE, ONCE, QUIET, { &step_identity_provider } },
    { OUTCOME_LOAD_BALANCER, ONCE, QUIET, { &step_owners } },
    { 0 },
};

static const struct row connections_rows[] = {
    { OUTCOME_ENDPOINT_SERVICE, ONCE, 0, { &step_service } },
    { OUTCOME_ACCEPTANCE, ONCE, 0, { &step_connections } },
    { OUTCOME_CACHE, ONCE, QUIET, { &step_identity_provider } },
    { 0 },
};

static const struct row decide_rows[] = {
    { OUTCOME_ENDPOINT_SERVICE, ONCE, 0, { &step_service } },
    { OUTCOME_ACCEPTANCE, ONCE, 0, { &step_connections, &step_decide } },
    { OUTCOME_CACHE, ONCE, QUIET, { &step_identity_provider } },
    { 0 },
};

static const struct row *rows_of(enum engine_command command)
{
    switch (command) {
    case ENGINE_DESTROY: return destroy_rows;
    case ENGINE_SYNC: return sync_rows;
    case ENGINE_CONNECTIONS: return connections_rows;
    case ENGINE_ACCEPT:
    case ENGINE_REJECT: return decide_rows;
    default: return apply_rows;
    }
}

static bool has_kinds(const struct row *row)
{
    return row->kinds[0] != NULL;
}

static bool uses_private_dns(const struct world *world)
{
    if (world->spec->has_provider &&
        world->spec->provider.service.private_dns_name)
        return true;
    for (size_t i = 0; i < world->nconsumers; i++) {
        if (world->consumers[i].spec->private_dns)
            return true;
    }
    return false;
}

static bool accepts_listed(const struct world *world)
{
    for (size_t i = 0; i < world->nconsumers; i++) {
        const struct spec_consumer *spec = world->consumers[i].spec;

        if (spec->foreign && spec->accept == SPEC_LISTED)
            return true;
    }
    return false;
}

/* Is there anything of this row in this run? */
static bool is_meant(const struct engine *engine, const struct row *row)
{
    const struct world *world = &engine->world;
    bool provider = engine_acts_for_provider(engine);

    if ((row->flags & PRIVATE) && !uses_private_dns(world))
        return false;
    if ((row->flags & LISTED) && !accepts_listed(world))
        return false;
    if (row->flags & ALONE)
        return !provider && world->spec->has_provider;
    if (row->scope == EACH_CONSUMER && !(row->flags & FOR_CONSUMER))
        return true;
    return provider;
}

static size_t count_of(const struct world *world, enum scope scope)
{
    switch (scope) {
    case EACH_CACHE: return world->ncaches;
    case EACH_LISTENER: return world->nlisteners;
    case EACH_BALANCER: return world->nbalancers;
    case EACH_LANE: return world->nlanes;
    case EACH_CONSUMER: return world->nconsumers;
    default: return 1;
    }
}

static unsigned port_of(const struct world *world, enum scope scope, size_t i)
{
    if (scope == EACH_LISTENER)
        return world->listeners[i].spec->port;
    if (scope == EACH_LANE)
        return world->lanes[i].wanted->spec->port;
    return 0;
}

static struct outcome_step *add_line(struct engine *engine,
                                     const struct row *row, size_t i)
{
    struct outcome_step *line = &engine->outcome.steps[engine->outcome.nsteps];

    if (row->flags & QUIET)
        return NULL;
    engine->outcome.nsteps++;
    *line = (struct outcome_step){
        .name = row->name,
        .port = port_of(&engine->world, row->scope, i),
        .state = OUTCOME_STATE_SKIPPED,
    };
    if (row->scope == EACH_CONSUMER)
        line->consumer = engine->world.consumers[i].spec->name;
    return line;
}

static void add_row(struct engine *engine, const struct row *row)
{
    size_t n = count_of(&engine->world, row->scope);

    for (size_t i = 0; i < n; i++) {
        struct outcome_step *line;

        if (row->scope == EACH_CONSUMER && engine->world.consumers[i].left_out)
            continue;
        line = add_line(engine, row, i);
        for (size_t k = 0; row->kinds[k]; k++)
            engine->steps[engine->nsteps++] = (struct step){
                .kind = row->kinds[k],
                .account =
                    row->scope == EACH_CONSUMER && !(row->flags & FOR_CONSUMER)
                        ? (int)i
                        : STEP_PROVIDER,
                .index = i,
                .quiet = line == NULL,
                .line = line,
            };
    }
}

bool engine_lay_out(struct engine *engine)
{
    struct world *world = &engine->world;
    const struct row *rows = rows_of(engine->options.command);
    size_t room = 0, lines = 0;

    for (const struct row *row = rows; has_kinds(row); row++) {
        room += count_of(world, row->scope) * KINDS_MAX;
        lines += count_of(world, row->scope);
    }
    engine->steps = world_alloc(world, room * sizeof(*engine->steps));
    engine->outcome.steps =
        arena_alloc(&engine->outcome.arena,
                    (lines ? lines : 1) * sizeof(*engine->outcome.steps));
    if (!engine->steps || !engine->outcome.steps)
        return false;
    for (const struct row *row = rows; has_kinds(row); row++) {
        if (is_meant(engine, row))
            add_row(engine, row);
    }
    return true;
}
