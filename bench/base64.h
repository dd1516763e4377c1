/*
 * base64.h -- bytes as letters (RFC 4648, section 4), with padding.  Pure.
 */
#ifndef BENCH_BASE64_H
#define BENCH_BASE64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How long the letters of `n` bytes are, without a NUL. */
static inline size_t base64_length(size_t n)
{
    return (n + 2) / 3 * 4;
}

/* Write base64_length(n) letters and a NUL. */
void base64_encode(const uint8_t *bytes, size_t n, char *letters);

/*
 * Read `n` letters into `bytes`, at most n / 4 * 3 of them; both may be the
 * same memory.  Returns false when they are no base64 with its padding.
 */
bool base64_decode(const char *letters, size_t n, uint8_t *bytes,
                   size_t *nbytes);

#endif /* BENCH_BASE64_H */
