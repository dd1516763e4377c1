/*
 * lookup.h -- one look-up in flight: the names to try and their two queries.
 *
 * Made at start, gone before the callback; see net/resolve.h for the contract.
 */
#ifndef NET_LOOKUP_H
#define NET_LOOKUP_H

#include "net/resolve.h"

/* Begin `req`, which is not in flight.  False: no memory, nothing has begun. */
bool net_lookup_start(struct net_resolve *req,
                      const struct net_question *question);

/* Whatever it found: it ends in NET_CANCELED, soon. */
void net_lookup_cancel(struct net_lookup *lookup);

/* The next of the resolver's list. */
struct net_lookup *net_lookup_next(const struct net_lookup *lookup);

#endif /* NET_LOOKUP_H */
