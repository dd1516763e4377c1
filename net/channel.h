/*
 * channel.h -- one c-ares channel to one name server, on a net_loop.
 *
 * Nothing of c-ares passes this header.  A channel asks one server in one way;
 * whom to ask next, and when, is net/query.h's.  What it sends it sends once:
 * it has no time-out of its own that anybody should wait for, and only forgets
 * in the end what was never answered.
 *
 * An answer is handed over as it came, whatever its rcode is and also with the
 * TC bit; one with another id or question, or from another address, is none.
 */
#ifndef NET_CHANNEL_H
#define NET_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>

#include "net/addr.h"
#include "net/loop.h"
#include "net/status.h"

enum net_channel_kind {
    NET_CHANNEL_EDNS,  /* UDP, and up to 1232 octets are welcome */
    NET_CHANNEL_PLAIN, /* UDP as of 1987, for servers that know no EDNS */
    NET_CHANNEL_TCP,
    NET_CHANNEL_KINDS
};

struct net_channel;
struct net_ask;

/*
 * `ask` has ended; its memory is the caller's again.  With NET_OK the `n`
 * `bytes` are the answer, lent for the call; else there are none:
 *
 *   NET_UNREACHABLE  the server, or the way to it, refused
 *   NET_BADANSWER    what came is no DNS message
 *   NET_BADNAME      newer c-ares only asks for letters, digits and "-_.*\/"
 *   NET_TIMEOUT, NET_CANCELED, NET_NOMEM, NET_SYSTEM
 *
 * It runs once, perhaps inside net_channel_ask(), cancel or close.
 */
typedef void (*net_ask_cb)(struct net_ask *ask, enum net_status status,
                           const unsigned char *bytes, size_t n);

/* One question on its way.  Embed it. */
struct net_ask {
    void *data; /* the caller's */
    int native; /* at the callback: the c-ares status */

    /* private */
    struct net_channel *channel;
    net_ask_cb cb;
};

/* Make a channel to `server`; NULL: no memory. */
struct net_channel *net_channel_new(struct net_loop *loop,
                                    const struct net_addr *server,
                                    enum net_channel_kind kind);

/* Ask for the records of `type` of `name`. */
void net_channel_ask(struct net_channel *channel, struct net_ask *ask,
                     const char *name, unsigned type, net_ask_cb cb);

/* How many questions are on their way? */
unsigned net_channel_pending(const struct net_channel *channel);

/* Forget what was asked too long ago. */
void net_channel_tick(struct net_channel *channel);

/* All questions on their way end in NET_CANCELED. */
void net_channel_cancel(struct net_channel *channel);

/* Cancel, then release; `cb` runs when nothing of libuv is left of it, perhaps
 * at once. */
void net_channel_close(struct net_channel *channel, void (*cb)(void *arg),
                       void *arg);

#endif /* NET_CHANNEL_H */
