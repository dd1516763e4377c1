/*
 * The lines of an outcome as the steps move.
 *
 * Several steps may share a line: its state is the worst of theirs, its action
 * the strongest that any has done, its time from the first call to the last
 * answer.
 */
#include "provision/drive_internal.h"

#include <stdio.h>
#include <string.h>

static enum outcome_state state_of(const struct step *step, bool over)
{
    switch (step->state) {
    case STEP_DONE: return OUTCOME_STATE_DONE;
    case STEP_SKIPPED: return OUTCOME_STATE_SKIPPED;
    case STEP_FAILED:
    case STEP_REFUSED: return OUTCOME_STATE_FAILED;
    case STEP_BLOCKED:
        return over ? OUTCOME_STATE_SKIPPED : OUTCOME_STATE_WAITING;
    default: return OUTCOME_STATE_WAITING;
    }
}

/* In which order do states hide one another? */
static int weight_of(enum outcome_state state)
{
    static const int weights[] = {
        [OUTCOME_STATE_SKIPPED] = 0, [OUTCOME_STATE_DONE] = 1,
        [OUTCOME_STATE_PLANNED] = 2, [OUTCOME_STATE_WAITING] = 3,
        [OUTCOME_STATE_FAILED] = 4,
    };

    return weights[state];
}

static enum outcome_state fold(const struct drive *drive,
                               const struct outcome_step *line, bool over)
{
    enum outcome_state worst =
        line->call ? OUTCOME_STATE_PLANNED : OUTCOME_STATE_SKIPPED;

    for (size_t i = 0; i < drive->nsteps; i++) {
        const struct step *step = &drive->steps[i];
        enum outcome_state state = state_of(step, over);

        if (step->line == line && weight_of(state) > weight_of(worst))
            worst = state;
    }
    return worst;
}

void drive_line_update(struct drive *drive, struct step *step, bool over)
{
    struct outcome_step *line = step->line;
    enum outcome_state state;

    if (!line)
        return;
    state = fold(drive, line, over);
    if (step->said && (step->state == STEP_FAILED ||
                       step->state == STEP_REFUSED || !line->reason))
        line->reason = step->said;
    if (state == line->state && !over)
        return;
    line->state = state;
    if (drive->progress)
        drive->progress(drive->data, line);
}

void drive_line_ask(struct drive *drive, struct step *step,
                    const struct step_ask *ask)
{
    struct outcome_step *line = step->line;
    bool news = false;

    if (!line)
        return;
    if (ask->id)
        line->id = ask->id;
    if (step->state == STEP_WAIT && ask->reason)
        step->waits_for = ask->reason;
    else if (step->state == STEP_DONE && line->reason == step->waits_for)
        line->reason = NULL; /* it waits no more */
    if (ask->reason && step->state != STEP_BLOCKED) {
        news = !line->reason || strcmp(line->reason, ask->reason) != 0;
        line->reason = ask->reason;
    }
    if (news && step->state == STEP_WAIT && drive->progress)
        drive->progress(drive->data, line);
    if (ask->did > line->action)
        line->action = ask->did;
}

void drive_line_call(struct drive *drive, struct step *step)
{
    struct outcome_step *line = step->line;

    if (!line)
        return;
    if (!line->start_ns)
        line->start_ns = net_now();
    line->state = OUTCOME_STATE_WAITING;
    if (drive->progress)
        drive->progress(drive->data, line);
}

void drive_line_plan(struct drive *drive, struct step *step,
                     const struct step_ask *ask)
{
    struct outcome_step *line = step->line;
    const char *name = action_info(ask->action)->name;

    drive->outcome->changes++;
    if (!line)
        return;
    if (!line->call)
        line->call = name;
    else if (!strstr(line->call, name))
        line->call = world_format(drive->world, "%s, %s", line->call, name);
}
