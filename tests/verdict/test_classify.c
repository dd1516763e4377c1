/*
 * test_classify.c -- each row of the decision table with evidence that it is
 * for, and beside it the look-alike that it is not for.
 */
#include "support/unit.h"

#include <string.h>

#include "verdict/given.h"

#define NET(name)  ((enum cause)NET_##name)
#define RESP(name) ((enum cause)(CAUSE_RESP + RESP_ERR_##name))

/* A failure, and what it must be. */
struct row {
    enum stage stage;
    enum cause cause;
    enum verdict_id id;
    enum verdict_id maybe; /* the first candidate; VERDICT_OK: none */

    size_t payload;
    const char *head;     /* the first bytes of the reply */
    const char *tls_head; /* ... in the handshake */
    long verify_error;
    unsigned unacked;
    uint8_t role;
    bool tls;   /* the handshake was done, or is what failed */
    bool hello; /* a ServerHello came */
};

static const char *name_of(enum verdict_id id)
{
    return id < VERDICT_COUNT ? catalogue_entry(id)->token : "none";
}

static void begin_row(struct given *given, const struct row *row)
{
    struct evidence_fault *fault;
    struct net_tls_info *tls;

    given_begin(given, 1);
    fault = given_failure(given, 0, row->stage, row->cause, 3500 * MS);
    fault->tcp.unacked = row->unacked;
    fault->payload = row->payload;
    if (row->head) {
        fault->nhead = (unsigned)strlen(row->head);
        memcpy(fault->head, row->head, fault->nhead);
    }
    given->at[0].evidence.role = row->role;
    if (!row->tls)
        return;
    tls = given_tls(given, 0);
    tls->verify_error = row->verify_error;
    tls->server_hello = row->hello;
    if (row->tls_head) {
        tls->nhead = (unsigned)strlen(row->tls_head);
        memcpy(tls->head, row->tls_head, tls->nhead);
    }
}

static void assert_rows(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct given given;
        struct verdict verdict;
        enum verdict_id maybe;

        begin_row(&given, &rows[i]);
        verdict = classify_address(&given.at[0].evidence, &given.policy);
        maybe = verdict.ncandidates > 0 ? verdict.candidates[0].id : VERDICT_OK;
        if (verdict.id != rows[i].id || maybe != rows[i].maybe)
            fail_msg("row %zu: %s maybe %s, not %s maybe %s", i,
                     name_of(verdict.id), name_of(maybe), name_of(rows[i].id),
                     name_of(rows[i].maybe));
        assert_int_equal(verdict.stage, rows[i].stage);
        assert_int_equal(verdict.cause, rows[i].cause);
        assert_int_equal(verdict.status, catalogue_entry(rows[i].id)->severity);
        for (unsigned c = 0; c < verdict.ncandidates; c++)
            assert_true(verdict.candidates[c].decided_by[0] != '\0');
    }
}

static void a_failed_connect_is_told_by_what_came_back(void **state)
{
    static const struct row rows[] = {
        { STAGE_TCP, NET(NOPORTS), .id = VERDICT_TCP_CLIENT_PORTS_EXHAUSTED },
        { STAGE_TCP, NET(UNREACHABLE), .id = VERDICT_TCP_NO_ROUTE_LOCAL },
        { STAGE_TCP, NET(PROHIBITED), .id = VERDICT_TCP_NO_ROUTE_LOCAL },
        { STAGE_TCP, NET(NOSOURCE), .id = VERDICT_TCP_NO_ROUTE_LOCAL },
        { STAGE_TCP, NET(TIMEOUT), .id = VERDICT_TCP_TIMEOUT_ALL,
          VERDICT_AWS_NO_RULE },
        { STAGE_TCP, NET(REFUSED), .id = VERDICT_TCP_REFUSED },
        { STAGE_TCP, NET(RESET), .id = VERDICT_TCP_RST_AFTER_ACCEPT },
        { STAGE_TCP, NET(SYSTEM), .id = VERDICT_UNKNOWN_ERROR },
    };

    (void)state;
    assert_rows(rows, ARRAY_SIZE(rows));
}

static void a_handshake_is_told_by_how_far_it_came(void **state)
{
    static const struct row rows[] = {
        { STAGE_TLS, NET(TIMEOUT), .id = VERDICT_TLS_NOT_OFFERED,
          VERDICT_APP_PROXY_V2, .tls = true },
        { STAGE_TLS, NET(TIMEOUT), .id = VERDICT_TLS_HANDSHAKE_STALL,
          VERDICT_NET_MTU_BLACKHOLE, .tls = true, .hello = true },
        { STAGE_TLS, NET(TIMEOUT), .id = VERDICT_TLS_HANDSHAKE_STALL,
          VERDICT_NET_MTU_BLACKHOLE, .tls = true, .tls_head = "\x16\x03\x03" },
        { STAGE_TLS, NET(TIMEOUT), .id = VERDICT_NET_DATA_SWALLOWED,
          VERDICT_NET_MTU_BLACKHOLE, .tls = true, .unacked = 1 },
        { STAGE_TLS, NET(CLOSED), .id = VERDICT_TLS_EOF_NO_ALERT,
          VERDICT_APP_PROXY_V2, .tls = true },
        { STAGE_TLS, NET(RESET), .id = VERDICT_TCP_RST_AFTER_ACCEPT,
          .tls = true },
        { STAGE_TLS, NET(RESET), .id = VERDICT_TLS_EOF_NO_ALERT,
          VERDICT_APP_PROXY_V2, .tls = true, .hello = true },
        { STAGE_TLS, NET(TLS_ALERT), .id = VERDICT_TLS_ALERT, .tls = true },
        { STAGE_TLS, NET(TLS_ERROR), .id = VERDICT_TLS_NOT_OFFERED, .tls = true,
          .tls_head = "-ERR unknown command" },
        { STAGE_TLS, NET(TLS_ERROR), .id = VERDICT_WRONG_SERVICE, .tls = true,
          .tls_head = "HTTP/1.1 400 Bad Request" },
        { STAGE_TLS, NET(TLS_ERROR), .id = VERDICT_UNKNOWN_ERROR, .tls = true,
          .tls_head = "\x16\x03\x03" },
        { STAGE_TLS, NET(TLS_ERROR), .id = VERDICT_UNKNOWN_ERROR, .tls = true },
    };

    (void)state;
    assert_rows(rows, ARRAY_SIZE(rows));
}

static void a_certificate_is_told_by_its_x509_error(void **state)
{
    static const struct {
        long error;
        enum verdict_id id;
    } rows[] = {
        { 62, VERDICT_TLS_NAME_MISMATCH }, { 64, VERDICT_TLS_NAME_MISMATCH },
        { 9, VERDICT_TLS_EXPIRED },        { 10, VERDICT_TLS_EXPIRED },
        { 2, VERDICT_TLS_UNKNOWN_CA },     { 18, VERDICT_TLS_UNKNOWN_CA },
        { 19, VERDICT_TLS_UNKNOWN_CA },    { 20, VERDICT_TLS_UNKNOWN_CA },
        { 21, VERDICT_TLS_UNKNOWN_CA },    { 24, VERDICT_TLS_UNKNOWN_CA },
        { 27, VERDICT_TLS_UNKNOWN_CA },    { 28, VERDICT_TLS_UNKNOWN_CA },
        { 7, VERDICT_UNKNOWN_ERROR },      { 66, VERDICT_UNKNOWN_ERROR },
        { 23, VERDICT_UNKNOWN_ERROR },     { 0, VERDICT_UNKNOWN_ERROR },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const struct row row = { STAGE_TLS,   NET(TLS_VERIFY),
                                 rows[i].id,  0,
                                 .tls = true, .verify_error = rows[i].error };

        assert_rows(&row, 1);
    }
}

static void silence_is_told_by_what_was_acknowledged(void **state)
{
    static const struct row rows[] = {
        { STAGE_PING, NET(TIMEOUT), .id = VERDICT_NET_DATA_SWALLOWED,
          .unacked = 1 },
        { STAGE_PING, NET(TIMEOUT), .id = VERDICT_APP_SILENT,
          VERDICT_APP_PROXY_V2 },
        { STAGE_AUTH, NET(TIMEOUT), .id = VERDICT_APP_SILENT,
          VERDICT_APP_PROXY_V2 },
        { STAGE_PING, NET(TIMEOUT), .id = VERDICT_APP_SILENT,
          VERDICT_TLS_LISTENER_DEAD_TARGET, .tls = true },
        { STAGE_SET, NET(TIMEOUT), .id = VERDICT_APP_SILENT,
          VERDICT_REDIS_PAUSED },
        { STAGE_GET, NET(TIMEOUT), .id = VERDICT_APP_SILENT },
        { STAGE_SET, NET(TIMEOUT), .id = VERDICT_NET_DATA_SWALLOWED,
          .unacked = 1 },
        { STAGE_SET, NET(TIMEOUT), .id = VERDICT_NET_MTU_BLACKHOLE,
          .unacked = 3, .payload = 8300 },
        { STAGE_SET, NET(TIMEOUT), .id = VERDICT_NET_MTU_BLACKHOLE,
          VERDICT_APP_SILENT, .payload = 8300 },
        { STAGE_GET, NET(TIMEOUT), .id = VERDICT_NET_MTU_BLACKHOLE,
          .payload = 8300 },
        { STAGE_GET, NET(TIMEOUT), .id = VERDICT_NET_MTU_BLACKHOLE,
          .payload = 8300, .head = "$8300\r\nabc" },
    };

    (void)state;
    assert_rows(rows, ARRAY_SIZE(rows));
}

static void an_end_is_told_by_what_came_before_it(void **state)
{
    static const struct row rows[] = {
        { STAGE_PING, NET(RESET), .id = VERDICT_TCP_RST_AFTER_ACCEPT,
          VERDICT_TLS_REQUIRED },
        { STAGE_PING, NET(CLOSED), .id = VERDICT_TCP_RST_AFTER_ACCEPT,
          VERDICT_TLS_REQUIRED },
        { STAGE_AUTH, NET(RESET), .id = VERDICT_TCP_RST_AFTER_ACCEPT,
          VERDICT_TLS_REQUIRED },
        { STAGE_PING, NET(CLOSED), .id = VERDICT_TLS_LISTENER_DEAD_TARGET,
          VERDICT_REDIS_MAXCLIENTS, .tls = true },
        { STAGE_PING, NET(RESET), .id = VERDICT_TLS_LISTENER_DEAD_TARGET,
          VERDICT_REDIS_MAXCLIENTS, .tls = true },
        { STAGE_PING, NET(TLS_ALERT), .id = VERDICT_TLS_ALERT, .tls = true },
        /* the end at SET */
        { STAGE_SET, NET(CLOSED), .id = VERDICT_REDIS_READONLY,
          .role = ROLE_REPLICA },
        { STAGE_SET, NET(RESET), .id = VERDICT_REDIS_READONLY, .tls = true,
          .role = ROLE_REPLICA },
        { STAGE_SET, NET(CLOSED), .id = VERDICT_UNKNOWN_ERROR,
          VERDICT_REDIS_READONLY },
        { STAGE_SET, NET(CLOSED), .id = VERDICT_UNKNOWN_ERROR,
          .role = ROLE_MASTER },
        { STAGE_GET, NET(CLOSED), .id = VERDICT_UNKNOWN_ERROR,
          .role = ROLE_REPLICA },
        { STAGE_ROLE, NET(RESET), .id = VERDICT_UNKNOWN_ERROR },
    };

    (void)state;
    assert_rows(rows, ARRAY_SIZE(rows));
}

static void error_replies_are_told_by_their_class(void **state)
{
    static const struct row rows[] = {
        { STAGE_PING, RESP(PROTECTED), .id = VERDICT_REDIS_PROTECTED },
        { STAGE_AUTH, RESP(MAXCLIENTS), .id = VERDICT_REDIS_MAXCLIENTS },
        { STAGE_PING, RESP(NOAUTH), .id = VERDICT_AUTH_REQUIRED },
        { STAGE_AUTH, RESP(NOAUTH), .id = VERDICT_AUTH_REQUIRED },
        { STAGE_AUTH, RESP(WRONGPASS), .id = VERDICT_AUTH_REJECTED },
        { STAGE_AUTH, RESP(NOPASS), .id = VERDICT_AUTH_NOT_CONFIGURED },
        { STAGE_PING, RESP(NOPERM), .id = VERDICT_AUTH_NOPERM },
        { STAGE_SET, RESP(NOPERM), .id = VERDICT_AUTH_NOPERM },
        { STAGE_PING, RESP(LOADING), .id = VERDICT_REDIS_LOADING },
        { STAGE_GET, RESP(MASTERDOWN), .id = VERDICT_REDIS_MASTERDOWN },
        { STAGE_PING, RESP(BUSY), .id = VERDICT_REDIS_BUSY },
        { STAGE_PING, RESP(MISCONF), .id = VERDICT_REDIS_MISCONF },
        { STAGE_SET, RESP(CLUSTERDOWN), .id = VERDICT_REDIS_CLUSTERDOWN },
        { STAGE_SET, RESP(MOVED), .id = VERDICT_REDIS_MOVED },
        { STAGE_GET, RESP(ASK), .id = VERDICT_REDIS_MOVED },
        { STAGE_GET, RESP(REDIRECT), .id = VERDICT_REDIS_MOVED },
        { STAGE_SET, RESP(TRYAGAIN), .id = VERDICT_REDIS_MOVED },
        { STAGE_SET, RESP(CROSSSLOT), .id = VERDICT_REDIS_MOVED },
        { STAGE_SET, RESP(NOREPLICAS), .id = VERDICT_REDIS_NOREPLICAS },
        { STAGE_SET, RESP(OOM), .id = VERDICT_REDIS_OOM },
        { STAGE_SET, RESP(READONLY), .id = VERDICT_REDIS_READONLY },
        { STAGE_SET, RESP(UNKNOWN), .id = VERDICT_REDIS_RENAMED },
        { STAGE_SET, RESP(UNKNOWN), .id = VERDICT_REDIS_SENTINEL,
          .role = ROLE_SENTINEL },
        { STAGE_PING, RESP(UNKNOWN), .id = VERDICT_WRONG_SERVICE,
          VERDICT_REDIS_RENAMED },
        { STAGE_PING, RESP(PROTOCOL), .id = VERDICT_REDIS_PROTOCOL },
        { STAGE_AUTH, RESP(DBINDEX), .id = VERDICT_UNKNOWN_ERROR },
        { STAGE_PING, RESP(OTHER), .id = VERDICT_UNKNOWN_ERROR },
    };

    (void)state;
    assert_rows(rows, ARRAY_SIZE(rows));
}

static void replies_that_do_not_fit_are_told_by_their_bytes(void **state)
{
    static const struct row rows[] = {
        { STAGE_PING, NET(BADREPLY), .id = VERDICT_WRONG_SERVICE,
          .head = "HTTP/1.1 400" },
        { STAGE_AUTH, NET(BADREPLY), .id = VERDICT_WRONG_SERVICE,
          .head = "SSH-2.0-x" },
        { STAGE_PING, NET(BADREPLY), .id = VERDICT_WRONG_SERVICE, .tls = true,
          .head = "HTTP/1.1 400" },
        { STAGE_PING, NET(CLOSED), .id = VERDICT_WRONG_SERVICE,
          .head = "220 x" },
        { STAGE_PING, NET(BADREPLY), .id = VERDICT_REDIS_PROTOCOL,
          .head = "$-2\r\n" },
        { STAGE_PING, NET(BADREPLY), .id = VERDICT_TLS_REQUIRED,
          .head = "\x15\x03\x01" },
        { STAGE_PING, NET(BADREPLY), .id = VERDICT_REDIS_PROTOCOL, .tls = true,
          .head = "\x15\x03\x01" },
        { STAGE_PING, NET(BADREPLY), .id = VERDICT_REDIS_PROTOCOL },
        { STAGE_GET, NET(BADREPLY), .id = VERDICT_REDIS_PROTOCOL,
          .head = "HTTP/1.1 400" },
        { STAGE_PING, CAUSE_UNEXPECTED, .id = VERDICT_REDIS_PROTOCOL },
        { STAGE_PING, CAUSE_MISMATCH, .id = VERDICT_REDIS_PROTOCOL },
        { STAGE_GET, CAUSE_MISMATCH, .id = VERDICT_REDIS_VALUE_MISMATCH },
        { STAGE_SET, CAUSE_MISMATCH, .id = VERDICT_REDIS_VALUE_MISMATCH },
        { STAGE_SET, CAUSE_EXISTS, .id = VERDICT_REDIS_VALUE_MISMATCH },
        { STAGE_GET, CAUSE_EXISTS, .id = VERDICT_REDIS_VALUE_MISMATCH },
        { STAGE_ROLE, CAUSE_MISMATCH, .id = VERDICT_REDIS_ROLE_MISMATCH },
    };

    (void)state;
    assert_rows(rows, ARRAY_SIZE(rows));
}

static void a_failed_cleanup_is_a_warning_whatever_it_was(void **state)
{
    static const struct row rows[] = {
        { STAGE_CLEANUP, RESP(NOPERM), .id = VERDICT_CLEANUP_FAILED },
        { STAGE_CLEANUP, RESP(READONLY), .id = VERDICT_CLEANUP_FAILED },
        { STAGE_CLEANUP, NET(TIMEOUT), .id = VERDICT_CLEANUP_FAILED },
        { STAGE_CLEANUP, NET(RESET), .id = VERDICT_CLEANUP_FAILED },
        { STAGE_CLEANUP, CAUSE_UNEXPECTED, .id = VERDICT_CLEANUP_FAILED },
    };

    (void)state;
    assert_rows(rows, ARRAY_SIZE(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failed_connect_is_told_by_what_came_back),
        cmocka_unit_test(a_handshake_is_told_by_how_far_it_came),
        cmocka_unit_test(a_certificate_is_told_by_its_x509_error),
        cmocka_unit_test(silence_is_told_by_what_was_acknowledged),
        cmocka_unit_test(an_end_is_told_by_what_came_before_it),
        cmocka_unit_test(error_replies_are_told_by_their_class),
        cmocka_unit_test(replies_that_do_not_fit_are_told_by_their_bytes),
        cmocka_unit_test(a_failed_cleanup_is_a_warning_whatever_it_was),
    };

    return cmocka_run_group_tests_name("classify", tests, NULL, NULL);
}
