/*
 * identity.h -- names, tags and tokens by which a path knows what is its own.
 *
 * There is no state file.  All that is made carries, set in the very call that
 * makes it, the tags linkprobe:path (the path's name) and linkprobe:spec (a
 * hash of name, provider's account and region); load balancers, target groups
 * and security groups are also named by the path.  A client token is a hash of
 * the path and the parent's id, so that a repeated create finds the first one
 * and a new generation never meets the old one.
 */
#ifndef PROVISION_IDENTITY_H
#define PROVISION_IDENTITY_H

#include <stddef.h>

#define IDENTITY_TAG_PATH "linkprobe:path"
#define IDENTITY_TAG_SPEC "linkprobe:spec"

enum {
    IDENTITY_NAME_SIZE = 33,  /* 32 characters, the load balancer's limit */
    IDENTITY_SPEC_SIZE = 17,  /* 16 hexadecimal digits */
    IDENTITY_TOKEN_SIZE = 65, /* of AWS' limit of 64 */
};

/* The value of linkprobe:spec.  `account`: the provider's twelve digits, or of
 * a path without a provider the service's name. */
void identity_spec(const char *name, const char *account, const char *region,
                   char out[IDENTITY_SPEC_SIZE]);

/*
 * The name of a load balancer or target group: the path's name and what tells
 * several apart ("" or "6380"), letters, digits and hyphens, at most 32, not
 * beginning with "internal-" nor with a hyphen at an end.  A name that is too
 * long or had other characters ends in a hash.
 */
void identity_name(const char *name, const char *suffix,
                   char out[IDENTITY_NAME_SIZE]);

/* A client token of `kind` ("service", "endpoint") below `parent`; `salt`
 * counts generations, 0 at first. */
void identity_token(const char *name, const char *kind, const char *parent,
                    unsigned salt, char out[IDENTITY_TOKEN_SIZE]);

#endif /* PROVISION_IDENTITY_H */
