/*
 * test_client_retry.c -- what is tried again, how often and when.
 */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/client_world.h"

#define OK                                                                     \
    "<DescribeVpcsResponse><requestId>1</requestId></DescribeVpcsResponse>"
#define ERROR(code)                                                            \
    "<Response><Errors><Error><Code>" code "</Code><Message>no</Message>"      \
    "</Error></Errors></Response>"
#define HTML "<html><body>Bad Gateway</body></html>"

/* What the last request was given of the call's time. */
static unsigned try_ms;

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl*): the linker's names */
void __real_http_start(struct http *http, struct http_request *request);
void __wrap_http_start(struct http *http, struct http_request *request);

void __wrap_http_start(struct http *http, struct http_request *request)
{
    try_ms = request->total_ms;
    __real_http_start(http, request);
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl*) */

static void call(void)
{
    world_call(AWS_EC2, "DescribeVpcs", true);
}

static unsigned count(const char *text, const char *word)
{
    unsigned n = 0;

    for (; (text = strstr(text, word)); text++)
        n++;
    return n;
}

/* --- What ---------------------------------------------------------------- */

static void what_may_pass_is_tried_again(void **state)
{
    static const struct http_reply rows[] = {
        { .status = 503, .body = ERROR("RequestLimitExceeded") },
        { .status = 400, .body = ERROR("Throttling") },
        { .status = 400, .body = ERROR("ThrottlingException") },
        { .status = 400, .body = ERROR("EC2ThrottledException") },
        { .status = 400, .body = ERROR("PriorRequestNotComplete") },
        { .status = 429, .body = "slow down" },
        { .status = 429, .body = ERROR("Other") },
        { .status = 400, .body = ERROR("RequestTimeout") },
        { .status = 408, .body = "" },
        { .status = 500, .body = ERROR("InternalError") },
        { .status = 500, .body = HTML },
        { .status = 502, .body = HTML },
        { .status = 503, .body = ERROR("Unavailable") },
        { .status = 503, .body = "" },
        { .status = 504, .body = ERROR("Other") },
        { .status = 500, .body = OK },
        { .body = "<DescribeVpcsResponse><vpcSet><item>" },
        { .body = "<DescribeVpcsResponse><a></b></DescribeVpcsResponse>" },
        { .body = HTML },
        { .body = "<DescribeSubnetsResponse/>" },
        { .body = "<DescribeVpcs/>" },
        { .body = "<DescribeVpcsResponses/>" },
        { .body = "<!DOCTYPE html><html/>" },
        { .body = "" },
        { .body = "\x80\x81\x82" },
        { .body = OK, .cut = 5, .then = HTTP_PEER_CLOSE },
        { .then = HTTP_PEER_RESET },
        { .then = HTTP_PEER_CLOSE },
        { .raw = "garbage\r\n\r\n", .then = HTTP_PEER_CLOSE },
        { .status = 400, .body = "<?xml version='1.0'?><Response><Err" },
        { .status = 400, .body = "<?" },
        { .status = 400, .body = "" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const struct http_reply replies[] = { rows[i], { .body = OK } };

        world_open(replies, 2, NULL);
        call();
        if (world.call.status != AWS_OK || world.call.attempts != 2)
            fail_msg("row %zu: %s", i, world.log);
        assert_string_equal(world.call.message, "");
        assert_int_equal(aws_account_retries(world.account), 1);
        assert_int_equal(count(world.log, "again in"), 1);
        assert_int_equal(count(world.log, "\n"), 2);
        assert_int_equal(fake_credentials.gets, 2);
        assert_int_equal(http_peer_requests(world.peer), 2);
        world_close();
    }
}

static void what_would_come_again_is_not(void **state)
{
    static const struct {
        struct http_reply reply;
        enum aws_status status;
        const char *says;
    } rows[] = {
        { { .status = 400, .body = ERROR("InvalidParameterValue") },
          AWS_REFUSED,
          "no" },
        { { .status = 403, .body = ERROR("UnauthorizedOperation") },
          AWS_REFUSED,
          "no" },
        { { .status = 400, .body = ERROR("LimitExceededException") },
          AWS_REFUSED,
          "no" },
        { { .status = 403, .body = ERROR("AuthFailure") }, AWS_REFUSED, "no" },
        { { .status = 403, .body = HTML }, AWS_NO_ANSWER, "HTTP 403, and not" },
        { { .status = 407, .body = "" }, AWS_NO_ANSWER, "HTTP 407, and not" },
        { { .status = 302, .headers = "Location: http://127.0.0.1:1/\r\n" },
          AWS_NO_ANSWER,
          "HTTP 302, and not" },
        { { .status = 404, .body = OK }, AWS_NO_ANSWER, "HTTP 404, and not" },
        { { .status = 501, .body = HTML }, AWS_NO_ANSWER, "HTTP 501, and not" },
        { { .body_size = HTTP_BODY_MAX + 1 }, AWS_NO_ANSWER, "8 MiB" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const struct http_reply replies[] = { rows[i].reply, { .body = OK } };

        world_open(replies, 2, NULL);
        call();
        assert_int_equal(world.call.status, rows[i].status);
        assert_int_equal(world.call.attempts, 1);
        if (!strstr(world.call.message, rows[i].says))
            fail_msg("row %zu: %s", i, world.call.message);
        assert_int_equal(aws_account_retries(world.account), 0);
        world_close();
    }
}

static void nobody_there_is_said_with_the_url(void **state)
{
    static const struct http_reply reply = { .body = OK };
    const struct aws_account_options options = {
        .endpoint_url = "http://127.0.0.1:1", .attempts = 3, .retry_base_ms = 1
    };

    (void)state;
    world_open(&reply, 1, &options);
    call();
    assert_int_equal(world.call.status, AWS_NO_ANSWER);
    assert_int_equal(world.call.attempts, 3);
    assert_int_equal(world.call.http_status, 0);
    assert_memory_equal(world.call.message, "http://127.0.0.1:1: ", 20);
    assert_int_equal(count(world.log, "no answer"), 3);
    world_close();
}

/* --- How often ----------------------------------------------------------- */

static void attempts_have_a_bound(void **state)
{
    static const struct http_reply reply = { .status = 400,
                                             .body = ERROR("Throttling") };
    const struct aws_account_options options = { .attempts = 3,
                                                 .retry_base_ms = 1 };

    (void)state;
    world_open(&reply, 1, &options);
    call();
    assert_int_equal(world.call.status, AWS_REFUSED);
    assert_string_equal(world.call.code, "Throttling");
    assert_true(aws_call_is(&world.call, "Throttling"));
    assert_int_equal(world.call.attempts, 3);
    assert_int_equal(aws_account_retries(world.account), 2);
    world_close();
}

/* Every page may be tried so often. */
static void attempts_are_counted_anew_for_each_page(void **state)
{
    static const struct http_reply replies[] = {
        { .status = 500, .body = HTML },
        { .body = "<DescribeVpcsResponse><nextToken>t</nextToken>"
                  "</DescribeVpcsResponse>" },
        { .status = 500, .body = HTML },
        { .body = OK },
    };
    const struct aws_account_options options = { .attempts = 2,
                                                 .retry_base_ms = 1 };

    (void)state;
    world_open(replies, 4, &options);
    call();
    assert_int_equal(world.call.status, AWS_OK);
    assert_int_equal(world.call.attempts, 4);
    assert_int_equal(world.call.nanswers, 2);
    assert_non_null(strstr(http_peer_request(world.peer, 3), "NextToken=t"));
    world_close();
}

/* No pause is longer than base * 2^n, but they grow. */
static void assert_pauses_grow(unsigned most_ms)
{
    unsigned ms, longest = 0;

    for (const char *p = world.log; (p = strstr(p, "again in ")); p++) {
        ms = (unsigned)strtoul(p + 9, NULL, 10);
        longest = ms > longest ? ms : longest;
    }
    assert_true(longest > 1 && longest <= most_ms);
}

/* 500 tokens, 14 a retry: 35 retries, and then none until successes have
 * earned them; but not more than 500, whatever went well before. */
static void retries_have_a_quota(void **state)
{
    static struct http_reply replies[63];
    unsigned n = 0;

    (void)state;
    while (n < 14)
        replies[n++] = (struct http_reply){ .body = OK };
    while (n < 14 + 41)
        replies[n++] = (struct http_reply){ .status = 500, .body = HTML };
    replies[n++] =
        (struct http_reply){ .status = 503, .body = ERROR("SlowDown") };
    while (n < 61)
        replies[n++] = (struct http_reply){ .body = OK };
    replies[n++] = (struct http_reply){ .status = 500, .body = HTML };
    replies[n++] = (struct http_reply){ .body = OK };
    assert_int_equal(n, ARRAY_SIZE(replies));
    world_open(replies, n, NULL);
    for (unsigned i = 0; i < 14; i++)
        call();
    for (unsigned i = 0; i < 5; i++) {
        call();
        assert_int_equal(world.call.attempts, 8);
    }
    assert_pauses_grow(64);
    call();
    assert_int_equal(world.call.status, AWS_NO_ANSWER);
    assert_int_equal(world.call.attempts, 1);
    assert_int_equal(aws_account_retries(world.account), 35);
    call(); /* throttling costs less, and success gives it back */
    assert_int_equal(world.call.attempts, 2);
    for (unsigned i = 0; i < 4; i++)
        call();
    call();
    assert_int_equal(world.call.status, AWS_OK);
    assert_int_equal(world.call.attempts, 2);
    world_close();
}

/* --- When ---------------------------------------------------------------- */

static void a_server_may_ask_for_a_longer_pause(void **state)
{
    static const struct http_reply replies[] = {
        { .status = 503,
          .headers = "x-amz-retry-after: 120\r\n",
          .body = ERROR("SlowDown") },
        { .body = OK },
    };

    (void)state;
    world_open(replies, 2, NULL);
    call();
    assert_int_equal(world.call.attempts, 2);
    assert_true(world.call.ns >= 120000000);
    assert_non_null(strstr(world.log, "again in 120 ms"));
    world_close();
}

static void a_pause_beyond_the_end_is_not_begun(void **state)
{
    static const struct http_reply reply = { .status = 503,
                                             .headers = "Retry-After: 15\r\n",
                                             .body = ERROR("SlowDown") };
    const struct aws_account_options options = { .total_ms = 10000 };

    (void)state;
    world_open(&reply, 1, &options);
    call();
    assert_int_equal(world.call.status, AWS_REFUSED);
    assert_string_equal(world.call.code, "SlowDown");
    assert_int_equal(world.call.attempts, 1);
    assert_true(world.call.ns < UINT64_C(10000000000));
    world_close();
}

static void all_of_a_call_has_an_end(void **state)
{
    static const struct http_reply silent = { .then = HTTP_PEER_SILENT };
    const struct aws_account_options options = { .total_ms = 150,
                                                 .retry_base_ms = 1 };

    (void)state;
    world_open(&silent, 1, &options);
    call();
    assert_int_equal(world.call.status, AWS_NO_ANSWER);
    assert_non_null(strstr(world.call.message, "within 0.15 s"));
    assert_true(world.call.ns >= 100000000); /* the loop counts from its turn */
    world_close();
    world_open(&silent, 1, &options);
    fake_credentials.hang = true;
    call();
    assert_int_equal(world.call.status, AWS_NO_ANSWER);
    assert_string_equal(world.call.message, "no success within 0.15 s");
    world_close();
}

/* On a machine that stands still no answer comes in a time so short. */
static void at_the_end_the_last_answer_is_told(void **state)
{
    static const struct http_reply replies[] = {
        { .status = 500, .body = HTML }, { .then = HTTP_PEER_SILENT }
    };
    struct aws_account_options options = { .retry_base_ms = 1 };
    bool came = false;
    char within[32];

    (void)state;
    for (unsigned ms = 150; ms < 10000 && !came; ms *= 5) {
        options.total_ms = ms;
        world_open(replies, 2, &options);
        call();
        assert_int_equal(world.call.status, AWS_NO_ANSWER);
        (void)snprintf(within, sizeof(within), "within %g s", ms / 1e3);
        assert_non_null(strstr(world.call.message, within));
        came = strstr(world.call.message, "HTTP 500") != NULL;
        world_close();
    }
    assert_true(came);
}

static void an_attempt_may_take_a_part_of_a_call(void **state)
{
    static const struct {
        unsigned total_ms, try_ms;
    } rows[] = { { 0, 30000 }, { 40000, 10000 }, { 8000, 5000 }, { 1, 5000 } };
    static const struct http_reply reply = { .body = OK };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const struct aws_account_options options = { .total_ms =
                                                         rows[i].total_ms };

        world_open(&reply, 1, &options);
        call();
        assert_int_equal(try_ms, rows[i].try_ms);
        world_close();
    }
}

/* As it is while a question at the terminal waits for its answer. */
static void a_loop_that_stood_still_takes_no_time_of_a_call(void **state)
{
    static const struct http_reply reply = { .body = OK };
    struct aws_account_options options = { .total_ms = 0 };
    enum aws_status status = AWS_NO_ANSWER;
    uint64_t until;

    (void)state;
    /* the call itself may be late: the whole machine stands still at times */
    for (unsigned ms = 60; ms < 3000 && status != AWS_OK; ms *= 5) {
        options.total_ms = ms;
        world_open(&reply, 1, &options);
        world_prepare(AWS_EC2, "DescribeVpcs", false);
        uv_update_time(&world.loop.uv);
        until = net_now() + (ms + 40) * UINT64_C(1000000);
        while (net_now() < until)
            continue;
        aws_call_start(&world.call);
        world_run();
        status = world.call.status;
        world_close();
    }
    assert_int_equal(status, AWS_OK);
}

/* --- What is said -------------------------------------------------------- */

static void a_line_for_each_attempt_holds_no_parameter(void **state)
{
    static const struct http_reply replies[] = {
        { .status = 500, .body = ERROR("InternalError") }, { .body = OK }
    };
    unsigned ms;
    int end = 0;

    (void)state;
    world_open(replies, 2, NULL);
    world_prepare(AWS_EC2, "DescribeVpcs", false);
    query_add(&world.call.query, "Name", "a-parameter");
    aws_call_start(&world.call);
    world_run();
    assert_int_equal(
        sscanf(world.log, /* NOLINT(cert-err34-c): numbers of our own */
               "provider us-west-2 ec2 DescribeVpcs: 500 InternalError, %u ms, "
               "again in %u ms\nprovider us-west-2 ec2 DescribeVpcs: 200, %u "
               "ms%n",
               &ms, &ms, &ms, &end),
        3);
    assert_string_equal(world.log + end, "\n");
    world_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_may_pass_is_tried_again),
        cmocka_unit_test(what_would_come_again_is_not),
        cmocka_unit_test(nobody_there_is_said_with_the_url),
        cmocka_unit_test(attempts_have_a_bound),
        cmocka_unit_test(attempts_are_counted_anew_for_each_page),
        cmocka_unit_test(retries_have_a_quota),
        cmocka_unit_test(a_server_may_ask_for_a_longer_pause),
        cmocka_unit_test(a_pause_beyond_the_end_is_not_begun),
        cmocka_unit_test(all_of_a_call_has_an_end),
        cmocka_unit_test(at_the_end_the_last_answer_is_told),
        cmocka_unit_test(an_attempt_may_take_a_part_of_a_call),
        cmocka_unit_test(a_loop_that_stood_still_takes_no_time_of_a_call),
        cmocka_unit_test(a_line_for_each_attempt_holds_no_parameter),
    };

    return cmocka_run_group_tests_name("client retry", tests, NULL, NULL);
}
