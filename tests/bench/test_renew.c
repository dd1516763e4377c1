/*
 * test_renew.c -- one rejection asks for one password; none is asked for in
 * vain twice; and what is said is always the newest.
 */
#include "bench/renew.h"
#include "support/unit.h"

#include <string.h>

static struct bench_plan plan;
static struct renew renew;
static struct resp_batch login;
static unsigned generation;

/* What the command gives, in order; NULL: it fails. */
static const char *given[4];
static unsigned asked, rejections, acceptances;

static bool give(void *data, unsigned side, bool rejected, bool accepted,
                 const char **password)
{
    assert_ptr_equal(data, given);
    assert_int_equal(side, 1);
    rejections += rejected;
    acceptances += accepted;
    *password = given[asked++];
    return *password != NULL;
}

static int set_up(void **state)
{
    (void)state;
    plan =
        (struct bench_plan){ .nsides = 2, .sides[1] = { .password = "first" } };
    renew = (struct renew){ .cb = give, .data = given, .age_ns = UINT64_MAX };
    memset(given, 0, sizeof(given));
    asked = rejections = acceptances = 0;
    return renew_init(&renew) &&
                   renew_format(&renew, &plan, 1, &login, &generation)
               ? 0
               : -1;
}

static int tear_down(void **state)
{
    (void)state;
    renew_deinit(&renew);
    resp_batch_free(&login);
    return 0;
}

/* The newest login says `password`. */
static void assert_login(const char *password)
{
    struct resp_batch newest;
    unsigned number;

    assert_true(renew_format(&renew, &plan, 1, &newest, &number));
    assert_non_null(
        memmem(newest.bytes, newest.length, password, strlen(password)));
    resp_batch_free(&newest);
    renew_login(&renew, &plan, 1, &login, &generation);
    assert_int_equal(generation, number);
    assert_non_null(
        memmem(login.bytes, login.length, password, strlen(password)));
}

static void the_first_one_is_the_plans(void **state)
{
    (void)state;
    assert_login("first");
    assert_int_equal(asked, 0);
}

static void many_rejections_of_one_ask_once(void **state)
{
    (void)state;
    given[0] = "second";
    renew_accepted(&renew, 1, 0);
    for (int i = 0; i < 50; i++)
        renew_rejected(&renew, 1, 0);
    assert_true(renew_wait(&renew, 1, 0));
    for (int i = 0; i < 50; i++)
        renew_rejected(&renew, 1, 0);
    assert_login("second");
    assert_int_equal(asked, 1);
    assert_int_equal(rejections, 1);
    assert_int_equal(acceptances, 1);
}

static void a_command_that_has_no_other_is_left_alone(void **state)
{
    (void)state;
    assert_false(renew_wait(&renew, 1, 0));
    renew_rejected(&renew, 1, 0);
    assert_false(renew_wait(&renew, 1, 0));
    assert_login("first");
    assert_int_equal(asked, 1);
    assert_int_equal(acceptances, 0);
}

static void each_that_was_accepted_may_be_rejected(void **state)
{
    static const char *const names[] = { "second", "third", "fourth" };

    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(names); i++) {
        given[i] = names[i];
        renew_accepted(&renew, 1, i);
        assert_true(renew_wait(&renew, 1, i));
        assert_login(names[i]);
    }
    assert_int_equal(asked, 3);
    assert_int_equal(acceptances, 3);
}

static void an_old_one_is_used_until_there_is_another(void **state)
{
    (void)state;
    given[0] = "second";
    renew.age_ns = 0;
    renew_login(&renew, &plan, 1, &login, &generation);
    assert_int_equal(generation, 0);
    renew.age_ns = UINT64_MAX;
    assert_true(renew_wait(&renew, 1, 0));
    assert_login("second");
    assert_int_equal(asked, 1);
    assert_int_equal(rejections, 0);
}

static void an_old_one_that_cannot_be_had_again_stays(void **state)
{
    (void)state;
    renew.age_ns = 0;
    renew_login(&renew, &plan, 1, &login, &generation);
    renew.age_ns = UINT64_MAX;
    assert_login("first");
    given[1] = "second";
    assert_true(renew_wait(&renew, 1, 0)); /* a rejection still asks */
    assert_login("second");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_first_one_is_the_plans),
        TEST(many_rejections_of_one_ask_once),
        TEST(a_command_that_has_no_other_is_left_alone),
        TEST(each_that_was_accepted_may_be_rejected),
        TEST(an_old_one_is_used_until_there_is_another),
        TEST(an_old_one_that_cannot_be_had_again_stays),
    };

    return cmocka_run_group_tests_name("renew", tests, NULL, NULL);
}
