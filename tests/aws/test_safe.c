/*
 * test_safe.c -- what a server said, as one line without a session token.
 */
#include "support/unit.h"

#include "aws/safe.h"

static void a_token_is_cut_out_whatever_stands_around_it(void **state)
{
    static const struct {
        const char *said, *line;
    } rows[] = {
        { "x-amz-security-token:abc and more",
          "x-amz-security-token:(token) and more" },
        { "x-amz-security-token:  abc  and\n\nmore",
          "x-amz-security-token: (token) and more" },
        { "X-Amz-Security-Token=abc&x=1", "X-Amz-Security-Token=(token)&x=1" },
        { "the key is hush, is it", "the key is (token), is it" },
        { "nothing\tof the \x1b[2J kind", "nothing of the [2J kind" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        char line[128];

        safe_line(line, sizeof(line), rows[i].said, "hush");
        assert_string_equal(line, rows[i].line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_is_cut_out_whatever_stands_around_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
