/*
 * test_loop.c -- the loop knows its thread, its buffer and its clock.
 */
#include "support/unit.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "net/loop.h"
#include "support/fail_malloc.h"

/* uv_loop_init() ends in what a test wants. */
/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl*): the linker's names */
int __real_uv_loop_init(uv_loop_t *loop);
int __wrap_uv_loop_init(uv_loop_t *loop);
static int loop_init_error;

int __wrap_uv_loop_init(uv_loop_t *loop)
{
    return loop_init_error ? loop_init_error : __real_uv_loop_init(loop);
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl*) */

static void a_loop_opens_runs_and_closes(void **state)
{
    struct net_loop loop;

    (void)state;
    assert_int_equal(net_loop_init(&loop), 0);
    memset(loop.read_buffer, 1, NET_READ_SIZE);
    net_loop_run(&loop);
    assert_int_equal(net_loop_close(&loop), 0);
    assert_null(loop.read_buffer);
}

static void a_loop_that_cannot_be_made_leaves_nothing(void **state)
{
    struct net_loop loop;

    (void)state;
    fail_malloc_at(1);
    assert_int_equal(net_loop_init(&loop), UV_ENOMEM);
    assert_true(fail_malloc_stop());
    loop_init_error = UV_EMFILE;
    assert_int_equal(net_loop_init(&loop), UV_EMFILE);
    loop_init_error = 0;
    assert_null(loop.read_buffer);
}

static void an_open_handle_keeps_the_loop(void **state)
{
    struct net_loop loop;
    uv_timer_t timer;

    (void)state;
    assert_int_equal(net_loop_init(&loop), 0);
    assert_int_equal(uv_timer_init(&loop.uv, &timer), 0);
    assert_int_equal(net_loop_close(&loop), UV_EBUSY);
    assert_non_null(loop.read_buffer);
    uv_close((uv_handle_t *)&timer, NULL);
    net_loop_run(&loop);
    assert_int_equal(net_loop_close(&loop), 0);
}

static void *ask_elsewhere(void *loop)
{
    return net_loop_here(loop) ? loop : NULL;
}

static void a_loop_knows_its_thread(void **state)
{
    struct net_loop loop;
    pthread_t thread;
    void *here = &loop;

    (void)state;
    assert_int_equal(net_loop_init(&loop), 0);
    assert_true(net_loop_here(&loop));
    assert_int_equal(pthread_create(&thread, NULL, ask_elsewhere, &loop), 0);
    pthread_join(thread, &here);
    assert_null(here);
    assert_int_equal(net_loop_close(&loop), 0);
}

static void a_write_to_nobody_does_not_kill_us(void **state)
{
    struct sigaction before = { .sa_handler = SIG_DFL }, after;
    struct net_loop loop;
    int ends[2];

    (void)state;
    assert_int_equal(sigaction(SIGPIPE, &before, NULL), 0);
    assert_int_equal(net_loop_init(&loop), 0);
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    assert_int_equal(write(ends[1], "x", 1), -1);
    close(ends[1]);
    /* not ignored: what is exec'ed would inherit that */
    assert_int_equal(sigaction(SIGPIPE, NULL, &after), 0);
    assert_ptr_not_equal(after.sa_handler, SIG_IGN);
    assert_int_equal(net_loop_close(&loop), 0);
}

static void what_others_made_of_sigpipe_stays(void **state)
{
    struct sigaction before = { .sa_handler = SIG_IGN }, after;
    struct net_loop loop;

    (void)state;
    assert_int_equal(sigaction(SIGPIPE, &before, NULL), 0);
    assert_int_equal(net_loop_init(&loop), 0);
    assert_int_equal(sigaction(SIGPIPE, NULL, &after), 0);
    assert_ptr_equal(after.sa_handler, SIG_IGN);
    assert_int_equal(net_loop_close(&loop), 0);
}

static void time_goes_on(void **state)
{
    uint64_t before = net_now();

    (void)state;
    assert_true(before > 0);
    assert_true(net_now() >= before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_loop_opens_runs_and_closes),
        cmocka_unit_test(a_loop_that_cannot_be_made_leaves_nothing),
        cmocka_unit_test(an_open_handle_keeps_the_loop),
        cmocka_unit_test(a_loop_knows_its_thread),
        cmocka_unit_test(a_write_to_nobody_does_not_kill_us),
        cmocka_unit_test(what_others_made_of_sigpipe_stays),
        cmocka_unit_test(time_goes_on),
    };

    return cmocka_run_group_tests_name("loop", tests, NULL, NULL);
}
