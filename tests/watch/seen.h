/*
 * seen.h -- snapshots for tests, and the events that they led to, as lines.
 */
#ifndef TESTS_SEEN_H
#define TESTS_SEEN_H

#include "watch/track.h"

struct seen {
    struct track track;
    struct snapshot now;
    char lines[4096]; /* "verdict * OK > TCP_REFUSED\n" ... */
};

/* A name with the addresses 10.0.0.1 to 10.0.0.`n`, all well, TTL 60. */
void seen_begin(struct seen *seen, unsigned n);

/* Five seconds on: one more check like the last. Returns the lines of it. */
const char *seen_check(struct seen *seen);

/* The whole is `id` now, or an address is. */
void seen_id(struct seen *seen, const char *id);
void seen_address_id(struct seen *seen, unsigned i, const char *id);

/* The addresses are now those that end in the numbers given; 0 ends. */
void seen_addresses(struct seen *seen, const unsigned *last, unsigned n);

void seen_end(struct seen *seen);

#endif /* TESTS_SEEN_H */
