/*
 * fake_io.h -- a world for probes, without network, clock or loop.
 *
 * A little Redis answers: AUTH, SELECT, PING, ROLE, INFO, SET, GET and DEL each
 * have a reply that a test may replace, or an end of the connection in its
 * place.  An operation never ends inside the call that starts it, as net/
 * promises; fake_run() ends them, one after the other.
 */
#ifndef TESTS_FAKE_IO_H
#define TESTS_FAKE_IO_H

#include "probe/probe.h"

enum {
    FAKE_OPS_MAX = 256,
    FAKE_RULES_MAX = 8,
    FAKE_NAMES_MAX = 12,
    FAKE_LOG_MAX = 1024,
};

/* What happens to the command `word` instead of its ordinary reply. */
struct fake_rule {
    const char *word;
    const char *reply;      /* bytes; NULL: none */
    enum net_status status; /* how the exchange ends after that; NET_OK: it
                               goes on */
};

/* What a look-up of `host` ends in; the first row about it counts. */
struct fake_name {
    const char *host;    /* as it is asked */
    uint8_t only;        /* of struct net_resolve; 0: whoever is asked */
    const char *address; /* NULL: none, and `status` says why */
    enum net_status status;
};

/* How an exchange cuts its replies. */
struct fake {
    struct fake_rule rules[FAKE_RULES_MAX];
    struct fake_name names[FAKE_NAMES_MAX]; /* before `resolve`, `answer` */
    const char *dead; /* connecting to this address ends in `connect`, to all
                         others in NET_OK; NULL: to all in `connect` */
    const char *far;  /* this address is as far away as far_us says, */
    uint32_t near_us; /* ... all others so; 0: nobody knows how far */
    uint32_t far_us;
    unsigned locals;     /* local addresses, 10.0.0.1 ...; 0: none is known */
    bool astray;         /* the first of them is */
    const char *locally; /* connecting from this local address ends in NET_OK */
    unsigned servers;    /* of names */
    unsigned name_times; /* after so many look-ups the first row of `names` is
                            used up; 0: never */
    enum net_status resolve, connect, handshake, wait;
    const struct net_answer *answer; /* of resolve; copied */
    const struct net_tls_info *tls;  /* of every handshake */
    unsigned chunk;                  /* bytes a read; 0: all at once */
    const char *slow;                /* the reply to this command takes ... */
    unsigned slow_ms;                /* ... so long */
    uint32_t waited_ms;              /* what the kernel says of any reply */
    size_t lost_from; /* requests of this size and more are lost; 0: none */
    int cancel_at;    /* the ordinal of the operation to cancel in; -1 */
    void (*cancel)(void *data); /* called then */
    void *cancel_data;

    unsigned ops; /* begun so far */
    unsigned closes;
    unsigned open;            /* connections */
    char log[FAKE_LOG_MAX];   /* what was sent: "AUTH PING ROLE|SET GET|DEL|" */
    unsigned nasked;          /* look-ups */
    char asked[FAKE_LOG_MAX]; /* names: "host|host. of server 1|" */
    unsigned timeout_ms;      /* of the last operation on a connection */
    bool keepalive;           /* was asked for on some connection */
    int contexts;             /* of TLS, made and not freed */
};

extern struct fake fake;
extern const struct probe_io fake_io;

/* A new world in which all is well. */
void fake_reset(void);

/* Run until nothing is in flight. */
void fake_run(void);

#endif /* TESTS_FAKE_IO_H */
