/*
 * dnsname.h -- names as DNS can carry them (RFC 1035, 2.3.4): pure.
 *
 * Any byte but control bytes and spaces may stand in a label: what a name
 * server makes of it is for the server to say.
 */
#ifndef NET_DNSNAME_H
#define NET_DNSNAME_H

#include <stdbool.h>

#include "net/answer.h"

/*
 * Copy `host` without its final dot, which `absolute` tells.  Returns false
 * when DNS cannot carry it: empty, a label that is empty or over 63 octets,
 * over 253 octets in all, a control byte or a space.
 */
bool net_dnsname_copy(const char *host, char name[NET_NAME_MAX],
                      bool *absolute);

/* Write "name.domain"; false when that is no name. */
bool net_dnsname_join(const char *name, const char *domain,
                      char joined[NET_NAME_MAX]);

/* Is it "localhost" or below it, which never is asked of DNS (RFC 6761, 6.3)?
 */
bool net_dnsname_is_localhost(const char *name);

#endif /* NET_DNSNAME_H */
