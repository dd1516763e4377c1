/*
 * one_check.c -- there is one at a time, so it is a global, as the fake world.
 */
#include "probe/one_check.h"

#include <string.h>

#include "support/unit.h"

struct one_check one;

void one_check_begin(void)
{
    fake_reset();
    one.options = (struct probe_options){ .timeout_ms = 1000,
                                          .deadline_ms = 5000,
                                          .key_prefix = "p:",
                                          .policy = { .write = true } };
    one.target = (struct probe_target){ .name = "cache.test:6379",
                                        .host = "cache.test",
                                        .port = 6379,
                                        .options = &one.options };
    one.world = (struct probe_world){ .io = &fake_io };
    memset(&one.check, 0, sizeof(one.check));
    one.calls = 0;
}

int one_check_end(void **state)
{
    (void)state;
    check_deinit(&one.check);
    probe_world_deinit(&one.world);
    return 0;
}

static void on_done(struct check *check)
{
    assert_ptr_equal(check, &one.check);
    one.calls++;
}

static void cancel(void *data)
{
    check_cancel(data);
}

/* Returns false where there is no memory to begin. */
static bool run(void)
{
    fake.cancel = cancel;
    fake.cancel_data = &one.check;
    if (!check_init(&one.check, &one.world, &one.target))
        return false;
    check_start(&one.check, on_done);
    assert_int_equal(one.calls, 0);
    fake_run();
    assert_int_equal(one.calls, 1);
    assert_int_equal(fake.open, 0);
    return true;
}

void one_check_run(void)
{
    assert_true(run());
}

void one_check_run_poor(void)
{
    (void)run();
}
