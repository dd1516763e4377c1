/*
 * dnsmsg.h -- a DNS query into bytes and a response out of them (RFC 1035,
 * 4.1): pure, bounded.
 *
 * Reads the header, follows the CNAME chain from the name asked for, and
 * collects the A or AAAA records at its end.  Whatever the bytes are it reads
 * inside them, and a compression loop ends.
 */
#ifndef NET_DNSMSG_H
#define NET_DNSMSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/answer.h"

enum {
    DNSMSG_A = 1,
    DNSMSG_AAAA = 28,
    DNSMSG_QUERY_MAX = 12 + 255 + 4 + 11, /* header, name, question, OPT */
};

/* The codes of RFC 1035, 4.1.1. */
enum {
    DNSMSG_NOERROR = 0,
    DNSMSG_FORMERR = 1,
    DNSMSG_SERVFAIL = 2,
    DNSMSG_NXDOMAIN = 3,
    DNSMSG_NOTIMP = 4,
    DNSMSG_REFUSED = 5,
};

/*
 * Write a recursive query for `name`, which net_dnsname_copy() has passed, and
 * `type`; with EDNS (RFC 6891) when `udp_size` is not 0.  Returns its length.
 */
size_t net_dnsmsg_query(unsigned char bytes[DNSMSG_QUERY_MAX], const char *name,
                        unsigned type, uint16_t id, unsigned udp_size);

/* Is the TC bit set: was the response cut to fit into UDP? */
bool net_dnsmsg_truncated(const unsigned char *bytes, size_t n);

/*
 * Add to `answer` what the response `bytes` to a question for `name` and
 * `type` says: rcode, chain (links it already has are not added again),
 * addresses with `port`, smallest TTL.  Returns
 *
 *   NET_OK         at least one address was added
 *   NET_NODATA     rcode 0 and none
 *   NET_NXDOMAIN, NET_SERVFAIL, NET_REFUSED   by the rcode
 *   NET_BADANSWER  another rcode, not a response, or cut short
 */
enum net_status net_dnsmsg_read(const unsigned char *bytes, size_t n,
                                const char *name, unsigned type, uint16_t port,
                                struct net_answer *answer);

#endif /* NET_DNSMSG_H */
