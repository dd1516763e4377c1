/*
 * catalogue.c -- the columns of the catalogue: one table without pointers.
 */
#include "verdict/catalogue.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#define ROW(id_, stage_, hop_, severity_)                                      \
    [VERDICT_##id_] = { .token = #id_,                                         \
                        .id = VERDICT_##id_,                                   \
                        .stage = STAGE_##stage_,                               \
                        .hop = HOP_##hop_,                                     \
                        .severity = CHECK_##severity_ }
#define STAGE_ANY STAGE_COUNT

/* clang-format off */
static const struct catalogue_entry entries[] = {
    ROW(OK,                         ANY,     NONE,          OK),
    ROW(WATCHDOG,                   ANY,     NONE,          UNKNOWN),
    ROW(DNS_BAD_NAME,               DNS,     RESOLVER,      CRITICAL),
    ROW(DNS_PRIVATE_NAME_OFF,       DNS,     ENDPOINT,      CRITICAL),
    ROW(DNS_NXDOMAIN,               DNS,     ENDPOINT,      CRITICAL),
    ROW(DNS_DANGLING_CNAME,         DNS,     ENDPOINT,      CRITICAL),
    ROW(DNS_SERVFAIL,               DNS,     RESOLVER,      CRITICAL),
    ROW(DNS_REFUSED,                DNS,     RESOLVER,      CRITICAL),
    ROW(DNS_THROTTLED,              DNS,     RESOLVER,      CRITICAL),
    ROW(DNS_TC_TCP_BLOCKED,         DNS,     RESOLVER,      CRITICAL),
    ROW(DNS_TIMEOUT,                DNS,     RESOLVER,      CRITICAL),
    ROW(DNS_UNREACHABLE,            DNS,     RESOLVER,      CRITICAL),
    ROW(DNS_NODATA,                 DNS,     ENDPOINT,      CRITICAL),
    ROW(DNS_SPLIT_HORIZON,          DNS,     RESOLVER,      CRITICAL),
    ROW(DNS_ZONAL_MISSING,          DNS,     RESOLVER,      CRITICAL),
    ROW(DNS_AZ_WITHDRAWN,           DNS,     RESOLVER,      WARNING),
    ROW(DNS_STALE,                  DNS,     RESOLVER,      WARNING),
    ROW(DNS_SEARCH_DOMAIN,          DNS,     RESOLVER,      CRITICAL),
    ROW(DNS_IPV6_FIRST,             TCP,     RESOLVER,      CRITICAL),
    ROW(TCP_CLIENT_PORTS_EXHAUSTED, TCP,     CLIENT,        CRITICAL),
    ROW(TCP_NO_ROUTE_LOCAL,         TCP,     CLIENT,        CRITICAL),
    ROW(AWS_ENDPOINT_NOT_AVAILABLE, TCP,     ENDPOINT,      CRITICAL),
    ROW(AWS_PRINCIPAL_NOT_ALLOWED,  ANY,     ENDPOINT,      CRITICAL),
    ROW(AWS_NO_RULE,                TCP,     ENDPOINT,      CRITICAL),
    ROW(AWS_NO_LISTENER,            TCP,     LOAD_BALANCER, CRITICAL),
    ROW(AWS_NO_TARGET,              TCP,     LOAD_BALANCER, CRITICAL),
    ROW(AWS_TARGET_UNHEALTHY,       TCP,     TARGET,        CRITICAL),
    ROW(AWS_TARGET_DRAINING,        TCP,     TARGET,        CRITICAL),
    ROW(AWS_ZONE_MISMATCH,          TCP,     LOAD_BALANCER, CRITICAL),
    ROW(NET_NLB_SG_ENFORCED,        TCP,     LOAD_BALANCER, CRITICAL),
    ROW(TCP_TIMEOUT_ALL,            TCP,     ENDPOINT,      CRITICAL),
    ROW(TCP_TIMEOUT_ONE_AZ,         TCP,     LOAD_BALANCER, CRITICAL),
    ROW(TCP_REFUSED_ONE_AZ,         TCP,     LOAD_BALANCER, CRITICAL),
    ROW(TCP_TIMEOUT_SOME_PORTS,     TCP,     LOAD_BALANCER, CRITICAL),
    ROW(NET_NLB_PORT_ALLOCATION,    TCP,     LOAD_BALANCER, CRITICAL),
    ROW(NET_ASYMMETRIC,             TCP,     CLIENT,        CRITICAL),
    ROW(NET_HAIRPIN,                TCP,     LOAD_BALANCER, CRITICAL),
    ROW(TCP_REFUSED,                TCP,     TARGET,        CRITICAL),
    ROW(TCP_TARGET_STALE,           ANY,     TARGET,        CRITICAL),
    ROW(REDIS_PROTECTED,            PING,    REDIS,         CRITICAL),
    ROW(REDIS_MAXCLIENTS,           PING,    REDIS,         CRITICAL),
    ROW(WRONG_SERVICE,              PING,    TARGET,        CRITICAL),
    ROW(TLS_REQUIRED,               PING,    REDIS,         CRITICAL),
    ROW(TLS_EOF_NO_ALERT,           TLS,     REDIS,         CRITICAL),
    ROW(TCP_RST_AFTER_ACCEPT,       PING,    TARGET,        CRITICAL),
    ROW(NET_DATA_SWALLOWED,         PING,    ENDPOINT,      CRITICAL),
    ROW(NET_MTU_BLACKHOLE,          SET,     ENDPOINT,      CRITICAL),
    ROW(APP_PROXY_V2,               PING,    LOAD_BALANCER, CRITICAL),
    ROW(APP_SILENT,                 PING,    TARGET,        CRITICAL),
    ROW(TLS_NOT_OFFERED,            TLS,     REDIS,         CRITICAL),
    ROW(TLS_HANDSHAKE_STALL,        TLS,     REDIS,         CRITICAL),
    ROW(TLS_NAME_MISMATCH,          TLS,     REDIS,         CRITICAL),
    ROW(TLS_EXPIRED,                TLS,     REDIS,         CRITICAL),
    ROW(TLS_UNKNOWN_CA,             TLS,     REDIS,         CRITICAL),
    ROW(TLS_ALERT,                  TLS,     REDIS,         CRITICAL),
    ROW(TLS_LISTENER_DEAD_TARGET,   PING,    TARGET,        CRITICAL),
    ROW(AUTH_REQUIRED,              PING,    REDIS,         CRITICAL),
    ROW(AUTH_IAM_EXPIRED,           AUTH,    REDIS,         CRITICAL),
    ROW(AUTH_REJECTED,              AUTH,    REDIS,         CRITICAL),
    ROW(AUTH_NOPERM,                ANY,     REDIS,         CRITICAL),
    ROW(REDIS_LOADING,              PING,    REDIS,         CRITICAL),
    ROW(REDIS_MASTERDOWN,           PING,    REDIS,         CRITICAL),
    ROW(REDIS_BUSY,                 PING,    REDIS,         CRITICAL),
    ROW(REDIS_MISCONF,              PING,    REDIS,         CRITICAL),
    ROW(REDIS_CLUSTERDOWN,          SET,     REDIS,         CRITICAL),
    ROW(REDIS_MOVED_UNREACHABLE,    SET,     REDIS,         CRITICAL),
    ROW(REDIS_MOVED,                SET,     REDIS,         CRITICAL),
    ROW(REDIS_NOREPLICAS,           SET,     REDIS,         CRITICAL),
    ROW(REDIS_OOM,                  SET,     REDIS,         CRITICAL),
    ROW(REDIS_SENTINEL,             SET,     REDIS,         CRITICAL),
    ROW(REDIS_RENAMED,              ANY,     REDIS,         CRITICAL),
    ROW(REDIS_READONLY,             SET,     TARGET,        CRITICAL),
    ROW(REDIS_ROLE_MISMATCH,        ROLE,    REDIS,         CRITICAL),
    ROW(REDIS_VALUE_MISMATCH,       GET,     REDIS,         CRITICAL),
    ROW(REDIS_PROTOCOL,             ANY,     REDIS,         CRITICAL),
    ROW(TCP_IDLE_RESET,             PING,    LOAD_BALANCER, CRITICAL),
    ROW(TCP_IDLE_BLACKHOLE,         PING,    LOAD_BALANCER, CRITICAL),
    ROW(UNKNOWN_ERROR,              ANY,     NONE,          CRITICAL),
    ROW(THRESHOLD_EXCEEDED,         ANY,     NONE,          CRITICAL),
    ROW(TLS_EXPIRES_SOON,           TLS,     REDIS,         WARNING),
    ROW(AUTH_NOT_CONFIGURED,        AUTH,    REDIS,         WARNING),
    ROW(CLEANUP_FAILED,             CLEANUP, REDIS,         WARNING),
    ROW(TCP_SLOW_CONNECT,           TCP,     CLIENT,        WARNING),
    ROW(REDIS_PAUSED,               SET,     REDIS,         WARNING),
    ROW(REDIS_SLOW,                 PING,    REDIS,         WARNING),
    ROW(PERF_CROSS_AZ,              ANY,     LOAD_BALANCER, WARNING),
    ROW(PERF_LOSS,                  ANY,     CLIENT,        WARNING),
    ROW(PERF_BANDWIDTH,             ANY,     CLIENT,        WARNING),
    ROW(PERF_PPS,                   ANY,     CLIENT,        WARNING),
    ROW(PERF_CHURN,                 ANY,     CLIENT,        WARNING),
    ROW(PERF_ENGINE,                ANY,     REDIS,         WARNING),
    ROW(PERF_JITTER_FLOWS,          ANY,     LOAD_BALANCER, WARNING),
    ROW(PERF_COLD_FIRST,            ANY,     CLIENT,        WARNING),
};
/* clang-format on */

_Static_assert(sizeof(entries) / sizeof(entries[0]) == VERDICT_COUNT,
               "a row for every id");

const char *hop_token(enum hop hop)
{
    switch (hop) {
    case HOP_CLIENT: return "client";
    case HOP_RESOLVER: return "resolver";
    case HOP_ENDPOINT: return "endpoint";
    case HOP_LOAD_BALANCER: return "load_balancer";
    case HOP_TARGET: return "target";
    case HOP_REDIS: return "redis";
    case HOP_NONE: break;
    }
    return NULL;
}

const struct catalogue_entry *catalogue_entry(enum verdict_id id)
{
    assert(id < VERDICT_COUNT);
    return &entries[id];
}

enum verdict_id catalogue_find(const char *token)
{
    size_t alert = strlen(entries[VERDICT_TLS_ALERT].token);

    for (int id = 0; id < VERDICT_COUNT; id++) {
        if (strcasecmp(entries[id].token, token) == 0)
            return (enum verdict_id)id;
    }
    if (strncasecmp(token, entries[VERDICT_TLS_ALERT].token, alert) != 0 ||
        token[alert] != '_')
        return VERDICT_COUNT;
    token += alert + 1;
    if (strlen(token) > 3 || strlen(token) == 0 ||
        strspn(token, "0123456789") != strlen(token))
        return VERDICT_COUNT;
    return VERDICT_TLS_ALERT;
}
