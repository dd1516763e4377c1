/*
 * The base first, then the roles from the last one to the first; the first
 * failure ends it.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "aws/credentials_sources.h"

time_t fetch_now(const struct fetch *fetch)
{
    return time(NULL) + fetch->skew_s;
}

static void end(struct fetch *fetch, bool fine)
{
    bytes_free(&fetch->url);
    bytes_free(&fetch->header);
    if (!fine)
        found_free(&fetch->found);
    fetch->running = false;
    fetch->done(fetch, fine);
}

/* Keys that are over would be refused, with words that help less. */
static bool is_over(struct fetch *fetch)
{
    time_t expires = fetch->found.expires;
    struct tm when;
    char text[32] = "";

    if (expires == 0 || expires > fetch_now(fetch))
        return false;
    if (gmtime_r(&expires, &when))
        (void)strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &when);
    fault_set(&fetch->fault, CREDENTIALS_CONFIG,
              "the credentials found (%s) expired at %s", fetch->found.source,
              text);
    return true;
}

void fetch_step(struct fetch *fetch, bool fine)
{
    if (fetch->canceled)
        fine = fault_set(&fetch->fault, CREDENTIALS_SERVICE, "canceled");
    if (!fine || is_over(fetch)) {
        end(fetch, false);
        return;
    }
    if (fetch->roles_left == 0) {
        end(fetch, true);
        return;
    }
    fetch->roles_left--;
    source_role(fetch, &fetch->plan.roles[fetch->roles_left]);
}

static void start_base(struct fetch *fetch)
{
    const struct plan *plan = &fetch->plan;

    switch (plan->base) {
    case BASE_ENVIRONMENT:
        fetch_step(fetch, source_environment(&fetch->found, &fetch->fault));
        break;
    case BASE_FILE:
        fetch_step(fetch,
                   source_file(fetch->profiles, plan->file, plan->profile,
                               &fetch->found, &fetch->fault));
        break;
    case BASE_PROCESS: source_process(fetch); break;
    case BASE_WEB_IDENTITY: source_web_identity(fetch); break;
    case BASE_CONTAINER: source_container(fetch); break;
    case BASE_INSTANCE: source_instance(fetch); break;
    }
}

void fetch_start(struct fetch *fetch)
{
    assert(!fetch->running);
    fetch->running = true;
    fetch->canceled = false;
    fetch->fault = (struct fault){ 0 };
    fetch->found = (struct found_keys){ 0 };
    if (!plan_make(&fetch->plan, fetch->profiles, fetch->options,
                   &fetch->fault)) {
        end(fetch, false);
        return;
    }
    fetch->roles_left = fetch->plan.nroles;
    start_base(fetch);
}

void fetch_cancel(struct fetch *fetch)
{
    if (!fetch->running || fetch->canceled)
        return;
    fetch->canceled = true;
    exchange_cancel(&fetch->exchange);
    process_cancel(fetch->process);
}

struct exchange *fetch_exchange(struct fetch *fetch, exchange_cb done)
{
    fetch->exchange = (struct exchange){
        .loop = fetch->loop, .http = fetch->http, .done = done, .data = fetch
    };
    return &fetch->exchange;
}

bool fetch_unanswered(struct fetch *fetch, const char *whose)
{
    const struct http_request *request = &fetch->exchange.request;

    if (request->status == 200)
        return fault_set(&fetch->fault, CREDENTIALS_SERVICE,
                         "%s: the answer is not understood", whose);
    if (request->status != 0)
        return fault_set(&fetch->fault, CREDENTIALS_SERVICE,
                         "%s: HTTP status %d", whose, request->status);
    return fault_set(&fetch->fault, CREDENTIALS_SERVICE, "%s: %s", whose,
                     *request->error ? request->error : "out of memory");
}
