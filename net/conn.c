/*
 * conn.c -- the life of a connection: one operation at a time.
 *
 *     connect > [handshake] > exchange, wait, exchange, ... > close
 *
 * Each begins in begin() and ends in finish(), which alone calls back.  In
 * between the timer runs one of four functions:
 *
 *     on_doomed      a failure at once was only noted in `pending`: tell it
 *     on_undelivered TLS held plain text when the operation began: feed it
 *     on_deadline    the time is over (of a wait: it has been silent)
 *     on_last_look   ... and the socket was looked at once more, so that a loop
 *                    that was late does not blame the peer
 *
 * Whatever fails, the bytes that the peer had sent before are fed first
 * (conn_drain()): an error reply before a reset is worth more than the reset.
 * How bytes go out and in is told in conn_bytes.c.
 */
#include "net/conn.h"

#include <assert.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>

#include "net/conn_bytes.h"

enum {
    LAST_LOOK_MS = 1,
};

/* Fails on closing handles only, which the callers' asserts exclude. */
static void set_timer(struct net_conn *conn, uv_timer_cb cb, uint64_t ms)
{
    int error = uv_timer_start(&conn->timer, cb, ms, 0);

    assert(error == 0);
    (void)error;
}

static void open_timer(struct net_conn *conn)
{
    (void)uv_timer_init(&conn->loop->uv, &conn->timer); /* never fails */
    conn->timer.data = conn;
    conn->handles = 1;
}

static void unwatch(struct net_conn *conn)
{
    if (conn->reading)
        (void)uv_read_stop((uv_stream_t *)&conn->tcp); /* never fails */
    conn->reading = false;
}

/*
 * Reading goes on while callbacks start one exchange from another: it is
 * stopped only when nothing was started.  No callback frees the memory, since
 * it has to close first.
 */
static void finish(struct net_conn *conn, enum net_status status, int native)
{
    net_conn_cb cb = conn->cb;

    (void)uv_timer_stop(&conn->timer);
    if (conn->pending == NET_CANCELED)
        status = NET_CANCELED; /* from within feed, which was done then */
    if (conn_send_drop(conn))
        conn->state = CONN_CUT;
    conn->op = CONN_IDLE;
    conn->pending = NET_OK;
    conn->native = native;
    cb(conn, status);
    if (conn->op == CONN_IDLE)
        unwatch(conn);
}

/* May bytes that came before the noted failure still decide? */
static bool is_worth_a_read(const struct net_conn *conn)
{
    return conn->state == CONN_UP && conn->pending != NET_CANCELED &&
           conn->pending != NET_NOMEM;
}

void conn_settle(struct net_conn *conn)
{
    enum net_status status;

    if (!conn_is_doomed(conn))
        return;
    if (conn->pending == NET_RESET || conn->pending == NET_CLOSED)
        conn->ended = conn->pending; /* the kernel tells it only once */
    if (is_worth_a_read(conn) && conn_drain(conn, &status))
        finish(conn, status, 0);
    else
        finish(conn, conn->pending, conn->native);
}

static void on_doomed(uv_timer_t *timer)
{
    conn_settle(timer->data);
}

/* Let the loop tell the failure that is noted. */
static void settle_soon(struct net_conn *conn)
{
    unwatch(conn);
    set_timer(conn, on_doomed, 0);
}

static void fail_soon(struct net_conn *conn, enum net_status status, int native)
{
    conn_note(conn, status, native);
    settle_soon(conn);
}

static void on_last_look(uv_timer_t *timer)
{
    struct net_conn *conn = timer->data;

    finish(conn, conn->op == CONN_WAIT ? NET_OK : NET_TIMEOUT, 0);
}

static void on_deadline(uv_timer_t *timer)
{
    set_timer(timer->data, on_last_look, LAST_LOOK_MS);
}

static void on_undelivered(uv_timer_t *timer)
{
    struct net_conn *conn = timer->data;
    enum net_status status;

    set_timer(conn, on_deadline, conn->ms);
    if (conn_take(conn, NULL, 0, &status))
        finish(conn, status, 0);
    else
        conn_settle(conn);
}

static void begin(struct net_conn *conn, enum conn_op op, net_conn_cb cb,
                  unsigned ms)
{
    assert(net_loop_here(conn->loop));
    assert(conn->op == CONN_IDLE && cb && ms > 0);
    conn->op = (uint8_t)op;
    conn->cb = cb;
    conn->native = 0;
    conn->pending = conn->ended;
    if (conn->state == CONN_CUT)
        conn_note(conn, NET_CLOSED, UV_EPIPE);
    uv_update_time(&conn->loop->uv); /* the deadline counts from now */
    conn->ms = ms;
    if (conn->undelivered)
        set_timer(conn, on_undelivered, 0);
    else
        set_timer(conn, on_deadline, ms);
}

/* A reset that comes with bytes is told by libuv as an end of file. */
static void on_end(struct net_conn *conn, int error)
{
    unwatch(conn);
    if (error == UV_EOF && conn_socket_error(conn) == UV_ECONNRESET)
        error = UV_ECONNRESET;
    conn->ended = (uint8_t)net_status_of_uv(error);
    finish(conn, conn->ended, error);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct net_conn *conn = stream->data;
    enum net_status status;

    if (n == 0)
        return; /* EAGAIN */
    if (n < 0)
        on_end(conn, (int)n);
    else if (conn_take(conn, buf->base, (size_t)n, &status))
        finish(conn, status, 0);
    else
        conn_settle(conn);
}

static void lend_buffer(uv_handle_t *handle, size_t hint, uv_buf_t *buf)
{
    struct net_conn *conn = handle->data;

    (void)hint;
    buf->base = conn->loop->read_buffer;
    buf->len = NET_READ_SIZE;
}

/* All is sent that could be: from here on the loop tells. */
static void await(struct net_conn *conn)
{
    int error;

    if (!conn_is_doomed(conn) && !conn->reading) {
        error = uv_read_start((uv_stream_t *)&conn->tcp, lend_buffer, on_read);
        conn->reading = error == 0;
        if (error != 0)
            conn_note(conn, net_status_of_uv(error), error);
    }
    if (conn_is_doomed(conn))
        settle_soon(conn);
}

/*
 * What connect() ended in.  Writable and without an error is not yet connected:
 * after an ICMP error the state may still be SYN_SENT.  And a reset that was
 * faster than we were is none of connecting: it was connected.
 */
static int connect_error(struct net_conn *conn, int error)
{
    const struct net_tcpinfo info = net_conn_tcpinfo(conn);
    uint8_t state = info.state;

    conn->syn_retransmits =
        (uint8_t)(info.retransmits < UINT8_MAX ? info.retransmits : UINT8_MAX);
    if (error == 0 && state != TCP_ESTABLISHED && state != TCP_CLOSE_WAIT &&
        state != 0) {
        error = conn_socket_error(conn);
        error = error ? error : UV_EHOSTUNREACH;
    }
    if (error != UV_ECONNRESET && error != UV_EPIPE)
        return error;
    conn->ended = (uint8_t)net_status_of_uv(error);
    return 0;
}

/* EINVAL is a blackhole route's (ip-route(8)); elsewhere it would be a bug. */
static enum net_status status_of_connect(int error)
{
    return error == UV_EINVAL ? NET_PROHIBITED : net_status_of_uv(error);
}

static void on_connected(uv_connect_t *connect, int error)
{
    struct net_conn *conn = connect->handle->data;

    free(connect);
    if (conn->op != CONN_CONNECT || conn_is_doomed(conn))
        return; /* too late: it has ended, or is about to */
    error = connect_error(conn, error);
    if (error == 0)
        conn->state = CONN_UP;
    finish(conn, status_of_connect(error), error);
}

/* EINVAL is a link-local source without its interface. */
static enum net_status bind_to(struct net_conn *conn,
                               const struct net_addr *addr,
                               const struct net_addr *source)
{
    int error = UV_EADDRNOTAVAIL;

    if (source->sa.any.sa_family == addr->sa.any.sa_family)
        error = uv_tcp_bind(&conn->tcp, &source->sa.any, 0);
    conn->native = error;
    if (error == UV_EADDRNOTAVAIL || error == UV_EINVAL)
        return NET_NOSOURCE;
    return net_status_of_uv(error);
}

/*
 * The request is needed until connected only, so it is no part of the memory
 * that every connection keeps.  To read from the start spares a change of what
 * epoll watches; should it fail, the first exchange tries again and tells.
 */
static int dial_socket(struct net_conn *conn, const struct net_addr *addr)
{
    uv_connect_t *request = malloc(sizeof(*request));
    int error = UV_ENOMEM;

    if (request)
        error =
            uv_tcp_connect(request, &conn->tcp, &addr->sa.any, on_connected);
    if (error != 0) {
        free(request);
        return error;
    }
    conn->reading =
        uv_read_start((uv_stream_t *)&conn->tcp, lend_buffer, on_read) == 0;
    return 0;
}

static enum net_status dial(struct net_conn *conn, const struct net_addr *addr,
                            const struct net_addr *source)
{
    enum net_status status = NET_OK;

    conn->native = uv_tcp_init(&conn->loop->uv, &conn->tcp);
    if (conn->native != 0)
        return net_status_of_uv(conn->native);
    conn->tcp.data = conn;
    conn->handles = 2;
    if (source)
        status = bind_to(conn, addr, source);
    if (status != NET_OK)
        return status;
    conn->native = dial_socket(conn, addr);
    if (conn->native == 0 && conn->keepalive)
        conn->native = uv_tcp_keepalive(&conn->tcp, 1, conn->keepalive_s);
    return status_of_connect(conn->native);
}

void net_conn_connect(struct net_conn *conn, const struct net_addr *addr,
                      const struct net_addr *source, net_conn_cb cb)
{
    enum net_status status;

    assert(conn->handles == 0);
    assert(!conn->keepalive || conn->keepalive_s > 0);
    open_timer(conn);
    begin(conn, CONN_CONNECT, cb, conn->timeout_ms);
    status = dial(conn, addr, source);
    if (status != NET_OK)
        fail_soon(conn, status, conn->native);
}

void net_conn_handshake(struct net_conn *conn, struct net_tls_context *context,
                        const char *name, net_conn_cb cb)
{
    assert(conn->state == CONN_UP && !conn->tls);
    begin(conn, CONN_HANDSHAKE, cb, conn->timeout_ms);
    conn->tls = net_tls_session_new(context, name);
    if (!conn->tls) {
        conn->pending = NET_OK; /* nothing can be read without a session */
        fail_soon(conn, NET_NOMEM, UV_ENOMEM);
        return;
    }
    if (net_tls_handshake(conn->tls, NULL, 0) == NET_TLS_FAILED)
        conn_note(conn, net_tls_status(conn->tls), 0);
    else if (!conn_is_doomed(conn))
        conn_send(conn, NULL, 0);
    await(conn);
}

void net_conn_exchange(struct net_conn *conn, const char *bytes, size_t n,
                       net_feed_cb feed, net_conn_cb cb)
{
    assert(conn->state != CONN_DOWN && feed);
    begin(conn, CONN_EXCHANGE, cb, conn->timeout_ms);
    conn->feed = feed;
    if (!conn_is_doomed(conn))
        conn_send(conn, bytes, n);
    await(conn);
}

bool net_conn_sent(const struct net_conn *conn)
{
    return conn->send == NULL;
}

static enum net_feed refuse(struct net_conn *conn, const char *bytes, size_t n)
{
    (void)conn;
    (void)bytes;
    (void)n;
    return NET_FEED_BAD;
}

void net_conn_wait(struct net_conn *conn, unsigned ms, net_conn_cb cb)
{
    assert(conn->state != CONN_DOWN);
    begin(conn, CONN_WAIT, cb, ms > 0 ? ms : 1);
    conn->feed = refuse;
    await(conn);
}

void net_conn_cancel(struct net_conn *conn)
{
    if (conn->op == CONN_IDLE || conn->op == CONN_CLOSE)
        return;
    assert(net_loop_here(conn->loop));
    conn->pending = NET_CANCELED;
    conn->native = 0;
    settle_soon(conn);
}

static void on_closed(uv_handle_t *handle)
{
    struct net_conn *conn = handle->data;
    net_conn_cb cb = conn->cb;

    if (--conn->handles > 0)
        return;
    net_tls_session_free(conn->tls);
    conn->tls = NULL;
    conn->op = CONN_IDLE;
    conn->state = CONN_DOWN;
    conn->pending = conn->ended = NET_OK;
    conn->reading = conn->nodelay = conn->undelivered = false;
    cb(conn, NET_OK);
}

void net_conn_close(struct net_conn *conn, net_conn_cb cb)
{
    assert(net_loop_here(conn->loop));
    assert(conn->op == CONN_IDLE && cb);
    if (conn->handles == 0)
        open_timer(conn);
    conn->op = CONN_CLOSE;
    conn->cb = cb;
    conn->native = 0;
    if (conn->handles == 2)
        uv_close((uv_handle_t *)&conn->tcp, on_closed);
    uv_close((uv_handle_t *)&conn->timer, on_closed);
}

struct net_tcpinfo net_conn_tcpinfo(const struct net_conn *conn)
{
    return net_tcpinfo_of(conn_fd(conn));
}

const struct net_tls_info *net_conn_tls(const struct net_conn *conn)
{
    return conn->tls ? net_tls_info(conn->tls) : NULL;
}
