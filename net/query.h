/*
 * query.h -- the records of one type of one name, asked of the servers in turn.
 *
 * RFC 1035, 7.2: a server that is silent, cannot be reached or has an error to
 * tell is no answer while another one may have it.
 *
 *   - An answer of rcode 0 or 3 ends the query, whichever server it is from
 *     and however late it is.
 *   - Any other rcode is kept, the first one; then every server that was not
 *     asked so far is asked once.
 *   - A server that refuses (ICMP) is asked twice, one that is silent again
 *     and again, in turn.  When none is left the query ends.
 *   - TC: the same server is asked over TCP.  FORMERR or NOTIMP to EDNS: again
 *     without; and every second try at a silent server is without, too.
 */
#ifndef NET_QUERY_H
#define NET_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/answer.h"
#include "net/channel.h"
#include "net/servers.h"

struct net_resolver;
struct net_attempt;

/* How much is known; the first of a rank stays until there is a higher one. */
enum net_query_rank {
    NET_RANK_NONE,
    NET_RANK_CUT,  /* an answer with TC, which TCP did not complete */
    NET_RANK_BAD,  /* an error, or nonsense */
    NET_RANK_GOOD, /* rcode 0 or 3 */
};

/* What a query knows of a server. */
struct net_query_server {
    uint8_t asked;    /* how often, while it matters */
    uint8_t failures; /* refused, or no DNS message */
    uint8_t silences;
    bool done;  /* not to be asked again */
    bool plain; /* it does not know EDNS */
    bool tcp;   /* it has set TC */
};

struct net_query {
    /* set before the start */
    struct net_resolver *resolver;
    struct net_answer *scratch; /* to read into; between two calls nobody's */
    const char *name;
    unsigned type;
    unsigned only;                         /* as of struct net_resolve */
    uint64_t attempt_ns;                   /* to wait before the next server */
    void (*wake)(struct net_query *query); /* call net_query_turn() soon */
    void *data;

    /* to be read */
    bool done;
    enum net_status status; /* when done */
    int native;             /* the c-ares status behind it */
    unsigned char *bytes;   /* the answer that decides; NULL: none came */
    size_t nbytes;
    unsigned server; /* that gave it, or was asked last */
    bool truncated;  /* TC was seen ... */
    bool tcp_failed; /* ... and TCP gave nothing */
    bool silent;     /* a try was left without an answer */
    unsigned sends;  /* over all */
    uint64_t due_ns; /* when the turn is next, unless woken; done: unset */
    uint64_t done_ns;

    /* private */
    enum net_query_rank rank;
    bool again; /* ask `current` once more, at once */
    unsigned current;
    enum net_channel_kind kind; /* it was asked by */
    struct net_query_server servers[NET_SERVERS_MAX];
    struct net_attempt *attempts; /* on their way */
};

/* Ask the first server. */
void net_query_start(struct net_query *query);

/* Would its turn take somebody for silent?  Never one that was not begun. */
bool net_query_is_over(const struct net_query *query, uint64_t deadline_ns,
                       uint64_t now_ns);

/* Go on, when woken or due. */
void net_query_turn(struct net_query *query, uint64_t now_ns);

/* Its time is over: it is done, with the best that was heard. */
void net_query_expire(struct net_query *query);

/* Forget it: release `bytes`, wait for nothing.  Fine on a zeroed one. */
void net_query_deinit(struct net_query *query);

#endif /* NET_QUERY_H */
