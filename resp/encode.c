/*
 * encode.c -- a batch is one block of bytes that grows by doubling.
 *
 * hiredis writes each command into memory of its own; the bytes are copied
 * behind those that the batch has already.  Any of the copies may hold a
 * password, so each is wiped before its memory goes back: hiredis' own, the
 * block that a larger one replaces (realloc() would leave it lying about), and
 * the batch at its end.
 */
#include "resp/encode.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <hiredis/hiredis.h>

enum {
    ROOM_MIN = 256, /* all commands of a small check */
};

/* Forget what the first `n` bytes were; the compiler keeps this one. */
static void wipe(char *bytes, size_t n)
{
    if (bytes)
        explicit_bzero(bytes, n);
}

/* Make room for `more` bytes behind those that are there. */
static bool reserve(struct resp_batch *batch, size_t more)
{
    size_t room = batch->room ? batch->room : ROOM_MIN;
    char *bytes;

    if (batch->room - batch->length >= more)
        return true;
    while (room - batch->length < more)
        room *= 2;
    bytes = malloc(room);
    if (!bytes)
        return false;
    if (batch->bytes)
        memcpy(bytes, batch->bytes, batch->length);
    wipe(batch->bytes, batch->length);
    free(batch->bytes);
    batch->bytes = bytes;
    batch->room = room;
    return true;
}

bool resp_batch_add(struct resp_batch *batch, int argc, const char **argv,
                    const size_t *argvlen)
{
    char *command = NULL;
    long long n; /* int in 0.14 and 1.0 */
    bool fits;

    assert(argc > 0);
    n = redisFormatCommandArgv(&command, argc, argv, argvlen);
    if (n < 0)
        return false;
    fits = reserve(batch, (size_t)n);
    if (fits) {
        memcpy(batch->bytes + batch->length, command, (size_t)n);
        batch->length += (size_t)n;
        batch->commands++;
    }
    wipe(command, (size_t)n);
    redisFreeCommand(command);
    return fits;
}

void resp_batch_clear(struct resp_batch *batch)
{
    wipe(batch->bytes, batch->length);
    batch->length = 0;
    batch->commands = 0;
}

void resp_batch_free(struct resp_batch *batch)
{
    wipe(batch->bytes, batch->length);
    free(batch->bytes);
    *batch = (struct resp_batch){ 0 };
}
