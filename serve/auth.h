/*
 * auth.h -- basic authentication (RFC 7617) against hashes of bcrypt.
 *
 * A hash is slow on purpose, some 60 ms: it is computed by a worker thread, a
 * few at a time, and what came of it is remembered for as long as we run, as a
 * keyed digest that gives no password away.  Unknown users cost as much as
 * wrong passwords.
 */
#ifndef SERVE_AUTH_H
#define SERVE_AUTH_H

#include <stdbool.h>
#include <stddef.h>

#include "net/loop.h"
#include "serve/web_config.h"

enum {
    SERVE_LOGIN_MAX = 512, /* bytes of a name with its password */
};

struct serve_auth;
struct serve_auth_job;

/* NULL: out of memory, or of randomness. */
struct serve_auth *serve_auth_new(struct net_loop *loop);

/* Jobs at work end later, and tell nobody. */
void serve_auth_free(struct serve_auth *auth); /* takes NULL */

enum serve_auth_verdict {
    SERVE_AUTH_BAD,
    SERVE_AUTH_GOOD,
    SERVE_AUTH_LATER, /* `cb` will tell */
    SERVE_AUTH_BUSY,  /* too many are being looked at */
};

typedef void (*serve_auth_cb)(void *data, bool good);

/* Do the credentials of `header` ("Basic ...", NULL: none) belong to a user of
 * `config`?  With LATER `*job` is set. */
enum serve_auth_verdict serve_auth_check(struct serve_auth *auth,
                                         const struct web_config *config,
                                         const char *header, serve_auth_cb cb,
                                         void *data,
                                         struct serve_auth_job **job);

/* Forget who asked: its callback will not run. */
void serve_auth_forget(struct serve_auth_job *job);

/* Read "Basic BASE64" as "name:password"; false: it is none.  Wipe `text`
 * after use. */
bool serve_auth_read(const char *header, char text[SERVE_LOGIN_MAX + 1],
                     const char **password);

#endif /* SERVE_AUTH_H */
