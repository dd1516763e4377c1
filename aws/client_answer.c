/*
 * client_answer.c -- from an answer to a judgement.
 *
 *     no answer, not XML, cut, not of this action > transient
 *     <Response><Errors>, <ErrorResponse>         > by its code and status
 *     <ActionResponse>                            > good
 *
 * A clock that is wrong shows in the answer's Date, and is set right here.
 */
#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

#include "aws/client_internal.h"
#include "aws/safe.h"
#include "cli/text.h"

enum {
    SKEW_MIN_S = 60,         /* less is no reason for a refusal, ... */
    SKEW_UNSURE_MIN_S = 240, /* ... when its code says something else */
    FAULT_SIZE = 160,
};

static const char *token_of(const struct flight *flight)
{
    return flight->token.size > 0 ? flight->token.text : NULL;
}

/* The call got no answer of AWS: say where, and what came instead. */
static void set_fault(struct flight *flight, const char *fault)
{
    struct aws_call *call = flight->call;
    char text[URL_SIZE + 2 * sizeof(flight->request.error)];

    (void)snprintf(text, sizeof(text), "%s: %s",
                   call->account->sites[call->service].url, fault);
    call->status = AWS_NO_ANSWER;
    call->code[0] = '\0';
    safe_line(call->message, sizeof(call->message), text, token_of(flight));
}

/* --- Errors -------------------------------------------------------------- */

static const struct xml_node *error_of(const struct xml *xml)
{
    const struct xml_node *root = xml_root(xml);

    if (strcmp(root->name, "Response") == 0)
        return xml_find(root, "Errors/Error");
    if (strcmp(root->name, "ErrorResponse") == 0)
        return xml_find(root, "Error");
    return NULL;
}

static void set_error(struct flight *flight, const struct xml_node *error)
{
    struct aws_call *call = flight->call;
    const char *code = xml_text(error, "Code");
    const char *message = xml_text(error, "Message");
    char plain[24];

    (void)snprintf(plain, sizeof(plain), "HTTP %d", call->http_status);
    call->status = AWS_REFUSED;
    safe_word(call->code, sizeof(call->code), code ? code : "");
    safe_line(call->message, sizeof(call->message),
              message && *message ? message : plain, token_of(flight));
}

/* Another call's answer has set the clock since this one was signed: once
 * more, by the new time. */
static bool is_set_since(struct flight *flight)
{
    long passed =
        (long)(account_now(flight->call->account) - flight->signed_at);

    if (flight->clock_set || (passed < SKEW_MIN_S && -passed < SKEW_MIN_S))
        return false;
    flight->clock_set = true;
    return true;
}

/* Set the account's clock by the answer's Date, once a call. */
static bool set_clock(struct flight *flight, bool surely)
{
    struct aws_account *account = flight->call->account;
    time_t date = curl_getdate(flight->request.date, NULL);
    long off = (long)(date - account_now(account));
    long least = surely ? SKEW_MIN_S : SKEW_UNSURE_MIN_S;

    if (date == (time_t)-1 || flight->clock_set ||
        (off < least && -off < least))
        return false;
    flight->clock_set = true;
    account->skew_s += off;
    if (!account->skew_told)
        account_log(account,
                    "%s: the clock of this machine is %ld s %s AWS'; "
                    "signatures are corrected by that",
                    account->label,
                    account->skew_s < 0 ? -account->skew_s : account->skew_s,
                    account->skew_s < 0 ? "ahead of" : "behind");
    account->skew_told = true;
    return true;
}

static enum judgement judge_error(struct flight *flight)
{
    const char *code = flight->call->code;
    bool surely;

    if (retry_is_skew(code, &surely) &&
        (is_set_since(flight) || set_clock(flight, surely)))
        return JUDGED_SKEWED;
    if (retry_is_expired(code))
        return flight->refreshed ? JUDGED_FINAL : JUDGED_EXPIRED;
    return retry_judge(code, flight->call->http_status);
}

/* --- What is no answer of AWS -------------------------------------------- */

/* A proxy, a portal, half an answer.  A 4xx or a redirect would come again. */
static enum judgement judge_stranger(struct flight *flight, const char *fault)
{
    const struct http_request *request = &flight->request;
    enum judgement judged = retry_judge("", request->status);
    char text[FAULT_SIZE * 2];

    (void)snprintf(text, sizeof(text), "HTTP %d, and not an answer of AWS (%s)",
                   request->status, fault);
    set_fault(flight, text);
    if (judged == JUDGED_FINAL && request->status < 300)
        return JUDGED_TRANSIENT;
    return judged;
}

static bool is_answer(const struct flight *flight, const struct xml *xml)
{
    const char *action = flight->call->action, *name = xml_root(xml)->name;
    size_t n = strlen(action);

    return flight->request.status < 300 && strncmp(name, action, n) == 0 &&
           strcmp(name + n, "Response") == 0;
}

static enum judgement judge_xml(struct flight *flight, const struct xml *xml)
{
    const struct xml_node *error = error_of(xml);
    char fault[FAULT_SIZE];

    if (error) {
        set_error(flight, error);
        return judge_error(flight);
    }
    if (is_answer(flight, xml))
        return JUDGED_GOOD;
    (void)snprintf(fault, sizeof(fault), "<%.100s>", xml_root(xml)->name);
    return judge_stranger(flight, fault);
}

/* It begins as AWS' answers do, errors too, and is not whole: cut short on the
 * way, whatever the status.  What a proxy says begins otherwise. */
static bool is_cut_short(const struct http_request *request)
{
    static const char *const begins[] = { "<?xml", "<Response",
                                          "<ErrorResponse" };

    for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++) {
        size_t n = strlen(begins[i]);

        if (n > request->answer_size)
            n = request->answer_size;
        if (n > 0 && strncmp(request->answer, begins[i], n) == 0)
            return true;
    }
    return request->answer_size == 0 && request->status == 400;
}

enum judgement flight_judge(struct flight *flight, struct xml **xml)
{
    const struct http_request *request = &flight->request;
    char fault[FAULT_SIZE];
    enum judgement judged;

    *xml = NULL;
    flight->call->http_status = request->status;
    if (request->status == 0) {
        set_fault(flight, request->error);
        return request->hopeless ? JUDGED_FINAL : JUDGED_TRANSIENT;
    }
    *xml =
        xml_read(request->answer, request->answer_size, fault, sizeof(fault));
    if (!*xml) {
        judged = judge_stranger(flight, fault);
        return judged == JUDGED_FINAL && is_cut_short(request)
                   ? JUDGED_TRANSIENT
                   : judged;
    }
    judged = judge_xml(flight, *xml);
    if (judged == JUDGED_GOOD)
        return judged;
    xml_free(*xml);
    *xml = NULL;
    return judged;
}
