/*
 * Every format over every scene, to the byte.
 */
#include <stdio.h>

#include "golden.h"
#include "support/unit.h"

static const struct {
    const char *name;
    scene_cb make;
} scenes[] = {
    { "healthy", scene_healthy },         { "one_dead", scene_one_dead },
    { "tolerated", scene_tolerated },     { "tls", scene_tls },
    { "dns_failure", scene_dns_failure }, { "literal", scene_literal },
    { "hostile", scene_hostile },         { "crowd", scene_crowd },
    { "watchdog", scene_watchdog },       { "rare", scene_rare },
};

static void check_all(const char *format)
{
    char name[64];

    for (size_t i = 0; i < ARRAY_SIZE(scenes); i++) {
        struct golden golden = { .format = format,
                                 .style = { .utf8 = true, .targets = 1 },
                                 .scenes = { scenes[i].make } };

        snprintf(name, sizeof(name), "%s.%s", scenes[i].name, format);
        golden_check(name, &golden);
    }
}

static void check_error(const char *format)
{
    char name[64];
    struct golden golden = { .format = format,
                             .style = { .utf8 = true },
                             .error = "--timeout: \"3\" has no unit; say 3s" };

    snprintf(name, sizeof(name), "error.%s", format);
    golden_check(name, &golden);
}

#define FORMAT_TEST(format)                                                    \
    static void format##_is_as_its_golden_texts(void **state)                  \
    {                                                                          \
        (void)state;                                                           \
        check_all(#format);                                                    \
        check_error(#format);                                                  \
    }

FORMAT_TEST(text)
FORMAT_TEST(json)
FORMAT_TEST(nagios)
FORMAT_TEST(junit)
FORMAT_TEST(tap)
FORMAT_TEST(prometheus)

/* Another target than the healthy one. */
static void scene_other(struct scene *scene)
{
    scene_one_dead(scene);
    scene->target.name = "orders.example:6379";
    scene->evidence.start_ns += 2000000000;
    scene->evidence.end_ns += 2000000000;
}

static void a_fleet_is_a_line_a_target(void **state)
{
    const char *const formats[] = { "text",   "json", "junit",
                                    "nagios", "tap",  "prometheus" };
    char name[64];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
        struct golden golden = {
            .format = formats[i],
            .style = { .utf8 = true, .targets = 3 },
            .scenes = { scene_healthy, scene_other, scene_literal },
        };

        snprintf(name, sizeof(name), "fleet.%s", formats[i]);
        golden_check(name, &golden);
    }
}

static void check_verbose(const char *style, int verbosity)
{
    struct golden golden = {
        .format = "text",
        .style = { .verbosity = verbosity, .utf8 = true, .targets = 1 }
    };

    for (size_t i = 0; i < ARRAY_SIZE(scenes); i++) {
        char name[64];

        golden.scenes[0] = scenes[i].make;
        snprintf(name, sizeof(name), "%s.text-%s", scenes[i].name, style);
        golden_check(name, &golden);
    }
}

static void text_has_more_with_each_v(void **state)
{
    (void)state;
    check_verbose("v", 1);
    check_verbose("vvv", 3);
}

static void text_has_styles(void **state)
{
    const struct {
        const char *name;
        struct report_style style;
    } rows[] = {
        { "style.ascii", { .targets = 1 } },
        { "style.color", { .color = true, .utf8 = true, .targets = 1 } },
        { "style.narrow", { .columns = 40, .utf8 = true, .targets = 1 } },
        { "style.wide", { .columns = 140, .utf8 = true, .targets = 1 } },
        { "style.vv", { .verbosity = 2, .utf8 = true, .targets = 1 } },
        { "style.quiet", { .quiet = true, .utf8 = true, .targets = 1 } },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct golden golden = { .format = "text",
                                 .style = rows[i].style,
                                 .scenes = { scene_one_dead } };

        golden_check(rows[i].name, &golden);
    }
}

static void quiet_says_nothing_of_what_is_well(void **state)
{
    struct golden golden = { .format = "text",
                             .style = { .quiet = true, .targets = 1 },
                             .scenes = { scene_healthy } };

    (void)state;
    golden_check("quiet.healthy", &golden);
    golden.style.targets = 2;
    golden.scenes[1] = scene_healthy;
    golden_check("quiet.healthy", &golden);
    golden.style.targets = 3;
    golden.scenes[2] = scene_one_dead;
    golden_check("quiet.fleet", &golden);
}

static void warnings_are_in_the_long_output_of_nagios(void **state)
{
    static const char *const warnings[] = {
        "a password on the command line is seen by others"
    };
    struct golden golden = { .format = "nagios",
                             .style = { .verbosity = 1 },
                             .scenes = { scene_one_dead },
                             .warnings = warnings,
                             .nwarnings = 1 };

    (void)state;
    golden_check("one_dead.nagios-v", &golden);
}

static void a_report_of_nothing_is_whole(void **state)
{
    const char *const formats[] = { "json", "nagios", "junit", "tap" };
    char name[64];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
        struct golden golden = { .format = formats[i] };

        snprintf(name, sizeof(name), "nothing.%s", formats[i]);
        golden_check(name, &golden);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_as_its_golden_texts),
        cmocka_unit_test(json_is_as_its_golden_texts),
        cmocka_unit_test(nagios_is_as_its_golden_texts),
        cmocka_unit_test(junit_is_as_its_golden_texts),
        cmocka_unit_test(tap_is_as_its_golden_texts),
        cmocka_unit_test(prometheus_is_as_its_golden_texts),
        cmocka_unit_test(a_fleet_is_a_line_a_target),
        cmocka_unit_test(text_has_more_with_each_v),
        cmocka_unit_test(text_has_styles),
        cmocka_unit_test(quiet_says_nothing_of_what_is_well),
        cmocka_unit_test(warnings_are_in_the_long_output_of_nagios),
        cmocka_unit_test(a_report_of_nothing_is_whole),
    };

    return cmocka_run_group_tests_name("report_formats", tests, NULL, NULL);
}
