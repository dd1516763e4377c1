/*
 * test_credentials.c -- who waits, how long keys are good, what is in flight.
 */
#include "support/unit.h"

#include <stdio.h>
#include <string.h>

#include "aws/credentials_world.h"

/* One request, `minutes` after the start. */
static const char *key_at(long minutes)
{
    scripted.now = WORLD_START + minutes * MINUTE;
    world_ask(1);
    return world.key;
}

/* --- How long keys are good ---------------------------------------------- */

static void keys_are_kept_until_a_quarter_of_an_hour_is_left(void **state)
{
    (void)state;
    assert_true(world_open());
    assert_string_equal(key_at(0), "KEY1");
    assert_string_equal(world.source, "iam-role");
    assert_string_equal(key_at(44), "KEY1");
    assert_int_equal(scripted.requests, 3);
    assert_string_equal(key_at(46), "KEY2");
    assert_int_equal(scripted.requests, 6);
    assert_string_equal(key_at(47), "KEY2");
    assert_int_equal(scripted.requests, 6);
}

static void keys_that_cannot_be_renewed_are_used_to_their_end(void **state)
{
    unsigned requests;

    (void)state;
    assert_true(world_open());
    assert_string_equal(key_at(0), "KEY1");
    world.status = 404;
    assert_string_equal(key_at(46), "KEY1");
    requests = scripted.requests;
    assert_true(requests > 3);
    /* for a minute nothing is tried again */
    assert_string_equal(key_at(46), "KEY1");
    assert_int_equal(scripted.requests, requests);
    assert_string_equal(key_at(48), "KEY1");
    assert_true(scripted.requests > requests);
    assert_string_equal(key_at(56), "");
    assert_true(*world.error);
    assert_int_equal(credentials_fault(world.credentials), CREDENTIALS_CONFIG);
    world.status = 200;
    assert_string_equal(key_at(56), "KEY2");
}

static void keys_with_a_short_life_are_not_fetched_each_time(void **state)
{
    (void)state;
    world.life_s = 15L * MINUTE;
    assert_true(world_open());
    assert_string_equal(key_at(0), "KEY1");
    assert_string_equal(key_at(7), "KEY1");
    assert_string_equal(key_at(8), "KEY2");
}

static void refused_keys_are_not_handed_out_again(void **state)
{
    (void)state;
    assert_true(world_open());
    assert_string_equal(key_at(0), "KEY1");
    credentials_refuse(world.credentials);
    assert_string_equal(key_at(0), "KEY2");
    assert_string_equal(key_at(0), "KEY2");
    credentials_refuse(world.credentials);
    world.status = 403;
    assert_string_equal(key_at(0), "");
    assert_string_equal(key_at(0), "");
    world.status = 200;
    assert_string_equal(key_at(0), "KEY3");
}

/* --- Who waits ----------------------------------------------------------- */

static void one_fetch_serves_all_who_wait(void **state)
{
    (void)state;
    assert_true(world_open());
    world_ask(WORLD_REQUESTS);
    assert_int_equal(scripted.requests, 3);
    assert_string_equal(world.key, "KEY1");
    world_ask(WORLD_REQUESTS);
    assert_int_equal(scripted.requests, 3);
}

static void on_keys_ask_again(void *data, const struct aws_keys *keys,
                              const char *source, const char *error)
{
    world_on_keys(data, keys, source, error);
    if (world.calls < 4) {
        credentials_refuse(world.credentials);
        credentials_get(world.credentials, &world.requests[0]);
    }
}

static void a_callback_may_ask_again(void **state)
{
    (void)state;
    assert_true(world_open());
    world.requests[0].done = on_keys_ask_again;
    credentials_get(world.credentials, &world.requests[0]);
    credentials_get(world.credentials, &world.requests[1]);
    net_loop_run(&world.loop);
    assert_int_equal(world.calls, 4);
    assert_string_equal(world.key, "KEY3");
}

static void on_keys_free(void *data, const struct aws_keys *keys,
                         const char *source, const char *error)
{
    world_on_keys(data, keys, source, error);
    credentials_free(world.credentials);
    world.credentials = NULL;
}

static void the_last_callback_may_free_all(void **state)
{
    (void)state;
    assert_true(world_open());
    world.requests[1].done = on_keys_free;
    credentials_get(world.credentials, &world.requests[0]);
    credentials_get(world.credentials, &world.requests[1]);
    net_loop_run(&world.loop);
    assert_int_equal(world.calls, 2);
    assert_null(world.credentials);
}

/* --- Cancel -------------------------------------------------------------- */

/* Who gives up, and when: after that request was sent, or a pause begun. */
static struct {
    unsigned at;
    net_deadline_cb what;
    struct net_deadline soon, later;
} giving_up;

static void give_up_soon(void)
{
    net_deadline_set(&world.loop.deadlines, &giving_up.soon, giving_up.what, 0);
}

static const char *hanging(struct http_request *request, unsigned n)
{
    const char *body = world_instance(request, n);

    if (n == giving_up.at) {
        request->status = -1;
        give_up_soon();
    }
    return body;
}

static uint64_t on_pause(void)
{
    world.on_pause = NULL;
    give_up_soon();
    return 600000;
}

static void on_cancel_all(struct net_deadline *deadline)
{
    (void)deadline;
    for (unsigned i = 0; i < WORLD_REQUESTS; i++) {
        credentials_cancel(world.credentials, &world.requests[i]);
        credentials_cancel(world.credentials, &world.requests[i]);
    }
    assert_int_equal(world.calls, 0);
}

static void a_fetch_may_be_canceled_at_each_request(void **state)
{
    (void)state;
    scripted.answer = hanging;
    giving_up.what = on_cancel_all;
    for (giving_up.at = 1; giving_up.at <= 3; giving_up.at++) {
        scripted.requests = 0;
        assert_true(world_open());
        world_ask(WORLD_REQUESTS);
        assert_string_equal(world.error, "canceled");
        assert_int_equal(scripted.requests, giving_up.at);
        assert_int_equal(scripted.canceled, giving_up.at);
        world_close();
    }
}

static void canceled_with_a_program_running_all_may_be_freed(void **state)
{
    struct net_deadline deadline = { 0 };

    (void)state;
    world.config = "[default]\ncredential_process = sleep 600\n";
    assert_true(world_open());
    world.requests[0].done = on_keys_free;
    net_deadline_set(&world.loop.deadlines, &deadline, on_cancel_all, 20);
    world_ask(1);
    assert_string_equal(world.error, "canceled");
    assert_null(world.credentials);
}

static void a_pause_between_tries_may_be_canceled(void **state)
{
    (void)state;
    world.status = 500;
    world.on_pause = on_pause;
    giving_up.what = on_cancel_all;
    assert_true(world_open());
    world_ask(WORLD_REQUESTS);
    assert_string_equal(world.error, "canceled");
    assert_int_equal(scripted.requests, 1);
    assert_int_equal(scripted.canceled, 0);
}

static void canceled_before_its_turn_nothing_is_fetched(void **state)
{
    (void)state;
    assert_true(world_open());
    credentials_get(world.credentials, &world.requests[0]);
    credentials_cancel(world.credentials, &world.requests[0]);
    net_loop_run(&world.loop);
    assert_int_equal(world.calls, 1);
    assert_string_equal(world.error, "canceled");
    assert_int_equal(scripted.requests, 0);
    credentials_cancel(world.credentials, &world.requests[0]);
}

static struct {
    unsigned ended;
    char errors[WORLD_REQUESTS][32];
} told;

static void on_cancel_some(struct net_deadline *deadline)
{
    (void)deadline;
    credentials_cancel(world.credentials, &world.requests[0]);
    credentials_cancel(world.credentials, &world.requests[3]);
}

static void on_later(struct net_deadline *deadline)
{
    (void)deadline;
    assert_int_equal(told.ended, 2);
    credentials_cancel(world.credentials, &world.requests[1]);
    credentials_cancel(world.credentials, &world.requests[2]);
}

static void on_told(void *data, const struct aws_keys *keys, const char *source,
                    const char *error)
{
    unsigned i = *(unsigned *)data;

    (void)source;
    (void)snprintf(told.errors[i], sizeof(told.errors[i]), "%u%s", told.ended++,
                   keys ? "" : error);
    if (told.ended == 2)
        net_deadline_set(&world.loop.deadlines, &giving_up.later, on_later, 20);
}

static void who_gives_up_need_not_wait_for_the_others(void **state)
{
    static unsigned numbers[4] = { 0, 1, 2, 3 };

    (void)state;
    memset(&told, 0, sizeof(told));
    scripted.answer = hanging;
    giving_up.at = 2;
    giving_up.what = on_cancel_some;
    assert_true(world_open());
    for (unsigned i = 0; i < 4; i++) {
        world.requests[i].done = on_told;
        world.requests[i].data = &numbers[i];
        credentials_get(world.credentials, &world.requests[i]);
    }
    net_loop_run(&world.loop);
    assert_int_equal(told.ended, 4);
    assert_string_equal(told.errors[0], "0canceled");
    assert_string_equal(told.errors[3], "1canceled");
    assert_string_equal(told.errors[1], "2canceled");
    assert_string_equal(told.errors[2], "3canceled");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(keys_are_kept_until_a_quarter_of_an_hour_is_left),
        TEST(keys_that_cannot_be_renewed_are_used_to_their_end),
        TEST(keys_with_a_short_life_are_not_fetched_each_time),
        TEST(refused_keys_are_not_handed_out_again),
        TEST(one_fetch_serves_all_who_wait),
        TEST(a_callback_may_ask_again),
        TEST(the_last_callback_may_free_all),
        TEST(a_fetch_may_be_canceled_at_each_request),
        TEST(canceled_with_a_program_running_all_may_be_freed),
        TEST(a_pause_between_tries_may_be_canceled),
        TEST(canceled_before_its_turn_nothing_is_fetched),
        TEST(who_gives_up_need_not_wait_for_the_others),
    };

    return cmocka_run_group_tests_name("credentials", tests, NULL, NULL);
}
