/*
 * What stands beside the statements of the calls: references, which have no tag
 * of ours, and what AWS asks for without a call of its own.
 */
#include <stdio.h>

#include "provision/policy/internal.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void put_references_of(struct policy_writing *w, const char *sid,
                              const enum action *actions, size_t n,
                              const char *const *arns, size_t narns)
{
    bool any = false;

    for (size_t i = 0; i < n; i++)
        any = any || policy_needs(w->options, actions[i]);
    if (!any || narns == 0)
        return;
    policy_begin(w, sid);
    for (size_t i = 0; i < n; i++) {
        if (policy_needs(w->options, actions[i]))
            policy_put_action(w, actions[i]);
    }
    json_array_end(w->json);
    json_key(w->json, "Resource");
    json_array(w->json);
    for (size_t i = 0; i < narns; i++)
        json_string(w->json, arns[i]);
    json_array_end(w->json);
    json_object_end(w->json);
}

/* What others have made is used by its own name. */
void policy_put_references(struct policy_writing *w)
{
    static const enum action listens[] = { ACTION_CREATE_LISTENER };
    static const enum action registers[] = { ACTION_REGISTER_TARGETS,
                                             ACTION_DEREGISTER_TARGETS };
    static const enum action accepts[] = { ACTION_ACCEPT_CONNECTIONS,
                                           ACTION_REJECT_CONNECTIONS };
    const struct spec_provider *provider = &w->options->spec->provider;
    const char *arns[SPEC_LISTENERS_MAX];
    char service[256];
    size_t n = 0;

    for (size_t i = 0; i < provider->nbalancers; i++) {
        if (provider->balancers[i].arn)
            arns[n++] = provider->balancers[i].arn;
    }
    put_references_of(w, "GivenBalancers", listens, COUNT(listens), arns, n);
    n = 0;
    for (size_t i = 0; i < provider->nlisteners; i++) {
        if (provider->listeners[i].target_group_arn)
            arns[n++] = provider->listeners[i].target_group_arn;
    }
    put_references_of(w, "GivenTargetGroups", registers, COUNT(registers), arns,
                      n);
    if (!provider->service.id)
        return;
    (void)snprintf(service, sizeof(service),
                   "arn:%s:ec2:%s:%s:vpc-endpoint-service/%.64s", w->partition,
                   w->region, w->account, provider->service.id);
    arns[0] = service;
    put_references_of(w, "GivenService", accepts, COUNT(accepts), arns, 1);
}

/* --- what AWS asks for beside the calls --- */

/* Tags are set in the call that makes a thing, and only then. */
static void put_tagging(struct policy_writing *w, const char *sid,
                        const char *action, const char *key,
                        enum aws_service service, const enum action *makers,
                        size_t n)
{
    static const char *const of_ec2[] = { SERVICE, ENDPOINT, GROUP,
                                          GROUP_RULE };
    static const char *const of_elb[] = { BALANCER, TARGET_GROUP, LISTENER };
    const char *const *resources = service == AWS_EC2 ? of_ec2 : of_elb;
    size_t nresources = service == AWS_EC2 ? COUNT(of_ec2) : COUNT(of_elb);
    bool any = false;

    for (size_t i = 0; i < n; i++)
        any = any || policy_needs(w->options, makers[i]);
    if (!any)
        return;
    policy_begin(w, sid);
    json_string(w->json, action);
    json_array_end(w->json);
    json_key(w->json, "Resource");
    json_array(w->json);
    for (size_t i = 0; i < nresources; i++)
        policy_put_arn(w, service, resources[i]);
    json_array_end(w->json);
    json_key(w->json, "Condition");
    json_object(w->json);
    json_key(w->json, "StringEquals");
    json_object(w->json);
    json_key(w->json, key);
    json_array(w->json);
    for (size_t i = 0; i < n; i++) {
        if (policy_needs(w->options, makers[i]))
            json_string(w->json, action_info(makers[i])->name);
    }
    json_array_end(w->json);
    json_object_end(w->json);
    json_object_end(w->json);
    json_object_end(w->json);
}

/* The first load balancer of an account needs a role of Elastic Load
 * Balancing's own. */
static void put_linked_role(struct policy_writing *w)
{
    char arn[256];

    if (w->options->consumer ||
        !policy_needs(w->options, ACTION_CREATE_LOAD_BALANCER))
        return;
    policy_begin(w, "FirstBalancer");
    json_string(w->json, "iam:CreateServiceLinkedRole");
    json_array_end(w->json);
    (void)snprintf(arn, sizeof(arn),
                   "arn:%s:iam::%s:role/aws-service-role/"
                   "elasticloadbalancing.amazonaws.com/"
                   "AWSServiceRoleForElasticLoadBalancing",
                   w->partition, w->account);
    json_member_string(w->json, "Resource", arn);
    policy_put_condition(w, "iam:AWSServiceName",
                         "elasticloadbalancing.amazonaws.com");
    json_object_end(w->json);
}

/* An endpoint with private names gets a hosted zone. */
static void put_hosted_zone(struct policy_writing *w)
{
    if (!w->options->consumer || !w->options->consumer->private_dns ||
        !policy_needs(w->options, ACTION_CREATE_ENDPOINT))
        return;
    policy_begin(w, "PrivateDns");
    json_string(w->json, "route53:AssociateVPCWithHostedZone");
    json_array_end(w->json);
    json_member_string(w->json, "Resource", "*");
    json_object_end(w->json);
}

void policy_put_beside(struct policy_writing *w)
{
    static const enum action of_ec2[] = {
        ACTION_CREATE_SERVICE,
        ACTION_CREATE_SECURITY_GROUP,
        ACTION_AUTHORIZE_SECURITY_GROUP_INGRESS,
        ACTION_CREATE_ENDPOINT,
    };
    static const enum action of_elb[] = {
        ACTION_CREATE_LOAD_BALANCER,
        ACTION_CREATE_TARGET_GROUP,
        ACTION_CREATE_LISTENER,
    };

    put_tagging(w, "Tag", "ec2:CreateTags", "ec2:CreateAction", AWS_EC2, of_ec2,
                COUNT(of_ec2));
    put_tagging(w, "TagBalancing", "elasticloadbalancing:AddTags",
                "elasticloadbalancing:CreateAction", AWS_ELBV2, of_elb,
                COUNT(of_elb));
    put_linked_role(w);
    put_hosted_zone(w);
}
