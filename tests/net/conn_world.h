/*
 * conn_world.h -- one connection to a scripted peer, an operation at a time.
 *
 * Each function here starts an operation, asserts that it has not called back
 * by then, runs the loop until it does, and returns the status.
 */
#ifndef TESTS_NET_CONN_WORLD_H
#define TESTS_NET_CONN_WORLD_H

#include <stdbool.h>
#include <stddef.h>

#include "net/conn.h"
#include "support/peer.h"

#define PING "*1\r\n$4\r\nPING\r\n"
#define PONG "+PONG\r\n"

enum {
    WORLD_TIMEOUT_MS = 60 * 1000, /* of what is not meant to time out */
    WORLD_SHORT_MS = 30,          /* of what is */
    WORLD_HEAD = 256,
    WORLD_BIG = 5 * 1000 * 1000,
    WORLD_HUGE = 32 * 1000 * 1000, /* more than two sockets' buffers hold */
    MS_NS = 1000 * 1000,
};

/* All that a test needs; zeroed by world_open(). */
struct world {
    struct net_loop loop;
    struct net_conn conn;
    struct peer *peer; /* NULL: none yet */
    struct net_addr addr;
    unsigned calls; /* of the callback, since the last start */
    enum net_status status;

    /* what the feed makes of bytes */
    size_t want;           /* done when so many have come; 0: never */
    bool is_bad;           /* whatever comes */
    bool cancels;          /* the feed cancels the operation */
    char head[WORLD_HEAD]; /* the first ones, terminated */
    size_t got;
};

extern struct world world;

/* cmocka's fixtures for a group: all of it runs under TLS (1.3, 1.2). */
int world_tls13(void **state);
int world_tls12(void **state);
int world_tls_end(void **state);
bool world_is_tls(void);
struct net_tls_context *world_tls_context(void); /* that trusts the peer */

/* cmocka's fixtures: an open loop; all closed again, and the loop says so. */
int world_open(void **state);
int world_close(void **state);

/* Start a peer with `script`, to be stopped by world_close(). */
void world_peer(const struct peer_step *script);

/* The same through `wire`, whatever the group. */
void world_wired_peer(const struct peer_step *script,
                      const struct peer_wire *wire, const void *wire_config);

/* ... and connect to it; under TLS shake hands too.  Must end in NET_OK. */
void world_connect(const struct peer_step *script);
void world_open_again(void); /* to the same peer */

/* An address that takes a SYN and never answers, until world_close(). */
void world_black_hole(void);

/* One that refuses: a port that is taken until world_close(), by a socket that
 * does not listen. */
void world_refusal(void);

/* Wait until the kernel has `n` bytes for the connection to read, or its end
 * for `n` of 0: what a peer has sent may still be on its way. */
void world_arrived(int n);

/* The callback to give; it stops the loop.  And the feed. */
void world_called(struct net_conn *conn, enum net_status status);
enum net_feed world_feed(struct net_conn *conn, const char *bytes, size_t n);

/* Run the loop until the callback has run once; then no callback is left. */
enum net_status world_run(void);

enum net_status world_dial(const struct net_addr *source);
enum net_status world_shake(const char *name);

/* Send `bytes` and read `want` of them. */
enum net_status world_exchange_n(const char *bytes, size_t n, size_t want);
enum net_status world_exchange(const char *text, size_t want);
enum net_status world_wait(unsigned ms);

/* Exchange PING with PONG, `n` times. */
void world_assert_alive(unsigned n);

/* `n` bytes that differ; free() them. */
char *world_bytes(size_t n);

/* Close the connection, if it was opened or not. */
void world_hang_up(void);

#endif /* TESTS_NET_CONN_WORLD_H */
