/*
 * routes.c -- certificate > user > page.
 */
#include "commands/serve/routes.h"

#include <stdlib.h>
#include <string.h>

#include "commands/serve/app.h"
#include "serve/log.h"

/* A user being looked at. */
struct entry {
    struct serve_app *app;
    struct http_request *request;
    struct serve_auth_job *job;
};

static void healthy(struct serve_app *app, struct http_request *request)
{
    (void)app;
    http_reply_line(request, 200, "Healthy");
}

/* Ready is: each target has been looked at once. */
static void ready(struct serve_app *app, struct http_request *request)
{
    app->ready = app->ready || app->checks.unchecked == 0;
    if (app->ready)
        http_reply_line(request, 200, "Ready");
    else
        http_reply_line(request, 503, "Not ready: targets are being checked");
}

static void reload(struct serve_app *app, struct http_request *request)
{
    char error[SERVE_ERROR_MAX];

    if (serve_app_reload(app, error, sizeof(error)))
        http_reply_line(request, 200, "Reloaded");
    else
        http_reply_line(request, 500, error);
}

static const struct route {
    char path[12];
    bool post;   /* it changes something */
    bool strict; /* no other site's page may ask for it in a browser */
    void (*answer)(struct serve_app *app, struct http_request *request);
} routes[] = {
    { "/", false, false, serve_status },
    { "/metrics", false, false, serve_metrics },
    { "/probe", false, true, serve_probe },
    { "/config", false, false, serve_config },
    { "/-/healthy", false, false, healthy },
    { "/-/ready", false, false, ready },
    { "/-/reload", true, true, reload },
};

static bool is_method(const struct http_request *request, bool post)
{
    const char *method = request->method;

    if (post)
        return strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0;
    return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
}

static void not_allowed(struct http_request *request, bool post)
{
    const char *const headers[] = { "Allow", post ? "POST, PUT" : "GET, HEAD",
                                    NULL };
    const struct http_answer answer = { .status = 405, .headers = headers };
    static const char text[] = "Method not allowed\n";

    http_reply(request, &answer, text, sizeof(text) - 1);
}

static bool is_foreign(const struct http_request *request)
{
    const char *site = http_header(request, "Sec-Fetch-Site");

    return site && strcmp(site, "cross-site") == 0;
}

static void enter(struct serve_app *app, struct http_request *request)
{
    for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
        const struct route *route = &routes[i];

        if (strcmp(request->path, route->path) != 0)
            continue;
        if (!is_method(request, route->post))
            not_allowed(request, route->post);
        else if (route->strict && is_foreign(request))
            http_reply_line(request, 403, "not for pages of other sites");
        else
            route->answer(app, request);
        return;
    }
    http_reply_line(request, 404, "Not found");
}

static void deny(struct http_request *request)
{
    static const char *const headers[] = { "WWW-Authenticate",
                                           "Basic realm=\"linkprobe\"", NULL };
    static const struct http_answer answer = { .status = 401,
                                               .headers = headers };
    static const char text[] = "Unauthorized\n";

    http_reply(request, &answer, text, sizeof(text) - 1);
}

static void on_looked(void *data, bool good)
{
    struct entry *entry = data;
    struct serve_app *app = entry->app;
    struct http_request *request = entry->request;

    free(entry);
    request->data = NULL;
    request->gone = NULL;
    if (good)
        enter(app, request);
    else
        deny(request);
}

static void on_gone(struct http_request *request)
{
    struct entry *entry = request->data;

    serve_auth_forget(entry->job);
    request->data = NULL;
    free(entry);
}

/* By a user's password, which may take a worker's time. */
static void ask_user(struct serve_app *app, struct http_request *request)
{
    struct entry *entry = malloc(sizeof(*entry));
    enum serve_auth_verdict verdict = SERVE_AUTH_BUSY;

    if (entry) {
        *entry = (struct entry){ .app = app, .request = request };
        verdict = serve_auth_check(app->auth, &app->web,
                                   http_header(request, "Authorization"),
                                   on_looked, entry, &entry->job);
    }
    if (verdict == SERVE_AUTH_LATER) {
        request->data = entry;
        request->gone = on_gone;
        return;
    }
    free(entry);
    if (verdict == SERVE_AUTH_GOOD)
        enter(app, request);
    else if (verdict == SERVE_AUTH_BAD)
        deny(request);
    else
        http_reply_line(request, 503, "too many passwords are looked at");
}

/* What was asked of the client's certificate, as Go's servers take it. */
static bool certificate_fits(const struct serve_app *app,
                             const struct http_request *request)
{
    bool shown, good;

    if (app->web.client_auth == WEB_CLIENT_NONE ||
        app->web.client_auth == WEB_CLIENT_REQUEST)
        return true;
    good = http_certificate_good(request, &shown);
    if (app->web.client_auth == WEB_CLIENT_REQUIRE_ANY)
        return shown;
    return good ||
           (!shown && app->web.client_auth == WEB_CLIENT_VERIFY_IF_GIVEN);
}

void serve_route(void *data, struct http_request *request)
{
    struct serve_app *app = data;

    if (!certificate_fits(app, request))
        http_reply_line(request, 403, "expected a certificate of the client");
    else if (app->web.nusers > 0)
        ask_user(app, request);
    else
        enter(app, request);
}
