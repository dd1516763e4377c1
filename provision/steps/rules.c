/*
 * Rules of security groups: whom they admit, and how more of them are asked
 * for.  One call opens one port to all the ranges that lack it; what it made
 * is put beside the rules that were read, so that no second look is needed.
 */
#include <string.h>

#include "net/addr.h"
#include "provision/steps/steps.h"

static bool rule_admits(const struct world_rule *rule, unsigned port,
                        const struct net_cidr *range)
{
    struct net_cidr open;

    if (!world_is(rule->protocol, "tcp") && !world_is(rule->protocol, "-1") &&
        !world_is(rule->protocol, "6"))
        return false;
    if (rule->from >= 0 && !world_is(rule->protocol, "-1") &&
        ((long)port < rule->from || (long)port > rule->to))
        return false;
    return rule->cidr && net_cidr_parse(rule->cidr, &open) &&
           open.bits <= range->bits && net_cidr_contains(&open, &range->base);
}

bool step_admits(const struct world_group *groups, size_t n, unsigned port,
                 const char *cidr)
{
    struct net_cidr range;

    if (!net_cidr_parse(cidr, &range))
        return false;
    for (size_t g = 0; g < n; g++) {
        for (size_t r = 0; r < groups[g].nrules; r++) {
            if (rule_admits(&groups[g].rules[r], port, &range))
                return true;
        }
    }
    return false;
}

void step_query_rules(const struct world *world, struct query *query,
                      const char *group, unsigned port,
                      const struct spec_texts *ranges,
                      const struct spec_tags *tags)
{
    query_add(query, "GroupId", group);
    query_add(query, "IpPermissions.1.IpProtocol", "tcp");
    query_add_number(query, "IpPermissions.1.FromPort", (long)port);
    query_add_number(query, "IpPermissions.1.ToPort", (long)port);
    for (size_t i = 0; i < ranges->n; i++)
        query_add_at(query, ranges->texts[i],
                     strchr(ranges->texts[i], ':')
                         ? "IpPermissions.1.Ipv6Ranges.%zu.CidrIpv6"
                         : "IpPermissions.1.IpRanges.%zu.CidrIp",
                     i + 1);
    step_tag_ec2(world, query, "security-group-rule", tags, NULL, NULL);
}

void step_add_rules(struct world *world, struct world_group *group,
                    unsigned port, const struct spec_texts *ranges)
{
    struct world_rule *rules =
        world_alloc(world, (group->nrules + ranges->n) * sizeof(*rules));

    if (!rules)
        return;
    if (group->nrules)
        memcpy(rules, group->rules, group->nrules * sizeof(*rules));
    for (size_t i = 0; i < ranges->n; i++)
        rules[group->nrules++] = (struct world_rule){
            .protocol = "tcp",
            .from = (long)port,
            .to = (long)port,
            .cidr = ranges->texts[i],
        };
    group->rules = rules;
}
