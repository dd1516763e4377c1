/*
 * test_profile.c -- the files mean what they mean to the AWS CLI.
 */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "aws/profile.h"
#include "aws/words.h"
#include "cli/text.h"
#include "support/fail_malloc.h"

static char error[ERROR_TEXT_MAX];

static struct profiles *read_texts(const char *config, const char *credentials)
{
    error[0] = '\0';
    return profiles_read(config, strlen(config), credentials,
                         strlen(credentials), error, sizeof(error));
}

/* A value of a config alone; "(none)" when there is none. */
static void assert_value(const char *config, const char *name, const char *key,
                         const char *value)
{
    struct profiles *profiles = read_texts(config, "");
    const char *found;

    if (!profiles)
        fail_msg("%s", error);
    found = profiles_get(profiles, name, key);
    assert_string_equal(found ? found : "(none)", value);
    profiles_free(profiles);
}

static void values_are_found(void **state)
{
    static const struct {
        const char *config, *name, *key, *value;
    } rows[] = {
        { "[default]\nregion=a\n", "default", "region", "a" },
        { "[default]\nregion = a", "default", "region", "a" },
        { "\xef\xbb\xbf[default]\nregion=a", "default", "region", "a" },
        { "[default]\r\nregion = a b \r\n", "default", "region", "a b" },
        { "[default]\nREGION : a\n", "default", "region", "a" },
        { "[default]\nregion = a # b\n", "default", "region", "a # b" },
        { "[default]\n# region = b\n; x\n\nregion = a\n", "default", "region",
          "a" },
        { "[default] # c\nregion = a=b:c\n", "default", "region", "a=b:c" },
        { "  [default]\n  region = a\n  output = b\n", "default", "output",
          "b" },
        { "[default]\nx=1\n[profile p]\n  region = a\n", "p", "region", "a" },
        { "[default]\nregion =\n", "default", "region", "(none)" },
        { "[default]\nx = a\n  b\n\tc\n\n  d\n", "default", "x", "a\nb\nc\nd" },
        { "[default]\nx = a\n  # not\n  b\ny = c\n", "default", "x", "a\nb" },
        { "[default]\nx = a\n  b = c\n", "default", "x", "a\nb = c" },
        { "[default]\nx = a\n  [not]\n", "default", "x", "a\n[not]" },
        { "[default]\ns3 =\n  region = a\n  q = b=c\n", "default", "s3.q",
          "b=c" },
        { "[default]\ns3 =\n  region = a\n", "default", "s3", "(none)" },
        { "[default]\ns3 =\n  region = a\n", "default", "region", "(none)" },
        { "[default]\ns3 =\n\n  Region = a\n", "default", "s3.region", "a" },
        { "[default]\ns3 =\n  a = b\nregion = c\n", "default", "region", "c" },
        { "[default]\ns3 =\n  a = b\n  a = c # d\n", "default", "s3.a",
          "c # d" },
        { "[profile p]\nregion=a\n", "p", "region", "a" },
        { "[profile p]\nregion=a\n", "profile p", "region", "(none)" },
        { "[ profile   p ]\nregion=a\n", "p", "region", "a" },
        { "[profile \"p q\"]\nregion=a\n", "p q", "region", "a" },
        { "[profile 'p q']\nregion=a\n", "p q", "region", "a" },
        { "[profile p q]\nregion=a\n", "p", "region", "(none)" },
        { "[profile \"p]\nregion=a\n", "p", "region", "(none)" },
        { "[p]\nregion=a\n", "p", "region", "(none)" },
        { "[profile]\nregion=a\n", "profile", "region", "(none)" },
        { "[default]\nregion=a\nk=b\n[profile default]\nregion=c\n", "default",
          "region", "c" },
        { "[default]\nregion=a\nk=b\n[profile default]\nregion=c\n", "default",
          "k", "(none)" },
        { "[profile default]\nregion=a\n[default]\nregion=c\n", "default",
          "region", "c" },
        { "[Default]\nregion=a\n", "default", "region", "(none)" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        assert_value(rows[i].config, rows[i].name, rows[i].key, rows[i].value);
}

static void credentials_come_before_config(void **state)
{
    struct profiles *profiles =
        read_texts("[profile p]\nk=config\nonly=config\n[profile q]\n",
                   "[p]\nk=credentials\nempty=\n[profile r]\n[s t]\na=b\n");

    (void)state;
    assert_non_null(profiles);
    assert_string_equal(profiles_get(profiles, "p", "k"), "credentials");
    assert_string_equal(profiles_get(profiles, "p", "only"), "config");
    assert_null(profiles_get(profiles, "p", "empty"));
    assert_string_equal(profiles_get_of(profiles, PROFILE_CONFIG, "p", "k"),
                        "config");
    assert_null(profiles_get_of(profiles, PROFILE_CREDENTIALS, "p", "only"));
    assert_true(profiles_has(profiles, "p"));
    assert_true(profiles_has(profiles, "q"));
    assert_false(profiles_has(profiles, "r"));
    assert_true(profiles_has(profiles, "profile r"));
    assert_string_equal(profiles_get(profiles, "s t", "a"), "b");
    assert_false(profiles_has(profiles, "default"));
    profiles_free(profiles);
}

static void services_have_sections_of_their_own(void **state)
{
    struct profiles *profiles =
        read_texts("[services x]\nec2 =\n  endpoint_url = u\n"
                   "[sso-session x]\nec2 = v\n[profile x]\nec2 = w\n",
                   "[services y]\nec2 = z\n");

    (void)state;
    assert_non_null(profiles);
    assert_string_equal(profiles_service(profiles, "x", "ec2.endpoint_url"),
                        "u");
    assert_string_equal(profiles_get(profiles, "x", "ec2"), "w");
    assert_null(profiles_service(profiles, "x", "ec2"));
    assert_null(profiles_service(profiles, "y", "ec2"));
    profiles_free(profiles);
}

static void what_is_wrong_is_said_with_file_and_line(void **state)
{
    static const struct {
        const char *config, *credentials, *error;
    } rows[] = {
        { "[default]\nhush\n", "", "config:2: expected [section] or key" },
        { "", "\n\n[a]\nhush", "credentials:4: expected [section] or key" },
        { "hush = a\n", "", "config:1: a key stands before" },
        { "[default]\n= hush\n", "", "config:2: expected [section] or key" },
        { "[default\nhush=b\n", "", "config:1: a section is written [name]" },
        { "[]\n", "", "config:1: a section is written [name]" },
        { "[a]\nx=1\n[b]\n[a]\n", "", "config:4: this section stands" },
        { "[a]\nx=1\nX = hush\n", "", "config:3: this key stands" },
        { "[a]\nx =\n  hush\n", "", "config:3: expected key = value below" },
        { "[a]\nx =\n  = hush\n", "", "config:3: expected key = value below" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_null(read_texts(rows[i].config, rows[i].credentials));
        if (strncmp(error, rows[i].error, strlen(rows[i].error)) != 0)
            fail_msg("row %zu: %s", i, error);
        assert_null(strstr(error, "hush"));
    }
    assert_null(profiles_read("[a]\nb\0=c\n", 9, "", 0, error, sizeof(error)));
    assert_string_equal(error, "config:2: a NUL byte is no text");
}

static void too_many_keys_are_refused(void **state)
{
    char *text = malloc((size_t)20 * 30000), *at = text;

    (void)state;
    at += sprintf(at, "[a]\n");
    for (int i = 0; i < 30000; i++)
        at += sprintf(at, "[s%d]\n", i);
    assert_null(read_texts(text, ""));
    assert_string_equal(error, "config:20001: too many keys");
    free(text);
}

static void words_are_split_as_a_shell_would(void **state)
{
    static const struct {
        const char *text;
        int n;
        const char *words[4];
    } rows[] = {
        { "", 0, { NULL } },
        { " \t\n", 0, { NULL } },
        { "a", 1, { "a" } },
        { " a  b\nc ", 3, { "a", "b", "c" } },
        { "'a b' \"c d\"", 2, { "a b", "c d" } },
        { "a'b'\"c\"d", 1, { "abcd" } },
        { "'' \"\"", 2, { "", "" } },
        { "a\\ b \\'", 2, { "a b", "'" } },
        { "'a\\b' \"c\\d\\\"e\\\\\"", 2, { "a\\b", "c\\d\"e\\" } },
        { "$HOME *;|&><`x`", 2, { "$HOME", "*;|&><`x`" } },
        { "\"'\" '\"'", 2, { "'", "\"" } },
        { "'a", WORDS_UNCLOSED, { NULL } },
        { "a \"b", WORDS_UNCLOSED, { NULL } },
        { "a\\", WORDS_UNCLOSED, { NULL } },
        { "\"a\\", WORDS_UNCLOSED, { NULL } },
        { "a b c d e", WORDS_MANY, { NULL } },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        char *words[4], *text = strdup(rows[i].text);

        assert_int_equal(words_split(text, words, 4), rows[i].n);
        for (int k = 0; k < rows[i].n; k++)
            assert_string_equal(words[k], rows[i].words[k]);
        free(text);
    }
}

/* --- Files --------------------------------------------------------------- */

static char dir[] = "/tmp/linkprobe-profile-XXXXXX";

static const char *path(const char *name)
{
    static char text[256];

    (void)snprintf(text, sizeof(text), "%s/%s", dir, name);
    return text;
}

static void write_text(const char *name, const char *text)
{
    FILE *file = fopen(path(name), "w");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static int set_up(void **state)
{
    (void)state;
    strcpy(dir, "/tmp/linkprobe-profile-XXXXXX");
    if (!mkdtemp(dir) || mkdir(path(".aws"), 0700) != 0)
        return -1;
    (void)setenv("HOME", dir, 1);
    (void)unsetenv("AWS_CONFIG_FILE");
    (void)unsetenv("AWS_SHARED_CREDENTIALS_FILE");
    return 0;
}

static int tear_down(void **state)
{
    char command[300];

    (void)state;
    (void)snprintf(command, sizeof(command), "rm -rf %s", dir);
    return system(command); /* NOLINT(cert-env33-c): a folder of ours */
}

static void files_that_are_absent_are_empty(void **state)
{
    struct profiles *profiles = profiles_load(error, sizeof(error));

    (void)state;
    assert_non_null(profiles);
    assert_false(profiles_has(profiles, "default"));
    profiles_free(profiles);
    (void)unsetenv("HOME");
    profiles = profiles_load(error, sizeof(error));
    assert_non_null(profiles);
    profiles_free(profiles);
}

static void files_are_found_at_home_and_where_the_environment_says(void **state)
{
    struct profiles *profiles;

    (void)state;
    write_text(".aws/config", "[default]\nregion = a\n");
    write_text(".aws/credentials", "[default]\nkey = b\n");
    write_text("other", "[default]\nkey = c\n");
    profiles = profiles_load(error, sizeof(error));
    assert_string_equal(profiles_get(profiles, "default", "region"), "a");
    assert_string_equal(profiles_get(profiles, "default", "key"), "b");
    profiles_free(profiles);
    (void)setenv("AWS_SHARED_CREDENTIALS_FILE", "~/other", 1);
    (void)setenv("AWS_CONFIG_FILE", "/dev/null", 1);
    profiles = profiles_load(error, sizeof(error));
    assert_null(profiles_get(profiles, "default", "region"));
    assert_string_equal(profiles_get(profiles, "default", "key"), "c");
    profiles_free(profiles);
}

static void a_file_that_cannot_be_read_is_an_error(void **state)
{
    (void)state;
    write_text(".aws/credentials", "[a]\nb = c\nhush\n");
    assert_null(profiles_load(error, sizeof(error)));
    assert_int_equal(strncmp(error, path(".aws/credentials:3: "),
                             strlen(path(".aws/credentials:3: "))),
                     0);
    (void)setenv("AWS_CONFIG_FILE", path(".aws"), 1);
    assert_null(profiles_load(error, sizeof(error)));
    assert_non_null(strstr(error, "/.aws cannot be read: Is a directory"));
    (void)setenv("AWS_CONFIG_FILE", path(".aws/config/x"), 1);
    write_text(".aws/credentials", "");
    write_text(".aws/config", "");
    profiles_free(profiles_load(error, sizeof(error)));
}

static void a_file_that_is_too_large_is_an_error(void **state)
{
    FILE *file = fopen(path(".aws/config"), "w");
    struct profiles *profiles;

    (void)state;
    assert_int_equal(fputs("[default]\nregion = a\n", file) >= 0, 1);
    for (int i = 0; i < 1 << 20; i++)
        (void)fputc('#', file);
    assert_int_equal(fclose(file), 0);
    assert_null(profiles_load(error, sizeof(error)));
    assert_non_null(strstr(error, "File too large"));
    assert_int_equal(truncate(path(".aws/config"), 1 << 20), 0);
    profiles = profiles_load(error, sizeof(error));
    assert_string_equal(profiles_get(profiles, "default", "region"), "a");
    profiles_free(profiles);
}

static void memory_may_run_out_anywhere(void **state)
{
    (void)state;
    write_text(".aws/config", "[default]\nregion = a\n");
    write_text(".aws/credentials", "[default]\nkey = b\n");
    for (unsigned n = 1;; n++) {
        struct profiles *profiles;

        fail_malloc_at(n);
        profiles = profiles_load(error, sizeof(error));
        if (!fail_malloc_stop()) {
            assert_non_null(profiles);
            profiles_free(profiles);
            break;
        }
        assert_null(profiles);
        assert_non_null(strstr(error, "out of memory"));
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_found),
        cmocka_unit_test(credentials_come_before_config),
        cmocka_unit_test(services_have_sections_of_their_own),
        cmocka_unit_test(what_is_wrong_is_said_with_file_and_line),
        cmocka_unit_test(too_many_keys_are_refused),
        cmocka_unit_test(words_are_split_as_a_shell_would),
        TEST(files_that_are_absent_are_empty),
        TEST(files_are_found_at_home_and_where_the_environment_says),
        TEST(a_file_that_cannot_be_read_is_an_error),
        TEST(a_file_that_is_too_large_is_an_error),
        TEST(memory_may_run_out_anywhere),
    };

    return cmocka_run_group_tests_name("profile", tests, NULL, NULL);
}
