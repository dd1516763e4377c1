/*
 * Numbers, settings and sentences of a benchmark's reports.
 */
#include <string.h>

#include "report/bench_notes.h"
#include "report/bench_words.h"
#include "support/unit.h"

#define MS UINT64_C(1000000)
#define S  UINT64_C(1000000000)

static char text[BENCH_LINE_MAX];
static struct bench_note note;

static void times_have_three_digits(void **state)
{
    static const struct {
        uint64_t ns;
        const char *text;
    } rows[] = {
        { 0, "0 us" },
        { 4, "0 us" },
        { 5, "0.01 us" },
        { 8214, "8.21 us" },
        { 9994, "9.99 us" },
        { 9995, "10.0 us" },
        { 99950, "100 us" },
        { 212000, "212 us" },
        { 999499, "999 us" },
        { 999500, "1.00 ms" },
        { 12345678, "12.3 ms" },
        { 3600 * S, "3600 s" },
        { UINT64_MAX, "1000000000 s" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        assert_string_equal(bench_time(rows[i].ns, text), rows[i].text);
}

static void counts_and_rates_step_by_a_thousand(void **state)
{
    (void)state;
    assert_string_equal(bench_count(0, text), "0");
    assert_string_equal(bench_count(999, text), "999");
    assert_string_equal(bench_count(1000, text), "1.00 k");
    assert_string_equal(bench_count(1234567, text), "1.23 M");
    assert_string_equal(bench_count(UINT64_MAX, text), "1000000 G");
    assert_string_equal(bench_rate(0, text), "0");
    assert_string_equal(bench_rate(0.5, text), "0.50");
    assert_string_equal(bench_rate(999.6, text), "1.00 k");
    assert_string_equal(bench_rate(1e30, text), "1000000 G");
}

static void differences_have_a_sign(void **state)
{
    (void)state;
    assert_string_equal(bench_time_difference(-89.24, text), "-89.2 us");
    assert_string_equal(bench_time_difference(1234, text), "+1.23 ms");
    assert_string_equal(bench_time_difference(0.001, text), "0 us");
    assert_string_equal(bench_rate_difference(-5210, text), "-5.21 k");
    assert_string_equal(bench_number(-1.7, text), "-1.70");
    assert_string_equal(bench_number(2310, text), "2310");
}

static void small_shares_are_not_nothing(void **state)
{
    (void)state;
    assert_string_equal(bench_percent(0, text), "0 %");
    assert_string_equal(bench_percent(0.00003, text), "0.003 %");
    assert_string_equal(bench_percent(0.0123, text), "1.23 %");
    assert_string_equal(bench_percent(1.5, text), "150 %");
}

static void a_plan_is_told_as_its_options_are(void **state)
{
    struct bench_plan plan = {
        .connections = 1,
        .threads = 2,
        .pipeline = 16,
        .rate = 2500.5,
        .weights = { [BENCH_SET] = 1, [BENCH_GET] = 10 },
        .size = 2048,
        .keys = 1,
        .distribution = BENCH_ZIPF,
        .reconnect = true,
    };

    (void)state;
    bench_loop_text(&plan, text, sizeof(text));
    assert_string_equal(text, "open loop at 2501/s, 1 connection, pipeline 16, "
                              "2 threads");
    bench_load_text(&plan, text, sizeof(text));
    assert_string_equal(text, "set:get 1:10, 2k-byte values, 1 key, zipf, a "
                              "connection a request");
    bench_mix_text(&plan, text, sizeof(text));
    assert_string_equal(text, "set:get=1:10");
    plan.weights[BENCH_SET] = 0;
    bench_mix_text(&plan, text, sizeof(text));
    assert_string_equal(text, "get");
}

/* ---- addresses */

enum { NHISTOGRAMS = 3 };
static struct histogram histograms[NHISTOGRAMS];
static struct bench_side_result side;

static void add_address(uint64_t p50_us, uint32_t rtt_us, uint32_t min_rtt_us,
                        uint64_t requests, uint64_t retransmits)
{
    unsigned i = side.naddresses++;
    struct bench_address_result *address = &side.addresses[i];

    memset(&histograms[i], 0, sizeof(histograms[i]));
    histogram_record(&histograms[i], p50_us * 1000, requests);
    *address = (struct bench_address_result){
        .requests = requests,
        .response = &histograms[i],
        .rtt_us = rtt_us,
        .min_rtt_us = min_rtt_us,
        .retransmits = retransmits,
    };
    assert_true(
        net_addr_parse(i ? i == 1 ? "10.0.0.2" : "10.0.0.3" : "10.0.0.1", 6379,
                       &address->addr));
}

static void a_slow_zone_and_a_slow_engine_are_told_apart(void **state)
{
    static const struct {
        uint64_t p50_us;
        uint32_t rtt_us, min_rtt_us;
        uint64_t requests;
        const char *says; /* NULL: nothing */
    } rows[] = {
        { 1200, 1190, 1000, 1000, "the zone" },
        { 1200, 1190, 0, 1000, "the zone" },
        { 1200, 1190, 160, 1000, "what answers there is slow" },
        { 1200, 1190, 600, 1000, "of which its RTT explains 450 us." },
        { 1200, 0, 0, 1000, "10.0.0.2:6379 answers 1.00 ms later at p50." },
        { 1200, 1190, 1000, 99, NULL }, /* too few to judge */
        { 230, 220, 200, 1000, NULL },  /* no two zones are the same */
        { 240, 1190, 1000, 1000, NULL },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        side.naddresses = 0;
        add_address(200, 190, 150, 1000, 0);
        add_address(rows[i].p50_us, rows[i].rtt_us, rows[i].min_rtt_us,
                    rows[i].requests, 0);
        assert_int_equal(bench_note_slow(&side, &note), rows[i].says != NULL);
        if (rows[i].says)
            assert_non_null(strstr(note.text, rows[i].says));
        assert_false(bench_note_loss(&side, &note));
    }
}

static void loss_is_told_where_it_is(void **state)
{
    (void)state;
    side.naddresses = 0;
    add_address(200, 190, 150, 10000, 0);
    add_address(200, 190, 150, 10000, 57);
    assert_true(bench_note_loss(&side, &note));
    assert_non_null(strstr(note.text, "10.0.0.2:6379 (57 segments"));
    side.addresses[0].retransmits = 40;
    assert_true(bench_note_loss(&side, &note));
    assert_non_null(strstr(note.text, "every address (97 segments"));
    side.addresses[0].retransmits = 0;
    side.addresses[1].retransmits = 2;
    assert_false(bench_note_loss(&side, &note));
    side.addresses[1].retransmits = 5;
    side.addresses[1].requests = 1000000; /* one in 200,000 is no loss */
    assert_false(bench_note_loss(&side, &note));
}

/* ---- sides */

static void a_difference_is_real_when_it_is_proven(void **state)
{
    static const double none = (double)__builtin_inf();
    static const struct bench_difference zero = { 1, 1, 0, -1, 1 };
    static const struct {
        struct bench_difference p50;
        bool significant;
        double noise;
        const char *says;
    } rows[] = {
        { { 200, 300, -100, -110, -90 },
          true,
          3,
          "Real: b's p50 is 100 us "
          "(50.0 %) higher." },
        { { 300, 200, 100, 90, 110 },
          true,
          3,
          "Real: b's p50 is 100 us "
          "(33.3 %) lower." },
        { { 300, 298, 2, 1, 3 }, true, 3, "no more than the noise" },
        { { 300, 298, 2, 1, 3 }, false, 3, "by chance" },
        { { 300, 298, 2, -1, 3 }, false, 3, "each 95 % interval holds 0." },
        { { 300, 298, 2, -1, 3 }, true, 3, "each 95 % interval holds 0." },
        { { 300, 200, 100, -none, none }, false, none, "too short" },
    };
    struct bench_result result = { .nsides = 2, .ncomparisons = 1 };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        result.noise_p50_us = result.noise_p99_us = rows[i].noise;
        result.comparisons[0] = (struct bench_comparison){
            .b = 1,
            .p50_us = rows[i].p50,
            .p99_us = zero,
            .throughput = zero,
            .significant = rows[i].significant,
        };
        assert_true(bench_note_comparison(&result, 0, &note));
        if (!strstr(note.text, rows[i].says))
            fail_msg("%zu: %s", i, note.text);
        assert_int_equal(bench_note_noise(&result, &note),
                         rows[i].noise < 1000);
    }
}

/* ---- loops and the client */

static void a_closed_loop_says_what_it_cannot_see(void **state)
{
    struct bench_plan plan = { .connections = 1 };
    static struct bench_side_result result;

    (void)state;
    assert_false(bench_note_loop(&plan, &result, &note)); /* no request */
    result.requests = 1;
    assert_true(bench_note_loop(&plan, &result, &note));
    assert_non_null(strstr(note.text, "cannot see the full cost of a stall"));
}

static void of_merged_logs_no_loop_is_known(void **state)
{
    static const struct bench_plan plan;
    static struct bench_side_result result = { .requests = 1 };

    (void)state;
    assert_false(bench_note_loop(&plan, &result, &note));
    bench_loop_text(&plan, text, sizeof(text));
    assert_string_equal(text, "merged logs");
    bench_load_text(&plan, text, sizeof(text));
    assert_string_equal(text, "");
}

static void an_open_loop_says_when_it_fell_behind(void **state)
{
    struct bench_plan plan = { .rate = 1000, .connections = 1 };
    static struct bench_side_result result = { .requests = 9900,
                                               .offered = 10000,
                                               .owed = 100 };

    (void)state;
    assert_false(bench_note_loop(&plan, &result, &note));
    result.owed = 101;
    assert_true(bench_note_loop(&plan, &result, &note));
    assert_int_equal(note.kind, BENCH_NOTE_WARNING);
    assert_non_null(strstr(note.text, "101 requests were never sent"));
}

static void the_client_shows_its_evidence(void **state)
{
    static struct bench_result result = {
        .nsides = 1,
        .client = { .cpu_s = 4.2, .wall_s = 10, .loop_lag_ns = 92000 },
    };

    (void)state;
    assert_true(bench_note_client(&result, &note));
    assert_int_equal(note.kind, BENCH_NOTE_PLAIN);
    assert_non_null(strstr(note.text, "42.0 % of one processor, 92.0 us late"));
    memset(&histograms[0], 0, sizeof(histograms[0]));
    histogram_record(&histograms[0], 400000, 1);
    result.sides[0].response = &histograms[0];
    assert_true(bench_note_client(&result, &note));
    assert_non_null(strstr(note.text, "not the bottleneck."));
    histogram_reset(&histograms[0]);
    histogram_record(&histograms[0], 360000, 1);
    assert_true(bench_note_client(&result, &note));
    assert_non_null(strstr(note.text, "the highest percentiles hold that."));
    result.client.bound = true;
    strncpy(result.client.reason, "3 ms late", sizeof(result.client.reason));
    assert_true(bench_note_client(&result, &note));
    assert_int_equal(note.kind, BENCH_NOTE_WARNING);
    assert_non_null(strstr(note.text, "bottleneck: 3 ms late."));
}

static void lost_connections_are_no_secret(void **state)
{
    struct bench_plan plan = { .reconnect = false };
    static struct bench_side_result result = { .reconnects = 1,
                                               .lost_in_flight = 16 };

    (void)state;
    assert_true(bench_note_losses(&plan, &result, &note));
    assert_non_null(strstr(note.text, "1 connection was lost and made again; "
                                      "16 requests were in flight"));
    result.reconnects = 0;
    assert_true(bench_note_losses(&plan, &result, &note));
    assert_non_null(strstr(note.text, "16 requests were in flight on "
                                      "connections that were lost for good"));
    plan.reconnect = true; /* each request has a new one */
    assert_false(bench_note_losses(&plan, &result, &note));
}

static void keys_that_stay_are_told(void **state)
{
    static struct bench_side_result result;

    (void)state;
    assert_false(bench_note_keys(&result, &note));
    result.keys_left = true;
    assert_true(bench_note_keys(&result, &note));
    assert_int_equal(note.kind, BENCH_NOTE_WARNING);
    assert_non_null(strstr(note.text, "could not be removed; they expire"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_have_three_digits),
        cmocka_unit_test(counts_and_rates_step_by_a_thousand),
        cmocka_unit_test(differences_have_a_sign),
        cmocka_unit_test(small_shares_are_not_nothing),
        cmocka_unit_test(a_plan_is_told_as_its_options_are),
        cmocka_unit_test(a_slow_zone_and_a_slow_engine_are_told_apart),
        cmocka_unit_test(loss_is_told_where_it_is),
        cmocka_unit_test(a_difference_is_real_when_it_is_proven),
        cmocka_unit_test(a_closed_loop_says_what_it_cannot_see),
        cmocka_unit_test(of_merged_logs_no_loop_is_known),
        cmocka_unit_test(an_open_loop_says_when_it_fell_behind),
        cmocka_unit_test(the_client_shows_its_evidence),
        cmocka_unit_test(lost_connections_are_no_secret),
        cmocka_unit_test(keys_that_stay_are_told),
    };

    return cmocka_run_group_tests_name("bench_words", tests, NULL, NULL);
}
