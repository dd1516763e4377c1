/*
 * Chunks that double up to 1 MiB: a small file costs little, a large one few
 * calls of malloc.  Texts grow from the end of a chunk down, so that they
 * leave no gaps for alignment between them.
 */
#include "cli/arena.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

enum {
    CHUNK_FIRST = 1024,
    CHUNK_LAST = 1 << 20,
};

struct arena_chunk {
    struct arena_chunk *older;
    size_t size; /* of `bytes` */
    size_t low;  /* allocations end here */
    size_t high; /* texts begin here */
    alignas(max_align_t) char bytes[];
};

static struct arena_chunk *chunk_for(struct arena *arena, size_t need)
{
    struct arena_chunk *chunk = arena->chunks;
    size_t size = chunk ? chunk->size * 2 : CHUNK_FIRST;

    if (chunk && chunk->high - chunk->low >= need)
        return chunk;
    if (size > CHUNK_LAST)
        size = CHUNK_LAST;
    if (size < need)
        size = need;
    chunk = malloc(sizeof(*chunk) + size);
    if (!chunk)
        return NULL;
    chunk->older = arena->chunks;
    chunk->size = chunk->high = size;
    chunk->low = 0;
    arena->chunks = chunk;
    return chunk;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    size_t mask = alignof(max_align_t) - 1;
    size_t need = (size + mask) & ~mask;
    struct arena_chunk *chunk = need >= size ? chunk_for(arena, need) : NULL;
    char *at;

    if (!chunk)
        return NULL;
    at = chunk->bytes + chunk->low;
    chunk->low += need;
    return at;
}

char *arena_text(struct arena *arena, const char *text, size_t n)
{
    struct arena_chunk *chunk = n + 1 > n ? chunk_for(arena, n + 1) : NULL;
    char *at;

    if (!chunk)
        return NULL;
    chunk->high -= n + 1;
    at = chunk->bytes + chunk->high;
    memcpy(at, text, n);
    at[n] = '\0';
    return at;
}

void arena_free(struct arena *arena)
{
    while (arena->chunks) {
        struct arena_chunk *older = arena->chunks->older;

        /* A targets file may have had passwords in its URLs. */
        explicit_bzero(arena->chunks->bytes, arena->chunks->size);
        free(arena->chunks);
        arena->chunks = older;
    }
}
