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

static void plan_new(struct diagnosis *d)
{
    d->plan = (struct trial_plan){ .addr = &d->evidence->addr,
                                   .source = d->target->options->source,
                                   .timeout_ms = budget_ms(d) };
}

/* Room for `n` trials, and what they have in common. */
static bool trials_new(struct diagnosis *d, unsigned n)
{
    d->trials = calloc(n, sizeof(*d->trials));
    if (!d->trials)
        return false;
    d->ntrials = n;
    for (unsigned i = 0; i < n; i++)
        d->trials[i].nreply = 1;
    plan_new(d);
    return true;
}

/* Append a command for the trial `i`, the last that has any. */
static bool say(struct diagnosis *d, unsigned i, int argc, const char **argv,
                const size_t *argvlen)
{
    size_t before = d->bytes.length;

    if (!resp_batch_add(&d->bytes, argc, argv, argvlen))
        return false;
    d->trials[i].nbytes += (uint32_t)(d->bytes.length - before);
    return true;
}

static bool say_ping(struct diagnosis *d)
{
    const char *argv[] = { "PING" };

    return say(d, 0, 1, argv, NULL);
}

static const char *server_name(const struct diagnosis *d)
{
    return d->target->tls_name ? d->target->tls_name : d->target->host;
}

/* Trusts anybody: what is asked is whether TLS is spoken at all. */
static bool plan_tls(struct diagnosis *d)
{
    const struct net_tls_config anybody = { .verify = NET_TLS_VERIFY_NONE };
    char error[256];

    if (!trials_new(d, 1))
        return false;
    if (!d->world->anybody)
        d->world->anybody =
            d->world->io->tls_new(&anybody, error, sizeof(error));
    d->plan.tls = d->world->anybody;
    d->plan.tls_name = server_name(d);
    return d->plan.tls != NULL;
}

static bool plan_plain(struct diagnosis *d)
{
    return trials_new(d, 1) && say_ping(d);
}

/*
 * A PING as on the connection that is stuck, then a line without an end.  An
 * engine that is paused or hung holds the first back and never looks at the
 * second; one that still waits for the end of a foreign header meets its limit.
 */
static bool plan_flood(struct diagnosis *d)
{
    size_t length;
    char *bytes;

    if (!trials_new(d, 1) || !say_ping(d))
        return false;
    length = d->bytes.length + FLOOD_BYTES;
    bytes = realloc(d->bytes.bytes, length);
    if (!bytes)
        return false;
    memset(bytes + d->bytes.length, 'x', FLOOD_BYTES);
    d->bytes.bytes = bytes;
    d->bytes.length = d->bytes.room = length;
    d->trials[0].nbytes = (uint32_t)length;
    d->trials[0].nreply = FLOOD_REPLY;
    return true;
}

static bool plan_redirect(struct diagnosis *d)
{
    struct evidence_second *second = d->evidence->second;

    if (!second_redirect(d->evidence, &d->redirect) || !trials_new(d, 1))
        return false;
    net_addr_text(&d->redirect, second->redirect);
    d->plan.addr = &d->redirect;
    return true;
}

/* By TLS where the target has it. */
static bool trials_of_target(struct diagnosis *d, unsigned n)
{
    if (!trials_new(d, n))
        return false;
    d->plan.tls = d->target->tls ? d->target->options->tls : NULL;
    d->plan.tls_name = server_name(d);
    return true;
}

static bool plan_retry(struct diagnosis *d)
{
    return trials_of_target(d, 1) && say_ping(d);
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
        struct net_addr *to = &d->ports[i].source;
        to->sa.any.sa_family = d->evidence->addr.sa.any.sa_family;
        if (source)
            *to = *source;
        to->sa.v4.sin_port = htons((uint16_t)(PORT_LOWEST + r % PORT_SPAN));
    }
}

/* Ports, and all of `found` but the first: the others are not our own address,
 * which the ports are of. */
static bool plan_ports_and(struct diagnosis *d, const struct net_local *found,
                           unsigned n)
{
    unsigned others = n > 1 ? n - 1 : 0;

    d->ports = calloc(DIAGNOSE_PORTS + others, sizeof(*d->ports));
    if (!d->ports)
        return false;
    d->nports = DIAGNOSE_PORTS + others;
    plan_new(d);
    choose_sources(d);
    for (unsigned i = 0; i < others; i++)
        d->ports[DIAGNOSE_PORTS + i].source = found[i + 1].addr;
    d->evidence->second->astray = n > 0 && found[0].astray;
    if (others > 0)
        d->evidence->second->ran |= 1U << SECOND_SOURCES;
    return true;
}

/* Who chose an address has one. */
static bool plan_ports(struct diagnosis *d)
{
    const struct net_addr *source = d->target->options->source;
    struct net_cidr *client = &d->evidence->second->client;
    struct net_local found[DIAGNOSE_LOCALS + 1];
    unsigned n = 0;

    if (source)
        *client = (struct net_cidr){ .base = *source };
    else
        n = d->world->io->locals(&d->evidence->addr, found,
                                 DIAGNOSE_LOCALS + 1);
    if (n > 0)
        *client =
            (struct net_cidr){ .base = found[0].addr, .bits = found[0].bits };
    return plan_ports_and(d, found, n);
}

static bool plan_step(struct diagnosis *d, unsigned i)
{
    const struct probe_login *login = &d->target->login;
    const uint32_t size = diagnose_ladder[i];
    const char *auth[] = { "AUTH", login->user, login->password };
    const char *ping[] = { "PING", NULL };
    const size_t lengths[] = { 4, size };
    char *text = malloc(size);
    bool said = text != NULL;

    d->trials[i].nreply = size;
    if (!login->user)
        auth[1] = login->password;
    if (text)
        memset(text, 'x', size);
    ping[1] = text;
    if (login->password)
        said = said && say(d, i, login->user ? 3 : 2, auth, NULL);
    said = said && say(d, i, 2, ping, lengths);
    free(text);
    return said;
}

static bool plan_ladder(struct diagnosis *d)
{
    if (!trials_of_target(d, DIAGNOSE_LADDER))
        return false;
    for (unsigned i = 0; i < DIAGNOSE_LADDER; i++) {
        if (!plan_step(d, i))
            return false;
    }
    return true;
}

static bool plan_kind(struct diagnosis *d)
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

bool diagnose_plan(struct diagnosis *d)
{
    size_t from = 0;

    if (!plan_kind(d))
        return false;
    /* All is said: the bytes stay where they are. */
    for (unsigned i = 0; i < d->ntrials; i++) {
        if (d->trials[i].nbytes > 0)
            d->trials[i].bytes = d->bytes.bytes + from;
        from += d->trials[i].nbytes;
    }
    return true;
}

/* The ones that answered stay out of it, since their ports are in use. */
void diagnose_plan_again(struct diagnosis *d)
{
    unsigned kept = 0;

    for (unsigned i = 0; i < DIAGNOSE_PORTS; i++) {
        if (d->ports[i].status == NET_TIMEOUT)
            d->ports[kept++].source = d->ports[i].source;
    }
    d->round = 1;
    d->nports = kept;
    d->plan.timeout_ms = budget_ms(d);
}
