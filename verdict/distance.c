/*
 * distance.c -- first a suspicion, from what the kernel measured anyway; then a
 * proof by ranks.
 *
 * A busy machine makes any reply late, but never early, and hardly the kernel's
 * acknowledgements: the least of their round trips is the way.  Where the
 * kernel sees but a listener, PINGs tell.  Those of both addresses take turns,
 * so the machine is as busy for the one as for the other: that all of the far
 * one's take longer than half of the near one's happens by chance once in 800
 * times (16 each), and the check's own must have misled before.
 */
#include "verdict/distance.h"

#include <string.h>

#include "verdict/soft.h"

enum {
    US = 1000,        /* nanoseconds */
    LEAST_US = 2000,  /* more than a zone is away */
    TIMES = 2,        /* ... and more than the way there is long */
    ROUNDS_LEAST = 8, /* of DISTANCE_ROUNDS */
};

static bool is_apart(uint32_t near_us, uint32_t far_us)
{
    return far_us >= near_us + LEAST_US && far_us / TIMES >= near_us;
}

static bool passed(const struct evidence_target *target)
{
    for (unsigned i = 0; i < target->naddresses; i++) {
        if (evidence_failed_stage(target->addresses[i]) != STAGE_COUNT ||
            target->addresses[i]->stages[STAGE_PING].state != STAGE_PASSED)
            return false;
    }
    return true;
}

/* How much farther `b` is, in microseconds; 0: not so much as to matter. */
static uint32_t farther_us(uint32_t near_us, uint32_t far_us)
{
    return near_us > 0 && is_apart(near_us, far_us) ? far_us - near_us : 0;
}

/* Late is what a busy machine makes of a reply, of two in turn less often. */
static uint32_t ping_us(const struct evidence_address *address)
{
    uint64_t least_ns = soft_own_ns(address, STAGE_PING);
    uint64_t del_ns = soft_own_ns(address, STAGE_CLEANUP);

    if (address->stages[STAGE_CLEANUP].state == STAGE_PASSED && del_ns > 0 &&
        del_ns < least_ns)
        least_ns = del_ns;
    return (uint32_t)(least_ns / US);
}

/* A TLS listener answers the kernel itself; a PING goes all the way. */
static uint32_t between_us(const struct evidence_address *a,
                           const struct evidence_address *b)
{
    uint32_t us = farther_us(a->tcp.min_rtt_us, b->tcp.min_rtt_us);

    return us == 0 && a->tls && b->tls ? farther_us(ping_us(a), ping_us(b))
                                       : us;
}

/* Of one family: IPv6 may well go another way. */
static void compare(const struct evidence_target *target, unsigned i,
                    unsigned j, uint32_t *most_us, struct distance_pair *pair)
{
    const struct evidence_address *a = target->addresses[i];
    const struct evidence_address *b = target->addresses[j];
    uint32_t us = a->addr.sa.any.sa_family == b->addr.sa.any.sa_family
                      ? between_us(a, b)
                      : 0;

    if (us <= *most_us)
        return;
    *most_us = us;
    *pair = (struct distance_pair){ .near = i, .far = j };
}

bool distance_suspected(const struct evidence_target *target,
                        struct distance_pair *pair)
{
    uint32_t most_us = 0;

    if (target->naddresses < 2 || !passed(target))
        return false;
    for (unsigned i = 0; i < target->naddresses; i++) {
        for (unsigned j = 0; j < target->naddresses; j++)
            compare(target, i, j, &most_us, pair);
    }
    return most_us > 0;
}

/* The sample of rank `rank`, 0 the least. */
static uint32_t ranked(const uint32_t *us, unsigned n, unsigned rank)
{
    uint32_t sorted[DISTANCE_ROUNDS];

    memcpy(sorted, us, n * sizeof(*us));
    for (unsigned i = 1; i < n; i++) {
        uint32_t here = sorted[i];
        unsigned j = i;

        for (; j > 0 && sorted[j - 1] > here; j--)
            sorted[j] = sorted[j - 1];
        sorted[j] = here;
    }
    return sorted[rank];
}

uint32_t distance_near_us(const struct evidence_distance *distance)
{
    return ranked(distance->near_us, distance->rounds, distance->rounds / 2);
}

uint32_t distance_far_us(const struct evidence_distance *distance)
{
    return ranked(distance->far_us, distance->rounds, distance->rounds / 2);
}

bool distance_in_kernel(const struct evidence_distance *distance)
{
    return farther_us(distance->near_rtt_us, distance->far_rtt_us) > 0;
}

bool distance_proven(const struct evidence_distance *distance)
{
    return distance->rounds >= ROUNDS_LEAST &&
           (distance_in_kernel(distance) ||
            is_apart(distance_near_us(distance),
                     ranked(distance->far_us, distance->rounds, 0)));
}
