/*
 * match.h -- whom a module's credentials may go to.
 *
 * A pattern is a name, a glob ("*.orders.example"; "*" takes dots too), an
 * address or a CIDR; ":PORT" behind a name or a glob binds it to that port.
 * Names compare without regard to case and to a final dot.  A name is never
 * resolved to be compared with a CIDR: who answers for the name could then
 * choose where a password goes.  Pure.
 */
#ifndef SERVE_MATCH_H
#define SERVE_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Is `pattern` one at all?  On false one line in `error`. */
bool serve_pattern_valid(const char *pattern, char *error, size_t size);

/* Is `host` at `port` one of those that `patterns` name? */
bool serve_match(const char *const *patterns, size_t npatterns,
                 const char *host, uint16_t port);

#endif /* SERVE_MATCH_H */
