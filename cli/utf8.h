/*
 * utf8.h -- UTF-8 out of bytes that anyone may have sent (RFC 3629).
 */
#ifndef CLI_UTF8_H
#define CLI_UTF8_H

#include <stddef.h>
#include <stdint.h>

/*
 * The length of the well-formed sequence that `bytes` of `n` begin with, and
 * its code point in `point`; 0 when they begin with none: overlong, cut short,
 * a surrogate, or past U+10FFFF.
 */
size_t utf8_next(const char *bytes, size_t n, uint32_t *point);

/* The largest length up to `limit` that cuts no sequence of `bytes`, which
 * are well formed and at least `limit` long. */
size_t utf8_cut(const char *bytes, size_t limit);

/* How many code points `n` well-formed bytes are. */
size_t utf8_count(const char *bytes, size_t n);

#endif /* CLI_UTF8_H */
