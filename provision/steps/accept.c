/*
 * From pendingAcceptance to available, and private DNS.
 *
 * Accepted is only the very endpoint that this run has found or made with the
 * consumer's own credentials; of a foreign consumer, with `accept: listed`,
 * those that the account in the file owns.
 */
#include <string.h>

#include "provision/steps/steps.h"
#include "provision/world/read.h"

enum {
    AVAILABLE_PAUSE_MS = 610, /* the first look; about a minute on AWS */
    ACCEPT_PAUSE_MS = 300,
    PRIVATE_PAUSE_MS = 1000,
};

static bool waits_for_us(const struct world_endpoint *endpoint)
{
    return world_is(endpoint->state, "pendingAcceptance") ||
           world_is(endpoint->state, "rejected");
}

static const char *service_id(const struct world *world)
{
    return world->service.id ? world->service.id
                             : world->spec->provider.service.id;
}

static enum step_now acceptance_now(const struct step *step,
                                    struct world *world, struct step_ask *ask)
{
    struct world_consumer *consumer = step_consumer(step, world);
    struct world_endpoint *endpoint = &consumer->endpoint;

    if (endpoint->found != WORLD_FOUND)
        return step_blocked(ask, "there is no endpoint");
    ask->id = endpoint->id;
    if (!waits_for_us(endpoint) || endpoint->accepted) {
        if (!endpoint->accepted)
            return STEP_SKIPPED;
        return STEP_DONE;
    }
    if (endpoint->rejections > 1)
        return step_blocked(ask, "it is rejected for good");
    if (consumer->spec->endpoint_id) {
        ask->reason = "a reference: it is not accepted here";
        return STEP_LATER;
    }
    if (!endpoint->made && world_owner(world, endpoint->hash) != WORLD_OURS)
        return step_blocked(ask, "the endpoint is not known as ours");
    if (world_is(endpoint->state, "rejected"))
        world_note_drift(world, OUTCOME_ACCEPTANCE, consumer, "state",
                         step_one(world, "available"),
                         step_one(world, endpoint->state));
    query_add(&ask->query, "ServiceId", service_id(world));
    query_add(&ask->query, "VpcEndpointId.1", endpoint->id);
    if (!endpoint->gone)
        return step_call(ask, ACTION_ACCEPT_CONNECTIONS, OUTCOME_ACTION_UPDATE);
    ask->did = OUTCOME_ACTION_UPDATE;
    return step_wait(ask, ACTION_ACCEPT_CONNECTIONS, ACCEPT_PAUSE_MS);
}

/*
 * InvalidState: it has moved on, or was rejected for good; the next look
 * tells.  NotFound: not visible to the provider yet, or gone.
 */
static bool acceptance_took(struct step *step, struct world *world,
                            const struct aws_call *answer)
{
    struct world_endpoint *endpoint = &step_consumer(step, world)->endpoint;
    const char *code = NULL, *message = NULL;

    if (!step_ok(answer))
        return false;
    if (answer && aws_call_unsuccessful(answer, &code, &message)) {
        if (code && strstr(code, "NotFound")) {
            if (++endpoint->gone >= STEP_SETTLE_LOOKS) {
                *endpoint = (struct world_endpoint){
                    .found = WORLD_NONE,
                    .salt = endpoint->salt + 1,
                };
            }
            return true;
        }
        if (!world_is(code, "InvalidState"))
            return false;
    }
    endpoint->gone = 0;
    endpoint->accepted = true;
    endpoint->state = "pending";
    if (!answer)
        endpoint->state = "available";
    return true;
}

const struct step_kind step_acceptance = {
    .name = OUTCOME_ACCEPTANCE,
    .now = acceptance_now,
    .took = acceptance_took,
};

/* ---- those of foreign consumers that the file lists */

bool step_is_listed(const struct world *world,
                    const struct world_connection *connection)
{
    for (size_t i = 0; i < world->nconsumers; i++) {
        const struct spec_consumer *spec = world->consumers[i].spec;

        if (spec->foreign && spec->accept == SPEC_LISTED &&
            spec->account.account && connection->owner &&
            strcmp(spec->account.account, connection->owner) == 0)
            return world_is(connection->state, "pendingAcceptance");
    }
    return false;
}

static enum step_now listed_now(const struct step *step, struct world *world,
                                struct step_ask *ask)
{
    struct world_service *service = &world->service;
    struct spec_texts ids = { 0 };

    (void)step;
    if (service->connections_found != WORLD_FOUND)
        return STEP_SKIPPED;
    for (size_t i = 0; i < service->nconnections; i++) {
        if (step_is_listed(world, &service->connections[i]))
            world_add(world, &ids, service->connections[i].endpoint);
    }
    if (!ids.n)
        return STEP_SKIPPED;
    ask->id = step_join(world, &ids);
    query_add(&ask->query, "ServiceId", service->id);
    step_query_texts(&ask->query, "VpcEndpointId", &ids);
    return step_call(ask, ACTION_ACCEPT_CONNECTIONS, OUTCOME_ACTION_UPDATE);
}

static bool listed_took(struct step *step, struct world *world,
                        const struct aws_call *answer)
{
    struct world_service *service = &world->service;

    (void)step;
    if (!step_ok(answer))
        return false;
    for (size_t i = 0; i < service->nconnections; i++) {
        if (step_is_listed(world, &service->connections[i]))
            service->connections[i].state = "pending";
    }
    return true;
}

const struct step_kind step_accept_listed = {
    .name = OUTCOME_ACCEPTANCE,
    .now = listed_now,
    .took = listed_took,
};

/* ---- available */

static enum step_now look(const struct world_endpoint *endpoint,
                          struct step_ask *ask)
{
    query_add(&ask->query, "VpcEndpointId.1", endpoint->id);
    return step_call(ask, ACTION_DESCRIBE_ENDPOINTS, OUTCOME_ACTION_NONE);
}

/* Will this run accept it? */
static bool is_accepted_here(const struct world *world,
                             const struct world_consumer *consumer)
{
    return world_has_provider(world) && !world->provider_left_out &&
           !consumer->spec->endpoint_id;
}

static enum step_now wait_available(struct world *world,
                                    struct world_consumer *consumer,
                                    struct step_ask *ask)
{
    struct world_endpoint *endpoint = &consumer->endpoint;

    ask->reason = world_format(world, "%s is %s", endpoint->id,
                               endpoint->state ? endpoint->state : "new");
    if (waits_for_us(endpoint)) {
        if (is_accepted_here(world, consumer))
            return step_blocked(ask, "it is not accepted yet");
        ask->reason = world_format(world,
                                   "%s waits for the provider to accept "
                                   "it",
                                   endpoint->id);
        return STEP_LATER;
    }
    (void)look(endpoint, ask);
    if (endpoint->made && !endpoint->seen &&
        world_is(endpoint->state, "available"))
        return STEP_CALL;
    return step_wait(ask, ACTION_DESCRIBE_ENDPOINTS, AVAILABLE_PAUSE_MS);
}

static enum step_now available_now(const struct step *step, struct world *world,
                                   struct step_ask *ask)
{
    struct world_consumer *consumer = step_consumer(step, world);
    struct world_endpoint *endpoint = &consumer->endpoint;

    if (endpoint->found != WORLD_FOUND)
        return step_blocked(ask, "there is no endpoint");
    ask->id = endpoint->id;
    if (world_is(endpoint->state, "failed") ||
        world_is(endpoint->state, "expired"))
        return step_blocked(ask, "the endpoint has failed");
    if (!world_is(endpoint->state, "available") || !endpoint->seen)
        return wait_available(world, consumer, ask);
    ask->reason = endpoint->dns_names.n ? endpoint->dns_names.texts[0] : NULL;
    return STEP_DONE;
}

static void took_gone(struct world_endpoint *endpoint)
{
    if (++endpoint->gone >= STEP_SETTLE_LOOKS / 2)
        *endpoint = (struct world_endpoint){
            .found = WORLD_NONE,
            .salt = endpoint->salt + 1,
        };
}

static bool available_took(struct step *step, struct world *world,
                           const struct aws_call *answer)
{
    struct world_endpoint *endpoint = &step_consumer(step, world)->endpoint;
    const struct xml_node *node;
    const char *state;

    if (!step_ok(answer)) {
        if (!aws_call_is(answer, "InvalidVpcEndpointId.NotFound "
                                 "InvalidVpcEndpoint.NotFound"))
            return false;
        took_gone(endpoint);
        return true;
    }
    node = aws_call_first(answer, "vpcEndpointSet/item");
    state = xml_text(node, "state");
    if (!node || world_is(state, "deleted") || world_is(state, "deleting")) {
        took_gone(endpoint);
        return true;
    }
    world_read_endpoint(world, endpoint, node);
    endpoint->seen = true;
    endpoint->gone = 0;
    if (world_is(endpoint->state, "rejected")) {
        endpoint->rejections += endpoint->accepted;
        endpoint->accepted = false;
    }
    return true;
}

const struct step_kind step_available = {
    .name = OUTCOME_AVAILABLE,
    .now = available_now,
    .took = available_took,
};

/* ---- private DNS: the provider's name must be proven by a TXT record */

static const char *to_publish(struct world *world)
{
    const struct world_service *service = &world->service;

    return world_format(
        world,
        "publish the TXT record %s.%s with the value %s, then apply "
        "again",
        service->private_record ? service->private_record : "?",
        service->private_name ? service->private_name : "?",
        service->private_value ? service->private_value : "?");
}

static enum step_now name_now(const struct step *step, struct world *world,
                              struct step_ask *ask)
{
    struct world_service *service = &world->service;

    (void)step;
    if (!world->spec->provider.service.private_dns_name)
        return STEP_SKIPPED;
    if (service->found != WORLD_FOUND)
        return step_blocked(ask, "there is no endpoint service");
    ask->id = service->private_name;
    if (world_is(service->private_state, "verified") ||
        (world->planning && service->made))
        return STEP_DONE;
    if (!service->private_asked) {
        query_add(&ask->query, "ServiceId", service->id);
        return step_call(ask, ACTION_VERIFY_PRIVATE_DNS, OUTCOME_ACTION_UPDATE);
    }
    ask->reason = to_publish(world);
    if (service->private_looks > 2)
        return STEP_LATER;
    query_add(&ask->query, "ServiceId.1", service->id);
    return step_wait(ask, ACTION_DESCRIBE_SERVICES, PRIVATE_PAUSE_MS);
}

static bool name_took(struct step *step, struct world *world,
                      const struct aws_call *answer)
{
    struct world_service *service = &world->service;
    const struct xml_node *node;

    if (!step_ok(answer))
        return false;
    if (step->asked == ACTION_VERIFY_PRIVATE_DNS) {
        service->private_asked = true;
        if (!answer)
            service->private_state = "verified";
        return true;
    }
    service->private_looks++;
    node = aws_call_first(answer, "serviceConfigurationSet/item");
    if (node)
        world_read_service(world, service, node);
    return true;
}

const struct step_kind step_private_name = {
    .name = OUTCOME_PRIVATE_DNS,
    .now = name_now,
    .took = name_took,
};

static enum step_now private_now(const struct step *step, struct world *world,
                                 struct step_ask *ask)
{
    struct world_consumer *consumer = step_consumer(step, world);
    struct world_endpoint *endpoint = &consumer->endpoint;
    bool want = consumer->spec->private_dns;

    if (!want && !endpoint->private_dns)
        return STEP_SKIPPED;
    if (endpoint->found != WORLD_FOUND ||
        !world_is(endpoint->state, "available"))
        return step_blocked(ask, "the endpoint is not available");
    ask->id = endpoint->id;
    if (endpoint->private_dns == want || consumer->spec->endpoint_id)
        return STEP_DONE;
    if (want && world_has_provider(world) &&
        !world_is(world->service.private_state, "verified")) {
        ask->reason = "the name is not verified yet";
        return STEP_LATER;
    }
    if (!endpoint->made)
        world_note_drift(world, OUTCOME_PRIVATE_DNS, consumer, "enabled",
                         step_one(world, want ? "true" : "false"),
                         step_one(world, want ? "false" : "true"));
    query_add(&ask->query, "VpcEndpointId", endpoint->id);
    query_add_bool(&ask->query, "PrivateDnsEnabled", want);
    return step_call(ask, ACTION_MODIFY_ENDPOINT, OUTCOME_ACTION_UPDATE);
}

static bool private_took(struct step *step, struct world *world,
                         const struct aws_call *answer)
{
    struct world_consumer *consumer = step_consumer(step, world);

    if (!step_ok(answer))
        return false;
    consumer->endpoint.private_dns = consumer->spec->private_dns;
    return true;
}

const struct step_kind step_private_dns = {
    .name = OUTCOME_PRIVATE_DNS,
    .now = private_now,
    .took = private_took,
};
