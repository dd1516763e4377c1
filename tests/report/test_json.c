/*
 * The JSON writer into a fixed buffer.
 */
#include <locale.h>
#include <math.h>
#include <string.h>

#include "cli/json.h"
#include "support/unit.h"

static struct {
    char text[1024];
    size_t n;
} out;

static void add(void *data, const char *bytes, size_t n)
{
    (void)data;
    assert_true(out.n + n < sizeof(out.text));
    memcpy(out.text + out.n, bytes, n);
    out.n += n;
    out.text[out.n] = '\0';
}

static struct json fresh(void)
{
    out.n = 0;
    out.text[0] = '\0';
    return (struct json){ .write = add };
}

static void commas_stand_between_values_only(void **state)
{
    struct json json = fresh();

    (void)state;
    json_object(&json);
    json_member_string(&json, "a", "b");
    json_key(&json, "list");
    json_array(&json);
    json_array_end(&json);
    json_key(&json, "more");
    json_array(&json);
    json_null(&json);
    json_bool(&json, true);
    json_object(&json);
    json_object_end(&json);
    json_object(&json);
    json_member_null(&json, "x");
    json_object_end(&json);
    json_array_end(&json);
    json_member_bool(&json, "z", false);
    json_object_end(&json);
    assert_string_equal(out.text,
                        "{\"a\":\"b\",\"list\":[],\"more\":[null,true,{},"
                        "{\"x\":null}],\"z\":false}");
}

static void strings_are_escaped(void **state)
{
    static const struct {
        const char *text, *json;
    } rows[] = {
        { NULL, "null" },
        { "", "\"\"" },
        { "plain", "\"plain\"" },
        { "\"\\/", "\"\\\"\\\\/\"" },
        { "\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\"" },
        { "\x01\x1b[2J\x7f", "\"\\u0001\\u001b[2J\\u007f\"" },
        { "\xc2\x9b", "\"\\u009b\"" },
        { "\xe2\x80\xa8x", "\"\\u2028x\"" },
        { "\xc3\xa9\xf0\x9f\x98\x80", "\"\xc3\xa9\xf0\x9f\x98\x80\"" },
        { "a\xff"
          "b\xc3",
          "\"a\xef\xbf\xbd"
          "b\xef\xbf\xbd\"" },
        { "\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct json json = fresh();

        json_string(&json, rows[i].text);
        assert_string_equal(out.text, rows[i].json);
    }
}

static void a_nul_may_be_in_a_string(void **state)
{
    struct json json = fresh();

    (void)state;
    json_string_n(&json, "a\0b", 3);
    assert_string_equal(out.text, "\"a\\u0000b\"");
}

static void whole_numbers_reach_their_ends(void **state)
{
    struct json json = fresh();

    (void)state;
    json_array(&json);
    json_unsigned(&json, 0);
    json_unsigned(&json, UINT64_MAX);
    json_signed(&json, INT64_MIN);
    json_signed(&json, -1);
    json_signed(&json, INT64_MAX);
    json_array_end(&json);
    assert_string_equal(out.text,
                        "[0,18446744073709551615,-9223372036854775808,-1,"
                        "9223372036854775807]");
}

static void fixed_numbers_have_no_needless_zeros(void **state)
{
    static const struct {
        uint64_t value;
        unsigned decimals;
        const char *json;
    } rows[] = {
        { 3502100, 3, "3502.1" },
        { 1, 3, "0.001" },
        { 0, 3, "0" },
        { 1000, 3, "1" },
        { 10, 0, "10" },
        { 5, 18, "0.000000000000000005" },
        { UINT64_MAX, 3, "18446744073709551.615" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct json json = fresh();

        json_fixed(&json, rows[i].value, rows[i].decimals);
        assert_string_equal(out.text, rows[i].json);
    }
}

static void doubles_read_back_and_others_are_null(void **state)
{
    struct json json = fresh();

    (void)state;
    json_array(&json);
    json_double(&json, 0.1);
    json_double(&json, -1.5e-9);
    json_double(&json, 1.0 / 3.0);
    json_double(&json, 1e300);
    json_double(&json, 3);
    json_double(&json, (double)INFINITY);
    json_double(&json, (double)NAN);
    json_array_end(&json);
    assert_string_equal(out.text,
                        "[0.1,-1.5e-09,0.3333333333333333,1e+300,3,null,null]");
}

/* Where no such locale is installed there is nothing to see. */
static void doubles_do_not_follow_the_locale(void **state)
{
    struct json json = fresh();

    (void)state;
    if (!setlocale(LC_ALL, "de_DE.UTF-8") && !setlocale(LC_ALL, "fr_FR.UTF-8"))
        skip();
    json_double(&json, -1.5e-9);
    json_double(&json, 0.25);
    setlocale(LC_ALL, "C");
    assert_string_equal(out.text, "-1.5e-09,0.25");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commas_stand_between_values_only),
        cmocka_unit_test(strings_are_escaped),
        cmocka_unit_test(a_nul_may_be_in_a_string),
        cmocka_unit_test(whole_numbers_reach_their_ends),
        cmocka_unit_test(fixed_numbers_have_no_needless_zeros),
        cmocka_unit_test(doubles_read_back_and_others_are_null),
        cmocka_unit_test(doubles_do_not_follow_the_locale),
    };

    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
