/*
 * scripted_http.c -- start > a turn > done.
 */
#include "aws/scripted_http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/deadline.h"

struct scripted_http scripted;

/* What a request is while it runs: request->easy. */
struct turn {
    struct net_deadline soon;
    struct http_request *request;
    char *body;
};

enum {
    TURNS_MAX = 4,
};

static struct turn turns[TURNS_MAX];

struct http {
    struct net_loop *loop;
};

/* NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl*): the linker's name */
time_t __wrap_time(time_t *out);

/* NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl*): the linker's name */
time_t __wrap_time(time_t *out)
{
    if (out)
        *out = scripted.now;
    return scripted.now;
}

struct http *http_new(struct net_loop *loop, const char *ca_bundle)
{
    static struct http http;

    (void)ca_bundle;
    http.loop = loop;
    return &http;
}

void http_free(struct http *http)
{
    http->loop = NULL;
}

static void on_soon(struct net_deadline *deadline)
{
    struct turn *turn = (struct turn *)(void *)deadline;
    struct http_request *request = turn->request;

    request->answer = turn->body;
    request->answer_size = turn->body ? strlen(turn->body) : 0;
    request->easy = NULL;
    request->running = false;
    scripted.running--;
    *turn = (struct turn){ 0 };
    request->done(request);
}

/* Memory of the script's own does not run out: libc's calls are not counted. */
static char *copy(const char *text)
{
    char *made;

    if (asprintf(&made, "%s", text) < 0)
        abort();
    return made;
}

static struct turn *turn_new(void)
{
    for (size_t i = 0; i < TURNS_MAX; i++)
        if (!turns[i].request)
            return &turns[i];
    abort();
}

void http_start(struct http *http, struct http_request *request)
{
    struct turn *turn = turn_new();
    const char *body;

    request->http = http;
    request->running = true;
    request->status = 200;
    request->retry_after_ms = -1;
    request->error[0] = request->date[0] = '\0';
    request->easy = turn;
    turn->request = request;
    scripted.running++;
    body = scripted.answer(request, ++scripted.requests);
    turn->body = copy(body ? body : "");
    if (request->status >= 0)
        net_deadline_set(&http->loop->deadlines, &turn->soon, on_soon, 0);
}

void http_cancel(struct http_request *request)
{
    struct turn *turn = request->easy;

    if (!turn)
        return;
    scripted.canceled++;
    request->status = 0;
    turn->body[0] = '\0';
    net_deadline_set(&request->http->loop->deadlines, &turn->soon, on_soon, 0);
}

void http_request_free(struct http_request *request)
{
    free(request->answer);
    request->answer = NULL;
    request->answer_size = 0;
}

const char *scripted_header(const struct http_request *request,
                            const char *name)
{
    size_t n = strlen(name);

    for (size_t i = 0; i < request->nheaders; i++)
        if (strncmp(request->headers[i], name, n) == 0 &&
            strncmp(request->headers[i] + n, ": ", 2) == 0)
            return request->headers[i] + n + 2;
    return NULL;
}
