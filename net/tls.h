/*
 * tls.h -- TLS as a machine that turns bytes into bytes; no socket, no loop.
 *
 * OpenSSL lives in a module of its own, which is opened when the first context
 * is made: a plain check pays nothing for it.  In the static program it is
 * built in.  net/conn.c moves the bytes between this machine and the socket.
 *
 * What is verified (RFC 6125): the chain up to a trusted certificate, and the
 * name against subjectAltName.  Never offers ALPN: Redis has none.
 */
#ifndef NET_TLS_H
#define NET_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/status.h"

enum net_tls_verify {
    NET_TLS_VERIFY_FULL,  /* chain and name */
    NET_TLS_VERIFY_CHAIN, /* chain only */
    NET_TLS_VERIFY_NONE,
};

/* Whom to trust and what to show.  Strings are the caller's and must live as
 * long as the context. */
struct net_tls_config {
    enum net_tls_verify verify;
    const char *cacert;    /* PEM file; NULL: the system's */
    const char *cacertdir; /* hashed directory; NULL: the system's */
    const char *cert;      /* client certificate chain, PEM; NULL: none */
    const char *key;       /* its key, PEM; NULL: in `cert` */
};

enum {
    NET_TLS_TEXT_MAX = 256,
    NET_TLS_SANS_MAX = 16,
    NET_TLS_HEAD_MAX = 64,
    NET_TLS_ALERT_NONE = -1,
};

/* What a handshake showed, on success and on failure.  A plain value. */
struct net_tls_info {
    char version[16]; /* "TLSv1.3"; "" when it did not get that far */
    char cipher[64];
    char subject[NET_TLS_TEXT_MAX]; /* of the leaf, RFC 2253; "" none seen */
    char issuer[NET_TLS_TEXT_MAX];
    char sans[NET_TLS_SANS_MAX][NET_TLS_TEXT_MAX]; /* DNS and IP names */
    unsigned nsans;
    int64_t not_before; /* seconds since the epoch; 0: no certificate seen */
    int64_t not_after;  /* of the leaf */
    int64_t chain_not_after; /* the earliest of the chain sent */
    long verify_error;       /* X509_V_*; 0 ok; also of a fault that may pass */
    int verify_depth;
    char verify_text[NET_TLS_TEXT_MAX]; /* OpenSSL's words for it */
    int alert;                    /* received, fatal: its number; else -1 */
    bool server_hello;            /* the peer spoke TLS at all */
    char error[NET_TLS_TEXT_MAX]; /* OpenSSL's words for another failure */
    unsigned char head[NET_TLS_HEAD_MAX]; /* the first raw bytes received */
    unsigned nhead;
};

struct net_tls_context; /* whom to trust: one for many connections */
struct net_tls_session; /* one connection */

enum net_tls_want {
    NET_TLS_MORE,  /* feed more bytes of the peer */
    NET_TLS_DONE,  /* the handshake is complete */
    NET_TLS_FAILED /* see net_tls_status() and net_tls_info() */
};

/*
 * Make a context; opens the module the first time.  Returns NULL and one line
 * in `error` (which file, what is wrong, what is expected; never a secret)
 * when a file cannot be used or the module is missing.  The system's CAs are
 * looked up in the hashed directory (SSL_CERT_DIR, else OpenSSL's), one file
 * a look-up; the bundle is read only where there is no such directory.
 */
struct net_tls_context *net_tls_context_new(const struct net_tls_config *config,
                                            char *error, size_t size);
void net_tls_context_free(struct net_tls_context *context); /* takes NULL */

/*
 * Begin a session as client.  `name` is the SNI and the name verified; an
 * address literal is verified against IP names and sent as no SNI (RFC 6066,
 * 3).  Returns NULL when out of memory, or when no certificate can have the
 * name: it is empty, too long, or begins with a dot.
 */
struct net_tls_session *net_tls_session_new(struct net_tls_context *context,
                                            const char *name);
void net_tls_session_free(struct net_tls_session *session); /* takes NULL */

/* Go on with the handshake, after `n` bytes of the peer (0 to begin). */
enum net_tls_want net_tls_handshake(struct net_tls_session *session,
                                    const char *bytes, size_t n);

/*
 * After the handshake: take `n` bytes of the peer, then read plain text with
 * net_tls_read() until it returns 0.  Returns NET_OK, NET_CLOSED on
 * close_notify, NET_TLS_ALERT, NET_TLS_ERROR or NET_NOMEM; plain text that
 * came before that can still be read.
 */
enum net_status net_tls_feed(struct net_tls_session *session, const char *bytes,
                             size_t n);
size_t net_tls_read(struct net_tls_session *session, char *plain, size_t size);

/* Encrypt `n` bytes; net_tls_pull() then has them. */
enum net_status net_tls_write(struct net_tls_session *session,
                              const char *plain, size_t n);

/* Say that no more will be sent (close_notify); net_tls_pull() then has it.
 * Does nothing where the handshake or the session has failed. */
void net_tls_goodbye(struct net_tls_session *session);

/* Bytes for the peer: up to `size` of them; 0: none are waiting. */
size_t net_tls_pull(struct net_tls_session *session, char *bytes, size_t size);

/* Why a session ended: NET_TLS_ALERT, NET_TLS_VERIFY, NET_TLS_ERROR, NET_NOMEM,
 * or NET_CLOSED after a close_notify; NET_OK while it has not. */
enum net_status net_tls_status(const struct net_tls_session *session);

/* What was seen so far.  Lent; valid until the session is freed. */
const struct net_tls_info *net_tls_info(struct net_tls_session *session);

/* "OpenSSL 3.0.15 ...", or NULL when the module is not there. */
const char *net_tls_library(void);

#endif /* NET_TLS_H */
