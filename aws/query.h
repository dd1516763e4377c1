/*
 * query.h -- the body of a call in AWS' Query protocol, as it grows.
 *
 * `Action=CreateTags&Version=2016-11-15&ResourceId.1=vpce-1`: names and values
 * are percent-encoded, all but A-Z a-z 0-9 - . _ ~ (a space is %20), which is
 * the form that is signed as well.  Lists are numbered names; each service has
 * its own way to write them (AWS_LIST_*).
 *
 * A zeroed struct is an empty body.  A failed allocation is kept in `failed`
 * and ends the call: nobody needs to look in between.
 *
 * Source: AWS "Making API requests" of EC2, Elastic Load Balancing and
 * ElastiCache; botocore's service models for the names of lists.
 */
#ifndef AWS_QUERY_H
#define AWS_QUERY_H

#include <stdbool.h>
#include <stddef.h>

struct query {
    char *text; /* owned; NUL-terminated; NULL while empty */
    size_t size, room;
    bool failed; /* out of memory: the body is not whole */
};

/* Add `name`=`value`.  NULL adds nothing. */
void query_add(struct query *query, const char *name, const char *value);
void query_add_number(struct query *query, const char *name, long value);
void query_add_bool(struct query *query, const char *name, bool value);

/* The same under a made name: query_add_at(q, "vpc-id", "Filter.%u.Name", 1).
 */
void query_add_at(struct query *query, const char *value, const char *format,
                  ...) __attribute__((format(printf, 3, 4)));

/* NAME.1, NAME.2, ...; NAME may end in ".member" or a member's name:
 * "SubnetId" (EC2), "Subnets.member" (ELBv2),
 * "SubnetIds.SubnetIdentifier" (ElastiCache). */
void query_add_list(struct query *query, const char *name,
                    const char *const *values, size_t n);

/* Filter.N of EC2 with one value; `n` counts from 1. */
void query_add_filter(struct query *query, unsigned n, const char *name,
                      const char *value);

/* Release; the struct is an empty body again. */
void query_free(struct query *query);

#endif /* AWS_QUERY_H */
