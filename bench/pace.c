/*
 * pace.c -- arithmetic of a schedule, and a timerfd in a uv_poll_t.
 *
 * Setting a timerfd also takes back that it has gone off, so it is never read:
 * the callback sets it again, or sets it to nothing.
 */
#include "bench/pace.h"

#include <errno.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define SECOND_NS UINT64_C(1000000000)

struct pace pace_begin(double rate, uint64_t begin_ns, unsigned worker,
                       unsigned workers)
{
    double gap_ns = (double)SECOND_NS / rate;

    return (struct pace){
        .first_ns = begin_ns + (uint64_t)(gap_ns * worker),
        .period_ns = gap_ns * workers,
        .count = UINT64_MAX,
        .end_ns = UINT64_MAX,
    };
}

uint64_t pace_at(const struct pace *pace, uint64_t number)
{
    return pace->first_ns + (uint64_t)((double)number * pace->period_ns);
}

uint64_t pace_due(const struct pace *pace)
{
    uint64_t due;

    if (pace->next >= pace->count)
        return UINT64_MAX;
    due = pace_at(pace, pace->next);
    return due < pace->end_ns ? due : UINT64_MAX;
}

/* The number behind the last one that is due before `end_ns`. */
static uint64_t number_at(const struct pace *pace, uint64_t end_ns)
{
    uint64_t number;

    if (end_ns <= pace->first_ns)
        return 0;
    number = (uint64_t)((double)(end_ns - pace->first_ns) / pace->period_ns);
    while (pace_at(pace, number) < end_ns) /* rounding: once or twice */
        number++;
    return number < pace->count ? number : pace->count;
}

uint64_t pace_owed(const struct pace *pace, uint64_t now)
{
    uint64_t end = now < pace->end_ns ? now + 1 : pace->end_ns;
    uint64_t number = number_at(pace, end);

    return number > pace->next ? number - pace->next : 0;
}

uint64_t pace_take(struct pace *pace)
{
    return pace_at(pace, pace->next++);
}

uint64_t pace_alarm(const struct pace *pace, uint64_t now)
{
    uint64_t due = pace_due(pace);

    return due < now + PACE_AHEAD_NS ? now + PACE_AHEAD_NS : due;
}

static void on_alarm(uv_poll_t *poll, int status, int events)
{
    struct alarm *alarm = poll->data;

    (void)status;
    (void)events;
    alarm->cb(alarm->data);
}

int alarm_open(struct alarm *alarm, uv_loop_t *loop, alarm_cb cb, void *data)
{
    int error;

    *alarm = (struct alarm){ .cb = cb, .data = data };
    alarm->fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (alarm->fd < 0)
        return uv_translate_sys_error(errno);
    error = uv_poll_init(loop, &alarm->poll, alarm->fd);
    if (error != 0) {
        (void)close(alarm->fd);
        return error;
    }
    alarm->open = true;
    alarm->poll.data = alarm;
    error = uv_poll_start(&alarm->poll, UV_READABLE, on_alarm);
    if (error != 0)
        alarm_close(alarm);
    return error;
}

void alarm_set(struct alarm *alarm, uint64_t at_ns)
{
    struct itimerspec at = { .it_value = { 0 } };

    if (at_ns == UINT64_MAX)
        at_ns = 0; /* a timerfd set to 0 is silent */
    alarm->at_ns = at_ns;
    at.it_value.tv_sec = (time_t)(at_ns / SECOND_NS);
    at.it_value.tv_nsec = (long)(at_ns % SECOND_NS);
    (void)timerfd_settime(alarm->fd, TFD_TIMER_ABSTIME, &at, NULL);
}

static void on_closed(uv_handle_t *handle)
{
    struct alarm *alarm = handle->data;

    (void)close(alarm->fd);
}

void alarm_close(struct alarm *alarm)
{
    if (!alarm->open)
        return;
    alarm->open = false;
    uv_close((uv_handle_t *)&alarm->poll, on_closed);
}
