/*
 * fail_malloc.h -- memory that runs out at the allocation of our choice.
 *
 * The program links with WRAP malloc calloc realloc strdup: calls from our own
 * objects are counted, a thread at a time; those inside shared libraries are
 * not.
 *
 *     for (unsigned n = 1;; n++) {
 *         fail_malloc_at(n);
 *         ... all of it; it must end in a status and leak nothing ...
 *         if (!fail_malloc_stop())
 *             break;
 *     }
 */
#ifndef TESTS_FAIL_MALLOC_H
#define TESTS_FAIL_MALLOC_H

#include <stdbool.h>

/* Let this thread's `n`th allocation from now on fail, and only that one. */
void fail_malloc_at(unsigned n);

/* No more failures.  Returns whether the one that was asked for came. */
bool fail_malloc_stop(void);

#endif /* TESTS_FAIL_MALLOC_H */
