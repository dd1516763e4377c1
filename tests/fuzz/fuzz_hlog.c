/*
 * fuzz_hlog.c -- any bytes as a log; behind "R", any bytes as a record.
 *
 * The sum in a zlib stream keeps a fuzzer out of the records, hence the door.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/hlog.h"
#include "bench/hlog_codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static struct histogram sum, again;
static uint8_t record[HLOG_RECORD_MAX];

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* The ends enclose what is counted, and writing it loses nothing. */
static void check(const struct histogram *h)
{
    char why[256];
    uint64_t count = 0;

    for (uint32_t slot = 0; slot < HISTOGRAM_SLOTS; slot++) {
        uint64_t here = histogram_slot_count(h, slot);

        count += here;
        must(!here || (slot >= h->first && slot <= h->last));
    }
    must(count == h->count);
    must(histogram_at(h, 50) <= histogram_max(h));
    must(h->count == 0 || histogram_at(h, 0) == histogram_min(h));
    must(hlog_record_read(record, hlog_record_write(h, record), &again, why,
                          sizeof(why)));
    must(again.count == h->count);
    must(memcmp(again.low, h->low, sizeof(h->low)) == 0);
    must(memcmp(again.high, h->high, sizeof(h->high)) == 0);
}

static bool on_entry(void *data, const struct hlog_entry *entry)
{
    unsigned *left = data;

    must(entry->start_s >= 0 && entry->length_s >= 0);
    must(!entry->tag || hlog_tag_is_fine(entry->tag, strlen(entry->tag)));
    check(entry->histogram);
    if (sum.count + entry->histogram->count <= INT64_MAX)
        histogram_merge(&sum, entry->histogram);
    return --*left > 0;
}

/* One line, whatever was in the file. */
static void check_error(bool fine, const char *error)
{
    must(fine || error[0] != '\0');
    must(!strchr(error, '\n'));
}

static void read_log(const uint8_t *bytes, size_t n)
{
    FILE *file = n > 0 ? fmemopen((void *)bytes, n, "r") : NULL;
    unsigned left = 20;
    char error[256];

    if (!file)
        return;
    check_error(hlog_read(file, "fuzz", on_entry, &left, error, sizeof(error)),
                error);
    check(&sum);
    histogram_reset(&sum);
    (void)fclose(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    char error[256] = "";

    if (n == 0 || bytes[0] != 'R') {
        read_log(bytes, n);
        return 0;
    }
    check_error(hlog_record_read(bytes + 1, n - 1, &sum, error, sizeof(error)),
                error);
    check(&sum);
    histogram_reset(&sum);
    return 0;
}
