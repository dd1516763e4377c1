/*
 * http_internal.h -- between the files of http.h.
 */
#ifndef SERVE_HTTP_INTERNAL_H
#define SERVE_HTTP_INTERNAL_H

#include <microhttpd.h>

#include "serve/http.h"

/* An answer that waits to be given. */
struct http_reply {
    struct MHD_Response *response;
    unsigned status;
};

/* What a connection is doing: how long it may take. */
enum http_doing {
    HTTP_ARRIVING,  /* has never sent a whole request */
    HTTP_IDLE,      /* has, and may send another one */
    HTTP_WAITING,   /* for the handler */
    HTTP_ANSWERING, /* takes our answer */
};

/* One connection. */
struct http_peer {
    struct http_peers *all;
    struct http_peer *next, *prev; /* the one that has been as it is longest
                                      comes first */
    uint64_t since_ns;
    int fd;
    uint8_t doing; /* enum http_doing */
    bool shut;     /* we ended it; the library will notice */
};

/* All connections of a server. */
struct http_peers {
    struct http_peer *first, *last;
    unsigned n, max;
    unsigned nshut; /* of them */
    uint64_t evicted;
};

struct http_server {
    struct http_config config;
    struct MHD_Daemon *daemon;
    struct http_peers peers;
    struct http_request *waiting;
    char *pems[3];       /* owned: certificate, key, client CA */
    uint64_t retired_ns; /* 0: in use */
    uv_poll_t poll;
    uv_idle_t again;
    uv_timer_t sweep;
    unsigned open; /* handles */
    void (*closed)(void *arg);
    void *arg;
};

/* Let the library work when the loop comes round. */
void http_server_run_soon(struct http_server *server);

/* It says that its body will be longer than is read: then it has a reply. */
bool http_request_refuse_body(struct http_request *request);

/* `request` waits no more: it has an answer, or nobody who would take it. */
void http_request_awake(struct http_request *request);

/* A connection came, or is gone.  NULL: out of memory. */
struct http_peer *http_peer_new(struct http_peers *all, int fd,
                                uint64_t now_ns);
void http_peer_free(struct http_peer *peer);

void http_peer_does(struct http_peer *peer, enum http_doing doing,
                    uint64_t now_ns);

/* End those that have taken too long. */
void http_peers_sweep(struct http_peers *all, uint64_t now_ns);

/* http_body.c: the response that makes itself out of `body`; NULL: no memory,
 * and the body has ended. */
struct MHD_Response *http_body_response(const struct http_body *body,
                                        bool gzip);

#endif /* SERVE_HTTP_INTERNAL_H */
