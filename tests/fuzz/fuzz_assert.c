/*
 * fuzz_assert.c -- any text as --assert.
 *
 * What is read has a metric and a limit in bounds, and its own text is read
 * back as the same; what is not leaves one line.  A result without anything
 * measured meets none.
 */
#include "bench/compare.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static struct bench_result nothing = { .nsides = 1 };

static void check_parsed(const struct bench_assert *parsed)
{
    struct bench_assertion outcome;
    struct bench_assert again;
    char error[256];

    check(parsed->side >= -1 && parsed->side < BENCH_SIDES_MAX);
    check(parsed->percentile >= 0 && parsed->percentile <= 100);
    check(isfinite(parsed->limit) && parsed->scale > 0);
    check(parsed->side < 0 || parsed->limit >= 0);
    check(memchr(parsed->text, '\0', sizeof(parsed->text)) != NULL);
    check(bench_assert_parse(parsed->text, &again, error, sizeof(error)));
    check(memcmp(&again.text, &parsed->text, sizeof(again.text)) == 0);
    check(again.limit == parsed->limit && again.side == parsed->side);
    check(again.metric == parsed->metric && again.below == parsed->below);
    nothing.assertions = &outcome;
    check(!bench_assert_check(parsed, 1, &nothing));
    check(!outcome.known && !outcome.met);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bench_assert parsed;
    char error[256] = "";
    char *text = malloc(size + 1);

    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    if (bench_assert_parse(text, &parsed, error, sizeof(error)))
        check_parsed(&parsed);
    else
        check(error[0] != '\0' && !strpbrk(error, "\r\n\x1b"));
    free(text);
    return 0;
}
