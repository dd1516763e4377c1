/*
 * fleet_limit.c -- the least that many checks can cost: connect, PING, close.
 *
 *     fleet_limit COUNT IN_FLIGHT PORT
 *
 * Asks 127.1.0.1, 127.1.0.2, ... with nothing but epoll: no time limits, no
 * names, no report.  What is left is the kernel's price of a connection here.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    FIRST_ADDRESS = 0x7f010001,
    EVENTS = 256,
};

static const char ping[] = "*1\r\n$4\r\nPING\r\n", pong[] = "+PONG\r\n";

static uint32_t count, begun, ended;
static uint16_t port;
static int epoll;

static void die(const char *what)
{
    perror(what);
    exit(2);
}

static void begin(void)
{
    struct sockaddr_in to = { .sin_family = AF_INET };
    struct epoll_event event = { .events = EPOLLOUT };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(FIRST_ADDRESS + begun++);
    event.data.fd = fd;
    (void)connect(fd, (struct sockaddr *)&to, sizeof(to)); /* EINPROGRESS */
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0)
        die("epoll_ctl");
}

static void ask(int fd)
{
    struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

    if (send(fd, ping, sizeof(ping) - 1, MSG_NOSIGNAL) != sizeof(ping) - 1)
        die("send");
    if (epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event) != 0)
        die("epoll_ctl");
}

static void hear(int fd)
{
    char answer[64];
    ssize_t n = recv(fd, answer, sizeof(answer), 0);

    if (n != sizeof(pong) - 1 || memcmp(answer, pong, (size_t)n) != 0)
        die("recv");
    close(fd);
    ended++;
    if (begun < count)
        begin();
}

static void run(uint32_t in_flight)
{
    struct epoll_event events[EVENTS];

    while (begun < count && begun < in_flight)
        begin();
    while (ended < count) {
        int n = epoll_wait(epoll, events, EVENTS, -1);

        for (int i = 0; i < n; i++) {
            if (events[i].events & EPOLLOUT)
                ask(events[i].data.fd);
            else
                hear(events[i].data.fd);
        }
    }
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    count = (uint32_t)strtoul(argv[1], NULL, 10);
    port = (uint16_t)strtoul(argv[3], NULL, 10);
    epoll = epoll_create1(EPOLL_CLOEXEC);
    run((uint32_t)strtoul(argv[2], NULL, 10));
    return 0;
}
