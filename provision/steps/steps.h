/*
 * steps.h -- the steps of a path, and what they share.
 *
 * One kind a step; most steps of the outcome are several kinds that share a
 * line (making a load balancer, its attributes, ...).
 */
#ifndef PROVISION_STEPS_STEPS_H
#define PROVISION_STEPS_STEPS_H

#include "provision/steps/step.h"

/* Whose credentials these are: the guard, and the account of the hash. */
extern const struct step_kind step_identity_provider;
extern const struct step_kind step_identity_consumer;

/* Is what has our names ours?  One call for all of load balancing. */
extern const struct step_kind step_owners;

extern const struct step_kind step_cache;   /* index: cache */
extern const struct step_kind step_resolve; /* index: listener */
extern const struct step_kind step_provider_subnets;
extern const struct step_kind step_cache_group;       /* index: cache */
extern const struct step_kind step_balancer;          /* index: balancer */
extern const struct step_kind step_cross_zone;        /* index: balancer */
extern const struct step_kind step_target_group;      /* index: lane */
extern const struct step_kind step_target_attributes; /* index: lane */
extern const struct step_kind step_targets;           /* index: lane */
extern const struct step_kind step_listeners;         /* index: balancer */
extern const struct step_kind step_listener;          /* index: lane */
extern const struct step_kind step_service;
extern const struct step_kind step_service_look; /* makes and mends nothing */
extern const struct step_kind step_permissions;
extern const struct step_kind step_connections;
extern const struct step_kind step_reject_removed;
extern const struct step_kind step_accept_listed;

extern const struct step_kind step_decide; /* of accept and reject */

/* of each consumer */
extern const struct step_kind step_service_view;
extern const struct step_kind step_subnets;
extern const struct step_kind step_group;
extern const struct step_kind step_rules;
extern const struct step_kind step_endpoint;
extern const struct step_kind step_endpoint_settings;
extern const struct step_kind step_acceptance; /* acts for the provider; index:
                                                  the consumer */
extern const struct step_kind step_available;
extern const struct step_kind step_private_name; /* of the provider */
extern const struct step_kind step_private_dns;
extern const struct step_kind step_verify; /* left to who runs the check */

/* of destroy */
extern const struct step_kind step_others;
extern const struct step_kind step_delete_endpoint;
extern const struct step_kind step_delete_service;
extern const struct step_kind step_delete_balancer;     /* index: balancer */
extern const struct step_kind step_delete_target_group; /* index: lane */
extern const struct step_kind step_delete_group;
extern const struct step_kind step_revoke_consumer;
extern const struct step_kind step_revoke_provider;

/* ---- what they share */

enum {
    STEP_SETTLE_LOOKS = 8, /* looks at what must become visible */
};

struct world_consumer *step_consumer(const struct step *step,
                                     struct world *world);
struct world_lane *step_lane(const struct step *step, struct world *world);

/* now()'s ways to end; the reason is kept as it is. */
enum step_now step_blocked(struct step_ask *ask, const char *reason);
enum step_now step_failed(struct step_ask *ask, const char *reason);
enum step_now step_refused(struct step_ask *ask, const char *reason);
enum step_now step_call(struct step_ask *ask, enum action action,
                        enum outcome_action did);
enum step_now step_wait(struct step_ask *ask, enum action action,
                        unsigned pause_ms);

/* A call that AWS may refuse for a while: after a refusal it is a wait. */
enum step_now step_attempt(const struct step *step, struct step_ask *ask,
                           enum action action);

/* Of destroy: `id` has our name and not our tags. */
enum step_now step_foreign(struct world *world, struct step_ask *ask,
                           const char *id);
bool step_service_gone(const struct world *world);

/* Tags of all that is made: ours, the file's, one more (NULL: none). */
void step_tag_ec2(const struct world *world, struct query *query,
                  const char *type, const struct spec_tags *tags,
                  const char *key, const char *value);
void step_tag_elb(const struct world *world, struct query *query,
                  const struct spec_tags *tags);

/* Filter `n`: what carries this path's tag. */
void step_filter_path(const struct world *world, struct query *query,
                      unsigned n);

/* NAME.1 or NAME.member.1: one value */
void step_query_texts(struct query *query, const char *name,
                      const struct spec_texts *list);

/* An answer with no error, or a plan that pretends. */
bool step_ok(const struct aws_call *answer);

/* A list of one, and "a, b". */
struct spec_texts step_one(struct world *world, const char *text);
const char *step_join(struct world *world, const struct spec_texts *list);

/* The texts of `a` that `b` lacks. */
struct spec_texts step_lacking(struct world *world, const struct spec_texts *a,
                               const struct spec_texts *b);

/* ---- looking for what may be there; DONE when that is known */

enum step_now step_find_service(struct world *world, struct step_ask *ask);
enum step_now step_find_balancer(struct world *world,
                                 struct world_balancer *balancer,
                                 struct step_ask *ask);
enum step_now step_find_target_group(const struct world_lane *lane,
                                     struct step_ask *ask);
enum step_now step_find_endpoint(struct world *world,
                                 struct world_consumer *consumer,
                                 struct step_ask *ask);
enum step_now step_find_group(struct world *world,
                              struct world_consumer *consumer,
                              struct step_ask *ask);

/* AWS says that it is not there, though a service names it: lists lag, and the
 * service may be gone as well.  It is looked for by its name. */
void step_doubt_balancer(struct world_balancer *balancer);

/* ---- questions to the world that several steps ask */

/* Something is to be made in the provider's VPC: its network is needed. */
bool step_needs_network(const struct world *world,
                        const struct world_cache *cache);
bool step_needs_cache_groups(const struct world *world,
                             const struct world_cache *cache);
bool step_needs_provider_subnets(const struct world *world);

/* May load balancing be changed?  false: it is asked first (`ask` says why it
 * is blocked), or it is not ours (refused). */
bool step_may_change(struct world *world, enum world_owner owner,
                     const char *what, const char *name, struct step_ask *ask,
                     enum step_now *now);

/* A wanted target of the lane that is healthy; all of them. */
bool step_has_healthy(const struct world_lane *lane);
bool step_all_healthy(const struct world_lane *lane);
const struct world_target *step_target(const struct world_lane *lane,
                                       const char *address);

/* Does it wait, of a foreign consumer whose connections are accepted? */
bool step_is_listed(const struct world *world,
                    const struct world_connection *connection);

/* Is `port` open to all of `cidr` by one of these rules? */
bool step_admits(const struct world_group *groups, size_t n, unsigned port,
                 const char *cidr);

/* AuthorizeSecurityGroupIngress: `port` of `group` for all of `ranges`. */
void step_query_rules(const struct world *world, struct query *query,
                      const char *group, unsigned port,
                      const struct spec_texts *ranges,
                      const struct spec_tags *tags);

/* ... and the rules that `group` has after it. */
void step_add_rules(struct world *world, struct world_group *group,
                    unsigned port, const struct spec_texts *ranges);

/* The endpoint is (to be) made by this run, so its network is needed. */
bool step_makes_endpoint(const struct world_consumer *consumer);

#endif /* PROVISION_STEPS_STEPS_H */
