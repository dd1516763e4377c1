/*
 * web.c -- sockets and who may come in.
 *
 *     socket > server > certificate? > user? > route
 *
 * The sockets are ours and servers have copies, so a reload with another
 * certificate starts new servers before the old ones go, and nobody finds the
 * door closed.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/file.h"
#include "commands/serve/app.h"
#include "commands/serve/routes.h"
#include "serve/log.h"

enum {
    PEM_MAX = 1 << 20,
    CONNECTIONS_MAX = 512,
    FIRST_INHERITED = 3,
};

static void pem_free(struct serve_pem *pem)
{
    if (pem->key)
        explicit_bzero(pem->key, strlen(pem->key));
    free(pem->cert);
    free(pem->key);
    free(pem->client_ca);
    *pem = (struct serve_pem){ 0 };
}

static bool read_pem(const char *path, char **to, char *error, size_t size)
{
    struct file file;

    if (!path)
        return true;
    if (!file_read(path, PEM_MAX, &file, error, size))
        return error_prefix(error, size, "--web.config.file");
    *to = file.bytes; /* from malloc, with a NUL behind */
    return true;
}

static bool read_pems(const struct web_config *web, struct serve_pem *pem,
                      char *error, size_t size)
{
    *pem = (struct serve_pem){ 0 };
    if (read_pem(web->cert_file, &pem->cert, error, size) &&
        read_pem(web->key_file, &pem->key, error, size) &&
        read_pem(web->client_ca_file, &pem->client_ca, error, size))
        return true;
    pem_free(pem);
    return false;
}

/* Which file it is and when it was written, and those before it. */
static uint64_t stamp_add(uint64_t stamp, const char *path)
{
    uint64_t words[4] = { 0 };
    struct stat file;

    if (path && stat(path, &file) == 0) {
        words[0] = file.st_ino;
        words[1] = (uint64_t)file.st_size;
        words[2] = (uint64_t)file.st_mtim.tv_sec;
        words[3] = (uint64_t)file.st_mtim.tv_nsec;
    }
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        stamp = (stamp ^ words[i]) * UINT64_C(1099511628211);
    return stamp;
}

static uint64_t stamp_of_file(const struct serve_plan *plan)
{
    return stamp_add(UINT64_C(14695981039346656037), /* FNV-1a */
                     plan->options.web_config);
}

static uint64_t stamp_of_pems(uint64_t stamp, const struct web_config *web)
{
    const char *const paths[] = { web->cert_file, web->key_file,
                                  web->client_ca_file };

    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
        stamp = stamp_add(stamp, paths[i]);
    return stamp;
}

/* Read the file and all that it names.  Each stamp is taken before the file is
 * read: what is written meanwhile is another one. */
static bool read_web(const struct serve_plan *plan, struct web_config *web,
                     struct serve_pem *pem, uint64_t *stamp, char *error,
                     size_t size)
{
    const char *file = plan->options.web_config;

    *web = (struct web_config){ 0 };
    *pem = (struct serve_pem){ 0 };
    *stamp = stamp_of_file(plan);
    if (file && !web_config_load(file, web, error, size))
        return false;
    *stamp = stamp_of_pems(*stamp, web);
    if (read_pems(web, pem, error, size))
        return true;
    web_config_free(web);
    return false;
}

static unsigned connections_max(void)
{
    struct rlimit files;

    if (getrlimit(RLIMIT_NOFILE, &files) != 0 ||
        files.rlim_cur > 4 * (rlim_t)CONNECTIONS_MAX)
        return CONNECTIONS_MAX;
    return files.rlim_cur > 64 ? (unsigned)files.rlim_cur / 4 : 16;
}

/* A server at a copy of socket `fd`. */
static struct http_server *new_server(struct serve_app *app, int fd,
                                      const struct web_config *web,
                                      const struct serve_pem *pem, char *error,
                                      size_t size)
{
    const struct http_config config = {
        .loop = &app->loop,
        .data = app,
        .handle = serve_route,
        .connections_max = connections_max(),
        .cert = pem->cert,
        .key = pem->key,
        .client_ca = pem->client_ca,
        .tls13_only = web->tls13_only,
    };
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    struct http_server *server;

    if (copy < 0) {
        error_set(error, size, "no descriptor is left");
        return NULL;
    }
    server = http_server_new(&config, copy, error, size);
    if (!server)
        (void)close(copy);
    return server;
}

/* One for each socket, all or none. */
static bool new_servers(struct serve_app *app, const struct web_config *web,
                        const struct serve_pem *pem,
                        struct http_server *servers[SERVE_LISTEN_MAX],
                        char *error, size_t size)
{
    for (unsigned i = 0; i < app->nservers; i++) {
        servers[i] = new_server(app, app->sockets[i], web, pem, error, size);
        if (servers[i])
            continue;
        while (i-- > 0)
            http_server_close(servers[i], NULL, NULL);
        return false;
    }
    return true;
}

static bool open_socket(struct serve_app *app, const struct net_addr *addr,
                        char *error, size_t size)
{
    int fd = serve_listen_open(addr, error, size);

    if (fd < 0)
        return false;
    app->sockets[app->nservers++] = fd;
    return true;
}

static bool take_sockets(struct serve_app *app, char *error, size_t size)
{
    int n = serve_listen_inherited();

    if (n == 0)
        return error_set(error, size,
                         "--web.systemd-socket: systemd has handed us none");
    for (int i = 0; i < n && app->nservers < SERVE_LISTEN_MAX; i++)
        app->sockets[app->nservers++] = FIRST_INHERITED + i;
    return true;
}

static bool open_sockets(struct serve_app *app, char *error, size_t size)
{
    const struct serve_options *options = &serve_app_plan(app)->options;

    if (options->systemd_socket)
        return take_sockets(app, error, size);
    for (unsigned i = 0; i < options->listen.n; i++) {
        if (!open_socket(app, &options->listen.at[i], error, size))
            return false;
    }
    return true;
}

/* What the kernel says, so that port 0 is told as what it became. */
static void tell_sockets(const struct serve_app *app)
{
    for (unsigned i = 0; i < app->nservers; i++) {
        struct net_addr addr = { 0 };
        socklen_t length = sizeof(addr.sa);
        char text[NET_ADDR_TEXT_MAX];

        if (getsockname(app->sockets[i], &addr.sa.any, &length) != 0 ||
            (addr.sa.any.sa_family != AF_INET &&
             addr.sa.any.sa_family != AF_INET6))
            continue;
        serve_log(SERVE_INFO, "listening", "address",
                  net_addr_text(&addr, text), "tls",
                  app->pem.cert ? "true" : "false", "users",
                  app->web.nusers > 0 ? "true" : "false", NULL);
    }
}

bool serve_web_start(struct serve_app *app, char *error, size_t size)
{
    app->auth = serve_auth_new(&app->loop);
    if (!app->auth)
        return error_set(error, size, "out of memory");
    if (!read_web(serve_app_plan(app), &app->web, &app->pem, &app->web_stamp,
                  error, size) ||
        !open_sockets(app, error, size) ||
        !new_servers(app, &app->web, &app->pem, app->servers, error, size)) {
        memset(app->servers, 0, sizeof(app->servers));
        return false;
    }
    tell_sockets(app);
    return true;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_tls(const struct serve_app *app, const struct web_config *web,
                     const struct serve_pem *pem)
{
    return same_text(app->pem.cert, pem->cert) &&
           same_text(app->pem.key, pem->key) &&
           same_text(app->pem.client_ca, pem->client_ca) &&
           app->web.tls13_only == web->tls13_only;
}

static bool replace_servers(struct serve_app *app, const struct web_config *web,
                            const struct serve_pem *pem, char *error,
                            size_t size)
{
    struct http_server *servers[SERVE_LISTEN_MAX];

    if (same_tls(app, web, pem))
        return true;
    if (!new_servers(app, web, pem, servers, error, size))
        return false;
    for (unsigned i = 0; i < app->nservers; i++) {
        http_server_retire(app->servers[i]);
        app->servers[i] = servers[i];
    }
    return true;
}

bool serve_web_changed(struct serve_app *app)
{
    uint64_t before = app->web_stamp;

    app->web_stamp =
        stamp_of_pems(stamp_of_file(serve_app_plan(app)), &app->web);
    return app->web_stamp != before;
}

/* Whoever writes a file anew begins with an empty one. */
static bool opens_the_door(const struct serve_app *app,
                           const struct web_config *web, char *error,
                           size_t size)
{
    if (web->nusers > 0 || web->cert_file ||
        (app->web.nusers == 0 && !app->web.cert_file))
        return false;
    error_set(error, size,
              "--web.config.file: neither TLS nor users any more: that needs "
              "a restart");
    return true;
}

bool serve_web_reload(struct serve_app *app, char *error, size_t size)
{
    struct web_config web;
    struct serve_pem pem;
    uint64_t stamp;

    if (!read_web(serve_app_plan(app), &web, &pem, &stamp, error, size))
        return false;
    if (opens_the_door(app, &web, error, size) ||
        !replace_servers(app, &web, &pem, error, size)) {
        web_config_free(&web);
        pem_free(&pem);
        return false;
    }
    web_config_free(&app->web);
    pem_free(&app->pem);
    app->web = web;
    app->pem = pem;
    app->web_stamp = stamp;
    return true;
}

void serve_web_stop(struct serve_app *app)
{
    for (unsigned i = 0; i < app->nservers; i++) {
        if (app->servers[i])
            http_server_close(app->servers[i], NULL, NULL);
        app->servers[i] = NULL;
        (void)close(app->sockets[i]);
    }
    app->nservers = 0;
}

void serve_web_free(struct serve_app *app)
{
    serve_auth_free(app->auth);
    web_config_free(&app->web);
    pem_free(&app->pem);
}
