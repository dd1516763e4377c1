/*
 * test_token.c -- the token that ElastiCache takes is botocore's, byte by byte.
 */
#include "support/unit.h"

#include <stdlib.h>
#include <string.h>

#include "aws/token.h"
#include "support/fail_malloc.h"

#define SCOPE "AKIDEXAMPLE%2F20260102%2Fus-east-1%2Felasticache%2Faws4_request"

static const struct aws_keys keys = {
    .access_key = "AKIDEXAMPLE",
    .secret_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
};

/* 2026-01-02T03:04:05Z */
static const time_t now = 1767323045;

/* Made with botocore 1.43 (RequestSigner.generate_presigned_url). */
static void
the_token_of_a_replication_group_is_as_botocore_makes_it(void **state)
{
    char *token =
        token_make("My-Cache", "iam-user-01", "us-east-1", false, &keys, now);

    (void)state;
    assert_string_equal(
        token,
        "my-cache/?Action=connect&User=iam-user-01"
        "&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" SCOPE
        "&X-Amz-Date=20260102T030405Z&X-Amz-Expires=900"
        "&X-Amz-SignedHeaders=host&X-Amz-Signature="
        "bfeac349ee1d596150831f38017b883380aad2f0b563a879ddf7d178e2528d0f");
    free(token);
}

static void a_serverless_cache_and_a_session_are_named(void **state)
{
    struct aws_keys session = keys;
    char *token;

    (void)state;
    session.session_token = "a/token+of=";
    token = token_make("c", "user&1", "us-east-1", true, &session, now);
    assert_non_null(strstr(token, "&ResourceType=ServerlessCache&"));
    assert_non_null(strstr(token, "&User=user%261&"));
    assert_non_null(strstr(token, "&X-Amz-Security-Token=a%2Ftoken%2Bof%3D&"));
    assert_int_equal(strncmp(token, "c/?Action=connect&", 18), 0);
    free(token);
}

static void memory_may_run_out_anywhere(void **state)
{
    (void)state;
    for (unsigned n = 1;; n++) {
        char *token;

        fail_malloc_at(n);
        token = token_make("c", "u", "us-east-1", true, &keys, now);
        if (!fail_malloc_stop()) {
            free(token);
            break;
        }
        assert_null(token);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            the_token_of_a_replication_group_is_as_botocore_makes_it),
        cmocka_unit_test(a_serverless_cache_and_a_session_are_named),
        cmocka_unit_test(memory_may_run_out_anywhere),
    };

    return cmocka_run_group_tests_name("token", tests, NULL, NULL);
}
