/*
 * negotiate.h -- which form of a page its reader wants (RFC 9110, 12.5).  Pure.
 */
#ifndef SERVE_NEGOTIATE_H
#define SERVE_NEGOTIATE_H

#include <stdbool.h>
#include <stdint.h>

#define SERVE_TYPE_TEXT "text/plain; version=0.0.4; charset=utf-8"
#define SERVE_TYPE_OPEN                                                        \
    "application/openmetrics-text; version=1.0.0; charset=utf-8"

/* Does `accept` (NULL: none was sent) prefer OpenMetrics 1.0 to plain text?
 * A range that names neither decides nothing: plain text is what everyone can
 * read. */
bool serve_wants_open(const char *accept);

/* Does `accept_encoding` (NULL: none was sent) take gzip? */
bool serve_wants_gzip(const char *accept_encoding);

/*
 * The time that a scrape has, by the value of its header: X.Y seconds as
 * Prometheus sends them, into milliseconds.  false: it is no such value.
 */
bool serve_scrape_timeout(const char *value, uint64_t *ms);

#endif /* SERVE_NEGOTIATE_H */
