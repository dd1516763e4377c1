/*
 * resolving.h -- a loop, a resolver with files of its own, and look-ups that
 * are run to their end.
 */
#ifndef TESTS_RESOLVING_H
#define TESTS_RESOLVING_H

#include "net/resolver.h"
#include "support/dns_server.h"
#include "support/unit.h"

enum {
    PORT = 6379,
    LONG_MS = 20000,   /* a budget that no test should use up */
    ATTEMPT_MS = 1000, /* of it, before a server is asked again */
};

struct resolving {
    struct net_loop loop;
    struct net_resolver *resolver; /* NULL: out of memory, or bad servers */
    char resolv_conf[32], hosts[32];

    /* The last look-up. */
    enum net_status status;
    struct net_answer *answer;
    unsigned calls;
    uint64_t took_ms;
};

extern struct resolving resolving;

/* Begin.  NULL texts are empty files; `servers` as of net_resolver_new(). */
void resolving_open(const char *servers, const char *resolv_conf,
                    const char *hosts);

/* Close the resolver, then the loop: nothing may be left in it. */
void resolving_close(void);

/* The same for tests that open themselves: closes what is open. */
int resolving_tear_down(void **state);

/* Look `host` up until it ends; returns its status. */
enum net_status look_up(const char *host, int family, unsigned timeout_ms);

/* The same in less than an attempt's time, which a machine that stood still
 * may need a few tries for. */
enum net_status look_up_at_once(const char *host, int family);

/* The same as `req` says: its time-out, its servers, its files. */
enum net_status look_up_as(struct net_resolve req, const char *host,
                           int family);

/* A callback that notes the end in `resolving`. */
void on_looked_up(struct net_resolve *req, enum net_status status);

/* "10.0.0.1:6379 [fd00::1]:6379", all of the last answer. */
void assert_addresses(const char *texts);

#endif /* TESTS_RESOLVING_H */
