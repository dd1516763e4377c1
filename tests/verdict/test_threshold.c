/*
 * test_threshold.c -- ranges of the guidelines, with units and stages.
 */
#include "support/unit.h"

#include <math.h>
#include <string.h>

#include "verdict/threshold.h"

static void ranges_are_read_as_the_guidelines_say(void **state)
{
    static const struct {
        const char *text;
        double start, end;
        bool inside;
        const char *printed; /* NULL: as written */
    } rows[] = {
        { "10", 0, 10, false, NULL },
        { "10:", 10, INFINITY, false, NULL },
        { "~:10", -INFINITY, 10, false, NULL },
        { "10:20", 10, 20, false, NULL },
        { "@10:20", 10, 20, true, NULL },
        { "@10", 0, 10, true, NULL },
        { ":10", 0, 10, false, "10" },
        { "0:10", 0, 10, false, "10" },
        { "0:", 0, INFINITY, false, NULL },
        { "~:", -INFINITY, INFINITY, false, NULL },
        { "-10:5", -10, 5, false, NULL },
        { "~:-1", -INFINITY, -1, false, NULL },
        { "+1", 0, 1, false, "1" },
        { "0.5", 0, 0.5, false, NULL },
        { ".5", 0, 0.5, false, "0.5" },
        { "5.", 0, 5, false, "5" },
        { "50ms", 0, 0.05, false, "0.05" },
        { "250us:1s", 0.00025, 1, false, "0.00025:1" },
        { "1m:2h", 60, 7200, false, "60:7200" },
        { "0", 0, 0, false, NULL },
        { "5:5", 5, 5, false, NULL },
        { "1000000000", 0, 1e9, false, NULL },
        { "0.000000001", 0, 1e-9, false, NULL },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct range range = { 0 };
        char error[128], text[RANGE_TEXT_MAX];

        assert_true(range_parse(rows[i].text, &range, error, sizeof(error)));
        assert_true(range.set);
        assert_true(range.start == rows[i].start);
        assert_true(range.end == rows[i].end);
        assert_int_equal(range.inside, rows[i].inside);
        assert_string_equal(range_text(&range, text),
                            rows[i].printed ? rows[i].printed : rows[i].text);
    }
}

static void what_is_no_range_is_refused_in_one_line(void **state)
{
    static const struct {
        const char *text;
        const char *says;
    } rows[] = {
        { "", "is no range" },           { "x", "is no range" },
        { "10:5", "start is above" },    { "-5", "start is above" },
        { "1s:20ms", "start is above" }, { ":", "is no range" },
        { "@", "is no range" },          { "~", "is no range" },
        { "~10", "is no range" },        { "1:2:3", "is no range" },
        { "1:~", "is no range" },        { "1 ", "is no range" },
        { " 1", "is no range" },         { "1d", "is no range" },
        { "1 ms", "is no range" },       { "1ss", "is no range" },
        { "1e3", "is no range" },        { "0x10", "is no range" },
        { "nan", "is no range" },        { "inf", "is no range" },
        { "1,5", "is no range" },        { "--1", "is no range" },
        { ".", "is no range" },          { "1000000001", "is no range" },
        { "400000h", "is no range" },    { "@@1", "is no range" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct range range = { .end = 42 };
        char error[256] = "";

        assert_false(range_parse(rows[i].text, &range, error, sizeof(error)));
        assert_non_null(strstr(error, rows[i].says));
        assert_int_equal(error[0], '"');
        assert_null(strchr(error, '\n'));
        assert_true(range.end == 42.0);
    }
}

static void a_range_alerts_outside_or_inside(void **state)
{
    static const struct {
        const char *text;
        double seconds;
        bool alerts;
    } rows[] = {
        { "10", 10, false },       { "10", 10.001, true },
        { "10", 0, false },        { "10:", 9.999, true },
        { "10:", 10, false },      { "~:10", 11, true },
        { "10:20", 10, false },    { "10:20", 20, false },
        { "10:20", 9, true },      { "10:20", 21, true },
        { "@10:20", 10, true },    { "@10:20", 20, true },
        { "@10:20", 15, true },    { "@10:20", 9.9, false },
        { "@10:20", 20.1, false }, { "~:", 1e12, false },
        { "50ms", 0.05, false },   { "50ms", 0.050001, true },
        { "0", 0.000001, true },
    };
    const struct range unset = { 0 };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct range range;
        char error[128];

        assert_true(range_parse(rows[i].text, &range, error, sizeof(error)));
        assert_int_equal(range_alerts(&range, rows[i].seconds), rows[i].alerts);
    }
    assert_false(range_alerts(&unset, 1.0));
}

static void a_range_belongs_to_a_stage_or_to_the_total(void **state)
{
    struct range ranges[THRESHOLD_COUNT] = { 0 };
    char error[128], text[RANGE_TEXT_MAX];

    (void)state;
    assert_true(thresholds_parse("tcp=50ms,total=0.2,dns=@1:2,cleanup=3",
                                 ranges, error, sizeof(error)));
    assert_string_equal(range_text(&ranges[STAGE_TCP], text), "0.05");
    assert_string_equal(range_text(&ranges[THRESHOLD_TOTAL], text), "0.2");
    assert_string_equal(range_text(&ranges[STAGE_DNS], text), "@1:2");
    assert_string_equal(range_text(&ranges[STAGE_CLEANUP], text), "3");
    assert_string_equal(range_text(&ranges[STAGE_PING], text), "");

    assert_true(thresholds_parse("7", ranges, error, sizeof(error)));
    assert_string_equal(range_text(&ranges[THRESHOLD_TOTAL], text), "7");
    assert_true(thresholds_parse("tcp=1,tcp=2", ranges, error, sizeof(error)));
    assert_string_equal(range_text(&ranges[STAGE_TCP], text), "2");
}

static void wrong_thresholds_are_told_apart(void **state)
{
    static const struct {
        const char *text;
        const char *says;
    } rows[] = {
        { "tpc=1", "\"tpc\" is no stage: expected dns, tcp" },
        { "=1", "\"\" is no stage" },
        { "TCP=1", "\"TCP\" is no stage" },
        { "tcp=", "\"\" is no range" },
        { "tcp", "\"tcp\" is no range" },
        { "1,", "\"\" is no range" },
        { ",1", "\"\" is no range" },
        { "tcp=1,ping=2:1", "\"2:1\": the start is above the end" },
        { "tcp=1=2", "\"1=2\" is no range" },
    };
    char longest[300];
    struct range ranges[THRESHOLD_COUNT] = { 0 };
    char error[256];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_false(
            thresholds_parse(rows[i].text, ranges, error, sizeof(error)));
        assert_non_null(strstr(error, rows[i].says));
        assert_int_equal(error[0], '"');
    }
    memset(longest, '1', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    assert_false(thresholds_parse(longest, ranges, error, sizeof(error)));
    assert_non_null(strstr(error, "too long"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_are_read_as_the_guidelines_say),
        cmocka_unit_test(what_is_no_range_is_refused_in_one_line),
        cmocka_unit_test(a_range_alerts_outside_or_inside),
        cmocka_unit_test(a_range_belongs_to_a_stage_or_to_the_total),
        cmocka_unit_test(wrong_thresholds_are_told_apart),
    };

    return cmocka_run_group_tests_name("threshold", tests, NULL, NULL);
}
