/*
 * http.h -- HTTP(S) requests on the loop: libcurl's multi interface.
 *
 * Connections are kept and shared by all requests of one struct http.  The
 * proxy is the environment's (HTTPS_PROXY, HTTP_PROXY, NO_PROXY), the CA bundle
 * AWS_CA_BUNDLE's, else the system's; redirects are not followed.
 *
 * The contract of an operation is net/resolve.h's: start returns nothing, the
 * callback runs exactly once and never inside start or cancel.
 */
#ifndef AWS_HTTP_H
#define AWS_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#include "net/loop.h"

enum {
    HTTP_BODY_MAX = 8 << 20, /* a larger answer ends the request */
};

struct http; /* one a loop */

/* `ca_bundle`: a file of certificates to trust instead of the system's; NULL:
 * AWS_CA_BUNDLE's, if it is set.  The loop must outlive what is made.  NULL:
 * out of memory. */
struct http *http_new(struct net_loop *loop, const char *ca_bundle);

/* Every request must have ended.  Closing its handles takes a turn of the
 * loop. */
void http_free(struct http *http);

struct http_request;

typedef void (*http_done_cb)(struct http_request *request);

struct http_request {
    /* set by the caller; lent until `done` */
    const char *method; /* "GET", "POST", "PUT" */
    const char *url;
    const char *const *headers; /* "Name: value" */
    size_t nheaders;
    const void *body;
    size_t body_size;
    unsigned connect_ms, total_ms; /* 0: 5 s and 60 s */
    bool no_proxy;                 /* addresses of this machine's own world */
    http_done_cb done;
    void *data;

    /* valid from `done` until http_request_free() */
    int status;      /* 200; 0: no answer, see `error` */
    bool sent;       /* false: not a byte of it left; safe to repeat */
    bool hopeless;   /* no answer, and none to be had by trying again: a
                        certificate, a URL, an answer that is too large */
    char error[256]; /* one line; "" with an answer.  Never a secret */
    char *answer;    /* the body, NUL-terminated */
    size_t answer_size;
    char date[40];       /* the Date header; "" */
    long retry_after_ms; /* x-amz-retry-after, Retry-After; -1 none */

    /* private */
    struct http *http;
    void *easy;
    void *list;
    void *soon;
    size_t answer_room;
    bool running;    /* from start to callback */
    bool ended;      /* waits for its callback */
    bool whole;      /* the headers came to their end */
    const char *why; /* it ends for a reason of ours; NULL: curl's */
};

void http_start(struct http *http, struct http_request *request);
void http_cancel(struct http_request *request);       /* idempotent */
void http_request_free(struct http_request *request); /* of what `done` gave */

#endif /* AWS_HTTP_H */
