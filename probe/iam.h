/*
 * iam.h -- an ElastiCache IAM token, read for what it says of itself.
 *
 * A token is a presigned URL without its scheme:
 *
 *     CACHE/?Action=connect&User=USER&...&X-Amz-Date=20261123T030000Z
 *         &X-Amz-Expires=900&...
 *
 * Source: Amazon ElastiCache user guide, "Authenticating with IAM".
 */
#ifndef PROBE_IAM_H
#define PROBE_IAM_H

#include <stdbool.h>

#include "verdict/evidence.h"

/* Read `password`, used by `user` (NULL: the default user).  Returns false
 * when it is no such token.  Keeps nothing of the secret. */
bool iam_read(const char *password, const char *user, struct evidence_iam *iam);

#endif /* PROBE_IAM_H */
