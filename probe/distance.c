/*
 * distance.c -- the life of a measurement: two ends, near and far.
 *
 *     connect both > [handshake both] > PING near > PING far > ... > close both
 *
 * What fails, or is canceled, ends it; rounds that were completed stay.
 */
#include "probe/distance.h"

#include <stdlib.h>

#include "verdict/distance.h"

enum {
    US = 1000,    /* nanoseconds */
    MS = 1000000, /* likewise */
    NEAR = 0,
    FAR = 1,
    ENDS = 2,
    LEAST_MS = 20,
};

static const char ping[] = "*1\r\n$4\r\nPING\r\n";

struct distance {
    struct probe_world *world;
    const struct probe_target *target;
    struct evidence_distance *seen; /* the far address' */
    distance_cb cb;
    void *data;
    uint64_t end_ns, sent_ns;
    unsigned running; /* operations */
    uint8_t turn;     /* whose PING is due */
    bool over;
    struct net_addr addrs[ENDS];
    struct net_conn conns[ENDS];
};

static unsigned left_ms(const struct distance *d)
{
    uint64_t now_ns = d->world->io->now();

    return now_ns < d->end_ns ? (unsigned)((d->end_ns - now_ns) / MS) : 0;
}

struct distance *distance_new(struct probe_world *world,
                              const struct probe_target *target,
                              const struct evidence_target *evidence,
                              struct probe *probes, uint64_t deadline_ns)
{
    struct distance_pair pair;
    struct distance *d;

    if (!target->options->diagnose || evidence->watchdog ||
        !distance_suspected(evidence, &pair))
        return NULL;
    d = calloc(1, sizeof(*d));
    if (!d)
        return NULL;
    d->world = world;
    d->target = target;
    d->end_ns = world->io->now() + (uint64_t)target->options->timeout_ms * MS;
    if (d->end_ns > deadline_ns)
        d->end_ns = deadline_ns;
    d->addrs[NEAR] = probes[pair.near].evidence.addr;
    d->addrs[FAR] = probes[pair.far].evidence.addr;
    if (left_ms(d) >= LEAST_MS)
        d->seen = calloc(1, sizeof(*d->seen));
    if (!d->seen) {
        free(d);
        return NULL;
    }
    d->seen->near = d->addrs[NEAR];
    probes[pair.far].evidence.distance = d->seen;
    return d;
}

static void on_closed(struct net_conn *conn, enum net_status status)
{
    struct distance *d = conn->data;

    (void)status;
    if (--d->running == 0)
        d->cb(d->data);
}

static void finish(struct distance *d)
{
    const struct probe_io *io = d->world->io;

    d->seen->near_rtt_us = io->tcpinfo(&d->conns[NEAR]).min_rtt_us;
    d->seen->far_rtt_us = io->tcpinfo(&d->conns[FAR]).min_rtt_us;
    d->running = ENDS;
    for (unsigned i = 0; i < ENDS; i++)
        io->close(&d->conns[i], on_closed);
}

/* A PING, or the error in its place, is one line. */
static enum net_feed on_bytes(struct net_conn *conn, const char *bytes,
                              size_t n)
{
    (void)conn;
    return n > 0 && bytes[n - 1] == '\n' ? NET_FEED_DONE : NET_FEED_MORE;
}

static void next(struct distance *d);

static void on_answered(struct net_conn *conn, enum net_status status)
{
    struct distance *d = conn->data;
    uint64_t took_us = (d->world->io->now() - d->sent_ns) / US;
    uint32_t us = took_us < UINT32_MAX ? (uint32_t)took_us : UINT32_MAX;

    d->running--;
    d->over |= status != NET_OK;
    if (d->turn == NEAR)
        d->seen->near_us[d->seen->rounds] = us;
    else
        d->seen->far_us[d->seen->rounds] = us;
    if (d->turn == FAR && status == NET_OK)
        d->seen->rounds++;
    d->turn = d->turn == NEAR ? FAR : NEAR;
    next(d);
}

static void next(struct distance *d)
{
    struct net_conn *conn = &d->conns[d->turn];
    unsigned left = left_ms(d);

    if (d->over || left == 0 || d->seen->rounds == DISTANCE_ROUNDS) {
        finish(d);
        return;
    }
    d->running = 1;
    conn->timeout_ms = left;
    d->sent_ns = d->world->io->now();
    d->world->io->exchange(conn, ping, sizeof(ping) - 1, on_bytes, on_answered);
}

static void on_handshaken(struct net_conn *conn, enum net_status status)
{
    struct distance *d = conn->data;

    d->over |= status != NET_OK;
    if (--d->running == 0)
        next(d);
}

static void handshakes(struct distance *d)
{
    const struct probe_target *t = d->target;

    d->running = ENDS;
    for (unsigned i = 0; i < ENDS; i++) {
        d->conns[i].timeout_ms = left_ms(d) + 1;
        d->world->io->handshake(&d->conns[i], t->options->tls,
                                t->tls_name ? t->tls_name : t->host,
                                on_handshaken);
    }
}

static void on_connected(struct net_conn *conn, enum net_status status)
{
    struct distance *d = conn->data;

    d->over |= status != NET_OK;
    if (--d->running > 0)
        return;
    if (!d->over && d->target->tls)
        handshakes(d);
    else
        next(d);
}

void distance_start(struct distance *d, distance_cb cb, void *data)
{
    d->cb = cb;
    d->data = data;
    d->running = ENDS;
    for (unsigned i = 0; i < ENDS; i++) {
        d->conns[i] = (struct net_conn){ .data = d,
                                         .loop = d->world->loop,
                                         .timeout_ms = left_ms(d) + 1 };
        d->world->io->connect(&d->conns[i], &d->addrs[i],
                              d->target->options->source, on_connected);
    }
}

void distance_cancel(struct distance *d)
{
    d->over = true;
    for (unsigned i = 0; i < ENDS; i++)
        d->world->io->cancel(&d->conns[i]);
}

void distance_free(struct distance *d)
{
    free(d);
}
