/*
 * client.h -- one signed call of AWS' Query API on the loop.
 *
 * A call is signed, sent, retried in the standard mode (transient faults and
 * throttling: full jitter, longer for throttling, at most `attempts` times, a
 * quota of retries an account, a server's retry-after), its answer read.
 * Answers that are not XML, are cut short, or whose root is not
 * <Action>Response are faults of the transport.  A clock that is wrong is
 * measured by the answer's Date, named once, and corrected.  Expired
 * credentials are fetched again, once.  Pages are fetched until there are none.
 *
 * Source: "Retry behavior", AWS SDKs and Tools Reference Guide.
 */
#ifndef AWS_CLIENT_H
#define AWS_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aws/credentials.h"
#include "aws/endpoint.h"
#include "aws/http.h"
#include "aws/query.h"
#include "aws/xml.h"

enum aws_status {
    AWS_OK,
    AWS_REFUSED,        /* AWS answered with an error: `code`, `message` */
    AWS_NO_ANSWER,      /* the network, after all attempts: `message` */
    AWS_NO_CREDENTIALS, /* `message` says what was tried */
    AWS_CANCELED,
    AWS_NO_MEMORY,
};

/* Whom calls are made for.  Texts are copied. */
struct aws_account_options {
    const char *label;   /* "provider", "consumer app": for messages */
    const char *profile; /* NULL: the default chain */
    const char *role_arn, *external_id;
    const char *region;       /* NULL: the chain's default */
    const char *endpoint_url; /* NULL: the environment's and the profile's */
    unsigned attempts;        /* of one call; 0: 8 */
    unsigned total_ms;        /* of one call with its retries; 0: 120 s */
    unsigned retry_base_ms;   /* 0: 50, and 500 after throttling */
};

struct aws_account;

/* false in `error`: the region is missing or none, a URL is none, ... */
struct aws_account *aws_account_new(struct net_loop *loop, struct http *http,
                                    const struct profiles *profiles,
                                    const struct aws_account_options *options,
                                    char *error, size_t size);
void aws_account_free(struct aws_account *account); /* takes NULL */

const char *aws_account_label(const struct aws_account *account);
const char *aws_account_region(const struct aws_account *account);

/* The account's credentials, for token.h. */
struct credentials *aws_account_credentials(struct aws_account *account);

/* Attempts beyond the first, of all calls so far. */
unsigned aws_account_retries(const struct aws_account *account);

/* Seconds that AWS' clock is ahead of this machine's, once that made a
 * signature fail; 0 before. */
long aws_account_skew_s(const struct aws_account *account);

/* A line for -v after each attempt: action, account, status, milliseconds,
 * never a parameter that could be secret.  NULL: none. */
typedef void (*aws_log_cb)(void *data, const char *line);
void aws_account_log(struct aws_account *account, aws_log_cb log, void *data);

struct aws_call;

typedef void (*aws_done_cb)(struct aws_call *call);

struct aws_call {
    /* set by the caller; lent until `done` */
    struct aws_account *account;
    enum aws_service service;
    const char *action; /* "DescribeVpcEndpoints" */
    struct query query; /* parameters without Action and Version; owned by the
                           call from aws_call_start(), released by
                           aws_call_free() */
    bool pages;         /* fetch further pages until there are none */
    aws_done_cb done;
    void *data;

    /* valid from `done` until aws_call_free() */
    enum aws_status status;
    char code[96];        /* "InvalidGroup.Duplicate"; "" when OK */
    char message[512];    /* one line, safe to print; "" when OK */
    int http_status;      /* of the last attempt; 0 none */
    struct xml **answers; /* one a page */
    size_t nanswers;
    unsigned attempts; /* requests sent, of all pages */
    uint64_t ns;       /* from start to done */

    void *state; /* private */
};

/* The contract of net/resolve.h: one callback, never inside. */
void aws_call_start(struct aws_call *call);
void aws_call_cancel(struct aws_call *call); /* idempotent */
void aws_call_free(struct aws_call *call);   /* after done, or never started */

/* The result element: of EC2 the root, of the others its <ActionResult>; of
 * the first page.  NULL: no answer. */
const struct xml_node *aws_call_result(const struct aws_call *call);

/* Over the items of all pages:
 *     for (n = aws_call_first(c, "vpcEndpointSet/item"); n;
 *          n = aws_call_next(c, n, "vpcEndpointSet/item")) */
const struct xml_node *aws_call_first(const struct aws_call *call,
                                      const char *path);
const struct xml_node *aws_call_next(const struct aws_call *call,
                                     const struct xml_node *node,
                                     const char *path);

/* The first of <unsuccessful><item> in an answer of 200: EC2's partial
 * failures (accept, reject, delete).  NULL: none.  `code` and `message` are of
 * that item. */
const struct xml_node *aws_call_unsuccessful(const struct aws_call *call,
                                             const char **code,
                                             const char **message);

/* Is the error one of these, separated by spaces?  Compared whole. */
bool aws_call_is(const struct aws_call *call, const char *codes);

#endif /* AWS_CLIENT_H */
