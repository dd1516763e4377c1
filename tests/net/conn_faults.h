/*
 * conn_faults.h -- what libuv and the kernel do when a test tells them to.
 *
 * The program links with WRAP of what conn_faults.c wraps.
 */
#ifndef TESTS_NET_CONN_FAULTS_H
#define TESTS_NET_CONN_FAULTS_H

#include <stdbool.h>
#include <stddef.h>

/* Calls that fail.  Those LATER begin well; the error is their result. */
enum call {
    TCP_INIT,
    TCP_BIND,
    TCP_CONNECT,
    TCP_CONNECT_LATER,
    TCP_KEEPALIVE,
    READ_START,
    TRY_WRITE,
    WRITE,
    WRITE_LATER,
    TLS_WRITE,   /* a status */
    TLS_SESSION, /* anything: NULL */
    CALLS
};

/* What each call fails with; 0: it does not. */
extern int faults[CALLS];

/* What the kernel does and tells otherwise. */
struct kernel {
    int tcp_state;       /* TCP_INFO's; 0: the truth */
    int socket_error;    /* SO_ERROR's; 0: the truth */
    size_t write_max;    /* bytes that a write takes; 0: any */
    bool is_full;        /* no write takes any at once */
    bool reads_one_byte; /* at a time */
    bool defers_writes;  /* until kernel_write() */
    bool never_empty;    /* there is always something to drain */
};

extern struct kernel kernel;

/* Let the write that was deferred begin. */
void kernel_write(void);

/* How many writes took something since faults_clear(). */
extern unsigned kernel_writes;

/* No faults. */
void faults_clear(void);

#endif /* TESTS_NET_CONN_FAULTS_H */
