/*
 * test_help.c -- help comes from the rows, and fits where it is read.
 */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/help.h"
#include "cli/text.h"
#include "commands/check/options.h"

static char *printed;
static size_t length;
static char error[ERROR_TEXT_MAX];

static bool print(const char *topic)
{
    FILE *out;
    bool fine;

    free(printed);
    printed = NULL;
    out = open_memstream(&printed, &length);
    fine = help_print(out, &check_spec, topic, error, sizeof(error));
    assert_int_equal(fclose(out), 0);
    return fine;
}

static unsigned count_lines(unsigned *widest)
{
    unsigned lines = 0, column = 0;

    *widest = 0;
    for (const char *at = printed; *at != '\0'; at++) {
        column = *at == '\n' ? 0 : column + 1;
        lines += *at == '\n';
        *widest = column > *widest ? column : *widest;
    }
    return lines;
}

static void the_first_tier_fits_a_small_terminal(void **state)
{
    unsigned widest;

    (void)state;
    assert_true(print(NULL));
    assert_true(count_lines(&widest) <= HELP_LINES);
    assert_true(widest <= HELP_COLUMNS);
    assert_non_null(strstr(printed, "Usage: linkprobe check [options] TARGET"));
    assert_non_null(strstr(printed, "--timeout TIME"));
    assert_null(strstr(printed, "--no-diagnose"));
}

static void all_has_every_option(void **state)
{
    const struct option_set *set;
    const struct option_row *row = NULL;
    unsigned widest;

    (void)state;
    assert_true(print("all"));
    (void)count_lines(&widest);
    assert_true(widest <= HELP_COLUMNS);
    while ((row = help_next(&check_spec, &set, row)) != NULL) {
        char name[HELP_NAME_MAX];

        assert_non_null(strstr(printed, help_name(row, name)));
    }
    assert_null(strstr(printed, "--ssl"));
}

static void a_topic_has_its_options(void **state)
{
    (void)state;
    assert_true(print("tls"));
    assert_non_null(strstr(printed, "--tls-name NAME"));
    assert_null(strstr(printed, "--user"));
    assert_false(print("nothing"));
    assert_string_equal(error,
                        "\"nothing\" is no topic of --help; --help names them");
    assert_string_equal(printed, "");
}

static void no_row_is_too_long_for_its_field(void **state)
{
    (void)state;
    for (unsigned i = 0; i < check_rows.nrows; i++) {
        const struct option_row *row = &check_rows.rows[i];

        assert_non_null(memchr(row->name, 0, sizeof(row->name)));
        assert_non_null(memchr(row->metavar, 0, sizeof(row->metavar)));
        assert_non_null(memchr(row->choices, 0, sizeof(row->choices)));
        assert_non_null(memchr(row->fallback, 0, sizeof(row->fallback)));
        assert_non_null(memchr(row->help, 0, sizeof(row->help)));
    }
    assert_non_null(memchr(check_spec.summary, 0, sizeof(check_spec.summary)));
    assert_non_null(memchr(check_spec.target, 0, sizeof(check_spec.target)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_tier_fits_a_small_terminal),
        cmocka_unit_test(all_has_every_option),
        cmocka_unit_test(a_topic_has_its_options),
        cmocka_unit_test(no_row_is_too_long_for_its_field),
    };
    int failed = cmocka_run_group_tests_name("help", tests, NULL, NULL);

    free(printed);
    return failed;
}
