/*
 * test_vpce.c -- an endpoint's name, and what only looks like one.
 */
#include "support/unit.h"

#include <stdio.h>
#include <string.h>

#include "verdict/vpce.h"

static void the_parts_of_an_endpoints_name_are_read(void **state)
{
    static const struct {
        const char *host;
        const char *endpoint, *zone, *service, *region;
    } rows[] = {
        { "vpce-0db3-abcd.vpce-svc-0e12.us-west-2.vpce.amazonaws.com",
          "vpce-0db3", "", "vpce-svc-0e12", "us-west-2" },
        { "vpce-0db3-abcd-us-west-2a.vpce-svc-0e12.us-west-2.vpce.amazonaws."
          "com",
          "vpce-0db3", "us-west-2a", "vpce-svc-0e12", "us-west-2" },
        { "VPCE-0DB3-ABCD.VPCE-SVC-0E12.EU-CENTRAL-1.VPCE.AMAZONAWS.COM.",
          "vpce-0db3", "", "vpce-svc-0e12", "eu-central-1" },
        { "vpce-0-a.vpce-svc-0.cn-north-1.vpce.amazonaws.com.cn", "vpce-0", "",
          "vpce-svc-0", "cn-north-1" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct vpce_name name;

        assert_true(vpce_parse(rows[i].host, &name));
        assert_string_equal(name.endpoint, rows[i].endpoint);
        assert_string_equal(name.zone, rows[i].zone);
        assert_string_equal(name.service, rows[i].service);
        assert_string_equal(name.region, rows[i].region);
    }
}

static void what_was_meant_to_be_one_is_told(void **state)
{
    static const struct {
        const char *host;
        bool misspelt;
    } rows[] = {
        { "vpce-0db3-abcd.vpce-svc-0e12.us-west-2.vpce.amazonaws.com", false },
        { "vpce-0db3-abcd.vpce-svc-0e12.us-west-2.vpce.amazonaws.co", true },
        { "vpce-0db3.vpce-svc-0e12.us-west-2.vpce.amazonaws.com", true },
        { "VPCE-0db3-abcd.svc-0e12.us-west-2.vpce.amazonaws.com", true },
        { "vpc-0db3-abcd.vpce-svc-0e12.us-west-2.VPCE.amazonaws.com", true },
        { "cache.example", false },
        { "master.n.x1.use1.cache.amazonaws.com", false },
        { "", false },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        if (vpce_is_misspelt(rows[i].host) != rows[i].misspelt)
            fail_msg("%s", rows[i].host);
    }
}

static void other_names_are_left_alone(void **state)
{
    static const char *const rows[] = {
        "",
        ".",
        "cache.example",
        "vpce.amazonaws.com",
        "vpce-0db3.vpce-svc-0e12.us-west-2.vpce.amazonaws.com",
        "vpce-0db3-.vpce-svc-0e12.us-west-2.vpce.amazonaws.com",
        "vpce--abcd.vpce-svc-0e12.us-west-2.vpce.amazonaws.com",
        "vpce-0db3-abcd-.vpce-svc-0e12.us-west-2.vpce.amazonaws.com",
        "vpce-0db3-abcd--a.vpce-svc-0e12.us-west-2.vpce.amazonaws.com",
        "vpc-0db3-abcd.vpce-svc-0e12.us-west-2.vpce.amazonaws.com",
        "vpce-0db3-abcd.vpce-svc-.us-west-2.vpce.amazonaws.com",
        "vpce-0db3-abcd.svc-0e12.us-west-2.vpce.amazonaws.com",
        "vpce-0db3-abcd.vpce-svc-0e12..vpce.amazonaws.com",
        "vpce-0db3-abcd.vpce-svc-0e12.-west.vpce.amazonaws.com",
        "vpce-0db3-abcd.vpce-svc-0e12.us-west-2.vpce.amazonaws.org",
        "vpce-0db3-abcd.vpce-svc-0e12.us-west-2.vpce.amazonaws.com.evil",
        "vpce-0db3-abcd.vpce-svc-0e12.us-west-2.vpce.amazonaws.com..",
        "vpce-0db3-abcd.vpce-svc-0e12.us-west-2.x.vpce.amazonaws.com",
        "vpce-0db3-abcd.vpce-svc-0e12.us-west-2",
        "vpce-0;b3-abcd.vpce-svc-0e12.us-west-2.vpce.amazonaws.com",
        "vpce-0db3-abcd.vpce-svc-0\xc3\xa9.us-west-2.vpce.amazonaws.com",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct vpce_name name = { .endpoint = "untouched" };

        if (vpce_parse(rows[i], &name))
            fail_msg("%s is taken for an endpoint's name", rows[i]);
        assert_string_equal(name.endpoint, "untouched");
    }
}

static void a_label_may_have_63_bytes_and_no_more(void **state)
{
    static const char tail[] = ".vpce-svc-0e12.us-west-2.vpce.amazonaws.com";
    char host[128];
    struct vpce_name name;

    (void)state;
    for (size_t length = 63; length <= 64; length++) {
        (void)snprintf(host, sizeof(host), "vpce-0-%0*d%s",
                       (int)length - (int)strlen("vpce-0-"), 0, tail);
        assert_int_equal(vpce_parse(host, &name), length == 63);
    }
}

static void a_name_leads_to_those_of_the_zones_and_back(void **state)
{
    static const struct {
        const char *host;
        char letter;
        const char *name;
    } rows[] = {
        { "vpce-0db3-abcd.vpce-svc-0e12.us-west-2.vpce.amazonaws.com", 'b',
          "vpce-0db3-abcd-us-west-2b.vpce-svc-0e12.us-west-2.vpce.amazonaws."
          "com." },
        { "vpce-0db3-abcd.vpce-svc-0e12.us-west-2.vpce.amazonaws.com.", 'a',
          "vpce-0db3-abcd-us-west-2a.vpce-svc-0e12.us-west-2.vpce.amazonaws."
          "com." },
        { "vpce-0db3-abcd-us-west-2b.vpce-svc-0e12.us-west-2.vpce.amazonaws."
          "com",
          '\0', "vpce-0db3-abcd.vpce-svc-0e12.us-west-2.vpce.amazonaws.com." },
        { "vpce-0db3-abcd-us-west-2b.vpce-svc-0e12.us-west-2.vpce.amazonaws."
          "com.",
          'c',
          "vpce-0db3-abcd-us-west-2c.vpce-svc-0e12.us-west-2.vpce.amazonaws."
          "com." },
        { "vpce-0db3-abcd.vpce-svc-0e12.cn-north-1.vpce.amazonaws.com.cn", 'a',
          "vpce-0db3-abcd-cn-north-1a.vpce-svc-0e12.cn-north-1.vpce.amazonaws."
          "com.cn." },
    };
    char name[256];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_true(
            vpce_sibling(rows[i].host, rows[i].letter, name, sizeof(name)));
        assert_string_equal(name, rows[i].name);
        assert_false(vpce_sibling(rows[i].host, rows[i].letter, name,
                                  strlen(rows[i].name)));
        assert_true(vpce_sibling(rows[i].host, rows[i].letter, name,
                                 strlen(rows[i].name) + 1));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_parts_of_an_endpoints_name_are_read),
        cmocka_unit_test(what_was_meant_to_be_one_is_told),
        cmocka_unit_test(other_names_are_left_alone),
        cmocka_unit_test(a_label_may_have_63_bytes_and_no_more),
        cmocka_unit_test(a_name_leads_to_those_of_the_zones_and_back),
    };

    return cmocka_run_group_tests_name("vpce", tests, NULL, NULL);
}
