/*
 * words_tcp.c -- connecting: what came back to a SYN.
 */
#include "verdict/words.h"

enum {
    SLOW_NS = 1000000000, /* an ARP failure takes three seconds, a missing
                             route none */
};

static void add_took(struct text *text, const char *before,
                     const struct evidence_address *address,
                     const struct verdict *verdict)
{
    text_add(text, "%s", before);
    text_duration(text, words_took_ns(address, verdict));
}

static void add_silence(struct text *text,
                        const struct evidence_address *address)
{
    const struct verdict tcp = { .stage = STAGE_TCP };

    add_took(text, "no SYN-ACK in ", address, &tcp);
    text_add(text, ", ");
    text_count(text, words_tcpinfo(address)->retransmits, "retransmit");
}

static void add_native(struct text *text,
                       const struct evidence_address *address)
{
    if (!address->fault || address->fault->native == 0)
        return;
    text_add(text, " (");
    words_errno(text, address->fault->native);
    text_add(text, ")");
}

static void add_no_route(struct text *text,
                         const struct evidence_address *address)
{
    const struct verdict tcp = { .stage = STAGE_TCP };
    enum cause cause = (enum cause)address->stages[STAGE_TCP].cause;

    if (cause == cause_of_net(NET_PROHIBITED)) {
        text_add(text, "forbidden by a route or firewall of this machine");
    } else if (cause == cause_of_net(NET_NOSOURCE)) {
        text_add(text, "the source address is not of this machine");
    } else if (words_took_ns(address, &tcp) >= SLOW_NS &&
               words_tcpinfo(address)->retransmits == 0) {
        add_took(text, "no ARP answer in ", address, &tcp);
        text_add(text, ": no such address in this subnet");
    } else {
        add_took(text, "no route, told after ", address, &tcp);
    }
    add_native(text, address);
}

/* An address that names may explain: what is wrong with it, and what came of
 * connecting to it. */
static void add_misled(struct text *text,
                       const struct evidence_address *address,
                       const struct verdict *verdict, const char *name)
{
    text_add(text, "%s: ", name);
    if (verdict->cause == cause_of_net(NET_TIMEOUT))
        add_silence(text, address);
    else
        text_add(text, "%s", cause_text(verdict->cause));
}

static void add_split(struct text *text, const struct evidence_address *address,
                      const struct verdict *verdict)
{
    if (verdict->cause == CAUSE_MISMATCH)
        text_add(text, "not an address that --expect-address allows");
    else
        add_misled(text, address, verdict,
                   verdict->by_lookup ? "name servers disagree on the address"
                                      : "a public address for a private name");
}

static void add_slow(struct text *text, const struct evidence_address *address,
                     const struct verdict *verdict)
{
    add_took(text, "connected after ", address, verdict);
    text_add(text, ", ");
    text_count(text, address->connect_retransmits, "SYN");
    text_add(text, " lost");
}

static void add_some_ports(struct text *text,
                           const struct evidence_address *address)
{
    add_silence(text, address);
    text_add(text, "; other source ports connect");
}

static void add_asymmetric(struct text *text,
                           const struct evidence_address *address)
{
    char host[NET_ADDR_TEXT_MAX];

    add_silence(text, address);
    text_add(text, "; from %s it connects",
             net_addr_host(&address->second->source, host));
}

bool words_tcp(struct text *text, const struct evidence_address *address,
               const struct verdict *verdict)
{
    switch ((int)verdict->id) {
    case VERDICT_TCP_TIMEOUT_ALL:
    case VERDICT_TCP_TIMEOUT_ONE_AZ: add_silence(text, address); break;
    case VERDICT_TCP_TIMEOUT_SOME_PORTS: add_some_ports(text, address); break;
    case VERDICT_NET_ASYMMETRIC: add_asymmetric(text, address); break;
    case VERDICT_TCP_REFUSED:
    case VERDICT_TCP_REFUSED_ONE_AZ:
        add_took(text, "connection refused after ", address, verdict);
        break;
    case VERDICT_TCP_NO_ROUTE_LOCAL: add_no_route(text, address); break;
    case VERDICT_DNS_IPV6_FIRST:
        text_add(text, "no IPv6 route from here");
        add_native(text, address);
        break;
    case VERDICT_TCP_CLIENT_PORTS_EXHAUSTED:
        text_add(text, "no local port is free");
        add_native(text, address);
        break;
    case VERDICT_DNS_SPLIT_HORIZON: add_split(text, address, verdict); break;
    case VERDICT_DNS_STALE:
        add_misled(text, address, verdict, "in the hosts file, not in DNS");
        break;
    case VERDICT_DNS_SEARCH_DOMAIN:
        add_misled(text, address, verdict, "found through the search list");
        break;
    case VERDICT_TCP_SLOW_CONNECT: add_slow(text, address, verdict); break;
    default: return false;
    }
    return true;
}
