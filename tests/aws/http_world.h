/*
 * http_world.h -- a loop, an HTTP client, a scripted server, and requests.
 */
#ifndef TESTS_HTTP_WORLD_H
#define TESTS_HTTP_WORLD_H

#include "aws/http.h"
#include "aws/http_peer.h"

enum {
    ASKED_MAX = 32,
};

/* A request and what came of it. */
struct asked {
    struct http_request request;
    char url[96];
    unsigned calls; /* of its callback */
};

struct http_world {
    struct net_loop loop;
    struct http *http;
    struct http_peer *peer;
    struct asked asked[ASKED_MAX];
    unsigned n;
    void (*then)(struct asked *asked); /* called by each callback; NULL */
};

extern struct http_world web;

/* `replies` NULL: no peer. */
void web_open(const struct http_reply *replies, size_t n);
void web_close(void);

/* Prepare a GET of `path` at the peer, or of a whole URL.  Not started. */
struct asked *web_ask(const char *path);

/* Prepare, start, run until it has ended; its callback was called once. */
struct asked *web_get(const char *path);
void web_start(struct asked *asked);
void web_run(void);

#endif /* TESTS_HTTP_WORLD_H */
