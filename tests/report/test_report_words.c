/*
 * Durations, times and foreign bytes in words.
 */
#include <string.h>

#include "report/format.h"
#include "report/words.h"
#include "support/unit.h"

static void durations_have_up_to_three_digits(void **state)
{
    static const struct {
        uint64_t ns;
        const char *text;
    } rows[] = {
        { 0, "0.00 ms" },
        { 4999, "0.00 ms" },
        { 5000, "0.01 ms" },
        { 420000, "0.42 ms" },
        { 9994999, "9.99 ms" },
        { 9995000, "10.0 ms" },
        { 99950000, "100 ms" },
        { 999499999, "999 ms" },
        { 999500000, "1.00 s" },
        { 3500000000, "3.50 s" },
        { 99949999999, "99.9 s" },
        { 99950000000, "100 s" },
        { 1234567890123, "1235 s" },
        { UINT64_MAX - 500000000, "18446744073 s" },
    };
    char text[REPORT_NUMBER_MAX];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        assert_string_equal(report_duration(rows[i].ns, text), rows[i].text);
}

static void seconds_have_six_digits(void **state)
{
    char text[REPORT_NUMBER_MAX];

    (void)state;
    assert_string_equal(report_seconds(0, text), "0.000000");
    assert_string_equal(report_seconds(1900499, text), "0.001900");
    assert_string_equal(report_seconds(3500000500, text), "3.500001");
    assert_string_equal(report_seconds(61000000000, text), "61.000000");
}

static void times_are_of_the_calendar(void **state)
{
    static const struct {
        int64_t ms;
        const char *text;
    } rows[] = {
        { 0, "1970-01-01T00:00:00.000Z" },
        { -1, "1970-01-01T00:00:00.000Z" },
        { INT64_C(951782399999), "2000-02-28T23:59:59.999Z" },
        { INT64_C(951782400000), "2000-02-29T00:00:00.000Z" },
        { INT64_C(951868800000), "2000-03-01T00:00:00.000Z" },
        { INT64_C(1795402800123), "2026-11-23T03:00:00.123Z" },
        { INT64_C(1835395200000), "2028-02-29T00:00:00.000Z" },
        { INT64_C(4107542400000), "2100-03-01T00:00:00.000Z" },
        { INT64_C(4107456000000), "2100-02-28T00:00:00.000Z" },
        { INT64_C(253402300799999), "9999-12-31T23:59:59.999Z" },
        { INT64_MAX, "9999-12-31T23:59:59.999Z" },
    };
    char text[REPORT_TIME_MAX];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        assert_string_equal(report_time(rows[i].ms, REPORT_MILLISECONDS, text),
                            rows[i].text);
    assert_string_equal(report_time(1000, REPORT_NO_FRACTION, text),
                        "1970-01-01T00:00:01Z");
    assert_string_equal(report_time(1000, REPORT_NO_ZONE, text),
                        "1970-01-01T00:00:01");
}

static void response_codes_have_their_names(void **state)
{
    (void)state;
    assert_string_equal(report_rcode(0), "NOERROR");
    assert_string_equal(report_rcode(3), "NXDOMAIN");
    assert_string_equal(report_rcode(5), "REFUSED");
    assert_string_equal(report_rcode(15), "RCODE15");
    assert_null(report_rcode(NET_RCODE_NONE));
    assert_null(report_rcode(16));
}

static void foreign_bytes_are_escaped(void **state)
{
    static const struct {
        const char *text, *utf8, *ascii;
    } rows[] = {
        { "plain text", "plain text", "plain text" },
        { "\x1b[2J\n\x7f", "\\x1b[2J\\x0a\\x7f", "\\x1b[2J\\x0a\\x7f" },
        { "caf\xc3\xa9", "caf\xc3\xa9", "caf\\u{e9}" },
        { "\xff\xc3", "\\xff\\xc3", "\\xff\\xc3" },
        { "\xc2\x9b", "\\u{9b}", "\\u{9b}" },
        { "\xe2\x80\xae", "\\u{202e}", "\\u{202e}" },
        { "\xe2\x80\x8b", "\\u{200b}", "\\u{200b}" },
        { "\xef\xbb\xbfx", "\\u{feff}x", "\\u{feff}x" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct report_buffer buffer = { 0 };
        size_t n = strlen(rows[i].utf8);

        report_escape(&buffer, rows[i].text, true);
        assert_int_equal(buffer.length, n);
        assert_memory_equal(buffer.bytes, rows[i].utf8, n);
        buffer.length = 0;
        report_escape(&buffer, rows[i].text, false);
        assert_int_equal(buffer.length, strlen(rows[i].ascii));
        assert_memory_equal(buffer.bytes, rows[i].ascii, buffer.length);
        report_buffer_free(&buffer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations_have_up_to_three_digits),
        cmocka_unit_test(seconds_have_six_digits),
        cmocka_unit_test(times_are_of_the_calendar),
        cmocka_unit_test(response_codes_have_their_names),
        cmocka_unit_test(foreign_bytes_are_escaped),
    };

    return cmocka_run_group_tests_name("report_words", tests, NULL, NULL);
}
