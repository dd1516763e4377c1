/*
 * servers.h -- which name servers to ask, and which search list to apply.
 *
 * What the files and variables say is resolv.conf(5)'s: `nameserver`, `search`
 * and `domain` (the last one wins), LOCALDOMAIN.  Its options are not ours:
 * time-outs and tries come from the look-up's own budget.
 */
#ifndef NET_SERVERS_H
#define NET_SERVERS_H

#include <stdbool.h>

#include "net/addr.h"
#include "net/answer.h"

enum {
    NET_SERVERS_MAX = 8,
    NET_DOMAINS_MAX = 8,
    NET_DNS_PORT = 53,
};

struct net_servers {
    struct net_addr addrs[NET_SERVERS_MAX];
    unsigned naddrs;
    char domains[NET_DOMAINS_MAX][NET_NAME_MAX];
    unsigned ndomains;
};

/*
 * Read "10.0.0.2,10.0.0.3:5353,[fd00::2]:53,fd00::2" into `addrs`.  Returns
 * false when it is no such list, or one of more than NET_SERVERS_MAX.
 */
bool net_servers_parse(struct net_servers *servers, const char *list);

/* Take in one line of resolv.conf; it is cut into words. */
void net_servers_line(struct net_servers *servers, char *line);

/*
 * Read the file `path`, then LOCALDOMAIN.  What neither says is what the C
 * library takes: the server 127.0.0.1, the domain of the host's name.
 */
void net_servers_read(struct net_servers *servers, const char *path);

#endif /* NET_SERVERS_H */
