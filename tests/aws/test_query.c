/*
 * test_query.c -- names, values, lists, and memory that runs out.
 */
#include "support/unit.h"

#include <string.h>

#include "aws/query.h"
#include "support/fail_malloc.h"

static struct query query;

static int tear_down(void **state)
{
    (void)state;
    query_free(&query);
    return 0;
}

static void all_but_the_unreserved_is_encoded(void **state)
{
    static const struct {
        const char *value, *encoded;
    } rows[] = {
        { "AZaz09-._~", "n=AZaz09-._~" },
        { "a b", "n=a%20b" },
        { "+&=%/?:*", "n=%2B%26%3D%25%2F%3F%3A%2A" },
        { "\xc3\xa9\x7f\x01", "n=%C3%A9%7F%01" },
        { "", "n=" },
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        query_add(&query, "n", rows[i].value);
        assert_string_equal(query.text, rows[i].encoded);
        assert_int_equal(query.size, strlen(query.text));
        tear_down(state);
    }
}

static void nothing_is_added_for_nothing(void **state)
{
    (void)state;
    query_add(&query, "n", NULL);
    query_add_at(&query, NULL, "n.%d", 1);
    query_add_list(&query, "n", NULL, 0);
    assert_null(query.text);
    assert_int_equal(query.size, 0);
}

static void each_service_writes_its_lists(void **state)
{
    static const char *const ids[] = { "a", "b" };

    (void)state;
    query_add_list(&query, "SubnetId", ids, 2);
    query_add_list(&query, "Subnets.member", ids, 1);
    query_add_list(&query, "SubnetIds.SubnetIdentifier", ids, 2);
    assert_string_equal(query.text,
                        "SubnetId.1=a&SubnetId.2=b&Subnets.member.1=a&"
                        "SubnetIds.SubnetIdentifier.1=a&"
                        "SubnetIds.SubnetIdentifier.2=b");
}

static void numbers_truths_and_filters_are_words(void **state)
{
    (void)state;
    query_add_number(&query, "a", -6379);
    query_add_bool(&query, "b", true);
    query_add_bool(&query, "c", false);
    query_add_filter(&query, 2, "vpc-id", "vpc-1");
    query_add_at(&query, "v", "TagSpecification.%u.Tag.%u.Key", 1U, 2U);
    assert_string_equal(query.text,
                        "a=-6379&b=true&c=false&Filter.2.Name=vpc-id&"
                        "Filter.2.Value.1=vpc-1&"
                        "TagSpecification.1.Tag.2.Key=v");
}

static void a_lack_of_memory_is_remembered(void **state)
{
    char value[1024];
    bool came = true;

    memset(value, 'x', sizeof(value) - 1);
    value[sizeof(value) - 1] = '\0';
    for (unsigned n = 1; came; n++) {
        fail_malloc_at(n);
        query_add(&query, "a", "b");
        query_add(&query, "c", value);
        query_add(&query, "d", "e");
        came = fail_malloc_stop();
        assert_int_equal(query.failed, came);
        if (!came)
            assert_string_equal(query.text + query.size - 4, "&d=e");
        tear_down(state);
        assert_false(query.failed);
    }
}

#define TEST(name) cmocka_unit_test_teardown(name, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(all_but_the_unreserved_is_encoded),
        TEST(nothing_is_added_for_nothing),
        TEST(each_service_writes_its_lists),
        TEST(numbers_truths_and_filters_are_words),
        TEST(a_lack_of_memory_is_remembered),
    };

    return cmocka_run_group_tests_name("query", tests, NULL, NULL);
}
