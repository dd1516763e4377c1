/*
 * snapshot.h -- what one check of a target saw, small enough to keep and to
 * compare with the next.
 *
 * Plain data, no pointers.  Addresses are in the order of their numbers: a
 * resolver that turns the records round has changed nothing.
 */
#ifndef WATCH_SNAPSHOT_H
#define WATCH_SNAPSHOT_H

#include <stdbool.h>
#include <stdint.h>

#include "verdict/combine.h"
#include "verdict/describe.h"
#include "verdict/status.h"

enum {
    SNAPSHOT_ID_MAX = 32,
    SNAPSHOT_TEXT_MAX = 160,
};

struct snapshot_address {
    struct net_addr addr;
    enum check_status status;
    char id[SNAPSHOT_ID_MAX];      /* "OK", "TCP_REFUSED_ONE_AZ", ... */
    char text[SNAPSHOT_TEXT_MAX];  /* in a few words */
    uint8_t states[STAGE_COUNT];   /* enum stage_state */
    uint32_t took_us[STAGE_COUNT]; /* of those that passed or failed */
    uint32_t total_us;
    uint8_t role;                 /* enum server_role */
    char run_id[48], version[24]; /* "": not told */
    int64_t not_after;            /* of the certificate; 0: none seen */
};

struct snapshot {
    int64_t time_ms; /* wall clock when the check began */
    uint64_t total_us;
    enum check_status status;
    char id[SNAPSHOT_ID_MAX];
    enum stage stage; /* that the verdict is of; STAGE_COUNT: none */
    char hop[16];     /* "": none */
    char summary[SNAPSHOT_TEXT_MAX];
    char cause[SNAPSHOT_TEXT_MAX * 2]; /* "": all is well */
    char fix[512];                     /* the first command; "": none */
    bool named;                        /* by a name, not an address */
    bool resolved; /* the name has addresses; so is a literal */
    int64_t ttl_s; /* NET_TTL_NONE: no DNS */
    uint32_t dns_us;
    unsigned ok, required, naddresses;
    struct snapshot_address addresses[NET_ADDRS_MAX];
};

/* false: out of memory. */
bool snapshot_take(const struct evidence_target *evidence,
                   const struct policy *policy, const struct outcome *outcome,
                   int64_t time_ms, struct snapshot *snapshot);

/* The address `addr` of it, or NULL. */
const struct snapshot_address *snapshot_find(const struct snapshot *snapshot,
                                             const struct net_addr *addr);

#endif /* WATCH_SNAPSHOT_H */
