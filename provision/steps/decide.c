/*
 * Accepting or rejecting connections by hand: the endpoints that the command
 * names, or with --listed those of the foreign consumers that the file lists.
 *
 * Only what is a connection of this very service is decided; one that is there
 * already (accepted, rejected) is left as it is.
 */
#include <string.h>

#include "provision/steps/steps.h"
#include "provision/world/read.h"

static bool is_decided(const struct world *world,
                       const struct world_connection *connection)
{
    if (world->decide_reject)
        return world_is(connection->state, "rejected") ||
               world_is(connection->state, "failed") ||
               world_is(connection->state, "expired");
    return world_is(connection->state, "available") ||
           world_is(connection->state, "pending");
}

static const struct world_connection *find(const struct world *world,
                                           const char *endpoint)
{
    for (size_t i = 0; i < world->service.nconnections; i++) {
        const struct world_connection *at = &world->service.connections[i];

        if (at->endpoint && strcmp(at->endpoint, endpoint) == 0)
            return at;
    }
    return NULL;
}

/* NULL with what is to be decided in `ids`; else the one that is none of
 * ours. */
static const char *gather(struct world *world, struct spec_texts *ids)
{
    for (size_t i = 0; i < world->decide.n; i++) {
        const char *id = world->decide.texts[i];
        const struct world_connection *at = find(world, id);

        if (!at)
            return id;
        if (!is_decided(world, at))
            world_add(world, ids, id);
    }
    for (size_t i = 0; world->decide_listed && i < world->service.nconnections;
         i++) {
        const struct world_connection *at = &world->service.connections[i];

        if (step_is_listed(world, at))
            world_add(world, ids, at->endpoint);
    }
    return NULL;
}

static enum step_now decide_now(const struct step *step, struct world *world,
                                struct step_ask *ask)
{
    struct world_service *service = &world->service;
    struct spec_texts ids = { 0 };
    const char *unknown;

    (void)step;
    if (service->found != WORLD_FOUND ||
        service->connections_found != WORLD_FOUND)
        return step_blocked(ask, "the connections are not known");
    unknown = gather(world, &ids);
    if (unknown)
        return step_refused(ask,
                            world_format(world, "%s is no connection of %s",
                                         unknown, service->id));
    if (!ids.n) {
        if (!world->decided)
            ask->reason = "there is none to decide";
        return STEP_DONE;
    }
    ask->id = step_join(world, &ids);
    ask->reason = world->decide_reject ? "rejected" : "accepted";
    query_add(&ask->query, "ServiceId", service->id);
    step_query_texts(&ask->query, "VpcEndpointId", &ids);
    return step_call(ask,
                     world->decide_reject ? ACTION_REJECT_CONNECTIONS
                                          : ACTION_ACCEPT_CONNECTIONS,
                     OUTCOME_ACTION_UPDATE);
}

/* A state that it cannot leave is told by AWS, and is a failure here: somebody
 * has asked for it. */
static bool decide_took(struct step *step, struct world *world,
                        const struct aws_call *answer)
{
    const char *code = NULL, *message = NULL;

    (void)step;
    if (!step_ok(answer) ||
        (answer && aws_call_unsuccessful(answer, &code, &message)))
        return false;
    world->decided = true;
    for (size_t i = 0; i < world->service.nconnections; i++) {
        struct world_connection *at = &world->service.connections[i];

        if (world_has(&world->decide, at->endpoint) && !is_decided(world, at))
            at->state = world->decide_reject ? "rejected" : "pending";
        else if (world->decide_listed && step_is_listed(world, at))
            at->state = "pending";
    }
    return true;
}

const struct step_kind step_decide = {
    .name = OUTCOME_ACCEPTANCE,
    .now = decide_now,
    .took = decide_took,
};
