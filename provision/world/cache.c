/*
 * Caches as ElastiCache describes them.
 *
 * A replication group names neither subnets nor security groups: those are of
 * its member clusters, and the subnets of their subnet group.  With cluster
 * mode there is a configuration endpoint and no primary one.
 */
#include "provision/world/read.h"

static void know_account(struct world *world, const struct xml_node *node)
{
    char account[16];

    world_arn_account(xml_text(node, "ARN"), account);
    if (account[0] && !world->account)
        world_know_account(world, account);
}

static void read_name(struct world *world, const char **host, unsigned *port,
                      const struct xml_node *node)
{
    world_read(world, host, node, "Address");
    *port = (unsigned)world_read_number(node, "Port", 6379);
}

void world_read_replication_group(struct world *world,
                                  struct world_cache *cache,
                                  const struct xml_node *node)
{
    know_account(world, node);
    world_read(world, &cache->arn, node, "ARN");
    world_read(world, &cache->status, node, "Status");
    cache->cluster_mode = xml_true(node, "ClusterEnabled") ||
                          xml_text(node, "ConfigurationEndpoint/Address");
    cache->tls = xml_true(node, "TransitEncryptionEnabled");
    read_name(world, &cache->primary, &cache->primary_port,
              xml_find(node, "NodeGroups/NodeGroup/PrimaryEndpoint"));
    read_name(world, &cache->reader, &cache->reader_port,
              xml_find(node, "NodeGroups/NodeGroup/ReaderEndpoint"));
    world_read(world, &cache->member, node, "MemberClusters/ClusterId");
    cache->found = WORLD_FOUND;
}

/* One of a replication group is asked for its network alone. */
void world_read_cache_cluster(struct world *world, struct world_cache *cache,
                              const struct xml_node *node)
{
    know_account(world, node);
    world_read(world, &cache->subnet_group, node, "CacheSubnetGroupName");
    world_read_list(world, &cache->groups, node, "SecurityGroups/member",
                    "SecurityGroupId");
    cache->groups_found = WORLD_FOUND;
    if (cache->kind != SPEC_CLUSTER)
        return;
    world_read(world, &cache->arn, node, "ARN");
    world_read(world, &cache->status, node, "CacheClusterStatus");
    cache->tls = xml_true(node, "TransitEncryptionEnabled");
    read_name(world, &cache->primary, &cache->primary_port,
              xml_find(node, "CacheNodes/CacheNode/Endpoint"));
    cache->found = WORLD_FOUND;
}

void world_read_subnet_group(struct world *world, struct world_cache *cache,
                             const struct xml_node *node)
{
    know_account(world, node);
    world_read(world, &cache->vpc, node, "VpcId");
    world_read_list(world, &cache->subnets, node, "Subnets/Subnet",
                    "SubnetIdentifier");
    world_read_list(world, &cache->zones, node, "Subnets/Subnet",
                    "SubnetAvailabilityZone/Name");
}

/* Its addresses are those of endpoints of its own, in any of its subnets. */
void world_read_serverless(struct world *world, struct world_cache *cache,
                           const struct xml_node *node)
{
    know_account(world, node);
    world_read(world, &cache->arn, node, "ARN");
    world_read(world, &cache->status, node, "Status");
    cache->tls = true;
    read_name(world, &cache->primary, &cache->primary_port,
              xml_find(node, "Endpoint"));
    read_name(world, &cache->reader, &cache->reader_port,
              xml_find(node, "ReaderEndpoint"));
    world_read_list(world, &cache->subnets, node, "SubnetIds/member", NULL);
    if (!cache->subnets.n)
        world_read_list(world, &cache->subnets, node, "SubnetIds/SubnetId",
                        NULL);
    world_read_list(world, &cache->groups, node, "SecurityGroupIds/member",
                    NULL);
    if (!cache->groups.n)
        world_read_list(world, &cache->groups, node,
                        "SecurityGroupIds/SecurityGroupId", NULL);
    cache->groups_found = WORLD_FOUND;
    cache->found = WORLD_FOUND;
}
