/*
 * test_provision_report.c -- runs made by hand are told as the golden texts
 * have it; LINKPROBE_GOLDEN=write writes them anew.
 */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "outcomes.h"
#include "provision/report/report.h"

static char *text;
static size_t size;

static FILE *begin(void)
{
    FILE *out;

    text = NULL;
    out = open_memstream(&text, &size);
    assert_non_null(out);
    return out;
}

static void path_of(const char *scene, const char *kind, char path[256])
{
    (void)snprintf(path, 256, "%s/%s.%s.txt", LINKPROBE_GOLDEN_FOLDER, scene,
                   kind);
}

/* What was written must be what the file has. */
static void assert_golden(FILE *out, const char *scene, const char *kind)
{
    const char *mode = getenv("LINKPROBE_GOLDEN");
    char path[256], want[16384];
    FILE *file;
    size_t n;

    assert_int_equal(fclose(out), 0);
    path_of(scene, kind, path);
    if (mode && strcmp(mode, "write") == 0) {
        file = fopen(path, "w");
        assert_non_null(file);
        assert_int_equal(fwrite(text, 1, size, file), size);
        assert_int_equal(fclose(file), 0);
    }
    file = fopen(path, "r");
    if (!file)
        fail_msg("%s: it is not there", path);
    n = fread(want, 1, sizeof(want) - 1, file);
    want[n] = '\0';
    (void)fclose(file);
    assert_string_equal(text, want);
    free(text);
}

static void text_is_as_it_should_be(void **state)
{
    static const struct {
        const char *kind;
        struct provision_style style;
    } kinds[] = {
        { "text", { .verbose = false } },
        { "text-v", { .verbose = true } },
        { "color", { .color = true } },
    };

    (void)state;
    for (int scene = 0; scene < SCENES; scene++) {
        for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
            struct outcome outcome = outcome_scene((enum outcome_scene)scene);
            FILE *out = begin();

            provision_report_text(&outcome, NULL, &kinds[i].style, out);
            assert_golden(out, outcome_scene_name((enum outcome_scene)scene),
                          kinds[i].kind);
        }
    }
}

static void json_is_as_it_should_be(void **state)
{
    (void)state;
    for (int scene = 0; scene < SCENES; scene++) {
        struct outcome outcome = outcome_scene((enum outcome_scene)scene);
        FILE *out = begin();

        provision_report_json(&outcome, NULL, out);
        assert_golden(out, outcome_scene_name((enum outcome_scene)scene),
                      "json");
    }
}

static const char *const checks[] = {
    "{\"schema\":\"linkprobe.check/1\",\"target\":{\"name\":\"a.example:6379\","
    "\"port\":6379},\"status\":\"critical\",\"addresses\":[{\"address\":"
    "\"10.0.3.5\",\"port\":6379,\"status\":\"ok\",\"verdict\":{\"id\":\"OK\"},"
    "\"total_ms\":1.9,\"stages\":[{\"stage\":\"tcp\",\"status\":\"ok\"},"
    "{\"stage\":\"tls\",\"status\":\"skipped\"},{\"stage\":\"ping\","
    "\"status\":\"ok\"}],\"server\":{\"role\":\"master\"}},{\"address\":"
    "\"10.0.4.5\",\"port\":6379,\"status\":\"critical\",\"verdict\":{\"id\":"
    "\"TCP_REFUSED\"},\"total_ms\":0.4,\"stages\":[],\"server\":"
    "{\"role\":null}}]}\n",
    ("{\"schema\":\"linkprobe.check/1\",\"status\":\"unknown\",\"error\":"
     "\"--nonsense: unknown option\"}\n"),
    "no JSON at all",
    "",
};

static void what_a_client_met_is_told_by_address(void **state)
{
    static const struct provision_style plain;
    const struct provision_checks met = { .checks = checks,
                                          .n = ARRAY_SIZE(checks) };
    struct outcome outcome = outcome_scene(SCENE_NOTHING);
    FILE *out = begin();

    (void)state;
    outcome.command = "verify";
    provision_report_text(&outcome, &met, &plain, out);
    assert_golden(out, "verify", "text");
}

static void checks_and_their_verdict_are_passed_on(void **state)
{
    static const char verdict[] =
        "{\"id\":\"TCP_REFUSED\",\"summary\":\"a \\\"b\\\"\",\"fix\":[{"
        "\"command\":\"look --at \\\"ENDPOINT_ID\\\"\",\"where\":\"provider\","
        "\"changes\":false},{\"command\":\"linkprobe provision sync\","
        "\"where\":\"provider\",\"changes\":true},{\"command\":\"mend OLD_IP\","
        "\"where\":\"elsewhere\",\"changes\":true}],\"candidates\":[]}";
    static const char tail[] = ", and more";
    char both[sizeof(verdict) + sizeof(tail)];
    const struct provision_checks more = { .checks = checks,
                                           .n = 2,
                                           .verdict = both,
                                           .verdict_length =
                                               sizeof(verdict) - 1 };
    struct outcome outcome = outcome_scene(SCENE_APPLY);
    FILE *out = begin();

    (void)state;
    (void)snprintf(both, sizeof(both), "%s%s", verdict, tail);
    outcome.command = "verify";
    outcome.verdict = "TCP_REFUSED";
    outcome.fix = "linkprobe provision sync -f p.yml";
    provision_report_json(&outcome, &more, out);
    assert_golden(out, "verify", "json");
}

static void what_a_client_saw_is_evidence(void **state)
{
    const struct provision_checks more = { .seen = "a client meets X" };
    struct outcome outcome = outcome_scene(SCENE_DRIFT);
    FILE *out = begin();

    (void)state;
    provision_report_json(&outcome, &more, out);
    assert_golden(out, "seen", "json");
}

static void an_error_is_an_object(void **state)
{
    FILE *out = begin();

    (void)state;
    provision_report_error("plan", NULL, "p.yml:1: \"x\"", out);
    assert_golden(out, "error", "json");
}

static void a_step_is_a_line_of_progress(void **state)
{
    static const struct provision_style plain = { 0 };
    struct outcome outcome = outcome_scene(SCENE_APPLY);
    FILE *out = begin();

    (void)state;
    provision_report_step(&outcome.steps[0], &plain, out);
    (void)fclose(out);
    assert_string_equal(
        text, "  + load_balancer              done  arn:aws:"
              "elasticloadbalancing:us-west-2:444455556666:loadbalancer/net/"
              "orders-cache/50dc6c495c0c9188  3 calls  1.2 s");
    free(text);
}

static void the_least_is_counted_by_the_calls_that_change(void **state)
{
    static const struct {
        enum outcome_scene scene;
        unsigned least;
    } rows[] = {
        { SCENE_PLAN, 4 },    { SCENE_APPLY, 3 },  { SCENE_DRIFT, 2 },
        { SCENE_DESTROY, 2 }, { SCENE_FAILED, 1 }, { SCENE_NOTHING, 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct outcome outcome = outcome_scene(rows[i].scene);

        assert_int_equal(provision_report_least(&outcome), rows[i].least);
    }
}

static void known_words_are_filled_unless_a_shell_would_mind(void **state)
{
    static const struct {
        const char *command, *want;
    } rows[] = {
        { "aws --arn LOAD_BALANCER_ARN x",
          "aws --arn arn:aws:elasticloadbalancing:us-west-2:444455556666:"
          "loadbalancer/net/orders-cache/50dc6c495c0c9188 x --region "
          "us-west-2" },
        { "aws x --region us-east-1", "aws x --region us-east-1" },
        { "aws --add arn:aws:iam::CONSUMER_ACCOUNT:root y",
          "aws --add arn:aws:iam::111122223333:role/app y --region "
          "us-west-2" },
        { "--id ENDPOINT_ID", "--id vpce-0db3f8a1b2c3d4e5f" },
        { "--port CACHE_PORT", "--port 6379" },
        { "--group CACHE_SG_ID", "--group CACHE_SG_ID" },
        { "A_ENDPOINT_ID ENDPOINT_IDS TCP", "A_ENDPOINT_ID ENDPOINT_IDS TCP" },
        { "", "" },
    };
    static const char *missing[] = { "arn:aws:iam::111122223333:role/app" };
    struct outcome_drift drift = { .step = OUTCOME_PERMISSIONS,
                                   .field = "principals",
                                   .want = { missing, 1 } };
    struct outcome outcome = outcome_scene(SCENE_APPLY);

    (void)state;
    outcome.drift = &drift;
    outcome.ndrift = 1;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        char *filled = provision_report_fill(&outcome, strdup(rows[i].command));

        assert_string_equal(filled, rows[i].want);
        free(filled);
    }
    outcome.service_id = "x; reboot";
    text = provision_report_fill(&outcome, strdup("--id SERVICE_ID"));
    assert_string_equal(text, "--id SERVICE_ID");
    free(text);
    assert_null(provision_report_fill(&outcome, NULL));
}

static void what_is_known_of_the_cache_is_filled(void **state)
{
    static struct outcome_step steps[] = {
        { .name = OUTCOME_CACHE,
          .state = OUTCOME_STATE_DONE,
          .id = "arn:aws:elasticache:us-west-2:444455556666:replicationgroup:"
                "test1" },
        { .name = OUTCOME_RESOLVE,
          .state = OUTCOME_STATE_DONE,
          .reason = "10.0.0.6" },
    };
    static const struct {
        const char *reason, *want;
    } rows[] = {
        { "10.0.0.6", "--id test1 --to 10.0.0.6" },
        { "10.0.0.6, 10.0.1.6", "--id test1 --to CACHE_IP" },
    };
    const struct outcome outcome = { .steps = steps,
                                     .nsteps = ARRAY_SIZE(steps) };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        char *filled;

        steps[1].reason = rows[i].reason;
        filled = provision_report_fill(&outcome,
                                       strdup("--id CACHE_ID --to CACHE_IP"));
        assert_string_equal(filled, rows[i].want);
        free(filled);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_as_it_should_be),
        cmocka_unit_test(json_is_as_it_should_be),
        cmocka_unit_test(what_a_client_met_is_told_by_address),
        cmocka_unit_test(checks_and_their_verdict_are_passed_on),
        cmocka_unit_test(known_words_are_filled_unless_a_shell_would_mind),
        cmocka_unit_test(what_is_known_of_the_cache_is_filled),
        cmocka_unit_test(what_a_client_saw_is_evidence),
        cmocka_unit_test(an_error_is_an_object),
        cmocka_unit_test(a_step_is_a_line_of_progress),
        cmocka_unit_test(the_least_is_counted_by_the_calls_that_change),
    };

    return cmocka_run_group_tests_name("provision_report", tests, NULL, NULL);
}
