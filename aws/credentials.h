/*
 * credentials.h -- who calls: the chain that users of the AWS CLI expect.
 *
 * Without a profile named: the environment (AWS_ACCESS_KEY_ID, ...), then the
 * profile of AWS_PROFILE or "default".  Of a profile: role_arn with
 * source_profile (chained) or credential_source through STS, web identity,
 * keys of the credentials file, credential_process, keys of the config file;
 * then the container's endpoint, then the instance's (IMDSv2).  SSO profiles
 * are answered with the words that help (credential_process = aws configure
 * export-credentials).  `role_arn` on top of all: assumed with what was found.
 *
 * Keys are kept until 5 minutes before they expire (15 with time to spare) and
 * fetched again then; requests that come meanwhile wait for the one fetch.
 */
#ifndef AWS_CREDENTIALS_H
#define AWS_CREDENTIALS_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "aws/http.h"
#include "aws/profile.h"
#include "aws/sigv4.h"

struct credentials_options {
    const char *profile;      /* NULL: the default chain */
    const char *role_arn;     /* NULL: none on top */
    const char *external_id;  /* of role_arn */
    const char *region;       /* of STS' endpoint; NULL: the chain's */
    const char *endpoint_url; /* --endpoint-url, for STS */
};

struct credentials;

/* Lent: profiles, http.  The options' texts are copied.  NULL: out of memory.
 */
struct credentials *credentials_new(struct net_loop *loop, struct http *http,
                                    const struct profiles *profiles,
                                    const struct credentials_options *options);

/* Wiped; takes NULL.  Every request must have ended. */
void credentials_free(struct credentials *credentials);

struct credentials_request;

/* `keys` NULL: none could be had, `error` is one line without a secret that
 * names what was tried.  Lent for the call. */
typedef void (*credentials_cb)(void *data, const struct aws_keys *keys,
                               const char *source, const char *error);

struct credentials_request {
    credentials_cb done;
    void *data;

    /* private */
    struct credentials_request *next;
    bool waiting, canceled;
};

/* The callback runs exactly once, never inside. */
void credentials_get(struct credentials *credentials,
                     struct credentials_request *request);

/* Ends a request that waits, by its callback with an error.  When all have
 * ended, nothing is in flight. */
void credentials_cancel(struct credentials *credentials,
                        struct credentials_request *request);

/* Why the last fetch gave no keys. */
enum credentials_fault {
    CREDENTIALS_FINE,
    CREDENTIALS_CONFIG,  /* there are none, or the settings are wrong */
    CREDENTIALS_SERVICE, /* AWS refused, or could not be reached */
};
enum credentials_fault credentials_fault(const struct credentials *credentials);

/* What was handed out was refused as expired: fetch again at the next get. */
void credentials_refuse(struct credentials *credentials);

#endif /* AWS_CREDENTIALS_H */
