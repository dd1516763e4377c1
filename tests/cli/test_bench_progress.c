/*
 * test_bench_progress.c -- the line that is written over and over.
 */
#include "support/unit.h"

#include <string.h>

#include "commands/bench/progress.h"

static void the_line_has_what_is_known(void **state)
{
    static const struct {
        struct bench_progress progress;
        unsigned nsides;
        const char *text;
    } rows[] = {
        { { .phase = "loading keys", .left_s = -1 }, 1, "loading keys" },
        { { .phase = "warm-up",
            .left_s = 0.6,
            .rate = 512.4,
            .p50_ns = 210000,
            .p99_ns = 12345678 },
          1,
          "warm-up  512/s  p50 0.21 ms  p99 12.3 ms  0 errors  1 s left" },
        { { .phase = "measuring",
            .left_s = 9,
            .rate = 123456,
            .side = 1,
            .p50_ns = 999,
            .p99_ns = 1500000000,
            .errors = 1 },
          2,
          "measuring b  123.5k/s  p50 0.00 ms  p99 1.50 s  1 error  9 s left" },
        { { .phase = "measuring", .left_s = -1, .rate = 1234567.8 },
          1,
          "measuring  1.23M/s  0 errors" },
        { { .phase = "measuring", .left_s = 3, .errors = 12 },
          1,
          "measuring  12 errors  3 s left" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        char text[BENCH_PROGRESS_MAX];

        assert_string_equal(
            bench_progress_text(&rows[i].progress, rows[i].nsides, text),
            rows[i].text);
    }
}

static void numbers_of_any_size_fit(void **state)
{
    const struct bench_progress progress = { .phase = "measuring",
                                             .left_s = 1e300,
                                             .rate = 1e300,
                                             .p50_ns = UINT64_MAX,
                                             .p99_ns = UINT64_MAX,
                                             .errors = UINT64_MAX };
    char text[BENCH_PROGRESS_MAX];

    (void)state;
    memset(text, 'x', sizeof(text));
    bench_progress_text(&progress, 8, text);
    assert_non_null(memchr(text, '\0', sizeof(text)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_line_has_what_is_known),
        cmocka_unit_test(numbers_of_any_size_fit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
