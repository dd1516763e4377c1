/*
 * http_world.c -- made for each test, and gone without a rest.
 */
#include "aws/http_world.h"

#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct http_world web;

void web_open(const struct http_reply *replies, size_t n)
{
    memset(&web, 0, sizeof(web));
    unsetenv("AWS_CA_BUNDLE");
    assert_int_equal(net_loop_init(&web.loop), 0);
    if (replies)
        web.peer = http_peer_start(replies, n);
    web.http = http_new(&web.loop, NULL);
    assert_non_null(web.http);
}

void web_close(void)
{
    for (unsigned i = 0; i < web.n; i++) {
        assert_true(web.asked[i].calls <= 1);
        http_request_free(&web.asked[i].request);
    }
    http_free(web.http);
    net_loop_run(&web.loop);
    assert_int_equal(net_loop_close(&web.loop), 0);
    if (web.peer)
        http_peer_stop(web.peer);
}

static void on_done(struct http_request *request)
{
    struct asked *asked = request->data;

    asked->calls++;
    assert_int_equal(asked->calls, 1);
    assert_int_equal(request->status == 0, request->error[0] != '\0');
    if (web.then)
        web.then(asked);
}

struct asked *web_ask(const char *path)
{
    struct asked *asked = &web.asked[web.n++];

    assert_true(web.n <= ASKED_MAX);
    (void)snprintf(asked->url, sizeof(asked->url), "%s%s",
                   path[0] == '/' ? http_peer_url(web.peer) : "", path);
    asked->request = (struct http_request){
        .method = "GET", .url = asked->url, .done = on_done, .data = asked
    };
    return asked;
}

void web_start(struct asked *asked)
{
    http_start(web.http, &asked->request);
    assert_int_equal(asked->calls, 0);
}

void web_run(void)
{
    net_loop_run(&web.loop);
}

struct asked *web_get(const char *path)
{
    struct asked *asked = web_ask(path);

    web_start(asked);
    web_run();
    assert_int_equal(asked->calls, 1);
    return asked;
}
