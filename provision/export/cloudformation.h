/*
 * cloudformation.h -- what the three files of this form share.
 */
#ifndef PROVISION_EXPORT_CLOUDFORMATION_H
#define PROVISION_EXPORT_CLOUDFORMATION_H

#include "provision/export/internal.h"
#include "provision/pretty.h"

enum {
    CFN_NAME_SIZE = 64,
};

struct cfn {
    struct exporting e;
    struct json *json;
    size_t sides;
    char condition[CFN_NAME_SIZE]; /* of the side being written */
};

enum cfn_type {
    CFN_VPC,
    CFN_SUBNETS,
    CFN_GROUPS,
    CFN_GROUP,
    CFN_RANGE, /* an IPv4 range */
    CFN_SERVICE,
};

void cfn_parameter(struct cfn *c, const char *name, enum cfn_type type,
                   const char *description);

/* A resource up to its properties, and from there to its end. */
void cfn_begin(struct cfn *c, const char *name, const char *type);
void cfn_end(struct cfn *c);

/* An output up to its value; an object's end follows. */
void cfn_output_begin(struct cfn *c, const char *name, const char *description);

void cfn_ref(struct cfn *c, const char *name);
void cfn_member_ref(struct cfn *c, const char *key, const char *name);
void cfn_texts(struct cfn *c, const char *key, const struct spec_texts *texts);
void cfn_tags(struct cfn *c, const struct spec_tags *tags);

void cfn_provider_parameters(struct cfn *c);
void cfn_provider_resources(struct cfn *c);
void cfn_provider_outputs(struct cfn *c);
void cfn_consumer_parameters(struct cfn *c);
void cfn_consumer_resources(struct cfn *c);
void cfn_consumer_outputs(struct cfn *c);

#endif /* PROVISION_EXPORT_CLOUDFORMATION_H */
