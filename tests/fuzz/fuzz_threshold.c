/*
 * fuzz_threshold.c -- any text as -w or -c.
 *
 * What is read must be in order and in bounds, and its text must be read back
 * as the same range; what is not leaves one line, and the ranges as they were
 * where nothing came before.
 */
#include "verdict/threshold.h"

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

/* Equal but for what is beyond a nanosecond. */
static bool is_near(double a, double b)
{
    return a == b || fabs(a - b) < 2e-9 + fabs(a) * 1e-12;
}

static void check_range(const struct range *range)
{
    char text[RANGE_TEXT_MAX], error[256];
    struct range again;

    if (!range->set)
        return;
    check(!isnan(range->start) && !isnan(range->end));
    check(range->start <= range->end);
    check(isinf(range->start) || fabs(range->start) <= 1e9);
    check(isinf(range->end) || fabs(range->end) <= 1e9);

    check(strlen(range_text(range, text)) < RANGE_TEXT_MAX);
    check(range_parse(text, &again, error, sizeof(error)));
    check(again.inside == range->inside);
    check(is_near(again.start, range->start));
    check(is_near(again.end, range->end));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct range ranges[THRESHOLD_COUNT] = { 0 };
    char error[256] = "";
    char *text = malloc(size + 1);

    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    if (!thresholds_parse(text, ranges, error, sizeof(error)))
        check(error[0] != '\0' && !strpbrk(error, "\r\n\x1b"));
    for (int i = 0; i < THRESHOLD_COUNT; i++)
        check_range(&ranges[i]);
    free(text);
    return 0;
}
