/*
 * Whom a module's credentials may go to.
 */
#include <stdbool.h>
#include <string.h>

#include "cli/text.h"
#include "serve/match.h"
#include "support/unit.h"

static const struct {
    const char *pattern, *host;
    uint16_t port;
    bool match;
} rows[] = {
    { "cache.example", "cache.example", 6379, true },
    { "cache.example", "Cache.EXAMPLE.", 6379, true },
    { "cache.example.", "cache.example", 6379, true },
    { "cache.example", "cache.example.evil", 6379, false },
    { "cache.example", "xcache.example", 6379, false },
    { "cache.example:6380", "cache.example", 6380, true },
    { "cache.example:6380", "cache.example", 6379, false },
    { "*.orders.example", "a.orders.example", 6379, true },
    { "*.orders.example", "a.b.orders.example", 6379, true },
    { "*.orders.example", "orders.example", 6379, false },
    { "*.orders.example", "a.orders.example.evil", 6379, false },
    { "*.orders.example", "evil-orders.example", 6379, false },
    { "cache-?.example", "cache-1.example", 6379, true },
    { "cache-?.example", "cache-12.example", 6379, false },
    { "*", "anything.example", 6379, true },
    { "a*b*c*d", "aXbYcZd", 6379, true },
    { "a*b*c*d", "aXbYcZ", 6379, false },
    { "10.0.0.0/16", "10.0.255.1", 6379, true },
    { "10.0.0.0/16", "10.1.0.1", 6379, false },
    { "10.0.0.1", "10.0.0.1", 6379, true },
    { "10.0.0.1:6379", "10.0.0.1", 6379, true },
    { "10.0.0.1:6379", "10.0.0.1", 6380, false },
    { "fd00::/8", "fd00::1", 6379, true },
    { "fd00::/8", "FD00:0:0::1", 6379, true },
    { "fd00::/8", "fe00::1", 6379, false },
    /* a name is not an address, whatever it resolves to, nor looks like */
    { "10.0.0.0/8", "10.0.0.1.evil.example", 6379, false },
    { "10.0.0.0/8", "cache.example", 6379, false },
    /* a glob of names takes no address */
    { "*", "10.0.0.1", 6379, false },
    { "10.0.0.*", "10.0.0.1", 6379, false },
    { "", "cache.example", 6379, false },
    { "cache.example:0", "cache.example", 0, false },
    { "cache.example:99999", "cache.example", 6379, false },
    { "cache.example:", "cache.example", 6379, false },
};

static void each_row_matches_as_it_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        bool match =
            serve_match(&rows[i].pattern, 1, rows[i].host, rows[i].port);

        if (match != rows[i].match)
            fail_msg("%s against %s:%u", rows[i].pattern, rows[i].host,
                     (unsigned)rows[i].port);
    }
}

static void any_of_several_is_enough_and_none_is_nobody(void **state)
{
    static const char *const patterns[] = { "a.example", "b.example" };

    (void)state;
    assert_true(serve_match(patterns, 2, "b.example", 6379));
    assert_false(serve_match(patterns, 2, "c.example", 6379));
    assert_false(serve_match(patterns, 0, "a.example", 6379));
}

static void a_pattern_that_is_none_is_told(void **state)
{
    static const char *const good[] = { "*.example", "10.0.0.0/8", "::1",
                                        "cache:6379", "a_b-c.example." };
    static const char *const bad[] = { "",     "10.0.0.0/40", "a b",
                                       "a/b",  "cache:port",  "[::1",
                                       "{a,b}" };
    char error[ERROR_TEXT_MAX];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(good); i++)
        assert_true(serve_pattern_valid(good[i], error, sizeof(error)));
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        assert_false(serve_pattern_valid(bad[i], error, sizeof(error)));
        assert_non_null(strstr(error, "expected one such as"));
    }
}

/* Else a long glob would be a way to stop us. */
static void many_stars_take_no_time(void **state)
{
    static const char glob[] = "*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b";
    const char *pattern = glob;
    char host[200];

    (void)state;
    memset(host, 'a', sizeof(host) - 1);
    host[sizeof(host) - 1] = '\0';
    assert_false(serve_match(&pattern, 1, host, 6379));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_matches_as_it_says),
        cmocka_unit_test(any_of_several_is_enough_and_none_is_nobody),
        cmocka_unit_test(a_pattern_that_is_none_is_told),
        cmocka_unit_test(many_stars_take_no_time),
    };

    return cmocka_run_group_tests_name("serve_match", tests, NULL, NULL);
}
