/*
 * import.h -- `linkprobe provision import`: the file of a path that others
 * made, all of it as references.
 *
 *     service > its load balancers > their listeners > target groups, targets
 *     targets < addresses of a cache's name, of all caches of the account
 *
 * Only reads.  What cannot be told from AWS (a target that is no address of a
 * cache's name) is written as what it is, with a comment that says so.
 */
#ifndef PROVISION_IMPORT_H
#define PROVISION_IMPORT_H

#include <stddef.h>

#include "aws/client.h"

struct import_options {
    const char *service;  /* "vpce-svc-0a1b2c3d" */
    const char *endpoint; /* of the consumer; NULL */
    const char *name;     /* of the path, in the file */

    /* whose credentials; NULL as in aws/credentials.h */
    const char *profile, *region, *role_arn, *external_id;
    const char *endpoint_url;
    const char *dns; /* servers to ask for the caches' names; NULL */
    aws_log_cb log;  /* of -v; NULL */
    void *data;
};

/*
 * Run a loop of its own until the file is written to standard output.  Returns
 * an exit status: 0; 3 (a word or a setting is wrong, or there is no such
 * service) or 4 (AWS or the network), with one line in `error` and nothing on
 * standard output.
 */
int import_command(const struct import_options *options, char *error,
                   size_t size);

#endif /* PROVISION_IMPORT_H */
