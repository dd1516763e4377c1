/*
 * http_peer.h -- a scripted HTTP server on 127.0.0.1, in threads of its own.
 *
 *     static const struct http_reply replies[] = {
 *         { .body = "<Response/>", .status = 503 },
 *         { .then = HTTP_PEER_RESET },
 *         { .body = "<DescribeVpcsResponse/>" },
 *     };
 *     struct http_peer *peer = http_peer_start(replies, 3);
 *     ... ask http_peer_url(peer) ...
 *     http_peer_stop(peer);
 *
 * Each request, on whichever connection, is answered by the next reply, and
 * all further ones by the last.  Requests are kept.  A reply outlives the peer.
 */
#ifndef TESTS_HTTP_PEER_H
#define TESTS_HTTP_PEER_H

#include <stdbool.h>
#include <stddef.h>

enum http_then {
    HTTP_PEER_KEEP,   /* wait for the next request */
    HTTP_PEER_CLOSE,  /* FIN */
    HTTP_PEER_RESET,  /* RST */
    HTTP_PEER_SILENT, /* say nothing more until the client leaves */
};

struct http_reply {
    const char *raw;     /* all of it as it is; NULL: made of what follows */
    int status;          /* 0: 200, unless all else is left out too */
    const char *headers; /* "Date: ...\r\n"; NULL */
    const char *body;
    size_t body_size; /* 0: as long as the text; zeros when that is NULL */
    size_t cut;       /* send so many bytes of the body less than promised */
    bool drip;        /* a byte at a time */
    bool late;        /* wait for http_peer_open() before a byte is sent */
    enum http_then then;
};

struct http_peer;

struct http_peer *http_peer_start(const struct http_reply *replies, size_t n);
void http_peer_stop(struct http_peer *peer);

/* "http://127.0.0.1:PORT". */
const char *http_peer_url(const struct http_peer *peer);

unsigned http_peer_requests(struct http_peer *peer);
unsigned http_peer_connections(struct http_peer *peer);

/* The bytes of a request, "" when there was none; until the peer stops. */
const char *http_peer_request(struct http_peer *peer, unsigned i);

/* Wait until `n` requests have come whole. */
void http_peer_wait(struct http_peer *peer, unsigned n);

/* Let one reply that is late go. */
void http_peer_open(struct http_peer *peer);

#endif /* TESTS_HTTP_PEER_H */
