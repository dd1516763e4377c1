/*
 * listen.h -- sockets to be called at, from texts such as 127.0.0.1:10379.
 */
#ifndef SERVE_LISTEN_H
#define SERVE_LISTEN_H

#include <stdbool.h>
#include <stddef.h>

#include "net/addr.h"

enum {
    SERVE_LISTEN_MAX = 16,
    SERVE_PORT = 10379,
};

/*
 * Read "HOST:PORT", "[V6]:PORT", ":PORT" (every address of this machine) or
 * "localhost:PORT".  On false one line in `error`.
 */
bool serve_listen_parse(const char *text, struct net_addr *addr, char *error,
                        size_t size);

/* A listening socket that does not block; -1 and one line in `error`. */
int serve_listen_open(const struct net_addr *addr, char *error, size_t size);

/* How many sockets systemd hands us (from descriptor 3 on); takes LISTEN_FDS
 * and LISTEN_PID out of the environment. */
int serve_listen_inherited(void);

#endif /* SERVE_LISTEN_H */
