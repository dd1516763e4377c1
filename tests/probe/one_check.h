/*
 * one_check.h -- one check in the fake world, of cache.test:6379: what the
 * tests of probe/check.h have in common.
 */
#ifndef PROBE_ONE_CHECK_H
#define PROBE_ONE_CHECK_H

#include "probe/check.h"
#include "support/fake_io.h"

extern struct one_check {
    struct probe_options options;
    struct probe_target target;
    struct probe_world world;
    struct check check;
    unsigned calls;
} one;

/* A new world and a check in it that is not started; change what differs. */
void one_check_begin(void);

int one_check_end(void **state);

/* To its end, canceled on the way if fake.cancel_at says so; nothing is left
 * open and the callback came once. */
void one_check_run(void);

/* The same where memory may be missing for it even to begin. */
void one_check_run_poor(void);

#endif /* PROBE_ONE_CHECK_H */
