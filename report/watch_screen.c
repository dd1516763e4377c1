/*
 * watch_screen.c -- all targets on one screen: what is wrong first, an address
 * a line, then what changed.
 *
 *     linkprobe watch, 2 targets every 5 s       2026-11-23T03:00:05Z
 *
 *     CRITICAL cache.example:6379 TCP_TIMEOUT_ONE_AZ: 1 of 2 ...  for 35 s
 *       cause  ...
 *       fix    ...
 *       10.0.1.69:6379   TP...  1.9 ms  master  _-_--^__
 *
 * A line is cut at the terminal's width, the screen at its height; what does
 * not fit is counted.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/utf8.h"
#include "report/format.h"
#include "report/screen.h"
#include "report/watch.h"
#include "report/words.h"

enum {
    LOG_LEAST = 4, /* lines of the log, where there are so many */
    ADDRESS_WIDTH = 24,
    WORDS_MAX = 512,
    SPARK_LEVELS = 8,
    WRAPPED_MAX = 4, /* lines of a cause, and of a fix */
};

/* The screen on its way: lines that are left, columns of the line at work. */
struct canvas {
    struct report *report;
    unsigned lines, columns;
    bool begun; /* a line stands before */
    enum ink ink;
};

/* A change of ink costs bytes, and the line may be slow. */
static void set_ink(struct canvas *canvas, enum ink ink)
{
    if (ink == canvas->ink)
        return;
    if (canvas->ink != INK_PLAIN)
        screen_paint(canvas->report, INK_PLAIN);
    if (ink != INK_PLAIN)
        screen_paint(canvas->report, ink);
    canvas->ink = ink;
}

/* false: the screen is full. */
static bool line_begin(struct canvas *canvas)
{
    if (canvas->lines == 0)
        return false;
    set_ink(canvas, INK_PLAIN);
    canvas->lines--;
    if (canvas->begun)
        report_string(&canvas->report->out, "\n");
    canvas->begun = true;
    canvas->columns = canvas->report->style.columns;
    return true;
}

/* As much of `text` as the line has room for. */
static void put(struct canvas *canvas, enum ink ink, const char *text)
{
    size_t n = strlen(text), used = utf8_count(text, n);
    char cut[WORDS_MAX];

    if (n >= sizeof(cut))
        n = sizeof(cut) - 1;
    memcpy(cut, text, n);
    cut[n] = '\0';
    while (used > canvas->columns && n > 0) {
        while (n > 0 && ((unsigned char)cut[n - 1] & 0xC0) == 0x80)
            n--;
        cut[--n] = '\0';
        used = utf8_count(cut, n);
    }
    canvas->columns -= (unsigned)used;
    if (n == 0)
        return;
    set_ink(canvas, ink);
    report_add(&canvas->report->out, cut, n);
}

static void put_words(struct canvas *canvas, enum ink ink, const char *format,
                      ...) __attribute__((format(printf, 3, 4)));

static void put_words(struct canvas *canvas, enum ink ink, const char *format,
                      ...)
{
    char text[WORDS_MAX];
    va_list words;

    va_start(words, format);
    (void)vsnprintf(text, sizeof(text), format, words);
    va_end(words);
    put(canvas, ink, text);
}

/* What others sent, harmless to a terminal. */
static void put_foreign(struct canvas *canvas, enum ink ink, const char *text)
{
    struct report_buffer safe = { 0 };

    report_escape(&safe, text, canvas->report->style.utf8);
    report_add(&safe, "", 1);
    if (!safe.failed)
        put(canvas, ink, safe.bytes);
    report_buffer_free(&safe);
}

static void put_time(struct canvas *canvas, const struct watch_view *view)
{
    char time[REPORT_TIME_MAX], every[REPORT_NUMBER_MAX];

    report_duration(view->interval_ms * UINT64_C(1000000), every);
    report_time(view->now_ms, REPORT_NO_FRACTION, time);
    put(canvas, INK_STRONG, "linkprobe watch");
    put_words(canvas, INK_FAINT, "  %zu %s, every %s  %s", view->nrows,
              report_plural(view->nrows, "target", "targets"), every, time);
}

static const char *since(int64_t ms, char text[REPORT_NUMBER_MAX])
{
    int64_t s = ms / 1000;

    if (s < 120)
        (void)snprintf(text, REPORT_NUMBER_MAX, "%lld s", (long long)s);
    else if (s < INT64_C(2) * 3600)
        (void)snprintf(text, REPORT_NUMBER_MAX, "%lld min", (long long)s / 60);
    else if (s < INT64_C(48) * 3600)
        (void)snprintf(text, REPORT_NUMBER_MAX, "%lld h", (long long)s / 3600);
    else
        (void)snprintf(text, REPORT_NUMBER_MAX, "%lld days",
                       (long long)s / 86400);
    return text;
}

static void put_target(struct canvas *canvas, const struct watch_view *view,
                       const struct watch_row *row)
{
    const struct snapshot *last = row->last;
    char text[REPORT_NUMBER_MAX];
    enum ink ink;

    if (!last) {
        put_words(canvas, INK_FAINT, "...      %s", row->target->name);
        return;
    }
    ink = screen_ink((int)last->status);
    put_words(canvas, ink, "%-8s ", check_status_word(last->status));
    put(canvas, INK_STRONG, row->target->name);
    if (last->status != CHECK_OK) {
        put_words(canvas, ink, " %s: ", last->id);
        put_foreign(canvas, INK_PLAIN, last->summary);
    } else {
        put_words(canvas, INK_PLAIN, " %u of %u", last->ok, last->naddresses);
    }
    put_words(canvas, INK_FAINT, "  for %s, %llu of %llu failed",
              since(view->now_ms - row->track->state.since_ms, text),
              (unsigned long long)row->track->failed,
              (unsigned long long)row->track->checks);
}

/* How many bytes of `text` fit in `columns`: up to a blank where there is one,
 * else as they come. */
static size_t fitting(const char *text, unsigned columns)
{
    size_t n = 0, blank = 0;

    while (text[n]) {
        size_t next = n + 1;

        while (((unsigned char)text[next] & 0xC0) == 0x80)
            next++;
        if (utf8_count(text, next) > columns)
            return blank ? blank : n ? n : next;
        n = next;
        if (text[n] == ' ')
            blank = n;
    }
    return n;
}

/* A command is to be copied whole: over some lines, if it must. */
static void put_wrapped(struct canvas *canvas, const char *head,
                        const char *text)
{
    unsigned width = (unsigned)strlen(head);
    char piece[WORDS_MAX];

    for (unsigned i = 0; i < WRAPPED_MAX && *text && line_begin(canvas); i++) {
        size_t n;

        put_words(canvas, INK_FAINT, "%*s", (int)width, i ? "" : head);
        n = fitting(text, canvas->columns);
        if (n >= sizeof(piece))
            n = sizeof(piece) - 1;
        memcpy(piece, text, n);
        piece[n] = '\0';
        put(canvas, INK_PLAIN, piece);
        text += n;
        text += strspn(text, " ");
    }
}

static void put_advice(struct canvas *canvas, const struct snapshot *last)
{
    struct report_buffer fix = { 0 };

    if (last->status == CHECK_OK)
        return;
    put_wrapped(canvas, "  cause  ", last->cause);
    report_escape(&fix, last->fix, canvas->report->style.utf8);
    report_add(&fix, "", 1);
    if (!fix.failed)
        put_wrapped(canvas, "  fix    ", fix.bytes);
    report_buffer_free(&fix);
}

static const char *const blocks[SPARK_LEVELS] = {
    "\u2581", "\u2582", "\u2583", "\u2584",
    "\u2585", "\u2586", "\u2587", "\u2588",
};
static const char *const marks[SPARK_LEVELS] = { "_", ".", ",", "-",
                                                 "~", "=", "^", "#" };

static const char *level(const struct canvas *canvas, unsigned n)
{
    return canvas->report->style.utf8 ? blocks[n] : marks[n];
}

/* A stage's time as a height: 100 us and below is the lowest, each step three
 * times as much. */
static unsigned height_of(uint32_t us)
{
    unsigned n = 0;

    for (uint64_t limit = 100; us > limit && n < SPARK_LEVELS - 1; limit *= 3)
        n++;
    return n;
}

static void put_stages(struct canvas *canvas,
                       const struct snapshot_address *address)
{
    for (unsigned i = STAGE_TCP; i < STAGE_COUNT; i++) {
        switch ((enum stage_state)address->states[i]) {
        case STAGE_PASSED:
            put(canvas, INK_OK, level(canvas, height_of(address->took_us[i])));
            break;
        case STAGE_FAILED:
            put(canvas, INK_CRITICAL,
                canvas->report->style.utf8 ? "\u2717" : "X");
            break;
        case STAGE_NOT_WANTED: put(canvas, INK_FAINT, " "); break;
        default:
            put(canvas, INK_FAINT, canvas->report->style.utf8 ? "\u00b7" : "'");
            break;
        }
    }
}

/* The line of total times, between the least and the most of those shown. */
static void put_history(struct canvas *canvas, const struct track_address *kept)
{
    unsigned n = kept->nhistory, first;
    uint32_t least = UINT32_MAX, most = 0;

    if (canvas->columns < n)
        n = canvas->columns;
    first = kept->nhistory - n;
    for (unsigned i = first; i < kept->nhistory; i++) {
        if (kept->history[i] == TRACK_FAILED)
            continue;
        least = kept->history[i] < least ? kept->history[i] : least;
        most = kept->history[i] > most ? kept->history[i] : most;
    }
    for (unsigned i = first; i < kept->nhistory; i++) {
        uint32_t us = kept->history[i];
        unsigned span = most > least ? most - least : 1;

        if (us == TRACK_FAILED)
            put(canvas, INK_CRITICAL,
                canvas->report->style.utf8 ? "\u2717" : "X");
        else /* small differences look small */
            put(canvas, INK_PLAIN,
                level(canvas,
                      (unsigned)((uint64_t)(us - least) * (SPARK_LEVELS - 1) /
                                 (span < least ? least : span))));
    }
}

static void put_address(struct canvas *canvas, const struct watch_row *row,
                        const struct snapshot_address *address)
{
    char text[NET_ADDR_TEXT_MAX], time[REPORT_NUMBER_MAX];
    const struct track_address *kept = track_find(row->track, &address->addr);
    const char *role = server_role_token((enum server_role)address->role);

    put_words(canvas, screen_ink((int)address->status), "  %-*s ",
              ADDRESS_WIDTH, net_addr_text(&address->addr, text));
    put_stages(canvas, address);
    if (address->status == CHECK_CRITICAL || address->status == CHECK_UNKNOWN) {
        put_words(canvas, INK_PLAIN, "  ");
        put_foreign(canvas, INK_PLAIN, address->text);
        put(canvas, INK_PLAIN, "  ");
    } else {
        put_words(canvas, INK_PLAIN, " %8s  %-7s ",
                  report_duration(address->total_us * UINT64_C(1000), time),
                  role ? role : "");
    }
    if (kept)
        put_history(canvas, kept);
}

static bool put_row(struct canvas *canvas, const struct watch_view *view,
                    const struct watch_row *row)
{
    if (!line_begin(canvas))
        return false;
    put_target(canvas, view, row);
    if (!row->last)
        return true;
    put_advice(canvas, row->last);
    for (unsigned i = 0; i < row->last->naddresses && line_begin(canvas); i++)
        put_address(canvas, row, &row->last->addresses[i]);
    return true;
}

static int rank_of(const struct watch_row *row)
{
    static const int ranks[] = { [CHECK_OK] = 3,
                                 [CHECK_WARNING] = 2,
                                 [CHECK_CRITICAL] = 0,
                                 [CHECK_UNKNOWN] = 1 };

    return row->last ? ranks[row->last->status] : 4;
}

/* The worst first; among equals in the order that was asked for. */
static void put_rows(struct canvas *canvas, const struct watch_view *view)
{
    size_t shown = 0;
    unsigned kept = canvas->lines > 0 && view->nrows > 1 ? 1 : 0;

    canvas->lines -= kept;
    for (int rank = 0; rank <= 4; rank++) {
        for (size_t i = 0; i < view->nrows; i++) {
            if (rank_of(&view->rows[i]) == rank)
                shown += put_row(canvas, view, &view->rows[i]);
        }
    }
    canvas->lines += kept;
    if (shown < view->nrows && line_begin(canvas))
        put_words(canvas, INK_FAINT, "... and %zu more", view->nrows - shown);
}

static void put_log(struct canvas *canvas, const struct watch_view *view)
{
    if (view->nlog == 0 || canvas->lines < 2 || !line_begin(canvas))
        return;
    put(canvas, INK_FAINT, "");
    if (!line_begin(canvas))
        return;
    put(canvas, INK_STRONG, "Changes, the newest first");
    for (size_t i = 0; i < view->nlog && line_begin(canvas); i++)
        put(canvas, INK_PLAIN, view->log[i]);
}

void watch_screen(struct report *report, const struct watch_view *view)
{
    struct canvas canvas = { .report = report, .lines = view->lines };
    unsigned log = (unsigned)(view->nlog < LOG_LEAST ? view->nlog : LOG_LEAST);
    unsigned reserve = view->nlog ? log + 2 : 0;

    if (!line_begin(&canvas))
        return;
    put_time(&canvas, view);
    if (line_begin(&canvas))
        put(&canvas, INK_FAINT,
            "  stages: tcp tls auth ping role set get cleanup");
    if (reserve > canvas.lines / 2)
        reserve = canvas.lines / 2;
    canvas.lines -= reserve;
    put_rows(&canvas, view);
    canvas.lines += reserve;
    put_log(&canvas, view);
    set_ink(&canvas, INK_PLAIN);
}
