/*
 * test_tls_bytes.c -- whatever bytes a peer sends, in whatever pieces.
 */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/tls_openssl.h" /* what a session holds */
#include "support/tls_pair.h"

enum {
    BIG = 300000, /* plain text: many records, and no multiple of one */
};

static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };

/* A pair that trust each other, of one version (0: any). */
static void pair_open(struct tls_pair *pair, int version)
{
    const struct tls_peer_spec spec = { .cert = &tls_world.server,
                                        .min_version = version,
                                        .max_version = version };

    tls_pair_open(pair, NULL, TLS_NAME, &spec);
}

static void pair_open_shaken(struct tls_pair *pair, int version)
{
    pair_open(pair, version);
    assert_int_equal(tls_pair_shake(pair), NET_TLS_DONE);
    assert_int_equal(tls_pair_to_client(pair), NET_OK); /* its tickets */
}

static char pattern(size_t i)
{
    return (char)((i * 7 + i / 251) & 0x7f);
}

static void assert_pattern(const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (bytes[i] != pattern(i))
            fail_msg("byte %zu of %zu differs", i, n);
}

static char *pattern_new(size_t n)
{
    char *bytes = malloc(n);

    assert_non_null(bytes);
    for (size_t i = 0; i < n; i++)
        bytes[i] = pattern(i);
    return bytes;
}

static void bytes_may_come_one_at_a_time(void **state)
{
    char plain[16];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
        struct tls_pair pair;

        pair_open(&pair, versions[i]);
        pair.chunk = 1;
        assert_int_equal(tls_pair_shake(&pair), NET_TLS_DONE);
        tls_peer_say(&pair.peer, "+PONG\r\n", 7);
        assert_int_equal(tls_pair_to_client(&pair), NET_OK);
        assert_int_equal(net_tls_read(pair.client, plain, 4), 4);
        assert_int_equal(net_tls_read(pair.client, plain + 4, 12), 3);
        assert_int_equal(net_tls_read(pair.client, plain, 16), 0);
        assert_memory_equal(plain, "+PONG\r\n", 7);
        assert_int_equal(net_tls_info(pair.client)->head[0], 22);
        tls_pair_close(&pair);
    }
}

/* A peer that is cut after byte k leaves what stands after byte k. */
static void a_peer_may_be_cut_after_any_byte(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
        struct tls_pair pair;
        char flight[8192];
        size_t n;

        pair_open(&pair, versions[i]);
        net_tls_handshake(pair.client, NULL, 0);
        tls_pair_to_peer(&pair);
        n = tls_peer_give(&pair.peer, flight, sizeof(flight));
        assert_in_range(n, 300, sizeof(flight) - 1);
        for (size_t k = 1; k < n; k++) {
            const struct net_tls_info *info;

            assert_int_equal(net_tls_handshake(pair.client, flight + k - 1, 1),
                             NET_TLS_MORE);
            info = net_tls_info(pair.client);
            assert_int_equal(info->server_hello, k >= 6);
            assert_int_equal(info->nhead,
                             k < NET_TLS_HEAD_MAX ? k : NET_TLS_HEAD_MAX);
            assert_int_equal(info->alert, NET_TLS_ALERT_NONE);
        }
        tls_pair_close(&pair);
    }
}

static void a_session_may_be_freed_at_any_byte(void **state)
{
    (void)state;
    for (size_t k = 0; k < 1400; k += 61) {
        struct tls_pair pair;
        char flight[8192];

        pair_open(&pair, 0);
        net_tls_handshake(pair.client, NULL, 0);
        tls_pair_to_peer(&pair);
        if (k <= tls_peer_give(&pair.peer, flight, sizeof(flight)))
            net_tls_handshake(pair.client, flight, k);
        tls_pair_close(&pair);
    }
}

/* Keys differ from run to run, so this asks for no more than that it ends. */
static void a_flipped_byte_is_survived(void **state)
{
    (void)state;
    for (size_t k = 0; k < 1000; k += 7) {
        struct tls_pair pair;
        enum net_tls_want want;
        char flight[8192];
        size_t n;

        pair_open(&pair, versions[k % 2]);
        net_tls_handshake(pair.client, NULL, 0);
        tls_pair_to_peer(&pair);
        n = tls_peer_give(&pair.peer, flight, sizeof(flight));
        if (k < n)
            flight[k] = (char)(flight[k] ^ (1 << (k % 8)));
        want = net_tls_handshake(pair.client, flight, n);
        assert_int_equal(want == NET_TLS_FAILED,
                         net_tls_status(pair.client) != NET_OK);
        tls_pair_close(&pair);
    }
}

static void much_data_passes_both_ways(void **state)
{
    static const size_t chunks[] = { 0, 977 };
    char *sent = pattern_new(BIG);
    char *got = malloc(BIG);

    (void)state;
    assert_non_null(got);
    for (size_t i = 0; i < ARRAY_SIZE(versions) * ARRAY_SIZE(chunks); i++) {
        struct tls_pair pair;
        size_t n = 0, more;

        pair_open_shaken(&pair, versions[i / 2]);
        pair.chunk = chunks[i % 2];

        tls_peer_say(&pair.peer, sent, BIG);
        assert_int_equal(tls_pair_to_client(&pair), NET_OK);
        while ((more = net_tls_read(pair.client, got + n, 4099)) > 0)
            n += more;
        assert_int_equal(n, BIG);
        assert_pattern(got, BIG);

        assert_int_equal(net_tls_write(pair.client, sent, BIG), NET_OK);
        assert_in_range(tls_pair_to_peer(&pair), BIG, BIG + BIG / 100);
        for (n = 0; (more = tls_peer_hear(&pair.peer, got + n, BIG - n)) > 0;)
            n += more;
        assert_int_equal(n, BIG);
        assert_pattern(got, BIG);
        tls_pair_close(&pair);
    }
    free(got);
    free(sent);
}

/* A caller whose socket takes less than it writes, for long. */
static void bytes_that_wait_for_ever_do_not_creep(void **state)
{
    struct tls_pair pair;
    char bytes[2048];
    size_t n = 0;

    (void)state;
    pair_open_shaken(&pair, TLS1_3_VERSION);
    assert_int_equal(net_tls_write(pair.client, bytes, 1000), NET_OK);
    for (int i = 0; i < 2000; i++) {
        assert_int_equal(net_tls_write(pair.client, bytes, 1000), NET_OK);
        n = net_tls_pull(pair.client, bytes, 1000 + 22);
        assert_int_equal(n, 1000 + 22);
        tls_peer_take(&pair.peer, bytes, n);
        n = tls_peer_hear(&pair.peer, bytes, sizeof(bytes));
        assert_int_equal(n, 1000);
    }
    assert_int_equal(tls_pair_to_peer(&pair), 1000 + 22);
    assert_in_range(pair.client->out.capacity, 2044, 8192);
    tls_pair_close(&pair);
}

static void what_comes_with_the_end_of_the_handshake_is_kept(void **state)
{
    char plain[16];
    struct tls_pair pair;
    char flight[8192];
    size_t n;

    (void)state;
    pair_open(&pair, TLS1_2_VERSION);
    net_tls_handshake(pair.client, NULL, 0);
    tls_pair_to_peer(&pair);
    n = tls_peer_give(&pair.peer, flight, sizeof(flight));
    assert_int_equal(net_tls_handshake(pair.client, flight, n), NET_TLS_MORE);
    tls_pair_to_peer(&pair);
    tls_peer_say(&pair.peer, "-ERR max", 8);
    tls_peer_say_goodbye(&pair.peer);
    n = tls_peer_give(&pair.peer, flight, sizeof(flight));
    assert_int_equal(net_tls_handshake(pair.client, flight, n), NET_TLS_DONE);
    assert_int_equal(net_tls_read(pair.client, plain, sizeof(plain)), 8);
    assert_memory_equal(plain, "-ERR max", 8);
    assert_int_equal(net_tls_feed(pair.client, NULL, 0), NET_CLOSED);
    tls_pair_close(&pair);
}

static void goodbye_leaves_what_was_said_before(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
        char plain[16];
        struct tls_pair pair;

        pair_open_shaken(&pair, versions[i]);
        tls_peer_say(&pair.peer, "+OK\r\n", 5);
        tls_peer_say_goodbye(&pair.peer);
        assert_int_equal(tls_pair_to_client(&pair), NET_CLOSED);
        assert_int_equal(net_tls_read(pair.client, plain, sizeof(plain)), 5);
        assert_memory_equal(plain, "+OK\r\n", 5);
        assert_int_equal(net_tls_feed(pair.client, "x", 1), NET_CLOSED);
        assert_int_equal(net_tls_write(pair.client, "x", 1), NET_OK);
        assert_int_not_equal(tls_pair_to_peer(&pair), 0);
        tls_pair_close(&pair);
    }
}

static void the_peer_is_told_goodbye_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
        struct tls_pair pair;

        pair_open_shaken(&pair, versions[i]);
        net_tls_goodbye(pair.client);
        assert_int_not_equal(tls_pair_to_peer(&pair), 0);
        assert_true(tls_peer_was_told_goodbye(&pair.peer));
        net_tls_goodbye(pair.client);
        assert_int_equal(tls_pair_to_peer(&pair), 0);
        tls_pair_close(&pair);
    }
}

static void garbage_after_the_handshake_is_an_error(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
        struct tls_pair pair;

        pair_open_shaken(&pair, versions[i]);
        assert_int_equal(net_tls_feed(pair.client, "+PONG\r\n", 7),
                         NET_TLS_ERROR);
        assert_int_equal(net_tls_status(pair.client), NET_TLS_ERROR);
        assert_string_not_equal(net_tls_info(pair.client)->error, "");
        assert_int_equal(net_tls_write(pair.client, "x", 1), NET_TLS_ERROR);
        tls_pair_close(&pair);
    }
}

/* Each of them has us answer, so a peer could fill our memory. */
static void a_flood_of_key_updates_is_an_error(void **state)
{
    enum net_status status = NET_OK;
    struct tls_pair pair;
    char bytes[256];
    unsigned updates = 0;

    (void)state;
    pair_open_shaken(&pair, TLS1_3_VERSION);
    for (; status == NET_OK && updates < 10000; updates++) {
        size_t n;

        SSL_key_update(pair.peer.ssl, SSL_KEY_UPDATE_REQUESTED);
        SSL_do_handshake(pair.peer.ssl);
        n = tls_peer_give(&pair.peer, bytes, sizeof(bytes));
        status = net_tls_feed(pair.client, bytes, n);
    }
    assert_int_equal(status, NET_TLS_ERROR);
    assert_in_range(updates, 500, 5000);
    assert_string_equal(net_tls_info(pair.client)->error,
                        "the peer asks for new keys without end");
    tls_pair_close(&pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_may_come_one_at_a_time),
        cmocka_unit_test(a_peer_may_be_cut_after_any_byte),
        cmocka_unit_test(a_session_may_be_freed_at_any_byte),
        cmocka_unit_test(a_flipped_byte_is_survived),
        cmocka_unit_test(much_data_passes_both_ways),
        cmocka_unit_test(bytes_that_wait_for_ever_do_not_creep),
        cmocka_unit_test(what_comes_with_the_end_of_the_handshake_is_kept),
        cmocka_unit_test(goodbye_leaves_what_was_said_before),
        cmocka_unit_test(the_peer_is_told_goodbye_once),
        cmocka_unit_test(garbage_after_the_handshake_is_an_error),
        cmocka_unit_test(a_flood_of_key_updates_is_an_error),
    };

    return cmocka_run_group_tests_name("tls_bytes", tests, tls_world_set_up,
                                       tls_world_tear_down);
}
