/*
 * catalogue_redis.c -- the server answers, and says no.
 *
 * The texts are in the words and the order of catalogue_rows.h.
 */
#include "verdict/catalogue_rows.h"

/* clang-format off */
const char catalogue_REDIS_PROTECTED[] =
    MEANING("The server is in protected mode and takes no other host.")
    EVIDENCE("DENIED comes unasked, then the connection is closed.")
    LOOKALIKES("REDIS_MAXCLIENTS comes unasked too, with another text.")
    CAUSE("A self-installed engine without password and without bind. "
          "ElastiCache never says this: the target is the wrong one.")
    SOURCE("redis/redis and valkey-io/valkey, src/networking.c")
    LOOK(PROVIDER,
        "aws elbv2 describe-target-health --target-group-arn "
        "TARGET_GROUP_ARN{REGION}")
    CHANGE(PROVIDER,
        "aws elbv2 register-targets --target-group-arn TARGET_GROUP_ARN "
        "--targets Id=CACHE_IP,Port=CACHE_PORT{REGION}");

const char catalogue_REDIS_MAXCLIENTS[] =
    MEANING("The server has as many clients as it takes.")
    EVIDENCE("ERR max number of clients reached, right after the connect, "
             "then the end; with TLS the end without text.")
    LOOKALIKES("TLS_LISTENER_DEAD_TARGET looks the same with TLS, but stays.")
    CAUSE("A client that opens connections and does not close them; 65,000 is "
          "the limit of a node.")
    SOURCE("AWS ElastiCache guide, TroubleshootingConnections "
           "(github.com/awsdocs/amazon-elasticache-docs); redis/redis and "
           "valkey-io/valkey, src/networking.c")
    LOOK(PROVIDER,
        "aws cloudwatch get-metric-statistics --namespace AWS/ElastiCache "
        "--metric-name CurrConnections --dimensions "
        "Name=CacheClusterId,Value=NODE_ID --statistics Maximum --period 60 "
        "--start-time START --end-time END{REGION}")
    CHANGE(PROVIDER,
        "aws elasticache modify-cache-parameter-group "
        "--cache-parameter-group-name GROUP --parameter-name-values "
        "ParameterName=timeout,ParameterValue=300{REGION}");

const char catalogue_REDIS_LOADING[] =
    MEANING("The server is loading its data and does not serve yet.")
    EVIDENCE("LOADING answers PING. The path is good.")
    LOOKALIKES("REDIS_BUSY: a script. REDIS_MASTERDOWN: a replica without its "
               "primary.")
    CAUSE("It has restarted, or takes a full copy of its primary.")
    SOURCE("redis/redis and valkey-io/valkey, src/server.c")
    LOOK(CLIENT,
        "linkprobe check --wait 60s {HOST}:{PORT}")
    LOOK(PROVIDER,
        "aws elasticache describe-events --duration 60{REGION}");

const char catalogue_REDIS_MASTERDOWN[] =
    MEANING("This replica has lost its primary and serves no stale data.")
    EVIDENCE("MASTERDOWN answers PING or GET. The path is good.")
    LOOKALIKES("REDIS_READONLY: a replica whose primary is there.")
    CAUSE("A failover is going on, or the replica cannot reach the primary.")
    SOURCE("redis/redis and valkey-io/valkey, src/server.c")
    LOOK(CLIENT,
        "linkprobe check --wait 60s {HOST}:{PORT}")
    LOOK(PROVIDER,
        "aws elasticache describe-replication-groups --replication-group-id "
        "CACHE_ID --query "
        "'ReplicationGroups[0].NodeGroups[].NodeGroupMembers[]'{REGION}")
    CHANGE(PROVIDER,
        "aws elbv2 register-targets --target-group-arn TARGET_GROUP_ARN "
        "--targets Id=CACHE_IP,Port=CACHE_PORT{REGION}");

const char catalogue_REDIS_BUSY[] =
    MEANING("The server runs a script and does nothing else.")
    EVIDENCE("BUSY; before that it is silent for busy-reply-threshold, five "
             "seconds by default.")
    LOOKALIKES("APP_SILENT: silent for ever.")
    CAUSE("A Lua script or function that does not end. ElastiCache kills it "
          "or fails over.")
    SOURCE("AWS ElastiCache guide, TroubleshootingConnections "
           "(github.com/awsdocs/amazon-elasticache-docs); redis/redis and "
           "valkey-io/valkey, src/server.c")
    CHANGE(CLIENT,
        "redis-cli -h {HOST} -p {PORT} SCRIPT KILL")
    LOOK(CLIENT,
        "redis-cli -h {HOST} -p {PORT} SLOWLOG GET 10");

const char catalogue_REDIS_MISCONF[] =
    MEANING("The server cannot save and takes no writes.")
    EVIDENCE("MISCONF answers PING or SET.")
    LOOKALIKES("REDIS_OOM: memory. Not expected on ElastiCache.")
    CAUSE("Its disk is full or not writable; on ElastiCache the target is "
          "another engine.")
    SOURCE("redis/redis and valkey-io/valkey, src/server.c")
    LOOK(CLIENT,
        "redis-cli -h {HOST} -p {PORT} INFO persistence")
    LOOK(PROVIDER,
        "aws elbv2 describe-target-health --target-group-arn "
        "TARGET_GROUP_ARN{REGION}");

const char catalogue_REDIS_CLUSTERDOWN[] =
    MEANING("The cluster does not serve the slot of the key.")
    EVIDENCE("CLUSTERDOWN answers SET or GET.")
    LOOKALIKES("REDIS_MOVED: another node serves it.")
    CAUSE("Slots are not assigned, or the nodes that have them are lost.")
    SOURCE("redis/redis and valkey-io/valkey, src/cluster.c")
    LOOK(PROVIDER,
        "aws elasticache describe-replication-groups --replication-group-id "
        "CACHE_ID --query "
        "'ReplicationGroups[0].[Status,NodeGroups[].[NodeGroupId,Status,Slots]"
        "]'{REGION}")
    LOOK(CLIENT,
        "redis-cli -h {HOST} -p {PORT} CLUSTER INFO");

const char catalogue_REDIS_MOVED[] =
    MEANING("The cache is a cluster, and the key lives on another node.")
    EVIDENCE("MOVED or ASK with the other node's address; TRYAGAIN while a "
             "slot moves.")
    LOOKALIKES("REDIS_MOVED_UNREACHABLE: that address cannot be reached from "
               "here.")
    CAUSE("Cluster mode is enabled behind a load balancer with one target. "
          "The redirect names an address of the provider's network.")
    SOURCE("redis/redis and valkey-io/valkey, src/cluster.c; "
           "github.com/Grokzen/redis-py-cluster/issues/469")
    LOOK(PROVIDER,
        "aws elasticache describe-replication-groups --replication-group-id "
        "CACHE_ID --query "
        "'ReplicationGroups[0].[ClusterEnabled,ConfigurationEndpoint]'{REGION}")
    LOOK(CLIENT,
        "linkprobe check --no-write {HOST}:{PORT}");

const char catalogue_REDIS_MOVED_UNREACHABLE[] =
    MEANING("The cluster sends the client to an address that it cannot reach.")
    EVIDENCE("MOVED, and a connect to the address in it times out or has no "
             "route.")
    LOOKALIKES("REDIS_MOVED: it can be reached.")
    CAUSE("Cluster mode enabled behind an endpoint: nodes announce addresses "
          "of the provider's VPC. A plain client works, a cluster client does "
          "not.")
    SOURCE("github.com/Grokzen/redis-py-cluster/issues/469; redis/redis and "
           "valkey-io/valkey, src/cluster.c")
    LOOK(PROVIDER,
        "aws elasticache describe-replication-groups --replication-group-id "
        "CACHE_ID --query "
        "'ReplicationGroups[0].[ClusterEnabled,ConfigurationEndpoint]'{REGION}")
    CHANGE(PROVIDER,
        "aws elbv2 create-listener --load-balancer-arn LOAD_BALANCER_ARN "
        "--protocol TCP --port NODE_PORT --default-actions "
        "Type=forward,TargetGroupArn=NODE_TARGET_GROUP_ARN{REGION}");

const char catalogue_REDIS_NOREPLICAS[] =
    MEANING("The primary has too few replicas to take writes.")
    EVIDENCE("NOREPLICAS answers SET; GET works.")
    LOOKALIKES("REDIS_READONLY: this is no primary.")
    CAUSE("min-replicas-to-write is set, and replicas are down or late.")
    SOURCE("redis/redis and valkey-io/valkey, src/server.c")
    LOOK(PROVIDER,
        "aws elasticache describe-cache-parameters "
        "--cache-parameter-group-name GROUP --query "
        "\"Parameters[?ParameterName=='min-replicas-to-write']\"{REGION}")
    LOOK(CLIENT,
        "redis-cli -h {HOST} -p {PORT} INFO replication");

const char catalogue_REDIS_OOM[] =
    MEANING("The server is full and takes no writes.")
    EVIDENCE("OOM answers SET; GET works.")
    LOOKALIKES("REDIS_MISCONF: the disk.")
    CAUSE("maxmemory is reached and the policy does not evict.")
    SOURCE("redis/redis and valkey-io/valkey, src/server.c")
    LOOK(CLIENT,
        "redis-cli -h {HOST} -p {PORT} INFO memory")
    CHANGE(PROVIDER,
        "aws elasticache modify-cache-parameter-group "
        "--cache-parameter-group-name GROUP --parameter-name-values "
        "ParameterName=maxmemory-policy,ParameterValue=volatile-lru{REGION}")
    CHANGE(PROVIDER,
        "aws elasticache modify-replication-group --replication-group-id "
        "CACHE_ID --cache-node-type BIGGER_TYPE --apply-immediately{REGION}");

const char catalogue_REDIS_SENTINEL[] =
    MEANING("This is a Sentinel, which holds no data.")
    EVIDENCE("PING is answered, SET is unknown, the role is sentinel.")
    LOOKALIKES("REDIS_RENAMED: the role is master or replica.")
    CAUSE("The target's port is that of the Sentinels, 26379 as a rule.")
    SOURCE("redis/redis, src/sentinel.c")
    LOOK(CLIENT,
        "redis-cli -h {HOST} -p {PORT} SENTINEL MASTERS")
    CHANGE(PROVIDER,
        "aws elbv2 register-targets --target-group-arn TARGET_GROUP_ARN "
        "--targets Id=CACHE_IP,Port=CACHE_PORT{REGION}");

const char catalogue_REDIS_RENAMED[] =
    MEANING("The server does not know a command of the check.")
    EVIDENCE("ERR unknown command, while PING is answered.")
    LOOKALIKES("REDIS_SENTINEL: the role is sentinel. WRONG_SERVICE: PING is "
               "unknown too. AUTH_NOPERM: known, and forbidden.")
    CAUSE("rename-command in the configuration, or a managed service that "
          "restricts it.")
    SOURCE("AWS ElastiCache guide, ParameterGroups.Redis "
           "(github.com/awsdocs/amazon-elasticache-docs); redis.conf, "
           "rename-command")
    LOOK(CLIENT,
        "linkprobe check --no-write {HOST}:{PORT}");

/* clang-format on */
