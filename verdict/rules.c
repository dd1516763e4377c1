/*
 * rules.c -- the decision table, top to bottom, first match.
 *
 * Second probes add facts (FACT_2_...); a row that needs one stands before the
 * row that does without.
 *
 * A row says: at one of these stages, for one of these causes, with all of the
 * facts in `needs` and none of those in `lacks`, it is `id`; where the facts
 * leave it open, `maybe` are the others.  Rows are bits and numbers, so that
 * the table needs no relocation and a healthy check never looks at it.
 */
#include "verdict/rules.h"

#include "verdict/facts.h"

struct rule {
    uint64_t causes;
    uint32_t stages;
    uint32_t needs, lacks;
    uint8_t id;
    uint8_t maybe[CANDIDATES_MAX]; /* VERDICT_OK ends them */
};

_Static_assert((int)VERDICT_COUNT <= UINT8_MAX, "ids fit in a byte");
_Static_assert((int)STAGE_COUNT <= 32, "stages fit in 32 bits");

#define AT(stage)  (1U << STAGE_##stage)
#define NET(name)  (1ULL << NET_##name)
#define RESP(name) (1ULL << (CAUSE_RESP + RESP_ERR_##name))
#define OWN(name)  (1ULL << CAUSE_##name)
#define ID(name)   .id = VERDICT_##name
#define MAYBE(...) .maybe = { __VA_ARGS__ }

enum {
    ANYWHERE = (1U << STAGE_COUNT) - 1U,
    /* from the first command on */
    TALKING = AT(AUTH) | AT(PING) | AT(ROLE) | AT(SET) | AT(GET),
    VALUES = AT(SET) | AT(GET),
};

#define ENDED (NET(RESET) | NET(CLOSED))

/* clang-format off */
static const struct rule rules[] = {
    /* whatever was under way */
    { NET(CANCELED), ANYWHERE, 0, 0, ID(WATCHDOG) },
    { UINT64_MAX, AT(CLEANUP), 0, 0, ID(CLEANUP_FAILED) },

    /* T1, T2: nothing left this machine, or no router takes it */
    { NET(NOPORTS), AT(TCP), 0, 0, ID(TCP_CLIENT_PORTS_EXHAUSTED) },
    { NET(UNREACHABLE) | NET(PROHIBITED) | NET(NOSOURCE), AT(TCP), 0, 0,
      ID(TCP_NO_ROUTE_LOCAL) },
    /* T5: other source ports connect */
    { NET(TIMEOUT), AT(TCP), FACT_2_PORTS_SAME, 0, ID(TCP_TIMEOUT_SOME_PORTS) },
    { NET(TIMEOUT), AT(TCP), FACT_2_PORTS, 0, ID(TCP_TIMEOUT_SOME_PORTS),
      MAYBE(VERDICT_NET_NLB_PORT_ALLOCATION, VERDICT_PERF_LOSS) },
    /* T3, T4: combine.c knows the other addresses */
    { NET(TIMEOUT), AT(TCP), 0, 0, ID(TCP_TIMEOUT_ALL),
      MAYBE(VERDICT_AWS_NO_RULE, VERDICT_AWS_ENDPOINT_NOT_AVAILABLE,
            VERDICT_NET_NLB_SG_ENFORCED, VERDICT_AWS_NO_LISTENER,
            VERDICT_TCP_TARGET_STALE) },
    /* T6 */
    { NET(REFUSED), AT(TCP), 0, 0, ID(TCP_REFUSED) },
    { ENDED, AT(TCP), 0, 0, ID(TCP_RST_AFTER_ACCEPT) },

    /* I1, I2: fine before --idle.  I3, ended while it was silent, is the
     * server's own doing and has no id. */
    { ENDED, AT(PING), FACT_IDLE | FACT_DURING, 0, ID(UNKNOWN_ERROR) },
    { ENDED, AT(PING), FACT_IDLE, 0, ID(TCP_IDLE_RESET) },
    { NET(TIMEOUT), AT(PING), FACT_IDLE | FACT_UNACKED, 0,
      ID(TCP_IDLE_BLACKHOLE) },

    /* A2, S1: the other of TLS and plain is spoken */
    { NET(TIMEOUT) | ENDED, TALKING, FACT_2_TLS, FACT_ANSWERED | FACT_TLS_UP,
      ID(TLS_REQUIRED) },
    { NET(TIMEOUT) | ENDED, AT(TLS), FACT_2_PLAIN, 0, ID(TLS_NOT_OFFERED) },
    /* A5, A6: both are silent */
    { NET(TIMEOUT), TALKING | AT(TLS), FACT_2_TOO_BIG,
      FACT_ANSWERED | FACT_2_BETTER, ID(APP_PROXY_V2) },
    /* ... or were: it answers now, so it had stood still */
    { NET(TIMEOUT), TALKING | AT(TLS), FACT_2_TOO_BIG | FACT_2_BETTER,
      FACT_ANSWERED, ID(APP_SILENT) },
    { NET(TIMEOUT), TALKING | AT(TLS), FACT_2_MUTE | FACT_2_NOT_BIG,
      FACT_ANSWERED | FACT_UNACKED, ID(APP_SILENT) },
    { NET(TIMEOUT), TALKING | AT(TLS), FACT_2_MUTE,
      FACT_ANSWERED | FACT_UNACKED, ID(APP_SILENT),
      MAYBE(VERDICT_APP_PROXY_V2) },

    /* S1, S2: no whole handshake */
    { NET(TIMEOUT), AT(TLS), FACT_HELLO, 0, ID(TLS_HANDSHAKE_STALL),
      MAYBE(VERDICT_NET_MTU_BLACKHOLE) },
    { NET(TIMEOUT), AT(TLS), FACT_RECORD, 0, ID(TLS_HANDSHAKE_STALL),
      MAYBE(VERDICT_NET_MTU_BLACKHOLE) },
    { NET(TIMEOUT) | NET(TLS_ERROR) | ENDED, AT(TLS), FACT_RESP, 0,
      ID(TLS_NOT_OFFERED) },
    { NET(TIMEOUT) | NET(TLS_ERROR) | ENDED, AT(TLS), FACT_FOREIGN, 0,
      ID(WRONG_SERVICE) },
    { NET(TIMEOUT), AT(TLS), FACT_2_PLAIN_ENDS, FACT_UNACKED,
      ID(TLS_HANDSHAKE_STALL), MAYBE(VERDICT_NET_MTU_BLACKHOLE) },
    { NET(TIMEOUT), AT(TLS), FACT_UNACKED, 0, ID(NET_DATA_SWALLOWED),
      MAYBE(VERDICT_NET_MTU_BLACKHOLE) },
    { NET(TIMEOUT), AT(TLS), 0, 0, ID(TLS_NOT_OFFERED),
      MAYBE(VERDICT_APP_PROXY_V2, VERDICT_APP_SILENT) },
    /* A3 */
    { NET(RESET), AT(TLS), 0, FACT_HELLO | FACT_RECORD,
      ID(TCP_RST_AFTER_ACCEPT) },
    { ENDED, AT(TLS), 0, 0, ID(TLS_EOF_NO_ALERT),
      MAYBE(VERDICT_APP_PROXY_V2) },
    /* S3 */
    { NET(TLS_VERIFY), AT(TLS), FACT_NAME, 0, ID(TLS_NAME_MISMATCH) },
    { NET(TLS_VERIFY), AT(TLS), FACT_DATE, 0, ID(TLS_EXPIRED) },
    { NET(TLS_VERIFY), AT(TLS), FACT_CHAIN, 0, ID(TLS_UNKNOWN_CA) },
    { NET(TLS_ALERT), ANYWHERE, 0, 0, ID(TLS_ALERT) },

    /* R1, R2: an error reply proves the path, and its first word decides */
    { RESP(PROTECTED), TALKING, 0, 0, ID(REDIS_PROTECTED) },
    { RESP(MAXCLIENTS), TALKING, 0, 0, ID(REDIS_MAXCLIENTS) },
    { RESP(NOAUTH), TALKING, 0, 0, ID(AUTH_REQUIRED) },
    { RESP(WRONGPASS), TALKING, FACT_TOKEN, 0, ID(AUTH_IAM_EXPIRED) },
    { RESP(WRONGPASS), TALKING, 0, 0, ID(AUTH_REJECTED) },
    { RESP(NOPASS), TALKING, 0, 0, ID(AUTH_NOT_CONFIGURED) },
    { RESP(NOPERM), TALKING, 0, 0, ID(AUTH_NOPERM) },
    { RESP(LOADING), TALKING, 0, 0, ID(REDIS_LOADING) },
    { RESP(MASTERDOWN), TALKING, 0, 0, ID(REDIS_MASTERDOWN) },
    { RESP(BUSY), TALKING, 0, 0, ID(REDIS_BUSY) },
    { RESP(MISCONF), TALKING, 0, 0, ID(REDIS_MISCONF) },
    { RESP(CLUSTERDOWN), TALKING, 0, 0, ID(REDIS_CLUSTERDOWN) },
    /* R3 */
    { RESP(MOVED) | RESP(REDIRECT), TALKING, FACT_2_NO_WAY, 0,
      ID(REDIS_MOVED_UNREACHABLE) },
    { RESP(MOVED) | RESP(ASK) | RESP(REDIRECT) | RESP(TRYAGAIN) |
      RESP(CROSSSLOT), TALKING, 0, 0, ID(REDIS_MOVED) },
    { RESP(NOREPLICAS), TALKING, 0, 0, ID(REDIS_NOREPLICAS) },
    { RESP(OOM), TALKING, 0, 0, ID(REDIS_OOM) },
    { RESP(READONLY), TALKING, 0, 0, ID(REDIS_READONLY) },
    { RESP(UNKNOWN), TALKING, FACT_SENTINEL, 0, ID(REDIS_SENTINEL) },
    { RESP(UNKNOWN), AT(PING), 0, 0, ID(WRONG_SERVICE),
      MAYBE(VERDICT_REDIS_RENAMED) },
    { RESP(UNKNOWN), TALKING, 0, 0, ID(REDIS_RENAMED) },
    { RESP(PROTOCOL), TALKING, 0, 0, ID(REDIS_PROTOCOL) },

    /* R6: no reply, or none that fits */
    { NET(BADREPLY) | ENDED, TALKING, FACT_FOREIGN, FACT_ANSWERED,
      ID(WRONG_SERVICE) },
    { NET(BADREPLY) | ENDED, TALKING, FACT_RECORD,
      FACT_ANSWERED | FACT_TLS_UP, ID(TLS_REQUIRED) },
    { NET(BADREPLY) | OWN(UNEXPECTED), TALKING, 0, 0, ID(REDIS_PROTOCOL) },
    { OWN(MISMATCH), AT(ROLE), 0, 0, ID(REDIS_ROLE_MISMATCH) },
    { OWN(MISMATCH) | OWN(EXISTS), VALUES, 0, 0, ID(REDIS_VALUE_MISMATCH) },
    { OWN(MISMATCH), TALKING, 0, 0, ID(REDIS_PROTOCOL) },

    /* R4: close-on-replica-write says no word */
    { ENDED, AT(SET), FACT_REPLICA, 0, ID(REDIS_READONLY) },
    /* R5: the small value passed.  Acknowledged SET, no reply: who knows */
    { NET(TIMEOUT), VALUES, FACT_PAYLOAD | FACT_2_STEP, 0,
      ID(NET_MTU_BLACKHOLE) },
    { NET(TIMEOUT), VALUES, FACT_PAYLOAD | FACT_2_NO_STEP, FACT_UNACKED,
      ID(APP_SILENT), MAYBE(VERDICT_NET_MTU_BLACKHOLE) },
    { NET(TIMEOUT), AT(SET), FACT_PAYLOAD, FACT_UNACKED,
      ID(NET_MTU_BLACKHOLE), MAYBE(VERDICT_APP_SILENT) },
    { NET(TIMEOUT), VALUES, FACT_PAYLOAD, 0, ID(NET_MTU_BLACKHOLE) },

    /* A4 */
    { NET(TIMEOUT), TALKING, FACT_UNACKED, 0, ID(NET_DATA_SWALLOWED) },
    /* A5, A6: acknowledged, and no word */
    { NET(TIMEOUT), TALKING, FACT_TLS_UP, FACT_ANSWERED, ID(APP_SILENT),
      MAYBE(VERDICT_TLS_LISTENER_DEAD_TARGET, VERDICT_APP_PROXY_V2) },
    { NET(TIMEOUT), TALKING, 0, FACT_ANSWERED, ID(APP_SILENT),
      MAYBE(VERDICT_APP_PROXY_V2) },
    { NET(TIMEOUT), AT(SET), FACT_2_ALIVE, FACT_PAYLOAD, ID(REDIS_PAUSED) },
    { NET(TIMEOUT), AT(SET), 0, 0, ID(APP_SILENT),
      MAYBE(VERDICT_REDIS_PAUSED) },
    { NET(TIMEOUT), TALKING, 0, 0, ID(APP_SILENT) },

    /* S4 */
    { ENDED, TALKING, FACT_TLS_UP | FACT_2_BETTER, FACT_ANSWERED,
      ID(REDIS_MAXCLIENTS), MAYBE(VERDICT_TLS_LISTENER_DEAD_TARGET) },
    { ENDED, TALKING, FACT_TLS_UP, FACT_ANSWERED, ID(TLS_LISTENER_DEAD_TARGET),
      MAYBE(VERDICT_REDIS_MAXCLIENTS) },
    /* A3 */
    { ENDED, TALKING, FACT_2_TLS_ENDS, FACT_ANSWERED | FACT_TLS_UP,
      ID(TCP_RST_AFTER_ACCEPT) },
    { ENDED, TALKING, 0, FACT_ANSWERED, ID(TCP_RST_AFTER_ACCEPT),
      MAYBE(VERDICT_TLS_REQUIRED) },
    /* the role would tell */
    { ENDED, AT(SET), 0, FACT_MASTER, ID(UNKNOWN_ERROR),
      MAYBE(VERDICT_REDIS_READONLY) },
};
/* clang-format on */

/* What would show that it is `id` after all. */
static const char *decided_by(enum verdict_id id)
{
    switch ((int)id) {
    case VERDICT_AWS_NO_RULE:
        return "the rules of the endpoint's security groups";
    case VERDICT_AWS_ENDPOINT_NOT_AVAILABLE: return "the endpoint's State";
    case VERDICT_NET_NLB_SG_ENFORCED:
        return "the load balancer's security groups";
    case VERDICT_AWS_NO_LISTENER: return "the load balancer's listeners";
    case VERDICT_TCP_TARGET_STALE:
        return "the registered targets beside the cache's addresses";
    case VERDICT_NET_ASYMMETRIC:
        return "the way that packets take there and back";
    case VERDICT_NET_MTU_BLACKHOLE: return "packets of other sizes";
    case VERDICT_APP_PROXY_V2:
        return "the target group's proxy_protocol_v2.enabled";
    case VERDICT_APP_SILENT: return "a plain PING on a second connection";
    case VERDICT_REDIS_RENAMED: return "INFO, or any other command";
    case VERDICT_REDIS_PAUSED: return "another SET a few seconds later";
    case VERDICT_TLS_LISTENER_DEAD_TARGET: return "the health of the targets";
    case VERDICT_REDIS_MAXCLIENTS: return "the node's CurrConnections";
    case VERDICT_NET_NLB_PORT_ALLOCATION:
        return "the metric PortAllocationErrorCount";
    case VERDICT_TLS_REQUIRED: return "a TLS handshake on a second connection";
    case VERDICT_REDIS_READONLY:
        return "ROLE or INFO replication on a new connection";
    case VERDICT_DNS_NXDOMAIN: return "the endpoint's PrivateDnsEnabled";
    case VERDICT_DNS_SPLIT_HORIZON:
    case VERDICT_TCP_TIMEOUT_ALL:
    case VERDICT_TCP_REFUSED:
    case VERDICT_TCP_NO_ROUTE_LOCAL: return "the endpoint's own addresses";
    case VERDICT_DNS_ZONAL_MISSING: return "the names of the endpoint's zones";
    case VERDICT_DNS_THROTTLED:
        return "the counter linklocal_allowance_exceeded";
    case VERDICT_PERF_LOSS: return "retransmits of a longer run";
    case VERDICT_REDIS_SLOW: return "PING beside another SET";
    default: return "";
    }
}

void rules_candidate(struct verdict *verdict, enum verdict_id id)
{
    struct candidate *to = &verdict->candidates[verdict->ncandidates];

    if (verdict->ncandidates == CANDIDATES_MAX)
        return;
    to->id = id;
    to->decided_by = decided_by(id);
    verdict->ncandidates++;
}

static void candidates_add(struct verdict *verdict, const uint8_t *ids)
{
    for (int i = 0; i < CANDIDATES_MAX && ids[i] != VERDICT_OK; i++)
        rules_candidate(verdict, (enum verdict_id)ids[i]);
}

static bool applies(const struct rule *rule, enum stage stage, enum cause cause,
                    unsigned facts)
{
    return (rule->causes >> cause & 1U) != 0 &&
           (rule->stages >> stage & 1U) != 0 && (rule->needs & ~facts) == 0 &&
           (rule->lacks & facts) == 0;
}

struct verdict rules_match(enum stage stage, enum cause cause, unsigned facts)
{
    struct verdict verdict = { .id = VERDICT_UNKNOWN_ERROR,
                               .stage = stage,
                               .cause = cause };

    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        if (applies(&rules[i], stage, cause, facts)) {
            verdict.id = (enum verdict_id)rules[i].id;
            candidates_add(&verdict, rules[i].maybe);
            break;
        }
    }
    verdict.status = catalogue_entry(verdict.id)->severity;
    return verdict;
}
