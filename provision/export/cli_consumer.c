/*
 * The consumers' side as a script, and the acceptance of each endpoint.
 */
#include <string.h>

#include "provision/export/cli.h"

/* A consumer and the function that acts for it. */
struct acting {
    const struct spec_consumer *spec;
    char who[32];
};

static void put_service_view(struct script *s, const struct acting *a)
{
    if (a->spec->service_name)
        script_say(s, "service_name=%s\n",
                   script_quote(s, a->spec->service_name));
    else if (!s->e.provider)
        script_say(s, "service_name=${1:?the name of the endpoint service}\n");
    script_say(s,
               "wait_for \"$service_name\" %s ec2 "
               "describe-vpc-endpoint-services \\\n"
               "    --service-names \"$service_name\" \\\n"
               "    --query 'ServiceDetails[0].ServiceName'\n",
               a->who);
}

/* The zones' names are this account's own: AWS has translated them. */
static void put_subnets(struct script *s, const struct acting *a)
{
    script_say(s, "subnets=() ranges=()\n");
    if (a->spec->subnets_auto)
        script_say(s,
                   "read -ra zones < <(%s ec2 describe-vpc-endpoint-services "
                   "\\\n    --service-names \"$service_name\" \\\n"
                   "    --query 'ServiceDetails[0].AvailabilityZones')\n"
                   "list=$(\n"
                   "    IFS=,\n"
                   "    echo \"${zones[*]}\"\n"
                   ")\n",
                   a->who);
    script_say(s, "while read -r _ subnet range; do\n"
                  "    subnets+=(\"$subnet\")\n"
                  "    ranges+=(\"$range\")\n");
    script_say(s, "done < <(%s ec2 describe-subnets ", a->who);
    if (a->spec->subnets_auto)
        script_say(s,
                   "--filters \\\n    Name=vpc-id,Values=%s \\\n"
                   "    \"Name=availability-zone,Values=$list\"",
                   script_quote(s, a->spec->vpc));
    else
        script_say(s, "--subnet-ids %s", script_words(s, &a->spec->subnets));
    script_say(s, " \\\n    --query 'Subnets[].[AvailabilityZoneId, SubnetId, "
                  "CidrBlock]' |\n    first_of_zones)\n");
}

static void put_group(struct script *s, const struct acting *a)
{
    char name[IDENTITY_NAME_SIZE];

    if (!a->spec->create_group) {
        script_say(s, "groups=(%s)\n", script_words(s, &a->spec->groups));
        return;
    }
    export_group_name(&s->e, name);
    script_say(s,
               "groups=(\"$(%s ec2 create-security-group \\\n"
               "    --group-name %s \\\n"
               "    --description %s \\\n"
               "    --vpc-id %s --query GroupId \\\n"
               "    --tag-specifications %s)\")\n",
               a->who, script_quote(s, name),
               script_quote(s, export_group_words(&s->e)),
               script_quote(s, a->spec->vpc),
               script_tags_of(s, &a->spec->tags, "security-group"));
}

static void put_rules(struct script *s, const struct acting *a)
{
    if (!a->spec->create_group && a->spec->rules == SPEC_CHECK)
        return;
    if (!a->spec->client_cidrs_auto)
        script_say(s, "ranges=(%s)\n", script_words(s, &a->spec->client_cidrs));
    script_say(s, "for range in \"${ranges[@]}\"; do\n");
    for (size_t i = 0; i < s->e.nports; i++)
        script_say(s,
                   "    %s ec2 authorize-security-group-ingress \\\n"
                   "        --group-id \"${groups[0]}\" --protocol tcp "
                   "--port %u \\\n"
                   "        --cidr \"$range\" --tag-specifications %s "
                   ">/dev/null\n",
                   a->who, s->e.ports[i],
                   script_tags_of(s, &a->spec->tags, "security-group-rule"));
    script_say(s, "done\n");
}

static void put_endpoint(struct script *s, const struct acting *a)
{
    script_say(s,
               "endpoint=$(%s ec2 create-vpc-endpoint \\\n"
               "    --vpc-endpoint-type Interface --vpc-id %s \\\n"
               "    --service-name \"$service_name\" \\\n"
               "    --subnet-ids \"${subnets[@]}\" \\\n"
               "    --security-group-ids \"${groups[@]}\" \\\n"
               "    --no-private-dns-enabled --tag-specifications \\\n"
               "    %s \\\n"
               "    --query VpcEndpoint.VpcEndpointId)\n",
               a->who, script_quote(s, a->spec->vpc),
               script_tags_of(s, &a->spec->tags, "vpc-endpoint"));
}

static void put_accept(struct script *s)
{
    if (!s->e.provider) {
        script_say(s, "# the provider accepts it now, if the service asks for "
                      "that\n");
        return;
    }
    if (!s->e.spec->provider.service.acceptance_required)
        return;
    script_say(s, "wait_for pendingAcceptance provider ec2 \\\n"
                  "    describe-vpc-endpoint-connections --filters \\\n"
                  "    \"Name=service-id,Values=$service\" --query \\\n"
                  "    \"VpcEndpointConnections[?VpcEndpointId=='$endpoint']"
                  ".VpcEndpointState | [0]\"\n"
                  "provider ec2 accept-vpc-endpoint-connections \\\n"
                  "    --service-id \"$service\" --vpc-endpoint-ids "
                  "\"$endpoint\" >/dev/null\n");
}

static void put_end(struct script *s, const struct acting *a)
{
    script_say(s,
               "wait_for available %s ec2 describe-vpc-endpoints \\\n"
               "    --vpc-endpoint-ids \"$endpoint\" \\\n"
               "    --query 'VpcEndpoints[0].State'\n",
               a->who);
    if (a->spec->private_dns)
        script_say(s,
                   "%s ec2 modify-vpc-endpoint --private-dns-enabled \\\n"
                   "    --vpc-endpoint-id \"$endpoint\" >/dev/null\n",
                   a->who);
    script_say(s,
               "%s ec2 describe-vpc-endpoints \\\n"
               "    --vpc-endpoint-ids \"$endpoint\" \\\n"
               "    --query 'VpcEndpoints[0].DnsEntries[].[DnsName]'\n",
               a->who);
}

void script_consumers(struct script *s)
{
    for (size_t i = 0; i < s->e.spec->nconsumers; i++) {
        struct acting a = { .spec = &s->e.spec->consumers[i] };

        if (!export_has(&s->e, a.spec))
            continue;
        (void)snprintf(a.who, sizeof(a.who), "consumer_%zu", i + 1);
        script_say(s,
                   "\n# the consumer %s: an endpoint, and who may reach "
                   "it\n",
                   a.spec->name);
        put_service_view(s, &a);
        put_subnets(s, &a);
        put_group(s, &a);
        put_rules(s, &a);
        put_endpoint(s, &a);
        put_accept(s);
        put_end(s, &a);
    }
}
