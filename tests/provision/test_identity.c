/*
 * test_identity.c -- every machine comes to the same names and tokens, AWS
 * takes them, and no two paths come to one.
 */
#include "support/unit.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "provision/identity.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

/* They are an interface: what carries an old one would be lost. */
static void names_are_the_same_for_ever(void **state)
{
    static const struct {
        const char *name, *suffix, *want;
    } rows[] = {
        { "orders-cache", "", "orders-cache" },
        { "orders-cache", "6380", "orders-cache-6380-405777f5" },
        { "a", "b", "a-b-c626af1f" },
        { "a--b", "", "a-b-dd7078bb" },
        { "internal-cache", "", "cache-7bbd4bd1" },
        { "with.dot", "", "with-dot-4dab7450" },
        { "-x-", "", "x-92d8366a" },
        { "0123456789012345678901234567890x", "",
          "0123456789012345678901234567890x" },
        { "0123456789012345678901234567890xy", "",
          "01234567890123456789012-b5d65d68" },
        { "012345678901234567890123456", "6380",
          "01234567890123456789012-1abcf542" },
        { "...", "", "25ce722a" },
    };
    char name[IDENTITY_NAME_SIZE];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        identity_name(rows[i].name, rows[i].suffix, name);
        assert_string_equal(name, rows[i].want);
    }
}

static void a_name_is_what_a_load_balancer_takes(void **state)
{
    static const char *const names[] = {
        "x",
        "internal-",
        "internal-internal-x",
        "internal.internal_x",
        "--",
        "a-",
        "_",
        "\xc3\xa9t\xc3\xa9",
        "a.very.long.name.that.has.dots.and_underlines_and-hyphens-in-it",
    };
    static const char *const suffixes[] = { "", "6379", "6379-2", "-" };
    char name[IDENTITY_NAME_SIZE];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(names) * ARRAY_SIZE(suffixes); i++) {
        size_t n;

        identity_name(names[i / ARRAY_SIZE(suffixes)],
                      suffixes[i % ARRAY_SIZE(suffixes)], name);
        n = strlen(name);
        assert_in_range(n, 1, 32);
        assert_int_equal(strspn(name, LETTERS "-"), n);
        assert_int_not_equal(name[0], '-');
        assert_int_not_equal(name[n - 1], '-');
        assert_int_not_equal(strncmp(name, "internal-", 9), 0);
    }
}

/* The part of one path must not have the name of another path. */
static void no_two_paths_share_a_name(void **state)
{
    static const char *const pairs[][2] = {
        { "orders", "6380" },   { "orders-6380", "" },
        { "orders--6380", "" }, { "orders-", "6380" },
        { "orders", "-6380" },  { "orders.6380", "" },
        { "orders", "" },       { "orders_6380", "" },
        { "6380", "orders" },   { "internal-orders", "" },
    };
    char names[ARRAY_SIZE(pairs)][IDENTITY_NAME_SIZE];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
        identity_name(pairs[i][0], pairs[i][1], names[i]);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(names[i], names[k]);
    }
}

static void a_spec_is_of_name_account_and_region(void **state)
{
    char spec[IDENTITY_SPEC_SIZE], other[IDENTITY_SPEC_SIZE];

    (void)state;
    identity_spec("orders", "444455556666", "us-west-2", spec);
    assert_string_equal(spec, "50f1746390906f85");
    identity_spec("order", "s444455556666", "us-west-2", other);
    assert_string_not_equal(spec, other);
    identity_spec("orders", "444455556666", "us-west-1", other);
    assert_string_not_equal(spec, other);
}

static void a_token_is_of_path_kind_parent_and_generation(void **state)
{
    static const struct {
        const char *name, *kind, *parent;
        unsigned salt;
    } rows[] = {
        { "orders", "service", "arn:aws:x", 0 },
        { "orders", "service", "arn:aws:x", 1 },
        { "orders", "service", "arn:aws:y", 0 },
        { "orders", "endpoint", "arn:aws:x", 0 },
        { "order", "sservice", "arn:aws:x", 0 },
        { "orders", "servicea", "rn:aws:x", 0 },
    };
    char tokens[ARRAY_SIZE(rows)][IDENTITY_TOKEN_SIZE];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        identity_token(rows[i].name, rows[i].kind, rows[i].parent, rows[i].salt,
                       tokens[i]);
        assert_in_range(strlen(tokens[i]), 20, 64);
        assert_int_equal(strspn(tokens[i], LETTERS "-"), strlen(tokens[i]));
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(tokens[i], tokens[k]);
    }
    assert_string_equal(tokens[0],
                        "linkprobe-3051f997757c86d1d22795fdc80fcd09");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_the_same_for_ever),
        cmocka_unit_test(a_name_is_what_a_load_balancer_takes),
        cmocka_unit_test(no_two_paths_share_a_name),
        cmocka_unit_test(a_spec_is_of_name_account_and_region),
        cmocka_unit_test(a_token_is_of_path_kind_parent_and_generation),
    };

    return cmocka_run_group_tests_name("identity", tests, NULL, NULL);
}
