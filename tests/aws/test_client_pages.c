/*
 * test_client_pages.c -- answers of several pages, and those that fail in part.
 */
#include "support/unit.h"

#include <stdio.h>
#include <string.h>

#include "aws/client_world.h"

#define VPCS(inside)                                                           \
    "<DescribeVpcsResponse xmlns=\"http://ec2/\">" inside                      \
    "</DescribeVpcsResponse>"

static void pages_are_fetched_until_there_are_none(void **state)
{
    static const struct {
        enum aws_service service;
        const char *action, *parameter, *bodies[3];
    } rows[] = {
        { AWS_EC2,
          "DescribeVpcs",
          "&NextToken=t%2F",
          { VPCS("<s><item>a</item><item>b</item></s><nextToken>t/1</"
                 "nextToken>"),
            VPCS("<s/><nextToken>t/2</nextToken>"),
            VPCS("<s><item>c</item></s><nextToken/>") } },
        { AWS_ELBV2,
          "D",
          "&Marker=t%2F",
          { "<DResponse><DResult><s><item>a</item><item>b</item></s>"
            "<NextMarker>t/1</NextMarker></DResult></DResponse>",
            "<DResponse><DResult><s/><NextMarker>t/2</NextMarker></DResult>"
            "</DResponse>",
            "<DResponse><DResult><s><item>c</item></s></DResult></"
            "DResponse>" } },
        { AWS_ELASTICACHE,
          "D",
          "&Marker=t%2F",
          { "<DResponse><DResult><s><item>a</item><item>b</item></s>"
            "<Marker>t/1</Marker></DResult></DResponse>",
            "<DResponse><DResult><s/><Marker>t/2</Marker></DResult>"
            "</DResponse>",
            "<DResponse><DResult><s><item>c</item></s></DResult></"
            "DResponse>" } },
        { AWS_ELASTICACHE,
          "DescribeServerlessCaches",
          "&NextToken=t%2F",
          { "<DescribeServerlessCachesResponse><DescribeServerlessCachesResult>"
            "<s><item>a</item><item>b</item></s><NextToken>t/1</NextToken>"
            "</DescribeServerlessCachesResult>"
            "</DescribeServerlessCachesResponse>",
            "<DescribeServerlessCachesResponse><DescribeServerlessCachesResult>"
            "<s/><NextToken>t/2</NextToken></DescribeServerlessCachesResult>"
            "</DescribeServerlessCachesResponse>",
            "<DescribeServerlessCachesResponse><DescribeServerlessCachesResult>"
            "<s><item>c</item></s></DescribeServerlessCachesResult>"
            "</DescribeServerlessCachesResponse>" } },
    };
    char found[16], parameter[64];
    const struct xml_node *n;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const struct http_reply replies[] = { { .body = rows[i].bodies[0] },
                                              { .body = rows[i].bodies[1] },
                                              { .body = rows[i].bodies[2] } };

        world_open(replies, 3, NULL);
        world_call(rows[i].service, rows[i].action, true);
        assert_int_equal(world.call.status, AWS_OK);
        assert_int_equal(world.call.nanswers, 3);
        assert_int_equal(world.call.attempts, 3);
        found[0] = '\0';
        for (n = aws_call_first(&world.call, "s/item"); n;
             n = aws_call_next(&world.call, n, "s/item"))
            (void)strcat(found, n->text); /* NOLINT: three letters */
        assert_string_equal(found, "abc");
        for (unsigned page = 1; page < 3; page++) {
            (void)snprintf(parameter, sizeof(parameter), "%s%u",
                           rows[i].parameter, page);
            assert_non_null(
                strstr(http_peer_request(world.peer, page), parameter));
        }
        assert_int_equal(http_peer_connections(world.peer), 1);
        world_close();
    }
}

static void one_page_is_enough_when_no_more_are_wanted(void **state)
{
    static const struct http_reply reply = { .body = VPCS(
                                                 "<nextToken>t</nextToken>") };

    (void)state;
    world_open(&reply, 1, NULL);
    world_call(AWS_EC2, "DescribeVpcs", false);
    assert_int_equal(world.call.status, AWS_OK);
    assert_int_equal(http_peer_requests(world.peer), 1);
    world_close();
}

static void pages_without_an_end_end(void **state)
{
    static const struct http_reply reply = { .body = VPCS(
                                                 "<nextToken>t</nextToken>") };

    (void)state;
    world_open(&reply, 1, NULL);
    world_call(AWS_EC2, "DescribeVpcs", true);
    assert_int_equal(world.call.status, AWS_NO_ANSWER);
    assert_string_equal(world.call.message,
                        "the answer's pages go on without an end");
    assert_int_equal(http_peer_requests(world.peer), 2);
    world_close();
}

static void partial_failures_are_found(void **state)
{
    static const struct http_reply replies[] = {
        { .body = "<AcceptVpcEndpointConnectionsResponse><unsuccessful>"
                  "<item><resourceId>vpce-0</resourceId></item><item><error>"
                  "<code>InvalidState</code><message>is available</message>"
                  "</error><resourceId>vpce-1</resourceId></item>"
                  "</unsuccessful></AcceptVpcEndpointConnectionsResponse>" },
        { .body = "<AcceptVpcEndpointConnectionsResponse><unsuccessful/>"
                  "</AcceptVpcEndpointConnectionsResponse>" },
    };
    const char *code, *message;
    const struct xml_node *item;

    (void)state;
    world_open(replies, 2, NULL);
    world_call(AWS_EC2, "AcceptVpcEndpointConnections", false);
    item = aws_call_unsuccessful(&world.call, &code, &message);
    assert_non_null(item);
    assert_string_equal(code, "InvalidState");
    assert_string_equal(message, "is available");
    assert_string_equal(xml_text(item, "resourceId"), "vpce-1");
    world_call(AWS_EC2, "AcceptVpcEndpointConnections", false);
    assert_int_equal(world.call.status, AWS_OK);
    assert_null(aws_call_unsuccessful(&world.call, &code, &message));
    world_close();
}

/* Half of a list would pass for all of it. */
static void pages_that_are_not_all_are_none(void **state)
{
    static const struct http_reply replies[] = {
        { .body = VPCS("<s><item>a</item></s><nextToken>t</nextToken>") },
        { .status = 403,
          .body = "<Response><Errors><Error><Code>No</Code></Error></Errors>"
                  "</Response>" },
    };

    (void)state;
    world_open(replies, 2, NULL);
    world_call(AWS_EC2, "DescribeVpcs", true);
    assert_int_equal(world.call.status, AWS_REFUSED);
    assert_int_equal(world.call.nanswers, 0);
    assert_null(aws_call_first(&world.call, "s/item"));
    world_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_are_fetched_until_there_are_none),
        cmocka_unit_test(one_page_is_enough_when_no_more_are_wanted),
        cmocka_unit_test(pages_without_an_end_end),
        cmocka_unit_test(pages_that_are_not_all_are_none),
        cmocka_unit_test(partial_failures_are_found),
    };

    return cmocka_run_group_tests_name("client pages", tests, NULL, NULL);
}
