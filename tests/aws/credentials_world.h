/*
 * credentials_world.h -- an instance whose service gives keys, a clock and a
 * network out of the test's hand, and those who wait for keys.
 *
 * Links with scripted_http.c; WRAP malloc calloc realloc strdup time
 * net_deadline_set mmap munmap.  When a world ends, no page for secrets is
 * left, and none was given back that was not wiped.
 */
#ifndef TESTS_CREDENTIALS_WORLD_H
#define TESTS_CREDENTIALS_WORLD_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "aws/credentials.h"
#include "aws/scripted_http.h"

enum {
    WORLD_START = 1800000000, /* 2027-01-15T08:00:00Z */
    WORLD_REQUESTS = 5,
    MINUTE = 60,
};

struct world {
    struct net_loop loop;
    struct http *http;
    struct profiles *profiles;
    struct credentials *credentials;
    struct credentials_options options;
    const char *config;
    bool hurry;     /* no pause between tries */
    bool impatient; /* a program has 100 ms and not a minute */

    /* A pause between tries begins: how long it is.  NULL: as it is. */
    uint64_t (*on_pause)(void);

    /* who waits, and what the last one was told */
    struct credentials_request requests[WORLD_REQUESTS];
    unsigned calls;
    char key[32], error[512], source[40];

    /* what the instance's service says */
    unsigned given; /* sets of keys */
    long life_s;    /* of the next */
    int status;     /* instead of 200 */
};

extern struct world world;

int world_set_up(void **state);
int world_tear_down(void **state);

/* Credentials of world.options and world.config; false: no memory. */
bool world_open(void);
void world_close(void);

/* The service: an answer of scripted_http.h. */
const char *world_instance(struct http_request *request, unsigned n);

/* The callback of world.requests. */
void world_on_keys(void *data, const struct aws_keys *keys, const char *source,
                   const char *error);

/* Let `n` requests wait at once, and run until each was told. */
void world_ask(unsigned n);

/* As a service writes it; until the next call. */
const char *world_time(time_t when);

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)

#endif /* TESTS_CREDENTIALS_WORLD_H */
