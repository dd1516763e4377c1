/*
 * vpce.h -- the parts of an interface endpoint's own DNS name.
 *
 *     vpce-ID-HASH[-ZONE].vpce-svc-ID.REGION.vpce.amazonaws.com
 *
 * Source: AWS PrivateLink guide, "Access an AWS service using an interface VPC
 * endpoint", and what DescribeVpcEndpoints returns as DnsEntries.
 */
#ifndef VERDICT_VPCE_H
#define VERDICT_VPCE_H

#include <stdbool.h>
#include <stddef.h>

enum {
    VPCE_PART_MAX = 64, /* a label and a NUL (RFC 1035, 2.3.4) */
};

struct vpce_name {
    char endpoint[VPCE_PART_MAX]; /* "vpce-0db3" */
    char zone[VPCE_PART_MAX];     /* "us-west-2a"; "": the regional name */
    char service[VPCE_PART_MAX];  /* "vpce-svc-0e12" */
    char region[VPCE_PART_MAX];   /* "us-west-2" */
};

/* Read `host` (any case, a final dot is fine).  Returns false, and leaves
 * `name` alone, when it is another kind of name. */
bool vpce_parse(const char *host, struct vpce_name *name);

/* Was `host` meant to be one, and is none: a letter too few or too many? */
bool vpce_is_misspelt(const char *host);

/*
 * The endpoint's name of the zone `letter` of its region ("b": us-west-2b), or
 * with '\0' of all zones, into `name`, absolute.  Returns false when it does
 * not fit, or `host` is another kind of name.
 */
bool vpce_sibling(const char *host, char letter, char *name, size_t size);

#endif /* VERDICT_VPCE_H */
