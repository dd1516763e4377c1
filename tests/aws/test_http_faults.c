/*
 * test_http_faults.c -- memory and handles that are not to be had.
 */
#include "support/unit.h"

#include <string.h>

#include "aws/http_world.h"
#include "support/fail_malloc.h"

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl*): the linker's names */
int __real_uv_poll_init_socket(uv_loop_t *loop, uv_poll_t *poll,
                               uv_os_sock_t fd);
int __real_uv_poll_start(uv_poll_t *poll, int events, uv_poll_cb cb);
int __wrap_uv_poll_init_socket(uv_loop_t *loop, uv_poll_t *poll,
                               uv_os_sock_t fd);
int __wrap_uv_poll_start(uv_poll_t *poll, int events, uv_poll_cb cb);

static unsigned init_fails, start_fails; /* so many times */

int __wrap_uv_poll_init_socket(uv_loop_t *loop, uv_poll_t *poll,
                               uv_os_sock_t fd)
{
    if (init_fails > 0) {
        init_fails--;
        return UV_ENOMEM;
    }
    return __real_uv_poll_init_socket(loop, poll, fd);
}

int __wrap_uv_poll_start(uv_poll_t *poll, int events, uv_poll_cb cb)
{
    if (start_fails > 0) {
        start_fails--;
        return UV_EBADF;
    }
    return __real_uv_poll_start(poll, events, cb);
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl*) */

static const struct http_reply reply = { .body = "ok" };

static void a_request_without_memory_ends(void **state)
{
    bool came = true;
    unsigned n;

    (void)state;
    for (n = 1; came; n++) {
        struct http_request *request;

        web_open(&reply, 1);
        request = &web_ask("/")->request;
        fail_malloc_at(n);
        web_start(&web.asked[0]);
        web_run();
        came = fail_malloc_stop();
        assert_int_equal(web.asked[0].calls, 1);
        if (request->status == 0)
            assert_true(came);
        else
            assert_string_equal(request->answer, "ok");
        assert_int_equal(web_get("/")->request.status, 200);
        web_close();
    }
    assert_true(n > 2);
}

static void a_client_without_memory_is_none(void **state)
{
    struct net_loop loop;
    struct http *http;
    bool came = true;
    unsigned n;

    (void)state;
    assert_int_equal(net_loop_init(&loop), 0);
    for (n = 1; came; n++) {
        fail_malloc_at(n);
        http = http_new(&loop, "bundle");
        came = fail_malloc_stop();
        assert_int_equal(http == NULL, came);
        http_free(http);
    }
    assert_int_equal(n, 4);
    assert_int_equal(net_loop_close(&loop), 0);
}

static void a_socket_that_cannot_be_watched_ends_its_request_only(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        web_open(&reply, 1);
        init_fails = i == 0;
        start_fails = i == 1;
        web_get("/");
        assert_int_equal(web.asked[0].request.status, 0);
        assert_string_equal(web.asked[0].request.error,
                            "a socket cannot be watched");
        assert_int_equal(web_get("/")->request.status, 200);
        web_close();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_without_memory_ends),
        cmocka_unit_test(a_client_without_memory_is_none),
        cmocka_unit_test(a_socket_that_cannot_be_watched_ends_its_request_only),
    };

    return cmocka_run_group_tests_name("http faults", tests, NULL, NULL);
}
