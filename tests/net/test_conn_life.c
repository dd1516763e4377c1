/*
 * test_conn_life.c -- silence, cancel and close, over plain TCP and over TLS.
 */
#include "support/unit.h"

#include <stdlib.h>
#include <string.h>

#include "net/conn_world.h"

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
    assert_int_equal(world_wait(WORLD_SHORT_MS), NET_OK);
    assert_true(net_now() - start_ns >= (WORLD_SHORT_MS - 1) * (uint64_t)MS_NS);
    assert_int_equal(world_wait(0), NET_OK);
    world.conn.timeout_ms = WORLD_TIMEOUT_MS;
    world_assert_alive(1);
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
            bytes = world_bytes(WORLD_HUGE);
            if (op == WAIT)
                net_conn_wait(&world.conn, WORLD_TIMEOUT_MS, world_called);
            else
                net_conn_exchange(&world.conn, bytes,
                                  op == EXCHANGE ? 10 : WORLD_HUGE, world_feed,
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

static void what_is_canceled_is_fed_no_more(void **state)
{
    static const struct peer_step script[] = {
        { PEER_SEND, PONG, 0 },
        { PEER_RESET, NULL, 0 },
    };

    (void)state;
    world_connect(script);
    peer_wait(world.peer, 2);
    net_conn_exchange(&world.conn, PING, strlen(PING), world_feed,
                      world_called);
    net_conn_cancel(&world.conn);
    assert_int_equal(world_run(), NET_CANCELED);
    assert_int_equal(world.got, 0);
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

static void close_from_callback(struct net_conn *conn, enum net_status status)
{
    assert_int_equal(status, NET_OK);
    net_conn_close(conn, world_called);
}

static void a_callback_may_close(void **state)
{
    static const struct peer_step script[] = {
        { PEER_EXPECT, PING, 0 },
        { PEER_SEND, PONG, 0 },
        { PEER_END, NULL, 0 },
    };

    (void)state;
    world_connect(script);
    for (int i = 0; i < 2; i++) {
        world.want = strlen(PONG);
        world.got = 0;
        net_conn_exchange(&world.conn, PING, strlen(PING), world_feed,
                          close_from_callback);
        assert_int_equal(world_run(), NET_OK);
        world_open_again();
    }
    world_assert_alive(1);
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
    for (int i = 0; i < 2; i++) {
        world_assert_alive(1);
        assert_int_equal(world_exchange(PING, 1), NET_CLOSED);
        world_hang_up();
        world_open_again();
        world_hang_up(); /* with what TLS holds unread */
        world_open_again();
    }
    world_assert_alive(1); /* so it was accepted */
    assert_int_equal(peer_connections(world.peer), 5);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, world_open, world_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(silence_is_what_a_wait_is_for),
        TEST(a_wait_tells_what_disturbed_it),
        TEST(any_operation_may_be_canceled),
        TEST(what_is_canceled_is_fed_no_more),
        TEST(a_feed_may_cancel),
        TEST(a_close_is_not_canceled),
        TEST(a_callback_may_close),
        TEST(a_closed_one_may_connect_again),
    };
    int failed;

    failed = cmocka_run_group_tests_name("life, plain", tests, NULL, NULL);
    failed += cmocka_run_group_tests_name("life, TLS 1.3", tests, world_tls13,
                                          world_tls_end);
    failed += cmocka_run_group_tests_name("life, TLS 1.2", tests, world_tls12,
                                          world_tls_end);
    return failed;
}
