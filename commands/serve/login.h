/*
 * login.h -- passwords for a service that must not stand still.
 *
 * A file may be on a network, a command may take seconds: both are read by a
 * worker thread, and whoever needs the password waits in a callback.  All
 * targets with the same file share one reading of it; a command is run once a
 * target.  What was read is good for ten minutes, or until a server rejects it
 * (once, then again only after one was accepted).
 *
 * A password in use is held: a newer one never pulls it away.
 */
#ifndef COMMANDS_SERVE_LOGIN_H
#define COMMANDS_SERVE_LOGIN_H

#include "cli/secret.h"
#include "cli/text.h"
#include "net/loop.h"

struct serve_login;
struct serve_secret;
struct serve_login_wait;
typedef void (*serve_login_cb)(struct serve_login_wait *wait);

/* One who needs a password; zeroed but for `data`. */
struct serve_login_wait {
    void *data;
    const char *password; /* NULL: none; lent until the release */
    const char *error;    /* one line, when it could not be had; lent likewise
                             for the callback only */

    /* private */
    serve_login_cb cb;
    struct serve_login_wait *next;
    struct serve_login *login;
    struct serve_secret *secret;
};

/* All sources of one reading of the configuration.  Zeroed but for `loop`. */
struct serve_logins {
    struct net_loop *loop;
    bool quiet; /* what a command writes to stderr is thrown away */

    /* private */
    struct serve_login *first;
    unsigned working, nshared;
    void (*closed)(void *arg); /* NULL: in use */
    void *arg;
};

/*
 * The source that `from` names: a file or a command, found again or made.
 * `own`: the caller keeps what it gets, so a command is not searched for.
 * Texts of `from` outlive it, but for host, port and user.  NULL: no memory,
 * or too many.
 */
struct serve_login *serve_login_find(struct serve_logins *logins,
                                     const struct secret_from *from, bool own);

/* The password, into `wait`: true when it is there; false: `cb` will tell. */
bool serve_login_get(struct serve_login *login, struct serve_login_wait *wait,
                     serve_login_cb cb);

/* Wait no more, or use no more what was given. */
void serve_login_release(struct serve_login_wait *wait);

/* A server has rejected it: true when asking again makes sense. */
bool serve_login_rejected(struct serve_login *login);
void serve_login_accepted(struct serve_login *login);

/* Release all; `cb` runs at once, or when the last worker is done. */
void serve_logins_close(struct serve_logins *logins, void (*cb)(void *arg),
                        void *arg);

#endif /* COMMANDS_SERVE_LOGIN_H */
