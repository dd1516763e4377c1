/*
 * resolve.h -- asynchronous DNS look-ups on a net_loop, through c-ares.
 *
 * A resolver belongs to one loop and to the thread that runs it.  A look-up is
 * a `struct net_resolve` that the caller embeds in an object of its own.
 *
 *     p->resolve = (struct net_resolve){ .data = p, .resolver = r,
 *                                        .timeout_ms = 2000 };
 *     net_resolve_start(&p->resolve, &question, on_resolved);
 *
 * The contract, which every operation of net/ keeps:
 *
 *   - Start returns nothing.  The callback runs exactly once, whatever happens:
 *     success, failure at once, timeout or cancel.  There is one failure path.
 *   - It never runs inside start or cancel, but from the loop.
 *   - From start to callback the look-up belongs to the resolver: do not move,
 *     reuse or free it.  In the callback it is the caller's again.
 *   - All calls come from the thread of the loop.  Asserted, not locked.
 *
 * How a name is looked up: the hosts file first (and localhost never further:
 * RFC 6761); then DNS, A and AAAA at the same time: the name as given if it
 * holds a dot, else with each domain of the search list, and as given at last;
 * a final dot means absolute.  Every server of the list is asked in turn until
 * one gives an answer of use (RFC 1035, 7.2; see net/query.h).  Once there are
 * IPv4 addresses, a silent AAAA is waited for no longer than one try.
 */
#ifndef NET_RESOLVE_H
#define NET_RESOLVE_H

#include <stdbool.h>
#include <stdint.h>

#include "net/answer.h"
#include "net/loop.h"
#include "net/status.h"

/* What to look up. */
struct net_question {
    const char *host;
    uint16_t port; /* in host order; goes into every address of the answer */
    int family;    /* AF_INET, AF_INET6, or AF_UNSPEC for both */
};

struct net_resolver; /* the servers, a c-ares channel each */
struct net_resolve;
struct net_lookup;

/*
 * A look-up has ended.  `req->answer` is filled whatever the status is; it is
 * NULL only with NET_NOMEM, NET_CANCELED, or when a start found no memory.
 * Beyond what any operation may end in (NET_CANCELED, NET_TIMEOUT, NET_NOMEM,
 * NET_SYSTEM) a look-up ends in
 *
 *   NET_BADNAME      the host is no name that DNS can carry
 *   NET_NXDOMAIN     rcode 3
 *   NET_NODATA       the name exists, but has no address of this family
 *   NET_SERVFAIL     rcode 2
 *   NET_REFUSED      rcode 5
 *   NET_UNREACHABLE  no server could be reached (ICMP, or none configured)
 *   NET_BADANSWER    another rcode, or an answer that cannot be parsed
 */
typedef void (*net_resolve_cb)(struct net_resolve *req, enum net_status status);

struct net_resolve {
    void *data;                    /* the caller's; never touched */
    struct net_resolver *resolver; /* set before the start ... */
    unsigned timeout_ms;           /* ... and kept: for all servers and tries */
    uint8_t only;    /* 1: ask the first server alone, 2: the second, ...;
                        0: all of them, in turn */
    bool no_hosts;   /* pass over the hosts file, but for localhost */
    uint8_t starved; /* private: the status of a start without memory, or 0 */
    struct net_answer *answer; /* from the callback on the caller's to free() */

    /* private */
    net_resolve_cb cb;
    struct net_lookup *lookup; /* NULL: not in flight */
    struct net_resolve *next;  /* of the starved */
};

/*
 * Make a resolver on `loop` that asks the servers of /etc/resolv.conf, or
 * `servers` ("10.0.0.2,10.0.0.3:5353,[fd00::2]:53") when not NULL.  Reads
 * files, so call it at start-up and not between two measurements.
 *
 * Returns NULL when out of memory or when `servers` cannot be parsed: check
 * it with net_servers_valid() first.  The caller owns the resolver until
 * net_resolver_close().
 */
struct net_resolver *net_resolver_new(struct net_loop *loop,
                                      const char *servers);

/* How many servers are there to ask? */
unsigned net_resolver_servers(const struct net_resolver *resolver);

/* Is `servers` a list that net_resolver_new() takes? */
bool net_servers_valid(const char *servers);

/*
 * Close `resolver`: look-ups in flight end in NET_CANCELED first, then `cb`
 * (may be NULL) runs from the loop and the memory is gone.  Takes NULL, and
 * then calls nothing.
 */
void net_resolver_close(struct net_resolver *resolver, void (*cb)(void *arg),
                        void *arg);

/*
 * Look up `question`, which is copied.  `host` is no address literal: those
 * never start c-ares (net_addr_parse()).
 *
 * Requires: `req` is not in flight; its resolver is open; its timeout is not 0;
 * it has so many servers as `only` says.
 */
void net_resolve_start(struct net_resolve *req,
                       const struct net_question *question, net_resolve_cb cb);

/*
 * Give up on `req`: its callback runs soon, with NET_CANCELED.  Does nothing
 * when it is not in flight, so a caller need not know.
 */
void net_resolve_cancel(struct net_resolve *req);

#endif /* NET_RESOLVE_H */
