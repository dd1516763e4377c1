/*
 * internal.h -- what the files policy*.c share.
 */
#ifndef PROVISION_POLICY_INTERNAL_H
#define PROVISION_POLICY_INTERNAL_H

#include <stdbool.h>

#include "provision/policy/policy.h"

/* ARNs without "arn:PARTITION:SERVICE:REGION:ACCOUNT:". */
#define BALANCER     "loadbalancer/net/*"
#define TARGET_GROUP "targetgroup/*"
#define LISTENER     "listener/net/*"
#define SERVICE      "vpc-endpoint-service/*"
#define ENDPOINT     "vpc-endpoint/*"
#define GROUP        "security-group/*"
#define GROUP_RULE   "security-group-rule/*"
#define VPC          "vpc/*"
#define SUBNET       "subnet/*"

struct policy_writing {
    const struct policy_options *options;
    struct json *json;
    const char *region, *account, *partition;
};

/* Does the path have one of its own, not only references? */
bool policy_makes_balancer(const struct spec *spec);
bool policy_makes_target_group(const struct spec *spec);

/* Up to the list of actions, which is left open. */
void policy_begin(struct policy_writing *w, const char *sid);
void policy_put_action(struct policy_writing *w, enum action action);
void policy_put_arn(struct policy_writing *w, enum aws_service service,
                    const char *rest);

/* "Condition": {"StringEquals": {KEY: VALUE}} */
void policy_put_condition(struct policy_writing *w, const char *key,
                          const char *value);

/* Statements. */
void policy_put_references(struct policy_writing *w);
void policy_put_beside(struct policy_writing *w);

#endif /* PROVISION_POLICY_INTERNAL_H */
