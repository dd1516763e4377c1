/*
 * local.h -- the local addresses from which another one can be dialled.
 */
#ifndef NET_LOCAL_H
#define NET_LOCAL_H

#include <stdbool.h>

#include "net/addr.h"

struct net_local {
    struct net_addr addr; /* its port is 0 */
    uint8_t bits; /* of its subnet; of the whole address where not known */
    bool astray;  /* packets from it leave by a link that is not its own */
};

/*
 * Fill `locals` with up to `max` (>= 1) of them; the first is the one that the
 * kernel takes by itself.  Returns how many: one alone for a loopback address,
 * none when there is no way to `to`.  Asks the kernel and sends nothing.
 */
unsigned net_locals(const struct net_addr *to, struct net_local *locals,
                    unsigned max);

#endif /* NET_LOCAL_H */
