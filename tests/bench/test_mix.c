/*
 * test_mix.c -- which command and which key come next: by weight, by
 * distribution, the same again for the same seed.
 */
#include "bench/mix.h"
#include "bench/slices.h"
#include "support/unit.h"

#include <stdlib.h>
#include <string.h>

enum { DRAWS = 200000 };

static struct bench_plan plan;
static struct mix_plan of_mix;

static int set_up(void **state)
{
    (void)state;
    plan = (struct bench_plan){
        .weights = { [BENCH_SET] = 1, [BENCH_GET] = 10 },
        .size = 64,
        .keys = 1000,
        .key_prefix = "p:",
        .seed = 3,
    };
    of_mix = (struct mix_plan){ .plan = &plan,
                                .prefix = "p:12345678:",
                                .expire_s = 600,
                                .keep_ttl = true };
    return 0;
}

/* The number of the key in a drawn request; its length must be right. */
static uint64_t key_of(const struct resp_batch *request)
{
    const char *at =
        memmem(request->bytes, request->length, "\r\n$23\r\np:12345678:", 18);
    char digits[BENCH_KEY_DIGITS + 1] = "";

    assert_non_null(at);
    memcpy(digits, at + 18, BENCH_KEY_DIGITS);
    assert_int_equal(strspn(digits, "0123456789"), BENCH_KEY_DIGITS);
    return strtoull(digits, NULL, 10);
}

static void commands_come_by_their_weights(void **state)
{
    uint64_t counts[BENCH_COMMANDS] = { 0 };
    enum bench_command command;
    struct mix mix;

    (void)state;
    plan.weights[BENCH_PING] = 5;
    assert_true(mix_init(&mix, &of_mix, 0, 1));
    for (int i = 0; i < DRAWS; i++) {
        const struct resp_batch *request = mix_next(&mix, &command);

        counts[command]++;
        if (command == BENCH_PING)
            assert_memory_equal(request->bytes, "*1\r\n$4\r\nPING\r\n", 14);
    }
    assert_in_range(counts[BENCH_PING], DRAWS * 0.30, DRAWS * 0.325);
    assert_in_range(counts[BENCH_SET], DRAWS * 0.058, DRAWS * 0.067);
    assert_in_range(counts[BENCH_GET], DRAWS * 0.61, DRAWS * 0.64);
    mix_deinit(&mix);
}

static void draw_keys(uint64_t *counts)
{
    enum bench_command command;
    struct mix mix;

    assert_true(mix_init(&mix, &of_mix, 0, 1));
    for (int i = 0; i < DRAWS; i++) {
        uint64_t key = key_of(mix_next(&mix, &command));

        assert_true(key < plan.keys);
        counts[key]++;
    }
    mix_deinit(&mix);
}

static void uniform_keys_are_alike(void **state)
{
    uint64_t counts[1000] = { 0 };

    (void)state;
    draw_keys(counts);
    for (size_t i = 0; i < ARRAY_SIZE(counts); i++)
        assert_in_range(counts[i], 120, 290); /* 200 and six deviations */
}

/* The k-th is drawn 1 / (k H) of the time, H the sum of all 1 / k: 7.485. */
static void zipf_keys_fall_with_their_rank(void **state)
{
    uint64_t counts[1000] = { 0 };

    (void)state;
    plan.distribution = BENCH_ZIPF;
    draw_keys(counts);
    for (unsigned k = 1; k <= 64; k *= 2) {
        double expected = DRAWS / (k * 7.485);

        assert_true((double)counts[k - 1] > expected * 0.8);
        assert_true((double)counts[k - 1] < expected * 1.2);
    }
}

static void sequential_keys_go_round(void **state)
{
    enum bench_command command;
    struct mix mix;

    (void)state;
    plan.distribution = BENCH_SEQUENTIAL;
    assert_true(mix_init(&mix, &of_mix, 1, 4));
    for (uint64_t i = 0; i < 3000; i++)
        assert_int_equal(key_of(mix_next(&mix, &command)), (250 + i) % 1000);
    mix_deinit(&mix);
}

/* Of two mixes, how often the same is drawn. */
static int alike(uint64_t seed, unsigned worker)
{
    enum bench_command command, other_command;
    struct mix mix, other;
    int same = 0;

    assert_true(mix_init(&mix, &of_mix, 0, 2));
    plan.seed = seed;
    assert_true(mix_init(&other, &of_mix, worker, 2));
    for (int i = 0; i < 1000; i++)
        same += key_of(mix_next(&mix, &command)) ==
                    key_of(mix_next(&other, &other_command)) &&
                command == other_command;
    mix_deinit(&mix);
    mix_deinit(&other);
    return same;
}

static void a_seed_and_a_worker_draw_the_same_again(void **state)
{
    (void)state;
    assert_int_equal(alike(3, 0), 1000);
    assert_in_range(alike(4, 0), 0, 20);
    plan.seed = 3;
    assert_in_range(alike(3, 1), 0, 20);
}

static void requests_are_what_the_server_takes(void **state)
{
    static const char set[] =
        "*4\r\n$3\r\nSET\r\n$23\r\np:12345678:000000000000\r\n$3\r\nabc\r\n"
        "$7\r\nKEEPTTL\r\n";
    static const char first[] =
        "*5\r\n$3\r\nSET\r\n$23\r\np:12345678:000000000000\r\n$3\r\nabc\r\n"
        "$2\r\nEX\r\n$3\r\n600\r\n";
    struct mix_request request = { .digits_end = 0 };

    (void)state;
    plan.size = 3;
    assert_true(mix_format_set(&request, &of_mix, true));
    assert_int_equal(request.command.length, sizeof(set) - 1);
    assert_memory_equal(request.command.bytes, set, sizeof(set) - 1);
    resp_batch_free(&request.command);
    request = (struct mix_request){ .digits_end = 0 };
    assert_true(mix_format_set(&request, &of_mix, false));
    assert_memory_equal(request.command.bytes, first, sizeof(first) - 1);
    mix_patch(request.command.bytes + request.digits_end, 4711, 6);
    assert_int_equal(key_of(&request.command), 4711);
    resp_batch_free(&request.command);
}

/* Each round has every side once, in an order that is drawn. */
static void sides_take_turns_in_a_drawn_order(void **state)
{
    unsigned first[3] = { 0 }, seen = 0, round = 0;
    struct slices slices;
    struct slice slice;

    (void)state;
    slices_init(&slices, 3, UINT64_C(30000000000), 1);
    assert_int_equal(slices.ns * slices.rounds, UINT64_C(30000000000));
    for (unsigned i = 0; slices_next(&slices, &slice); i++) {
        assert_true(slice.side < 3);
        assert_int_equal(slice.round, i / 3);
        if (i % 3 == 0)
            seen = 0, first[slice.side]++;
        assert_false(seen & 1U << slice.side);
        seen |= 1U << slice.side;
        round = slice.round;
    }
    assert_int_equal(round + 1, slices.rounds);
    for (unsigned i = 0; i < 3; i++)
        assert_in_range(first[i], slices.rounds / 5, slices.rounds / 2);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(commands_come_by_their_weights),
        TEST(uniform_keys_are_alike),
        TEST(zipf_keys_fall_with_their_rank),
        TEST(sequential_keys_go_round),
        TEST(a_seed_and_a_worker_draw_the_same_again),
        TEST(requests_are_what_the_server_takes),
        TEST(sides_take_turns_in_a_drawn_order),
    };

    return cmocka_run_group_tests_name("mix", tests, NULL, NULL);
}
