/*
 * http_internal.h -- between http.c (the loop) and http_request.c (one
 * transfer).
 */
#ifndef AWS_HTTP_INTERNAL_H
#define AWS_HTTP_INTERNAL_H

#include <curl/curl.h>
#include <stdbool.h>

#include "aws/http.h"

struct http {
    struct net_loop *loop;
    CURLM *multi;
    char *ca_bundle;            /* owned; NULL: the system's */
    struct net_deadline timer;  /* curl's */
    struct net_deadline soon;   /* somebody's callback is due */
    struct http_request *first; /* of those whose callback is due ... */
    struct http_request *last;  /* ... by `soon` of each */
    unsigned running;
};

/* Make the transfer of `request`.  false: out of memory. */
bool http_request_open(struct http_request *request);

/* Give up what the transfer held; the answer stays. */
void http_request_close(struct http_request *request);

/* What became of the transfer: status, error, sent, hopeless. */
void http_request_judge(struct http_request *request, CURLcode result);

#endif /* AWS_HTTP_INTERNAL_H */
