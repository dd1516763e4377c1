/*
 * test_iam.c -- a token tells its age and its user, and nothing else passes.
 */
#include "support/unit.h"

#include "probe/iam.h"

#define TOKEN                                                                  \
    "orders/?Action=connect&User=app&X-Amz-Algorithm=AWS4-HMAC-SHA256"         \
    "&X-Amz-Date=20261123T030000Z&X-Amz-Expires=900&X-Amz-Signature=abc"

static void a_token_tells_when_it_was_signed(void **state)
{
    struct evidence_iam iam;

    (void)state;
    assert_true(iam_read(TOKEN, "app", &iam));
    assert_int_equal(iam.signed_s, 1795402800);
    assert_int_equal(iam.expires_s, 900);
    assert_false(iam.other_user);
    assert_false(iam.dns_name);
}

static void a_token_of_another_user_is_known(void **state)
{
    static const char *const users[] = { "ap", "apps", "other" };
    struct evidence_iam iam;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(users); i++) {
        assert_true(iam_read(TOKEN, users[i], &iam));
        assert_true(iam.other_user);
    }
}

static void a_dns_name_is_no_cache_name(void **state)
{
    struct evidence_iam iam;

    (void)state;
    assert_true(iam_read("orders.use1.cache.amazonaws.com/?Action=connect"
                         "&X-Amz-Date=20261123T030000Z&X-Amz-Expires=900",
                         NULL, &iam));
    assert_true(iam.dns_name);
}

static void other_passwords_are_no_tokens(void **state)
{
    static const char *const passwords[] = {
        "",
        "secret",
        "a?b=c&d",
        "x/?Action=connect",
        "x/?Action=connects&X-Amz-Date=20261123T030000Z&X-Amz-Expires=900",
        "x/?Action=connect&X-Amz-Date=2026-11-23&X-Amz-Expires=900",
        "x/?Action=connect&X-Amz-Date=20261123T03000xZ&X-Amz-Expires=900",
        "x/?Action=connect&X-Amz-Date=20261123T030000Z&X-Amz-Expires=9x0",
        "x/?Action=connect&X-Amz-Date=20261123T030000Z&X-Amz-Expires=9999999",
    };
    struct evidence_iam iam;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(passwords); i++)
        assert_false(iam_read(passwords[i], NULL, &iam));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_tells_when_it_was_signed),
        cmocka_unit_test(a_token_of_another_user_is_known),
        cmocka_unit_test(a_dns_name_is_no_cache_name),
        cmocka_unit_test(other_passwords_are_no_tokens),
    };

    return cmocka_run_group_tests_name("iam", tests, NULL, NULL);
}
