/*
 * dial.c -- the life of a dial:
 *
 *     socket > bind? > connect > writable | deadline > one more look > close
 *
 * on_ready(), on_last_look() and on_doomed() (a failure at once, a cancel) are
 * the ways to end(), which closes; then the callback runs.
 */
#include "net/dial.h"

#include <assert.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/tcpinfo.h"

enum {
    LAST_LOOK_MS = 1,
};

static struct net_dial *dial_of(struct net_deadline *deadline)
{
    char *at = (char *)deadline - offsetof(struct net_dial, deadline);

    return (void *)at;
}

static void set_timer(struct net_dial *dial, net_deadline_cb cb, unsigned ms)
{
    net_deadline_set(&dial->loop->deadlines, &dial->deadline, cb, ms);
}

static void tell(struct net_dial *dial)
{
    net_dial_cb cb = dial->cb;

    if (dial->fd >= 0)
        (void)close(dial->fd);
    dial->fd = -1;
    dial->cb = NULL;
    cb(dial, (enum net_status)dial->status);
}

static void on_closed(uv_handle_t *handle)
{
    tell(handle->data);
}

/* The descriptor may be closed once libuv has let go of it. */
static void end(struct net_dial *dial, enum net_status status)
{
    net_deadline_clear(&dial->loop->deadlines, &dial->deadline);
    dial->status = (uint8_t)status;
    uv_close((uv_handle_t *)&dial->poll, on_closed);
}

/*
 * What connect() ended in, as conn_dial.c has it: an ICMP error may leave a
 * socket writable that is not connected, and one that was reset at once was
 * connected before.
 */
static enum net_status outcome(const struct net_dial *dial)
{
    uint8_t state = net_tcpinfo_of(dial->fd).state;
    int error = 0;
    socklen_t size = sizeof(error);

    if (getsockopt(dial->fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
        error = errno;
    if (error == ECONNRESET || error == EPIPE)
        return NET_OK;
    if (error == EINVAL)
        return NET_PROHIBITED; /* a blackhole route's */
    if (error != 0)
        return net_status_of_uv(uv_translate_sys_error(error));
    if (state == TCP_ESTABLISHED || state == TCP_CLOSE_WAIT || state == 0)
        return NET_OK;
    return net_status_of_uv(UV_EHOSTUNREACH);
}

/* An error of the socket comes as an `error` of libuv's own. */
static void on_ready(uv_poll_t *poll, int error, int events)
{
    struct net_dial *dial = poll->data;

    (void)error;
    (void)events;
    end(dial, outcome(dial));
}

/* A loop that was late does not blame the peer: it has polled since. */
static void on_last_look(struct net_deadline *deadline)
{
    end(dial_of(deadline), NET_TIMEOUT);
}

static void on_deadline(struct net_deadline *deadline)
{
    set_timer(dial_of(deadline), on_last_look, LAST_LOOK_MS);
}

static void on_canceled(struct net_deadline *deadline)
{
    end(dial_of(deadline), NET_CANCELED);
}

/* There is nothing of libuv's to close. */
static void on_doomed(struct net_deadline *deadline)
{
    tell(dial_of(deadline));
}

/* EINVAL is a link-local source without its interface. */
static enum net_status bind_to(const struct net_dial *dial,
                               const struct net_addr *addr,
                               const struct net_addr *source)
{
    socklen_t size = source->sa.any.sa_family == AF_INET6
                         ? sizeof(source->sa.v6)
                         : sizeof(source->sa.v4);
    int yes = 1;

    if (source->sa.any.sa_family != addr->sa.any.sa_family)
        return NET_NOSOURCE;
    (void)setsockopt(dial->fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (bind(dial->fd, &source->sa.any, size) == 0)
        return NET_OK;
    if (errno == EADDRNOTAVAIL || errno == EINVAL)
        return NET_NOSOURCE;
    return net_status_of_uv(uv_translate_sys_error(errno));
}

static enum net_status connect_to(const struct net_dial *dial,
                                  const struct net_addr *addr)
{
    socklen_t size = addr->sa.any.sa_family == AF_INET6 ? sizeof(addr->sa.v6)
                                                        : sizeof(addr->sa.v4);

    if (connect(dial->fd, &addr->sa.any, size) == 0 || errno == EINPROGRESS)
        return NET_OK;
    if (errno == EINVAL)
        return NET_PROHIBITED;
    return net_status_of_uv(uv_translate_sys_error(errno));
}

static enum net_status watch(struct net_dial *dial)
{
    int error = uv_poll_init(&dial->loop->uv, &dial->poll, dial->fd);

    if (error != 0)
        return net_status_of_uv(error);
    dial->poll.data = dial;
    (void)uv_poll_start(&dial->poll, UV_WRITABLE, on_ready); /* never fails */
    return NET_OK;
}

static enum net_status begin(struct net_dial *dial, const struct net_addr *addr,
                             const struct net_addr *source)
{
    enum net_status status = NET_OK;

    dial->fd = socket(addr->sa.any.sa_family,
                      SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (dial->fd < 0)
        return net_status_of_uv(uv_translate_sys_error(errno));
    if (source)
        status = bind_to(dial, addr, source);
    if (status == NET_OK)
        status = connect_to(dial, addr);
    return status == NET_OK ? watch(dial) : status;
}

void net_dial_start(struct net_dial *dial, const struct net_addr *addr,
                    const struct net_addr *source, unsigned timeout_ms,
                    net_dial_cb cb)
{
    enum net_status status;

    assert(net_loop_here(dial->loop));
    assert(!dial->cb && cb && timeout_ms > 0);
    uv_update_time(&dial->loop->uv); /* the deadline counts from now */
    dial->cb = cb;
    status = begin(dial, addr, source);
    dial->status = (uint8_t)status;
    if (status == NET_OK)
        set_timer(dial, on_deadline, timeout_ms);
    else
        set_timer(dial, on_doomed, 0);
}

/* What is closing ends as it was to. */
void net_dial_cancel(struct net_dial *dial)
{
    if (!dial->cb || uv_is_closing((uv_handle_t *)&dial->poll))
        return;
    if (dial->status != NET_OK) {
        dial->status = NET_CANCELED; /* on_doomed() tells it */
        return;
    }
    (void)uv_poll_stop(&dial->poll); /* never fails */
    set_timer(dial, on_canceled, 0);
}
