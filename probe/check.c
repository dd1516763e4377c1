/*
 * check.c -- the life of one check.
 *
 *     [resolve >] a probe for every address, side by side
 *         > [second look-ups | measuring] > done
 *
 * A literal and --address are known at once: their probes are made by init, so
 * that start cannot fail.  An answer of DNS makes them when it comes.
 */
#include "probe/check.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "probe/distance.h"
#include "probe/lookups.h"

enum {
    MS = 1000000, /* nanoseconds */
};

static int64_t wall_clock_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* One block: the probes, then the pointers that evidence hands out. */
static bool probes_new(struct check *c, unsigned n)
{
    const struct evidence_address **addresses;
    size_t probe_bytes = n * sizeof(*c->probes);

    /* NOLINTNEXTLINE(bugprone-sizeof-expression): they are pointers */
    c->probes = calloc(1, probe_bytes + n * sizeof(*addresses));
    if (!c->probes)
        return false;
    addresses = (void *)((char *)c->probes + probe_bytes);
    for (unsigned i = 0; i < n; i++) {
        c->probes[i].data = c;
        addresses[i] = &c->probes[i].evidence;
    }
    c->evidence.addresses = addresses;
    c->evidence.naddresses = n;
    return true;
}

static void address_set(struct check *c, unsigned i,
                        const struct net_addr *addr)
{
    struct net_addr *to = &c->probes[i].evidence.addr;

    *to = *addr;
    if (net_addr_port(to) != 0)
        return;
    /* The port stands at the same place in both families. */
    to->sa.v4.sin_port = htons(c->target->port);
}

static bool addresses_given(struct check *c)
{
    const struct probe_options *o = c->target->options;

    if (!probes_new(c, (unsigned)o->naddresses))
        return false;
    for (unsigned i = 0; i < o->naddresses; i++)
        address_set(c, i, &o->addresses[i]);
    return true;
}

static bool address_literal(struct check *c, const struct net_addr *addr)
{
    if (!probes_new(c, 1))
        return false;
    address_set(c, 0, addr);
    return true;
}

bool check_init(struct check *c, struct probe_world *world,
                const struct probe_target *target)
{
    const struct probe_options *o = target->options;
    struct net_addr literal;

    *c = (struct check){ .data = c->data,
                         .world = world,
                         .target = target,
                         .evidence = { .host = target->host,
                                       .port = target->port,
                                       .tls = target->tls,
                                       .tls_name = target->tls_name,
                                       .user = target->login.user,
                                       .db = target->db,
                                       .key_prefix = o->key_prefix,
                                       .again = o->again,
                                       .literal = true } };
    c->evidence.dns.state = STAGE_NOT_WANTED;
    if (o->naddresses > 0)
        return addresses_given(c);
    if (net_addr_parse(target->host, target->port, &literal))
        return address_literal(c, &literal);
    c->evidence.literal = false;
    c->evidence.dns.state = STAGE_NOT_REACHED;
    c->resolve = calloc(1, sizeof(*c->resolve));
    return c->resolve != NULL;
}

static bool is_well(const struct check *c)
{
    for (unsigned i = 0; i < c->evidence.naddresses; i++) {
        if (evidence_failed_stage(c->evidence.addresses[i]) != STAGE_COUNT)
            return false;
    }
    return c->evidence.naddresses > 0;
}

/* What is looked at after all went well is not of the path's time. */
static void finish(void *data)
{
    struct check *c = data;

    if (!is_well(c))
        c->evidence.end_ns = c->world->io->now();
    c->looking_up = c->measuring = false;
    c->cb(c);
}

static uint64_t deadline_ns(const struct check *c)
{
    return c->evidence.start_ns +
           (uint64_t)c->target->options->deadline_ms * MS;
}

/* All that was to be seen was seen; names may explain it, or more PINGs. */
static void settle(struct check *c)
{
    c->evidence.end_ns = c->world->io->now();
    c->lookups = lookups_new(c->world, c->target, &c->evidence, deadline_ns(c));
    if (!c->lookups)
        c->distance = distance_new(c->world, c->target, &c->evidence, c->probes,
                                   deadline_ns(c));
    c->looking_up = c->lookups != NULL;
    c->measuring = c->distance != NULL;
    if (c->lookups)
        lookups_start(c->lookups, finish, c);
    else if (c->distance)
        distance_start(c->distance, finish, c);
    else
        finish(c);
}

static void on_probed(struct probe *probe)
{
    struct check *c = probe->data;

    c->running--;
    if (c->running == 0)
        settle(c);
}

static void probes_start(struct check *c)
{
    c->running = c->evidence.naddresses;
    for (unsigned i = 0; i < c->evidence.naddresses; i++) {
        const struct net_addr addr = c->probes[i].evidence.addr;
        probe_start(&c->probes[i], c->world, c->target, &addr, deadline_ns(c),
                    on_probed);
    }
}

/* The answer's addresses become probes; without memory DNS is to blame. */
static enum net_status answer_take(struct check *c, enum net_status status)
{
    struct net_answer *answer = net_answer_cut(c->resolve->answer);

    c->resolve->answer = answer;
    c->evidence.answer = answer;
    if (status != NET_OK)
        return status;
    if (!answer || answer->naddrs == 0 || !probes_new(c, answer->naddrs))
        return NET_NOMEM;
    for (unsigned i = 0; i < answer->naddrs; i++)
        address_set(c, i, &answer->addrs[i].addr);
    return NET_OK;
}

static void on_resolved(struct net_resolve *req, enum net_status status)
{
    struct check *c = req->data;

    c->resolving = false;
    status = answer_take(c, status);
    evidence_stage_end(&c->evidence.dns, c->world->io->now());
    c->evidence.dns.cause = (uint8_t)cause_of_net(status);
    c->evidence.dns.state =
        (uint8_t)(status == NET_OK ? STAGE_PASSED : STAGE_FAILED);
    if (status == NET_OK)
        probes_start(c);
    else
        settle(c);
}

static void resolve_begin(struct check *c)
{
    const struct probe_options *o = c->target->options;
    const struct net_question question = { .host = c->target->host,
                                           .port = c->target->port,
                                           .family = o->family };

    c->resolving = true;
    c->evidence.dns.start_ns = c->evidence.start_ns;
    *c->resolve =
        (struct net_resolve){ .data = c,
                              .resolver = o->resolver,
                              .timeout_ms = o->timeout_ms < o->deadline_ms
                                                ? o->timeout_ms
                                                : o->deadline_ms };
    c->world->io->resolve(c->resolve, &question, on_resolved);
}

void check_start(struct check *c, check_cb cb)
{
    c->cb = cb;
    c->time_ms = wall_clock_ms();
    c->evidence.start_ns = c->world->io->now();
    if (c->evidence.literal)
        probes_start(c);
    else
        resolve_begin(c);
}

void check_cancel(struct check *c)
{
    c->evidence.watchdog = true;
    if (c->resolving)
        c->world->io->resolve_cancel(c->resolve);
    for (unsigned i = 0; c->running > 0 && i < c->evidence.naddresses; i++)
        probe_cancel(&c->probes[i]);
    if (c->looking_up)
        lookups_cancel(c->lookups);
    if (c->measuring)
        distance_cancel(c->distance);
}

void check_deinit(struct check *c)
{
    for (unsigned i = 0; i < c->evidence.naddresses; i++)
        probe_deinit(&c->probes[i]);
    free(c->probes);
    lookups_free(c->lookups);
    distance_free(c->distance);
    if (c->resolve)
        free(c->resolve->answer);
    free(c->resolve);
    c->probes = NULL;
    c->lookups = NULL;
    c->distance = NULL;
    c->resolve = NULL;
    c->evidence.answer = NULL;
    c->evidence.addresses = NULL;
    c->evidence.naddresses = 0;
}
