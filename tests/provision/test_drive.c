/*
 * test_drive.c -- the driver: reads before changes, waits that back off, an
 * end whatever happens.  Calls are taken where they start and answered from the
 * loop; nothing is sent.
 */
#include "support/unit.h"

#include <stdio.h>
#include <string.h>

#include "provision/drive.h"

enum {
    STEPS = 4,
    CALLS = 32,
};

/* ---- calls that are answered at once, or not before they are told to */

static struct {
    struct drive drive;
    struct net_loop loop;
    struct world world;
    struct outcome outcome;
    struct outcome_step lines[STEPS];
    struct step steps[STEPS];
    struct net_deadline answer;
    struct aws_call *calls[CALLS]; /* as they started */
    unsigned ncalls, answered, canceled;
    unsigned hold; /* from this one on calls are not answered; 0: never */
    char order[512];
    unsigned done;
    unsigned reads_left[STEPS]; /* what the steps of this test want */
    unsigned changes_left[STEPS], waits_left[STEPS];
    enum step_now end[STEPS];
    unsigned cancel_at; /* at the start of this call; 0: never */
} test;

static void on_answer(struct net_deadline *deadline)
{
    (void)deadline;
    while (test.answered < test.ncalls &&
           (!test.hold || test.answered + 1 < test.hold)) {
        struct aws_call *call = test.calls[test.answered++];

        call->status = AWS_OK;
        call->attempts = 1;
        call->done(call);
    }
}

static void answer_soon(void)
{
    net_deadline_set(&test.loop.deadlines, &test.answer, on_answer, 0);
}

void __wrap_aws_call_start(struct aws_call *call);
void __wrap_aws_call_start(struct aws_call *call)
{
    size_t n = strlen(test.order);

    assert_in_range(test.ncalls, 0, CALLS - 1);
    test.calls[test.ncalls++] = call;
    (void)snprintf(test.order + n, sizeof(test.order) - n, "%s ", call->action);
    if (test.cancel_at == test.ncalls)
        drive_cancel(&test.drive);
    answer_soon();
}

/* Those that are held end now. */
static void on_canceled(struct net_deadline *deadline)
{
    (void)deadline;
    while (test.answered < test.ncalls) {
        struct aws_call *call = test.calls[test.answered++];

        call->status = AWS_CANCELED;
        call->done(call);
    }
}

void __wrap_aws_call_cancel(struct aws_call *call);
void __wrap_aws_call_cancel(struct aws_call *call)
{
    (void)call;
    test.canceled++;
    net_deadline_set(&test.loop.deadlines, &test.answer, on_canceled, 0);
}

void __wrap_aws_call_free(struct aws_call *call);
void __wrap_aws_call_free(struct aws_call *call)
{
    query_free(&call->query);
}

const char *__wrap_aws_account_label(const struct aws_account *account);
const char *__wrap_aws_account_label(const struct aws_account *account)
{
    (void)account;
    return "provider";
}

/* ---- steps that want so many reads, waits and changes, then an end */

static enum step_now step_now(const struct step *step, struct world *world,
                              struct step_ask *ask)
{
    size_t i = step->index;

    (void)world;
    ask->reason = "as told";
    if (test.reads_left[i]) {
        ask->action = ACTION_DESCRIBE_SUBNETS;
        return STEP_CALL;
    }
    if (test.waits_left[i]) {
        ask->action = ACTION_DESCRIBE_ENDPOINTS;
        ask->pause_ms = 4;
        return STEP_WAIT;
    }
    if (test.changes_left[i]) {
        ask->action = ACTION_CREATE_ENDPOINT;
        ask->did = OUTCOME_ACTION_CREATE;
        query_add(&ask->query, "VpcId", "vpc-1");
        return STEP_CALL;
    }
    return test.end[i];
}

static bool step_took(struct step *step, struct world *world,
                      const struct aws_call *answer)
{
    size_t i = step->index;

    (void)world;
    (void)answer;
    if (step->asked == ACTION_DESCRIBE_SUBNETS)
        test.reads_left[i]--;
    else if (step->asked == ACTION_DESCRIBE_ENDPOINTS)
        test.waits_left[i]--;
    else
        test.changes_left[i]--;
    return true;
}

static const struct step_kind kind = {
    .name = OUTCOME_ENDPOINT,
    .now = step_now,
    .took = step_took,
};

static void on_done(struct drive *drive)
{
    (void)drive;
    test.done++;
}

static int set_up(void **state)
{
    (void)state;
    memset(&test, 0, sizeof(test));
    assert_int_equal(net_loop_init(&test.loop), 0);
    for (size_t i = 0; i < STEPS; i++) {
        test.end[i] = STEP_DONE;
        test.steps[i] = (struct step){
            .kind = &kind,
            .account = STEP_PROVIDER,
            .index = i,
            .line = &test.lines[i],
        };
    }
    test.outcome.steps = test.lines;
    test.outcome.nsteps = STEPS;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&test.world.arena);
    assert_int_equal(net_loop_close(&test.loop), 0);
    return 0;
}

static void run(bool dry, unsigned timeout_ms)
{
    test.drive = (struct drive){
        .loop = &test.loop,
        .world = &test.world,
        .outcome = &test.outcome,
        .steps = test.steps,
        .nsteps = STEPS,
        .provider = (struct aws_account *)&test, /* never looked into */
        .timeout_ms = timeout_ms,
        .dry_run = dry,
        .done = on_done,
    };
    drive_start(&test.drive);
    assert_int_equal(test.done, 0); /* never inside */
    net_loop_run(&test.loop);
    assert_int_equal(test.done, 1);
}

#define READ   "DescribeSubnets "
#define WAIT   "DescribeVpcEndpoints "
#define CHANGE "CreateVpcEndpoint "

/* ---- tests */

static void reads_come_before_changes(void **state)
{
    (void)state;
    test.changes_left[0] = 1;
    test.reads_left[1] = 2;
    test.changes_left[2] = 1;
    run(false, 0);
    assert_string_equal(test.order, READ READ CHANGE CHANGE);
    assert_int_equal(test.outcome.api_calls, 4);
    assert_int_equal(test.outcome.writes, 2);
    assert_int_equal(test.lines[0].action, OUTCOME_ACTION_CREATE);
    assert_int_equal(test.lines[0].state, OUTCOME_STATE_DONE);
    assert_int_equal(test.lines[1].calls, 2);
}

/* ... until the first change: what is read later holds up nobody. */
static void what_can_run_runs_at_the_same_time(void **state)
{
    (void)state;
    for (size_t i = 0; i < STEPS; i++)
        test.reads_left[i] = 1;
    test.hold = 1;
    test.cancel_at = STEPS;
    run(false, 0);
    assert_int_equal(test.ncalls, STEPS); /* none was answered before */
}

static void what_waits_holds_up_nobody(void **state)
{
    (void)state;
    test.waits_left[0] = 2;
    test.changes_left[1] = 1;
    run(false, 0);
    assert_string_equal(test.order, CHANGE WAIT WAIT);
}

static void a_refusal_stops_all_before_the_first_change(void **state)
{
    (void)state;
    test.changes_left[0] = 1;
    test.reads_left[1] = 1;
    test.end[1] = STEP_REFUSED;
    run(false, 0);
    assert_string_equal(test.order, READ);
    assert_true(test.drive.refused);
    assert_int_equal(test.lines[1].state, OUTCOME_STATE_FAILED);
    assert_string_equal(test.lines[1].reason, "as told");
}

static void what_is_blocked_for_good_is_skipped(void **state)
{
    (void)state;
    test.end[0] = STEP_FAILED;
    test.end[1] = STEP_BLOCKED;
    run(false, 0);
    assert_true(test.drive.failed);
    assert_int_equal(test.lines[0].state, OUTCOME_STATE_FAILED);
    assert_int_equal(test.lines[1].state, OUTCOME_STATE_SKIPPED);
    assert_int_equal(test.lines[2].state, OUTCOME_STATE_DONE);
}

static void what_others_must_do_is_waited_for_by_nobody(void **state)
{
    (void)state;
    test.end[0] = STEP_LATER;
    run(false, 0);
    assert_true(test.drive.waiting);
    assert_int_equal(test.lines[0].state, OUTCOME_STATE_WAITING);
}

static void a_plan_sends_no_change_and_does_not_wait(void **state)
{
    (void)state;
    test.reads_left[0] = 1;
    test.changes_left[0] = 2;
    test.waits_left[1] = 1;
    run(true, 0);
    assert_string_equal(test.order, READ);
    assert_int_equal(test.outcome.changes, 2);
    assert_int_equal(test.outcome.writes, 0);
    assert_int_equal(test.lines[0].state, OUTCOME_STATE_PLANNED);
    assert_string_equal(test.lines[0].call, "CreateVpcEndpoint");
    assert_int_equal(test.lines[1].state, OUTCOME_STATE_WAITING);
}

/* Cancelled at the start of each call: the run ends, once. */
static void a_run_may_be_canceled_at_any_call(void **state)
{
    for (unsigned at = 1; at <= 7; at++) {
        (void)tear_down(state);
        (void)set_up(state);
        test.reads_left[0] = 2;
        test.reads_left[1] = 1;
        test.changes_left[0] = test.changes_left[1] = 1;
        test.waits_left[2] = 2;
        test.cancel_at = at;
        run(false, 0);
        assert_true(test.drive.canceled);
        assert_in_range(test.ncalls, at, at + 1);
    }
}

static void a_call_that_is_never_answered_ends_the_run(void **state)
{
    /* once it had the time to send one: a machine stands still at times */
    for (unsigned ms = 20; ms < 10000 && test.ncalls == 0; ms *= 5) {
        (void)tear_down(state);
        (void)set_up(state);
        test.reads_left[0] = 1;
        test.hold = 1;
        run(false, ms);
    }
    assert_true(test.drive.timed_out);
    assert_true(test.drive.failed);
    assert_int_equal(test.canceled, 1);
    assert_string_equal(test.lines[0].reason, "no answer in time");
}

static void a_wait_that_never_ends_is_told_as_waiting(void **state)
{
    (void)state;
    test.waits_left[0] = CALLS * 2;
    run(false, 20);
    assert_true(test.drive.timed_out);
    assert_false(test.drive.failed);
    assert_true(test.drive.waiting);
    assert_int_equal(test.lines[0].state, OUTCOME_STATE_WAITING);
}

/* 4, 6, 9, ... ms: a few looks, not fifteen.  Four more fit into five times as
 * long, which is what a machine that stood still is given. */
static void waits_back_off(void **state)
{
    unsigned ms = 60, most = 6;

    for (; ms < 10000 && test.ncalls < 2; ms *= 5, most += 4) {
        (void)tear_down(state);
        (void)set_up(state);
        test.waits_left[0] = CALLS * 2;
        run(false, ms);
        assert_in_range(test.ncalls, 0, most);
    }
    assert_in_range(test.ncalls, 2, CALLS);
}

static void a_step_without_an_account_fails(void **state)
{
    static struct aws_account *none[1];

    (void)state;
    test.reads_left[0] = 1;
    test.steps[0].account = 0;
    test.drive.consumers = none;
    run(false, 0);
    assert_true(test.drive.failed);
    assert_int_equal(test.ncalls, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reads_come_before_changes),
        TEST(what_can_run_runs_at_the_same_time),
        TEST(what_waits_holds_up_nobody),
        TEST(a_refusal_stops_all_before_the_first_change),
        TEST(what_is_blocked_for_good_is_skipped),
        TEST(what_others_must_do_is_waited_for_by_nobody),
        TEST(a_plan_sends_no_change_and_does_not_wait),
        TEST(a_run_may_be_canceled_at_any_call),
        TEST(a_call_that_is_never_answered_ends_the_run),
        TEST(a_wait_that_never_ends_is_told_as_waiting),
        TEST(waits_back_off),
        TEST(a_step_without_an_account_fails),
    };

    return cmocka_run_group_tests_name("drive", tests, NULL, NULL);
}
