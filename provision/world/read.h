/*
 * read.h -- answers of AWS into a world: a reader a resource.
 *
 * Each takes the node of one resource and fills what it tells, leaving the rest
 * alone.  What is not there leaves NULL or 0; nothing is refused here.
 */
#ifndef PROVISION_WORLD_READ_H
#define PROVISION_WORLD_READ_H

#include "aws/client.h"
#include "aws/xml.h"
#include "provision/world/world.h"

/* The text at `path` as the new value of `*at`; NULL when there is none. */
void world_read(struct world *world, const char **at,
                const struct xml_node *node, const char *path);

/* The texts of all nodes at `path`, below each the one at `inner` (NULL: its
 * own); the list is left as it was when it says the same. */
void world_read_list(struct world *world, struct spec_texts *list,
                     const struct xml_node *node, const char *path,
                     const char *inner);

/* The number at `path`, else `otherwise`. */
long world_read_number(const struct xml_node *node, const char *path,
                       long otherwise);

/* "arn:aws:...:REGION:ACCOUNT:...": the account into `out` of 16 bytes, "" */
void world_arn_account(const char *arn, char out[16]);

/* cache: <ReplicationGroup>, <CacheCluster>, <CacheSubnetGroup>,
 * <ServerlessCache> */
void world_read_replication_group(struct world *world,
                                  struct world_cache *cache,
                                  const struct xml_node *node);
void world_read_cache_cluster(struct world *world, struct world_cache *cache,
                              const struct xml_node *node);
void world_read_subnet_group(struct world *world, struct world_cache *cache,
                             const struct xml_node *node);
void world_read_serverless(struct world *world, struct world_cache *cache,
                           const struct xml_node *node);

/* <LoadBalancers><member>, <TargetGroups><member>, <Listeners><member> */
void world_read_balancer(struct world *world, struct world_balancer *balancer,
                         const struct xml_node *node);
void world_read_target_group(struct world *world,
                             struct world_target_group *group,
                             const struct xml_node *node);
void world_read_listener(struct world *world, struct world_lane *lane,
                         const struct xml_node *node);

/* The answers of DescribeTargetHealth and of the attributes. */
void world_read_targets(struct world *world, struct world_target_group *group,
                        const struct aws_call *answer);
const char *world_read_attribute(const struct aws_call *answer,
                                 const char *key);

/* Of DescribeTags: whose is `arn`?  As it was when it is not of the answer. */
void world_read_owner_tags(const struct world *world,
                           const struct aws_call *answer, const char *arn,
                           enum world_owner *owner);

/* The value of a tag in <tagSet>; NULL. */
const char *world_read_tag(const struct xml_node *node, const char *key);

/* <serviceConfigurationSet><item>, and the answers of permissions and
 * connections */
void world_read_service(struct world *world, struct world_service *service,
                        const struct xml_node *node);
void world_read_principals(struct world *world, struct world_service *service,
                           const struct aws_call *answer);
void world_read_connections(struct world *world, struct world_service *service,
                            const struct aws_call *answer);

/* <serviceDetailSet><item>: as a consumer sees it */
void world_read_service_detail(struct world *world,
                               struct world_consumer *consumer,
                               const struct xml_node *node);

/* <vpcEndpointSet><item> */
void world_read_endpoint(struct world *world, struct world_endpoint *endpoint,
                         const struct xml_node *node);

/* <securityGroupInfo><item>; the answer of DescribeSubnets */
void world_read_group(struct world *world, struct world_group *group,
                      const struct xml_node *node);
void world_read_groups(struct world *world, struct world_group **groups,
                       size_t *n, const struct aws_call *answer);
void world_read_subnets(struct world *world, struct world_subnet **subnets,
                        size_t *n, const struct aws_call *answer);

#endif /* PROVISION_WORLD_READ_H */
