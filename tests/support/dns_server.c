/*
 * dns_server.c -- one thread, one poll(): the UDP socket, the TCP listener, the
 * connections, the answers that wait for their delay, and a pipe that ends it.
 */
#include "support/dns_server.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "support/dns_script.h"

enum {
    RULES_MAX = 64,
    CONNECTIONS_MAX = 16,
    DELAYED_MAX = 64,
    QUERY_MAX = 512,
};

/* An answer that is not sent yet. */
struct delayed {
    bool used;
    int64_t due_ms;
    int connection; /* -1: UDP, to `to` */
    struct sockaddr_in to;
    const struct dns_rule *rule;
    unsigned char query[QUERY_MAX];
    size_t n;
};

struct dns_server {
    pthread_t thread;
    int udp, tcp, stop[2];
    enum dns_tcp how;
    char address[32];
    const struct dns_rule *rules;
    size_t nrules;
    unsigned uses[RULES_MAX];
    int connections[CONNECTIONS_MAX]; /* 0: free */
    struct delayed delayed[DELAYED_MAX];
    atomic_uint udp_queries, tcp_queries, udp_answers;
    struct dns_message message;
};

static void must(bool holds, const char *what)
{
    if (holds)
        return;
    perror(what);
    abort();
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static const struct dns_rule *rule_for(struct dns_server *server,
                                       const struct dns_query *asked)
{
    for (size_t i = 0; i < server->nrules; i++) {
        const struct dns_rule *rule = &server->rules[i];

        if (rule->name && strcasecmp(rule->name, asked->name) != 0)
            continue;
        if (rule->type != 0 && rule->type != asked->type)
            continue;
        if (rule->times != 0 && server->uses[i] == rule->times)
            continue;
        server->uses[i]++;
        return rule;
    }
    return NULL;
}

/* --- Answers ------------------------------------------------------------- */

static void udp_send(struct dns_server *server, const struct delayed *answer)
{
    (void)sendto(server->udp, server->message.bytes, server->message.n, 0,
                 (const struct sockaddr *)&answer->to, sizeof(answer->to));
    atomic_fetch_add(&server->udp_answers, 1);
}

static void tcp_send(struct dns_server *server, const struct delayed *answer)
{
    int fd = server->connections[answer->connection];
    unsigned char length[] = { (unsigned char)(server->message.n >> 8),
                               (unsigned char)server->message.n };

    if (fd == 0)
        return;
    (void)send(fd, length, sizeof(length), MSG_NOSIGNAL);
    (void)send(fd, server->message.bytes, server->message.n, MSG_NOSIGNAL);
}

static void answer_send(struct dns_server *server, struct delayed *answer)
{
    struct dns_query asked;
    bool udp = answer->connection < 0;

    answer->used = false;
    must(dns_query_read(answer->query, answer->n, &asked), "question");
    if (!dns_script_answer(&server->message, answer->rule, &asked, udp))
        return;
    if (udp)
        udp_send(server, answer);
    else
        tcp_send(server, answer);
}

static struct delayed *delayed_new(struct dns_server *server)
{
    for (int i = 0; i < DELAYED_MAX; i++)
        if (!server->delayed[i].used)
            return &server->delayed[i];
    must(false, "too many delayed answers");
    return NULL;
}

/* A query has come: answer it now or later. */
static void take(struct dns_server *server, const unsigned char *query,
                 size_t n, int connection, const struct sockaddr_in *from)
{
    struct dns_query asked;
    struct delayed *answer = delayed_new(server);
    const struct dns_rule *rule;

    if (n > QUERY_MAX || !dns_query_read(query, n, &asked))
        return;
    rule = rule_for(server, &asked);
    if (!rule)
        return;
    *answer = (struct delayed){ .used = true,
                                .due_ms = now_ms() + rule->delay_ms,
                                .connection = connection,
                                .rule = rule,
                                .n = n };
    if (from)
        answer->to = *from;
    memcpy(answer->query, query, n);
    if (rule->delay_ms == 0)
        answer_send(server, answer);
}

/* --- Sockets ------------------------------------------------------------- */

static void udp_ready(struct dns_server *server)
{
    unsigned char query[QUERY_MAX];
    struct sockaddr_in from;
    socklen_t size = sizeof(from);
    ssize_t n = recvfrom(server->udp, query, sizeof(query), MSG_DONTWAIT,
                         (struct sockaddr *)&from, &size);

    if (n < 0)
        return;
    atomic_fetch_add(&server->udp_queries, 1);
    take(server, query, (size_t)n, -1, &from);
}

static void tcp_ready(struct dns_server *server)
{
    int fd = accept(server->tcp, NULL, NULL);

    for (int i = 0; i < CONNECTIONS_MAX && fd >= 0; i++) {
        if (server->connections[i] == 0) {
            server->connections[i] = fd;
            return;
        }
    }
    must(fd < 0, "too many connections");
}

static void connection_end(struct dns_server *server, int i)
{
    struct linger linger = { .l_onoff = server->how == DNS_TCP_RESETS };

    (void)setsockopt(server->connections[i], SOL_SOCKET, SO_LINGER, &linger,
                     sizeof(linger));
    close(server->connections[i]);
    server->connections[i] = 0;
}

/* A query comes in one piece here: the client is on this machine. */
static void connection_ready(struct dns_server *server, int i)
{
    unsigned char bytes[2 + QUERY_MAX];
    ssize_t n = recv(server->connections[i], bytes, sizeof(bytes), 0);
    size_t at = 0;

    if (n <= 0 || server->how == DNS_TCP_RESETS) {
        connection_end(server, i);
        return;
    }
    while (server->how == DNS_TCP_ANSWERS && at + 2 <= (size_t)n) {
        size_t size = dns_get(bytes, at);

        must(at + 2 + size <= (size_t)n, "a query in pieces");
        atomic_fetch_add(&server->tcp_queries, 1);
        take(server, bytes + at + 2, size, i, NULL);
        at += 2 + size;
    }
}

/* Send what is due; returns how long poll() may sleep. */
static int delayed_send(struct dns_server *server)
{
    int64_t wait_ms = -1;

    for (int i = 0; i < DELAYED_MAX; i++) {
        struct delayed *answer = &server->delayed[i];
        int64_t left_ms = answer->due_ms - now_ms();

        if (!answer->used)
            continue;
        if (left_ms <= 0)
            answer_send(server, answer);
        else if (wait_ms < 0 || left_ms < wait_ms)
            wait_ms = left_ms;
    }
    return (int)wait_ms;
}

static void *serve(void *arg)
{
    struct dns_server *server = arg;
    struct pollfd fds[3 + CONNECTIONS_MAX];

    for (;;) {
        fds[0] = (struct pollfd){ .fd = server->stop[0], .events = POLLIN };
        fds[1] = (struct pollfd){ .fd = server->udp, .events = POLLIN };
        fds[2] = (struct pollfd){
            .fd = server->how == DNS_TCP_REFUSED ? -1 : server->tcp,
            .events = POLLIN,
        };
        for (int i = 0; i < CONNECTIONS_MAX; i++)
            fds[3 + i] = (struct pollfd){
                .fd = server->connections[i] ? server->connections[i] : -1,
                .events = POLLIN,
            };
        (void)poll(fds, 3 + CONNECTIONS_MAX, delayed_send(server));
        if (fds[0].revents)
            return NULL;
        if (fds[1].revents)
            udp_ready(server);
        for (int i = 0; i < CONNECTIONS_MAX; i++)
            if (fds[3 + i].revents)
                connection_ready(server, i);
        if (fds[2].revents)
            tcp_ready(server);
    }
}

/* --- Start and stop ------------------------------------------------------ */

static int bound(int type, struct sockaddr_in *at)
{
    int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
    socklen_t size = sizeof(*at);

    must(fd >= 0, "socket");
    if (bind(fd, (struct sockaddr *)at, sizeof(*at)) != 0) {
        close(fd);
        return -1;
    }
    must(getsockname(fd, (struct sockaddr *)at, &size) == 0, "getsockname");
    return fd;
}

static struct sockaddr_in loopback(void)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET,
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
}

static void address_text(char text[32], const struct sockaddr_in *at)
{
    (void)snprintf(text, 32, "127.0.0.1:%u", ntohs(at->sin_port));
}

/* A port that is free in both protocols, the TCP one without a listener. */
static void sockets_open(struct dns_server *server)
{
    struct sockaddr_in at;

    do {
        at = loopback();
        server->tcp = bound(SOCK_STREAM, &at);
        must(server->tcp >= 0, "bind");
        server->udp = bound(SOCK_DGRAM, &at);
        if (server->udp < 0)
            close(server->tcp);
    } while (server->udp < 0);
    address_text(server->address, &at);
    if (server->how != DNS_TCP_REFUSED)
        must(listen(server->tcp, CONNECTIONS_MAX) == 0, "listen");
}

struct dns_server *dns_server_start(const struct dns_rule *rules, size_t n,
                                    enum dns_tcp tcp)
{
    struct dns_server *server = calloc(1, sizeof(*server));

    must(server && n <= RULES_MAX, "rules");
    server->rules = rules;
    server->nrules = n;
    server->how = tcp;
    sockets_open(server);
    must(pipe(server->stop) == 0, "pipe");
    must(pthread_create(&server->thread, NULL, serve, server) == 0, "thread");
    return server;
}

const char *dns_server_address(const struct dns_server *server)
{
    return server->address;
}

unsigned dns_server_udp_queries(struct dns_server *server)
{
    return atomic_load(&server->udp_queries);
}

unsigned dns_server_tcp_queries(struct dns_server *server)
{
    return atomic_load(&server->tcp_queries);
}

void dns_server_wait(struct dns_server *server, unsigned n)
{
    while (dns_server_udp_queries(server) < n)
        (void)poll(NULL, 0, 1);
}

void dns_server_wait_answered(struct dns_server *server, unsigned n)
{
    while (atomic_load(&server->udp_answers) < n)
        (void)poll(NULL, 0, 1);
}

void dns_server_stop(struct dns_server *server)
{
    if (!server)
        return;
    must(write(server->stop[1], "", 1) == 1, "write");
    pthread_join(server->thread, NULL);
    for (int i = 0; i < CONNECTIONS_MAX; i++)
        if (server->connections[i] != 0)
            close(server->connections[i]);
    close(server->udp);
    close(server->tcp);
    close(server->stop[0]);
    close(server->stop[1]);
    free(server);
}

/* A UDP socket that is connected elsewhere is not there for anybody else. */
void dns_refusal_open(struct dns_refusal *refusal)
{
    struct sockaddr_in at = loopback(), elsewhere = loopback();

    refusal->fd = bound(SOCK_DGRAM, &at);
    must(refusal->fd >= 0, "bind");
    elsewhere.sin_port = htons(9); /* discard */
    must(connect(refusal->fd, (struct sockaddr *)&elsewhere,
                 sizeof(elsewhere)) == 0,
         "connect");
    address_text(refusal->address, &at);
}

void dns_refusal_close(struct dns_refusal *refusal)
{
    close(refusal->fd);
}
