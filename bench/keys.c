/*
 * keys.c -- one command a key, pipelined: keys of a cluster's many slots must
 * not share one.
 *
 * A key is given its time to live when it is loaded.  To set it again with
 * every SET would cost a server more than the SET itself.
 *
 *     chunk  a buffer of so many formatted commands; their digits are patched
 */
#include "bench/keys.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "bench/control.h"

enum {
    CHUNK_BYTES = 64 * 1024,
    EXPIRE_MARGIN_S = 600,
    SLOWEST_RATE = 1000, /* requests a second that a run by requests reaches */
};

void keys_prefix(const struct bench_plan *plan, char prefix[KEYS_PREFIX_MAX])
{
    uint32_t mark;

    if (getrandom(&mark, sizeof(mark), 0) != sizeof(mark))
        mark = (uint32_t)net_now();
    (void)snprintf(prefix, KEYS_PREFIX_MAX, "%s%08x:", plan->key_prefix, mark);
}

unsigned keys_expire_s(const struct bench_plan *plan)
{
    double rate = plan->rate > 0 ? plan->rate : SLOWEST_RATE;
    double side_s = (double)(plan->warmup_ns + plan->duration_ns) / 1e9 +
                    (double)plan->requests / rate;
    double s = EXPIRE_MARGIN_S + 2 * side_s * plan->nsides;

    if (plan->start_at_ms > 0)
        s += 24 * 3600;
    return s < INT32_MAX ? (unsigned)s : INT32_MAX;
}

/* Commands of one kind, all alike but for their keys. */
struct chunk {
    struct mix_request request; /* owned */
    char *bytes;                /* owned: `room` times the command */
    unsigned room;
};

static void chunk_free(struct chunk *chunk)
{
    resp_batch_free(&chunk->request.command);
    free(chunk->bytes);
    *chunk = (struct chunk){ 0 };
}

/* Make copies of the command that is formatted. */
static bool chunk_fill(struct chunk *chunk, uint64_t keys)
{
    size_t length = chunk->request.command.length;

    chunk->room = length < CHUNK_BYTES ? (unsigned)(CHUNK_BYTES / length) : 1;
    if (chunk->room > keys)
        chunk->room = (unsigned)keys;
    assert(chunk->room > 0 && length > 0);
    chunk->bytes = malloc(chunk->room * length);
    if (!chunk->bytes)
        return false;
    for (unsigned i = 0; i < chunk->room; i++)
        memcpy(chunk->bytes + i * length, chunk->request.command.bytes, length);
    return true;
}

static bool chunk_of_set(struct chunk *chunk, const struct keys *keys)
{
    *chunk = (struct chunk){ 0 };
    if (mix_format_set(&chunk->request, keys->mix, false) &&
        chunk_fill(chunk, keys->mix->plan->keys))
        return true;
    chunk_free(chunk);
    return false;
}

static bool chunk_of_removal(struct chunk *chunk, const struct keys *keys,
                             const char *command)
{
    *chunk = (struct chunk){ 0 };
    if (mix_format_word(&chunk->request, command, keys->mix) &&
        chunk_fill(chunk, keys->mix->plan->keys))
        return true;
    chunk_free(chunk);
    return false;
}

/* Send the chunk with the keys from `first` on; *done is how many. */
static bool send_chunk(struct control *control, struct chunk *chunk,
                       uint64_t first, uint64_t keys, unsigned *done)
{
    size_t length = chunk->request.command.length;
    uint64_t n = keys - first < chunk->room ? keys - first : chunk->room;

    for (unsigned i = 0; i < n; i++)
        mix_patch(chunk->bytes + i * length + chunk->request.digits_end,
                  first + i, BENCH_KEY_DIGITS / 2);
    *done = (unsigned)n;
    return control_ask(control, chunk->bytes, n * length, (unsigned)n);
}

/* All keys, chunk by chunk. */
static bool send_all(const struct keys *keys, struct control *control,
                     struct chunk *chunk)
{
    const uint64_t all = keys->mix->plan->keys;
    unsigned done;

    for (uint64_t first = 0; first < all; first += done) {
        if (!send_chunk(control, chunk, first, all, &done))
            return false;
        if (!keys->progress(keys->data, first + done))
            break;
    }
    return true;
}

static bool say(char *error, size_t size, const char *what, const char *why)
{
    (void)snprintf(error, size, "%s%s", what, why);
    return false;
}

/* Remove with one command; what is removed already is no fault. */
static bool remove_with(const struct keys *keys, struct control *control,
                        const char *command)
{
    struct chunk chunk;
    bool ok;

    if (!chunk_of_removal(&chunk, keys, command))
        return false;
    ok = send_all(keys, control, &chunk);
    chunk_free(&chunk);
    return ok;
}

/* Before Redis 4 there was only DEL. */
static bool remove_all(const struct keys *keys, struct control *control)
{
    return remove_with(keys, control, "UNLINK") ||
           (control->cause >= (enum cause)CAUSE_RESP &&
            remove_with(keys, control, "DEL"));
}

static bool load_all(const struct keys *keys, struct control *control,
                     char *error, size_t size)
{
    struct chunk chunk;
    bool ok;

    if (!chunk_of_set(&chunk, keys))
        return say(error, size, "loading keys: ", "out of memory");
    ok = send_all(keys, control, &chunk);
    chunk_free(&chunk);
    if (ok)
        return true;
    (void)snprintf(error, size, "loading keys: %s%s", control->error,
                   cause_is_resp(control->cause, RESP_ERR_READONLY)
                       ? " (--mix ping needs no keys)"
                       : "");
    if (control->cause >= (enum cause)CAUSE_RESP)
        (void)remove_all(keys, control);
    return false;
}

/* Does the server know how to keep a time to live?  Tried with a key that is
 * loaded. */
static bool knows_keep_ttl(const struct keys *keys, struct control *control)
{
    struct mix_request request = { .digits_end = 0 };
    bool knows =
        mix_format_set(&request, keys->mix, true) &&
        control_ask(control, request.command.bytes, request.command.length, 1);

    resp_batch_free(&request.command);
    return knows;
}

bool keys_load(const struct keys *keys, bool load, bool *keep_ttl, char *error,
               size_t size)
{
    struct control control;
    bool ok;

    if (!control_open(&control, keys->mix->plan, keys->side))
        return say(error, size, "", control.error);
    ok = !load || load_all(keys, &control, error, size);
    if (ok && load && *keep_ttl)
        *keep_ttl = knows_keep_ttl(keys, &control);
    control_close(&control);
    return ok;
}

bool keys_remove(const struct keys *keys)
{
    struct control control;
    bool ok;

    if (!control_open(&control, keys->mix->plan, keys->side))
        return false;
    ok = remove_all(keys, &control);
    control_close(&control);
    return ok;
}
