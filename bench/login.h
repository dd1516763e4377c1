/*
 * login.h -- what a connection says first: AUTH, SELECT; and how it is judged.
 */
#ifndef BENCH_LOGIN_H
#define BENCH_LOGIN_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/plan.h"
#include "resp/encode.h"
#include "resp/scan.h"
#include "verdict/cause.h"

/* Format a login; empty where there is nothing to say.  Free it with
 * resp_batch_free(), which wipes the password.  false: out of memory. */
bool login_format(struct resp_batch *batch, const char *user,
                  const char *password, int db);

/* Was the password what it was refused for? */
bool login_is_denied(enum cause cause);

/* Replies that are still to come, and what is known of them. */
struct login {
    unsigned left;
    enum cause cause; /* of the first error reply */
    struct resp_scan scan;
    char text[RESP_SCAN_TEXT_MAX]; /* ... and its text; "" */
};

void login_begin(struct login *login, const struct resp_batch *batch);

enum login_end {
    LOGIN_MORE,
    LOGIN_DONE,   /* accepted */
    LOGIN_DENIED, /* see `cause` and `text` */
};

/* Take `n` bytes of the server. */
enum login_end login_take(struct login *login, const char *bytes, size_t n);

#endif /* BENCH_LOGIN_H */
