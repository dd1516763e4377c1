/*
 * fail_malloc.c -- a countdown before every allocation.
 */
#include "support/fail_malloc.h"

#include <errno.h>
#include <stddef.h>

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl*): the linker's names */
void *__real_malloc(size_t n);
void *__real_calloc(size_t count, size_t n);
void *__real_realloc(void *old, size_t n);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t count, size_t n);
void *__wrap_realloc(void *old, size_t n);
char *__wrap_strdup(const char *text);

static _Thread_local unsigned left; /* 0: never */
static _Thread_local bool came;

void fail_malloc_at(unsigned n)
{
    left = n;
    came = false;
}

bool fail_malloc_stop(void)
{
    left = 0;
    return came;
}

static bool runs_out(void)
{
    if (left == 0 || --left > 0)
        return false;
    came = true;
    errno = ENOMEM;
    return true;
}

void *__wrap_malloc(size_t n)
{
    return runs_out() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t count, size_t n)
{
    return runs_out() ? NULL : __real_calloc(count, n);
}

void *__wrap_realloc(void *old, size_t n)
{
    return runs_out() ? NULL : __real_realloc(old, n);
}

char *__wrap_strdup(const char *text)
{
    return runs_out() ? NULL : __real_strdup(text);
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl*) */
