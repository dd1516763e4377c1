/*
 * conn_dial.c -- connect: from an address to a connection, or to the reason.
 *
 *     bind? > uv_tcp_connect > on_connected
 *
 * A failure at once is told from the loop like any other (conn_fail_soon()).
 */
#include <assert.h>
#include <netinet/tcp.h>
#include <stdlib.h>

#include "net/conn_internal.h"

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
    conn->mss =
        (uint16_t)(info.snd_mss < UINT16_MAX ? info.snd_mss : UINT16_MAX);
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
    conn_finish(conn, status_of_connect(error), error);
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
    (void)conn_watch(conn);
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
    conn->open = true;
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

    assert(!conn->open);
    assert(!conn->keepalive || conn->keepalive_s > 0);
    conn_begin(conn, CONN_CONNECT, cb, conn->timeout_ms);
    status = dial(conn, addr, source);
    if (status != NET_OK)
        conn_fail_soon(conn, status, conn->native);
}
