/*
 * test_status.c -- every status has its words, and libuv's errors map to them.
 */
#include "support/unit.h"

#include <string.h>
#include <uv.h>

#include "net/status.h"

static void every_status_has_a_token_and_a_text(void **state)
{
    const char *token;

    (void)state;
    for (int i = 0; i < NET_STATUS_COUNT; i++) {
        token = net_status_token((enum net_status)i);
        assert_int_equal(strspn(token, "abcdefghijklmnopqrstuvwxyz_"),
                         strlen(token));
        assert_string_not_equal(token, "");
        assert_string_not_equal(net_status_text((enum net_status)i), "");
        for (int j = 0; j < i; j++)
            assert_string_not_equal(token,
                                    net_status_token((enum net_status)j));
    }
}

static void tokens_are_an_interface(void **state)
{
    (void)state;
    assert_string_equal(net_status_token(NET_TIMEOUT), "timeout");
    assert_string_equal(net_status_token(NET_CLOSED), "eof");
    assert_string_equal(net_status_token(NET_RESET), "reset");
    assert_string_equal(net_status_token(NET_REFUSED), "refused");
    assert_string_equal(net_status_token(NET_UNREACHABLE), "unreachable");
    assert_string_equal(net_status_token(NET_BADREPLY), "badreply");
    assert_string_equal(net_status_text(NET_REFUSED), "refused");
}

static void errors_of_libuv_have_a_status(void **state)
{
    static const struct {
        int error;
        enum net_status status;
    } rows[] = {
        { 0, NET_OK },
        { UV_ECANCELED, NET_CANCELED },
        { UV_ETIMEDOUT, NET_TIMEOUT },
        { UV_ECONNREFUSED, NET_REFUSED },
        { UV_ECONNRESET, NET_RESET },
        { UV_ECONNABORTED, NET_RESET },
        { UV_EOF, NET_CLOSED },
        { UV_EPIPE, NET_CLOSED },
        { UV_ENETUNREACH, NET_UNREACHABLE },
        { UV_EHOSTUNREACH, NET_UNREACHABLE },
        { UV_ENETDOWN, NET_UNREACHABLE },
        { UV_EAFNOSUPPORT, NET_UNREACHABLE },
        { UV_EACCES, NET_PROHIBITED },
        { UV_EPERM, NET_PROHIBITED },
        { UV_EADDRNOTAVAIL, NET_NOPORTS },
        { UV_EADDRINUSE, NET_NOPORTS },
        { UV_ENOMEM, NET_NOMEM },
        { UV_ENOBUFS, NET_NOMEM },
        { UV_EMFILE, NET_SYSTEM },
        { UV_EINVAL, NET_SYSTEM },
        { -12345, NET_SYSTEM },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        assert_int_equal(net_status_of_uv(rows[i].error), rows[i].status);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_has_a_token_and_a_text),
        cmocka_unit_test(tokens_are_an_interface),
        cmocka_unit_test(errors_of_libuv_have_a_status),
    };

    return cmocka_run_group_tests_name("status", tests, NULL, NULL);
}
