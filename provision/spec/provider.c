/*
 * The provider's side: whose cache, by which listeners, behind which service.
 */
#include <string.h>

#include "provision/spec/read.h"
#include "provision/spec/words.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char balancer_arn[] =
    "a network load balancer's ARN, such as arn:aws:elasticloadbalancing:"
    "us-west-2:444455556666:loadbalancer/net/NAME/0123456789abcdef";

/* --- load balancers --- */

static const struct spec_field balancer_fields[] = {
    { .key = "arn",
      .offset = offsetof(struct spec_balancer, arn),
      .fits = spec_word_load_balancer,
      .expects = balancer_arn },
    { .key = "suffix",
      .offset = offsetof(struct spec_balancer, suffix),
      .fits = spec_word_suffix,
      .expects = "1 to 8 letters and digits, the end of its name" },
    { .key = "cross_zone",
      .kind = SPEC_FIELD_BOOL,
      .offset = offsetof(struct spec_balancer, cross_zone) },
};

static bool read_balancer(struct spec_reading *r, const struct spec_node *map,
                          struct spec_balancer *balancer)
{
    balancer->cross_zone = true;
    balancer->line = map->line;
    return spec_read_map(r, map, balancer_fields, COUNT(balancer_fields),
                         balancer) &&
           spec_read_apart(r, map, "arn", "suffix",
                           "a load balancer of others has its name");
}

static bool read_one_balancer(struct spec_reading *r,
                              const struct spec_node *map, void *target)
{
    struct spec_provider *provider = target;

    provider->balancers = spec_read_alloc(r, 1, sizeof(*provider->balancers));
    provider->nbalancers = 1;
    return provider->balancers && read_balancer(r, map, provider->balancers);
}

/* Two of ours would have one name, or a reference stands twice. */
static bool check_balancers(struct spec_reading *r,
                            const struct spec_node *list,
                            const struct spec_provider *provider)
{
    const struct spec_node *node = list->first;

    for (size_t i = 0; i < provider->nbalancers && node;
         i++, node = node->next) {
        const struct spec_balancer *at = &provider->balancers[i];

        for (size_t k = 0; k < i; k++) {
            const struct spec_balancer *other = &provider->balancers[k];
            const char *a = at->arn ? at->arn : at->suffix;
            const char *b = other->arn ? other->arn : other->suffix;

            if (!at->arn == !other->arn && strcmp(a ? a : "", b ? b : "") == 0)
                return spec_read_wrong(
                    r, node,
                    at->arn ? "the same load balancer twice"
                            : "two load balancers with one name; expected a "
                              "suffix that tells them apart");
        }
    }
    return true;
}

static bool read_balancers(struct spec_reading *r, const struct spec_node *list,
                           void *target)
{
    struct spec_provider *provider = target;

    if (!spec_read_list(r, list, "a list of load balancers"))
        return false;
    if (list->n > SPEC_BALANCERS_MAX)
        return spec_read_wrong(r, list,
                               "%zu load balancers; expected %d at most",
                               list->n, SPEC_BALANCERS_MAX);
    provider->balancers =
        spec_read_alloc(r, list->n, sizeof(*provider->balancers));
    if (!provider->balancers)
        return false;
    provider->nbalancers = list->n;
    for (const struct spec_node *at = list->first; at; at = at->next) {
        if (!read_balancer(r, at, &provider->balancers[at->index]))
            return false;
    }
    return check_balancers(r, list, provider);
}

/* --- the service --- */

static bool read_service_principals(struct spec_reading *r,
                                    const struct spec_node *list, void *target)
{
    struct spec_service *service = target;

    return spec_read_principals(r, list, &service->principals);
}

static bool read_service(struct spec_reading *r, const struct spec_node *map,
                         void *target)
{
    static const struct spec_field fields[] = {
        { .key = "id",
          .offset = offsetof(struct spec_service, id),
          .fits = spec_word_service,
          .expects = "an endpoint service's id, such as vpce-svc-0a1b2c3d" },
        { .key = "acceptance_required",
          .kind = SPEC_FIELD_BOOL,
          .offset = offsetof(struct spec_service, acceptance_required) },
        { .key = "allowed_principals",
          .kind = SPEC_FIELD_CUSTOM,
          .read = read_service_principals },
        { .key = "private_dns_name",
          .offset = offsetof(struct spec_service, private_dns_name),
          .fits = spec_word_dns_name,
          .expects = "a name of a domain of yours, such as cache.example.com" },
    };
    struct spec_provider *provider = target;

    provider->service.line = map->line;
    return spec_read_map(r, map, fields, COUNT(fields), &provider->service);
}

static bool read_tags(struct spec_reading *r, const struct spec_node *map,
                      void *target)
{
    struct spec_provider *provider = target;

    return spec_read_tags(r, map, &provider->tags);
}

static const struct spec_field provider_fields[] = {
    SPEC_ACCOUNT_FIELDS(struct spec_provider),
    { .key = "cache",
      .kind = SPEC_FIELD_CUSTOM,
      .read = spec_read_only_listener },
    { .key = "port",
      .kind = SPEC_FIELD_CUSTOM,
      .read = spec_read_only_listener },
    { .key = "target_group",
      .kind = SPEC_FIELD_CUSTOM,
      .read = spec_read_only_listener },
    { .key = "listeners",
      .kind = SPEC_FIELD_CUSTOM,
      .read = spec_read_listeners },
    { .key = "load_balancer",
      .kind = SPEC_FIELD_CUSTOM,
      .read = read_one_balancer },
    { .key = "load_balancers",
      .kind = SPEC_FIELD_CUSTOM,
      .read = read_balancers },
    { .key = "cache_security_group",
      .kind = SPEC_FIELD_CHOICE,
      .offset = offsetof(struct spec_provider, cache_security_group),
      .words = "add|check",
      .expects = "check or add" },
    { .key = "service", .kind = SPEC_FIELD_CUSTOM, .read = read_service },
    { .key = "tags", .kind = SPEC_FIELD_CUSTOM, .read = read_tags },
};

/* Before the values: the message is about the pair, not about one of them. */
static bool check_pairs(struct spec_reading *r, const struct spec_node *map)
{
    static const char one[] = "expected one of the two";

    if (map->kind != YAML_ITEM_MAP)
        return true;
    return spec_read_apart(r, map, "cache", "listeners", one) &&
           spec_read_apart(r, map, "port", "listeners",
                           "each listener has its own") &&
           spec_read_apart(r, map, "target_group", "listeners",
                           "each listener has its own") &&
           spec_read_apart(r, map, "load_balancer", "load_balancers", one);
}

static bool check_provider(struct spec_reading *r, const struct spec_node *map,
                           const struct spec_provider *provider)
{
    if (provider->nlisteners == 0 || !provider->listeners[0].cache.id)
        return spec_read_wrong(r, map, "no cache; expected cache or listeners");
    if (provider->account.external_id && !provider->account.role_arn)
        return spec_read_wrong(r, spec_tree_child(map, "external_id"),
                               "belongs to a role_arn, and there is none");
    for (size_t i = 0; i < provider->nlisteners; i++) {
        if (provider->listeners[i].target_group_arn && provider->nbalancers > 1)
            return spec_read_wrong(r, map,
                                   "target_group: a target group belongs to "
                                   "one load balancer, and there are %zu",
                                   provider->nbalancers);
    }
    return true;
}

bool spec_read_provider(struct spec_reading *r, const struct spec_node *map)
{
    struct spec_provider *provider = &r->spec->provider;

    r->spec->has_provider = true;
    provider->line = map->line;
    provider->cache_security_group = SPEC_CHECK;
    provider->service.acceptance_required = true;
    if (!check_pairs(r, map) ||
        !spec_read_map(r, map, provider_fields, COUNT(provider_fields),
                       provider) ||
        !check_provider(r, map, provider))
        return false;
    if (provider->balancers)
        return true;
    provider->balancers = spec_read_alloc(r, 1, sizeof(*provider->balancers));
    if (!provider->balancers)
        return false;
    provider->nbalancers = 1;
    provider->balancers[0] =
        (struct spec_balancer){ .cross_zone = true, .line = map->line };
    return true;
}
