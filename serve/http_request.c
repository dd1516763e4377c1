/*
 * http_request.c -- what a handler asks of a request, and what it answers.
 */
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "serve/http_internal.h"

void http_request_awake(struct http_request *request)
{
    struct http_server *server = request->server;

    if (request->prev)
        request->prev->next = request->next;
    else
        server->waiting = request->next;
    if (request->next)
        request->next->prev = request->prev;
    request->waiting = false;
}

/* What a search of the query is for. */
struct search {
    const char *name, *value;
    unsigned n;
};

/* A NUL inside of a value would cut it: such a one is empty. */
static enum MHD_Result on_argument(void *data, enum MHD_ValueKind kind,
                                   const char *key, size_t nkey,
                                   const char *value, size_t nvalue)
{
    struct search *search = data;

    (void)kind;
    if (strlen(key) != nkey || strcmp(key, search->name) != 0)
        return MHD_YES;
    if (search->n++ == 0)
        search->value = value && strlen(value) == nvalue ? value : "";
    return MHD_YES;
}

const char *http_query(const struct http_request *request, const char *name,
                       unsigned *n)
{
    struct search search = { .name = name };

    (void)MHD_get_connection_values_n(
        request->connection, MHD_GET_ARGUMENT_KIND, on_argument, &search);
    if (n)
        *n = search.n;
    return search.value;
}

const char *http_header(const struct http_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND,
                                       name);
}

bool http_certificate_good(const struct http_request *request, bool *shown)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(
        request->connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    gnutls_session_t session = info ? info->tls_session : NULL;
    unsigned count = 0, status = 0;

    *shown = session && gnutls_certificate_get_peers(session, &count) != NULL &&
             count > 0;
    return *shown && gnutls_certificate_verify_peers2(session, &status) == 0 &&
           status == 0;
}

/* Where the length is not told beforehand, swallow() has the bound. */
bool http_request_refuse_body(struct http_request *request)
{
    const char *length = http_header(request, "Content-Length");

    if (!length || strtoull(length, NULL, 10) <= HTTP_BODY_MAX)
        return false;
    http_reply_line(request, 413, "The body is too large: none is expected");
    return request->reply != NULL;
}

/* Hand `response` over; it is the library's then. */
static void hand_over(struct http_request *request,
                      const struct http_answer *answer,
                      struct MHD_Response *response)
{
    struct http_reply *reply = response ? malloc(sizeof(*reply)) : NULL;

    if (reply) {
        (void)MHD_add_response_header(
            response, "Content-Type",
            answer->type ? answer->type : "text/plain; charset=utf-8");
        (void)MHD_add_response_header(response, "X-Content-Type-Options",
                                      "nosniff");
        for (const char *const *h = answer->headers; h && h[0]; h += 2)
            (void)MHD_add_response_header(response, h[0], h[1]);
        *reply = (struct http_reply){ response, answer->status };
    } else if (response) {
        MHD_destroy_response(response);
    }
    request->reply = reply;
    request->refused = !reply;
    if (!request->waiting)
        return;
    http_request_awake(request);
    MHD_resume_connection(request->connection);
    http_server_run_soon(request->server);
}

void http_reply(struct http_request *request, const struct http_answer *answer,
                const char *bytes, size_t n)
{
    hand_over(request, answer,
              MHD_create_response_from_buffer(n, (void *)bytes,
                                              MHD_RESPMEM_MUST_COPY));
}

void http_reply_line(struct http_request *request, unsigned status,
                     const char *text)
{
    const struct http_answer answer = { .status = status };
    char line[1024];
    int n = snprintf(line, sizeof(line), "%s\n", text);

    http_reply(request, &answer, line,
               (size_t)n < sizeof(line) ? (size_t)n : sizeof(line) - 1);
}

void http_stream(struct http_request *request, const struct http_answer *answer,
                 const struct http_body *body, bool gzip)
{
    struct MHD_Response *response = http_body_response(body, gzip);

    if (response && gzip)
        (void)MHD_add_response_header(response, "Content-Encoding", "gzip");
    hand_over(request, answer, response);
}
