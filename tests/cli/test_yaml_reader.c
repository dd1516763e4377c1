/*
 * test_yaml_reader.c -- YAML and JSON come as items, within bounds.
 */
#include "support/unit.h"

#include <stdio.h>
#include <string.h>

#include "cli/yaml_reader.h"

/* All items of `text` in short: words as they are, [ ] { } . and ! */
static const char *items(const char *text)
{
    static char all[400];
    struct yaml_reader *reader = yaml_reader_new(text, strlen(text));
    struct yaml_item item;
    enum yaml_item_kind last;
    size_t n = 0;

    assert_non_null(reader);
    do {
        static const char marks[] = " []{}.!";

        yaml_reader_next(reader, &item);
        n += (size_t)snprintf(all + n, sizeof(all) - n, "%.1s%s%s",
                              item.kind == YAML_ITEM_WORD ? ""
                                                          : marks + item.kind,
                              item.kind == YAML_ITEM_WORD ? item.text : "",
                              item.kind == YAML_ITEM_WORD ? " " : "");
    } while (item.kind != YAML_ITEM_END && item.kind != YAML_ITEM_BAD);
    if (item.kind == YAML_ITEM_BAD)
        (void)snprintf(all + n, sizeof(all) - n, "%u: %s", item.line,
                       yaml_reader_error(reader));
    last = item.kind;
    assert_int_equal(yaml_reader_next(reader, &item), last);
    yaml_reader_free(reader);
    return all;
}

static void a_document_is_a_stream_of_items(void **state)
{
    (void)state;
    assert_string_equal(items(""), ".");
    assert_string_equal(items("a"), "a .");
    assert_string_equal(items("[1,{\"a\":[]}]"), "[1 {a []}].");
    assert_string_equal(items("- a\n- b: c\n"), "[a {b c }].");
    assert_string_equal(items("--- |\n two\n lines\n..."), "two\nlines\n .");
}

static void depth_is_bounded(void **state)
{
    (void)state;
    assert_string_equal(items("[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]"),
                        "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]].");
    assert_string_equal(
        items("[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]"),
        "[[[[[[[[[[[[[[[[!1: more than 16 levels of lists and maps");
}

static void words_know_what_they_look_like(void **state)
{
    static const struct {
        const char *text;
        bool quoted, number, null, truth;
    } words[] = {
        { "1", false, true, false, false },
        { "-1.5e+3", false, true, false, false },
        { ".5", false, true, false, false },
        { "5.", false, true, false, false },
        { "1e", false, false, false, false },
        { ".", false, false, false, false },
        { "-", false, false, false, false },
        { "10.0.0.1", false, false, false, false },
        { "1", true, false, false, false },
        { "", false, false, true, false },
        { "~", false, false, true, false },
        { "null", false, false, true, false },
        { "null", true, false, false, false },
        { "true", false, false, false, true },
        { "False", false, false, false, true },
        { "yes", false, false, false, false },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
        struct yaml_item item = { .text = words[i].text,
                                  .length = strlen(words[i].text),
                                  .quoted = words[i].quoted };

        assert_int_equal(yaml_item_is_number(&item), words[i].number);
        assert_int_equal(yaml_item_is_null(&item), words[i].null);
        assert_int_equal(yaml_item_is_truth(&item), words[i].truth);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_is_a_stream_of_items),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(words_know_what_they_look_like),
    };

    return cmocka_run_group_tests_name("yaml_reader", tests, NULL, NULL);
}
