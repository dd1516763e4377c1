/*
 * test_client.c -- what becomes of answers: results, pages, errors.
 */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/client_world.h"

#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define VPCS(inside)                                                           \
    XML "<DescribeVpcsResponse "                                               \
        "xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">"                  \
        "<requestId>1</requestId>" inside "</DescribeVpcsResponse>"
#define EC2_ERROR(code, message)                                               \
    XML "<Response><Errors><Error><Code>" code "</Code><Message>" message      \
        "</Message></Error></Errors><RequestID>1</RequestID></Response>"
#define ELB_ERROR(code, message)                                               \
    XML "<ErrorResponse "                                                      \
        "xmlns=\"http://x/\"><Error><Type>Sender</Type><Code>" code            \
        "</Code><Message>" message "</Message></Error><RequestId>1"            \
        "</RequestId></ErrorResponse>"

static void a_call_is_signed_and_its_answer_read(void **state)
{
    static const struct http_reply replies[] = {
        { .body = VPCS("<vpcSet><item><vpcId>vpc-1</vpcId></item></vpcSet>") },
    };
    const char *request;

    (void)state;
    world_open(replies, ARRAY_SIZE(replies), NULL);
    world_prepare(AWS_EC2, "DescribeVpcs", false);
    query_add_filter(&world.call.query, 1, "tag:a b", "c/d");
    aws_call_start(&world.call);
    assert_int_equal(world.calls, 0);
    world_run();
    assert_int_equal(world.call.status, AWS_OK);
    assert_string_equal(world.call.code, "");
    assert_string_equal(world.call.message, "");
    assert_int_equal(world.call.http_status, 200);
    assert_int_equal(world.call.attempts, 1);
    assert_int_equal(world.call.nanswers, 1);
    assert_true(world.call.ns > 0);
    assert_string_equal(
        xml_text(aws_call_result(&world.call), "vpcSet/item/vpcId"), "vpc-1");
    request = http_peer_request(world.peer, 0);
    assert_non_null(strstr(request, "POST / HTTP/1.1\r\n"));
    assert_non_null(strstr(request, "\r\nHost: 127.0.0.1:"));
    assert_non_null(strstr(request, "\r\nX-Amz-Security-Token: token-one\r\n"));
    assert_non_null(strstr(request, "/us-west-2/ec2/aws4_request, "
                                    "SignedHeaders=content-type;host;"
                                    "x-amz-date;x-amz-security-token, "));
    assert_non_null(strstr(request,
                           "\r\n\r\nAction=DescribeVpcs&Version=2016-11-15&"
                           "Filter.1.Name=tag%3Aa%20b&"
                           "Filter.1.Value.1=c%2Fd"));
    world_close();
}

static void each_service_has_its_version_and_its_result(void **state)
{
    static const struct {
        enum aws_service service;
        const char *action, *body, *version, *signing;
    } rows[] = {
        { AWS_EC2, "A", "<AResponse><x>1</x></AResponse>", "2016-11-15",
          "/ec2/" },
        { AWS_ELBV2, "A", "<AResponse><AResult><x>1</x></AResult></AResponse>",
          "2015-12-01", "/elasticloadbalancing/" },
        { AWS_ELASTICACHE, "A",
          "<AResponse><AResult><x>1</x></AResult></AResponse>", "2015-02-02",
          "/elasticache/" },
        { AWS_STS, "A", "<AResponse><AResult><x>1</x></AResult></AResponse>",
          "2011-06-15", "/sts/" },
    };
    char version[64];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const struct http_reply reply = { .body = rows[i].body };

        world_open(&reply, 1, NULL);
        world_call(rows[i].service, rows[i].action, true);
        assert_int_equal(world.call.status, AWS_OK);
        assert_string_equal(xml_text(aws_call_result(&world.call), "x"), "1");
        (void)snprintf(version, sizeof(version), "Action=A&Version=%s",
                       rows[i].version);
        assert_non_null(strstr(http_peer_request(world.peer, 0), version));
        assert_non_null(
            strstr(http_peer_request(world.peer, 0), rows[i].signing));
        world_close();
    }
}

static void errors_of_both_forms_are_read(void **state)
{
    static const struct {
        int status;
        const char *body, *code, *message;
    } rows[] = {
        { 400, EC2_ERROR("InvalidGroup.Duplicate", "it\n is\t there "),
          "InvalidGroup.Duplicate", "it is there" },
        { 403, EC2_ERROR("UnauthorizedOperation", "no&#xA;&amp; no"),
          "UnauthorizedOperation", "no & no" },
        { 412, EC2_ERROR("DryRunOperation", "would have"), "DryRunOperation",
          "would have" },
        { 404, ELB_ERROR("ReplicationGroupNotFoundFault", ""),
          "ReplicationGroupNotFoundFault", "HTTP 404" },
        { 200, ELB_ERROR("LoadBalancerNotFound", "gone"),
          "LoadBalancerNotFound", "gone" },
        { 400, EC2_ERROR("A b", "c"), "A", "c" },
        { 400, XML "<Response><Errors><Error/></Errors></Response>", "",
          "HTTP 400" },
        { 400,
          EC2_ERROR("X", "\xc2\x9b"
                         "31m\xe2\x80\xa8"
                         "red"),
          "X", "31m red" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const struct http_reply reply = { .status = rows[i].status,
                                          .body = rows[i].body };

        world_open(&reply, 1, NULL);
        world_call(AWS_EC2, "DescribeVpcs", true);
        assert_int_equal(world.call.status, AWS_REFUSED);
        assert_string_equal(world.call.code, rows[i].code);
        assert_string_equal(world.call.message, rows[i].message);
        assert_int_equal(world.call.http_status, rows[i].status);
        assert_int_equal(http_peer_requests(world.peer), 1);
        assert_null(aws_call_result(&world.call));
        assert_null(aws_call_first(&world.call, "x"));
        world_close();
    }
}

static void a_code_is_one_of_several_or_not(void **state)
{
    const struct aws_call call = { .status = AWS_REFUSED, .code = "A.B" };
    const struct aws_call fine = { .status = AWS_OK, .code = "A.B" };

    (void)state;
    assert_true(aws_call_is(&call, "A.B"));
    assert_true(aws_call_is(&call, "X A.B Y"));
    assert_true(aws_call_is(&call, "X A.B"));
    assert_false(aws_call_is(&call, "A A.BC .B"));
    assert_false(aws_call_is(&call, ""));
    assert_false(aws_call_is(&fine, "A.B"));
}

/* A refused signature is explained with the canonical request. */
static void tokens_in_messages_are_hidden(void **state)
{
    static const struct http_reply reply = {
        .status = 403,
        .body = EC2_ERROR("SignatureDoesNotMatch",
                          "The Canonical String should have been\n"
                          "'POST\nx-amz-security-token:token-one\n\nand "
                          "X-Amz-Security-Token=other%2F&amp;x=token-one'"),
    };

    (void)state;
    world_open(&reply, 1, NULL);
    world_call(AWS_EC2, "DescribeVpcs", false);
    assert_int_equal(world.call.status, AWS_REFUSED);
    assert_string_equal(world.call.message,
                        "The Canonical String should have been 'POST "
                        "x-amz-security-token:(token) and "
                        "X-Amz-Security-Token=(token)&x=(token)'");
    assert_null(strstr(world.log, "token-one"));
    world_close();
}

static void long_messages_are_cut_between_characters(void **state)
{
    static char body[4096] = "<Response><Errors><Error><Code>";
    struct http_reply reply = { .status = 400, .body = body };
    size_t n;

    (void)state;
    memset(body + strlen(body), 'c', 500);
    (void)strcat(body, "</Code><Message>"); /* NOLINT: it fits */
    for (unsigned i = 0; i < 600; i++)
        (void)strcat(body, "\xc3\xa9");                           /* NOLINT */
    (void)strcat(body, "</Message></Error></Errors></Response>"); /* NOLINT */
    world_open(&reply, 1, NULL);
    world_call(AWS_EC2, "DescribeVpcs", false);
    assert_int_equal(strlen(world.call.code), sizeof(world.call.code) - 1);
    n = strlen(world.call.message);
    assert_int_equal(n, 510);
    assert_memory_equal(world.call.message + n - 2, "\xc3\xa9", 2);
    world_close();
}

static void no_credentials_say_what_was_tried(void **state)
{
    static const struct http_reply reply = { .body = "" };

    (void)state;
    world_open(&reply, 1, NULL);
    fake_credentials.error = "no credentials: tried all";
    world_call(AWS_EC2, "DescribeVpcs", false);
    assert_int_equal(world.call.status, AWS_NO_CREDENTIALS);
    assert_string_equal(world.call.message, "no credentials: tried all");
    assert_int_equal(http_peer_requests(world.peer), 0);
    world_close();
}

static void an_account_needs_a_region_and_urls(void **state)
{
    static const struct {
        const char *region, *url, *says;
    } rows[] = {
        { "nowhere!", NULL, "\"nowhere!\" is not a region" },
        { "us-west-2", "ftp://x", "ftp://x" },
        { "us-west-2", "https://", "https://" },
        { "us-west-2", "http://u:p@host", "endpoint" },
        { "us-west-2", "http://host/?a", "endpoint" },
    };
    static const struct http_reply reply = { .body = "" };
    char error[256];

    (void)state;
    world_open(&reply, 1, NULL);
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const struct aws_account_options options = { .region = rows[i].region,
                                                     .endpoint_url =
                                                         rows[i].url };

        error[0] = '\0';
        assert_null(aws_account_new(&world.loop, world.http, world.profiles,
                                    &options, error, sizeof(error)));
        if (!strstr(error, rows[i].says))
            fail_msg("\"%s\" says not %s", error, rows[i].says);
        assert_null(strstr(error, "u:p"));
    }
    assert_string_equal(aws_account_label(world.account), "provider");
    assert_string_equal(aws_account_region(world.account), "us-west-2");
    assert_non_null(aws_account_credentials(world.account));
    aws_account_free(NULL);
    world_close();
}

static void urls_may_have_a_path(void **state)
{
    static const struct http_reply reply = { .body = VPCS("") };
    struct aws_account_options options = { .label = "provider" };
    struct http_peer *peer = http_peer_start(&reply, 1);
    char url[64];

    (void)state;
    (void)snprintf(url, sizeof(url), "%s/a/b", http_peer_url(peer));
    options.endpoint_url = url;
    world_open(&reply, 1, &options);
    world_call(AWS_EC2, "DescribeVpcs", false);
    assert_int_equal(world.call.status, AWS_OK);
    assert_memory_equal(http_peer_request(peer, 0), "POST /a/b HTTP/1.1\r\n",
                        20);
    world_close();
    http_peer_stop(peer);
}

/* As it is not sent either: seen through a proxy. */
static void a_port_that_the_scheme_implies_is_not_signed(void **state)
{
    static const struct {
        const char *url, *host;
    } rows[] = {
        { "http://ec2.example:80/", "\r\nHost: ec2.example\r\n" },
        { "http://ec2.example:443/", "\r\nHost: ec2.example:443\r\n" },
        { "HTTP://[::1]:80", "\r\nHost: [::1]\r\n" },
    };
    static const struct http_reply reply = { .body = VPCS("") };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const struct aws_account_options options = { .label = "provider",
                                                     .endpoint_url =
                                                         rows[i].url };

        world_open(&reply, 1, &options);
        setenv("http_proxy", http_peer_url(world.peer), 1);
        world_call(AWS_EC2, "DescribeVpcs", false);
        unsetenv("http_proxy");
        assert_int_equal(world.call.status, AWS_OK);
        assert_non_null(strstr(http_peer_request(world.peer, 0), rows[i].host));
        world_close();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_is_signed_and_its_answer_read),
        cmocka_unit_test(each_service_has_its_version_and_its_result),
        cmocka_unit_test(errors_of_both_forms_are_read),
        cmocka_unit_test(a_code_is_one_of_several_or_not),
        cmocka_unit_test(tokens_in_messages_are_hidden),
        cmocka_unit_test(long_messages_are_cut_between_characters),
        cmocka_unit_test(no_credentials_say_what_was_tried),
        cmocka_unit_test(an_account_needs_a_region_and_urls),
        cmocka_unit_test(urls_may_have_a_path),
        cmocka_unit_test(a_port_that_the_scheme_implies_is_not_signed),
    };

    return cmocka_run_group_tests_name("client", tests, NULL, NULL);
}
