/*
 * test_hlog.c -- logs and records of HdrHistogram, both ways.
 */
#include "bench/hlog.h"
#include "support/unit.h"

#include <string.h>

#define LEGEND                                                                 \
    "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\","                 \
    "\"Interval_Compressed_Histogram\"\n"
#define VERSION_LINE "#[Histogram log format version 1.3]\n"

/* As HdrHistogram_c 0.11.10 has written the example. */
#define EXAMPLE                                                                \
    "HISTFAAAADN4nJNpmSzMwMAgyAABzFCaEch0M9ixgMH+A0TgOCPTZjkWvueTGC/w/+xi"     \
    "vMECAND7CsI="
#define EXAMPLE_LINE "1700000000.000,1.000,500.171," EXAMPLE "\n"

static struct histogram h;
static char why[256], text[1 << 20];

/* What was read: every interval, and all of them added. */
static struct {
    unsigned n, stop_after;
    struct {
        char tag[HLOG_TAG_MAX + 1];
        double start_s, length_s;
        uint64_t count;
    } entries[16];
    struct histogram sum;
} seen;

static int empty_all(void **state)
{
    (void)state;
    memset(&h, 0, sizeof(h));
    memset(&seen, 0, sizeof(seen));
    return 0;
}

static bool on_entry(void *data, const struct hlog_entry *entry)
{
    (void)data;
    if (seen.n < ARRAY_SIZE(seen.entries)) {
        (void)snprintf(seen.entries[seen.n].tag, HLOG_TAG_MAX + 1, "%s",
                       entry->tag ? entry->tag : "");
        seen.entries[seen.n].start_s = entry->start_s;
        seen.entries[seen.n].length_s = entry->length_s;
        seen.entries[seen.n].count = entry->histogram->count;
    }
    histogram_merge(&seen.sum, entry->histogram);
    return ++seen.n != seen.stop_after;
}

static bool read_bytes(const char *log, size_t n)
{
    FILE *file = tmpfile();
    bool fine;

    assert_non_null(file);
    assert_int_equal(fwrite(log, 1, n, file), n);
    rewind(file);
    fine = hlog_read(file, "a.hlog", on_entry, NULL, why, sizeof(why));
    (void)fclose(file);
    return fine;
}

static bool read_text(const char *log)
{
    return read_bytes(log, strlen(log));
}

static void fill_example(struct histogram *into)
{
    static const uint64_t rows[][2] = {
        { 100, 1 },  { 2047, 2 },       { 2048, 3 },
        { 2049, 4 }, { 1234567, 1000 }, { 500000000, 300 },
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        histogram_record(into, rows[i][0], rows[i][1]);
}

static void the_line_of_the_libraries_is_read(void **state)
{
    (void)state;
    fill_example(&h);
    assert_true(read_text(VERSION_LINE LEGEND EXAMPLE_LINE));
    assert_string_equal(why, "");
    assert_int_equal(seen.n, 1);
    assert_int_equal(seen.sum.count, 1310);
    assert_memory_equal(seen.sum.low, h.low, sizeof(h.low));
    assert_memory_equal(seen.sum.high, h.high, sizeof(h.high));
    assert_int_equal(histogram_at(&seen.sum, 99), 500170751);
    assert_int_equal(seen.sum.min, 100);
    assert_int_equal(seen.sum.max, 500170751);
}

/* What is written in `write`, as text. */
static const char *written(bool (*write)(FILE *file))
{
    FILE *file = tmpfile();

    assert_non_null(file);
    assert_true(write(file));
    rewind(file);
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    (void)fclose(file);
    return text;
}

static bool write_example(FILE *file)
{
    return hlog_begin(file, 1700000000123) &&
           hlog_line(file, NULL, 1700000000.1234, 1, &h) &&
           hlog_line(file, "send", 1700000001, 0.5, &h);
}

static void a_log_is_what_the_processors_read(void **state)
{
    static const char expected[] =
        "#[Logged with linkprobe " LINKPROBE_VERSION "]\n" VERSION_LINE
        "#[StartTime: 1700000000.123 (seconds since epoch), Tue Nov 14 "
        "22:13:20 UTC 2023]\n" LEGEND "1700000000.123,1.000,500.171,HISTFAAA";
    const char *second;

    (void)state;
    fill_example(&h);
    assert_memory_equal(written(write_example), expected, strlen(expected));
    second = strstr(text, "\nTag=");
    assert_non_null(second);
    assert_memory_equal(second, "\nTag=send,1700000001.000,0.500,500.171,HIST",
                        strlen("\nTag=send,1700000001.000,0.500,500.171,HIST"));

    assert_true(read_text(text));
    assert_int_equal(seen.n, 2);
    assert_string_equal(seen.entries[0].tag, "");
    assert_string_equal(seen.entries[1].tag, "send");
    assert_int_equal(seen.entries[1].count, 1310);
}

static bool write_empty(FILE *file)
{
    return hlog_begin(file, 0) && hlog_line(file, NULL, 0, 1, &h);
}

static void an_interval_without_values_is_one(void **state)
{
    (void)state;
    assert_true(read_text(written(write_empty)));
    assert_int_equal(seen.n, 1);
    assert_int_equal(seen.sum.count, 0);
    assert_int_equal(seen.entries[0].length_s, 1);
}

static void no_room_on_the_disk_is_told(void **state)
{
    FILE *full = fopen("/dev/full", "w");

    (void)state;
    assert_non_null(full);
    assert_false(hlog_begin(full, 0));
    assert_false(hlog_line(full, NULL, 0, 1, &h));
    assert_false(hgrm_write(full, &h));
    (void)fclose(full);
}

/* The start of the one interval of a log with these comments. */
static double start_of(const char *comments, const char *start)
{
    char log[512];

    memset(&seen, 0, sizeof(seen));
    (void)snprintf(log, sizeof(log), "%s%s,1.5,0.0," EXAMPLE "\n", comments,
                   start);
    if (!read_text(log))
        fail_msg("%s", why);
    assert_int_equal(seen.n, 1);
    assert_true(seen.entries[0].length_s == 1.5);
    return seen.entries[0].start_s;
}

#define START "#[StartTime: 1700000000.500 (seconds since epoch), Tue ...]\n"
#define BASE  "#[BaseTime: 1600000000.250 (seconds since epoch)]\n"

static void starts_are_absolute_or_relative_as_the_log_has_it(void **state)
{
    static const struct {
        const char *comments, *start;
        double expected;
    } rows[] = {
        { "", "1700000001.25", 1700000001.25 },
        { "", "0.25", 0.25 },
        { START, "1700000001", 1700000001 },
        { START, "1.25", 1700000001.75 },
        { START, "1668464000.500", 1668464000.5 }, /* a year less a bit */
        { BASE, "2.5", 1600000002.75 },
        { START BASE, "2.5", 1600000002.75 },
        { START "#[BaseTime: 0.0 (seconds since epoch)]\n", "2.5", 2.5 },
        { "#[StartTime: soon]\n", "2.5", 2.5 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        double off =
            start_of(rows[i].comments, rows[i].start) - rows[i].expected;
        if (off > 1e-6 || off < -1e-6)
            fail_msg("row %zu is off by %f", i, off);
    }
}

static void the_first_start_decides_for_all(void **state)
{
    (void)state;
    assert_true(read_text(START "1.0,1.0,0.0," EXAMPLE "\n"
                                "1700000000.0,1.0,0.0," EXAMPLE "\n"));
    assert_true(seen.entries[1].start_s > 3.3e9);
}

static void what_surrounds_intervals_is_passed_over(void **state)
{
    (void)state;
    assert_true(read_text("# a comment\r\n\r\n" VERSION_LINE LEGEND "\n \n"
                          "0.0,1.0,0.0," EXAMPLE "\r\n"
                          "#[a comment in between\n"
                          "Tag=a-b.c/\xc3\xa4,1.0,1.0,what," EXAMPLE "  \n"));
    assert_string_equal(why, "");
    assert_int_equal(seen.n, 2);
    assert_string_equal(seen.entries[1].tag, "a-b.c/\xc3\xa4");
}

static void reading_stops_when_asked_to(void **state)
{
    (void)state;
    seen.stop_after = 1;
    assert_true(read_text(EXAMPLE_LINE EXAMPLE_LINE "what\n"));
    assert_int_equal(seen.n, 1);
}

#define TAG_64                                                                 \
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void what_is_no_interval_is_refused_with_its_line(void **state)
{
    static const char expected[] =
        "a.hlog:2: expected [Tag=NAME,]START,LENGTH,MAX,HISTOGRAM";
    static const char *const rows[] = {
        "what",
        "1.0",
        "1.0,1.0",
        "1.0,1.0,0.0",
        "1.0,1.0,0.0,",
        "-1.0,1.0,0.0," EXAMPLE,
        "nan,1.0,0.0," EXAMPLE,
        "1e3,1.0,0.0," EXAMPLE,
        "0x1,1.0,0.0," EXAMPLE,
        ".5,1.0,0.0," EXAMPLE,
        "1234567890123.0,1.0,0.0," EXAMPLE,
        "1.0,-1.0,0.0," EXAMPLE,
        "1.0,,0.0," EXAMPLE,
        "Tag=1.0",
        "Tag=,1.0,1.0,0.0," EXAMPLE,
        "Tag=a b,1.0,1.0,0.0," EXAMPLE,
        "Tag=a\tb,1.0,1.0,0.0," EXAMPLE,
        "Tag=" TAG_64 "0,1.0,1.0,0.0," EXAMPLE,
        "Tag=a,Tag=b,1.0,1.0,0.0," EXAMPLE,
        "{\"schema\":\"linkprobe.bench/1\"}",
    };
    char log[512];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        (void)snprintf(log, sizeof(log), "\n%s\n", rows[i]);
        assert_false(read_text(log));
        assert_string_equal(why, expected);
    }
    assert_int_equal(seen.n, 0);
    assert_true(read_text("Tag=" TAG_64 ",1.0,1.0,0.0," EXAMPLE "\n"));
}

static void what_cannot_be_added_is_refused_with_its_reason(void **state)
{
    static const char *const rows[][2] = {
        { "0.0,1.0,0.0,what?\n", "a.hlog:1: the histogram is not in base64" },
        { "0.0,1.0,0.0,aGVsbG8gd29ybGQ=\n",
          "a.hlog:1: the histogram cannot be read: it begins with 68656c6c, "
          "which is no histogram" },
        { "0.0,1.0,0.0,HISTFAAAADN4nJNpmSzMwMAgyAABzFCaEch0M9ixgMH+\n",
          "a.hlog:1: the histogram cannot be read: it is cut short" },
        { "\n1.0,1700000000.0,0.0," EXAMPLE "\n",
          "a.hlog:2: the interval is longer than a year: its second number "
          "must be a length, not an end" },
        { "0.0,1.0,0.0,HISTFAAAACF4nJNpmSzMwMDAyAABTFAayGd2M9ixgMH+A1QAAFKNBEw="
          "\n",
          "a.hlog:1: the histogram cannot be read: it was recorded from 1 to "
          "3600000000000 with 2 digits; what can be added is from 1 with 3 "
          "digits" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_false(read_text(rows[i][0]));
        assert_string_equal(why, rows[i][1]);
    }
}

static void a_line_longer_than_any_is_refused(void **state)
{
    (void)state;
    memset(text, '1', sizeof(text));
    text[sizeof(text) - 1] = '\n';
    assert_false(read_bytes(text, sizeof(text)));
    assert_string_equal(why,
                        "a.hlog:1: the line is longer than an interval can be");
    text[0] = '#'; /* as a comment it may be */
    assert_true(read_bytes(text, sizeof(text)));
    assert_true(read_bytes(text, sizeof(text) - 1));
}

static void a_log_may_be_cut_off_anywhere_in_its_last_line(void **state)
{
    static const char first[] = START LEGEND EXAMPLE_LINE;
    static const char log[] =
        START LEGEND EXAMPLE_LINE "Tag=send,1.0,1.0,0.0," EXAMPLE;

    (void)state;
    for (size_t n = sizeof(first) - 1; n < sizeof(log); n++) {
        bool whole = n == sizeof(log) - 1;

        memset(&seen, 0, sizeof(seen));
        if (!read_bytes(log, n))
            fail_msg("after %zu bytes: %s", n, why);
        assert_int_equal(seen.n, whole ? 2 : 1);
        assert_string_equal(
            why, whole || n == sizeof(first) - 1
                     ? ""
                     : "a.hlog:4: the last line is cut off and is not counted");
    }
}

static void only_the_last_line_may_be_cut_off(void **state)
{
    (void)state;
    assert_false(read_text(EXAMPLE_LINE "1700000001.000,1.0\n"));
    assert_false(read_text(EXAMPLE_LINE "1700000001.000,1.0\n" EXAMPLE_LINE));
    assert_false(read_text("no log at all"));
    assert_false(
        read_text(EXAMPLE_LINE "1.0,1700000000.0,0.0," EXAMPLE)); /* whole */
}

static bool write_hgrm(FILE *file)
{
    return hgrm_write(file, &h);
}

static void percentiles_come_closer_to_the_end(void **state)
{
    (void)state;
    for (unsigned i = 1; i <= 8; i++)
        histogram_record(&h, (uint64_t)i * 1000000, 1);
    assert_string_equal(
        written(write_hgrm),
        "       Value     Percentile TotalCount 1/(1-Percentile)\n\n"
        "       1.000 0.000000000000          1           1.00\n"
        "       1.000 0.100000000000          1           1.11\n"
        "       2.001 0.200000000000          2           1.25\n"
        "       3.000 0.300000000000          3           1.43\n"
        "       4.002 0.400000000000          4           1.67\n"
        "       4.002 0.500000000000          4           2.00\n"
        "       5.001 0.550000000000          5           2.22\n"
        "       5.001 0.600000000000          5           2.50\n"
        "       6.001 0.650000000000          6           2.86\n"
        "       6.001 0.700000000000          6           3.33\n"
        "       6.001 0.750000000000          6           4.00\n"
        "       7.000 0.775000000000          7           4.44\n"
        "       7.000 0.800000000000          7           5.00\n"
        "       7.000 0.825000000000          7           5.71\n"
        "       7.000 0.850000000000          7           6.67\n"
        "       7.000 0.875000000000          7           8.00\n"
        "       8.004 0.887500000000          8           8.89\n"
        "       8.004 1.000000000000          8\n"
        "#[Mean    =        4.500, StdDeviation   =        2.291]\n"
        "#[Max     =        8.004, Total count    =            8]\n"
        "#[Buckets =           32, SubBuckets     =         2048]\n");
}

static void no_values_are_no_rows(void **state)
{
    (void)state;
    assert_string_equal(
        written(write_hgrm),
        "       Value     Percentile TotalCount 1/(1-Percentile)\n\n"
        "#[Mean    =        0.000, StdDeviation   =        0.000]\n"
        "#[Max     =        0.000, Total count    =            0]\n"
        "#[Buckets =           32, SubBuckets     =         2048]\n");
}

static void percentiles_end_however_many_values_there_are(void **state)
{
    (void)state;
    histogram_record(&h, 5, (UINT64_C(1) << 62) - 1);
    histogram_record(&h, 1 << 20, 1);
    assert_non_null(strstr(written(write_hgrm), " 1.000000000000 4611686018"));
    assert_true(strlen(text) < 30000);
}

#define TEST(name) cmocka_unit_test_setup(name, empty_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_line_of_the_libraries_is_read),
        TEST(a_log_is_what_the_processors_read),
        TEST(an_interval_without_values_is_one),
        TEST(no_room_on_the_disk_is_told),
        TEST(starts_are_absolute_or_relative_as_the_log_has_it),
        TEST(the_first_start_decides_for_all),
        TEST(what_surrounds_intervals_is_passed_over),
        TEST(reading_stops_when_asked_to),
        TEST(what_is_no_interval_is_refused_with_its_line),
        TEST(what_cannot_be_added_is_refused_with_its_reason),
        TEST(a_line_longer_than_any_is_refused),
        TEST(a_log_may_be_cut_off_anywhere_in_its_last_line),
        TEST(only_the_last_line_may_be_cut_off),
        TEST(percentiles_come_closer_to_the_end),
        TEST(no_values_are_no_rows),
        TEST(percentiles_end_however_many_values_there_are),
    };

    return cmocka_run_group_tests_name("hlog", tests, NULL, NULL);
}
