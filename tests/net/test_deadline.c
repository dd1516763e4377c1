/*
 * test_deadline.c -- deadlines come in order, whatever was set and cleared.
 */
#include "support/unit.h"

#include <stdlib.h>
#include <string.h>

#include "net/loop.h"

enum { MANY = 500 };

struct item {
    struct net_deadline deadline;
    uint64_t due_ms;
    bool cleared;
    unsigned calls;
};

static struct net_loop loop;
static struct item items[MANY];
static uint64_t last_due_ms;

static int set_up(void **state)
{
    (void)state;
    memset(items, 0, sizeof(items));
    last_due_ms = 0;
    return net_loop_init(&loop);
}

static int tear_down(void **state)
{
    (void)state;
    return net_loop_close(&loop);
}

static void on_due(struct net_deadline *deadline)
{
    struct item *item = (void *)deadline;

    assert_false(item->cleared);
    assert_true(uv_now(&loop.uv) >= item->due_ms);
    assert_true(item->due_ms >= last_due_ms);
    last_due_ms = item->due_ms;
    item->calls++;
}

static void set(struct item *item, uint64_t ms)
{
    item->due_ms = uv_now(&loop.uv) + ms;
    item->cleared = false;
    net_deadline_set(&loop.deadlines, &item->deadline, on_due, ms);
}

static void clear(struct item *item)
{
    item->cleared = true;
    net_deadline_clear(&loop.deadlines, &item->deadline);
}

static void they_come_in_order(void **state)
{
    (void)state;
    srand(1);
    for (unsigned i = 0; i < MANY; i++)
        set(&items[i], (uint64_t)(rand() % 20));
    net_loop_run(&loop);
    for (unsigned i = 0; i < MANY; i++)
        assert_int_equal(items[i].calls, 1);
}

static void cleared_ones_do_not_come(void **state)
{
    (void)state;
    srand(2);
    for (unsigned i = 0; i < MANY; i++)
        set(&items[i], (uint64_t)(rand() % 20));
    for (unsigned i = 0; i < MANY; i += 3)
        clear(&items[i]);
    for (unsigned i = 0; i < MANY; i += 5)
        clear(&items[i]);
    net_loop_run(&loop);
    for (unsigned i = 0; i < MANY; i++)
        assert_int_equal(items[i].calls, i % 3 != 0 && i % 5 != 0);
}

static void one_may_be_set_again(void **state)
{
    (void)state;
    srand(3);
    for (unsigned round = 0; round < 4; round++) {
        for (unsigned i = 0; i < MANY; i++)
            set(&items[i], (uint64_t)(rand() % 15));
    }
    net_loop_run(&loop);
    for (unsigned i = 0; i < MANY; i++)
        assert_int_equal(items[i].calls, 1);
}

static void with_none_left_the_loop_ends(void **state)
{
    (void)state;
    set(&items[0], 3600 * 1000);
    clear(&items[0]);
    clear(&items[1]);
    net_loop_run(&loop);
    assert_int_equal(items[0].calls, 0);
}

static void on_first(struct net_deadline *deadline)
{
    struct item *item = (void *)deadline;

    if (++item->calls < 3)
        net_deadline_set(&loop.deadlines, deadline, on_first, 1);
    net_deadline_clear(&loop.deadlines, &items[1].deadline);
    items[1].cleared = true;
}

static void a_callback_may_set_itself_and_clear_others(void **state)
{
    (void)state;
    net_deadline_set(&loop.deadlines, &items[0].deadline, on_first, 0);
    set(&items[1], 2);
    net_loop_run(&loop);
    assert_int_equal(items[0].calls, 3);
    assert_int_equal(items[1].calls, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(they_come_in_order),
        TEST(cleared_ones_do_not_come),
        TEST(one_may_be_set_again),
        TEST(with_none_left_the_loop_ends),
        TEST(a_callback_may_set_itself_and_clear_others),
    };

    return cmocka_run_group_tests_name("deadline", tests, NULL, NULL);
}
