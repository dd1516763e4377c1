/*
 * internal.h -- what the templates share: the path laid out, which of
 * its parts are to be made, and the tags they carry.
 */
#ifndef PROVISION_EXPORT_INTERNAL_H
#define PROVISION_EXPORT_INTERNAL_H

#include "provision/export/export.h"
#include "provision/world/world.h"

struct exporting {
    const struct export_options *options;
    const struct spec *spec;
    FILE *out;
    struct world world;                 /* the names; nothing is found */
    bool provider;                      /* its side is to be written */
    unsigned ports[SPEC_LISTENERS_MAX]; /* of the path */
    size_t nports;
};

/* Lay out.  false: there is nothing to make, or no memory; `error` is set. */
bool export_begin(struct exporting *e, const struct export_options *options,
                  char *error, size_t size);
void export_end(struct exporting *e);

/* Is an endpoint to be made for it? */
bool export_has(const struct exporting *e, const struct spec_consumer *at);

/* How many of them. */
size_t export_count(const struct exporting *e);

/* Does a rule have to be added to the cache's security group? */
bool export_adds_cache_rule(const struct exporting *e);

/* The security group that is made for a consumer: its name and its words. */
void export_group_name(const struct exporting *e,
                       char name[IDENTITY_NAME_SIZE]);
const char *export_group_words(struct exporting *e);

/* The tags of what is made: ours, then `tags`; calls `put` for each. */
typedef void (*export_tag_cb)(void *data, const char *key, const char *value);
void export_tags(const struct exporting *e, const struct spec_tags *tags,
                 export_tag_cb put, void *data);

/* Of a cache: the load balancer's subnets are written in the file. */
bool export_is_host(const struct exporting *e);

/* "prefix-" and 8 or 17 hexadecimal digits: what AWS gives, and no example. */
bool export_is_id(const char *id);
bool export_are_ids(const struct spec_texts *ids);

/* The port that the targets of a listener listen on, as far as the file says
 * it. */
unsigned export_target_port(const struct spec_listener *listener);

/* What no template of CloudFormation can do. */
#define EXPORT_ACCEPT_WORDS                                                    \
    "The provider accepts the endpoint's connection request: linkprobe "       \
    "provision apply, or aws ec2 accept-vpc-endpoint-connections"

#endif /* PROVISION_EXPORT_INTERNAL_H */
