/*
 * http_request.c -- one transfer: what curl is told, what comes back.
 */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "aws/http_internal.h"
#include "cli/text.h"

enum {
    CONNECT_MS = 5000,
    TOTAL_MS = 60000,
    ROOM_FIRST = 4096,
    RETRY_AFTER_MAX_S = 3600,
};

_Static_assert(sizeof(((struct http_request *)0)->error) >= CURL_ERROR_SIZE,
               "curl writes its error there");

/* --- The answer ---------------------------------------------------------- */

static bool make_room(struct http_request *request, size_t n)
{
    size_t room = request->answer_room > 0 ? request->answer_room : ROOM_FIRST;
    char *answer;

    while (room - request->answer_size <= n)
        room *= 2; /* of HTTP_BODY_MAX twice at most */
    if (room == request->answer_room)
        return true;
    answer = realloc(request->answer, room);
    if (!answer)
        return false;
    request->answer = answer;
    request->answer_room = room;
    return true;
}

/* Another number than `n` ends the transfer. */
static size_t on_body(char *bytes, size_t one, size_t n, void *data)
{
    struct http_request *request = data;

    (void)one; /* is 1 */
    if (request->ended)
        return 0;
    if (n > HTTP_BODY_MAX - request->answer_size) {
        request->why = "the answer is larger than 8 MiB";
        request->hopeless = true;
        return 0;
    }
    if (!make_room(request, n)) {
        request->why = "out of memory";
        return 0;
    }
    memcpy(request->answer + request->answer_size, bytes, n);
    request->answer_size += n;
    request->answer[request->answer_size] = '\0';
    return n;
}

/* The value of the header `name` in a line of `n` bytes, without blanks at its
 * ends; false: it is another one, or does not fit. */
static bool header_is(const char *line, size_t n, const char *name, char *value,
                      size_t size)
{
    size_t skip = strlen(name);

    if (n <= skip || strncasecmp(line, name, skip) != 0 || line[skip] != ':')
        return false;
    for (skip++; skip < n && (line[skip] == ' ' || line[skip] == '\t'); skip++)
        continue;
    while (n > skip && strchr(" \t\r\n", line[n - 1]))
        n--;
    if (n - skip >= size)
        return false;
    memcpy(value, line + skip, n - skip);
    value[n - skip] = '\0';
    return true;
}

/* Whole milliseconds of a text that counts in `unit_ms`; -1: it does not. */
static long number_of(const char *text, long unit_ms)
{
    char *end;
    long value;

    if (*text < '0' || *text > '9')
        return -1;
    value = strtol(text, &end, 10);
    if (*end != '\0')
        return -1;
    return value > RETRY_AFTER_MAX_S * 1000L / unit_ms
               ? RETRY_AFTER_MAX_S * 1000L
               : value * unit_ms;
}

/* A status line begins anew: that of "100 Continue" was none. */
static size_t on_header(char *line, size_t one, size_t n, void *data)
{
    struct http_request *request = data;
    char value[40];

    (void)one; /* is 1 */
    if (n > 5 && memcmp(line, "HTTP/", 5) == 0) {
        request->date[0] = '\0';
        request->retry_after_ms = -1;
        request->whole = false;
    } else if (*line == '\r' || *line == '\n') {
        request->whole = true;
    } else if (header_is(line, n, "Date", value, sizeof(value))) {
        memcpy(request->date, value, sizeof(value));
    } else if (header_is(line, n, "x-amz-retry-after", value, sizeof(value))) {
        request->retry_after_ms = number_of(value, 1);
    } else if (header_is(line, n, "Retry-After", value, sizeof(value)) &&
               request->retry_after_ms < 0) {
        request->retry_after_ms = number_of(value, 1000);
    }
    return n;
}

/* --- The transfer -------------------------------------------------------- */

/* curl knows http_proxy in small letters only, for in a CGI program the other
 * is the client's word. */
static const char *plain_proxy(const char *url)
{
    /* NOLINTBEGIN(concurrency-mt-unsafe): nobody changes them */
    if (strncasecmp(url, "http:", 5) != 0 || getenv("http_proxy") ||
        getenv("REQUEST_METHOD"))
        return NULL;
    return getenv("HTTP_PROXY");
    /* NOLINTEND(concurrency-mt-unsafe) */
}

static void set_way(struct http_request *request)
{
    CURL *easy = request->easy;
    const char *proxy = plain_proxy(request->url);

    (void)curl_easy_setopt(easy, CURLOPT_URL, request->url);
    (void)curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    (void)curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
                           (long)CURL_HTTP_VERSION_1_1);
    (void)curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    (void)curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_USERAGENT, "linkprobe");
    /* A look-up that hangs is left behind, not waited for. */
    (void)curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    (void)curl_easy_setopt(
        easy, CURLOPT_CONNECTTIMEOUT_MS,
        (long)(request->connect_ms > 0 ? request->connect_ms : CONNECT_MS));
    (void)curl_easy_setopt(
        easy, CURLOPT_TIMEOUT_MS,
        (long)(request->total_ms > 0 ? request->total_ms : TOTAL_MS));
    if (request->no_proxy)
        (void)curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
    else if (proxy)
        (void)curl_easy_setopt(easy, CURLOPT_PROXY, proxy);
    (void)curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    if (request->http->ca_bundle)
        (void)curl_easy_setopt(easy, CURLOPT_CAINFO, request->http->ca_bundle);
}

static void set_body(struct http_request *request)
{
    CURL *easy = request->easy;

    if (request->body || strcmp(request->method, "POST") == 0) {
        (void)curl_easy_setopt(easy, CURLOPT_POST, 1L);
        (void)curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                               (curl_off_t)request->body_size);
        (void)curl_easy_setopt(easy, CURLOPT_POSTFIELDS,
                               request->body ? request->body : "");
    }
    if (strcmp(request->method, "GET") != 0)
        (void)curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
    (void)curl_easy_setopt(easy, CURLOPT_HTTPHEADER, request->list);
}

static void set_ears(struct http_request *request)
{
    CURL *easy = request->easy;

    (void)curl_easy_setopt(easy, CURLOPT_PRIVATE, request);
    (void)curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, request->error);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEDATA, request);
    (void)curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    (void)curl_easy_setopt(easy, CURLOPT_HEADERDATA, request);
}

/* Without "Expect: 100-continue", which costs a turn for larger bodies. */
static bool list_headers(struct http_request *request)
{
    struct curl_slist *list = curl_slist_append(NULL, "Expect:"), *longer;

    for (size_t i = 0; list && i < request->nheaders; i++) {
        longer = curl_slist_append(list, request->headers[i]);
        if (!longer)
            curl_slist_free_all(list);
        list = longer;
    }
    request->list = list;
    return list != NULL;
}

bool http_request_open(struct http_request *request)
{
    request->status = 0;
    request->sent = request->hopeless = request->whole = false;
    request->error[0] = request->date[0] = '\0';
    request->retry_after_ms = -1;
    request->answer_size = request->answer_room = 0;
    request->list = NULL;
    request->answer = NULL;
    request->easy = curl_easy_init();
    if (!request->easy || !list_headers(request) || !make_room(request, 0))
        return false;
    request->answer[0] = '\0';
    set_way(request);
    set_body(request);
    set_ears(request);
    return true;
}

/* curl wipes nothing: a token may stand in the list. */
static void list_free(struct curl_slist *list)
{
    for (struct curl_slist *item = list; item; item = item->next)
        explicit_bzero(item->data, strlen(item->data));
    curl_slist_free_all(list);
}

void http_request_close(struct http_request *request)
{
    curl_easy_cleanup(request->easy);
    list_free(request->list);
    request->easy = request->list = NULL;
}

/* --- What became of it --------------------------------------------------- */

/* Would the very same come again?  What is not HTTP counts as an unsupported
 * protocol too, and it may be another time. */
static bool is_hopeless(CURLcode result, bool sent)
{
    switch (result) {
    case CURLE_UNSUPPORTED_PROTOCOL: return !sent;
    case CURLE_URL_MALFORMAT:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_ENGINE_INITFAILED: return true;
    default: return false;
    }
}

/* One line, whatever a server made curl say. */
static void one_line(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == '\x7f')
            *text = ' ';
}

void http_request_judge(struct http_request *request, CURLcode result)
{
    long status = 0, sent = 0;

    if (request->easy) {
        (void)curl_easy_getinfo(request->easy, CURLINFO_RESPONSE_CODE, &status);
        (void)curl_easy_getinfo(request->easy, CURLINFO_REQUEST_SIZE, &sent);
        (void)curl_easy_setopt(request->easy, CURLOPT_ERRORBUFFER, NULL);
    }
    request->status = 0;
    request->sent = sent > 0;
    if (result == CURLE_OK && status > 0 && request->whole) {
        request->status = (int)status;
        request->error[0] = '\0';
        return;
    }
    if (result == CURLE_OK) /* for it headers may end anywhere */
        request->why = "the answer ends within its headers";
    request->hopeless |= is_hopeless(result, request->sent);
    if (request->why)
        (void)error_set(request->error, sizeof(request->error), "%s",
                        request->why);
    else if (!request->error[0])
        (void)error_set(request->error, sizeof(request->error), "%s",
                        curl_easy_strerror(result));
    one_line(request->error);
}
