/*
 * tls_peer.h -- a TLS server made of OpenSSL and memory: no socket, no thread.
 *
 * Bytes go in with tls_peer_take() and come out with tls_peer_give(), as on
 * the other end of a wire.
 */
#ifndef TESTS_TLS_PEER_H
#define TESTS_TLS_PEER_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>

#include "support/certs.h"

struct tls_peer_spec {
    const struct cert *cert;
    const struct cert *chain;     /* sent after it; NULL: nothing */
    int min_version, max_version; /* TLS1_2_VERSION; 0: any */
    const char *ciphers;          /* of TLS 1.2, at any strength; NULL: usual */
    const struct cert *client_ca; /* clients must show one of its own */
    const char *only_name;        /* alert 112 for any other SNI */
};

struct tls_peer {
    SSL_CTX *ctx;
    SSL *ssl;
    bool open;     /* the handshake is complete, as the peer sees it */
    char sni[256]; /* what the client asked for; "" nothing */
    const char *only_name;
};

/* `peer` must not move until it is closed. */
void tls_peer_open(struct tls_peer *peer, const struct tls_peer_spec *spec);
void tls_peer_close(struct tls_peer *peer);

/* Take `n` bytes of the client and go on with the handshake. */
void tls_peer_take(struct tls_peer *peer, const char *bytes, size_t n);

/* Up to `size` bytes for the client. */
size_t tls_peer_give(struct tls_peer *peer, char *bytes, size_t size);

/* Plain text, both ways; a goodbye is close_notify. */
void tls_peer_say(struct tls_peer *peer, const char *plain, size_t n);
size_t tls_peer_hear(struct tls_peer *peer, char *plain, size_t size);
void tls_peer_say_goodbye(struct tls_peer *peer);

/* Has the client said close_notify, in what it was given so far? */
bool tls_peer_was_told_goodbye(struct tls_peer *peer);

#endif /* TESTS_TLS_PEER_H */
