/*
 * dnsmsg.h -- a DNS response out of bytes (RFC 1035, 4.1): pure, bounded.
 *
 * Reads the header, follows the CNAME chain from the name asked for, and
 * collects the A or AAAA records at its end.  Whatever the bytes are it reads
 * inside them, and a compression loop ends.
 */
#ifndef NET_DNSMSG_H
#define NET_DNSMSG_H

#include <stddef.h>
#include <stdint.h>

#include "net/answer.h"

enum {
    DNSMSG_A = 1,
    DNSMSG_AAAA = 28,
};

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
