/*
 * diagnose.c -- the life of a diagnosis: one kind of second probe after the
 * other, as second.c finds them worth it; of a kind, several side by side.
 *
 *     [tls | plain] > [flood > retry]   retry   redirect   ports > [ports]
 *     ladder
 *
 * Each begins by filling plans (diagnose_plan.c), and ends by reading what the
 * trials saw.
 */
#include "probe/diagnose.h"

#include <stdlib.h>
#include <string.h>

#include "probe/diagnose_plan.h"
#include "probe/second.h"

static void next(struct diagnosis *d);

bool diagnose_wanted(const struct probe_target *target,
                     const struct evidence_address *evidence)
{
    for (int second = 0; second < SECOND_COUNT; second++) {
        if (second_wanted((enum second)second, target, evidence))
            return true;
    }
    return false;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* A port that could not be bound, or was refused here, was not tried. */
static void read_ports(struct diagnosis *d)
{
    struct evidence_second *second = d->evidence->second;
    unsigned failed = 0, connected = 0;

    for (unsigned i = 0; i < least(d->nports, DIAGNOSE_PORTS); i++) {
        failed += d->ports[i].status == NET_TIMEOUT;
        connected += d->ports[i].status == NET_OK;
    }
    if (d->round == 0) {
        second->ports_tried = (uint8_t)(failed + connected);
        second->ports_failed = (uint8_t)failed;
        return;
    }
    second->ports_again = (uint8_t)failed;
}

/* An address that cannot be used for this was not tried. */
static void read_locals(struct diagnosis *d)
{
    struct evidence_second *second = d->evidence->second;
    unsigned failed = 0, connected = 0;

    for (unsigned i = DIAGNOSE_PORTS; i < d->nports; i++) {
        failed += d->ports[i].status == NET_TIMEOUT;
        if (d->ports[i].status == NET_OK && connected++ == 0)
            second->source = d->ports[i].source;
    }
    second->sources_tried = (uint8_t)(failed + connected);
    second->sources_failed = (uint8_t)failed;
}

static void read_ladder(struct diagnosis *d)
{
    struct evidence_second *second = d->evidence->second;

    for (unsigned i = 0; i < d->ntrials; i++) {
        const struct evidence_trial *t = &d->trials[i].seen;
        bool came = t->connect == NET_OK && t->handshake == NET_OK &&
                    t->exchange == NET_OK;
        if (came)
            second->ladder_most = diagnose_ladder[i];
        else if (second->ladder_least == 0)
            second->ladder_least = diagnose_ladder[i];
    }
}

/* Some ports answered and some did not: are they the same ones again? */
static bool ports_again(const struct diagnosis *d)
{
    const struct evidence_second *second = d->evidence->second;

    return d->at == SECOND_PORTS && d->round == 0 && second->ports_failed > 0 &&
           second->ports_failed < second->ports_tried;
}

static void read_seen(struct diagnosis *d)
{
    switch ((enum second)d->at) {
    case SECOND_PORTS:
        read_ports(d);
        if (d->round == 0)
            read_locals(d);
        break;
    case SECOND_LADDER: read_ladder(d); break;
    default: d->evidence->second->trials[d->at] = d->trials[0].seen;
    }
}

static void start(struct diagnosis *d);

static void on_ended(struct diagnosis *d)
{
    if (--d->running > 0)
        return;
    read_seen(d);
    if (d->canceled || !ports_again(d)) {
        next(d);
        return;
    }
    diagnose_plan_again(d);
    start(d);
}

static void on_tried(struct trial *trial)
{
    on_ended(trial->data);
}

static void on_dialed(struct net_dial *dial, enum net_status status)
{
    struct diagnosis_port *port = (void *)dial; /* its first member */

    port->status = (uint8_t)status;
    on_ended(dial->data);
}

static void start(struct diagnosis *d)
{
    d->running = d->ntrials + d->nports;
    for (unsigned i = 0; i < d->ntrials; i++) {
        d->trials[i].data = d;
        trial_start(&d->trials[i], d->world, &d->plan, on_tried);
    }
    for (unsigned i = 0; i < d->nports; i++) {
        struct diagnosis_port *port = &d->ports[i];
        port->dial = (struct net_dial){ .data = d, .loop = d->world->loop };
        d->world->io->dial(&port->dial, d->plan.addr, &port->source,
                           d->plan.timeout_ms, on_dialed);
    }
}

/* What cannot be planned (no memory, no TLS module) leaves no trace. */
static bool begin(struct diagnosis *d, enum second second)
{
    d->at = (uint8_t)second;
    d->ntrials = d->nports = d->round = 0;
    diagnose_deinit(d);
    if (!diagnose_plan(d))
        return false;
    d->evidence->second->ran |= 1U << second;
    start(d);
    return true;
}

static void next(struct diagnosis *d)
{
    for (int second = 0; !d->canceled && second < SECOND_COUNT; second++) {
        if (second_wanted((enum second)second, d->target, d->evidence) &&
            begin(d, (enum second)second))
            return;
    }
    d->cb(d);
}

void diagnose_start(struct diagnosis *d, struct probe_world *world,
                    const struct probe_target *target,
                    struct evidence_address *evidence, uint64_t deadline_ns,
                    diagnosis_cb cb)
{
    d->world = world;
    d->target = target;
    d->evidence = evidence;
    d->deadline_ns = deadline_ns;
    d->cb = cb;
    evidence->second = calloc(1, sizeof(*evidence->second));
    d->canceled = !evidence->second;
    next(d);
}

void diagnose_cancel(struct diagnosis *d)
{
    d->canceled = true;
    for (unsigned i = 0; d->running > 0 && i < d->ntrials; i++)
        trial_cancel(&d->trials[i]);
    for (unsigned i = 0; d->running > 0 && i < d->nports; i++)
        d->world->io->dial_cancel(&d->ports[i].dial);
}

void diagnose_deinit(struct diagnosis *d)
{
    resp_batch_free(&d->bytes);
    free(d->trials);
    free(d->ports);
    d->trials = NULL;
    d->ports = NULL;
}
