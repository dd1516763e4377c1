/*
 * listen.c -- text to address, address to socket.
 */
#include "serve/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/text.h"

enum {
    BACKLOG = 4096,
    FIRST_INHERITED = 3,
    INHERITED_MAX = 64,
};

static bool read_port(const char *text, uint16_t *port)
{
    char *end;
    unsigned long value;

    if (*text < '0' || *text > '9')
        return false;
    value = strtoul(text, &end, 10);
    *port = (uint16_t)value;
    return *end == '\0' && value <= 65535;
}

/* "[::1]" and "::1" to the same; "" and localhost to what they mean. */
static bool read_host(const char *text, size_t n, uint16_t port,
                      struct net_addr *addr)
{
    char host[NET_ADDR_TEXT_MAX];

    if (n >= 2 && text[0] == '[' && text[n - 1] == ']') {
        text++;
        n -= 2;
    }
    if (n >= sizeof(host))
        return false;
    memcpy(host, text, n);
    host[n] = '\0';
    if (n == 0)
        return net_addr_parse("::", port, addr);
    if (strcmp(host, "localhost") == 0)
        return net_addr_parse("127.0.0.1", port, addr);
    return net_addr_parse(host, port, addr);
}

bool serve_listen_parse(const char *text, struct net_addr *addr, char *error,
                        size_t size)
{
    const char *colon = strrchr(text, ':');
    char quoted[QUOTE_MAX];
    uint16_t port = 0;

    if (colon && read_port(colon + 1, &port) &&
        read_host(text, (size_t)(colon - text), port, addr))
        return true;
    return error_set(error, size,
                     "%s is no address to listen on; expected one such as "
                     "127.0.0.1:10379, [::1]:10379 or :10379",
                     text_quote(text, quoted));
}

static bool is_any(const struct net_addr *addr)
{
    return addr->sa.any.sa_family == AF_INET6 &&
           IN6_IS_ADDR_UNSPECIFIED(&addr->sa.v6.sin6_addr);
}

static socklen_t length_of(const struct net_addr *addr)
{
    return addr->sa.any.sa_family == AF_INET6 ? sizeof(addr->sa.v6)
                                              : sizeof(addr->sa.v4);
}

/* Returns the socket, or -1 with errno set. */
static int open_socket(const struct net_addr *addr)
{
    int family = addr->sa.any.sa_family, on = 1, off = 0, error;
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0)
        return -1;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (family == AF_INET6)
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY,
                         is_any(addr) ? &off : &on, sizeof(on));
    if (bind(fd, &addr->sa.any, length_of(addr)) == 0 &&
        listen(fd, BACKLOG) == 0)
        return fd;
    error = errno;
    (void)close(fd);
    errno = error;
    return -1;
}

int serve_listen_open(const struct net_addr *addr, char *error, size_t size)
{
    char text[NET_ADDR_TEXT_MAX];
    struct net_addr v4;
    int fd = open_socket(addr);

    /* A machine without IPv6. */
    if (fd < 0 && is_any(addr) && errno == EAFNOSUPPORT &&
        net_addr_parse("0.0.0.0", net_addr_port(addr), &v4))
        fd = open_socket(&v4);
    if (fd >= 0)
        return fd;
    if (errno == EADDRINUSE)
        error_set(error, size,
                  "cannot listen on %s: the port is taken; is another "
                  "exporter running? --listen takes another address",
                  net_addr_text(addr, text));
    else
        error_set(error, size, "cannot listen on %s: %s",
                  net_addr_text(addr, text), strerror(errno));
    return -1;
}

int serve_listen_inherited(void)
{
    const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");
    int n = 0;

    if (pid && fds && strtol(pid, NULL, 10) == (long)getpid())
        n = (int)strtol(fds, NULL, 10);
    if (n < 0 || n > INHERITED_MAX)
        n = 0;
    for (int fd = FIRST_INHERITED; fd < FIRST_INHERITED + n; fd++) {
        (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
        (void)fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    }
    (void)unsetenv("LISTEN_PID");
    (void)unsetenv("LISTEN_FDS");
    (void)unsetenv("LISTEN_FDNAMES");
    return n;
}
