/*
 * ids.h -- the verdict ids, in the order of the decision table: of several
 * kinds the first one stands for the whole.
 */
#ifndef VERDICT_IDS_H
#define VERDICT_IDS_H

/* clang-format off */
#define VERDICT_MAP(X)               \
    X(OK)                            \
    X(WATCHDOG)                      \
    X(DNS_BAD_NAME)                  \
    X(DNS_PRIVATE_NAME_OFF)          \
    X(DNS_NXDOMAIN)                  \
    X(DNS_DANGLING_CNAME)            \
    X(DNS_SERVFAIL)                  \
    X(DNS_REFUSED)                   \
    X(DNS_THROTTLED)                 \
    X(DNS_TC_TCP_BLOCKED)            \
    X(DNS_TIMEOUT)                   \
    X(DNS_UNREACHABLE)               \
    X(DNS_NODATA)                    \
    X(DNS_SPLIT_HORIZON)             \
    X(DNS_ZONAL_MISSING)             \
    X(DNS_AZ_WITHDRAWN)              \
    X(DNS_STALE)                     \
    X(DNS_SEARCH_DOMAIN)             \
    X(DNS_IPV6_FIRST)                \
    X(TCP_CLIENT_PORTS_EXHAUSTED)    \
    X(TCP_NO_ROUTE_LOCAL)            \
    X(AWS_ENDPOINT_NOT_AVAILABLE)    \
    X(AWS_PRINCIPAL_NOT_ALLOWED)     \
    X(AWS_NO_RULE)                   \
    X(AWS_NO_LISTENER)               \
    X(AWS_NO_TARGET)                 \
    X(AWS_TARGET_UNHEALTHY)          \
    X(AWS_TARGET_DRAINING)           \
    X(AWS_ZONE_MISMATCH)             \
    X(NET_NLB_SG_ENFORCED)           \
    X(TCP_TIMEOUT_ALL)               \
    X(TCP_TIMEOUT_ONE_AZ)            \
    X(TCP_REFUSED_ONE_AZ)            \
    X(TCP_TIMEOUT_SOME_PORTS)        \
    X(NET_NLB_PORT_ALLOCATION)       \
    X(NET_ASYMMETRIC)                \
    X(NET_HAIRPIN)                   \
    X(TCP_REFUSED)                   \
    X(TCP_TARGET_STALE)              \
    X(REDIS_PROTECTED)               \
    X(REDIS_MAXCLIENTS)              \
    X(WRONG_SERVICE)                 \
    X(TLS_REQUIRED)                  \
    X(TLS_EOF_NO_ALERT)              \
    X(TCP_RST_AFTER_ACCEPT)          \
    X(NET_DATA_SWALLOWED)            \
    X(NET_MTU_BLACKHOLE)             \
    X(APP_PROXY_V2)                  \
    X(APP_SILENT)                    \
    X(TLS_NOT_OFFERED)               \
    X(TLS_HANDSHAKE_STALL)           \
    X(TLS_NAME_MISMATCH)             \
    X(TLS_EXPIRED)                   \
    X(TLS_UNKNOWN_CA)                \
    X(TLS_ALERT)                     \
    X(TLS_LISTENER_DEAD_TARGET)      \
    X(AUTH_REQUIRED)                 \
    X(AUTH_IAM_EXPIRED)              \
    X(AUTH_REJECTED)                 \
    X(AUTH_NOPERM)                   \
    X(REDIS_LOADING)                 \
    X(REDIS_MASTERDOWN)              \
    X(REDIS_BUSY)                    \
    X(REDIS_MISCONF)                 \
    X(REDIS_CLUSTERDOWN)             \
    X(REDIS_MOVED_UNREACHABLE)       \
    X(REDIS_MOVED)                   \
    X(REDIS_NOREPLICAS)              \
    X(REDIS_OOM)                     \
    X(REDIS_SENTINEL)                \
    X(REDIS_RENAMED)                 \
    X(REDIS_READONLY)                \
    X(REDIS_ROLE_MISMATCH)           \
    X(REDIS_VALUE_MISMATCH)          \
    X(REDIS_PROTOCOL)                \
    X(TCP_IDLE_RESET)                \
    X(TCP_IDLE_BLACKHOLE)            \
    X(UNKNOWN_ERROR)                 \
    X(THRESHOLD_EXCEEDED)            \
    X(TLS_EXPIRES_SOON)              \
    X(AUTH_NOT_CONFIGURED)           \
    X(CLEANUP_FAILED)                \
    X(TCP_SLOW_CONNECT)              \
    X(REDIS_PAUSED)                  \
    X(REDIS_SLOW)                    \
    X(PERF_CROSS_AZ)                 \
    X(PERF_LOSS)                     \
    X(PERF_BANDWIDTH)                \
    X(PERF_PPS)                      \
    X(PERF_CHURN)                    \
    X(PERF_ENGINE)                   \
    X(PERF_JITTER_FLOWS)             \
    X(PERF_COLD_FIRST)
/* clang-format on */

enum verdict_id {
#define X(name) VERDICT_##name,
    VERDICT_MAP(X)
#undef X
        VERDICT_COUNT
};

#endif /* VERDICT_IDS_H */
