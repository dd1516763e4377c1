/*
 * fake_names.h -- the name servers of a fake world; internal to fake_io.c.
 */
#ifndef TESTS_FAKE_NAMES_H
#define TESTS_FAKE_NAMES_H

#include "support/fake_io.h"

/* How many there are. */
unsigned fake_names_servers(const struct net_resolver *resolver);

/* The row about `host` asked of `only`; NULL: there is none. */
const struct fake_name *fake_name_find(const char *host, uint8_t only);

/* `req` asks for `host`. */
void fake_name_log(const struct net_resolve *req, const char *host);

/* Give `req` the answer of `name`; returns how it ends. */
enum net_status fake_name_end(const struct fake_name *name,
                              struct net_resolve *req);

#endif /* TESTS_FAKE_NAMES_H */
