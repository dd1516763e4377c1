/*
 * addr.h -- an IP address with a port, and ranges of addresses.
 *
 * Plain values, no memory, no I/O.  Text forms: RFC 5952 for IPv6; brackets
 * around an IPv6 address that a port follows (RFC 3986, 3.2.2).
 */
#ifndef NET_ADDR_H
#define NET_ADDR_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    NET_ADDR_TEXT_MAX = 64, /* "[v6%scope]:port" and a NUL */
};

/* An address to connect to; `any` when only the family matters. */
struct net_addr {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } sa;
};

/* A range: the first `bits` of `base`. */
struct net_cidr {
    struct net_addr base;
    unsigned bits;
};

/*
 * Read an address literal ("10.0.0.1", "::1", "fe80::1%eth0"; no brackets, no
 * port) into `addr` with `port` (host order).  Returns false, and leaves `addr`
 * alone, when `text` is none.
 */
bool net_addr_parse(const char *text, uint16_t port, struct net_addr *addr);

/* The port of `addr` in host order. */
uint16_t net_addr_port(const struct net_addr *addr);

/* Write the address without its port; returns `text`. */
char *net_addr_host(const struct net_addr *addr, char text[NET_ADDR_TEXT_MAX]);

/* Write "1.2.3.4:6379" or "[::1]:6379"; returns `text`. */
char *net_addr_text(const struct net_addr *addr, char text[NET_ADDR_TEXT_MAX]);

/* Same family, address, scope and port? */
bool net_addr_equal(const struct net_addr *a, const struct net_addr *b);

/* Read "10.0.0.0/16", "fd00::/8" or a bare address (all its bits). */
bool net_cidr_parse(const char *text, struct net_cidr *cidr);
bool net_cidr_contains(const struct net_cidr *cidr,
                       const struct net_addr *addr);

/* Loopback, RFC 1918, RFC 6598, RFC 4193, link-local or RFC 2544 ranges? */
bool net_addr_is_private(const struct net_addr *addr);

#endif /* NET_ADDR_H */
