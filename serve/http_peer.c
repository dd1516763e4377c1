/*
 * http_peer.c -- how long a connection may do what it does.
 *
 * The list is in the order in which each began to do what it does, so the
 * oldest stand first.  To end one its socket is shut down: the library finds
 * it at its end, and tells us.  A new connection beyond `max` ends the one
 * that has been idle for longest; so slow clients, however many, only ever
 * take each other's place.
 */
#include <stdlib.h>
#include <sys/socket.h>

#include "serve/http_internal.h"

#define SECOND_NS UINT64_C(1000000000)

/* A whole request within 10 s; the next one within 5 minutes; an answer taken
 * within one.  Whoever waits for us waits as long as we let it. */
static const uint64_t limits_s[] = {
    [HTTP_ARRIVING] = 10,
    [HTTP_IDLE] = 300,
    [HTTP_WAITING] = UINT32_MAX,
    [HTTP_ANSWERING] = 60,
};

static void append(struct http_peer *peer)
{
    struct http_peers *all = peer->all;

    peer->next = NULL;
    peer->prev = all->last;
    if (all->last)
        all->last->next = peer;
    else
        all->first = peer;
    all->last = peer;
}

static void take_out(struct http_peer *peer)
{
    struct http_peers *all = peer->all;

    if (peer->prev)
        peer->prev->next = peer->next;
    else
        all->first = peer->next;
    if (peer->next)
        peer->next->prev = peer->prev;
    else
        all->last = peer->prev;
}

static void shut(struct http_peer *peer)
{
    if (peer->shut)
        return;
    peer->shut = true;
    peer->all->nshut++;
    (void)shutdown(peer->fd, SHUT_RDWR);
}

/* Room for a new one: whoever has been without a request for longest goes. */
static void evict(struct http_peers *all)
{
    struct http_peer *slowest = NULL;

    for (struct http_peer *peer = all->first; peer; peer = peer->next) {
        if (peer->shut)
            continue;
        if (peer->doing == HTTP_ARRIVING || peer->doing == HTTP_IDLE) {
            slowest = peer;
            break;
        }
        if (!slowest && peer->doing == HTTP_ANSWERING)
            slowest = peer;
    }
    if (!slowest)
        return;
    shut(slowest);
    all->evicted++;
}

struct http_peer *http_peer_new(struct http_peers *all, int fd, uint64_t now_ns)
{
    struct http_peer *peer = calloc(1, sizeof(*peer));

    if (!peer)
        return NULL;
    *peer = (struct http_peer){ .all = all, .since_ns = now_ns, .fd = fd };
    if (all->n - all->nshut >= all->max)
        evict(all);
    append(peer);
    all->n++;
    return peer;
}

void http_peer_free(struct http_peer *peer)
{
    take_out(peer);
    peer->all->n--;
    peer->all->nshut -= peer->shut;
    free(peer);
}

void http_peer_does(struct http_peer *peer, enum http_doing doing,
                    uint64_t now_ns)
{
    peer->doing = (uint8_t)doing;
    peer->since_ns = now_ns;
    take_out(peer);
    append(peer);
}

void http_peers_sweep(struct http_peers *all, uint64_t now_ns)
{
    for (struct http_peer *peer = all->first; peer; peer = peer->next) {
        if (now_ns - peer->since_ns >= limits_s[peer->doing] * SECOND_NS)
            shut(peer);
    }
}
