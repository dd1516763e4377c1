/*
 * The header of basic authentication.
 */
#include <stdbool.h>
#include <string.h>

#include "serve/auth.h"
#include "support/unit.h"

static void a_header_is_a_name_and_a_password(void **state)
{
    static const struct {
        const char *header, *name, *password;
    } rows[] = {
        { "Basic YWxpY2U6c2VjcmV0", "alice", "secret" },
        { "basic YWxpY2U6c2VjcmV0", "alice", "secret" },
        { "Basic   YWxpY2U6", "alice", "" },
        { "Basic OnNlY3JldA==", "", "secret" },
        { "Basic YTpiOmM=", "a", "b:c" },
        { "Basic YTpiOmM", "a", "b:c" },
        { NULL, NULL, NULL },
        { "", NULL, NULL },
        { "Bearer YWxpY2U6c2VjcmV0", NULL, NULL },
        { "Basic", NULL, NULL },
        { "Basic YWxpY2U=", NULL, NULL }, /* no colon */
        { "Basic YTo=YTo=", NULL, NULL },
        { "Basic Y!pi", NULL, NULL },
        { "Basic YQA6Yg==", NULL, NULL }, /* a NUL */
        { "Basic YTpiAGM=", NULL, NULL },
    };
    char text[SERVE_LOGIN_MAX + 1];
    const char *password;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        bool fine = serve_auth_read(rows[i].header, text, &password);

        if (fine != (rows[i].name != NULL))
            fail_msg("%s", rows[i].header);
        if (!fine)
            continue;
        assert_string_equal(text, rows[i].name);
        assert_string_equal(password, rows[i].password);
    }
}

static void what_is_too_long_is_none(void **state)
{
    char header[1024] = "Basic YTpi", text[SERVE_LOGIN_MAX + 1];
    const char *password;

    (void)state;
    memset(header + 10, 'A', sizeof(header) - 11);
    header[sizeof(header) - 1] = '\0';
    assert_false(serve_auth_read(header, text, &password));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_header_is_a_name_and_a_password),
        cmocka_unit_test(what_is_too_long_is_none),
    };

    return cmocka_run_group_tests_name("serve_auth_read", tests, NULL, NULL);
}
