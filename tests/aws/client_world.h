/*
 * client_world.h -- a loop, an account, a scripted AWS, and calls.
 */
#ifndef TESTS_CLIENT_WORLD_H
#define TESTS_CLIENT_WORLD_H

#include "aws/client.h"
#include "aws/fake_credentials.h"
#include "aws/http_peer.h"

enum {
    WORLD_LOG_SIZE = 16 * 1024,
};

struct client_world {
    struct net_loop loop;
    struct http *http;
    struct profiles *profiles;
    struct aws_account *account;
    struct http_peer *peer;
    struct aws_call call;
    unsigned calls;           /* of the callback */
    char log[WORLD_LOG_SIZE]; /* lines */
};

extern struct client_world world;

/* Open it: the peer answers by `replies`.  `options` NULL: "provider" in
 * us-west-2, a retry base of 1 ms. */
void world_open(const struct http_reply *replies, size_t n,
                const struct aws_account_options *options);
void world_close(void); /* the call as well */

/* A call, made and run to its end. */
void world_call(enum aws_service service, const char *action, bool pages);

/* The same, ready to be started. */
void world_prepare(enum aws_service service, const char *action, bool pages);
void world_run(void);

#endif /* TESTS_CLIENT_WORLD_H */
