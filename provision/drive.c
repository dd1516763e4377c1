/*
 * The life of a run:
 *
 *     start -> pass -> (answers, alarms) -> pass -> ... -> end -> done
 *
 * A pass asks every step that has nothing in flight what it wants now, starts
 * the reads, and then, if no read is left to come first, the changes.  A step
 * that had done may want something again when the world has changed; one that
 * has failed is not asked again.  When nothing is in flight and no wait is set,
 * whatever is still blocked waits for a step that failed: the run is over.
 */
#include "provision/drive_internal.h"

#include <assert.h>
#include <stdlib.h>

enum {
    PAUSE_MS = 500,
    PAUSE_MAX_MS = 15000,
    CALLS_MAX = 400, /* of one step: it makes no progress */
    ROUNDS_MAX = 100,
    GRACE_MS = 3000, /* for changes in flight after a cancel */
    TIMEOUT_MS = 15 * 60 * 1000,
};

#define NS_PER_MS UINT64_C(1000000)

static void pass(struct drive *drive);
static void on_alarm(struct net_deadline *alarm);

static bool is_final(const struct step *step)
{
    return step->state == STEP_FAILED || step->state == STEP_REFUSED;
}

void drive_fail(struct drive *drive, struct step *step, enum step_now how,
                const char *said)
{
    step->state = how;
    step->said = said;
    step->due_ns = 0;
    if (how == STEP_REFUSED)
        drive->refused = true;
    else
        drive->failed = true;
    drive_line_update(drive, step, false);
}

/* ---- waits */

/* Half as long again each time, and up to a fifth more so that two runs do
 * not keep in step. */
static uint64_t pause_ns(struct drive *drive, const struct step *step,
                         unsigned first_ms)
{
    uint64_t ms = first_ms ? first_ms : PAUSE_MS;

    for (unsigned i = 0; i < step->polls && ms < PAUSE_MAX_MS; i++)
        ms += ms / 2;
    if (ms > PAUSE_MAX_MS)
        ms = PAUSE_MAX_MS;
    if (step->polls) {
        drive->seed = drive->seed * 1103515245U + 12345U;
        ms += ms * (drive->seed >> 16 & 0xff) / 1280;
    }
    return ms * NS_PER_MS;
}

static void set_alarm(struct drive *drive)
{
    uint64_t now = net_now(), due = drive->canceled ? now : drive->end_ns;

    for (size_t i = 0; i < drive->nsteps; i++) {
        const struct step *step = &drive->steps[i];

        if (step->due_ns && step->due_ns < due)
            due = step->due_ns;
    }
    net_deadline_set(&drive->loop->deadlines, &drive->alarm, on_alarm,
                     due > now ? (due - now + NS_PER_MS - 1) / NS_PER_MS : 0);
}

static bool waits(const struct drive *drive)
{
    for (size_t i = 0; i < drive->nsteps; i++) {
        if (drive->steps[i].due_ns)
            return true;
    }
    return false;
}

/* ---- the end */

static void end(struct drive *drive)
{
    net_deadline_clear(&drive->loop->deadlines, &drive->alarm);
    for (size_t i = 0; i < drive->nsteps; i++) {
        struct step *step = &drive->steps[i];

        step->due_ns = 0;
        if (step->state != STEP_DONE && step->state != STEP_SKIPPED &&
            !is_final(step))
            drive->waiting = true;
        drive_line_update(drive, step, true);
    }
    drive->running = false;
    drive->done(drive);
}

/* Changes in flight may end by themselves: what they did is then known.  But
 * not for longer than a moment, and not when the time is over. */
static void stop(struct drive *drive, bool all)
{
    drive->ending = true;
    drive_give_up(drive, all);
    drive->end_ns = net_now() + GRACE_MS * NS_PER_MS;
    if (drive->in_flight)
        net_deadline_set(&drive->loop->deadlines, &drive->alarm, on_alarm,
                         GRACE_MS);
}

/* Who had no answer at all until now has failed, it does not wait. */
static void fail_unanswered(struct drive *drive)
{
    for (size_t i = 0; i < drive->nsteps; i++) {
        struct step *step = &drive->steps[i];

        if (step->flight && step->state != STEP_WAIT)
            drive_fail(drive, step, STEP_FAILED, "no answer in time");
    }
}

/* ---- asking */

/* Nothing of this account can be asked. */
static bool has_account(const struct drive *drive, const struct step *step)
{
    if (step->account == STEP_PROVIDER)
        return drive->provider != NULL;
    return drive->consumers && drive->consumers[step->account] != NULL;
}

static enum step_now ask_step(struct drive *drive, struct step *step,
                              struct step_ask *ask)
{
    enum step_now state;

    *ask = (struct step_ask){ 0 };
    state = step->kind->now(step, drive->world, ask);
    if ((state == STEP_CALL || state == STEP_WAIT) &&
        (!has_account(drive, step) || step->calls > CALLS_MAX)) {
        query_free(&ask->query);
        ask->reason = has_account(drive, step)
                          ? "it makes no progress"
                          : "there are no credentials for this account";
        state = STEP_FAILED;
    }
    if (state != STEP_WAIT) {
        step->due_ns = 0;
        step->polls = 0;
    }
    if (state == STEP_FAILED || state == STEP_REFUSED) {
        drive_fail(drive, step, state, ask->reason);
        ask->reason = NULL;
    }
    return state;
}

/* A plan looks, and does not wait for what it sees. */
static void wait_step(struct drive *drive, struct step *step,
                      struct step_ask *ask)
{
    uint64_t now = net_now();

    if (drive->dry_run) {
        step->state = STEP_LATER;
    } else if (!step->due_ns) {
        step->due_ns = now + pause_ns(drive, step, ask->pause_ms);
    } else if (now >= step->due_ns) {
        step->due_ns = 0;
        step->polls++;
        drive_send(drive, step, ask);
        return;
    }
    query_free(&ask->query);
}

static bool is_reading(const struct step *step)
{
    if (!step->flight || step->state == STEP_WAIT)
        return false;
    return step->state == STEP_RESOLVE || !action_changes(step->asked);
}

/* Ask each step once and send the reads.  Does one stand otherwise than before?
 * Then what it made of the world may be news for those asked earlier. */
static bool pass_once(struct drive *drive)
{
    struct step_ask ask;
    bool moved = false;

    for (size_t i = 0; i < drive->nsteps && !drive->refused; i++) {
        struct step *step = &drive->steps[i];
        enum step_now was = step->state;

        if (step->flight || is_final(step))
            continue;
        step->state = ask_step(drive, step, &ask);
        drive_line_ask(drive, step, &ask);
        if (step->state == STEP_WAIT)
            wait_step(drive, step, &ask);
        else if (step->state == STEP_RESOLVE)
            drive_look_up(drive, step, ask.host);
        else if (step->state == STEP_CALL && !action_changes(ask.action))
            drive_send(drive, step, &ask);
        else
            query_free(&ask.query);
        moved |= step->state != was;
        if (step->state != was && !step->flight)
            drive_line_update(drive, step, false);
    }
    return moved;
}

/* Ask for reads; is one of them in flight afterwards?  Waits are not meant:
 * they may last, and what does not depend on them need not. */
static bool pass_reads(struct drive *drive)
{
    for (unsigned round = 0; round < ROUNDS_MAX; round++) {
        if (!pass_once(drive))
            break;
    }
    for (size_t i = 0; i < drive->nsteps; i++) {
        if (is_reading(&drive->steps[i]))
            return true;
    }
    return false;
}

/* One changing call: sent, or in a plan noted and pretended. */
static void change(struct drive *drive, struct step *step, struct step_ask *ask)
{
    drive->changing = true;
    drive_line_ask(drive, step, ask);
    if (!drive->dry_run) {
        drive_send(drive, step, ask);
        return;
    }
    drive_line_plan(drive, step, ask);
    step->asked = ask->action;
    if (drive->check_permissions &&
        action_info(ask->action)->service == AWS_EC2) {
        drive_send(drive, step, ask);
        return;
    }
    query_free(&ask->query);
    step->calls++;
    if (!step->kind->took(step, drive->world, NULL))
        drive_fail(drive, step, STEP_FAILED, "cannot be planned");
}

/* Was the world changed by pretending? */
static bool pass_changes(struct drive *drive)
{
    struct step_ask ask;
    bool pretended = false;

    for (size_t i = 0; i < drive->nsteps && !drive->refused; i++) {
        struct step *step = &drive->steps[i];

        if (step->flight || is_final(step) || step->state != STEP_CALL)
            continue;
        step->state = ask_step(drive, step, &ask);
        if (step->state == STEP_CALL && action_changes(ask.action)) {
            change(drive, step, &ask);
            pretended |= !step->flight;
        } else {
            query_free(&ask.query);
            pretended = true;
        }
    }
    return pretended;
}

static void pass(struct drive *drive)
{
    bool again = !drive->ending && !drive->canceled;

    while (again) {
        bool reading = pass_reads(drive);

        again = (!reading || drive->changing) && pass_changes(drive);
        if (drive->refused || drive->world->no_memory) {
            stop(drive, false);
            break;
        }
    }
    if (drive->in_flight == 0 &&
        (drive->ending || drive->canceled || !waits(drive)))
        end(drive);
    else if (!drive->ending)
        set_alarm(drive);
}

void drive_answered(struct drive *drive)
{
    if (drive->running)
        pass(drive);
}

static void on_alarm(struct net_deadline *alarm)
{
    struct drive *drive =
        (struct drive *)((char *)alarm - offsetof(struct drive, alarm));

    if (drive->ending) {
        drive_give_up(drive, true);
    } else if (drive->canceled) {
        stop(drive, false);
    } else if (net_now() >= drive->end_ns) {
        drive->timed_out = true;
        fail_unanswered(drive);
        stop(drive, true);
    }
    pass(drive);
}

void drive_start(struct drive *drive)
{
    unsigned ms = drive->timeout_ms ? drive->timeout_ms : TIMEOUT_MS;

    assert(!drive->running && net_loop_here(drive->loop));
    drive->running = true;
    drive->end_ns = net_now() + ms * NS_PER_MS;
    drive->seed = (unsigned)net_now();
    net_deadline_set(&drive->loop->deadlines, &drive->alarm, on_alarm, 0);
}

void drive_cancel(struct drive *drive)
{
    if (!drive->running || drive->canceled)
        return;
    drive->canceled = true;
    net_deadline_set(&drive->loop->deadlines, &drive->alarm, on_alarm, 0);
}
