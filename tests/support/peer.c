/*
 * peer.c -- a thread that accepts, and one for each connection.
 *
 * Sockets are blocking.  peer_stop() shuts them down, which wakes whoever
 * waits in accept(), recv() or send(); a thread closes its own descriptor.
 */
#include "support/peer.h"

#include "support/unit.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    CONNECTIONS_MAX = 256,
    BUFFER_SIZE = 16 * 1024,
    PATIENCE_S = 60,
};

struct connection {
    struct peer *peer;
    const struct peer_step *script;
    pthread_t thread;
    int fd;     /* -1: closed */
    void *wire; /* of peer->wire */
};

struct peer {
    int listener;
    uint16_t port;
    struct peer_step **scripts; /* copies; ours */
    size_t nscripts;
    const struct peer_wire *wire;
    const void *wire_config;
    pthread_t acceptor;

    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t changed;
    bool stopping;
    unsigned steps, gates;
    char failure[512];
    unsigned nconnections;
    struct connection connections[CONNECTIONS_MAX];
};

static ssize_t take(struct connection *c, char *bytes, size_t size)
{
    if (c->peer->wire)
        return c->peer->wire->receive(c->wire, c->fd, bytes, size);
    return recv(c->fd, bytes, size, 0);
}

static bool give(struct connection *c, const char *bytes, size_t n)
{
    ssize_t sent;

    if (c->peer->wire)
        return c->peer->wire->send(c->wire, c->fd, bytes, n);
    while (n > 0) {
        sent = send(c->fd, bytes, n, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes += sent;
        n -= (size_t)sent;
    }
    return true;
}

static size_t length_of(const struct peer_step *step)
{
    return step->n > 0 || !step->bytes ? step->n : strlen(step->bytes);
}

static void complain(struct connection *c, const struct peer_step *step,
                     const char *got, size_t n)
{
    pthread_mutex_lock(&c->peer->lock);
    (void)snprintf(c->peer->failure, sizeof(c->peer->failure),
                   "the peer expected \"%.200s\" and got \"%.*s\"", step->bytes,
                   n < 200 ? (int)n : 200, got);
    pthread_mutex_unlock(&c->peer->lock);
}

static bool expect(struct connection *c, const struct peer_step *step)
{
    size_t left = length_of(step), size;
    const char *bytes = step->bytes;
    char buffer[BUFFER_SIZE];
    ssize_t n;

    while (left > 0) {
        size = left < sizeof(buffer) ? left : sizeof(buffer);
        n = take(c, buffer, size);
        if (n <= 0)
            return false;
        if (bytes && memcmp(buffer, bytes, (size_t)n) != 0) {
            complain(c, step, buffer, (size_t)n);
            return false;
        }
        if (bytes)
            bytes += n;
        left -= (size_t)n;
    }
    return true;
}

static bool drip(struct connection *c, const struct peer_step *step)
{
    size_t n = length_of(step);

    for (size_t i = 0; i < n; i++) {
        if (!give(c, step->bytes + i, 1))
            return false;
        nanosleep(&(struct timespec){ .tv_nsec = 100 * 1000L }, NULL);
    }
    return true;
}

static bool pass_gate(struct peer *peer)
{
    bool open;

    pthread_mutex_lock(&peer->lock);
    while (peer->gates == 0 && !peer->stopping)
        pthread_cond_wait(&peer->changed, &peer->lock);
    open = peer->gates > 0;
    peer->gates -= open;
    pthread_mutex_unlock(&peer->lock);
    return open;
}

static bool goodbye(struct connection *c)
{
    if (c->peer->wire)
        c->peer->wire->goodbye(c->wire, c->fd);
    return true;
}

/* Returns whether the script goes on. */
static bool play(struct connection *c, const struct peer_step *step)
{
    const struct linger at_once = { .l_onoff = 1 };

    switch (step->what) {
    case PEER_EXPECT: return expect(c, step);
    case PEER_SEND: return give(c, step->bytes, length_of(step));
    case PEER_DRIP: return drip(c, step);
    case PEER_GATE: return pass_gate(c->peer);
    case PEER_GOODBYE: return goodbye(c);
    case PEER_CLOSE:
        goodbye(c);
        shutdown(c->fd, SHUT_WR);
        return false;
    case PEER_CUT: shutdown(c->fd, SHUT_WR); return false;
    case PEER_RESET:
        setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
        return false;
    case PEER_FLOOD:
        while (give(c, step->bytes, length_of(step)))
            continue;
        return false;
    case PEER_END:
    case PEER_SILENT: return false;
    }
    return false;
}

/* Read on, unless the script ended in RESET, until the client leaves. */
static void close_connection(struct connection *c, enum peer_do last)
{
    char buffer[BUFFER_SIZE];
    int fd = c->fd;

    while (last != PEER_RESET && take(c, buffer, sizeof(buffer)) > 0)
        continue;
    if (c->peer->wire)
        c->peer->wire->close(c->wire);
    pthread_mutex_lock(&c->peer->lock);
    c->fd = -1;
    close(fd);
    pthread_mutex_unlock(&c->peer->lock);
}

static void count_step(struct peer *peer)
{
    pthread_mutex_lock(&peer->lock);
    peer->steps++;
    pthread_cond_broadcast(&peer->changed);
    pthread_mutex_unlock(&peer->lock);
}

/* A RESET counts when it is done, which is when the descriptor is closed. */
static void *serve(void *arg)
{
    struct connection *c = arg;
    struct peer *peer = c->peer;
    const struct peer_step *step = c->script;

    if (peer->wire)
        c->wire = peer->wire->open(peer->wire_config, c->fd);
    while (play(c, step)) {
        count_step(peer);
        step++;
    }
    if (step->what != PEER_RESET)
        count_step(peer);
    close_connection(c, step->what);
    if (step->what == PEER_RESET)
        count_step(peer);
    return NULL;
}

static void admit(struct peer *peer, int fd)
{
    struct connection *c = &peer->connections[peer->nconnections];
    size_t last = peer->nscripts - 1;
    int one = 1;

    /* what is sent before a RESET must have left */
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    *c = (struct connection){ .peer = peer, .fd = fd };
    c->script =
        peer->scripts[peer->nconnections < last ? peer->nconnections : last];
    if (peer->stopping || peer->nconnections == CONNECTIONS_MAX ||
        pthread_create(&c->thread, NULL, serve, c) != 0)
        close(fd);
    else
        peer->nconnections++;
}

static void *accept_all(void *arg)
{
    struct peer *peer = arg;
    int fd;

    for (;;) {
        fd = accept(peer->listener, NULL, NULL);
        if (fd < 0)
            return NULL;
        pthread_mutex_lock(&peer->lock);
        admit(peer, fd);
        pthread_cond_broadcast(&peer->changed);
        pthread_mutex_unlock(&peer->lock);
    }
}

static void listen_on_loopback(struct peer *peer)
{
    struct sockaddr_in addr = { .sin_family = AF_INET };
    socklen_t size = sizeof(addr);

    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    peer->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(peer->listener >= 0);
    assert_int_equal(
        bind(peer->listener, (struct sockaddr *)&addr, sizeof(addr)), 0);
    assert_int_equal(listen(peer->listener, CONNECTIONS_MAX), 0);
    assert_int_equal(
        getsockname(peer->listener, (struct sockaddr *)&addr, &size), 0);
    peer->port = ntohs(addr.sin_port);
}

static bool is_last(enum peer_do what)
{
    switch (what) {
    case PEER_EXPECT:
    case PEER_SEND:
    case PEER_DRIP:
    case PEER_GATE:
    case PEER_GOODBYE: return false;
    default: return true;
    }
}

static struct peer_step *copy_of(const struct peer_step *script)
{
    size_t n = 1;
    struct peer_step *copy;

    while (!is_last(script[n - 1].what))
        n++;
    copy = calloc(n, sizeof(*copy));
    assert_non_null(copy);
    memcpy(copy, script, n * sizeof(*copy));
    return copy;
}

/* By a clock that nobody sets. */
static void changed_init(struct peer *peer)
{
    pthread_condattr_t attributes;

    assert_int_equal(pthread_condattr_init(&attributes), 0);
    assert_int_equal(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC),
                     0);
    assert_int_equal(pthread_cond_init(&peer->changed, &attributes), 0);
    pthread_condattr_destroy(&attributes);
}

struct peer *peer_start_scripts(const struct peer_step *const *scripts,
                                size_t n, const struct peer_wire *wire,
                                const void *wire_config)
{
    struct peer *peer = calloc(1, sizeof(*peer));

    assert_non_null(peer);
    peer->scripts = calloc(n, sizeof(struct peer_step *));
    assert_non_null(peer->scripts);
    for (; peer->nscripts < n; peer->nscripts++)
        peer->scripts[peer->nscripts] = copy_of(scripts[peer->nscripts]);
    peer->wire = wire;
    peer->wire_config = wire_config;
    pthread_mutex_init(&peer->lock, NULL);
    changed_init(peer);
    listen_on_loopback(peer);
    assert_int_equal(pthread_create(&peer->acceptor, NULL, accept_all, peer),
                     0);
    return peer;
}

struct peer *peer_start(const struct peer_step *script)
{
    return peer_start_scripts(&script, 1, NULL, NULL);
}

static void peer_free(struct peer *peer)
{
    pthread_cond_destroy(&peer->changed);
    pthread_mutex_destroy(&peer->lock);
    while (peer->nscripts > 0)
        free(peer->scripts[--peer->nscripts]);
    free(peer->scripts);
    free(peer);
}

static void end_connections(struct peer *peer)
{
    pthread_mutex_lock(&peer->lock);
    peer->stopping = true;
    pthread_cond_broadcast(&peer->changed);
    for (unsigned i = 0; i < peer->nconnections; i++)
        if (peer->connections[i].fd >= 0)
            shutdown(peer->connections[i].fd, SHUT_RDWR);
    pthread_mutex_unlock(&peer->lock);
}

void peer_stop(struct peer *peer)
{
    char failure[sizeof(peer->failure)];

    shutdown(peer->listener, SHUT_RDWR);
    pthread_join(peer->acceptor, NULL);
    close(peer->listener);
    end_connections(peer);
    for (unsigned i = 0; i < peer->nconnections; i++)
        pthread_join(peer->connections[i].thread, NULL);
    memcpy(failure, peer->failure, sizeof(failure));
    peer_free(peer);
    if (failure[0] != '\0')
        fail_msg("%s", failure);
}

uint16_t peer_port(const struct peer *peer)
{
    return peer->port;
}

unsigned peer_connections(struct peer *peer)
{
    unsigned n;

    pthread_mutex_lock(&peer->lock);
    n = peer->nconnections;
    pthread_mutex_unlock(&peer->lock);
    return n;
}

void peer_wait(struct peer *peer, unsigned n)
{
    struct timespec until;
    int error = 0;
    unsigned steps;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += PATIENCE_S;
    pthread_mutex_lock(&peer->lock);
    while (peer->steps < n && error == 0)
        error = pthread_cond_timedwait(&peer->changed, &peer->lock, &until);
    steps = peer->steps;
    pthread_mutex_unlock(&peer->lock);
    if (steps < n)
        fail_msg("the peer has done %u steps of %u", steps, n);
}

void peer_open_gate(struct peer *peer)
{
    pthread_mutex_lock(&peer->lock);
    peer->gates++;
    pthread_cond_broadcast(&peer->changed);
    pthread_mutex_unlock(&peer->lock);
}
