/*
 * http_peer.c -- a thread that accepts, and one for each connection.
 *
 * A connection reads a request whole (headers, then as many bytes as
 * Content-Length says), keeps it, and plays the reply that is next.  Stopping
 * shuts the sockets down, which wakes whoever waits.
 */
#include "aws/http_peer.h"

#include "support/unit.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    CONNECTIONS_MAX = 128,
    REQUESTS_MAX = 256,
    REQUEST_SIZE = 64 * 1024,
    BLOCK = 16 * 1024,
    PATIENCE_S = 10,
};

struct connection {
    struct http_peer *peer;
    pthread_t thread;
    int fd; /* -1: closed */
};

struct http_peer {
    int listener;
    char url[40];
    const struct http_reply *replies;
    size_t nreplies;
    pthread_t acceptor;

    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t changed;
    bool stopping;
    unsigned opened; /* replies that may go */
    char *requests[REQUESTS_MAX];
    unsigned nrequests, nconnections;
    struct connection connections[CONNECTIONS_MAX];
};

/* --- Bytes --------------------------------------------------------------- */

static bool give(int fd, const char *bytes, size_t n, bool drip)
{
    const struct timespec tick = { .tv_nsec = 50 * 1000L };
    ssize_t sent;

    while (n > 0) {
        sent = send(fd, bytes, drip ? 1 : n, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes += sent;
        n -= (size_t)sent;
        if (drip)
            nanosleep(&tick, NULL);
    }
    return true;
}

static bool give_zeros(int fd, size_t n)
{
    static const char zeros[BLOCK];

    for (; n > BLOCK; n -= BLOCK)
        if (!give(fd, zeros, BLOCK, false))
            return false;
    return give(fd, zeros, n, false);
}

static size_t body_size_of(const char *head)
{
    const char *line = strcasestr(head, "\r\nContent-Length:");

    return line ? strtoul(line + 17, NULL, 10) : 0;
}

/* Is what came so far a whole request? */
static bool is_whole(const char *text, size_t n)
{
    const char *end = strstr(text, "\r\n\r\n");

    return end && n >= (size_t)(end - text) + 4 + body_size_of(text);
}

static char *read_request(int fd)
{
    char *text = calloc(1, REQUEST_SIZE);
    size_t n = 0;
    ssize_t came;

    while (text && !is_whole(text, n)) {
        came = recv(fd, text + n, REQUEST_SIZE - 1 - n, 0);
        if (came <= 0) {
            free(text);
            return NULL;
        }
        n += (size_t)came;
    }
    return text;
}

/* --- Replies ------------------------------------------------------------- */

static bool is_nothing(const struct http_reply *reply)
{
    return !reply->raw && !reply->body && reply->body_size == 0 &&
           reply->status == 0 && !reply->headers;
}

static bool send_reply(int fd, const struct http_reply *reply)
{
    size_t size = reply->body_size;
    char head[1024];

    if (is_nothing(reply))
        return true;
    if (reply->raw)
        return give(fd, reply->raw, strlen(reply->raw), reply->drip);
    if (size == 0 && reply->body)
        size = strlen(reply->body);
    (void)snprintf(head, sizeof(head),
                   "HTTP/1.1 %d Whatever\r\nContent-Length: %zu\r\n%s\r\n",
                   reply->status > 0 ? reply->status : 200, size,
                   reply->headers ? reply->headers : "");
    if (!give(fd, head, strlen(head), reply->drip))
        return false;
    if (!reply->body)
        return give_zeros(fd, size);
    return give(fd, reply->body, size - reply->cut, reply->drip);
}

static bool pass(struct http_peer *peer)
{
    bool open;

    pthread_mutex_lock(&peer->lock);
    while (peer->opened == 0 && !peer->stopping)
        pthread_cond_wait(&peer->changed, &peer->lock);
    open = peer->opened > 0;
    peer->opened -= open;
    pthread_mutex_unlock(&peer->lock);
    return open;
}

static const struct http_reply *keep(struct http_peer *peer, char *request)
{
    const struct http_reply *reply;

    pthread_mutex_lock(&peer->lock);
    reply = peer->nrequests < peer->nreplies
                ? &peer->replies[peer->nrequests]
                : &peer->replies[peer->nreplies - 1];
    if (peer->nrequests < REQUESTS_MAX)
        peer->requests[peer->nrequests++] = request;
    else
        free(request);
    pthread_cond_broadcast(&peer->changed);
    pthread_mutex_unlock(&peer->lock);
    return reply;
}

static void hang_up(struct connection *c, enum http_then how)
{
    const struct linger at_once = { .l_onoff = 1 };
    char buffer[BLOCK];
    int fd = c->fd;

    if (how == HTTP_PEER_RESET)
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    if (how == HTTP_PEER_CLOSE)
        shutdown(fd, SHUT_WR);
    while (how != HTTP_PEER_RESET && recv(fd, buffer, sizeof(buffer), 0) > 0)
        continue;
    pthread_mutex_lock(&c->peer->lock);
    c->fd = -1;
    close(fd);
    pthread_mutex_unlock(&c->peer->lock);
}

static void *serve(void *arg)
{
    struct connection *c = arg;
    enum http_then then = HTTP_PEER_KEEP;
    const struct http_reply *reply;
    char *request;

    while (then == HTTP_PEER_KEEP && (request = read_request(c->fd))) {
        reply = keep(c->peer, request);
        then = reply->then;
        if (reply->late && !pass(c->peer))
            break;
        if (!send_reply(c->fd, reply))
            break;
    }
    hang_up(c, then);
    return NULL;
}

/* --- The life ------------------------------------------------------------ */

static void *accept_all(void *arg)
{
    struct http_peer *peer = arg;
    struct connection *c;
    int fd, at_once = 1;

    while ((fd = accept(peer->listener, NULL, NULL)) >= 0) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof(at_once));
        pthread_mutex_lock(&peer->lock);
        assert_true(peer->nconnections < CONNECTIONS_MAX);
        c = &peer->connections[peer->nconnections++];
        *c = (struct connection){ .peer = peer, .fd = fd };
        assert_int_equal(pthread_create(&c->thread, NULL, serve, c), 0);
        pthread_mutex_unlock(&peer->lock);
    }
    return NULL;
}

struct http_peer *http_peer_start(const struct http_reply *replies, size_t n)
{
    struct http_peer *peer = calloc(1, sizeof(*peer));
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t size = sizeof(address);

    assert_non_null(peer);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    peer->replies = replies;
    peer->nreplies = n;
    pthread_mutex_init(&peer->lock, NULL);
    pthread_cond_init(&peer->changed, NULL);
    peer->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(peer->listener >= 0);
    assert_int_equal(bind(peer->listener, (struct sockaddr *)&address, size),
                     0);
    assert_int_equal(listen(peer->listener, CONNECTIONS_MAX), 0);
    assert_int_equal(
        getsockname(peer->listener, (struct sockaddr *)&address, &size), 0);
    (void)snprintf(peer->url, sizeof(peer->url), "http://127.0.0.1:%u",
                   ntohs(address.sin_port));
    assert_int_equal(pthread_create(&peer->acceptor, NULL, accept_all, peer),
                     0);
    return peer;
}

void http_peer_stop(struct http_peer *peer)
{
    pthread_mutex_lock(&peer->lock);
    peer->stopping = true;
    pthread_cond_broadcast(&peer->changed);
    pthread_mutex_unlock(&peer->lock);
    shutdown(peer->listener, SHUT_RDWR);
    pthread_join(peer->acceptor, NULL);
    close(peer->listener);
    pthread_mutex_lock(&peer->lock);
    for (unsigned i = 0; i < peer->nconnections; i++)
        if (peer->connections[i].fd >= 0)
            shutdown(peer->connections[i].fd, SHUT_RDWR);
    pthread_mutex_unlock(&peer->lock);
    for (unsigned i = 0; i < peer->nconnections; i++)
        pthread_join(peer->connections[i].thread, NULL);
    for (unsigned i = 0; i < peer->nrequests; i++)
        free(peer->requests[i]);
    pthread_cond_destroy(&peer->changed);
    pthread_mutex_destroy(&peer->lock);
    free(peer);
}

const char *http_peer_url(const struct http_peer *peer)
{
    return peer->url;
}

static unsigned read_count(struct http_peer *peer, const unsigned *count)
{
    unsigned n;

    pthread_mutex_lock(&peer->lock);
    n = *count;
    pthread_mutex_unlock(&peer->lock);
    return n;
}

unsigned http_peer_requests(struct http_peer *peer)
{
    return read_count(peer, &peer->nrequests);
}

unsigned http_peer_connections(struct http_peer *peer)
{
    return read_count(peer, &peer->nconnections);
}

const char *http_peer_request(struct http_peer *peer, unsigned i)
{
    return i < http_peer_requests(peer) ? peer->requests[i] : "";
}

void http_peer_wait(struct http_peer *peer, unsigned n)
{
    struct timespec until;
    int error = 0;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PATIENCE_S;
    pthread_mutex_lock(&peer->lock);
    while (peer->nrequests < n && error == 0)
        error = pthread_cond_timedwait(&peer->changed, &peer->lock, &until);
    pthread_mutex_unlock(&peer->lock);
    assert_int_equal(error, 0);
}

void http_peer_open(struct http_peer *peer)
{
    pthread_mutex_lock(&peer->lock);
    peer->opened++;
    pthread_cond_broadcast(&peer->changed);
    pthread_mutex_unlock(&peer->lock);
}
