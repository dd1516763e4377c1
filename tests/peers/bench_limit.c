/*
 * bench_limit.c -- the least that a closed loop of SET and GET can cost.
 *
 *     bench_limit PORT CONNECTIONS DEPTH REQUESTS KEYS SIZE
 *
 * Nothing but epoll: one send a batch of DEPTH commands that were formatted
 * before, their keys drawn at random, one read an event, replies counted and
 * not looked at.  It knows no clock, no latency, no error but the end.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    DIGITS = 12,
    READ_SIZE = 64 * 1024,
    EVENTS = 64,
};

/* Where a connection is in what it reads. */
enum { TYPE, LINE, LENGTH, BODY };

struct connection {
    int fd, state;
    unsigned long body;   /* bytes to come, or the length as far as read */
    unsigned outstanding; /* replies to the last batch */
    bool odd;             /* the batch begins with a GET */
};

/* DEPTH commands in one piece, and where the digits of their keys end. */
struct batch {
    char *bytes;
    size_t length;
    size_t *digits_end;
};

static struct {
    unsigned long port, connections, depth, requests, keys, size;
    unsigned long sent, answered;
    uint64_t random;
    struct batch batches[2]; /* beginning with SET, with GET */
    int epoll;
} load = { .random = 0x9e3779b97f4a7c15 };

static void die(const char *what)
{
    perror(what);
    exit(2);
}

/* Append one command to `batch`; SET and GET take turns. */
static void add_command(struct batch *batch, unsigned number, bool get)
{
    batch->length += (size_t)sprintf(
        batch->bytes + batch->length, "*%d\r\n$3\r\n%s\r\n$16\r\nkey:%0*d",
        get ? 2 : 3, get ? "GET" : "SET", DIGITS, 0);
    batch->digits_end[number] = batch->length;
    batch->length += (size_t)sprintf(batch->bytes + batch->length, "\r\n");
    if (get)
        return;
    batch->length +=
        (size_t)sprintf(batch->bytes + batch->length, "$%lu\r\n", load.size);
    memset(batch->bytes + batch->length, 'x', load.size);
    memcpy(batch->bytes + batch->length + load.size, "\r\n", 2);
    batch->length += load.size + 2;
}

static void make_batch(struct batch *batch, bool odd)
{
    batch->bytes = malloc(load.depth * (load.size + 128));
    batch->digits_end = malloc(load.depth * sizeof(batch->digits_end[0]));
    if (!batch->bytes || !batch->digits_end)
        die("malloc");
    for (unsigned i = 0; i < load.depth; i++)
        add_command(batch, i, (i % 2 == 1) != odd);
}

static unsigned long draw_key(void)
{
    load.random ^= load.random << 13;
    load.random ^= load.random >> 7;
    load.random ^= load.random << 17;
    return ((load.random >> 32) * load.keys) >> 32;
}

static void draw_keys(struct batch *batch)
{
    for (unsigned i = 0; i < load.depth; i++) {
        char *digit = batch->bytes + batch->digits_end[i];
        unsigned long key = draw_key();

        for (unsigned long reach = 1; reach < load.keys; reach *= 10) {
            *--digit = (char)('0' + key % 10);
            key /= 10;
        }
    }
}

static void send_batch(struct connection *connection)
{
    struct batch *batch = &load.batches[connection->odd];

    if (load.depth == 1)
        connection->odd = !connection->odd;
    draw_keys(batch);
    if (send(connection->fd, batch->bytes, batch->length, MSG_NOSIGNAL) !=
        (ssize_t)batch->length)
        die("send"); /* far below what a socket takes at once */
    connection->outstanding = (unsigned)load.depth;
    load.sent += load.depth;
}

static const char *after_line(struct connection *connection, const char *at,
                              const char *end)
{
    const char *lf = memchr(at, '\n', (size_t)(end - at));

    if (!lf)
        return end;
    connection->state = TYPE;
    connection->outstanding--;
    return lf + 1;
}

static const char *after_length(struct connection *connection, const char *at,
                                const char *end)
{
    for (; at < end && *at != '\n'; at++)
        if (*at >= '0' && *at <= '9')
            connection->body =
                connection->body * 10 + (unsigned long)(*at - '0');
        else if (*at == '-')
            die("a key is not there");
    if (at == end)
        return end;
    connection->body += 2;
    connection->state = BODY;
    return at + 1;
}

static const char *after_body(struct connection *connection, const char *at,
                              const char *end)
{
    if ((unsigned long)(end - at) < connection->body) {
        connection->body -= (unsigned long)(end - at);
        return end;
    }
    connection->state = TYPE;
    connection->outstanding--;
    return at + connection->body;
}

static void count_replies(struct connection *connection, const char *at,
                          const char *end)
{
    while (at < end) {
        switch (connection->state) {
        case TYPE:
            if (*at == '-')
                die("an error reply");
            connection->state = *at++ == '$' ? LENGTH : LINE;
            connection->body = 0;
            break;
        case LINE: at = after_line(connection, at, end); break;
        case LENGTH: at = after_length(connection, at, end); break;
        default: at = after_body(connection, at, end); break;
        }
    }
}

static void read_replies(struct connection *connection)
{
    static char bytes[READ_SIZE];
    ssize_t n = recv(connection->fd, bytes, sizeof(bytes), 0);
    unsigned before = connection->outstanding;

    if (n <= 0)
        die("recv");
    count_replies(connection, bytes, bytes + n);
    load.answered += before - connection->outstanding;
    if (connection->outstanding == 0 && load.sent < load.requests)
        send_batch(connection);
}

static void open_connection(struct connection *connection)
{
    struct sockaddr_in to = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)load.port),
                              .sin_addr = { htonl(INADDR_LOOPBACK) } };
    struct epoll_event event = { .events = EPOLLIN,
                                 .data = { .ptr = connection } };
    int yes = 1;

    connection->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(connection->fd, (struct sockaddr *)&to, sizeof(to)) != 0)
        die("connect");
    setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    if (epoll_ctl(load.epoll, EPOLL_CTL_ADD, connection->fd, &event) != 0)
        die("epoll_ctl");
}

int main(int argc, char **argv)
{
    unsigned long *const numbers[] = { &load.port,  &load.connections,
                                       &load.depth, &load.requests,
                                       &load.keys,  &load.size };
    struct epoll_event events[EVENTS];
    struct connection *connections;

    for (int i = 0; i < 6; i++)
        *numbers[i] = i + 1 < argc ? strtoul(argv[i + 1], NULL, 10) : 0;
    connections = calloc(load.connections, sizeof(connections[0]));
    if (argc != 7 || !connections)
        return 2;
    make_batch(&load.batches[0], false);
    make_batch(&load.batches[1], true);
    load.epoll = epoll_create1(EPOLL_CLOEXEC);
    for (unsigned long i = 0; i < load.connections; i++)
        open_connection(&connections[i]);
    for (unsigned long i = 0; i < load.connections; i++)
        send_batch(&connections[i]);
    while (load.answered < load.sent) {
        int n = epoll_wait(load.epoll, events, EVENTS, -1);

        for (int i = 0; i < n; i++)
            read_replies(events[i].data.ptr);
    }
    return 0;
}
