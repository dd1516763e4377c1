/*
 * Whose credentials are these, and whose is what has our names?
 *
 * The account of the provider goes into the hash that everything carries, and
 * guards: other credentials than the file's are refused before any change.
 * Most answers tell it (the ARN of a cache, the owner of an endpoint), so
 * GetCallerIdentity is asked only where none has.
 */
#include "provision/steps/steps.h"

#include <string.h>

#include "provision/world/read.h"

static enum step_now judge(struct world *world, struct step_ask *ask,
                           const char *who, const char *have, const char *want)
{
    if (!want || strcmp(have, want) == 0)
        return STEP_DONE;
    return step_refused(
        ask, world_format(world,
                          "%s: the credentials are of account %s, the file "
                          "says %s: nothing was changed",
                          who, have, want));
}

enum {
    ARNS_MAX = 20, /* of one DescribeTags */
    LATE_PAUSE_MS = 300,
};

/* Will another answer tell the account? */
static bool may_still_learn(const struct world *world)
{
    if (world->service.found == WORLD_UNKNOWN)
        return true;
    for (size_t i = 0; !world->provider_left_out && i < world->nbalancers;
         i++) {
        if (world->balancers[i].found == WORLD_UNKNOWN)
            return true;
    }
    for (size_t i = 0; world->asks_caches && i < world->ncaches; i++) {
        if (world->caches[i].kind != SPEC_HOST &&
            world->caches[i].found == WORLD_UNKNOWN)
            return true;
    }
    return false;
}

static enum step_now provider_now(const struct step *step, struct world *world,
                                  struct step_ask *ask)
{
    const char *want = world->spec->provider.account.account;

    (void)step;
    if (world->account)
        return judge(world, ask, "provider", world->account, want);
    if (world->identity == WORLD_NONE)
        return step_failed(ask, "GetCallerIdentity names no account");
    if (may_still_learn(world))
        return step_blocked(ask, "another answer may tell the account");
    return step_call(ask, ACTION_GET_CALLER_IDENTITY, OUTCOME_ACTION_NONE);
}

static bool provider_took(struct step *step, struct world *world,
                          const struct aws_call *answer)
{
    const char *account;

    (void)step;
    if (!step_ok(answer))
        return false;
    account = xml_text(aws_call_result(answer), "Account");
    world->identity = account ? WORLD_FOUND : WORLD_NONE;
    world_know_account(world, account);
    return true;
}

const struct step_kind step_identity_provider = {
    .name = OUTCOME_CACHE,
    .now = provider_now,
    .took = provider_took,
};

static enum step_now consumer_now(const struct step *step, struct world *world,
                                  struct step_ask *ask)
{
    struct world_consumer *consumer = step_consumer(step, world);
    const char *want = consumer->spec->account.account;

    if (!consumer->account && consumer->endpoint.found == WORLD_FOUND &&
        !consumer->endpoint.made)
        consumer->account = consumer->endpoint.account;
    if (!want)
        return STEP_DONE;
    if (consumer->account)
        return judge(world, ask, consumer->spec->name, consumer->account, want);
    if (consumer->identity == WORLD_NONE)
        return step_failed(ask, "GetCallerIdentity names no account");
    if (consumer->endpoint.found == WORLD_UNKNOWN)
        return step_blocked(ask, "another answer may tell the account");
    return step_call(ask, ACTION_GET_CALLER_IDENTITY, OUTCOME_ACTION_NONE);
}

static bool consumer_took(struct step *step, struct world *world,
                          const struct aws_call *answer)
{
    struct world_consumer *consumer = step_consumer(step, world);
    const struct xml_node *result;

    if (!step_ok(answer))
        return false;
    result = aws_call_result(answer);
    world_read(world, &consumer->account, result, "Account");
    world_read(world, &consumer->caller, result, "Arn");
    consumer->identity = consumer->account ? WORLD_FOUND : WORLD_NONE;
    return true;
}

const struct step_kind step_identity_consumer = {
    .name = OUTCOME_ENDPOINT,
    .now = consumer_now,
    .took = consumer_took,
};

/* ---- owners: DescribeTags of all that load balancing has of our names */

static bool is_open(const struct world *world, enum world_found found,
                    enum world_owner owner, bool made)
{
    if (found != WORLD_FOUND || made)
        return false;
    return owner == WORLD_OWNER_UNKNOWN ||
           (owner == WORLD_OURS_BY_USE && world->owners_needed);
}

static void add_arn(struct query *query, unsigned *n, const char *arn)
{
    if (query && *n < ARNS_MAX)
        query_add_at(query, arn, "ResourceArns.member.%u", *n + 1);
    (*n)++;
}

static size_t open_arns(const struct world *world, struct query *query)
{
    unsigned n = 0;

    for (size_t i = 0; i < world->nbalancers; i++) {
        const struct world_balancer *at = &world->balancers[i];

        if (is_open(world, at->found, at->owner, at->made))
            add_arn(query, &n, at->arn);
    }
    for (size_t i = 0; i < world->nlanes; i++) {
        const struct world_target_group *at = &world->lanes[i].group;

        if (is_open(world, at->found, at->owner, at->made))
            add_arn(query, &n, at->arn);
    }
    return n;
}

/* One call for all: not before all were looked for. */
static bool all_looked(const struct world *world)
{
    for (size_t i = 0; i < world->nbalancers; i++) {
        if (world->balancers[i].found == WORLD_UNKNOWN)
            return false;
    }
    for (size_t i = 0; i < world->nlanes; i++) {
        if (world->lanes[i].group.found == WORLD_UNKNOWN)
            return false;
    }
    return true;
}

static enum step_now owners_now(const struct step *step, struct world *world,
                                struct step_ask *ask)
{
    (void)step;
    if (open_arns(world, NULL) == 0)
        return STEP_DONE;
    if (!all_looked(world))
        return step_blocked(ask, "all names are looked for first");
    if (!world->hash[0])
        return step_blocked(ask, "the account is not known yet");
    open_arns(world, &ask->query);
    if (world->owners_missed)
        return step_wait(ask, ACTION_DESCRIBE_TAGS, LATE_PAUSE_MS);
    return step_call(ask, ACTION_DESCRIBE_TAGS, OUTCOME_ACTION_NONE);
}

/* A list named what is gone: it is looked for again, after a pause. */
static void look_again(struct world *world)
{
    for (size_t i = 0; i < world->nbalancers; i++) {
        struct world_balancer *at = &world->balancers[i];

        if (!is_open(world, at->found, at->owner, at->made))
            continue;
        step_doubt_balancer(at);
    }
    for (size_t i = 0; i < world->nlanes; i++) {
        struct world_target_group *at = &world->lanes[i].group;

        if (is_open(world, at->found, at->owner, at->made))
            at->found = WORLD_UNKNOWN;
    }
}

static bool owners_took(struct step *step, struct world *world,
                        const struct aws_call *answer)
{
    (void)step;
    if (!step_ok(answer)) {
        if (!aws_call_is(answer, "LoadBalancerNotFound TargetGroupNotFound"))
            return false;
        look_again(world);
        world->owners_missed = true;
        return true;
    }
    for (size_t i = 0; i < world->nbalancers; i++) {
        struct world_balancer *at = &world->balancers[i];

        if (is_open(world, at->found, at->owner, at->made))
            world_read_owner_tags(world, answer, at->arn, &at->owner);
    }
    for (size_t i = 0; i < world->nlanes; i++) {
        struct world_target_group *at = &world->lanes[i].group;

        if (is_open(world, at->found, at->owner, at->made))
            world_read_owner_tags(world, answer, at->arn, &at->owner);
    }
    return true;
}

const struct step_kind step_owners = {
    .name = OUTCOME_LOAD_BALANCER,
    .now = owners_now,
    .took = owners_took,
};
