/*
 * test_json_slice.c -- a member is found as it stands, whatever is around it,
 * and what is no object has none.
 */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "provision/json_slice.h"

static void a_member_is_found_as_it_stands(void **state)
{
    static const struct {
        const char *text, *key, *want; /* NULL: there is none */
    } rows[] = {
        { "{\"a\":1}", "a", "1" },
        { "{\"a\":{\"b\":[1,2,{}]},\"b\":2}", "b", "2" },
        { "{\"a\":{\"b\":[1,2,{}]},\"b\":2}", "a", "{\"b\":[1,2,{}]}" },
        { " { \"a\" : \"x\" , \"b\" : null } ", "b", "null " },
        { "{\"a\":\"}\\\"b\\\":1,\",\"b\":\"y\"}", "b", "\"y\"" },
        { "{\"a\\\"b\":1,\"b\":[]}", "b", "[]" },
        { "{\"b\":1,\"b\":2}", "b", "1" },
        { "{\"a\":1}", "b", NULL },
        { "{}", "a", NULL },
        { "[{\"a\":1}]", "a", NULL },
        { "\"a\"", "a", NULL },
        { "", "a", NULL },
        { "{", "a", NULL },
        { "{\"a", "a", NULL },
        { "{\"a\"", "a", NULL },
        { "{\"a\":", "a", NULL },
        { "{\"a\" 1}", "a", NULL },
        { "{\"b\":1 \"a\":1}", "a", NULL },
        { "{\"ab\":1}", "a", NULL },
    };
    struct json_slice slice;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        size_t n = strlen(rows[i].text);
        char *copy = malloc(n + 1);
        bool is;

        /* no byte behind it may be looked at */
        assert_non_null(copy);
        memcpy(copy, rows[i].text, n);
        is = json_slice_member(copy, n, rows[i].key, &slice);
        if (is != (rows[i].want != NULL))
            fail_msg("row %zu: %s", i, rows[i].text);
        if (is) {
            assert_int_equal(slice.n, strlen(rows[i].want));
            assert_memory_equal(slice.text, rows[i].want, slice.n);
        }
        free(copy);
    }
}

static void items_of_an_array_come_one_by_one(void **state)
{
    static const struct {
        const char *text;
        size_t n;
    } rows[] = {
        { "[1, \"a,b\", {\"c\":[1,2]}, [] ]", 4 },
        { "[]", 0 },
        { "[ ]", 0 },
        { "{}", 0 },
        { "", 0 },
        { "[", 0 },
        { "[1", 1 },
        { "[1,", 1 },
        { "[1 2]", 1 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const struct json_slice array = { rows[i].text, strlen(rows[i].text) };
        struct json_slice item = { 0 };
        size_t n = 0;

        while (json_slice_next(&array, &item))
            n++;
        if (n != rows[i].n)
            fail_msg("row %zu: %zu items", i, n);
    }
}

static void every_prefix_is_survived(void **state)
{
    static const char text[] =
        "{\"a\":{\"b\":[1,\"\\u00e9\\\"\"]},\"c\":\"d\"}";
    struct json_slice slice;

    (void)state;
    for (size_t n = 0; n < sizeof(text); n++) {
        char *copy = malloc(n + 1), out[8];

        assert_non_null(copy);
        memcpy(copy, text, n);
        if (json_slice_member(copy, n, "c", &slice))
            json_slice_text(&slice, out, sizeof(out));
        free(copy);
    }
}

static void a_string_is_read_as_text(void **state)
{
    static const struct {
        const char *slice, *want;
    } rows[] = {
        { "\"abc\"", "abc" },
        { "\"a\\\"b\\\\\"", "a\"b\\" },
        { "\"a\\nb\"", "a b" },
        { "\"a\\u001bb\"", "a b" },
        { "\"too long for it\"", "too lon" },
        { "\"\"", "" },
        { "12", "" },
        { "\"", "" },
    };
    char text[8];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const struct json_slice slice = { rows[i].slice,
                                          strlen(rows[i].slice) };

        json_slice_text(&slice, text, sizeof(text));
        assert_string_equal(text, rows[i].want);
    }
}

static void a_word_is_told_from_others(void **state)
{
    static const struct json_slice ok = { "\"ok\"", 4 };
    static const struct json_slice bare = { "ok", 2 };

    (void)state;
    assert_true(json_slice_is(&ok, "ok"));
    assert_false(json_slice_is(&ok, "okay"));
    assert_false(json_slice_is(&ok, "o"));
    assert_false(json_slice_is(&bare, "ok"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_member_is_found_as_it_stands),
        cmocka_unit_test(items_of_an_array_come_one_by_one),
        cmocka_unit_test(every_prefix_is_survived),
        cmocka_unit_test(a_string_is_read_as_text),
        cmocka_unit_test(a_word_is_told_from_others),
    };

    return cmocka_run_group_tests_name("json_slice", tests, NULL, NULL);
}
