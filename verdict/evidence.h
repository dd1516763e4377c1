/*
 * evidence.h -- what was seen, as plain data: numbers, codes, bytes; no ids.
 *
 * The first of the three steps to a verdict: probe/ collects this, classify.h
 * reads it, combine.h says what a set of addresses proves.
 *
 * Lifetimes: a probe owns its evidence_address, a check its evidence_target;
 * both are lent to classify, combine and the reports for the call.
 */
#ifndef VERDICT_EVIDENCE_H
#define VERDICT_EVIDENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/addr.h"
#include "net/answer.h"
#include "net/tcpinfo.h"
#include "net/tls.h"
#include "verdict/cause.h"

/* The stages of a check, in this order, with these names everywhere. */
/* clang-format off */
#define STAGE_MAP(X)     \
    X(DNS, "dns")         \
    X(TCP, "tcp")         \
    X(TLS, "tls")         \
    X(AUTH, "auth")       \
    X(PING, "ping")       \
    X(ROLE, "role")       \
    X(SET, "set")         \
    X(GET, "get")         \
    X(CLEANUP, "cleanup")
/* clang-format on */

enum stage {
#define X(name, token) STAGE_##name,
    STAGE_MAP(X)
#undef X
        STAGE_COUNT /* also: no stage */
};

const char *stage_token(enum stage stage);

enum stage_state {
    STAGE_NOT_REACHED, /* something before it failed */
    STAGE_NOT_WANTED,
    STAGE_PASSED,
    STAGE_FAILED,
};

/*
 * One stage of one address.  Commands may be pipelined, so stages overlap:
 * `start_ns` is when its bytes were sent (or the operation began), 0 when it
 * was not; `took_us` runs until its reply had been read.  A loop that is late
 * counts, too: of a stage that took long, `late_ms` is what this machine made
 * of it, by the kernel's own times of sending and receiving.
 */
struct evidence_stage {
    uint64_t start_ns;
    uint32_t took_us; /* a thousand targets in flight keep nine of these each */
    uint8_t state;    /* enum stage_state */
    uint8_t cause;    /* enum cause */
    uint16_t late_ms; /* looked at from STAGE_LONG_US on, and only of replies */
};

enum {
    STAGE_LONG_US = 100000,
};

enum server_role {
    ROLE_UNKNOWN, /* not asked, not allowed, or not understood */
    ROLE_MASTER,
    ROLE_REPLICA,
    ROLE_SENTINEL,
};

/* "master", "replica", "sentinel"; NULL for ROLE_UNKNOWN. */
const char *server_role_token(enum server_role role);

/* What INFO server told; empty strings where it did not. */
struct evidence_server {
    char product[16]; /* "redis" or "valkey" */
    char version[24];
    char mode[16]; /* "standalone", "cluster", "sentinel" */
    char run_id[48];
};

enum {
    EVIDENCE_TEXT_MAX = 192,
    EVIDENCE_HEAD_MAX = 64,
};

/* The first failure of an address in detail.  Present only where one failed
 * (and memory was there for it). */
struct evidence_fault {
    int native;                   /* a negative libuv error, or 0 */
    struct net_tcpinfo tcp;       /* when it failed */
    char text[EVIDENCE_TEXT_MAX]; /* the error reply without "-", or what
                                     the reader complained of; cut; raw bytes
                                     that a report must escape */
    unsigned char head[EVIDENCE_HEAD_MAX]; /* first bytes of a bad reply */
    unsigned nhead;
    size_t payload;     /* the size of SET or GET at work; 0: small */
    uint64_t waited_ns; /* how long the failing operation took */
};

/* --idle: the connection that stayed silent and its twin with keepalive. */
struct evidence_idle {
    uint64_t wanted_ns; /* 0: not asked for */
    uint64_t silent_ns; /* when it ended; = wanted when it held */
    uint8_t cause;      /* CAUSE_OK: the PING after it was answered */
    bool during;        /* the peer ended it while it was silent */
    struct net_tcpinfo tcp;
    bool twin_ran;
    uint8_t twin_cause;
};

/*
 * Second probes, made after a failure that they can split (probe/diagnose.h).
 * Each is a connection of its own.
 */
enum second {
    SECOND_TLS,      /* a ClientHello where plain bytes found no answer */
    SECOND_PLAIN,    /* a plain PING where TLS found none */
    SECOND_FLOOD,    /* 64 KiB without a line end where both were silent */
    SECOND_REDIRECT, /* a connection to where MOVED points */
    SECOND_RETRY,    /* the same once more */
    SECOND_PING,     /* a PING beside a SET that is not answered */
    SECOND_PORTS,    /* other source ports where a SYN was not answered */
    SECOND_SOURCES,  /* ... and other local addresses */
    SECOND_LADDER,   /* PINGs of growing size where a payload was lost */
    SECOND_COUNT
};

/* How one of them ended. */
struct evidence_trial {
    uint8_t connect;   /* enum net_status */
    uint8_t handshake; /* enum net_status; NET_OK also when not wanted */
    uint8_t exchange;  /* enum net_status */
    bool server_hello; /* the peer spoke TLS */
    bool resp;         /* the first byte was one of RESP */
    bool too_big;      /* "-ERR Protocol error: too big inline request" */
    int16_t alert;     /* NET_TLS_ALERT_NONE */
    uint32_t unacked;  /* at the end of the exchange, */
    uint32_t took_us;  /* ... and how long that took */
    uint8_t nhead;
    unsigned char head[16]; /* the first bytes of the answer */
};

struct evidence_second {
    unsigned ran; /* bits: 1 << enum second */
    struct evidence_trial trials[SECOND_PING + 1];
    char redirect[64];     /* "host:port" that MOVED pointed to */
    uint8_t ports_tried;   /* source ports from which a SYN was sent, */
    uint8_t ports_failed;  /* ... of which so many found no answer, */
    uint8_t ports_again;   /* ... and so many of these again none */
    uint8_t sources_tried; /* other local addresses; of them ... */
    uint8_t sources_failed;
    bool astray; /* packets from our own leave by a link that is not its own */
    struct net_addr source; /* the first of them that connected, if any did */
    struct net_cidr client; /* our own address, and its subnet's bits or 0 */
    uint32_t ladder_most;   /* the largest PING that came back */
    uint32_t ladder_least;  /* the smallest that did not; 0: all did */
};

/*
 * PINGs on new connections, in turns to this address and to a nearer one, where
 * their round trips differed (probe/distance.h).
 */
enum {
    DISTANCE_ROUNDS = 16,
};

struct evidence_distance {
    struct net_addr near;
    uint8_t rounds; /* that both answered */
    uint32_t near_us[DISTANCE_ROUNDS], far_us[DISTANCE_ROUNDS];
    uint32_t near_rtt_us, far_rtt_us; /* the kernel's least; 0: not known */
};

/* What the password, if it is an IAM token, says of itself (never the token).
 * AWS: ElastiCache user guide, "Authenticating with IAM". */
struct evidence_iam {
    int64_t signed_s;  /* X-Amz-Date, seconds since the epoch */
    int64_t expires_s; /* X-Amz-Expires, how long it is good for */
    bool other_user;   /* its User is not the one that logged in */
    bool dns_name;     /* its cache is a DNS name, not the cache's own */
};

/* All that was seen of one address. */
struct evidence_address {
    struct net_addr addr;
    uint64_t start_ns, end_ns;
    struct evidence_stage stages[STAGE_COUNT]; /* [STAGE_DNS] is unused */
    struct net_tcpinfo tcp;      /* at the end, or at the failure */
    uint8_t connect_retransmits; /* SYNs lost before it connected */
    uint8_t role;                /* enum server_role */
    bool password_given;
    bool written;             /* a SET was acknowledged: our key was there */
    bool cleaned;             /* ... and its DEL too */
    uint16_t connect_mss;     /* when it connected; 0: unknown */
    uint32_t payload_edge;    /* largest --payload size that passed */
    struct net_tls_info *tls; /* NULL without TLS; owned */
    struct evidence_server *server; /* NULL: not asked; owned */
    struct evidence_fault *fault;   /* NULL: none; owned */
    struct evidence_idle *idle;     /* NULL: not asked; owned */
    struct evidence_second *second; /* NULL: none was made; owned */
    struct evidence_iam *iam;       /* NULL: the password is no token; owned */
    struct evidence_distance *distance; /* NULL: not measured; owned */
    char *master; /* a replica's "host:port" primary; owned */
};

/*
 * Second look-ups, made after a failure, or for want of addresses, that names
 * may explain (probe/lookups.h).
 */
enum lookup {
    LOOKUP_ZONE,     /* the endpoint's name of one zone, */
    LOOKUP_REGION,   /* ... and of all, where that of a zone is gone */
    LOOKUP_SERVER,   /* the same name, of one name server alone */
    LOOKUP_ABSOLUTE, /* the name with a final dot, without the search list */
    LOOKUP_DNS,      /* the name in DNS, where the hosts file has it */
    LOOKUP_ENDPOINT, /* an endpoint's own name, another target of the run */
};

enum {
    LOOKUPS_MAX = 16,
    LOOKUP_ADDRS_MAX = 8, /* an endpoint has one a zone */
};

/* What one of them said, and what came of a connection to where it leads. */
struct evidence_lookup {
    uint8_t kind;    /* enum lookup */
    uint8_t status;  /* enum net_status */
    uint8_t dialed;  /* which of the addresses, from 1 on; 0: none */
    uint8_t connect; /* enum net_status, when dialed */
    bool more;       /* addresses than there is room for */
    uint8_t naddrs;
    struct net_addr addrs[LOOKUP_ADDRS_MAX];
    char name[NET_NAME_MAX]; /* the zone, the server's address, the name */
};

struct evidence_lookups {
    unsigned n;
    struct evidence_lookup at[LOOKUPS_MAX];
    uint8_t asked_again; /* after silence: how often, one after the other, */
    uint8_t answered;    /* ... and how often a name server answered then */
};

/* All that was seen of one target. */
/* An option that a check needs to see the same again. */
struct evidence_again {
    const char *option; /* "--dns"; NULL: the end of the list */
    const char *value;
};

struct evidence_target {
    const char *host; /* as given */
    uint16_t port;
    bool tls;             /* TLS was asked for */
    const char *tls_name; /* SNI and the name verified; NULL: host */
    bool literal;         /* an address, or --address: no DNS */
    bool watchdog;        /* cut short: by the program's own time limit, */
    int signal;           /* ... or by this one; 0: none */
    unsigned in_a_row;    /* OK, this time included, with --consecutive, */
    unsigned consecutive; /* ... where so many are wanted; 0: no matter */
    uint64_t start_ns, end_ns;
    struct evidence_stage dns;
    const struct net_answer *answer;        /* NULL: literal, or no memory */
    const struct evidence_lookups *lookups; /* NULL: none was made */
    const struct evidence_address *const *addresses;
    unsigned naddresses;
    const char *user; /* ACL user; NULL */
    int db;           /* SELECTed; 0 or less: none */
    const char *key_prefix;
    const struct evidence_again *again; /* NULL: none */
};

/* Did `stage` of `address` take part, and how long did it take? */
static inline uint64_t evidence_stage_ns(const struct evidence_stage *stage)
{
    return stage->took_us * UINT64_C(1000);
}

/* `stage`, which has begun, ends at `end_ns`: rounded to microseconds, but
 * never to nothing. */
static inline void evidence_stage_end(struct evidence_stage *stage,
                                      uint64_t end_ns)
{
    uint64_t us =
        end_ns > stage->start_ns ? (end_ns - stage->start_ns + 500) / 1000 : 0;

    stage->took_us = us == 0 ? 1 : us > UINT32_MAX ? UINT32_MAX : (uint32_t)us;
}

/* The first stage of `address` that failed, or STAGE_COUNT. */
enum stage evidence_failed_stage(const struct evidence_address *address);

/* Release what a probe's evidence owns. */
void evidence_address_deinit(struct evidence_address *address);

#endif /* VERDICT_EVIDENCE_H */
