/*
 * credentials_environment.c -- AWS_ACCESS_KEY_ID and what belongs to it.
 */
#include <stddef.h>

#include "aws/credentials_sources.h"

bool source_environment(struct found_keys *found, struct fault *fault)
{
    const char *expires = plan_variable("AWS_CREDENTIAL_EXPIRATION");
    struct aws_keys keys = {
        .access_key = plan_variable("AWS_ACCESS_KEY_ID"),
        .secret_key = plan_variable("AWS_SECRET_ACCESS_KEY"),
        .session_token = plan_variable("AWS_SESSION_TOKEN"),
    };

    if (!keys.access_key)
        return fault_set(fault, CREDENTIALS_CONFIG,
                         "AWS_ACCESS_KEY_ID is not set");
    if (!keys.secret_key)
        return fault_set(fault, CREDENTIALS_CONFIG,
                         "AWS_ACCESS_KEY_ID is set, AWS_SECRET_ACCESS_KEY is "
                         "not");
    if (!keys.session_token)
        keys.session_token = plan_variable("AWS_SECURITY_TOKEN");
    if (expires && !expiration_read(expires, &found->expires))
        return fault_set(fault, CREDENTIALS_CONFIG,
                         "AWS_CREDENTIAL_EXPIRATION is no time like "
                         "2026-01-02T03:04:05Z");
    found->source = "env";
    return found_set(found, &keys, "the environment", fault);
}
