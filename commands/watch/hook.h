/*
 * hook.h -- --on-change: a command for each event, one at a time.
 *
 * It is run by /bin/sh.  On its standard input: the event, one line of JSON.
 * In its environment, which has no password of ours: LINKPROBE_EVENT, _TARGET,
 * _STATUS, _VERDICT, _ADDRESS, _FROM, _TO and _SUMMARY.  What it writes goes to
 * standard error.  It has HOOK_LIMIT_MS; more than HOOK_QUEUE_MAX events that
 * wait are not kept, and that is said.
 */
#ifndef COMMANDS_WATCH_HOOK_H
#define COMMANDS_WATCH_HOOK_H

#include "net/loop.h"
#include "probe/target.h"
#include "watch/event.h"

enum {
    HOOK_LIMIT_MS = 60000,
    HOOK_QUEUE_MAX = 64,
};

struct hook_job;

struct hook {
    /* set by the caller */
    struct net_loop *loop;
    const char *command; /* NULL: none, and all of this does nothing */
    bool silent;         /* what the command writes is thrown away */

    /* private */
    struct hook_job *jobs; /* the first is running */
    unsigned njobs;
    uint64_t dropped, failed;
    uv_process_t process;
    uv_pipe_t input;
    uv_write_t write;
    uv_shutdown_t end;
    uv_timer_t limit;
    unsigned closing; /* handles of the running job that are to be closed */
    bool running, spawned;
};

/* Run the command for `event`, whose JSON is `line` of `n` bytes. */
void hook_run(struct hook *hook, const struct probe_target *target,
              const struct event *event, const char *line, size_t n);

/* End what runs and forget what waits.  Without it the loop runs until all
 * are done. */
void hook_kill(struct hook *hook);

#endif /* COMMANDS_WATCH_HOOK_H */
