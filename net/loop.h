/*
 * loop.h -- what all operations on one libuv loop share.
 *
 * One a thread.  It owns the uv_loop_t, the buffer that every read lands in,
 * and remembers its thread, which each operation asserts.
 */
#ifndef NET_LOOP_H
#define NET_LOOP_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "net/deadline.h"

enum {
    NET_READ_SIZE = 16 * 1024, /* hiredis is fastest with feeds of this size */
};

struct net_loop {
    uv_loop_t uv;
    uv_thread_t thread;
    struct net_deadlines deadlines;
    char *read_buffer; /* NET_READ_SIZE; lent to one read callback at a time */
};

/* Returns 0 or a libuv error.  On success net_loop_close() must follow. */
int net_loop_init(struct net_loop *loop);

/* Run until nothing is left to do. */
void net_loop_run(struct net_loop *loop);

/*
 * Release the loop.  Returns 0, or UV_EBUSY when a handle is still open, which
 * is a bug of the caller's.
 */
int net_loop_close(struct net_loop *loop);

/* Is this the loop's thread?  For assert(). */
bool net_loop_here(const struct net_loop *loop);

/* The monotonic clock in nanoseconds: all times of the program are of it. */
uint64_t net_now(void);

#endif /* NET_LOOP_H */
