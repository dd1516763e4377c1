/*
 * notify.h -- telling systemd how the service is: sd_notify(3) without its
 * library, which would cost more than all of us at start-up.
 */
#ifndef SERVE_NOTIFY_H
#define SERVE_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>

struct serve_notify {
    int fd;               /* -1: nobody listens */
    uint64_t watchdog_ms; /* how often to say that we live; 0: never */
};

/* Take NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID out of the environment:
 * no child of ours sees them. */
void serve_notify_open(struct serve_notify *notify);
void serve_notify_close(struct serve_notify *notify);

/* Send "READY=1" and the like, several with line breaks between them.  A
 * failure is of no consequence for us. */
void serve_notify_send(const struct serve_notify *notify, const char *format,
                       ...) __attribute__((format(printf, 2, 3)));

#endif /* SERVE_NOTIFY_H */
