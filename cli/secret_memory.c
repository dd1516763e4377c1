/*
 * mmap, mlock, madvise; then memset and munmap.  What the kernel refuses of
 * mlock and madvise (a small RLIMIT_MEMLOCK in a container) is no failure: the
 * program would not be safer for not working.
 */
#include "cli/secret_memory.h"

#include <stdalign.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
    CHUNK_BYTES = 64 * 1024,
};

struct secret_chunk {
    struct secret_chunk *older;
    size_t size; /* of the whole mapping */
    size_t used; /* of `bytes` */
    char bytes[];
};

static void forbid_dumps(void)
{
    struct rlimit limit;

    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    if (getrlimit(RLIMIT_CORE, &limit) != 0)
        return;
    /* The soft limit only: what we run may have dumps of its own. */
    limit.rlim_cur = 0;
    (void)setrlimit(RLIMIT_CORE, &limit);
}

/* At least `*size` bytes of whole pages. */
static void *pages_new(size_t *size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t whole = (*size + page - 1) / page * page;
    void *pages;

    if (whole < *size)
        return NULL;
    pages = mmap(NULL, whole, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED)
        return NULL;
    forbid_dumps();
    (void)mlock(pages, whole);
    (void)madvise(pages, whole, MADV_DONTDUMP);
    *size = whole;
    return pages;
}

static void pages_free(void *pages, size_t size)
{
    explicit_bzero(pages, size);
    (void)munmap(pages, size);
}

bool secret_text_new(struct secret_text *text, size_t room)
{
    *text = (struct secret_text){ .room = room + 1 };
    if (text->room < room)
        return false;
    text->bytes = pages_new(&text->room);
    return text->bytes != NULL;
}

bool secret_text_copy(struct secret_text *text, const char *bytes, size_t n)
{
    if (!secret_text_new(text, n))
        return false;
    memcpy(text->bytes, bytes, n);
    text->length = n;
    return true;
}

void secret_text_free(struct secret_text *text)
{
    if (text->bytes)
        pages_free(text->bytes, text->room);
    *text = (struct secret_text){ 0 };
}

static struct secret_chunk *chunk_new(size_t need)
{
    size_t size = sizeof(struct secret_chunk) + need;
    struct secret_chunk *chunk;

    if (size < need)
        return NULL;
    if (size < CHUNK_BYTES)
        size = CHUNK_BYTES;
    chunk = pages_new(&size);
    if (chunk)
        chunk->size = size;
    return chunk;
}

const char *secret_pool_keep(struct secret_pool *pool, const char *bytes,
                             size_t n)
{
    struct secret_chunk *chunk = pool->chunks;
    char *at;

    if (n + 1 < n)
        return NULL;
    if (!chunk || chunk->size - sizeof(*chunk) - chunk->used < n + 1) {
        chunk = chunk_new(n + 1);
        if (!chunk)
            return NULL;
        chunk->older = pool->chunks;
        pool->chunks = chunk;
    }
    at = chunk->bytes + chunk->used;
    memcpy(at, bytes, n);
    at[n] = '\0';
    chunk->used += n + 1;
    return at;
}

void secret_pool_free(struct secret_pool *pool)
{
    while (pool->chunks) {
        struct secret_chunk *older = pool->chunks->older;

        pages_free(pool->chunks, pool->chunks->size);
        pool->chunks = older;
    }
}

void secret_hide(char *argument, size_t offset, size_t length)
{
    volatile char *at = argument + offset;

    while (length-- > 0)
        *at++ = '*';
}
