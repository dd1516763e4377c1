/*
 * test_conn.c -- what becomes of an operation, over plain TCP and over TLS.
 */
#include "support/unit.h"

#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "net/conn_world.h"
#include "support/tls_pair.h"

#define PING    "*1\r\n$4\r\nPING\r\n"
#define PONG    "+PONG\r\n"
#define MAX_ERR "-ERR max number of clients reached\r\n"

enum {
    SHORT_MS = 30, /* of what is meant to time out */
    BIG = 5 * 1000 * 1000,
    HUGE = 32 * 1000 * 1000, /* more than the buffers of two sockets hold */
    MS_NS = 1000 * 1000,
};

_Static_assert(sizeof(struct net_conn) <= 600,
               "one is embedded in every probe in flight");

static char *bytes_new(size_t n)
{
    char *bytes = malloc(n);

    assert_non_null(bytes);
    for (size_t i = 0; i < n; i++)
        bytes[i] = (char)('a' + i % 23);
    return bytes;
}

/* Exchange PING with PONG, `n` times. */
static void assert_alive(unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        assert_int_equal(world_exchange(PING, strlen(PONG)), NET_OK);
        assert_string_equal(world.head, PONG);
        assert_int_equal(world.conn.native, 0);
    }
}

static void a_reply_is_read(void **state)
{
    static const struct peer_step script[] = {
        { PEER_EXPECT, PING, 0 }, { PEER_SEND, PONG, 0 },
        { PEER_EXPECT, PING, 0 }, { PEER_SEND, PONG, 0 },
        { PEER_END, NULL, 0 },
    };

    (void)state;
    world_connect(script);
    assert_alive(2);
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
    assert_alive(1);
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
    char *bytes = bytes_new(BIG);
    const struct peer_step script[] = {
        { PEER_EXPECT, bytes, BIG }, { PEER_SEND, bytes, BIG },
        { PEER_EXPECT, PING, 0 },    { PEER_SEND, PONG, 0 },
        { PEER_END, NULL, 0 },
    };

    (void)state;
    world_connect(script);
    assert_int_equal(world_exchange_n(bytes, BIG, BIG), NET_OK);
    assert_int_equal(world.got, BIG);
    assert_memory_equal(world.head, bytes, WORLD_HEAD - 1);
    assert_alive(1);
    peer_wait(world.peer, 4);
    free(bytes);
}

static void a_slow_reader_gets_every_byte(void **state)
{
    char *bytes = bytes_new(HUGE);
    const struct peer_step script[] = {
        { PEER_GATE, NULL, 0 },
        { PEER_EXPECT, bytes, HUGE },
        { PEER_SEND, PONG, 0 },
        { PEER_END, NULL, 0 },
    };

    (void)state;
    world_connect(script);
    world.want = strlen(PONG);
    net_conn_exchange(&world.conn, bytes, HUGE, world_feed, world_called);
    assert_non_null(world.conn.send); /* the socket did not take all */
    (void)uv_run(&world.loop.uv, UV_RUN_NOWAIT);
    peer_open_gate(world.peer);
    assert_int_equal(world_run(), NET_OK);
    assert_string_equal(world.head, PONG);
    assert_null(world.conn.send);
    free(bytes);
}

/* Run what is started; it must take its `timeout_ms` and end in TIMEOUT. */
static void assert_times_out(uint64_t start_ns)
{
    assert_int_equal(world_run(), NET_TIMEOUT);
    assert_true(net_now() - start_ns >= (SHORT_MS - 1) * (uint64_t)MS_NS);
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
    world.conn.timeout_ms = SHORT_MS;
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
    char *bytes = bytes_new(HUGE);
    uint64_t start_ns;

    (void)state;
    world_connect(script);
    world.conn.timeout_ms = SHORT_MS;
    start_ns = net_now();
    net_conn_exchange(&world.conn, bytes, HUGE, world_feed, world_called);
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
    world.conn.timeout_ms = SHORT_MS;
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
    char *bytes = bytes_new(BIG);
    const struct peer_step script[] = {
        { PEER_EXPECT, PING, 0 },
        { PEER_SEND, bytes, 100 * 1000 },
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
    assert_true(first < 100 * 1000);
    assert_int_equal(world_exchange("", 100 * 1000 - first), NET_OK);
    assert_int_equal(world.got, 100 * 1000 - first);
    assert_int_equal(world.head[0], bytes[first]);
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
    char *bytes = bytes_new(HUGE);

    (void)state;
    world_connect(script);
    assert_int_equal(world_exchange_n(bytes, HUGE, 14), NET_OK);
    free(bytes);
    assert_string_equal(world.head, "-ERR too big\r\n");
    assert_int_equal(world_exchange(PING, 1), NET_CLOSED);
    assert_int_equal(world.conn.native, UV_EPIPE);
    assert_int_equal(world_wait(1), NET_CLOSED);
}

static void silence_is_what_a_wait_is_for(void **state)
{
    static const struct peer_step script[] = {
        { PEER_EXPECT, PING, 0 },
        { PEER_SEND, PONG, 0 },
        { PEER_END, NULL, 0 },
    };
    uint64_t start_ns;

    (void)state;
    world_connect(script);
    world.conn.timeout_ms = 1; /* does not count */
    start_ns = net_now();
    assert_int_equal(world_wait(SHORT_MS), NET_OK);
    assert_true(net_now() - start_ns >= (SHORT_MS - 1) * (uint64_t)MS_NS);
    assert_int_equal(world_wait(0), NET_OK);
    world.conn.timeout_ms = WORLD_TIMEOUT_MS;
    assert_alive(1);
}

static void a_wait_tells_what_disturbed_it(void **state)
{
    static const struct {
        struct peer_step step;
        enum net_status status;
    } rows[] = {
        { { PEER_SEND, "+x", 0 }, NET_BADREPLY },
        { { PEER_CLOSE, NULL, 0 }, NET_CLOSED },
        { { PEER_CUT, NULL, 0 }, NET_CLOSED },
        { { PEER_RESET, NULL, 0 }, NET_RESET },
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        for (int before = 0; before < 2; before++) {
            const struct peer_step script[] = {
                { PEER_GATE, NULL, 0 },
                rows[i].step,
                { PEER_END, NULL, 0 },
            };

            world_connect(script);
            if (!before)
                net_conn_wait(&world.conn, WORLD_TIMEOUT_MS, world_called);
            peer_open_gate(world.peer);
            peer_wait(world.peer, 2);
            if (before)
                net_conn_wait(&world.conn, WORLD_TIMEOUT_MS, world_called);
            assert_int_equal(world_run(), rows[i].status);
            assert_int_equal(world_close(state), 0);
            assert_int_equal(world_open(state), 0);
        }
    }
}

static void a_late_loop_does_not_blame_the_peer(void **state)
{
    static const struct peer_step script[] = {
        { PEER_EXPECT, PING, 0 },
        { PEER_SEND, PONG, 0 },
        { PEER_END, NULL, 0 },
    };
    uint64_t start_ns;

    (void)state;
    world_connect(script);
    world.conn.timeout_ms = SHORT_MS;
    world.want = strlen(PONG);
    start_ns = net_now();
    net_conn_exchange(&world.conn, PING, strlen(PING), world_feed,
                      world_called);
    peer_wait(world.peer, 2);
    while (net_now() - start_ns < 2 * SHORT_MS * (uint64_t)MS_NS)
        continue; /* busy elsewhere */
    assert_int_equal(world_run(), NET_OK);
    assert_string_equal(world.head, PONG);
}

static const struct peer_step deaf[] = {
    { PEER_GATE, NULL, 0 },
    { PEER_END, NULL, 0 },
};

static void any_operation_may_be_canceled(void **state)
{
    enum { EXCHANGE, BIG_EXCHANGE, WAIT, OPERATIONS };
    char *bytes;

    /* turns of the loop before the cancel */
    for (int turns = 0; turns < 3; turns++) {
        for (int op = EXCHANGE; op < OPERATIONS; op++) {
            world_connect(deaf);
            bytes = bytes_new(HUGE);
            if (op == WAIT)
                net_conn_wait(&world.conn, WORLD_TIMEOUT_MS, world_called);
            else
                net_conn_exchange(&world.conn, bytes,
                                  op == EXCHANGE ? 10 : HUGE, world_feed,
                                  world_called);
            for (int turn = 0; turn < turns; turn++)
                (void)uv_run(&world.loop.uv, UV_RUN_NOWAIT);
            net_conn_cancel(&world.conn);
            net_conn_cancel(&world.conn);
            assert_int_equal(world_run(), NET_CANCELED);
            assert_int_equal(world.conn.native, 0);
            free(bytes);
            net_conn_cancel(&world.conn); /* nothing is in flight */
            assert_int_equal(world_close(state), 0);
            assert_int_equal(world_open(state), 0);
        }
    }
}

static void a_feed_may_cancel(void **state)
{
    static const struct peer_step script[] = {
        { PEER_EXPECT, PING, 0 },
        { PEER_SEND, PONG, 0 },
        { PEER_END, NULL, 0 },
    };

    for (size_t want = 0; want < 2; want++) {
        world_connect(script);
        world.cancels = true;
        assert_int_equal(world_exchange(PING, want), NET_CANCELED);
        assert_int_equal(world_close(state), 0);
        assert_int_equal(world_open(state), 0);
    }
}

static void a_close_is_not_canceled(void **state)
{
    (void)state;
    world_connect(deaf);
    net_conn_close(&world.conn, world_called);
    net_conn_cancel(&world.conn);
    assert_int_equal(world_run(), NET_OK);
}

static void a_closed_one_may_connect_again(void **state)
{
    static const struct peer_step script[] = {
        { PEER_EXPECT, PING, 0 },
        { PEER_SEND, PONG, 0 },
        { PEER_CLOSE, NULL, 0 },
    };

    (void)state;
    world_connect(script);
    for (int i = 0; i < 3; i++) {
        assert_alive(1);
        assert_int_equal(world_exchange(PING, 1), NET_CLOSED);
        world_hang_up();
        assert_int_equal(world_dial(NULL), NET_OK);
        if (world_is_tls())
            assert_int_equal(world_shake(TLS_NAME), NET_OK);
    }
    assert_alive(1); /* so it was accepted */
    assert_int_equal(peer_connections(world.peer), 4);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, world_open, world_close)

static int over_tls(void **state)
{
    static struct tls_peer_spec spec;
    const struct net_tls_config config = { .cacert = tls_world.ca_file };
    char error[256];

    (void)tls_world_set_up(state);
    spec = (struct tls_peer_spec){ .cert = &tls_world.server };
    *state = net_tls_context_new(&config, error, sizeof(error));
    assert_non_null(*state);
    world_use_tls(*state, &spec);
    return 0;
}

static int tls_is_over(void **state)
{
    net_tls_context_free(*state);
    return tls_world_tear_down(state);
}

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
        TEST(an_answer_to_half_a_request_ends_the_talk),
        TEST(silence_is_what_a_wait_is_for),
        TEST(a_wait_tells_what_disturbed_it),
        TEST(a_late_loop_does_not_blame_the_peer),
        TEST(any_operation_may_be_canceled),
        TEST(a_feed_may_cancel),
        TEST(a_close_is_not_canceled),
        TEST(a_closed_one_may_connect_again),
    };
    int failed;

    failed = cmocka_run_group_tests_name("conn, plain", tests, NULL, NULL);
    failed +=
        cmocka_run_group_tests_name("conn, TLS", tests, over_tls, tls_is_over);
    return failed;
}
