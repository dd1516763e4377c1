/*
 * terraform.h -- what the files of this form share.
 */
#ifndef PROVISION_EXPORT_TERRAFORM_H
#define PROVISION_EXPORT_TERRAFORM_H

#include "provision/export/hcl.h"
#include "provision/export/internal.h"

struct terraform {
    struct exporting e;
    struct hcl hcl;
};

/* The names of things: "balancer_1", "balancer_1_6379", "consumer_app". */
const char *tf_balancer(struct terraform *t,
                        const struct world_balancer *balancer);
const char *tf_lane(struct terraform *t, const struct world_lane *lane);
const char *tf_cache(struct terraform *t, const struct world_cache *cache);
const char *tf_consumer(struct terraform *t, const struct spec_consumer *at);

void tf_tags(struct terraform *t, const struct spec_tags *tags);

/* A tag that linkprobe keeps for itself is left alone. */
void tf_ignore_tag(struct terraform *t, const char *key);

/* ["a", "b"] on one line. */
const char *tf_list(struct terraform *t, const struct spec_texts *texts);

/* The ARN of a load balancer, the name of the service: expressions. */
const char *tf_balancer_arn(struct terraform *t,
                            const struct world_balancer *balancer);
const char *tf_service_name(struct terraform *t,
                            const struct spec_consumer *at);

void tf_lookups(struct terraform *t); /* of the caches: data and locals */
void tf_provider(struct terraform *t);
void tf_consumers(struct terraform *t);
void tf_imports(struct terraform *t);

#endif /* PROVISION_EXPORT_TERRAFORM_H */
