/*
 * The pieces that a screen is put together of: ink, columns, wrapped lines.
 *
 * Widths are counted in characters, before any ink: an escape sequence has
 * none.
 */
#include "report/screen.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/utf8.h"
#include "report/format.h"
#include "report/words.h"

enum {
    WRAP_MAX = 100, /* longer lines are hard to read */
    WRAP_MIN = 40,
    NO_WIDTH = 80,
    TIME_WIDTH = 8,
    LINE_BYTES = 640,
};

enum ink screen_ink(int status)
{
    switch (status) {
    case CHECK_OK: return INK_OK;
    case CHECK_WARNING: return INK_WARNING;
    case STAGE_SKIPPED: return INK_FAINT;
    default: return INK_CRITICAL;
    }
}

void screen_paint(struct report *report, enum ink ink)
{
    static const char *const codes[] = {
        [INK_PLAIN] = "\x1b[0m",      [INK_STRONG] = "\x1b[1m",
        [INK_FAINT] = "\x1b[2m",      [INK_OK] = "\x1b[32m",
        [INK_WARNING] = "\x1b[1;33m", [INK_CRITICAL] = "\x1b[1;31m",
    };

    if (report->style.color)
        report_string(&report->out, codes[ink]);
}

void screen_put(struct report *report, enum ink ink, const char *text)
{
    screen_paint(report, ink);
    report_string(&report->out, text);
    screen_paint(report, INK_PLAIN);
}

void screen_pad(struct report *report, size_t start, unsigned width)
{
    struct report_buffer *out = &report->out;
    size_t n = out->failed
                   ? width
                   : utf8_count(out->bytes + start, out->length - start);

    report_fill(out, ' ', n < width ? width - n : 1);
}

void screen_time(struct report *report, uint64_t ns)
{
    char text[REPORT_NUMBER_MAX];
    bool short_unit = !strchr(report_duration(ns, text), 'm');
    size_t n = strlen(text) + short_unit;

    report_fill(&report->out, ' ', n < TIME_WIDTH ? TIME_WIDTH - n : 0);
    report_string(&report->out, text);
    report_fill(&report->out, ' ', short_unit);
}

static unsigned wrap_width(const struct report *report)
{
    unsigned columns = report->style.columns ? report->style.columns : NO_WIDTH;

    return columns > WRAP_MAX   ? WRAP_MAX
           : columns < WRAP_MIN ? WRAP_MIN
                                : columns;
}

/* The length of the line that fits in `width`: up to the last blank, or the
 * first word, however long. */
static size_t line_length(const char *text, size_t n, size_t width)
{
    size_t best = 0, end = 0;

    while (end < n) {
        const char *blank = memchr(text + end, ' ', n - end);
        size_t next = blank ? (size_t)(blank - text) : n;

        if (best && utf8_count(text, next) > width)
            break;
        best = next;
        end = next + 1;
    }
    return best;
}

void screen_wrap(struct report *report, unsigned indent, const char *text)
{
    struct report_buffer line = { 0 };
    size_t at = 0;

    report_escape(&line, text, report->style.utf8);
    report->out.failed |= line.failed;
    while (at < line.length) {
        size_t n = line_length(line.bytes + at, line.length - at,
                               wrap_width(report) - indent);

        report_fill(&report->out, ' ', indent);
        report_add(&report->out, line.bytes + at, n);
        report_string(&report->out, "\n");
        at += n + 1;
    }
    report_buffer_free(&line);
}

void screen_say(struct report *report, unsigned indent, const char *format, ...)
{
    char line[LINE_BYTES];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    screen_wrap(report, indent, line);
}
