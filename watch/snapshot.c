/*
 * snapshot.c -- from the evidence of a check, its outcome and its words, what
 * is worth comparing; the rest is gone with the check.
 */
#include "watch/snapshot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void copy_text(char *out, size_t size, const char *text)
{
    (void)snprintf(out, size, "%s", text ? text : "");
}

static void take_server(const struct evidence_address *from,
                        struct snapshot_address *to)
{
    to->role = from->role;
    if (from->server) {
        copy_text(to->run_id, sizeof(to->run_id), from->server->run_id);
        copy_text(to->version, sizeof(to->version), from->server->version);
    }
    if (from->tls)
        to->not_after = from->tls->not_after;
}

static void take_address(const struct evidence_address *from,
                         const struct verdict *verdict,
                         struct snapshot_address *to)
{
    to->addr = from->addr;
    to->status = verdict->status;
    describe_id(verdict, from, to->id);
    describe_address(from, verdict, to->text, sizeof(to->text));
    for (unsigned i = 0; i < STAGE_COUNT; i++) {
        to->states[i] = from->stages[i].state;
        to->took_us[i] = from->stages[i].took_us;
    }
    to->total_us = (uint32_t)((from->end_ns - from->start_ns) / 1000);
    take_server(from, to);
}

/* IPv4 before IPv6, then by the number, then by the port. */
static int by_number(const void *a, const void *b)
{
    const struct net_addr *x = &((const struct snapshot_address *)a)->addr;
    const struct net_addr *y = &((const struct snapshot_address *)b)->addr;
    int order;

    if (x->sa.any.sa_family != y->sa.any.sa_family)
        return x->sa.any.sa_family == AF_INET ? -1 : 1;
    order = x->sa.any.sa_family == AF_INET
                ? memcmp(&x->sa.v4.sin_addr, &y->sa.v4.sin_addr,
                         sizeof(x->sa.v4.sin_addr))
                : memcmp(&x->sa.v6.sin6_addr, &y->sa.v6.sin6_addr,
                         sizeof(x->sa.v6.sin6_addr));
    return order ? order : (int)net_addr_port(x) - (int)net_addr_port(y);
}

static void take_addresses(const struct evidence_target *evidence,
                           const struct outcome *outcome,
                           struct snapshot *snapshot)
{
    for (unsigned i = 0;
         i < evidence->naddresses && snapshot->naddresses < NET_ADDRS_MAX;
         i++) {
        if (evidence->addresses[i])
            take_address(evidence->addresses[i], &outcome->addresses[i],
                         &snapshot->addresses[snapshot->naddresses++]);
    }
    qsort(snapshot->addresses, snapshot->naddresses,
          sizeof(snapshot->addresses[0]), by_number);
}

static void take_names(const struct evidence_target *evidence,
                       struct snapshot *snapshot)
{
    snapshot->named = !evidence->literal;
    snapshot->ttl_s = evidence->answer ? evidence->answer->ttl_s : NET_TTL_NONE;
    snapshot->resolved =
        evidence->literal ||
        (evidence->answer && evidence->answer->status == NET_OK);
    snapshot->dns_us = evidence->dns.took_us;
}

static bool take_words(const struct evidence_target *evidence,
                       const struct policy *policy,
                       const struct outcome *outcome, struct snapshot *snapshot)
{
    struct description words;

    if (!describe(evidence, policy, outcome, &words))
        return false;
    copy_text(snapshot->id, sizeof(snapshot->id), words.id);
    copy_text(snapshot->summary, sizeof(snapshot->summary), words.summary);
    copy_text(snapshot->cause, sizeof(snapshot->cause), words.cause);
    if (words.nfixes > 0)
        copy_text(snapshot->fix, sizeof(snapshot->fix), words.fixes[0].command);
    description_free(&words);
    return true;
}

bool snapshot_take(const struct evidence_target *evidence,
                   const struct policy *policy, const struct outcome *outcome,
                   int64_t time_ms, struct snapshot *snapshot)
{
    const struct verdict *verdict = &outcome->verdict;

    *snapshot =
        (struct snapshot){ .time_ms = time_ms,
                           .total_us =
                               (evidence->end_ns - evidence->start_ns) / 1000,
                           .status = verdict->status,
                           .stage = verdict->stage,
                           .ok = outcome->addresses_ok,
                           .required = outcome->addresses_required };
    copy_text(snapshot->hop, sizeof(snapshot->hop),
              hop_token(catalogue_entry(verdict->id)->hop));
    take_names(evidence, snapshot);
    take_addresses(evidence, outcome, snapshot);
    return take_words(evidence, policy, outcome, snapshot);
}

const struct snapshot_address *snapshot_find(const struct snapshot *snapshot,
                                             const struct net_addr *addr)
{
    for (unsigned i = 0; i < snapshot->naddresses; i++) {
        if (net_addr_equal(&snapshot->addresses[i].addr, addr))
            return &snapshot->addresses[i];
    }
    return NULL;
}
