/*
 * given.h -- evidence for tests: a healthy target first, then what is wrong.
 *
 * A `struct given` holds all that its evidence points to, so it is copied by
 * given_begin() only.
 */
#ifndef TESTS_GIVEN_H
#define TESTS_GIVEN_H

#include "verdict/combine.h"

#define US 1000ULL
#define MS (1000 * US)
#define S  (1000 * MS)

enum {
    GIVEN_MAX = 4,
};

/* An address and the parts that evidence allocates. */
struct given_address {
    struct evidence_address evidence;
    struct evidence_fault fault;
    struct evidence_idle idle;
    struct evidence_server server;
    struct net_tls_info tls;
};

struct given {
    struct given_address at[GIVEN_MAX];
    const struct evidence_address *pointers[GIVEN_MAX];
    struct net_answer answer;
    struct evidence_lookups lookups;
    struct evidence_target target;
    struct policy policy;
};

/* A name that resolves to `n` addresses, 198.18.1.69, 198.18.2.69, ..., which
 * all pass, and the policy of a plain check. */
void given_begin(struct given *given, unsigned n);

/* Address `i` is `text`. */
void given_addr(struct given *given, unsigned i, const char *text);

/* `stage` of address `i` failed after `ns`; what comes later was not reached.
 * Returns its fault for details. */
struct evidence_fault *given_failure(struct given *given, unsigned i,
                                     enum stage stage, enum cause cause,
                                     uint64_t ns);

/* Address `i` has a TLS handshake behind it.  Returns what it showed. */
struct net_tls_info *given_tls(struct given *given, unsigned i);

/* The look-up failed. */
void given_dns_failure(struct given *given, enum net_status status,
                       uint64_t ns);

/* The name is an alias of `name`. */
void given_cname(struct given *given, const char *name);

/* A second look-up gave `status`, or the address `text` (NULL: none), which was
 * dialed and ended in `connect` (NET_CANCELED: it was not).  Of the zones the
 * first is us-west-2a. */
struct evidence_lookup *given_lookup(struct given *given, enum lookup kind,
                                     enum net_status status, const char *text,
                                     enum net_status connect);

#endif /* TESTS_GIVEN_H */
