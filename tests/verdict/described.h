/*
 * described.h -- a description held against what it must be.
 */
#ifndef TESTS_DESCRIBED_H
#define TESTS_DESCRIBED_H

#include "verdict/describe.h"
#include "verdict/given.h"

enum {
    EXPECTED_MAX = 8,
};

/* Describes `given` and holds it against `id`, `summary` and `evidence`. */
void assert_described(struct given *given, const char *id, const char *summary,
                      const char *const evidence[EXPECTED_MAX]);

/* Holds the commands for `given` against `commands`. */
void assert_fixes(struct given *given,
                  const char *const commands[CATALOGUE_FIXES_MAX]);

#endif /* TESTS_DESCRIBED_H */
