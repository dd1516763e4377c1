/*
 * answer.h -- what DNS said of a name, as plain data.
 *
 * It is filled on failure too: an NXDOMAIN behind a CNAME, a TC bit, the
 * server that refused are evidence.  No pointers: copy and compare it freely.
 */
#ifndef NET_ANSWER_H
#define NET_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "net/addr.h"
#include "net/status.h"

enum {
    NET_ADDRS_MAX = 64,  /* an interface endpoint has one address a zone */
    NET_CNAMES_MAX = 16, /* longer chains are cut, and `truncated` says so */
    NET_NAME_MAX = 256,  /* 253 octets of text and a NUL (RFC 1035, 2.3.4) */
    NET_RCODE_NONE = -1, /* no answer came */
    NET_TTL_NONE = -1,   /* from the hosts file, or a literal */
};

enum net_source {
    NET_SOURCE_DNS,
    NET_SOURCE_HOSTS, /* /etc/hosts: no TTL, no server */
};

struct net_answer_addr {
    struct net_addr addr;
    int64_t ttl_s; /* of its A or AAAA record; NET_TTL_NONE */
};

/* One link of the chain: `name` stands for `target`. */
struct net_cname {
    char name[NET_NAME_MAX];
    char target[NET_NAME_MAX];
    int64_t ttl_s;
};

/* What one family's query ended in. */
struct net_family_answer {
    bool asked;
    enum net_status status;
    int rcode; /* RFC 1035, 4.1.1, or NET_RCODE_NONE */
};

struct net_answer {
    enum net_status status; /* of the whole: NET_OK with >= 1 address */
    enum net_source source;
    int rcode;                /* of the query that decided */
    int native;               /* the c-ares status behind it */
    char asked[NET_NAME_MAX]; /* the name asked last (search list applied) */
    char server[NET_ADDR_TEXT_MAX]; /* that answered, or was asked last; "" */
    struct net_family_answer v4, v6;
    bool truncated_udp; /* the TC bit was set: asked again over TCP */
    bool tcp_failed;    /* ... and TCP port 53 gave nothing */
    bool truncated;     /* there was more than fits below */
    bool other_records; /* the answer held records, but none of use */
    unsigned sends;     /* queries sent, all servers and families */
    unsigned naddrs, ncnames;
    int64_t ttl_s; /* the smallest TTL of the chain; NET_TTL_NONE */
    struct net_answer_addr addrs[NET_ADDRS_MAX]; /* as they came: A, AAAA */
    struct net_cname cnames[NET_CNAMES_MAX];
};

/* Make `answer` an empty one: nothing asked, no rcode, no TTL. */
void net_answer_init(struct net_answer *answer);

/* The same for one that was empty or all zero before it was filled: touches no
 * more of its ten kilobytes than was used. */
void net_answer_clear(struct net_answer *answer);

/*
 * The same answer, which is to be kept, without the room behind its last CNAME:
 * eight of its eleven kilobytes.  `answer` is a block of malloc(), or NULL; the
 * result takes its place, and is neither added to nor copied as a whole.
 */
struct net_answer *net_answer_cut(struct net_answer *answer);

/*
 * Add `addr`: behind those of its family, IPv4 before IPv6.  One that is there
 * already is not added again; one that has no room sets `truncated`.
 */
void net_answer_add(struct net_answer *answer, const struct net_addr *addr,
                    int64_t ttl_s);

/* `ttl_s` counts for the smallest of the answer; NET_TTL_NONE does not. */
void net_answer_ttl(struct net_answer *answer, int64_t ttl_s);

#endif /* NET_ANSWER_H */
