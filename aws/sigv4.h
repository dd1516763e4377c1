/*
 * sigv4.h -- AWS Signature Version 4: pure, the clock is the caller's.
 *
 * Source: "Create a signed AWS API request", AWS IAM User Guide.  The signer
 * takes a path and a query as they go over the wire and makes their canonical
 * form itself (decoded and encoded again, sorted).
 *
 * What libcurl offers (CURLOPT_AWS_SIGV4) is not used: 7.88 signs several
 * queries wrongly, takes no date and cannot presign.
 */
#ifndef AWS_SIGV4_H
#define AWS_SIGV4_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

struct aws_keys {
    const char *access_key;
    const char *secret_key;
    const char *session_token; /* NULL: none */
};

struct sigv4_header {
    const char *name; /* any case */
    const char *value;
};

struct sigv4_request {
    const char *method; /* "POST" */
    const char *host;   /* as in the Host header: with a port that is not the
                           scheme's own */
    const char *path;   /* "/" */
    const char *query;  /* without "?"; NULL or "" none */
    const struct sigv4_header *headers; /* more that are to be signed */
    size_t nheaders;
    const void *body;
    size_t body_size;
    const char *region;  /* of the scope: never taken from the host */
    const char *service; /* signing name: "ec2" */
    time_t now;
    bool keep_path; /* S3's way: the path is not normalized */
};

enum {
    SIGV4_DATE_SIZE = 17,           /* "20260102T030405Z" and a NUL */
    SIGV4_AUTHORIZATION_SIZE = 768, /* more is refused */
};

struct sigv4_signed {
    char date[SIGV4_DATE_SIZE];                   /* X-Amz-Date */
    char authorization[SIGV4_AUTHORIZATION_SIZE]; /* Authorization */
};

/*
 * Sign by headers: host, x-amz-date, x-amz-security-token (with a token) and
 * `headers` are signed.  The caller sends X-Amz-Date, X-Amz-Security-Token and
 * Authorization.  false: out of memory, or a field is too long.
 */
bool sigv4_sign(const struct sigv4_request *request,
                const struct aws_keys *keys, struct sigv4_signed *out);

/*
 * Sign by query: `out` gets the whole query ("Action=connect&...&
 * X-Amz-Signature=..."), owned by the caller, secret.  Only `host` and
 * `headers` are signed; the hash is that of `body`.  NULL: out of memory.
 */
char *sigv4_presign(const struct sigv4_request *request,
                    const struct aws_keys *keys, unsigned expires_s);

#endif /* AWS_SIGV4_H */
