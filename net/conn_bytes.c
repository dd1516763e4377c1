/*
 * conn_bytes.c -- how bytes go out of a connection and come in.
 *
 * Out: what the socket takes at once needs no memory.  The rest waits with the
 * caller; only its next piece is copied into a `struct net_send`, which libuv
 * writes when there is room.  So an operation may end with a piece in flight
 * and nobody's memory is borrowed any longer.
 *
 *     exchange > try > all taken
 *                  \ > hold a piece > on_written > try the rest > ...
 *
 * In: plain bytes go straight to the operation's feed.  Under TLS they go to
 * the machine, and what it has decrypted goes to the feed, a buffer at a time.
 */
#include "net/conn_internal.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/types.h>

enum {
    HELD_MAX = 64 * 1024,
    RECORD_MAX = 16 * 1024,       /* ciphertext given to the socket at once */
    PIECE_MAX = RECORD_MAX - 256, /* plain text whose record fits in there */
    ONE_SEGMENT = 1400,           /* Nagle holds back nothing below this */
    DRAIN_READS_MAX = 1024,       /* 16 MiB: more than a socket can hold */
};

/* What the socket did not take.  Owned by the connection until it is closed,
 * since who fills a socket once does so again. */
struct net_send {
    uv_write_t write;
    const char *rest; /* the caller's, not yet taken from there */
    size_t nrest;
    char held[HELD_MAX];
};

bool conn_is_doomed(const struct net_conn *conn)
{
    return conn->pending != NET_OK;
}

void conn_note(struct net_conn *conn, enum net_status status, int native)
{
    if (conn_is_doomed(conn))
        return;
    conn->pending = (uint8_t)status;
    conn->native = native;
}

int conn_fd(const struct net_conn *conn)
{
    uv_os_fd_t fd;

    if (!conn->open || uv_fileno((const uv_handle_t *)&conn->tcp, &fd) != 0)
        return -1;
    return fd;
}

int conn_socket_error(const struct net_conn *conn)
{
    int error = 0;
    socklen_t size = sizeof(error);

    if (getsockopt(conn_fd(conn), SOL_SOCKET, SO_ERROR, &error, &size) != 0)
        return 0;
    return uv_translate_sys_error(error);
}

void conn_set_nodelay(struct net_conn *conn)
{
    conn->nodelay = true;
    (void)uv_tcp_nodelay(&conn->tcp, 1); /* slower without, not wrong */
}

/* Small requests leave at once in any case: spare them the system call. */
static void set_nodelay(struct net_conn *conn, size_t n)
{
    if (!conn->nodelay && (conn->tls || n > ONE_SEGMENT))
        conn_set_nodelay(conn);
}

/* Offer bytes to the socket.  Returns how many it took, or -1: noted. */
static ssize_t try_send(struct net_conn *conn, const char *bytes, size_t n)
{
    uv_buf_t buf = { .base = (char *)bytes, .len = n };
    int taken = uv_try_write((uv_stream_t *)&conn->tcp, &buf, 1);

    if (taken == UV_EAGAIN)
        return 0;
    if (taken < 0) {
        conn_note(conn, net_status_of_uv(taken), taken);
        return -1;
    }
    return taken;
}

static void on_written(uv_write_t *write, int error)
{
    struct net_conn *conn = write->handle->data;
    struct net_send *send = conn->send;
    const char *rest = send->rest;
    size_t nrest = send->nrest;

    conn->spare = send;
    conn->send = NULL;
    if (error == UV_ECANCELED || conn->op == CONN_IDLE)
        return;
    if (error < 0)
        conn_note(conn, net_status_of_uv(error), error);
    else
        conn_send(conn, rest, nrest);
    conn_settle(conn);
}

/* Copy `n` bytes, at most HELD_MAX, to be written when there is room. */
static void hold(struct net_conn *conn, const char *bytes, size_t n,
                 const char *rest, size_t nrest)
{
    struct net_send *send = conn->spare ? conn->spare : malloc(sizeof(*send));
    uv_buf_t buf;
    int error;

    if (!send) {
        conn_note(conn, NET_NOMEM, UV_ENOMEM);
        return;
    }
    send->rest = rest;
    send->nrest = nrest;
    memcpy(send->held, bytes, n);
    buf = (uv_buf_t){ .base = send->held, .len = n };
    error =
        uv_write(&send->write, (uv_stream_t *)&conn->tcp, &buf, 1, on_written);
    conn->spare = error == 0 ? NULL : send;
    if (error != 0) {
        conn_note(conn, net_status_of_uv(error), error);
        return;
    }
    conn->send = send;
}

/* The socket took none of `n` bytes: they are to wait. */
static void hold_plain(struct net_conn *conn, const char *bytes, size_t n)
{
    size_t held = n < HELD_MAX ? n : HELD_MAX;

    hold(conn, bytes, held, bytes + held, n - held);
}

static void send_plain(struct net_conn *conn, const char *bytes, size_t n)
{
    ssize_t taken = try_send(conn, bytes, n);

    if (taken >= 0 && (size_t)taken < n)
        hold_plain(conn, bytes + taken, n - (size_t)taken);
}

/* Encrypt the next piece; there is one.  Returns its length, or 0: noted. */
static size_t encrypt(struct net_conn *conn, const char *bytes, size_t n)
{
    size_t piece = n < PIECE_MAX ? n : PIECE_MAX;
    enum net_status status = net_tls_write(conn->tls, bytes, piece);

    if (status == NET_OK)
        return piece;
    conn_note(conn, status, 0);
    return 0;
}

static void send_tls(struct net_conn *conn, const char *bytes, size_t n)
{
    char record[RECORD_MAX];
    size_t pulled, piece;
    ssize_t taken;

    for (;;) {
        pulled = net_tls_pull(conn->tls, record, sizeof(record));
        if (pulled > 0) {
            taken = try_send(conn, record, pulled);
            if (taken >= 0 && (size_t)taken < pulled)
                hold(conn, record + taken, pulled - (size_t)taken, bytes, n);
            if (taken < 0 || (size_t)taken < pulled)
                return;
        } else if (n > 0) {
            piece = encrypt(conn, bytes, n);
            if (piece == 0)
                return;
            bytes += piece;
            n -= piece;
        } else {
            return;
        }
    }
}

void conn_send(struct net_conn *conn, const char *bytes, size_t n)
{
    set_nodelay(conn, n);
    if (conn->send && n > 0) {
        assert(conn->send->nrest == 0);
        conn->send->rest = bytes;
        conn->send->nrest = n;
    }
    if (conn->send)
        return; /* on_written() goes on with it */
    if (conn->tls)
        send_tls(conn, bytes, n);
    else if (n > 0)
        send_plain(conn, bytes, n);
}

/*
 * send() past libuv, which has nothing queued then; see lend_buffer().  What
 * is not taken, or fails, goes the usual way.
 */
void conn_send_fast(struct net_conn *conn, const char *bytes, size_t n)
{
    ssize_t taken = send(conn_fd(conn), bytes, n, MSG_NOSIGNAL | MSG_DONTWAIT);

    if (taken < 0)
        send_plain(conn, bytes, n);
    else if ((size_t)taken < n)
        hold_plain(conn, bytes + taken, n - (size_t)taken);
}

int conn_receive(struct net_conn *conn, int flags)
{
    ssize_t n =
        recv(conn_fd(conn), conn->loop->read_buffer, NET_READ_SIZE, flags);

    if (n > 0)
        return (int)n;
    if (n == 0)
        return UV_EOF;
    if (errno == EAGAIN || errno == EINTR)
        return 0; /* the loop will say so again */
    return uv_translate_sys_error(errno);
}

/* A failure leaves the socket as it is: then reads do not wait. */
void conn_set_blocking(struct net_conn *conn, unsigned ms)
{
    struct timeval time = { .tv_sec = ms / 1000,
                            .tv_usec = (suseconds_t)(ms % 1000) * 1000 };
    int fd = conn_fd(conn), flags = fcntl(fd, F_GETFL);

    if (flags < 0 || (ms > 0 && setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time,
                                           sizeof(time)) != 0))
        return;
    (void)fcntl(fd, F_SETFL, ms > 0 ? flags & ~O_NONBLOCK : flags | O_NONBLOCK);
}

void net_conn_rejoin(struct net_conn *conn)
{
    if (conn->alone_ms > 0 && conn->open)
        conn_set_blocking(conn, 0);
    conn->alone_ms = 0;
}

bool net_conn_sent(const struct net_conn *conn)
{
    return conn->send == NULL;
}

bool conn_send_drop(struct net_conn *conn)
{
    bool was_left = conn->send && conn->send->nrest > 0;

    if (conn->send)
        conn->send->nrest = 0;
    return was_left;
}

static bool is_over(enum net_feed fed, enum net_status *status)
{
    *status = fed == NET_FEED_DONE ? NET_OK : NET_BADREPLY;
    return fed != NET_FEED_MORE;
}

static bool take_handshake(struct net_conn *conn, const char *bytes, size_t n,
                           enum net_status *status)
{
    enum net_tls_want want = net_tls_handshake(conn->tls, bytes, n);

    conn_send(conn, NULL, 0); /* after a failure too: the alert */
    conn->undelivered = want == NET_TLS_DONE;
    if (want == NET_TLS_FAILED)
        *status = net_tls_status(conn->tls);
    else
        *status = conn->pending; /* done is what the peer heard of, too */
    return want != NET_TLS_MORE;
}

/* The ciphertext may lie in the loop's buffer: it is consumed before the
 * plain text lands there. */
static bool take_tls(struct net_conn *conn, const char *bytes, size_t n,
                     enum net_status *status)
{
    char *plain = conn->loop->read_buffer;
    enum net_status end = net_tls_feed(conn->tls, bytes, n);
    enum net_feed fed = NET_FEED_MORE;
    size_t length = 1;

    while (fed == NET_FEED_MORE && length > 0) {
        length = net_tls_read(conn->tls, plain, NET_READ_SIZE);
        if (length > 0)
            fed = conn->feed(conn, plain, length);
    }
    conn->undelivered = fed != NET_FEED_MORE;
    if (end != NET_OK)
        conn->ended = (uint8_t)end;
    if (is_over(fed, status))
        return true;
    conn_send(conn, NULL, 0); /* an alert, or what else TLS answers */
    *status = end;
    return end != NET_OK;
}

bool conn_take(struct net_conn *conn, const char *bytes, size_t n,
               enum net_status *status)
{
    if (conn->op == CONN_HANDSHAKE)
        return take_handshake(conn, bytes, n, status);
    if (conn->tls)
        return take_tls(conn, bytes, n, status);
    return n > 0 && is_over(conn->feed(conn, bytes, n), status);
}

bool conn_drain(struct net_conn *conn, enum net_status *status)
{
    int fd = conn_fd(conn);
    char *buffer = conn->loop->read_buffer;
    ssize_t n;

    if (conn->undelivered && conn_take(conn, NULL, 0, status))
        return true;
    for (int reads = 0; reads < DRAIN_READS_MAX; reads++) {
        n = recv(fd, buffer, NET_READ_SIZE, MSG_DONTWAIT);
        if (n <= 0)
            return false;
        if (conn_take(conn, buffer, (size_t)n, status))
            return true;
    }
    return false;
}
