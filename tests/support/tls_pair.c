#include "support/tls_pair.h"

#include "support/unit.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct tls_world tls_world;

const char *tls_world_path(const char *name)
{
    static char paths[4][256];
    static unsigned next;
    char *path = paths[next++ % ARRAY_SIZE(paths)];

    (void)snprintf(path, sizeof(paths[0]), "%s/%s", tls_world.dir, name);
    return path;
}

int tls_world_set_up(void **state)
{
    struct tls_world *w = &tls_world;

    (void)state;
    (void)snprintf(w->dir, sizeof(w->dir), "/tmp/linkprobe-tls-XXXXXX");
    assert_non_null(mkdtemp(w->dir));
    w->ca = cert_new(&(struct cert_spec){ .name = "CA", .ca = true });
    w->other_ca = cert_new(&(struct cert_spec){ .name = "Other", .ca = true });
    w->server = cert_new(&(struct cert_spec){
        .name = "Server",
        .sans = "DNS:" TLS_NAME ",DNS:" TLS_WILDCARD ",IP:127.0.0.1,IP:::1",
        .issuer = &w->ca });
    w->client = cert_new(&(struct cert_spec){ .name = "C", .issuer = &w->ca });
    w->stray =
        cert_new(&(struct cert_spec){ .name = "S", .issuer = &w->other_ca });
    (void)snprintf(w->ca_file, sizeof(w->ca_file), "%s",
                   tls_world_path("ca.pem"));
    cert_write(&w->ca, w->ca_file, "w");
    return 0;
}

void tls_remove_flat(const char *path)
{
    char file[512];
    DIR *dir = opendir(path);
    const struct dirent *entry;

    assert_non_null(dir);
    while ((entry = readdir(dir)) != NULL) {
        (void)snprintf(file, sizeof(file), "%s/%s", path, entry->d_name);
        unlink(file);
    }
    closedir(dir);
    assert_int_equal(rmdir(path), 0);
}

int tls_world_tear_down(void **state)
{
    struct tls_world *w = &tls_world;

    (void)state;
    cert_free(&w->ca);
    cert_free(&w->other_ca);
    cert_free(&w->server);
    cert_free(&w->client);
    cert_free(&w->stray);
    tls_remove_flat(w->dir);
    return 0;
}

void tls_pair_open(struct tls_pair *pair, const struct net_tls_config *config,
                   const char *name, const struct tls_peer_spec *spec)
{
    const struct net_tls_config usual = { .cacert = tls_world.ca_file };
    char error[256];

    *pair = (struct tls_pair){ 0 };
    tls_peer_open(&pair->peer, spec);
    pair->context = net_tls_context_new(config != NULL ? config : &usual, error,
                                        sizeof(error));
    assert_string_equal(error, "");
    assert_non_null(pair->context);
    pair->client = net_tls_session_new(pair->context, name);
    assert_non_null(pair->client);
}

void tls_pair_close(struct tls_pair *pair)
{
    net_tls_session_free(pair->client);
    net_tls_context_free(pair->context);
    tls_peer_close(&pair->peer);
}

size_t tls_pair_to_peer(struct tls_pair *pair)
{
    char bytes[1000];
    size_t moved = 0;
    size_t n;

    while ((n = net_tls_pull(pair->client, bytes, sizeof(bytes))) > 0) {
        tls_peer_take(&pair->peer, bytes, n);
        moved += n;
    }
    return moved;
}

/* Some of the peer's bytes: as many as a call may bring. */
static size_t some_bytes(struct tls_pair *pair, char *bytes, size_t size)
{
    if (pair->chunk > 0 && pair->chunk < size)
        size = pair->chunk;
    return tls_peer_give(&pair->peer, bytes, size);
}

enum net_tls_want tls_pair_shake(struct tls_pair *pair)
{
    enum net_tls_want want = net_tls_handshake(pair->client, NULL, 0);
    char bytes[16384];

    while (want == NET_TLS_MORE) {
        size_t n;

        tls_pair_to_peer(pair);
        n = some_bytes(pair, bytes, sizeof(bytes));
        if (n == 0)
            break;
        want = net_tls_handshake(pair->client, bytes, n);
    }
    tls_pair_to_peer(pair);
    return want;
}

enum net_status tls_pair_to_client(struct tls_pair *pair)
{
    enum net_status status = NET_OK;
    char bytes[16384];
    size_t n;

    while (status == NET_OK && (n = some_bytes(pair, bytes, sizeof(bytes))) > 0)
        status = net_tls_feed(pair->client, bytes, n);
    return status;
}
