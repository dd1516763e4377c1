/*
 * conn.c -- the life of a connection: one operation at a time.
 *
 *     connect > [handshake] > exchange, wait, exchange, ... > close
 *
 * Each begins in conn_begin() and ends in conn_finish(), which alone calls
 * back.  In between the timer runs one of four functions:
 *
 *     on_doomed      a failure at once was only noted in `pending`: tell it
 *     on_undelivered TLS held plain text when the operation began: feed it
 *     on_deadline    the time is over (of a wait: it has been silent)
 *     on_last_look   ... and the socket was looked at once more, so that a loop
 *                    that was late does not blame the peer
 *
 * Whatever fails, the bytes that the peer had sent before are fed first
 * (conn_drain()): an error reply before a reset is worth more than the reset.
 * How a connection is made is told in conn_dial.c, how bytes go out and in, in
 * conn_bytes.c.
 */
#include "net/conn.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "net/conn_internal.h"

enum {
    LAST_LOOK_MS = 1,
};

static struct net_conn *conn_of(struct net_deadline *deadline)
{
    char *at = (char *)deadline - offsetof(struct net_conn, deadline);

    return (void *)at;
}

static void set_timer(struct net_conn *conn, net_deadline_cb cb, uint64_t ms)
{
    net_deadline_set(&conn->loop->deadlines, &conn->deadline, cb, ms);
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
void conn_finish(struct net_conn *conn, enum net_status status, int native)
{
    net_conn_cb cb = conn->cb;

    net_deadline_clear(&conn->loop->deadlines, &conn->deadline);
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
        conn_finish(conn, status, 0);
    else
        conn_finish(conn, conn->pending, conn->native);
}

static void on_doomed(struct net_deadline *deadline)
{
    conn_settle(conn_of(deadline));
}

/* Let the loop tell the failure that is noted. */
static void settle_soon(struct net_conn *conn)
{
    unwatch(conn);
    set_timer(conn, on_doomed, 0);
}

void conn_fail_soon(struct net_conn *conn, enum net_status status, int native)
{
    conn_note(conn, status, native);
    settle_soon(conn);
}

static void on_last_look(struct net_deadline *deadline)
{
    struct net_conn *conn = conn_of(deadline);

    conn_finish(conn, conn->op == CONN_WAIT ? NET_OK : NET_TIMEOUT, 0);
}

static void on_deadline(struct net_deadline *deadline)
{
    set_timer(conn_of(deadline), on_last_look, LAST_LOOK_MS);
}

static void set_deadline(struct net_conn *conn)
{
    if (conn->ms == NET_CONN_FOREVER)
        net_deadline_clear(&conn->loop->deadlines, &conn->deadline);
    else
        set_timer(conn, on_deadline, conn->ms);
}

static void on_undelivered(struct net_deadline *deadline)
{
    struct net_conn *conn = conn_of(deadline);
    enum net_status status;

    set_deadline(conn);
    if (conn_take(conn, NULL, 0, &status))
        conn_finish(conn, status, 0);
    else
        conn_settle(conn);
}

void conn_begin(struct net_conn *conn, enum conn_op op, net_conn_cb cb,
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
        set_deadline(conn);
}

/* A reset that comes with bytes is told by libuv as an end of file. */
static void on_end(struct net_conn *conn, int error)
{
    unwatch(conn);
    if (error == UV_EOF && conn_socket_error(conn) == UV_ECONNRESET)
        error = UV_ECONNRESET;
    conn->ended = (uint8_t)net_status_of_uv(error);
    conn_finish(conn, conn->ended, error);
}

/* So many bytes, or an error, were read into the loop's buffer. */
static void take(struct net_conn *conn, ssize_t n)
{
    enum net_status status;

    if (n == 0)
        return; /* EAGAIN */
    if (n < 0)
        on_end(conn, (int)n);
    else if (conn_take(conn, conn->loop->read_buffer, (size_t)n, &status))
        conn_finish(conn, status, 0);
    else
        conn_settle(conn);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct net_conn *conn = stream->data;

    (void)buf; /* the loop's, or none when it was read already */
    take(conn, n == UV_ENOBUFS ? conn->got : n);
}

/*
 * On the fast way the bytes are read here, by recv(), and libuv is lent
 * nothing, which it answers with UV_ENOBUFS: it would read(), and a socket
 * behind the kernel's files costs a load some hundredths more.
 */
static void lend_buffer(uv_handle_t *handle, size_t hint, uv_buf_t *buf)
{
    struct net_conn *conn = handle->data;

    (void)hint;
    buf->base = conn->loop->read_buffer;
    buf->len = NET_READ_SIZE;
    if (conn->fast) {
        conn->got = conn_receive(conn, MSG_DONTWAIT);
        buf->len = 0;
    }
}

int conn_watch(struct net_conn *conn)
{
    int error = 0;

    if (!conn->reading)
        error = uv_read_start((uv_stream_t *)&conn->tcp, lend_buffer, on_read);
    conn->reading = error == 0;
    return error;
}

/* All is sent that could be: from here on the loop tells. */
static void await(struct net_conn *conn)
{
    int error = 0;

    if (!conn_is_doomed(conn))
        error = conn_watch(conn);
    if (error != 0)
        conn_note(conn, net_status_of_uv(error), error);
    if (conn_is_doomed(conn))
        settle_soon(conn);
}

void net_conn_handshake(struct net_conn *conn, struct net_tls_context *context,
                        const char *name, net_conn_cb cb)
{
    assert(conn->state == CONN_UP && !conn->tls);
    conn_begin(conn, CONN_HANDSHAKE, cb, conn->timeout_ms);
    conn->tls = net_tls_session_new(context, name);
    if (!conn->tls) {
        conn->pending = NET_OK; /* nothing can be read without a session */
        conn_fail_soon(conn, NET_NOMEM, UV_ENOMEM);
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
    conn_begin(conn, CONN_EXCHANGE, cb, conn->timeout_ms);
    conn->feed = feed;
    if (!conn_is_doomed(conn))
        conn_send(conn, bytes, n);
    await(conn);
}

void net_conn_push(struct net_conn *conn, const char *bytes, size_t n)
{
    assert(conn->op == CONN_EXCHANGE && net_conn_sent(conn));
    if (conn_is_doomed(conn))
        return;
    if (!conn->nodelay)
        conn_set_nodelay(conn);
    conn->fast = true;
    if (conn->tls)
        conn_send(conn, bytes, n);
    else
        conn_send_fast(conn, bytes, n);
    if (conn_is_doomed(conn))
        settle_soon(conn);
}

bool net_conn_take_alone(struct net_conn *conn, unsigned ms)
{
    int n;

    assert(conn->op == CONN_EXCHANGE && conn->fast && !conn->tls);
    assert(net_conn_sent(conn) && ms > 0);
    if (conn_is_doomed(conn))
        return false; /* the loop tells */
    if (conn->alone_ms != ms)
        conn_set_blocking(conn, ms);
    conn->alone_ms = ms;
    n = conn_receive(conn, 0);
    take(conn, n);
    return n != 0;
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
    conn_begin(conn, CONN_WAIT, cb, ms > 0 ? ms : 1);
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

static void end(struct net_conn *conn)
{
    net_conn_cb cb = conn->cb;

    net_tls_session_free(conn->tls);
    conn->tls = NULL;
    free(conn->spare);
    conn->spare = NULL;
    conn->op = CONN_IDLE;
    conn->state = CONN_DOWN;
    conn->pending = conn->ended = NET_OK;
    conn->open = conn->reading = conn->nodelay = conn->undelivered = false;
    conn->fast = false;
    conn->alone_ms = 0;
    cb(conn, NET_OK);
}

static void on_closed(uv_handle_t *handle)
{
    end(handle->data);
}

static void on_never_opened(struct net_deadline *deadline)
{
    end(conn_of(deadline));
}

/* A peer that is not told takes the end for an attack, and logs it. */
static void say_goodbye(struct net_conn *conn)
{
    char record[256];
    uv_buf_t bytes = { .base = record };

    if (!conn->tls || conn->state != CONN_UP || conn->send ||
        conn->ended != NET_OK)
        return;
    net_tls_goodbye(conn->tls);
    bytes.len = net_tls_pull(conn->tls, record, sizeof(record));
    if (bytes.len > 0)
        (void)uv_try_write((uv_stream_t *)&conn->tcp, &bytes, 1);
}

void net_conn_close(struct net_conn *conn, net_conn_cb cb)
{
    assert(net_loop_here(conn->loop));
    assert(conn->op == CONN_IDLE && cb);
    conn->op = CONN_CLOSE;
    conn->cb = cb;
    conn->native = 0;
    say_goodbye(conn);
    if (conn->open)
        uv_close((uv_handle_t *)&conn->tcp, on_closed);
    else
        set_timer(conn, on_never_opened, 0);
}

struct net_tcpinfo net_conn_tcpinfo(const struct net_conn *conn)
{
    return net_tcpinfo_of(conn_fd(conn));
}

uint32_t net_conn_waited_ms(const struct net_conn *conn)
{
    return net_tcpinfo_waited_ms(conn_fd(conn));
}

const struct net_tls_info *net_conn_tls(const struct net_conn *conn)
{
    return conn->tls ? net_tls_info(conn->tls) : NULL;
}
