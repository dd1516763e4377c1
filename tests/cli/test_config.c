/*
 * test_config.c -- a configuration is read as it stands, and what is wrong
 * with it is told with its file and line.
 */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/text.h"
#include "commands/check/options.h"
#include "support/fail_malloc.h"

static const struct option_spec *const specs[] = { &check_spec };
static char error[ERROR_TEXT_MAX];
static struct config config;

static bool parse(const char *text)
{
    error[0] = '\0';
    return config_parse(text, strlen(text), "f.yml", specs, 1, &config, error,
                        sizeof(error));
}

static void an_empty_file_sets_nothing(void **state)
{
    static const char *const texts[] = {
        "",
        "# nothing\n",
        "---\n",
        "{}",
        "~",
        "defaults:\n",
        "defaults: {}\nmodules: {}\n",
        "\xef\xbb\xbf# BOM\n",
        "modules:\n",
        "modules: {a: , b: {}}",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        if (!parse(texts[i]))
            fail_msg("%zu: %s", i, error);
        assert_int_equal(config.defaults.nvalues, 0);
        config_free(&config);
    }
}

static void keys_are_the_long_options(void **state)
{
    static const char text[] = "defaults:\r\n"
                               "  timeout: 2s\r\n"
                               "  expect_address: [10.0.0.0/8, \"::1\"]\r\n"
                               "  no-write: yes\r\n"
                               "modules:\r\n"
                               "  orders:\r\n"
                               "    tls: true\r\n"
                               "    cert-days: '30,7'\r\n"
                               "    targets: ['*.example', 10.0.0.0/8]\r\n"
                               "  other: {verbose: 2, targets: one}\r\n";
    const struct config_module *orders, *other;

    (void)state;
    assert_true(parse(text));
    assert_int_equal(config.defaults.nvalues, 4);
    assert_string_equal(config.defaults.values[2].text, "::1");
    assert_int_equal(config.defaults.values[2].line, 3);
    orders = config_module(&config, "orders", error, sizeof(error));
    other = config_module(&config, "other", error, sizeof(error));
    assert_int_equal(orders->values.nvalues, 2);
    assert_int_equal(orders->ntargets, 2);
    assert_string_equal(orders->targets[1], "10.0.0.0/8");
    assert_string_equal(other->targets[0], "one");
    assert_null(config_module(&config, "order", error, sizeof(error)));
    assert_string_equal(
        error, "\"order\" is no module of f.yml; did you mean orders?");
    config_free(&config);
}

static void what_is_wrong_has_its_line(void **state)
{
    static const struct {
        const char *text, *error;
    } wrong[] = {
        { "defaults:\n  tmeout: 2s\n",
          "f.yml:2: unknown key \"tmeout\"; did you mean timeout?" },
        { "defaults:\n  zzz: 2s\n",
          "f.yml:2: unknown key \"zzz\"; expected a long option without its "
          "dashes, such as timeout" },
        { "defaults:\n\n  password: hunter2\n",
          "f.yml:3: a password does not belong into this file; expected "
          "password-file or password-command" },
        { "default: {}\n", "f.yml:1: unknown section \"default\"; expected "
                           "\"defaults\" or \"modules\"" },
        { "timeout: 2s\n",
          "f.yml:1: \"timeout\" stands on the top level; expected it below "
          "\"defaults\" or a module of \"modules\"" },
        { "defaults:\n  targets: [a]\n",
          "f.yml:2: targets: belongs into a module, not into defaults" },
        { "defaults:\n  config: x\n",
          "f.yml:2: unknown key \"config\"; expected a long option without its "
          "dashes, such as timeout" },
        { "defaults:\n  askpass: true\n",
          "f.yml:2: unknown key \"askpass\"; expected a long option without "
          "its dashes, such as timeout" },
        { "defaults:\n  timeout: 2s\n  timeout: 3s\n",
          "f.yml:3: timeout: given twice" },
        { "defaults: {}\ndefaults: {}\n", "f.yml:2: defaults: given twice" },
        { "modules: {a: {}, a: {}}\n", "f.yml:1: module \"a\" given twice" },
        { "modules: {a: {targets: [x],\n targets: [y]}}\n",
          "f.yml:2: targets: given twice" },
        { "modules: {'': {}}\n", "f.yml:1: modules: a name is empty" },
        { "defaults:\n  timeout: [1s, 2s]\n",
          "f.yml:2: timeout: expected one value, found a list" },
        { "defaults:\n  timeout:\n    a: b\n",
          "f.yml:3: timeout: expected TIME, found a map" },
        { "defaults:\n  timeout:\n",
          "f.yml:2: timeout: expected TIME, found nothing" },
        { "defaults:\n  tls: ~\n",
          "f.yml:2: tls: expected true or false, found nothing" },
        { "defaults:\n  address: [1.1.1.1, [2.2.2.2]]\n",
          "f.yml:2: address: expected IP, found a list" },
        { "defaults: [a]\n",
          "f.yml:1: defaults: expected a map of options, found a list" },
        { "modules: 3\n",
          "f.yml:1: modules: expected a map of modules, found a number" },
        { "modules:\n  a: true\n",
          "f.yml:2: a: expected a map of options, found true or false" },
        { "- a\n", "f.yml:1: the file: expected a map of \"defaults\" and "
                   "\"modules\", found a list" },
        { "text\n", "f.yml:1: the file: expected a map of \"defaults\" and "
                    "\"modules\", found a text" },
        { "defaults:\n  ? [a]\n  : b\n",
          "f.yml:2: defaults: expected a key, found a list" },
        { "defaults:\n\ttimeout: 2s\n",
          "f.yml:2: neither YAML nor JSON: found character that cannot start "
          "any token while scanning for the next token" },
        { "defaults: {\n", "f.yml:2: neither YAML nor JSON: did not find "
                           "expected node content while parsing a flow node" },
        { "defaults: &a {}\nmodules: {b: *a}\n",
          "f.yml:2: aliases (*name) are not taken here" },
        { "defaults: {}\n---\ndefaults: {}\n",
          "f.yml:2: a second document begins" },
        { "defaults: {cacert: \"a\\0b\"}\n", "f.yml:1: a NUL inside a text" },
        { "defaults: {timeout: \"\xff\"}\n",
          "f.yml:1: neither YAML nor JSON: invalid leading UTF-8 octet" },
        { "modules: {a: {address: "
          "[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]}}\n",
          "f.yml:1: address: expected IP, found a list" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
        assert_false(parse(wrong[i].text));
        assert_string_equal(error, wrong[i].error);
        assert_null(strstr(error, "hunter2"));
        assert_null(config.file);
    }
}

static void values_are_told_with_their_line(void **state)
{
    struct option_layers layers = { .config = &config };
    struct check_options options;

    (void)state;
    assert_true(parse("defaults:\n  tls: true\n  timeout: 35\n"));
    assert_false(check_options_build(&check_spec, &layers, NULL, false,
                                     &options, error, sizeof(error)));
    assert_string_equal(error, "f.yml:3: timeout: \"35\" has no unit; expected "
                               "a time (us, ms, s, m, h) from 1ms to 1h");
    config_free(&config);
    assert_true(parse("modules:\n  a: {tls: true}\n  b: {tls: perhaps}\n"));
    assert_false(check_options_verify(&check_spec, &layers, false, error,
                                      sizeof(error)));
    assert_string_equal(error, "f.yml:3: tls: \"perhaps\" is not known; "
                               "expected true or false");
    config_free(&config);
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void a_file_is_found_where_it_should_be(void **state)
{
    char dir[] = "/tmp/linkprobe-config-XXXXXX", path[CONFIG_PATH_MAX];
    char want[128], inner[128];

    (void)state;
    assert_non_null(mkdtemp(dir));
    assert_int_equal(setenv("XDG_CONFIG_HOME", dir, 1), 0);
    (void)snprintf(inner, sizeof(inner), "%s/linkprobe", dir);
    (void)snprintf(want, sizeof(want), "%s/linkprobe/linkprobe.yml", dir);
    assert_int_equal(mkdir(inner, 0700), 0);
    if (config_default_file(path))
        assert_string_equal(path, "/etc/linkprobe/linkprobe.yml");
    write_file(want, "defaults: {timeout: 1s}\n");
    assert_true(config_default_file(path));
    assert_string_equal(path, want);
    assert_true(config_load(path, specs, 1, &config, error, sizeof(error)));
    assert_int_equal(config.defaults.nvalues, 1);
    config_free(&config);
    /* A relative one is ignored, although it would lead there. */
    assert_int_equal(setenv("XDG_CONFIG_HOME", dir + 1, 1), 0);
    assert_int_equal(setenv("HOME", "/nonexistent", 1), 0);
    assert_int_equal(chdir("/"), 0);
    (void)config_default_file(path);
    assert_string_equal(path, "/etc/linkprobe/linkprobe.yml");
    assert_int_equal(unlink(want), 0);
    assert_int_equal(rmdir(inner), 0);
    assert_int_equal(rmdir(dir), 0);
}

/* The file that is chosen; "": none. */
static const char *chosen(char **argv, int argc, char **environment)
{
    static char path[CONFIG_PATH_MAX];
    struct option_values set = { .source = OPTION_FROM_ENV };
    struct options words;
    const char *file;

    assert_true(
        options_parse(&check_spec, argc, argv, &words, error, sizeof(error)));
    assert_true(options_environment(&check_spec, environment, &set));
    file = config_choose(&words.argv, &set, path);
    options_free(&words);
    option_values_free(&set);
    return file ? file : "";
}

static void words_choose_the_file_before_the_environment(void **state)
{
    char program[] = "check", config_word[] = "--config=argv",
         none[] = "--no-config", variable[] = "LINKPROBE_CONFIG=env";
    char *argv[] = { program, config_word, none, NULL };
    char *environment[] = { variable, NULL }, *empty[] = { NULL };

    (void)state;
    assert_string_equal(chosen(argv, 1, environment), "env");
    assert_string_equal(chosen(argv, 2, environment), "argv");
    assert_string_equal(chosen(argv, 2, empty), "argv");
    assert_string_equal(chosen(argv, 3, environment), "");
}

static void a_named_file_must_be_there(void **state)
{
    (void)state;
    assert_false(config_load("/nonexistent/x.yml", specs, 1, &config, error,
                             sizeof(error)));
    assert_string_equal(error, "--config: \"/nonexistent/x.yml\" cannot be "
                               "read: No such file or directory");
    assert_false(config_load("/", specs, 1, &config, error, sizeof(error)));
    assert_string_equal(error,
                        "--config: \"/\" cannot be read: Is a directory");
    assert_false(
        config_load("/dev/zero", specs, 1, &config, error, sizeof(error)));
    assert_string_equal(error, "--config: /dev/zero is larger than 1m");
}

static void running_out_of_memory_is_an_error(void **state)
{
    static const char text[] = "defaults: {address: [1.1.1.1, 2.2.2.2]}\n"
                               "modules:\n"
                               "  a: {tls: true, targets: [a, b, c]}\n"
                               "  b: {user: x}\n";

    (void)state;
    for (unsigned n = 1;; n++) {
        bool fine;

        fail_malloc_at(n);
        fine = parse(text);
        if (!fail_malloc_stop()) {
            assert_true(fine);
            config_free(&config);
            break;
        }
        assert_false(fine);
        assert_string_equal(error, "out of memory");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_file_sets_nothing),
        cmocka_unit_test(keys_are_the_long_options),
        cmocka_unit_test(what_is_wrong_has_its_line),
        cmocka_unit_test(values_are_told_with_their_line),
        cmocka_unit_test(a_file_is_found_where_it_should_be),
        cmocka_unit_test(words_choose_the_file_before_the_environment),
        cmocka_unit_test(a_named_file_must_be_there),
        cmocka_unit_test(running_out_of_memory_is_an_error),
    };

    return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
