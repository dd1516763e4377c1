/*
 * The service as a consumer sees it, and the subnets for its endpoint.
 *
 * Zone names differ from account to account, zone ids do not: a subnet fits
 * when its zone's id is one of the service's.  One a zone is taken, the first
 * by its id that has a free address, so that every run takes the same.
 */
#include <stdlib.h>
#include <string.h>

#include "provision/memory.h"
#include "provision/steps/steps.h"
#include "provision/world/read.h"

enum {
    VISIBLE_PAUSE_MS = 300,
};

/* ---- the service */

static const char *name_of(const struct world *world,
                           const struct world_consumer *consumer)
{
    if (consumer->spec->service_name)
        return consumer->spec->service_name;
    return world->service.name;
}

/* A plan knows the zones from the provider's subnets. */
static void pretend_service(struct world *world,
                            struct world_consumer *consumer)
{
    for (size_t i = 0; i < world->nprovider_subnets; i++) {
        const char *zone = world->provider_subnets[i].zone_id;

        if (zone && !world_has(&consumer->service_zone_ids, zone))
            world_add(world, &consumer->service_zone_ids, zone);
    }
    consumer->service_owner = world->account;
    consumer->service_acceptance =
        world->spec->provider.service.acceptance_required;
    consumer->service_found = WORLD_FOUND;
}

static bool needs_service(const struct world *world,
                          const struct world_consumer *consumer)
{
    return step_makes_endpoint(consumer) || world->all ||
           (consumer->spec->private_dns && !consumer->endpoint.private_dns);
}

static const char not_visible[] =
    "%s is not visible to this account: is its caller an allowed principal, "
    "and the region right?";

/* Will this run allow someone? */
static bool lacks_permission(struct world *world)
{
    const struct world_service *service = &world->service;

    if (!world_has_provider(world) || world->provider_left_out ||
        world->spec->provider.service.id)
        return false;
    return service->principals_found != WORLD_FOUND ||
           step_lacking(world, &world->principals, &service->principals).n > 0;
}

/* It fails who needs it; a plan that adds the permission goes on as if it were
 * there. */
static enum step_now not_seen(struct world *world,
                              struct world_consumer *consumer,
                              struct step_ask *ask, const char *name)
{
    ask->reason = world_format(world, not_visible, name);
    if (!step_makes_endpoint(consumer))
        return STEP_SKIPPED;
    if (!world->planning || (!world->permits && !lacks_permission(world)))
        return STEP_FAILED;
    if (!world->permits)
        return step_blocked(ask, "the permission is added first");
    if (world->provider_subnets_found != WORLD_FOUND)
        return step_blocked(ask, "the service's zones are not known");
    pretend_service(world, consumer);
    return STEP_DONE;
}

static enum step_now view_now(const struct step *step, struct world *world,
                              struct step_ask *ask)
{
    struct world_consumer *consumer = step_consumer(step, world);
    const char *name = name_of(world, consumer);

    if (consumer->service_found == WORLD_FOUND)
        return STEP_DONE;
    if (consumer->endpoint.found == WORLD_UNKNOWN)
        return step_blocked(ask, "the endpoint is not looked for yet");
    if (!needs_service(world, consumer))
        return STEP_SKIPPED;
    if (!name)
        return step_blocked(ask, "there is no endpoint service");
    if (world->service.made && world->planning) {
        pretend_service(world, consumer);
        return STEP_DONE;
    }
    if (world_has_provider(world) && world->service.made &&
        !world->service.verified)
        return step_blocked(ask, "the service is not known to be there");
    if (consumer->service_looks >= STEP_SETTLE_LOOKS ||
        (consumer->service_looks && world->planning))
        return not_seen(world, consumer, ask, name);
    query_add(&ask->query, "ServiceName.1", name);
    if (!consumer->service_looks)
        return step_call(ask, ACTION_LOOK_UP_SERVICE, OUTCOME_ACTION_NONE);
    return step_wait(ask, ACTION_LOOK_UP_SERVICE, VISIBLE_PAUSE_MS);
}

static bool view_took(struct step *step, struct world *world,
                      const struct aws_call *answer)
{
    struct world_consumer *consumer = step_consumer(step, world);
    const struct xml_node *node;

    if (!step_ok(answer) && !aws_call_is(answer, "InvalidServiceName "
                                                 "InvalidServiceName.NotFound"))
        return false;
    node = step_ok(answer) ? aws_call_first(answer, "serviceDetailSet/item")
                           : NULL;
    if (node)
        world_read_service_detail(world, consumer, node);
    else
        consumer->service_looks++;
    return true;
}

const struct step_kind step_service_view = {
    .name = OUTCOME_ENDPOINT,
    .now = view_now,
    .took = view_took,
};

/* ---- subnets */

static const struct world_subnet *subnet_of(const struct world_consumer *of,
                                            const char *id)
{
    for (size_t i = 0; i < of->nsubnets; i++) {
        if (strcmp(of->subnets[i].id, id) == 0)
            return &of->subnets[i];
    }
    return NULL;
}

static int by_id(const void *a, const void *b)
{
    return strcmp(((const struct world_subnet *)a)->id,
                  ((const struct world_subnet *)b)->id);
}

static void choose(struct world *world, struct world_consumer *consumer)
{
    struct spec_texts zones = { 0 };

    if (consumer->nsubnets)
        qsort(consumer->subnets, consumer->nsubnets,
              sizeof(consumer->subnets[0]), by_id);
    for (size_t i = 0; i < consumer->nsubnets; i++) {
        const struct world_subnet *at = &consumer->subnets[i];

        if (!at->zone_id || at->free == 0 ||
            !world_has(&consumer->service_zone_ids, at->zone_id) ||
            world_has(&zones, at->zone_id))
            continue;
        world_add(world, &zones, at->zone_id);
        world_add(world, &consumer->chosen, at->id);
    }
}

/* NULL: the listed subnets will do. */
static const char *fault_of(struct world *world,
                            const struct world_consumer *consumer)
{
    const struct spec_texts *listed = &consumer->spec->subnets;

    for (size_t i = 0; i < listed->n; i++) {
        const struct world_subnet *at = subnet_of(consumer, listed->texts[i]);

        if (!at)
            return world_format(world, "there is no subnet %s in %s",
                                listed->texts[i], consumer->spec->vpc);
        if (at->zone_id && !world_has(&consumer->service_zone_ids, at->zone_id))
            return world_format(
                world, "%s lies in zone %s, the service is in %s only", at->id,
                at->zone_id, step_join(world, &consumer->service_zone_ids));
    }
    return NULL;
}

static void take_clients(struct world *world, struct world_consumer *consumer)
{
    consumer->clients = (struct spec_texts){ 0 };
    for (size_t i = 0; i < consumer->chosen.n; i++) {
        const struct world_subnet *at =
            subnet_of(consumer, consumer->chosen.texts[i]);

        if (at)
            world_add(world, &consumer->clients, at->cidr);
    }
    consumer->clients_found = WORLD_FOUND;
}

/* Why auto finds no subnet. */
static const char *none_fits(struct world *world,
                             const struct world_consumer *consumer)
{
    if (!consumer->nsubnets)
        return world_format(world,
                            "%s has no subnets in this account and region: is "
                            "it the VPC's id?",
                            consumer->spec->vpc);
    return world_format(world,
                        "no subnet of %s with a free address lies in the "
                        "service's zones (%s)",
                        consumer->spec->vpc,
                        step_join(world, &consumer->service_zone_ids));
}

/* For the endpoint: all that the file and the zones allow. */
static enum step_now choose_for_new(struct world *world,
                                    struct world_consumer *consumer,
                                    struct step_ask *ask)
{
    const char *fault;

    if (consumer->service_found != WORLD_FOUND)
        return step_blocked(ask, "the service's zones are not known");
    if (consumer->spec->subnets_auto) {
        choose(world, consumer);
        fault = consumer->chosen.n ? NULL : none_fits(world, consumer);
    } else {
        fault = fault_of(world, consumer);
        for (size_t i = 0; i < consumer->spec->subnets.n; i++)
            world_add(world, &consumer->chosen,
                      consumer->spec->subnets.texts[i]);
        world_sort(&consumer->chosen);
    }
    return fault ? step_refused(ask, fault) : STEP_DONE;
}

static enum step_now look(const struct world_consumer *consumer,
                          struct step_ask *ask)
{
    if (consumer->spec->subnets_auto || !consumer->spec->subnets.n)
        query_add_filter(&ask->query, 1, "vpc-id",
                         consumer->spec->vpc ? consumer->spec->vpc
                                             : consumer->endpoint.vpc);
    else
        step_query_texts(&ask->query, "SubnetId", &consumer->spec->subnets);
    ask->pages = true;
    return step_call(ask, ACTION_DESCRIBE_SUBNETS, OUTCOME_ACTION_NONE);
}

/* The ranges that must be admitted may be known without the subnets. */
static void know_clients(struct world *world, struct world_consumer *consumer)
{
    if (consumer->clients_found == WORLD_FOUND || consumer->chosen.n)
        return;
    if (!consumer->spec->client_cidrs_auto) {
        consumer->clients = consumer->spec->client_cidrs;
        consumer->clients_found = WORLD_FOUND;
    }
    if (!step_makes_endpoint(consumer) && consumer->spec->subnets_auto)
        (void)memory_recall_clients(world, consumer);
}

static enum step_now subnets_now(const struct step *step, struct world *world,
                                 struct step_ask *ask)
{
    struct world_consumer *consumer = step_consumer(step, world);
    bool makes = step_makes_endpoint(consumer);
    enum step_now now = STEP_DONE;

    if (consumer->endpoint.found == WORLD_UNKNOWN)
        return step_blocked(ask, "the endpoint is not looked for yet");
    know_clients(world, consumer);
    if (!makes && !consumer->chosen.n)
        consumer->chosen = consumer->endpoint.subnets;
    if (consumer->clients_found == WORLD_FOUND && !makes && !world->all)
        return STEP_DONE;
    if (consumer->subnets_found == WORLD_UNKNOWN)
        return look(consumer, ask);
    if (makes && !consumer->chosen.n)
        now = choose_for_new(world, consumer, ask);
    if (now == STEP_DONE && consumer->clients_found != WORLD_FOUND)
        take_clients(world, consumer);
    return now;
}

static bool subnets_took(struct step *step, struct world *world,
                         const struct aws_call *answer)
{
    struct world_consumer *consumer = step_consumer(step, world);

    if (!step_ok(answer))
        return false;
    world_read_subnets(world, &consumer->subnets, &consumer->nsubnets, answer);
    consumer->subnets_found = WORLD_FOUND;
    return true;
}

const struct step_kind step_subnets = {
    .name = OUTCOME_ENDPOINT,
    .now = subnets_now,
    .took = subnets_took,
};
