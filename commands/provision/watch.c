/*
 * watch.c -- sync --watch and accept --watch: a run, a pause, a run.
 *
 * The pause is --interval, else the time to live of the cache's name, so that a
 * failover is followed as soon as it can be seen.  What changes or fails is
 * told; the same failure again is not.
 */
#include <stdio.h>
#include <string.h>

#include "commands/provision/run.h"

enum {
    PAUSE_LEAST_MS = 500,
    PAUSE_MOST_MS = 60 * 1000,
    PAUSE_DEFAULT_MS = 5 * 1000,
};

/* One at a time, so it needs no struct to travel in. */
static struct watching {
    unsigned pause_ms;
    int last; /* the status told last; -1: none */
    char error[128];
} watching;

/* The shortest time to live of all listeners' names. */
static unsigned pause_of(const struct provision_run *run,
                         const struct outcome *outcome)
{
    unsigned pause_ms = PAUSE_DEFAULT_MS;
    bool any = false;

    if (run->job->options.interval_ms)
        return run->job->options.interval_ms;
    for (size_t i = 0; i < outcome->nlisteners; i++) {
        int64_t ttl_ms = outcome->listeners[i].ttl_s * 1000;

        if (ttl_ms <= 0 || (any && ttl_ms >= pause_ms))
            continue;
        any = true;
        pause_ms = ttl_ms < PAUSE_MOST_MS ? (unsigned)ttl_ms : PAUSE_MOST_MS;
    }
    return pause_ms < PAUSE_LEAST_MS ? PAUSE_LEAST_MS : pause_ms;
}

static void tell(struct provision_run *run, struct outcome *outcome)
{
    const char *error = outcome->error ? outcome->error : "";
    bool same = (int)outcome->status == watching.last &&
                strncmp(error, watching.error, sizeof(watching.error) - 1) == 0;

    watching.pause_ms = pause_of(run, outcome);
    if (outcome->writes || !same) {
        run->status = PROVISION_DONE; /* the last one counts */
        provision_tell(run, outcome);
    }
    watching.last = (int)outcome->status;
    (void)snprintf(watching.error, sizeof(watching.error), "%s", error);
}

static void on_timer(uv_timer_t *timer)
{
    (void)timer;
}

/* A signal ends it early: its handler sets `stop`, which is looked at. */
static void pause_for(struct provision_run *run, unsigned ms)
{
    uv_timer_t timer;
    uint64_t end;

    uv_timer_init(&run->loop.uv, &timer);
    uv_update_time(&run->loop.uv);
    end = uv_now(&run->loop.uv) + ms;
    uv_timer_start(&timer, on_timer, ms, 0);
    while (!run->stop && uv_now(&run->loop.uv) < end)
        (void)uv_run(&run->loop.uv, UV_RUN_ONCE);
    uv_close((uv_handle_t *)&timer, NULL);
    net_loop_run(&run->loop);
}

void provision_watch(struct provision_run *run, enum engine_command command)
{
    unsigned count = run->job->options.count;

    watching = (struct watching){ .last = -1, .pause_ms = PAUSE_DEFAULT_MS };
    for (unsigned i = 0; !run->stop; i++) {
        if (!provision_engine(run, command, run->job->options.dry_run, tell)) {
            provision_told_unable(run);
            return;
        }
        if (count && i + 1 >= count)
            return;
        if (!run->stop)
            pause_for(run, watching.pause_ms);
    }
}
