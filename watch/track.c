/*
 * track.c -- a snapshot comes: what left, what is new, then each address, then
 * the target as a whole.
 *
 * track_add: first time > start event, all is believed as it is
 *            later      > addresses > ttl > each address (role, run_id,
 *                         certificate, latency, verdict) > verdict
 */
#include "watch/track.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "watch/track_parts.h"

const char *event_token(enum event_kind kind)
{
    static const char *const tokens[] = {
#define X(name, token) token,
        EVENT_MAP(X)
#undef X
    };

    return tokens[kind];
}

const struct track_address *track_find(const struct track *track,
                                       const struct net_addr *addr)
{
    for (unsigned i = 0; i < track->naddresses; i++) {
        if (net_addr_equal(&track->addresses[i].addr, addr))
            return &track->addresses[i];
    }
    return NULL;
}

void track_tell(struct track *track, struct event *event,
                const struct snapshot *now)
{
    event->now = now;
    event->time_ms = now->time_ms;
    track->event(track->data, event);
}

/* The kept addresses become those of `now`, each with what is known of it. */
static bool keep_addresses(struct track *track, const struct snapshot *now)
{
    struct track_address *kept =
        calloc(now->naddresses ? now->naddresses : 1, sizeof(*kept));

    if (!kept)
        return false;
    for (unsigned i = 0; i < now->naddresses; i++) {
        const struct net_addr *addr = &now->addresses[i].addr;
        const struct track_address *known = track_find(track, addr);

        if (known)
            kept[i] = *known;
        else
            kept[i].addr = *addr;
    }
    free(track->addresses);
    track->addresses = kept;
    track->naddresses = now->naddresses;
    return true;
}

/* What is in `now` and unknown, what is known and not in `now`. */
static void compare_sets(struct track *track, const struct snapshot *now)
{
    struct event event = { .kind = EVENT_ADDRESSES, .stage = STAGE_COUNT };

    for (unsigned i = 0; i < now->naddresses; i++) {
        if (!track_find(track, &now->addresses[i].addr))
            event.added[event.nadded++] = now->addresses[i].addr;
    }
    for (unsigned i = 0; track->addresses && i < track->naddresses; i++) {
        const struct net_addr *addr = &track->addresses[i].addr;

        if (!snapshot_find(now, addr) && event.nremoved < NET_ADDRS_MAX)
            event.removed[event.nremoved++] = *addr;
    }
    event.status = now->status;
    if (event.nadded + event.nremoved > 0)
        track_tell(track, &event, now);
}

/*
 * The answer was fetched anew when its TTL is above what the one before would
 * have counted down to.  A fresh one that we see some seconds late has lost so
 * many: it is another TTL only when it is above the known one, or further
 * below than the time between two checks explains.
 */
static void compare_ttl(struct track *track, const struct snapshot *now)
{
    struct event event = { .kind = EVENT_TTL, .stage = STAGE_COUNT };
    int64_t elapsed = (now->time_ms - track->ttl_time_ms + 999) / 1000;
    int64_t seen = track->ttl_seen_s, known = track->ttl_s;
    bool fresh;

    if (now->ttl_s == NET_TTL_NONE)
        return;
    fresh = now->ttl_s > seen - elapsed + 1 || elapsed >= seen;
    track->ttl_seen_s = now->ttl_s;
    track->ttl_time_ms = now->time_ms;
    if (known == NET_TTL_NONE) {
        track->ttl_s = now->ttl_s;
        return;
    }
    if (!fresh || (now->ttl_s <= known && now->ttl_s + elapsed + 1 >= known))
        return;
    event.from_n = known;
    event.to_n = now->ttl_s;
    (void)snprintf(event.from, sizeof(event.from), "%lld", (long long)known);
    (void)snprintf(event.to, sizeof(event.to), "%lld", (long long)now->ttl_s);
    event.status = now->status;
    track->ttl_s = now->ttl_s;
    track_tell(track, &event, now);
}

static void begin(struct track *track, const struct snapshot *now)
{
    struct event event = { .kind = EVENT_START,
                           .stage = STAGE_COUNT,
                           .status = now->status };

    track->started = true;
    track->ttl_s = now->ttl_s;
    track->ttl_seen_s = now->ttl_s;
    track->ttl_time_ms = now->time_ms;
    for (unsigned i = 0; i < now->naddresses; i++)
        track_address_begin(&track->addresses[i], now, &now->addresses[i]);
    track_state_begin(&track->state, now->id, now->status, now->time_ms);
    (void)snprintf(event.to, sizeof(event.to), "%s", now->id);
    track_tell(track, &event, now);
    for (unsigned i = 0; i < now->naddresses; i++)
        track_certificate(track, &track->addresses[i], now, &now->addresses[i]);
}

static void go_on(struct track *track, const struct snapshot *now)
{
    compare_ttl(track, now);
    if (now->resolved && now->named && now->dns_us > 0)
        track_latency(track, &track->dns, STAGE_DNS, now, NULL, now->dns_us);
    for (unsigned i = 0; i < now->naddresses; i++)
        track_address(track, &track->addresses[i], now, &now->addresses[i]);
    track_verdict(track, &track->state, now, NULL);
}

bool track_add(struct track *track, const struct snapshot *snapshot)
{
    bool first = !track->started;

    track->checks++;
    track->failed += snapshot->status != CHECK_OK;
    if (snapshot->resolved) {
        if (!first && track->resolved)
            compare_sets(track, snapshot);
        if (!keep_addresses(track, snapshot))
            return false;
        track->resolved = true;
    }
    if (first)
        begin(track, snapshot);
    else
        go_on(track, snapshot);
    return true;
}

void track_free(struct track *track)
{
    free(track->addresses);
    track->addresses = NULL;
    track->naddresses = 0;
}
