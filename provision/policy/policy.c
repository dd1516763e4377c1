/*
 * Which actions stand in one statement, and what they may be done to.
 */
#include "provision/policy/internal.h"

#include <string.h>

#include "provision/identity.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* --- statements --- */

/* What an action may be done to. */
enum bound {
    ANY,  /* nothing of AWS can tell ours from others */
    MADE, /* what is made with our tag */
    OWN,  /* what has our tag */
};

struct statement {
    const char *sid;
    unsigned side;
    enum bound bound;
    const char *resources[3];
    enum action actions[8]; /* ends in ACTION_NO_CALL */
};

/* clang-format off */
static const struct statement statements[] = {
    { "MakeBalancer", ACTION_PROVIDER, MADE, { BALANCER },
      { ACTION_CREATE_LOAD_BALANCER } },
    { "OwnBalancer", ACTION_PROVIDER, OWN, { BALANCER },
      { ACTION_MODIFY_LOAD_BALANCER_ATTRIBUTES, ACTION_CREATE_LISTENER,
        ACTION_DELETE_LOAD_BALANCER } },
    { "MakeTargetGroup", ACTION_PROVIDER, MADE, { TARGET_GROUP },
      { ACTION_CREATE_TARGET_GROUP } },
    { "OwnTargetGroup", ACTION_PROVIDER, OWN, { TARGET_GROUP },
      { ACTION_MODIFY_TARGET_GROUP, ACTION_MODIFY_TARGET_GROUP_ATTRIBUTES,
        ACTION_REGISTER_TARGETS, ACTION_DEREGISTER_TARGETS,
        ACTION_DELETE_TARGET_GROUP } },
    { "OwnListener", ACTION_PROVIDER, OWN, { LISTENER },
      { ACTION_MODIFY_LISTENER } },
    { "MakeService", ACTION_PROVIDER, MADE, { SERVICE },
      { ACTION_CREATE_SERVICE } },
    { "OwnService", ACTION_PROVIDER, OWN, { SERVICE },
      { ACTION_MODIFY_SERVICE, ACTION_VERIFY_PRIVATE_DNS,
        ACTION_MODIFY_PERMISSIONS, ACTION_ACCEPT_CONNECTIONS,
        ACTION_REJECT_CONNECTIONS, ACTION_DELETE_SERVICES } },
    { "CacheGroup", ACTION_PROVIDER, ANY, { GROUP },
      { ACTION_AUTHORIZE_SECURITY_GROUP_INGRESS,
        ACTION_REVOKE_SECURITY_GROUP_INGRESS } },
    { "MakeGroup", ACTION_CONSUMER, MADE, { GROUP },
      { ACTION_CREATE_SECURITY_GROUP } },
    { "OwnGroup", ACTION_CONSUMER, OWN, { GROUP },
      { ACTION_AUTHORIZE_SECURITY_GROUP_INGRESS,
        ACTION_DELETE_SECURITY_GROUP } },
    { "GivenGroups", ACTION_CONSUMER, ANY, { GROUP },
      { ACTION_AUTHORIZE_SECURITY_GROUP_INGRESS,
        ACTION_REVOKE_SECURITY_GROUP_INGRESS } },
    { "MakeEndpoint", ACTION_CONSUMER, MADE, { ENDPOINT },
      { ACTION_CREATE_ENDPOINT } },
    { "OwnEndpoint", ACTION_CONSUMER, OWN, { ENDPOINT },
      { ACTION_MODIFY_ENDPOINT, ACTION_DELETE_ENDPOINTS } },
    { "GroupPlace", ACTION_CONSUMER, ANY, { VPC },
      { ACTION_CREATE_SECURITY_GROUP } },
    { "EndpointPlaces", ACTION_CONSUMER, ANY, { VPC, SUBNET, GROUP },
      { ACTION_CREATE_ENDPOINT, ACTION_MODIFY_ENDPOINT } },
};
/* clang-format on */

static const char *service_word(enum aws_service service)
{
    switch (service) {
    case AWS_EC2: return "ec2";
    case AWS_ELBV2: return "elasticloadbalancing";
    case AWS_ELASTICACHE: return "elasticache";
    default: return "sts";
    }
}

void policy_put_action(struct policy_writing *w, enum action action)
{
    const struct action_info *info = action_info(action);
    char text[96];

    (void)snprintf(text, sizeof(text), "%s:%s", service_word(info->service),
                   info->name);
    json_string(w->json, text);
}

void policy_put_arn(struct policy_writing *w, enum aws_service service,
                    const char *rest)
{
    char text[256];

    (void)snprintf(text, sizeof(text), "arn:%s:%s:%s:%s:%s", w->partition,
                   service_word(service), w->region, w->account, rest);
    json_string(w->json, text);
}

void policy_begin(struct policy_writing *w, const char *sid)
{
    json_object(w->json);
    json_member_string(w->json, "Sid", sid);
    json_member_string(w->json, "Effect", "Allow");
    json_key(w->json, "Action");
    json_array(w->json);
}

/* "Condition": {"StringEquals": {KEY: `value`}} */
void policy_put_condition(struct policy_writing *w, const char *key,
                          const char *value)
{
    json_key(w->json, "Condition");
    json_object(w->json);
    json_key(w->json, "StringEquals");
    json_object(w->json);
    json_member_string(w->json, key, value);
    json_object_end(w->json);
    json_object_end(w->json);
}

/* Is it bound by a tag that references do not have? */
static bool is_reference(const struct policy_writing *w, enum action action)
{
    const struct spec *spec = w->options->spec;

    if (w->options->consumer)
        return false;
    switch (action) {
    case ACTION_CREATE_LISTENER: return !policy_makes_balancer(spec);
    case ACTION_REGISTER_TARGETS:
    case ACTION_DEREGISTER_TARGETS: return !policy_makes_target_group(spec);
    case ACTION_ACCEPT_CONNECTIONS:
    case ACTION_REJECT_CONNECTIONS: return spec->provider.service.id != NULL;
    default: return false;
    }
}

static bool is_written(const struct policy_writing *w,
                       const struct statement *statement, enum action action)
{
    const struct spec_consumer *consumer = w->options->consumer;

    if (!policy_needs(w->options, action))
        return false;
    /* Rules of the group that is made, or of those that are given. */
    if (consumer && action == ACTION_AUTHORIZE_SECURITY_GROUP_INGRESS)
        return consumer->create_group == (statement->bound == OWN);
    return statement->bound != OWN || !is_reference(w, action);
}

static void put_ids(struct policy_writing *w, const char *kind,
                    const struct spec_texts *ids)
{
    char rest[128];

    for (size_t i = 0; i < ids->n; i++) {
        (void)snprintf(rest, sizeof(rest), "%s/%.64s", kind, ids->texts[i]);
        policy_put_arn(w, AWS_EC2, rest);
    }
}

/* What the file names is named here, too. */
static void put_resource(struct policy_writing *w,
                         const struct statement *statement,
                         const char *resource)
{
    const struct spec_consumer *at = w->options->consumer;
    enum aws_service service = action_info(statement->actions[0])->service;
    bool given = at && statement->bound == ANY;

    if (given && strcmp(resource, VPC) == 0)
        put_ids(w, "vpc",
                &(struct spec_texts){ (const char *[]){ at->vpc }, 1 });
    else if (given && strcmp(resource, SUBNET) == 0 && at->subnets.n)
        put_ids(w, "subnet", &at->subnets);
    else if (given && strcmp(resource, GROUP) == 0 && at->groups.n)
        put_ids(w, "security-group", &at->groups);
    else
        policy_put_arn(w, service, resource);
}

static void put_statement(struct policy_writing *w,
                          const struct statement *statement)
{
    bool any = false;

    for (const enum action *at = statement->actions; *at; at++) {
        if (!is_written(w, statement, *at))
            continue;
        if (!any)
            policy_begin(w, statement->sid);
        any = true;
        policy_put_action(w, *at);
    }
    if (!any)
        return;
    json_array_end(w->json);
    json_key(w->json, "Resource");
    json_array(w->json);
    for (size_t i = 0; i < COUNT(statement->resources); i++) {
        if (statement->resources[i])
            put_resource(w, statement, statement->resources[i]);
    }
    json_array_end(w->json);
    if (statement->bound != ANY)
        policy_put_condition(w,
                             statement->bound == OWN
                                 ? "aws:ResourceTag/" IDENTITY_TAG_PATH
                                 : "aws:RequestTag/" IDENTITY_TAG_PATH,
                             w->options->spec->name);
    json_object_end(w->json);
}

/* --- what is only looked at --- */

static void put_looks(struct policy_writing *w)
{
    bool any = false;

    for (int i = ACTION_NO_CALL + 1; i < ACTION_COUNT; i++) {
        enum action action = (enum action)i;

        if (action_changes(action) || !policy_needs(w->options, action))
            continue;
        if (!any)
            policy_begin(w, "Look");
        any = true;
        policy_put_action(w, action);
    }
    if (!any)
        return;
    json_array_end(w->json);
    json_member_string(w->json, "Resource", "*");
    json_object_end(w->json);
}

void policy_write(const struct policy_options *options, struct json *json)
{
    const struct spec_account *account = options->consumer
                                             ? &options->consumer->account
                                             : &options->spec->provider.account;
    unsigned side = options->consumer ? ACTION_CONSUMER : ACTION_PROVIDER;
    struct policy_writing w = { .options = options, .json = json };

    w.region = account->region ? account->region : "*";
    w.account = account->account ? account->account : "*";
    w.partition = account->region ? aws_partition(account->region) : "aws";
    json_object(json);
    json_member_string(json, "Version", "2012-10-17");
    json_key(json, "Statement");
    json_array(json);
    put_looks(&w);
    for (size_t i = 0; i < COUNT(statements); i++) {
        if (statements[i].side == side)
            put_statement(&w, &statements[i]);
    }
    if (!options->consumer)
        policy_put_references(&w);
    policy_put_beside(&w);
    json_array_end(json);
    json_object_end(json);
}
