/*
 * gzip.h -- a page squeezed while it is made (RFC 1952).
 */
#ifndef SERVE_GZIP_H
#define SERVE_GZIP_H

#include <stdbool.h>
#include <stddef.h>

#include "report/report.h"

struct serve_gzip;

/* NULL: out of memory. */
struct serve_gzip *serve_gzip_new(void);

/* Squeeze `n` bytes; what comes out is appended to `out`.  `end`: the last
 * ones.  false: out of memory. */
bool serve_gzip_add(struct serve_gzip *gzip, const char *bytes, size_t n,
                    bool end, struct report_buffer *out);

void serve_gzip_free(struct serve_gzip *gzip); /* takes NULL */

#endif /* SERVE_GZIP_H */
