/*
 * The consumers' side in Terraform, the acceptance, and the import blocks of
 * what is there already.
 */
#include <string.h>

#include "provision/export/terraform.h"
#include "provision/memory.h"

static void use(struct terraform *t, const char *name)
{
    hcl_put(&t->hcl, "provider", hcl_format(&t->hcl, "aws.%s", name));
}

/* --- where the endpoint stands --- */

static void look_up_service(struct terraform *t, const struct spec_consumer *at,
                            const char *name)
{
    struct hcl *hcl = &t->hcl;

    hcl_open(hcl, "data \"aws_vpc_endpoint_service\" \"%s\"", name);
    use(t, name);
    hcl_put(hcl, "service_name", tf_service_name(t, at));
    hcl_close(hcl);
}

/*
 * Zones are matched by id, since names differ between accounts; without the
 * provider in this configuration the service tells names of this account.
 */
static const char *zone_test(struct terraform *t, const char *name)
{
    if (t->e.provider)
        return "contains(local.cache_zone_ids, s.availability_zone_id)";
    return hcl_format(&t->hcl,
                      "contains(data.aws_vpc_endpoint_service.%s."
                      "availability_zones, s.availability_zone)",
                      name);
}

static void choose_subnets(struct terraform *t, const struct spec_consumer *at,
                           const char *name)
{
    struct hcl *hcl = &t->hcl;

    hcl_open(hcl, "data \"aws_subnets\" \"%s\"", name);
    use(t, name);
    hcl_open(hcl, "filter");
    hcl_string(hcl, "name", "vpc-id");
    hcl_put(hcl, "values", hcl_format(hcl, "[%s]", hcl_quote(hcl, at->vpc)));
    hcl_close(hcl);
    hcl_close(hcl);
    if (!t->e.provider)
        look_up_service(t, at, name);
}

static void put_places(struct terraform *t, const struct spec_consumer *at,
                       const char *name)
{
    struct hcl *hcl = &t->hcl;

    if (at->subnets_auto)
        choose_subnets(t, at, name);
    hcl_open(hcl, "data \"aws_subnet\" \"%s\"", name);
    use(t, name);
    hcl_put(hcl, "for_each",
            at->subnets_auto
                ? hcl_format(hcl, "toset(data.aws_subnets.%s.ids)", name)
                : hcl_format(hcl, "toset(%s)", tf_list(t, &at->subnets)));
    hcl_put(hcl, "id", "each.value");
    hcl_close(hcl);
    if (!at->subnets_auto)
        return;
    hcl_open(hcl, "locals");
    hcl_comment(hcl, "one in each zone that the service has");
    hcl_put(hcl, hcl_format(hcl, "%s_subnets", name),
            hcl_format(hcl,
                       "[for zone, ids in { for s in data.aws_subnet.%s : "
                       "s.availability_zone_id => s.id... if %s } : "
                       "sort(ids)[0]]",
                       name, zone_test(t, name)));
    hcl_close(hcl);
}

static const char *subnets_of(struct terraform *t,
                              const struct spec_consumer *at, const char *name)
{
    if (at->subnets_auto)
        return hcl_format(&t->hcl, "local.%s_subnets", name);
    return tf_list(t, &at->subnets);
}

/* --- who may reach it --- */

static const char *ranges_of(struct terraform *t,
                             const struct spec_consumer *at, const char *name)
{
    if (!at->client_cidrs_auto)
        return tf_list(t, &at->client_cidrs);
    if (!at->subnets_auto)
        return hcl_format(&t->hcl,
                          "[for s in data.aws_subnet.%s : s.cidr_block]", name);
    return hcl_format(&t->hcl,
                      "[for s in data.aws_subnet.%s : s.cidr_block if "
                      "contains(local.%s_subnets, s.id)]",
                      name, name);
}

static void put_group(struct terraform *t, const struct spec_consumer *at,
                      const char *name)
{
    char group[IDENTITY_NAME_SIZE];
    struct hcl *hcl = &t->hcl;

    export_group_name(&t->e, group);
    hcl_open(hcl, "resource \"aws_security_group\" \"%s\"", name);
    use(t, name);
    hcl_string(hcl, "name", group);
    hcl_string(hcl, "description", export_group_words(&t->e));
    hcl_string(hcl, "vpc_id", at->vpc);
    tf_tags(t, &at->tags);
    hcl_close(hcl);
}

static void put_rules(struct terraform *t, const struct spec_consumer *at,
                      const char *name)
{
    struct hcl *hcl = &t->hcl;

    for (size_t i = 0; i < t->e.nports; i++) {
        hcl_open(hcl,
                 "resource \"aws_vpc_security_group_ingress_rule\" \"%s_%u\"",
                 name, t->e.ports[i]);
        use(t, name);
        hcl_put(hcl, "for_each",
                hcl_format(hcl, "toset(%s)", ranges_of(t, at, name)));
        hcl_put(hcl, "security_group_id",
                at->create_group
                    ? hcl_format(hcl, "aws_security_group.%s.id", name)
                    : hcl_quote(hcl, at->groups.texts[0]));
        hcl_string(hcl, "ip_protocol", "tcp");
        hcl_number(hcl, "from_port", t->e.ports[i]);
        hcl_number(hcl, "to_port", t->e.ports[i]);
        hcl_put(hcl, "cidr_ipv4", "each.value");
        tf_tags(t, &at->tags);
        hcl_close(hcl);
    }
}

/* --- the endpoint --- */

static void put_endpoint(struct terraform *t, const struct spec_consumer *at,
                         const char *name)
{
    struct hcl *hcl = &t->hcl;

    hcl_open(hcl, "resource \"aws_vpc_endpoint\" \"%s\"", name);
    use(t, name);
    hcl_string(hcl, "vpc_endpoint_type", "Interface");
    hcl_put(hcl, "service_name", tf_service_name(t, at));
    hcl_string(hcl, "vpc_id", at->vpc);
    hcl_put(hcl, "subnet_ids", subnets_of(t, at, name));
    hcl_put(hcl, "security_group_ids",
            at->create_group
                ? hcl_format(hcl, "[aws_security_group.%s.id]", name)
                : tf_list(t, &at->groups));
    tf_tags(t, &at->tags);
    tf_ignore_tag(t, MEMORY_TAG_CLIENTS);
    if (t->e.provider && t->e.world.principals.n) {
        hcl_blank(hcl);
        hcl_put(hcl, "depends_on",
                "[aws_vpc_endpoint_service_allowed_principal.service]");
    }
    hcl_close(hcl);
}

static void put_accepter(struct terraform *t, const char *name)
{
    struct hcl *hcl = &t->hcl;

    hcl_open(hcl, "resource \"aws_vpc_endpoint_connection_accepter\" \"%s\"",
             name);
    use(t, "provider");
    hcl_put(hcl, "vpc_endpoint_service_id",
            "aws_vpc_endpoint_service.service.id");
    hcl_put(hcl, "vpc_endpoint_id",
            hcl_format(hcl, "aws_vpc_endpoint.%s.id", name));
    hcl_close(hcl);
}

/* Only an endpoint that was accepted may have private names. */
static void put_private_dns(struct terraform *t, const char *name,
                            bool accepted)
{
    struct hcl *hcl = &t->hcl;

    hcl_open(hcl, "resource \"aws_vpc_endpoint_private_dns\" \"%s\"", name);
    use(t, name);
    hcl_put(hcl, "vpc_endpoint_id",
            hcl_format(hcl, "aws_vpc_endpoint.%s.id", name));
    hcl_bool(hcl, "private_dns_enabled", true);
    if (accepted) {
        hcl_blank(hcl);
        hcl_put(
            hcl, "depends_on",
            hcl_format(hcl, "[aws_vpc_endpoint_connection_accepter.%s]", name));
    }
    hcl_close(hcl);
}

static void put_names(struct terraform *t, const char *name)
{
    hcl_open(&t->hcl, "output \"%s_names\"", name);
    hcl_put(
        &t->hcl, "value",
        hcl_format(&t->hcl, "aws_vpc_endpoint.%s.dns_entry[*].dns_name", name));
    hcl_close(&t->hcl);
}

static bool accepts_here(const struct terraform *t)
{
    return t->e.provider && t->e.spec->provider.service.acceptance_required;
}

void tf_consumers(struct terraform *t)
{
    bool accepts = accepts_here(t);

    for (size_t i = 0; i < t->e.spec->nconsumers; i++) {
        const struct spec_consumer *at = &t->e.spec->consumers[i];
        const char *name;

        if (!export_has(&t->e, at))
            continue;
        name = tf_consumer(t, at);
        put_places(t, at, name);
        if (at->create_group)
            put_group(t, at, name);
        if (at->create_group || at->rules == SPEC_ADD)
            put_rules(t, at, name);
        put_endpoint(t, at, name);
        if (accepts)
            put_accepter(t, name);
        if (at->private_dns)
            put_private_dns(t, name, accepts);
        put_names(t, name);
    }
}

/* --- what is there already --- */

/* The id that the run found for a step; NULL: none. */
static const char *found_id(const struct terraform *t,
                            enum outcome_step_name name, const char *consumer,
                            unsigned port, const char *prefix)
{
    const struct outcome *found = t->e.options->found;

    for (size_t i = 0; i < found->nsteps; i++) {
        const struct outcome_step *step = &found->steps[i];

        if (step->name == name && step->id &&
            (step->port == port || step->port == 0) &&
            (!step->consumer == !consumer) &&
            (!consumer || strcmp(step->consumer, consumer) == 0) &&
            strncmp(step->id, prefix, strlen(prefix)) == 0)
            return step->id;
    }
    return NULL;
}

static void put_import(struct terraform *t, const char *kind, const char *name,
                       const char *id)
{
    if (!id)
        return;
    hcl_open(&t->hcl, "import");
    hcl_put(&t->hcl, "to", hcl_format(&t->hcl, "%s.%s", kind, name));
    hcl_string(&t->hcl, "id", id);
    hcl_close(&t->hcl);
}

static void import_provider(struct terraform *t)
{
    const struct world *world = &t->e.world;

    /* With several, a step does not say of which it speaks. */
    if (world->nbalancers == 1 && !world->balancers[0].spec->arn)
        put_import(t, "aws_lb", tf_balancer(t, world->balancers),
                   found_id(t, OUTCOME_LOAD_BALANCER, NULL, 0, "arn:"));
    for (size_t i = 0; world->nbalancers == 1 && i < world->nlanes; i++) {
        const struct world_lane *lane = &world->lanes[i];
        unsigned port = lane->wanted->spec->port;

        if (!lane->wanted->spec->target_group_arn)
            put_import(t, "aws_lb_target_group", tf_lane(t, lane),
                       found_id(t, OUTCOME_TARGET_GROUP, NULL, port, "arn:"));
        put_import(t, "aws_lb_listener", tf_lane(t, lane),
                   found_id(t, OUTCOME_LISTENER, NULL, port, "arn:"));
    }
    if (!t->e.spec->provider.service.id)
        put_import(t, "aws_vpc_endpoint_service", "service",
                   found_id(t, OUTCOME_ENDPOINT_SERVICE, NULL, 0, "vpce-svc-"));
}

/* Its id is the service's and the endpoint's. */
static void import_accepter(struct terraform *t, const char *name,
                            const char *endpoint)
{
    const char *service =
        found_id(t, OUTCOME_ENDPOINT_SERVICE, NULL, 0, "vpce-svc-");

    if (service)
        put_import(t, "aws_vpc_endpoint_connection_accepter", name,
                   hcl_format(&t->hcl, "%s_%s", service, endpoint));
}

void tf_imports(struct terraform *t)
{
    if (t->e.provider)
        import_provider(t);
    for (size_t i = 0; i < t->e.spec->nconsumers; i++) {
        const struct spec_consumer *at = &t->e.spec->consumers[i];
        const char *name, *id;

        if (!export_has(&t->e, at))
            continue;
        name = tf_consumer(t, at);
        if (at->create_group)
            put_import(t, "aws_security_group", name,
                       found_id(t, OUTCOME_ENDPOINT_SECURITY_GROUP, at->name, 0,
                                "sg-"));
        id = found_id(t, OUTCOME_ENDPOINT, at->name, 0, "vpce-");
        put_import(t, "aws_vpc_endpoint", name, id);
        if (id && accepts_here(t))
            import_accepter(t, name, id);
    }
}
