/*
 * loop.c -- a uv_loop_t, its thread, its deadlines and its read buffer.
 */
#include "net/loop.h"

#include <assert.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

static void do_nothing(int number)
{
    (void)number;
}

/*
 * A write to a connection that the peer has reset must end in EPIPE, not in
 * our death.  A handler that does nothing, and not SIG_IGN: a program that we
 * start is born with the default again (POSIX, exec).
 */
static void survive_sigpipe(void)
{
    struct sigaction action;

    if (sigaction(SIGPIPE, NULL, &action) != 0 || action.sa_handler != SIG_DFL)
        return;
    action =
        (struct sigaction){ .sa_handler = do_nothing, .sa_flags = SA_RESTART };
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGPIPE, &action, NULL);
}

int net_loop_init(struct net_loop *loop)
{
    int error;

    loop->read_buffer = malloc(NET_READ_SIZE);
    if (!loop->read_buffer)
        return UV_ENOMEM;
    error = uv_loop_init(&loop->uv);
    if (error != 0) {
        free(loop->read_buffer);
        loop->read_buffer = NULL;
        return error;
    }
    loop->thread = uv_thread_self();
    net_deadlines_init(&loop->deadlines, &loop->uv);
    survive_sigpipe();
    return 0;
}

void net_loop_run(struct net_loop *loop)
{
    assert(net_loop_here(loop));
    (void)uv_run(&loop->uv, UV_RUN_DEFAULT);
}

struct others {
    const struct net_loop *loop;
    bool any;
};

static void look_for_others(uv_handle_t *handle, void *data)
{
    struct others *others = data;

    if (handle != (const uv_handle_t *)&others->loop->deadlines.timer)
        others->any = true;
}

int net_loop_close(struct net_loop *loop)
{
    struct others others = { .loop = loop };
    int error;

    uv_walk(&loop->uv, look_for_others, &others);
    if (others.any)
        return UV_EBUSY;
    net_deadlines_close(&loop->deadlines);
    (void)uv_run(&loop->uv, UV_RUN_DEFAULT);
    error = uv_loop_close(&loop->uv);

    if (error != 0)
        return error;
    free(loop->read_buffer);
    loop->read_buffer = NULL;
    return 0;
}

bool net_loop_here(const struct net_loop *loop)
{
    uv_thread_t self = uv_thread_self();

    return uv_thread_equal(&self, &loop->thread) != 0;
}

/* The clock of uv_hrtime(), without its detours: a benchmark reads it twice a
 * request. */
uint64_t net_now(void)
{
    struct timespec time;

    (void)clock_gettime(CLOCK_MONOTONIC, &time); /* never fails */
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}
