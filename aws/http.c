/*
 * http.c -- curl's multi interface on the loop.
 *
 *     start > curl opens sockets, sets its timer > on_ready(), on_timer()
 *         > reap() finds it done > on_soon() > done
 *
 * curl tells which sockets it waits for (on_socket(), a uv_poll_t each, struct
 * watch) and when it wants to be called (on_wait()).  Whatever ends a request,
 * be it curl, a cancel or a lack of memory, puts it in the one line that
 * on_soon() takes callbacks from, one at a time and each as the last thing it
 * does: a callback may start, cancel, or free all of it.
 *
 * A connection that is kept has no watch, so it never keeps the loop alive.
 * When the other end had closed it just then, curl sends the request once more
 * by itself, on a new one.
 */
#include "aws/http.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "aws/http_internal.h"

/* A socket of curl that libuv watches. */
struct watch {
    uv_poll_t poll; /* first: its address is the watch's */
    struct http *http;
    curl_socket_t fd;
    int events;
};

/* --- Endings ------------------------------------------------------------- */

static void on_soon(struct net_deadline *deadline)
{
    struct http *http =
        (struct http *)(void *)((char *)deadline - offsetof(struct http, soon));
    struct http_request *request = http->first;

    http->first = request->soon;
    if (http->first)
        net_deadline_set(&http->loop->deadlines, &http->soon, on_soon, 0);
    else
        http->last = NULL;
    request->soon = NULL;
    if (request->easy)
        (void)curl_multi_remove_handle(http->multi, request->easy);
    http_request_close(request);
    request->running = request->ended = false;
    http->running--;
    request->done(request);
}

static void end_soon(struct http_request *request)
{
    struct http *http = request->http;

    if (request->ended)
        return;
    request->ended = true;
    request->soon = NULL;
    if (http->last)
        http->last->soon = request;
    else
        http->first = request;
    http->last = request;
    net_deadline_set(&http->loop->deadlines, &http->soon, on_soon, 0);
}

/* End it for a reason of ours, whatever curl says of it. */
static void give_up(struct http_request *request, const char *why)
{
    request->why = why;
    http_request_judge(request, CURLE_ABORTED_BY_CALLBACK);
    end_soon(request);
}

/* Transfers that curl has ended. */
static void reap(struct http *http)
{
    struct http_request *request;
    CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(http->multi, &left))) {
        (void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE,
                                (char **)&request);
        if (message->msg != CURLMSG_DONE || request->ended)
            continue;
        http_request_judge(request, message->data.result);
        end_soon(request);
    }
}

static void act(struct http *http, curl_socket_t fd, int what)
{
    int running;

    (void)curl_multi_socket_action(http->multi, fd, what, &running);
    reap(http);
}

/* --- Sockets ------------------------------------------------------------- */

static void on_ready(uv_poll_t *poll, int status, int events)
{
    struct watch *watch = (struct watch *)poll;
    int what = status < 0 ? CURL_CSELECT_ERR : 0;

    /* After an error libuv has stopped; curl may go on with the socket. */
    if (status < 0)
        (void)uv_poll_start(poll, watch->events, on_ready);
    if (status >= 0 && (events & UV_READABLE))
        what |= CURL_CSELECT_IN;
    if (status >= 0 && (events & UV_WRITABLE))
        what |= CURL_CSELECT_OUT;
    act(watch->http, watch->fd, what);
}

static void on_unwatched(uv_handle_t *handle)
{
    free(handle);
}

static struct watch *watch_new(struct http *http, curl_socket_t fd)
{
    struct watch *watch = calloc(1, sizeof(*watch));

    if (!watch)
        return NULL;
    if (uv_poll_init_socket(&http->loop->uv, &watch->poll, fd) != 0) {
        free(watch);
        return NULL;
    }
    watch->http = http;
    watch->fd = fd;
    (void)curl_multi_assign(http->multi, fd, watch);
    return watch;
}

/* An error that is returned would end all transfers for ever: so only the one
 * that the socket is of ends. */
static int on_socket(CURL *easy, curl_socket_t fd, int what, void *data,
                     void *socket_data)
{
    struct http *http = data;
    struct watch *watch = socket_data;
    struct http_request *request = NULL;
    int events = (what & CURL_POLL_IN ? UV_READABLE : 0) |
                 (what & CURL_POLL_OUT ? UV_WRITABLE : 0);

    if (what == CURL_POLL_REMOVE) {
        if (watch)
            uv_close((uv_handle_t *)&watch->poll, on_unwatched);
        return 0;
    }
    if (!watch)
        watch = watch_new(http, fd);
    if (watch) {
        watch->events = events;
        if (uv_poll_start(&watch->poll, events, on_ready) == 0)
            return 0;
    }
    (void)curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&request);
    if (request && !request->ended)
        give_up(request, "a socket cannot be watched");
    return 0;
}

/* --- Time ---------------------------------------------------------------- */

static void on_timer(struct net_deadline *deadline)
{
    struct http *http = (struct http *)(void *)((char *)deadline -
                                                offsetof(struct http, timer));

    act(http, CURL_SOCKET_TIMEOUT, 0);
}

static int on_wait(CURLM *multi, long ms, void *data)
{
    struct http *http = data;

    (void)multi;
    if (ms < 0)
        net_deadline_clear(&http->loop->deadlines, &http->timer);
    else
        net_deadline_set(&http->loop->deadlines, &http->timer, on_timer,
                         (uint64_t)ms);
    return 0;
}

/* --- The life ------------------------------------------------------------ */

static bool take_bundle(struct http *http, const char *ca_bundle)
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): nobody changes it */
    const char *named = ca_bundle ? ca_bundle : getenv("AWS_CA_BUNDLE");

    if (!named || !*named)
        return true;
    http->ca_bundle = strdup(named);
    return http->ca_bundle != NULL;
}

static void unmake(struct http *http)
{
    (void)curl_multi_cleanup(http->multi);
    free(http->ca_bundle);
    free(http);
    curl_global_cleanup();
}

struct http *http_new(struct net_loop *loop, const char *ca_bundle)
{
    struct http *http = calloc(1, sizeof(*http));

    assert(net_loop_here(loop));
    if (!http)
        return NULL;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        free(http);
        return NULL;
    }
    http->loop = loop;
    http->multi = curl_multi_init();
    if (!http->multi || !take_bundle(http, ca_bundle)) {
        unmake(http);
        return NULL;
    }
    (void)curl_multi_setopt(http->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    (void)curl_multi_setopt(http->multi, CURLMOPT_SOCKETDATA, http);
    (void)curl_multi_setopt(http->multi, CURLMOPT_TIMERFUNCTION, on_wait);
    (void)curl_multi_setopt(http->multi, CURLMOPT_TIMERDATA, http);
    return http;
}

void http_free(struct http *http)
{
    if (!http)
        return;
    assert(net_loop_here(http->loop) && http->running == 0);
    net_deadline_clear(&http->loop->deadlines, &http->timer);
    unmake(http);
}

void http_start(struct http *http, struct http_request *request)
{
    assert(net_loop_here(http->loop) && !request->running);
    request->http = http;
    request->running = true;
    request->ended = false;
    request->why = NULL;
    http->running++;
    if (!http_request_open(request) ||
        curl_multi_add_handle(http->multi, request->easy) != CURLM_OK)
        give_up(request, "out of memory");
}

void http_cancel(struct http_request *request)
{
    if (!request->running)
        return;
    assert(net_loop_here(request->http->loop));
    give_up(request, "canceled");
}

void http_request_free(struct http_request *request)
{
    assert(!request->running);
    free(request->answer);
    request->answer = NULL;
    request->answer_size = request->answer_room = 0;
}
