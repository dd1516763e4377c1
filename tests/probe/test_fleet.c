/*
 * test_fleet.c -- all targets are done once, and never too many at a time.
 */
#include "support/unit.h"

#include <string.h>

#include "probe/fleet.h"
#include "support/fake_io.h"

enum { TARGETS = 100 };

static struct probe_options options;
static struct probe_target targets[TARGETS];
static struct probe_world world;
static struct fleet fleet;
static unsigned handed, done[TARGETS], ok, open_most;

static const struct probe_target *next(void *data)
{
    (void)data;
    return handed < TARGETS ? &targets[handed++] : NULL;
}

static void on_done(void *data, const struct probe_target *target,
                    const struct check *check, const struct outcome *outcome)
{
    (void)data;
    assert_non_null(check);
    assert_non_null(outcome);
    done[target - targets]++;
    ok += outcome->verdict.status == CHECK_OK;
    if (fake.open > open_most)
        open_most = fake.open;
}

static int set_up(void **state)
{
    (void)state;
    fake_reset();
    options =
        (struct probe_options){ .timeout_ms = 1000,
                                .deadline_ms = 5000,
                                .key_prefix = "p:",
                                .policy = { .write = true,
                                            .degraded = CHECK_CRITICAL,
                                            .cert_warning_days = CERT_DAYS_OFF,
                                            .cert_critical_days =
                                                CERT_DAYS_OFF } };
    for (unsigned i = 0; i < TARGETS; i++)
        targets[i] = (struct probe_target){ .name = "127.0.0.1:6379",
                                            .host = "127.0.0.1",
                                            .port = 6379,
                                            .options = &options };
    world = (struct probe_world){ .io = &fake_io };
    fleet = (struct fleet){ .world = &world,
                            .next = next,
                            .done = on_done,
                            .concurrency = 7,
                            .consecutive = 1 };
    memset(done, 0, sizeof(done));
    handed = ok = open_most = 0;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    probe_world_deinit(&world);
    return 0;
}

static void every_target_is_done_once(void **state)
{
    (void)state;
    fleet_start(&fleet);
    assert_int_equal(handed, 7);
    fake_run();
    assert_int_equal(ok, TARGETS);
    for (unsigned i = 0; i < TARGETS; i++)
        assert_int_equal(done[i], 1);
    assert_in_range(open_most, 1, 7);
    assert_int_equal(fake.open, 0);
}

static void cancel(void *data)
{
    fleet_cancel(data);
}

static void a_canceled_fleet_begins_nothing_new(void **state)
{
    unsigned total = 0;

    (void)state;
    fake.cancel_at = 40;
    fake.cancel = cancel;
    fake.cancel_data = &fleet;
    fleet_start(&fleet);
    fake_run();
    for (unsigned i = 0; i < TARGETS; i++)
        total += done[i];
    assert_int_equal(total, handed);
    assert_in_range(total, 7, TARGETS - 1);
    assert_int_equal(fake.open, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_target_is_done_once),
        TEST(a_canceled_fleet_begins_nothing_new),
    };

    return cmocka_run_group_tests_name("fleet", tests, NULL, NULL);
}
