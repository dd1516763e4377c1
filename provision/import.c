/*
 * import.c -- three rounds of calls, each all at the same time, then names:
 *
 *     service, principals, connections, endpoint, whoami
 *     load balancers, listeners of each, caches of the account
 *     target groups, targets of each
 */
#include "provision/import.h"

#include <stdlib.h>
#include <string.h>

#include "cli/text.h"
#include "provision/import_found.h"
#include "provision/spec/words.h"

enum {
    STATUS_DONE = 0,
    STATUS_WRONG = 3,
    STATUS_FAILED = 4,
};

void import_wait(struct import *run)
{
    while (run->running > 0 && uv_run(&run->loop.uv, UV_RUN_ONCE))
        ;
}

static void on_answer(struct aws_call *call)
{
    struct import *run = call->data;

    run->running--;
}

static void ask(struct import *run, struct aws_call *call,
                enum aws_service service, const char *action)
{
    call->account = run->account;
    call->service = service;
    call->action = action;
    call->pages = true;
    call->done = on_answer;
    call->data = run;
    run->running++;
    aws_call_start(call);
}

/* An answer without which there is no file. */
static int needed(struct import *run, const struct aws_call *call)
{
    if (call->status == AWS_OK)
        return STATUS_DONE;
    error_set(run->error, run->size, "%s: %s%s%s", call->action, call->code,
              call->code[0] ? ": " : "", call->message);
    return call->status == AWS_NO_CREDENTIALS ? STATUS_WRONG : STATUS_FAILED;
}

static const struct xml_node *service_of(const struct import *run)
{
    return aws_call_first(&run->service, "serviceConfigurationSet/item");
}

static int ask_service(struct import *run)
{
    const struct import_options *options = run->options;
    char quoted[QUOTE_MAX];
    int status;

    query_add(&run->service.query, "ServiceId.1", options->service);
    ask(run, &run->service, AWS_EC2,
        "DescribeVpcEndpointServiceConfigurations");
    query_add(&run->principals.query, "ServiceId", options->service);
    ask(run, &run->principals, AWS_EC2,
        "DescribeVpcEndpointServicePermissions");
    query_add_filter(&run->connections.query, 1, "service-id",
                     options->service);
    ask(run, &run->connections, AWS_EC2, "DescribeVpcEndpointConnections");
    ask(run, &run->identity, AWS_STS, "GetCallerIdentity");
    if (options->endpoint) {
        query_add(&run->endpoint.query, "VpcEndpointId.1", options->endpoint);
        ask(run, &run->endpoint, AWS_EC2, "DescribeVpcEndpoints");
    }
    import_wait(run);
    if (aws_call_is(&run->service, "InvalidVpcEndpointServiceId.NotFound "
                                   "InvalidVpcEndpointService.NotFound") ||
        (run->service.status == AWS_OK && !service_of(run))) {
        error_set(run->error, run->size,
                  "--service: %s is not a service of this account in %s",
                  text_quote(options->service, quoted),
                  aws_account_region(run->account));
        return STATUS_WRONG;
    }
    status = needed(run, &run->service);
    return status ? status : needed(run, &run->principals);
}

static int ask_balancers(struct import *run)
{
    const struct xml_node *at;
    int status;

    for (at = xml_first(service_of(run), "networkLoadBalancerArnSet/item");
         at && run->narns < SPEC_BALANCERS_MAX; at = xml_next(at))
        run->arns[run->narns++] = at->text;
    if (run->narns == 0) {
        error_set(run->error, run->size,
                  "%s has no network load balancer: it is not such a path",
                  run->options->service);
        return STATUS_WRONG;
    }
    query_add_list(&run->balancers.query, "LoadBalancerArns.member", run->arns,
                   run->narns);
    ask(run, &run->balancers, AWS_ELBV2, "DescribeLoadBalancers");
    for (size_t i = 0; i < run->narns; i++) {
        query_add(&run->listeners[i].query, "LoadBalancerArn", run->arns[i]);
        ask(run, &run->listeners[i], AWS_ELBV2, "DescribeListeners");
    }
    ask(run, &run->replication_groups, AWS_ELASTICACHE,
        "DescribeReplicationGroups");
    query_add_bool(&run->clusters.query, "ShowCacheNodeInfo", true);
    ask(run, &run->clusters, AWS_ELASTICACHE, "DescribeCacheClusters");
    ask(run, &run->serverless, AWS_ELASTICACHE, "DescribeServerlessCaches");
    import_wait(run);
    status = needed(run, &run->balancers);
    for (size_t i = 0; !status && i < run->narns; i++)
        status = needed(run, &run->listeners[i]);
    return status;
}

static const char *group_of(const struct xml_node *listener)
{
    const char *arn =
        xml_text(listener, "DefaultActions/member/TargetGroupArn");

    return arn ? arn
               : xml_text(listener, "DefaultActions/member/ForwardConfig/"
                                    "TargetGroups/member/TargetGroupArn");
}

static void add_lane(struct import *run, const char *balancer,
                     const struct xml_node *listener)
{
    struct import_lane *lane = &run->lanes[run->nlanes];
    const char *port = xml_text(listener, "Port");

    lane->group = group_of(listener);
    if (!lane->group)
        return;
    lane->balancer = balancer;
    lane->protocol = xml_text(listener, "Protocol");
    lane->port = port ? (unsigned)strtoul(port, NULL, 10) : 0;
    run->nlanes++;
}

static bool gather_lanes(struct import *run)
{
    static const char path[] = "Listeners/member";

    run->lanes = calloc(IMPORT_LANES_MAX, sizeof(*run->lanes));
    for (size_t i = 0; run->lanes && i < run->narns; i++) {
        const struct aws_call *call = &run->listeners[i];

        for (const struct xml_node *at = aws_call_first(call, path);
             at && run->nlanes < IMPORT_LANES_MAX;
             at = aws_call_next(call, at, path))
            add_lane(run, run->arns[i], at);
    }
    if (run->lanes && run->nlanes > 0)
        return true;
    return error_set(run->error, run->size, "%s",
                     run->lanes ? "no listener of the service's load balancers "
                                  "forwards to a target group"
                                : "out of memory");
}

static const struct xml_node *details_of(const struct import *run,
                                         const char *arn)
{
    static const char path[] = "TargetGroups/member";
    const struct aws_call *call = &run->groups;

    for (const struct xml_node *at = aws_call_first(call, path); at;
         at = aws_call_next(call, at, path)) {
        const char *own = xml_text(at, "TargetGroupArn");

        if (own && strcmp(own, arn) == 0)
            return at;
    }
    return NULL;
}

static int ask_groups(struct import *run)
{
    int status = gather_lanes(run) ? STATUS_DONE : STATUS_WRONG;

    if (status)
        return status;
    for (size_t i = 0; i < run->nlanes; i++) {
        struct import_lane *lane = &run->lanes[i];

        query_add_at(&run->groups.query, lane->group,
                     "TargetGroupArns.member.%zu", i + 1);
        query_add(&lane->health.query, "TargetGroupArn", lane->group);
        ask(run, &lane->health, AWS_ELBV2, "DescribeTargetHealth");
    }
    ask(run, &run->groups, AWS_ELBV2, "DescribeTargetGroups");
    import_wait(run);
    status = needed(run, &run->groups);
    for (size_t i = 0; !status && i < run->nlanes; i++) {
        run->lanes[i].group_details = details_of(run, run->lanes[i].group);
        status = needed(run, &run->lanes[i].health);
    }
    return status;
}

static int follow(struct import *run)
{
    int status = ask_service(run);

    if (!status)
        status = ask_balancers(run);
    if (!status)
        status = ask_groups(run);
    if (!status && !import_names(run)) {
        error_set(run->error, run->size, "out of memory");
        status = STATUS_FAILED;
    }
    if (status)
        return status;
    import_match(run);
    import_print(run, stdout);
    if (fflush(stdout) == 0)
        return STATUS_DONE;
    error_set(run->error, run->size, "the file cannot be written");
    return STATUS_FAILED;
}

static void release(struct import *run)
{
    struct aws_call *const calls[] = {
        &run->service,    &run->principals,         &run->connections,
        &run->identity,   &run->endpoint,           &run->balancers,
        &run->groups,     &run->replication_groups, &run->clusters,
        &run->serverless,
    };

    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
        aws_call_free(calls[i]);
    for (size_t i = 0; i < SPEC_BALANCERS_MAX; i++)
        aws_call_free(&run->listeners[i]);
    for (size_t i = 0; run->lanes && i < IMPORT_LANES_MAX; i++)
        aws_call_free(&run->lanes[i].health);
    for (size_t i = 0; i < run->nnames; i++)
        free(run->names[i].resolve.answer);
    free(run->lanes);
    free(run->names);
}

/* AWS_CA_BUNDLE goes before the profile's, which http_new() sees to. */
static const char *bundle_of(const struct import *run)
{
    const char *named = getenv("AWS_CA_BUNDLE");

    return named && *named
               ? NULL
               : profiles_get(run->profiles,
                              aws_profile_name(run->options->profile),
                              "ca_bundle");
}

static int on_loop(struct import *run)
{
    const struct import_options *o = run->options;
    const struct aws_account_options who = { .label = "import",
                                             .profile = o->profile,
                                             .role_arn = o->role_arn,
                                             .external_id = o->external_id,
                                             .region = o->region,
                                             .endpoint_url = o->endpoint_url };
    int status = STATUS_WRONG;

    run->http = http_new(&run->loop, bundle_of(run));
    run->resolver = net_resolver_new(&run->loop, o->dns);
    if (!run->http || !run->resolver) {
        error_set(run->error, run->size, "out of memory");
        status = STATUS_FAILED;
    } else {
        run->account = aws_account_new(&run->loop, run->http, run->profiles,
                                       &who, run->error, run->size);
    }
    if (run->account) {
        if (o->log)
            aws_account_log(run->account, o->log, o->data);
        status = follow(run);
    }
    release(run);
    aws_account_free(run->account);
    http_free(run->http);
    net_resolver_close(run->resolver, NULL, NULL);
    net_loop_run(&run->loop);
    return status;
}

static bool words_are_right(const struct import_options *o, char *error,
                            size_t size)
{
    char quoted[QUOTE_MAX];

    if (!o->service)
        return error_set(error, size,
                         "provision import: no --service; expected the "
                         "service's id, such as vpce-svc-0a1b2c3d");
    if (!spec_word_service(o->service))
        return error_set(error, size,
                         "--service is %s; expected a service's id, such as "
                         "vpce-svc-0a1b2c3d",
                         text_quote(o->service, quoted));
    if (o->endpoint && !spec_word_endpoint(o->endpoint))
        return error_set(error, size,
                         "--endpoint is %s; expected an endpoint's id, such as "
                         "vpce-0a1b2c3d",
                         text_quote(o->endpoint, quoted));
    if (o->dns && !net_servers_valid(o->dns))
        return error_set(error, size,
                         "--dns is %s; expected SERVER[:PORT][,...], such as "
                         "10.0.0.2",
                         text_quote(o->dns, quoted));
    return true;
}

int import_command(const struct import_options *options, char *error,
                   size_t size)
{
    struct import *run;
    int status = STATUS_WRONG;

    if (!words_are_right(options, error, size))
        return STATUS_WRONG;
    run = calloc(1, sizeof(*run));
    if (!run) {
        error_set(error, size, "out of memory");
        return STATUS_FAILED;
    }
    run->options = options;
    run->error = error;
    run->size = size;
    run->profiles = profiles_load(error, size);
    if (run->profiles) {
        status = STATUS_FAILED;
        if (net_loop_init(&run->loop) == 0) {
            status = on_loop(run);
            (void)net_loop_close(&run->loop);
        } else {
            error_set(error, size, "out of memory");
        }
    }
    profiles_free(run->profiles);
    free(run);
    return status;
}
