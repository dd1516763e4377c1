/*
 * CloudFormation, as JSON: one stack a side, since a stack has one account.
 *
 * With several sides the template has a parameter Side, and each resource a
 * condition: one file, deployed once a side.  Values of the other sides then
 * have harmless defaults.  What CloudFormation has no type for, accepting the
 * connection, is said in the description.
 */
#include <string.h>

#include "provision/export/cloudformation.h"

static void cfn_tag(void *data, const char *key, const char *value)
{
    struct json *json = data;

    json_object(json);
    json_member_string(json, "Key", key);
    json_member_string(json, "Value", value);
    json_object_end(json);
}

void cfn_tags(struct cfn *c, const struct spec_tags *tags)
{
    json_key(c->json, "Tags");
    json_array(c->json);
    export_tags(&c->e, tags, cfn_tag, c->json);
    json_array_end(c->json);
}

void cfn_ref(struct cfn *c, const char *name)
{
    json_object(c->json);
    json_member_string(c->json, "Ref", name);
    json_object_end(c->json);
}

void cfn_member_ref(struct cfn *c, const char *key, const char *name)
{
    json_key(c->json, key);
    cfn_ref(c, name);
}

void cfn_texts(struct cfn *c, const char *key, const struct spec_texts *texts)
{
    json_key(c->json, key);
    json_array(c->json);
    for (size_t i = 0; i < texts->n; i++)
        json_string(c->json, texts->texts[i]);
    json_array_end(c->json);
}

void cfn_begin(struct cfn *c, const char *name, const char *type)
{
    json_key(c->json, name);
    json_object(c->json);
    json_member_string(c->json, "Type", type);
    if (c->sides > 1)
        json_member_string(c->json, "Condition", c->condition);
    json_key(c->json, "Properties");
    json_object(c->json);
}

void cfn_end(struct cfn *c)
{
    json_object_end(c->json);
    json_object_end(c->json);
}

/* --- parameters --- */

void cfn_parameter(struct cfn *c, const char *name, enum cfn_type type,
                   const char *description)
{
    static const struct {
        const char *type, *shared; /* shared: of several sides */
        const char *fallback, *pattern;
    } rows[] = {
        [CFN_VPC] = { "AWS::EC2::VPC::Id", "String", "vpc-00000000", NULL },
        [CFN_SUBNETS] = { "List<AWS::EC2::Subnet::Id>", "CommaDelimitedList",
                          "subnet-00000000", NULL },
        [CFN_GROUPS] = { "List<AWS::EC2::SecurityGroup::Id>",
                         "CommaDelimitedList", "sg-00000000", NULL },
        [CFN_GROUP] = { "AWS::EC2::SecurityGroup::Id", "String", "sg-00000000",
                        NULL },
        [CFN_RANGE] = { "String", "String", "192.0.2.0/24",
                        "([0-9]{1,3}\\.){3}[0-9]{1,3}/[0-9]{1,2}" },
        [CFN_SERVICE] = { "String", "String",
                          "com.amazonaws.vpce.us-east-1."
                          "vpce-svc-00000000000000000",
                          NULL },
    };

    json_key(c->json, name);
    json_object(c->json);
    json_member_string(c->json, "Type",
                       c->sides > 1 ? rows[type].shared : rows[type].type);
    json_member_string(c->json, "Description", description);
    if (c->sides > 1)
        json_member_string(c->json, "Default", rows[type].fallback);
    if (rows[type].pattern)
        json_member_string(c->json, "AllowedPattern", rows[type].pattern);
    json_object_end(c->json);
}

static void put_side(struct cfn *c)
{
    json_key(c->json, "Side");
    json_object(c->json);
    json_member_string(c->json, "Type", "String");
    json_member_string(c->json, "Description",
                       "Which side's stack this is: one a side");
    json_key(c->json, "AllowedValues");
    json_array(c->json);
    if (c->e.provider)
        json_string(c->json, "provider");
    for (size_t i = 0; i < c->e.spec->nconsumers; i++) {
        if (export_has(&c->e, &c->e.spec->consumers[i]))
            json_string(c->json, c->e.spec->consumers[i].name);
    }
    json_array_end(c->json);
    json_object_end(c->json);
}

static void put_parameters(struct cfn *c)
{
    json_key(c->json, "Parameters");
    json_object(c->json);
    if (c->sides > 1)
        put_side(c);
    if (c->e.provider)
        cfn_provider_parameters(c);
    cfn_consumer_parameters(c);
    json_object_end(c->json);
}

/* --- conditions --- */

static void put_condition(struct cfn *c, const char *name, const char *side)
{
    json_key(c->json, name);
    json_object(c->json);
    json_key(c->json, "Fn::Equals");
    json_array(c->json);
    cfn_ref(c, "Side");
    json_string(c->json, side);
    json_array_end(c->json);
    json_object_end(c->json);
}

static void put_conditions(struct cfn *c)
{
    char name[CFN_NAME_SIZE];

    if (c->sides <= 1)
        return;
    json_key(c->json, "Conditions");
    json_object(c->json);
    if (c->e.provider)
        put_condition(c, "IsProvider", "provider");
    for (size_t i = 0; i < c->e.spec->nconsumers; i++) {
        if (!export_has(&c->e, &c->e.spec->consumers[i]))
            continue;
        (void)snprintf(name, sizeof(name), "IsConsumer%zu", i + 1);
        put_condition(c, name, c->e.spec->consumers[i].name);
    }
    json_object_end(c->json);
}

/* --- the whole --- */

static void put_description(struct cfn *c)
{
    const struct spec_service *service = &c->e.spec->provider.service;
    char text[1024]; /* CloudFormation takes no more */

    (void)snprintf(
        text, sizeof(text),
        "The path %s from a consumer's VPC to a cache over AWS PrivateLink%s. "
        "CloudFormation has no type for two steps: the addresses of the cache, "
        "which change at a failover, are registered by linkprobe provision "
        "sync.%s%s",
        c->e.spec->name, c->sides > 1 ? "; one stack a Side" : "",
        service->acceptance_required || !c->e.spec->has_provider
            ? " " EXPORT_ACCEPT_WORDS "."
            : "",
        c->e.provider && service->private_dns_name
            ? " The service's private DNS name is set by aws ec2 "
              "modify-vpc-endpoint-service-configuration --private-dns-name."
            : "");
    json_member_string(c->json, "Description", text);
}

static void put_resources(struct cfn *c)
{
    json_key(c->json, "Resources");
    json_object(c->json);
    if (c->e.provider)
        cfn_provider_resources(c);
    cfn_consumer_resources(c);
    json_object_end(c->json);
}

static void put_outputs(struct cfn *c)
{
    json_key(c->json, "Outputs");
    json_object(c->json);
    if (c->e.provider)
        cfn_provider_outputs(c);
    cfn_consumer_outputs(c);
    json_object_end(c->json);
}

void cfn_output_begin(struct cfn *c, const char *name, const char *description)
{
    json_key(c->json, name);
    json_object(c->json);
    json_member_string(c->json, "Description", description);
    if (c->sides > 1)
        json_member_string(c->json, "Condition", c->condition);
    json_key(c->json, "Value");
}

bool export_cloudformation(const struct export_options *options, char *error,
                           size_t size)
{
    struct cfn c = { 0 };
    struct pretty pretty;

    if (!export_begin(&c.e, options, error, size))
        return false;
    pretty_begin(&pretty, options->out);
    c.json = &pretty.json;
    c.sides = export_count(&c.e) + c.e.provider;
    json_object(c.json);
    json_member_string(c.json, "AWSTemplateFormatVersion", "2010-09-09");
    put_description(&c);
    put_parameters(&c);
    put_conditions(&c);
    put_resources(&c);
    put_outputs(&c);
    json_object_end(c.json);
    pretty_end(&pretty);
    export_end(&c.e);
    return true;
}
