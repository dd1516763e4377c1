/*
 * credentials_exchange.h -- one request to a service of keys, and again when
 * that may help.
 *
 * What did not arrive, and an answer of 429 or 5xx, is tried again after a
 * pause that doubles; so is what exchange_again() asks for.
 */
#ifndef AWS_CREDENTIALS_EXCHANGE_H
#define AWS_CREDENTIALS_EXCHANGE_H

#include "aws/http.h"
#include "net/deadline.h"

struct exchange;

typedef void (*exchange_cb)(struct exchange *exchange);

struct exchange {
    /* set by the caller */
    struct net_loop *loop;
    struct http *http;
    struct http_request request;     /* its answer is wiped after `done` */
    unsigned attempts;               /* of requests, at most */
    unsigned lost;                   /* of those without an answer, at most */
    bool (*make)(struct exchange *); /* before each; false: out of memory */
    exchange_cb done; /* the request's answer is there, or was not
                         to be had, or it was canceled */
    void *data;

    /* private */
    struct net_deadline pause;
    unsigned tried, unanswered;
    bool running, canceled;
};

/* `done` may run inside, when there is no memory. */
void exchange_start(struct exchange *x);

/* From `done`: the answer asks for another try.  false: there were enough; else
 * `done` runs once more. */
bool exchange_again(struct exchange *x);

void exchange_cancel(struct exchange *x); /* idempotent */

/* Wipe and release the answer. */
void exchange_forget(struct exchange *x);

#endif /* AWS_CREDENTIALS_EXCHANGE_H */
