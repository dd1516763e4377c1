/*
 * pace.h -- the open loop's schedule, and the alarm that keeps it.
 *
 * The schedule is absolute: request i is due at first + i * period, whatever
 * happened to those before (Tene, "How not to measure latency"; wrk2).  A
 * request that could not leave in time stays on it, with the moment it was
 * meant for.  It is pure: the clock is the caller's.
 *
 * The alarm is a timerfd, since a timer of the loop has whole milliseconds.
 */
#ifndef BENCH_PACE_H
#define BENCH_PACE_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

enum {
    PACE_AHEAD_NS = 20 * 1000, /* an alarm nearer than this costs more than it
                                  is worth */
};

struct pace {
    uint64_t first_ns;
    double period_ns; /* of this schedule: a worker's share */
    uint64_t next;    /* the number of the next request */
    uint64_t count;   /* how many there are at most */
    uint64_t end_ns;  /* none is due at or after this */
};

/*
 * Worker `worker` of `workers` takes every so manieth request of `rate` a
 * second, from `begin_ns` on.  All of its requests lie before `end_ns`, and are
 * `count` at most.
 */
struct pace pace_begin(double rate, uint64_t begin_ns, unsigned worker,
                       unsigned workers);

/* When the next request is due; UINT64_MAX: there is none. */
uint64_t pace_due(const struct pace *pace);

/* When request `number` is due, should there be one. */
uint64_t pace_at(const struct pace *pace, uint64_t number);

/* How many are due by `now`. */
uint64_t pace_owed(const struct pace *pace, uint64_t now);

/* The next request is taken; returns the moment it was meant for. */
uint64_t pace_take(struct pace *pace);

/* When to look again after `now`; UINT64_MAX: never. */
uint64_t pace_alarm(const struct pace *pace, uint64_t now);

typedef void (*alarm_cb)(void *data);

/* Embed it; zeroed is not there. */
struct alarm {
    /* private */
    uv_poll_t poll;
    int fd;
    bool open;
    uint64_t at_ns; /* 0: not set */
    alarm_cb cb;
    void *data;
};

/* Returns 0 or a libuv error; on success alarm_close() must follow. */
int alarm_open(struct alarm *alarm, uv_loop_t *loop, alarm_cb cb, void *data);

/* Let `cb` run at `at_ns` of net_now(); UINT64_MAX: not at all. */
void alarm_set(struct alarm *alarm, uint64_t at_ns);

/* Close it; the loop must run once more. */
void alarm_close(struct alarm *alarm);

#endif /* BENCH_PACE_H */
