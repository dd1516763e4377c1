/*
 * test_sigv4.c -- signatures that are known, and what the signer refuses.
 *
 * That thousands of others are right is oracle_sigv4.py's to show.
 */
#include "support/unit.h"

#include <stdlib.h>
#include <string.h>

#include "aws/sigv4.h"
#include "support/fail_malloc.h"

static const struct aws_keys keys = {
    "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", NULL
};

/* "get-vanilla" of AWS' Signature Version 4 test suite. */
static const struct sigv4_request vanilla = {
    .method = "GET",
    .host = "example.amazonaws.com",
    .path = "/",
    .region = "us-east-1",
    .service = "service",
    .now = 1440938160, /* 20150830T123600Z */
};

static void assert_signature(const struct sigv4_request *request,
                             const char *signature)
{
    struct sigv4_signed out;

    assert_true(sigv4_sign(request, &keys, &out));
    assert_string_equal(out.date, "20150830T123600Z");
    assert_string_equal(out.authorization + strlen(out.authorization) - 64,
                        signature);
}

static void the_vectors_of_aws_are_met(void **state)
{
    struct sigv4_request request = vanilla;
    struct sigv4_signed out;

    (void)state;
    assert_true(sigv4_sign(&request, &keys, &out));
    assert_string_equal(
        out.authorization,
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/"
        "aws4_request, SignedHeaders=host;x-amz-date, Signature="
        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
    request.query = "Param2=value2&Param1=value1";
    assert_signature(
        &request,
        "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500");
    request.query = NULL;
    request.method = "POST";
    assert_signature(
        &request,
        "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
}

/* The password of an ElastiCache user, as botocore signs it. */
static void a_query_can_carry_the_signature(void **state)
{
    struct sigv4_request request = {
        .method = "GET",
        .host = "my-cache",
        .path = "/",
        .query = "User=iam-user-01&Action=connect",
        .region = "us-east-1",
        .service = "elasticache",
        .now = 1767323045, /* 20260102T030405Z */
    };
    char *query = sigv4_presign(&request, &keys, 900);

    (void)state;
    assert_string_equal(
        query,
        "Action=connect&User=iam-user-01&X-Amz-Algorithm=AWS4-HMAC-SHA256&"
        "X-Amz-Credential=AKIDEXAMPLE%2F20260102%2Fus-east-1%2Felasticache%2F"
        "aws4_request&X-Amz-Date=20260102T030405Z&X-Amz-Expires=900&"
        "X-Amz-SignedHeaders=host&X-Amz-Signature="
        "bfeac349ee1d596150831f38017b883380aad2f0b563a879ddf7d178e2528d0f");
    free(query);
}

static void different_writings_of_a_query_sign_alike(void **state)
{
    static const char *const queries[] = { "b=%C3%A9&a=", "a&b=%c3%a9",
                                           "&b=\xc3\xa9&&a=&" };
    struct sigv4_request request = vanilla;
    struct sigv4_signed first, other;

    (void)state;
    request.query = queries[0];
    assert_true(sigv4_sign(&request, &keys, &first));
    for (size_t i = 1; i < ARRAY_SIZE(queries); i++) {
        request.query = queries[i];
        assert_true(sigv4_sign(&request, &keys, &other));
        assert_string_equal(first.authorization, other.authorization);
    }
    request.query = "a=&b=%C3%A9%";
    assert_true(sigv4_sign(&request, &keys, &other));
    assert_string_not_equal(first.authorization, other.authorization);
}

static void what_does_not_fit_is_refused(void **state)
{
    static char long_text[SIGV4_AUTHORIZATION_SIZE];
    struct sigv4_request request = vanilla;
    struct aws_keys other = keys;
    struct sigv4_signed out;

    (void)state;
    memset(long_text, 'x', sizeof(long_text) - 1);
    request.region = long_text;
    assert_false(sigv4_sign(&request, &keys, &out));
    assert_null(sigv4_presign(&request, &keys, 1));
    request.region = "us-east-1";
    other.access_key = long_text;
    assert_false(sigv4_sign(&request, &other, &out));
    request.now = (time_t)1 << 60;
    assert_false(sigv4_sign(&request, &keys, &out));
    request.now = (time_t)1 << 40; /* a year of five digits */
    assert_false(sigv4_sign(&request, &keys, &out));
}

static void a_lack_of_memory_is_said(void **state)
{
    const struct sigv4_header header = { "a", "b" };
    struct sigv4_request request = vanilla;
    struct sigv4_signed out;
    unsigned n = 0;
    bool signed_at_last, came;
    char *query;

    (void)state;
    request.query = "a=b&c=d";
    request.headers = &header;
    request.nheaders = 1;
    do {
        fail_malloc_at(++n);
        signed_at_last = sigv4_sign(&request, &keys, &out);
        came = fail_malloc_stop();
        assert_int_equal(signed_at_last, !came);
    } while (came);
    assert_true(n > 5);
    for (n = 1, came = true; came; n++) {
        fail_malloc_at(n);
        query = sigv4_presign(&request, &keys, 900);
        came = fail_malloc_stop();
        assert_int_equal(query == NULL, came);
        free(query);
    }
    assert_true(n > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vectors_of_aws_are_met),
        cmocka_unit_test(a_query_can_carry_the_signature),
        cmocka_unit_test(different_writings_of_a_query_sign_alike),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(a_lack_of_memory_is_said),
    };

    return cmocka_run_group_tests_name("sigv4", tests, NULL, NULL);
}
