/*
 * dial.h -- does an address answer a SYN?  A connection made to be closed.
 *
 * For who tries many at a time and has nothing to say: it takes well under half
 * the memory of a net_conn.  The contract of net/resolve.h: start returns
 * nothing, the callback runs exactly once and from the loop, when all is
 * closed; the deadline is the operation's, cancel ends in the ordinary callback
 * with NET_CANCELED.
 */
#ifndef NET_DIAL_H
#define NET_DIAL_H

#include <stdint.h>
#include <uv.h>

#include "net/addr.h"
#include "net/deadline.h"
#include "net/loop.h"
#include "net/status.h"

struct net_dial;

/* It has ended in `status`: of those that net_conn_connect() ends in. */
typedef void (*net_dial_cb)(struct net_dial *dial, enum net_status status);

/* Embed it; zeroed but for the public fields. */
struct net_dial {
    void *data;            /* the caller's; never touched */
    struct net_loop *loop; /* set before the start, and kept */

    /* private */
    net_dial_cb cb; /* NULL: not under way */
    struct net_deadline deadline;
    int fd;         /* -1: none */
    uint8_t status; /* enum net_status: what is to be told */
    uv_poll_t poll;
};

/*
 * Connect to `addr`, from `source` unless NULL, within `timeout_ms` (>= 1),
 * and close.  Both addresses are looked at by this call only.
 */
void net_dial_start(struct net_dial *dial, const struct net_addr *addr,
                    const struct net_addr *source, unsigned timeout_ms,
                    net_dial_cb cb);

/* End soon; harmless when not under way. */
void net_dial_cancel(struct net_dial *dial);

#endif /* NET_DIAL_H */
