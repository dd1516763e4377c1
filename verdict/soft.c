/*
 * soft.c -- three questions to the times: was a write kept back, was all kept
 * back, was anything sent twice?
 *
 * A lost reply looks like a slow engine: the peer sends it again after 200 ms
 * and more.  But then its acknowledgement was lost, too, and an eighth of that
 * wait is in the kernel's smoothed round trip (RFC 6298, 2), of which the one
 * or two exchanges that follow take another eighth each.  So a round trip below
 * a twelfth of the wait proves that the request had arrived at once.
 */
#include "verdict/soft.h"

#include "verdict/distance.h"
#include "verdict/rules.h"

enum {
    US = 1000,    /* nanoseconds */
    MS = 1000000, /* likewise */
    PAUSED_MS = 200,
    SLOW_ALONE_MS = 150,  /* where it was not asked again, */
    SLOW_MOMENT_MS = 400, /* ... and where it was, and was fast then */
    LOW_RTT = 12,
    FAST_CONNECT = 2,
    STALL_MS = 1000, /* three time-outs at least, before sizes are tried */
};

static bool passed(const struct evidence_address *address, enum stage stage)
{
    return address->stages[stage].state == STAGE_PASSED;
}

/* When the reply to `stage` had come, as far as this machine was in time. */
static uint64_t came_ns(const struct evidence_stage *stage)
{
    uint64_t took_ns = evidence_stage_ns(stage);
    uint64_t late_ns = (uint64_t)stage->late_ms * MS;

    return stage->start_ns + (took_ns > late_ns ? took_ns - late_ns : 0);
}

uint64_t soft_own_ns(const struct evidence_address *address, enum stage stage)
{
    const struct evidence_stage *own = &address->stages[stage];
    uint64_t from_ns = own->start_ns;

    /* The reply before it counts from when it came, not from when it was read:
     * what this machine was late for that one, the peer had for this one. */
    for (int i = STAGE_AUTH; i < (int)stage; i++) {
        const struct evidence_stage *before = &address->stages[i];

        if (before->start_ns > 0 && came_ns(before) > from_ns)
            from_ns = came_ns(before);
    }
    return came_ns(own) > from_ns ? came_ns(own) - from_ns : 0;
}

unsigned soft_losses(const struct evidence_address *address)
{
    unsigned known = address->connect_retransmits + address->tcp.doubled;

    return address->tcp.retransmits > known ? address->tcp.retransmits - known
                                            : 0;
}

uint64_t soft_payload_ns(const struct evidence_address *address)
{
    const struct evidence_stage *get = &address->stages[STAGE_GET];
    const struct evidence_stage *del = &address->stages[STAGE_CLEANUP];
    uint64_t from_ns = get->start_ns + evidence_stage_ns(get);

    return address->payload_edge > 0 && del->start_ns > from_ns
               ? del->start_ns - from_ns
               : 0;
}

/* Segments became smaller: a router said so (then what was lost is no loss), or
 * nobody did and the kernel tried (tcp_mtu_probing). */
static bool mss_fell(const struct evidence_address *address)
{
    return address->connect_mss > 0 && address->tcp.state != 0 &&
           address->tcp.snd_mss < address->connect_mss;
}

static struct verdict found(enum verdict_id id, enum stage stage)
{
    return (struct verdict){ .id = id,
                             .stage = stage,
                             .status = catalogue_entry(id)->severity };
}

/* PING comes back as ever, SET does not: then writes are held. */
static bool is_paused(const struct evidence_address *address)
{
    return passed(address, STAGE_PING) && passed(address, STAGE_SET) &&
           soft_own_ns(address, STAGE_PING) < (uint64_t)STAGE_LONG_US * US &&
           soft_own_ns(address, STAGE_SET) >= (uint64_t)PAUSED_MS * MS;
}

/* With PING in one write, a lost reply looks the same; in a write of its own,
 * the engine may have become slow in between. */
static struct verdict paused(const struct evidence_address *address)
{
    const struct evidence_stage *stages = address->stages;
    struct verdict verdict = found(VERDICT_REDIS_PAUSED, STAGE_SET);

    rules_candidate(&verdict,
                    stages[STAGE_SET].start_ns == stages[STAGE_PING].start_ns
                        ? VERDICT_PERF_LOSS
                        : VERDICT_REDIS_SLOW);
    return verdict;
}

static bool is_long(const struct evidence_address *address, enum stage stage)
{
    return passed(address, stage) &&
           soft_own_ns(address, stage) >= (uint64_t)STAGE_LONG_US * US;
}

/* PONG was late, and it was neither the way nor this machine. */
static bool ping_was_slow(const struct evidence_address *address)
{
    uint64_t ns = soft_own_ns(address, STAGE_PING);
    uint64_t rtt_ns = (uint64_t)address->tcp.rtt_us * US;

    return is_long(address, STAGE_PING) && address->tcp.state != 0 &&
           rtt_ns * LOW_RTT <= ns &&
           evidence_stage_ns(&address->stages[STAGE_TCP]) * FAST_CONNECT <= ns;
}

/* The same once more, on a connection of its own; NULL: it was not asked. */
static const struct evidence_trial *
asked_again(const struct evidence_address *address)
{
    return address->second && (address->second->ran & (1U << SECOND_RETRY)) != 0
               ? &address->second->trials[SECOND_RETRY]
               : NULL;
}

static bool was_slow_again(const struct evidence_address *address)
{
    const struct evidence_trial *trial = asked_again(address);

    return is_long(address, STAGE_SET) || is_long(address, STAGE_CLEANUP) ||
           (trial &&
            (trial->exchange != NET_OK || trial->took_us >= STAGE_LONG_US));
}

/* A moment of 100 ms any busy host may have: it has to be a longer one, or to
 * come back with the next write or connection. */
static bool is_slow(const struct evidence_address *address)
{
    unsigned alone_ms = asked_again(address) ? SLOW_MOMENT_MS : SLOW_ALONE_MS;

    return ping_was_slow(address) &&
           (was_slow_again(address) ||
            soft_own_ns(address, STAGE_PING) >= (uint64_t)alone_ms * MS);
}

bool soft_doubts_ping(const struct evidence_address *address)
{
    return ping_was_slow(address) && !was_slow_again(address) &&
           soft_own_ns(address, STAGE_PING) < (uint64_t)SLOW_MOMENT_MS * MS;
}

/* What was sent again: lost by chance, or for its size. */
static struct verdict lost(const struct evidence_address *address)
{
    struct verdict verdict = found(VERDICT_NET_MTU_BLACKHOLE, STAGE_SET);

    if (!mss_fell(address))
        return found(VERDICT_PERF_LOSS, STAGE_COUNT);
    if (soft_payload_ns(address) < (uint64_t)STALL_MS * MS)
        return (struct verdict){ .stage = STAGE_COUNT };
    verdict.status = CHECK_WARNING; /* in the end it passed */
    return verdict;
}

struct verdict soft_judge(const struct evidence_address *address)
{
    if (!passed(address, STAGE_TCP))
        return (struct verdict){ .stage = STAGE_COUNT };
    if (soft_losses(address) > 0)
        return lost(address);
    if (is_paused(address))
        return paused(address);
    if (is_slow(address))
        return found(VERDICT_REDIS_SLOW, STAGE_PING);
    if (address->distance && distance_proven(address->distance))
        return found(VERDICT_PERF_CROSS_AZ, STAGE_COUNT);
    return (struct verdict){ .stage = STAGE_COUNT };
}
