/*
 * tls_pair.h -- a client session and a peer, and the wire between them.
 */
#ifndef TESTS_TLS_PAIR_H
#define TESTS_TLS_PAIR_H

#include <stddef.h>

#include "net/tls.h"
#include "support/certs.h"
#include "support/tls_peer.h"

/* Who is there: made once a program, with the files that a client reads. */
struct tls_world {
    char dir[64];
    char ca_file[128]; /* trusted */
    struct cert ca, other_ca;
    struct cert server; /* of `ca`: tls_world_sans */
    struct cert client; /* of `ca` */
    struct cert stray;  /* a client of `other_ca` */
};

#define TLS_NAME     "cache.example"
#define TLS_WILDCARD "*.x.use1.cache.amazonaws.com"

extern struct tls_world tls_world;

/* cmocka's group fixtures. */
int tls_world_set_up(void **state);
int tls_world_tear_down(void **state);

/* The path of a file in the world's directory; valid until the fourth call. */
const char *tls_world_path(const char *name);

/* Remove a directory that holds nothing but files. */
void tls_remove_flat(const char *path);

struct tls_pair {
    struct net_tls_context *context;
    struct net_tls_session *client;
    struct tls_peer peer;
    size_t chunk; /* the most bytes a call brings the client; 0: any */
};

/* Both ends, before their first byte.  `config` NULL: trust the world's CA. */
void tls_pair_open(struct tls_pair *pair, const struct net_tls_config *config,
                   const char *name, const struct tls_peer_spec *spec);
void tls_pair_close(struct tls_pair *pair);

/* The client's bytes to the peer; how many. */
size_t tls_pair_to_peer(struct tls_pair *pair);

/* Shake hands until it is done, has failed, or both wait (NET_TLS_MORE). */
enum net_tls_want tls_pair_shake(struct tls_pair *pair);

/* The peer's bytes to the open client; the first status but NET_OK.  Plain
 * text is left to be read. */
enum net_status tls_pair_to_client(struct tls_pair *pair);

#endif /* TESTS_TLS_PAIR_H */
