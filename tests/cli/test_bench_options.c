/*
 * test_bench_options.c -- what the options of bench mean, alone, layered, side
 * by side, and against each other.
 */
#include "support/unit.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "cli/help.h"
#include "cli/text.h"
#include "commands/bench/options.h"
#include "net/url.h"

#define VARIABLE(text) ((char[]){ text })

static char error[ERROR_TEXT_MAX];
static struct bench_options got;
static struct options parsed;
static struct config config;
static struct option_values environment;

/* Read the words, separated by blanks, and build `got` from them. */
static bool build(const char *words)
{
    static char copy[512];
    const struct option_layers layers = { .config = &config,
                                          .environment = &environment,
                                          .argv = &parsed.argv };
    char *argv[64] = { (char[]){ "bench" } }, *rest = copy;
    int argc = 1;

    error[0] = '\0';
    (void)strncpy(copy, words, sizeof(copy) - 1);
    while ((argv[argc] = strsep(&rest, " ")) != NULL) {
        if (argv[argc][0] != '\0')
            argc++;
    }
    options_free(&parsed);
    return options_parse(&bench_spec, argc, argv, &parsed, error,
                         sizeof(error)) &&
           bench_options_build(&layers, NULL, &got, error, sizeof(error));
}

static void built(const char *words)
{
    if (!build(words))
        fail_msg("%s: %s", words, error);
}

static void load(const char *text)
{
    const struct option_spec *specs[] = { &bench_spec, &check_spec };

    config_free(&config);
    if (!config_parse(text, strlen(text), "c.yml", specs, 2, &config, error,
                      sizeof(error)))
        fail_msg("%s", error);
}

static int release(void **state)
{
    (void)state;
    options_free(&parsed);
    config_free(&config);
    option_values_free(&environment);
    return 0;
}

static void the_defaults_are_those_of_the_manual(void **state)
{
    (void)state;
    built("");
    assert_int_equal(got.connections, 50);
    assert_int_equal(got.threads, 1);
    assert_int_equal(got.pipeline, 1);
    assert_int_equal(got.requests, 0);
    assert_int_equal(got.duration_ms, 10000);
    assert_int_equal(got.warmup_ms, 1000);
    assert_true(got.rate == 0);
    assert_int_equal(got.weights[BENCH_PING], 0);
    assert_int_equal(got.weights[BENCH_SET], 1);
    assert_int_equal(got.weights[BENCH_GET], 10);
    assert_int_equal(got.size, 64);
    assert_int_equal(got.keys, 10000);
    assert_string_equal(got.key_prefix, "linkprobe:bench:");
    assert_int_equal(got.distribution, BENCH_UNIFORM);
    assert_int_equal(got.format, BENCH_FORMAT_TEXT);
    assert_int_equal(got.nsides, 1);
    assert_int_equal(got.check.timeout_ms, 3500);
    assert_int_equal(got.check.port, 6379);
    assert_int_equal(got.check.db, NET_DB_NONE);
    assert_false(got.seeded || got.force || got.reconnect);
}

static void printed_defaults_are_the_real_ones(void **state)
{
    static struct bench_options plain, told;

    (void)state;
    bench_options_init(&plain);
    for (unsigned i = 0; i < bench_rows.nrows; i++) {
        const struct option_row *row = &bench_rows.rows[i];

        if (row->fallback[0] == '\0')
            continue;
        told = plain;
        if (!option_write(&bench_rows, row, row->fallback, true, &told, error,
                          sizeof(error)))
            fail_msg("%s: %s", row->name, error);
        if (row->id == BENCH_ROW_KEY_PREFIX) {
            assert_string_equal(told.key_prefix, plain.key_prefix);
            told.key_prefix = plain.key_prefix;
        }
        if (row->id == BENCH_ROW_MIX)
            told.mix = plain.mix;
        if (memcmp((void *)&told, (void *)&plain, sizeof(plain)) != 0)
            fail_msg("--%s: [%s] is not the default", row->name, row->fallback);
    }
}

static void rows_are_whole(void **state)
{
    (void)state;
    for (unsigned i = 0; i < check_rows.nrows; i++)
        assert_true(check_rows.rows[i].name[0] != '\0');
    for (unsigned g = 0; g < check_rows.ngroups; g++)
        assert_true(check_rows.groups[g][0] != '\0');
}

static void values_are_parsed_once_and_for_all(void **state)
{
    (void)state;
    built("-c 200 -T 4 -P 16 -d 1m -R 0.5 --warmup 0 --mix get "
          "-s 16k -k 1000000 --key-prefix p: --distribution zipf --seed 7");
    assert_int_equal(got.connections, 200);
    assert_int_equal(got.threads, 4);
    assert_int_equal(got.duration_ms, 60000);
    assert_true(got.rate == 0.5);
    assert_int_equal(got.warmup_ms, 0);
    assert_int_equal(got.weights[BENCH_GET], 1);
    assert_int_equal(got.weights[BENCH_SET], 0);
    assert_int_equal(got.pipeline, 16);
    assert_int_equal(got.size, 16384);
    assert_int_equal(got.keys, 1000000);
    assert_string_equal(got.key_prefix, "p:");
    assert_int_equal(got.distribution, BENCH_ZIPF);
    assert_true(got.seeded && got.seed == 7);
    built("--reconnect -n 100000000000 --format csv --hlog a --hgrm b --html c "
          "-q -p 7000 "
          "-S --user u --assert p99<2ms --assert errors<1 --db 3 --force "
          "--timeout 100ms -4");
    assert_int_equal(got.requests, 100000000000);
    assert_int_equal(got.duration_ms, 0);
    assert_int_equal(got.format, BENCH_FORMAT_CSV);
    assert_string_equal(got.hlog, "a");
    assert_string_equal(got.hgrm, "b");
    assert_string_equal(got.html, "c");
    assert_true(got.check.quiet && got.check.tls && got.force);
    assert_true(got.reconnect);
    assert_int_equal(got.nasserts, 2);
    assert_int_equal(got.check.db, 3);
    assert_int_equal(got.check.family, AF_INET);
    assert_int_equal(got.sides[0].timeout_ms, 100);
}

static void the_end_is_by_time_or_by_requests(void **state)
{
    (void)state;
    assert_false(build("-n 5 -d 1s"));
    assert_non_null(strstr(error, "--requests and --duration"));
    load("defaults:\n  requests: 500\n");
    built("");
    assert_int_equal(got.requests, 500);
    assert_int_equal(got.duration_ms, 0);
    built("-d 2s");
    assert_int_equal(got.requests, 0);
    assert_int_equal(got.duration_ms, 2000);
}

static void mixes_have_weights(void **state)
{
    static const struct {
        const char *text;
        bool fine;
        unsigned ping, set, get;
    } rows[] = {
        { "ping", true, 1, 0, 0 },
        { "set", true, 0, 1, 0 },
        { "get", true, 0, 0, 1 },
        { "set:get=1:10", true, 0, 1, 10 },
        { "get:set=3:0", true, 0, 0, 3 },
        { "ping:set:get=1:2:3", true, 1, 2, 3 },
        { "set:get", true, 0, 1, 1 },
        { "set=5", true, 0, 5, 0 },
        { "set:get=0:0", false, 0, 0, 0 },
        { "set:get=1", false, 0, 0, 0 },
        { "set:get=1:2:3", false, 0, 0, 0 },
        { "set:set=1:2", false, 0, 0, 0 },
        { "set:=1", false, 0, 0, 0 },
        { "set:get=1:x", false, 0, 0, 0 },
        { "set:get=-1:2", false, 0, 0, 0 },
        { "set:get=1:9999999", false, 0, 0, 0 },
        { "set:get=1:2 ", false, 0, 0, 0 },
        { "incr", false, 0, 0, 0 },
        { "setx", false, 0, 0, 0 },
        { "", false, 0, 0, 0 },
        { ":", false, 0, 0, 0 },
        { "=", false, 0, 0, 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        unsigned weights[BENCH_COMMANDS] = { 77, 77, 77 };

        if (bench_mix_parse(rows[i].text, weights) != rows[i].fine)
            fail_msg("\"%s\"", rows[i].text);
        assert_int_equal(weights[BENCH_PING], rows[i].fine ? rows[i].ping : 77);
        assert_int_equal(weights[BENCH_SET], rows[i].fine ? rows[i].set : 77);
        assert_int_equal(weights[BENCH_GET], rows[i].fine ? rows[i].get : 77);
    }
}

static void times_are_those_of_rfc_3339(void **state)
{
    static const struct {
        const char *text;
        int64_t ms; /* 0: refused */
    } rows[] = {
        { "1970-01-01T00:00:00.001Z", 1 },
        { "2026-11-23T03:00:00Z", 1795402800000 },
        { "2026-11-23T03:00:00.25Z", 1795402800250 },
        { "2026-11-23T03:00:00.123456789Z", 1795402800123 },
        { "2026-11-23t03:00:00z", 1795402800000 },
        { "2026-11-23 03:00:00Z", 1795402800000 },
        { "2026-11-23T05:00:00+02:00", 1795402800000 },
        { "2026-11-22T21:30:00-05:30", 1795402800000 },
        { "2024-02-29T00:00:00Z", 1709164800000 },
        { "2023-02-29T00:00:00Z", 0 },
        { "2100-02-29T00:00:00Z", 0 },
        { "2026-13-01T00:00:00Z", 0 },
        { "2026-11-31T00:00:00Z", 0 },
        { "2026-11-23T24:00:00Z", 0 },
        { "2026-11-23T03:60:00Z", 0 },
        { "2026-11-23T03:00:00", 0 },
        { "2026-11-23T03:00:00.Z", 0 },
        { "2026-11-23T03:00:00+2:00", 0 },
        { "2026-11-23T03:00:00+25:00", 0 },
        { "2026-11-23T03:00:00Zx", 0 },
        { "2026-11-23", 0 },
        { "03:00", 0 },
        { "now", 0 },
        { "", 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        int64_t ms = 0;
        bool fine = bench_time_parse(rows[i].text, &ms);

        if (fine != (rows[i].ms != 0) || (fine && ms != rows[i].ms))
            fail_msg("\"%s\": %lld", rows[i].text, (long long)ms);
    }
}

static void host_of(const struct check_options *side, unsigned i,
                    const char *expected)
{
    char text[NET_ADDR_TEXT_MAX];

    assert_string_equal(net_addr_host(&side->addresses[i], text), expected);
}

static void sides_have_their_own_options(void **state)
{
    (void)state;
    built("--address 10.0.0.1 --dns 10.0.0.2 --tls-name one --cacert ca1 "
          "--against b --address 10.1.0.1,10.1.0.2 --cacert ca2 "
          "--against c --dns 10.2.0.2 --tls-name three --user u --tls");
    assert_int_equal(got.nsides, 3);
    assert_string_equal(got.against[1], "b");
    assert_string_equal(got.against[2], "c");
    assert_int_equal(got.sides[0].naddresses, 1);
    host_of(&got.sides[0], 0, "10.0.0.1");
    assert_string_equal(got.sides[0].dns, "10.0.0.2");
    assert_string_equal(got.sides[0].tls_name, "one");
    assert_string_equal(got.sides[0].cacert, "ca1");
    assert_int_equal(got.sides[1].naddresses, 2);
    host_of(&got.sides[1], 1, "10.1.0.2");
    assert_null(got.sides[1].dns);
    assert_string_equal(got.sides[1].tls_name, "one");
    assert_string_equal(got.sides[1].cacert, "ca2");
    assert_int_equal(got.sides[2].naddresses, 0);
    assert_string_equal(got.sides[2].dns, "10.2.0.2");
    assert_string_equal(got.sides[2].tls_name, "three");
    assert_string_equal(got.sides[2].cacert, "ca2");
    /* What belongs to no side is of all, wherever it stands. */
    for (unsigned i = 0; i < 3; i++) {
        assert_string_equal(got.sides[i].user, "u");
        assert_true(got.sides[i].tls);
    }
}

static void name_servers_of_the_file_are_of_every_side(void **state)
{
    (void)state;
    load("defaults:\n  dns: 10.9.9.9\n  address: 10.0.0.7\n");
    built("--against b --against c --dns 10.2.0.2");
    assert_string_equal(got.sides[0].dns, "10.9.9.9");
    assert_string_equal(got.sides[1].dns, "10.9.9.9");
    assert_string_equal(got.sides[2].dns, "10.2.0.2");
    assert_int_equal(got.sides[0].naddresses, 1);
    assert_int_equal(got.sides[1].naddresses, 0);
    built("--dns 10.1.1.1 --against b");
    assert_string_equal(got.sides[0].dns, "10.1.1.1");
    assert_string_equal(got.sides[1].dns, "10.9.9.9");
}

static void a_format_of_check_alone_gives_way(void **state)
{
    char *variables[] = { VARIABLE("LINKPROBE_FORMAT=prometheus"), NULL };

    (void)state;
    load("defaults:\n  format: nagios\n  connections: 7\n  warning: 5\n");
    built("");
    assert_int_equal(got.format, BENCH_FORMAT_TEXT);
    assert_int_equal(got.connections, 7);
    load("defaults:\n  format: json\n");
    built("");
    assert_int_equal(got.format, BENCH_FORMAT_JSON);
    assert_true(options_environment(&bench_spec, variables, &environment));
    built("");
    assert_int_equal(got.format, BENCH_FORMAT_TEXT);
    assert_false(build("--format nagios"));
    assert_non_null(strstr(error, "expected text, json or csv"));
}

static void a_module_is_chosen_by_name(void **state)
{
    (void)state;
    load("modules:\n  m:\n    rate: 500\n    assert: [p99<2ms, errors<1]\n");
    built("--module m");
    assert_true(got.rate == 500);
    assert_int_equal(got.nasserts, 2);
    built("--module m --assert p50<1ms -R 9");
    assert_true(got.rate == 9);
    assert_int_equal(got.nasserts, 1);
    assert_false(build("--module n"));
}

static void keys_of_one_command_do_not_trouble_the_other(void **state)
{
    const struct option_spec *specs[] = { &check_spec, &bench_spec };
    static const char text[] = "defaults:\n  connections: 7\n  mix: ping\n";

    (void)state;
    config_free(&config);
    assert_true(config_parse(text, sizeof(text) - 1, "c.yml", specs, 2, &config,
                             error, sizeof(error)));
    assert_int_equal(config.defaults.nvalues, 0);
}

static void contradictions_are_told_in_one_line(void **state)
{
    static const struct {
        const char *words, *what;
    } rows[] = {
        { "-d 64", "--size" },
        { "-d 0", "--duration" },
        { "-d 200h", "--duration" },
        { "-n 0", "--requests" },
        { "-n 1k", "--requests" },
        { "-R 0", "--rate" },
        { "-R 1e3", "--rate" },
        { "-R -5", "--rate" },
        { "-R 100000001", "--rate" },
        { "-c 0", "--connections" },
        { "-T 51", "--threads" },
        { "-T 0", "--threads" },
        { "-P 0", "--pipeline" },
        { "-P 2 --reconnect", "--reconnect" },
        { "-s 0", "--size" },
        { "-s 65m", "--size" },
        { "-k 0", "--keys" },
        { "-k 1000000001", "--keys" },
        { "--key-prefix=", "--key-prefix" },
        { "--mix foo", "--mix" },
        { "--distribution normal", "--distribution" },
        { "--seed -1", "--seed" },
        { "--format xml", "xml" },
        { "--start-at tomorrow", "--start-at" },
        { "--start-at 2020-01-01T00:00:00Z", "past" },
        { "--assert p99", "--assert" },
        { "--assert b.p99<1ms", "no side b" },
        { "--assert diff.p99<1ms", "--against" },
        { "--against b --assert c.p99<1ms", "no side c" },
        { "--against b --against=", "--against" },
        { "--against b --address 1.2.3", "--address" },
        { "-4 --against b --address ::1", "--address" },
        { "--against 2 --against 3 --against 4 --against 5 --against 6 "
          "--against 7 --against 8 --against 9",
          "more than 8 sides" },
        { "--requre all", "unknown option" },
        { "--no-write", "unknown option" },
        { "--password x", "--askpass" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        if (build(rows[i].words))
            fail_msg("%s passes", rows[i].words);
        if (!strstr(error, rows[i].what) || strpbrk(error, "\r\n"))
            fail_msg("%s: %s", rows[i].words, error);
    }
}

static void letters_of_the_peers_end_the_reading(void **state)
{
    static const struct {
        const char *words;
        int id;
    } rows[] = {
        { "-r 1000", BENCH_ROW_HINT_R }, { "-r1000 x", BENCH_ROW_HINT_R },
        { "-t 4 -x", BENCH_ROW_HINT_T }, { "-tset,get", BENCH_ROW_HINT_T },
        { "-qt 4", BENCH_ROW_HINT_T },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        built(rows[i].words);
        assert_non_null(parsed.stop);
        assert_int_equal(parsed.stop->id, rows[i].id);
    }
}

static void one_target_is_fine(void **state)
{
    (void)state;
    assert_false(bench_options_take(0, error, sizeof(error)));
    assert_true(bench_options_take(1, error, sizeof(error)));
    assert_false(bench_options_take(2, error, sizeof(error)));
    assert_non_null(strstr(error, "--against"));
}

static void errors_are_told_in_the_format_asked_for(void **state)
{
    char bench[] = "bench", format[] = "--format", json[] = "json",
         both[] = "--format=json", other[] = "-x", csv[] = "csv", end[] = "--";
    char *rows[][5] = {
        { bench, format, json, other, NULL },
        { bench, both, NULL },
        { bench, other, format, csv, NULL },
        { bench, end, both, NULL },
    };

    (void)state;
    assert_int_equal(bench_format_hint(4, rows[0]), BENCH_FORMAT_JSON);
    assert_int_equal(bench_format_hint(2, rows[1]), BENCH_FORMAT_JSON);
    assert_int_equal(bench_format_hint(4, rows[2]), BENCH_FORMAT_CSV);
    assert_int_equal(bench_format_hint(3, rows[3]), BENCH_FORMAT_TEXT);
}

static void the_first_tier_fits_a_small_terminal(void **state)
{
    unsigned lines = 0, column = 0, widest = 0;
    char *printed = NULL;
    size_t length;
    FILE *out = open_memstream(&printed, &length);

    (void)state;
    assert_non_null(out);
    assert_true(help_print(out, &bench_spec, NULL, error, sizeof(error)));
    assert_int_equal(fclose(out), 0);
    for (const char *at = printed; *at != '\0'; at++) {
        column = *at == '\n' ? 0 : column + 1;
        lines += *at == '\n';
        widest = column > widest ? column : widest;
    }
    assert_true(lines <= HELP_LINES);
    assert_true(widest <= HELP_COLUMNS);
    assert_non_null(strstr(printed, " times output config"));
    free(printed);
}

int main(void)
{
#define TEST(test) cmocka_unit_test_teardown(test, release)
    const struct CMUnitTest tests[] = {
        TEST(the_defaults_are_those_of_the_manual),
        TEST(printed_defaults_are_the_real_ones),
        TEST(rows_are_whole),
        TEST(values_are_parsed_once_and_for_all),
        TEST(the_end_is_by_time_or_by_requests),
        TEST(mixes_have_weights),
        TEST(times_are_those_of_rfc_3339),
        TEST(sides_have_their_own_options),
        TEST(name_servers_of_the_file_are_of_every_side),
        TEST(a_format_of_check_alone_gives_way),
        TEST(a_module_is_chosen_by_name),
        TEST(keys_of_one_command_do_not_trouble_the_other),
        TEST(contradictions_are_told_in_one_line),
        TEST(letters_of_the_peers_end_the_reading),
        TEST(one_target_is_fine),
        TEST(errors_are_told_in_the_format_asked_for),
        TEST(the_first_tier_fits_a_small_terminal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
