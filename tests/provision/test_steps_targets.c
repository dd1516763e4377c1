/*
 * test_steps_targets.c -- targets follow the cache's addresses, and the group
 * is never left empty; target groups and listeners are as the file wants them.
 */
#include "provision/situation.h"

#include <stdio.h>
#include <string.h>

#define GROUP                                                                  \
    "arn:aws:elasticloadbalancing:us-west-2:111111111111:targetgroup/orders/1"
#define NEW "10.0.0.6"
#define OLD "10.0.0.5"

static void have(enum world_owner owner)
{
    struct world_lane *lane = &now.world.lanes[0];

    lane->group.found = WORLD_FOUND;
    lane->group.owner = owner;
    lane->group.arn = GROUP;
    lane->group.proxy_protocol = WORLD_TRUTH_UNKNOWN;
    lane->balancer->found = WORLD_FOUND;
    lane->balancer->owner = WORLD_OURS;
    lane->balancer->arn = "arn:balancer";
    lane->listener_found = WORLD_FOUND;
    lane->wanted->resolved = WORLD_FOUND;
    lane->wanted->target_port = 6379;
    world_add(&now.world, &lane->wanted->addresses, NEW);
}

static enum step_now ask(void)
{
    return situation_ask(&step_targets, STEP_PROVIDER, 0);
}

static const char *health(const char *const rows[][2], size_t n)
{
    static char text[4096];
    size_t at =
        (size_t)snprintf(text, sizeof(text), "<TargetHealthDescriptions>");

    for (size_t i = 0; i < n; i++)
        at += (size_t)snprintf(text + at, sizeof(text) - at,
                               "<member><Target><Id>%s</Id><Port>6379</Port>"
                               "</Target><TargetHealth><State>%s</State>"
                               "</TargetHealth></member>",
                               rows[i][0], rows[i][1]);
    (void)snprintf(text + at, sizeof(text) - at, "</TargetHealthDescriptions>");
    return text;
}

static void registered_as(const char *address, const char *state)
{
    const char *const rows[][2] = { { address, state } };

    (void)ask();
    assert_int_equal(now.ask.action, ACTION_DESCRIBE_TARGET_HEALTH);
    assert_true(situation_answer(health(rows, 1)));
}

static void a_healthy_target_is_enough(void **state)
{
    (void)state;
    have(WORLD_OURS_BY_USE);
    registered_as(NEW, "healthy");
    assert_int_equal(ask(), STEP_DONE);
    assert_int_equal(now.world.ndrift, 0);
}

/* Register, wait until it is healthy, then deregister. */
static void a_stale_target_leaves_last(void **state)
{
    const char *const rows[][2] = { { OLD, "healthy" }, { NEW, "healthy" } };

    (void)state;
    have(WORLD_OURS);
    registered_as(OLD, "healthy");
    (void)ask();
    situation_assert_call("RegisterTargets");
    situation_assert_parameter("Targets.member.1.Id", NEW);
    situation_assert_parameter("Targets.member.1.Port", "6379");
    assert_string_equal(now.world.drift[0].field, "addresses");
    assert_true(situation_answer(""));
    (void)ask();
    situation_assert_wait("DescribeTargetHealth");
    assert_true(situation_answer(health(rows, 2)));
    (void)ask(); /* the name and the list are asked once more */
    situation_assert_call("DescribeTargetHealth");
    assert_int_equal(now.world.listeners[0].resolved, WORLD_UNKNOWN);
    now.world.listeners[0].resolved = WORLD_FOUND;
    assert_true(situation_answer(health(rows, 2)));
    (void)ask();
    situation_assert_call("DeregisterTargets");
    situation_assert_parameter("Targets.member.1.Id", OLD);
    situation_assert_parameter("Targets.member.2.Id", "");
    assert_true(situation_answer(""));
    registered_as(NEW, "healthy");
    assert_int_equal(ask(), STEP_DONE);
}

/* Two that sync at the same time, one by a name of a moment ago. */
static void what_another_run_dropped_is_registered_again(void **state)
{
    const char *const rows[][2] = { { OLD, "healthy" }, { NEW, "healthy" } };
    const char *const kept[][2] = { { OLD, "healthy" } };

    (void)state;
    have(WORLD_OURS);
    (void)ask();
    assert_true(situation_answer(health(rows, 2)));
    (void)ask();
    now.world.listeners[0].resolved = WORLD_FOUND;
    assert_true(situation_answer(health(kept, 1)));
    (void)ask();
    situation_assert_call("RegisterTargets");
    situation_assert_parameter("Targets.member.1.Id", NEW);
    assert_true(situation_answer(""));
    (void)ask();
    assert_true(situation_answer(health(rows, 2)));
    (void)ask();
    now.world.listeners[0].resolved = WORLD_FOUND;
    assert_true(situation_answer(health(rows, 2)));
    (void)ask();
    situation_assert_call("DeregisterTargets");
    assert_true(situation_answer(""));
    registered_as(NEW, "draining");
    (void)ask();
    situation_assert_call("RegisterTargets");
}

static void the_last_healthy_one_stays_while_the_new_one_is_not(void **state)
{
    const char *const rows[][2] = { { OLD, "healthy" }, { NEW, "unhealthy" } };

    (void)state;
    have(WORLD_OURS);
    (void)ask();
    assert_true(situation_answer(health(rows, 2)));
    for (unsigned i = 0; i < 3; i++) {
        (void)ask();
        situation_assert_wait("DescribeTargetHealth");
        now.step.polls++;
        assert_true(situation_answer(health(rows, 2)));
    }
}

static void one_that_drains_is_gone(void **state)
{
    const char *const rows[][2] = { { OLD, "draining" }, { NEW, "healthy" } };

    (void)state;
    have(WORLD_OURS);
    (void)ask();
    assert_true(situation_answer(health(rows, 2)));
    assert_int_equal(ask(), STEP_DONE);
}

static void unhealthy_is_an_answer_in_the_end(void **state)
{
    (void)state;
    have(WORLD_OURS);
    registered_as(NEW, "unhealthy");
    (void)ask();
    situation_assert_wait("DescribeTargetHealth");
    now.step.polls = 9;
    assert_int_equal(ask(), STEP_DONE);
    assert_true(situation_says("unhealthy"));
}

static void nothing_is_dropped_before_the_name_is_known(void **state)
{
    (void)state;
    have(WORLD_OURS);
    now.world.lanes[0].wanted->resolved = WORLD_NONE;
    registered_as(OLD, "healthy");
    assert_int_equal(ask(), STEP_BLOCKED);
}

static void a_new_group_is_not_asked(void **state)
{
    (void)state;
    have(WORLD_OURS);
    now.world.lanes[0].group.made = true;
    now.world.lanes[0].group.targets_found = WORLD_NONE;
    (void)ask();
    situation_assert_call("RegisterTargets");
    assert_int_equal(now.world.ndrift, 0);
}

/* ---- the group */

static void proxy_protocol_is_switched_off(void **state)
{
    (void)state;
    have(WORLD_OURS);
    (void)situation_ask(&step_target_attributes, STEP_PROVIDER, 0);
    situation_assert_call("DescribeTargetGroupAttributes");
    assert_true(situation_answer(
        "<Attributes><member><Key>proxy_protocol_v2.enabled</Key>"
        "<Value>true</Value></member></Attributes>"));
    (void)situation_ask(&step_target_attributes, STEP_PROVIDER, 0);
    situation_assert_call("ModifyTargetGroupAttributes");
    situation_assert_parameter("Attributes.member.1.Value", "false");
    assert_string_equal(now.world.drift[0].field, "proxy_protocol");
}

static void a_group_is_made_as_the_tutorial_says(void **state)
{
    (void)state;
    now.world.lanes[0].wanted->target_port = 6379;
    now.world.lanes[0].wanted->cache->vpc = "vpc-p";
    (void)situation_ask(&step_target_group, STEP_PROVIDER, 0);
    situation_assert_call("DescribeTargetGroups");
    assert_true(situation_error("TargetGroupNotFound"));
    (void)situation_ask(&step_target_group, STEP_PROVIDER, 0);
    situation_assert_call("CreateTargetGroup");
    situation_assert_parameter("Protocol", "TCP");
    situation_assert_parameter("TargetType", "ip");
    situation_assert_parameter("VpcId", "vpc-p");
    situation_assert_parameter("HealthCheckProtocol", "TCP");
    situation_assert_parameter("HealthCheckIntervalSeconds", "30");
    situation_assert_parameter("HealthyThresholdCount", "3");
    situation_assert_parameter("UnhealthyThresholdCount", "3");
}

static void other_health_checks_are_mended(void **state)
{
    (void)state;
    have(WORLD_OURS);
    now.world.lanes[0].group.check_interval_s = 10;
    (void)situation_ask(&step_target_group, STEP_PROVIDER, 0);
    situation_assert_call("ModifyTargetGroup");
    situation_assert_parameter("HealthCheckIntervalSeconds", "30");
    assert_true(situation_answer(""));
    assert_int_equal(situation_ask(&step_target_group, STEP_PROVIDER, 0),
                     STEP_DONE);
}

/* ---- the listener */

static void a_listener_that_forwards_elsewhere_is_mended(void **state)
{
    (void)state;
    have(WORLD_OURS);
    now.world.lanes[0].listener_found = WORLD_UNKNOWN;
    (void)situation_ask(&step_listeners, STEP_PROVIDER, 0);
    situation_assert_call("DescribeListeners");
    assert_true(situation_answer(
        "<Listeners><member><ListenerArn>arn:l0</ListenerArn><Port>80</Port>"
        "</member><member><ListenerArn>arn:l1</ListenerArn><Port>6379</Port>"
        "<Protocol>TCP</Protocol><DefaultActions><member><TargetGroupArn>"
        "arn:other</TargetGroupArn></member></DefaultActions></member>"
        "</Listeners>"));
    (void)situation_ask(&step_listener, STEP_PROVIDER, 0);
    situation_assert_call("ModifyListener");
    situation_assert_parameter("ListenerArn", "arn:l1");
    situation_assert_parameter("DefaultActions.member.1.TargetGroupArn", GROUP);
    assert_true(situation_answer(""));
    assert_int_equal(situation_ask(&step_listener, STEP_PROVIDER, 0),
                     STEP_DONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SITUATION(a_healthy_target_is_enough),
        SITUATION(a_stale_target_leaves_last),
        SITUATION(what_another_run_dropped_is_registered_again),
        SITUATION(the_last_healthy_one_stays_while_the_new_one_is_not),
        SITUATION(one_that_drains_is_gone),
        SITUATION(unhealthy_is_an_answer_in_the_end),
        SITUATION(nothing_is_dropped_before_the_name_is_known),
        SITUATION(a_new_group_is_not_asked),
        SITUATION(proxy_protocol_is_switched_off),
        SITUATION(a_group_is_made_as_the_tutorial_says),
        SITUATION(other_health_checks_are_mended),
        SITUATION(a_listener_that_forwards_elsewhere_is_mended),
    };

    return cmocka_run_group_tests_name("steps_targets", tests, NULL, NULL);
}
