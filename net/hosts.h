/*
 * hosts.h -- the hosts file (hosts(5)), and localhost where it is missing.
 */
#ifndef NET_HOSTS_H
#define NET_HOSTS_H

#include <stdbool.h>
#include <stdint.h>

#include "net/answer.h"

/*
 * Add to `answer` the addresses of `family` (AF_UNSPEC: of both), with `port`
 * and no TTL, that the file `path` has for `name`, or the loopback addresses
 * for a localhost that it does not have.  False: there are none.
 */
bool net_hosts_find(const char *path, const char *name, int family,
                    uint16_t port, struct net_answer *answer);

/* The same for one line of the file; it is cut into words. */
void net_hosts_line(char *line, const char *name, int family, uint16_t port,
                    struct net_answer *answer);

#endif /* NET_HOSTS_H */
