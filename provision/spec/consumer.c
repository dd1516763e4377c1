/*
 * A consumer's side: one whose credentials we hold gets an endpoint, a foreign
 * one only a permission.
 */
#include <string.h>

#include "provision/spec/read.h"
#include "provision/spec/words.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool is_word(const struct spec_node *node, const char *word)
{
    return node->kind == YAML_ITEM_WORD && strcmp(node->text, word) == 0;
}

static bool read_principals(struct spec_reading *r,
                            const struct spec_node *list, void *target)
{
    struct spec_consumer *consumer = target;

    return spec_read_principals(r, list, &consumer->principals);
}

static bool read_subnets(struct spec_reading *r, const struct spec_node *node,
                         void *target)
{
    static const struct spec_field field = {
        .fits = spec_word_subnet,
        .expects = "a subnet's id, such as subnet-0a1b2c3d",
        .list = "a list of subnets' ids, or the word auto",
    };
    struct spec_consumer *consumer = target;

    consumer->subnets_auto = is_word(node, "auto");
    return consumer->subnets_auto ||
           spec_read_texts(r, node, &field, &consumer->subnets);
}

static bool read_groups(struct spec_reading *r, const struct spec_node *node,
                        void *target)
{
    static const struct spec_field field = {
        .fits = spec_word_group,
        .expects = "a security group's id, such as sg-0a1b2c3d",
        .list = "a list of security groups' ids, or the word create",
    };
    struct spec_consumer *consumer = target;

    consumer->create_group = is_word(node, "create");
    return consumer->create_group ||
           spec_read_texts(r, node, &field, &consumer->groups);
}

static bool read_cidrs(struct spec_reading *r, const struct spec_node *node,
                       void *target)
{
    static const struct spec_field field = {
        .fits = spec_word_cidr,
        .expects = "an IPv4 range without host bits, such as 10.0.3.0/24",
        .list = "a list of IPv4 ranges, or the word auto",
    };
    struct spec_consumer *consumer = target;

    consumer->client_cidrs_auto = is_word(node, "auto");
    return consumer->client_cidrs_auto ||
           spec_read_texts(r, node, &field, &consumer->client_cidrs);
}

static bool read_endpoint(struct spec_reading *r, const struct spec_node *map,
                          void *target)
{
    static const struct spec_field fields[] = {
        { .key = "id",
          .offset = offsetof(struct spec_consumer, endpoint_id),
          .fits = spec_word_endpoint,
          .expects = "an endpoint's id, such as vpce-0a1b2c3d" },
    };
    struct spec_consumer *consumer = target;

    if (!spec_read_map(r, map, fields, COUNT(fields), consumer))
        return false;
    return consumer->endpoint_id || spec_read_wrong(r, map, "no id");
}

static bool read_tags(struct spec_reading *r, const struct spec_node *map,
                      void *target)
{
    struct spec_consumer *consumer = target;

    return spec_read_tags(r, map, &consumer->tags);
}

static const struct spec_field fields[] = {
    { .key = "name",
      .offset = offsetof(struct spec_consumer, name),
      .fits = spec_word_path,
      .expects = "a name of up to 64 letters, digits, - _ ., beginning with a "
                 "letter or a digit" },
    SPEC_ACCOUNT_FIELDS(struct spec_consumer),
    { .key = "principals", .kind = SPEC_FIELD_CUSTOM, .read = read_principals },
    { .key = "accept",
      .kind = SPEC_FIELD_CHOICE,
      .offset = offsetof(struct spec_consumer, accept),
      .words = "manual|listed",
      .expects = "manual or listed" },
    { .key = "vpc",
      .offset = offsetof(struct spec_consumer, vpc),
      .fits = spec_word_vpc,
      .expects = "a VPC's id, such as vpc-0a1b2c3d" },
    { .key = "subnets", .kind = SPEC_FIELD_CUSTOM, .read = read_subnets },
    { .key = "security_groups",
      .kind = SPEC_FIELD_CUSTOM,
      .read = read_groups },
    { .key = "rules",
      .kind = SPEC_FIELD_CHOICE,
      .offset = offsetof(struct spec_consumer, rules),
      .words = "add|check",
      .expects = "add or check" },
    { .key = "client_cidrs", .kind = SPEC_FIELD_CUSTOM, .read = read_cidrs },
    { .key = "service_name",
      .offset = offsetof(struct spec_consumer, service_name),
      .fits = spec_word_service_name,
      .expects = "a service's name, such as com.amazonaws.vpce.us-west-2."
                 "vpce-svc-0a1b2c3d" },
    { .key = "endpoint", .kind = SPEC_FIELD_CUSTOM, .read = read_endpoint },
    { .key = "private_dns",
      .kind = SPEC_FIELD_BOOL,
      .offset = offsetof(struct spec_consumer, private_dns) },
    { .key = "tags", .kind = SPEC_FIELD_CUSTOM, .read = read_tags },
};

/* The first of `keys` (a word each) that `map` has; NULL: none. */
static const struct spec_node *first_of(const struct spec_node *map,
                                        const char *const *keys, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct spec_node *node = spec_tree_child(map, keys[i]);

        if (node)
            return node;
    }
    return NULL;
}

static bool check_foreign(struct spec_reading *r, const struct spec_node *map,
                          const struct spec_consumer *consumer)
{
    static const char *const own[] = { "subnets",      "security_groups",
                                       "rules",        "client_cidrs",
                                       "service_name", "private_dns",
                                       "tags",         "region" };
    const struct spec_node *node = first_of(map, own, COUNT(own));

    if (node)
        return spec_read_wrong(r, node,
                               "belongs to a consumer with a vpc; this one "
                               "has neither profile, role_arn nor vpc");
    if (!r->spec->has_provider)
        return spec_read_wrong(r, map,
                               "a consumer without profile, role_arn and vpc, "
                               "in a file without a provider: nothing to do");
    if (consumer->principals.n == 0)
        return spec_read_wrong(r, map,
                               "a consumer without profile, role_arn and vpc "
                               "needs principals: who may connect");
    if (consumer->accept == SPEC_LISTED && !consumer->account.account)
        return spec_read_wrong(r, spec_tree_child(map, "accept"),
                               "listed needs the account whose connections "
                               "are to be accepted");
    return true;
}

static bool check_own(struct spec_reading *r, const struct spec_node *map,
                      const struct spec_consumer *consumer)
{
    static const char *const others[] = { "principals", "accept" };
    const struct spec_node *node = first_of(map, others, COUNT(others));

    if (node)
        return spec_read_wrong(r, node,
                               "belongs to a consumer without profile, "
                               "role_arn and vpc; who else may connect stands "
                               "in provider.service.allowed_principals");
    if (!consumer->vpc && !consumer->endpoint_id)
        return spec_read_wrong(r, map,
                               "no vpc: where the endpoint is to stand");
    if (!r->spec->has_provider && !consumer->service_name &&
        !consumer->endpoint_id)
        return spec_read_wrong(r, map,
                               "no service_name, and the file has no provider "
                               "that would tell it");
    node = spec_tree_child(map, "service_name");
    if (r->spec->has_provider && node)
        return spec_read_wrong(r, node,
                               "the provider in this file tells it; expected "
                               "only one of the two");
    return true;
}

bool spec_read_consumer(struct spec_reading *r, const struct spec_node *map,
                        struct spec_consumer *consumer)
{
    *consumer = (struct spec_consumer){
        .subnets_auto = true,
        .create_group = true,
        .client_cidrs_auto = true,
        .rules = SPEC_ADD,
        .private_dns = r->spec->provider.service.private_dns_name != NULL,
        .line = map->line,
    };
    if (!spec_read_map(r, map, fields, COUNT(fields), consumer))
        return false;
    if (consumer->account.external_id && !consumer->account.role_arn)
        return spec_read_wrong(r, spec_tree_child(map, "external_id"),
                               "belongs to a role_arn, and there is none");
    consumer->foreign = !consumer->account.profile &&
                        !consumer->account.role_arn && !consumer->vpc &&
                        !consumer->endpoint_id;
    return consumer->foreign ? check_foreign(r, map, consumer)
                             : check_own(r, map, consumer);
}
