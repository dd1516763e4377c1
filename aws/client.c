/*
 * client.c -- the life of a call:
 *
 *     start > keys > answer > over
 *               ^      |
 *               +------+  the next page; a pause and the same page again
 *
 * Each attempt asks for the keys anew: they may have been refreshed meanwhile.
 * A cancel, or the end of the time for all of it, sets `stop` and ends what is
 * under way; its callback then ends the call.  So there is one way out, over(),
 * and it is taken from the loop only.
 */
#include "aws/client.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/client_internal.h"
#include "aws/safe.h"
#include "cli/text.h"

enum {
    NS_PER_MS = 1000000,
};

static void attempt(struct flight *flight);

static struct net_deadlines *deadlines_of(const struct flight *flight)
{
    return &flight->call->account->loop->deadlines;
}

/* --- The end ------------------------------------------------------------- */

static void set_status(struct aws_call *call, enum aws_status status,
                       const char *message)
{
    call->status = status;
    call->code[0] = '\0';
    (void)error_set(call->message, sizeof(call->message), "%s", message);
}

/* The time is over.  What was refused last says more than that. */
static void set_late(struct aws_call *call)
{
    char text[sizeof(call->message) + 64];

    (void)snprintf(text, sizeof(text), "%s%sno success within %g s",
                   call->message, call->message[0] ? "; " : "",
                   call->account->total_ms / 1e3);
    if (!call->message[0])
        call->status = AWS_NO_ANSWER;
    safe_line(call->message, sizeof(call->message), text, NULL);
}

static void flight_free(struct flight *flight)
{
    flight_unsend(flight);
    net_deadline_clear(deadlines_of(flight), &flight->pause);
    net_deadline_clear(deadlines_of(flight), &flight->total);
    flight->call->account->flights--;
    free(flight);
}

/* Half of the pages would pass for all of them. */
static void drop_answers(struct aws_call *call)
{
    for (size_t i = 0; i < call->nanswers; i++)
        xml_free(call->answers[i]);
    free(call->answers);
    call->answers = NULL;
    call->nanswers = 0;
}

/* The call's status is set, unless it was stopped. */
static void over(struct flight *flight)
{
    struct aws_call *call = flight->call;

    if (flight->stop == STOP_CANCELED)
        set_status(call, AWS_CANCELED, "canceled");
    else if (flight->stop == STOP_LATE)
        set_late(call);
    if (call->status != AWS_OK)
        drop_answers(call);
    call->ns = net_now() - call->ns;
    call->state = NULL;
    flight_free(flight);
    call->done(call);
}

/* --- Pauses -------------------------------------------------------------- */

static struct flight *flight_of(struct net_deadline *deadline, size_t offset)
{
    return (struct flight *)(void *)((char *)deadline - offset);
}

static void on_pause(struct net_deadline *deadline)
{
    struct flight *flight = flight_of(deadline, offsetof(struct flight, pause));

    if (flight->stop != STOP_NONE)
        over(flight);
    else
        attempt(flight);
}

static void rest(struct flight *flight, unsigned ms)
{
    flight->stage = CALL_PAUSE;
    net_deadline_set(deadlines_of(flight), &flight->pause, on_pause, ms);
}

/* --- Answers ------------------------------------------------------------- */

static void log_attempt(struct flight *flight, const char *next)
{
    const struct aws_call *call = flight->call;
    char status[24] = "no answer";

    if (call->http_status > 0)
        (void)snprintf(status, sizeof(status), "%d", call->http_status);
    account_log(
        call->account, "%s %s %s %s: %s%s%s, %llu ms%s", call->account->label,
        call->account->region, aws_service_info(call->service)->name,
        call->action, status, call->code[0] ? " " : "", call->code,
        (unsigned long long)((net_now() - flight->sent_ns) / NS_PER_MS), next);
}

/* Would the call's time be over before the pause is? */
static bool too_late(const struct flight *flight, unsigned ms)
{
    return net_now() + (uint64_t)ms * NS_PER_MS >= flight->end_ns;
}

/* Calls at the same time have the same keys: who is refused after another has
 * told of it finds newer ones anyway. */
static void refuse_keys(struct flight *flight)
{
    struct aws_account *account = flight->call->account;

    flight->refreshed = true;
    if (flight->sent_ns <= account->refused_ns)
        return;
    account->refused_ns = net_now();
    credentials_refuse(account->credentials);
}

static void again(struct flight *flight, enum judgement why)
{
    char next[64];
    unsigned ms = 0;
    bool at_once = why == JUDGED_SKEWED || why == JUDGED_EXPIRED;

    if (!at_once && (!retry_pause(flight, why, &ms) || too_late(flight, ms))) {
        log_attempt(flight, "");
        over(flight);
        return;
    }
    (void)snprintf(next, sizeof(next), ", again in %u ms", ms);
    log_attempt(flight, next);
    flight->call->account->retries++;
    if (why == JUDGED_EXPIRED)
        refuse_keys(flight);
    flight_unsend(flight);
    rest(flight, ms);
}

static void good(struct flight *flight, struct xml *xml)
{
    struct aws_call *call = flight->call;

    call->code[0] = call->message[0] = '\0';
    call->status = AWS_OK;
    log_attempt(flight, "");
    retry_succeeded(flight);
    if (!flight_keep(flight, xml) || !flight->marker) {
        over(flight);
        return;
    }
    flight->tries = 0;
    flight_unsend(flight);
    attempt(flight);
}

static void on_answer(struct http_request *request)
{
    struct flight *flight = request->data;
    struct xml *xml = NULL;
    enum judgement judged;

    if (flight->stop != STOP_NONE) {
        over(flight);
        return;
    }
    judged = flight_judge(flight, &xml);
    if (judged == JUDGED_GOOD) {
        good(flight, xml);
    } else if (judged == JUDGED_FINAL) {
        log_attempt(flight, "");
        over(flight);
    } else {
        again(flight, judged);
    }
}

/* --- Attempts ------------------------------------------------------------ */

static void on_keys(void *data, const struct aws_keys *keys, const char *source,
                    const char *error)
{
    struct flight *flight = data;

    (void)source;
    if (flight->stop == STOP_NONE && !keys)
        set_status(flight->call, AWS_NO_CREDENTIALS,
                   error ? error : "no credentials");
    if (flight->stop != STOP_NONE || !keys) {
        over(flight);
        return;
    }
    flight->stage = CALL_ANSWER;
    if (!flight_send(flight, keys, on_answer)) {
        set_status(flight->call, AWS_NO_MEMORY, "out of memory");
        over(flight);
    }
}

static void attempt(struct flight *flight)
{
    flight->stage = CALL_KEYS;
    flight->keys =
        (struct credentials_request){ .done = on_keys, .data = flight };
    credentials_get(flight->call->account->credentials, &flight->keys);
}

/* End it as soon as may be: what is under way calls back. */
static void stop(struct flight *flight, enum call_stop why)
{
    if (flight->stop != STOP_NONE)
        return;
    flight->stop = why;
    switch (flight->stage) {
    case CALL_KEYS:
        credentials_cancel(flight->call->account->credentials, &flight->keys);
        break;
    case CALL_ANSWER: http_cancel(&flight->request); break;
    case CALL_PAUSE: rest(flight, 0); break;
    }
}

static void on_total(struct net_deadline *deadline);

static void set_total(struct flight *flight)
{
    uint64_t now = net_now();
    uint64_t left = flight->end_ns > now ? flight->end_ns - now : 0;

    net_deadline_set(deadlines_of(flight), &flight->total, on_total,
                     (left + NS_PER_MS - 1) / NS_PER_MS);
}

/* The loop's clock stands still while a question is answered at the terminal:
 * so it may ring early. */
static void on_total(struct net_deadline *deadline)
{
    struct flight *flight = flight_of(deadline, offsetof(struct flight, total));

    if (net_now() < flight->end_ns)
        set_total(flight);
    else
        stop(flight, STOP_LATE);
}

/* --- Calls that could not start ------------------------------------------ */

static void on_starving(struct net_deadline *deadline)
{
    struct aws_account *account =
        (struct aws_account *)(void *)((char *)deadline -
                                       offsetof(struct aws_account, starving));
    struct aws_call *call = account->starved;

    account->starved = call->state;
    if (account->starved)
        net_deadline_set(&account->loop->deadlines, deadline, on_starving, 0);
    call->state = NULL;
    call->ns = 0;
    call->done(call);
}

/* No memory, not even to call back later: the call itself must do. */
static void starve(struct aws_call *call)
{
    struct aws_account *account = call->account;

    set_status(call, AWS_NO_MEMORY, "out of memory");
    call->state = account->starved;
    account->starved = call;
    net_deadline_set(&account->loop->deadlines, &account->starving, on_starving,
                     0);
}

static bool is_starved(const struct aws_call *call)
{
    const struct aws_call *other = call->account->starved;

    while (other && other != call)
        other = other->state;
    return other != NULL;
}

/* --- Start, cancel, free ------------------------------------------------- */

void aws_call_start(struct aws_call *call)
{
    struct aws_account *account = call->account;
    struct flight *flight;

    assert(net_loop_here(account->loop) && !call->state && !call->answers);
    call->code[0] = call->message[0] = '\0';
    call->http_status = 0;
    call->attempts = 0;
    call->ns = net_now();
    flight = call->query.failed ? NULL : calloc(1, sizeof(*flight));
    if (!flight) {
        starve(call);
        return;
    }
    call->state = flight;
    flight->call = call;
    flight->end_ns = call->ns + (uint64_t)account->total_ms * NS_PER_MS;
    account->flights++;
    set_total(flight);
    attempt(flight);
}

void aws_call_cancel(struct aws_call *call)
{
    if (!call->state && !is_starved(call))
        return;
    assert(net_loop_here(call->account->loop));
    if (is_starved(call))
        set_status(call, AWS_CANCELED, "canceled");
    else
        stop(call->state, STOP_CANCELED);
}

void aws_call_free(struct aws_call *call)
{
    assert(!call->state);
    drop_answers(call);
    query_free(&call->query);
}
