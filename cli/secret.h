/*
 * secret.h -- where a password comes from, and how long it is good for.
 *
 * The first that is there wins: the URL; --askpass; --password-file;
 * --password-command; LINKPROBE_PASSWORD; REDISCLI_AUTH;
 * $CREDENTIALS_DIRECTORY/redis-password.
 *
 *     struct secrets secrets;                     once a program
 *     secrets_init(&secrets, environ, ...)
 *     struct secret secret = { .from = ... };     once a target
 *     secret_get(&secrets, &secret, uv_hrtime(), &password, ...)
 *
 * A file and a terminal are read once; a command is run again 10 minutes
 * later, or once after secret_rejected().  Reading blocks: call secret_get()
 * where that does no harm; secret_is_due() tells beforehand.  No error line
 * ever holds a secret or what a command printed.
 */
#ifndef CLI_SECRET_H
#define CLI_SECRET_H

#include <stdatomic.h>
#include <stdint.h>

#include "cli/secret_memory.h"

enum {
    SECRET_LENGTH_MAX = 64 * 1024,
    SECRET_COMMAND_TIMEOUT_MS = 10000,
};

#define SECRET_COMMAND_AGE_NS (UINT64_C(600) * 1000000000)

/* What all targets share. */
struct secrets {
    bool quiet; /* what a command writes to stderr is thrown away */

    /* private */
    struct secret_text environment; /* LINKPROBE_PASSWORD or REDISCLI_AUTH */
    const char *credentials;        /* $CREDENTIALS_DIRECTORY; NULL: none */
    struct secret_text terminal;    /* what --askpass was told */
    struct secret_text standard;    /* --password-file - */
    struct secret_pool pool;
};

/* Where one target's password may come from.  Texts are the caller's. */
struct secret_from {
    const char *url; /* the password in the URL; NULL: none */
    bool askpass;
    const char *file;        /* --password-file; NULL: none */
    const char *command;     /* --password-command; NULL: none */
    unsigned timeout_ms;     /* of the command; 0: SECRET_COMMAND_TIMEOUT_MS */
    const atomic_bool *stop; /* set by another thread: the command is ended;
                                NULL: never */

    /* The command sees these as LINKPROBE_HOST, _PORT and _USER; may be NULL */
    const char *host, *port, *user;
};

struct secret {
    struct secret_from from;

    /* private */
    struct secret_text text; /* of a file or a command */
    const char *password;    /* what was found; NULL: none */
    uint64_t read_ns;
    bool known, again; /* found out; a command was run again for a rejection */
};

/*
 * Take the passwords out of `environment`: they are copied, overwritten where
 * they stood and removed, so no child and no /proc/PID/environ has them.  On
 * false (out of memory, too long) one line in `error`.
 */
bool secrets_init(struct secrets *secrets, char **environment, char *error,
                  size_t size);
void secrets_free(struct secrets *secrets);

/*
 * The password of `secret` at `now_ns` (monotonic); NULL when there is none.
 * Lent until the next call for it that finds another.  On false one line in
 * `error`; what was found before stays good.
 */
bool secret_get(struct secrets *secrets, struct secret *secret, uint64_t now_ns,
                const char **password, char *error, size_t size);

/* Would secret_get() run a command now? */
bool secret_is_due(const struct secret *secret, uint64_t now_ns);

/*
 * A server has rejected it.  true: the next secret_get() may give another one,
 * so that trying again makes sense (a command, for the first time since it
 * gave one that was accepted).
 */
bool secret_rejected(struct secret *secret);

/* A server has taken it: from now on one more rejection is worth a new run. */
void secret_accepted(struct secret *secret);
void secret_free(struct secret *secret);

/*
 * Run `command` by /bin/sh -c and keep the first line of what it prints.  Its
 * standard input is /dev/null, its time bounded: then it and whatever it
 * started in its process group is killed.  On false one line in `error`, which
 * begins with --password-command.
 */
bool secret_run(const struct secret_from *from, bool quiet,
                struct secret_text *text, char *error, size_t size);

/* Keep the first line of `fd`, which is named `name` in errors.  Closes
 * nothing. */
bool secret_read_line(int fd, const char *name, struct secret_text *text,
                      char *error, size_t size);

/* Ask on /dev/tty, echo off. */
bool secret_ask(struct secret_text *text, char *error, size_t size);

#endif /* CLI_SECRET_H */
