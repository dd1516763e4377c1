/*
 * test_tls_fault.c -- a handshake that fails, and what is told of it.
 */
#include "support/unit.h"

#include <string.h>

#include "net/tls.h"
#include "support/tls_pair.h"

/* A new session, no peer. */
static void client_open(struct tls_pair *pair)
{
    tls_pair_open(pair, NULL, TLS_NAME,
                  &(struct tls_peer_spec){ .cert = &tls_world.server });
    assert_int_equal(net_tls_handshake(pair->client, NULL, 0), NET_TLS_MORE);
}

static void an_alert_is_told_by_its_number(void **state)
{
    static const int alerts[] = { 40, 42, 46, 48, 70, 71, 80, 112, 116, 120 };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(alerts); i++) {
        const char record[] = { 21, 3, 3, 0, 2, 2, (char)alerts[i] };
        const struct net_tls_info *info;
        struct tls_pair pair;

        client_open(&pair);
        assert_int_equal(net_tls_handshake(pair.client, record, sizeof(record)),
                         NET_TLS_FAILED);
        assert_int_equal(net_tls_status(pair.client), NET_TLS_ALERT);
        info = net_tls_info(pair.client);
        assert_int_equal(info->alert, alerts[i]);
        assert_false(info->server_hello);
        assert_string_not_equal(info->error, "");
        assert_string_equal(info->subject, "");
        assert_string_equal(info->version, "");
        tls_pair_close(&pair);
    }
}

static void real_servers_alert_as_the_tables_say(void **state)
{
    const struct {
        struct tls_peer_spec spec;
        int alert;
    } rows[] = {
        { { .max_version = TLS1_1_VERSION, .min_version = TLS1_VERSION }, 70 },
        { { .max_version = TLS1_2_VERSION, .ciphers = "AES256-GCM-SHA384" },
          40 },
        { { .only_name = "other.example" }, 112 },
        { { .max_version = TLS1_2_VERSION, .client_ca = &tls_world.ca }, 40 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct tls_peer_spec spec = rows[i].spec;
        struct tls_pair pair;

        spec.cert = &tls_world.server;
        tls_pair_open(&pair, NULL, TLS_NAME, &spec);
        assert_int_equal(tls_pair_shake(&pair), NET_TLS_FAILED);
        assert_int_equal(net_tls_status(pair.client), NET_TLS_ALERT);
        assert_int_equal(net_tls_info(pair.client)->alert, rows[i].alert);
        tls_pair_close(&pair);
    }
}

static void a_warning_is_no_end(void **state)
{
    static const char warning[] = { 21, 3, 3, 0, 2, 1, 112 };
    const struct tls_peer_spec spec = { .cert = &tls_world.server,
                                        .max_version = TLS1_2_VERSION };
    struct tls_pair pair;

    (void)state;
    tls_pair_open(&pair, NULL, TLS_NAME, &spec);
    net_tls_handshake(pair.client, NULL, 0);
    assert_int_equal(net_tls_handshake(pair.client, warning, sizeof(warning)),
                     NET_TLS_MORE);
    assert_false(net_tls_info(pair.client)->server_hello);
    assert_int_equal(tls_pair_shake(&pair), NET_TLS_DONE);
    assert_true(net_tls_info(pair.client)->server_hello);
    assert_int_equal(net_tls_info(pair.client)->alert, NET_TLS_ALERT_NONE);
    tls_pair_close(&pair);
}

static void text_is_no_tls(void **state)
{
    static const char *const texts[] = {
        "HTTP/1.1 400 Bad Request\r\n\r\n", "220 mail.example ESMTP\r\n",
        "-ERR unknown command\r\n",         "+PONG\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        const size_t n = strlen(texts[i]);
        const struct net_tls_info *info;
        struct tls_pair pair;

        client_open(&pair);
        assert_int_equal(net_tls_handshake(pair.client, texts[i], n),
                         NET_TLS_FAILED);
        assert_int_equal(net_tls_status(pair.client), NET_TLS_ERROR);
        info = net_tls_info(pair.client);
        assert_false(info->server_hello);
        assert_string_equal(info->error, "wrong version number");
        assert_int_equal(info->nhead, n);
        assert_memory_equal(info->head, texts[i], n);
        tls_pair_close(&pair);
    }
}

static void a_message_without_end_is_refused(void **state)
{
    /* A ServerHello of 16 MiB - 1, in records as long as they may be. */
    char record[5 + 16384] = { 22, 3, 3, 0x40, 0, 2, -1, -1, -1, 3, 3 };
    enum net_tls_want want = NET_TLS_MORE;
    struct tls_pair pair;
    unsigned records = 0;

    (void)state;
    client_open(&pair);
    for (; want == NET_TLS_MORE && records < 100; records++)
        want = net_tls_handshake(pair.client, record, sizeof(record));
    assert_int_equal(want, NET_TLS_FAILED);
    assert_in_range(records, 1, 8);
    assert_string_not_equal(net_tls_info(pair.client)->error, "");
    tls_pair_close(&pair);
}

static void goodbye_in_a_handshake_ends_it(void **state)
{
    static const char goodbye[] = { 21, 3, 3, 0, 2, 1, 0 };
    struct tls_pair pair;

    (void)state;
    client_open(&pair);
    assert_int_equal(net_tls_handshake(pair.client, goodbye, sizeof(goodbye)),
                     NET_TLS_FAILED);
    assert_int_equal(net_tls_status(pair.client), NET_CLOSED);
    assert_int_equal(net_tls_handshake(pair.client, NULL, 0), NET_TLS_FAILED);
    tls_pair_close(&pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_alert_is_told_by_its_number),
        cmocka_unit_test(real_servers_alert_as_the_tables_say),
        cmocka_unit_test(a_warning_is_no_end),
        cmocka_unit_test(text_is_no_tls),
        cmocka_unit_test(a_message_without_end_is_refused),
        cmocka_unit_test(goodbye_in_a_handshake_ends_it),
    };

    return cmocka_run_group_tests_name("tls_fault", tests, tls_world_set_up,
                                       tls_world_tear_down);
}
