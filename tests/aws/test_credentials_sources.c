/*
 * test_credentials_sources.c -- what roles and programs may do wrong, and a
 * life with memory that runs out.
 */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/credentials_world.h"
#include "support/fail_malloc.h"

/* --- Roles --------------------------------------------------------------- */

static char first_date[40], second_date[40];

#define KEYS_XML                                                               \
    "<AssumeRoleResponse><AssumeRoleResult><Credentials>"                      \
    "<AccessKeyId>ROLE</AccessKeyId><SecretAccessKey>hush</SecretAccessKey>"   \
    "<SessionToken>hush-too</SessionToken>"                                    \
    "<Expiration>%s</Expiration></Credentials></AssumeRoleResult>"             \
    "</AssumeRoleResponse>"

/* Its clock is an hour before ours. */
static const char *another_clock(struct http_request *request, unsigned n)
{
    static char text[600];
    const char *date = scripted_header(request, "X-Amz-Date");

    assert_non_null(date);
    assert_non_null(scripted_header(request, "Authorization"));
    assert_string_equal(scripted_header(request, "X-Amz-Security-Token"),
                        "hush-token");
    (void)snprintf(n == 1 ? first_date : second_date, 40, "%s", date);
    (void)strcpy(request->date, "Fri, 15 Jan 2027 07:00:00 GMT");
    if (n == 1) {
        request->status = 403;
        return "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code>"
               "<Message>Signature not yet current</Message></Error>"
               "</ErrorResponse>";
    }
    (void)snprintf(text, sizeof(text), KEYS_XML, world_time(WORLD_START));
    return text;
}

static void use_keys_of_the_environment(void)
{
    (void)setenv("AWS_ACCESS_KEY_ID", "AKID", 1);
    (void)setenv("AWS_SECRET_ACCESS_KEY", "hush-secret", 1);
    (void)setenv("AWS_SESSION_TOKEN", "hush-token", 1);
    world.options.role_arn = "arn:aws:iam::111122223333:role/r";
}

static void a_clock_that_is_wrong_is_set_once(void **state)
{
    (void)state;
    use_keys_of_the_environment();
    scripted.answer = another_clock;
    assert_true(world_open());
    world_ask(1);
    assert_string_equal(world.key, "ROLE");
    assert_string_equal(world.source, "assume-role");
    assert_string_equal(first_date, "20270115T080000Z");
    assert_string_equal(second_date, "20270115T070000Z");
    /* by our clock they are over: the server's is what counts */
    world_ask(1);
    assert_int_equal(scripted.requests, 2);
}

static const char *refusing(struct http_request *request, unsigned n)
{
    (void)n;
    request->status = 403;
    (void)strcpy(request->date, "Fri, 15 Jan 2027 08:00:00 GMT");
    return "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>"
           "The signature does not match. The Canonical String for this "
           "request should have been 'POST x-amz-security-token:hush-token'"
           "</Message></Error></ErrorResponse>";
}

static void a_refusal_shows_no_token(void **state)
{
    (void)state;
    use_keys_of_the_environment();
    scripted.answer = refusing;
    assert_true(world_open());
    world_ask(1);
    assert_non_null(strstr(world.error, "SignatureDoesNotMatch: The signature "
                                        "does not match."));
    assert_int_equal(scripted.requests, 1);
    assert_int_equal(credentials_fault(world.credentials), CREDENTIALS_SERVICE);
}

static const char *where(struct http_request *request, unsigned n)
{
    (void)n;
    request->status = 400;
    (void)snprintf(first_date, sizeof(first_date), "%s", request->url);
    return "";
}

static void sts_is_asked_in_the_region_or_in_the_first(void **state)
{
    static const struct {
        const char *region, *url;
    } rows[] = {
        { NULL, "https://sts.us-east-1.amazonaws.com" },
        { "eu-west-1", "https://sts.eu-west-1.amazonaws.com" },
        { "cn-north-1", "https://sts.cn-north-1.amazonaws.com.cn" },
    };

    (void)state;
    use_keys_of_the_environment();
    scripted.answer = where;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        world.options.region = rows[i].region;
        assert_true(world_open());
        world_ask(1);
        assert_int_equal(strncmp(first_date, rows[i].url, 39), 0);
        assert_non_null(strstr(world.error, "HTTP status 400"));
        world_close();
    }
    world.options.region = "nowhere";
    assert_true(world_open());
    world_ask(1);
    assert_non_null(strstr(world.error, "\"nowhere\" is no AWS region"));
}

/* --- Programs ------------------------------------------------------------ */

static void a_program_that_does_not_end_is_killed(void **state)
{
    static const char *const commands[] = {
        "[default]\ncredential_process = sleep 600\n",
        "[default]\ncredential_process = sh -c 'sleep 600 & wait'\n",
        "[default]\ncredential_process = sh -c 'trap \"\" TERM; sleep 600'\n",
    };

    (void)state;
    world.impatient = true;
    for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
        world.config = commands[i];
        assert_true(world_open());
        world_ask(1);
        assert_string_equal(world.error, "credential_process of \"default\" "
                                         "did not end within 60 s");
        world_close();
    }
}

static void what_a_program_left_behind_is_not_waited_for(void **state)
{
    (void)state;
    world.impatient = true;
    /* it ends by itself once nobody reads what it prints */
    world.config = "[default]\ncredential_process = "
                   "sh -c '(while sleep 1 && echo; do :; done) & exit 0'\n";
    assert_true(world_open());
    world_ask(1);
    assert_non_null(strstr(world.error, "did not end within"));
}

/* --- Memory -------------------------------------------------------------- */

/* One whole life; did it end in keys? */
static bool live(void)
{
    scripted.requests = 0;
    world.given = 0;
    if (!world_open())
        return false;
    world_ask(2);
    return *world.key != '\0';
}

static void memory_may_run_out_anywhere(void **state)
{
    static const struct {
        const char *config;
        const char *(*answer)(struct http_request *, unsigned);
    } rows[] = {
        { "", world_instance },
        { "[default]\ncredential_process = echo '{\"Version\":1,\"AccessKeyId\""
          ":\"K\",\"SecretAccessKey\":\"hush\"}'\n",
          world_instance },
        { "", another_clock },
    };

    (void)state;
    world.hurry = true;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        if (rows[i].answer == another_clock)
            use_keys_of_the_environment();
        world.config = rows[i].config;
        scripted.answer = rows[i].answer;
        for (unsigned n = 1;; n++) {
            bool came, fine;

            *world.key = *world.error = '\0';
            fail_malloc_at(n);
            fine = live();
            came = fail_malloc_stop();
            world_close();
            if (!came) {
                assert_true(fine);
                break;
            }
        }
    }
    world.hurry = false;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_clock_that_is_wrong_is_set_once),
        TEST(a_refusal_shows_no_token),
        TEST(sts_is_asked_in_the_region_or_in_the_first),
        TEST(a_program_that_does_not_end_is_killed),
        TEST(what_a_program_left_behind_is_not_waited_for),
        TEST(memory_may_run_out_anywhere),
    };

    return cmocka_run_group_tests_name("credentials_sources", tests, NULL,
                                       NULL);
}
