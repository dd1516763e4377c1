/*
 * Taking a path away, in reverse: endpoints, service, load balancers, target
 * groups, security groups.
 *
 * Only what carries our tags goes.  AWS refuses while something still hangs on
 * (a connection, a network interface), and goes on doing so for a while after
 * it is gone, so a refusal is waited out.  Endpoints of others are counted
 * first: while some are connected nothing is touched, unless they are to be
 * rejected.
 */
#include <string.h>

#include "provision/steps/steps.h"
#include "provision/world/read.h"

enum {
    GOING_PAUSE_MS = 550, /* an endpoint that goes still counts */
};

/* ---- endpoints of others */

static bool is_connected(const struct world_connection *connection)
{
    return world_is(connection->state, "available") ||
           world_is(connection->state, "pending") ||
           world_is(connection->state, "pendingAcceptance");
}

static bool is_ours(const struct world *world, const char *endpoint)
{
    for (size_t i = 0; i < world->nconsumers; i++) {
        const struct world_endpoint *at = &world->consumers[i].endpoint;

        if (at->id && endpoint && strcmp(at->id, endpoint) == 0)
            return true;
    }
    return false;
}

static struct spec_texts others(struct world *world)
{
    struct spec_texts ids = { 0 };

    for (size_t i = 0; i < world->service.nconnections; i++) {
        const struct world_connection *at = &world->service.connections[i];

        if (is_connected(at) && !is_ours(world, at->endpoint))
            world_add(world, &ids, at->endpoint);
    }
    return ids;
}

static bool endpoints_known(const struct world *world)
{
    for (size_t i = 0; i < world->nconsumers; i++) {
        if (!world->consumers[i].left_out &&
            world->consumers[i].endpoint.found == WORLD_UNKNOWN)
            return false;
    }
    return true;
}

/*
 * Lists lag: a connection that seems to be another's may be that of an endpoint
 * that an interrupted run has made.  A consumer whose endpoint was not found
 * looks at it by its id.
 */
static bool suspect(struct world *world, const char *id)
{
    for (size_t i = 0; i < world->nconsumers; i++) {
        struct world_endpoint *at = &world->consumers[i].endpoint;

        if (world->consumers[i].left_out || at->found != WORLD_NONE ||
            at->suspected)
            continue;
        at->suspected = true;
        at->found = WORLD_UNKNOWN;
        at->id = id;
        return true;
    }
    return false;
}

static enum step_now others_now(const struct step *step, struct world *world,
                                struct step_ask *ask)
{
    struct world_service *service = &world->service;
    struct spec_texts ids;

    (void)step;
    if (service->found == WORLD_UNKNOWN || !endpoints_known(world))
        return step_blocked(ask, "what is there is not known yet");
    if (service->found == WORLD_NONE || service->deleted ||
        world->spec->provider.service.id)
        return STEP_SKIPPED;
    if (service->connections_found == WORLD_UNKNOWN) {
        query_add_filter(&ask->query, 1, "service-id", service->id);
        ask->pages = true;
        return step_call(ask, ACTION_DESCRIBE_CONNECTIONS, OUTCOME_ACTION_NONE);
    }
    ids = others(world);
    if (!ids.n)
        return STEP_DONE;
    if (suspect(world, ids.texts[0]))
        return step_blocked(ask, "it may be ours, and not be listed yet");
    ask->id = step_join(world, &ids);
    if (!world->reject_others)
        return step_refused(
            ask, world_format(world,
                              "endpoints that are not ours are connected: %s "
                              "(--reject-others rejects them)",
                              ask->id));
    query_add(&ask->query, "ServiceId", service->id);
    step_query_texts(&ask->query, "VpcEndpointId", &ids);
    return step_call(ask, ACTION_REJECT_CONNECTIONS, OUTCOME_ACTION_DELETE);
}

static bool others_took(struct step *step, struct world *world,
                        const struct aws_call *answer)
{
    if (!step_ok(answer))
        return false;
    if (step->asked == ACTION_DESCRIBE_CONNECTIONS) {
        world_read_connections(world, &world->service, answer);
        return true;
    }
    for (size_t i = 0; i < world->service.nconnections; i++) {
        struct world_connection *at = &world->service.connections[i];

        if (!is_ours(world, at->endpoint))
            at->state = "rejected";
    }
    return true;
}

const struct step_kind step_others = {
    .name = OUTCOME_ACCEPTANCE,
    .now = others_now,
    .took = others_took,
};

/* ---- endpoints */

static enum step_now endpoint_now(const struct step *step, struct world *world,
                                  struct step_ask *ask)
{
    struct world_consumer *consumer = step_consumer(step, world);
    struct world_endpoint *endpoint = &consumer->endpoint;
    enum step_now now = step_find_endpoint(world, consumer, ask);

    if (now != STEP_DONE)
        return now;
    if (endpoint->found == WORLD_NONE || endpoint->deleted)
        return endpoint->deleted ? STEP_DONE : STEP_SKIPPED;
    ask->id = endpoint->id;
    if (consumer->spec->endpoint_id) {
        ask->did = OUTCOME_ACTION_REFERENCE;
        return STEP_SKIPPED;
    }
    switch (world_owner(world, endpoint->hash)) {
    case WORLD_FOREIGN: return step_foreign(world, ask, endpoint->id);
    case WORLD_OURS: break;
    default: return step_blocked(ask, "the account is not known yet");
    }
    query_add(&ask->query, "VpcEndpointId.1", endpoint->id);
    return step_attempt(step, ask, ACTION_DELETE_ENDPOINTS);
}

/* Deleted, or was not there: not an item that says otherwise. */
static bool took_items(const struct aws_call *answer, const char *wait_code,
                       bool *wait)
{
    const char *code = NULL, *message = NULL;

    *wait = false;
    if (!answer || !aws_call_unsuccessful(answer, &code, &message))
        return true;
    *wait = code && strcmp(code, wait_code) == 0;
    return *wait || (code && strstr(code, "NotFound"));
}

static bool endpoint_took(struct step *step, struct world *world,
                          const struct aws_call *answer)
{
    struct world_endpoint *endpoint = &step_consumer(step, world)->endpoint;
    bool wait;

    if (step->asked == ACTION_DESCRIBE_ENDPOINTS)
        return step_endpoint.took(step, world, answer);
    if (!step_ok(answer) || !took_items(answer, "OperationInProgress", &wait))
        return false;
    endpoint->deleted = !wait;
    return true;
}

const struct step_kind step_delete_endpoint = {
    .name = OUTCOME_ENDPOINT,
    .now = endpoint_now,
    .took = endpoint_took,
};

static bool endpoints_gone(const struct world *world)
{
    for (size_t i = 0; i < world->nconsumers; i++) {
        const struct world_consumer *at = &world->consumers[i];

        if (!at->left_out && !at->spec->endpoint_id &&
            at->endpoint.found != WORLD_NONE && !at->endpoint.deleted)
            return false;
    }
    return true;
}

static bool endpoint_was_deleted(const struct world *world)
{
    for (size_t i = 0; i < world->nconsumers; i++) {
        if (world->consumers[i].endpoint.deleted)
            return true;
    }
    return false;
}

/* ---- the service */

static enum step_now service_now(const struct step *step, struct world *world,
                                 struct step_ask *ask)
{
    struct world_service *service = &world->service;
    enum step_now now = step_find_service(world, ask);

    if (now != STEP_DONE)
        return now;
    if (service->found == WORLD_NONE || service->deleted)
        return service->deleted ? STEP_DONE : STEP_SKIPPED;
    ask->id = service->id;
    if (world->spec->provider.service.id) {
        ask->did = OUTCOME_ACTION_REFERENCE;
        return STEP_SKIPPED;
    }
    switch (world_owner(world, service->hash)) {
    case WORLD_FOREIGN: return step_foreign(world, ask, service->id);
    case WORLD_OURS: break;
    default: return step_blocked(ask, "the account is not known yet");
    }
    if (!endpoints_gone(world))
        return step_blocked(ask, "its endpoints go first");
    if (others(world).n)
        return step_blocked(ask, "endpoints of others are rejected first");
    ask->reason = step->asked == ACTION_DELETE_SERVICES
                      ? "AWS still counts its connections"
                      : NULL;
    query_add(&ask->query, "ServiceId.1", service->id);
    if (endpoint_was_deleted(world) && !world->planning) {
        ask->did = OUTCOME_ACTION_DELETE;
        return step_wait(ask, ACTION_DELETE_SERVICES, GOING_PAUSE_MS);
    }
    return step_attempt(step, ask, ACTION_DELETE_SERVICES);
}

static bool service_took(struct step *step, struct world *world,
                         const struct aws_call *answer)
{
    bool wait;

    if (step->asked == ACTION_DESCRIBE_SERVICES)
        return step_service.took(step, world, answer);
    if (!step_ok(answer) ||
        !took_items(answer, "ExistingVpcEndpointConnections", &wait))
        return false;
    world->service.deleted = !wait;
    return true;
}

const struct step_kind step_delete_service = {
    .name = OUTCOME_ENDPOINT_SERVICE,
    .now = service_now,
    .took = service_took,
};

bool step_service_gone(const struct world *world)
{
    return world->service.found == WORLD_NONE || world->service.deleted ||
           world->spec->provider.service.id;
}

/* ---- the consumer's group */

/* Lists lag: the endpoint's own group may be ours and not be listed yet. */
static bool suspect_group(struct world_consumer *consumer)
{
    const struct world_endpoint *endpoint = &consumer->endpoint;

    if (consumer->group_found != WORLD_NONE || consumer->group_suspected ||
        endpoint->found != WORLD_FOUND || endpoint->groups.n != 1)
        return false;
    consumer->group_suspected = true;
    consumer->group.id = endpoint->groups.texts[0];
    consumer->group_found = WORLD_UNKNOWN;
    return true;
}

static enum step_now group_now(const struct step *step, struct world *world,
                               struct step_ask *ask)
{
    struct world_consumer *consumer = step_consumer(step, world);
    enum step_now now;

    if (!consumer->spec->create_group || consumer->spec->endpoint_id) {
        ask->did = OUTCOME_ACTION_REFERENCE;
        return STEP_SKIPPED;
    }
    (void)suspect_group(consumer);
    now = step_find_group(world, consumer, ask);
    if (now != STEP_DONE)
        return now;
    if (consumer->group_found == WORLD_NONE &&
        consumer->endpoint.found == WORLD_UNKNOWN)
        return step_blocked(ask, "the endpoint may name it");
    if (consumer->group_found == WORLD_NONE || consumer->group_deleted)
        return consumer->group_deleted ? STEP_DONE : STEP_SKIPPED;
    ask->id = consumer->group.id;
    switch (world_owner(world, consumer->group_hash)) {
    case WORLD_FOREIGN: return step_foreign(world, ask, consumer->group.id);
    case WORLD_OURS: break;
    default: return step_blocked(ask, "the account is not known yet");
    }
    if (consumer->endpoint.found == WORLD_UNKNOWN ||
        (consumer->endpoint.found == WORLD_FOUND &&
         !consumer->endpoint.deleted))
        return step_blocked(ask, "the endpoint goes first");
    ask->reason = step->asked == ACTION_DELETE_SECURITY_GROUP
                      ? "the endpoint's interfaces still use it"
                      : NULL;
    query_add(&ask->query, "GroupId", consumer->group.id);
    /* while the endpoint goes, its interfaces use the group: a first try at
     * once would be in vain */
    if (consumer->endpoint.deleted && !world->planning) {
        ask->did = OUTCOME_ACTION_DELETE;
        return step_wait(ask, ACTION_DELETE_SECURITY_GROUP, GOING_PAUSE_MS);
    }
    return step_attempt(step, ask, ACTION_DELETE_SECURITY_GROUP);
}

static bool group_took(struct step *step, struct world *world,
                       const struct aws_call *answer)
{
    struct world_consumer *consumer = step_consumer(step, world);

    if (step->asked == ACTION_DESCRIBE_SECURITY_GROUPS)
        return step_group.took(step, world, answer);
    if (!step_ok(answer) &&
        aws_call_is(answer, "DependencyViolation InvalidGroup.InUse"))
        return true;
    if (!step_ok(answer) && !aws_call_is(answer, "InvalidGroup.NotFound"))
        return false;
    consumer->group_deleted = true;
    return true;
}

const struct step_kind step_delete_group = {
    .name = OUTCOME_ENDPOINT_SECURITY_GROUP,
    .now = group_now,
    .took = group_took,
};
