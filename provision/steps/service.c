/*
 * The endpoint service, made once all load balancers are active.
 *
 * Lists may lag behind: a service that an interrupted run has made may not be
 * listed yet.  Its client token is made of the load balancers, which belong to
 * at most one service, so making it again gives the same one.  The answer may
 * also be that of a service deleted since: it is believed when the next call
 * of it works (`verified`), else looked at by its id, and when it is gone, made
 * with another token.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "provision/memory.h"
#include "provision/steps/steps.h"
#include "provision/world/read.h"

enum {
    SETTLE_PAUSE_MS = 700,
    ARNS_SIZE = 4096,
};

static const char path[] = "serviceConfigurationSet/item";

/* ---- looking */

static enum step_now look(const struct world *world, struct step_ask *ask)
{
    const struct world_service *service = &world->service;
    const char *id =
        service->id ? service->id : world->spec->provider.service.id;

    if (id && !service->wait_seen)
        query_add(&ask->query, "ServiceId.1", id);
    else
        step_filter_path(world, &ask->query, 1);
    ask->pages = !id;
    return step_call(ask, ACTION_DESCRIBE_SERVICES, OUTCOME_ACTION_NONE);
}

static bool is_live(const struct xml_node *node)
{
    const char *state = xml_text(node, "serviceState");

    return !world_is(state, "deleting") && !world_is(state, "deleted");
}

enum step_now step_find_service(struct world *world, struct step_ask *ask)
{
    return world->service.found == WORLD_UNKNOWN ? look(world, ask) : STEP_DONE;
}

/* ---- making */

static void forget(struct world_service *service)
{
    unsigned salt = service->salt + 1;

    *service = (struct world_service){ .found = WORLD_NONE, .salt = salt };
}

static size_t arns_of(const struct world *world, const char *arns[])
{
    for (size_t i = 0; i < world->nbalancers; i++)
        arns[i] = world->balancers[i].arn;
    return world->nbalancers;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_token(const struct world *world, struct query *query,
                      const char *const arns[], size_t n)
{
    char parent[ARNS_SIZE], token[IDENTITY_TOKEN_SIZE];
    size_t at = 0;

    parent[0] = '\0';
    for (size_t i = 0; i < n && at < sizeof(parent); i++)
        at +=
            (size_t)snprintf(parent + at, sizeof(parent) - at, "%s ", arns[i]);
    identity_token(world->spec->name, "service", parent, world->service.salt,
                   token);
    query_add(query, "ClientToken", token);
}

static enum step_now create(struct world *world, struct step_ask *ask)
{
    const struct spec_service *wanted = &world->spec->provider.service;
    const char *arns[SPEC_BALANCERS_MAX];
    char memory[MEMORY_SIZE];
    bool remembers = memory_of_caches(world, memory);
    size_t n = arns_of(world, arns);

    qsort(arns, n, sizeof(arns[0]), by_text);
    query_add_bool(&ask->query, "AcceptanceRequired",
                   wanted->acceptance_required);
    query_add_list(&ask->query, "NetworkLoadBalancerArn", arns, n);
    query_add(&ask->query, "PrivateDnsName", wanted->private_dns_name);
    add_token(world, &ask->query, arns, n);
    step_tag_ec2(world, &ask->query, "vpc-endpoint-service",
                 &world->spec->provider.tags,
                 remembers ? MEMORY_TAG_CACHE : NULL, memory);
    return step_call(ask, ACTION_CREATE_SERVICE, OUTCOME_ACTION_CREATE);
}

static enum step_now may_create(struct world *world, struct step_ask *ask)
{
    if (world->spec->provider.service.id)
        return step_refused(ask, "there is no such endpoint service");
    for (size_t i = 0; i < world->nbalancers; i++) {
        const struct world_balancer *at = &world->balancers[i];

        if (at->found != WORLD_FOUND)
            return step_blocked(ask, "there is no load balancer");
        if (!world_is(at->state, "active") &&
            !world_is(at->state, "active_impaired"))
            return step_blocked(ask, "the load balancer is not active yet");
        if (at->owner == WORLD_FOREIGN || at->owner == WORLD_OWNER_UNKNOWN)
            return step_blocked(ask, "the load balancer is not known as ours");
    }
    for (size_t i = 0; i < world->nlisteners; i++) {
        if (world->asks_caches && !world->listeners[i].host)
            return step_blocked(ask, "the cache is not known");
    }
    if (world->service.wait_seen) {
        ask->reason = "made before with other settings: it will be listed";
        (void)look(world, ask);
        return step_wait(ask, ACTION_DESCRIBE_SERVICES, SETTLE_PAUSE_MS);
    }
    return create(world, ask);
}

/* ---- settings */

/* ARNs of load balancers that it should have, and those that it should not. */
static void compare_balancers(struct world *world, struct spec_texts *add,
                              struct spec_texts *drop)
{
    struct spec_texts wanted = { 0 };

    for (size_t i = 0; i < world->nbalancers; i++) {
        if (world->balancers[i].found == WORLD_FOUND)
            world_add(world, &wanted, world->balancers[i].arn);
    }
    *add = step_lacking(world, &wanted, &world->service.balancers);
    *drop = step_lacking(world, &world->service.balancers, &wanted);
    if (wanted.n < world->nbalancers)
        *drop = (struct spec_texts){ 0 };
    if (add->n || drop->n)
        world_note_drift(world, OUTCOME_ENDPOINT_SERVICE, NULL,
                         "load_balancers", wanted, world->service.balancers);
}

static void compare_acceptance(struct world *world, struct query *query)
{
    bool want = world->spec->provider.service.acceptance_required;

    if (world->service.acceptance == want)
        return;
    world_note_drift(world, OUTCOME_ENDPOINT_SERVICE, NULL,
                     "acceptance_required",
                     step_one(world, want ? "true" : "false"),
                     step_one(world, want ? "false" : "true"));
    query_add_bool(query, "AcceptanceRequired", want);
}

static void compare_private_name(struct world *world, struct query *query)
{
    const char *want = world->spec->provider.service.private_dns_name;
    const char *have = world->service.private_name;

    if (!want == !have && (!want || strcmp(want, have) == 0))
        return;
    world_note_drift(world, OUTCOME_ENDPOINT_SERVICE, NULL, "private_dns_name",
                     step_one(world, want), step_one(world, have));
    if (want)
        query_add(query, "PrivateDnsName", want);
    else
        query_add_bool(query, "RemovePrivateDnsName", true);
}

static enum step_now compare(struct world *world, struct step_ask *ask)
{
    struct spec_texts add, drop;

    compare_balancers(world, &add, &drop);
    compare_acceptance(world, &ask->query);
    compare_private_name(world, &ask->query);
    step_query_texts(&ask->query, "AddNetworkLoadBalancerArn", &add);
    step_query_texts(&ask->query, "RemoveNetworkLoadBalancerArn", &drop);
    if (!ask->query.size)
        return STEP_DONE;
    query_add(&ask->query, "ServiceId", world->service.id);
    return step_call(ask, ACTION_MODIFY_SERVICE, OUTCOME_ACTION_UPDATE);
}

/* ---- the step */

static enum step_now judge(struct world *world, struct step_ask *ask)
{
    struct world_service *service = &world->service;
    enum world_owner owner = world_owner(world, service->hash);

    ask->id = service->id;
    if (world->spec->provider.service.id) {
        ask->did = OUTCOME_ACTION_REFERENCE;
        return STEP_DONE;
    }
    if (!service->made && owner == WORLD_FOREIGN)
        return step_refused(
            ask, world_format(world,
                              "%s carries this path's name but is of another "
                              "account, region or file: it is not touched",
                              service->id));
    if (world_is(service->state, "failed"))
        return step_failed(ask, "AWS could not make it; destroy, and apply "
                                "again");
    if (service->made || owner == WORLD_OWNER_UNKNOWN || world->only_look)
        return STEP_DONE;
    return compare(world, ask);
}

/* It was made, and nothing has shown yet that it is there. */
static enum step_now verify(struct world *world, struct step_ask *ask)
{
    struct world_service *service = &world->service;

    ask->id = service->id;
    if (!service->doubted && world->principals.n)
        return STEP_DONE; /* the permission will tell */
    (void)look(world, ask);
    if (!service->doubted)
        return STEP_CALL;
    return step_wait(ask, ACTION_DESCRIBE_SERVICES, SETTLE_PAUSE_MS);
}

static enum step_now service_now(const struct step *step, struct world *world,
                                 struct step_ask *ask)
{
    struct world_service *service = &world->service;

    (void)step;
    if (service->found == WORLD_UNKNOWN)
        return look(world, ask);
    if (service->found == WORLD_NONE)
        return world->only_look ? STEP_SKIPPED : may_create(world, ask);
    if ((service->made && !service->verified && !world->planning) ||
        service->doubted)
        return verify(world, ask);
    return judge(world, ask);
}

static bool took_list(struct world *world, const struct aws_call *answer)
{
    struct world_service *service = &world->service;
    const struct xml_node *at;

    for (at = aws_call_first(answer, path); at && !is_live(at);)
        at = aws_call_next(answer, at, path);
    if (at) {
        world_read_service(world, service, at);
        service->verified = true;
        service->doubted = service->wait_seen = false;
        return true;
    }
    if (service->found == WORLD_UNKNOWN)
        service->found = WORLD_NONE;
    else if (++service->gone >= STEP_SETTLE_LOOKS / 2)
        forget(service);
    return true;
}

static bool took_error(const struct step *step, struct world *world,
                       const struct aws_call *answer)
{
    if (step->asked == ACTION_DESCRIBE_SERVICES &&
        aws_call_is(answer, "InvalidVpcEndpointServiceId.NotFound "
                            "InvalidVpcEndpointService.NotFound"))
        return took_list(world, answer);
    if (step->asked == ACTION_MODIFY_SERVICE &&
        aws_call_is(answer, "InvalidVpcEndpointServiceId.NotFound "
                            "InvalidVpcEndpointService.NotFound")) {
        world->service.doubted = true;
        return true;
    }
    if (step->asked == ACTION_CREATE_SERVICE &&
        aws_call_is(answer, "IdempotentParameterMismatch")) {
        world->service.wait_seen = true;
        world->service.gone = 0;
        return true;
    }
    return false;
}

static void pretend(struct world *world)
{
    struct world_service *service = &world->service;

    service->found = WORLD_FOUND;
    service->id = service->name = WORLD_LATER;
    service->acceptance = world->spec->provider.service.acceptance_required;
    service->private_name = world->spec->provider.service.private_dns_name;
}

static void take_settings(struct world *world)
{
    struct world_service *service = &world->service;

    service->acceptance = world->spec->provider.service.acceptance_required;
    service->private_name = world->spec->provider.service.private_dns_name;
    service->balancers = (struct spec_texts){ 0 };
    for (size_t i = 0; i < world->nbalancers; i++)
        world_add(world, &service->balancers, world->balancers[i].arn);
}

static bool service_took(struct step *step, struct world *world,
                         const struct aws_call *answer)
{
    const struct xml_node *node;

    if (!step_ok(answer))
        return took_error(step, world, answer);
    if (step->asked == ACTION_DESCRIBE_SERVICES)
        return took_list(world, answer);
    if (step->asked == ACTION_MODIFY_SERVICE) {
        take_settings(world);
        return true;
    }
    world->service.made = true;
    world->service.verified = false;
    world->service.gone = 0;
    if (!answer) {
        pretend(world);
        return true;
    }
    node = xml_find(aws_call_result(answer), "serviceConfiguration");
    if (!node)
        return false;
    world_read_service(world, &world->service, node);
    return true;
}

const struct step_kind step_service = {
    .name = OUTCOME_ENDPOINT_SERVICE,
    .now = service_now,
    .took = service_took,
};

/* ---- for who acts on the consumers' side alone */

static enum step_now service_look_now(const struct step *step,
                                      struct world *world, struct step_ask *ask)
{
    struct world_service *service = &world->service;

    (void)step;
    if (service->found == WORLD_UNKNOWN)
        return look(world, ask);
    if (service->found == WORLD_NONE)
        return world->destroying
                   ? STEP_SKIPPED
                   : step_refused(ask, "the provider's side is not there yet");
    service->verified = true;
    if (world_owner(world, service->hash) == WORLD_OWNER_UNKNOWN)
        return STEP_DONE;
    return world_owner(world, service->hash) == WORLD_FOREIGN
               ? judge(world, ask)
               : STEP_DONE;
}

const struct step_kind step_service_look = {
    .name = OUTCOME_ENDPOINT_SERVICE,
    .now = service_look_now,
    .took = service_took,
};
