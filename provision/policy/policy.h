/*
 * policy.h -- the IAM policies that the commands need for one path, and no
 * action more.
 *
 * Made from actions.h, so they name what the steps call.  Which of it is left
 * out follows from the file: a cache that is a host needs nothing of
 * ElastiCache, what is a reference is never made.  Changes are bound to the
 * path's own tag or name wherever AWS can do that.  sts:GetCallerIdentity needs
 * no permission.
 *
 * Source: "Actions, resources, and condition keys for Amazon EC2" (and for
 * Elastic Load Balancing V2), Service Authorization Reference.
 */
#ifndef PROVISION_POLICY_POLICY_H
#define PROVISION_POLICY_POLICY_H

#include <stdio.h>

#include "cli/json.h"
#include "provision/actions.h"
#include "provision/spec/spec.h"

/* For what: flags of actions.h, ACTION_APPLY and the like; 0: for all. */
struct policy_options {
    const struct spec *spec;
    unsigned purposes;
    const struct spec_consumer *consumer; /* NULL: the provider's */
};

/* Is `action` needed?  By the purposes, the side and the file. */
bool policy_needs(const struct policy_options *options, enum action action);

/* One policy document as the next value of `json`. */
void policy_write(const struct policy_options *options, struct json *json);

#endif /* PROVISION_POLICY_POLICY_H */
