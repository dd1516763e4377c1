/*
 * test_options.c -- a command line is read in GNU's ways, and what is wrong
 * with it is told in one line: the name, what was found, what is expected.
 */
#include "support/unit.h"

#include <stdlib.h>
#include <string.h>

#include "cli/options.h"
#include "cli/text.h"

struct toy {
    bool flag, off;
    unsigned count, number, time_ms, choice;
    size_t size;
    const char *text;
    char custom[64];
};

#define FIELD(name) .field = offsetof(struct toy, name)

/* clang-format off */
static const struct option_row rows[] = {
    { .name = "flag", .letter = 'f', .kind = OPTION_FLAG, .commands = 1,
      FIELD(flag), .help = "A flag." },
    { .name = "no-off", .kind = OPTION_FLAG, .commands = 1,
      .flags = OPTION_NEGATES, FIELD(off), .help = "Off." },
    { .name = "count", .letter = 'v', .kind = OPTION_COUNT, .commands = 1,
      .flags = OPTION_REPEATS, FIELD(count), .max = 3, .help = "Count." },
    { .name = "text", .letter = 't', .kind = OPTION_TEXT, .commands = 1,
      FIELD(text), .metavar = "TEXT", .help = "Text." },
    { .name = "number", .letter = 'n', .kind = OPTION_NUMBER, .commands = 1,
      FIELD(number), .min = 2, .max = 9, .metavar = "N", .help = "Number." },
    { .name = "time-limit", .kind = OPTION_TIME, .commands = 1,
      FIELD(time_ms), .min = 1, .max = 60000, .metavar = "TIME",
      .help = "Time." },
    { .name = "size", .kind = OPTION_SIZE, .commands = 1, FIELD(size),
      .min = 1, .max = 65536, .metavar = "SIZE", .help = "Size." },
    { .name = "choice", .kind = OPTION_CHOICE, .commands = 1, FIELD(choice),
      .min = 5, .choices = "red|green|blue", .metavar = "COLOR",
      .help = "Choice." },
    { .name = "custom", .letter = 'c', .kind = OPTION_CUSTOM, .commands = 1,
      .flags = OPTION_REPEATS, .metavar = "X", .help = "Custom." },
    { .name = "bare", .letter = 'b', .kind = OPTION_CUSTOM, .commands = 1,
      .help = "A custom flag." },
    { .name = "host", .letter = 'H', .kind = OPTION_TARGET, .commands = 1,
      .flags = OPTION_ARGV, .metavar = "HOST", .help = "Host." },
    { .name = "help", .letter = 'h', .kind = OPTION_CUSTOM, .commands = 1,
      .flags = OPTION_ARGV | OPTION_STOPS, .help = "Help." },
    { .name = "other", .letter = 'o', .kind = OPTION_FLAG, .commands = 2,
      FIELD(flag), .help = "Of another command." },
};
/* clang-format on */

static bool set_custom(void *options, const struct option_row *row,
                       const char *text, bool first, char *error, size_t size)
{
    struct toy *toy = options;

    if (!option_takes_value(row))
        text = text ? "(no)" : "(yes)";
    if (strcmp(text, "bad") == 0)
        return error_set(error, size, "bad is bad");
    if (first)
        toy->custom[0] = '\0';
    strncat(toy->custom, text, sizeof(toy->custom) - strlen(toy->custom) - 1);
    return true;
}

static const char groups[][20] = { "all of it" };

static const struct option_spec spec = {
    .name = "toy",
    .command = 1,
    .nsets = 1,
    .sets = { { .rows = rows,
                .groups = groups,
                .set = set_custom,
                .nrows = ARRAY_SIZE(rows),
                .ngroups = 1 } },
};

static char error[ERROR_TEXT_MAX];

/* A text as environ holds it. */
#define VARIABLE(text) ((char[]){ text })

/* Read words and apply them to `toy`. */
static bool run(const char *const *words, struct toy *toy,
                struct options *options)
{
    static char copies[16][80];
    char *argv[17];
    int argc = 1;

    argv[0] = (char[]){ "toy" };
    for (; words[argc - 1]; argc++) {
        argv[argc] = copies[argc - 1];
        strcpy(argv[argc], words[argc - 1]);
    }
    argv[argc] = NULL;
    error[0] = '\0';
    return options_parse(&spec, argc, argv, options, error, sizeof(error)) &&
           options_apply(&spec, &options->argv, toy, error, sizeof(error));
}

static void all_ways_of_writing_are_read(void **state)
{
    static const struct {
        const char *words[8];
        struct toy toy;
        const char *targets[4];
    } rows_in[] = {
        { { "a" }, { 0 }, { "a" } },
        { { "--flag", "a" }, { .flag = true }, { "a" } },
        { { "-f", "a" }, { .flag = true }, { "a" } },
        { { "a", "-f", "b" }, { .flag = true }, { "a", "b" } },
        { { "--", "-f", "--" }, { 0 }, { "-f", "--" } },
        { { "-", "-f" }, { .flag = true }, { "-" } },
        { { "-fvv" }, { .flag = true, .count = 2 }, { NULL } },
        { { "-fn7" }, { .flag = true, .number = 7 }, { NULL } },
        { { "-fn", "7", "x" }, { .flag = true, .number = 7 }, { "x" } },
        { { "-n7" }, { .number = 7 }, { NULL } },
        { { "--number", "7" }, { .number = 7 }, { NULL } },
        { { "--number=7" }, { .number = 7 }, { NULL } },
        { { "--number=7", "-n8" }, { .number = 8 }, { NULL } },
        { { "--time-limit=1.5s" }, { .time_ms = 1500 }, { NULL } },
        { { "--time-limit=1us" }, { .time_ms = 1 }, { NULL } },
        { { "--time-limit=1.0001ms" }, { .time_ms = 2 }, { NULL } },
        { { "--size=64k" }, { .size = 65536 }, { NULL } },
        { { "--choice=red" }, { .choice = 5 }, { NULL } },
        { { "--choice", "blue" }, { .choice = 7 }, { NULL } },
        { { "--custom=a", "-cb", "-c", "c" }, { .custom = "abc" }, { NULL } },
        { { "-b" }, { .custom = "(yes)" }, { NULL } },
        { { "-Ha", "b", "--host=c" }, { 0 }, { "a", "b", "c" } },
        { { "-c", "-f" }, { .custom = "-f" }, { NULL } },
        { { "--custom=--flag" }, { .custom = "--flag" }, { NULL } },
        { { "-c", "--nothing-of-ours" },
          { .custom = "--nothing-of-ours" },
          { NULL } },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows_in); i++) {
        struct toy toy = { 0 };
        struct options options;
        size_t n = 0;

        if (!run(rows_in[i].words, &toy, &options))
            fail_msg("row %zu: %s", i, error);
        assert_memory_equal(&toy, &rows_in[i].toy, offsetof(struct toy, text));
        assert_string_equal(toy.custom, rows_in[i].toy.custom);
        for (; rows_in[i].targets[n]; n++)
            assert_string_equal(options.targets[n], rows_in[i].targets[n]);
        assert_int_equal(options.ntargets, n);
        options_free(&options);
    }
}

static void a_text_is_lent(void **state)
{
    static const char *const words[] = { "--text", "x y", NULL };
    struct toy toy = { 0 };
    struct options options;

    (void)state;
    assert_true(run(words, &toy, &options));
    assert_string_equal(toy.text, "x y");
    options_free(&options);
}

static void negatives_write_false(void **state)
{
    static const char *const words[] = { "--no-off", NULL };
    struct toy toy = { .off = true };
    struct options options;

    (void)state;
    assert_true(run(words, &toy, &options));
    assert_false(toy.off);
    options_free(&options);
}

static void what_is_wrong_is_told(void **state)
{
    static const struct {
        const char *words[4];
        const char *error;
    } wrong[] = {
        { { "--flg" }, "unknown option --flg; did you mean --flag?" },
        { { "--fla" }, "unknown option --fla; did you mean --flag?" },
        { { "--tim=3" }, "unknown option --tim; did you mean --time-limit?" },
        { { "--time_limit=1s" },
          "unknown option --time_limit; did you mean --time-limit?" },
        { { "--zzz=1" },
          "unknown option --zzz; linkprobe toy --help all lists them" },
        { { "--other" },
          "unknown option --other; linkprobe toy --help all lists them" },
        { { "-o" }, "unknown option -o; linkprobe toy --help all lists them" },
        { { "-fz" }, "unknown option -z; linkprobe toy --help all lists them" },
        { { "-\x1b" },
          "unknown option -\\x1b; linkprobe toy --help all lists them" },
        { { "--pass=secret" },
          "unknown option --pass: a password on the command line can be seen "
          "by others; use --askpass, --password-file, --password-command or "
          "LINKPROBE_PASSWORD" },
        { { "-asecret" },
          "unknown option -a: a password on the command line can be seen by "
          "others; use --askpass, --password-file, --password-command or "
          "LINKPROBE_PASSWORD" },
        { { "--flag=yes" }, "--flag takes no value" },
        { { "--number" }, "--number needs a value: N" },
        { { "-n" }, "-n needs a value: N" },
        { { "--number", "--flag" },
          "--number needs a value (N) and found the option --flag" },
        { { "--text", "--number=3" },
          "--text needs a value (TEXT) and found the option --number" },
        { { "--text=" }, "--text: the value is empty" },
        { { "--number=" },
          "--number: \"\" is empty; expected a number from 2 to 9" },
        { { "--number=1" },
          "--number: \"1\" is too small; expected a number from 2 to 9" },
        { { "--number=10" },
          "--number: \"10\" is too large; expected a number from 2 to 9" },
        { { "-nx" },
          "--number: \"x\" is not a number; expected a number from 2 to 9" },
        { { "--number=4294967298" },
          "--number: \"4294967298\" is too large; expected a number from 2 to "
          "9" },
        { { "--time-limit=5" },
          "--time-limit: \"5\" has no unit; expected a time (us, ms, s, m, h) "
          "from 1ms to 1m" },
        { { "--time-limit=0" },
          "--time-limit: \"0\" is too small; expected a time (us, ms, s, m, h) "
          "from 1ms to 1m" },
        { { "--size=65k" },
          "--size: \"65k\" is too large; expected a size (k, m) from 1 to "
          "64k" },
        { { "--choice=pink" },
          "--choice: \"pink\" is not known; expected red, green or blue" },
        { { "--choice=re" },
          "--choice: \"re\" is not known; expected red, green or blue" },
        { { "--custom=bad" }, "--custom: bad is bad" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
        struct toy toy = { 0 };
        struct options options;

        assert_false(run(wrong[i].words, &toy, &options));
        assert_string_equal(error, wrong[i].error);
        assert_null(strstr(error, "secret"));
        options_free(&options);
    }
}

static void help_ends_the_reading(void **state)
{
    static const struct {
        const char *words[5];
        const char *topic;
    } helps[] = {
        { { "--help" }, NULL },
        { { "-h" }, NULL },
        { { "-fh", "--zzz" }, "--zzz" },
        { { "--help", "all", "--zzz" }, "all" },
        { { "--help=all", "x" }, "all" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(helps); i++) {
        struct toy toy = { 0 };
        struct options options;

        assert_true(run(helps[i].words, &toy, &options));
        assert_string_equal(options.stop->name, "help");
        if (helps[i].topic)
            assert_string_equal(options.topic, helps[i].topic);
        else
            assert_null(options.topic);
        options_free(&options);
    }
}

static void the_environment_has_the_same_names(void **state)
{
    char *environment[] = {
        VARIABLE("PATH=/bin"),
        VARIABLE("LINKPROBE_TIME_LIMIT=2s"),
        VARIABLE("LINKPROBE_FLAG=yes"),
        VARIABLE("LINKPROBE_NO_OFF=0"),
        VARIABLE("LINKPROBE_NUMBER="),
        VARIABLE("LINKPROBE_HOST=x"),
        VARIABLE("LINKPROBE_OTHER=yes"),
        VARIABLE("LINKPROBE_COUNT=2"),
        VARIABLE("LINKPROBE_"),
        VARIABLE("LINKPROBE_BARE=no"),
        VARIABLE("LINKPROBE"),
        VARIABLE("LINKPROBE_HELP=1"),
        NULL,
    };
    struct option_values values;
    struct toy toy = { .off = false, .number = 4 };

    (void)state;
    assert_true(options_environment(&spec, environment, &values));
    assert_int_equal(values.nvalues, 5);
    assert_true(options_apply(&spec, &values, &toy, error, sizeof(error)));
    assert_int_equal(toy.time_ms, 2000);
    assert_true(toy.flag);
    assert_true(toy.off);
    assert_int_equal(toy.number, 4);
    assert_int_equal(toy.count, 2);
    assert_string_equal(toy.custom, "(no)");
    option_values_free(&values);
}

static void errors_name_the_variable(void **state)
{
    char *environment[] = { VARIABLE("LINKPROBE_TIME_LIMIT=2"), NULL };
    char *maybe[] = { VARIABLE("LINKPROBE_FLAG=maybe"), NULL };
    struct option_values values;
    struct toy toy = { 0 };

    (void)state;
    assert_true(options_environment(&spec, environment, &values));
    assert_false(options_apply(&spec, &values, &toy, error, sizeof(error)));
    assert_string_equal(error,
                        "LINKPROBE_TIME_LIMIT: \"2\" has no unit; expected a "
                        "time (us, ms, s, m, h) from 1ms to 1m");
    option_values_free(&values);
    assert_true(options_environment(&spec, maybe, &values));
    assert_false(options_apply(&spec, &values, &toy, error, sizeof(error)));
    assert_string_equal(
        error,
        "LINKPROBE_FLAG: \"maybe\" is not known; expected true or false");
    option_values_free(&values);
}

static void a_list_begins_anew_with_each_source(void **state)
{
    static const char *const words[] = { "-cx", "-cy", NULL };
    char *environment[] = { VARIABLE("LINKPROBE_CUSTOM=env"), NULL };
    struct option_values values;
    struct options options;
    struct toy toy = { 0 };

    (void)state;
    assert_true(options_environment(&spec, environment, &values));
    assert_true(options_apply(&spec, &values, &toy, error, sizeof(error)));
    assert_string_equal(toy.custom, "env");
    assert_true(run(words, &toy, &options));
    assert_string_equal(toy.custom, "xy");
    assert_true(option_values_has(&options.argv, "custom"));
    assert_string_equal(option_values_last(&options.argv, "custom"), "y");
    assert_false(option_values_has(&options.argv, "text"));
    assert_null(option_values_last(&options.argv, "text"));
    options_free(&options);
    option_values_free(&values);
}

static void quotes_show_no_control_bytes(void **state)
{
    static const struct {
        const char *text, *quoted;
    } quotes[] = {
        { "", "\"\"" },
        { "a b", "\"a b\"" },
        { "\x1b[31m", "\"\\x1b[31m\"" },
        { "a\nb", "\"a\\x0ab\"" },
        { "m\xc3\xb6ve", "\"m\xc3\xb6ve\"" },
        { "\xff\x7f", "\"\\xff\\x7f\"" },
        { "\xc2\x9b", "\"\\xc2\\x9b\"" },
        { "redis://u:pw@h:1/2", "\"redis://...@h:1/2\"" },
        { "redis://u:p/?#@w@h", "\"redis://...@h\"" },
        { "redis://u:pw", "\"redis://u:...\"" },
        { "redis://u:6379/", "\"redis://u:6379/\"" },
        { "redis://[::1]:6379", "\"redis://[::1]:6379\"" },
        { "redis://", "\"redis://\"" },
    };
    char quoted[QUOTE_MAX], wide[4000];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(quotes); i++)
        assert_string_equal(text_quote(quotes[i].text, quoted),
                            quotes[i].quoted);
    memset(wide, 1, sizeof(wide) - 1);
    wide[sizeof(wide) - 1] = '\0';
    assert_true(strlen(text_quote(wide, quoted)) < QUOTE_MAX);
}

static void near_words_are_found(void **state)
{
    static const struct {
        const char *a, *b;
        unsigned distance;
    } pairs[] = {
        { "timeout", "timeout", 0 }, { "tmeout", "timeout", 1 },
        { "itmeout", "timeout", 1 }, { "timeouts", "timeout", 1 },
        { "a_b", "a-b", 0 },         { "abc", "xyz", 3 },
        { "abcd", "wxyz", 4 },       { "", "abcdef", 4 },
    };
    char wide[200];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(pairs); i++)
        assert_int_equal(text_distance(pairs[i].a, pairs[i].b),
                         pairs[i].distance);
    memset(wide, 'a', sizeof(wide) - 1);
    wide[sizeof(wide) - 1] = '\0';
    assert_int_equal(text_distance(wide, "a"), 4);
    assert_false(text_is_near("x", "tls"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_ways_of_writing_are_read),
        cmocka_unit_test(a_text_is_lent),
        cmocka_unit_test(negatives_write_false),
        cmocka_unit_test(what_is_wrong_is_told),
        cmocka_unit_test(help_ends_the_reading),
        cmocka_unit_test(the_environment_has_the_same_names),
        cmocka_unit_test(errors_name_the_variable),
        cmocka_unit_test(a_list_begins_anew_with_each_source),
        cmocka_unit_test(quotes_show_no_control_bytes),
        cmocka_unit_test(near_words_are_found),
    };

    return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
