/*
 * out.c -- an event goes to the output and to the command; the live view
 * is drawn from what is known.
 */
#include "commands/watch/out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "commands/terminal.h"
#include "report/format.h"
#include "report/words.h"

static int64_t wall_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool watch_out_open(struct watch_out *out, const struct check_options *options,
                    struct net_loop *loop, size_t ntargets)
{
    const struct report_style style = {
        .verbosity = (int)options->verbosity,
        .quiet = options->quiet,
        .color = terminal_color(options->color),
        .utf8 = terminal_utf8(),
        .columns = terminal_columns(),
        .targets = ntargets,
    };

    *out = (struct watch_out){ .json = options->format == CHECK_FORMAT_JSON,
                               .nrows = ntargets,
                               .interval_ms = options->interval_ms };
    out->live = !out->json && !options->quiet && live_possible();
    out->hook = (struct hook){ .loop = loop,
                               .command = options->on_change,
                               .silent = out->live };
    out->rows = calloc(ntargets ? ntargets : 1, sizeof(*out->rows));
    if (!out->rows) {
        (void)fprintf(stderr, "linkprobe: out of memory\n");
        return false;
    }
    out->report = (struct report){ .style = style, .fd = STDOUT_FILENO };
    if (out->live)
        live_open(&out->screen, STDOUT_FILENO);
    return true;
}

void watch_out_target(struct watch_out *out, size_t i,
                      const struct probe_target *target,
                      const struct track *track)
{
    out->rows[i] = (struct watch_row){ .target = target, .track = track };
}

void watch_out_seen(struct watch_out *out, size_t i,
                    const struct snapshot *last)
{
    out->rows[i].last = last;
}

static void write_out(struct watch_out *out)
{
    report_flush(&out->report);
    out->failed |= out->report.out.failed;
}

/* The newest line comes first; the oldest goes. */
static void remember(struct watch_out *out, const struct watch_row *row,
                     const struct event *event, const struct watch_count *count)
{
    struct report_buffer line = { 0 };
    char time[REPORT_TIME_MAX];

    report_print(&line, "  %s ",
                 report_time(event->time_ms, REPORT_NO_FRACTION, time));
    if (out->nrows > 1)
        report_print(&line, "%s ", row->target->name);
    watch_words(&line, event, count, out->report.style.utf8);
    report_add(&line, "", 1);
    if (line.failed) {
        report_buffer_free(&line);
        return;
    }
    if (out->nlog == WATCH_LOG_MAX)
        free(out->log[--out->nlog]);
    memmove(out->log + 1, out->log, out->nlog * sizeof(out->log[0]));
    out->log[0] = line.bytes;
    out->nlog++;
}

static bool is_change(const struct event *event)
{
    return event->kind != EVENT_START && event->kind != EVENT_STOP;
}

static void run_hook(struct watch_out *out, const struct watch_row *row,
                     const struct event *event, const struct watch_count *count)
{
    struct report_buffer line = { 0 };

    if (!out->hook.command || !is_change(event))
        return;
    watch_json(&line, row->target, event, count);
    if (!line.failed)
        hook_run(&out->hook, row->target, event, line.bytes, line.length);
    report_buffer_free(&line);
}

void watch_out_event(struct watch_out *out, size_t i, const struct event *event)
{
    const struct watch_row *row = &out->rows[i];
    const struct watch_count count = { .checks = row->track->checks,
                                       .failed = row->track->failed };

    if (out->live) {
        remember(out, row, event, &count);
    } else if (out->json) {
        watch_json(&out->report.out, row->target, event, &count);
        write_out(out);
    } else if (!out->report.style.quiet || is_change(event)) {
        watch_line(&out->report, row->target, event, &count);
        write_out(out);
    }
    run_hook(out, row, event, &count);
}

void watch_out_problem(struct watch_out *out, const char *text)
{
    struct report_buffer line = { 0 };

    if (!out->live) {
        (void)fprintf(stderr, "linkprobe: %s\n", text);
        return;
    }
    report_print(&line, "  %s", text);
    report_add(&line, "", 1);
    if (line.failed || out->nlog == WATCH_LOG_MAX) {
        report_buffer_free(&line);
        return;
    }
    memmove(out->log + 1, out->log, out->nlog * sizeof(out->log[0]));
    out->log[0] = line.bytes;
    out->nlog++;
}

void watch_out_draw(struct watch_out *out)
{
    struct watch_view view = { .rows = out->rows,
                               .nrows = out->nrows,
                               .log = (const char *const *)out->log,
                               .nlog = out->nlog,
                               .interval_ms = out->interval_ms,
                               .now_ms = wall_ms() };

    if (!out->live)
        return;
    live_size(&out->screen, &out->report.style.columns, &view.lines);
    out->report.out.length = 0;
    watch_screen(&out->report, &view);
    if (!out->report.out.failed)
        live_draw(&out->screen, out->report.out.bytes, out->report.out.length);
    out->report.out.length = 0;
}

void watch_out_resized(struct watch_out *out)
{
    live_forget(&out->screen);
    watch_out_draw(out);
}

void watch_out_pause(struct watch_out *out)
{
    live_close(&out->screen);
}

void watch_out_resume(struct watch_out *out)
{
    if (out->live && !out->screen.open)
        live_open(&out->screen, STDOUT_FILENO);
    watch_out_resized(out);
}

void watch_out_ending(struct watch_out *out)
{
    if (out->live)
        live_close(&out->screen);
    if (out->hook.running)
        (void)fprintf(stderr,
                      "linkprobe: --on-change still runs; a second signal ends "
                      "it\n");
}

void watch_out_kill(struct watch_out *out)
{
    hook_kill(&out->hook);
}

/* What the alternate screen took away: how it stands, and what changed. */
static void leave_trace(struct watch_out *out)
{
    live_close(&out->screen);
    for (size_t i = out->nlog; i > 0; i--) {
        report_string(&out->report.out, out->log[i - 1]);
        report_string(&out->report.out, "\n");
    }
    write_out(out);
    out->live = false;
}

bool watch_out_close(struct watch_out *out)
{
    bool live = out->live;

    if (live)
        leave_trace(out);
    for (size_t i = 0; i < out->nrows; i++) {
        struct event event = { .kind = EVENT_STOP,
                               .time_ms = wall_ms(),
                               .stage = STAGE_COUNT,
                               .now = out->rows[i].last };

        event.status =
            event.now ? out->rows[i].track->state.status : CHECK_UNKNOWN;
        watch_out_event(out, i, &event);
    }
    out->live = live;
    for (size_t i = 0; i < out->nlog; i++)
        free(out->log[i]);
    report_buffer_free(&out->report.out);
    free(out->rows);
    return !out->failed;
}
