/*
 * The endpoint service as its owner and as a consumer see it, and endpoints.
 *
 * AWS writes states in title case in its models and in lower camel case on the
 * wire; here the first letter is always small.
 */
#include "provision/world/read.h"

#include <ctype.h>
#include <string.h>

#include "provision/memory.h"

static void read_state(struct world *world, const char **at,
                       const struct xml_node *node, const char *path)
{
    const char *text = xml_text(node, path);
    char state[64];

    if (!text || !text[0]) {
        *at = NULL;
        return;
    }
    (void)strncpy(state, text, sizeof(state) - 1);
    state[sizeof(state) - 1] = '\0';
    state[0] = (char)tolower((unsigned char)state[0]);
    *at = world_text(world, *at, state);
}

void world_read_service(struct world *world, struct world_service *service,
                        const struct xml_node *node)
{
    char account[16];

    world_read(world, &service->id, node, "serviceId");
    world_read(world, &service->name, node, "serviceName");
    read_state(world, &service->state, node, "serviceState");
    service->acceptance = xml_true(node, "acceptanceRequired");
    world_read_list(world, &service->balancers, node,
                    "networkLoadBalancerArnSet/item", NULL);
    world_read(world, &service->private_name, node, "privateDnsName");
    world_read(world, &service->private_state, node,
               "privateDnsNameConfiguration/state");
    world_read(world, &service->private_record, node,
               "privateDnsNameConfiguration/name");
    world_read(world, &service->private_value, node,
               "privateDnsNameConfiguration/value");
    service->hash = world_text(world, service->hash,
                               world_read_tag(node, IDENTITY_TAG_SPEC));
    service->memory = world_text(world, service->memory,
                                 world_read_tag(node, MEMORY_TAG_CACHE));
    if (service->balancers.n && !world->account) {
        world_arn_account(service->balancers.texts[0], account);
        world_know_account(world, account);
    }
    service->found = WORLD_FOUND;
}

void world_read_principals(struct world *world, struct world_service *service,
                           const struct aws_call *answer)
{
    static const char path[] = "allowedPrincipals/item";

    service->principals = (struct spec_texts){ 0 };
    for (const struct xml_node *at = aws_call_first(answer, path); at;
         at = aws_call_next(answer, at, path)) {
        const char *principal = xml_text(at, "principal");

        if (principal)
            world_add(world, &service->principals, principal);
    }
    service->principals_found = WORLD_FOUND;
}

static bool is_live(const struct xml_node *node)
{
    const char *state = xml_text(node, "vpcEndpointState");

    return !world_is(state, "deleted") && !world_is(state, "deleting");
}

static void read_connection(struct world *world,
                            struct world_connection *connection,
                            const struct xml_node *node)
{
    world_read(world, &connection->endpoint, node, "vpcEndpointId");
    world_read(world, &connection->owner, node, "vpcEndpointOwner");
    read_state(world, &connection->state, node, "vpcEndpointState");
    world_read_list(world, &connection->dns_names, node, "dnsEntrySet/item",
                    "dnsName");
}

void world_read_connections(struct world *world, struct world_service *service,
                            const struct aws_call *answer)
{
    static const char path[] = "vpcEndpointConnectionSet/item";
    size_t n = 0;

    for (const struct xml_node *at = aws_call_first(answer, path); at;
         at = aws_call_next(answer, at, path))
        n += is_live(at);
    if (n > service->nconnections)
        service->connections =
            world_alloc(world, n * sizeof(*service->connections));
    service->nconnections = 0;
    if (n && !service->connections)
        return;
    for (const struct xml_node *at = aws_call_first(answer, path); at;
         at = aws_call_next(answer, at, path)) {
        if (is_live(at))
            read_connection(world,
                            &service->connections[service->nconnections++], at);
    }
    service->connections_found = WORLD_FOUND;
}

void world_read_service_detail(struct world *world,
                               struct world_consumer *consumer,
                               const struct xml_node *node)
{
    world_read(world, &consumer->service_owner, node, "owner");
    consumer->service_acceptance = xml_true(node, "acceptanceRequired");
    world_read(world, &consumer->service_private_name, node, "privateDnsName");
    world_read(world, &consumer->service_private_state, node,
               "privateDnsNameVerificationState");
    world_read_list(world, &consumer->service_zone_ids, node,
                    "availabilityZoneIdSet/item", NULL);
    consumer->service_found = WORLD_FOUND;
}

void world_read_endpoint(struct world *world, struct world_endpoint *endpoint,
                         const struct xml_node *node)
{
    world_read(world, &endpoint->id, node, "vpcEndpointId");
    read_state(world, &endpoint->state, node, "state");
    endpoint->told = endpoint->state;
    world_read(world, &endpoint->service_name, node, "serviceName");
    world_read(world, &endpoint->vpc, node, "vpcId");
    world_read(world, &endpoint->account, node, "ownerId");
    world_read(world, &endpoint->error, node, "lastError/message");
    if (!endpoint->error)
        world_read(world, &endpoint->error, node, "failureReason");
    world_read_list(world, &endpoint->subnets, node, "subnetIdSet/item", NULL);
    world_read_list(world, &endpoint->groups, node, "groupSet/item", "groupId");
    world_read_list(world, &endpoint->dns_names, node, "dnsEntrySet/item",
                    "dnsName");
    endpoint->private_dns = xml_true(node, "privateDnsEnabled");
    endpoint->hash = world_text(world, endpoint->hash,
                                world_read_tag(node, IDENTITY_TAG_SPEC));
    endpoint->memory = world_text(world, endpoint->memory,
                                  world_read_tag(node, MEMORY_TAG_CLIENTS));
    endpoint->found = WORLD_FOUND;
}
