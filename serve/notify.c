/*
 * notify.c -- datagrams to the socket that systemd names.
 */
#include "serve/notify.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum {
    MESSAGE_MAX = 1024,
};

/* A path, or with a leading "@" an abstract name.  Returns a connected socket
 * or -1. */
static int connect_to(const char *name)
{
    struct sockaddr_un to = { .sun_family = AF_UNIX };
    size_t n = strlen(name);
    int fd;

    if ((name[0] != '/' && name[0] != '@') || n >= sizeof(to.sun_path))
        return -1;
    memcpy(to.sun_path, name, n);
    if (name[0] == '@')
        to.sun_path[0] = '\0';
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    if (connect(fd, (const struct sockaddr *)&to,
                (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n)) == 0)
        return fd;
    (void)close(fd);
    return -1;
}

static uint64_t number_of(const char *name)
{
    const char *text = getenv(name);

    return text && text[0] >= '0' && text[0] <= '9' ? strtoull(text, NULL, 10)
                                                    : 0;
}

void serve_notify_open(struct serve_notify *notify)
{
    const char *name = getenv("NOTIFY_SOCKET");
    uint64_t pid = number_of("WATCHDOG_PID");
    uint64_t us = number_of("WATCHDOG_USEC");

    *notify = (struct serve_notify){ .fd = name ? connect_to(name) : -1 };
    /* Twice as often as it must be heard of, as the manual says. */
    if (notify->fd >= 0 && us > 0 && (pid == 0 || pid == (uint64_t)getpid()))
        notify->watchdog_ms = us / 2000 > 0 ? us / 2000 : 1;
    (void)unsetenv("NOTIFY_SOCKET");
    (void)unsetenv("WATCHDOG_USEC");
    (void)unsetenv("WATCHDOG_PID");
}

void serve_notify_close(struct serve_notify *notify)
{
    if (notify->fd >= 0)
        (void)close(notify->fd);
    notify->fd = -1;
}

void serve_notify_send(const struct serve_notify *notify, const char *format,
                       ...)
{
    char text[MESSAGE_MAX];
    va_list arguments;
    int n;

    if (notify->fd < 0)
        return;
    va_start(arguments, format);
    n = vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    if (n > 0)
        (void)send(notify->fd, text,
                   (size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1,
                   MSG_NOSIGNAL);
}
