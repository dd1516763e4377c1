/*
 * Subnets and security groups as EC2 describes them.
 */
#include "provision/world/read.h"

#include <string.h>

static size_t count(const struct aws_call *answer, const char *path)
{
    size_t n = 0;

    for (const struct xml_node *at = aws_call_first(answer, path); at;
         at = aws_call_next(answer, at, path))
        n++;
    return n;
}

void world_read_subnets(struct world *world, struct world_subnet **subnets,
                        size_t *n, const struct aws_call *answer)
{
    static const char path[] = "subnetSet/item";
    struct world_subnet *subnet;

    *n = 0;
    *subnets = world_alloc(world, count(answer, path) * sizeof(**subnets));
    if (!*subnets)
        return;
    for (const struct xml_node *at = aws_call_first(answer, path); at;
         at = aws_call_next(answer, at, path)) {
        subnet = &(*subnets)[(*n)++];
        world_read(world, &subnet->id, at, "subnetId");
        world_read(world, &subnet->cidr, at, "cidrBlock");
        world_read(world, &subnet->zone, at, "availabilityZone");
        world_read(world, &subnet->zone_id, at, "availabilityZoneId");
        world_read(world, &subnet->vpc, at, "vpcId");
        subnet->free = world_read_number(at, "availableIpAddressCount", -1);
        if (!subnet->id || !subnet->cidr)
            (*n)--;
    }
}

static size_t count_sources(const struct xml_node *permission)
{
    static const char *const paths[] = { "ipRanges/item", "groups/item",
                                         "ipv6Ranges/item" };
    size_t n = 0;

    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        for (const struct xml_node *at = xml_first(permission, paths[i]); at;
             at = xml_next(at))
            n++;
    }
    return n;
}

/* Each source of one <ipPermissions><item> as a rule of its own. */
static size_t read_rules(struct world *world, struct world_rule *rules,
                         const struct xml_node *permission)
{
    static const struct {
        const char *path, *inner;
        bool group;
    } sources[] = {
        { "ipRanges/item", "cidrIp", false },
        { "ipv6Ranges/item", "cidrIpv6", false },
        { "groups/item", "groupId", true },
    };
    size_t n = 0;

    for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
        for (const struct xml_node *at = xml_first(permission, sources[i].path);
             at; at = xml_next(at)) {
            struct world_rule *rule = &rules[n++];

            world_read(world, &rule->protocol, permission, "ipProtocol");
            rule->from = world_read_number(permission, "fromPort", -1);
            rule->to = world_read_number(permission, "toPort", -1);
            world_read(world, sources[i].group ? &rule->group : &rule->cidr, at,
                       sources[i].inner);
        }
    }
    return n;
}

void world_read_group(struct world *world, struct world_group *group,
                      const struct xml_node *node)
{
    static const char path[] = "ipPermissions/item";
    size_t n = 0;

    world_read(world, &group->id, node, "groupId");
    world_read(world, &group->name, node, "groupName");
    world_read(world, &group->vpc, node, "vpcId");
    for (const struct xml_node *at = xml_first(node, path); at;
         at = xml_next(at))
        n += count_sources(at);
    group->nrules = 0;
    group->rules = world_alloc(world, n * sizeof(*group->rules));
    if (!group->rules)
        return;
    for (const struct xml_node *at = xml_first(node, path); at;
         at = xml_next(at))
        group->nrules += read_rules(world, group->rules + group->nrules, at);
}

void world_read_groups(struct world *world, struct world_group **groups,
                       size_t *n, const struct aws_call *answer)
{
    static const char path[] = "securityGroupInfo/item";

    *n = 0;
    *groups = world_alloc(world, count(answer, path) * sizeof(**groups));
    if (!*groups)
        return;
    for (const struct xml_node *at = aws_call_first(answer, path); at;
         at = aws_call_next(answer, at, path))
        world_read_group(world, &(*groups)[(*n)++], at);
}
