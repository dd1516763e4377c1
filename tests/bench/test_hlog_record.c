/*
 * test_hlog_record.c -- histograms as records and as letters, to the byte.
 */
#include "support/unit.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "bench/base64.h"
#include "bench/hlog_codec.h"

static struct histogram h, read_back;
static uint8_t record[HLOG_RECORD_MAX], packed[HLOG_PACKED_MAX];
static char why[256];

static int empty_all(void **state)
{
    (void)state;
    memset(&h, 0, sizeof(h));
    memset(&read_back, 0, sizeof(read_back));
    return 0;
}

static void letters_stand_for_bytes(void **state)
{
    static const char *const rows[][2] = {
        { "", "" },
        { "f", "Zg==" },
        { "fo", "Zm8=" },
        { "foo", "Zm9v" },
        { "foob", "Zm9vYg==" },
        { "fooba", "Zm9vYmE=" },
        { "foobar", "Zm9vYmFy" },
        { "\xff\xef\xbe", "/+++" },
    };
    char letters[32];
    uint8_t bytes[32];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        size_t n = strlen(rows[i][0]), back = 99;

        base64_encode((const uint8_t *)rows[i][0], n, letters);
        assert_string_equal(letters, rows[i][1]);
        assert_int_equal(base64_length(n), strlen(letters));
        assert_true(base64_decode(letters, strlen(letters), bytes, &back));
        assert_int_equal(back, n);
        assert_memory_equal(bytes, rows[i][0], n);
    }
}

static void what_is_no_base64_is_refused(void **state)
{
    static const char *const rows[] = { "Z",    "Zg",     "Zg=",      "Z===",
                                        "====", "Zg=v",   "Zg==Zg==", "Zm 9",
                                        "Zm9_", "Zm9\x80" };
    uint8_t bytes[32];
    size_t n;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        assert_false(base64_decode(rows[i], strlen(rows[i]), bytes, &n));
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

static void the_example_is_the_record_of_the_libraries(void **state)
{
    static const uint8_t expected[] = {
        0x1c, 0x84, 0x93, 0x13, 0,    0,    0,    0x11, 0,    0,    0,    0,
        0,    0,    0,    3,    0,    0,    0,    0,    0,    0,    0,    1,
        0,    0,    3,    0x46, 0x30, 0xb8, 0xa0, 0,    0x3f, 0xf0, 0,    0,
        0,    0,    0,    0,    0xc7, 1,    2,    0xb3, 0x1e, 4,    0x0e, 0xe7,
        0x92, 1,    0xd0, 0x0f, 0xf9, 0x8a, 1,    0xd8, 4,
    };

    (void)state;
    fill_example(&h);
    assert_int_equal(hlog_record_write(&h, record), sizeof(expected));
    assert_memory_equal(record, expected, sizeof(expected));
}

/* Through the record and back, nothing is lost. */
static void assert_round_trip(const struct histogram *histogram)
{
    size_t n = hlog_record_write(histogram, record), m;

    assert_in_range(n, HLOG_RECORD_HEADER + 1, HLOG_RECORD_MAX);
    m = hlog_pack(record, n, packed);
    assert_in_range(m, 9, HLOG_PACKED_MAX);
    memset(record, 0, sizeof(record));
    assert_int_equal(hlog_unpack(packed, m, record, why, sizeof(why)), n);
    assert_true(hlog_record_read(record, n, &read_back, why, sizeof(why)));
    assert_memory_equal(read_back.low, histogram->low, sizeof(histogram->low));
    assert_memory_equal(read_back.high, histogram->high,
                        sizeof(histogram->high));
    assert_int_equal(read_back.count, histogram->count);
    if (histogram->count == 0)
        return;
    assert_int_equal(read_back.first, histogram->first);
    assert_int_equal(read_back.last, histogram->last);
}

static void every_power_of_two_goes_both_ways(void **state)
{
    (void)state;
    for (unsigned power = 0; power < 42; power++) {
        uint64_t value = UINT64_C(1) << power;

        (void)empty_all(NULL);
        for (uint64_t near = value > 2 ? value - 2 : 1; near <= value + 2;
             near++)
            histogram_record(&h, near, UINT64_C(1) << power);
        assert_round_trip(&h);
    }
}

static void every_size_of_count_goes_both_ways(void **state)
{
    (void)state;
    for (unsigned bits = 0; bits < 62; bits++) {
        (void)empty_all(NULL);
        histogram_record(&h, 5, UINT64_C(1) << bits);
        histogram_record(&h, 77, (UINT64_C(1) << bits) + 1);
        histogram_record(&h, 78, (UINT64_C(2) << bits) - 1);
        if (h.count > INT64_MAX)
            break;
        assert_round_trip(&h);
    }
}

static void the_largest_count_has_nine_bytes(void **state)
{
    (void)state;
    histogram_record(&h, 1, INT64_MAX);
    assert_int_equal(hlog_record_write(&h, record),
                     HLOG_RECORD_HEADER + 1 + HLOG_NUMBER_MAX);
    assert_round_trip(&h);
}

static void an_empty_one_is_a_single_empty_slot(void **state)
{
    (void)state;
    assert_int_equal(hlog_record_write(&h, record), HLOG_RECORD_HEADER + 1);
    assert_int_equal(record[HLOG_RECORD_HEADER], 1); /* -1 */
    assert_round_trip(&h);
    histogram_record(&h, 1000, 1);
    histogram_reset(&h);
    assert_round_trip(&h);
}

static void the_fullest_one_fits(void **state)
{
    (void)state;
    for (uint32_t slot = 1; slot < HISTOGRAM_SLOTS; slot++)
        histogram_slot_add(&h, slot,
                           (UINT64_C(1) << 47) + (uint64_t)slot * 2654435761);
    for (uint32_t slot = 1; slot < HISTOGRAM_SLOTS; slot++)
        h.count += histogram_slot_count(&h, slot);
    h.first = 1;
    h.last = HISTOGRAM_SLOTS - 1;
    h.min = 1;
    h.max = histogram_slot_highest(h.last);
    assert_round_trip(&h);
}

/* The digit, or 16. */
static unsigned hex_digit(char letter)
{
    const char *digits = "0123456789abcdef", *at = strchr(digits, letter);

    return at && letter != '\0' ? (unsigned)(at - digits) : 16;
}

/* "0a 1b" to bytes; returns how many. */
static size_t from_hex(const char *hex, uint8_t *bytes)
{
    size_t n = 0;

    while (*hex != '\0') {
        if (*hex == ' ') {
            hex++;
            continue;
        }
        assert_true(hex_digit(hex[0]) < 16 && hex_digit(hex[1]) < 16);
        bytes[n++] = (uint8_t)(hex_digit(hex[0]) << 4 | hex_digit(hex[1]));
        hex += 2;
    }
    return n;
}

#define PARAMETERS "00000003 0000000000000001 0000034630b8a000"
#define ONE        "3ff0000000000000"
#define V2(length) "1c849313 000000" length "00000000" PARAMETERS ONE

static void records_of_old_versions_are_read(void **state)
{
    static const char *const rows[] = {
        V2("05") "01 06 03 0e 00",
        /* offset and ratio as hdr-histogram-js writes them */
        "1c849313 00000005 00000001" PARAMETERS "0000000000000000"
        "01 06 03 0e 00",
        "1c849321 0000000a 00000000" PARAMETERS ONE "0000 0003 0000 0000 0007",
        "1c849331 0000000a 00000000" PARAMETERS ONE "0000 0003 0000 0000 0007",
        "1c849341 00000014 00000000" PARAMETERS ONE
        "00000000 00000003 00000000 00000000 00000007",
        "1c849381 00000028 00000000" PARAMETERS ONE
        "0000000000000000 0000000000000003 0000000000000000"
        "0000000000000000 0000000000000007",
        "1c849328" PARAMETERS "000000000000000a 0000 0003 0000 0000 0007",
        "1c849348" PARAMETERS "000000000000000a"
        "00000000 00000003 00000000 00000000 00000007",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        size_t n = from_hex(rows[i], record);

        if (!hlog_record_read(record, n, &h, why, sizeof(why)))
            fail_msg("%s: %s", rows[i], why);
        assert_int_equal(h.count, 10);
        assert_int_equal(histogram_slot_count(&h, 1), 3);
        assert_int_equal(histogram_slot_count(&h, 4), 7);
        assert_int_equal(h.min, 1);
        assert_int_equal(h.max, 4);
    }
}

static void any_highest_value_has_the_same_slots(void **state)
{
    static const char *const rows[] = { "0000000000000002", "00000000000003e8",
                                        "7fffffffffffffff" };
    char hex[256];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        (void)snprintf(hex, sizeof(hex),
                       "1c849313 00000002 00000000 00000003 0000000000000001"
                       "%s" ONE "01 02",
                       rows[i]);
        assert_true(hlog_record_read(record, from_hex(hex, record), &h, why,
                                     sizeof(why)));
        assert_int_equal(histogram_slot_count(&h, 1), 1);
    }
}

static void a_count_of_0_is_kept_for_the_value_0(void **state)
{
    (void)state;
    assert_true(hlog_record_read(record, from_hex(V2("01") "0a", record), &h,
                                 why, sizeof(why)));
    assert_int_equal(histogram_slot_count(&h, 0), 5);
    assert_int_equal(histogram_min(&h), 0);
    assert_round_trip(&h);
}

static const struct {
    const char *hex, *why;
} refused[] = {
    { "", "it begins with 00000000, which is no histogram" },
    { "1c849313", "its header is cut short" },
    { "1c849328 00000003", "its header is cut short" },
    { "1c849314 00000000", "it begins with 1c849314, which is no histogram" },
    { "0c72124e 00000000", "it begins with 0c72124e, which is no histogram" },
    { "1c849361 00000000", "it has words of 6 bytes" },
    { "1c849318" PARAMETERS "0000000000000000", "it has words of 0 bytes" },
    { "1c849313 00000001 00000000 00000002 000000000000000a "
      "0000000000001000" ONE "01",
      "it was recorded from 10 to 4096 with 2 digits; what can be added is "
      "from 1 with 3 digits" },
    { "1c849313 00000001 00000000 00000003 0000000000000001 "
      "0000000000000001" ONE "01",
      "it was recorded from 1 to 1 with 3 digits; what can be added is from 1 "
      "with 3 digits" },
    { V2("02") "01", "its counts are cut short" },
    { V2("01") "80", "its counts are cut short" },
    { "1c849321 00000001 00000000" PARAMETERS ONE "00",
      "its counts are cut short" },
    { "1c849321 00000002 00000000" PARAMETERS ONE "ffff", NULL },
    { "1c849381 00000008 00000000" PARAMETERS ONE "ffffffffffffffff",
      "a count in it is negative" },
    { V2("09") "ffffffff ffffffff ff", "a count in it is negative" },
    { V2("12") "feffffff ffffffff ff feffffff ffffffff ff",
      "its counts are more than 2^63" },
    { V2("04") "ff8f 04 02", /* slot 32768 + 32768 */
      "it holds values over 4398046511103 ns, which have no slot here" },
};

static void what_is_no_record_of_ours_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
        size_t n = from_hex(refused[i].hex, record);
        uint8_t *tight = malloc(n + 1); /* so that a byte too far is seen */
        bool fine;

        assert_non_null(tight);
        memcpy(tight + 1, record, n);
        fine = hlog_record_read(tight + 1, n, &h, why, sizeof(why));
        free(tight);
        assert_int_equal(fine, refused[i].why == NULL);
        if (fine)
            continue;
        assert_string_equal(why, refused[i].why);
        (void)memset(&read_back, 0, sizeof(read_back));
        assert_memory_equal(&h, &read_back, sizeof(h));
    }
}

static void empty_slots_past_the_end_are_no_fault(void **state)
{
    (void)state;
    assert_true(hlog_record_read(record,
                                 from_hex(V2("05") "02 ff ff ff 0f", record),
                                 &h, why, sizeof(why)));
    assert_int_equal(h.count, 1);
}

static void a_stream_must_be_whole(void **state)
{
    size_t n;

    (void)state;
    fill_example(&h);
    n = hlog_pack(record, hlog_record_write(&h, record), packed);
    for (size_t cut = 0; cut < n; cut++) {
        assert_int_equal(hlog_unpack(packed, cut, record, why, sizeof(why)), 0);
        assert_string_equal(why, "it is cut short");
    }
    for (size_t i = 0; i < n; i++) {
        if (i == n - 5)
            continue; /* before the sum: bits that mean nothing */
        packed[i] ^= 0x08;
        assert_int_equal(hlog_unpack(packed, n, record, why, sizeof(why)), 0);
        packed[i] ^= 0x08;
    }
    assert_int_not_equal(hlog_unpack(packed, n, record, why, sizeof(why)), 0);
}

static void a_stream_of_too_much_is_refused(void **state)
{
    static const uint8_t header[8] = { 0x1c, 0x84, 0x93, 0x14 };
    uLongf length = sizeof(packed) - 8;
    uint8_t *zeros = calloc(1, 100 << 20);

    (void)state;
    assert_non_null(zeros);
    memcpy(packed, header, 8);
    assert_int_equal(compress(packed + 8, &length, zeros, 100 << 20), Z_OK);
    free(zeros);
    packed[5] = (uint8_t)(length >> 16);
    packed[6] = (uint8_t)(length >> 8);
    packed[7] = (uint8_t)length;
    assert_int_equal(hlog_unpack(packed, 8 + length, record, why, sizeof(why)),
                     0);
    assert_string_equal(why, "it is larger than a histogram of an hour can be");
}

static void doubles_are_named(void **state)
{
    static const uint8_t cookie[8] = { 0x0c, 0x72, 0x12, 0x4f };

    (void)state;
    assert_int_equal(hlog_unpack(cookie, 8, record, why, sizeof(why)), 0);
    assert_string_equal(why, "it is a histogram of doubles");
}

#define TEST(name) cmocka_unit_test_setup(name, empty_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(letters_stand_for_bytes),
        TEST(what_is_no_base64_is_refused),
        TEST(the_example_is_the_record_of_the_libraries),
        TEST(every_power_of_two_goes_both_ways),
        TEST(every_size_of_count_goes_both_ways),
        TEST(the_largest_count_has_nine_bytes),
        TEST(an_empty_one_is_a_single_empty_slot),
        TEST(the_fullest_one_fits),
        TEST(records_of_old_versions_are_read),
        TEST(any_highest_value_has_the_same_slots),
        TEST(a_count_of_0_is_kept_for_the_value_0),
        TEST(what_is_no_record_of_ours_is_refused),
        TEST(empty_slots_past_the_end_are_no_fault),
        TEST(a_stream_must_be_whole),
        TEST(a_stream_of_too_much_is_refused),
        TEST(doubles_are_named),
    };

    return cmocka_run_group_tests_name("hlog records", tests, NULL, NULL);
}
