/*
 * channel.c -- the life of a channel:
 *
 *     new > { ask > socket watched > answered > socket closed }... > close
 *
 * c-ares opens a socket when there is something to ask and closes it when the
 * last question has ended; on_socket() follows it with a uv_poll_t, a struct
 * watch.  Those never keep the loop alive: a look-up that waits has a timer.
 *
 * c-ares 1.18 and 1.34 differ in how they handle rcodes, time-outs and retries
 * by themselves; so it is told to do none of that: one server, one try, no
 * check of the answer, no TCP of its own accord, no cache.
 */
#define CARES_NO_DEPRECATED /* ares_send() is what both versions have */
#include "net/channel.h"

#include <ares.h>
#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/random.h>

#include "net/dnsmsg.h"

/* Since 1.31 answers are cached unless it is turned off, by an option whose
 * value is then 0. */
#ifdef ARES_OPT_QUERY_CACHE
#define NO_CACHE ARES_OPT_QUERY_CACHE
#else
#define NO_CACHE 0
#endif

enum {
    FORGET_MS = 5000, /* longer than any answer is waited for */
    EDNS_SIZE = 1232, /* fits into every path's MTU (DNS flag day 2020) */
};

/* A socket of c-ares that libuv watches. */
struct watch {
    uv_poll_t poll; /* first: its address is the watch's */
    struct net_channel *channel;
    struct watch *next;
    ares_socket_t fd;
    int events;
};

struct net_channel {
    struct net_loop *loop;
    ares_channel ares;
    enum net_channel_kind kind;
    unsigned pending;
    bool sending; /* inside ares_send() */
    struct watch *watches;
    unsigned closing;      /* watches that libuv has not let go of */
    enum net_status fault; /* all that is on its way must end in this */
    void (*closed)(void *arg);
    void *arg;
};

/* c-ares does not tell when it was this machine that had nothing to give;
 * errno, which is 0 before every call of it, does. */
static enum net_status refusal(void)
{
    switch (errno) {
    case ENOMEM: return NET_NOMEM;
    case EMFILE:
    case ENFILE:
    case ENOBUFS: return NET_SYSTEM;
    default: return NET_UNREACHABLE;
    }
}

/* The status of a c-ares status without an answer. */
static enum net_status status_of(const struct net_channel *channel, int native)
{
    switch (native) {
    case ARES_ECANCELLED:
        return channel->fault == NET_OK ? NET_CANCELED : channel->fault;
    case ARES_EDESTRUCTION: return NET_CANCELED;
    case ARES_ETIMEOUT: return NET_TIMEOUT;
    case ARES_ECONNREFUSED: return refusal();
    case ARES_EBADRESP: return NET_BADANSWER;
    case ARES_EBADNAME: return NET_BADNAME;
    case ARES_ENOMEM: return NET_NOMEM;
    default: return NET_SYSTEM;
    }
}

static void on_answer(void *arg, int native, int timeouts, unsigned char *bytes,
                      int n)
{
    struct net_ask *ask = arg;
    struct net_channel *channel = ask->channel;
    enum net_status status;

    (void)timeouts;
    channel->pending--;
    ask->native = native;
    if (native == ARES_SUCCESS && bytes && n > 0) {
        ask->cb(ask, NET_OK, bytes, (size_t)n);
        return;
    }
    status = status_of(channel, native);
    if (native == ARES_ECANCELLED && channel->fault == NET_UNREACHABLE)
        ask->native = ARES_ECONNREFUSED;
    if (native == ARES_ECONNREFUSED && channel->sending)
        channel->fault = status;
    ask->cb(ask, status, NULL, 0);
}

/*
 * End what waits in vain: for a socket that is not watched; or for the ICMP
 * error of an earlier question, of which a later send was told (1.18 only lets
 * the later one know).
 */
static void fault_settle(struct net_channel *channel)
{
    if (channel->fault == NET_OK)
        return;
    ares_cancel(channel->ares);
    channel->fault = NET_OK;
}

static struct watch **watch_find(struct net_channel *channel, ares_socket_t fd)
{
    struct watch **link = &channel->watches;

    while (*link && (*link)->fd != fd)
        link = &(*link)->next;
    return link;
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
    struct watch *watch = (struct watch *)poll;
    struct net_channel *channel = watch->channel;
    ares_socket_t fd = watch->fd;
    bool in = status < 0 || (events & UV_READABLE) != 0;
    bool out = status < 0 || (events & UV_WRITABLE) != 0;

    errno = 0;
    ares_process_fd(channel->ares, in ? fd : ARES_SOCKET_BAD,
                    out ? fd : ARES_SOCKET_BAD);
    /* After an error libuv has stopped; c-ares may go on with the socket. */
    watch = *watch_find(channel, fd);
    if (watch && status < 0)
        (void)uv_poll_start(&watch->poll, watch->events, on_ready);
    fault_settle(channel);
}

/* Watch `fd` from now on; NULL, and a fault, when that cannot be. */
static struct watch *watch_new(struct net_channel *channel, ares_socket_t fd)
{
    struct watch *watch = malloc(sizeof(*watch));

    if (!watch) {
        channel->fault = NET_NOMEM;
        return NULL;
    }
    if (uv_poll_init(&channel->loop->uv, &watch->poll, fd) != 0) {
        channel->fault = NET_SYSTEM;
        free(watch);
        return NULL;
    }
    uv_unref((uv_handle_t *)&watch->poll);
    watch->channel = channel;
    watch->fd = fd;
    watch->next = channel->watches;
    channel->watches = watch;
    return watch;
}

static void channel_free(struct net_channel *channel)
{
    void (*closed)(void *arg) = channel->closed;
    void *arg = channel->arg;

    free(channel);
    ares_library_cleanup();
    closed(arg);
}

static void on_unwatched(uv_handle_t *handle)
{
    struct watch *watch = (struct watch *)handle;
    struct net_channel *channel = watch->channel;

    free(watch);
    channel->closing--;
    if (channel->closing == 0 && channel->closed)
        channel_free(channel);
}

static void watch_close(struct net_channel *channel, struct watch **link)
{
    struct watch *watch = *link;

    *link = watch->next;
    channel->closing++;
    uv_close((uv_handle_t *)&watch->poll, on_unwatched);
}

static void follow(struct net_channel *channel, ares_socket_t fd, int readable,
                   int writable)
{
    struct watch **link = watch_find(channel, fd);
    struct watch *watch = *link;

    if (!readable && !writable) {
        if (watch)
            watch_close(channel, link);
        return;
    }
    if (!watch)
        watch = watch_new(channel, fd);
    if (!watch)
        return;
    watch->events = (readable ? UV_READABLE : 0) | (writable ? UV_WRITABLE : 0);
    if (uv_poll_start(&watch->poll, watch->events, on_ready) != 0)
        channel->fault = NET_SYSTEM;
}

/* c-ares has opened `fd`, waits for something else on it, or will close it.
 * What libuv leaves in errno is not what c-ares failed of. */
static void on_socket(void *arg, ares_socket_t fd, int readable, int writable)
{
    int failed_of = errno;

    follow(arg, fd, readable, writable);
    errno = failed_of;
}

static int flags_of(enum net_channel_kind kind)
{
    static const int more[] = {
        [NET_CHANNEL_EDNS] = ARES_FLAG_EDNS,
        [NET_CHANNEL_PLAIN] = 0,
        [NET_CHANNEL_TCP] = ARES_FLAG_USEVC,
    };

    return ARES_FLAG_NOCHECKRESP | ARES_FLAG_IGNTC | ARES_FLAG_NOSEARCH |
           ARES_FLAG_NOALIASES | more[kind];
}

/*
 * Every option that c-ares would otherwise look for in a file is set here,
 * so that it reads none.  The server is replaced at once: options can only
 * name IPv4 addresses and no ports.
 */
static int ares_open(struct net_channel *channel, const struct net_addr *server)
{
    static char lookups[] = "b", nowhere[] = "/dev/null";
    struct in_addr loopback = { .s_addr = htonl(INADDR_LOOPBACK) };
    struct ares_options options = {
        .flags = flags_of(channel->kind),
        .timeout = FORGET_MS,
        .tries = 1,
        .ndots = 1,
        .ednspsz = EDNS_SIZE,
        .lookups = lookups,
        .resolvconf_path = nowhere,
        .servers = &loopback,
        .nservers = 1,
        .sock_state_cb = on_socket,
        .sock_state_cb_data = channel,
    };
    const int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
                     ARES_OPT_NDOTS | ARES_OPT_EDNSPSZ | ARES_OPT_LOOKUPS |
                     ARES_OPT_RESOLVCONF | ARES_OPT_SERVERS | ARES_OPT_DOMAINS |
                     ARES_OPT_SORTLIST | ARES_OPT_SOCK_STATE_CB |
                     ARES_OPT_NOROTATE | NO_CACHE;
    char text[NET_ADDR_TEXT_MAX];
    int native = ares_init_options(&channel->ares, &options, mask);

    if (native != ARES_SUCCESS)
        return native;
    native =
        ares_set_servers_ports_csv(channel->ares, net_addr_text(server, text));
    if (native != ARES_SUCCESS)
        ares_destroy(channel->ares);
    return native;
}

struct net_channel *net_channel_new(struct net_loop *loop,
                                    const struct net_addr *server,
                                    enum net_channel_kind kind)
{
    struct net_channel *channel = calloc(1, sizeof(*channel));

    if (!channel)
        return NULL;
    channel->loop = loop;
    channel->kind = kind;
    if (ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS) {
        free(channel);
        return NULL;
    }
    if (ares_open(channel, server) != ARES_SUCCESS) {
        ares_library_cleanup();
        free(channel);
        return NULL;
    }
    return channel;
}

/* Newer c-ares picks an id itself; 1.18 sends this one. */
static uint16_t random_id(void)
{
    uint16_t id = 0;

    (void)!getrandom(&id, sizeof(id), 0);
    return id;
}

void net_channel_ask(struct net_channel *channel, struct net_ask *ask,
                     const char *name, unsigned type, net_ask_cb cb)
{
    unsigned char bytes[DNSMSG_QUERY_MAX];
    size_t n =
        net_dnsmsg_query(bytes, name, type, random_id(),
                         channel->kind == NET_CHANNEL_EDNS ? EDNS_SIZE : 0);

    assert(net_loop_here(channel->loop));
    ask->channel = channel;
    ask->cb = cb;
    channel->pending++;
    channel->sending = true;
    errno = 0;
    ares_send(channel->ares, bytes, (int)n, on_answer, ask);
    channel->sending = false;
    fault_settle(channel);
}

unsigned net_channel_pending(const struct net_channel *channel)
{
    return channel->pending;
}

void net_channel_tick(struct net_channel *channel)
{
    errno = 0;
    ares_process_fd(channel->ares, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    fault_settle(channel);
}

void net_channel_cancel(struct net_channel *channel)
{
    ares_cancel(channel->ares);
}

void net_channel_close(struct net_channel *channel, void (*cb)(void *arg),
                       void *arg)
{
    ares_destroy(channel->ares);
    channel->closed = cb;
    channel->arg = arg;
    if (channel->closing == 0)
        channel_free(channel);
}
