/*
 * addr.c -- addresses out of text and back, and what range they are in.
 *
 * An IPv4 address in IPv6 form (::ffff:10.0.0.1) stays what it was written as;
 * only net_addr_is_private() looks inside.
 */
#include "net/addr.h"

#include <arpa/inet.h>
#include <assert.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    V4_BITS = 32,
    V6_BITS = 128,
    V6_HEX_MAX = 39, /* the dotted form is only made for short ones */
    MAPPED_BITS = 96,
};

/* "%eth0" or "%2"; an interface that is not there makes no address. */
static bool scope_parse(const char *text, uint32_t *scope)
{
    unsigned long number;
    char *end;

    *scope = if_nametoindex(text);
    if (*scope != 0)
        return true;
    if (text[0] < '0' || text[0] > '9')
        return false;
    number = strtoul(text, &end, 10);
    *scope = (uint32_t)number;
    return *end == '\0' && number > 0 && number <= UINT32_MAX;
}

static bool v6_parse(const char *text, struct sockaddr_in6 *v6)
{
    char bare[INET6_ADDRSTRLEN];
    const char *percent = strchr(text, '%');
    size_t n = percent ? (size_t)(percent - text) : strlen(text);

    if (n >= sizeof(bare))
        return false;
    memcpy(bare, text, n);
    bare[n] = '\0';
    v6->sin6_family = AF_INET6;
    return inet_pton(AF_INET6, bare, &v6->sin6_addr) == 1 &&
           (!percent || scope_parse(percent + 1, &v6->sin6_scope_id));
}

bool net_addr_parse(const char *text, uint16_t port, struct net_addr *addr)
{
    struct net_addr found;

    memset(&found, 0, sizeof(found)); /* the union's every byte, for copies */
    if (inet_pton(AF_INET, text, &found.sa.v4.sin_addr) == 1) {
        found.sa.v4.sin_family = AF_INET;
        found.sa.v4.sin_port = htons(port);
    } else if (v6_parse(text, &found.sa.v6)) {
        found.sa.v6.sin6_port = htons(port);
    } else {
        return false;
    }
    *addr = found;
    return true;
}

uint16_t net_addr_port(const struct net_addr *addr)
{
    if (addr->sa.any.sa_family == AF_INET6)
        return ntohs(addr->sa.v6.sin6_port);
    return ntohs(addr->sa.v4.sin_port);
}

/* Append "%eth0", or "%2" when the interface has gone. */
static void scope_append(uint32_t scope, char *text, size_t size)
{
    char name[IF_NAMESIZE];
    size_t n = strlen(text);

    if (scope == 0)
        return;
    if (if_indextoname(scope, name))
        (void)snprintf(text + n, size - n, "%%%s", name);
    else
        (void)snprintf(text + n, size - n, "%%%u", (unsigned)scope);
}

char *net_addr_host(const struct net_addr *addr, char text[NET_ADDR_TEXT_MAX])
{
    text[0] = '\0';
    if (addr->sa.any.sa_family == AF_INET) {
        (void)inet_ntop(AF_INET, &addr->sa.v4.sin_addr, text,
                        NET_ADDR_TEXT_MAX);
    } else if (addr->sa.any.sa_family == AF_INET6) {
        (void)inet_ntop(AF_INET6, &addr->sa.v6.sin6_addr, text,
                        NET_ADDR_TEXT_MAX);
        scope_append(addr->sa.v6.sin6_scope_id, text, NET_ADDR_TEXT_MAX);
    }
    return text;
}

char *net_addr_text(const struct net_addr *addr, char text[NET_ADDR_TEXT_MAX])
{
    char host[NET_ADDR_TEXT_MAX];
    bool v6 = addr->sa.any.sa_family == AF_INET6;

    _Static_assert(V6_HEX_MAX + IF_NAMESIZE == 55 &&
                       55 + sizeof("[]:65535") <= NET_ADDR_TEXT_MAX,
                   "the longest address fits with scope and port");
    (void)snprintf(text, NET_ADDR_TEXT_MAX, v6 ? "[%.55s]:%u" : "%.55s:%u",
                   net_addr_host(addr, host), (unsigned)net_addr_port(addr));
    return text;
}

bool net_addr_equal(const struct net_addr *a, const struct net_addr *b)
{
    if (a->sa.any.sa_family != b->sa.any.sa_family ||
        net_addr_port(a) != net_addr_port(b))
        return false;
    if (a->sa.any.sa_family == AF_INET)
        return a->sa.v4.sin_addr.s_addr == b->sa.v4.sin_addr.s_addr;
    return a->sa.v6.sin6_scope_id == b->sa.v6.sin6_scope_id &&
           memcmp(&a->sa.v6.sin6_addr, &b->sa.v6.sin6_addr,
                  sizeof(a->sa.v6.sin6_addr)) == 0;
}

/* The bytes of an address in network order, and how many bits they are. */
static const uint8_t *bytes_of(const struct net_addr *addr, unsigned *bits)
{
    if (addr->sa.any.sa_family == AF_INET6) {
        *bits = V6_BITS;
        return addr->sa.v6.sin6_addr.s6_addr;
    }
    *bits = V4_BITS;
    return (const uint8_t *)&addr->sa.v4.sin_addr;
}

static bool same_bits(const uint8_t *a, const uint8_t *b, unsigned bits)
{
    unsigned whole = bits / 8, rest = bits % 8;
    unsigned mask = 0xff00U >> rest & 0xffU;

    return memcmp(a, b, whole) == 0 &&
           (rest == 0 || ((a[whole] ^ b[whole]) & mask) == 0);
}

/* One to three digits, and nothing else. */
static bool bits_parse(const char *text, unsigned *bits)
{
    size_t n = strspn(text, "0123456789");

    if (n < 1 || n > 3 || text[n] != '\0')
        return false;
    *bits = (unsigned)strtoul(text, NULL, 10);
    return true;
}

bool net_cidr_parse(const char *text, struct net_cidr *cidr)
{
    const char *slash = strchr(text, '/');
    size_t n = slash ? (size_t)(slash - text) : strlen(text);
    char base[NET_ADDR_TEXT_MAX];
    struct net_cidr found;
    unsigned max;

    if (n >= sizeof(base))
        return false;
    memcpy(base, text, n);
    base[n] = '\0';
    if (!net_addr_parse(base, 0, &found.base))
        return false;
    (void)bytes_of(&found.base, &max);
    found.bits = max;
    if (slash && (!bits_parse(slash + 1, &found.bits) || found.bits > max))
        return false;
    *cidr = found;
    return true;
}

bool net_cidr_contains(const struct net_cidr *cidr, const struct net_addr *addr)
{
    unsigned bits;

    assert(cidr->bits <= V6_BITS);
    return cidr->base.sa.any.sa_family == addr->sa.any.sa_family &&
           same_bits(bytes_of(&cidr->base, &bits), bytes_of(addr, &bits),
                     cidr->bits);
}

bool net_addr_is_private(const struct net_addr *addr)
{
    static const struct {
        unsigned of; /* bits of the family */
        unsigned bits;
        uint8_t base[16];
    } rows[] = {
        { V4_BITS, 8, { 127 } },         { V4_BITS, 8, { 10 } },
        { V4_BITS, 12, { 172, 16 } },    { V4_BITS, 16, { 192, 168 } },
        { V4_BITS, 10, { 100, 64 } },    { V4_BITS, 15, { 198, 18 } },
        { V4_BITS, 16, { 169, 254 } },   { V6_BITS, 7, { 0xfc } },
        { V6_BITS, 10, { 0xfe, 0x80 } }, { V6_BITS, 128, { [15] = 1 } },
    };
    static const uint8_t mapped[16] = { [10] = 0xff, [11] = 0xff };
    unsigned of;
    const uint8_t *bytes = bytes_of(addr, &of);

    if (of == V6_BITS && same_bits(bytes, mapped, MAPPED_BITS)) {
        of = V4_BITS;
        bytes += MAPPED_BITS / 8;
    }
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].of == of && same_bits(bytes, rows[i].base, rows[i].bits))
            return true;
    return false;
}
