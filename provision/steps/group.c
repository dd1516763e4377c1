/*
 * The endpoint's security group and the rules that let clients in.
 *
 * The rules belong on the group that is attached to the endpoint, and their
 * sources are the clients.  There is no token for making a group; of a name
 * that is taken AWS says so, and then the group is there and will be listed.
 * So on an empty path it is made without being looked for.
 */
#include <stdio.h>
#include <string.h>

#include "provision/steps/steps.h"
#include "provision/world/read.h"

enum {
    VISIBLE_PAUSE_MS = 500,
    PORTS_MAX = SPEC_LISTENERS_MAX,
};

static void name_of(const struct world *world, char name[IDENTITY_NAME_SIZE])
{
    identity_name(world->spec->name, "", name);
}

/* By its name when that is known to be taken, else by the path's tag. */
static enum step_now look(const struct world *world,
                          const struct world_consumer *consumer,
                          struct step_ask *ask)
{
    char name[IDENTITY_NAME_SIZE];
    const char *vpc =
        consumer->spec->vpc ? consumer->spec->vpc : consumer->endpoint.vpc;

    if (consumer->group.id) {
        query_add(&ask->query, "GroupId.1", consumer->group.id);
    } else if (consumer->group_duplicate) {
        name_of(world, name);
        query_add_filter(&ask->query, 1, "group-name", name);
        query_add_filter(&ask->query, 2, "vpc-id", vpc);
    } else {
        step_filter_path(world, &ask->query, 1);
        if (vpc)
            query_add_filter(&ask->query, 2, "vpc-id", vpc);
    }
    return step_call(ask, ACTION_DESCRIBE_SECURITY_GROUPS, OUTCOME_ACTION_NONE);
}

static enum step_now create(struct world *world,
                            const struct world_consumer *consumer,
                            struct step_ask *ask)
{
    char name[IDENTITY_NAME_SIZE];

    if (!world->hash[0])
        return step_blocked(ask, "the account is not known yet");
    name_of(world, name);
    query_add(&ask->query, "GroupName", name);
    query_add(&ask->query, "GroupDescription",
              world_format(world, "linkprobe path %s: clients of the endpoint",
                           world->spec->name));
    query_add(&ask->query, "VpcId", consumer->spec->vpc);
    step_tag_ec2(world, &ask->query, "security-group", &consumer->spec->tags,
                 NULL, NULL);
    return step_call(ask, ACTION_CREATE_SECURITY_GROUP, OUTCOME_ACTION_CREATE);
}

/* The file's own groups: read for their rules. */
static enum step_now references_now(struct world *world,
                                    struct world_consumer *consumer,
                                    struct step_ask *ask)
{
    const struct spec_texts *ids = consumer->spec->groups.n
                                       ? &consumer->spec->groups
                                       : &consumer->endpoint.groups;

    ask->did = OUTCOME_ACTION_REFERENCE;
    if (!ids->n)
        return consumer->endpoint.found == WORLD_FOUND
                   ? STEP_SKIPPED
                   : step_blocked(ask, "there is no endpoint");
    ask->id = step_join(world, ids);
    if (consumer->references_found == WORLD_FOUND)
        return STEP_DONE;
    step_query_texts(&ask->query, "GroupId", ids);
    return step_call(ask, ACTION_DESCRIBE_SECURITY_GROUPS,
                     OUTCOME_ACTION_REFERENCE);
}

/* Nothing of the path is there: the group is made without a look. */
static bool is_empty(const struct world *world,
                     const struct world_consumer *consumer)
{
    return world_has_provider(world) && !world->all &&
           consumer->endpoint.found == WORLD_NONE &&
           world->service.found == WORLD_NONE && !world->service.wait_seen;
}

static enum step_now judge(struct world *world,
                           const struct world_consumer *consumer,
                           struct step_ask *ask)
{
    ask->id = consumer->group.id;
    if (consumer->group_made ||
        world_owner(world, consumer->group_hash) != WORLD_FOREIGN)
        return STEP_DONE;
    return step_refused(
        ask, world_format(world,
                          "there is a security group %s called %s that does "
                          "not carry the tags of this path: it is not touched",
                          consumer->group.id, consumer->group.name));
}

static enum step_now group_now(const struct step *step, struct world *world,
                               struct step_ask *ask)
{
    struct world_consumer *consumer = step_consumer(step, world);

    if (!consumer->spec->create_group || consumer->spec->endpoint_id)
        return references_now(world, consumer, ask);
    if (consumer->group_found == WORLD_FOUND)
        return judge(world, consumer, ask);
    if (consumer->group_found == WORLD_NONE && consumer->group_duplicate) {
        (void)look(world, consumer, ask);
        ask->reason = "its name is taken: it will be listed";
        return step_wait(ask, ACTION_DESCRIBE_SECURITY_GROUPS,
                         VISIBLE_PAUSE_MS);
    }
    if (consumer->group_found == WORLD_UNKNOWN) {
        if (consumer->endpoint.found == WORLD_UNKNOWN ||
            (world_has_provider(world) &&
             world->service.found == WORLD_UNKNOWN))
            return step_blocked(ask, "the path is not looked for yet");
        if (!is_empty(world, consumer))
            return look(world, consumer, ask);
        consumer->group_found = WORLD_NONE;
    }
    return world->only_look ? STEP_SKIPPED : create(world, consumer, ask);
}

enum step_now step_find_group(struct world *world,
                              struct world_consumer *consumer,
                              struct step_ask *ask)
{
    return consumer->group_found == WORLD_UNKNOWN ? look(world, consumer, ask)
                                                  : STEP_DONE;
}

static void took_none(struct world_consumer *consumer)
{
    if (consumer->group_made)
        return;
    consumer->group_found = WORLD_NONE;
    consumer->group.id = NULL;
}

static bool took_list(struct world *world, struct world_consumer *consumer,
                      const struct aws_call *answer)
{
    const struct xml_node *node =
        aws_call_first(answer, "securityGroupInfo/item");
    const char *path = node ? world_read_tag(node, IDENTITY_TAG_PATH) : NULL;
    bool ours = path && strcmp(path, world->spec->name) == 0;

    if (!node || (consumer->group_suspected && !ours)) {
        took_none(consumer);
        return true;
    }
    world_read_group(world, &consumer->group, node);
    consumer->group_hash = world_text(world, consumer->group_hash,
                                      world_read_tag(node, IDENTITY_TAG_SPEC));
    if (!ours)
        consumer->group_hash = NULL;
    consumer->group_found = WORLD_FOUND;
    consumer->rules_again = false;
    return true;
}

static bool took_created(struct world *world, struct world_consumer *consumer,
                         const struct aws_call *answer)
{
    consumer->group = (struct world_group){ .id = WORLD_LATER };
    if (answer)
        world_read(world, &consumer->group.id, aws_call_result(answer),
                   "groupId");
    consumer->group_made = true;
    consumer->group_found = WORLD_FOUND;
    return consumer->group.id != NULL;
}

static bool group_took(struct step *step, struct world *world,
                       const struct aws_call *answer)
{
    struct world_consumer *consumer = step_consumer(step, world);

    if (!step_ok(answer)) {
        if (step->asked == ACTION_DESCRIBE_SECURITY_GROUPS &&
            consumer->spec->create_group &&
            aws_call_is(answer, "InvalidGroup.NotFound")) {
            took_none(consumer);
            return true;
        }
        if (step->asked != ACTION_CREATE_SECURITY_GROUP ||
            !aws_call_is(answer, "InvalidGroup.Duplicate"))
            return false;
        consumer->group_duplicate = true;
        return true;
    }
    if (step->asked == ACTION_CREATE_SECURITY_GROUP)
        return took_created(world, consumer, answer);
    if (!consumer->spec->create_group || consumer->spec->endpoint_id) {
        world_read_groups(world, &consumer->references, &consumer->nreferences,
                          answer);
        consumer->references_found = WORLD_FOUND;
        return true;
    }
    return took_list(world, consumer, answer);
}

const struct step_kind step_group = {
    .name = OUTCOME_ENDPOINT_SECURITY_GROUP,
    .now = group_now,
    .took = group_took,
};

/* ---- rules */

static struct world_group *groups_of(struct world_consumer *consumer, size_t *n)
{
    if (consumer->spec->create_group && !consumer->spec->endpoint_id) {
        *n = consumer->group_found == WORLD_FOUND;
        return &consumer->group;
    }
    *n = consumer->nreferences;
    return consumer->references;
}

/* A port and the ranges that may not reach it. */
static struct spec_texts
missing(struct world *world, struct world_consumer *consumer, unsigned *port)
{
    unsigned ports[PORTS_MAX];
    size_t nports = world_ports(world, ports, PORTS_MAX), n;
    struct world_group *groups = groups_of(consumer, &n);
    struct spec_texts ranges = { 0 };

    for (size_t p = 0; p < nports && !ranges.n; p++) {
        *port = ports[p];
        for (size_t i = 0; i < consumer->clients.n; i++) {
            const char *range = consumer->clients.texts[i];

            if (!step_admits(groups, n, *port, range))
                world_add(world, &ranges, range);
        }
    }
    return ranges;
}

static enum step_now authorize(struct world *world,
                               struct world_consumer *consumer,
                               const struct spec_texts *ranges, unsigned port,
                               struct step_ask *ask)
{
    size_t n;
    const struct world_group *groups = groups_of(consumer, &n);

    step_query_rules(world, &ask->query, groups[0].id, port, ranges,
                     &consumer->spec->tags);
    return step_call(ask, ACTION_AUTHORIZE_SECURITY_GROUP_INGRESS,
                     consumer->group_made ? OUTCOME_ACTION_CREATE
                                          : OUTCOME_ACTION_UPDATE);
}

static enum step_now judge_rules(struct world *world,
                                 struct world_consumer *consumer,
                                 struct step_ask *ask)
{
    unsigned port = 0;
    struct spec_texts ranges = missing(world, consumer, &port);

    if (!ranges.n) {
        ask->reason = world_format(world, "%s may connect",
                                   step_join(world, &consumer->clients));
        return STEP_DONE;
    }
    ask->reason = world_format(world, "no inbound rule admits %s to port %u",
                               step_join(world, &ranges), port);
    if (!consumer->group_made)
        world_note_drift(world, OUTCOME_ENDPOINT_SECURITY_GROUP, consumer,
                         "rules", consumer->clients, (struct spec_texts){ 0 });
    if (consumer->spec->rules == SPEC_CHECK || consumer->spec->endpoint_id)
        return STEP_DONE;
    return authorize(world, consumer, &ranges, port, ask);
}

static enum step_now rules_now(const struct step *step, struct world *world,
                               struct step_ask *ask)
{
    struct world_consumer *consumer = step_consumer(step, world);
    size_t n;

    (void)groups_of(consumer, &n);
    if (!n)
        return step_blocked(ask, "there is no security group");
    if (consumer->group_found == WORLD_FOUND && !consumer->group_made &&
        world_owner(world, consumer->group_hash) != WORLD_OURS)
        return step_blocked(ask, "the group is not known as ours");
    if (consumer->clients_found != WORLD_FOUND)
        return step_blocked(ask, "the clients' ranges are not known");
    if (consumer->rules_again) {
        query_add(&ask->query, "GroupId.1", groups_of(consumer, &n)[0].id);
        return step_wait(ask, ACTION_DESCRIBE_SECURITY_GROUPS,
                         VISIBLE_PAUSE_MS);
    }
    return judge_rules(world, consumer, ask);
}

/* The rules as they are now there. */
static void take_rules(struct world *world, struct world_consumer *consumer)
{
    unsigned port = 0;
    struct spec_texts ranges = missing(world, consumer, &port);
    size_t n;

    step_add_rules(world, groups_of(consumer, &n), port, &ranges);
}

static bool rules_took(struct step *step, struct world *world,
                       const struct aws_call *answer)
{
    struct world_consumer *consumer = step_consumer(step, world);
    const struct xml_node *node;
    size_t n;

    if (!step_ok(answer)) {
        if (!aws_call_is(answer, "InvalidPermission.Duplicate"))
            return false;
        consumer->rules_again = true;
        return true;
    }
    if (step->asked == ACTION_AUTHORIZE_SECURITY_GROUP_INGRESS) {
        take_rules(world, consumer);
        return true;
    }
    node = aws_call_first(answer, "securityGroupInfo/item");
    if (node)
        world_read_group(world, groups_of(consumer, &n), node);
    consumer->rules_again = false;
    return true;
}

const struct step_kind step_rules = {
    .name = OUTCOME_ENDPOINT_SECURITY_GROUP,
    .now = rules_now,
    .took = rules_took,
};
