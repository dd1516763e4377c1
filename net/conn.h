/*
 * conn.h -- one TCP connection, plain or TLS, on a net_loop.
 *
 * The operations are connect, handshake, exchange, wait and close; one at a
 * time.  They keep the contract of net/resolve.h: start returns nothing, the
 * callback runs exactly once and from the loop, the deadline is the
 * operation's, cancel ends in the ordinary callback with NET_CANCELED.
 *
 * The memory is the caller's: embed a `struct net_conn`, zeroed but for the
 * public fields.  Once a connect was started it must be closed, also when it
 * failed: what the kernel knows of it can be asked for until then.  After the
 * callback of close nothing of libuv is left in it, and it may connect again.
 */
#ifndef NET_CONN_H
#define NET_CONN_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "net/addr.h"
#include "net/loop.h"
#include "net/status.h"
#include "net/tcpinfo.h"
#include "net/tls.h"

struct net_conn;

/* An operation on `conn` has ended in `status`; `conn->native` has the cause's
 * own code: a negative libuv error, or 0. */
typedef void (*net_conn_cb)(struct net_conn *conn, enum net_status status);

/* What a reader makes of the bytes so far. */
enum net_feed {
    NET_FEED_MORE, /* the exchange goes on */
    NET_FEED_DONE, /* it ends in NET_OK */
    NET_FEED_BAD,  /* it ends in NET_BADREPLY */
};

/* Bytes have come, plain text under TLS.  They are lent for the call. */
typedef enum net_feed (*net_feed_cb)(struct net_conn *conn, const char *bytes,
                                     size_t n);

#define NET_CONN_FOREVER UINT_MAX

struct net_conn {
    void *data;              /* the caller's; never touched */
    struct net_loop *loop;   /* set before connect, and kept */
    unsigned timeout_ms;     /* of the next operation; may be set before each;
                                NET_CONN_FOREVER: none */
    int native;              /* a libuv error behind the last failure, or 0 */
    bool keepalive;          /* set before connect: SO_KEEPALIVE with ... */
    unsigned keepalive_s;    /* ... this idle time in seconds (>= 1) */
    uint8_t syn_retransmits; /* SYNs sent again before it connected */
    uint16_t mss; /* of what we send, when it connected; 0: unknown */

    /* private */
    uint8_t op, state;
    uint8_t pending;   /* the net_status of a failure that is not yet told */
    uint8_t ended;     /* the net_status that the peer's end of it was */
    bool open;         /* libuv has a handle of ours, to be closed */
    bool reading;      /* libuv watches for bytes */
    bool nodelay;      /* TCP_NODELAY is set */
    bool undelivered;  /* TLS may hold plain text that no one has been fed */
    bool fast;         /* bytes are pushed: the shortest way to the socket */
    int got;           /* ... what was read last: bytes, or an error */
    unsigned ms;       /* of the operation in flight */
    unsigned alone_ms; /* the socket blocks so long; 0: it does not */
    struct net_tls_session *tls; /* owned; NULL: plain */
    net_conn_cb cb;
    net_feed_cb feed;
    uv_tcp_t tcp;
    struct net_deadline deadline;
    struct net_send *send;  /* what the socket did not take at once; or NULL */
    struct net_send *spare; /* the memory of that, kept; owned */
};

/*
 * Connect to `addr`, from `source` (its port 0) unless NULL; both are copied.
 * NET_OK only when the kernel's state is ESTABLISHED too: a socket may look
 * writable after an ICMP error.
 */
void net_conn_connect(struct net_conn *conn, const struct net_addr *addr,
                      const struct net_addr *source, net_conn_cb cb);

/*
 * Shake hands as a TLS client; `name` as in net_tls_session_new().  Ends in
 * NET_TLS_ALERT, NET_TLS_VERIFY or NET_TLS_ERROR too; net_conn_tls() tells
 * more, whatever the end.
 */
void net_conn_handshake(struct net_conn *conn, struct net_tls_context *context,
                        const char *name, net_conn_cb cb);

/*
 * Send `n` bytes, which stay the caller's and must live until the callback,
 * and read until `feed` is done.  Bytes that were already waiting are fed
 * first, also when the peer has since reset the connection.  When `feed` is
 * done before all was sent, the rest never is, and any further exchange or
 * wait ends in NET_CLOSED.
 */
void net_conn_exchange(struct net_conn *conn, const char *bytes, size_t n,
                       net_feed_cb feed, net_conn_cb cb);

/*
 * Send `n` more bytes while an exchange is in flight, from within its feed or
 * from elsewhere, at once whatever is still unacknowledged (TCP_NODELAY).
 * Requires: net_conn_sent().  What the socket does not take is copied, up to 15
 * KiB; of more the rest stays the caller's and must live until net_conn_sent()
 * again.  A failure ends the exchange, soon.
 */
void net_conn_push(struct net_conn *conn, const char *bytes, size_t n);

/*
 * Wait for bytes of the exchange in the kernel, past the loop, for `ms` at
 * most, and take them: what the loop would end is ended.  For a caller that
 * waits for nothing else, which saves it a system call a reply;
 * net_conn_rejoin() before the loop runs again.  Returns false when nothing has
 * come. Requires: bytes were pushed in this exchange, all are sent, and no TLS.
 */
bool net_conn_take_alone(struct net_conn *conn, unsigned ms);
void net_conn_rejoin(struct net_conn *conn); /* fine at any time */

/*
 * Has the socket taken all bytes of the exchange?  Then their memory may be
 * reused before the callback.
 */
bool net_conn_sent(const struct net_conn *conn);

/*
 * Stay silent for `ms`.  Ends in NET_OK when the time is over, in NET_CLOSED
 * or NET_RESET when the peer ended it meanwhile, in NET_BADREPLY when it sent
 * anything.  Its time does not count against `timeout_ms`.
 */
void net_conn_wait(struct net_conn *conn, unsigned ms, net_conn_cb cb);

/* End the operation in flight, soon, with NET_CANCELED; else do nothing. */
void net_conn_cancel(struct net_conn *conn);

/*
 * Close; under TLS the peer is told before.  After `cb` (NET_OK) the memory is
 * the caller's.  Fine on one never opened.  Requires: no operation is in
 * flight.
 */
void net_conn_close(struct net_conn *conn, net_conn_cb cb);

/* What the kernel knows of the connection, or of the attempt that failed. */
struct net_tcpinfo net_conn_tcpinfo(const struct net_conn *conn);

/* How long the peer took to what it sent last; see net_tcpinfo_waited_ms(). */
uint32_t net_conn_waited_ms(const struct net_conn *conn);

/* What the handshake showed; NULL without one.  Lent until close. */
const struct net_tls_info *net_conn_tls(const struct net_conn *conn);

#endif /* NET_CONN_H */
