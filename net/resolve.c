/*
 * resolve.c -- the life of a resolver:
 *
 *     new > { start > callback }... > close > look-ups canceled
 *         > channels and timers closed > memory gone
 *
 * Channels are made when a look-up first needs them: a name of the hosts file
 * costs nothing of c-ares.
 */
#include "net/resolve.h"

#include <assert.h>
#include <stdlib.h>

#include "net/lookup.h"
#include "net/resolver.h"

enum {
    TICK_MS = 1000,
};

static bool servers_given(struct net_servers *servers, const char *list)
{
    return !list || net_servers_parse(servers, list);
}

struct net_resolver *net_resolver_new_files(struct net_loop *loop,
                                            const char *servers,
                                            const char *resolv_conf,
                                            const char *hosts)
{
    struct net_resolver *resolver = calloc(1, sizeof(*resolver));

    assert(net_loop_here(loop));
    if (!resolver)
        return NULL;
    resolver->loop = loop;
    resolver->hosts = hosts;
    net_servers_read(&resolver->servers, resolv_conf);
    if (!servers_given(&resolver->servers, servers)) {
        free(resolver);
        return NULL;
    }
    /* Neither can fail: a timer needs nothing from outside. */
    (void)uv_timer_init(&loop->uv, &resolver->tick);
    (void)uv_timer_init(&loop->uv, &resolver->soon);
    uv_unref((uv_handle_t *)&resolver->tick);
    return resolver;
}

struct net_resolver *net_resolver_new(struct net_loop *loop,
                                      const char *servers)
{
    return net_resolver_new_files(loop, servers, "/etc/resolv.conf",
                                  "/etc/hosts");
}

unsigned net_resolver_servers(const struct net_resolver *resolver)
{
    return resolver->servers.naddrs;
}

bool net_servers_valid(const char *servers)
{
    struct net_servers parsed;

    return net_servers_parse(&parsed, servers);
}

static struct net_resolver *resolver_of(uv_timer_t *timer, size_t offset)
{
    return (struct net_resolver *)(void *)((char *)timer - offset);
}

/* --- The channels -------------------------------------------------------- */

/* Do `each` to all channels there are. */
static void channels_each(struct net_resolver *resolver,
                          void (*each)(struct net_channel *channel))
{
    for (unsigned i = 0; i < resolver->servers.naddrs; i++)
        for (unsigned kind = 0; kind < NET_CHANNEL_KINDS; kind++)
            if (resolver->channels[i][kind])
                each(resolver->channels[i][kind]);
}

static void tick_one(struct net_channel *channel)
{
    if (net_channel_pending(channel) > 0)
        net_channel_tick(channel);
}

static void cancel_one(struct net_channel *channel)
{
    if (net_channel_pending(channel) > 0)
        net_channel_cancel(channel);
}

static void on_tick(uv_timer_t *timer)
{
    channels_each(resolver_of(timer, offsetof(struct net_resolver, tick)),
                  tick_one);
}

struct net_channel *net_resolver_channel(struct net_resolver *resolver,
                                         unsigned server,
                                         enum net_channel_kind kind)
{
    struct net_channel **channel = &resolver->channels[server][kind];

    if (!*channel)
        *channel = net_channel_new(resolver->loop,
                                   &resolver->servers.addrs[server], kind);
    if (!uv_is_active((uv_handle_t *)&resolver->tick))
        (void)uv_timer_start(&resolver->tick, on_tick, TICK_MS, TICK_MS);
    return *channel;
}

/* --- The end ------------------------------------------------------------- */

static void part_closed(void *arg)
{
    struct net_resolver *resolver = arg;
    void (*closed)(void *arg) = resolver->closed;
    void *closed_arg = resolver->arg;

    resolver->parts--;
    if (resolver->parts > 0)
        return;
    free(resolver);
    if (closed)
        closed(closed_arg);
}

static void on_tick_closed(uv_handle_t *handle)
{
    part_closed(
        resolver_of((uv_timer_t *)handle, offsetof(struct net_resolver, tick)));
}

static void on_soon_closed(uv_handle_t *handle)
{
    part_closed(
        resolver_of((uv_timer_t *)handle, offsetof(struct net_resolver, soon)));
}

/* No look-up is left: close what there is.  The timers are the last to go, for
 * they end in a turn of the loop of their own. */
static void parts_close(struct net_resolver *resolver)
{
    resolver->parts = 2;
    uv_close((uv_handle_t *)&resolver->tick, on_tick_closed);
    uv_close((uv_handle_t *)&resolver->soon, on_soon_closed);
    for (unsigned i = 0; i < resolver->servers.naddrs; i++) {
        for (unsigned kind = 0; kind < NET_CHANNEL_KINDS; kind++) {
            struct net_channel *channel = resolver->channels[i][kind];

            resolver->channels[i][kind] = NULL;
            resolver->parts += channel != NULL;
            if (channel)
                net_channel_close(channel, part_closed, resolver);
        }
    }
}

void net_resolver_settle(struct net_resolver *resolver)
{
    if (resolver->lookups || resolver->parts > 0)
        return;
    /* What is still on its way nobody waits for. */
    channels_each(resolver, cancel_one);
    (void)uv_timer_stop(&resolver->tick);
    if (resolver->closing && !resolver->starved)
        parts_close(resolver);
}

void net_resolver_close(struct net_resolver *resolver, void (*cb)(void *arg),
                        void *arg)
{
    if (!resolver)
        return;
    assert(net_loop_here(resolver->loop) && !resolver->closing);
    resolver->closing = true;
    resolver->closed = cb;
    resolver->arg = arg;
    for (struct net_lookup *lookup = resolver->lookups; lookup;
         lookup = net_lookup_next(lookup))
        net_lookup_cancel(lookup);
    for (struct net_resolve *req = resolver->starved; req; req = req->next)
        req->starved = NET_CANCELED;
    net_resolver_settle(resolver);
}

/* --- Start and cancel ---------------------------------------------------- */

static void on_soon(uv_timer_t *timer)
{
    struct net_resolver *resolver =
        resolver_of(timer, offsetof(struct net_resolver, soon));
    struct net_resolve *req = resolver->starved;
    enum net_status status = (enum net_status)req->starved;

    resolver->starved = req->next;
    if (resolver->starved)
        (void)uv_timer_start(timer, on_soon, 0, 0);
    req->next = NULL;
    req->starved = NET_OK;
    req->cb(req, status);
    net_resolver_settle(resolver);
}

/* No memory, not even to call back later: `req` itself must do. */
static void starve(struct net_resolve *req)
{
    struct net_resolver *resolver = req->resolver;

    req->starved = NET_NOMEM;
    req->next = resolver->starved;
    resolver->starved = req;
    (void)uv_timer_start(&resolver->soon, on_soon, 0, 0);
}

void net_resolve_start(struct net_resolve *req,
                       const struct net_question *question, net_resolve_cb cb)
{
    assert(net_loop_here(req->resolver->loop));
    assert(!req->lookup && !req->starved);
    assert(!req->resolver->closing && req->timeout_ms > 0);
    assert(req->only <= req->resolver->servers.naddrs);
    req->cb = cb;
    req->answer = NULL;
    if (!net_lookup_start(req, question))
        starve(req);
}

void net_resolve_cancel(struct net_resolve *req)
{
    assert(!req->resolver || net_loop_here(req->resolver->loop));
    if (req->lookup)
        net_lookup_cancel(req->lookup);
    else if (req->starved)
        req->starved = NET_CANCELED;
}
