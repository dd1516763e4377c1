/*
 * keys.h -- the keys of a run: loaded before it, removed after it.
 *
 * Every key is PREFIX, a mark of this run, and its number; so none can have
 * been there before, and none but ours is ever removed.  Each expires by itself
 * should nobody be left to remove it.
 */
#ifndef BENCH_KEYS_H
#define BENCH_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/mix.h"
#include "bench/plan.h"

enum {
    KEYS_PREFIX_MAX = BENCH_PREFIX_MAX + 16,
};

/* Write the prefix and a mark that nobody else has. */
void keys_prefix(const struct bench_plan *plan, char prefix[KEYS_PREFIX_MAX]);

/* For how long keys of the run must live, with a wide margin. */
unsigned keys_expire_s(const struct bench_plan *plan);

/* So many are done; returns whether to go on. */
typedef bool (*keys_progress_cb)(void *data, uint64_t done);

/* What loading and removing have in common. */
struct keys {
    const struct mix_plan *mix;
    const struct bench_side *side;
    keys_progress_cb progress;
    void *data;
};

/* Check that the side answers; and SET all keys if `load`: then *keep_ttl
 * becomes false if the server cannot keep a time to live.  false: one line in
 * `error`.  Also true when `progress` stopped it. */
bool keys_load(const struct keys *keys, bool load, bool *keep_ttl, char *error,
               size_t size);

/* Remove all keys that a run may have made.  false: some are left. */
bool keys_remove(const struct keys *keys);

#endif /* BENCH_KEYS_H */
