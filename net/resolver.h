/*
 * resolver.h -- what the files of the resolver share; see net/resolve.h.
 *
 *     resolve.c   the resolver, start, cancel, close
 *     lookup.c    one look-up: names to try, two queries, one answer
 *     query.c     one type of one name, asked of the servers in turn
 *     channel.c   one server, through c-ares
 */
#ifndef NET_RESOLVER_H
#define NET_RESOLVER_H

#include <stdbool.h>
#include <uv.h>

#include "net/channel.h"
#include "net/loop.h"
#include "net/resolve.h"
#include "net/servers.h"

struct net_resolver {
    struct net_loop *loop;
    struct net_servers servers;
    const char *hosts; /* path; the caller's of net_resolver_new_files() */

    /* Made when they are first needed. */
    struct net_channel *channels[NET_SERVERS_MAX][NET_CHANNEL_KINDS];
    uv_timer_t tick; /* lets channels forget; never keeps the loop alive */
    uv_timer_t soon; /* ends the starved */

    struct net_lookup *lookups;  /* in flight */
    struct net_resolve *starved; /* these found no memory at start */

    bool closing;
    unsigned parts; /* when closing: those that libuv has not let go of */
    void (*closed)(void *arg);
    void *arg;
};

/* As net_resolver_new(), from other files; `hosts` must outlive it. */
struct net_resolver *net_resolver_new_files(struct net_loop *loop,
                                            const char *servers,
                                            const char *resolv_conf,
                                            const char *hosts);

/* The channel of that kind to that server; NULL: no memory. */
struct net_channel *net_resolver_channel(struct net_resolver *resolver,
                                         unsigned server,
                                         enum net_channel_kind kind);

/* After the callback of a look-up: do what waits for the last one of them. */
void net_resolver_settle(struct net_resolver *resolver);

#endif /* NET_RESOLVER_H */
