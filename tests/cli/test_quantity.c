/*
 * test_quantity.c -- what people write as a time, a size or a number, and what
 * they get to read.
 */
#include "support/unit.h"

#include <string.h>

#include "cli/quantity.h"

struct row {
    const char *text;
    enum quantity_status status;
    uint64_t value;
};

static void check_rows(const struct row *rows, size_t n,
                       enum quantity_status (*read)(const char *, uint64_t *))
{
    for (size_t i = 0; i < n; i++) {
        uint64_t value = 42;
        enum quantity_status status = read(rows[i].text, &value);

        if (status != rows[i].status)
            fail_msg("\"%s\": %s", rows[i].text, quantity_status_text(status));
        assert_int_equal(value,
                         status == QUANTITY_OK ? rows[i].value : (uint64_t)42);
    }
}

static void times_need_a_unit(void **state)
{
    static const struct row rows[] = {
        { "1us", QUANTITY_OK, 1000 },
        { "250ms", QUANTITY_OK, 250000000 },
        { "3.5s", QUANTITY_OK, 3500000000 },
        { "0.001s", QUANTITY_OK, 1000000 },
        { "1.5m", QUANTITY_OK, UINT64_C(90000000000) },
        { "2h", QUANTITY_OK, UINT64_C(7200000000000) },
        { "0.5us", QUANTITY_OK, 500 },
        { "0.0004us", QUANTITY_OK, 0 },
        { "1.9999999999s", QUANTITY_OK, 1999999999 },
        { "00010s", QUANTITY_OK, UINT64_C(10000000000) },
        { "0", QUANTITY_OK, 0 },
        { "0.0", QUANTITY_OK, 0 },
        { "5124095h", QUANTITY_OK, UINT64_C(18446742000000000000) },
        { "", QUANTITY_EMPTY, 0 },
        { "5", QUANTITY_NO_UNIT, 0 },
        { "0.1", QUANTITY_NO_UNIT, 0 },
        { "1d", QUANTITY_UNIT, 0 },
        { "1S", QUANTITY_UNIT, 0 },
        { "1 s", QUANTITY_UNIT, 0 },
        { "1s ", QUANTITY_UNIT, 0 },
        { "1m30s", QUANTITY_UNIT, 0 },
        { "1,5s", QUANTITY_UNIT, 0 },
        { "1e3s", QUANTITY_UNIT, 0 },
        { "-1s", QUANTITY_NEGATIVE, 0 },
        { "s", QUANTITY_NUMBER, 0 },
        { ".5s", QUANTITY_NUMBER, 0 },
        { "5.s", QUANTITY_NUMBER, 0 },
        { "+1s", QUANTITY_NUMBER, 0 },
        { " 1s", QUANTITY_NUMBER, 0 },
        { "-", QUANTITY_NUMBER, 0 },
        { "inf", QUANTITY_NUMBER, 0 },
        { "0x10s", QUANTITY_UNIT, 0 },
        { "5124096h", QUANTITY_LARGE, 0 },
        { "18446744073709551615us", QUANTITY_LARGE, 0 },
        { "99999999999999999999s", QUANTITY_LARGE, 0 },
        { "18446744073.709551616s", QUANTITY_LARGE, 0 },
    };

    (void)state;
    check_rows(rows, ARRAY_SIZE(rows), quantity_time);
}

static void a_bare_number_may_be_seconds(void **state)
{
    static const struct row rows[] = {
        { "10", QUANTITY_OK, UINT64_C(10000000000) },
        { "0.5", QUANTITY_OK, 500000000 },
        { "0", QUANTITY_OK, 0 },
        { "500ms", QUANTITY_OK, 500000000 },
        { "18446744073", QUANTITY_OK, UINT64_C(18446744073000000000) },
        { "18446744074", QUANTITY_LARGE, 0 },
        { "x", QUANTITY_NUMBER, 0 },
    };

    (void)state;
    check_rows(rows, ARRAY_SIZE(rows), quantity_seconds);
}

static void sizes_are_whole_bytes(void **state)
{
    static const struct row rows[] = {
        { "0", QUANTITY_OK, 0 },
        { "1400", QUANTITY_OK, 1400 },
        { "16k", QUANTITY_OK, 16384 },
        { "16K", QUANTITY_OK, 16384 },
        { "2m", QUANTITY_OK, 2097152 },
        { "2M", QUANTITY_OK, 2097152 },
        { "18446744073709551615", QUANTITY_OK, UINT64_MAX },
        { "", QUANTITY_EMPTY, 0 },
        { "1.5k", QUANTITY_FRACTION, 0 },
        { "1g", QUANTITY_UNIT, 0 },
        { "1kb", QUANTITY_UNIT, 0 },
        { "-1", QUANTITY_NEGATIVE, 0 },
        { "k", QUANTITY_NUMBER, 0 },
        { "18446744073709551616", QUANTITY_LARGE, 0 },
        { "18014398509481984k", QUANTITY_LARGE, 0 },
    };

    (void)state;
    check_rows(rows, ARRAY_SIZE(rows), quantity_size);
}

static void numbers_are_whole(void **state)
{
    static const struct row rows[] = {
        { "0", QUANTITY_OK, 0 },
        { "007", QUANTITY_OK, 7 },
        { "18446744073709551615", QUANTITY_OK, UINT64_MAX },
        { "18446744073709551616", QUANTITY_LARGE, 0 },
        { "1.0", QUANTITY_FRACTION, 0 },
        { "1k", QUANTITY_NUMBER, 0 },
        { "12abc", QUANTITY_NUMBER, 0 },
        { "", QUANTITY_EMPTY, 0 },
        { "-3", QUANTITY_NEGATIVE, 0 },
    };

    (void)state;
    check_rows(rows, ARRAY_SIZE(rows), quantity_number);
}

static void people_read_the_shortest_form(void **state)
{
    static const struct {
        uint64_t ns;
        const char *text;
    } times[] = {
        { 0, "0" },
        { 1000, "1us" },
        { 1500000, "1.5ms" },
        { 250000000, "250ms" },
        { 3500000000, "3.5s" },
        { UINT64_C(90000000000), "90s" },
        { UINT64_C(120000000000), "2m" },
        { UINT64_C(3600000000000), "1h" },
        { UINT64_C(5400000000000), "90m" },
        { 1000001000, "1000.001ms" },
    };
    static const struct {
        uint64_t bytes;
        const char *text;
    } sizes[] = { { 0, "0" },       { 1400, "1400" },  { 1024, "1k" },
                  { 65536, "64k" }, { 1 << 20, "1m" }, { 1025, "1025" } };
    char text[QUANTITY_TEXT_MAX];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
        uint64_t back = 1;

        assert_string_equal(quantity_time_text(times[i].ns, text),
                            times[i].text);
        assert_int_equal(quantity_time(text, &back), QUANTITY_OK);
        assert_int_equal(back, times[i].ns);
    }
    for (size_t i = 0; i < ARRAY_SIZE(sizes); i++)
        assert_string_equal(quantity_size_text(sizes[i].bytes, text),
                            sizes[i].text);
}

static void any_time_can_be_printed(void **state)
{
    static const uint64_t times[] = { 1,          999,
                                      1001,       UINT64_MAX,
                                      1000000001, UINT64_C(86399999999999) };
    char text[QUANTITY_TEXT_MAX];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(times); i++)
        assert_true(strlen(quantity_time_text(times[i], text)) > 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_need_a_unit),
        cmocka_unit_test(a_bare_number_may_be_seconds),
        cmocka_unit_test(sizes_are_whole_bytes),
        cmocka_unit_test(numbers_are_whole),
        cmocka_unit_test(people_read_the_shortest_form),
        cmocka_unit_test(any_time_can_be_printed),
    };

    return cmocka_run_group_tests_name("quantity", tests, NULL, NULL);
}
