/*
 * hlog_read.c -- a log is read: a line at a time, into room that is allocated
 * once and that every line must fit.
 *
 * Whoever was killed while it wrote leaves a last line without its end.  That
 * is told and not counted; the same bytes in the midst of a file are an error.
 *
 * When a log says neither StartTime nor BaseTime, its starts are taken as they
 * are; the rules are those of HistogramLogReader.java.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base64.h"
#include "bench/hlog.h"
#include "bench/hlog_codec.h"

#define YEAR_S (365 * 24 * 3600.0)

enum {
    LINE_LETTERS = (HLOG_PACKED_MAX + 2) / 3 * 4,
    LINE_MAX_BYTES = LINE_LETTERS + 256, /* the tag and three numbers */
    NUMBER_DIGITS = 12,
};

enum line_end {
    LINE_WHOLE,
    LINE_CUT,  /* the file ends within */
    LINE_LONG, /* the rest of it was passed over */
    LINE_NONE, /* the end of the file */
};

struct reader {
    FILE *file;
    const char *name;
    char *error;
    size_t size;

    unsigned long line;
    bool is_log;      /* something in it is of a log */
    bool start_known; /* start_s, in the file's own words or of a line */
    bool base_known;
    double start_s, base_s; /* what a log counts from, and what to add */

    size_t length; /* of `text` */
    char text[LINE_MAX_BYTES + 1];
    char tag[HLOG_TAG_MAX + 1];
    uint8_t record[HLOG_RECORD_MAX];
    struct histogram histogram;
};

static bool refuse(struct reader *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* One line of error, which begins with the place. */
static bool refuse(struct reader *r, const char *format, ...)
{
    va_list arguments;
    int n = snprintf(r->error, r->size, "%s:%lu: ", r->name, r->line);

    if (n < 0 || (size_t)n >= r->size)
        return false;
    va_start(arguments, format);
    (void)vsnprintf(r->error + n, r->size - (size_t)n, format, arguments);
    va_end(arguments);
    return false;
}

static enum line_end next_line(struct reader *r)
{
    enum line_end end = LINE_WHOLE;
    int byte = getc_unlocked(r->file);

    r->line++;
    r->length = 0;
    if (byte == EOF)
        return LINE_NONE;
    for (; byte != '\n' && byte != EOF; byte = getc_unlocked(r->file)) {
        if (r->length == LINE_MAX_BYTES)
            end = LINE_LONG;
        else
            r->text[r->length++] = (char)byte;
    }
    while (r->length > 0 &&
           (r->text[r->length - 1] == '\r' || r->text[r->length - 1] == ' '))
        r->length--;
    r->text[r->length] = '\0';
    return byte == EOF && end == LINE_WHOLE ? LINE_CUT : end;
}

static bool is_digit(char letter)
{
    return letter >= '0' && letter <= '9';
}

/* A decimal number without sign or exponent, and `after` behind it. */
static bool take_number(const char **text, char after, double *number)
{
    const char *at = *text;
    double unit = 1;

    *number = 0;
    for (; is_digit(*at); at++)
        *number = *number * 10 + (*at - '0');
    if (at == *text || at - *text > NUMBER_DIGITS)
        return false;
    if (*at == '.') {
        for (at++; is_digit(*at); at++) {
            unit /= 10;
            *number += (*at - '0') * unit;
        }
    }
    if (*at != after)
        return false;
    *text = at + 1;
    return true;
}

/* "#[StartTime: 1700000000.000 (seconds since epoch), ...]" and the like. */
static void read_comment(struct reader *r)
{
    static const char start[] = "#[StartTime: ", base[] = "#[BaseTime: ";
    const char *text = r->text;

    if (strncmp(text, "#[", 2) == 0)
        r->is_log = true;
    if (strncmp(text, start, sizeof(start) - 1) == 0) {
        text += sizeof(start) - 1;
        r->start_known = take_number(&text, ' ', &r->start_s);
    } else if (strncmp(text, base, sizeof(base) - 1) == 0) {
        text += sizeof(base) - 1;
        r->base_known = take_number(&text, ' ', &r->base_s);
    }
}

/* The first start decides whether those of this log are relative. */
static double absolute(struct reader *r, double start_s)
{
    if (!r->start_known)
        r->start_s = start_s;
    r->start_known = true;
    if (!r->base_known)
        r->base_s = start_s < r->start_s - YEAR_S ? r->start_s : 0;
    r->base_known = true;
    return r->base_s + start_s;
}

static bool take_tag(struct reader *r, const char **text, const char **tag)
{
    const char *name = *text + 4, *end;

    *tag = NULL;
    if (strncmp(*text, "Tag=", 4) != 0)
        return true;
    end = strchr(name, ',');
    if (!end || !hlog_tag_is_fine(name, (size_t)(end - name)))
        return false;
    memcpy(r->tag, name, (size_t)(end - name));
    r->tag[end - name] = '\0';
    *tag = r->tag;
    *text = end + 1;
    return true;
}

/* The numbers of a line; `letters` follow them.  The third is passed over, as
 * every reader does: its unit is not known. */
static bool take_numbers(struct reader *r, struct hlog_entry *entry,
                         const char **letters)
{
    const char *text = r->text;

    if (!take_tag(r, &text, &entry->tag) ||
        !take_number(&text, ',', &entry->start_s) ||
        !take_number(&text, ',', &entry->length_s))
        return false;
    *letters = strchr(text, ',');
    return *letters && *++*letters != '\0';
}

/* `whole` tells that the line has all its bytes: zlib has a sum of them. */
static bool take_histogram(struct reader *r, const char *letters, bool *whole)
{
    size_t n = r->length - (size_t)(letters - r->text);
    uint8_t *packed = (uint8_t *)r->text; /* in place: it only gets shorter */
    char why[160];

    if (!base64_decode(letters, n, packed, &n))
        return refuse(r, "the histogram is not in base64");
    n = hlog_unpack(packed, n, r->record, why, sizeof(why));
    *whole = n > 0;
    if (n > 0 &&
        hlog_record_read(r->record, n, &r->histogram, why, sizeof(why)))
        return true;
    return refuse(r, "the histogram cannot be read: %s", why);
}

static bool read_interval(struct reader *r, struct hlog_entry *entry,
                          bool *whole)
{
    const char *letters;

    if (!take_numbers(r, entry, &letters))
        return refuse(r, "expected [Tag=NAME,]START,LENGTH,MAX,HISTOGRAM");
    if (!take_histogram(r, letters, whole))
        return false;
    if (entry->length_s > YEAR_S)
        return refuse(r, "the interval is longer than a year: its second "
                         "number must be a length, not an end");
    entry->start_s = absolute(r, entry->start_s);
    r->is_log = true;
    return true;
}

/* One line; `entry->histogram` is set when it was an interval. */
static bool read_line(struct reader *r, enum line_end end,
                      struct hlog_entry *entry)
{
    bool whole = false;

    entry->histogram = NULL;
    if (r->text[0] == '#') {
        read_comment(r);
        return true;
    }
    if (r->length == 0 || r->text[0] == '"')
        return true;
    if (end == LINE_LONG)
        return refuse(r, "the line is longer than an interval can be");
    if (read_interval(r, entry, &whole)) {
        entry->histogram = &r->histogram;
        return true;
    }
    if (end == LINE_WHOLE || whole || !r->is_log)
        return false;
    (void)refuse(r, "the last line is cut off and is not counted");
    return true;
}

static bool read_lines(struct reader *r, hlog_entry_cb cb, void *data)
{
    struct hlog_entry entry;
    enum line_end end;

    while ((end = next_line(r)) != LINE_NONE) {
        if (!read_line(r, end, &entry))
            return false;
        if (entry.histogram && !cb(data, &entry))
            return true;
    }
    return !ferror(r->file) || refuse(r, "%s", strerror(errno));
}

bool hlog_read(FILE *file, const char *name, hlog_entry_cb cb, void *data,
               char *error, size_t size)
{
    struct reader *r = calloc(1, sizeof(*r));
    bool fine;

    error[0] = '\0';
    if (!r) {
        (void)snprintf(error, size, "%s: out of memory", name);
        return false;
    }
    r->file = file;
    r->name = name;
    r->error = error;
    r->size = size;
    fine = read_lines(r, cb, data);
    free(r);
    return fine;
}
