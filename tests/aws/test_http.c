/*
 * test_http.c -- what comes back, from servers of all kinds.
 */
#include "support/unit.h"

#include <string.h>

#include "aws/http_world.h"

static void an_answer_has_status_body_and_date(void **state)
{
    static const struct http_reply reply = {
        .status = 404,
        .headers = "Date: Mon, 23 Nov 2026 08:00:00 GMT\r\nOther: x\r\n",
        .body = "the body",
    };
    struct asked *asked;

    (void)state;
    web_open(&reply, 1);
    asked = web_get("/path?a=b");
    assert_int_equal(asked->request.status, 404);
    assert_true(asked->request.sent);
    assert_false(asked->request.hopeless);
    assert_string_equal(asked->request.answer, "the body");
    assert_int_equal(asked->request.answer_size, 8);
    assert_string_equal(asked->request.date, "Mon, 23 Nov 2026 08:00:00 GMT");
    assert_int_equal(asked->request.retry_after_ms, -1);
    assert_memory_equal(http_peer_request(web.peer, 0),
                        "GET /path?a=b HTTP/1.1\r\n", 24);
    web_close();
}

static void a_server_says_when_to_come_again(void **state)
{
    static const struct {
        const char *headers;
        long ms;
    } rows[] = {
        { "Retry-After: 3\r\n", 3000 },
        { "x-amz-retry-after: 1500\r\n", 1500 },
        { "Retry-After: 3\r\nX-Amz-Retry-After: 20\r\n", 20 },
        { "x-amz-retry-after: 20\r\nretry-after: 3\r\n", 20 },
        { "Retry-After: Mon, 23 Nov 2026 08:00:00 GMT\r\n", -1 },
        { "Retry-After: -3\r\n", -1 },
        { "Retry-After: 3s\r\n", -1 },
        { "Retry-After:\r\n", -1 },
        { "Retry-After: 99999999999999999999\r\n", 3600000 },
        { "x-amz-retry-after: 99999999999999999999\r\n", 3600000 },
        { "Date: a date that is far longer than any date would be\r\n", -1 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const struct http_reply reply = { .headers = rows[i].headers };
        struct asked *asked;

        web_open(&reply, 1);
        asked = web_get("/");
        assert_int_equal(asked->request.retry_after_ms, rows[i].ms);
        assert_string_equal(asked->request.date, "");
        web_close();
    }
}

static void a_body_is_sent_as_it_is(void **state)
{
    static const struct http_reply reply = { .body = "ok" };
    static const char *const headers[] = { "Content-Type: text/plain",
                                           "X-Amz-Date: now" };
    static char body[4000];
    struct asked *asked;
    const char *request;

    (void)state;
    memset(body, 'x', sizeof(body) - 1);
    web_open(&reply, 1);
    asked = web_ask("/");
    asked->request.method = "POST";
    asked->request.headers = headers;
    asked->request.nheaders = 2;
    asked->request.body = body;
    asked->request.body_size = strlen(body);
    web_start(asked);
    web_run();
    assert_int_equal(asked->request.status, 200);
    request = http_peer_request(web.peer, 0);
    assert_memory_equal(request, "POST / HTTP/1.1\r\n", 17);
    assert_non_null(strstr(request, "\r\nContent-Type: text/plain\r\n"));
    assert_non_null(strstr(request, "\r\nX-Amz-Date: now\r\n"));
    assert_null(strstr(request, "Expect:"));
    assert_string_equal(strstr(request, "\r\n\r\n") + 4, body);
    web_close();
}

static void a_method_needs_no_body(void **state)
{
    static const char *const methods[] = { "PUT", "POST", "DELETE" };
    static const struct http_reply reply = { .body = "ok" };

    (void)state;
    web_open(&reply, 1);
    for (unsigned i = 0; i < ARRAY_SIZE(methods); i++) {
        struct asked *asked = web_ask("/");

        asked->request.method = methods[i];
        web_start(asked);
        web_run();
        assert_int_equal(asked->request.status, 200);
        assert_memory_equal(http_peer_request(web.peer, i), methods[i],
                            strlen(methods[i]));
    }
    web_close();
}

static void connections_are_kept(void **state)
{
    static const struct http_reply reply = { .body = "ok" };

    (void)state;
    web_open(&reply, 1);
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(web_get("/")->request.status, 200);
    assert_int_equal(http_peer_requests(web.peer), 3);
    assert_int_equal(http_peer_connections(web.peer), 1);
    web_close();
}

static void a_kept_connection_that_is_gone_is_made_anew(void **state)
{
    static const struct http_reply replies[] = { { .body = "one" },
                                                 { .then = HTTP_PEER_CLOSE },
                                                 { .body = "two" } };

    (void)state;
    web_open(replies, 3);
    assert_int_equal(web_get("/")->request.status, 200);
    assert_string_equal(web_get("/")->request.answer, "two");
    assert_int_equal(http_peer_connections(web.peer), 2);
    web_close();
}

static void redirects_are_not_followed(void **state)
{
    static const struct http_reply reply = {
        .status = 302, .headers = "Location: /elsewhere\r\n", .body = "moved"
    };

    (void)state;
    web_open(&reply, 1);
    assert_int_equal(web_get("/")->request.status, 302);
    assert_int_equal(http_peer_requests(web.peer), 1);
    web_close();
}

static void whatever_is_no_whole_answer_is_none(void **state)
{
    static const struct {
        struct http_reply reply;
        const char *says;
        bool hopeless;
    } rows[] = {
        { { .body = "<cut", .cut = 2, .then = HTTP_PEER_CLOSE },
          "with 2 bytes ",
          false },
        { { .raw = "SSH-2.0-OpenSSH_9\r\n", .then = HTTP_PEER_CLOSE },
          "",
          false },
        { { .raw = "HTTP/1.1 200 O\x1bK\r\nContent-Le",
            .then = HTTP_PEER_CLOSE },
          "within its headers",
          false },
        { { .then = HTTP_PEER_RESET }, "", false },
        { { .then = HTTP_PEER_CLOSE }, "", false },
        { { .body_size = HTTP_BODY_MAX + 1, .then = HTTP_PEER_CLOSE },
          "larger than 8 MiB",
          true },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct http_request *request;

        web_open(&rows[i].reply, 1);
        request = &web_get("/")->request;
        assert_int_equal(request->status, 0);
        assert_true(request->sent);
        assert_int_equal(request->hopeless, rows[i].hopeless);
        assert_non_null(strstr(request->error, rows[i].says));
        for (const char *p = request->error; *p; p++)
            assert_true(*p >= ' ');
        web_close();
    }
}

static void an_answer_may_be_as_large_as_the_bound(void **state)
{
    static const struct http_reply reply = { .body_size = HTTP_BODY_MAX };
    struct asked *asked;

    (void)state;
    web_open(&reply, 1);
    asked = web_get("/");
    assert_int_equal(asked->request.status, 200);
    assert_int_equal(asked->request.answer_size, HTTP_BODY_MAX);
    web_close();
}

static void an_answer_may_come_slowly(void **state)
{
    static const struct http_reply reply = { .body = "slow", .drip = true };

    (void)state;
    web_open(&reply, 1);
    assert_string_equal(web_get("/")->request.answer, "slow");
    web_close();
}

static void silence_has_an_end(void **state)
{
    static const struct http_reply replies[] = {
        { .then = HTTP_PEER_SILENT },
        { .body = "half", .cut = 2, .then = HTTP_PEER_SILENT },
    };

    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        struct asked *asked = NULL;

        web_open(&replies[i], 1);
        /* a machine that stood still may not have sent it in that time */
        for (unsigned ms = 50; ms < 10000; ms *= 5) {
            asked = web_ask("/");
            asked->request.total_ms = ms;
            web_start(asked);
            web_run();
            assert_int_equal(asked->request.status, 0);
            assert_false(asked->request.hopeless);
            assert_non_null(strstr(asked->request.error, "timed out"));
            if (asked->request.sent)
                break;
        }
        assert_true(asked->request.sent);
        web_close();
    }
}

static void who_cannot_be_reached_was_sent_nothing(void **state)
{
    static const struct {
        const char *url;
        bool hopeless;
    } rows[] = {
        { "http://127.0.0.1:1/", false }, { "http://", true },
        { "ftp://127.0.0.1/", true },     { "http://a b/", true },
        { "file:///etc/passwd", true },
    };

    (void)state;
    web_open(NULL, 0);
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct asked *asked = web_get(rows[i].url);

        assert_int_equal(asked->request.status, 0);
        assert_false(asked->request.sent);
        assert_int_equal(asked->request.hopeless, rows[i].hopeless);
    }
    web_close();
}

static void many_requests_go_at_the_same_time(void **state)
{
    static const struct http_reply reply = { .body = "ok", .late = true };

    (void)state;
    web_open(&reply, 1);
    for (unsigned i = 0; i < ASKED_MAX; i++)
        web_start(web_ask("/"));
    while (http_peer_requests(web.peer) < ASKED_MAX)
        (void)uv_run(&web.loop.uv, UV_RUN_NOWAIT);
    for (unsigned i = 0; i < ASKED_MAX; i++)
        http_peer_open(web.peer);
    web_run();
    for (unsigned i = 0; i < ASKED_MAX; i++)
        assert_int_equal(web.asked[i].request.status, 200);
    assert_int_equal(http_peer_connections(web.peer), ASKED_MAX);
    web_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_has_status_body_and_date),
        cmocka_unit_test(a_server_says_when_to_come_again),
        cmocka_unit_test(a_body_is_sent_as_it_is),
        cmocka_unit_test(a_method_needs_no_body),
        cmocka_unit_test(connections_are_kept),
        cmocka_unit_test(a_kept_connection_that_is_gone_is_made_anew),
        cmocka_unit_test(redirects_are_not_followed),
        cmocka_unit_test(whatever_is_no_whole_answer_is_none),
        cmocka_unit_test(an_answer_may_be_as_large_as_the_bound),
        cmocka_unit_test(an_answer_may_come_slowly),
        cmocka_unit_test(silence_has_an_end),
        cmocka_unit_test(who_cannot_be_reached_was_sent_nothing),
        cmocka_unit_test(many_requests_go_at_the_same_time),
    };

    return cmocka_run_group_tests_name("http", tests, NULL, NULL);
}
