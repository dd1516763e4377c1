/*
 * test_judge.c -- each fault of a path has its name, and of several the one
 * that hides the others.
 */
#include "support/unit.h"

#include <string.h>

#include "provision/judge.h"

/* What AWS said, piece by piece. */
struct scene {
    struct outcome outcome;
    struct outcome_step steps[4];
    struct outcome_listener listener;
    struct outcome_target target;
    struct outcome_connection connection;
    struct outcome_drift drift[4];
    const char *want[1], *have[1];
};

static struct scene scene;

/* A path on which nothing is wrong. */
static int set_up(void **state)
{
    (void)state;
    scene = (struct scene){
        .target = { .address = "10.0.0.5", .port = 6379, .health = "healthy" },
        .listener = { .port = 6379 },
        .connection = { .consumer = "app",
                        .endpoint_id = "vpce-1",
                        .state = "available",
                        .ours = true },
        .want = { "wanted" },
        .have = { "found" },
    };
    scene.listener.targets = &scene.target;
    scene.listener.ntargets = 1;
    scene.outcome = (struct outcome){ .steps = scene.steps,
                                      .listeners = &scene.listener,
                                      .nlisteners = 1,
                                      .connections = &scene.connection,
                                      .nconnections = 1,
                                      .drift = scene.drift,
                                      .verdict = "OK" };
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&scene.outcome.arena);
    return 0;
}

static void drift(enum outcome_step_name step, const char *field, bool have)
{
    scene.drift[scene.outcome.ndrift++] = (struct outcome_drift){
        .step = step,
        .field = field,
        .want = { scene.want, 1 },
        .have = { scene.have, have },
    };
}

static void step(enum outcome_step_name name, enum outcome_action action,
                 enum outcome_state status, const char *id)
{
    scene.steps[scene.outcome.nsteps++] =
        (struct outcome_step){ .name = name,
                               .consumer = "app",
                               .port = 6379,
                               .action = action,
                               .state = status,
                               .id = id };
}

static void assert_verdict(const char *id, const char *text)
{
    outcome_judge(&scene.outcome);
    assert_string_equal(scene.outcome.verdict, id);
    if (text)
        assert_string_equal(scene.outcome.verdict_text, text);
    else
        assert_null(scene.outcome.verdict_text);
}

static void what_is_well_stays_well(void **state)
{
    (void)state;
    assert_verdict("OK", NULL);
}

static void an_unknown_fault_keeps_what_was_said(void **state)
{
    (void)state;
    scene.outcome.verdict = "UNKNOWN_ERROR";
    drift(OUTCOME_ENDPOINT_SERVICE, "tags", true);
    assert_verdict("UNKNOWN_ERROR", NULL);
}

static void a_closed_endpoint_is_named_with_its_state(void **state)
{
    (void)state;
    scene.connection.state = "pendingAcceptance";
    assert_verdict("AWS_ENDPOINT_NOT_AVAILABLE",
                   "the endpoint vpce-1 of app is pendingAcceptance");
}

static void an_endpoint_of_others_is_no_fault(void **state)
{
    (void)state;
    scene.connection.state = "rejected";
    scene.connection.ours = false;
    assert_verdict("OK", NULL);
}

static void a_state_that_drifted_is_named(void **state)
{
    (void)state;
    drift(OUTCOME_ACCEPTANCE, "state", true);
    assert_verdict("AWS_ENDPOINT_NOT_AVAILABLE",
                   "the endpoint of the consumer is found");
}

static void an_endpoint_to_be_made_is_missing(void **state)
{
    (void)state;
    scene.outcome.nconnections = 0;
    step(OUTCOME_ENDPOINT, OUTCOME_ACTION_CREATE, OUTCOME_STATE_PLANNED, NULL);
    assert_verdict("AWS_ENDPOINT_NOT_AVAILABLE", "app has no endpoint");
}

static void who_may_not_connect_has_no_endpoint(void **state)
{
    (void)state;
    scene.outcome.nconnections = 0;
    step(OUTCOME_ENDPOINT, OUTCOME_ACTION_NONE, OUTCOME_STATE_FAILED, NULL);
    drift(OUTCOME_PERMISSIONS, "principals", false);
    assert_verdict("AWS_PRINCIPAL_NOT_ALLOWED",
                   "wanted is not among the service's allowed principals");
}

/* An endpoint that stands goes on working: something else comes first. */
static void a_permission_alone_breaks_nothing_yet(void **state)
{
    (void)state;
    drift(OUTCOME_PERMISSIONS, "principals", false);
    drift(OUTCOME_TARGETS, "addresses", true);
    assert_verdict("TCP_TARGET_STALE",
                   "the target found is stale: the cache's name leads to "
                   "wanted");
}

static void a_missing_rule_names_the_range(void **state)
{
    (void)state;
    drift(OUTCOME_ENDPOINT_SECURITY_GROUP, "rules", false);
    assert_verdict("AWS_NO_RULE", "no inbound rule of the endpoint's security "
                                  "groups admits wanted");
}

static void a_missing_listener_is_named(void **state)
{
    (void)state;
    scene.target.health = "unused";
    assert_verdict("AWS_NO_LISTENER",
                   "no listener of the load balancer leads to the targets");
    step(OUTCOME_LISTENER, OUTCOME_ACTION_CREATE, OUTCOME_STATE_PLANNED, NULL);
    assert_verdict("AWS_NO_LISTENER",
                   "the load balancer does not listen on port 6379");
    scene.steps[0].action = OUTCOME_ACTION_UPDATE;
    assert_verdict("AWS_NO_LISTENER", "the listener on port 6379 does not lead "
                                      "to the targets");
}

static void a_group_that_is_empty_or_emptying_has_no_target(void **state)
{
    (void)state;
    drift(OUTCOME_TARGETS, "addresses", false);
    scene.target.health = "draining";
    assert_verdict("AWS_NO_TARGET",
                   "port 6379 has no target that takes connections");
    scene.listener.ntargets = 0;
    assert_verdict("AWS_NO_TARGET",
                   "port 6379 has no target that takes connections");
}

static void a_target_that_is_missing_beside_others_is_told(void **state)
{
    (void)state;
    drift(OUTCOME_TARGETS, "addresses", false);
    assert_verdict("TCP_TARGET_STALE",
                   "wanted, an address of the cache, is no target");
}

static void what_the_load_balancer_does_wrong_is_named(void **state)
{
    (void)state;
    drift(OUTCOME_LOAD_BALANCER, "cross_zone", true);
    assert_verdict("AWS_ZONE_MISMATCH",
                   "cross-zone is off: a zone of the endpoint without a target "
                   "answers nobody");
    drift(OUTCOME_TARGET_GROUP, "proxy_protocol", true);
    assert_verdict("APP_PROXY_V2", "the target group sends a PROXY header, "
                                   "which Redis takes for a command");
}

static void a_sick_target_is_named_with_its_reason(void **state)
{
    (void)state;
    scene.target.health = "unhealthy";
    assert_verdict("AWS_TARGET_UNHEALTHY", "target 10.0.0.5:6379 is unhealthy");
    scene.target.reason = "Target.Timeout";
    assert_verdict("AWS_TARGET_UNHEALTHY",
                   "target 10.0.0.5:6379 is unhealthy: Target.Timeout");
    drift(OUTCOME_CACHE_SECURITY_GROUP, "rules", false);
    assert_verdict("AWS_TARGET_UNHEALTHY",
                   "target 10.0.0.5:6379 is unhealthy: Target.Timeout; the "
                   "cache's security group does not admit wanted");
}

static void a_cache_that_is_not_as_it_was_hides_what_follows(void **state)
{
    (void)state;
    drift(OUTCOME_TARGETS, "addresses", true);
    step(OUTCOME_CACHE, OUTCOME_ACTION_NONE, OUTCOME_STATE_DONE, "test1");
    scene.steps[0].reason = "test1 is deleting";
    drift(OUTCOME_CACHE, "status", true);
    assert_verdict("UNKNOWN_ERROR", "test1 is deleting");
    scene.steps[0].reason = "test1 is in cluster mode";
    drift(OUTCOME_CACHE, "cluster_mode", true);
    assert_verdict("REDIS_MOVED", "test1 is in cluster mode: name that one in "
                                  "the file, and apply");
}

static void a_private_name_that_is_off_is_named(void **state)
{
    (void)state;
    drift(OUTCOME_PRIVATE_DNS, "enabled", true);
    assert_verdict("DNS_PRIVATE_NAME_OFF",
                   "the service's private name is off at the endpoint");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_well_stays_well),
        TEST(an_unknown_fault_keeps_what_was_said),
        TEST(a_closed_endpoint_is_named_with_its_state),
        TEST(an_endpoint_of_others_is_no_fault),
        TEST(a_state_that_drifted_is_named),
        TEST(an_endpoint_to_be_made_is_missing),
        TEST(who_may_not_connect_has_no_endpoint),
        TEST(a_permission_alone_breaks_nothing_yet),
        TEST(a_missing_rule_names_the_range),
        TEST(a_missing_listener_is_named),
        TEST(a_group_that_is_empty_or_emptying_has_no_target),
        TEST(a_target_that_is_missing_beside_others_is_told),
        TEST(what_the_load_balancer_does_wrong_is_named),
        TEST(a_sick_target_is_named_with_its_reason),
        TEST(a_cache_that_is_not_as_it_was_hides_what_follows),
        TEST(a_private_name_that_is_off_is_named),
    };

    return cmocka_run_group_tests_name("judge", tests, NULL, NULL);
}
