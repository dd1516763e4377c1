/*
 * credentials.c -- who waits for keys, and how long those at hand are good for.
 *
 *     get > turn > [fetch >] every waiting request's callback
 *
 * Keys are handed out in a turn of the loop of their own, all waiting requests
 * at once.  When the keys are old, the turn begins a fetch, and its end makes
 * the next one.
 *
 *     |--------- fresh ---------|----- soon over -----|-- over --|
 *     fetched           15 minutes before     5 minutes before   expires
 *
 * Soon over: fetched anew, but handed out when that fails.  Keys with a short
 * life have shorter times, so that not every request fetches.
 */
#include "aws/credentials.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "aws/credentials_sources.h"

enum {
    SOON_S = 15 * 60,
    OVER_S = 5 * 60,
    RETRY_S = 60, /* after a fetch that was not urgent and failed */
};

struct credentials {
    struct credentials_options options; /* texts owned */
    struct fetch fetch;
    struct found_keys found;
    struct fault fault;
    time_t renew, over; /* of `found`; 0: never */
    bool refused;       /* by AWS: as if over */
    bool failed;        /* the last fetch; waiting ones are told */
    struct net_deadline turn;
    struct credentials_request *first, **last;
};

static bool text_copy(const char **to, const char *from)
{
    *to = from ? strdup(from) : NULL;
    return *to || !from;
}

static void options_free(struct credentials_options *options)
{
    free((char *)options->profile);
    free((char *)options->role_arn);
    free((char *)options->external_id);
    free((char *)options->region);
    free((char *)options->endpoint_url);
}

static bool options_copy(struct credentials_options *to,
                         const struct credentials_options *from)
{
    return text_copy(&to->profile, from->profile) &&
           text_copy(&to->role_arn, from->role_arn) &&
           text_copy(&to->external_id, from->external_id) &&
           text_copy(&to->region, from->region) &&
           text_copy(&to->endpoint_url, from->endpoint_url);
}

static void on_fetched(struct fetch *fetch, bool fine);

struct credentials *credentials_new(struct net_loop *loop, struct http *http,
                                    const struct profiles *profiles,
                                    const struct credentials_options *options)
{
    struct credentials *c = calloc(1, sizeof(*c));

    assert(net_loop_here(loop));
    if (!c)
        return NULL;
    if (!options_copy(&c->options, options)) {
        options_free(&c->options);
        free(c);
        return NULL;
    }
    c->last = &c->first;
    c->fetch = (struct fetch){ .loop = loop,
                               .http = http,
                               .profiles = profiles,
                               .options = &c->options,
                               .done = on_fetched,
                               .data = c };
    return c;
}

void credentials_free(struct credentials *c)
{
    if (!c)
        return;
    assert(net_loop_here(c->fetch.loop) && !c->first && !c->fetch.running);
    net_deadline_clear(&c->fetch.loop->deadlines, &c->turn);
    found_free(&c->found);
    options_free(&c->options);
    free(c);
}

/* --- How old the keys are ------------------------------------------------ */

/* A part of their life, and no more than the usual. */
static time_t part(time_t life, time_t parts, time_t usual)
{
    return life / parts < usual ? life / parts : usual;
}

static void keys_take(struct credentials *c)
{
    time_t expires = c->fetch.found.expires;
    time_t life = expires - fetch_now(&c->fetch);

    found_free(&c->found);
    c->found = c->fetch.found;
    c->fetch.found = (struct found_keys){ 0 };
    c->refused = false;
    c->renew = expires ? expires - part(life, 2, SOON_S) : 0;
    c->over = expires ? expires - part(life, 4, OVER_S) : 0;
}

static bool is_past(const struct credentials *c, time_t when)
{
    return when != 0 && fetch_now(&c->fetch) >= when;
}

static bool keys_are_good(const struct credentials *c)
{
    return c->found.keys.access_key && !c->refused && !is_past(c, c->over);
}

/* --- Turns --------------------------------------------------------------- */

/* Does nobody wait any more for what is being fetched? */
static bool is_unwanted(const struct credentials *c)
{
    for (const struct credentials_request *r = c->first; r; r = r->next)
        if (!r->canceled)
            return false;
    return true;
}

/* Take out the request at `at` and answer it.  After the last one `c` may be
 * gone: its callback may free it. */
static void answer_one(struct credentials *c, struct credentials_request **at,
                       bool good)
{
    struct credentials_request *r = *at;

    assert(r);
    *at = r->next;
    if (!*at)
        c->last = at;
    r->next = NULL;
    r->waiting = false;
    if (r->canceled)
        r->done(r->data, NULL, NULL, "canceled");
    else if (good)
        r->done(r->data, &c->found.keys, c->found.source, NULL);
    else
        r->done(r->data, NULL, NULL, c->fault.text);
}

/* Answer those that wait now; who asks in a callback waits for a turn. */
static void answer_all(struct credentials *c, bool good)
{
    size_t n = 0;

    for (struct credentials_request *r = c->first; r; r = r->next)
        n++;
    while (n-- > 0)
        answer_one(c, &c->first, good);
}

/* Those that gave up need not wait for the others' fetch; the last one waits
 * for its end, so that nothing is in flight when all have been answered. */
static void answer_canceled(struct credentials *c)
{
    struct credentials_request **at = &c->first;

    while (*at && !is_unwanted(c)) {
        if (!(*at)->canceled) {
            at = &(*at)->next;
            continue;
        }
        answer_one(c, at, false);
        at = &c->first; /* the callback may have changed the line */
    }
}

static void on_turn(struct net_deadline *deadline);

static void turn_soon(struct credentials *c)
{
    if (!c->turn.cb)
        net_deadline_set(&c->fetch.loop->deadlines, &c->turn, on_turn, 0);
}

static void on_fetched(struct fetch *fetch, bool fine)
{
    struct credentials *c = fetch->data;

    c->failed = !fine;
    c->fault = fetch->fault;
    if (fine)
        keys_take(c);
    else if (c->renew)
        c->renew = fetch_now(fetch) + RETRY_S;
    turn_soon(c);
}

static void on_turn(struct net_deadline *deadline)
{
    struct credentials *c =
        (struct credentials *)(void *)((char *)deadline -
                                       offsetof(struct credentials, turn));

    if (c->fetch.running) {
        answer_canceled(c);
        return;
    }
    if (!c->first)
        return;
    if (c->failed || is_unwanted(c) ||
        (keys_are_good(c) && !is_past(c, c->renew))) {
        c->failed = false;
        answer_all(c, keys_are_good(c));
        return;
    }
    fetch_start(&c->fetch);
}

/* --- Requests ------------------------------------------------------------ */

void credentials_get(struct credentials *c, struct credentials_request *request)
{
    assert(net_loop_here(c->fetch.loop) && !request->waiting);
    request->next = NULL;
    request->waiting = true;
    request->canceled = false;
    *c->last = request;
    c->last = &request->next;
    turn_soon(c);
}

void credentials_cancel(struct credentials *c,
                        struct credentials_request *request)
{
    if (!request->waiting || request->canceled)
        return;
    assert(net_loop_here(c->fetch.loop));
    request->canceled = true;
    if (is_unwanted(c))
        fetch_cancel(&c->fetch);
    turn_soon(c);
}

void credentials_refuse(struct credentials *c)
{
    c->refused = true;
}

enum credentials_fault credentials_fault(const struct credentials *c)
{
    return c->fault.kind;
}
