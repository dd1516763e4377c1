/*
 * secret_memory.h -- memory for passwords.
 *
 * Pages of their own, locked where the limit allows it (so never swapped),
 * left out of core dumps and wiped before they are given back.  With the first
 * one the process stops being dumpable: no core file, no ptrace by others of
 * the same user, and what is in registers and on stacks stays there.
 */
#ifndef CLI_SECRET_MEMORY_H
#define CLI_SECRET_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* One secret that comes and goes.  Zeroed: none. */
struct secret_text {
    char *bytes;   /* `length` of them and a NUL; NULL: none */
    size_t length; /* the caller's to set, below `room` */
    size_t room;
};

/* Make room for `room` bytes, zeroed.  false: out of memory. */
bool secret_text_new(struct secret_text *text, size_t room);
bool secret_text_copy(struct secret_text *text, const char *bytes, size_t n);
void secret_text_free(struct secret_text *text); /* wipes */

/* Many secrets that stay until all of them go.  Zeroed: empty. */
struct secret_chunk;
struct secret_pool {
    struct secret_chunk *chunks; /* private */
};

/* A copy of `n` bytes with a NUL; NULL: out of memory. */
const char *secret_pool_keep(struct secret_pool *pool, const char *bytes,
                             size_t n);
void secret_pool_free(struct secret_pool *pool); /* wipes */

/* Overwrite `length` bytes at `offset` of an argument in place, so that ps and
 * /proc/PID/cmdline show stars; copy the secret first. */
void secret_hide(char *argument, size_t offset, size_t length);

#endif /* CLI_SECRET_MEMORY_H */
