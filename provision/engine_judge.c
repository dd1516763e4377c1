/*
 * The end of a run as one status and one verdict: the first that is wrong in
 * the order of the path.
 */
#include "provision/engine_internal.h"
#include "provision/steps/steps.h"

#include <string.h>

static const struct world_lane *unhealthy_lane(const struct world *world)
{
    for (size_t i = 0; i < world->nlanes; i++) {
        const struct world_lane *lane = &world->lanes[i];

        if (lane->group.found == WORLD_FOUND && !lane->group.deleted &&
            lane->wanted->resolved == WORLD_FOUND && !step_all_healthy(lane))
            return lane;
    }
    return NULL;
}

static const char *failure_of(const struct engine *engine,
                              enum outcome_step_name *name)
{
    for (size_t i = 0; i < engine->nsteps; i++) {
        const struct step *step = &engine->steps[i];

        if (step->state == STEP_REFUSED) {
            *name = step->kind->name;
            return step->said;
        }
    }
    for (size_t i = 0; i < engine->nsteps; i++) {
        const struct step *step = &engine->steps[i];

        if (step->state == STEP_FAILED) {
            *name = step->kind->name;
            return step->said;
        }
    }
    return NULL;
}

static enum outcome_status status_of(const struct engine *engine)
{
    const struct drive *drive = &engine->drive;
    enum engine_command command = engine->options.command;

    if (drive->canceled)
        return OUTCOME_STATUS_INTERRUPTED;
    if (drive->refused)
        return OUTCOME_STATUS_REFUSED;
    if (drive->failed || engine->world.no_memory)
        return OUTCOME_STATUS_FAILED;
    if (drive->dry_run && engine->outcome.changes)
        return command == ENGINE_STATUS ? OUTCOME_STATUS_DRIFTED
                                        : OUTCOME_STATUS_CHANGES;
    if (drive->waiting)
        return engine->outcome.ndrift ? OUTCOME_STATUS_DRIFTED
                                      : OUTCOME_STATUS_WAITING;
    if (command == ENGINE_DESTROY || command == ENGINE_CONNECTIONS)
        return OUTCOME_STATUS_OK;
    if (unhealthy_lane(&engine->world))
        return OUTCOME_STATUS_UNHEALTHY;
    return engine->outcome.ndrift ? OUTCOME_STATUS_DRIFTED : OUTCOME_STATUS_OK;
}

/* The catalogue's id for what is wrong with a step; the first that is wrong
 * in the order of the path. */
static const char *verdict_of_step(enum outcome_step_name name)
{
    switch (name) {
    case OUTCOME_TARGETS: return "AWS_TARGET_UNHEALTHY";
    case OUTCOME_LISTENER: return "AWS_NO_LISTENER";
    case OUTCOME_PERMISSIONS: return "AWS_PRINCIPAL_NOT_ALLOWED";
    case OUTCOME_CACHE_SECURITY_GROUP:
    case OUTCOME_ENDPOINT_SECURITY_GROUP: return "AWS_NO_RULE";
    case OUTCOME_ENDPOINT:
    case OUTCOME_ACCEPTANCE:
    case OUTCOME_AVAILABLE: return "AWS_ENDPOINT_NOT_AVAILABLE";
    default: return "UNKNOWN_ERROR";
    }
}

static bool is_clustered(const struct engine *engine)
{
    for (size_t i = 0; i < engine->world.ncaches; i++) {
        if (engine->world.caches[i].cluster_mode)
            return true;
    }
    return false;
}

/* What was refused is no fault of the path, but for a cache that cannot have
 * one. */
static const char *verdict_of_end(const struct engine *engine,
                                  enum outcome_step_name name)
{
    if (name == OUTCOME_CACHE && is_clustered(engine))
        return "REDIS_MOVED";
    return engine->outcome.status == OUTCOME_STATUS_REFUSED
               ? "UNKNOWN_ERROR"
               : verdict_of_step(name);
}

static const char *drift_verdict(const struct outcome_drift *drift)
{
    if (drift->step == OUTCOME_TARGETS)
        return drift->have.n ? "TCP_TARGET_STALE" : "AWS_NO_TARGET";
    if (drift->step == OUTCOME_TARGET_GROUP &&
        strcmp(drift->field, "proxy_protocol") == 0)
        return "APP_PROXY_V2";
    return verdict_of_step(drift->step);
}

static void judge_lines(struct engine *engine)
{
    struct outcome *outcome = &engine->outcome;

    for (size_t i = 0; i < outcome->nsteps; i++) {
        const struct outcome_step *line = &outcome->steps[i];

        if (line->state != OUTCOME_STATE_FAILED &&
            line->state != OUTCOME_STATE_WAITING)
            continue;
        outcome->verdict = verdict_of_step(line->name);
        outcome->verdict_text = line->reason;
        return;
    }
}

void engine_judge(struct engine *engine)
{
    struct outcome *outcome = &engine->outcome;
    const struct world_lane *lane = unhealthy_lane(&engine->world);
    enum outcome_step_name name = OUTCOME_CACHE;

    outcome->status = status_of(engine);
    outcome->verdict = "OK";
    if (outcome->status == OUTCOME_STATUS_OK ||
        outcome->status == OUTCOME_STATUS_CHANGES)
        return;
    outcome->verdict = "UNKNOWN_ERROR";
    outcome->error = failure_of(engine, &name);
    if (outcome->error) {
        outcome->verdict = verdict_of_end(engine, name);
        outcome->verdict_text = outcome->error;
    } else if (outcome->ndrift) {
        outcome->verdict = drift_verdict(&outcome->drift[0]);
        outcome->verdict_text =
            world_format(&engine->world, "%s: %s differs",
                         outcome_step_token(outcome->drift[0].step),
                         outcome->drift[0].field);
    } else if (outcome->status == OUTCOME_STATUS_UNHEALTHY && lane) {
        outcome->verdict =
            lane->group.ntargets ? "AWS_TARGET_UNHEALTHY" : "AWS_NO_TARGET";
        outcome->verdict_text =
            lane->group.ntargets ? lane->group.targets[0].reason : NULL;
    } else {
        judge_lines(engine);
    }
}
