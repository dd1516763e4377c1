/*
 * peer.h -- a scripted TCP server on 127.0.0.1, in threads of its own.
 *
 *     static const struct peer_step script[] = {
 *         { PEER_EXPECT, "*1\r\n$4\r\nPING\r\n" },
 *         { PEER_DRIP, "+PONG\r\n" },
 *         { PEER_RESET },
 *     };
 *     struct peer *peer = peer_start(script);
 *     ... connect to peer_port(peer) ...
 *     peer_stop(peer);
 *
 * Each connection plays the whole script, in a thread of its own.  The last
 * step is PEER_END or any that ends the connection: CLOSE, CUT, RESET, SILENT,
 * FLOOD.
 *
 * Bytes that were not expected fail the test in peer_stop(); a client that
 * leaves before the end of the script does not.
 */
#ifndef TESTS_PEER_H
#define TESTS_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum peer_do {
    PEER_END,    /* read on and say nothing until the client leaves */
    PEER_EXPECT, /* read exactly these bytes; NULL: any `n` bytes */
    PEER_SEND,
    PEER_DRIP,    /* send a byte at a time */
    PEER_GATE,    /* wait for peer_open_gate(), not reading meanwhile */
    PEER_GOODBYE, /* under TLS close_notify, and no FIN after it */
    PEER_SILENT,  /* as PEER_END, for scripts that should say so */
    PEER_CLOSE, /* orderly: a FIN after all was sent; under TLS close_notify */
    PEER_CUT,   /* a FIN, and under TLS no close_notify before it */
    PEER_RESET, /* a RST */
    PEER_FLOOD, /* send these bytes again and again, and never read */
};

struct peer_step {
    enum peer_do what;
    const char *bytes;
    size_t n; /* 0: as long as the text */
};

/* What a connection is wrapped in, see peer_tls.h.  It and its configuration
 * outlive the peer. */
struct peer_wire {
    void *(*open)(const void *config, int fd); /* shakes hands */
    void (*close)(void *wire);
    ssize_t (*receive)(void *wire, int fd, char *bytes, size_t size);
    bool (*send)(void *wire, int fd, const char *bytes, size_t n);
    void (*goodbye)(void *wire, int fd);
};

struct peer;

/* Listen on a free port; every connection plays `script`, which is copied (the
 * bytes it points to are not). */
struct peer *peer_start(const struct peer_step *script);

/*
 * The same with `n` scripts, of which the first connection plays the first and
 * so on, and all further ones the last; through `wire` unless NULL.
 */
struct peer *peer_start_scripts(const struct peer_step *const *scripts,
                                size_t n, const struct peer_wire *wire,
                                const void *wire_config);

/* Stop listening, end all connections, fail the test if one failed. */
void peer_stop(struct peer *peer);

uint16_t peer_port(const struct peer *peer);

/* How many connections there were so far. */
unsigned peer_connections(struct peer *peer);

/* Wait until `n` steps of all connections together are done; fails the test
 * when that takes more than a minute. */
void peer_wait(struct peer *peer, unsigned n);

/* Let one more connection pass a gate. */
void peer_open_gate(struct peer *peer);

#endif /* TESTS_PEER_H */
