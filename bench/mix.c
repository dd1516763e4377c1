/*
 * mix.c -- formatted once, patched for ever.
 *
 *     mix_next   draw a command > draw a key > patch its digits
 */
#include "bench/mix.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/zipf.h"

enum {
    KEY_MAX = BENCH_PREFIX_MAX + BENCH_KEY_DIGITS + 32,
};

static const char pairs_of_digits[] = "00010203040506070809"
                                      "10111213141516171819"
                                      "20212223242526272829"
                                      "30313233343536373839"
                                      "40414243444546474849"
                                      "50515253545556575859"
                                      "60616263646566676869"
                                      "70717273747576777879"
                                      "80818283848586878889"
                                      "90919293949596979899";

uint64_t mix_random(uint64_t *state)
{
    uint64_t x = *state;

    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    *state = x;
    return x * UINT64_C(0x2545f4914f6cdd1d);
}

uint64_t mix_seed(uint64_t seed, uint64_t number)
{
    uint64_t x = seed + (number + 1) * UINT64_C(0x9e3779b97f4a7c15);

    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    x ^= x >> 31;
    return x ? x : 1;
}

/* So many pairs of digits do keys differ in. */
static unsigned pairs_of(uint64_t keys)
{
    unsigned pairs = 1;

    for (uint64_t reach = 100; reach < keys; reach *= 100)
        pairs++;
    return pairs;
}

void mix_patch(char *end, uint64_t key, unsigned pairs)
{
    for (; pairs > 0; pairs--) {
        end -= 2;
        memcpy(end, pairs_of_digits + 2 * (key % 100), 2);
        key /= 100;
    }
}

/* The same in half the time. */
static inline void patch_usual(char *end, uint32_t key, unsigned pairs)
{
    do {
        uint32_t rest = key / 100;

        end -= 2;
        memcpy(end, pairs_of_digits + 2 * (size_t)(key - rest * 100), 2);
        key = rest;
    } while (--pairs > 0);
}

/* The value: letters, all of them alike in every request. */
static char *make_value(size_t size)
{
    char *value = malloc(size > 0 ? size : 1);

    for (size_t i = 0; value && i < size; i++)
        value[i] = (char)('a' + i % 26);
    return value;
}

/* Find the digits of the key in the formatted command. */
static void find_digits(struct mix_request *request, const char *key)
{
    const struct resp_batch *batch = &request->command;
    size_t length = strlen(key);
    const char *at = memmem(batch->bytes, batch->length, key, length);

    request->digits_end = at ? (size_t)(at - batch->bytes) + length : 0;
}

static void make_key(char key[KEY_MAX], const struct mix_plan *plan)
{
    int n = snprintf(key, KEY_MAX, "%s%0*d", plan->prefix, BENCH_KEY_DIGITS, 0);

    assert(n < KEY_MAX);
    (void)n;
}

bool mix_format_set(struct mix_request *request, const struct mix_plan *plan,
                    bool keep_ttl)
{
    size_t size = plan->plan->size;
    char key[KEY_MAX], seconds[16], *value = make_value(size);
    const char *argv[] = { "SET", key, value, "KEEPTTL", seconds };
    size_t lengths[] = { 3, 0, size, 7, 0 };
    bool ok;

    if (!value)
        return false;
    make_key(key, plan);
    lengths[1] = strlen(key);
    if (!keep_ttl) {
        argv[3] = "EX";
        lengths[3] = 2;
        lengths[4] =
            (size_t)snprintf(seconds, sizeof(seconds), "%u", plan->expire_s);
    }
    ok = resp_batch_add(&request->command, keep_ttl ? 4 : 5, argv, lengths);
    free(value);
    if (ok)
        find_digits(request, key);
    return ok;
}

bool mix_format_word(struct mix_request *request, const char *word,
                     const struct mix_plan *plan)
{
    char key[KEY_MAX];
    const char *argv[] = { word, key };

    make_key(key, plan);
    if (!resp_batch_add(&request->command, 2, argv, NULL))
        return false;
    find_digits(request, key);
    return true;
}

static bool format_ping(struct mix_request *request)
{
    const char *argv[] = { "PING" };

    return resp_batch_add(&request->command, 1, argv, NULL);
}

bool mix_format(struct mix_request *request, enum bench_command command,
                const struct mix_plan *plan)
{
    if (command == BENCH_PING)
        return format_ping(request);
    if (command == BENCH_GET)
        return mix_format_word(request, "GET", plan);
    return mix_format_set(request, plan, plan->keep_ttl);
}

/* Of 2^32 numbers each command gets a part that is as its weight. */
static void share_out(struct mix *mix, const unsigned weights[BENCH_COMMANDS])
{
    double sum = 0, upto = 0;

    for (int command = 0; command < BENCH_COMMANDS; command++)
        sum += weights[command];
    for (int command = 0; command < BENCH_COMMANDS; command++) {
        upto += weights[command];
        mix->upto[command] = (uint64_t)(upto / sum * 0x1p32);
    }
}

static bool format_all(struct mix *mix, const struct mix_plan *plan)
{
    for (int command = 0; command < BENCH_COMMANDS; command++) {
        struct mix_request *request = &mix->requests[command];

        if (plan->plan->weights[command] == 0)
            continue;
        if (!mix_format(request, (enum bench_command)command, plan))
            return false;
        if (request->command.length > mix->largest)
            mix->largest = request->command.length;
    }
    return true;
}

bool mix_init(struct mix *mix, const struct mix_plan *plan, unsigned worker,
              unsigned workers)
{
    const struct bench_plan *bench = plan->plan;

    *mix = (struct mix){
        .random = mix_seed(bench->seed, worker),
        .distribution = bench->distribution,
        .keys = bench->keys,
        .next = bench->keys / workers * worker,
        .pairs = pairs_of(bench->keys),
    };
    share_out(mix, bench->weights);
    if (bench->distribution == BENCH_UNIFORM && bench->keys <= UINT32_MAX)
        mix->usual = (uint32_t)bench->keys;
    if (bench->distribution == BENCH_ZIPF)
        mix->zipf = zipf_new(bench->keys);
    if ((mix->zipf || bench->distribution != BENCH_ZIPF) &&
        format_all(mix, plan))
        return true;
    mix_deinit(mix);
    return false;
}

void mix_deinit(struct mix *mix)
{
    for (int command = 0; command < BENCH_COMMANDS; command++)
        resp_batch_free(&mix->requests[command].command);
    zipf_free(mix->zipf);
    mix->zipf = NULL;
}

/* The lower half of `random` draws the command. */
static inline enum bench_command draw_command(const struct mix *mix,
                                              uint64_t random)
{
    uint32_t drawn = (uint32_t)random;

    if (drawn >= mix->upto[BENCH_SET])
        return BENCH_GET;
    return drawn >= mix->upto[BENCH_PING] ? BENCH_SET : BENCH_PING;
}

static uint64_t draw_key(struct mix *mix)
{
    uint64_t key;

    if (mix->distribution == BENCH_UNIFORM)
        return mix_random(&mix->random) % mix->keys;
    if (mix->distribution == BENCH_ZIPF) {
        key = mix_random(&mix->random);
        return zipf_rank(mix->zipf, key, mix_random(&mix->random));
    }
    key = mix->next++;
    if (mix->next == mix->keys)
        mix->next = 0;
    return key;
}

/* PING, or a key that is not the usual kind.  Apart, so that the usual one
 * costs no more registers than it needs. */
__attribute__((noinline)) static const struct resp_batch *
next_other(struct mix *mix, enum bench_command command)
{
    struct mix_request *request = &mix->requests[command];

    if (command != BENCH_PING)
        mix_patch(request->command.bytes + request->digits_end, draw_key(mix),
                  mix->pairs);
    return &request->command;
}

/* The upper half of the random number draws the key. */
const struct resp_batch *mix_next(struct mix *mix, enum bench_command *command)
{
    uint64_t random = mix_random(&mix->random);
    struct mix_request *request;

    *command = draw_command(mix, random);
    if (mix->usual == 0 || *command == BENCH_PING)
        return next_other(mix, *command);
    request = &mix->requests[*command];
    patch_usual(request->command.bytes + request->digits_end,
                (uint32_t)(((random >> 32) * mix->usual) >> 32), mix->pairs);
    return &request->command;
}
