/*
 * web_config.h -- the file of --web.config.file: TLS and users.
 *
 * The format of Prometheus' exporter-toolkit:
 *
 *     tls_server_config:
 *       cert_file: server.crt
 *       key_file: server.key
 *       client_auth_type: RequireAndVerifyClientCert
 *       client_ca_file: clients.crt
 *       min_version: TLS12
 *     basic_auth_users:
 *       alice: $2y$10$...
 *
 * Paths are relative to the file.  What is not known is an error, so that a
 * misspelled key never leaves a door open.
 */
#ifndef SERVE_WEB_CONFIG_H
#define SERVE_WEB_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/arena.h"

enum {
    WEB_CONFIG_SIZE_MAX = 1 << 20,
    WEB_USERS_MAX = 1000,
};

/* Go's crypto/tls names, as the toolkit has them. */
enum web_client_auth {
    WEB_CLIENT_NONE,
    WEB_CLIENT_REQUEST,         /* ask, take whatever comes */
    WEB_CLIENT_REQUIRE_ANY,     /* one must come, unverified */
    WEB_CLIENT_VERIFY_IF_GIVEN, /* none, or a good one */
    WEB_CLIENT_REQUIRE,         /* a good one must come */
};

struct web_user {
    const char *name, *hash; /* of bcrypt */
};

/* What the file says.  Zeroed: no file, so neither TLS nor users. */
struct web_config {
    const char *cert_file, *key_file; /* both or neither */
    const char *client_ca_file;       /* NULL: none */
    enum web_client_auth client_auth;
    bool tls13_only; /* min_version: TLS13 */
    struct web_user *users;
    size_t nusers;

    /* private */
    struct arena texts;
};

/* On false one line in `error`: "FILE:LINE: what is wrong".
 * web_config_free() releases what was read. */
bool web_config_load(const char *file, struct web_config *config, char *error,
                     size_t size);

/* The same from memory; `file` is its name in errors, and where relative paths
 * begin. */
bool web_config_parse(const char *bytes, size_t n, const char *file,
                      struct web_config *config, char *error, size_t size);
void web_config_free(struct web_config *config);

/* The hash of `user`, or NULL. */
const char *web_config_user(const struct web_config *config, const char *user);

#endif /* SERVE_WEB_CONFIG_H */
