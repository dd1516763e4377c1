/*
 * peer_tls.h -- a scripted peer that speaks TLS (OpenSSL).
 */
#ifndef TESTS_PEER_TLS_H
#define TESTS_PEER_TLS_H

#include "support/peer.h"

/* Its configuration is a `struct tls_peer_spec` (tls_peer.h), which outlives
 * the peer.  A script begins after the handshake. */
extern const struct peer_wire peer_tls;

#endif /* TESTS_PEER_TLS_H */
