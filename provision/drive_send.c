/*
 * One call or look-up in flight.
 *
 * A flight belongs to its step from start to callback; the callback folds the
 * answer into the world, frees the flight, and has all steps asked again.
 */
#include "provision/drive_internal.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LOOK_UP_MS = 5000,
};

struct flight {
    struct drive *drive;
    struct step *step;
    struct aws_call call;
    struct net_resolve resolve;
    bool look_up;
    bool pretend; /* DryRun=true was asked: no news of the resource */
};

static struct flight *flight_new(struct drive *drive, struct step *step)
{
    struct flight *flight = calloc(1, sizeof(*flight));

    if (!flight) {
        drive->world->no_memory = true;
        drive_fail(drive, step, STEP_FAILED, "out of memory");
        return NULL;
    }
    flight->drive = drive;
    flight->step = step;
    step->flight = flight;
    drive->in_flight++;
    return flight;
}

static void flight_end(struct flight *flight)
{
    struct drive *drive = flight->drive;
    struct outcome_step *line = flight->step->line;

    flight->step->flight = NULL;
    drive->in_flight--;
    if (line && line->start_ns)
        line->ns = net_now() - line->start_ns;
    if (!flight->look_up)
        aws_call_free(&flight->call);
    free(flight->resolve.answer);
    free(flight);
    drive_answered(drive);
}

/* An answer of 200 that is no success: an item of it tells. */
static void fail_item(struct flight *flight, const char *label)
{
    const struct aws_call *call = &flight->call;
    const char *code = NULL, *message = NULL;

    if (!aws_call_unsuccessful(call, &code, &message)) {
        code = "answer";
        message = "it does not tell what it should";
    }
    drive_fail(flight->drive, flight->step, STEP_FAILED,
               world_format(flight->drive->world, "%s: %s: %s: %s", label,
                            call->action, code ? code : "?",
                            message ? message : ""));
}

/* "provider: CreateListener: AccessDenied: ..." */
static void fail(struct flight *flight)
{
    const struct aws_call *call = &flight->call;
    const char *label = aws_account_label(call->account);

    if (call->status == AWS_OK)
        fail_item(flight, label);
    else if (call->status == AWS_REFUSED)
        drive_fail(flight->drive, flight->step, STEP_FAILED,
                   world_format(flight->drive->world, "%s: %s: %s: %s", label,
                                call->action, call->code, call->message));
    else
        drive_fail(flight->drive, flight->step, STEP_FAILED,
                   world_format(
                       flight->drive->world, "%s: %s: %s", label, call->action,
                       call->message[0] ? call->message : "out of memory"));
}

/* What EC2 says to DryRun=true: 412 DryRunOperation is a yes. */
static void took_permission(struct flight *flight)
{
    struct drive *drive = flight->drive;
    struct step *step = flight->step;

    if (flight->call.status != AWS_REFUSED ||
        aws_call_is(&flight->call, "UnauthorizedOperation AccessDenied")) {
        fail(flight);
        return;
    }
    if (!step->kind->took(step, drive->world, NULL))
        drive_fail(drive, step, STEP_FAILED, "cannot be planned");
}

static void count(struct flight *flight)
{
    struct outcome *outcome = flight->drive->outcome;

    outcome->api_calls += flight->call.attempts;
    if (action_changes(flight->step->asked) && !flight->pretend)
        outcome->writes++;
    if (flight->step->line)
        flight->step->line->calls += flight->call.attempts;
    flight->step->calls++;
}

/* Its time was over before the answer came. */
static bool is_over(const struct step *step)
{
    return step->state == STEP_FAILED || step->state == STEP_REFUSED;
}

static void on_answer(struct aws_call *call)
{
    struct flight *flight = call->data;
    struct step *step = flight->step;

    count(flight);
    if (call->status == AWS_CANCELED || is_over(step))
        step->state = is_over(step) ? step->state : STEP_BLOCKED;
    else if (flight->pretend)
        took_permission(flight);
    else if ((call->status != AWS_OK && call->status != AWS_REFUSED) ||
             !step->kind->took(step, flight->drive->world, call))
        fail(flight);
    flight_end(flight);
}

void drive_send(struct drive *drive, struct step *step, struct step_ask *ask)
{
    struct aws_account *account = step->account == STEP_PROVIDER
                                      ? drive->provider
                                      : drive->consumers[step->account];
    struct flight *flight = flight_new(drive, step);

    if (!flight) {
        query_free(&ask->query);
        return;
    }
    assert(account);
    step->asked = ask->action;
    flight->pretend = drive->dry_run && action_changes(ask->action);
    if (flight->pretend)
        query_add_bool(&ask->query, "DryRun", true);
    flight->call = (struct aws_call){
        .account = account,
        .service = action_info(ask->action)->service,
        .action = action_info(ask->action)->name,
        .query = ask->query,
        .pages = ask->pages,
        .done = on_answer,
        .data = flight,
    };
    drive_line_call(drive, step);
    aws_call_start(&flight->call);
}

static void on_names(struct net_resolve *request, enum net_status status)
{
    struct flight *flight = request->data;
    struct step *step = flight->step;

    if (status != NET_CANCELED && !is_over(step))
        step->kind->took_names(step, flight->drive->world, request->answer,
                               status);
    flight_end(flight);
}

void drive_look_up(struct drive *drive, struct step *step, const char *host)
{
    struct net_question question = { .host = host, .family = AF_INET };
    struct flight *flight;

    assert(drive->resolver && step->kind->took_names);
    flight = flight_new(drive, step);
    if (!flight)
        return;
    flight->look_up = true;
    flight->resolve = (struct net_resolve){ .data = flight,
                                            .resolver = drive->resolver,
                                            .timeout_ms = LOOK_UP_MS };
    drive_line_call(drive, step);
    net_resolve_start(&flight->resolve, &question, on_names);
}

void drive_give_up(struct drive *drive, bool all)
{
    for (size_t i = 0; i < drive->nsteps; i++) {
        struct flight *flight = drive->steps[i].flight;

        if (!flight)
            continue;
        if (flight->look_up)
            net_resolve_cancel(&flight->resolve);
        else if (all || !action_changes(drive->steps[i].asked))
            aws_call_cancel(&flight->call);
    }
}
