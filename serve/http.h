/*
 * http.h -- an HTTP server on a net_loop, through libmicrohttpd.
 *
 * One thread: the library's epoll descriptor is polled by our loop, and it
 * works only when that is readable, so no client ever takes time from the
 * checks but for what its own bytes cost.
 *
 * A handler is called once a request, when the request is whole.  It answers
 * at once, or later (until then the connection is put to sleep).  Bodies are
 * copied, or made piece by piece as the client takes them.
 *
 * What is bounded: the connections (the one that has been idle for longest
 * makes room for a new one), the time to send a request, to take an answer and
 * to be idle, the bytes of a request's head and body.
 */
#ifndef SERVE_HTTP_H
#define SERVE_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/loop.h"
#include "report/report.h"

enum {
    HTTP_HEAD_MAX = 16 * 1024, /* what a connection's memory is: head, answer */
    HTTP_BODY_MAX = 64 * 1024, /* of a request: read, and thrown away */
};

struct http_server;

struct http_request {
    void *data;         /* the handler's; never touched */
    const char *method; /* until the answer is given ... */
    const char *path;   /* ... without the query */
    struct http_server *server;
    void (*gone)(struct http_request *request); /* the handler's, may be NULL:
                         nobody waits for the answer any more, give none */

    /* private */
    struct http_reply *reply;
    void *connection;                 /* struct MHD_Connection */
    struct http_request *next, *prev; /* of those that wait */
    size_t body;
    bool handled, waiting, refused;
    char path_room[256];
    char method_room[8];
};

typedef void (*http_handler)(void *data, struct http_request *request);

struct http_config {
    struct net_loop *loop;
    void *data; /* for `handle` */
    http_handler handle;
    unsigned connections_max;
    /* TLS; NULL: plain.  PEM texts, copied */
    const char *cert, *key, *client_ca;
    bool tls13_only;
};

/*
 * Serve at the listening socket `fd`, which is the server's from now on.  NULL
 * and one line in `error`: it cannot be.
 */
struct http_server *http_server_new(const struct http_config *config, int fd,
                                    char *error, size_t size);

/* Close `server`: requests that wait are told to be gone; then `cb` (may be
 * NULL) runs from the loop and the memory is gone. */
void http_server_close(struct http_server *server, void (*cb)(void *arg),
                       void *arg);

/* Accept no more connections, give those that are there some seconds, then
 * close: another server takes this one's place. */
void http_server_retire(struct http_server *server);

/* How many connections are open, and how many had to make room so far. */
unsigned http_server_connections(const struct http_server *server);
uint64_t http_server_evicted(const struct http_server *server);

/* A parameter of the query, or a header; NULL: there is none.  `*n` (may be
 * NULL) counts how often the parameter is there. */
const char *http_query(const struct http_request *request, const char *name,
                       unsigned *n);
const char *http_header(const struct http_request *request, const char *name);

/* Did the client show a certificate that its CA vouches for?  `*shown`: any at
 * all. */
bool http_certificate_good(const struct http_request *request, bool *shown);

/* Answers: once a request.  `headers` are pairs of name and value, and NULL; it
 * may be NULL.  Bytes are copied. */
struct http_answer {
    unsigned status;
    const char *type; /* NULL: plain text */
    const char *const *headers;
};
void http_reply(struct http_request *request, const struct http_answer *answer,
                const char *bytes, size_t n);

/* The same with a line of plain text. */
void http_reply_line(struct http_request *request, unsigned status,
                     const char *text);

/*
 * A body that is made while it is sent: `more` appends a piece of some
 * kilobytes and returns true, or appends the last one and returns false; when
 * `out->failed` the connection is cut.  `end` runs once, whatever happens.
 */
struct http_body {
    void *data;
    bool (*more)(void *data, struct report_buffer *out);
    void (*end)(void *data);
};
void http_stream(struct http_request *request, const struct http_answer *answer,
                 const struct http_body *body, bool gzip);

#endif /* SERVE_HTTP_H */
