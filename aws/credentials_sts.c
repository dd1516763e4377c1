/*
 * credentials_sts.c -- keys of a role: AssumeRole, AssumeRoleWithWebIdentity.
 *
 *     body > [sign > request > on_answer] ... > fetch_step
 *
 * Signed here and not by client.h, which asks for credentials itself.  Each try
 * is signed anew, by the server's clock once that has shown to be another.
 *
 * Source: AWS STS API Reference, version 2011-06-15.
 */
#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/credentials_sources.h"
#include "aws/endpoint.h"
#include "aws/secret_file.h"
#include "aws/xml.h"

enum {
    ATTEMPTS = 8,
    LOST = 3,
    CONNECT_MS = 5000,
    TOTAL_MS = 20000,
    SKEW_MIN_S = 240, /* AWS takes five minutes */
    TOKEN_MAX = 32 * 1024,
};

static const char content_type[] =
    "application/x-www-form-urlencoded; charset=utf-8";

/* --- The request --------------------------------------------------------- */

static void put(struct bytes *body, const char *name, const char *value)
{
    bytes_text(body, body->size > 0 ? "&" : "");
    bytes_text(body, name);
    bytes_text(body, "=");
    bytes_encode(body, value, strlen(value), "");
}

static void put_role(struct fetch *fetch, const char *action)
{
    struct bytes *body = &fetch->sts.body;
    const struct plan_role *role = fetch->sts.role;
    char duration[16];

    put(body, "Action", action);
    put(body, "Version", aws_service_info(AWS_STS)->version);
    put(body, "RoleArn", role->arn);
    put(body, "RoleSessionName",
        role->session_name ? role->session_name : "linkprobe");
    if (role->external_id)
        put(body, "ExternalId", role->external_id);
    if (role->duration_s > 0) {
        (void)snprintf(duration, sizeof(duration), "%u", role->duration_s);
        put(body, "DurationSeconds", duration);
    }
}

/* Without a region anywhere, STS is where it has always been. */
static bool find_endpoint(struct fetch *fetch)
{
    const struct credentials_options *options = fetch->options;
    const char *region = options->region;
    struct sts_call *sts = &fetch->sts;
    char quoted[QUOTE_MAX];

    if (!region)
        region = aws_region_default(fetch->profiles, options->profile);
    if (!region)
        region = "us-east-1";
    if (!aws_region_valid(region))
        return fault_set(&fetch->fault, CREDENTIALS_CONFIG,
                         "%s is no AWS region; expected one like us-west-2",
                         text_quote(region, quoted));
    (void)snprintf(sts->region, sizeof(sts->region), "%s", region);
    fetch->fault.kind = CREDENTIALS_CONFIG;
    return aws_endpoint(AWS_STS, region, options->endpoint_url, fetch->profiles,
                        options->profile, sts->url, sizeof(sts->url),
                        fetch->fault.text, sizeof(fetch->fault.text));
}

/* The Host header that curl will send: no port that is the scheme's own. */
static void split_url(const char *url, char *host, size_t size,
                      const char **path)
{
    const char *from = strstr(url, "://") + 3;
    const char *port = url[4] == ':' ? ":80" : ":443";
    size_t n = strcspn(from, "/");

    *path = from[n] ? from + n : "/";
    if (n > strlen(port) &&
        strncmp(from + n - strlen(port), port, strlen(port)) == 0)
        n -= strlen(port);
    (void)snprintf(host, size, "%.*s", (int)n, from);
}

static bool header_set(struct bytes *header, const char *name,
                       const char *value)
{
    bytes_free(header);
    bytes_text(header, name);
    bytes_text(header, value);
    return !header->failed;
}

static bool sign(struct fetch *fetch)
{
    const struct aws_keys *keys = &fetch->found.keys;
    struct sts_call *sts = &fetch->sts;
    struct sigv4_header type = { "Content-Type", content_type };
    struct sigv4_signed out;
    char host[sizeof(sts->url)];
    struct sigv4_request request = { .method = "POST",
                                     .host = host,
                                     .headers = &type,
                                     .nheaders = 1,
                                     .body = sts->body.text,
                                     .body_size = sts->body.size,
                                     .region = sts->region,
                                     .service = "sts",
                                     .now = fetch_now(fetch) };

    split_url(sts->url, host, sizeof(host), &request.path);
    return sigv4_sign(&request, keys, &out) &&
           header_set(&sts->date, "X-Amz-Date: ", out.date) &&
           header_set(&sts->token, "X-Amz-Security-Token: ",
                      keys->session_token ? keys->session_token : "") &&
           header_set(&sts->authorization,
                      "Authorization: ", out.authorization);
}

/* Before each try; curl leaves out a header without a value. */
static bool make(struct exchange *exchange)
{
    struct fetch *fetch = exchange->data;
    struct sts_call *sts = &fetch->sts;

    if (sts->web_identity)
        return true;
    if (!sign(fetch))
        return false;
    sts->headers[1] = sts->date.text;
    sts->headers[2] = sts->authorization.text;
    sts->headers[3] = sts->token.text;
    exchange->request.nheaders = fetch->found.keys.session_token ? 4 : 3;
    return true;
}

/* --- The answer ---------------------------------------------------------- */

static void finish(struct fetch *fetch, bool fine)
{
    struct sts_call *sts = &fetch->sts;

    exchange_forget(&fetch->exchange);
    bytes_free(&sts->body);
    bytes_free(&sts->date);
    bytes_free(&sts->token);
    bytes_free(&sts->authorization);
    fetch_step(fetch, fine);
}

static bool take_keys(struct fetch *fetch, const struct xml_node *given)
{
    const char *expires = xml_text(given, "Expiration");
    struct aws_keys keys = { .access_key = xml_text(given, "AccessKeyId"),
                             .secret_key = xml_text(given, "SecretAccessKey"),
                             .session_token = xml_text(given, "SessionToken") };
    struct found_keys found = { 0 };

    if (!keys.access_key || !keys.secret_key || !keys.session_token ||
        !expires || !expiration_read(expires, &found.expires))
        return fault_set(&fetch->fault, CREDENTIALS_SERVICE,
                         "%s: the answer has no credentials", fetch->sts.what);
    found.source = fetch->sts.web_identity ? "assume-role-with-web-identity"
                                           : "assume-role";
    if (!found_set(&found, &keys, fetch->sts.what, &fetch->fault)) {
        found_free(&found);
        return false;
    }
    found_free(&fetch->found);
    fetch->found = found;
    return true;
}

static bool is_of(const char *code, const char *const *codes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(codes[i], code) == 0)
            return true;
    return false;
}

/* Is the refusal one that goes by? */
static bool is_passing(const char *code)
{
    static const char *const codes[] = {
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "RequestThrottled",
        "RequestLimitExceeded",
        "TooManyRequestsException",
        "RequestTimeout",
        "RequestTimeoutException",
        "PriorRequestNotComplete",
        "IDPCommunicationError",
    };

    return is_of(code, codes, sizeof(codes) / sizeof(codes[0]));
}

/* Was it our clock?  Then go by the server's from now on. */
static bool set_clock(struct fetch *fetch, const char *code)
{
    static const char *const codes[] = {
        "SignatureDoesNotMatch", "RequestExpired", "RequestTimeTooSkewed",
        "InvalidSignatureException", "ExpiredToken"
    };
    time_t date = curl_getdate(fetch->exchange.request.date, NULL);
    long off_s = date < 0 ? 0 : (long)(date - fetch_now(fetch));

    if (labs(off_s) < SKEW_MIN_S ||
        !is_of(code, codes, sizeof(codes) / sizeof(codes[0])))
        return false;
    fetch->skew_s += off_s;
    return true;
}

/* A message may go on with the canonical string, which holds the token. */
static bool refuse(struct fetch *fetch, const struct xml_node *root)
{
    const char *code = xml_text(root, "Error/Code");
    const char *message = xml_text(root, "Error/Message");
    char name[64], words[240], *tail;

    fault_words(code ? code : "", name, sizeof(name));
    fault_words(message ? message : "", words, sizeof(words));
    tail = strstr(words, "The Canonical String");
    if (tail)
        *tail = '\0';
    return fault_set(&fetch->fault, CREDENTIALS_SERVICE, "%s: %s: %s",
                     fetch->sts.what, name, words);
}

/* What came instead of keys: once more, or why not.  true: it was begun. */
static bool again(struct fetch *fetch, const struct xml_node *root)
{
    const char *code = xml_text(root, "Error/Code");

    if (code && (is_passing(code) || set_clock(fetch, code)) &&
        exchange_again(&fetch->exchange))
        return true;
    if (code)
        return refuse(fetch, root);
    return fetch_unanswered(fetch, fetch->sts.what);
}

static void on_answer(struct exchange *exchange)
{
    struct fetch *fetch = exchange->data;
    const struct http_request *request = &exchange->request;
    const struct xml_node *root, *given = NULL;
    char error[ERROR_TEXT_MAX];
    struct xml *xml = request->status == 0
                          ? NULL
                          : xml_read(request->answer, request->answer_size,
                                     error, sizeof(error));

    root = xml ? xml_root(xml) : NULL;
    if (root && request->status == 200)
        given = xml_find(root, fetch->sts.web_identity
                                   ? "AssumeRoleWithWebIdentityResult/"
                                     "Credentials"
                                   : "AssumeRoleResult/Credentials");
    if (given)
        finish(fetch, take_keys(fetch, given));
    else if (request->status == 200 && exchange_again(exchange))
        ; /* cut short, or somebody else's page */
    else if (!again(fetch, root))
        finish(fetch, false);
    xml_free(xml);
}

/* --- The start ----------------------------------------------------------- */

static void start(struct fetch *fetch)
{
    struct exchange *exchange = fetch_exchange(fetch, on_answer);
    struct sts_call *sts = &fetch->sts;

    sts->headers[0] =
        "Content-Type: application/x-www-form-urlencoded; charset=utf-8";
    exchange->attempts = ATTEMPTS;
    exchange->lost = LOST;
    exchange->make = make;
    exchange->request = (struct http_request){ .method = "POST",
                                               .url = sts->url,
                                               .headers = sts->headers,
                                               .nheaders = 1,
                                               .body = sts->body.text,
                                               .body_size = sts->body.size,
                                               .connect_ms = CONNECT_MS,
                                               .total_ms = TOTAL_MS };
    if (!sts->body.failed) {
        exchange_start(exchange);
        return;
    }
    fault_set(&fetch->fault, CREDENTIALS_SERVICE, "out of memory");
    finish(fetch, false);
}

static void begin(struct fetch *fetch, const struct plan_role *role,
                  bool web_identity)
{
    char quoted[QUOTE_MAX];

    fetch->sts =
        (struct sts_call){ .role = role, .web_identity = web_identity };
    (void)snprintf(fetch->sts.what, sizeof(fetch->sts.what), "assuming %.170s",
                   text_quote(role->arn, quoted));
}

void source_role(struct fetch *fetch, const struct plan_role *role)
{
    begin(fetch, role, false);
    if (!find_endpoint(fetch)) {
        finish(fetch, false);
        return;
    }
    put_role(fetch, "AssumeRole");
    start(fetch);
}

/* The file is read anew each time: Kubernetes replaces it. */
static bool put_token(struct fetch *fetch, const char *path)
{
    struct secret_text token;
    char quoted[QUOTE_MAX];
    int problem = secret_file_read(path, TOKEN_MAX, &token);

    if (problem != 0)
        return fault_set(&fetch->fault, CREDENTIALS_CONFIG,
                         "the web identity token file %s cannot be read: %s",
                         text_quote_path(path, quoted), strerror(problem));
    secret_text_trim(&token);
    put(&fetch->sts.body, "WebIdentityToken", token.bytes);
    secret_text_free(&token);
    return true;
}

void source_web_identity(struct fetch *fetch)
{
    begin(fetch, &fetch->plan.web, true);
    put_role(fetch, "AssumeRoleWithWebIdentity");
    if (find_endpoint(fetch) && put_token(fetch, fetch->plan.token_file))
        start(fetch);
    else
        finish(fetch, false);
}
