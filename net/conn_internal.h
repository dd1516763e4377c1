/*
 * conn_internal.h -- what the files of a connection share, and no one else.
 *
 *     conn.c        an operation begins and ends
 *     conn_dial.c   connect
 *     conn_bytes.c  bytes out and in; nothing there ends an operation: what
 *                   goes wrong is noted in `pending`, and the functions that
 *                   take bytes say whether the operation is over
 */
#ifndef NET_CONN_INTERNAL_H
#define NET_CONN_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "net/conn.h"

enum conn_op {
    CONN_IDLE,
    CONN_CONNECT,
    CONN_HANDSHAKE,
    CONN_EXCHANGE,
    CONN_WAIT,
    CONN_CLOSE,
};

enum conn_state {
    CONN_DOWN, /* not connected, or not yet */
    CONN_UP,
    CONN_CUT, /* a request was left half sent: nothing can follow it */
};

/* Is a failure noted, and only waiting to be told? */
bool conn_is_doomed(const struct net_conn *conn);

/* Note that `status` is what the operation will end in; the first one stays. */
void conn_note(struct net_conn *conn, enum net_status status, int native);

/* In conn.c: an operation begins, with so much time; ... */
void conn_begin(struct net_conn *conn, enum conn_op op, net_conn_cb cb,
                unsigned ms);

/* ... ends, from the loop, once; ... */
void conn_finish(struct net_conn *conn, enum net_status status, int native);

/* ... or is ended by the loop soon, for a failure at once. */
void conn_fail_soon(struct net_conn *conn, enum net_status status, int native);

/* In conn.c: let libuv watch for bytes.  Returns 0 or its error. */
int conn_watch(struct net_conn *conn);

/* End the operation, from the loop, if a failure is noted.  In conn.c. */
void conn_settle(struct net_conn *conn);

/* From now on let no bytes wait for those before them to be acknowledged. */
void conn_set_nodelay(struct net_conn *conn);

/* Send `n` bytes, or what TLS has to say when there are none. */
void conn_send(struct net_conn *conn, const char *bytes, size_t n);

/* The same for plain bytes with nothing before them, by the shortest way. */
void conn_send_fast(struct net_conn *conn, const char *bytes, size_t n);

/* Read into the loop's buffer, past libuv, with `flags` of recv(): how many
 * bytes, 0 when there are none now, or a libuv error, UV_EOF at the end. */
int conn_receive(struct net_conn *conn, int flags);

/* Let reads block for `ms`; 0: not at all. */
void conn_set_blocking(struct net_conn *conn, unsigned ms);

/* Forget what is not yet sent.  Returns whether there was any. */
bool conn_send_drop(struct net_conn *conn);

/*
 * Take `n` bytes of the peer, none to take what TLS still holds.  Returns
 * whether the operation is over, and then its `status`.
 */
bool conn_take(struct net_conn *conn, const char *bytes, size_t n,
               enum net_status *status);

/* Take all that waits in the socket; returns as conn_take(). */
bool conn_drain(struct net_conn *conn, enum net_status *status);

/* The descriptor; -1: none. */
int conn_fd(const struct net_conn *conn);

/* The socket's error, cleared by asking: negative, or 0. */
int conn_socket_error(const struct net_conn *conn);

#endif /* NET_CONN_INTERNAL_H */
