/*
 * test_targets.c -- targets from argv, from file_sd files and from lines; what
 * they carry, and what is told when they are none.
 */
#include "support/unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/text.h"
#include "commands/targets.h"
#include "net/url.h"
#include "support/fail_malloc.h"

static char error[ERROR_TEXT_MAX];
static struct check_options plain, tls;
static struct secret_pool secrets;
static struct target_list list;

static const struct check_options *module_of(void *data, const char *name,
                                             char *text, size_t size)
{
    (void)data;
    if (!name)
        return &plain;
    if (strcmp(name, "tls") == 0)
        return &tls;
    error_set(text, size, "\"%s\" is no module", name);
    return NULL;
}

static int set_up(void **state)
{
    (void)state;
    check_options_init(&plain, COMMAND_CHECK);
    check_options_init(&tls, COMMAND_CHECK);
    tls.tls = true;
    tls.port = 6380;
    tls.db = 2;
    list = (struct target_list){ .module = module_of, .secrets = &secrets };
    error[0] = '\0';
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    target_list_free(&list);
    secret_pool_free(&secrets);
    return 0;
}

static bool parse(const char *text)
{
    return target_list_parse(&list, text, strlen(text), "t.json", error,
                             sizeof(error));
}

static bool lines(const char *text)
{
    return target_list_lines(&list, text, strlen(text), "standard input", error,
                             sizeof(error));
}

static void assert_labels(const struct target *target, const char *text)
{
    char all[200] = "";

    for (size_t i = 0; i < target->group->nlabels; i++) {
        strcat(all, target->group->labels[i].name);
        strcat(all, "=");
        strcat(all, target->group->labels[i].value);
        strcat(all, ";");
    }
    assert_string_equal(all, text);
}

static void json_is_read(void **state)
{
    (void)state;
    assert_true(parse(
        "[\n"
        "\t{\"targets\":[\"a.example\",\"rediss://:p%40ss@b.example:7000/3\"],"
        "\n\t \"labels\":{\"team\":\"pay\",\"__module__\":\"tls\","
        "\"__meta_x\":\"hidden\",\"n\":\"\\u00f6\"}},\n"
        "\t{\"labels\":{\"__user__\":\"u\",\"__password_file__\":\"f\","
        "\"__tls_name__\":\"t\"},\"targets\":[\"10.0.0.1:1\",\"[::1]\"]},\n"
        "\t{\"targets\":[]}\n"
        "]\n"));
    assert_int_equal(list.ntargets, 4);
    assert_string_equal(list.targets[0].name, "a.example:6380");
    assert_string_equal(list.targets[0].host, "a.example");
    assert_true(list.targets[0].tls);
    assert_int_equal(list.targets[0].db, 2);
    assert_ptr_equal(list.targets[0].group->options, &tls);
    assert_labels(&list.targets[0], "team=pay;n=\xc3\xb6;");
    assert_string_equal(list.targets[1].name, "b.example:7000");
    assert_string_equal(list.targets[1].password, "p@ss");
    assert_null(list.targets[1].user);
    assert_int_equal(list.targets[1].db, 3);
    assert_ptr_equal(list.targets[1].group, list.targets[0].group);
    assert_string_equal(list.targets[2].group->user, "u");
    assert_string_equal(list.targets[2].group->password_file, "f");
    assert_string_equal(list.targets[2].group->tls_name, "t");
    assert_ptr_equal(list.targets[2].group->options, &plain);
    assert_labels(&list.targets[2], "");
    assert_false(list.targets[2].tls);
    assert_string_equal(list.targets[3].name, "[::1]:6379");
}

static void yaml_is_read(void **state)
{
    (void)state;
    assert_true(parse("\xef\xbb\xbf# of the team\r\n"
                      "- targets:\r\n"
                      "  - a.example:1\r\n"
                      "  - 'redis://u:p@b.example'\r\n"
                      "  labels:\r\n"
                      "    team: pay\r\n"
                      "    shard: 3\r\n"
                      "- targets: [c.example]\r\n"));
    assert_int_equal(list.ntargets, 3);
    assert_labels(&list.targets[1], "team=pay;shard=3;");
    assert_string_equal(list.targets[1].user, "u");
    assert_string_equal(list.targets[1].password, "p");
    assert_string_equal(list.targets[2].name, "c.example:6379");
}

static void nothing_is_no_target(void **state)
{
    (void)state;
    assert_true(parse("[]"));
    assert_true(parse("[{}]"));
    assert_true(parse("[{\"targets\":null,\"labels\":null}]"));
    assert_true(lines(""));
    assert_true(lines("\n  \n# none\n"));
    assert_int_equal(list.ntargets, 0);
}

static void lines_are_targets(void **state)
{
    (void)state;
    assert_true(lines("\xef\xbb\xbf"
                      "a.example\r\n"
                      "\n"
                      "  # not this\n"
                      "\t b.example:1 \t\n"
                      "redis://u:p@c.example"));
    assert_int_equal(list.ntargets, 3);
    assert_string_equal(list.targets[0].name, "a.example:6379");
    assert_string_equal(list.targets[1].name, "b.example:1");
    assert_string_equal(list.targets[2].password, "p");
    assert_int_equal(list.targets[2].group->nlabels, 0);
}

static void what_is_wrong_has_its_line(void **state)
{
    static const struct {
        const char *text, *error;
    } wrong[] = {
        { "", "t.json:1: expected a list of groups such as "
              "[{\"targets\": [\"cache.example:6379\"]}], found the end of the "
              "file" },
        { "{\"targets\":[\"a\"]}",
          "t.json:1: expected a list of groups such as [{\"targets\": "
          "[\"cache.example:6379\"]}], found a map" },
        { "a.example\n",
          "t.json:1: expected a list of groups such as [{\"targets\": "
          "[\"cache.example:6379\"]}], found a text" },
        { "[\"a.example\"]",
          "t.json:1: expected a group: {\"targets\": [...]}, found a text" },
        { "[{\"targets\":\"a\"}]",
          "t.json:1: expected a list of targets, found a text" },
        { "[{\"targets\":[\"a\",\n 6379]}]",
          "t.json:2: expected a target such as \"cache.example:6379\", found a "
          "number" },
        { "[{\"targets\":[null]}]",
          "t.json:1: expected a target such as \"cache.example:6379\", found "
          "nothing" },
        { "[{\"targets\":[true]}]",
          "t.json:1: expected a target such as \"cache.example:6379\", found "
          "true or false" },
        { "[{\"targets\":[[\"a\"]]}]",
          "t.json:1: expected a target such as \"cache.example:6379\", found a "
          "list" },
        { "[{\"target\":[\"a\"]}]",
          "t.json:1: unknown key \"target\"; expected targets or labels" },
        { "[{\"targets\":[],\n\"targets\":[]}]",
          "t.json:2: targets: given twice in a group" },
        { "[{\"labels\":[]}]",
          "t.json:1: expected a map of labels, found a list" },
        { "[{\"labels\":{\"a\":[]}}]",
          "t.json:1: expected a label's text, found a list" },
        { "[{\"labels\":{\"a\":null}}]",
          "t.json:1: expected a label's text, found nothing" },
        { "[{\"labels\":{\"a b\":\"c\"}}]",
          "t.json:1: \"a b\" is no label; expected letters, digits and _" },
        { "[{\"labels\":{\"\":\"c\"}}]",
          "t.json:1: \"\" is no label; expected letters, digits and _" },
        { "[{\"labels\":{\"a\":\"c\",\n\"a\":\"c\"}}]",
          "t.json:2: \"a\" is a label of this group already" },
        { "[{\"targets\":[\"a\"],\n\"labels\":{\"__module__\":\"m\"}}]",
          "t.json:2: \"m\" is no module" },
        { "[{\"targets\":[\"a\",\n\n\"redis://u:hunter2@h:0\"]}]",
          "t.json:3: port \"0\" is not a number from 1 to 65535" },
        { "[{\"targets\":[\"a\"]}", "t.json:2: neither YAML nor JSON: did not "
                                    "find expected ',' or ']' while parsing a "
                                    "flow sequence" },
        { "[{\"targets\":[\"a\\u0000\"]}]", "t.json:1: a NUL inside a text" },
        { "[]\n---\n[]", "t.json:2: a second document begins" },
        { "- &a {targets: [a]}\n- *a\n",
          "t.json:2: aliases (*name) are not taken here" },
        { "[{\"targets\":[\"\"]}]", NULL },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
        assert_false(parse(wrong[i].text));
        if (wrong[i].error)
            assert_string_equal(error, wrong[i].error);
        assert_null(strstr(error, "hunter2"));
    }
}

static void wrong_lines_have_their_number(void **state)
{
    (void)state;
    assert_false(lines("a\n\n# c\nredis://u:hunter2@h:0\n"));
    assert_string_equal(error, "standard input:4: port \"0\" is not a number "
                               "from 1 to 65535");
    assert_false(target_list_lines(&list, "a\0b\n", 4, "standard input", error,
                                   sizeof(error)));
    assert_string_equal(error,
                        "standard input:1: a NUL; expected a target a line");
}

static void a_password_in_an_argument_is_overwritten(void **state)
{
    char url[] = "redis://u:hunter2@h:1/2", host[] = "h:1",
         bad[] = "redis://:hunter2@h:0";
    bool exposed = false;

    (void)state;
    assert_true(
        target_list_argument(&list, host, &exposed, error, sizeof(error)));
    assert_false(exposed);
    assert_true(
        target_list_argument(&list, url, &exposed, error, sizeof(error)));
    assert_true(exposed);
    assert_string_equal(url, "redis://u:*******@h:1/2");
    assert_string_equal(list.targets[1].password, "hunter2");
    assert_string_equal(list.targets[1].name, "h:1");
    exposed = false;
    assert_false(
        target_list_argument(&list, bad, &exposed, error, sizeof(error)));
    assert_true(exposed);
    assert_string_equal(error, "\"h:0\": port \"0\" is not a number from 1 to "
                               "65535");
    assert_null(strstr(bad, "hunter2"));
}

static void a_missing_file_is_told(void **state)
{
    (void)state;
    assert_false(target_list_file(&list, "/nonexistent", error, sizeof(error)));
    assert_string_equal(error, "--targets: \"/nonexistent\" cannot be read: No "
                               "such file or directory");
}

static void many_targets_are_small(void **state)
{
    enum { MANY = 20000 };
    char *text = malloc((size_t)MANY * 32), *at = text;

    (void)state;
    at = stpcpy(at, "[{\"targets\":[\n");
    for (int i = 0; i < MANY; i++)
        at += sprintf(at, "\"10.0.%d.%d\",\n", i / 256, i % 256);
    strcpy(at - 2, "]}]");
    assert_true(parse(text));
    assert_int_equal(list.ntargets, MANY);
    assert_string_equal(list.targets[MANY - 1].name, "10.0.78.31:6379");
    assert_true(sizeof(struct target) <= 56);
    free(text);
}

static void running_out_of_memory_is_an_error(void **state)
{
    (void)state;
    for (unsigned n = 1;; n++) {
        bool fine;

        fail_malloc_at(n);
        fine = parse("[{\"targets\":[\"a\",\"redis://u:p@b\"],"
                     "\"labels\":{\"x\":\"y\"}}]");
        if (!fail_malloc_stop()) {
            assert_true(fine);
            break;
        }
        assert_false(fine);
        assert_non_null(strstr(error, "out of memory"));
        target_list_free(&list);
    }
}

static void the_endpoint_of_a_list_is_found(void **state)
{
#define TAIL ".vpce-svc-0e12.us-west-2.vpce.amazonaws.com"
    static const struct {
        const char *lines, *host;
    } rows[] = {
        { "a.test\nvpce-1-ab" TAIL "\n", "vpce-1-ab" TAIL },
        { "vpce-1-ab-us-west-2a" TAIL "\na.test\nvpce-1-ab" TAIL "\n"
          "vpce-1-ab-us-west-2b" TAIL "\n",
          "vpce-1-ab" TAIL },
        { "vpce-1-ab-us-west-2a" TAIL "\na.test\n",
          "vpce-1-ab-us-west-2a" TAIL },
        { "a.test\nvpce-1-ab" TAIL "\nvpce-2-ab" TAIL "\n", NULL },
        { "a.test\nb.test\n", NULL },
        { "vpce-1-ab" TAIL "\n", NULL },
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const struct target *endpoint;

        assert_int_equal(set_up(state), 0);
        assert_true(lines(rows[i].lines));
        endpoint = target_list_endpoint(&list);
        assert_int_equal(endpoint != NULL, rows[i].host != NULL);
        if (endpoint)
            assert_string_equal(endpoint->host, rows[i].host);
        tear_down(state);
    }
#undef TAIL
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(json_is_read),
        TEST(yaml_is_read),
        TEST(nothing_is_no_target),
        TEST(lines_are_targets),
        TEST(what_is_wrong_has_its_line),
        TEST(wrong_lines_have_their_number),
        TEST(a_password_in_an_argument_is_overwritten),
        TEST(a_missing_file_is_told),
        TEST(many_targets_are_small),
        TEST(running_out_of_memory_is_an_error),
        cmocka_unit_test(the_endpoint_of_a_list_is_found),
    };

    return cmocka_run_group_tests_name("targets", tests, NULL, NULL);
}
