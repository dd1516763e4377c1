/*
 * actions.h -- every API call that the steps of a path use: one table.
 *
 * The steps ask for calls by these ids only, so the policies that are printed
 * from the table lack none; its flags say for what each is needed.
 */
#ifndef PROVISION_ACTIONS_H
#define PROVISION_ACTIONS_H

#include <stdbool.h>

#include "aws/endpoint.h"

enum {
    ACTION_PROVIDER = 1 << 0, /* made in the provider's account */
    ACTION_CONSUMER = 1 << 1, /* made in a consumer's account */

    ACTION_APPLY = 1 << 2,
    ACTION_DESTROY = 1 << 3,
    ACTION_SYNC = 1 << 4,
    ACTION_STATUS = 1 << 5, /* and verify */
    ACTION_CONNECTIONS = 1 << 6,

    ACTION_CHANGES = 1 << 7, /* else it only reads */
};

/* clang-format off */
#define ACTION_MAP(X)                                                          \
    X(GET_CALLER_IDENTITY)                                                     \
    X(DESCRIBE_REPLICATION_GROUPS)                                             \
    X(DESCRIBE_CACHE_CLUSTERS)                                                 \
    X(DESCRIBE_CACHE_SUBNET_GROUPS)                                            \
    X(DESCRIBE_SERVERLESS_CACHES)                                              \
    X(DESCRIBE_SUBNETS)                                                        \
    X(DESCRIBE_SECURITY_GROUPS)                                                \
    X(AUTHORIZE_SECURITY_GROUP_INGRESS)                                        \
    X(DESCRIBE_SECURITY_GROUP_RULES)                                           \
    X(REVOKE_SECURITY_GROUP_INGRESS)                                           \
    X(CREATE_SECURITY_GROUP)                                                   \
    X(DELETE_SECURITY_GROUP)                                                   \
    X(DESCRIBE_LOAD_BALANCERS)                                                 \
    X(CREATE_LOAD_BALANCER)                                                    \
    X(DELETE_LOAD_BALANCER)                                                    \
    X(DESCRIBE_LOAD_BALANCER_ATTRIBUTES)                                       \
    X(MODIFY_LOAD_BALANCER_ATTRIBUTES)                                         \
    X(DESCRIBE_TARGET_GROUPS)                                                  \
    X(CREATE_TARGET_GROUP)                                                     \
    X(MODIFY_TARGET_GROUP)                                                     \
    X(DELETE_TARGET_GROUP)                                                     \
    X(DESCRIBE_TARGET_GROUP_ATTRIBUTES)                                        \
    X(MODIFY_TARGET_GROUP_ATTRIBUTES)                                          \
    X(DESCRIBE_TARGET_HEALTH)                                                  \
    X(REGISTER_TARGETS)                                                        \
    X(DEREGISTER_TARGETS)                                                      \
    X(DESCRIBE_LISTENERS)                                                      \
    X(CREATE_LISTENER)                                                         \
    X(MODIFY_LISTENER)                                                         \
    X(DESCRIBE_TAGS)                                                           \
    X(DESCRIBE_SERVICES)                                                       \
    X(CREATE_SERVICE)                                                          \
    X(MODIFY_SERVICE)                                                          \
    X(DELETE_SERVICES)                                                         \
    X(VERIFY_PRIVATE_DNS)                                                      \
    X(DESCRIBE_PERMISSIONS)                                                    \
    X(MODIFY_PERMISSIONS)                                                      \
    X(DESCRIBE_CONNECTIONS)                                                    \
    X(ACCEPT_CONNECTIONS)                                                      \
    X(REJECT_CONNECTIONS)                                                      \
    X(LOOK_UP_SERVICE)                                                         \
    X(DESCRIBE_ENDPOINTS)                                                      \
    X(CREATE_ENDPOINT)                                                         \
    X(MODIFY_ENDPOINT)                                                         \
    X(DELETE_ENDPOINTS)
/* clang-format on */

enum action {
    ACTION_NO_CALL,
#define X(id) ACTION_##id,
    ACTION_MAP(X)
#undef X
        ACTION_COUNT
};

struct action_info {
    const char *name;
    enum aws_service service;
    unsigned flags;
};

/* Requires: a call. */
const struct action_info *action_info(enum action action);
bool action_changes(enum action action);

#endif /* PROVISION_ACTIONS_H */
