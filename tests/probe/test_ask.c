/*
 * test_ask.c -- commands to the byte, and what INFO and ROLE tell.
 */
#include "support/unit.h"

#include <stdlib.h>
#include <string.h>

#include "probe/ask.h"

static const struct ask_key key = {
    .key = { 0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a,
             0x0b, 0x0c, 0x0d, 0x0e, 0xff },
    .value = { 0xf0, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa,
               0xfb, 0xfc, 0xfd, 0xfe, 0x0f },
};
static const struct probe_options options = { .key_prefix = "p:" };
static const struct probe_target target = {
    .options = &options,
    .db = 3,
    .login = { .user = "u", .password = "p w" },
};

#define KEY   "p:000102030405060708090a0b0c0d0eff"
#define VALUE "f0f1f2f3f4f5f6f7f8f9fafbfcfdfe0f"

static void commands_are_these_bytes(void **state)
{
    static const struct {
        enum ask ask;
        const char *bytes;
    } rows[] = {
        { ASK_AUTH, "*3\r\n$4\r\nAUTH\r\n$1\r\nu\r\n$3\r\np w\r\n" },
        { ASK_SELECT, "*2\r\n$6\r\nSELECT\r\n$1\r\n3\r\n" },
        { ASK_PING, "*1\r\n$4\r\nPING\r\n" },
        { ASK_ROLE, "*1\r\n$4\r\nROLE\r\n" },
        { ASK_INFO_SERVER, "*2\r\n$4\r\nINFO\r\n$6\r\nserver\r\n" },
        { ASK_SET, "*6\r\n$3\r\nSET\r\n$34\r\n" KEY "\r\n$32\r\n" VALUE
                   "\r\n$2\r\nNX\r\n$2\r\nPX\r\n$5\r\n60000\r\n" },
        { ASK_GET, "*2\r\n$3\r\nGET\r\n$34\r\n" KEY "\r\n" },
        { ASK_DEL, "*2\r\n$3\r\nDEL\r\n$34\r\n" KEY "\r\n" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct resp_batch batch = { 0 };
        assert_true(ask_add(&batch, rows[i].ask, &target, &key, 0));
        assert_int_equal(batch.length, strlen(rows[i].bytes));
        assert_memory_equal(batch.bytes, rows[i].bytes, batch.length);
        resp_batch_free(&batch);
    }
}

static void a_value_is_only_equal_to_itself(void **state)
{
    (void)state;
    assert_true(ask_value_equal(ASK_GET, &key, 0, VALUE, 32));
    assert_false(ask_value_equal(ASK_GET, &key, 0, VALUE, 31));
    assert_false(ask_value_equal(ASK_GET, &key, 0, "x", 1));
}

static void a_payload_is_known_by_every_byte(void **state)
{
    enum { SIZE = 5000 };
    struct resp_batch batch = { 0 };
    char *value;

    (void)state;
    assert_true(ask_add(&batch, ASK_SET_PAYLOAD, &target, &key, SIZE));
    value = strstr(batch.bytes, "$5000\r\n") + 7;
    assert_true(ask_value_equal(ASK_GET_PAYLOAD, &key, SIZE, value, SIZE));
    assert_false(ask_value_equal(ASK_GET_PAYLOAD, &key, SIZE, value, SIZE - 1));
    for (size_t at = 0; at < SIZE; at += 499) {
        value[at] ^= 1;
        assert_false(ask_value_equal(ASK_GET_PAYLOAD, &key, SIZE, value, SIZE));
        value[at] ^= 1;
    }
    resp_batch_free(&batch);
}

static void two_keys_differ(void **state)
{
    struct ask_key a, b;

    (void)state;
    assert_true(ask_key_new(&a) && ask_key_new(&b));
    assert_memory_not_equal(&a, &b, sizeof(a));
}

static void info_server_is_read_for_both_engines(void **state)
{
    static const struct {
        const char *info, *product, *version, *mode;
    } rows[] = {
        { "# Server\r\nredis_version:7.0.15\r\nredis_mode:standalone\r\n"
          "run_id:abc\r\n",
          "redis", "7.0.15", "standalone" },
        { "redis_version:7.2.4\r\nserver_name:valkey\r\n"
          "valkey_version:8.1.1\r\nserver_mode:cluster\r\nrun_id:abc\r\n",
          "valkey", "8.1.1", "cluster" },
        { "xredis_version:1\r\nredis_version\r\nrun_id:abc", "redis", "", "" },
        { "", "", "", "" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct evidence_server server;
        ask_read_server(rows[i].info, strlen(rows[i].info), &server);
        assert_string_equal(server.product, rows[i].product);
        assert_string_equal(server.version, rows[i].version);
        assert_string_equal(server.mode, rows[i].mode);
        assert_string_equal(server.run_id, rows[i].info[0] ? "abc" : "");
    }
}

static void a_long_field_is_cut(void **state)
{
    static const char info[] =
        "redis_version:12345678901234567890123456789012345678901234567890\r\n";
    struct evidence_server server;

    (void)state;
    ask_read_server(info, strlen(info), &server);
    assert_int_equal(strlen(server.version), sizeof(server.version) - 1);
}

static void roles_are_read_from_role_and_info(void **state)
{
    static const struct {
        struct resp_reply reply;
        bool known;
        enum server_role role;
        const char *master;
    } rows[] = {
        { { .type = RESP_ARRAY, .elements = 3, .items = { "master", "0" } },
          true,
          ROLE_MASTER,
          NULL },
        { { .type = RESP_ARRAY,
            .elements = 5,
            .items = { "slave", "10.0.0.5", "6379" } },
          true,
          ROLE_REPLICA,
          "10.0.0.5:6379" },
        { { .type = RESP_ARRAY,
            .elements = 5,
            .items = { "slave", "fd00::1", "6379" } },
          true,
          ROLE_REPLICA,
          "[fd00::1]:6379" },
        { { .type = RESP_ARRAY, .elements = 2, .items = { "sentinel" } },
          true,
          ROLE_SENTINEL,
          NULL },
        { { .type = RESP_ARRAY, .elements = 1, .items = { "king" } },
          false,
          ROLE_UNKNOWN,
          NULL },
        { { .type = RESP_STATUS, .text = "master" },
          false,
          ROLE_UNKNOWN,
          NULL },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct evidence_address evidence = { 0 };
        assert_int_equal(ask_read_role(&rows[i].reply, &evidence),
                         rows[i].known);
        assert_int_equal(evidence.role, rows[i].role);
        if (rows[i].master)
            assert_string_equal(evidence.master, rows[i].master);
        else
            assert_null(evidence.master);
        free(evidence.master);
    }
}

static void replication_tells_role_and_primary(void **state)
{
    static const char info[] = "# Replication\r\nrole:slave\r\n"
                               "master_host:10.0.0.5\r\nmaster_port:6380\r\n";
    struct evidence_address evidence = { 0 };

    (void)state;
    assert_true(ask_read_replication(info, strlen(info), &evidence));
    assert_int_equal(evidence.role, ROLE_REPLICA);
    assert_string_equal(evidence.master, "10.0.0.5:6380");
    free(evidence.master);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_are_these_bytes),
        cmocka_unit_test(a_value_is_only_equal_to_itself),
        cmocka_unit_test(a_payload_is_known_by_every_byte),
        cmocka_unit_test(two_keys_differ),
        cmocka_unit_test(info_server_is_read_for_both_engines),
        cmocka_unit_test(a_long_field_is_cut),
        cmocka_unit_test(roles_are_read_from_role_and_info),
        cmocka_unit_test(replication_tells_role_and_primary),
    };

    return cmocka_run_group_tests_name("ask", tests, NULL, NULL);
}
