/*
 * test_http_proxy.c -- the proxies of the environment, and around them.
 */
#include "support/unit.h"

#include <stdlib.h>

#include "aws/http_world.h"

static void assert_way(const char *name, const char *value, bool no_proxy,
                       bool by_proxy)
{
    static const struct http_reply reply = { .body = "ok" };
    struct http_peer *proxy = http_peer_start(&reply, 1);
    struct asked *asked;

    setenv(name, value ? value : http_peer_url(proxy), 1);
    if (value)
        setenv("http_proxy", http_peer_url(proxy), 1);
    web_open(&reply, 1);
    asked = web_ask("/");
    asked->request.no_proxy = no_proxy;
    web_start(asked);
    web_run();
    assert_int_equal(asked->request.status, 200);
    assert_int_equal(http_peer_requests(proxy), by_proxy);
    assert_int_equal(http_peer_requests(web.peer), !by_proxy);
    if (by_proxy)
        assert_memory_equal(http_peer_request(proxy, 0), "GET http://127.", 15);
    web_close();
    http_peer_stop(proxy);
    unsetenv(name);
    unsetenv("http_proxy");
}

static void the_proxy_of_the_environment_is_used(void **state)
{
    (void)state;
    assert_way("http_proxy", NULL, false, true);
    assert_way("HTTP_PROXY", NULL, false, true);
    assert_way("http_proxy", NULL, true, false);
    assert_way("HTTP_PROXY", NULL, true, false);
    assert_way("https_proxy", NULL, false, false);
    assert_way("NO_PROXY", "127.0.0.1", false, false);
    assert_way("no_proxy", "*", false, false);
    assert_way("NO_PROXY", "10.0.0.1", false, true);
}

static void nothing_of_a_proxy_is_taken_for_the_answer(void **state)
{
    static const struct http_reply reply = { .status = 403,
                                             .headers = "Date: x\r\n",
                                             .body = "no" };
    struct http_peer *proxy = http_peer_start(&reply, 1);
    struct asked *asked;

    (void)state;
    setenv("https_proxy", http_peer_url(proxy), 1);
    web_open(NULL, 0);
    asked = web_get("https://ec2.example/");
    assert_int_equal(asked->request.status, 0);
    assert_string_equal(asked->request.date, "");
    assert_memory_equal(http_peer_request(proxy, 0), "CONNECT ec2.example:443",
                        23);
    web_close();
    unsetenv("https_proxy");
    http_peer_stop(proxy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_proxy_of_the_environment_is_used),
        cmocka_unit_test(nothing_of_a_proxy_is_taken_for_the_answer),
    };

    return cmocka_run_group_tests_name("http proxy", tests, NULL, NULL);
}
