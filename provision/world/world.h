/*
 * world.h -- what is wanted of a path beside what was found of it.
 *
 * Filled by the readers below from answers of AWS and of DNS, one resource at
 * a time; the steps (steps/step.h) look at nothing else.  `found` says how much
 * is known: WORLD_UNKNOWN is "not asked yet", WORLD_NONE "asked, and not
 * there". Of a resource that is made in this run nothing needs to be asked:
 * `made`.
 *
 * A lane is one listener of the file on one load balancer: its target group
 * and its listener.  Caches are those of the file's listeners, each once.
 *
 * All texts and arrays live in the arena of the world; lists are replaced, not
 * changed in place.  world_free() releases.
 */
#ifndef PROVISION_WORLD_WORLD_H
#define PROVISION_WORLD_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/arena.h"
#include "net/answer.h"
#include "provision/identity.h"
#include "provision/spec/spec.h"

enum world_found {
    WORLD_UNKNOWN,
    WORLD_NONE,
    WORLD_FOUND,
};

/* Whose is a resource that has our name or carries our tags? */
enum world_owner {
    WORLD_OWNER_UNKNOWN,
    WORLD_OURS_BY_USE, /* ours uses it (a service its load balancer): read */
    WORLD_OURS,        /* it carries our tags: changed and destroyed */
    WORLD_REFERENCE,   /* named by the file: read */
    WORLD_FOREIGN,     /* has our name, not our tags: refused */
};

/* Yes, no, or not asked yet. */
enum world_truth {
    WORLD_TRUTH_UNKNOWN,
    WORLD_FALSE,
    WORLD_TRUE,
};

struct world_subnet {
    const char *id, *cidr, *zone, *zone_id, *vpc;
    long free; /* addresses */
};

/* Of a security group; one row a source. */
struct world_rule {
    const char *protocol; /* "tcp", "-1" */
    long from, to;        /* ports; -1: all */
    const char *cidr;     /* NULL: `group` */
    const char *group;
};

struct world_group {
    const char *id, *name, *vpc;
    struct world_rule *rules; /* inbound */
    size_t nrules;
};

struct world_cache {
    enum spec_cache_kind kind;
    const char *id;
    const struct spec_cache *spec; /* the first listener's that names it */
    enum world_found found;
    bool remembered; /* host and port are the service's tag, not asked */
    bool ask;        /* ... and must be asked all the same */
    const char *arn;
    const char *status;
    bool cluster_mode, tls;
    const char *primary, *reader; /* host names; NULL: it has none */
    unsigned primary_port, reader_port;
    const char *member;       /* a cache cluster of the replication group */
    const char *subnet_group; /* its name */
    const char *vpc;          /* NULL: not known yet */
    struct spec_texts subnets;
    struct spec_texts zones; /* of these, in their order; empty: not told */
    enum world_found groups_found;
    struct spec_texts groups;    /* ids of the cache's security groups */
    struct world_group *details; /* of these, once asked */
    size_t ndetails;
    enum world_found details_found;
};

/* One listener of the file: which name its targets follow. */
struct world_listener {
    const struct spec_listener *spec;
    struct world_cache *cache;
    unsigned target_port;
    const char *host;
    enum world_found resolved; /* NONE: the look-up failed, see `status` */
    enum net_status status;
    struct spec_texts addresses; /* sorted; those that are IPv4 */
    bool confirmed;              /* looked up again since a target was added */
    unsigned failures;           /* look-ups in a row without an answer */
    int64_t ttl_s;
};

struct world_balancer {
    const struct spec_balancer *spec;
    char name[IDENTITY_NAME_SIZE];
    enum world_found found;
    enum world_owner owner;
    bool made, looked; /* `looked`: by DescribeLoadBalancers */
    bool doubted;      /* the service names one that is gone */
    const char *arn, *dns_name, *state, *scheme, *type, *vpc;
    struct spec_texts subnets, zones;
    enum world_truth cross_zone;
    bool deleted;
};

struct world_target {
    const char *address;
    unsigned port;
    const char *zone; /* as registered; NULL */
    const char *health, *reason, *description;
};

struct world_target_group {
    char name[IDENTITY_NAME_SIZE];
    enum world_found found;
    enum world_owner owner;
    bool made;
    const char *arn, *protocol, *type, *vpc;
    struct spec_texts balancers; /* ARNs of those that use it */
    unsigned port;
    const char *check_protocol;
    unsigned check_interval_s, healthy, unhealthy;
    enum world_truth proxy_protocol;
    enum world_found targets_found;
    struct world_target *targets; /* as they are, or will be */
    size_t ntargets;
    const struct world_target *read; /* as AWS told them last */
    size_t nread;
    bool deleted;
};

struct world_lane {
    struct world_balancer *balancer;
    struct world_listener *wanted;
    struct world_target_group group;
    enum world_found listener_found;
    bool listener_made;
    const char *listener_arn, *protocol, *target_group_arn;
    unsigned port;
};

struct world_connection {
    const char *endpoint, *owner, *state;
    struct spec_texts dns_names;
};

/* By subject, not by size: there is one a path. */
struct world_service { /* NOLINT(clang-analyzer-optin.performance.Padding) */
    enum world_found found;
    const char *hash; /* the tag linkprobe:spec; NULL: it has none */
    bool made;
    bool verified;  /* it does exist: seen by its id, or changed */
    bool doubted;   /* a call said that there is none */
    bool wait_seen; /* its token was used with other settings: it is
                       there and will be listed, or is long gone */
    unsigned salt;  /* generations that the token met and were gone */
    unsigned gone;  /* looks that did not find it after it was made */
    const char *id, *name, *state;
    bool acceptance;
    const char *private_name, *private_state;   /* NULL: none */
    const char *private_record, *private_value; /* TXT to publish */
    bool private_asked; /* its verification was started */
    unsigned private_looks;
    struct spec_texts balancers; /* ARNs */
    const char *memory;          /* the tag of caches */
    enum world_found principals_found;
    struct spec_texts principals;
    enum world_found connections_found;
    struct world_connection *connections;
    size_t nconnections;
    bool deleted;
};

struct world_endpoint {
    enum world_found found;
    const char *hash;
    bool made;
    bool seen; /* by its id or a list: its state is true */
    bool wait_seen;
    unsigned salt;
    unsigned gone;
    const char *id, *state, *service_name, *vpc, *account;
    const char *told;   /* the state that AWS told last */
    const char *error;  /* why it failed, as AWS says; NULL */
    const char *memory; /* the tag of clients' ranges; NULL */
    struct spec_texts subnets, groups, dns_names;
    bool private_dns;
    bool suspected;      /* a connection may be it: looked at by its id */
    bool accepted;       /* in this run */
    unsigned rejections; /* seen after it was accepted */
    bool deleted;
};

/* Rules of ours in a group of others', found by its tags. */
struct world_own_rules {
    enum world_found found;
    struct spec_texts ids;
    const char *group;
    bool deleted;
};

/* By subject as well: a few a path. */
struct world_consumer { /* NOLINT(clang-analyzer-optin.performance.Padding) */
    const struct spec_consumer *spec;
    bool left_out;             /* by --only, or foreign: nothing is asked */
    const char *account;       /* twelve digits; NULL: not known yet */
    enum world_found identity; /* GetCallerIdentity */
    const char *caller;        /* its ARN; NULL */
    enum world_found subnets_found;
    struct world_subnet *subnets; /* of the VPC */
    size_t nsubnets;
    /* the service as this account sees it */
    enum world_found service_found;
    unsigned service_looks; /* that did not find it */
    const char *service_name, *service_owner;
    bool service_acceptance;
    const char *service_private_name, *service_private_state;
    struct spec_texts service_zone_ids;
    struct spec_texts chosen; /* subnets for the endpoint, sorted */

    /* the group that is made, or those of the file */
    enum world_found clients_found;
    struct spec_texts clients; /* ranges that must reach the ports */
    enum world_found group_found;
    const char *group_hash;
    bool group_made, group_deleted;
    bool group_suspected; /* the endpoint's: looked at by its id */
    bool group_duplicate; /* its name is taken: it will be listed */
    struct world_group group;
    enum world_found references_found;
    struct world_group *references; /* details of the file's groups */
    size_t nreferences;
    struct world_own_rules own_rules; /* in the file's groups */
    bool rules_again; /* a rule is a duplicate: read the group again */
    struct world_endpoint endpoint;
};

struct world_drift {
    unsigned step; /* enum outcome_step_name */
    const struct world_consumer *consumer;
    const char *field;
    struct spec_texts want, have;
};

struct world {
    const struct spec *spec;
    char hash[IDENTITY_SPEC_SIZE]; /* "" until the account is known */
    const char *region;            /* the provider's; set by the engine */
    const char *account;           /* the provider's; NULL: not known yet */
    enum world_found identity;     /* the provider's GetCallerIdentity */
    bool frugal;                   /* what the service's tag says of the cache
                                      is taken for true */
    bool planning;                 /* changes are pretended */
    bool reject_others, reject_removed;
    bool destroying;
    bool only_look;     /* make and mend nothing */
    bool asks_caches;   /* this run looks at the caches */
    bool all;           /* look at all there is, not only what is needed */
    bool owners_missed; /* one of those asked for was gone */
    bool owners_needed; /* something of load balancing is to be changed */
    bool connections_needed;
    struct spec_texts decide; /* endpoints to accept or to reject */
    bool decide_listed, decide_reject;
    bool decided;           /* in this run */
    bool permits;           /* a plan adds permissions */
    bool provider_left_out; /* by --only: read, not changed */
    struct world_cache *caches;
    size_t ncaches;
    struct world_listener *listeners;
    size_t nlisteners;
    struct world_balancer *balancers;
    size_t nbalancers;
    struct world_lane *lanes; /* balancer by balancer */
    size_t nlanes;
    enum world_found provider_subnets_found;
    struct world_subnet *provider_subnets; /* of the load balancers */
    size_t nprovider_subnets;
    struct world_own_rules own_rules; /* in the caches' groups */
    struct world_service service;
    struct spec_texts principals; /* who may connect, as the file says it */
    struct world_consumer *consumers;
    size_t nconsumers;
    struct world_drift *drift;
    size_t ndrift, drift_room;
    const char **texts; /* private: those that are kept, by hash */
    size_t ntexts, text_room;
    bool no_memory; /* something was not kept: the run ends */
    struct arena arena;
};

/* What stands for an id that a plan cannot know. */
#define WORLD_LATER "(known after apply)"

/* Lay out what `spec` wants; nothing is found yet.  false: out of memory. */
bool world_init(struct world *world, const struct spec *spec);
void world_free(struct world *world);

/* The account is known: the spec's hash with it. */
void world_know_account(struct world *world, const char *account);

/* A copy of `text` in the arena, `old` when it says the same; NULL for NULL.
 */
const char *world_text(struct world *world, const char *old, const char *text);

/* Add `text` to `list`, which grows by copying. */
void world_add(struct world *world, struct spec_texts *list, const char *text);
bool world_has(const struct spec_texts *list, const char *text);
bool world_same(const struct spec_texts *a, const struct spec_texts *b);
void world_sort(struct spec_texts *list);

/* Does state `a` read `b`, whatever the case? */
bool world_is(const char *a, const char *b);

/* Zeroed memory of the arena; NULL: out of memory, which is noted. */
void *world_alloc(struct world *world, size_t size);

/* printf into the arena; "" when out of memory. */
const char *world_format(struct world *world, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Whose is a resource found by linkprobe:path that has this linkprobe:spec? */
enum world_owner world_owner(const struct world *world, const char *hash);

/* The ports of the path: the listeners', or 6379 without a provider.  Returns
 * how many. */
size_t world_ports(const struct world *world, unsigned *ports, size_t room);

/* The provider's account acts in this run. */
bool world_has_provider(const struct world *world);

/* Note a difference, once; lists are copied shallowly. */
void world_note_drift(struct world *world, unsigned step,
                      const struct world_consumer *consumer, const char *field,
                      struct spec_texts want, struct spec_texts have);

#endif /* PROVISION_WORLD_WORLD_H */
