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
    uint64_t begun_ns[MANY]; /* the schedule's */
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

/* All targets have been checked before, long ago. */
static void init_known(struct serve_schedule *s, size_t n, uint64_t seed)
{
    for (size_t i = 0; i < n; i++)
        seen->begun_ns[i] = 1;
    serve_schedule_init(s, n, seen->begun_ns, INTERVAL, START, seed);
}

static void every_target_comes_once_an_interval(void **state)
{
    static const size_t sizes[] = { 1, 2, 7, 100, 7000, MANY };

    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct serve_schedule s;

        tear_down(state);
        set_up(state);
        serve_schedule_init(&s, sizes[i], seen->begun_ns, INTERVAL, START, 7);
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
    serve_schedule_init(&s, 10, seen->begun_ns, INTERVAL, START, 7);
    run(&s, START + 20 * MS);
    for (size_t k = 0; k < 10; k++)
        assert_int_equal(seen->times[k], 1);
}

static void change(struct serve_schedule *s, size_t n, uint64_t now_ns)
{
    serve_schedule_change(s, n, seen->begun_ns, INTERVAL, now_ns);
}

static void after_a_reload_nothing_is_hurried(void **state)
{
    struct serve_schedule s;

    (void)state;
    serve_schedule_init(&s, 10, seen->begun_ns, INTERVAL, START, 7);
    run(&s, START + 2 * INTERVAL);
    memset(seen->times, 0, sizeof(seen->times));
    change(&s, 10, START + 2 * INTERVAL);
    run(&s, START + 5 * INTERVAL / 2);
    assert_int_equal(seen->times[9], 0);
    assert_int_equal(seen->times[0], 1);
}

/* A controller may write the file of targets every few seconds. */
static void however_often_a_reload_comes_each_target_comes_once(void **state)
{
    static const uint64_t every_ns[] = { 1 * MS,       70 * MS,
                                         1000 * MS,    6000 * MS,
                                         INTERVAL - 1, INTERVAL + 7 * MS };
    static const size_t sizes[] = { 1, 2, 7, 100 };

    for (size_t i = 0; i < sizeof(every_ns) / sizeof(every_ns[0]); i++) {
        for (size_t k = 0; k < sizeof(sizes) / sizeof(sizes[0]); k++) {
            struct serve_schedule s;
            uint64_t now_ns = START;

            tear_down(state);
            set_up(state);
            serve_schedule_init(&s, sizes[k], seen->begun_ns, INTERVAL, START,
                                7);
            for (; now_ns < START + 20 * INTERVAL; now_ns += every_ns[i]) {
                run(&s, now_ns);
                change(&s, sizes[k], now_ns);
            }
            for (size_t at = 0; at < sizes[k]; at++)
                assert_in_range(seen->times[at], 19, 21);
            assert_true(seen->most_ns <= INTERVAL * 8 / 5);
            assert_int_equal(s.dropped, 0);
        }
    }
}

/* What a reload finds overdue is not put off by a round. */
static void what_was_late_is_still_due_after_a_reload(void **state)
{
    struct serve_schedule s;
    uint64_t now_ns;
    size_t target;

    (void)state;
    init_known(&s, 10, 7);
    now_ns = START + INTERVAL / 2;
    change(&s, 10, now_ns);
    for (size_t i = 0; i < 5; i++) {
        assert_true(serve_schedule_take(&s, now_ns, &target));
        assert_int_equal(target, i);
        change(&s, 10, now_ns);
    }
}

static void only_those_never_begun_are_hurried(void **state)
{
    struct serve_schedule s;
    uint64_t now_ns = START + 9 * INTERVAL / 2;
    unsigned known = 0;

    (void)state;
    serve_schedule_init(&s, 10, seen->begun_ns, INTERVAL, START, 7);
    run(&s, now_ns);
    memset(seen->times, 0, sizeof(seen->times));
    change(&s, 20, now_ns);
    run(&s, now_ns + 20 * MS);
    for (size_t i = 0; i < 10; i++)
        known += seen->times[i];
    for (size_t i = 10; i < 20; i++)
        assert_int_equal(seen->times[i], 1);
    assert_in_range(known, 0, 1);
}

static void another_interval_keeps_the_place_in_the_round(void **state)
{
    struct serve_schedule s;
    uint64_t now_ns = START + INTERVAL / 2, due_ns;
    size_t target;

    (void)state;
    init_known(&s, 4, 7);
    run(&s, now_ns);
    serve_schedule_change(&s, 4, seen->begun_ns, 4 * INTERVAL, now_ns);
    due_ns = serve_schedule_due(&s);
    assert_in_range(due_ns, now_ns, now_ns + INTERVAL);
    assert_true(serve_schedule_take(&s, due_ns, &target));
    assert_int_equal(target, 2);
}

/* An hour without targets is no lag. */
static void targets_that_come_after_none_are_not_late(void **state)
{
    struct serve_schedule s;
    uint64_t now_ns = START + 240 * INTERVAL;

    (void)state;
    serve_schedule_init(&s, 0, seen->begun_ns, INTERVAL, START, 7);
    change(&s, 5, now_ns);
    assert_int_equal(serve_schedule_due(&s), now_ns);
    run(&s, now_ns + 4 * INTERVAL);
    assert_int_equal(s.dropped, 0);
    assert_int_equal(serve_schedule_worst(&s), 0);
    assert_in_range(seen->times[4], 3, 5);
}

/* The clock counts from the machine's start. */
static void an_interval_may_be_longer_than_the_machine_is_up(void **state)
{
    struct serve_schedule s;

    (void)state;
    serve_schedule_init(&s, 4, seen->begun_ns, 1000 * MS, 5 * MS, 7);
    run(&s, 800 * MS);
    serve_schedule_change(&s, 4, seen->begun_ns, INTERVAL, 800 * MS);
    assert_in_range(serve_schedule_due(&s), 800 * MS, 2 * INTERVAL);
}

static void the_load_is_level(void **state)
{
    struct serve_schedule s;
    unsigned in_second[60] = { 0 };
    size_t target;

    (void)state;
    serve_schedule_init(&s, MANY, seen->begun_ns, INTERVAL, START, 7);
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

        serve_schedule_init(&s, sizes[i], seen->begun_ns, INTERVAL, START, 7);
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
    init_known(&a, 3, 1);
    init_known(&b, 3, 2);
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
    serve_schedule_init(&s, 2, seen->begun_ns, INTERVAL, START, 7);
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
    init_known(&s, 100, 7);
    run(&s, START + 3 * INTERVAL);
    while (serve_schedule_take(&s, START + day_ns, &target))
        taken++;
    assert_in_range(taken, 1, 200);
    assert_true(s.dropped >= UINT64_C(575000));
    assert_true(s.lag_ns < INTERVAL);
}

static void nothing_is_never_due(void **state)
{
    struct serve_schedule s;
    size_t target;

    (void)state;
    serve_schedule_init(&s, 0, seen->begun_ns, INTERVAL, START, 7);
    assert_true(serve_schedule_due(&s) == UINT64_MAX);
    assert_false(serve_schedule_take(&s, UINT64_MAX, &target));
    assert_true(serve_schedule_alive(&s, UINT64_MAX));
}

static void only_a_schedule_that_advances_is_alive(void **state)
{
    struct serve_schedule s;
    size_t target;

    (void)state;
    init_known(&s, 5, 7);
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
        TEST(however_often_a_reload_comes_each_target_comes_once),
        TEST(what_was_late_is_still_due_after_a_reload),
        TEST(only_those_never_begun_are_hurried),
        TEST(another_interval_keeps_the_place_in_the_round),
        TEST(targets_that_come_after_none_are_not_late),
        TEST(an_interval_may_be_longer_than_the_machine_is_up),
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
