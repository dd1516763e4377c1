/*
 * endpoint.h -- which service, in which region, at which URL.
 *
 * A URL is, first found wins: the option, AWS_ENDPOINT_URL_<SERVICE>,
 * AWS_ENDPOINT_URL, the profile's `services` section, the profile's
 * endpoint_url, AWS' own (partition-aware). AWS_IGNORE_CONFIGURED_ENDPOINT_URLS
 * silences all but the option.  AWS' own is that of FIPS or of both families of
 * addresses where AWS_USE_FIPS_ENDPOINT or AWS_USE_DUALSTACK_ENDPOINT, or the
 * profile, says so.
 * Source: "Service-specific endpoints", AWS SDKs and Tools Reference Guide.
 */
#ifndef AWS_ENDPOINT_H
#define AWS_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>

#include "aws/profile.h"

enum aws_service {
    AWS_EC2,
    AWS_ELBV2,
    AWS_ELASTICACHE,
    AWS_STS,
    AWS_SERVICES,
};

struct aws_service_info {
    const char *name;    /* "ec2": words, and the signing name */
    const char *version; /* "2016-11-15" */
    const char *id;      /* "EC2" of AWS_ENDPOINT_URL_EC2 */
    const char *prefix;  /* of its own host name */
};

const struct aws_service_info *aws_service_info(enum aws_service service);

/* "aws", "aws-cn", "aws-us-gov", ... and the suffix of host names. */
const char *aws_partition(const char *region);
const char *aws_dns_suffix(const char *region);

/* Is it the shape of a region's name? */
bool aws_region_valid(const char *region);

/* `profile`, or when it is NULL AWS_PROFILE, AWS_DEFAULT_PROFILE, "default". */
const char *aws_profile_name(const char *profile);

/* AWS_REGION, AWS_DEFAULT_REGION, the profile's; NULL: none. */
const char *aws_region_default(const struct profiles *profiles,
                               const char *profile);

/* false: the URL found is none, said in `error` with its source. */
bool aws_endpoint(enum aws_service service, const char *region,
                  const char *option, const struct profiles *profiles,
                  const char *profile, char *url, size_t url_size, char *error,
                  size_t size);

#endif /* AWS_ENDPOINT_H */
