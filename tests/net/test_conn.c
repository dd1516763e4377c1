/*
 * test_conn.c -- what becomes of an exchange, over plain TCP and over TLS.
 */
#include "support/unit.h"

#include <stdlib.h>
#include <string.h>

#include "net/conn_world.h"

#define MAX_ERR "-ERR max number of clients reached\r\n"

enum {
    MANY = 100 * 1000, /* bytes: more than a feed is given at once */
};

_Static_assert(sizeof(struct net_conn) <= 600,
               "one is embedded in every probe in flight");

static void a_reply_is_read(void **state)
{
    static const struct peer_step script[] = {
        { PEER_EXPECT, PING, 0 }, { PEER_SEND, PONG, 0 },
        { PEER_EXPECT, PING, 0 }, { PEER_SEND, PONG, 0 },
        { PEER_END, NULL, 0 },
    };

    (void)state;
    world_connect(script);
    world_assert_alive(2);
}

static void a_reply_may_come_in_pieces(void **state)
{
    static const struct peer_step script[] = {
        { PEER_EXPECT, PING, 0 },
        { PEER_DRIP, PONG, 0 },
        { PEER_END, NULL, 0 },
    };

    (void)state;
    world_connect(script);
    world_assert_alive(1);
}

static unsigned rounds;

static void ask_again(struct net_conn *conn, enum net_status status)
{
    assert_int_equal(status, NET_OK);
    world.got = 0;
    if (--rounds == 0)
        world_called(conn, status);
    else
        net_conn_exchange(conn, PING, strlen(PING), world_feed, ask_again);
}

static void a_callback_may_start_the_next_operation(void **state)
{
    static const struct peer_step script[] = {
        { PEER_EXPECT, PING, 0 }, { PEER_SEND, PONG, 0 },
        { PEER_EXPECT, PING, 0 }, { PEER_DRIP, PONG, 0 },
        { PEER_EXPECT, PING, 0 }, { PEER_SEND, PONG, 0 },
        { PEER_END, NULL, 0 },
    };

    (void)state;
    world_connect(script);
    world.want = strlen(PONG);
    rounds = 3;
    net_conn_exchange(&world.conn, PING, strlen(PING), world_feed, ask_again);
    assert_int_equal(world_run(), NET_OK);
    assert_false(uv_is_active((uv_handle_t *)&world.conn.tcp));
}

static void megabytes_go_both_ways(void **state)
{
    char *bytes = world_bytes(WORLD_BIG);
    const struct peer_step script[] = {
        { PEER_EXPECT, bytes, WORLD_BIG },
        { PEER_SEND, bytes, WORLD_BIG },
        { PEER_EXPECT, PING, 0 },
        { PEER_SEND, PONG, 0 },
        { PEER_END, NULL, 0 },
    };

    (void)state;
    world_connect(script);
    assert_int_equal(world_exchange_n(bytes, WORLD_BIG, WORLD_BIG), NET_OK);
    assert_int_equal(world.got, WORLD_BIG);
    assert_memory_equal(world.head, bytes, WORLD_HEAD - 1);
    world_assert_alive(1);
    peer_wait(world.peer, 4);
    free(bytes);
}

static void a_slow_reader_gets_every_byte(void **state)
{
    char *bytes = world_bytes(WORLD_HUGE);
    const struct peer_step script[] = {
        { PEER_GATE, NULL, 0 },
        { PEER_EXPECT, bytes, WORLD_HUGE },
        { PEER_SEND, PONG, 0 },
        { PEER_END, NULL, 0 },
    };

    (void)state;
    world_connect(script);
    world.want = strlen(PONG);
    net_conn_exchange(&world.conn, bytes, WORLD_HUGE, world_feed, world_called);
    assert_non_null(world.conn.send); /* the socket did not take all */
    (void)uv_run(&world.loop.uv, UV_RUN_NOWAIT);
    peer_open_gate(world.peer);
    assert_int_equal(world_run(), NET_OK);
    assert_string_equal(world.head, PONG);
    assert_null(world.conn.send);
    free(bytes);
}

/* Keep the loop from looking. */
static void be_busy_for(unsigned ms)
{
    uint64_t start_ns = net_now();

    while (net_now() - start_ns < (uint64_t)ms * MS_NS)
        continue;
}

/* Run what is started; it must take its `timeout_ms` and end in TIMEOUT. */
static void assert_times_out(uint64_t start_ns)
{
    assert_int_equal(world_run(), NET_TIMEOUT);
    assert_true(net_now() - start_ns >= (WORLD_SHORT_MS - 1) * (uint64_t)MS_NS);
    assert_int_equal(world.conn.native, 0);
}

static void silence_ends_at_the_deadline(void **state)
{
    static const struct peer_step script[] = {
        { PEER_EXPECT, PING, 0 },
        { PEER_SILENT, NULL, 0 },
    };
    uint64_t start_ns;

    (void)state;
    world_connect(script);
    world.conn.timeout_ms = WORLD_SHORT_MS;
    be_busy_for(2 * WORLD_SHORT_MS); /* which does not count */
    start_ns = net_now();
    net_conn_exchange(&world.conn, PING, strlen(PING), world_feed,
                      world_called);
    assert_times_out(start_ns);
}

static void a_peer_that_never_reads_ends_at_the_deadline(void **state)
{
    static const struct peer_step script[] = {
        { PEER_GATE, NULL, 0 },
        { PEER_END, NULL, 0 },
    };
    char *bytes = world_bytes(WORLD_HUGE);
    uint64_t start_ns;

    (void)state;
    world_connect(script);
    world.conn.timeout_ms = WORLD_SHORT_MS;
    start_ns = net_now();
    net_conn_exchange(&world.conn, bytes, WORLD_HUGE, world_feed, world_called);
    assert_times_out(start_ns);
    free(bytes); /* ours again, though a piece is still in flight */
    (void)uv_run(&world.loop.uv, UV_RUN_NOWAIT);
}

static void a_flood_ends_at_the_deadline(void **state)
{
    static const struct peer_step script[] = {
        { PEER_FLOOD, "0123456789abcdef0123456789abcdef\r\n", 0 },
    };

    (void)state;
    world_connect(script);
    assert_int_equal(world_exchange("", 1), NET_OK); /* it has begun */
    world_arrived(1);
    world.conn.timeout_ms = WORLD_SHORT_MS;
    assert_int_equal(world_exchange(PING, 0), NET_TIMEOUT);
    assert_true(world.got > 0);
}

static void what_is_not_understood_is_a_bad_reply(void **state)
{
    static const struct peer_step script[] = {
        { PEER_EXPECT, PING, 0 },
        { PEER_SEND, "HTTP/1.1 400 Bad Request\r\n", 0 },
        { PEER_END, NULL, 0 },
    };

    (void)state;
    world_connect(script);
    world.is_bad = true;
    assert_int_equal(world_exchange(PING, 1), NET_BADREPLY);
    assert_int_equal(world.conn.native, 0);
}

static void an_end_in_mid_reply_is_told(void **state)
{
    static const struct {
        enum peer_do how;
        enum net_status status;
    } rows[] = {
        { PEER_CLOSE, NET_CLOSED },
        { PEER_CUT, NET_CLOSED },
        { PEER_RESET, NET_RESET },
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const struct peer_step script[] = {
            { PEER_EXPECT, PING, 0 },
            { PEER_SEND, "+PO", 0 },
            { rows[i].how, NULL, 0 },
        };

        world_connect(script);
        assert_int_equal(world_exchange(PING, strlen(PONG)), rows[i].status);
        assert_string_equal(world.head, "+PO");
        /* and so does whatever is tried next */
        assert_int_equal(world_exchange(PING, 1), rows[i].status);
        assert_int_equal(world_wait(1), rows[i].status);
        assert_int_equal(world_close(state), 0);
        assert_int_equal(world_open(state), 0);
    }
}

static void an_error_before_the_end_is_read(void **state)
{
    static const struct {
        enum peer_do how;
        enum net_status status;
    } rows[] = {
        { PEER_CLOSE, NET_CLOSED },
        { PEER_CUT, NET_CLOSED },
        { PEER_RESET, NET_RESET },
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const struct peer_step script[] = {
            { PEER_SEND, MAX_ERR, 0 },
            { rows[i].how, NULL, 0 },
        };

        world_connect(script);
        peer_wait(world.peer, 2);
        assert_int_equal(world_exchange(PING, strlen(MAX_ERR)), NET_OK);
        assert_string_equal(world.head, MAX_ERR);
        assert_int_equal(world_exchange(PING, 1), rows[i].status);
        assert_int_equal(world_close(state), 0);
        assert_int_equal(world_open(state), 0);
    }
}

static void too_short_an_error_before_a_reset_is_a_reset(void **state)
{
    static const struct peer_step script[] = {
        { PEER_SEND, "-ERR", 0 },
        { PEER_RESET, NULL, 0 },
    };

    (void)state;
    world_connect(script);
    peer_wait(world.peer, 2);
    assert_int_equal(world_exchange(PING, strlen(MAX_ERR)), NET_RESET);
    assert_string_equal(world.head, "-ERR");
}

static void what_one_feed_left_is_the_next_one_s(void **state)
{
    char *bytes = world_bytes(WORLD_BIG);
    const struct peer_step script[] = {
        { PEER_EXPECT, PING, 0 },
        { PEER_SEND, bytes, MANY },
        { PEER_END, NULL, 0 },
    };
    size_t first;

    (void)state;
    world_connect(script);
    net_conn_exchange(&world.conn, PING, strlen(PING), world_feed,
                      world_called);
    peer_wait(world.peer, 2);
    world.want = 1;
    assert_int_equal(world_run(), NET_OK);
    first = world.got;
    assert_true(first < MANY);
    assert_int_equal(world_exchange("", MANY - first), NET_OK);
    assert_int_equal(world.got, MANY - first);
    assert_int_equal(world.head[0], bytes[first]);
    free(bytes);
}

/* One record is cut by the size of a read; the small ones come with its end,
 * so that under TLS more is decrypted at once than a feed is given. */
static void what_tls_holds_back_needs_no_further_byte(void **state)
{
    char *bytes = world_bytes(NET_READ_SIZE);
    const struct peer_step script[] = {
        { PEER_SEND, bytes, NET_READ_SIZE },
        { PEER_DRIP, bytes, 200 },
        { PEER_END, NULL, 0 },
    };
    size_t first;

    (void)state;
    world_connect(script);
    peer_wait(world.peer, 2);
    if (!world_is_tls()) /* whose handshake may have read of it */
        world_arrived(NET_READ_SIZE + 200);
    assert_int_equal(world_exchange("", NET_READ_SIZE / 2), NET_OK);
    first = world.got;
    assert_int_equal(world_exchange("", NET_READ_SIZE + 200 - first), NET_OK);
    assert_int_equal(first + world.got, NET_READ_SIZE + 200);
    free(bytes);
}

static void an_answer_to_half_a_request_ends_the_talk(void **state)
{
    static const struct peer_step script[] = {
        { PEER_EXPECT, NULL, 100 },
        { PEER_SEND, "-ERR too big\r\n", 0 },
        { PEER_GATE, NULL, 0 },
        { PEER_END, NULL, 0 },
    };
    char *bytes = world_bytes(WORLD_HUGE);

    (void)state;
    world_connect(script);
    assert_int_equal(world_exchange_n(bytes, WORLD_HUGE, 14), NET_OK);
    free(bytes);
    assert_string_equal(world.head, "-ERR too big\r\n");
    assert_int_equal(world_exchange(PING, 1), NET_CLOSED);
    assert_int_equal(world.conn.native, UV_EPIPE);
    assert_int_equal(world_wait(1), NET_CLOSED);
}

static void a_late_loop_does_not_blame_the_peer(void **state)
{
    static const struct peer_step script[] = {
        { PEER_EXPECT, PING, 0 },
        { PEER_SEND, PONG, 0 },
        { PEER_END, NULL, 0 },
    };

    (void)state;
    world_connect(script);
    world.conn.timeout_ms = WORLD_SHORT_MS;
    world.want = strlen(PONG);
    net_conn_exchange(&world.conn, PING, strlen(PING), world_feed,
                      world_called);
    peer_wait(world.peer, 2);
    world_arrived(strlen(PONG));
    be_busy_for(2 * WORLD_SHORT_MS);
    assert_int_equal(world_run(), NET_OK);
    assert_string_equal(world.head, PONG);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, world_open, world_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_reply_is_read),
        TEST(a_reply_may_come_in_pieces),
        TEST(a_callback_may_start_the_next_operation),
        TEST(megabytes_go_both_ways),
        TEST(a_slow_reader_gets_every_byte),
        TEST(silence_ends_at_the_deadline),
        TEST(a_peer_that_never_reads_ends_at_the_deadline),
        TEST(a_flood_ends_at_the_deadline),
        TEST(what_is_not_understood_is_a_bad_reply),
        TEST(an_end_in_mid_reply_is_told),
        TEST(an_error_before_the_end_is_read),
        TEST(too_short_an_error_before_a_reset_is_a_reset),
        TEST(what_one_feed_left_is_the_next_one_s),
        TEST(what_tls_holds_back_needs_no_further_byte),
        TEST(an_answer_to_half_a_request_ends_the_talk),
        TEST(a_late_loop_does_not_blame_the_peer),
    };
    int failed;

    failed = cmocka_run_group_tests_name("exchange, plain", tests, NULL, NULL);
    failed += cmocka_run_group_tests_name("exchange, TLS 1.3", tests,
                                          world_tls13, world_tls_end);
    failed += cmocka_run_group_tests_name("exchange, TLS 1.2", tests,
                                          world_tls12, world_tls_end);
    return failed;
}
