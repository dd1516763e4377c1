/*
 * fake_credentials.h -- keys out of the hand of a test: takes the place of
 * aws/credentials.c at link time.
 */
#ifndef TESTS_FAKE_CREDENTIALS_H
#define TESTS_FAKE_CREDENTIALS_H

#include <stdbool.h>

#include "aws/credentials.h"

struct fake_credentials {
    struct aws_keys keys[3]; /* the first; after a refusal the next */
    const char *error;       /* not NULL: none are had */
    bool hang;               /* a get ends only by its cancel */
    unsigned gets, refusals;
};

extern struct fake_credentials fake_credentials;

/* One pair of keys with a token, and none after it. */
void fake_credentials_reset(void);

#endif /* TESTS_FAKE_CREDENTIALS_H */
