/*
 * import_print.c -- the file, top to bottom; every text of AWS is quoted as
 * JSON, which YAML reads as well.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/json.h"
#include "provision/import_found.h"

struct page {
    const struct import *run;
    FILE *out;
};

static void to_file(void *data, const char *bytes, size_t n)
{
    (void)fwrite(bytes, 1, n, data);
}

static void quote(const struct page *page, const char *text)
{
    struct json json = { .write = to_file, .data = page->out };

    json_string(&json, text ? text : "");
}

static void line(const struct page *page, const char *key, const char *text)
{
    if (!text || !text[0])
        return;
    (void)fputs(key, page->out);
    quote(page, text);
    (void)fputc('\n', page->out);
}

/* "[a, b]" of the nodes at `path`. */
static void list(const struct page *page, const struct xml_node *node,
                 const char *path, const char *inner)
{
    const char *between = "";

    (void)fputc('[', page->out);
    for (const struct xml_node *at = xml_first(node, path); at;
         at = xml_next(at)) {
        (void)fputs(between, page->out);
        quote(page, inner ? xml_text(at, inner) : at->text);
        between = ", ";
    }
    (void)fputc(']', page->out);
}

static const char *own_account(const struct import *run)
{
    return xml_text(aws_call_result(&run->identity), "Account");
}

static const struct xml_node *balancer_of(const struct import *run,
                                          const char *arn)
{
    static const char path[] = "LoadBalancers/member";
    const struct aws_call *call = &run->balancers;

    for (const struct xml_node *at = aws_call_first(call, path); at;
         at = aws_call_next(call, at, path)) {
        const char *own = xml_text(at, "LoadBalancerArn");

        if (own && strcmp(own, arn) == 0)
            return at;
    }
    return NULL;
}

/* No name of a cache leads there: the first target, as it is. */
static void print_host(const struct page *page, const struct import_lane *lane)
{
    const struct xml_node *target =
        aws_call_first(&lane->health, "TargetHealthDescriptions/member");
    const char *address = xml_text(target, "Target/Id");
    const char *port = xml_text(target, "Target/Port");

    (void)fputs("        # these targets are no addresses of a cache's name; "
                "name the cache here\n"
                "        # (replication_group, cluster or serverless) for "
                "sync to follow it\n"
                "        host: ",
                page->out);
    quote(page, address ? address : "0.0.0.0");
    (void)fprintf(page->out, "\n        port: %s\n", port ? port : "6379");
    line(page, "        vpc: ", xml_text(lane->group_details, "VpcId"));
    (void)fputs("        subnets: ", page->out);
    list(page, balancer_of(page->run, lane->balancer),
         "AvailabilityZones/member", "SubnetId");
    (void)fputc('\n', page->out);
}

static void print_cache(const struct page *page, const struct import_lane *lane)
{
    static const char *const kinds[] = {
        [SPEC_REPLICATION_GROUP] = "replication_group",
        [SPEC_CLUSTER] = "cluster",
        [SPEC_SERVERLESS] = "serverless",
        [SPEC_HOST] = "host",
    };
    const struct import_name *name = lane->name;

    (void)fputs("      cache:\n", page->out);
    if (!name) {
        print_host(page, lane);
        return;
    }
    (void)fprintf(page->out, "        %s: ", kinds[name->kind]);
    quote(page, name->id);
    (void)fputc('\n', page->out);
    if (name->kind != SPEC_CLUSTER)
        (void)fprintf(page->out, "        endpoint: %s\n",
                      name->endpoint == SPEC_READER ? "reader" : "primary");
}

/* One a port: several load balancers of a service listen alike. */
static void print_listeners(const struct page *page)
{
    const struct import *run = page->run;

    (void)fputs("  listeners:\n", page->out);
    for (size_t i = 0; i < run->nlanes; i++) {
        const struct import_lane *lane = &run->lanes[i];

        if (strcmp(lane->balancer, run->arns[0]) != 0)
            continue;
        (void)fprintf(page->out, "    - port: %u\n", lane->port);
        print_cache(page, lane);
        if (run->narns == 1) {
            (void)fputs("      target_group: {arn: ", page->out);
            quote(page, lane->group);
            (void)fputs("}\n", page->out);
        }
    }
}

static void print_balancers(const struct page *page)
{
    const struct import *run = page->run;

    if (run->narns == 1) {
        (void)fputs("  load_balancer: {arn: ", page->out);
        quote(page, run->arns[0]);
        (void)fputs("}\n", page->out);
        return;
    }
    (void)fputs("  load_balancers:\n", page->out);
    for (size_t i = 0; i < run->narns; i++) {
        (void)fputs("    - {arn: ", page->out);
        quote(page, run->arns[i]);
        (void)fputs("}\n", page->out);
    }
}

static const char *text_of(const struct xml_node *principal)
{
    const char *text = xml_text(principal, "principal");

    return text ? text : "";
}

/* "[a, b]" of the service's principals; `of`: those of that account alone,
 * where there is one. */
static void print_principals(const struct page *page, const char *of)
{
    static const char path[] = "allowedPrincipals/item";
    const struct aws_call *call = &page->run->principals;
    const char *between = "";
    bool any = false;

    for (const struct xml_node *at = aws_call_first(call, path); at && of;
         at = aws_call_next(call, at, path))
        any |= strstr(text_of(at), of) != NULL;
    (void)fputc('[', page->out);
    for (const struct xml_node *at = aws_call_first(call, path); at;
         at = aws_call_next(call, at, path)) {
        if (any && !strstr(text_of(at), of))
            continue;
        (void)fputs(between, page->out);
        quote(page, text_of(at));
        between = ", ";
    }
    (void)fputs("]\n", page->out);
}

static void print_service(const struct page *page)
{
    const struct import *run = page->run;
    const struct xml_node *service =
        aws_call_first(&run->service, "serviceConfigurationSet/item");

    (void)fputs("  service:\n", page->out);
    line(page, "    id: ", run->options->service);
    (void)fprintf(page->out, "    acceptance_required: %s\n",
                  xml_true(service, "acceptanceRequired") ? "true" : "false");
    line(page, "    private_dns_name: ", xml_text(service, "privateDnsName"));
    (void)fputs("    allowed_principals: ", page->out);
    print_principals(page, NULL);
}

/* Whose credentials were used: the run after next has them, too. */
static void print_profile(const struct page *page)
{
    const struct import_options *o = page->run->options;

    line(page, "  profile: ", o->profile ? o->profile : getenv("AWS_PROFILE"));
    line(page, "  role_arn: ", o->role_arn);
    line(page, "  external_id: ", o->external_id);
}

static void print_provider(const struct page *page)
{
    (void)fputs("provider:\n", page->out);
    print_profile(page);
    line(page, "  account: ", own_account(page->run));
    line(page, "  region: ", aws_account_region(page->run->account));
    print_listeners(page);
    print_balancers(page);
    (void)fputs("  cache_security_group: check\n", page->out);
    print_service(page);
}

static const struct xml_node *endpoint_of(const struct import *run)
{
    return aws_call_first(&run->endpoint, "vpcEndpointSet/item");
}

static void print_consumer(const struct page *page)
{
    const struct import *run = page->run;
    const struct xml_node *endpoint = endpoint_of(run);

    (void)fputs("consumer:\n  name: consumer\n", page->out);
    print_profile(page);
    line(page, "  account: ", own_account(run));
    line(page, "  region: ", aws_account_region(run->account));
    line(page, "  vpc: ", xml_text(endpoint, "vpcId"));
    (void)fputs("  subnets: ", page->out);
    list(page, endpoint, "subnetIdSet/item", NULL);
    (void)fputs("\n  security_groups: ", page->out);
    list(page, endpoint, "groupSet/item", "groupId");
    (void)fputs("\n  rules: check\n  endpoint: {id: ", page->out);
    quote(page, run->options->endpoint);
    (void)fputs("}\n", page->out);
}

static const struct xml_node *connection_of(const struct import *run)
{
    static const char path[] = "vpcEndpointConnectionSet/item";
    const struct aws_call *call = &run->connections;

    for (const struct xml_node *at = aws_call_first(call, path); at;
         at = aws_call_next(call, at, path)) {
        const char *id = xml_text(at, "vpcEndpointId");

        if (id && strcmp(id, run->options->endpoint) == 0)
            return at;
    }
    return NULL;
}

/* An endpoint of another account, which these credentials do not see. */
static void print_foreign(const struct page *page)
{
    const struct xml_node *connection = connection_of(page->run);
    const char *owner = xml_text(connection, "vpcEndpointOwner");

    (void)fprintf(page->out,
                  "# %s is not to be seen with these credentials; with the "
                  "consumer's own\n"
                  "# (profile, vpc, endpoint) its side is looked at as well\n",
                  page->run->options->endpoint);
    if (!owner)
        return;
    (void)fputs("consumer:\n  name: consumer\n", page->out);
    line(page, "  account: ", owner);
    (void)fputs("  principals: ", page->out);
    print_principals(page, owner);
    (void)fputs("  accept: manual\n", page->out);
}

void import_print(const struct import *run, FILE *out)
{
    const struct page page = { .run = run, .out = out };
    const struct xml_node *service =
        aws_call_first(&run->service, "serviceConfigurationSet/item");

    (void)fputs("# A path that others made: all of it is a reference, which is "
                "used and checked,\n# never tagged, changed or destroyed; only "
                "sync moves targets.\n",
                out);
    (void)fputs("# ", out);
    quote(&page, xml_text(service, "serviceName"));
    (void)fputs("\nname: ", out);
    quote(&page, run->options->name);
    (void)fputc('\n', out);
    print_provider(&page);
    if (!run->options->endpoint)
        return;
    if (run->endpoint.status == AWS_OK && endpoint_of(run))
        print_consumer(&page);
    else
        print_foreign(&page);
}
