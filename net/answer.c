/*
 * answer.c -- how an answer grows: addresses in their order, the smallest TTL.
 */
#include "net/answer.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

void net_answer_clear(struct net_answer *answer)
{
    memset(answer->addrs, 0, answer->naddrs * sizeof(answer->addrs[0]));
    memset(answer->cnames, 0, answer->ncnames * sizeof(answer->cnames[0]));
    memset(answer, 0, offsetof(struct net_answer, addrs));
    answer->rcode = NET_RCODE_NONE;
    answer->v4.rcode = NET_RCODE_NONE;
    answer->v6.rcode = NET_RCODE_NONE;
    answer->ttl_s = NET_TTL_NONE;
}

void net_answer_init(struct net_answer *answer)
{
    memset(answer, 0, sizeof(*answer));
    net_answer_clear(answer);
}

static bool has_address(const struct net_answer *answer,
                        const struct net_addr *addr)
{
    for (unsigned i = 0; i < answer->naddrs; i++)
        if (net_addr_equal(&answer->addrs[i].addr, addr))
            return true;
    return false;
}

/* Where an address of this family goes: behind the last one of its kind. */
static unsigned place_of(const struct net_answer *answer, int family)
{
    unsigned i = 0;

    if (family == AF_INET6)
        return answer->naddrs;
    while (i < answer->naddrs &&
           answer->addrs[i].addr.sa.any.sa_family == AF_INET)
        i++;
    return i;
}

struct net_answer *net_answer_cut(struct net_answer *answer)
{
    struct net_answer *cut;

    if (!answer)
        return NULL;
    cut = realloc(answer, offsetof(struct net_answer, cnames) +
                              answer->ncnames * sizeof(answer->cnames[0]));
    return cut ? cut : answer;
}

void net_answer_add(struct net_answer *answer, const struct net_addr *addr,
                    int64_t ttl_s)
{
    unsigned place = place_of(answer, addr->sa.any.sa_family);

    if (has_address(answer, addr))
        return;
    if (answer->naddrs == NET_ADDRS_MAX) {
        answer->truncated = true;
        return;
    }
    memmove(&answer->addrs[place + 1], &answer->addrs[place],
            (answer->naddrs - place) * sizeof(answer->addrs[0]));
    answer->addrs[place] =
        (struct net_answer_addr){ .addr = *addr, .ttl_s = ttl_s };
    answer->naddrs++;
    net_answer_ttl(answer, ttl_s);
}

void net_answer_ttl(struct net_answer *answer, int64_t ttl_s)
{
    if (ttl_s == NET_TTL_NONE)
        return;
    if (answer->ttl_s == NET_TTL_NONE || ttl_s < answer->ttl_s)
        answer->ttl_s = ttl_s;
}
