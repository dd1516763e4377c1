/*
 * A consumer's stack: the security group, if one is made, its rules, and the
 * endpoint.
 */
#include <string.h>

#include "provision/export/cloudformation.h"

/* "Consumer2Vpc" */
static void name_of(const struct cfn *c, const struct spec_consumer *at,
                    const char *what, char name[CFN_NAME_SIZE])
{
    (void)snprintf(name, CFN_NAME_SIZE, "Consumer%zu%s",
                   (size_t)(at - c->e.spec->consumers) + 1, what);
}

/* The next consumer with an endpoint to make, after `at`; NULL: none. */
static const struct spec_consumer *next(struct cfn *c,
                                        const struct spec_consumer *at)
{
    const struct spec *spec = c->e.spec;

    for (at = at ? at + 1 : spec->consumers;
         at && at < spec->consumers + spec->nconsumers; at++) {
        if (!export_has(&c->e, at))
            continue;
        (void)snprintf(c->condition, sizeof(c->condition), "IsConsumer%zu",
                       (size_t)(at - spec->consumers) + 1);
        return at;
    }
    return NULL;
}

static bool adds_rules(const struct spec_consumer *at)
{
    return at->create_group || at->rules == SPEC_ADD;
}

static void put_parameters(struct cfn *c, const struct spec_consumer *at)
{
    char name[CFN_NAME_SIZE];

    if (!export_is_id(at->vpc)) {
        name_of(c, at, "Vpc", name);
        cfn_parameter(c, name, CFN_VPC, "The VPC of the endpoint");
    }
    if (!export_are_ids(&at->subnets)) {
        name_of(c, at, "Subnets", name);
        cfn_parameter(c, name, CFN_SUBNETS,
                      "A subnet for the endpoint in each zone, by zone id, "
                      "that the service has");
    }
    if (!at->create_group && !export_are_ids(&at->groups)) {
        name_of(c, at, "Groups", name);
        cfn_parameter(c, name, CFN_GROUPS,
                      "The security groups of the endpoint");
    }
    if (adds_rules(at) && at->client_cidrs_auto) {
        name_of(c, at, "Clients", name);
        cfn_parameter(c, name, CFN_RANGE, "The range of the clients");
    }
}

void cfn_consumer_parameters(struct cfn *c)
{
    const struct spec_consumer *at = NULL;
    bool named = true;

    while ((at = next(c, at)) != NULL) {
        named = named && at->service_name != NULL;
        put_parameters(c, at);
    }
    if (!named)
        cfn_parameter(c, "ServiceName", CFN_SERVICE,
                      "The endpoint service's name, an output of the "
                      "provider's stack");
}

/* `what` of the rule that lets range `i` reach `port`. */
static void put_rule(struct cfn *c, const struct spec_consumer *at, size_t i,
                     unsigned port)
{
    char name[CFN_NAME_SIZE];

    json_member_string(c->json, "Description", "clients of the cache");
    json_member_string(c->json, "IpProtocol", "tcp");
    json_member_unsigned(c->json, "FromPort", port);
    json_member_unsigned(c->json, "ToPort", port);
    name_of(c, at, "Clients", name);
    if (at->client_cidrs_auto)
        cfn_member_ref(c, "CidrIp", name);
    else
        json_member_string(c->json, "CidrIp", at->client_cidrs.texts[i]);
}

static size_t count_ranges(const struct spec_consumer *at)
{
    return at->client_cidrs_auto ? 1 : at->client_cidrs.n;
}

static void put_vpc(struct cfn *c, const struct spec_consumer *at)
{
    char name[CFN_NAME_SIZE];

    name_of(c, at, "Vpc", name);
    if (export_is_id(at->vpc))
        json_member_string(c->json, "VpcId", at->vpc);
    else
        cfn_member_ref(c, "VpcId", name);
}

static void put_group(struct cfn *c, const struct spec_consumer *at)
{
    char name[CFN_NAME_SIZE], group[IDENTITY_NAME_SIZE];

    name_of(c, at, "Group", name);
    export_group_name(&c->e, group);
    cfn_begin(c, name, "AWS::EC2::SecurityGroup");
    json_member_string(c->json, "GroupName", group);
    json_member_string(c->json, "GroupDescription", export_group_words(&c->e));
    put_vpc(c, at);
    json_key(c->json, "SecurityGroupIngress");
    json_array(c->json);
    for (size_t i = 0; i < count_ranges(at) * c->e.nports; i++) {
        json_object(c->json);
        put_rule(c, at, i / c->e.nports, c->e.ports[i % c->e.nports]);
        json_object_end(c->json);
    }
    json_array_end(c->json);
    cfn_tags(c, &at->tags);
    cfn_end(c);
}

/* In the first of the groups that others made. */
static void put_rules(struct cfn *c, const struct spec_consumer *at)
{
    char name[CFN_NAME_SIZE], what[32];

    for (size_t i = 0; i < count_ranges(at) * c->e.nports; i++) {
        (void)snprintf(what, sizeof(what), "Rule%zu", i + 1);
        name_of(c, at, what, name);
        cfn_begin(c, name, "AWS::EC2::SecurityGroupIngress");
        json_key(c->json, "GroupId");
        if (export_are_ids(&at->groups)) {
            json_string(c->json, at->groups.texts[0]);
        } else {
            name_of(c, at, "Groups", name);
            json_object(c->json);
            json_key(c->json, "Fn::Select");
            json_array(c->json);
            json_unsigned(c->json, 0);
            cfn_ref(c, name);
            json_array_end(c->json);
            json_object_end(c->json);
        }
        put_rule(c, at, i / c->e.nports, c->e.ports[i % c->e.nports]);
        cfn_end(c);
    }
}

static void put_endpoint_groups(struct cfn *c, const struct spec_consumer *at)
{
    char name[CFN_NAME_SIZE];

    if (at->create_group) {
        name_of(c, at, "Group", name);
        json_key(c->json, "SecurityGroupIds");
        json_array(c->json);
        cfn_ref(c, name);
        json_array_end(c->json);
    } else if (export_are_ids(&at->groups)) {
        cfn_texts(c, "SecurityGroupIds", &at->groups);
    } else {
        name_of(c, at, "Groups", name);
        cfn_member_ref(c, "SecurityGroupIds", name);
    }
}

static void put_endpoint(struct cfn *c, const struct spec_consumer *at)
{
    char name[CFN_NAME_SIZE];

    name_of(c, at, "Endpoint", name);
    cfn_begin(c, name, "AWS::EC2::VPCEndpoint");
    json_member_string(c->json, "VpcEndpointType", "Interface");
    if (at->service_name)
        json_member_string(c->json, "ServiceName", at->service_name);
    else
        cfn_member_ref(c, "ServiceName", "ServiceName");
    put_vpc(c, at);
    name_of(c, at, "Subnets", name);
    if (export_are_ids(&at->subnets))
        cfn_texts(c, "SubnetIds", &at->subnets);
    else
        cfn_member_ref(c, "SubnetIds", name);
    put_endpoint_groups(c, at);
    /* Only an accepted endpoint may have them: on with the next update. */
    json_member_bool(c->json, "PrivateDnsEnabled",
                     at->private_dns &&
                         !c->e.spec->provider.service.acceptance_required);
    cfn_tags(c, &at->tags);
    cfn_end(c);
}

void cfn_consumer_resources(struct cfn *c)
{
    const struct spec_consumer *at = NULL;

    while ((at = next(c, at)) != NULL) {
        if (at->create_group)
            put_group(c, at);
        else if (at->rules == SPEC_ADD)
            put_rules(c, at);
        put_endpoint(c, at);
    }
}

void cfn_consumer_outputs(struct cfn *c)
{
    const struct spec_consumer *at = NULL;
    char name[CFN_NAME_SIZE], endpoint[CFN_NAME_SIZE];

    while ((at = next(c, at)) != NULL) {
        name_of(c, at, "EndpointId", name);
        name_of(c, at, "Endpoint", endpoint);
        cfn_output_begin(c, name, "The endpoint that the provider accepts");
        cfn_ref(c, endpoint);
        json_object_end(c->json);
    }
}
