/*
 * Lines of the log, and where to listen.
 */
#include <arpa/inet.h>
#include <stdbool.h>
#include <string.h>

#include "cli/text.h"
#include "serve/listen.h"
#include "serve/log.h"
#include "support/unit.h"

static void assert_line(const char *message, const char *const *pairs,
                        const char *expected)
{
    char text[512];
    size_t n =
        serve_log_text(text, sizeof(text) - 1, SERVE_INFO, message, pairs);

    text[n] = '\0';
    assert_string_equal(text, expected);
}

static void a_line_is_logfmt(void **state)
{
    const char *const pairs[] = {
        "target", "a.example:6379", "summary", "1 of 2", "none",
        NULL,     "empty",          "",        NULL
    };

    (void)state;
    assert_line("verdict", pairs,
                "level=info msg=verdict target=a.example:6379 "
                "summary=\"1 of 2\" empty=\"\"");
}

/* Or a server's words could write lines of their own. */
static void no_control_byte_gets_into_it(void **state)
{
    const char *const pairs[] = { "text", "a\"b\\c\nlevel=info\x1b[2J", NULL };

    (void)state;
    assert_line("two words", pairs,
                "level=info msg=\"two words\" "
                "text=\"a\\\"b\\\\c\\x0alevel=info\\x1b[2J\"");
}

static void what_does_not_fit_is_cut(void **state)
{
    const char *const pairs[] = { "a", "bbbbbbbbbb", NULL };
    char text[24];
    size_t n = serve_log_text(text, sizeof(text), SERVE_ERROR, "x", pairs);

    (void)state;
    assert_int_equal(n, sizeof(text));
    assert_memory_equal(text, "level=error msg=x a=bbbb", n);
}

static void addresses_to_listen_on_are_read(void **state)
{
    static const struct {
        const char *text, *address;
    } rows[] = {
        { "127.0.0.1:10379", "127.0.0.1:10379" },
        { "[::1]:9115", "[::1]:9115" },
        { "::1:9115", "[::1]:9115" },
        { ":9115", "[::]:9115" },
        { "localhost:80", "127.0.0.1:80" },
        { "0.0.0.0:0", "0.0.0.0:0" },
        { "127.0.0.1", NULL },
        { "127.0.0.1:", NULL },
        { "127.0.0.1:70000", NULL },
        { "127.0.0.1:1x", NULL },
        { "example.org:80", NULL },
        { "", NULL },
    };
    char error[ERROR_TEXT_MAX], text[NET_ADDR_TEXT_MAX];
    struct net_addr addr;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        bool fine =
            serve_listen_parse(rows[i].text, &addr, error, sizeof(error));

        if (fine != (rows[i].address != NULL))
            fail_msg("%s", rows[i].text);
        if (fine)
            assert_string_equal(net_addr_text(&addr, text), rows[i].address);
        else
            assert_non_null(strstr(error, "expected one such as"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_logfmt),
        cmocka_unit_test(no_control_byte_gets_into_it),
        cmocka_unit_test(what_does_not_fit_is_cut),
        cmocka_unit_test(addresses_to_listen_on_are_read),
    };

    return cmocka_run_group_tests_name("serve_log", tests, NULL, NULL);
}
