/*
 * credentials_instance.c -- keys of the instance's role: IMDSv2.
 *
 *     PUT token > GET the role's name > GET its keys
 *
 * Version 1 (no token) is not spoken: what forges requests from inside reads
 * keys through it.
 *
 * Source: "Use IMDS credentials", AWS SDKs and Tools Reference Guide.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "aws/credentials_json.h"
#include "aws/credentials_sources.h"
#include "aws/endpoint.h"

enum {
    TIMEOUT_MS = 1000,
    ATTEMPTS = 3, /* of what answers badly; what does not answer has one */
    ROLE_MAX = 64,
    EXTENSION_S = 900,
};

static const char name[] = "the instance's metadata service";
static const char roles_path[] = "/latest/meta-data/iam/security-credentials/";

static const char *setting(const struct fetch *fetch, const char *variable,
                           const char *key)
{
    const char *value = plan_variable(variable);

    return value ? value
                 : profiles_get(fetch->profiles,
                                aws_profile_name(fetch->options->profile), key);
}

static void put_base(struct fetch *fetch)
{
    const char *url = setting(fetch, "AWS_EC2_METADATA_SERVICE_ENDPOINT",
                              "ec2_metadata_service_endpoint");
    const char *mode = setting(fetch, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
                               "ec2_metadata_service_endpoint_mode");

    bytes_free(&fetch->url);
    if (!url)
        url = mode && strcasecmp(mode, "ipv6") == 0 ? "http://[fd00:ec2::254]"
                                                    : "http://169.254.169.254";
    bytes_text(&fetch->url, url);
    while (fetch->url.size > 0 && fetch->url.text[fetch->url.size - 1] == '/')
        fetch->url.text[--fetch->url.size] = '\0';
}

/* A whole number of a variable, bounded; `otherwise` when it is none. */
static unsigned number(const char *variable, unsigned otherwise, unsigned max)
{
    const char *text = plan_variable(variable);
    char *end;
    long value = text ? strtol(text, &end, 10) : 0;

    if (!text || *end || value < 1)
        return otherwise;
    return value > (long)max ? max : (unsigned)value;
}

static void ask(struct fetch *fetch, const char *method, const char *path,
                const char *more, exchange_cb done)
{
    struct exchange *exchange = fetch_exchange(fetch, done);
    unsigned timeout_ms =
        number("AWS_METADATA_SERVICE_TIMEOUT", 1, 60) * TIMEOUT_MS;

    put_base(fetch);
    bytes_text(&fetch->url, path);
    bytes_text(&fetch->url, more);
    fetch->headers[0] = fetch->header.text;
    exchange->request = (struct http_request){ .method = method,
                                               .url = fetch->url.text,
                                               .headers = fetch->headers,
                                               .nheaders = 1,
                                               .connect_ms = timeout_ms,
                                               .total_ms = timeout_ms,
                                               .no_proxy = true };
    exchange->lost = number("AWS_METADATA_SERVICE_NUM_ATTEMPTS", 1, 10);
    exchange->attempts = exchange->lost > ATTEMPTS ? exchange->lost : ATTEMPTS;
    if (!fetch->url.failed && !fetch->header.failed) {
        exchange_start(exchange);
        return;
    }
    fault_set(&fetch->fault, CREDENTIALS_SERVICE, "out of memory");
    fetch_step(fetch, false);
}

/* When nothing pointed here, nobody's instance is not this one's fault. */
static void fail(struct fetch *fetch)
{
    int status = fetch->exchange.request.status;

    if (fetch->plan.last_resort && (status == 0 || status == 404))
        fault_set(&fetch->fault, CREDENTIALS_CONFIG, "%s", CREDENTIALS_NONE);
    else
        (void)fetch_unanswered(fetch, name);
    exchange_forget(&fetch->exchange);
    fetch_step(fetch, false);
}

static void on_keys(struct exchange *exchange)
{
    struct fetch *fetch = exchange->data;
    time_t now = fetch_now(fetch);
    bool fine;

    if (exchange->request.status != 200) {
        fail(fetch);
        return;
    }
    fine = credentials_json_read(exchange->request.answer,
                                 exchange->request.answer_size, SHAPE_METADATA,
                                 name, &fetch->found, &fetch->fault);
    exchange_forget(exchange);
    /* The service hands out old keys when it cannot have new ones made; AWS
     * honours them for that time. */
    if (fine && fetch->found.expires <= now)
        fetch->found.expires = now + EXTENSION_S;
    fetch_step(fetch, fine);
}

/* A name of IAM on the first line; false: it is none. */
static bool role_take(const struct http_request *request,
                      char role[ROLE_MAX + 1])
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+=,.@-";
    size_t n = strspn(request->answer, plain);

    if (n == 0 || n > ROLE_MAX || !strchr("\r\n", request->answer[n]))
        return false;
    memcpy(role, request->answer, n);
    role[n] = '\0';
    return true;
}

static void on_role(struct exchange *exchange)
{
    struct fetch *fetch = exchange->data;
    char role[ROLE_MAX + 1];

    if (exchange->request.status != 200) {
        fail(fetch);
        return;
    }
    if (!role_take(&exchange->request, role)) {
        fault_set(&fetch->fault, CREDENTIALS_SERVICE,
                  "%s: the answer is no name of a role", name);
        exchange_forget(exchange);
        fetch_step(fetch, false);
        return;
    }
    exchange_forget(exchange);
    ask(fetch, "GET", roles_path, role, on_keys);
}

static void on_token(struct exchange *exchange)
{
    struct fetch *fetch = exchange->data;
    const struct http_request *request = &exchange->request;
    size_t n;

    if (request->status != 200) {
        fail(fetch);
        return;
    }
    n = strcspn(request->answer, "\r\n");
    bytes_free(&fetch->header);
    bytes_text(&fetch->header, "X-aws-ec2-metadata-token: ");
    bytes_put(&fetch->header, request->answer, n);
    exchange_forget(exchange);
    ask(fetch, "GET", roles_path, "", on_role);
}

void source_instance(struct fetch *fetch)
{
    fetch->found.source = "iam-role";
    bytes_free(&fetch->header);
    bytes_text(&fetch->header, "X-aws-ec2-metadata-token-ttl-seconds: 21600");
    ask(fetch, "PUT", "/latest/api/token", "", on_token);
}
