/*
 * test_second.c -- second probes turn "it may be" into "it is"; those that say
 * nothing change nothing.
 */
#include "support/unit.h"

#include <string.h>

#include "verdict/given.h"

#define NET(name)  ((enum cause)NET_##name)
#define RESP(name) ((enum cause)(CAUSE_RESP + RESP_ERR_##name))

enum {
    NOW_S = 1795400000,
};

/* A failure, one second probe or two, and what it must be. */
struct row {
    enum stage stage;
    enum cause cause;
    bool tls; /* the handshake had been done */
    unsigned unacked;
    size_t payload;

    enum second kind;
    struct evidence_trial trial;
    bool flooded;
    struct evidence_trial flood;
    bool awake; /* the same once more was answered */

    enum verdict_id id;
    enum verdict_id maybe;
};

static void begin_row(struct given *given, struct evidence_second *second,
                      const struct row *row)
{
    struct evidence_fault *fault;

    given_begin(given, 1);
    fault = given_failure(given, 0, row->stage, row->cause, S);
    fault->tcp.unacked = row->unacked;
    fault->payload = row->payload;
    if (row->tls || row->stage == STAGE_TLS)
        given_tls(given, 0);
    *second = (struct evidence_second){ .ran = 1U << row->kind };
    second->trials[row->kind] = row->trial;
    if (row->flooded) {
        second->ran |= 1U << SECOND_FLOOD;
        second->trials[SECOND_FLOOD] = row->flood;
    }
    if (row->awake) {
        second->ran |= 1U << SECOND_RETRY;
        second->trials[SECOND_RETRY].resp = true;
    }
    given->at[0].evidence.second = second;
}

static enum verdict_id first_candidate(const struct verdict *verdict)
{
    return verdict->ncandidates > 0 ? verdict->candidates[0].id : VERDICT_OK;
}

static void assert_rows(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct given given;
        struct evidence_second second;
        struct verdict verdict;
        enum verdict_id maybe;

        begin_row(&given, &second, &rows[i]);
        verdict = classify_address(&given.at[0].evidence, &given.policy);
        maybe = first_candidate(&verdict);
        if (verdict.id != rows[i].id || maybe != rows[i].maybe)
            fail_msg("row %zu: %s maybe %s", i,
                     catalogue_entry(verdict.id)->token,
                     catalogue_entry(maybe)->token);
    }
}

#define SILENT                                                                 \
    {                                                                          \
        .handshake = NET_TIMEOUT                                               \
    }
#define SILENT_PLAIN                                                           \
    {                                                                          \
        .exchange = NET_TIMEOUT, .took_us = 500000                             \
    }
/* too short for any peer to answer in */
#define HASTY                                                                  \
    {                                                                          \
        .exchange = NET_TIMEOUT, .took_us = 42000                              \
    }
#define TOO_BIG                                                                \
    {                                                                          \
        .resp = true, .too_big = true, .nhead = 16, .head = "-ERR Protocol er" \
    }
/* the PING before the long line was answered, by one who reads the line, too */
#define PONG_TOO_BIG                                                           \
    {                                                                          \
        .resp = true, .too_big = true, .nhead = 16,                            \
        .head = "+PONG\r\n-ERR Prot"                                           \
    }

static void tls_on_a_second_connection_splits_plain_failures(void **state)
{
    static const struct row rows[] = {
        { .stage = STAGE_PING,
          .cause = NET(RESET),
          .kind = SECOND_TLS,
          .trial = { .server_hello = true },
          .id = VERDICT_TLS_REQUIRED },
        { .stage = STAGE_AUTH,
          .cause = NET(CLOSED),
          .kind = SECOND_TLS,
          .trial = { .server_hello = true },
          .id = VERDICT_TLS_REQUIRED },
        { .stage = STAGE_PING,
          .cause = NET(TIMEOUT),
          .kind = SECOND_TLS,
          .trial = { .handshake = NET_TLS_ALERT, .alert = 40 },
          .id = VERDICT_TLS_REQUIRED },
        { .stage = STAGE_PING,
          .cause = NET(RESET),
          .kind = SECOND_TLS,
          .trial = { .handshake = NET_RESET, .alert = -1 },
          .id = VERDICT_TCP_RST_AFTER_ACCEPT },
        { .stage = STAGE_PING,
          .cause = NET(RESET),
          .kind = SECOND_TLS,
          .trial = { .connect = NET_TIMEOUT, .alert = -1 },
          .id = VERDICT_TCP_RST_AFTER_ACCEPT,
          .maybe = VERDICT_TLS_REQUIRED },
        /* text in answer to the ClientHello is no TLS */
        { .stage = STAGE_PING,
          .cause = NET(RESET),
          .kind = SECOND_TLS,
          .trial = { .handshake = NET_TLS_ERROR,
                     .alert = -1,
                     .nhead = 4,
                     .head = "HTTP" },
          .id = VERDICT_TCP_RST_AFTER_ACCEPT,
          .maybe = VERDICT_TLS_REQUIRED },
    };

    (void)state;
    assert_rows(rows, ARRAY_SIZE(rows));
}

static void plain_on_a_second_connection_splits_tls_failures(void **state)
{
    static const struct row rows[] = {
        { .stage = STAGE_TLS,
          .cause = NET(TIMEOUT),
          .kind = SECOND_PLAIN,
          .trial = { .resp = true, .nhead = 5 },
          .id = VERDICT_TLS_NOT_OFFERED },
        { .stage = STAGE_TLS,
          .cause = NET(CLOSED),
          .kind = SECOND_PLAIN,
          .trial = { .resp = true, .nhead = 5 },
          .id = VERDICT_TLS_NOT_OFFERED },
        { .stage = STAGE_TLS,
          .cause = NET(TIMEOUT),
          .kind = SECOND_PLAIN,
          .trial = SILENT_PLAIN,
          .id = VERDICT_APP_SILENT,
          .maybe = VERDICT_APP_PROXY_V2 },
        { .stage = STAGE_TLS,
          .cause = NET(TIMEOUT),
          .kind = SECOND_PLAIN,
          .trial = { .exchange = NET_RESET },
          .id = VERDICT_TLS_HANDSHAKE_STALL,
          .maybe = VERDICT_NET_MTU_BLACKHOLE },
        { .stage = STAGE_TLS,
          .cause = NET(CLOSED),
          .kind = SECOND_PLAIN,
          .trial = { .exchange = NET_CLOSED },
          .id = VERDICT_TLS_EOF_NO_ALERT,
          .maybe = VERDICT_APP_PROXY_V2 },
    };

    (void)state;
    assert_rows(rows, ARRAY_SIZE(rows));
}

static void a_long_line_splits_what_is_silent(void **state)
{
    static const struct row rows[] = {
        { .stage = STAGE_PING,
          .cause = NET(TIMEOUT),
          .kind = SECOND_TLS,
          .trial = SILENT,
          .flooded = true,
          .flood = TOO_BIG,
          .id = VERDICT_APP_PROXY_V2 },
        { .stage = STAGE_PING,
          .cause = NET(TIMEOUT),
          .kind = SECOND_TLS,
          .trial = SILENT,
          .flooded = true,
          .flood = TOO_BIG,
          .awake = true,
          .id = VERDICT_APP_SILENT },
        { .stage = STAGE_PING,
          .cause = NET(TIMEOUT),
          .kind = SECOND_TLS,
          .trial = SILENT,
          .flooded = true,
          .flood = SILENT_PLAIN,
          .id = VERDICT_APP_SILENT },
        { .stage = STAGE_PING,
          .cause = NET(TIMEOUT),
          .kind = SECOND_TLS,
          .trial = SILENT,
          .id = VERDICT_APP_SILENT,
          .maybe = VERDICT_APP_PROXY_V2 },
        { .stage = STAGE_TLS,
          .cause = NET(TIMEOUT),
          .kind = SECOND_PLAIN,
          .trial = SILENT_PLAIN,
          .flooded = true,
          .flood = TOO_BIG,
          .id = VERDICT_APP_PROXY_V2 },
        { .stage = STAGE_PING,
          .cause = NET(TIMEOUT),
          .unacked = 1,
          .kind = SECOND_TLS,
          .trial = SILENT,
          .flooded = true,
          .flood = SILENT_PLAIN,
          .id = VERDICT_NET_DATA_SWALLOWED },
    };

    (void)state;
    assert_rows(rows, ARRAY_SIZE(rows));
}

static void a_silence_too_short_to_be_one_proves_nothing(void **state)
{
    static const struct row rows[] = {
        { .stage = STAGE_PING,
          .cause = NET(TIMEOUT),
          .kind = SECOND_TLS,
          .trial = SILENT,
          .flooded = true,
          .flood = HASTY,
          .id = VERDICT_APP_SILENT,
          .maybe = VERDICT_APP_PROXY_V2 },
        { .stage = STAGE_TLS,
          .cause = NET(TIMEOUT),
          .kind = SECOND_PLAIN,
          .trial = HASTY,
          .id = VERDICT_TLS_NOT_OFFERED,
          .maybe = VERDICT_APP_PROXY_V2 },
        { .stage = STAGE_TLS,
          .cause = NET(TIMEOUT),
          .kind = SECOND_PLAIN,
          .trial = HASTY,
          .flooded = true,
          .flood = HASTY,
          .id = VERDICT_TLS_NOT_OFFERED,
          .maybe = VERDICT_APP_PROXY_V2 },
    };

    (void)state;
    assert_rows(rows, ARRAY_SIZE(rows));
}

static void a_ping_answered_before_the_long_line_had_no_header(void **state)
{
    static const struct row rows[] = {
        { .stage = STAGE_TLS,
          .cause = NET(TIMEOUT),
          .kind = SECOND_PLAIN,
          .trial = SILENT_PLAIN,
          .flooded = true,
          .flood = PONG_TOO_BIG,
          .id = VERDICT_TLS_NOT_OFFERED },
        { .stage = STAGE_PING,
          .cause = NET(TIMEOUT),
          .kind = SECOND_TLS,
          .trial = SILENT,
          .flooded = true,
          .flood = PONG_TOO_BIG,
          .id = VERDICT_APP_SILENT },
        { .stage = STAGE_PING,
          .cause = NET(TIMEOUT),
          .kind = SECOND_TLS,
          .trial = SILENT,
          .flooded = true,
          .flood = { .exchange = NET_TIMEOUT,
                     .resp = true,
                     .nhead = 7,
                     .head = "+PONG\r\n" },
          .id = VERDICT_APP_SILENT },
    };

    (void)state;
    assert_rows(rows, ARRAY_SIZE(rows));
}

static void where_moved_points_may_be_out_of_reach(void **state)
{
    static const struct row rows[] = {
        { .stage = STAGE_SET,
          .cause = RESP(MOVED),
          .kind = SECOND_REDIRECT,
          .trial = { .connect = NET_REFUSED },
          .id = VERDICT_REDIS_MOVED_UNREACHABLE },
        { .stage = STAGE_SET,
          .cause = RESP(REDIRECT),
          .kind = SECOND_REDIRECT,
          .trial = { .connect = NET_UNREACHABLE },
          .id = VERDICT_REDIS_MOVED_UNREACHABLE },
        { .stage = STAGE_SET,
          .cause = RESP(MOVED),
          .kind = SECOND_REDIRECT,
          .trial = { .connect = NET_TIMEOUT },
          .id = VERDICT_REDIS_MOVED_UNREACHABLE },
        { .stage = STAGE_SET,
          .cause = RESP(MOVED),
          .kind = SECOND_REDIRECT,
          .trial = { .connect = NET_OK },
          .id = VERDICT_REDIS_MOVED },
        { .stage = STAGE_SET,
          .cause = RESP(MOVED),
          .kind = SECOND_REDIRECT,
          .trial = { .connect = NET_NOMEM },
          .id = VERDICT_REDIS_MOVED },
    };

    (void)state;
    assert_rows(rows, ARRAY_SIZE(rows));
}

static void the_same_once_more_splits_a_crowd_from_the_dead(void **state)
{
    static const struct row rows[] = {
        { .stage = STAGE_PING,
          .cause = NET(CLOSED),
          .tls = true,
          .kind = SECOND_RETRY,
          .trial = { .resp = true, .nhead = 7 },
          .id = VERDICT_REDIS_MAXCLIENTS,
          .maybe = VERDICT_TLS_LISTENER_DEAD_TARGET },
        { .stage = STAGE_PING,
          .cause = NET(CLOSED),
          .tls = true,
          .kind = SECOND_RETRY,
          .trial = { .exchange = NET_CLOSED },
          .id = VERDICT_TLS_LISTENER_DEAD_TARGET,
          .maybe = VERDICT_REDIS_MAXCLIENTS },
    };

    (void)state;
    assert_rows(rows, ARRAY_SIZE(rows));
}

static void a_ping_beside_it_shows_that_only_writes_hang(void **state)
{
    static const struct row rows[] = {
        { .stage = STAGE_SET,
          .cause = NET(TIMEOUT),
          .kind = SECOND_PING,
          .trial = { .resp = true, .nhead = 7 },
          .id = VERDICT_REDIS_PAUSED },
        { .stage = STAGE_SET,
          .cause = NET(TIMEOUT),
          .kind = SECOND_PING,
          .trial = { .exchange = NET_TIMEOUT },
          .id = VERDICT_APP_SILENT,
          .maybe = VERDICT_REDIS_PAUSED },
    };

    (void)state;
    assert_rows(rows, ARRAY_SIZE(rows));
}

static void a_ladder_of_sizes_shows_the_hole_or_none(void **state)
{
    static const struct {
        uint32_t most, least;
        unsigned unacked;
        enum verdict_id id;
        enum verdict_id maybe;
    } rows[] = {
        { 1380, 1440, 0, VERDICT_NET_MTU_BLACKHOLE, VERDICT_OK },
        { 1380, 1440, 3, VERDICT_NET_MTU_BLACKHOLE, VERDICT_OK },
        { 40000, 0, 0, VERDICT_APP_SILENT, VERDICT_NET_MTU_BLACKHOLE },
        { 40000, 0, 3, VERDICT_NET_MTU_BLACKHOLE, VERDICT_OK },
        { 0, 100, 0, VERDICT_NET_MTU_BLACKHOLE, VERDICT_APP_SILENT },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct evidence_second second = { .ran = 1U << SECOND_LADDER,
                                          .ladder_most = rows[i].most,
                                          .ladder_least = rows[i].least };
        struct evidence_fault *fault;
        struct given given;
        struct verdict verdict;

        given_begin(&given, 1);
        fault = given_failure(&given, 0, STAGE_SET, NET(TIMEOUT), S);
        fault->payload = 8300;
        fault->tcp.unacked = rows[i].unacked;
        given.at[0].evidence.second = &second;
        verdict = classify_address(&given.at[0].evidence, &given.policy);
        assert_int_equal(verdict.id, rows[i].id);
        assert_int_equal(first_candidate(&verdict), rows[i].maybe);
    }
}

static void source_ports_that_fail_again_are_told(void **state)
{
    static const struct {
        uint8_t tried, failed, again;
        enum verdict_id alone;
        enum verdict_id beside; /* an address that passes */
        enum verdict_id maybe;
    } rows[] = {
        { 6, 3, 3, VERDICT_TCP_TIMEOUT_SOME_PORTS,
          VERDICT_TCP_TIMEOUT_SOME_PORTS, VERDICT_OK },
        { 6, 3, 0, VERDICT_TCP_TIMEOUT_SOME_PORTS,
          VERDICT_TCP_TIMEOUT_SOME_PORTS, VERDICT_NET_NLB_PORT_ALLOCATION },
        { 6, 0, 0, VERDICT_TCP_TIMEOUT_SOME_PORTS,
          VERDICT_TCP_TIMEOUT_SOME_PORTS, VERDICT_NET_NLB_PORT_ALLOCATION },
        { 6, 6, 0, VERDICT_TCP_TIMEOUT_ALL, VERDICT_TCP_TIMEOUT_ONE_AZ,
          VERDICT_OK },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct evidence_second second = { .ran = 1U << SECOND_PORTS,
                                          .ports_tried = rows[i].tried,
                                          .ports_failed = rows[i].failed,
                                          .ports_again = rows[i].again };
        struct given given;
        struct outcome outcome;

        given_begin(&given, 2);
        given_failure(&given, 0, STAGE_TCP, NET(TIMEOUT), S);
        given.at[0].evidence.second = &second;
        outcome = (struct outcome){ 0 };
        assert_true(combine(&given.target, &given.policy, &outcome));
        assert_int_equal(outcome.verdict.id, rows[i].beside);
        assert_int_equal(first_candidate(&outcome.verdict), rows[i].maybe);
        outcome_free(&outcome);
        assert_int_equal(
            classify_address(&given.at[0].evidence, &given.policy).id,
            rows[i].alone);
    }
}

static void an_iam_token_is_judged_by_what_it_says(void **state)
{
    static const struct {
        struct evidence_iam iam;
        enum verdict_id id;
    } rows[] = {
        { { NOW_S - 100, 900, false, false }, VERDICT_AUTH_REJECTED },
        { { NOW_S - 900, 900, false, false }, VERDICT_AUTH_REJECTED },
        { { NOW_S - 901, 900, false, false }, VERDICT_AUTH_IAM_EXPIRED },
        { { NOW_S + 300, 900, false, false }, VERDICT_AUTH_REJECTED },
        { { NOW_S + 301, 900, false, false }, VERDICT_AUTH_IAM_EXPIRED },
        { { NOW_S, 900, true, false }, VERDICT_AUTH_IAM_EXPIRED },
        { { NOW_S, 900, false, true }, VERDICT_AUTH_IAM_EXPIRED },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct evidence_iam iam = rows[i].iam;
        struct given given;

        given_begin(&given, 1);
        given.policy.now_s = NOW_S;
        given_failure(&given, 0, STAGE_AUTH, RESP(WRONGPASS), MS);
        assert_int_equal(
            classify_address(&given.at[0].evidence, &given.policy).id,
            VERDICT_AUTH_REJECTED);
        given.at[0].evidence.iam = &iam;
        assert_int_equal(
            classify_address(&given.at[0].evidence, &given.policy).id,
            rows[i].id);
        given_failure(&given, 0, STAGE_AUTH, RESP(NOPERM), MS);
        assert_int_equal(
            classify_address(&given.at[0].evidence, &given.policy).id,
            VERDICT_AUTH_NOPERM);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tls_on_a_second_connection_splits_plain_failures),
        cmocka_unit_test(plain_on_a_second_connection_splits_tls_failures),
        cmocka_unit_test(a_long_line_splits_what_is_silent),
        cmocka_unit_test(a_silence_too_short_to_be_one_proves_nothing),
        cmocka_unit_test(a_ping_answered_before_the_long_line_had_no_header),
        cmocka_unit_test(where_moved_points_may_be_out_of_reach),
        cmocka_unit_test(the_same_once_more_splits_a_crowd_from_the_dead),
        cmocka_unit_test(a_ping_beside_it_shows_that_only_writes_hang),
        cmocka_unit_test(a_ladder_of_sizes_shows_the_hole_or_none),
        cmocka_unit_test(source_ports_that_fail_again_are_told),
        cmocka_unit_test(an_iam_token_is_judged_by_what_it_says),
    };

    return cmocka_run_group_tests_name("second", tests, NULL, NULL);
}
