/*
 * test_client_life.c -- calls that are canceled, or have no memory.
 */
#include "support/unit.h"

#include <stdio.h>
#include <string.h>

#include "aws/client_world.h"
#include "support/fail_malloc.h"

#define PAGE_ONE                                                               \
    "<DescribeVpcsResponse><vpcSet><item>1</item></vpcSet>"                    \
    "<nextToken>t</nextToken></DescribeVpcsResponse>"
#define PAGE_TWO                                                               \
    "<DescribeVpcsResponse><vpcSet><item>2</item></vpcSet>"                    \
    "</DescribeVpcsResponse>"
#define THROTTLED                                                              \
    "<Response><Errors><Error><Code>Throttling</Code></Error></Errors>"        \
    "</Response>"

/* Two pages, the first of them at the second try. */
static const struct http_reply replies[] = {
    { .status = 400, .body = THROTTLED },
    { .body = PAGE_ONE },
    { .body = PAGE_TWO },
};

static void prepare(void)
{
    world_prepare(AWS_EC2, "DescribeVpcs", true);
    query_add(&world.call.query, "a", "b");
}

static void assert_canceled(void)
{
    assert_int_equal(world.calls, 1);
    assert_int_equal(world.call.status, AWS_CANCELED);
    assert_string_equal(world.call.code, "");
    assert_string_equal(world.call.message, "canceled");
}

static void a_call_may_be_canceled_at_once(void **state)
{
    (void)state;
    world_open(replies, ARRAY_SIZE(replies), NULL);
    prepare();
    aws_call_cancel(&world.call); /* was never started */
    aws_call_start(&world.call);
    aws_call_cancel(&world.call);
    aws_call_cancel(&world.call);
    assert_int_equal(world.calls, 0);
    world_run();
    assert_canceled();
    aws_call_cancel(&world.call);
    assert_int_equal(http_peer_requests(world.peer), 0);
    world_close();
}

/* After the first turn, the second, ... until it ends by itself. */
static void a_call_may_be_canceled_in_any_turn(void **state)
{
    const struct aws_account_options options = { .label = "p",
                                                 .retry_base_ms = 3 };
    bool ended = false;

    (void)state;
    for (unsigned turns = 0; !ended; turns++) {
        world_open(replies, ARRAY_SIZE(replies), &options);
        prepare();
        aws_call_start(&world.call);
        for (unsigned i = 0; i < turns && world.calls == 0; i++)
            (void)uv_run(&world.loop.uv, UV_RUN_ONCE);
        ended = world.calls > 0;
        aws_call_cancel(&world.call);
        world_run();
        if (!ended)
            assert_canceled();
        world_close();
    }
}

static void a_call_may_be_canceled_while_all_is_silent(void **state)
{
    static const struct http_reply silent = { .then = HTTP_PEER_SILENT };

    (void)state;
    world_open(&silent, 1, NULL);
    prepare();
    aws_call_start(&world.call);
    while (http_peer_requests(world.peer) == 0)
        (void)uv_run(&world.loop.uv, UV_RUN_NOWAIT);
    aws_call_cancel(&world.call);
    world_run();
    assert_canceled();
    fake_credentials.hang = true;
    prepare();
    aws_call_start(&world.call);
    (void)uv_run(&world.loop.uv, UV_RUN_NOWAIT);
    aws_call_cancel(&world.call);
    world_run();
    assert_canceled();
    world_close();
}

static void a_call_may_be_canceled_in_a_pause(void **state)
{
    static const struct http_reply reply = { .status = 503,
                                             .headers = "Retry-After: 20\r\n",
                                             .body = THROTTLED };

    (void)state;
    world_open(&reply, 1, NULL);
    prepare();
    aws_call_start(&world.call);
    while (!strstr(world.log, "again in"))
        (void)uv_run(&world.loop.uv, UV_RUN_ONCE);
    aws_call_cancel(&world.call);
    world_run();
    assert_canceled();
    assert_true(world.call.ns < UINT64_C(15000000000));
    world_close();
}

/* --- Without memory ------------------------------------------------------ */

/* The last page came.  The first may be one that was answered and lost. */
static bool is_whole(void)
{
    const struct xml_node *n = aws_call_first(&world.call, "vpcSet/item");
    const struct xml_node *last = NULL;

    for (; n; n = aws_call_next(&world.call, n, "vpcSet/item"))
        last = n;
    return last && strcmp(last->text, "2") == 0;
}

static void a_call_without_memory_ends_or_is_tried_again(void **state)
{
    bool came = true;
    unsigned n, failed = 0;

    (void)state;
    for (n = 1; came; n++) {
        world_open(replies, ARRAY_SIZE(replies), NULL);
        prepare();
        fail_malloc_at(n);
        aws_call_start(&world.call);
        assert_int_equal(world.calls, 0);
        world_run();
        came = fail_malloc_stop();
        failed += world.call.status == AWS_NO_MEMORY;
        if (world.call.status == AWS_OK)
            assert_true(is_whole());
        else
            assert_non_null(strstr(world.call.message, "out of memory"));
        world_close();
    }
    assert_true(n > 50 && failed > 20);
}

static void an_account_without_memory_is_none(void **state)
{
    const struct aws_account_options options = { .label = "p",
                                                 .region = "us-west-2" };
    struct aws_account *account;
    char error[256];
    bool came = true;
    unsigned n;

    (void)state;
    world_open(replies, 1, NULL);
    for (n = 1; came; n++) {
        fail_malloc_at(n);
        account = aws_account_new(&world.loop, world.http, world.profiles,
                                  &options, error, sizeof(error));
        came = fail_malloc_stop();
        assert_int_equal(account == NULL, came);
        if (!account)
            assert_string_equal(error, "out of memory");
        aws_account_free(account);
    }
    assert_int_equal(n, 6);
    world_close();
}

static void a_body_that_is_not_whole_is_not_sent(void **state)
{
    (void)state;
    world_open(replies, 1, NULL);
    prepare();
    world.call.query.failed = true;
    aws_call_start(&world.call);
    assert_int_equal(world.calls, 0);
    world_run();
    assert_int_equal(world.call.status, AWS_NO_MEMORY);
    assert_int_equal(http_peer_requests(world.peer), 0);
    world_close();
}

static unsigned other_calls;

static void on_other(struct aws_call *call)
{
    assert_int_equal(call->status, AWS_NO_MEMORY);
    other_calls++;
}

static void calls_that_cannot_start_end_one_by_one(void **state)
{
    struct aws_call others[2];

    (void)state;
    other_calls = 0;
    world_open(replies, 1, NULL);
    prepare();
    world.call.query.failed = true;
    for (unsigned i = 0; i < 2; i++)
        others[i] = (struct aws_call){ .account = world.account,
                                       .action = "DescribeVpcs",
                                       .query = { .failed = true },
                                       .done = on_other };
    aws_call_start(&others[0]);
    aws_call_start(&world.call);
    aws_call_start(&others[1]);
    aws_call_cancel(&world.call);
    aws_call_cancel(&world.call);
    world_run();
    assert_canceled();
    assert_int_equal(other_calls, 2);
    aws_call_free(&others[0]);
    aws_call_free(&others[1]);
    world_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_may_be_canceled_at_once),
        cmocka_unit_test(a_call_may_be_canceled_in_any_turn),
        cmocka_unit_test(a_call_may_be_canceled_while_all_is_silent),
        cmocka_unit_test(a_call_may_be_canceled_in_a_pause),
        cmocka_unit_test(a_call_without_memory_ends_or_is_tried_again),
        cmocka_unit_test(an_account_without_memory_is_none),
        cmocka_unit_test(a_body_that_is_not_whole_is_not_sent),
        cmocka_unit_test(calls_that_cannot_start_end_one_by_one),
    };

    return cmocka_run_group_tests_name("client life", tests, NULL, NULL);
}
