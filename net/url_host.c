/*
 * url_host.c -- the host and the port of a target.
 *
 *     NAME   NAME:PORT   [V6]   [V6]:PORT   V6
 *
 * A name is not judged beyond its bytes and its length: what DNS makes of an
 * over-long label is a verdict, not an error of usage.
 */
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "net/addr.h"
#include "net/url.h"
#include "net/url_piece.h"

enum {
    NAME_OCTETS_MAX = 253,
};

/* A port in a URL may be a password whose "@HOST" was forgotten. */
static bool complain_port(const struct url_complaint *complaint,
                          struct url_piece port, bool in_url)
{
    if (in_url && (port.n > 5 || !url_consists_of(port, URL_DIGITS)))
        return url_complain_text(complaint,
                                 "what follows HOST: is not a port: expected a "
                                 "number from 1 to 65535");
    return url_complain(complaint, "port", port,
                        "is not a number from 1 to 65535");
}

static bool read_port(struct url_piece port, bool in_url, struct net_url *url,
                      const struct url_complaint *complaint)
{
    unsigned long number = 0;

    if (port.n == 0 || port.n > 5 || !url_consists_of(port, URL_DIGITS))
        return complain_port(complaint, port, in_url);
    number = strtoul(port.at, NULL, 10); /* ends at a byte that is no digit */
    if (number < 1 || number > UINT16_MAX)
        return complain_port(complaint, port, in_url);
    url->port = (uint16_t)number;
    url->port_given = true;
    return true;
}

/* Digits and dots are nobody's name, but an address with a slip in it. */
static bool is_half_an_address(struct url_piece name, const char *host)
{
    struct net_addr addr;

    return name.at[0] != '.' && memchr(name.at, '.', name.n) &&
           url_consists_of(name, URL_DIGITS ".") &&
           !net_addr_parse(host, 0, &addr);
}

static bool read_name(struct url_piece name, struct net_url *url,
                      const struct url_complaint *complaint)
{
    size_t octets = name.n;

    if (name.n == 0)
        return url_complain_text(
            complaint, "the host is empty: expected HOST, HOST:PORT or "
                       "redis://[[USER]:PASSWORD@]HOST[:PORT][/DB]");
    if (name.at[name.n - 1] == '.')
        octets--; /* the root's; it makes the name absolute */
    if (octets > NAME_OCTETS_MAX)
        return url_complain(complaint, "host", name,
                            "is longer than the 253 octets of a name");
    if (!url_consists_of(name, URL_LETTERS URL_DIGITS "-_."))
        return url_complain(complaint, "host", name,
                            "holds what no name can: expected letters, digits, "
                            "\"-\", \"_\" and \".\"");
    memcpy(url->host, name.at, name.n);
    url->host[name.n] = '\0';
    return !is_half_an_address(name, url->host) ||
           url_complain(complaint, "host", name,
                        "is not an IPv4 address: expected four numbers up to "
                        "255");
}

/* RFC 6874: the "%" before an interface is written "%25" in a URL. */
static void decode_scope(char *host)
{
    char *percent = strstr(host, "%25");

    if (percent && percent[3] != '\0')
        memmove(percent + 1, percent + 3, strlen(percent + 3) + 1);
}

static bool read_v6(struct url_piece literal, bool in_url, struct net_url *url)
{
    struct net_addr addr;

    if (literal.n >= NET_ADDR_TEXT_MAX || !memchr(literal.at, ':', literal.n))
        return false;
    memcpy(url->host, literal.at, literal.n);
    url->host[literal.n] = '\0';
    if (in_url)
        decode_scope(url->host);
    /* A link-local address is one of an interface, or of none. */
    return net_addr_parse(url->host, 0, &addr) &&
           !(IN6_IS_ADDR_LINKLOCAL(&addr.sa.v6.sin6_addr) &&
             addr.sa.v6.sin6_scope_id == 0);
}

/* "[V6]" or "[V6]:PORT". */
static bool read_brackets(struct url_piece whole, bool in_url,
                          struct net_url *url,
                          const struct url_complaint *complaint)
{
    const char *end = whole.at + whole.n;
    const char *close = memchr(whole.at, ']', whole.n);

    if (!close)
        return url_complain(complaint, "address", whole,
                            "has no closing bracket: expected [IPV6]:PORT");
    if (!read_v6(url_piece(whole.at + 1, close), in_url, url))
        return url_complain(complaint, "address",
                            url_piece(whole.at, close + 1),
                            "cannot be dialed from here: expected an IPv6 "
                            "address such as [2001:db8::1] or [fe80::1%eth0]");
    if (close + 1 == end)
        return true;
    if (close[1] != ':')
        return url_complain(complaint, "what follows the address,",
                            url_piece(close + 1, end), "is not :PORT");
    return read_port(url_piece(close + 2, end), in_url, url, complaint);
}

static bool complain_colons(const struct url_complaint *complaint,
                            struct url_piece whole, bool in_url)
{
    if (in_url)
        return url_complain_text(complaint,
                                 "more than one \":\" after the "
                                 "credentials: expected HOST:PORT or "
                                 "[IPV6]:PORT");
    return url_complain(complaint, "address", whole,
                        "is not an IPv6 address: expected HOST:PORT, "
                        "[IPV6]:PORT or [fe80::1%eth0]:PORT");
}

bool url_read_authority(struct url_piece whole, bool in_url,
                        struct net_url *url,
                        const struct url_complaint *complaint)
{
    const char *end = whole.at + whole.n, *colon;

    if (whole.n > 0 && whole.at[0] == '[')
        return read_brackets(whole, in_url, url, complaint);
    colon = memchr(whole.at, ':', whole.n);
    if (!colon)
        return read_name(whole, url, complaint);
    if (memchr(colon + 1, ':', (size_t)(end - colon - 1)))
        return read_v6(whole, in_url, url) ||
               complain_colons(complaint, whole, in_url);
    return read_name(url_piece(whole.at, colon), url, complaint) &&
           read_port(url_piece(colon + 1, end), in_url, url, complaint);
}
