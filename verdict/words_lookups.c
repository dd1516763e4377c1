/*
 * words_lookups.c -- what second look-ups said: who, what, and where it led.
 */
#include "verdict/lookups.h"
#include "verdict/words.h"

#include <string.h>

static const char *before(enum lookup kind)
{
    switch (kind) {
    case LOOKUP_ZONE: return "zone ";
    case LOOKUP_REGION: return "the name for all zones, ";
    case LOOKUP_SERVER: return "name server ";
    case LOOKUP_ABSOLUTE: return "without the search list, ";
    case LOOKUP_DNS: return "in DNS, ";
    case LOOKUP_ENDPOINT: return "the endpoint, ";
    }
    return "";
}

static void add_addresses(struct text *text, const struct evidence_lookup *at)
{
    char host[NET_ADDR_TEXT_MAX];

    for (unsigned i = 0; i < at->naddrs; i++)
        text_add(text, "%s%s", i > 0 ? ", " : "",
                 net_addr_host(&at->addrs[i], host));
    if (at->more)
        text_add(text, " and more");
}

static void add_dialed(struct text *text, const struct evidence_lookup *at)
{
    char host[NET_ADDR_TEXT_MAX];

    if (at->dialed == 0)
        return;
    text_add(text, ", ");
    if (at->naddrs > 1)
        text_add(text, "%s ", net_addr_host(&at->addrs[at->dialed - 1], host));
    text_add(text, "%s",
             at->connect == NET_OK
                 ? "connects"
                 : net_status_text((enum net_status)at->connect));
}

void words_lookup(struct text *text, const struct evidence_target *target,
                  const struct evidence_lookup *at)
{
    text_add(text, "%s", before((enum lookup)at->kind));
    text_escaped(text, at->name, strlen(at->name));
    text_add(text, ": ");
    if (at->naddrs == 0) {
        text_add(text, "%s", net_status_text((enum net_status)at->status));
        return;
    }
    add_addresses(text, at);
    if (at->kind == LOOKUP_ZONE)
        text_add(text, lookups_in_use(target, &at->addrs[0])
                           ? ", in the answer for all zones"
                           : ", not in the answer for all zones");
    add_dialed(text, at);
}
