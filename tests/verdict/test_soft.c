/*
 * test_soft.c -- all passed: what times and retransmits prove, and what they
 * do not.
 */
#include "support/unit.h"

#include <string.h>

#include "verdict/described.h"
#include "verdict/given.h"

#define PING_US 300
#define START   (1000 * S)

/* What a check of one address saw, in milliseconds from the write on. */
struct row {
    const char *what;
    unsigned auth, ping, role, set, del;
    bool apart;                   /* SET went out when ROLE had come */
    unsigned ping_late, set_late; /* of this machine */
    uint32_t rtt_us;
    unsigned connect;
    unsigned retransmits, doubled;
    uint8_t syns;         /* lost before it connected */
    uint16_t connect_mss; /* 8353 at the end */
    unsigned payload;
    unsigned retry; /* the same once more; 0: it was not asked */

    enum verdict_id id;
    enum verdict_id maybe;
};

static void stage_took(struct evidence_address *address, enum stage stage,
                       uint64_t start_ns, unsigned ms, unsigned late_ms)
{
    address->stages[stage] =
        (struct evidence_stage){ .start_ns = start_ns,
                                 .took_us = ms * 1000 + PING_US,
                                 .state = STAGE_PASSED,
                                 .late_ms = (uint16_t)late_ms };
}

static struct evidence_second second;

static void given_row(struct given *given, const struct row *row)
{
    struct evidence_address *address = &given->at[0].evidence;
    uint64_t write_ns = START + row->connect * MS;
    uint64_t store_ns = write_ns + row->role * MS + PING_US * US;

    given_begin(given, 1);
    stage_took(address, STAGE_TCP, START, row->connect, 0);
    if (row->auth > 0)
        stage_took(address, STAGE_AUTH, write_ns, row->auth, 0);
    stage_took(address, STAGE_PING, write_ns, row->ping, row->ping_late);
    stage_took(address, STAGE_ROLE, write_ns, row->role, row->ping_late);
    stage_took(address, STAGE_SET, row->apart ? store_ns : write_ns, row->set,
               row->set_late);
    stage_took(address, STAGE_GET, row->apart ? store_ns : write_ns, row->set,
               row->set_late);
    stage_took(address, STAGE_CLEANUP, store_ns + (row->set + 1) * MS, row->del,
               0);
    address->tcp.rtt_us = row->rtt_us ? row->rtt_us : 300;
    address->tcp.retransmits = row->retransmits;
    address->tcp.doubled = (uint8_t)row->doubled;
    address->connect_retransmits = row->syns;
    address->connect_mss = row->connect_mss;
    address->payload_edge = row->payload > 0 ? 16000 : 0;
    address->stages[STAGE_CLEANUP].start_ns += row->payload * MS;
    if (row->retry > 0) {
        second = (struct evidence_second){ .ran = 1U << SECOND_RETRY,
                                           .trials[SECOND_RETRY].took_us =
                                               row->retry * 1000 };
        address->second = &second;
    }
}

static void assert_row(const struct row *row)
{
    static struct given given;
    struct verdict verdict;
    enum verdict_id maybe = VERDICT_OK;

    given_row(&given, row);
    verdict = classify_address(&given.at[0].evidence, &given.policy);
    if (verdict.ncandidates > 0)
        maybe = verdict.candidates[0].id;
    if (verdict.id != row->id || maybe != row->maybe)
        fail_msg("%s: %s maybe %s", row->what,
                 catalogue_entry(verdict.id)->token,
                 catalogue_entry(maybe)->token);
    assert_int_equal(verdict.status,
                     row->id == VERDICT_OK ? CHECK_OK : CHECK_WARNING);
}

static const struct row rows[] = {
    { .what = "healthy" },
    { .what = "far away, all is slow",
      .connect = 150,
      .ping = 150,
      .role = 150,
      .set = 150,
      .rtt_us = 150000 },
    /* writes wait */
    { .what = "SET held, with PING in one write",
      .set = 200,
      .id = VERDICT_REDIS_PAUSED,
      .maybe = VERDICT_PERF_LOSS },
    { .what = "SET held, in a write of its own",
      .set = 900,
      .apart = true,
      .id = VERDICT_REDIS_PAUSED,
      .maybe = VERDICT_REDIS_SLOW },
    { .what = "SET a little late", .set = 199 },
    { .what = "SET late by what PING was", .ping = 90, .role = 90, .set = 280 },
    { .what = "it was this machine", .set = 900, .set_late = 750 },
    { .what = "ROLE was slow, not SET", .role = 300, .set = 300 },
    { .what = "SET held, and this machine read PONG late",
      .ping = 400,
      .role = 400,
      .set = 510,
      .ping_late = 390,
      .set_late = 10,
      .id = VERDICT_REDIS_PAUSED,
      .maybe = VERDICT_PERF_LOSS },
    /* the engine is slow */
    { .what = "100 ms, and again",
      .ping = 100,
      .role = 100,
      .set = 100,
      .del = 100,
      .id = VERDICT_REDIS_SLOW },
    { .what = "100 ms, and again at SET",
      .ping = 100,
      .role = 100,
      .set = 100,
      .apart = true,
      .id = VERDICT_REDIS_SLOW },
    { .what = "149 ms, once", .ping = 149, .role = 149, .set = 149 },
    { .what = "150 ms, once",
      .ping = 150,
      .role = 150,
      .set = 150,
      .id = VERDICT_REDIS_SLOW },
    { .what = "a moment, and fast again",
      .ping = 399,
      .role = 399,
      .set = 399,
      .retry = 99 },
    { .what = "150 ms, and again on another connection",
      .ping = 150,
      .role = 150,
      .set = 150,
      .retry = 100,
      .id = VERDICT_REDIS_SLOW },
    { .what = "100 ms, and again on another connection",
      .ping = 100,
      .role = 100,
      .set = 100,
      .retry = 100,
      .id = VERDICT_REDIS_SLOW },
    { .what = "long, and fast again",
      .ping = 400,
      .role = 400,
      .set = 400,
      .retry = 1,
      .id = VERDICT_REDIS_SLOW },
    { .what = "99 ms, and again",
      .ping = 99,
      .role = 99,
      .set = 99,
      .del = 100 },
    { .what = "both are slow",
      .ping = 400,
      .role = 400,
      .set = 900,
      .id = VERDICT_REDIS_SLOW },
    { .what = "PONG read late",
      .ping = 400,
      .role = 400,
      .set = 400,
      .ping_late = 350,
      .set_late = 350 },
    { .what = "the round trip is long",
      .ping = 240,
      .role = 240,
      .set = 240,
      .rtt_us = 21000 },
    { .what = "the connect was slow",
      .ping = 150,
      .role = 150,
      .set = 150,
      .connect = 80 },
    { .what = "AUTH was slow, not PING",
      .auth = 300,
      .ping = 300,
      .role = 300,
      .set = 300 },
    { .what = "PING was slow after AUTH",
      .auth = 10,
      .ping = 210,
      .role = 210,
      .set = 210,
      .id = VERDICT_REDIS_SLOW },
    /* packets are lost */
    { .what = "one retransmit", .retransmits = 1, .id = VERDICT_PERF_LOSS },
    { .what = "a slow PONG and a retransmit",
      .ping = 210,
      .role = 210,
      .set = 210,
      .retransmits = 1,
      .id = VERDICT_PERF_LOSS },
    { .what = "SET held and a retransmit",
      .set = 210,
      .retransmits = 1,
      .id = VERDICT_PERF_LOSS },
    { .what = "a retransmit for nothing", .retransmits = 1, .doubled = 1 },
    { .what = "two, one for nothing",
      .retransmits = 2,
      .doubled = 1,
      .id = VERDICT_PERF_LOSS },
    { .what = "a retransmit, and segments as ever",
      .retransmits = 1,
      .connect_mss = 8353,
      .payload = 300,
      .id = VERDICT_PERF_LOSS },
    { .what = "a router asked for smaller segments",
      .retransmits = 4,
      .connect_mss = 8961,
      .payload = 300 },
    { .what = "nobody did, and smaller ones passed",
      .retransmits = 4,
      .connect_mss = 8961,
      .payload = 3500,
      .id = VERDICT_NET_MTU_BLACKHOLE },
    { .what = "slow large values", .connect_mss = 8353, .payload = 3500 },
    { .what = "only a SYN was lost",
      .retransmits = 1,
      .syns = 1,
      .connect = 1000,
      .id = VERDICT_TCP_SLOW_CONNECT },
};

static void times_are_told_from_each_other(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        assert_row(&rows[i]);
}

static void nothing_is_said_where_the_kernel_is_silent(void **state)
{
    struct row slow = { .ping = 400, .role = 400, .set = 400 };
    struct given given;

    (void)state;
    given_row(&given, &slow);
    given.at[0].evidence.tcp.state = 0;
    assert_int_equal(classify_address(&given.at[0].evidence, &given.policy).id,
                     VERDICT_OK);
}

static void a_failure_outweighs_them(void **state)
{
    struct row slow = { .set = 900, .retransmits = 3 };
    struct given given;

    (void)state;
    given_row(&given, &slow);
    given_failure(&given, 0, STAGE_GET, CAUSE_MISMATCH, MS);
    assert_int_equal(classify_address(&given.at[0].evidence, &given.policy).id,
                     VERDICT_REDIS_VALUE_MISMATCH);
}

static void thresholds_come_first(void **state)
{
    struct row slow = { .ping = 400, .role = 400, .set = 400 };
    struct given given;
    char error[64];

    (void)state;
    given_row(&given, &slow);
    assert_true(range_parse("100ms",
                            &given.policy.thresholds.warning[STAGE_PING], error,
                            sizeof(error)));
    assert_int_equal(classify_address(&given.at[0].evidence, &given.policy).id,
                     VERDICT_THRESHOLD_EXCEEDED);
}

static void they_are_told_in_words(void **state)
{
    struct row row = { .set = 900 };
    struct given given;

    (void)state;
    given_row(&given, &row);
    assert_described(
        &given, "REDIS_PAUSED",
        "SET was kept back for 900 ms, PING took 300 us",
        (const char *[EXPECTED_MAX]){
            "198.18.1.69:6379: SET was kept back for 900 ms, PING took 300 us",
            "it may be PERF_LOSS as well, decided by retransmits of a longer "
            "run" });
    row = (struct row){ .ping = 400, .role = 400, .set = 400 };
    given_row(&given, &row);
    assert_described(
        &given, "REDIS_SLOW",
        "PONG after 400 ms, the kernel's round trip is 300 us",
        (const char *[EXPECTED_MAX]){
            "198.18.1.69:6379: PONG after 400 ms, the kernel's round trip is "
            "300 us" });
    row =
        (struct row){ .retransmits = 9, .connect_mss = 8961, .payload = 6600 };
    given_row(&given, &row);
    assert_described(
        &given, "NET_MTU_BLACKHOLE",
        "large values took 6.6 s, the MSS fell from 8961 to 8353",
        (const char *[EXPECTED_MAX]){
            "198.18.1.69:6379: large values took 6.6 s, the MSS fell from 8961 "
            "to 8353" });
    row = (struct row){ .retransmits = 2 };
    given_row(&given, &row);
    assert_described(
        &given, "PERF_LOSS",
        "2 retransmits after the connect, the kernel's round trip is 300 us",
        (const char *[EXPECTED_MAX]){
            "198.18.1.69:6379: 2 retransmits after the connect, the kernel's "
            "round trip is 300 us" });
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_told_from_each_other),
        cmocka_unit_test(nothing_is_said_where_the_kernel_is_silent),
        cmocka_unit_test(a_failure_outweighs_them),
        cmocka_unit_test(thresholds_come_first),
        cmocka_unit_test(they_are_told_in_words),
    };

    return cmocka_run_group_tests_name("soft", tests, NULL, NULL);
}
