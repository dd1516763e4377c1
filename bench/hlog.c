/*
 * hlog.c -- a log is written: comments and a legend, then a line an interval.
 *
 *     #[Histogram log format version 1.3]
 *     #[StartTime: 1700000000.000 (seconds since epoch), Tue Nov 14 ...]
 *     "StartTimestamp","Interval_Length","Interval_Max","Interval_Compr..."
 *     1700000000.000,1.000,500.171,HISTFAAAADN4nJNp...
 *     Tag=send,1700000000.000,1.000,500.171,HISTFAAAADN4nJNp...
 *
 * Starts are absolute.  Numbers are put together from whole ones: printf()
 * would follow the locale.
 */
#include "bench/hlog.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/base64.h"
#include "bench/hlog_codec.h"

/* The way of one histogram to its letters; large, and little of it touched. */
struct writing {
    uint8_t record[HLOG_RECORD_MAX];
    uint8_t packed[HLOG_PACKED_MAX];
    char letters[(HLOG_PACKED_MAX + 2) / 3 * 4 + 1];
};

bool hlog_begin(FILE *file, int64_t start_ms)
{
    time_t start_s = (time_t)(start_ms / 1000);
    struct tm utc;
    char date[64];

    assert(start_ms >= 0);
    if (!gmtime_r(&start_s, &utc) ||
        strftime(date, sizeof(date), "%a %b %d %H:%M:%S UTC %Y", &utc) == 0)
        return false;
    return fprintf(file,
                   "#[Logged with linkprobe " LINKPROBE_VERSION "]\n"
                   "#[Histogram log format version 1.3]\n"
                   "#[StartTime: %" PRId64 ".%03d (seconds since epoch), %s]\n"
                   "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\","
                   "\"Interval_Compressed_Histogram\"\n",
                   start_ms / 1000, (int)(start_ms % 1000), date) > 0 &&
           fflush(file) == 0;
}

bool hlog_comment(FILE *file, const char *text)
{
    assert(!strpbrk(text, "\r\n"));
    return fprintf(file, "#[%s]\n", text) > 0 && fflush(file) == 0;
}

bool hlog_tag_is_fine(const char *tag, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char byte = (unsigned char)tag[i];
        if (byte <= ' ' || byte == ',' || byte == 0x7f)
            return false;
    }
    return n > 0 && n <= HLOG_TAG_MAX;
}

static uint64_t thousandths(double value)
{
    return (uint64_t)(value * 1000 + 0.5);
}

static bool print_line(FILE *file, const char *tag, double start_s,
                       double length_s, uint64_t max_ns, const char *letters)
{
    uint64_t start = thousandths(start_s), length = thousandths(length_s);
    uint64_t max = (max_ns + 500) / 1000;

    if (tag && fprintf(file, "Tag=%s,", tag) < 0)
        return false;
    return fprintf(file,
                   "%" PRIu64 ".%03u,%" PRIu64 ".%03u,%" PRIu64 ".%03u,%s\n",
                   start / 1000, (unsigned)(start % 1000), length / 1000,
                   (unsigned)(length % 1000), max / 1000,
                   (unsigned)(max % 1000), letters) > 0 &&
           fflush(file) == 0;
}

bool hlog_line(FILE *file, const char *tag, double start_s, double length_s,
               const struct histogram *histogram)
{
    struct writing *w = malloc(sizeof(*w));
    bool written = false;
    size_t n;

    assert(!tag || hlog_tag_is_fine(tag, strlen(tag)));
    assert(start_s >= 0 && length_s >= 0);
    if (!w)
        return false;
    n = hlog_record_write(histogram, w->record);
    n = hlog_pack(w->record, n, w->packed);
    if (n > 0) {
        base64_encode(w->packed, n, w->letters);
        written = print_line(file, tag, start_s, length_s,
                             histogram_max(histogram), w->letters);
    }
    free(w);
    return written;
}
