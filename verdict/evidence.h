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
 * `start_ns` is when its bytes were sent (or the operation began), `end_ns`
 * when its reply had been read.  0: did not happen.
 */
struct evidence_stage {
    uint64_t start_ns;
    uint64_t end_ns;
    uint8_t state; /* enum stage_state */
    uint8_t cause; /* enum cause */
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
    uint32_t payload_edge;    /* largest --payload size that passed */
    struct net_tls_info *tls; /* NULL without TLS; owned */
    struct evidence_server *server; /* NULL: not asked; owned */
    struct evidence_fault *fault;   /* NULL: none; owned */
    struct evidence_idle *idle;     /* NULL: not asked; owned */
    char *master;                   /* a replica's "host:port" primary; owned */
};

/* All that was seen of one target. */
struct evidence_target {
    const char *host; /* as given */
    uint16_t port;
    bool tls;             /* TLS was asked for */
    const char *tls_name; /* SNI and the name verified; NULL: host */
    bool literal;         /* an address, or --address: no DNS */
    bool watchdog;        /* cut short by the program's own time limit */
    uint64_t start_ns, end_ns;
    struct evidence_stage dns;
    const struct net_answer *answer; /* NULL: literal, or no memory */
    const struct evidence_address *const *addresses;
    unsigned naddresses;
    const char *client_address; /* local address used, text; NULL unknown */
    const char *user;           /* ACL user; NULL */
    const char *key_prefix;
};

/* Did `stage` of `address` take part, and how long did it take? */
static inline uint64_t evidence_stage_ns(const struct evidence_stage *stage)
{
    return stage->end_ns > stage->start_ns ? stage->end_ns - stage->start_ns
                                           : 0;
}

/* The first stage of `address` that failed, or STAGE_COUNT. */
enum stage evidence_failed_stage(const struct evidence_address *address);

/* Release what a probe's evidence owns. */
void evidence_address_deinit(struct evidence_address *address);

#endif /* VERDICT_EVIDENCE_H */
