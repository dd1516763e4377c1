/*
 * arena.h -- many small texts and arrays that are released together.
 *
 * The arena owns them; nothing in it moves.  A zeroed struct is an empty one.
 */
#ifndef CLI_ARENA_H
#define CLI_ARENA_H

#include <stddef.h>

struct arena_chunk;

struct arena {
    struct arena_chunk *chunks; /* private: the newest first */
};

/* `size` bytes, aligned for any type, not zeroed; NULL: out of memory. */
void *arena_alloc(struct arena *arena, size_t size);

/* `n` bytes of `text` and a NUL, not aligned; NULL: out of memory. */
char *arena_text(struct arena *arena, const char *text, size_t n);

void arena_free(struct arena *arena);

#endif /* CLI_ARENA_H */
