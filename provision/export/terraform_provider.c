/*
 * The provider's side in Terraform: the caches are looked up, the rest is made.
 */
#include <string.h>

#include "provision/export/terraform.h"
#include "provision/memory.h"

static void use(struct terraform *t)
{
    hcl_put(&t->hcl, "provider", "aws.provider");
}

/* --- the caches --- */

static void look_up_cluster(struct terraform *t, const char *name,
                            const char *id)
{
    struct hcl *hcl = &t->hcl;

    hcl_open(hcl, "data \"aws_elasticache_cluster\" \"%s\"", name);
    use(t);
    hcl_put(hcl, "cluster_id", id);
    hcl_close(hcl);
    hcl_open(hcl, "data \"aws_elasticache_subnet_group\" \"%s\"", name);
    use(t);
    hcl_put(hcl, "name",
            hcl_format(hcl, "data.aws_elasticache_cluster.%s.subnet_group_name",
                       name));
    hcl_close(hcl);
}

static void look_up(struct terraform *t, const struct world_cache *cache)
{
    const char *name = tf_cache(t, cache);
    struct hcl *hcl = &t->hcl;

    switch (cache->kind) {
    case SPEC_REPLICATION_GROUP:
        hcl_open(hcl, "data \"aws_elasticache_replication_group\" \"%s\"",
                 name);
        use(t);
        hcl_string(hcl, "replication_group_id", cache->id);
        hcl_close(hcl);
        look_up_cluster(t, name,
                        hcl_format(hcl,
                                   "sort(data.aws_elasticache_replication_"
                                   "group.%s.member_clusters)[0]",
                                   name));
        break;
    case SPEC_CLUSTER:
        look_up_cluster(t, name, hcl_quote(hcl, cache->id));
        break;
    case SPEC_SERVERLESS:
        hcl_open(hcl, "data \"aws_elasticache_serverless_cache\" \"%s\"", name);
        use(t);
        hcl_string(hcl, "name", cache->id);
        hcl_close(hcl);
        break;
    case SPEC_HOST: break;
    }
}

static const char *subnets_of(struct terraform *t,
                              const struct world_cache *cache)
{
    const char *name = tf_cache(t, cache);

    if (cache->kind == SPEC_HOST)
        return hcl_format(&t->hcl, "toset(%s)",
                          tf_list(t, &cache->spec->subnets));
    if (cache->kind == SPEC_SERVERLESS)
        return hcl_format(&t->hcl,
                          "data.aws_elasticache_serverless_cache.%s.subnet_ids",
                          name);
    return hcl_format(&t->hcl,
                      "data.aws_elasticache_subnet_group.%s.subnet_ids", name);
}

/* Where the first cache is, the load balancers are. */
void tf_lookups(struct terraform *t)
{
    struct hcl *hcl = &t->hcl;

    for (size_t i = 0; i < t->e.world.ncaches; i++)
        look_up(t, &t->e.world.caches[i]);
    hcl_open(hcl, "data \"aws_subnet\" \"cache\"");
    use(t);
    hcl_put(hcl, "for_each", subnets_of(t, &t->e.world.caches[0]));
    hcl_put(hcl, "id", "each.value");
    hcl_close(hcl);
    hcl_open(hcl, "locals");
    hcl_put(hcl, "cache_vpc", "values(data.aws_subnet.cache)[0].vpc_id");
    hcl_put(hcl, "cache_zone_ids",
            "toset([for s in data.aws_subnet.cache : s.availability_zone_id])");
    hcl_blank(hcl);
    hcl_comment(hcl, "one in each zone");
    hcl_put(hcl, "cache_subnets",
            "[for zone in local.cache_zone_ids : sort([for s in "
            "data.aws_subnet.cache : s.id if s.availability_zone_id == "
            "zone])[0]]");
    hcl_close(hcl);
}

/* --- what is made --- */

static void put_balancer(struct terraform *t,
                         const struct world_balancer *balancer)
{
    struct hcl *hcl = &t->hcl;

    if (balancer->spec->arn)
        return;
    hcl_open(hcl, "resource \"aws_lb\" \"%s\"", tf_balancer(t, balancer));
    use(t);
    hcl_string(hcl, "name", balancer->name);
    hcl_bool(hcl, "internal", true);
    hcl_string(hcl, "load_balancer_type", "network");
    hcl_put(hcl, "subnets", "local.cache_subnets");
    hcl_bool(hcl, "enable_cross_zone_load_balancing",
             balancer->spec->cross_zone);
    tf_tags(t, &t->e.spec->provider.tags);
    hcl_close(hcl);
}

static void put_attachment(struct terraform *t, const struct world_lane *lane)
{
    struct hcl *hcl = &t->hcl;

    hcl_open(hcl, "resource \"aws_lb_target_group_attachment\" \"%s\"",
             tf_lane(t, lane));
    use(t);
    hcl_put(hcl, "for_each",
            hcl_format(hcl, "var.targets_%u", lane->wanted->spec->port));
    hcl_put(hcl, "target_group_arn",
            hcl_format(hcl, "aws_lb_target_group.%s.arn", tf_lane(t, lane)));
    hcl_put(hcl, "target_id", "each.value");
    hcl_close(hcl);
}

static void put_target_group(struct terraform *t, const struct world_lane *lane)
{
    struct hcl *hcl = &t->hcl;

    if (lane->wanted->spec->target_group_arn)
        return;
    hcl_open(hcl, "resource \"aws_lb_target_group\" \"%s\"", tf_lane(t, lane));
    use(t);
    hcl_string(hcl, "name", lane->group.name);
    hcl_number(hcl, "port", export_target_port(lane->wanted->spec));
    hcl_string(hcl, "protocol", "TCP");
    hcl_string(hcl, "target_type", "ip");
    hcl_put(hcl, "vpc_id", "local.cache_vpc");
    hcl_bool(hcl, "proxy_protocol_v2", false);
    hcl_open(hcl, "health_check");
    hcl_string(hcl, "protocol", "TCP");
    hcl_number(hcl, "interval", 30);
    hcl_number(hcl, "healthy_threshold", 3);
    hcl_number(hcl, "unhealthy_threshold", 3);
    hcl_close(hcl);
    tf_tags(t, &t->e.spec->provider.tags);
    hcl_close(hcl);
    put_attachment(t, lane);
}

static void put_listener(struct terraform *t, const struct world_lane *lane)
{
    const char *given = lane->wanted->spec->target_group_arn;
    struct hcl *hcl = &t->hcl;

    hcl_open(hcl, "resource \"aws_lb_listener\" \"%s\"", tf_lane(t, lane));
    use(t);
    hcl_put(hcl, "load_balancer_arn", tf_balancer_arn(t, lane->balancer));
    hcl_number(hcl, "port", lane->wanted->spec->port);
    hcl_string(hcl, "protocol", "TCP");
    hcl_open(hcl, "default_action");
    hcl_string(hcl, "type", "forward");
    hcl_put(hcl, "target_group_arn",
            given ? hcl_quote(hcl, given)
                  : hcl_format(hcl, "aws_lb_target_group.%s.arn",
                               tf_lane(t, lane)));
    hcl_close(hcl);
    tf_tags(t, &t->e.spec->provider.tags);
    hcl_close(hcl);
}

/* The cache admits the load balancers' subnets. */
static void put_cache_rules(struct terraform *t,
                            const struct world_listener *listener)
{
    const struct world_cache *cache = listener->cache;
    struct hcl *hcl = &t->hcl;
    unsigned port = export_target_port(listener->spec);

    if (cache->kind == SPEC_HOST)
        return;
    hcl_open(hcl, "resource \"aws_vpc_security_group_ingress_rule\" \"%s_%u\"",
             tf_cache(t, cache), listener->spec->port);
    use(t);
    hcl_put(hcl, "for_each",
            "toset([for s in data.aws_subnet.cache : s.cidr_block])");
    hcl_put(hcl, "security_group_id",
            hcl_format(hcl, "tolist(data.aws_elasticache_%s.%s.%s)[0]",
                       cache->kind == SPEC_SERVERLESS ? "serverless_cache"
                                                      : "cluster",
                       tf_cache(t, cache), "security_group_ids"));
    hcl_string(hcl, "ip_protocol", "tcp");
    hcl_number(hcl, "from_port", port);
    hcl_number(hcl, "to_port", port);
    hcl_put(hcl, "cidr_ipv4", "each.value");
    tf_tags(t, &t->e.spec->provider.tags);
    hcl_close(hcl);
}

static void put_principals(struct terraform *t)
{
    struct hcl *hcl = &t->hcl;

    if (t->e.world.principals.n == 0)
        return;
    hcl_open(hcl, "resource \"aws_vpc_endpoint_service_allowed_principal\" "
                  "\"service\"");
    use(t);
    hcl_put(hcl, "for_each",
            hcl_format(hcl, "toset(%s)", tf_list(t, &t->e.world.principals)));
    hcl_put(hcl, "vpc_endpoint_service_id",
            "aws_vpc_endpoint_service.service.id");
    hcl_put(hcl, "principal_arn", "each.value");
    hcl_close(hcl);
}

static void put_service(struct terraform *t)
{
    const struct spec_service *service = &t->e.spec->provider.service;
    const char *arns = "";
    struct hcl *hcl = &t->hcl;

    for (size_t i = 0; i < t->e.world.nbalancers; i++)
        arns = hcl_format(hcl, "%s%s%s", arns, i ? ", " : "",
                          tf_balancer_arn(t, &t->e.world.balancers[i]));
    hcl_open(hcl, "resource \"aws_vpc_endpoint_service\" \"service\"");
    use(t);
    hcl_bool(hcl, "acceptance_required", service->acceptance_required);
    hcl_put(hcl, "network_load_balancer_arns", hcl_format(hcl, "[%s]", arns));
    if (service->private_dns_name)
        hcl_string(hcl, "private_dns_name", service->private_dns_name);
    tf_tags(t, &t->e.spec->provider.tags);
    tf_ignore_tag(t, MEMORY_TAG_CACHE);
    hcl_close(hcl);
    put_principals(t);
    hcl_open(hcl, "output \"service_name\"");
    hcl_put(hcl, "value", "aws_vpc_endpoint_service.service.service_name");
    hcl_close(hcl);
}

void tf_provider(struct terraform *t)
{
    for (size_t i = 0; i < t->e.world.nbalancers; i++)
        put_balancer(t, &t->e.world.balancers[i]);
    for (size_t i = 0; i < t->e.world.nlanes; i++) {
        put_target_group(t, &t->e.world.lanes[i]);
        put_listener(t, &t->e.world.lanes[i]);
    }
    for (size_t i = 0;
         export_adds_cache_rule(&t->e) && i < t->e.world.nlisteners; i++)
        put_cache_rules(t, &t->e.world.listeners[i]);
    put_service(t);
}
