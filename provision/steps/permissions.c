/*
 * Who may connect, and the connections that others have made.
 *
 * The principals of the service become those of the file: what is missing is
 * added, what is too much removed.  Removing a principal leaves its connections
 * alive; with `reject_removed` those of accounts that nothing in the file
 * admits any more are rejected.
 */
#include <string.h>

#include "provision/steps/steps.h"
#include "provision/world/read.h"

static enum step_now look(const struct world *world, struct step_ask *ask)
{
    query_add(&ask->query, "ServiceId", world->service.id);
    ask->pages = true;
    return step_call(ask, ACTION_DESCRIBE_PERMISSIONS, OUTCOME_ACTION_NONE);
}

static enum step_now compare(struct world *world, struct step_ask *ask)
{
    struct world_service *service = &world->service;
    struct spec_texts add =
        step_lacking(world, &world->principals, &service->principals);
    struct spec_texts drop =
        step_lacking(world, &service->principals, &world->principals);

    ask->reason = world->principals.n
                      ? step_join(world, &world->principals)
                      : "nobody but the provider's own account is allowed";
    if (world->spec->provider.service.id)
        drop = (struct spec_texts){ 0 }; /* a reference's are not ours */
    if (!add.n && !drop.n)
        return STEP_DONE;
    if (!service->made)
        world_note_drift(world, OUTCOME_PERMISSIONS, NULL, "principals",
                         world->principals, service->principals);
    if (world->spec->provider.service.id)
        return step_failed(ask, world_format(world,
                                             "the service (a reference) does "
                                             "not allow %s",
                                             step_join(world, &add)));
    world->connections_needed |= drop.n > 0;
    query_add(&ask->query, "ServiceId", service->id);
    step_query_texts(&ask->query, "AddAllowedPrincipals", &add);
    step_query_texts(&ask->query, "RemoveAllowedPrincipals", &drop);
    return step_call(ask, ACTION_MODIFY_PERMISSIONS,
                     service->made ? OUTCOME_ACTION_CREATE
                                   : OUTCOME_ACTION_UPDATE);
}

static enum step_now permissions_now(const struct step *step,
                                     struct world *world, struct step_ask *ask)
{
    struct world_service *service = &world->service;

    (void)step;
    if (service->found != WORLD_FOUND)
        return step_blocked(ask, "there is no endpoint service");
    if (service->doubted)
        return step_blocked(ask, "the endpoint service is looked at again");
    ask->id = service->id;
    if (service->made && service->principals_found == WORLD_UNKNOWN)
        service->principals_found = WORLD_NONE;
    if (service->principals_found == WORLD_UNKNOWN)
        return look(world, ask);
    if (!service->made && !world->spec->provider.service.id &&
        world_owner(world, service->hash) != WORLD_OURS)
        return step_blocked(ask, "the service is not known as ours");
    return compare(world, ask);
}

static bool permissions_took(struct step *step, struct world *world,
                             const struct aws_call *answer)
{
    struct world_service *service = &world->service;

    if (!step_ok(answer)) {
        if (!aws_call_is(answer, "InvalidVpcEndpointServiceId.NotFound "
                                 "InvalidVpcEndpointService.NotFound"))
            return false;
        service->doubted = true;
        return true;
    }
    if (step->asked == ACTION_MODIFY_PERMISSIONS) {
        world->permits = !answer;
        service->principals = world->principals;
        service->principals_found = WORLD_FOUND;
        service->verified = true;
        return true;
    }
    world_read_principals(world, service, answer);
    return true;
}

const struct step_kind step_permissions = {
    .name = OUTCOME_PERMISSIONS,
    .now = permissions_now,
    .took = permissions_took,
};

/* ---- connections */

static bool needs_connections(const struct world *world)
{
    if (world->all || world->connections_needed || world->reject_removed ||
        world->destroying)
        return true;
    for (size_t i = 0; i < world->nconsumers; i++) {
        const struct spec_consumer *spec = world->consumers[i].spec;

        if (spec->foreign && spec->accept == SPEC_LISTED)
            return true;
    }
    return false;
}

static enum step_now connections_now(const struct step *step,
                                     struct world *world, struct step_ask *ask)
{
    struct world_service *service = &world->service;

    (void)step;
    if (service->found == WORLD_UNKNOWN)
        return step_blocked(ask, "there is no endpoint service");
    if (service->found == WORLD_NONE || service->made ||
        !needs_connections(world))
        return STEP_SKIPPED;
    if (service->connections_found == WORLD_FOUND)
        return STEP_DONE;
    query_add_filter(&ask->query, 1, "service-id", service->id);
    ask->pages = true;
    return step_call(ask, ACTION_DESCRIBE_CONNECTIONS, OUTCOME_ACTION_NONE);
}

static bool connections_took(struct step *step, struct world *world,
                             const struct aws_call *answer)
{
    (void)step;
    if (!step_ok(answer))
        return false;
    world_read_connections(world, &world->service, answer);
    return true;
}

const struct step_kind step_connections = {
    .name = OUTCOME_ACCEPTANCE,
    .now = connections_now,
    .took = connections_took,
};

/* ---- those of removed consumers */

/* Does something in the file admit this account? */
static bool is_admitted(const struct world *world, const char *owner)
{
    char account[16];

    for (size_t i = 0; i < world->principals.n; i++) {
        const char *principal = world->principals.texts[i];

        world_arn_account(principal, account);
        if (strcmp(principal, "*") == 0 || strcmp(account, owner) == 0)
            return true;
    }
    for (size_t i = 0; i < world->nconsumers; i++) {
        const struct world_consumer *at = &world->consumers[i];

        if ((at->account && strcmp(at->account, owner) == 0) ||
            (at->spec->account.account &&
             strcmp(at->spec->account.account, owner) == 0))
            return true;
    }
    return world->account && strcmp(world->account, owner) == 0;
}

static bool is_ours(const struct world *world, const char *endpoint)
{
    for (size_t i = 0; i < world->nconsumers; i++) {
        const char *id = world->consumers[i].endpoint.id;

        if (id && endpoint && strcmp(id, endpoint) == 0)
            return true;
    }
    return false;
}

static bool is_removed(const struct world *world,
                       const struct world_connection *connection)
{
    return connection->owner && !world_is(connection->state, "rejected") &&
           !world_is(connection->state, "failed") &&
           !world_is(connection->state, "expired") &&
           !is_admitted(world, connection->owner) &&
           !is_ours(world, connection->endpoint);
}

/* Not before our own endpoints are known. */
static bool all_looked(const struct world *world)
{
    for (size_t i = 0; i < world->nconsumers; i++) {
        if (!world->consumers[i].left_out &&
            world->consumers[i].endpoint.found == WORLD_UNKNOWN)
            return false;
    }
    return true;
}

static struct spec_texts removed(struct world *world)
{
    struct spec_texts ids = { 0 };

    for (size_t i = 0; i < world->service.nconnections; i++) {
        const struct world_connection *at = &world->service.connections[i];

        if (is_removed(world, at))
            world_add(world, &ids, at->endpoint);
    }
    return ids;
}

static enum step_now removed_now(const struct step *step, struct world *world,
                                 struct step_ask *ask)
{
    struct spec_texts ids;

    (void)step;
    if (world->service.connections_found != WORLD_FOUND ||
        world->spec->provider.service.id)
        return STEP_SKIPPED;
    if (!all_looked(world))
        return step_blocked(ask, "our own endpoints are not known yet");
    ids = removed(world);
    if (!ids.n)
        return STEP_SKIPPED;
    if (!world->reject_removed) {
        ask->reason = world_format(
            world,
            "connections of accounts that are not in the file stay: %s "
            "(--reject-removed rejects them)",
            step_join(world, &ids));
        return STEP_SKIPPED;
    }
    if (world_owner(world, world->service.hash) != WORLD_OURS)
        return step_blocked(ask, "the service is not known as ours");
    query_add(&ask->query, "ServiceId", world->service.id);
    step_query_texts(&ask->query, "VpcEndpointId", &ids);
    ask->reason = world_format(world, "%s rejected", step_join(world, &ids));
    return step_call(ask, ACTION_REJECT_CONNECTIONS, OUTCOME_ACTION_UPDATE);
}

static bool removed_took(struct step *step, struct world *world,
                         const struct aws_call *answer)
{
    (void)step;
    if (!step_ok(answer))
        return false;
    for (size_t i = 0; i < world->service.nconnections; i++) {
        struct world_connection *at = &world->service.connections[i];

        if (is_removed(world, at))
            at->state = "rejected";
    }
    return true;
}

const struct step_kind step_reject_removed = {
    .name = OUTCOME_PERMISSIONS,
    .now = removed_now,
    .took = removed_took,
};
