/*
 * watch.h -- what `linkprobe watch` says: events as lines or JSON, and a
 * screen of all targets.
 */
#ifndef REPORT_WATCH_H
#define REPORT_WATCH_H

#include "probe/target.h"
#include "report/report.h"
#include "watch/track.h"

/* One target that is watched. */
struct watch_row {
    const struct probe_target *target;
    const struct track *track;
    const struct snapshot *last; /* NULL: none is done yet */
};

/* How far the checks of `track` are, for the event that ends the watch. */
struct watch_count {
    uint64_t checks, failed;
};

/*
 * An event in one line, without time and target, without a line break:
 * "OK > TCP_REFUSED: connection refused".
 */
void watch_words(struct report_buffer *out, const struct event *event,
                 const struct watch_count *count, bool utf8);

/* The line of a log: time in UTC, the target where there are several, the
 * words; below a failure its cause and what mends it. */
void watch_line(struct report *report, const struct probe_target *target,
                const struct event *event, const struct watch_count *count);

/* An object and a line break: docs/schema/watch.schema.json. */
void watch_json(struct report_buffer *out, const struct probe_target *target,
                const struct event *event, const struct watch_count *count);

/* The whole screen. */
struct watch_view {
    const struct watch_row *rows;
    size_t nrows;
    const char *const *log; /* lines of events, the newest first */
    size_t nlog;
    unsigned interval_ms;
    int64_t now_ms; /* wall clock */
    unsigned lines; /* of the terminal; its columns are the style's */
};

/* At most `view->lines` lines, each at most as wide as the terminal, with a
 * line break between. */
void watch_screen(struct report *report, const struct watch_view *view);

#endif /* REPORT_WATCH_H */
