/*
 * log.c -- one line, one write.
 */
#include "serve/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "report/format.h"
#include "report/words.h"

enum {
    LINE_MAX_BYTES = 2048,
    PAIRS_MAX = 16,
};

static struct {
    enum serve_level level;
    bool journal;
} log_state = { .level = SERVE_INFO };

/* systemd names the device and inode of the stream it reads from us. */
static bool is_journal(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    char ours[64];
    struct stat file;

    if (!stream || fstat(STDERR_FILENO, &file) != 0)
        return false;
    (void)snprintf(ours, sizeof(ours), "%llu:%llu",
                   (unsigned long long)file.st_dev,
                   (unsigned long long)file.st_ino);
    return strcmp(stream, ours) == 0;
}

void serve_log_init(enum serve_level level)
{
    log_state.level = level;
    log_state.journal = is_journal();
}

/* A line in the making; what does not fit is cut. */
struct line {
    char *text;
    size_t size, length;
};

static void add(struct line *line, const char *text, size_t n)
{
    size_t room = line->size - line->length;

    if (n > room)
        n = room;
    memcpy(line->text + line->length, text, n);
    line->length += n;
}

static void add_text(struct line *line, const char *text)
{
    add(line, text, strlen(text));
}

static bool is_plain(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789-_.:/[]@%+*,";

    return *text != '\0' && text[strspn(text, letters)] == '\0';
}

/* Quoted where it must be; no control byte ever leaves us. */
static void add_value(struct line *line, const char *text)
{
    if (is_plain(text)) {
        add_text(line, text);
        return;
    }
    add(line, "\"", 1);
    for (; *text; text++) {
        char escaped[8];

        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            (void)snprintf(escaped, sizeof(escaped), "\\x%02x",
                           (unsigned)(unsigned char)*text);
        else if (*text == '"' || *text == '\\')
            (void)snprintf(escaped, sizeof(escaped), "\\%c", *text);
        else
            (void)snprintf(escaped, sizeof(escaped), "%c", *text);
        add_text(line, escaped);
    }
    add(line, "\"", 1);
}

static const char *level_name(enum serve_level level)
{
    switch (level) {
    case SERVE_ERROR: return "error";
    case SERVE_WARNING: return "warn";
    case SERVE_INFO: return "info";
    case SERVE_DEBUG: return "debug";
    }
    return "info";
}

/* NOLINTNEXTLINE(readability-non-const-parameter): the line is written to it */
size_t serve_log_text(char *text, size_t size, enum serve_level level,
                      const char *message, const char *const *pairs)
{
    struct line line = { .text = text, .size = size };

    add_text(&line, "level=");
    add_text(&line, level_name(level));
    add_text(&line, " msg=");
    add_value(&line, message);
    for (; pairs[0]; pairs += 2) {
        if (!pairs[1])
            continue;
        add_text(&line, " ");
        add_text(&line, pairs[0]);
        add_text(&line, "=");
        add_value(&line, pairs[1]);
    }
    return line.length;
}

static void write_line(enum serve_level level, const char *message,
                       const char *const *pairs)
{
    char text[LINE_MAX_BYTES], time[REPORT_TIME_MAX];
    int n;

    if (log_state.journal)
        n = snprintf(text, sizeof(text), "<%d>", (int)level);
    else
        n = snprintf(text, sizeof(text), "time=%s ",
                     report_time(report_now_ms(), REPORT_MILLISECONDS, time));
    n += (int)serve_log_text(text + n, sizeof(text) - 1 - (size_t)n, level,
                             message, pairs);
    text[n++] = '\n';
    (void)!write(STDERR_FILENO, text, (size_t)n);
}

void serve_log(enum serve_level level, const char *message, ...)
{
    const char *pairs[2 * PAIRS_MAX + 2] = { NULL };
    va_list arguments;
    size_t n = 0;

    if (level > log_state.level)
        return;
    va_start(arguments, message);
    while (n < (size_t)2 * PAIRS_MAX) {
        pairs[n] = va_arg(arguments, const char *);
        if (!pairs[n])
            break;
        pairs[n + 1] = va_arg(arguments, const char *);
        n += 2;
    }
    va_end(arguments);
    write_line(level, message, pairs);
}
