/*
 * http.c -- libmicrohttpd on our loop.
 *
 *     its epoll readable > run > connection: begins, head, body, whole
 *         > handler > answer -- or sleep > answer > wake > answer
 *         > sent: idle again -- or gone
 *
 * The library wants to be run again at once as long as it has something left
 * to do: it is, after the loop has looked at all others.
 */
#include "serve/http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/text.h"
#include "serve/http_internal.h"
#include "serve/log.h"

enum {
    CONNECTIONS_SPARE = 64, /* that are being ended */
    SWEEP_MS = 1000,
    HANDLES = 3,
    PEMS = 3,
};

/* What clients of a server that another takes the place of have left. */
#define RETIRE_NS (UINT64_C(5) * 1000000000)

static struct http_peer *peer_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return info ? info->socket_context : NULL;
}

static void does(const struct http_request *request, enum http_doing doing)
{
    struct http_peer *peer = peer_of(request->connection);

    if (peer)
        http_peer_does(peer, doing, net_now());
}

static void on_again(uv_idle_t *again);

/*
 * Let the library work; see whether it wants more at once.  An idle handle and
 * no timer: libuv runs a timer of zero that starts itself again before it looks
 * at anybody else.
 */
static void run(struct http_server *server)
{
    MHD_UNSIGNED_LONG_LONG ms = 1;

    (void)MHD_run(server->daemon);
    if (MHD_get_timeout(server->daemon, &ms) == MHD_YES && ms == 0)
        http_server_run_soon(server);
    else
        uv_idle_stop(&server->again);
}

static void on_again(uv_idle_t *again)
{
    run(again->data);
}

void http_server_run_soon(struct http_server *server)
{
    uv_idle_start(&server->again, on_again);
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    run(poll->data);
}

static void on_sweep(uv_timer_t *timer)
{
    struct http_server *server = timer->data;

    http_peers_sweep(&server->peers, net_now());
    run(server);
    if (server->retired_ns == 0 || uv_is_closing((uv_handle_t *)timer))
        return;
    if (server->peers.n == 0 || net_now() - server->retired_ns > RETIRE_NS)
        http_server_close(server, NULL, NULL);
}

static void on_connection(void *data, struct MHD_Connection *connection,
                          void **context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct http_server *server = data;
    const union MHD_ConnectionInfo *info;

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        info = MHD_get_connection_info(connection,
                                       MHD_CONNECTION_INFO_CONNECTION_FD);
        *context = http_peer_new(&server->peers, info->connect_fd, net_now());
    } else if (*context) {
        http_peer_free(*context);
        *context = NULL;
    }
}

static void reply_free(struct http_request *request)
{
    if (!request->reply)
        return;
    MHD_destroy_response(request->reply->response);
    free(request->reply);
    request->reply = NULL;
}

static void begin_waiting(struct http_request *request)
{
    struct http_server *server = request->server;

    request->prev = NULL;
    request->next = server->waiting;
    if (server->waiting)
        server->waiting->prev = request;
    server->waiting = request;
    request->waiting = true;
    does(request, HTTP_WAITING);
    MHD_suspend_connection(request->connection);
}

static enum MHD_Result give(struct http_request *request)
{
    enum MHD_Result result = MHD_queue_response(
        request->connection, request->reply->status, request->reply->response);

    reply_free(request);
    does(request, HTTP_ANSWERING);
    return result;
}

static struct http_request *request_new(struct http_server *server,
                                        struct MHD_Connection *connection,
                                        const char *path, const char *method)
{
    struct http_request *request = calloc(1, sizeof(*request));

    if (!request)
        return NULL;
    request->server = server;
    request->connection = connection;
    /* What is longer is none of our paths and methods anyway. */
    (void)snprintf(request->path_room, sizeof(request->path_room), "%s", path);
    (void)snprintf(request->method_room, sizeof(request->method_room), "%s",
                   method);
    request->path = request->path_room;
    request->method = request->method_room;
    return request;
}

/* A body is of no use here: it is read, so that the client hears the answer,
 * up to a bound. */
static enum MHD_Result swallow(struct http_request *request, size_t *n)
{
    request->body += *n;
    *n = 0;
    return request->body <= HTTP_BODY_MAX ? MHD_YES : MHD_NO;
}

static enum MHD_Result on_request(void *data, struct MHD_Connection *connection,
                                  const char *path, const char *method,
                                  const char *version, const char *body,
                                  size_t *nbody, void **context)
{
    struct http_server *server = data;
    struct http_request *request = *context;

    (void)version;
    (void)body;
    if (!request) {
        request = request_new(server, connection, path, method);
        *context = request;
        if (request && http_request_refuse_body(request))
            return give(request);
        return request ? MHD_YES : MHD_NO;
    }
    if (*nbody > 0)
        return swallow(request, nbody);
    if (!request->handled) {
        request->handled = true;
        server->config.handle(server->config.data, request);
    }
    if (request->reply)
        return give(request);
    /* A reply that there was no memory for. */
    if (request->refused)
        return MHD_NO;
    begin_waiting(request);
    return MHD_YES;
}

static void on_completed(void *data, struct MHD_Connection *connection,
                         void **context, enum MHD_RequestTerminationCode code)
{
    struct http_request *request = *context;
    struct http_peer *peer = peer_of(connection);

    (void)data;
    (void)code;
    if (peer)
        http_peer_does(peer, HTTP_IDLE, net_now());
    if (!request)
        return;
    if (request->waiting) {
        http_request_awake(request);
        if (request->gone)
            request->gone(request);
    }
    reply_free(request);
    free(request);
    *context = NULL;
}

__attribute__((format(printf, 2, 0))) static void
on_log(void *data, const char *format, va_list arguments)
{
    char text[256];

    (void)data;
    (void)vsnprintf(text, sizeof(text), format, arguments);
    text[strcspn(text, "\n")] = '\0';
    serve_log(SERVE_DEBUG, "http", "text", text, NULL);
}

static struct MHD_Daemon *start(struct http_server *server, int fd)
{
    const struct http_config *c = &server->config;
    unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME |
                     MHD_USE_ERROR_LOG | (c->cert ? MHD_USE_TLS : 0);
    /* Without a certificate the list ends before those of TLS. */
    struct MHD_OptionItem tls[] = {
        { c->cert ? MHD_OPTION_HTTPS_MEM_CERT : MHD_OPTION_END, 0,
          (void *)c->cert },
        { MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)c->key },
        { MHD_OPTION_HTTPS_PRIORITIES, 0,
          (void *)(c->tls13_only ? "NORMAL:-VERS-ALL:+VERS-TLS1.3"
                                 : "NORMAL:-VERS-ALL:+VERS-TLS1.3:"
                                   "+VERS-TLS1.2") },
        { c->client_ca ? MHD_OPTION_HTTPS_MEM_TRUST : MHD_OPTION_END, 0,
          (void *)c->client_ca },
        { MHD_OPTION_END, 0, NULL },
    };

    return MHD_start_daemon(
        flags, 0, NULL, NULL, on_request, server, MHD_OPTION_EXTERNAL_LOGGER,
        on_log, NULL, MHD_OPTION_LISTEN_SOCKET, fd,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, server,
        MHD_OPTION_CONNECTION_LIMIT, c->connections_max + CONNECTIONS_SPARE,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HTTP_HEAD_MAX,
        MHD_OPTION_CONNECTION_TIMEOUT, 0U, MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
        MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
}

static void watch(struct http_server *server)
{
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    uv_loop_t *loop = &server->config.loop->uv;

    (void)uv_poll_init(loop, &server->poll, info->epoll_fd);
    (void)uv_idle_init(loop, &server->again);
    (void)uv_timer_init(loop, &server->sweep);
    server->poll.data = server->again.data = server->sweep.data = server;
    server->open = HANDLES;
    (void)uv_poll_start(&server->poll, UV_READABLE, on_readable);
    (void)uv_timer_start(&server->sweep, on_sweep, SWEEP_MS, SWEEP_MS);
    uv_unref((uv_handle_t *)&server->sweep);
}

static void server_free(struct http_server *server)
{
    for (size_t i = 0; i < PEMS; i++) {
        if (server->pems[i])
            explicit_bzero(server->pems[i], strlen(server->pems[i]));
        free(server->pems[i]);
    }
    free(server);
}

/* The library reads them when it likes. */
static bool copy_pems(struct http_server *server,
                      const struct http_config *config)
{
    const char *const from[PEMS] = { config->cert, config->key,
                                     config->client_ca };

    server->config = *config;
    for (size_t i = 0; i < PEMS; i++) {
        server->pems[i] = from[i] ? strdup(from[i]) : NULL;
        if (from[i] && !server->pems[i])
            return false;
    }
    server->config.cert = server->pems[0];
    server->config.key = server->pems[1];
    server->config.client_ca = server->pems[2];
    return true;
}

struct http_server *http_server_new(const struct http_config *config, int fd,
                                    char *error, size_t size)
{
    struct http_server *server = calloc(1, sizeof(*server));

    if (!server) {
        error_set(error, size, "out of memory");
        return NULL;
    }
    if (!copy_pems(server, config)) {
        server_free(server);
        error_set(error, size, "out of memory");
        return NULL;
    }
    server->peers.max = config->connections_max;
    server->daemon = start(server, fd);
    if (!server->daemon) {
        error_set(error, size,
                  config->cert
                      ? "cannot serve: the certificate, its key or the client "
                        "CA cannot be used"
                      : "cannot serve: no memory or no descriptor left");
        server_free(server);
        return NULL;
    }
    watch(server);
    return server;
}

static void on_handle_closed(uv_handle_t *handle)
{
    struct http_server *server = handle->data;

    if (--server->open > 0)
        return;
    MHD_stop_daemon(server->daemon);
    if (server->closed)
        server->closed(server->arg);
    server_free(server);
}

void http_server_close(struct http_server *server, void (*cb)(void *arg),
                       void *arg)
{
    server->closed = cb;
    server->arg = arg;
    while (server->waiting) {
        if (server->waiting->gone)
            server->waiting->gone(server->waiting);
        http_reply_line(server->waiting, MHD_HTTP_SERVICE_UNAVAILABLE,
                        "the server ends");
    }
    /* What is answered now may still go out. */
    (void)MHD_run(server->daemon);
    uv_close((uv_handle_t *)&server->poll, on_handle_closed);
    uv_close((uv_handle_t *)&server->again, on_handle_closed);
    uv_close((uv_handle_t *)&server->sweep, on_handle_closed);
}

void http_server_retire(struct http_server *server)
{
    MHD_socket fd = MHD_quiesce_daemon(server->daemon);

    if (fd != MHD_INVALID_SOCKET)
        (void)close(fd);
    server->retired_ns = net_now();
}

unsigned http_server_connections(const struct http_server *server)
{
    return server->peers.n;
}

uint64_t http_server_evicted(const struct http_server *server)
{
    return server->peers.evicted;
}
