/*
 * out.h -- where a watch tells its events: lines, JSON, a live view, and
 * the command of --on-change.
 */
#ifndef COMMANDS_WATCH_OUT_H
#define COMMANDS_WATCH_OUT_H

#include "commands/check/options.h"
#include "commands/watch/hook.h"
#include "commands/watch/live.h"
#include "report/watch.h"

enum {
    WATCH_LOG_MAX = 100, /* events that the live view remembers */
};

struct watch_out {
    bool live, json;
    struct report report;
    struct live screen;
    struct hook hook;
    struct watch_row *rows; /* owned */
    size_t nrows;
    char *log[WATCH_LOG_MAX]; /* the newest first; owned */
    size_t nlog;
    unsigned interval_ms;
    bool failed; /* standard output takes no more */
};

/* false: out of memory, said on standard error. */
bool watch_out_open(struct watch_out *out, const struct check_options *options,
                    struct net_loop *loop, size_t ntargets);

/* Target `i`, and what is known of it from now on; lent. */
void watch_out_target(struct watch_out *out, size_t i,
                      const struct probe_target *target,
                      const struct track *track);

/* The last check of target `i`; lent until the next. */
void watch_out_seen(struct watch_out *out, size_t i,
                    const struct snapshot *last);

void watch_out_event(struct watch_out *out, size_t i,
                     const struct event *event);

/* Something of ours went wrong; the watch goes on. */
void watch_out_problem(struct watch_out *out, const char *text);

/* The live view: draw it; its size changed; it is left and come back to. */
void watch_out_draw(struct watch_out *out);
void watch_out_resized(struct watch_out *out);
void watch_out_pause(struct watch_out *out);
void watch_out_resume(struct watch_out *out);

/* The end was asked for: say what it waits for. */
void watch_out_ending(struct watch_out *out);

/* End what --on-change still runs. */
void watch_out_kill(struct watch_out *out);

/* Tell the end of each target and release.  false: not all could be said. */
bool watch_out_close(struct watch_out *out);

#endif /* COMMANDS_WATCH_OUT_H */
