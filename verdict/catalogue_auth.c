/*
 * catalogue_auth.c -- who may.
 *
 * The texts are in the words and the order of catalogue_rows.h.
 */
#include "verdict/catalogue_rows.h"

/* clang-format off */
const char catalogue_AUTH_REQUIRED[] =
    MEANING("The server wants a password and none was given.")
    EVIDENCE("NOAUTH answers the first command.")
    LOOKALIKES("AUTH_REJECTED: a password was given, and it is wrong.")
    CAUSE("An AUTH token or users are configured. On ElastiCache they need "
          "in-transit encryption.")
    SOURCE("AWS ElastiCache guide, auth "
           "(github.com/awsdocs/amazon-elasticache-docs); redis/redis and "
           "valkey-io/valkey, src/server.c")
    LOOK(CLIENT,
        "linkprobe check --askpass {HOST}:{PORT}")
    LOOK(PROVIDER,
        "aws elasticache describe-replication-groups --replication-group-id "
        "CACHE_ID --query "
        "'ReplicationGroups[0].[AuthTokenEnabled,UserGroupIds]'{REGION}");

const char catalogue_AUTH_IAM_EXPIRED[] =
    MEANING("The password is an IAM token that is no longer valid.")
    EVIDENCE("WRONGPASS, and the password is a presigned request whose time "
             "is over, or whose user or cache is another.")
    LOOKALIKES("AUTH_REJECTED: the password is no token. A date in the future "
               "is a wrong clock.")
    CAUSE("A token lives for 15 minutes and must be made for each connection; "
          "a session ends after 12 hours. The host in it is the cache's name, "
          "not a DNS name.")
    SOURCE("AWS ElastiCache guide, auth-iam "
           "(github.com/awsdocs/amazon-elasticache-docs); "
           "github.com/valkey-io/valkey-glide/issues/5349")
    LOOK(CLIENT,
        "linkprobe check --tls --user {USER} --password-command 'linkprobe "
        "provision token --cache NAME --user {USER}' {HOST}:{PORT}")
    LOOK(CLIENT,
        "date -u");

const char catalogue_AUTH_REJECTED[] =
    MEANING("The user name or the password is wrong, or the user is switched "
            "off.")
    EVIDENCE("WRONGPASS, or from old engines ERR invalid password.")
    LOOKALIKES("AUTH_IAM_EXPIRED: the password is an IAM token. "
               "AUTH_REQUIRED: none was sent.")
    CAUSE("The token was rotated (ROTATE keeps the old one, SET does not), "
          "the user is off, or the name is missing.")
    SOURCE("redis/redis and valkey-io/valkey, src/acl.c; AWS ElastiCache "
           "guide, auth (github.com/awsdocs/amazon-elasticache-docs)")
    LOOK(PROVIDER,
        "aws elasticache describe-users --query "
        "'Users[].[UserId,UserName,Status,AccessString]'{REGION}")
    LOOK(CLIENT,
        "linkprobe check --user {USER} --askpass {HOST}:{PORT}");

const char catalogue_AUTH_NOPERM[] =
    MEANING("The user may not run this command, or not on this key.")
    EVIDENCE("NOPERM; its text names the command, or says that it is the key.")
    LOOKALIKES("REDIS_RENAMED: the command is unknown to all. REDIS_READONLY: "
               "a replica.")
    CAUSE("The access string lacks a command of the check, or its keys.")
    SOURCE("redis/redis and valkey-io/valkey, src/acl.c")
    CHANGE(PROVIDER,
        "aws elasticache modify-user --user-id {USER} --access-string \"on "
        "~{PREFIX}* +ping +role +info +get +set +del\"{REGION}")
    LOOK(CLIENT,
        "linkprobe check --key-prefix ALLOWED_PREFIX {HOST}:{PORT}")
    LOOK(CLIENT,
        "linkprobe check --no-write {HOST}:{PORT}");

const char catalogue_AUTH_NOT_CONFIGURED[] =
    MEANING("A password was sent to a server that has none; the rest passes.")
    EVIDENCE("ERR AUTH called without any password configured.")
    LOOKALIKES("AUTH_REJECTED: the server has a password, another one.")
    CAUSE("The cache is open to whoever reaches it, or this is not the cache "
          "that was meant.")
    SOURCE("redis/redis and valkey-io/valkey, src/acl.c")
    LOOK(PROVIDER,
        "aws elasticache describe-replication-groups --replication-group-id "
        "CACHE_ID --query "
        "'ReplicationGroups[0].[AuthTokenEnabled,UserGroupIds]'{REGION}")
    LOOK(CLIENT,
        "linkprobe check {HOST}:{PORT}");

/* clang-format on */
