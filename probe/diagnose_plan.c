/*
 * diagnose_plan.c -- what each kind of second probe sends, and from where.
 */
#include "probe/diagnose_plan.h"

#include <stdlib.h>
#include <string.h>

#include "probe/second.h"

enum {
    MS = 1000000,            /* nanoseconds */
    FLOOD_BYTES = 68 * 1024, /* more than an inline request may have */
    FLOOD_REPLY = 40,        /* "-ERR Protocol error: too big inline reque" */
    PORT_LOWEST = 20000,     /* of source ports that we choose */
    PORT_SPAN = 12000,       /* below the kernel's own from 32768 on */
};

/* The steps of an MTU that are met: Ethernet, tunnels, PrivateLink's 8500. */
const uint32_t diagnose_ladder[DIAGNOSE_LADDER] = { 100,  1200, 1380,  1440,
                                                    4000, 8300, 16000, 40000 };

/* All second probes together have one stage's budget; two in a row, a half
 * each. */
static unsigned budget_ms(const struct diagnosis *d)
{
    unsigned most = d->target->options->timeout_ms;
    uint64_t now = d->world->io->now(), left;

    if (d->at == SECOND_TLS || d->at == SECOND_PLAIN || d->at == SECOND_FLOOD ||
        d->at == SECOND_PORTS)
        most /= 2;
    if (now >= d->deadline_ns)
        return 1;
    left = (d->deadline_ns - now) / MS;
    if (left < most)
        most = (unsigned)left;
    return most > 0 ? most : 1;
}

static struct trial_plan *plan_new(struct diagnosis *d)
{
    struct trial_plan *plan = &d->plans[d->ntrials++];

    *plan = (struct trial_plan){ .addr = &d->evidence->addr,
                                 .source = d->target->options->source,
                                 .nreply = 1,
                                 .timeout_ms = budget_ms(d) };
    return plan;
}

/* Append a command for the plan made last. */
static bool say(struct diagnosis *d, int argc, const char **argv,
                const size_t *argvlen)
{
    size_t at = d->ntrials - 1;

    if (!resp_batch_add(&d->bytes, argc, argv, argvlen))
        return false;
    d->offsets[at + 1] = d->bytes.length;
    return true;
}

static bool say_ping(struct diagnosis *d)
{
    const char *argv[] = { "PING" };

    return say(d, 1, argv, NULL);
}

static const char *server_name(const struct diagnosis *d)
{
    return d->target->tls_name ? d->target->tls_name : d->target->host;
}

/* Trusts anybody: what is asked is whether TLS is spoken at all. */
static bool plan_tls(struct diagnosis *d)
{
    struct trial_plan *plan = plan_new(d);
    const struct net_tls_config anybody = { .verify = NET_TLS_VERIFY_NONE };
    char error[256];

    if (!d->world->anybody)
        d->world->anybody =
            d->world->io->tls_new(&anybody, error, sizeof(error));
    plan->tls = d->world->anybody;
    plan->tls_name = server_name(d);
    return plan->tls != NULL;
}

static bool plan_plain(struct diagnosis *d)
{
    plan_new(d);
    return say_ping(d);
}

/*
 * A PING as on the connection that is stuck, then a line without an end.  An
 * engine that is paused or hung holds the first back and never looks at the
 * second; one that still waits for the end of a foreign header meets its limit.
 */
static bool plan_flood(struct diagnosis *d)
{
    struct trial_plan *plan = plan_new(d);
    size_t length;
    char *bytes;

    plan->nreply = FLOOD_REPLY;
    if (!say_ping(d))
        return false;
    length = d->bytes.length + FLOOD_BYTES;
    bytes = realloc(d->bytes.bytes, length);
    if (!bytes)
        return false;
    memset(bytes + d->bytes.length, 'x', FLOOD_BYTES);
    d->bytes.bytes = bytes;
    d->bytes.length = d->bytes.room = d->offsets[1] = length;
    return true;
}

static bool plan_redirect(struct diagnosis *d)
{
    struct evidence_second *second = d->evidence->second;

    if (!second_redirect(d->evidence, &d->redirect))
        return false;
    net_addr_text(&d->redirect, second->redirect);
    plan_new(d)->addr = &d->redirect;
    return true;
}

/* A PING, by TLS where the target has it. */
static bool plan_retry(struct diagnosis *d)
{
    struct trial_plan *plan = plan_new(d);

    plan->tls = d->target->tls ? d->target->options->tls : NULL;
    plan->tls_name = server_name(d);
    return say_ping(d);
}

/* Source ports of our choice, so that the same ones can be tried again. */
static void choose_sources(struct diagnosis *d)
{
    const struct net_addr *source = d->target->options->source;
    struct ask_key random = { { 0 }, { 0 } };

    (void)ask_key_new(&random); /* any ports will do */
    for (unsigned i = 0; i < DIAGNOSE_PORTS; i++) {
        unsigned r =
            random.key[2 * (size_t)i] * 256U + random.key[2 * (size_t)i + 1];
        struct net_addr *to = &d->sources[i];
        memset(to, 0, sizeof(*to));
        to->sa.any.sa_family = d->evidence->addr.sa.any.sa_family;
        if (source)
            *to = *source;
        to->sa.v4.sin_port = htons((uint16_t)(PORT_LOWEST + r % PORT_SPAN));
    }
}

/* All but the first are other ones than our own, which the ports are of. */
static void plan_locals(struct diagnosis *d)
{
    struct net_local found[DIAGNOSE_LOCALS + 1];
    unsigned n =
        d->world->io->locals(&d->evidence->addr, found, DIAGNOSE_LOCALS + 1);

    d->evidence->second->astray = n > 0 && found[0].astray;
    for (unsigned i = 1; i < n; i++) {
        struct net_addr *source = &d->sources[d->ntrials];

        *source = found[i].addr;
        plan_new(d)->source = source;
    }
    if (n > 1)
        d->evidence->second->ran |= 1U << SECOND_SOURCES;
}

/* Who chose an address has one. */
static bool plan_ports(struct diagnosis *d)
{
    choose_sources(d);
    for (unsigned i = 0; i < DIAGNOSE_PORTS; i++)
        plan_new(d)->source = &d->sources[i];
    if (!d->target->options->source)
        plan_locals(d);
    return true;
}

static bool plan_step(struct diagnosis *d, uint32_t size)
{
    const struct probe_login *login = &d->target->login;
    struct trial_plan *plan = plan_new(d);
    const char *auth[] = { "AUTH", login->user, login->password };
    const char *ping[] = { "PING", NULL };
    const size_t lengths[] = { 4, size };
    char *text = malloc(size);
    bool said = text != NULL;

    plan->tls = d->target->tls ? d->target->options->tls : NULL;
    plan->tls_name = server_name(d);
    plan->nreply = size;
    if (!login->user)
        auth[1] = login->password;
    if (text)
        memset(text, 'x', size);
    ping[1] = text;
    if (login->password)
        said = said && say(d, login->user ? 3 : 2, auth, NULL);
    said = said && say(d, 2, ping, lengths);
    free(text);
    return said;
}

static bool plan_ladder(struct diagnosis *d)
{
    for (size_t i = 0; i < DIAGNOSE_LADDER; i++) {
        if (!plan_step(d, diagnose_ladder[i]))
            return false;
    }
    return true;
}

bool diagnose_plan(struct diagnosis *d)
{
    switch ((enum second)d->at) {
    case SECOND_TLS: return plan_tls(d);
    case SECOND_PLAIN: return plan_plain(d);
    case SECOND_FLOOD: return plan_flood(d);
    case SECOND_REDIRECT: return plan_redirect(d);
    case SECOND_RETRY:
    case SECOND_PING: return plan_retry(d);
    case SECOND_PORTS: return plan_ports(d);
    case SECOND_SOURCES: break; /* beside the ports */
    case SECOND_LADDER: return plan_ladder(d);
    case SECOND_COUNT: break;
    }
    return false;
}

/* The ones that answered stay out of it, since their ports are in use. */
void diagnose_plan_again(struct diagnosis *d)
{
    unsigned kept = 0;

    for (unsigned i = 0; i < DIAGNOSE_PORTS; i++) {
        if (d->trials[i].seen.connect == NET_TIMEOUT)
            d->sources[kept++] = d->sources[i];
    }
    d->round = 1;
    d->ntrials = 0;
    for (unsigned i = 0; i < kept; i++)
        plan_new(d)->source = &d->sources[i];
}
