/*
 * zipf.h -- ranks by Zipf's law: the k-th is drawn with a weight of 1 / k.
 *
 * Ranks are kept in buckets as a histogram's slots are: the first 127 each
 * alone, then 64 of equal width a power of two, within which all ranks are as
 * likely (off by one part in 10,000 at most).  So a million million of them
 * take 36 KiB and a few divisions, and no logarithm.
 */
#ifndef BENCH_ZIPF_H
#define BENCH_ZIPF_H

#include <stddef.h>
#include <stdint.h>

struct zipf;

/* Make one for ranks 0 to n - 1, n >= 1.  NULL when out of memory. */
struct zipf *zipf_new(uint64_t n);
void zipf_free(struct zipf *zipf); /* takes NULL */

/* The rank that two random numbers stand for. */
uint64_t zipf_rank(const struct zipf *zipf, uint64_t first, uint64_t second);

#endif /* BENCH_ZIPF_H */
