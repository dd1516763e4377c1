/*
 * token.h -- the password of an ElastiCache user with IAM authentication.
 *
 * A presigned request to "connect", without "http://", good for 15 minutes.
 * Source: "Authenticating with IAM", Amazon ElastiCache User Guide.
 */
#ifndef AWS_TOKEN_H
#define AWS_TOKEN_H

#include <stdbool.h>
#include <time.h>

#include "aws/sigv4.h"

enum {
    TOKEN_EXPIRES_S = 900,
};

/* `cache`: the replication group's id or the serverless cache's name, in any
 * case.  The text is secret and the caller's; NULL: out of memory. */
char *token_make(const char *cache, const char *user, const char *region,
                 bool serverless, const struct aws_keys *keys, time_t now);

#endif /* AWS_TOKEN_H */
