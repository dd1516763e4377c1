/*
 * fuzz_bench_words.c -- any text as --start-at and as --mix.
 *
 * A time is after the epoch and before the year 10000; a mix has some weight,
 * and what is none leaves the weights as they were.
 */
#include "commands/bench/options.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void check_time(const char *text)
{
    int64_t ms = -1;

    if (bench_time_parse(text, &ms)) {
        check(ms > 0 && ms < INT64_C(253402300800000) + 86400000);
        check(strlen(text) >= sizeof("2026-11-23T03:00:00Z") - 1);
    }
}

static void check_mix(const char *text)
{
    unsigned weights[BENCH_COMMANDS] = { 77, 77, 77 };
    unsigned sum = 0;

    if (!bench_mix_parse(text, weights)) {
        for (int i = 0; i < BENCH_COMMANDS; i++)
            check(weights[i] == 77);
        return;
    }
    for (int i = 0; i < BENCH_COMMANDS; i++) {
        check(weights[i] <= 1000000);
        sum += weights[i];
    }
    check(sum > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);

    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    check_time(text);
    check_mix(text);
    free(text);
    return 0;
}
