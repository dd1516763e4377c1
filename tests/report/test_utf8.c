/*
 * UTF-8 by the table of RFC 3629, 4.
 */
#include "cli/utf8.h"
#include "support/unit.h"

static const struct {
    const char *bytes;
    size_t length; /* 0: not UTF-8 */
    uint32_t point;
} rows[] = {
    { "a", 1, 'a' },
    { "\x7f", 1, 0x7f },
    { "\xc3\xa9", 2, 0xe9 },
    { "\xe2\x82\xac", 3, 0x20ac },
    { "\xf0\x9f\x98\x80", 4, 0x1f600 },
    { "\xf4\x8f\xbf\xbf", 4, 0x10ffff },
    { "\xed\x9f\xbf", 3, 0xd7ff },
    { "\x80", 0, 0 },     /* a continuation alone */
    { "\xc0\xaf", 0, 0 }, /* overlong */
    { "\xc1\xbf", 0, 0 },
    { "\xe0\x9f\xbf", 0, 0 },
    { "\xf0\x8f\xbf\xbf", 0, 0 },
    { "\xed\xa0\x80", 0, 0 },     /* a surrogate */
    { "\xf4\x90\x80\x80", 0, 0 }, /* past the end */
    { "\xf8\x88\x80\x80\x80", 0, 0 },
    { "\xff", 0, 0 },
    { "\xc3", 0, 0 }, /* cut short */
    { "\xe2\x82", 0, 0 },
    { "\xe2\x28\xa1", 0, 0 },
};

static void sequences_are_read_or_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        uint32_t point = 0;
        size_t n = 0;

        while (rows[i].bytes[n])
            n++;
        assert_int_equal(utf8_next(rows[i].bytes, n, &point), rows[i].length);
        if (rows[i].length)
            assert_int_equal(point, rows[i].point);
    }
}

static void nothing_begins_with_no_sequence(void **state)
{
    uint32_t point = 0;

    (void)state;
    assert_int_equal(utf8_next("a", 0, &point), 0);
}

static void a_cut_is_between_sequences(void **state)
{
    static const char text[] = "a\xe2\x82\xac"
                               "b";

    (void)state;
    assert_int_equal(utf8_cut(text, 0), 0);
    assert_int_equal(utf8_cut(text, 1), 1);
    assert_int_equal(utf8_cut(text, 2), 1);
    assert_int_equal(utf8_cut(text, 3), 1);
    assert_int_equal(utf8_cut(text, 4), 4);
    assert_int_equal(utf8_count(text, 5), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sequences_are_read_or_refused),
        cmocka_unit_test(nothing_begins_with_no_sequence),
        cmocka_unit_test(a_cut_is_between_sequences),
    };

    return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
