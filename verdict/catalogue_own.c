/*
 * catalogue_own.c -- the program itself, and what has no better name.
 *
 * The texts are in the words and the order of catalogue_rows.h.
 */
#include "verdict/catalogue_rows.h"

/* clang-format off */
const char catalogue_OK[] =
    MEANING("Every stage passed on as many addresses as required.")
    EVIDENCE("Connect, TLS if asked for, AUTH, PING, SET and GET all gave "
             "what they should.")
    LOOKALIKES("A connect alone would prove less: behind a TLS listener the "
               "load balancer answers it, whatever the target does.")
    CAUSE("Nothing is wrong.")
    SOURCE("TCP listeners carry the handshake end to end: "
           "https://github.com/drewpypro/aws-privatelink-protocol-tester");

const char catalogue_WATCHDOG[] =
    MEANING("The program's own time limit, or a signal, ended the check before "
            "it had an answer.")
    EVIDENCE("-t SECONDS passed, or the run was interrupted or terminated, "
             "which the summary says; what was still under way was given up.")
    LOOKALIKES("A stage that runs out of its own --timeout is a fault of the "
               "path and has an id of its own.")
    CAUSE("The deadline is longer than -t, the run was interrupted, or this "
          "machine was too busy for it.")
    SOURCE("Monitoring Plugins guidelines, timeouts: "
           "https://www.monitoring-plugins.org/doc/guidelines.html")
    LOOK(CLIENT,
        "linkprobe check --timeout 2s --deadline 6s -t 10 {HOST}:{PORT}")
    LOOK(CLIENT,
        "uptime");

const char catalogue_UNKNOWN_ERROR[] =
    MEANING("Something failed in a way that the catalogue has no entry for.")
    EVIDENCE("The evidence has the errno, the state of the TCP connection, "
             "the reply or its first 64 bytes, and what OpenSSL said.")
    LOOKALIKES("A server that ends a silent connection by its timeout "
               "parameter, an unknown error reply, SELECT of a database that "
               "is not there, a resolver that answers with a rare rcode.")
    CAUSE("Not known. The first failing stage says how far the path is good; "
          "the evidence says what came instead.")
    SOURCE("The decision table of this catalogue: nothing in it matched")
    LOOK(CLIENT,
        "linkprobe check -vvv {HOST}:{PORT}")
    LOOK(CLIENT,
        "linkprobe check --format json {HOST}:{PORT}");

const char catalogue_case_idle_end[] =
    MEANING("The peer ended a connection while it was silent.")
    EVIDENCE("The end of the stream, during --idle; TCP state CLOSE_WAIT.")
    LOOKALIKES("TCP_IDLE_RESET: the load balancer says nothing until the next "
               "write, and resets that.")
    CAUSE("The engine's timeout parameter ends connections that are silent "
          "for longer (0, the default of ElastiCache: never). A failover and "
          "the end of an IAM login after twelve hours look the same.")
    SOURCE("redis/redis and valkey-io/valkey, src/timeout.c")
    LOOK(PROVIDER,
        "aws elasticache describe-cache-parameters "
        "--cache-parameter-group-name GROUP --query "
        "\"Parameters[?ParameterName=='timeout']\"{REGION}")
    CHANGE(PROVIDER,
        "aws elasticache modify-cache-parameter-group "
        "--cache-parameter-group-name GROUP --parameter-name-values "
        "ParameterName=timeout,ParameterValue=0{REGION}");

const char catalogue_case_no_database[] =
    MEANING("The database that was asked for is not there.")
    EVIDENCE("ERR DB index is out of range answers SELECT.")
    LOOKALIKES("AUTH_NOPERM: this user may not SELECT.")
    CAUSE("The number in --db or in the URL is not below the engine's "
          "databases parameter (16 unless changed; a cluster has database 0 "
          "only, Valkey 9 excepted).")
    SOURCE("redis/redis and valkey-io/valkey, src/db.c")
    LOOK(PROVIDER,
        "aws elasticache describe-cache-parameters "
        "--cache-parameter-group-name GROUP --query "
        "\"Parameters[?ParameterName=='databases']\"{REGION}");

const char catalogue_THRESHOLD_EXCEEDED[] =
    MEANING("All works, but something is outside of -w or -c, or fewer "
            "addresses were given than --require asks for, or it was OK fewer "
            "times in a row than --consecutive asks for.")
    EVIDENCE("The time of a stage or of the whole, and the range that it was "
             "held against.")
    LOOKALIKES("A slow connect with lost SYNs is TCP_SLOW_CONNECT; a slow "
               "PING beside a low round trip is the engine.")
    CAUSE("The path or the cache has become slower, or the range is too "
          "narrow for this path. A first connect through an endpoint costs "
          "several round trips more than a later PING.")
    SOURCE("Monitoring Plugins guidelines, Threshold and Ranges: "
           "https://www.monitoring-plugins.org/doc/guidelines.html; first "
           "connect 3.3 ms, later round trips 0.7 to 1.2 ms in "
           "https://github.com/drewpypro/aws-privatelink-protocol-tester")
    LOOK(CLIENT,
        "linkprobe bench -c 1 -d 10s {HOST}:{PORT}")
    LOOK(CLIENT,
        "linkprobe check -v {HOST}:{PORT}");

const char catalogue_CLEANUP_FAILED[] =
    MEANING("The check's key could not be deleted.")
    EVIDENCE("SET and GET passed, DEL was refused or got no answer.")
    LOOKALIKES("READONLY at DEL after a SET that passed is a failover in "
               "between.")
    CAUSE("The user may not DEL. Nothing is left behind: the key was set to "
          "expire after a minute.")
    SOURCE("redis/redis and valkey-io/valkey, src/acl.c")
    CHANGE(PROVIDER,
        "aws elasticache modify-user --user-id {USER} --access-string \"on "
        "~{PREFIX}* +ping +role +info +get +set +del\"{REGION}")
    LOOK(CLIENT,
        "linkprobe check --no-write {HOST}:{PORT}");

/* clang-format on */
