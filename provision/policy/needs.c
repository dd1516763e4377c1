/*
 * Which parts of the file make an action needless.
 */
#include "provision/policy/internal.h"

static bool has_kind(const struct spec *spec, enum spec_cache_kind kind)
{
    for (size_t i = 0; i < spec->provider.nlisteners; i++) {
        if (spec->provider.listeners[i].cache.kind == kind)
            return true;
    }
    return false;
}

bool policy_makes_balancer(const struct spec *spec)
{
    for (size_t i = 0; i < spec->provider.nbalancers; i++) {
        if (!spec->provider.balancers[i].arn)
            return true;
    }
    return false;
}

bool policy_makes_target_group(const struct spec *spec)
{
    for (size_t i = 0; i < spec->provider.nlisteners; i++) {
        if (!spec->provider.listeners[i].target_group_arn)
            return true;
    }
    return false;
}

static bool has_nodes(const struct spec *spec)
{
    return has_kind(spec, SPEC_REPLICATION_GROUP) ||
           has_kind(spec, SPEC_CLUSTER);
}

static bool has_groups(const struct spec *spec)
{
    return has_nodes(spec) || has_kind(spec, SPEC_SERVERLESS);
}

static bool provider_needs(const struct spec *spec, enum action action)
{
    const struct spec_provider *provider = &spec->provider;

    switch (action) {
    case ACTION_DESCRIBE_REPLICATION_GROUPS:
        return has_kind(spec, SPEC_REPLICATION_GROUP);
    case ACTION_DESCRIBE_CACHE_CLUSTERS:
    case ACTION_DESCRIBE_CACHE_SUBNET_GROUPS: return has_nodes(spec);
    case ACTION_DESCRIBE_SERVERLESS_CACHES:
        return has_kind(spec, SPEC_SERVERLESS);
    case ACTION_DESCRIBE_SECURITY_GROUPS: return has_groups(spec);
    case ACTION_AUTHORIZE_SECURITY_GROUP_INGRESS:
    case ACTION_DESCRIBE_SECURITY_GROUP_RULES:
    case ACTION_REVOKE_SECURITY_GROUP_INGRESS:
        return provider->cache_security_group == SPEC_ADD && has_groups(spec);
    case ACTION_CREATE_LOAD_BALANCER:
    case ACTION_DELETE_LOAD_BALANCER:
    case ACTION_MODIFY_LOAD_BALANCER_ATTRIBUTES:
        return policy_makes_balancer(spec);
    case ACTION_CREATE_TARGET_GROUP:
    case ACTION_MODIFY_TARGET_GROUP:
    case ACTION_DELETE_TARGET_GROUP:
    case ACTION_MODIFY_TARGET_GROUP_ATTRIBUTES:
        return policy_makes_target_group(spec);
    case ACTION_CREATE_SERVICE:
    case ACTION_MODIFY_SERVICE:
    case ACTION_DELETE_SERVICES:
    case ACTION_MODIFY_PERMISSIONS: return !provider->service.id;
    case ACTION_VERIFY_PRIVATE_DNS:
        return provider->service.private_dns_name && !provider->service.id;
    default: return true;
    }
}

static bool consumer_needs(const struct spec_consumer *consumer,
                           enum action action)
{
    switch (action) {
    case ACTION_CREATE_SECURITY_GROUP:
    case ACTION_DELETE_SECURITY_GROUP:
        return consumer->create_group && !consumer->endpoint_id;
    case ACTION_AUTHORIZE_SECURITY_GROUP_INGRESS:
        return consumer->rules == SPEC_ADD || consumer->create_group;
    case ACTION_DESCRIBE_SECURITY_GROUP_RULES:
    case ACTION_REVOKE_SECURITY_GROUP_INGRESS:
        return consumer->rules == SPEC_ADD && !consumer->create_group;
    case ACTION_CREATE_ENDPOINT:
    case ACTION_MODIFY_ENDPOINT:
    case ACTION_DELETE_ENDPOINTS: return !consumer->endpoint_id;
    default: return true;
    }
}

bool policy_needs(const struct policy_options *options, enum action action)
{
    enum {
        PURPOSES = ACTION_APPLY | ACTION_DESTROY | ACTION_SYNC | ACTION_STATUS |
                   ACTION_CONNECTIONS,
    };
    unsigned purposes = options->purposes ? options->purposes : PURPOSES;
    unsigned side = options->consumer ? ACTION_CONSUMER : ACTION_PROVIDER;
    unsigned flags;

    /* It needs no permission, even where it is denied. */
    if (action == ACTION_NO_CALL || action == ACTION_GET_CALLER_IDENTITY)
        return false;
    flags = action_info(action)->flags;
    if ((flags & side) == 0 || (flags & purposes) == 0)
        return false;
    return options->consumer ? consumer_needs(options->consumer, action)
                             : provider_needs(options->spec, action);
}
