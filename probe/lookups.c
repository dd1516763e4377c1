/*
 * lookups.c -- the life of second look-ups:
 *
 *     start > all of them, side by side > connections, side by side > done
 *           > the same, one after the other > done
 *
 * A resolver that is silent for good is not asked more than twice again.
 */
#include "probe/lookups.h"

#include <stdlib.h>
#include <string.h>

#include "probe/lookups_plan.h"
#include "verdict/lookups.h"

enum {
    MS = 1000000, /* nanoseconds */
    LEAST_MS = 20,
    AGAIN = 5,
    AGAIN_MS = 500,
    GIVE_UP = 2,
};

/* One of them: a look-up, then perhaps a connection. */
struct second_lookup {
    struct lookups *all;
    struct net_resolve resolve;
    bool resolving, trying;
    struct trial_plan trial_plan;
    struct trial trial;
};

struct lookups {
    struct probe_world *world;
    const struct probe_target *target;
    struct evidence_target *evidence;
    lookups_cb cb;
    void *data;
    uint64_t end_ns;
    unsigned running;
    bool canceled;
    struct evidence_lookups seen;
    struct lookups_plan plan;
    struct second_lookup at[LOOKUPS_MAX];
};

static unsigned left_ms(const struct lookups *l)
{
    uint64_t now_ns = l->world->io->now();

    return now_ns < l->end_ns ? (unsigned)((l->end_ns - now_ns) / MS) : 0;
}

/* The failure was known when the last address was done: what came after it were
 * second probes, of the same budget. */
static uint64_t known_ns(const struct lookups *l)
{
    uint64_t known_ns = 0;

    for (unsigned i = 0; i < l->evidence->naddresses; i++) {
        uint64_t end_ns = l->evidence->addresses[i]->end_ns;
        known_ns = end_ns > known_ns ? end_ns : known_ns;
    }
    return known_ns > 0 ? known_ns : l->world->io->now();
}

struct lookups *lookups_new(struct probe_world *world,
                            const struct probe_target *target,
                            struct evidence_target *evidence,
                            uint64_t deadline_ns)
{
    const struct probe_options *o = target->options;
    struct lookups *l;

    if (!lookups_wanted(target, evidence))
        return NULL;
    l = calloc(1, sizeof(*l));
    if (!l)
        return NULL;
    l->world = world;
    l->target = target;
    l->evidence = evidence;
    l->end_ns = known_ns(l) + (uint64_t)o->timeout_ms * MS;
    if (l->end_ns > deadline_ns)
        l->end_ns = deadline_ns;
    if (left_ms(l) < LEAST_MS ||
        !lookups_plan(&l->plan, target, evidence,
                      world->io->servers(o->resolver))) {
        free(l);
        return NULL;
    }
    evidence->lookups = &l->seen;
    return l;
}

static void finish(struct lookups *l)
{
    l->cb(l->data);
}

/* --- The look-ups --------------------------------------------------------- */

static void resolve(struct lookups *l, unsigned i, unsigned timeout_ms,
                    net_resolve_cb cb)
{
    const struct lookup_plan *plan = &l->plan.at[i];
    const struct net_question question = {
        .host = plan->host[0] != '\0' ? plan->host : l->target->host,
        .port = l->target->port,
        .family = l->target->options->family,
    };
    struct second_lookup *at = &l->at[i];

    at->all = l;
    at->resolving = true;
    at->resolve =
        (struct net_resolve){ .data = at,
                              .resolver = l->target->options->resolver,
                              .timeout_ms = timeout_ms,
                              .only = plan->only,
                              .no_hosts = plan->no_hosts };
    l->running++;
    l->world->io->resolve(&at->resolve, &question, cb);
}

static void note_answer(struct evidence_lookup *seen,
                        const struct lookup_plan *plan,
                        const struct net_answer *answer, enum net_status status)
{
    seen->kind = plan->kind;
    seen->status = (uint8_t)status;
    memcpy(seen->name, plan->name, sizeof(seen->name));
    if (!answer)
        return;
    if (plan->kind == LOOKUP_SERVER)
        memcpy(seen->name, answer->server, sizeof(answer->server));
    seen->more = answer->truncated || answer->naddrs > LOOKUP_ADDRS_MAX;
    for (unsigned i = 0; i < answer->naddrs && i < LOOKUP_ADDRS_MAX; i++)
        seen->addrs[seen->naddrs++] = answer->addrs[i].addr;
}

static void dial(struct lookups *l);

static void on_looked_up(struct net_resolve *req, enum net_status status)
{
    struct second_lookup *at = req->data;
    struct lookups *l = at->all;
    unsigned i = (unsigned)(at - l->at);

    at->resolving = false;
    note_answer(&l->seen.at[i], &l->plan.at[i], req->answer, status);
    free(req->answer);
    l->running--;
    if (l->running > 0)
        return;
    l->seen.n = l->canceled ? 0 : l->plan.n;
    dial(l);
}

/* --- Where they lead ------------------------------------------------------ */

static void on_tried(struct trial *trial)
{
    struct second_lookup *at = trial->data;
    struct lookups *l = at->all;

    at->trying = false;
    l->seen.at[at - l->at].connect = trial->seen.connect;
    if (l->canceled)
        l->seen.at[at - l->at].dialed = 0;
    l->running--;
    if (l->running == 0)
        finish(l);
}

/* The first address that is not in use, as a number from 1 on; 0: none. */
static uint8_t unused(const struct lookups *l,
                      const struct evidence_lookup *seen)
{
    for (unsigned i = 0; i < seen->naddrs; i++) {
        if (!lookups_in_use(l->evidence, &seen->addrs[i]))
            return (uint8_t)(i + 1);
    }
    return 0;
}

static void dial(struct lookups *l)
{
    unsigned timeout_ms = left_ms(l);
    unsigned dialed = 0;

    for (unsigned i = 0; timeout_ms >= LEAST_MS && i < l->seen.n; i++) {
        struct evidence_lookup *seen = &l->seen.at[i];
        struct second_lookup *at = &l->at[i];

        seen->dialed = unused(l, seen);
        if (seen->dialed == 0)
            continue;
        at->trial_plan =
            (struct trial_plan){ .addr = &seen->addrs[seen->dialed - 1],
                                 .source = l->target->options->source,
                                 .timeout_ms = timeout_ms };
        at->trial.data = at;
        at->trying = true;
        dialed++;
    }
    l->running = dialed;
    if (dialed == 0)
        finish(l);
    for (unsigned i = 0; dialed > 0 && i < l->seen.n; i++) {
        if (l->at[i].trying)
            trial_start(&l->at[i].trial, l->world, &l->at[i].trial_plan,
                        on_tried);
    }
}

/* --- Again ---------------------------------------------------------------- */

static void ask_again(struct lookups *l);

static void on_again(struct net_resolve *req, enum net_status status)
{
    struct second_lookup *at = req->data;
    struct lookups *l = at->all;

    at->resolving = false;
    l->running = 0;
    if (status != NET_CANCELED) {
        l->seen.asked_again++;
        if (req->answer && req->answer->rcode != NET_RCODE_NONE)
            l->seen.answered++;
    }
    free(req->answer);
    if (l->canceled || l->seen.asked_again == AGAIN || left_ms(l) < LEAST_MS ||
        (l->seen.asked_again == GIVE_UP && l->seen.answered == 0))
        finish(l);
    else
        ask_again(l);
}

static void ask_again(struct lookups *l)
{
    unsigned left = left_ms(l);

    resolve(l, 0, left < AGAIN_MS ? left : AGAIN_MS, on_again);
}

/* Half the time is for the names, what is left of it for connections. */
void lookups_start(struct lookups *l, lookups_cb cb, void *data)
{
    unsigned half = left_ms(l) / 2;

    l->cb = cb;
    l->data = data;
    if (l->plan.again) {
        ask_again(l);
        return;
    }
    for (unsigned i = 0; i < l->plan.n; i++)
        resolve(l, i, half > 0 ? half : 1, on_looked_up);
}

void lookups_cancel(struct lookups *l)
{
    l->canceled = true;
    for (unsigned i = 0; i < LOOKUPS_MAX; i++) {
        if (l->at[i].resolving)
            l->world->io->resolve_cancel(&l->at[i].resolve);
        if (l->at[i].trying)
            trial_cancel(&l->at[i].trial);
    }
}

void lookups_free(struct lookups *l)
{
    if (!l)
        return;
    l->evidence->lookups = NULL;
    free(l);
}
