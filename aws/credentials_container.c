/*
 * credentials_container.c -- keys of a task or a pod, by the endpoint that its
 * environment names.
 *
 * The address is bounded: a URL in the environment must not send the token out
 * of the machine in clear text.
 *
 * Source: "Container credential provider", AWS SDKs and Tools Reference Guide.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "aws/credentials_json.h"
#include "aws/credentials_sources.h"
#include "aws/secret_file.h"

enum {
    TIMEOUT_MS = 2000,
    ATTEMPTS = 3,
    TOKEN_MAX = 16 * 1024,
};

static const char name[] = "the container's endpoint";

/* [fd00:ec2::23] is that of EKS, 169.254.170.2 that of ECS. */
static bool host_is_near(const char *host)
{
    struct in6_addr v6, loopback = IN6ADDR_LOOPBACK_INIT, eks;
    struct in_addr v4;

    if (inet_pton(AF_INET, host, &v4) == 1)
        return ntohl(v4.s_addr) >> 24 == 127 ||
               strcmp(host, "169.254.170.2") == 0 ||
               strcmp(host, "169.254.170.23") == 0;
    if (inet_pton(AF_INET6, host, &v6) == 1)
        return memcmp(&v6, &loopback, sizeof(v6)) == 0 ||
               (inet_pton(AF_INET6, "fd00:ec2::23", &eks) == 1 &&
                memcmp(&v6, &eks, sizeof(v6)) == 0);
    return strcasecmp(host, "localhost") == 0;
}

/* May a token go to `url` in clear text? */
static bool url_is_near(const char *url)
{
    const char *from = url + strlen("http://");
    bool bracket = *from == '[';
    size_t n = bracket ? strcspn(++from, "]") : strcspn(from, ":/?#");
    char host[64];

    if (memchr(from, '@', strcspn(from, "/?#")) || n >= sizeof(host))
        return false;
    memcpy(host, from, n);
    host[n] = '\0';
    return host_is_near(host);
}

static bool make_url(struct fetch *fetch)
{
    const char *relative =
        plan_variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    const char *full = plan_variable("AWS_CONTAINER_CREDENTIALS_FULL_URI");

    if (relative) {
        bytes_text(&fetch->url, "http://169.254.170.2");
        bytes_text(&fetch->url, relative);
    } else if (strncasecmp(full, "https://", 8) == 0 ||
               (strncasecmp(full, "http://", 7) == 0 && url_is_near(full))) {
        bytes_text(&fetch->url, full);
    } else {
        return fault_set(&fetch->fault, CREDENTIALS_CONFIG,
                         "AWS_CONTAINER_CREDENTIALS_FULL_URI is neither https "
                         "nor this machine's own address");
    }
    if (relative && *relative != '/')
        return fault_set(&fetch->fault, CREDENTIALS_CONFIG,
                         "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI does not "
                         "begin with /");
    return true;
}

static bool add_token(struct fetch *fetch, const char *token, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)token[i] < ' ' || token[i] == '\x7f')
            return fault_set(&fetch->fault, CREDENTIALS_CONFIG,
                             "the container's authorization token is no text "
                             "of one line");
    bytes_text(&fetch->header, "Authorization: ");
    bytes_put(&fetch->header, token, n);
    fetch->headers[1] = fetch->header.text;
    fetch->exchange.request.nheaders = 2;
    return true;
}

/* The file is read anew each time: Kubernetes replaces it. */
static bool add_token_file(struct fetch *fetch, const char *path)
{
    struct secret_text token;
    char quoted[QUOTE_MAX];
    int problem = secret_file_read(path, TOKEN_MAX, &token);
    bool fine;

    if (problem != 0)
        return fault_set(&fetch->fault, CREDENTIALS_CONFIG,
                         "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE %s cannot be "
                         "read: %s",
                         text_quote_path(path, quoted), strerror(problem));
    secret_text_trim(&token);
    fine = add_token(fetch, token.bytes, token.length);
    secret_text_free(&token);
    return fine;
}

static bool add_authorization(struct fetch *fetch)
{
    const char *file = plan_variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
    const char *token = plan_variable("AWS_CONTAINER_AUTHORIZATION_TOKEN");

    if (file)
        return add_token_file(fetch, file);
    return !token || add_token(fetch, token, strlen(token));
}

static void on_answer(struct exchange *exchange)
{
    struct fetch *fetch = exchange->data;
    const struct http_request *request = &exchange->request;
    bool fine = false;

    if (request->status == 200)
        fine = credentials_json_read(request->answer, request->answer_size,
                                     SHAPE_METADATA, name, &fetch->found,
                                     &fetch->fault);
    else
        (void)fetch_unanswered(fetch, name);
    exchange_forget(exchange);
    fetch_step(fetch, fine);
}

void source_container(struct fetch *fetch)
{
    struct exchange *exchange = fetch_exchange(fetch, on_answer);

    fetch->found.source = "container-role";
    fetch->headers[0] = "Accept: application/json";
    exchange->request = (struct http_request){ .method = "GET",
                                               .headers = fetch->headers,
                                               .nheaders = 1,
                                               .connect_ms = TIMEOUT_MS,
                                               .total_ms = TIMEOUT_MS,
                                               .no_proxy = true };
    exchange->attempts = exchange->lost = ATTEMPTS;
    if (!make_url(fetch) || !add_authorization(fetch)) {
        fetch_step(fetch, false);
        return;
    }
    exchange->request.url = fetch->url.text;
    if (fetch->url.failed || fetch->header.failed) {
        fault_set(&fetch->fault, CREDENTIALS_SERVICE, "out of memory");
        fetch_step(fetch, false);
        return;
    }
    exchange_start(exchange);
}
