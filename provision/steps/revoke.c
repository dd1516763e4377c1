/*
 * Rules of ours in groups of others: in the cache's (cache_security_group:
 * add), in the consumer's own (security_groups and rules: add).  They are found
 * by their tags, and only they go.
 */
#include "provision/steps/steps.h"
#include "provision/world/read.h"

static enum step_now look(const struct world *world, struct step_ask *ask)
{
    step_filter_path(world, &ask->query, 1);
    query_add_filter(&ask->query, 2, "tag:" IDENTITY_TAG_SPEC, world->hash);
    ask->pages = true;
    return step_call(ask, ACTION_DESCRIBE_SECURITY_GROUP_RULES,
                     OUTCOME_ACTION_NONE);
}

static enum step_now rules_now(const struct world *world,
                               const struct world_own_rules *rules,
                               struct step_ask *ask)
{
    if (!world->hash[0])
        return step_blocked(ask, "the account is not known yet");
    if (rules->found == WORLD_UNKNOWN)
        return look(world, ask);
    if (!rules->ids.n || rules->deleted)
        return rules->deleted ? STEP_DONE : STEP_SKIPPED;
    ask->id = rules->group;
    query_add(&ask->query, "GroupId", rules->group);
    step_query_texts(&ask->query, "SecurityGroupRuleId", &rules->ids);
    return step_call(ask, ACTION_REVOKE_SECURITY_GROUP_INGRESS,
                     OUTCOME_ACTION_DELETE);
}

/* Of one group at a time: the next are found when these are gone.  Rules of the
 * group `own`, which is deleted as a whole, are left out. */
static void read_rules(struct world *world, struct world_own_rules *rules,
                       const struct aws_call *answer, const char *own)
{
    static const char path[] = "securityGroupRuleSet/item";

    *rules = (struct world_own_rules){ .found = WORLD_FOUND };
    for (const struct xml_node *at = aws_call_first(answer, path); at;
         at = aws_call_next(answer, at, path)) {
        const char *group = xml_text(at, "groupId");
        const char *id = xml_text(at, "securityGroupRuleId");

        if (!group || !id || world_is(group, own ? own : "") ||
            xml_true(at, "isEgress"))
            continue;
        if (!rules->group)
            rules->group = world_text(world, NULL, group);
        if (world_is(group, rules->group ? rules->group : ""))
            world_add(world, &rules->ids, id);
    }
}

static bool rules_took(const struct step *step, struct world *world,
                       struct world_own_rules *rules,
                       const struct aws_call *answer, const char *own)
{
    if (!step_ok(answer)) {
        if (!aws_call_is(answer, "InvalidSecurityGroupRuleId.NotFound "
                                 "InvalidPermission.NotFound "
                                 "InvalidGroup.NotFound"))
            return false;
        rules->deleted = true;
        return true;
    }
    if (step->asked == ACTION_DESCRIBE_SECURITY_GROUP_RULES)
        read_rules(world, rules, answer, own);
    else if (answer)
        rules->found = WORLD_UNKNOWN; /* until there are none */
    else
        rules->deleted = true;
    return true;
}

static enum step_now provider_now(const struct step *step, struct world *world,
                                  struct step_ask *ask)
{
    (void)step;
    if (world->spec->provider.cache_security_group != SPEC_ADD)
        return STEP_SKIPPED;
    return rules_now(world, &world->own_rules, ask);
}

static bool provider_took(struct step *step, struct world *world,
                          const struct aws_call *answer)
{
    return rules_took(step, world, &world->own_rules, answer, NULL);
}

const struct step_kind step_revoke_provider = {
    .name = OUTCOME_CACHE_SECURITY_GROUP,
    .now = provider_now,
    .took = provider_took,
};

static enum step_now consumer_now(const struct step *step, struct world *world,
                                  struct step_ask *ask)
{
    struct world_consumer *consumer = step_consumer(step, world);

    if (consumer->spec->create_group || consumer->spec->rules != SPEC_ADD)
        return STEP_SKIPPED;
    return rules_now(world, &consumer->own_rules, ask);
}

static bool consumer_took(struct step *step, struct world *world,
                          const struct aws_call *answer)
{
    struct world_consumer *consumer = step_consumer(step, world);

    return rules_took(step, world, &consumer->own_rules, answer,
                      consumer->group.id);
}

const struct step_kind step_revoke_consumer = {
    .name = OUTCOME_ENDPOINT_SECURITY_GROUP,
    .now = consumer_now,
    .took = consumer_took,
};
