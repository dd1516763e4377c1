/*
 * trial.c -- the life of a trial.
 *
 *     connect > [handshake >] [exchange >] close
 *
 * Whatever fails goes to close; what was seen until then is kept.
 */
#include "probe/trial.h"

#include <string.h>

enum {
    US = 1000, /* nanoseconds */
};

static void on_closed(struct net_conn *conn, enum net_status status)
{
    struct trial *t = conn->data;

    (void)status;
    t->cb(t);
}

static void finish(struct trial *t)
{
    t->world->io->close(&t->conn, on_closed);
}

static void note_head(struct trial *t, const char *bytes, size_t n)
{
    static const char resp[] = "+-:$*_#,(!=%~>|";
    size_t room = sizeof(t->seen.head) - t->seen.nhead;

    if (n > room)
        n = room;
    memcpy(t->seen.head + t->seen.nhead, bytes, n);
    t->seen.nhead = (uint8_t)(t->seen.nhead + n);
    t->seen.resp = t->seen.nhead > 0 && t->seen.head[0] != '\0' &&
                   strchr(resp, t->seen.head[0]) != NULL;
}

static enum net_feed on_bytes(struct net_conn *conn, const char *bytes,
                              size_t n)
{
    static const char too_big[] = "too big inline";
    struct trial *t = conn->data;

    note_head(t, bytes, n);
    t->received += (uint32_t)n;
    if (memmem(bytes, n, too_big, sizeof(too_big) - 1))
        t->seen.too_big = true;
    return t->received >= t->nreply ? NET_FEED_DONE : NET_FEED_MORE;
}

static void on_answered(struct net_conn *conn, enum net_status status)
{
    struct trial *t = conn->data;

    uint64_t took_us = (t->world->io->now() - t->sent_ns) / US;

    t->seen.exchange = (uint8_t)status;
    t->seen.took_us = took_us < UINT32_MAX ? (uint32_t)took_us : UINT32_MAX;
    t->seen.unacked = t->world->io->tcpinfo(conn).unacked;
    finish(t);
}

static void exchange(struct trial *t)
{
    t->conn.timeout_ms = t->plan->timeout_ms;
    t->sent_ns = t->world->io->now();
    t->world->io->exchange(&t->conn, t->bytes, t->nbytes, on_bytes,
                           on_answered);
}

static void on_handshaken(struct net_conn *conn, enum net_status status)
{
    struct trial *t = conn->data;
    const struct net_tls_info *info = t->world->io->tls(conn);

    t->seen.handshake = (uint8_t)status;
    t->seen.unacked = t->world->io->tcpinfo(conn).unacked;
    if (info) {
        t->seen.server_hello = info->server_hello;
        t->seen.alert = (int16_t)info->alert;
        if (status != NET_OK)
            note_head(t, (const char *)info->head, info->nhead);
    }
    if (status == NET_OK && t->bytes)
        exchange(t);
    else
        finish(t);
}

static void on_connected(struct net_conn *conn, enum net_status status)
{
    struct trial *t = conn->data;

    t->seen.connect = (uint8_t)status;
    t->conn.timeout_ms = t->plan->timeout_ms;
    if (status == NET_OK && t->plan->tls)
        t->world->io->handshake(conn, t->plan->tls, t->plan->tls_name,
                                on_handshaken);
    else if (status == NET_OK && t->bytes)
        exchange(t);
    else
        finish(t);
}

void trial_start(struct trial *t, struct probe_world *world,
                 const struct trial_plan *plan, trial_cb cb)
{
    *t = (struct trial){ .data = t->data,
                         .bytes = t->bytes,
                         .nbytes = t->nbytes,
                         .nreply = t->nreply,
                         .world = world,
                         .plan = plan,
                         .cb = cb,
                         .seen = { .alert = NET_TLS_ALERT_NONE },
                         .conn = { .loop = world->loop,
                                   .timeout_ms = plan->timeout_ms } };
    t->conn.data = t;
    world->io->connect(&t->conn, plan->addr, plan->source, on_connected);
}

void trial_cancel(struct trial *t)
{
    t->world->io->cancel(&t->conn);
}
