/*
 * lookup.c -- the life of a look-up:
 *
 *     start > hosts file ----------------------------------> ended > closed
 *           > a name: A and AAAA side by side > decided ---^
 *                ^----- the next of the search list -'
 *
 * Everything that happens, c-ares' callbacks too, only sets the timer; what
 * follows from it is done in on_timer().  So the caller's callback never runs
 * inside start, cancel or c-ares, and one timer serves the budget, the attempts
 * and the wake-ups.  The memory goes first, then the callback runs.
 */
#include "net/lookup.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/dnsmsg.h"
#include "net/dnsname.h"
#include "net/hosts.h"
#include "net/query.h"
#include "net/resolver.h"

enum {
    MS = 1000000, /* nanoseconds */
    ATTEMPT_MIN_MS = 250,
    ATTEMPT_MAX_MS = 1000,
    GRACE_MS = 50,
    LAST_LOOK_MS = 1,
};

enum lookup_stage {
    LOOKUP_ASKING,
    LOOKUP_ENDED,   /* in `status`, which the timer tells */
    LOOKUP_CLOSING, /* the timer is closing */
};

struct net_lookup {
    uv_timer_t timer; /* first: its address is the look-up's */
    struct net_resolve *req;
    struct net_resolver *resolver;
    struct net_lookup *next, **link;
    struct net_answer *answer; /* until the end what queries read into */
    enum lookup_stage stage;
    enum net_status status;
    uint64_t deadline_ns;
    uint64_t attempt_ns;
    unsigned sends; /* of the names before this one */
    uint16_t port;
    int family;
    bool looked;     /* at the sockets, since a time was over */
    bool searched;   /* has no dot: the search list applies */
    unsigned domain; /* of the search list: the next one */
    struct net_query v4, v6;
    char name[NET_NAME_MAX];  /* as given, without a final dot */
    char asked[NET_NAME_MAX]; /* with a domain of the search list */
};

static void on_timer(uv_timer_t *timer);

static void timer_set(struct net_lookup *lookup, uint64_t ms)
{
    (void)uv_timer_start(&lookup->timer, on_timer, ms, 0);
}

static void end(struct net_lookup *lookup, enum net_status status)
{
    net_query_deinit(&lookup->v4);
    net_query_deinit(&lookup->v6);
    lookup->status = status;
    if (lookup->stage == LOOKUP_CLOSING)
        return;
    lookup->stage = LOOKUP_ENDED;
    timer_set(lookup, 0);
}

void net_lookup_cancel(struct net_lookup *lookup)
{
    end(lookup, NET_CANCELED);
}

/* --- The names ----------------------------------------------------------- */

/* The next name to ask for into `asked`; false: that was the last. */
static bool name_next(struct net_lookup *lookup)
{
    const struct net_servers *servers = &lookup->resolver->servers;

    while (lookup->searched && lookup->domain < servers->ndomains) {
        const char *domain = servers->domains[lookup->domain];

        lookup->domain++;
        if (net_dnsname_join(lookup->name, domain, lookup->asked))
            return true;
    }
    if (lookup->domain > servers->ndomains)
        return false;
    lookup->domain = servers->ndomains + 1;
    memcpy(lookup->asked, lookup->name, sizeof(lookup->asked));
    return true;
}

static void on_wake(struct net_query *query)
{
    timer_set(query->data, 0);
}

static void query_begin(struct net_lookup *lookup, struct net_query *query,
                        unsigned type)
{
    net_query_deinit(query);
    *query = (struct net_query){ .resolver = lookup->resolver,
                                 .scratch = lookup->answer,
                                 .name = lookup->asked,
                                 .type = type,
                                 .only = lookup->req->only,
                                 .attempt_ns = lookup->attempt_ns,
                                 .wake = on_wake,
                                 .data = lookup };
    net_query_start(query);
}

static void queries_begin(struct net_lookup *lookup)
{
    lookup->sends += lookup->v4.sends + lookup->v6.sends;
    if (lookup->family != AF_INET6)
        query_begin(lookup, &lookup->v4, DNSMSG_A);
    if (lookup->family != AF_INET)
        query_begin(lookup, &lookup->v6, DNSMSG_AAAA);
}

/* --- The answer ---------------------------------------------------------- */

/*
 * The query whose outcome is that of the whole: the one with addresses, else A.
 * (Name servers that deny a name for AAAA only are a known fault: RFC 4074,
 * 4.2.)
 */
static const struct net_query *decisive(const struct net_lookup *lookup)
{
    bool only_v6 = lookup->family == AF_INET6;
    bool only_v4 = lookup->family == AF_INET;

    if (only_v6)
        return &lookup->v6;
    if (only_v4 || lookup->v4.status == NET_OK)
        return &lookup->v4;
    return lookup->v6.status == NET_OK ? &lookup->v6 : &lookup->v4;
}

/* Add what one query brought; A comes before AAAA. */
static void answer_add(struct net_lookup *lookup, const struct net_query *query,
                       struct net_family_answer *family)
{
    struct net_answer *answer = lookup->answer;

    if (!query->resolver)
        return; /* not asked */
    answer->rcode = NET_RCODE_NONE;
    if (query->bytes)
        (void)net_dnsmsg_read(query->bytes, query->nbytes, lookup->asked,
                              query->type, lookup->port, answer);
    family->asked = true;
    family->status = query->status;
    family->rcode = answer->rcode;
    answer->truncated_udp |= query->truncated;
    answer->tcp_failed |= query->tcp_failed;
    answer->sends += query->sends;
}

static void answer_compose(struct net_lookup *lookup)
{
    const struct net_query *query = decisive(lookup);
    const struct net_servers *servers = &lookup->resolver->servers;
    struct net_answer *answer = lookup->answer;

    net_answer_clear(answer);
    answer->sends = lookup->sends;
    answer_add(lookup, &lookup->v4, &answer->v4);
    answer_add(lookup, &lookup->v6, &answer->v6);
    answer->status = query->status;
    answer->native = query->native;
    answer->rcode = query == &lookup->v4 ? answer->v4.rcode : answer->v6.rcode;
    answer->other_records &= answer->naddrs == 0;
    memcpy(answer->asked, lookup->asked, sizeof(answer->asked));
    (void)net_addr_text(&servers->addrs[query->server], answer->server);
}

/* Both queries are done: the next name, or the end. */
static void decide(struct net_lookup *lookup)
{
    enum net_status status = decisive(lookup)->status;

    if ((status == NET_NXDOMAIN || status == NET_NODATA) && name_next(lookup)) {
        queries_begin(lookup);
        return;
    }
    answer_compose(lookup);
    end(lookup, status);
}

/* --- The turn ------------------------------------------------------------ */

static bool is_done(const struct net_query *query)
{
    return query->done || !query->resolver;
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/*
 * Until when AAAA may take: an endpoint whose addresses are known does not wait
 * for long for those that it probably does not have.
 */
static uint64_t v6_deadline(const struct net_lookup *lookup)
{
    const struct net_query *v4 = &lookup->v4;

    if (!v4->done || (v4->status != NET_OK && v4->status != NET_NXDOMAIN))
        return lookup->deadline_ns;
    return earlier(lookup->deadline_ns,
                   v4->done_ns + (lookup->v6.silent ? (uint64_t)GRACE_MS * MS
                                                    : lookup->attempt_ns));
}

/*
 * A loop that was late does not blame the server: what has come is read once
 * more before anybody is said to be silent.
 */
static bool must_look_first(struct net_lookup *lookup, uint64_t now_ns)
{
    lookup->looked =
        !lookup->looked &&
        (net_query_is_over(&lookup->v4, lookup->deadline_ns, now_ns) ||
         net_query_is_over(&lookup->v6, v6_deadline(lookup), now_ns));
    return lookup->looked;
}

/* Let `query` go on; returns when it must be looked at again. */
static uint64_t query_turn(struct net_query *query, uint64_t deadline_ns,
                           uint64_t now_ns)
{
    if (is_done(query))
        return UINT64_MAX;
    if (now_ns >= deadline_ns)
        net_query_expire(query);
    else
        net_query_turn(query, now_ns);
    return is_done(query) ? UINT64_MAX : earlier(query->due_ns, deadline_ns);
}

static void turn(struct net_lookup *lookup)
{
    uint64_t now_ns = net_now(), due_ns;

    if (must_look_first(lookup, now_ns)) {
        timer_set(lookup, LAST_LOOK_MS);
        return;
    }
    due_ns = query_turn(&lookup->v4, lookup->deadline_ns, now_ns);
    due_ns =
        earlier(due_ns, query_turn(&lookup->v6, v6_deadline(lookup), now_ns));
    if (is_done(&lookup->v4) && is_done(&lookup->v6)) {
        decide(lookup);
        due_ns = now_ns;
    }
    if (lookup->stage != LOOKUP_ASKING)
        return;
    /* A millisecond is what a timer can: rather late than again and again. */
    timer_set(lookup, due_ns <= now_ns ? 0 : (due_ns - now_ns) / MS + 1);
}

static void on_closed(uv_handle_t *handle)
{
    struct net_lookup *lookup = (struct net_lookup *)handle;
    struct net_resolver *resolver = lookup->resolver;
    struct net_resolve *req = lookup->req;
    enum net_status status = lookup->status;

    req->answer = lookup->answer;
    if (status == NET_CANCELED || status == NET_NOMEM) {
        free(req->answer);
        req->answer = NULL;
    }
    *lookup->link = lookup->next;
    if (lookup->next)
        lookup->next->link = lookup->link;
    free(lookup);
    req->lookup = NULL;
    req->cb(req, status);
    net_resolver_settle(resolver);
}

static void on_timer(uv_timer_t *timer)
{
    struct net_lookup *lookup = (struct net_lookup *)timer;

    if (lookup->stage == LOOKUP_ASKING) {
        turn(lookup);
        return;
    }
    lookup->stage = LOOKUP_CLOSING;
    uv_close((uv_handle_t *)timer, on_closed);
}

/* --- Start --------------------------------------------------------------- */

static uint64_t attempt_ns(const struct net_resolve *req)
{
    unsigned servers = req->only ? 1 : req->resolver->servers.naddrs;
    unsigned ms = req->timeout_ms / (2 * servers);

    if (ms < ATTEMPT_MIN_MS)
        ms = ATTEMPT_MIN_MS;
    if (ms > ATTEMPT_MAX_MS)
        ms = ATTEMPT_MAX_MS;
    return (uint64_t)ms * MS;
}

static bool is_in_hosts(struct net_lookup *lookup)
{
    if (lookup->req->no_hosts && !net_dnsname_is_localhost(lookup->name))
        return false;
    return net_hosts_find(lookup->resolver->hosts, lookup->name, lookup->family,
                          lookup->port, lookup->answer);
}

/* In the hosts file, or not a name at all: ends it without a packet. */
static bool end_at_once(struct net_lookup *lookup,
                        const struct net_question *question)
{
    struct net_answer *answer = lookup->answer;
    enum net_status status = NET_OK;
    bool absolute;

    if (!net_dnsname_copy(question->host, lookup->name, &absolute))
        status = NET_BADNAME;
    else if (!is_in_hosts(lookup)) {
        lookup->searched = !absolute && !strchr(lookup->name, '.');
        return false;
    }
    answer->source = status == NET_OK ? NET_SOURCE_HOSTS : NET_SOURCE_DNS;
    answer->status = status;
    (void)snprintf(answer->asked, sizeof(answer->asked), "%s", question->host);
    end(lookup, status);
    return true;
}

static void lookup_link(struct net_lookup *lookup)
{
    struct net_lookup **list = &lookup->resolver->lookups;

    lookup->next = *list;
    lookup->link = list;
    if (lookup->next)
        lookup->next->link = &lookup->next;
    *list = lookup;
}

bool net_lookup_start(struct net_resolve *req,
                      const struct net_question *question)
{
    struct net_resolver *resolver = req->resolver;
    struct net_lookup *lookup = calloc(1, sizeof(*lookup));
    struct net_answer *answer = calloc(1, sizeof(*answer));

    if (!lookup || !answer ||
        uv_timer_init(&resolver->loop->uv, &lookup->timer) != 0) {
        free(lookup);
        free(answer);
        return false;
    }
    net_answer_clear(answer);
    lookup->req = req;
    lookup->resolver = resolver;
    lookup->answer = answer;
    lookup->port = question->port;
    lookup->family = question->family;
    lookup->attempt_ns = attempt_ns(req);
    lookup->deadline_ns = net_now() + (uint64_t)req->timeout_ms * MS;
    lookup_link(lookup);
    req->lookup = lookup;
    if (end_at_once(lookup, question))
        return true;
    (void)name_next(lookup);
    queries_begin(lookup);
    timer_set(lookup, 0);
    return true;
}

struct net_lookup *net_lookup_next(const struct net_lookup *lookup)
{
    return lookup->next;
}
