/*
 * query.c -- the life of a query:
 *
 *     start > ask a server > { answer | silence | refusal > ask the next }...
 *           > done
 *
 * Each send is a struct net_attempt.  It stays with its channel until c-ares
 * ends it, which may be after the query and its look-up are gone: then it has
 * no query any more and only frees itself.  What an answer does is noted
 * inside c-ares; what follows from it is done in net_query_turn(), outside.
 */
#include "net/query.h"

#include <stdlib.h>
#include <string.h>

#include "net/dnsmsg.h"
#include "net/resolver.h"

enum {
    FAILURES_MAX = 2,
    TCP_PATIENCE = 2, /* attempts: a SYN may be lost once */
};

struct net_attempt {
    struct net_ask ask;
    struct net_query *query; /* NULL: nobody waits for it */
    struct net_attempt *next, **link;
    unsigned server;
    unsigned send; /* the how manieth of its query */
    enum net_channel_kind kind;
};

static void attempt_unlink(struct net_attempt *attempt)
{
    *attempt->link = attempt->next;
    if (attempt->next)
        attempt->next->link = attempt->link;
    attempt->query = NULL;
}

static void attempt_link(struct net_query *query, struct net_attempt *attempt)
{
    attempt->query = query;
    attempt->next = query->attempts;
    attempt->link = &query->attempts;
    if (attempt->next)
        attempt->next->link = &attempt->next;
    query->attempts = attempt;
}

static void attempts_forget(struct net_query *query)
{
    while (query->attempts)
        attempt_unlink(query->attempts);
}

static void finish(struct net_query *query)
{
    attempts_forget(query);
    query->done = true;
    query->done_ns = net_now();
}

/* A fault on this side: no other server can do better. */
static void fail(struct net_query *query, enum net_status status)
{
    query->status = status;
    query->rank = NET_RANK_GOOD;
    finish(query);
}

/* Keep an answer if it is the first of its rank. */
static void keep(struct net_query *query, enum net_query_rank rank,
                 enum net_status status, const struct net_attempt *attempt,
                 const unsigned char *bytes, size_t n)
{
    if (rank <= query->rank)
        return;
    free(query->bytes);
    query->bytes = NULL;
    query->nbytes = 0;
    if (n > 0) {
        query->bytes = malloc(n);
        if (!query->bytes) {
            fail(query, NET_NOMEM);
            return;
        }
        memcpy(query->bytes, bytes, n);
        query->nbytes = n;
    }
    query->rank = rank;
    query->status = status;
    query->native = attempt->ask.native;
    query->server = attempt->server;
}

/* Wait no longer for the attempt that was made last. */
static void move_on(struct net_query *query)
{
    query->due_ns = 0;
}

static bool is_latest(const struct net_query *query,
                      const struct net_attempt *attempt)
{
    return attempt->send == query->sends;
}

static void ask_again(struct net_query *query, unsigned server)
{
    query->current = server;
    query->again = true;
}

static void tcp_failed(struct net_query *query, unsigned server,
                       enum net_status status)
{
    query->tcp_failed = true;
    query->servers[server].done = true;
    if (query->rank == NET_RANK_CUT)
        query->status = status;
}

/* The attempt made last was left without an answer. */
static void silence(struct net_query *query)
{
    struct net_query_server *server = &query->servers[query->current];

    query->silent = true;
    server->silences++;
    if (query->kind == NET_CHANNEL_TCP && !server->done)
        tcp_failed(query, query->current, NET_TIMEOUT);
    move_on(query);
}

static void take_refusal(struct net_query *query,
                         const struct net_attempt *attempt,
                         enum net_status status)
{
    struct net_query_server *server = &query->servers[attempt->server];

    if (is_latest(query, attempt))
        move_on(query);
    if (attempt->kind == NET_CHANNEL_TCP) {
        tcp_failed(query, attempt->server, status);
        return;
    }
    server->failures++;
    server->done = server->failures >= FAILURES_MAX;
    if (server->done && status == NET_BADANSWER)
        keep(query, NET_RANK_BAD, status, attempt, NULL, 0);
}

/* No answer will come of `attempt`: c-ares says why. */
static void take_fault(struct net_query *query,
                       const struct net_attempt *attempt,
                       enum net_status status)
{
    if (query->rank == NET_RANK_NONE)
        query->native = attempt->ask.native;
    if (status == NET_NOMEM || status == NET_SYSTEM || status == NET_BADNAME)
        fail(query, status);
    else if (status != NET_TIMEOUT && status != NET_CANCELED)
        take_refusal(query, attempt, status);
    else if (is_latest(query, attempt))
        silence(query);
}

/* The answer did not fit: TCP has the whole. */
static void take_cut(struct net_query *query, const struct net_attempt *attempt,
                     const unsigned char *bytes, size_t n)
{
    struct net_query_server *server = &query->servers[attempt->server];

    query->truncated = true;
    keep(query, NET_RANK_CUT, NET_TIMEOUT, attempt, bytes, n);
    if (server->tcp)
        return; /* an earlier try was answered late */
    server->tcp = true;
    ask_again(query, attempt->server);
}

/* Does the server not know EDNS (RFC 6891, 7)? */
static bool edns_rejected(const struct net_attempt *attempt, int rcode)
{
    return attempt->kind == NET_CHANNEL_EDNS &&
           (rcode == DNSMSG_FORMERR || rcode == DNSMSG_NOTIMP);
}

static void take_answer(struct net_query *query,
                        const struct net_attempt *attempt,
                        const unsigned char *bytes, size_t n)
{
    struct net_query_server *server = &query->servers[attempt->server];
    enum net_status status;

    if (attempt->kind != NET_CHANNEL_TCP && net_dnsmsg_truncated(bytes, n)) {
        take_cut(query, attempt, bytes, n);
        return;
    }
    net_answer_clear(query->scratch);
    status =
        net_dnsmsg_read(bytes, n, query->name, query->type, 0, query->scratch);
    if (status == NET_OK || status == NET_NODATA || status == NET_NXDOMAIN) {
        query->tcp_failed &= attempt->kind != NET_CHANNEL_TCP;
        keep(query, NET_RANK_GOOD, status, attempt, bytes, n);
        finish(query);
        return;
    }
    if (edns_rejected(attempt, query->scratch->rcode) && !server->plain) {
        server->plain = true;
        ask_again(query, attempt->server);
        return;
    }
    keep(query, NET_RANK_BAD, status, attempt, bytes, n);
    server->done = true;
    if (query->current == attempt->server)
        move_on(query);
}

static void on_answer(struct net_ask *ask, enum net_status status,
                      const unsigned char *bytes, size_t n)
{
    struct net_attempt *attempt = ask->data;
    struct net_query *query = attempt->query;

    if (query) {
        attempt_unlink(attempt);
        if (status == NET_OK)
            take_answer(query, attempt, bytes, n);
        else
            take_fault(query, attempt, status);
        query->wake(query);
    }
    free(attempt);
}

static enum net_channel_kind kind_of(const struct net_query_server *server)
{
    if (server->tcp)
        return NET_CHANNEL_TCP;
    return server->plain || server->silences % 2 == 1 ? NET_CHANNEL_PLAIN
                                                      : NET_CHANNEL_EDNS;
}

static void ask(struct net_query *query, unsigned index, uint64_t now_ns)
{
    struct net_query_server *server = &query->servers[index];
    enum net_channel_kind kind = kind_of(server);
    struct net_channel *channel =
        net_resolver_channel(query->resolver, index, kind);
    struct net_attempt *attempt = channel ? malloc(sizeof(*attempt)) : NULL;

    if (!attempt) {
        fail(query, NET_NOMEM);
        return;
    }
    query->sends++;
    *attempt = (struct net_attempt){
        .ask.data = attempt, .server = index, .send = query->sends, .kind = kind
    };
    attempt_link(query, attempt);
    query->current = index;
    query->kind = kind;
    query->due_ns = now_ns + query->attempt_ns *
                                 (kind == NET_CHANNEL_TCP ? TCP_PATIENCE : 1);
    if (query->rank == NET_RANK_NONE)
        query->server = index;
    server->asked = 1;
    net_channel_ask(channel, &attempt->ask, query->name, query->type,
                    on_answer);
}

/* May it be asked now?  When there is something to tell, only once. */
static bool eligible(const struct net_query *query, unsigned index)
{
    const struct net_query_server *server = &query->servers[index];

    if (query->only != 0 && index + 1 != query->only)
        return false;
    return !server->done && (query->rank == NET_RANK_NONE || !server->asked);
}

/* Ask the server after the current one; when there is none, be done. */
static void ask_next(struct net_query *query, uint64_t now_ns)
{
    unsigned n = query->resolver->servers.naddrs;

    for (unsigned i = 1; i <= n; i++) {
        unsigned index = (query->current + i) % n;

        if (eligible(query, index)) {
            ask(query, index, now_ns);
            return;
        }
    }
    if (query->rank == NET_RANK_NONE)
        query->status = NET_UNREACHABLE;
    finish(query);
}

void net_query_start(struct net_query *query)
{
    query->current = query->resolver->servers.naddrs - 1;
    ask_next(query, net_now());
}

bool net_query_is_over(const struct net_query *query, uint64_t deadline_ns,
                       uint64_t now_ns)
{
    if (query->done || !query->resolver)
        return false;
    return now_ns >= deadline_ns ||
           (!query->again && query->due_ns != 0 && now_ns >= query->due_ns);
}

void net_query_turn(struct net_query *query, uint64_t now_ns)
{
    if (query->done || (!query->again && now_ns < query->due_ns))
        return;
    if (query->again) {
        query->again = false;
        ask(query, query->current, now_ns);
        return;
    }
    if (query->due_ns != 0)
        silence(query); /* a late answer still counts */
    ask_next(query, now_ns);
}

void net_query_expire(struct net_query *query)
{
    if (query->done)
        return;
    query->silent = true;
    if (query->kind == NET_CHANNEL_TCP)
        tcp_failed(query, query->current, NET_TIMEOUT);
    if (query->rank == NET_RANK_NONE)
        query->status = NET_TIMEOUT;
    finish(query);
}

void net_query_deinit(struct net_query *query)
{
    attempts_forget(query);
    free(query->bytes);
    query->bytes = NULL;
    query->nbytes = 0;
}
