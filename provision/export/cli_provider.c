/*
 * The provider's side as a script.  Of each thing the id is kept in a variable
 * that is named as it: cache_1, balancer_1, group_1_6379, service.
 */
#include <string.h>

#include "provision/export/cli.h"

static size_t index_of(const struct script *s, const struct world_cache *cache)
{
    return (size_t)(cache - s->e.world.caches) + 1;
}

static size_t number_of(const struct script *s,
                        const struct world_balancer *balancer)
{
    return (size_t)(balancer - s->e.world.balancers) + 1;
}

/* --- the caches --- */

/* VPC and subnets by way of a node: AWS tells them of nothing else. */
static void put_nodes_place(struct script *s, size_t n)
{
    script_say(
        s,
        "read -r cache_%zu_group subnet_group < <(provider elasticache \\\n"
        "    describe-cache-clusters --cache-cluster-id \"$node\" \\\n"
        "    --query 'CacheClusters[0].[SecurityGroups[0].SecurityGroupId, "
        "CacheSubnetGroupName]')\n"
        "cache_%zu_vpc=$(provider elasticache describe-cache-subnet-groups \\\n"
        "    --cache-subnet-group-name \"$subnet_group\" \\\n"
        "    --query 'CacheSubnetGroups[0].VpcId')\n"
        "read -ra cache_%zu_subnets < <(provider elasticache \\\n"
        "    describe-cache-subnet-groups \\\n"
        "    --cache-subnet-group-name \"$subnet_group\" \\\n"
        "    --query 'CacheSubnetGroups[0].Subnets[].SubnetIdentifier')\n",
        n, n, n);
}

static void put_serverless_place(struct script *s, size_t n, const char *id)
{
    script_say(
        s,
        "cache_%zu_group=$(provider elasticache describe-serverless-caches \\\n"
        "    --serverless-cache-name %s \\\n"
        "    --query 'ServerlessCaches[0].SecurityGroupIds[0]')\n"
        "read -ra cache_%zu_subnets < <(provider elasticache \\\n"
        "    describe-serverless-caches --serverless-cache-name %s \\\n"
        "    --query 'ServerlessCaches[0].SubnetIds')\n"
        "cache_%zu_vpc=$(provider ec2 describe-subnets \\\n"
        "    --subnet-ids \"${cache_%zu_subnets[0]}\" \\\n"
        "    --query 'Subnets[0].VpcId')\n",
        n, id, n, id, n, n);
}

static void put_cache(struct script *s, const struct world_cache *cache)
{
    const char *id = script_quote(s, cache->id);
    size_t n = index_of(s, cache);

    script_say(s, "\n# the cache %s: where it is\n", cache->id);
    switch (cache->kind) {
    case SPEC_REPLICATION_GROUP:
        script_say(s,
                   "node=$(provider elasticache describe-replication-groups "
                   "\\\n    --replication-group-id %s \\\n"
                   "    --query 'ReplicationGroups[0].MemberClusters[0]')\n",
                   id);
        put_nodes_place(s, n);
        break;
    case SPEC_CLUSTER:
        script_say(s, "node=%s\n", id);
        put_nodes_place(s, n);
        break;
    case SPEC_SERVERLESS: put_serverless_place(s, n, id); break;
    case SPEC_HOST:
        script_say(s, "cache_%zu_vpc=%s\ncache_%zu_subnets=(%s)\n", n,
                   script_quote(s, cache->spec->vpc), n,
                   script_words(s, &cache->spec->subnets));
        break;
    }
}

/* A subnet in each zone for the load balancers. */
static void put_subnets(struct script *s)
{
    script_say(s, "\nsubnets=() ranges=()\n"
                  "while read -r _ subnet range; do\n"
                  "    subnets+=(\"$subnet\")\n"
                  "    ranges+=(\"$range\")\n"
                  "done < <(provider ec2 describe-subnets \\\n"
                  "    --subnet-ids \"${cache_1_subnets[@]}\" \\\n"
                  "    --query 'Subnets[].[AvailabilityZoneId, SubnetId, "
                  "CidrBlock]' |\n"
                  "    first_of_zones)\n");
}

/* --- load balancing --- */

static void put_balancer(struct script *s,
                         const struct world_balancer *balancer)
{
    size_t n = number_of(s, balancer);

    if (balancer->spec->arn) {
        script_say(s, "\nbalancer_%zu=%s\n", n,
                   script_quote(s, balancer->spec->arn));
        return;
    }
    script_say(s,
               "\n# a load balancer\n"
               "balancer_%zu=$(provider elbv2 create-load-balancer \\\n"
               "    --name %s --type network --scheme internal \\\n"
               "    --subnets \"${subnets[@]}\" \\\n"
               "    --tags %s \\\n"
               "    --query 'LoadBalancers[0].LoadBalancerArn')\n",
               n, script_quote(s, balancer->name),
               script_tags(s, &s->e.spec->provider.tags));
    script_say(
        s,
        "provider elbv2 modify-load-balancer-attributes \\\n"
        "    --load-balancer-arn \"$balancer_%zu\" --attributes \\\n"
        "    Key=load_balancing.cross_zone.enabled,Value=%s >/dev/null\n",
        n, balancer->spec->cross_zone ? "true" : "false");
}

/* The name whose addresses are the targets, into $host. */
static void put_host(struct script *s, const struct spec_cache *cache)
{
    bool reader = cache->endpoint == SPEC_READER;
    const char *id = script_quote(s, cache->id);

    switch (cache->kind) {
    case SPEC_REPLICATION_GROUP:
        script_say(s,
                   "host=$(provider elasticache describe-replication-groups "
                   "\\\n    --replication-group-id %s \\\n"
                   "    --query 'ReplicationGroups[0].NodeGroups[0]."
                   "%sEndpoint.Address')\n",
                   id, reader ? "Reader" : "Primary");
        break;
    case SPEC_CLUSTER:
        script_say(s,
                   "host=$(provider elasticache describe-cache-clusters \\\n"
                   "    --cache-cluster-id %s --show-cache-node-info \\\n"
                   "    --query 'CacheClusters[0].CacheNodes[0].Endpoint."
                   "Address')\n",
                   id);
        break;
    case SPEC_SERVERLESS:
        script_say(s,
                   "host=$(provider elasticache describe-serverless-caches "
                   "\\\n    --serverless-cache-name %s \\\n"
                   "    --query 'ServerlessCaches[0].%sEndpoint.Address')\n",
                   id, reader ? "Reader" : "");
        break;
    case SPEC_HOST: script_say(s, "host=%s\n", id); break;
    }
}

static void put_target_group(struct script *s, const struct world_lane *lane,
                             const char *group)
{
    unsigned port = export_target_port(lane->wanted->spec);

    if (lane->wanted->spec->target_group_arn) {
        script_say(s, "%s=%s\n", group,
                   script_quote(s, lane->wanted->spec->target_group_arn));
        return;
    }
    script_say(s,
               "%s=$(provider elbv2 create-target-group \\\n"
               "    --name %s --protocol TCP --port %u --target-type ip \\\n"
               "    --vpc-id \"$cache_1_vpc\" --health-check-protocol TCP \\\n"
               "    --health-check-interval-seconds 30 \\\n"
               "    --healthy-threshold-count 3 --unhealthy-threshold-count 3 "
               "\\\n    --tags %s \\\n"
               "    --query 'TargetGroups[0].TargetGroupArn')\n",
               group, script_quote(s, lane->group.name), port,
               script_tags(s, &s->e.spec->provider.tags));
    put_host(s, &lane->wanted->spec->cache);
    script_say(s,
               "while read -r address; do\n"
               "    provider elbv2 register-targets --target-group-arn \\\n"
               "        \"$%s\" --targets \"Id=$address,Port=%u\"\n"
               "done < <(getent ahostsv4 \"$host\" | awk '{ print $1 }' | "
               "sort -u)\n",
               group, port);
}

static void put_lane(struct script *s, const struct world_lane *lane)
{
    unsigned port = lane->wanted->spec->port;
    char group[48];

    (void)snprintf(group, sizeof(group), "group_%zu_%u",
                   number_of(s, lane->balancer), port);
    script_say(s, "\n# port %u: the targets, and the listener\n", port);
    put_target_group(s, lane, group);
    script_say(s,
               "provider elbv2 create-listener --load-balancer-arn \\\n"
               "    \"$balancer_%zu\" --protocol TCP --port %u \\\n"
               "    --default-actions \"Type=forward,TargetGroupArn=$%s\" \\\n"
               "    --tags %s >/dev/null\n",
               number_of(s, lane->balancer), port, group,
               script_tags(s, &s->e.spec->provider.tags));
}

static void put_cache_rule(struct script *s,
                           const struct world_listener *listener)
{
    if (listener->cache->kind == SPEC_HOST)
        return;
    script_say(
        s,
        "\n# the cache admits the load balancers\n"
        "for range in \"${ranges[@]}\"; do\n"
        "    provider ec2 authorize-security-group-ingress \\\n"
        "        --group-id \"$cache_%zu_group\" --protocol tcp "
        "--port %u \\\n"
        "        --cidr \"$range\" --tag-specifications %s "
        ">/dev/null\n"
        "done\n",
        index_of(s, listener->cache), export_target_port(listener->spec),
        script_tags_of(s, &s->e.spec->provider.tags, "security-group-rule"));
}

/* --- the service --- */

static void put_permissions(struct script *s)
{
    if (s->e.world.principals.n == 0)
        return;
    script_say(s,
               "provider ec2 modify-vpc-endpoint-service-permissions \\\n"
               "    --service-id \"$service\" --add-allowed-principals \\\n"
               "    %s >/dev/null\n",
               script_words(s, &s->e.world.principals));
}

static void put_service(struct script *s)
{
    const struct spec_service *service = &s->e.spec->provider.service;

    script_say(s, "\n# the service, once the load balancers are there\n"
                  "balancers=(");
    for (size_t i = 0; i < s->e.world.nbalancers; i++)
        script_say(s, "%s\"$balancer_%zu\"", i ? " " : "", i + 1);
    script_say(s,
               ")\n"
               "provider elbv2 wait load-balancer-available \\\n"
               "    --load-balancer-arns \"${balancers[@]}\"\n"
               "read -r service service_name < <(provider ec2 \\\n"
               "    create-vpc-endpoint-service-configuration \\\n"
               "    --network-load-balancer-arns \"${balancers[@]}\" \\\n"
               "    --%sacceptance-required \\\n",
               service->acceptance_required ? "" : "no-");
    if (service->private_dns_name)
        script_say(s, "    --private-dns-name %s \\\n",
                   script_quote(s, service->private_dns_name));
    script_say(
        s,
        "    --tag-specifications %s \\\n"
        "    --query 'ServiceConfiguration.[ServiceId, "
        "ServiceName]')\n",
        script_tags_of(s, &s->e.spec->provider.tags, "vpc-endpoint-service"));
    put_permissions(s);
    script_say(s, "echo \"service: $service_name\"\n");
}

void script_provider(struct script *s)
{
    for (size_t i = 0; i < s->e.world.ncaches; i++)
        put_cache(s, &s->e.world.caches[i]);
    put_subnets(s);
    for (size_t i = 0; i < s->e.world.nbalancers; i++)
        put_balancer(s, &s->e.world.balancers[i]);
    for (size_t i = 0; i < s->e.world.nlanes; i++)
        put_lane(s, &s->e.world.lanes[i]);
    for (size_t i = 0;
         export_adds_cache_rule(&s->e) && i < s->e.world.nlisteners; i++)
        put_cache_rule(s, &s->e.world.listeners[i]);
    put_service(s);
}
