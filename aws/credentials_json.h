/*
 * credentials_json.h -- keys as a program or a metadata service prints them.
 */
#ifndef AWS_CREDENTIALS_JSON_H
#define AWS_CREDENTIALS_JSON_H

#include "aws/credentials_keys.h"

enum {
    CREDENTIALS_JSON_MAX = 64 * 1024,
};

enum credentials_shape {
    SHAPE_PROCESS,  /* credential_process: Version 1, SessionToken */
    SHAPE_METADATA, /* container and instance: Token, Expiration, Code */
};

/*
 * Read `n` bytes into `found`.  false: not of this shape; a line that begins
 * with `whose` and holds nothing of what was read but the service's own Code
 * and Message.
 */
bool credentials_json_read(const char *bytes, size_t n,
                           enum credentials_shape shape, const char *whose,
                           struct found_keys *found, struct fault *fault);

#endif /* AWS_CREDENTIALS_JSON_H */
