/*
 * spec.h -- the path that is wanted: the file of `linkprobe provision -f`.
 *
 * Read by spec_read() from YAML, checked, and defaults filled in; nothing of
 * AWS is asked.  Unknown keys, wrong kinds and contradictions are errors with
 * file, line, what was found and what is expected.  The struct and all its
 * texts live in its arena: spec_free() releases.
 *
 * NULL and 0 mean "not written" unless said otherwise.
 */
#ifndef PROVISION_SPEC_SPEC_H
#define PROVISION_SPEC_SPEC_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/arena.h"

enum {
    SPEC_LISTENERS_MAX = 50, /* of a load balancer, by AWS' quota */
    SPEC_CONSUMERS_MAX = 256,
    SPEC_BALANCERS_MAX = 16,
};

/* A list of texts. */
struct spec_texts {
    const char **texts;
    size_t n;
};

struct spec_tag {
    const char *key, *value;
};

struct spec_tags {
    struct spec_tag *tags;
    size_t n;
};

/* Whose credentials, guarded by an account number. */
struct spec_account {
    const char *profile, *role_arn, *external_id;
    const char *account; /* twelve digits: other credentials are refused */
    const char *region;
};

enum spec_cache_kind {
    SPEC_REPLICATION_GROUP,
    SPEC_CLUSTER,
    SPEC_SERVERLESS,
    SPEC_HOST, /* not of ElastiCache: a name, a VPC, subnets */
};

enum spec_endpoint {
    SPEC_PRIMARY,
    SPEC_READER,
};

struct spec_cache {
    enum spec_cache_kind kind;
    const char *id; /* or the host's name */
    enum spec_endpoint endpoint;
    const char *vpc;           /* SPEC_HOST */
    struct spec_texts subnets; /* SPEC_HOST */
    unsigned port;             /* SPEC_HOST: of the host; else AWS tells */
    bool tls;                  /* SPEC_HOST */
    unsigned line;
};

struct spec_listener {
    unsigned port; /* of the load balancer, and so of the endpoint */
    struct spec_cache cache;
    const char *target_group_arn; /* a reference */
    unsigned line;
};

/* With an ARN it is a reference: used and checked, never changed. */
struct spec_balancer {
    const char *arn;
    const char *suffix; /* of its name, when there are several; NULL: none */
    bool cross_zone;    /* default true */
    unsigned line;
};

enum spec_rules {
    SPEC_ADD,
    SPEC_CHECK,
};

struct spec_service {
    const char *id;           /* a reference */
    bool acceptance_required; /* default true */
    struct spec_texts principals;
    const char *private_dns_name;
    unsigned line;
};

struct spec_provider {
    struct spec_account account;
    struct spec_listener *listeners; /* at least one */
    size_t nlisteners;
    struct spec_balancer *balancers; /* at least one */
    size_t nbalancers;
    enum spec_rules cache_security_group; /* default check */
    struct spec_service service;
    struct spec_tags tags;
    unsigned line;
};

enum spec_accept {
    SPEC_MANUAL,
    SPEC_LISTED, /* accepted by apply when its owner is the account named */
};

struct spec_consumer {
    const char *name; /* unique; "consumer" when there is but one */
    struct spec_account account;
    struct spec_texts principals; /* of a foreign one */
    const char *vpc;
    struct spec_texts subnets;
    struct spec_texts groups;
    struct spec_texts client_cidrs;
    const char *service_name; /* needed without a provider in the file */
    const char *endpoint_id;  /* a reference */
    struct spec_tags tags;
    enum spec_accept accept; /* of a foreign one */
    enum spec_rules rules;   /* default add */
    unsigned line;
    bool foreign; /* no credentials: no endpoint is made, none waited for */
    bool subnets_auto;      /* default */
    bool create_group;      /* security_groups: create (default) */
    bool client_cidrs_auto; /* default */
    bool private_dns;       /* default: the service has a private name */
};

struct spec {
    const char *file; /* as given */
    const char *name;
    bool has_provider;
    struct spec_provider provider;
    struct spec_consumer *consumers;
    size_t nconsumers;
    bool protect;
    struct arena arena; /* private: owns all of it */
};

/*
 * Read `n` bytes of the file called `file`.  NULL: one line in `error`.
 * A warning that is no error (a principal that is a whole account's root or
 * "*") goes to `warn`, which may be NULL.
 */
typedef void (*spec_warn_cb)(void *data, const char *line);
struct spec *spec_read(const char *file, const char *bytes, size_t n,
                       spec_warn_cb warn, void *data, char *error, size_t size);
void spec_free(struct spec *spec); /* takes NULL */

#endif /* PROVISION_SPEC_SPEC_H */
