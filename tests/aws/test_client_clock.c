/*
 * test_client_clock.c -- clocks that are wrong, and keys that have expired.
 */
#include "support/unit.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "aws/client_world.h"

#define OK                                                                     \
    "<DescribeVpcsResponse><requestId>1</requestId></DescribeVpcsResponse>"
#define ERROR(code)                                                            \
    "<Response><Errors><Error><Code>" code "</Code><Message>no</Message>"      \
    "</Error></Errors></Response>"

/* This machine's clock, off by as much. */
static time_t clock_off_s;

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl*): the linker's names */
time_t __real_time(time_t *out);
time_t __wrap_time(time_t *out);

time_t __wrap_time(time_t *out)
{
    time_t now = __real_time(NULL) + clock_off_s;

    if (out)
        *out = now;
    return now;
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

/* --- The clock ----------------------------------------------------------- */

/* "Date: ..." of a server whose clock is right. */
static const char *date_header(void)
{
    static char header[64];
    time_t now = __real_time(NULL);

    (void)strftime(header, sizeof(header),
                   "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", gmtime(&now));
    return header;
}

/* How far the date that request `i` was signed with is from the truth. */
static long signed_off_s(unsigned i)
{
    const char *date = strstr(http_peer_request(world.peer, i), "X-Amz-Date: ");
    struct tm parts = { 0 };

    assert_non_null(date);
    assert_non_null(strptime(date + 12, "%Y%m%dT%H%M%SZ", &parts));
    return labs((long)(timegm(&parts) - __real_time(NULL)));
}

static void a_wrong_clock_is_named_once_and_corrected(void **state)
{
    static const char *const bodies[] = { ERROR("RequestTimeTooSkewed"),
                                          ERROR("RequestExpired"),
                                          ERROR("SignatureDoesNotMatch"),
                                          ERROR("InvalidSignatureException") };
    static const time_t off_s[] = { 3600, -3600, 34560000, -250 };
    time_t began;
    long took_s;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(bodies); i++) {
        const struct http_reply replies[] = {
            { .status = 403, .headers = date_header(), .body = bodies[i] },
            { .body = OK },
        };

        began = __real_time(NULL);
        clock_off_s = off_s[i];
        world_open(replies, 2, NULL);
        call();
        assert_int_equal(world.call.status, AWS_OK);
        assert_int_equal(world.call.attempts, 2);
        call();
        assert_int_equal(world.call.attempts, 1);
        assert_true(signed_off_s(0) > 240);
        took_s = (long)(__real_time(NULL) - began);
        assert_true(signed_off_s(1) < 5 + took_s);
        assert_true(signed_off_s(2) < 5 + took_s);
        assert_int_equal(count(world.log, "the clock of this machine"), 1);
        assert_int_equal(count(world.log, off_s[i] > 0 ? "ahead of" : "behind"),
                         1);
        assert_true(labs(aws_account_skew_s(world.account) + off_s[i]) <
                    5 + took_s);
        assert_int_equal(fake_credentials.refusals, 0);
        world_close();
        clock_off_s = 0;
    }
}

/* A server that is somewhere else in time with each answer. */
static void a_clock_is_set_once_a_call_at_most(void **state)
{
    static const struct http_reply replies[] = {
        { .status = 403,
          .headers = "Date: Mon, 23 Nov 2037 08:00:00 GMT\r\n",
          .body = ERROR("SignatureDoesNotMatch") },
        { .status = 403,
          .headers = "Date: Tue, 23 Nov 2038 08:00:00 GMT\r\n",
          .body = ERROR("SignatureDoesNotMatch") },
        { .status = 403,
          .headers = "Date: Wed, 23 Nov 2039 08:00:00 GMT\r\n",
          .body = ERROR("SignatureDoesNotMatch") },
        { .body = OK },
    };

    (void)state;
    world_open(replies, 4, NULL);
    call();
    assert_int_equal(world.call.status, AWS_REFUSED);
    assert_string_equal(world.call.code, "SignatureDoesNotMatch");
    assert_int_equal(world.call.attempts, 2);
    assert_non_null(
        strstr(http_peer_request(world.peer, 1), "X-Amz-Date: 20371123"));
    call();
    assert_int_equal(world.call.status, AWS_OK);
    assert_non_null(
        strstr(http_peer_request(world.peer, 2), "X-Amz-Date: 20371123"));
    assert_non_null(
        strstr(http_peer_request(world.peer, 3), "X-Amz-Date: 20391123"));
    assert_int_equal(count(world.log, "the clock of this machine"), 1);
    world_close();
}

static void a_clock_that_is_near_enough_is_left_alone(void **state)
{
    const struct http_reply replies[] = {
        { .status = 403,
          .headers = date_header(),
          .body = ERROR("SignatureDoesNotMatch") },
        { .status = 403, .body = ERROR("RequestTimeTooSkewed") },
        { .status = 403,
          .headers = "Date: yesterday\r\n",
          .body = ERROR("RequestTimeTooSkewed") },
        { .body = OK },
    };

    (void)state;
    clock_off_s = 100;
    world_open(replies, 4, NULL);
    for (unsigned i = 0; i < 3; i++) {
        call();
        assert_int_equal(world.call.status, AWS_REFUSED);
        assert_int_equal(world.call.attempts, 1);
    }
    assert_int_equal(aws_account_skew_s(world.account), 0);
    world_close();
    clock_off_s = 0;
}

/* --- The keys ------------------------------------------------------------ */

static void expired_keys_are_fetched_again_once(void **state)
{
    static const char *const bodies[] = { ERROR("ExpiredToken"),
                                          ERROR("ExpiredTokenException"),
                                          ERROR("RequestExpired") };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(bodies); i++) {
        const struct http_reply replies[] = {
            { .status = 400, .headers = date_header(), .body = bodies[i] },
            { .body = OK },
            { .status = 400, .body = bodies[i] },
        };

        world_open(replies, 3, NULL);
        call();
        assert_int_equal(world.call.status, AWS_OK);
        assert_int_equal(fake_credentials.refusals, 1);
        assert_non_null(strstr(http_peer_request(world.peer, 0), "token-one"));
        assert_non_null(strstr(http_peer_request(world.peer, 1), "token-two"));
        call();
        assert_int_equal(world.call.status, AWS_REFUSED);
        assert_int_equal(world.call.attempts, 2);
        assert_int_equal(fake_credentials.refusals, 2);
        assert_null(strstr(http_peer_request(world.peer, 3), "Security-Token"));
        world_close();
    }
}

static unsigned others_done;

static void on_other(struct aws_call *call)
{
    assert_int_equal(call->status, AWS_OK);
    others_done++;
}

/* The second refusal is of the same keys, not of the new ones. */
static void calls_at_the_same_time_fetch_new_keys_once(void **state)
{
    const struct http_reply replies[] = {
        { .status = 400, .body = ERROR("ExpiredToken"), .late = true },
        { .status = 400, .body = ERROR("ExpiredToken"), .late = true },
        { .body = OK },
    };
    struct aws_call other;

    (void)state;
    others_done = 0;
    world_open(replies, 3, NULL);
    world_prepare(AWS_EC2, "DescribeVpcs", false);
    other = world.call;
    other.done = on_other;
    aws_call_start(&world.call);
    aws_call_start(&other);
    while (http_peer_requests(world.peer) < 2)
        (void)uv_run(&world.loop.uv, UV_RUN_NOWAIT);
    http_peer_open(world.peer);
    http_peer_open(world.peer);
    world_run();
    assert_int_equal(others_done, 1);
    assert_int_equal(world.call.status, AWS_OK);
    assert_int_equal(fake_credentials.refusals, 1);
    aws_call_free(&other);
    world_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrong_clock_is_named_once_and_corrected),
        cmocka_unit_test(a_clock_is_set_once_a_call_at_most),
        cmocka_unit_test(a_clock_that_is_near_enough_is_left_alone),
        cmocka_unit_test(expired_keys_are_fetched_again_once),
        cmocka_unit_test(calls_at_the_same_time_fetch_new_keys_once),
    };

    return cmocka_run_group_tests_name("client clock", tests, NULL, NULL);
}
