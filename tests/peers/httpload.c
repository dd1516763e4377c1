/*
 * httpload.c -- GET requests over kept connections, so many in flight.
 *
 *     httpload PORT CONNECTIONS REQUESTS PATH
 *
 * Asks 127.0.0.1:PORT; the @ in PATH becomes 127.1.0.1, 127.1.0.2, ... one a
 * request.  Prints how many were answered, and how many of those hold the line
 * "probe_success 1".
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    PATIENCE_MS = 60000,
    FIRST_ADDRESS = 0x7f010001,
    EVENTS = 64,
};

struct flow {
    int fd;
    size_t length;
    char answer[32768]; /* with a NUL behind */
};

static struct {
    uint16_t port;
    unsigned connections, requests;
    const char *path;
    unsigned sent, answered, succeeded;
} load;

static void die(const char *what)
{
    perror(what);
    exit(2);
}

static void send_next(struct flow *flow)
{
    struct in_addr address = { htonl(FIRST_ADDRESS + load.sent) };
    const char *at = strchr(load.path, '@');
    char request[1024];
    int n;

    if (load.sent == load.requests)
        return;
    load.sent++;
    flow->length = 0;
    n = snprintf(request, sizeof(request),
                 "GET %.*s%s%s HTTP/1.1\r\nHost: localhost\r\n\r\n",
                 (int)(at - load.path), load.path, inet_ntoa(address), at + 1);
    if (send(flow->fd, request, (size_t)n, MSG_NOSIGNAL) != n)
        die("send");
}

/* Has the answer come in full?  By its length, or by the last chunk. */
static bool whole(const struct flow *flow)
{
    const char *body = strstr(flow->answer, "\r\n\r\n");
    const char *length = strcasestr(flow->answer, "\r\ncontent-length:");

    if (!body)
        return false;
    body += 4;
    if (length && length < body)
        return flow->length - (size_t)(body - flow->answer) >=
               strtoul(length + strlen("\r\ncontent-length:"), NULL, 10);
    return flow->length > 7 &&
           strcmp(flow->answer + flow->length - 7, "\r\n0\r\n\r\n") == 0;
}

static void on_readable(struct flow *flow)
{
    ssize_t n = recv(flow->fd, flow->answer + flow->length,
                     sizeof(flow->answer) - 1 - flow->length, 0);

    if (n <= 0)
        die("recv");
    flow->length += (size_t)n;
    flow->answer[flow->length] = '\0';
    if (!whole(flow))
        return;
    load.answered++;
    if (strstr(flow->answer, "\nprobe_success 1\n"))
        load.succeeded++;
    send_next(flow);
}

static void open_flow(struct flow *flow, int epoll)
{
    struct sockaddr_in to = { .sin_family = AF_INET };
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = flow };

    to.sin_port = htons(load.port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    flow->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(flow->fd, (struct sockaddr *)&to, sizeof(to)) != 0)
        die("connect");
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, flow->fd, &event) != 0)
        die("epoll_ctl");
    send_next(flow);
}

static void run(struct flow *flows)
{
    struct epoll_event events[EVENTS];
    int epoll = epoll_create1(0);

    for (unsigned i = 0; i < load.connections; i++)
        open_flow(&flows[i], epoll);
    while (load.answered < load.requests) {
        int n = epoll_wait(epoll, events, EVENTS, PATIENCE_MS);

        if (n <= 0)
            die("no answer");
        for (int i = 0; i < n; i++)
            on_readable(events[i].data.ptr);
    }
}

int main(int argc, char **argv)
{
    struct flow *flows;

    if (argc != 5 || !strchr(argv[4], '@'))
        return 2;
    load.port = (uint16_t)strtoul(argv[1], NULL, 10);
    load.connections = (unsigned)strtoul(argv[2], NULL, 10);
    load.requests = (unsigned)strtoul(argv[3], NULL, 10);
    load.path = argv[4];
    flows = calloc(load.connections, sizeof(*flows));
    if (!flows)
        die("calloc");
    run(flows);
    printf("%u %u\n", load.answered, load.succeeded);
    free(flows);
    return 0;
}
