/*
 * test_distance.c -- an address that is farther away, and what only looks so.
 */
#include "support/unit.h"

#include <string.h>

#include "verdict/described.h"
#include "verdict/distance.h"

static struct given given;
static struct evidence_distance distance;

static void given_round_trips(unsigned n, const uint32_t *us)
{
    given_begin(&given, n);
    for (unsigned i = 0; i < n; i++)
        given.at[i].evidence.tcp.min_rtt_us = us[i];
}

static void far_apart_is_suspicious(void **state)
{
    static const struct {
        const char *what;
        unsigned n;
        uint32_t us[3];
        bool suspected;
        unsigned near, far;
    } rows[] = {
        { "14 ms and none", 2, { 200, 14200 }, true, 0, 1 },
        { "the other way about", 2, { 14200, 200 }, true, 1, 0 },
        { "the farthest of three", 3, { 9000, 300, 12000 }, true, 1, 2 },
        { "... told first", 3, { 12000, 300, 9000 }, true, 1, 0 },
        { "at the edge", 2, { 2000, 4000 }, true, 0, 1 },
        { "less than 2 ms", 2, { 100, 2099 }, false, 0, 0 },
        { "less than twice", 2, { 14000, 27999 }, false, 0, 0 },
        { "alike", 2, { 14000, 14200 }, false, 0, 0 },
        { "not known of one", 2, { 0, 14000 }, false, 0, 0 },
        { "alone", 1, { 14000 }, false, 0, 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct distance_pair pair = { 0 };

        given_round_trips(rows[i].n, rows[i].us);
        if (distance_suspected(&given.target, &pair) != rows[i].suspected)
            fail_msg("%s", rows[i].what);
        assert_int_equal(pair.near, rows[i].near);
        assert_int_equal(pair.far, rows[i].far);
    }
}

static void only_what_passes_and_compares_is_suspicious(void **state)
{
    static const uint32_t apart[] = { 200, 14200 };
    struct distance_pair pair;

    (void)state;
    given_round_trips(2, apart);
    given_addr(&given, 1, "2600:1f14::69");
    assert_false(distance_suspected(&given.target, &pair));

    given_round_trips(2, apart);
    given_failure(&given, 0, STAGE_SET, cause_of_net(NET_TIMEOUT), MS);
    assert_false(distance_suspected(&given.target, &pair));
}

static void given_exchanges(unsigned i, uint32_t ping_us, uint32_t del_us)
{
    struct evidence_stage *stages = given.at[i].evidence.stages;

    stages[STAGE_PING].took_us = ping_us;
    stages[STAGE_CLEANUP] =
        (struct evidence_stage){ .start_ns = stages[STAGE_PING].start_ns + S,
                                 .took_us = del_us,
                                 .state = STAGE_PASSED };
}

/* A busy machine makes one of two exchanges late, and none early. */
static void with_tls_the_faster_exchange_counts(void **state)
{
    static const uint32_t alike[] = { 200, 200 };
    struct distance_pair pair;

    (void)state;
    given_round_trips(2, alike);
    given_tls(&given, 0);
    given_tls(&given, 1);
    given_exchanges(0, 41000, 300);
    given_exchanges(1, 16700, 14200);
    assert_true(distance_suspected(&given.target, &pair));
    assert_int_equal(pair.near, 0);
    assert_int_equal(pair.far, 1);
    given_exchanges(1, 16700, 400);
    assert_false(distance_suspected(&given.target, &pair));
}

/* A listener that ends TLS is near, wherever the cache is. */
static void with_tls_ping_counts_as_well(void **state)
{
    static const uint32_t alike[] = { 200, 200 }, apart[] = { 200, 14200 };
    struct distance_pair pair;

    (void)state;
    given_round_trips(2, alike);
    given_exchanges(1, 14200, 14200);
    assert_false(distance_suspected(&given.target, &pair));
    given_tls(&given, 0);
    given_tls(&given, 1);
    assert_true(distance_suspected(&given.target, &pair));
    assert_int_equal(pair.far, 1);

    given_round_trips(2, apart);
    given_tls(&given, 0);
    given_tls(&given, 1);
    assert_true(distance_suspected(&given.target, &pair));
}

/* `near` and `far`: a letter a round, 'a' 100 us, 'b' 2.1 ms, 'c' 4.1 ms ... */
static bool proven(const char *near, const char *far)
{
    memset(&distance, 0, sizeof(distance));
    net_addr_parse("198.18.1.69", 6379, &distance.near);
    for (; near[distance.rounds] != '\0'; distance.rounds++) {
        unsigned i = distance.rounds;

        distance.near_us[i] = (uint32_t)(near[i] - 'a') * 2000 + 100;
        distance.far_us[i] = (uint32_t)(far[i] - 'a') * 2000 + 100;
    }
    return distance_proven(&distance);
}

static void each_ping_must_take_longer(void **state)
{
    (void)state;
    assert_true(proven("aaaaaaaaaaaaaaaa", "gggggggggggggggg"));
    assert_true(proven("aaaaaaaa", "bbbbbbbb"));
    /* late now and then, as on a busy machine */
    assert_true(proven("azaazaaaazazazaa", "gzzgggzgzggzzzzg"));
    /* the far one was as near, once */
    assert_false(proven("aaaaaaaaaaaaaaaa", "ggggggggagggggggg"));
    /* the near one was as far, mostly */
    assert_false(proven("aagggggggagggagg", "gggggggggggggggg"));
    /* as busy for the one as for the other */
    assert_false(proven("gagagagagagagaga", "agagagagagagagag"));
    /* too few to say */
    assert_false(proven("aaaaaaa", "ggggggg"));
    assert_false(proven("", ""));
    /* a little farther than far is no matter */
    assert_false(proven("gggggggg", "hhhhhhhh"));
}

/* Then no load hides it, and none makes it up. */
static void the_kernel_s_times_are_enough(void **state)
{
    (void)state;
    assert_false(proven("gggggggggggggggg", "gggggggggggggggg"));
    distance.near_rtt_us = 100;
    distance.far_rtt_us = 14000;
    assert_true(distance_proven(&distance));
    distance.near_rtt_us = 0;
    assert_false(distance_proven(&distance));
    distance.near_rtt_us = 12000;
    assert_false(distance_proven(&distance));
    distance.near_rtt_us = 100;
    distance.rounds = 7;
    assert_false(distance_proven(&distance));
}

static void the_far_address_is_told_beside_the_near_one(void **state)
{
    (void)state;
    given_begin(&given, 2);
    assert_true(proven("aaaaaaaaaaaaaaaa", "hhhhhhhhhhhhhhhh"));
    given.at[1].evidence.distance = &distance;
    assert_described(
        &given, "PERF_CROSS_AZ",
        "PING takes 14.1 ms, to 198.18.1.69 only 100 us (of 16 in turns) "
        "(1 of 2 addresses)",
        (const char *[EXPECTED_MAX]){
            "198.18.2.69:6379: PING takes 14.1 ms, to 198.18.1.69 only 100 us "
            "(of 16 in turns)",
            "198.18.1.69:6379 passes" });
    distance.near_rtt_us = 90;
    distance.far_rtt_us = 14000;
    assert_described(
        &given, "PERF_CROSS_AZ",
        "the round trip is 14 ms, to 198.18.1.69 only 90 us (the least of 16 "
        "in "
        "turns) (1 of 2 addresses)",
        (const char *[EXPECTED_MAX]){
            "198.18.2.69:6379: the round trip is 14 ms, to 198.18.1.69 only "
            "90 us (the least of 16 in turns)",
            "198.18.1.69:6379 passes" });
    assert_false(proven("aaaaaaaaaaaaaaaa", "hhhhhhhahhhhhhhh"));
    assert_described(&given, "OK", "2 addresses pass",
                     (const char *[EXPECTED_MAX]){ "198.18.1.69:6379 passes",
                                                   "198.18.2.69:6379 passes" });
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(far_apart_is_suspicious),
        cmocka_unit_test(only_what_passes_and_compares_is_suspicious),
        cmocka_unit_test(with_tls_ping_counts_as_well),
        cmocka_unit_test(with_tls_the_faster_exchange_counts),
        cmocka_unit_test(each_ping_must_take_longer),
        cmocka_unit_test(the_kernel_s_times_are_enough),
        cmocka_unit_test(the_far_address_is_told_beside_the_near_one),
    };

    return cmocka_run_group_tests_name("distance", tests, NULL, NULL);
}
