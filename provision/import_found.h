/*
 * import_found.h -- what import.c asks for, import_match.c compares and
 * import_print.c writes.
 *
 * Texts are those of the answers: they live as long as the calls.
 */
#ifndef PROVISION_IMPORT_FOUND_H
#define PROVISION_IMPORT_FOUND_H

#include <stdbool.h>
#include <stdio.h>

#include "net/resolve.h"
#include "provision/import.h"
#include "provision/spec/spec.h"

enum {
    IMPORT_LANES_MAX = SPEC_BALANCERS_MAX * SPEC_LISTENERS_MAX,
    IMPORT_CACHES_MAX = 400,
    IMPORT_ADDRESSES_MAX = 64,
};

/* A listener of one load balancer, and what stands behind it. */
struct import_lane {
    const char *balancer; /* ARN */
    unsigned port;
    const char *protocol, *group;         /* the target group's ARN */
    const struct xml_node *group_details; /* NULL: not found */
    struct aws_call health;
    const struct import_name *name; /* that its targets follow; NULL */
};

/* A name of a cache, and where it leads. */
struct import_name {
    enum spec_cache_kind kind;
    enum spec_endpoint endpoint;
    const char *id, *host;
    struct net_resolve resolve; /* its answer is ours to free() */
    bool asked;
};

struct import {
    const struct import_options *options;
    struct net_loop loop;
    struct http *http;
    struct profiles *profiles;
    struct aws_account *account;
    struct net_resolver *resolver;
    unsigned running; /* calls and look-ups in flight */

    struct aws_call service, principals, connections, identity, endpoint;
    struct aws_call balancers, groups;
    struct aws_call replication_groups, clusters, serverless;
    struct aws_call listeners[SPEC_BALANCERS_MAX];
    const char *arns[SPEC_BALANCERS_MAX]; /* of load balancers */
    size_t narns;
    struct import_lane *lanes; /* owned */
    size_t nlanes;
    struct import_name *names; /* owned */
    size_t nnames;

    char *error;
    size_t size;
};

/* Fill `names` from what the calls of caches told, and look all of them up. */
bool import_names(struct import *run);

/* Each lane gets the name whose addresses are its targets. */
void import_match(struct import *run);

/* Write the file. */
void import_print(const struct import *run, FILE *out);

/* Run the loop until nothing is in flight. */
void import_wait(struct import *run);

#endif /* PROVISION_IMPORT_FOUND_H */
