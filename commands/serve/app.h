/*
 * app.h -- the running service: what its parts share.
 *
 *     serve/serve.c          words, start, end
 *     serve/life.c     signals, reload, systemd
 *     serve/web.c      sockets, TLS
 *     serve/routes.c   users, and which page is asked for
 *     serve/metrics.c  GET /metrics
 *     serve/probe.c    GET /probe
 *     serve/status.c   GET /
 *     serve/config.c   GET /config
 */
#ifndef COMMANDS_SERVE_APP_H
#define COMMANDS_SERVE_APP_H

#include "commands/serve/checks.h"
#include "serve/auth.h"
#include "serve/http.h"
#include "serve/notify.h"
#include "serve/web_config.h"

struct serve_probe;

/* TLS, as texts that the server keeps using. */
struct serve_pem {
    char *cert, *key, *client_ca; /* owned; NULL: none */
};

struct serve_app {
    struct net_loop loop;
    struct serve_input input;
    struct serve_checks checks; /* its plan is the one in use */

    /* web */
    struct web_config web;
    struct serve_pem pem;
    struct serve_auth *auth;
    uint64_t web_stamp; /* of the files that are behind it */
    struct http_server *servers[SERVE_LISTEN_MAX];
    int sockets[SERVE_LISTEN_MAX]; /* ours; servers have copies */
    unsigned nservers;

    /* of /probe */
    struct serve_probe *probes; /* in flight */
    unsigned nprobes;

    /* life */
    bool reload_fine, ready, stopping;
    int64_t reloaded_ms; /* the last time it went well */
    struct serve_notify notify;
    uv_signal_t signals[3];
    uv_timer_t watchdog, status, files;
};

static inline struct serve_plan *serve_app_plan(const struct serve_app *app)
{
    return app->checks.plan;
}

/* serve/life.c */
void serve_app_watch(struct serve_app *app);

/* Read configuration, targets and web configuration anew.  On false one line
 * in `error`, and all is as it was. */
bool serve_app_reload(struct serve_app *app, char *error, size_t size);
void serve_app_stop(struct serve_app *app);
void serve_app_ready(struct serve_app *app);

/* serve/web.c */

/* Open the sockets and serve.  On false one line in `error`. */
bool serve_web_start(struct serve_app *app, char *error, size_t size);

/* Read --web.config.file anew. */
bool serve_web_reload(struct serve_app *app, char *error, size_t size);

/* Were its files changed since they were read?  True once a change. */
bool serve_web_changed(struct serve_app *app);
void serve_web_stop(struct serve_app *app);
void serve_web_free(struct serve_app *app);

/* The pages: each answers `request`. */
void serve_metrics(struct serve_app *app, struct http_request *request);
void serve_probe(struct serve_app *app, struct http_request *request);
void serve_probes_stop(struct serve_app *app);
void serve_status(struct serve_app *app, struct http_request *request);
void serve_config(struct serve_app *app, struct http_request *request);

#endif /* COMMANDS_SERVE_APP_H */
