/*
 * Error replies as the engines word them: redis 2.4 to 8, valkey 7.2 to 9.
 */
#include "resp/errors.h"

#include "support/unit.h"

#include <stdlib.h>
#include <string.h>

static void replies_are_told_apart(void **state)
{
    static const struct {
        const char *text;
        enum resp_error error;
    } rows[] = {
        { "NOAUTH Authentication required.", RESP_ERR_NOAUTH },
        { "NOAUTH HELLO must be called with the client already authenticated",
          RESP_ERR_NOAUTH },
        { "ERR operation not permitted", RESP_ERR_NOAUTH },
        { "WRONGPASS invalid username-password pair or user is disabled.",
          RESP_ERR_WRONGPASS },
        { "ERR invalid password", RESP_ERR_WRONGPASS },
        { "ERR AUTH <password> called without any password configured for "
          "the default user. Are you sure your configuration is correct?",
          RESP_ERR_NOPASS },
        { "ERR Client sent AUTH, but no password is set", RESP_ERR_NOPASS },
        { "NOPERM this user has no permissions to run the 'set' command",
          RESP_ERR_NOPERM },
        { "READONLY You can't write against a read only replica.",
          RESP_ERR_READONLY },
        { "LOADING Redis is loading the dataset in memory", RESP_ERR_LOADING },
        { "LOADING Valkey is loading the dataset in memory", RESP_ERR_LOADING },
        { "MASTERDOWN Link with MASTER is down and replica-serve-stale-data "
          "is set to 'no'.",
          RESP_ERR_MASTERDOWN },
        { "NOREPLICAS Not enough good replicas to write.",
          RESP_ERR_NOREPLICAS },
        { "MOVED 3999 127.0.0.1:6381", RESP_ERR_MOVED },
        { "ASK 3999 127.0.0.1:6381", RESP_ERR_ASK },
        { "REDIRECT 10.0.0.7:6379", RESP_ERR_REDIRECT },
        { "CLUSTERDOWN Hash slot not served", RESP_ERR_CLUSTERDOWN },
        { "TRYAGAIN Multiple keys request during rehashing of slot",
          RESP_ERR_TRYAGAIN },
        { "CROSSSLOT Keys in request don't hash to the same slot",
          RESP_ERR_CROSSSLOT },
        { "OOM command not allowed when used memory > 'maxmemory'.",
          RESP_ERR_OOM },
        { "MISCONF Redis is configured to save RDB snapshots, but ...",
          RESP_ERR_MISCONF },
        { "ERR max number of clients reached", RESP_ERR_MAXCLIENTS },
        { "ERR max number of clients + cluster connections reached",
          RESP_ERR_MAXCLIENTS },
        { "DENIED Redis is running in protected mode because ...",
          RESP_ERR_PROTECTED },
        { "DENIED Running in protected mode because ...", RESP_ERR_PROTECTED },
        { "BUSY Redis is busy running a script.", RESP_ERR_BUSY },
        { "ERR unknown command 'PING', with args beginning with: ",
          RESP_ERR_UNKNOWN },
        { "ERR unknown command `PING`", RESP_ERR_UNKNOWN },
        { "ERR DB index is out of range", RESP_ERR_DBINDEX },
        { "ERR invalid DB index", RESP_ERR_DBINDEX },
        { "ERR SELECT is not allowed in cluster mode", RESP_ERR_DBINDEX },
        { "ERR Protocol error: unauthenticated bulk length",
          RESP_ERR_PROTOCOL },
        { "ERR something new", RESP_ERR_OTHER },
        { "WRONGTYPE Operation against a key holding ...", RESP_ERR_OTHER },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        assert_int_equal(resp_error_of(rows[i].text, strlen(rows[i].text)),
                         rows[i].error);
}

static void a_word_counts_only_whole_and_first(void **state)
{
    static const char *const rows[] = {
        "",
        " ",
        "ERR",
        "ERR ",
        "NOAUTHENTICATION",
        "NOAUT",
        "noauth Authentication required.",
        "BUSYGROUP Consumer Group name already exists",
        "ERR: NOAUTH",
        "ERR  unknown command",
        "upstream says NOAUTH",
        "OOMPH",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        assert_int_equal(resp_error_of(rows[i], strlen(rows[i])),
                         RESP_ERR_OTHER);
}

static void no_byte_behind_the_text_is_read(void **state)
{
    static const char text[] = "READONLY You can't";

    (void)state;
    for (size_t n = 1; n < sizeof(text); n++) {
        /* A copy of just that size: ASan sees a step too far. */
        char *copy = malloc(n);

        assert_non_null(copy);
        memcpy(copy, text, n);
        assert_int_equal(resp_error_of(copy, n) == RESP_ERR_READONLY, n >= 8);
        free(copy);
    }
    assert_int_equal(resp_error_of(NULL, 0), RESP_ERR_OTHER);
}

static void a_lone_word_is_enough(void **state)
{
    (void)state;
    assert_int_equal(resp_error_of("LOADING", 7), RESP_ERR_LOADING);
}

static void every_class_has_token_and_text(void **state)
{
    (void)state;
    for (int i = 0; i < RESP_ERR_COUNT; i++) {
        assert_true(strlen(resp_error_token((enum resp_error)i)) > 0);
        assert_true(strlen(resp_error_text((enum resp_error)i)) > 0);
    }
    assert_string_equal(resp_error_token(RESP_ERR_WRONGPASS), "denied");
    assert_string_equal(resp_error_token(RESP_ERR_ASK), "moved");
}

static void a_redirection_names_its_address(void **state)
{
    static const struct {
        const char *text;
        const char *where;
    } rows[] = {
        { "MOVED 3999 127.0.0.1:6381", "127.0.0.1:6381" },
        { "ASK 3999 node.example:6381", "node.example:6381" },
        { "REDIRECT 10.0.0.7:6379", "10.0.0.7:6379" },
        { "MOVED 1 2001:db8::1:6379", "2001:db8::1:6379" },
        { "MOVED 3999 :6381", ":6381" },
        { "REDIRECT a:1 and more", "a:1" },
        { "MOVED 3999", "" },
        { "MOVED 3999 ", "" },
        { "MOVED", "" },
        { "REDIRECT", "" },
        { "REDIRECT ", "" },
        { "NOAUTH a b", "" },
        { "MOVED 1 a\x1b[31m:1", "" },
        { "MOVED 1 0123456789.0123456789:6379", "" }, /* does not fit */
        { "", "" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        char where[20] = "before";
        int found = resp_error_redirect(rows[i].text, strlen(rows[i].text),
                                        where, sizeof(where));

        assert_string_equal(where, rows[i].where);
        assert_int_equal(found, rows[i].where[0] != '\0');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replies_are_told_apart),
        cmocka_unit_test(a_word_counts_only_whole_and_first),
        cmocka_unit_test(no_byte_behind_the_text_is_read),
        cmocka_unit_test(a_lone_word_is_enough),
        cmocka_unit_test(every_class_has_token_and_text),
        cmocka_unit_test(a_redirection_names_its_address),
    };

    return cmocka_run_group_tests_name("errors", tests, NULL, NULL);
}
