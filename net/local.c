/*
 * local.c -- three questions to the kernel: which address would it take
 * (connect of a UDP socket), which are there (getifaddrs), and by which link
 * does a packet from one of them leave (rtnetlink(7), RTM_GETROUTE).
 *
 * What it does not tell is not held against an address: it is not astray.
 */
#include "net/local.h"

#include <ifaddrs.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    ANSWER_BYTES = 4096,
    WAIT_US = 200000, /* the kernel answers within the call */
};

/* A question for the route of one packet. */
struct question {
    struct nlmsghdr header;
    struct rtmsg route;
    char attributes[64]; /* two addresses */
};

static const void *bytes_of(const struct net_addr *addr, unsigned short *n)
{
    if (addr->sa.any.sa_family == AF_INET6) {
        *n = sizeof(addr->sa.v6.sin6_addr);
        return &addr->sa.v6.sin6_addr;
    }
    *n = sizeof(addr->sa.v4.sin_addr);
    return &addr->sa.v4.sin_addr;
}

static socklen_t length_of(const struct net_addr *addr)
{
    return addr->sa.any.sa_family == AF_INET6 ? sizeof(addr->sa.v6)
                                              : sizeof(addr->sa.v4);
}

static bool is_loopback(const struct net_addr *addr)
{
    if (addr->sa.any.sa_family == AF_INET6)
        return IN6_IS_ADDR_LOOPBACK(&addr->sa.v6.sin6_addr);
    return ntohl(addr->sa.v4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
}

static bool is_link_local(const struct net_addr *addr)
{
    return addr->sa.any.sa_family == AF_INET6 &&
           IN6_IS_ADDR_LINKLOCAL(&addr->sa.v6.sin6_addr);
}

/* --- The link of a route -------------------------------------------------- */

static void add_attribute(struct question *q, unsigned short type,
                          const struct net_addr *addr)
{
    struct rtattr attribute = { .rta_type = type };
    unsigned short n;
    const void *bytes = bytes_of(addr, &n);
    char *at = (char *)q + q->header.nlmsg_len;

    attribute.rta_len = (unsigned short)RTA_LENGTH(n);
    memcpy(at, &attribute, sizeof(attribute));
    memcpy(at + RTA_LENGTH(0), bytes, n);
    q->header.nlmsg_len += (uint32_t)RTA_SPACE(n);
}

/* The link in an answer of `n` bytes; 0: it names none. */
static unsigned link_in(const char *bytes, size_t n)
{
    struct nlmsghdr header;
    struct rtattr attribute;
    uint32_t link;
    size_t at = NLMSG_LENGTH(sizeof(struct rtmsg));

    if (n < at)
        return 0;
    memcpy(&header, bytes, sizeof(header));
    if (header.nlmsg_type != RTM_NEWROUTE || header.nlmsg_len > n)
        return 0;
    while (at + RTA_LENGTH(sizeof(link)) <= header.nlmsg_len) {
        memcpy(&attribute, bytes + at, sizeof(attribute));
        if (attribute.rta_len < sizeof(attribute))
            return 0;
        if (attribute.rta_type == RTA_OIF) {
            memcpy(&link, bytes + at + RTA_LENGTH(0), sizeof(link));
            return link;
        }
        at += RTA_ALIGN(attribute.rta_len);
    }
    return 0;
}

/* By which link does a packet to `to` from `from` leave?  0: unknown. */
static unsigned route_link(int fd, const struct net_addr *to,
                           const struct net_addr *from)
{
    struct question q = {
        .header = { .nlmsg_len = NLMSG_LENGTH(sizeof(q.route)),
                    .nlmsg_type = RTM_GETROUTE,
                    .nlmsg_flags = NLM_F_REQUEST },
        .route = { .rtm_family = (unsigned char)to->sa.any.sa_family },
    };
    char answer[ANSWER_BYTES];
    unsigned short octets;
    ssize_t n;

    (void)bytes_of(to, &octets);
    q.route.rtm_dst_len = q.route.rtm_src_len = (unsigned char)(8 * octets);
    add_attribute(&q, RTA_DST, to);
    add_attribute(&q, RTA_SRC, from);
    if (send(fd, &q, q.header.nlmsg_len, 0) < 0)
        return 0;
    n = recv(fd, answer, sizeof(answer), 0);
    return n > 0 ? link_in(answer, (size_t)n) : 0;
}

static int route_socket(void)
{
    const struct timeval wait = { .tv_usec = WAIT_US };
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

    if (fd >= 0)
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
    return fd;
}

/* --- The addresses -------------------------------------------------------- */

static void keep(struct net_addr *addr, const struct sockaddr *from)
{
    memset(addr, 0, sizeof(*addr));
    addr->sa.any.sa_family = from->sa_family;
    memcpy(&addr->sa, from, length_of(addr));
    addr->sa.v4.sin_port = 0; /* at the same place in both families */
}

/* How many bits `mask` has; all those of `addr` where it is none. */
static uint8_t bits_of(const struct sockaddr *mask, const struct net_addr *addr)
{
    struct net_addr wrapped;
    const unsigned char *bytes;
    unsigned short n;
    unsigned bits = 0;

    (void)bytes_of(addr, &n);
    if (!mask || mask->sa_family != addr->sa.any.sa_family)
        return (uint8_t)(8 * n);
    keep(&wrapped, mask);
    bytes = bytes_of(&wrapped, &n);
    while (bits < 8U * n && (bytes[bits / 8] << bits % 8 & 0x80) != 0)
        bits++;
    return (uint8_t)(bits > 0 ? bits : 8U * n);
}

/* What the kernel takes by itself. */
static bool own_choice(const struct net_addr *to, struct net_addr *source)
{
    struct net_addr aim = *to;
    struct sockaddr_storage name = { 0 };
    socklen_t length = sizeof(name);
    int fd = socket(to->sa.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool known;

    if (fd < 0)
        return false;
    aim.sa.v4.sin_port = htons(9); /* nothing is sent */
    known = connect(fd, &aim.sa.any, length_of(&aim)) == 0 &&
            getsockname(fd, (struct sockaddr *)&name, &length) == 0;
    (void)close(fd);
    if (known)
        keep(source, (const struct sockaddr *)&name);
    return known;
}

static unsigned find(const struct net_local *locals, unsigned n,
                     const struct net_addr *addr)
{
    unsigned i = 0;

    while (i < n && !net_addr_equal(&locals[i].addr, addr))
        i++;
    return i;
}

/* An address of a link that is up; loopback's lead nowhere. */
static bool is_usable(const struct ifaddrs *at, const struct net_addr *to)
{
    return at->ifa_addr && at->ifa_addr->sa_family == to->sa.any.sa_family &&
           (at->ifa_flags & IFF_UP) != 0 && (at->ifa_flags & IFF_LOOPBACK) == 0;
}

static unsigned add_all(const struct ifaddrs *list, const struct net_addr *to,
                        struct net_local *locals, unsigned n, unsigned max)
{
    int fd = route_socket();

    for (const struct ifaddrs *at = list; at; at = at->ifa_next) {
        struct net_addr addr;
        unsigned i, out;

        if (!is_usable(at, to))
            continue;
        keep(&addr, at->ifa_addr);
        if (is_link_local(&addr) != is_link_local(to))
            continue;
        i = find(locals, n, &addr);
        if (i == max)
            continue;
        out = fd < 0 ? 0 : route_link(fd, to, &addr);
        locals[i].addr = addr;
        locals[i].bits = bits_of(at->ifa_netmask, &addr);
        locals[i].astray = out != 0 && out != if_nametoindex(at->ifa_name);
        n += i == n;
    }
    if (fd >= 0)
        (void)close(fd);
    return n;
}

unsigned net_locals(const struct net_addr *to, struct net_local *locals,
                    unsigned max)
{
    struct ifaddrs *list;
    unsigned n;

    memset(locals, 0, max * sizeof(*locals));
    if (!own_choice(to, &locals[0].addr))
        return 0;
    locals[0].bits = bits_of(NULL, &locals[0].addr);
    if (is_loopback(to) || getifaddrs(&list) != 0)
        return 1;
    n = add_all(list, to, locals, 1, max);
    freeifaddrs(list);
    return n;
}
