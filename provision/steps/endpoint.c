/*
 * The interface endpoint of a consumer.
 *
 * Its client token is made of the service's id and the VPC, so an interrupted
 * run's endpoint is found again although lists lag.  The answer may also be one
 * that was deleted or rejected since: what it says of the state is not believed
 * until the endpoint was seen by its id; one that is gone is made again with
 * another token.  Private DNS is switched on later, when it is accepted.
 */
#include <stdio.h>
#include <string.h>

#include "provision/memory.h"
#include "provision/steps/steps.h"
#include "provision/world/read.h"

enum {
    SETTLE_PAUSE_MS = 700,
};

static const char path[] = "vpcEndpointSet/item";

static bool is_over(const char *state)
{
    return world_is(state, "deleting") || world_is(state, "deleted");
}

/* AWS will not make it work any more. */
static bool is_dead(const char *state)
{
    return world_is(state, "failed") || world_is(state, "expired");
}

/* It was accepted again, and is rejected still. */
static bool is_rejected_for_good(const struct world_endpoint *endpoint)
{
    return world_is(endpoint->state, "rejected") && endpoint->rejections > 1;
}

static void forget(struct world_endpoint *endpoint)
{
    unsigned salt = endpoint->salt + 1;

    *endpoint = (struct world_endpoint){ .found = WORLD_NONE, .salt = salt };
}

static enum step_now look(const struct world *world,
                          const struct world_consumer *consumer,
                          struct step_ask *ask)
{
    const char *id = consumer->spec->endpoint_id ? consumer->spec->endpoint_id
                                                 : consumer->endpoint.id;

    if (id) {
        query_add(&ask->query, "VpcEndpointId.1", id);
    } else {
        step_filter_path(world, &ask->query, 1);
        query_add_filter(&ask->query, 2, "vpc-id", consumer->spec->vpc);
        ask->pages = true;
    }
    return step_call(ask, ACTION_DESCRIBE_ENDPOINTS, OUTCOME_ACTION_NONE);
}

enum step_now step_find_endpoint(struct world *world,
                                 struct world_consumer *consumer,
                                 struct step_ask *ask)
{
    return consumer->endpoint.found == WORLD_UNKNOWN
               ? look(world, consumer, ask)
               : STEP_DONE;
}

/* ---- making */

static const struct spec_texts *groups_of(struct world_consumer *consumer,
                                          struct spec_texts *one)
{
    if (!consumer->spec->create_group)
        return &consumer->spec->groups;
    *one = (struct spec_texts){ .texts = &consumer->group.id, .n = 1 };
    return one;
}

static const char *service_of(const struct world *world,
                              const struct world_consumer *consumer)
{
    return consumer->spec->service_name ? consumer->spec->service_name
                                        : world->service.name;
}

static enum step_now create(struct world *world,
                            struct world_consumer *consumer,
                            struct step_ask *ask)
{
    char token[IDENTITY_TOKEN_SIZE], memory[MEMORY_SIZE], parent[512];
    bool remembers =
        consumer->spec->subnets_auto && memory_of_clients(consumer, memory);
    struct spec_texts one;

    (void)snprintf(parent, sizeof(parent), "%s %s", service_of(world, consumer),
                   consumer->spec->vpc);
    identity_token(world->spec->name, "endpoint", parent,
                   consumer->endpoint.salt, token);
    query_add(&ask->query, "VpcEndpointType", "Interface");
    query_add(&ask->query, "VpcId", consumer->spec->vpc);
    query_add(&ask->query, "ServiceName", service_of(world, consumer));
    step_query_texts(&ask->query, "SubnetId", &consumer->chosen);
    step_query_texts(&ask->query, "SecurityGroupId", groups_of(consumer, &one));
    query_add_bool(&ask->query, "PrivateDnsEnabled", false);
    query_add(&ask->query, "ClientToken", token);
    step_tag_ec2(world, &ask->query, "vpc-endpoint", &consumer->spec->tags,
                 remembers ? MEMORY_TAG_CLIENTS : NULL, memory);
    return step_call(ask, ACTION_CREATE_ENDPOINT, OUTCOME_ACTION_CREATE);
}

static enum step_now may_create(struct world *world,
                                struct world_consumer *consumer,
                                struct step_ask *ask)
{
    if (consumer->spec->endpoint_id)
        return step_refused(ask, "there is no such endpoint");
    if (!service_of(world, consumer) ||
        (world_has_provider(world) && world->service.found != WORLD_FOUND))
        return step_blocked(ask, "there is no endpoint service");
    if (consumer->service_found != WORLD_FOUND)
        return step_blocked(ask, "the service is not visible");
    if (!consumer->chosen.n || consumer->clients_found != WORLD_FOUND)
        return step_blocked(ask, "there is no subnet for it");
    if (consumer->spec->create_group &&
        (consumer->group_found != WORLD_FOUND ||
         (!consumer->group_made &&
          world_owner(world, consumer->group_hash) != WORLD_OURS)))
        return step_blocked(ask, "there is no security group");
    if (!world->hash[0])
        return step_blocked(ask, "the account is not known yet");
    if (consumer->endpoint.wait_seen) {
        ask->reason = "made before with other settings: it will be listed";
        (void)look(world, consumer, ask);
        return step_wait(ask, ACTION_DESCRIBE_ENDPOINTS, SETTLE_PAUSE_MS);
    }
    return create(world, consumer, ask);
}

/* ---- the step */

/* One of ours that will never work makes room for another. */
static enum step_now replace(struct world *world,
                             struct world_consumer *consumer,
                             struct step_ask *ask)
{
    struct world_endpoint *endpoint = &consumer->endpoint;

    ask->reason = world_format(
        world, "%s is %s%s%s: it is replaced", endpoint->id, endpoint->state,
        endpoint->error ? ": " : "", endpoint->error ? endpoint->error : "");
    world_note_drift(world, OUTCOME_ENDPOINT, consumer, "state",
                     step_one(world, "available"),
                     step_one(world, endpoint->state));
    query_add(&ask->query, "VpcEndpointId.1", endpoint->id);
    return step_call(ask, ACTION_DELETE_ENDPOINTS, OUTCOME_ACTION_UPDATE);
}

static enum step_now judge(struct world *world, struct world_consumer *consumer,
                           struct step_ask *ask)
{
    struct world_endpoint *endpoint = &consumer->endpoint;
    enum world_owner owner = world_owner(world, endpoint->hash);

    ask->id = endpoint->id;
    if (consumer->spec->endpoint_id) {
        ask->did = OUTCOME_ACTION_REFERENCE;
        return STEP_DONE;
    }
    if (!endpoint->made && owner == WORLD_FOREIGN)
        return step_refused(
            ask, world_format(world,
                              "%s carries this path's name but is of another "
                              "account, region or file: it is not touched",
                              endpoint->id));
    if ((is_dead(endpoint->state) || is_rejected_for_good(endpoint)) &&
        owner == WORLD_OURS && !world->only_look)
        return replace(world, consumer, ask);
    return STEP_DONE;
}

static enum step_now endpoint_now(const struct step *step, struct world *world,
                                  struct step_ask *ask)
{
    struct world_consumer *consumer = step_consumer(step, world);

    switch (consumer->endpoint.found) {
    case WORLD_UNKNOWN: return look(world, consumer, ask);
    case WORLD_NONE:
        return world->only_look ? STEP_SKIPPED
                                : may_create(world, consumer, ask);
    default: return judge(world, consumer, ask);
    }
}

static bool is_of_path(const struct world *world, const struct xml_node *node)
{
    const char *name = world_read_tag(node, IDENTITY_TAG_PATH);

    return name && strcmp(name, world->spec->name) == 0;
}

static void took_list(struct world *world, struct world_consumer *consumer,
                      const struct aws_call *answer)
{
    struct world_endpoint *endpoint = &consumer->endpoint;
    const struct xml_node *at = aws_call_first(answer, path);

    while (at && is_over(xml_text(at, "state")))
        at = aws_call_next(answer, at, path);
    if (at && endpoint->suspected && !is_of_path(world, at))
        at = NULL;
    if (at) {
        world_read_endpoint(world, endpoint, at);
        endpoint->seen = true;
        endpoint->wait_seen = false;
        endpoint->gone = 0;
    } else if (endpoint->found == WORLD_UNKNOWN) {
        endpoint->found = WORLD_NONE;
        endpoint->id = NULL;
    } else if (++endpoint->gone >= STEP_SETTLE_LOOKS / 2) {
        forget(endpoint);
    }
}

static bool took_created(struct world *world, struct world_consumer *consumer,
                         const struct aws_call *answer)
{
    struct world_endpoint *endpoint = &consumer->endpoint;
    const struct xml_node *node;

    endpoint->made = true;
    endpoint->found = WORLD_FOUND;
    if (!answer) {
        endpoint->id = WORLD_LATER;
        endpoint->state =
            consumer->service_acceptance ? "pendingAcceptance" : "available";
        endpoint->seen = true;
        endpoint->subnets = consumer->chosen;
        return true;
    }
    node = xml_find(aws_call_result(answer), "vpcEndpoint");
    if (!node)
        return false;
    world_read_endpoint(world, endpoint, node);
    if (!consumer->account)
        consumer->account = endpoint->account;
    if (is_over(endpoint->state) || is_dead(endpoint->state) ||
        world_is(endpoint->state, "rejected"))
        forget(endpoint);
    return endpoint->id != NULL || endpoint->found == WORLD_NONE;
}

static bool took_error(const struct step *step, struct world_consumer *consumer,
                       const struct aws_call *answer)
{
    struct world_endpoint *endpoint = &consumer->endpoint;

    if (step->asked == ACTION_DESCRIBE_ENDPOINTS &&
        aws_call_is(answer, "InvalidVpcEndpointId.NotFound "
                            "InvalidVpcEndpoint.NotFound")) {
        endpoint->found = WORLD_NONE;
        endpoint->id = NULL;
        return true;
    }
    if (step->asked != ACTION_CREATE_ENDPOINT)
        return false;
    if (aws_call_is(answer, "IdempotentParameterMismatch")) {
        endpoint->wait_seen = true;
        endpoint->gone = 0;
        return true;
    }
    if (aws_call_is(answer, "InvalidServiceName "
                            "InvalidVpcEndpointServiceId.NotFound")) {
        consumer->service_found = WORLD_NONE; /* look until it is visible */
        consumer->service_looks++;
        return true;
    }
    return false;
}

static bool endpoint_took(struct step *step, struct world *world,
                          const struct aws_call *answer)
{
    struct world_consumer *consumer = step_consumer(step, world);

    if (!step_ok(answer))
        return took_error(step, consumer, answer);
    if (step->asked == ACTION_CREATE_ENDPOINT)
        return took_created(world, consumer, answer);
    if (step->asked == ACTION_DELETE_ENDPOINTS)
        forget(&consumer->endpoint);
    else
        took_list(world, consumer, answer);
    return true;
}

const struct step_kind step_endpoint = {
    .name = OUTCOME_ENDPOINT,
    .now = endpoint_now,
    .took = endpoint_took,
};

/* ---- settings: groups, and the subnets that the file lists */

static void compare_groups(struct world *world, struct world_consumer *consumer,
                           struct query *query)
{
    struct world_endpoint *endpoint = &consumer->endpoint;
    struct spec_texts one;
    const struct spec_texts *want = groups_of(consumer, &one);
    struct spec_texts add = step_lacking(world, want, &endpoint->groups);
    struct spec_texts drop = step_lacking(world, &endpoint->groups, want);

    if (!add.n && !drop.n)
        return;
    world_note_drift(world, OUTCOME_ENDPOINT, consumer, "security_groups",
                     *want, endpoint->groups);
    step_query_texts(query, "AddSecurityGroupId", &add);
    step_query_texts(query, "RemoveSecurityGroupId", &drop);
}

static void compare_subnets(struct world *world,
                            struct world_consumer *consumer,
                            struct query *query)
{
    struct world_endpoint *endpoint = &consumer->endpoint;
    const struct spec_texts *want = consumer->spec->subnets_auto
                                        ? &consumer->chosen
                                        : &consumer->spec->subnets;
    struct spec_texts add, drop;

    if (!want->n)
        return;
    add = step_lacking(world, want, &endpoint->subnets);
    drop = step_lacking(world, &endpoint->subnets, want);
    if (!add.n && !drop.n)
        return;
    world_note_drift(world, OUTCOME_ENDPOINT, consumer, "subnets", *want,
                     endpoint->subnets);
    step_query_texts(query, "AddSubnetId", &add);
    step_query_texts(query, "RemoveSubnetId", &drop);
}

static enum step_now settings_now(const struct step *step, struct world *world,
                                  struct step_ask *ask)
{
    struct world_consumer *consumer = step_consumer(step, world);
    struct world_endpoint *endpoint = &consumer->endpoint;

    if (endpoint->found != WORLD_FOUND)
        return step_blocked(ask, "there is no endpoint");
    if (consumer->spec->endpoint_id || (endpoint->made && !endpoint->seen) ||
        (world->planning && endpoint->made))
        return STEP_SKIPPED;
    if (!endpoint->made && world_owner(world, endpoint->hash) != WORLD_OURS)
        return step_blocked(ask, "the endpoint is not known as ours");
    if (consumer->spec->create_group && consumer->group_found != WORLD_FOUND)
        return step_blocked(ask, "there is no security group");
    if (!world_is(endpoint->state, "available"))
        return STEP_SKIPPED; /* AWS changes no endpoint before that */
    compare_groups(world, consumer, &ask->query);
    compare_subnets(world, consumer, &ask->query);
    if (!ask->query.size)
        return STEP_SKIPPED;
    query_add(&ask->query, "VpcEndpointId", endpoint->id);
    return step_call(ask, ACTION_MODIFY_ENDPOINT, OUTCOME_ACTION_UPDATE);
}

static bool settings_took(struct step *step, struct world *world,
                          const struct aws_call *answer)
{
    struct world_consumer *consumer = step_consumer(step, world);
    struct spec_texts one;

    if (!step_ok(answer))
        return false;
    consumer->endpoint.groups = (struct spec_texts){ 0 };
    for (size_t i = 0; i < groups_of(consumer, &one)->n; i++)
        world_add(world, &consumer->endpoint.groups,
                  groups_of(consumer, &one)->texts[i]);
    if (consumer->spec->subnets_auto && consumer->chosen.n)
        consumer->endpoint.subnets = consumer->chosen;
    else if (!consumer->spec->subnets_auto && consumer->spec->subnets.n)
        consumer->endpoint.subnets = consumer->spec->subnets;
    return true;
}

const struct step_kind step_endpoint_settings = {
    .name = OUTCOME_ENDPOINT,
    .now = settings_now,
    .took = settings_took,
};
