/*
 * test_conn_alone.c -- a connection that is waited for past the loop: the same
 * ends, and the loop can have it back.
 */
#include "support/unit.h"

#include <string.h>

#include "net/conn_world.h"

enum { ALONE_MS = 20 };

static unsigned pongs;

/* Each PONG is answered by a PING, three of them. */
static enum net_feed ping_again(struct net_conn *conn, const char *bytes,
                                size_t n)
{
    assert_int_equal(n, strlen(PONG));
    assert_memory_equal(bytes, PONG, n);
    if (++pongs == 3)
        return NET_FEED_DONE;
    net_conn_push(conn, PING, strlen(PING));
    return NET_FEED_MORE;
}

static void begin(const struct peer_step *script)
{
    world_connect(script);
    pongs = 0;
    net_conn_exchange(&world.conn, NULL, 0, ping_again, world_called);
    net_conn_push(&world.conn, PING, strlen(PING));
}

/* It has ended, from within or from the loop; the loop has it back. */
static enum net_status end(void)
{
    net_conn_rejoin(&world.conn);
    (void)uv_run(&world.loop.uv, UV_RUN_NOWAIT); /* it was told to stop */
    assert_int_equal(world.calls, 1);
    world.calls = 0;
    return world.status;
}

static void replies_are_taken_without_the_loop(void **state)
{
    static const struct peer_step script[] = {
        { PEER_EXPECT, PING, 0 }, { PEER_SEND, PONG, 0 },
        { PEER_EXPECT, PING, 0 }, { PEER_SEND, PONG, 0 },
        { PEER_EXPECT, PING, 0 }, { PEER_SEND, PONG, 0 },
        { PEER_END, NULL, 0 },
    };

    (void)state;
    begin(script);
    while (world.calls == 0)
        (void)net_conn_take_alone(&world.conn, ALONE_MS);
    assert_int_equal(end(), NET_OK);
    assert_int_equal(pongs, 3);
}

static void the_loop_goes_on_where_it_was(void **state)
{
    static const struct peer_step script[] = {
        { PEER_EXPECT, PING, 0 }, { PEER_SEND, PONG, 0 },
        { PEER_EXPECT, PING, 0 }, { PEER_GATE, NULL, 0 },
        { PEER_SEND, PONG, 0 },   { PEER_EXPECT, PING, 0 },
        { PEER_SEND, PONG, 0 },   { PEER_END, NULL, 0 },
    };

    (void)state;
    begin(script);
    while (pongs == 0)
        (void)net_conn_take_alone(&world.conn, ALONE_MS);
    assert_false(net_conn_take_alone(&world.conn, ALONE_MS));
    net_conn_rejoin(&world.conn);
    net_conn_rejoin(&world.conn);
    peer_open_gate(world.peer);
    assert_int_equal(world_run(), NET_OK);
    assert_int_equal(pongs, 3);
}

static void silence_is_waited_for_no_longer_than_told(void **state)
{
    static const struct peer_step script[] = {
        { PEER_EXPECT, PING, 0 },
        { PEER_SILENT, NULL, 0 },
    };
    uint64_t start_ns;

    (void)state;
    begin(script);
    start_ns = net_now();
    assert_false(net_conn_take_alone(&world.conn, ALONE_MS));
    /* it did wait; SO_RCVTIMEO counts in the kernel's ticks, of 10 ms perhaps
     */
    assert_true(net_now() - start_ns >= MS_NS);
    assert_int_equal(world.calls, 0);
    net_conn_cancel(&world.conn);
    assert_false(net_conn_take_alone(&world.conn, ALONE_MS));
    net_conn_rejoin(&world.conn);
    assert_int_equal(world_run(), NET_CANCELED);
}

/* Ends are told from within, as the loop would tell them. */
static void the_peer_s_end_ends_it(void **state)
{
    static const struct peer_step closes[] = {
        { PEER_EXPECT, PING, 0 },
        { PEER_SEND, PONG, 0 },
        { PEER_CLOSE, NULL, 0 },
    };
    static const struct peer_step resets[] = {
        { PEER_EXPECT, PING, 0 },
        { PEER_RESET, NULL, 0 },
    };
    static const struct {
        const struct peer_step *script;
        enum net_status status, other;
    } rows[] = {
        /* it may find the PING that was pushed after the end */
        { closes, NET_CLOSED, NET_RESET },
        { resets, NET_RESET, NET_RESET },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        begin(rows[i].script);
        for (int tries = 0; world.calls == 0 && tries < 500; tries++) {
            if (!net_conn_take_alone(&world.conn, ALONE_MS)) {
                /* a push that failed is told by the loop */
                net_conn_rejoin(&world.conn);
                (void)uv_run(&world.loop.uv, UV_RUN_NOWAIT);
            }
        }
        (void)end();
        assert_true(world.status == rows[i].status ||
                    world.status == rows[i].other);
        assert_int_equal(world_close(state), 0);
        assert_int_equal(world_open(state), 0);
    }
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, world_open, world_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(replies_are_taken_without_the_loop),
        TEST(the_loop_goes_on_where_it_was),
        TEST(silence_is_waited_for_no_longer_than_told),
        TEST(the_peer_s_end_ends_it),
    };

    return cmocka_run_group_tests_name("conn_alone", tests, NULL, NULL);
}
