/*
 * catalogue_state.c -- the server answers, and is not what it should be.
 *
 * The texts are in the words and the order of catalogue_rows.h.
 */
#include "verdict/catalogue_rows.h"

/* clang-format off */
const char catalogue_REDIS_READONLY[] =
    MEANING("This is a replica, which takes no writes.")
    EVIDENCE("READONLY answers SET; or, with close-on-replica-write, the "
             "connection ends at SET while PING passes and the role is "
             "replica.")
    LOOKALIKES("REDIS_ROLE_MISMATCH: found without a write. REDIS_NOREPLICAS: "
               "a primary.")
    CAUSE("The target is a replica's or the reader endpoint's address, or a "
          "failover made the old primary a replica. Targets do not follow DNS.")
    SOURCE("AWS ElastiCache guide, ParameterGroups.Redis "
           "(github.com/awsdocs/amazon-elasticache-docs); AWS ElastiCache "
           "guide, AutoFailover (github.com/awsdocs/amazon-elasticache-docs); "
           "github.com/StackExchange/StackExchange.Redis/issues/2264")
    LOOK(PROVIDER,
        "aws elasticache describe-replication-groups --replication-group-id "
        "CACHE_ID --query "
        "'ReplicationGroups[0].NodeGroups[].NodeGroupMembers[].[CacheClusterId"
        ",CurrentRole,ReadEndpoint.Address]'{REGION}")
    LOOK(PROVIDER,
        "aws elbv2 describe-target-health --target-group-arn "
        "TARGET_GROUP_ARN{REGION}")
    CHANGE(PROVIDER,
        "aws elbv2 register-targets --target-group-arn TARGET_GROUP_ARN "
        "--targets Id=CACHE_IP,Port=CACHE_PORT{REGION}")
    CHANGE(PROVIDER,
        "linkprobe provision sync")
    LOOK(CLIENT,
        "linkprobe check --expect-role replica {HOST}:{PORT}");

const char catalogue_REDIS_ROLE_MISMATCH[] =
    MEANING("The role is not the one that was expected.")
    EVIDENCE("ROLE or INFO replication says another role than --expect-role.")
    LOOKALIKES("REDIS_READONLY: a write was tried and refused.")
    CAUSE("The target is another node, or a failover has changed the roles.")
    SOURCE("AWS ElastiCache guide, Endpoints "
           "(github.com/awsdocs/amazon-elasticache-docs); AWS ElastiCache "
           "guide, AutoFailover (github.com/awsdocs/amazon-elasticache-docs)")
    LOOK(PROVIDER,
        "aws elasticache describe-replication-groups --replication-group-id "
        "CACHE_ID --query "
        "'ReplicationGroups[0].NodeGroups[].NodeGroupMembers[].[CacheClusterId"
        ",CurrentRole,ReadEndpoint.Address]'{REGION}")
    CHANGE(PROVIDER,
        "aws elbv2 register-targets --target-group-arn TARGET_GROUP_ARN "
        "--targets Id=CACHE_IP,Port=CACHE_PORT{REGION}");

const char catalogue_REDIS_VALUE_MISMATCH[] =
    MEANING("What was read is not what was written.")
    EVIDENCE("GET gives another value than SET wrote, or none; or a random "
             "key that nobody wrote is there.")
    LOOKALIKES("REDIS_PROTOCOL: the reply itself is damaged.")
    CAUSE("A proxy that sends SET and GET to different servers or answers "
          "from a cache of its own, or a server that is no Redis.")
    SOURCE("SET and GET of https://redis.io/docs/latest/commands/")
    LOOK(CLIENT,
        "redis-cli -h {HOST} -p {PORT} INFO server")
    LOOK(PROVIDER,
        "aws elbv2 describe-target-health --target-group-arn "
        "TARGET_GROUP_ARN{REGION}");

const char catalogue_REDIS_PROTOCOL[] =
    MEANING("The replies do not follow the protocol, or the server says that "
            "the requests do not.")
    EVIDENCE("ERR Protocol error, a reply cut short, or one of a type that "
             "the command never has.")
    LOOKALIKES("WRONG_SERVICE: not even the first byte fits.")
    CAUSE("Something on the way adds or loses bytes: a proxy, or a PROXY "
          "protocol header.")
    SOURCE("https://redis.io/docs/latest/develop/reference/protocol-spec/; "
           "redis/redis and valkey-io/valkey, src/networking.c")
    LOOK(PROVIDER,
        "aws elbv2 describe-target-group-attributes --target-group-arn "
        "TARGET_GROUP_ARN --query "
        "\"Attributes[?Key=='proxy_protocol_v2.enabled']\"{REGION}")
    LOOK(CLIENT,
        "redis-cli -h {HOST} -p {PORT} PING");

const char catalogue_REDIS_PAUSED[] =
    MEANING("Writes wait for a moment while reads go on.")
    EVIDENCE("PING is fast, SET takes between 0.2 and a few seconds, then "
             "passes.")
    LOOKALIKES("REDIS_SLOW: PING is slow too. PERF_LOSS: one lost reply is "
               "sent again after 200 ms, and looks the same.")
    CAUSE("A planned failover or a snapshot pauses writes (CLIENT PAUSE "
          "WRITE).")
    SOURCE("AWS ElastiCache guide, AutoFailover "
           "(github.com/awsdocs/amazon-elasticache-docs); CLIENT PAUSE of "
           "https://redis.io/docs/latest/commands/")
    LOOK(PROVIDER,
        "aws elasticache describe-events --duration 60{REGION}")
    LOOK(CLIENT,
        "linkprobe check --wait 10s {HOST}:{PORT}");

const char catalogue_REDIS_SLOW[] =
    MEANING("The engine answers late.")
    EVIDENCE("PONG takes 400 ms and more, or 100 ms and the next reply, or the "
             "same on another connection, again (150 ms where it is not asked "
             "again), while the connect and the kernel's round trip are fast.")
    LOOKALIKES("PERF_LOSS: packets are retransmitted. REDIS_PAUSED: PING is "
               "fast, only writes wait. A far or slow path shows in the "
               "kernel's round trip, a busy client in the kernel's own times.")
    CAUSE("KEYS, a large DEL, a snapshot, or a processor that is full: one "
          "command blocks all.")
    SOURCE("AWS ElastiCache guide, TroubleshootingConnections "
           "(github.com/awsdocs/amazon-elasticache-docs)")
    LOOK(CLIENT,
        "redis-cli -h {HOST} -p {PORT} SLOWLOG GET 10")
    LOOK(PROVIDER,
        "aws cloudwatch get-metric-statistics --namespace AWS/ElastiCache "
        "--metric-name EngineCPUUtilization --dimensions "
        "Name=CacheClusterId,Value=NODE_ID --statistics Maximum --period 60 "
        "--start-time START --end-time END{REGION}");

/* clang-format on */
