/*
 * test_text.c -- words in a buffer: cut, escaped, in units people read.
 */
#include "support/unit.h"

#include <string.h>

#include "verdict/text.h"

static void what_does_not_fit_is_cut_at_a_character(void **state)
{
    static const struct {
        size_t size;
        const char *added, *is;
    } rows[] = {
        { 8, "seven b", "seven b" },
        { 8, "eight by", "eigh..." },
        { 8, "much too long for it", "much..." },
        { 8, "abc\xc3\xa9zzzz", "abc..." },
        { 9, "abc\xc3\xa9zzzz", "abc\xc3\xa9..." },
        { 4, "abcd", "..." },
        { 4, "abc", "abc" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        char bytes[16];
        struct text text = text_in(bytes, rows[i].size);

        text_add(&text, "%s", rows[i].added);
        text_add(&text, "%s", "");
        assert_string_equal(bytes, rows[i].is);
        if (text.cut) {
            text_add(&text, "more");
            assert_string_equal(bytes, rows[i].is);
        }
    }
}

static void a_long_addition_is_cut_too(void **state)
{
    char bytes[2048], added[1024];
    struct text text = text_in(bytes, sizeof(bytes));

    (void)state;
    memset(added, 'a', sizeof(added) - 1);
    added[sizeof(added) - 1] = '\0';
    text_add(&text, "%s", added);
    assert_true(strlen(bytes) < 512);
    assert_string_equal(bytes + strlen(bytes) - 4, "a...");
}

static void bytes_of_others_are_escaped(void **state)
{
    static const struct {
        const char *bytes;
        size_t n;
        const char *is;
    } rows[] = {
        { "plain", 5, "plain" },
        { "a\r\n\tb", 5, "a\\r\\n\\tb" },
        { "\x1b[31m", 5, "\\x1b[31m" },
        { "\0\x7f", 2, "\\x00\\x7f" },
        { "\"\\", 2, "\\\"\\\\" },
        { "\xc3\xa9", 2, "\xc3\xa9" },
        { "\xe2\x82\xac", 3, "\xe2\x82\xac" },
        { "\xf0\x9f\x98\x80", 4, "\xf0\x9f\x98\x80" },
        { "\xc3", 1, "\\xc3" },          /* cut short */
        { "\xc3(", 2, "\\xc3(" },        /* no continuation */
        { "\xc0\xaf", 2, "\\xc0\\xaf" }, /* overlong */
        { "\xe0\x80\xaf", 3, "\\xe0\\x80\\xaf" },
        { "\xed\xa0\x80", 3, "\\xed\\xa0\\x80" }, /* half a surrogate */
        { "\xf5\x80\x80\x80", 4, "\\xf5\\x80\\x80\\x80" },
        { "\xf0\x80\x80\x80", 4, "\\xf0\\x80\\x80\\x80" },
        { "\xf4\x90\x80\x80", 4, "\\xf4\\x90\\x80\\x80" },
        { "\xc2\x9b", 2, "\\xc2\\x9b" }, /* a C1 control */
        /* Right to left is what is tested here.
         * NOLINTNEXTLINE(misc-misleading-bidirectional) */
        { "\xe2\x80\xae", 3, "\\xe2\\x80\\xae" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        char bytes[64];
        struct text text = text_in(bytes, sizeof(bytes));

        text_escaped(&text, rows[i].bytes, rows[i].n);
        assert_string_equal(bytes, rows[i].is);
    }
}

static void durations_have_the_unit_that_fits(void **state)
{
    static const struct {
        uint64_t ns;
        const char *is;
    } rows[] = {
        { 0, "0 us" },
        { 499, "0 us" },
        { 210000, "210 us" },
        { 1000000, "1 ms" },
        { 1250000, "1.3 ms" },
        { 12300000, "12.3 ms" },
        { 99960000, "100 ms" },
        { 123400000, "123 ms" },
        { 1000000000, "1 s" },
        { 3500000000, "3.5 s" },
        { 59990000000, "60 s" },
        { 350000000000, "350 s" },
        { 350400000000, "350 s" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        char bytes[32];
        struct text text = text_in(bytes, sizeof(bytes));

        text_duration(&text, rows[i].ns);
        assert_string_equal(bytes, rows[i].is);
    }
}

static void counts_have_the_plural_that_fits(void **state)
{
    static const struct {
        unsigned n;
        const char *word, *is;
    } rows[] = {
        { 1, "address", "1 address" },
        { 2, "address", "2 addresses" },
        { 0, "retransmit", "0 retransmits" },
        { 1, "retransmit", "1 retransmit" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        char bytes[32];
        struct text text = text_in(bytes, sizeof(bytes));

        text_count(&text, rows[i].n, rows[i].word);
        assert_string_equal(bytes, rows[i].is);
    }
}

static void dates_are_of_the_calendar(void **state)
{
    static const struct {
        int64_t seconds;
        const char *is;
    } rows[] = {
        { 0, "1970-01-01" },
        { -1, "1969-12-31" },
        { 951782399, "2000-02-28" },
        { 951782400, "2000-02-29" },
        { 951868800, "2000-03-01" },
        { 1795392000, "2026-11-23" },
        { 4102444799, "2099-12-31" },
        { 4107542400, "2100-03-01" },
        { 253402300799, "9999-12-31" },
        { -2208988800, "1900-01-01" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        char bytes[32];
        struct text text = text_in(bytes, sizeof(bytes));

        text_date(&text, rows[i].seconds);
        assert_string_equal(bytes, rows[i].is);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_does_not_fit_is_cut_at_a_character),
        cmocka_unit_test(a_long_addition_is_cut_too),
        cmocka_unit_test(bytes_of_others_are_escaped),
        cmocka_unit_test(durations_have_the_unit_that_fits),
        cmocka_unit_test(counts_have_the_plural_that_fits),
        cmocka_unit_test(dates_are_of_the_calendar),
    };

    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
