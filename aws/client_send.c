/*
 * client_send.c -- body and headers of a request, signed with the keys of this
 * very attempt.
 */
#include <string.h>

#include "aws/client_internal.h"
#include "aws/sigv4.h"

#define FORM_TYPE "application/x-www-form-urlencoded; charset=utf-8"

enum {
    TRY_SHARE = 4, /* an attempt may take so large a part of the whole time, */
    TRY_MIN_MS = 5000, /* but not less than this */
};

static void put_pair(struct bytes *body, const char *name, const char *value)
{
    bytes_text(body, body->size > 0 ? "&" : "");
    bytes_text(body, name);
    bytes_text(body, "=");
    bytes_encode(body, value, strlen(value), "");
}

static bool make_body(struct flight *flight)
{
    const struct aws_call *call = flight->call;
    struct bytes *body = &flight->body;

    put_pair(body, "Action", call->action);
    put_pair(body, "Version", aws_service_info(call->service)->version);
    if (call->query.size > 0) {
        bytes_text(body, "&");
        bytes_put(body, call->query.text, call->query.size);
    }
    if (flight->marker)
        put_pair(body, page_parameter(call), flight->marker);
    return !body->failed;
}

static bool make_header(struct flight *flight, const char *name,
                        const char *value)
{
    struct http_request *request = &flight->request;
    struct bytes *header = &flight->headers[request->nheaders];

    bytes_text(header, name);
    bytes_text(header, ": ");
    bytes_text(header, value);
    if (header->failed)
        return false;
    flight->lines[request->nheaders++] = header->text;
    return true;
}

static bool sign(struct flight *flight, const struct aws_keys *keys)
{
    const struct aws_call *call = flight->call;
    const struct site *site = &call->account->sites[call->service];
    const struct sigv4_header type = { "content-type", FORM_TYPE };
    const struct sigv4_request request = {
        .method = "POST",
        .host = site->host,
        .path = site->path,
        .headers = &type,
        .nheaders = 1,
        .body = flight->body.text,
        .body_size = flight->body.size,
        .region = call->account->region,
        .service = aws_service_info(call->service)->name,
        .now = account_now(call->account),
    };
    struct sigv4_signed out;

    flight->signed_at = request.now;
    return sigv4_sign(&request, keys, &out) &&
           make_header(flight, "Host", site->host) &&
           make_header(flight, "Content-Type", FORM_TYPE) &&
           make_header(flight, "X-Amz-Date", out.date) &&
           make_header(flight, "Authorization", out.authorization) &&
           (!keys->session_token ||
            make_header(flight, "X-Amz-Security-Token", keys->session_token));
}

/* The end of the whole call cuts it short as well. */
static unsigned try_ms(const struct aws_account *account)
{
    unsigned share = account->total_ms / TRY_SHARE;

    return share > TRY_MIN_MS ? share : TRY_MIN_MS;
}

bool flight_send(struct flight *flight, const struct aws_keys *keys,
                 http_done_cb done)
{
    struct aws_call *call = flight->call;

    flight->request = (struct http_request){
        .method = "POST",
        .url = call->account->sites[call->service].url,
        .headers = flight->lines,
        .total_ms = try_ms(call->account),
        .done = done,
        .data = flight,
    };
    if (keys->session_token)
        bytes_text(&flight->token, keys->session_token);
    if (flight->token.failed || !make_body(flight) || !sign(flight, keys))
        return false;
    flight->request.body = flight->body.text;
    flight->request.body_size = flight->body.size;
    flight->sent_ns = net_now();
    call->attempts++;
    flight->tries++;
    http_start(call->account->http, &flight->request);
    return true;
}

void flight_unsend(struct flight *flight)
{
    http_request_free(&flight->request);
    for (size_t i = 0; i < HEADERS_MAX; i++)
        bytes_free(&flight->headers[i]);
    bytes_free(&flight->body);
    bytes_free(&flight->token);
}
