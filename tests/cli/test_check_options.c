/*
 * test_check_options.c -- what the options of check mean, alone, layered, and
 * against each other.
 */
#include "support/unit.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "cli/text.h"
#include "commands/check/options.h"
#include "net/url.h"

#define VARIABLE(text) ((char[]){ text })

static char error[ERROR_TEXT_MAX];
static struct check_options got;
static struct options parsed;

/* Read the words, separated by blanks, and build `got` from them. */
static bool build(const char *words, bool plugin)
{
    static char copy[512];
    struct option_layers layers = { .argv = &parsed.argv };
    char *argv[32] = { (char[]){ "check" } }, *rest = copy;
    int argc = 1;

    error[0] = '\0';
    (void)strncpy(copy, words, sizeof(copy) - 1);
    while ((argv[argc] = strsep(&rest, " ")) != NULL) {
        if (argv[argc][0] != '\0')
            argc++;
    }
    return options_parse(&check_spec, argc, argv, &parsed, error,
                         sizeof(error)) &&
           check_options_build(&check_spec, &layers, NULL, plugin, &got, error,
                               sizeof(error));
}

static void built(const char *words, bool plugin)
{
    if (!build(words, plugin))
        fail_msg("%s: %s", words, error);
    options_free(&parsed);
}

static void the_defaults_are_those_of_the_manual(void **state)
{
    (void)state;
    built("", false);
    assert_int_equal(got.port, 6379);
    assert_int_equal(got.db, NET_DB_NONE);
    assert_int_equal(got.family, AF_UNSPEC);
    assert_int_equal(got.require, REQUIRE_ALL);
    assert_int_equal(got.degraded, CHECK_CRITICAL);
    assert_int_equal(got.tls_verify, NET_TLS_VERIFY_FULL);
    assert_true(got.write);
    assert_int_equal(got.role, EXPECT_DEFAULT);
    assert_string_equal(got.key_prefix, "linkprobe:{check}:");
    assert_true(got.diagnose);
    assert_int_equal(got.timeout_ms, 3500);
    assert_int_equal(got.deadline_ms, 8000);
    assert_int_equal(got.watchdog_ms, CHECK_WATCHDOG_NONE);
    assert_int_equal(got.interval_ms, 2000);
    assert_int_equal(got.consecutive, 1);
    assert_int_equal(got.concurrency, 256);
    assert_int_equal(got.cert_warning_days, CERT_DAYS_OFF);
    assert_int_equal(got.format, CHECK_FORMAT_TEXT);
    assert_false(got.thresholds.warning[THRESHOLD_TOTAL].set);
}

static void printed_defaults_are_the_real_ones(void **state)
{
    (void)state;
    for (unsigned i = 0; i < check_rows.nrows; i++) {
        const struct option_row *row = &check_rows.rows[i];
        struct check_options plain, told;

        if (row->fallback[0] == '\0')
            continue;
        check_options_init(&plain, row->commands & COMMAND_CHECK
                                       ? COMMAND_CHECK
                                       : row->commands);
        told = plain;
        if (!option_write(&check_rows, row, row->fallback, true, &told, error,
                          sizeof(error)))
            fail_msg("%s: %s", row->name, error);
        if (row->id == CHECK_ROW_KEY_PREFIX) {
            assert_string_equal(told.key_prefix, plain.key_prefix);
            told.key_prefix = plain.key_prefix;
        }
        /* Copies of one struct, padding and all. */
        if (memcmp((void *)&told, (void *)&plain, sizeof(plain)) != 0)
            fail_msg("--%s: [%s] is not the default", row->name, row->fallback);
    }
}

static void values_are_parsed_once_and_for_all(void **state)
{
    (void)state;
    built("-4 --address 10.0.0.1,10.0.0.2 --address=10.0.0.3 --source "
          "10.0.0.9 --dns 10.0.0.2:53 --require 2 --degraded warning "
          "--expect-address 10.0.0.0/8",
          false);
    assert_int_equal(got.family, AF_INET);
    assert_int_equal(got.naddresses, 3);
    assert_int_equal(got.nexpect, 1);
    assert_true(net_cidr_contains(&got.expect[0], &got.addresses[2]));
    assert_int_equal(got.source.sa.any.sa_family, AF_INET);
    assert_string_equal(got.dns, "10.0.0.2:53");
    assert_int_equal(got.require, 2);
    assert_int_equal(got.degraded, CHECK_WARNING);
    built("-S --tls-name n --cert c --key k --tls-verify chain --cacert a "
          "--cacertdir b -n 3 -p 7000 --user u --password-file f "
          "--password-command c",
          false);
    assert_true(got.tls);
    assert_int_equal(got.tls_verify, NET_TLS_VERIFY_CHAIN);
    assert_int_equal(got.db, 3);
    assert_int_equal(got.port, 7000);
    built("--payload 1400,8300,16k --payload 64m --idle 360s --key-prefix= "
          "--expect-role any -D 30,7 --require any -vv -q --json --color never "
          "--no-diagnose --insecure",
          false);
    assert_int_equal(got.npayloads, 4);
    assert_int_equal(got.payloads[2], 16384);
    assert_int_equal(got.payloads[3], 64 << 20);
    assert_int_equal(got.idle_ms, 360000);
    assert_string_equal(got.key_prefix, "");
    assert_int_equal(got.role, EXPECT_ANY);
    assert_int_equal(got.cert_warning_days, 30);
    assert_int_equal(got.cert_critical_days, 7);
    assert_int_equal(got.require, REQUIRE_ANY);
    assert_int_equal(got.verbosity, 2);
    assert_int_equal(got.format, CHECK_FORMAT_JSON);
    assert_int_equal(got.color, CHECK_COLOR_NEVER);
    assert_false(got.diagnose);
    assert_int_equal(got.tls_verify, NET_TLS_VERIFY_NONE);
}

static void thresholds_go_to_their_stage(void **state)
{
    (void)state;
    built("-w tcp=50ms,total=0.2 -w tls=1 -c 5", false);
    assert_true(got.thresholds.warning[STAGE_TCP].set);
    assert_true(got.thresholds.warning[THRESHOLD_TOTAL].set);
    assert_true(got.thresholds.warning[STAGE_TLS].set);
    assert_true(got.thresholds.critical[THRESHOLD_TOTAL].set);
    assert_false(got.thresholds.critical[STAGE_TCP].set);
}

static void a_replica_is_not_written_to(void **state)
{
    (void)state;
    built("--expect-role replica", false);
    assert_false(got.write);
    built("--no-write", false);
    assert_false(got.write);
    built("--no-write --write", false);
    assert_true(got.write);
    built("--expect-role any", false);
    assert_true(got.write);
}

static void times_follow_from_each_other(void **state)
{
    static const struct {
        const char *words;
        bool plugin;
        unsigned deadline_ms;
        int watchdog_ms;
        enum check_status status;
    } rows[] = {
        { "", false, 8000, 0, CHECK_UNKNOWN },
        { "", true, 8000, 10000, CHECK_UNKNOWN },
        { "--format nagios", false, 8000, 10000, CHECK_UNKNOWN },
        { "--format json", true, 8000, 0, CHECK_UNKNOWN },
        { "--idle 60s", false, 68000, 0, CHECK_UNKNOWN },
        { "--idle 60s", true, 68000, 70000, CHECK_UNKNOWN },
        { "--wait 60s", true, 8000, 70000, CHECK_UNKNOWN },
        { "--deadline 30s", true, 30000, 32000, CHECK_UNKNOWN },
        { "-t 5", true, 4500, 5000, CHECK_UNKNOWN },
        { "-t 5:CRITICAL", false, 4500, 5000, CHECK_CRITICAL },
        { "-t 8:2", false, 7500, 8000, CHECK_CRITICAL },
        { "-t 8.1:warning", false, 8000, 8100, CHECK_WARNING },
        { "-t 500ms", false, 250, 500, CHECK_UNKNOWN },
        { "-t 0.001", false, 1, 1, CHECK_UNKNOWN },
        { "-t 0", true, 8000, 0, CHECK_UNKNOWN },
        { "-t 7 --idle 5s", false, 6500, 7000, CHECK_UNKNOWN },
        { "-t 0 --idle 5s", true, 13000, 0, CHECK_UNKNOWN },
        { "-t 20 --deadline 2s", false, 2000, 20000, CHECK_UNKNOWN },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        built(rows[i].words, rows[i].plugin);
        assert_int_equal(got.deadline_ms, rows[i].deadline_ms);
        assert_int_equal(got.watchdog_ms, rows[i].watchdog_ms);
        assert_int_equal(got.watchdog_status, rows[i].status);
    }
}

static void what_is_wrong_is_told(void **state)
{
    static const struct {
        const char *words, *error;
    } wrong[] = {
        { "--address 10.0.0.300", "--address: \"10.0.0.300\" is no address; "
                                  "expected an IP such as 10.0.0.1" },
        { "--address 1.1.1.1,",
          "--address: \"1.1.1.1,\" is no list; expected IPs such as "
          "10.0.0.1,::1" },
        { "--expect-address 10.0.0.0/33",
          "--expect-address: \"10.0.0.0/33\" is neither an address nor a "
          "range; expected an IP or a CIDR such as 10.0.0.0/16" },
        { "--source h",
          "--source: \"h\" is no address; expected an IP of this machine" },
        { "--dns h", "--dns: \"h\" is no list of name servers; expected "
                     "addresses such as 10.0.0.2,10.0.0.3:5353" },
        { "--require 0", "--require: \"0\" is not known; expected all, any or "
                         "a number from 1 to 1000" },
        { "-n x", "--db: \"x\" is no database; expected a number from 0 to "
                  "65535" },
        { "-t x", "--watchdog: \"x\" is no time limit; expected "
                  "SECONDS[:STATE] such as 10 or 30:CRITICAL" },
        { "-t 5:", "--watchdog: \"\" is no status; expected OK, WARNING, "
                   "CRITICAL or UNKNOWN" },
        { "-t 5:4", "--watchdog: \"4\" is no status; expected OK, WARNING, "
                    "CRITICAL or UNKNOWN" },
        { "-t 8d", "--watchdog: \"8d\" is no time limit; expected "
                   "SECONDS[:STATE] such as 10 or 30:CRITICAL" },
        { "-t 9999999", "--watchdog: \"9999999\" is more than seven days" },
        { "-D 7,30", "--cert-days: \"7,30\" warns later than it is critical; "
                     "expected the larger number first" },
        { "-D 7,3,1",
          "--cert-days: \"7,3,1\" is not known; expected days as W[,C], such "
          "as 30,7" },
        { "-D x", "--cert-days: \"x\" is not known; expected days as W[,C], "
                  "such as 30,7" },
        { "--payload 0", "--payload: \"0\" is no size from 1 to 64m" },
        { "--payload 65m", "--payload: \"65m\" is no size from 1 to 64m" },
        { "--payload 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17",
          "--payload: more than 16 sizes" },
        { "--payload 1q", "--payload: \"1q\" has a unit that is not known; "
                          "expected sizes (k, m) such as 1400,16k" },
        { "--write --expect-role replica",
          "--write and --expect-role replica contradict each other: a replica "
          "takes no writes" },
        { "--no-write --payload 1k",
          "--payload writes; it cannot go with --no-write" },
        { "--expect-role replica --payload 1k",
          "--payload writes; it cannot go with --expect-role replica" },
        { "-t 3 --idle 5s", "-t 3 is over before --idle 5s and a reply; "
                            "expected -t 7 or more" },
        { "-t 6.4 --idle 5s", "-t 6.4 is over before --idle 5s and a reply; "
                              "expected -t 7 or more" },
        { "-4 --address ::1", "-4 asks for IPv4, but --address ::1 is IPv6" },
        { "-6 --source 127.0.0.1",
          "-6 asks for IPv6, but --source 127.0.0.1 is IPv4" },
        { "--source ::1 --address 127.0.0.1",
          "--source is IPv6, but --address 127.0.0.1 is IPv4" },
        { "--require 3 --address 127.0.0.1",
          "--require 3 can never be met: --address names 1" },
        { "--key k", "--key without --cert: expected the certificate too" },
        { "--password-file - --targets -",
          "--password-file - and --targets - cannot both read standard "
          "input" },
        { "--consecutive 3",
          "--consecutive means nothing without --wait TIME" },
        { "-w tpc=1", NULL },
        { "--config x --no-config --module", "--module needs a value: NAME" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
        assert_false(build(wrong[i].words, false));
        if (wrong[i].error)
            assert_string_equal(error, wrong[i].error);
        assert_null(strchr(error, '\n'));
        options_free(&parsed);
    }
}

static void long_prefixes_are_refused(void **state)
{
    struct option_values values = { .source = OPTION_FROM_ARGV };
    struct option_value value = { .set = &check_rows };
    char prefix[CHECK_PREFIX_MAX + 2];

    (void)state;
    memset(prefix, 'p', sizeof(prefix));
    prefix[CHECK_PREFIX_MAX + 1] = '\0';
    value.row = option_find(&check_spec, "key-prefix", 10, NULL);
    value.text = prefix;
    assert_true(option_values_add(&values, &value));
    assert_false(
        options_apply(&check_spec, &values, &got, error, sizeof(error)));
    assert_string_equal(error, "--key-prefix: longer than 200 bytes");
    prefix[CHECK_PREFIX_MAX] = '\0';
    assert_true(
        options_apply(&check_spec, &values, &got, error, sizeof(error)));
    option_values_free(&values);
}

static void the_stronger_source_wins(void **state)
{
    static const char yaml[] = "defaults: {timeout: 1s, user: d, port: 1,\n"
                               "  deadline: 20s, address: [9.9.9.9]}\n"
                               "modules:\n"
                               "  m: {timeout: 2s, user: m, port: 2}\n";
    static const struct option_spec *const specs[] = { &check_spec };
    char *environment[] = { VARIABLE("LINKPROBE_TIMEOUT=3s"),
                            VARIABLE("LINKPROBE_PORT=3"),
                            VARIABLE("LINKPROBE_ADDRESS=8.8.8.8,7.7.7.7"),
                            NULL };
    char *argv[] = { VARIABLE("check"), VARIABLE("--timeout=4s"), NULL };
    struct option_values variables;
    struct config config;
    struct option_layers layers = { &config, &variables, &parsed.argv };

    (void)state;
    assert_true(config_parse(yaml, sizeof(yaml) - 1, "f.yml", specs, 1, &config,
                             error, sizeof(error)));
    assert_true(options_environment(&check_spec, environment, &variables));
    assert_true(
        options_parse(&check_spec, 2, argv, &parsed, error, sizeof(error)));
    assert_true(check_options_build(&check_spec, &layers, "m", false, &got,
                                    error, sizeof(error)));
    assert_int_equal(got.timeout_ms, 4000);   /* argv */
    assert_int_equal(got.port, 3);            /* environment */
    assert_string_equal(got.user, "m");       /* module */
    assert_int_equal(got.deadline_ms, 20000); /* defaults */
    assert_int_equal(got.interval_ms, 2000);  /* built in */
    assert_int_equal(got.naddresses, 2);      /* the list of the stronger */
    assert_true(check_options_build(&check_spec, &layers, NULL, false, &got,
                                    error, sizeof(error)));
    assert_string_equal(got.user, "d");
    assert_true(option_values_add(
        &variables, &(struct option_value){
                        .row = option_find(&check_spec, "module", 6, NULL),
                        .set = check_spec.sets,
                        .text = "m" }));
    assert_true(check_options_build(&check_spec, &layers, NULL, false, &got,
                                    error, sizeof(error)));
    assert_string_equal(got.user, "m");
    assert_false(check_options_build(&check_spec, &layers, "n", false, &got,
                                     error, sizeof(error)));
    assert_string_equal(error, "--module: \"n\" is no module of f.yml");
    options_free(&parsed);
    option_values_free(&variables);
    config_free(&config);
}

static void defaults_of_a_file_give_way(void **state)
{
    static const char yaml[] =
        "defaults: {payload: [1k], consecutive: 3, write: true, ipv4: false,\n"
        "  insecure: no}\n";
    static const struct option_spec *const specs[] = { &check_spec };
    char *argv[] = { VARIABLE("check"), VARIABLE("--no-write"), NULL };
    struct config config;
    struct option_layers layers = { .config = &config, .argv = &parsed.argv };

    (void)state;
    assert_true(config_parse(yaml, sizeof(yaml) - 1, "f.yml", specs, 1, &config,
                             error, sizeof(error)));
    assert_true(
        options_parse(&check_spec, 2, argv, &parsed, error, sizeof(error)));
    assert_true(check_options_build(&check_spec, &layers, NULL, false, &got,
                                    error, sizeof(error)));
    assert_false(got.write);
    assert_int_equal(got.npayloads, 0);
    assert_int_equal(got.family, AF_UNSPEC);
    assert_int_equal(got.tls_verify, NET_TLS_VERIFY_FULL);
    options_free(&parsed);
    config_free(&config);
}

static void a_plugin_has_one_target(void **state)
{
    (void)state;
    built("", true);
    assert_true(check_options_take(&got, 1, error, sizeof(error)));
    assert_false(check_options_take(&got, 2, error, sizeof(error)));
    assert_string_equal(error, "2 targets; expected one, since a monitoring "
                               "plugin has one result");
    assert_false(check_options_take(&got, 0, error, sizeof(error)));
    built("", false);
    assert_true(check_options_take(&got, 2, error, sizeof(error)));
}

static void errors_find_their_format(void **state)
{
    static const struct {
        const char *words[4];
        bool plugin;
        enum check_format format;
    } rows[] = {
        { { "check" }, false, CHECK_FORMAT_TEXT },
        { { "check" }, true, CHECK_FORMAT_NAGIOS },
        { { "check", "--zzz", "--json" }, false, CHECK_FORMAT_JSON },
        { { "check", "--format", "tap" }, true, CHECK_FORMAT_TAP },
        { { "check", "--format=junit" }, false, CHECK_FORMAT_JUNIT },
        { { "check", "--format=x" }, false, CHECK_FORMAT_TEXT },
        { { "check", "--format" }, false, CHECK_FORMAT_TEXT },
        { { "check", "--", "--json" }, false, CHECK_FORMAT_TEXT },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        static char copies[4][16];
        char *argv[5];
        int argc = 0;

        for (; argc < 4 && rows[i].words[argc]; argc++)
            argv[argc] = strcpy(copies[argc], rows[i].words[argc]);
        assert_int_equal(check_format_hint(argc, argv, rows[i].plugin),
                         rows[i].format);
    }
}

static void rows_are_in_order(void **state)
{
    const struct option_row *row = check_rows.rows;

    (void)state;
    for (unsigned i = 0; i < check_rows.nrows; i++, row++) {
        if ((row->flags & OPTION_HIDDEN) == 0)
            assert_true(strlen(row->help) > 10);
        assert_true(row->group < check_rows.ngroups);
        for (unsigned j = 0; j < i; j++) {
            const struct option_row *other = &check_rows.rows[j];

            if ((other->commands & row->commands) == 0)
                continue;
            assert_string_not_equal(other->name, row->name);
            assert_true(row->letter == '\0' || other->letter != row->letter);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_defaults_are_those_of_the_manual),
        cmocka_unit_test(printed_defaults_are_the_real_ones),
        cmocka_unit_test(values_are_parsed_once_and_for_all),
        cmocka_unit_test(thresholds_go_to_their_stage),
        cmocka_unit_test(a_replica_is_not_written_to),
        cmocka_unit_test(times_follow_from_each_other),
        cmocka_unit_test(what_is_wrong_is_told),
        cmocka_unit_test(long_prefixes_are_refused),
        cmocka_unit_test(the_stronger_source_wins),
        cmocka_unit_test(defaults_of_a_file_give_way),
        cmocka_unit_test(a_plugin_has_one_target),
        cmocka_unit_test(errors_find_their_format),
        cmocka_unit_test(rows_are_in_order),
    };

    return cmocka_run_group_tests_name("check_options", tests, NULL, NULL);
}
