/*
 * The line is made from left to right in the order of what matters, so that a
 * narrow terminal loses the end of it.
 */
#include "commands/bench/progress.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct line {
    char *text;
    size_t n;
};

static void add(struct line *line, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void add(struct line *line, const char *format, ...)
{
    size_t room = BENCH_PROGRESS_MAX - line->n;
    va_list arguments;
    int n;

    va_start(arguments, format);
    n = vsnprintf(line->text + line->n, room, format, arguments);
    va_end(arguments);
    if (n > 0)
        line->n += (size_t)n < room ? (size_t)n : room - 1;
}

/* 0.21 ms, 12.3 ms, 1.20 s */
static void add_time(struct line *line, const char *name, uint64_t ns)
{
    double ms = (double)ns / 1e6;

    if (ms >= 1000)
        add(line, "  %s %.2f s", name, ms / 1000);
    else
        add(line, "  %s %.*f ms", name, ms >= 10 ? 1 : 2, ms);
}

static void add_rate(struct line *line, double rate)
{
    uint64_t whole = rate > 0 && rate < 1e15 ? (uint64_t)(rate + 0.5) : 0;

    if (whole >= 1000000)
        add(line, "  %.2fM/s", (double)whole / 1e6);
    else if (whole >= 10000)
        add(line, "  %.1fk/s", (double)whole / 1e3);
    else
        add(line, "  %" PRIu64 "/s", whole);
}

char *bench_progress_text(const struct bench_progress *progress,
                          unsigned nsides, char text[BENCH_PROGRESS_MAX])
{
    struct line line = { .text = text };

    text[0] = '\0';
    add(&line, "%s", progress->phase);
    if (progress->rate > 0) {
        if (nsides > 1)
            add(&line, " %c", (char)('a' + progress->side));
        add_rate(&line, progress->rate);
    }
    if (progress->p50_ns > 0) {
        add_time(&line, "p50", progress->p50_ns);
        add_time(&line, "p99", progress->p99_ns);
    }
    if (progress->rate > 0 || progress->errors > 0)
        add(&line, "  %" PRIu64 " %s", progress->errors,
            progress->errors == 1 ? "error" : "errors");
    if (progress->left_s >= 0)
        add(&line, "  %.0f s left", progress->left_s);
    return text;
}

static void put(const char *text, size_t n)
{
    ssize_t written = write(STDERR_FILENO, text, n);

    (void)written; /* a line that is lost is shown again soon */
}

void bench_progress_show(void *data, const struct bench_progress *progress)
{
    struct bench_progress_line *line = data;
    char text[BENCH_PROGRESS_MAX], out[BENCH_PROGRESS_MAX + 8];
    int n;

    bench_progress_text(progress, line->nsides, text);
    n = snprintf(out, sizeof(out), "\r%.*s\x1b[K", (int)line->columns - 1,
                 text);
    put(out, (size_t)n);
    line->shown = true;
}

void bench_progress_clear(struct bench_progress_line *line)
{
    static const char wipe[] = "\r\x1b[K";

    if (line->shown)
        put(wipe, sizeof(wipe) - 1);
    line->shown = false;
}
