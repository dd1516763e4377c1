/*
 * When each target is due: run on a clock of our own.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "serve/schedule.h"
#include "support/unit.h"

#define MS       UINT64_C(1000000)
#define INTERVAL (UINT64_C(15000) * MS)
#define START    (UINT64_C(1000000) * MS)

enum {
    MANY = 10000,
};

/* When each target was taken first, last, and how often. */
struct seen {
    uint64_t first_ns[MANY], last_ns[MANY];
    uint64_t least_ns, most_ns; /* between two checks of a target */
    unsigned times[MANY];
};

static struct seen *seen;

static int set_up(void **state)
{
    (void)state;
    seen = calloc(1, sizeof(*seen));
    seen->least_ns = UINT64_MAX;
    return seen ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    free(seen);
    return 0;
}

static void note(size_t target, uint64_t now_ns)
{
    uint64_t gap = now_ns - seen->last_ns[target];

    if (seen->times[target] == 0)
        seen->first_ns[target] = now_ns;
    else if (gap < seen->least_ns)
        seen->least_ns = gap;
    if (seen->times[target] > 0 && gap > seen->most_ns)
        seen->most_ns = gap;
    seen->last_ns[target] = now_ns;
    seen->times[target]++;
}

/* Take what is due, at the very moment it is, until `end_ns`. */
static void run(struct serve_schedule *s, uint64_t end_ns)
{
    size_t target;

    while (serve_schedule_due(s) < end_ns) {
        uint64_t now_ns = serve_schedule_due(s);

        assert_true(serve_schedule_take(s, now_ns, &target));
        note(target, now_ns);
    }
}

static void every_target_comes_once_an_interval(void **state)
{
    static const size_t sizes[] = { 1, 2, 7, 100, 7000, MANY };

    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct serve_schedule s;

        tear_down(state);
        set_up(state);
        serve_schedule_init(&s, sizes[i], INTERVAL, START, 7, true);
        run(&s, START + 20 * INTERVAL);
        for (size_t k = 0; k < sizes[i]; k++) {
            assert_in_range(seen->times[k], 19, 21);
            /* the first result is there within an interval */
            assert_true(seen->first_ns[k] < START + INTERVAL);
        }
        assert_true(seen->least_ns >= INTERVAL / 2 - INTERVAL / 10);
        assert_true(seen->most_ns <= INTERVAL * 8 / 5);
    }
}

static void a_few_targets_are_checked_at_once(void **state)
{
    struct serve_schedule s;

    (void)state;
    serve_schedule_init(&s, 10, INTERVAL, START, 7, true);
    run(&s, START + 20 * MS);
    for (size_t k = 0; k < 10; k++)
        assert_int_equal(seen->times[k], 1);
}

static void after_a_reload_nothing_is_hurried(void **state)
{
    struct serve_schedule s;

    (void)state;
    serve_schedule_init(&s, 10, INTERVAL, START, 7, false);
    run(&s, START + INTERVAL / 2);
    assert_int_equal(seen->times[9], 0);
    assert_int_equal(seen->times[0], 1);
}

static void the_load_is_level(void **state)
{
    struct serve_schedule s;
    unsigned in_second[60] = { 0 };
    size_t target;

    (void)state;
    serve_schedule_init(&s, MANY, INTERVAL, START, 7, true);
    while (serve_schedule_due(&s) < START + 4 * INTERVAL) {
        uint64_t now_ns = serve_schedule_due(&s);

        assert_true(serve_schedule_take(&s, now_ns, &target));
        in_second[(now_ns - START) / (1000 * MS)]++;
    }
    for (size_t i = 15; i < 60; i++)
        assert_in_range(in_second[i], MANY / 15 - 2, MANY / 15 + 2);
}

/* Memory is for what is in flight, and the start must not take the most. */
static void a_start_begins_no_more_a_second_than_many_targets_do(void **state)
{
    static const size_t sizes[] = { 1000, 5000, 7000, MANY };
    size_t target;

    (void)state;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        unsigned in_second[60] = { 0 };
        struct serve_schedule s;

        serve_schedule_init(&s, sizes[i], INTERVAL, START, 7, true);
        while (serve_schedule_due(&s) < START + 4 * INTERVAL) {
            uint64_t now_ns = serve_schedule_due(&s);

            assert_true(serve_schedule_take(&s, now_ns, &target));
            in_second[(now_ns - START) / (1000 * MS)]++;
        }
        for (size_t k = 0; k < 60; k++)
            assert_true(in_second[k] <= MANY / 15 + 2);
    }
}

static void two_exporters_do_not_keep_step(void **state)
{
    struct serve_schedule a, b;
    unsigned differ = 0;
    size_t target;

    (void)state;
    serve_schedule_init(&a, 3, INTERVAL, START, 1, false);
    serve_schedule_init(&b, 3, INTERVAL, START, 2, false);
    for (int i = 0; i < 100; i++) {
        uint64_t at = serve_schedule_due(&a), other = serve_schedule_due(&b);

        differ += at != other;
        assert_true(serve_schedule_take(&a, at, &target));
        assert_true(serve_schedule_take(&b, other, &target));
    }
    assert_true(differ > 90);
}

static void what_is_late_is_told(void **state)
{
    struct serve_schedule s;
    size_t target;

    (void)state;
    serve_schedule_init(&s, 2, INTERVAL, START, 7, true);
    assert_true(serve_schedule_take(&s, START + 300 * MS, &target));
    assert_int_equal(serve_schedule_worst(&s), 300 * MS);
    assert_int_equal(serve_schedule_worst(&s), 0);
}

/* As after a machine was stopped for a day. */
static void whole_rounds_that_were_missed_are_left_out(void **state)
{
    struct serve_schedule s;
    uint64_t day_ns = UINT64_C(86400000) * MS;
    unsigned taken = 0;
    size_t target;

    (void)state;
    serve_schedule_init(&s, 100, INTERVAL, START, 7, false);
    run(&s, START + 3 * INTERVAL);
    while (serve_schedule_take(&s, START + day_ns, &target))
        taken++;
    assert_in_range(taken, 1, 200);
    assert_true(s.dropped >= 100 * 5750);
    assert_true(s.lag_ns < INTERVAL);
}

static void nothing_is_never_due(void **state)
{
    struct serve_schedule s;
    size_t target;

    (void)state;
    serve_schedule_init(&s, 0, INTERVAL, START, 7, true);
    assert_true(serve_schedule_due(&s) == UINT64_MAX);
    assert_false(serve_schedule_take(&s, UINT64_MAX, &target));
    assert_true(serve_schedule_alive(&s, UINT64_MAX));
}

static void only_a_schedule_that_advances_is_alive(void **state)
{
    struct serve_schedule s;
    size_t target;

    (void)state;
    serve_schedule_init(&s, 5, INTERVAL, START, 7, false);
    assert_true(serve_schedule_take(&s, serve_schedule_due(&s), &target));
    assert_true(serve_schedule_alive(&s, START + 1));
    /* nothing is due yet */
    assert_true(serve_schedule_alive(&s, serve_schedule_due(&s) - 1));
    /* something is, and nobody takes it */
    assert_false(serve_schedule_alive(&s, START + 2 * INTERVAL));
    assert_true(serve_schedule_take(&s, START + 2 * INTERVAL, &target));
    assert_true(serve_schedule_alive(&s, START + 2 * INTERVAL));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_target_comes_once_an_interval),
        TEST(a_few_targets_are_checked_at_once),
        TEST(after_a_reload_nothing_is_hurried),
        TEST(the_load_is_level),
        TEST(a_start_begins_no_more_a_second_than_many_targets_do),
        TEST(two_exporters_do_not_keep_step),
        TEST(what_is_late_is_told),
        TEST(whole_rounds_that_were_missed_are_left_out),
        TEST(nothing_is_never_due),
        TEST(only_a_schedule_that_advances_is_alive),
    };

    return cmocka_run_group_tests_name("serve_schedule", tests, NULL, NULL);
}
