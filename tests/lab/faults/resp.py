"""What the cache itself says: each error reply, from a real server if any."""

import peers
from faults.row import row
from steps import cache, scripts, states
from steps.path import point
from topology import REPLICA

NOBODY = "198.18.11.99 6379"

# An ElastiCache IAM token whose fifteen minutes are over.
TOKEN = (
    "lab/?Action=connect&User=probe&X-Amz-Algorithm=AWS4-HMAC-SHA256"
    "&X-Amz-Credential=AKIDEXAMPLE%2F20240102%2Fus-west-2%2Felasticache"
    "%2Faws4_request&X-Amz-Date=20240102T030405Z&X-Amz-Expires=900"
    "&X-Amz-SignedHeaders=host&X-Amz-Signature=" + "0" * 64
)

AUTH = (
    row(
        "resp_noauth",
        "the cache wants a password, and gets none",
        cache.redis(requirepass="sesame"),
        gives="AUTH_REQUIRED ping redis 2",
    ),
    row(
        "resp_wrongpass",
        "the password is another one",
        cache.redis(requirepass="sesame"),
        gives="AUTH_REJECTED auth redis 2",
        password="another",
    ),
    row(
        "resp_iam_expired",
        "the password is an IAM token of yesterday",
        cache.redis(requirepass="sesame"),
        gives="AUTH_IAM_EXPIRED auth redis 2",
        check="--user probe",
        password=TOKEN,
    ),
    row(
        "resp_auth_not_needed",
        "a password for a cache that has none",
        gives="AUTH_NOT_CONFIGURED auth redis 1",
        password="sesame",
    ),
    row(
        "resp_noperm",
        "the user may not write",
        cache.redis(user="default on nopass ~* &* +@all -set"),
        gives="AUTH_NOPERM set redis 2",
    ),
    row(
        "resp_noperm_key",
        "the user may not touch this key",
        cache.redis(user="default on nopass ~app:* &* +@all"),
        gives="AUTH_NOPERM set redis 2",
    ),
    row(
        "resp_noperm_del",
        "the user may not delete",
        cache.redis(user="default on nopass ~* &* +@all -del -unlink"),
        gives="CLEANUP_FAILED cleanup redis 1",
    ),
)

STATE = (
    row(
        "resp_loading",
        "the cache has restarted and reads its data",
        states.loading,
        gives="REDIS_LOADING ping redis 2",
    ),
    row(
        "resp_masterdown",
        "a replica that lost its primary serves nothing stale",
        cache.redis(replicaof=NOBODY, replica_serve_stale_data="no"),
        gives="REDIS_MASTERDOWN ping redis 2",
    ),
    row(
        "resp_noreplicas",
        "fewer replicas than writes need",
        cache.redis(min_replicas_to_write=1),
        gives="REDIS_NOREPLICAS set redis 2",
    ),
    row(
        "resp_oom",
        "the memory is full and nothing may be evicted",
        cache.redis(maxmemory=1, maxmemory_policy="noeviction"),
        gives="REDIS_OOM set redis 2",
    ),
    row(
        "resp_misconf",
        "the cache cannot save, so it takes no writes",
        cache.redis(states.cannot_save, save="3600 1"),
        gives="REDIS_MISCONF ping redis 2",
    ),
    row(
        "resp_maxclients",
        "too many clients",
        cache.redis(states.one_client, maxclients=1),
        gives="REDIS_MAXCLIENTS ping redis 2",
    ),
    row(
        "resp_protected_mode",
        "a self-made Redis in protected mode",
        cache.redis(protected_mode="yes"),
        gives="REDIS_PROTECTED ping redis 2",
    ),
    row(
        "resp_busy",
        "a script that does not end",
        cache.redis(
            states.busy, lua_time_limit=10
        ),
        gives="REDIS_BUSY ping redis 2",
    ),
    row(
        "resp_engine_blocked",
        "a command that holds the engine for long",
        cache.redis(
            states.command("DEBUG", "SLEEP", 60), enable_debug_command="yes"
        ),
        gives="APP_SILENT ping target 2",
    ),
    row(
        "resp_all_paused",
        "the cache is paused for all commands",
        cache.redis(states.command("CLIENT", "PAUSE", 60000, "ALL")),
        gives="APP_SILENT ping target 2",
    ),
    row(
        "resp_engine_slow",
        "every PING takes 200 ms, the connection none",
        cache.peer(scripts.slow_ping(0.2)),
        gives="REDIS_SLOW ping redis 1",
    ),
    row(
        "resp_failover_pause_write",
        "a coordinated failover holds writes back for a moment",
        cache.redis(states.holds_writes(0.5)),
        gives="REDIS_PAUSED set redis 1",
    ),
    row(
        "resp_writes_paused",
        "writes are held back, and for longer than we wait",
        cache.redis(states.command("CLIENT", "PAUSE", 60000, "WRITE")),
        gives="REDIS_PAUSED set redis 2",
    ),
)

COMMANDS = (
    row(
        "resp_renamed",
        "SET has another name",
        cache.redis(rename_command='SET ""'),
        gives="REDIS_RENAMED set redis 2",
    ),
    row(
        "resp_sentinel",
        "a sentinel, not a data node",
        states.sentinel,
        gives="REDIS_SENTINEL set redis 2",
    ),
    row(
        "server_replica_close",
        "a replica that closes the connection on a write",
        cache.peer(scripts.closing_replica),
        gives="REDIS_READONLY set target 2",
    ),
    row(
        "resp_clusterdown",
        "a cluster without slots",
        cache.redis(cluster_enabled="yes"),
        gives="REDIS_CLUSTERDOWN set redis 2",
    ),
    row(
        "cluster_moved",
        "cluster mode, and the key's node can be reached",
        states.cluster("198.18.2.69"),
        gives="REDIS_MOVED set redis 2",
    ),
    row(
        "cluster_moved_unreachable",
        "cluster mode, and the key's node is inside the provider's network",
        states.cluster("198.18.12.12"),
        gives="REDIS_MOVED_UNREACHABLE set redis 2",
        says=("198.18.12.12:",),
    ),
)

EXPECTED = (
    row(
        "replica_not_expected",
        "a replica where a primary was expected, and nothing is written",
        point(REPLICA),
        gives="REDIS_ROLE_MISMATCH role redis 2",
        check="--no-write --expect-role master",
    ),
    row(
        "primary_not_expected",
        "a primary where a replica was expected",
        gives="REDIS_ROLE_MISMATCH role redis 2",
        check="--expect-role replica",
    ),
    row(
        "value_differs",
        "what is read is not what was written",
        cache.peer(peers.redis_like(GET=b"$5\r\nother\r\n")),
        gives="REDIS_VALUE_MISMATCH get redis 2",
    ),
    row(
        "slower_than_allowed",
        "all is well, and slower than the user has it",
        gives="THRESHOLD_EXCEEDED - - 2",
        check="-c total=0",
    ),
)

FOREIGN = (
    row(
        "server_http",
        "a web server in the cache's place",
        cache.peer(peers.answers(b"HTTP/1.1 400 Bad Request\r\n\r\n")),
        gives="WRONG_SERVICE ping target 2",
    ),
    row(
        "server_smtp",
        "a mail server in the cache's place",
        cache.peer(peers.says(b"220 mail.test ESMTP\r\n", then_close=False)),
        gives="WRONG_SERVICE ping target 2",
    ),
    row(
        "server_memcached",
        "memcached in the cache's place",
        cache.peer(peers.answers(b"ERROR\r\n")),
        gives="WRONG_SERVICE ping target 2",
    ),
    row(
        "server_http_tls",
        "a web server, and a ClientHello",
        cache.peer(peers.answers(b"HTTP/1.1 400 Bad Request\r\n\r\n")),
        gives="WRONG_SERVICE tls target 2",
        check="--tls --cacert {cacert}",
    ),
    row(
        "server_truncated",
        "a reply that is cut",
        cache.peer(scripts.truncated),
        gives="REDIS_PROTOCOL ping redis 2",
    ),
)

ROWS = AUTH + STATE + COMMANDS + EXPECTED + FOREIGN
