/*
 * test_conn_open.c -- how connecting and shaking hands end, and what is known
 * of a connection then.
 */
#include "support/unit.h"

#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/conn_world.h"
#include "support/peer_tls.h"
#include "support/tls_pair.h"

static const struct peer_step silent[] = { { PEER_SILENT, NULL, 0 } };

static int option_of(int level, int name)
{
    int value = -1;
    socklen_t size = sizeof(value);
    uv_os_fd_t fd;

    assert_int_equal(uv_fileno((uv_handle_t *)&world.conn.tcp, &fd), 0);
    assert_int_equal(getsockopt(fd, level, name, &value, &size), 0);
    return value;
}

static void a_connection_is_established(void **state)
{
    struct net_tcpinfo info;

    (void)state;
    world_peer(silent);
    assert_int_equal(world_dial(NULL), NET_OK);
    info = net_conn_tcpinfo(&world.conn);
    assert_int_equal(info.state, TCP_ESTABLISHED);
    assert_true(info.snd_mss > 500);
    assert_true(info.rtt_us > 0);
    assert_int_equal(info.retransmits, 0);
    assert_null(net_conn_tls(&world.conn));
    assert_int_equal(option_of(SOL_SOCKET, SO_KEEPALIVE), 0);
}

static void a_port_without_a_listener_refuses(void **state)
{
    (void)state;
    world_refusal();
    assert_int_equal(world_dial(NULL), NET_REFUSED);
    assert_int_equal(world.conn.native, UV_ECONNREFUSED);
    /* the descriptor is still there to be asked */
    assert_int_equal(net_conn_tcpinfo(&world.conn).state, TCP_CLOSE);
}

static void a_syn_without_an_answer_ends_at_the_deadline(void **state)
{
    struct net_tcpinfo info;
    uint64_t start_ns;

    (void)state;
    world_black_hole();
    world.conn.timeout_ms = WORLD_SHORT_MS;
    start_ns = net_now();
    assert_int_equal(world_dial(NULL), NET_TIMEOUT);
    assert_true(net_now() - start_ns >= (WORLD_SHORT_MS - 1) * (uint64_t)MS_NS);
    assert_int_equal(world.conn.native, 0);
    info = net_conn_tcpinfo(&world.conn);
    assert_int_equal(info.state, TCP_SYN_SENT);
    assert_int_equal(info.unacked, 1);
}

static void a_connect_may_be_canceled(void **state)
{
    for (int turns = 0; turns < 3; turns++) {
        world_black_hole();
        net_conn_connect(&world.conn, &world.addr, NULL, world_called);
        for (int turn = 0; turn < turns; turn++)
            (void)uv_run(&world.loop.uv, UV_RUN_NOWAIT);
        net_conn_cancel(&world.conn);
        assert_int_equal(world_run(), NET_CANCELED);
        assert_int_equal(net_conn_tcpinfo(&world.conn).state, TCP_SYN_SENT);
        assert_int_equal(world_close(state), 0);
        assert_int_equal(world_open(state), 0);
    }
}

static void a_connect_that_was_canceled_may_still_succeed_unheard(void **state)
{
    (void)state;
    world_peer(silent);
    net_conn_connect(&world.conn, &world.addr, NULL, world_called);
    net_conn_cancel(&world.conn);
    assert_int_equal(world_run(), NET_CANCELED);
    (void)uv_run(&world.loop.uv, UV_RUN_NOWAIT);
    assert_int_equal(world.calls, 0);
}

static void what_was_never_opened_may_be_closed(void **state)
{
    (void)state;
    net_conn_cancel(&world.conn);
    assert_int_equal(net_conn_tcpinfo(&world.conn).state, 0);
    world_hang_up();
    world_hang_up();
}

static void it_dials_from_the_source(void **state)
{
    struct net_addr source, local;
    int size = sizeof(local);

    (void)state;
    world_peer(silent);
    assert_true(net_addr_parse("127.0.0.2", 0, &source));
    assert_int_equal(world_dial(&source), NET_OK);
    assert_int_equal(uv_tcp_getsockname(&world.conn.tcp, &local.sa.any, &size),
                     0);
    assert_int_equal(local.sa.v4.sin_addr.s_addr, source.sa.v4.sin_addr.s_addr);
}

static void a_source_that_is_not_ours_is_told(void **state)
{
    static const char *const rows[] = { "192.0.2.1", "::1" };
    struct net_addr source;

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        world_peer(silent);
        assert_true(net_addr_parse(rows[i], 0, &source));
        assert_int_equal(world_dial(&source), NET_NOSOURCE);
        assert_int_equal(world.conn.native, UV_EADDRNOTAVAIL);
        assert_int_equal(world_close(state), 0);
        assert_int_equal(world_open(state), 0);
    }
}

static void keepalive_is_set_with_its_time(void **state)
{
    (void)state;
    world.conn.keepalive = true;
    world.conn.keepalive_s = 77;
    world_peer(silent);
    assert_int_equal(world_dial(NULL), NET_OK);
    assert_int_equal(option_of(SOL_SOCKET, SO_KEEPALIVE), 1);
    assert_int_equal(option_of(IPPROTO_TCP, TCP_KEEPIDLE), 77);
}

static void nagle_is_turned_off_for_what_he_could_delay(void **state)
{
    static const struct peer_step script[] = {
        { PEER_EXPECT, NULL, 1400 }, { PEER_SEND, "+", 0 },
        { PEER_EXPECT, NULL, 1401 }, { PEER_SEND, "+", 0 },
        { PEER_END, NULL, 0 },
    };
    char *bytes = world_bytes(1401);

    (void)state;
    world_connect(script);
    assert_int_equal(world_exchange_n(bytes, 1400, 1), NET_OK);
    assert_int_equal(option_of(IPPROTO_TCP, TCP_NODELAY), 0);
    assert_int_equal(world_exchange_n(bytes, 1401, 1), NET_OK);
    assert_int_equal(option_of(IPPROTO_TCP, TCP_NODELAY), 1);
    world_hang_up();
    world_open_again();
    assert_int_equal(option_of(IPPROTO_TCP, TCP_NODELAY), 0);
    assert_int_equal(world_exchange_n(bytes, 1400, 1), NET_OK);
    assert_int_equal(world_exchange_n(bytes, 1401, 1), NET_OK);
    assert_int_equal(option_of(IPPROTO_TCP, TCP_NODELAY), 1);
    free(bytes);
}

/* A peer that is done, and has left, before the loop has looked even once. */
static void connect_late(const struct peer_step *script, unsigned steps)
{
    world_wired_peer(script, NULL, NULL);
    net_conn_connect(&world.conn, &world.addr, NULL, world_called);
    peer_wait(world.peer, steps);
    world_arrived(0);
    assert_int_equal(world_run(), NET_OK);
}

static void who_resets_after_accept_was_connected(void **state)
{
    static const struct peer_step script[] = { { PEER_RESET, NULL, 0 } };

    (void)state;
    connect_late(script, 1);
    assert_int_equal(world_exchange("PING\r\n", 7), NET_RESET);
    assert_int_equal(world_exchange("PING\r\n", 7), NET_RESET);
}

static void who_closes_after_accept_was_connected(void **state)
{
    static const struct peer_step script[] = { { PEER_CLOSE, NULL, 0 } };

    (void)state;
    connect_late(script, 1);
    assert_int_equal(net_conn_tcpinfo(&world.conn).state, TCP_CLOSE_WAIT);
    assert_int_equal(world_exchange("PING\r\n", 7), NET_CLOSED);
}

static void words_before_a_reset_after_accept_are_read(void **state)
{
    static const struct peer_step script[] = {
        { PEER_SEND, "-DENIED\r\n", 0 },
        { PEER_RESET, NULL, 0 },
    };

    (void)state;
    connect_late(script, 2);
    assert_int_equal(world_exchange("PING\r\n", 9), NET_OK);
    assert_string_equal(world.head, "-DENIED\r\n");
    assert_int_equal(world_exchange("PING\r\n", 9), NET_RESET);
}

/* Handshakes: the peer is a plain one, or TLS with `spec`. */
static enum net_status shake_with(const struct peer_step *script,
                                  const struct peer_wire *wire,
                                  const struct tls_peer_spec *spec,
                                  const char *name)
{
    unsigned timeout_ms = world.conn.timeout_ms; /* of the handshake alone */

    world_wired_peer(script, wire, spec);
    world.conn.timeout_ms = WORLD_TIMEOUT_MS;
    assert_int_equal(world_dial(NULL), NET_OK);
    world.conn.timeout_ms = timeout_ms;
    return world_shake(name);
}

static void a_handshake_tells_what_it_has_seen(void **state)
{
    const struct tls_peer_spec spec = { .cert = &tls_world.server };

    (void)state;
    assert_int_equal(shake_with(silent, &peer_tls, &spec, TLS_NAME), NET_OK);
    assert_string_equal(net_conn_tls(&world.conn)->subject, "CN=Server");
    assert_int_equal(option_of(IPPROTO_TCP, TCP_NODELAY), 1);
}

static void another_name_does_not_verify(void **state)
{
    const struct tls_peer_spec spec = { .cert = &tls_world.server };

    (void)state;
    assert_int_equal(shake_with(silent, &peer_tls, &spec, "other.example"),
                     NET_TLS_VERIFY);
    assert_string_equal(net_conn_tls(&world.conn)->subject, "CN=Server");
}

static void an_alert_is_told(void **state)
{
    const struct tls_peer_spec spec = { .cert = &tls_world.server,
                                        .only_name = "only.example" };

    (void)state;
    assert_int_equal(shake_with(silent, &peer_tls, &spec, TLS_NAME),
                     NET_TLS_ALERT);
    assert_int_equal(net_conn_tls(&world.conn)->alert, 112);
}

static void a_peer_without_tls_is_told(void **state)
{
    static const struct {
        struct peer_step steps[3];
        enum net_status status;
        unsigned timeout_ms, nhead;
    } rows[] = {
        { { { PEER_EXPECT, NULL, 5 },
            { PEER_SEND, "-ERR not TLS\r\n", 0 },
            { PEER_CLOSE, NULL, 0 } },
          NET_TLS_ERROR,
          WORLD_TIMEOUT_MS,
          5 },
        { { { PEER_SEND, "-ERR max number\r\n", 0 }, { PEER_RESET, NULL, 0 } },
          NET_TLS_ERROR,
          WORLD_TIMEOUT_MS,
          5 },
        { { { PEER_EXPECT, NULL, 5 }, { PEER_CLOSE, NULL, 0 } },
          NET_CLOSED,
          WORLD_TIMEOUT_MS,
          0 },
        { { { PEER_EXPECT, NULL, 5 }, { PEER_RESET, NULL, 0 } },
          NET_RESET,
          WORLD_TIMEOUT_MS,
          0 },
        { { { PEER_SILENT, NULL, 0 } }, NET_TIMEOUT, WORLD_SHORT_MS, 0 },
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        world.conn.timeout_ms = rows[i].timeout_ms;
        assert_int_equal(shake_with(rows[i].steps, NULL, NULL, TLS_NAME),
                         rows[i].status);
        assert_false(net_conn_tls(&world.conn)->server_hello);
        assert_true(net_conn_tls(&world.conn)->nhead >= rows[i].nhead);
        assert_int_equal(world_close(state), 0);
        assert_int_equal(world_open(state), 0);
    }
}

static void words_before_a_reset_are_seen_by_a_handshake(void **state)
{
    static const struct peer_step script[] = {
        { PEER_SEND, "-ERR max number of clients reached\r\n", 0 },
        { PEER_RESET, NULL, 0 },
    };

    (void)state;
    connect_late(script, 2);
    assert_int_equal(world_shake(TLS_NAME), NET_TLS_ERROR);
    assert_memory_equal(net_conn_tls(&world.conn)->head, "-ERR", 4);
}

static void a_goodbye_without_a_fin_is_an_end(void **state)
{
    static const struct peer_step script[] = {
        { PEER_SEND, PONG, 0 },
        { PEER_GOODBYE, NULL, 0 },
        { PEER_GATE, NULL, 0 },
        { PEER_END, NULL, 0 },
    };
    const struct tls_peer_spec spec = { .cert = &tls_world.server };

    (void)state;
    assert_int_equal(shake_with(script, &peer_tls, &spec, TLS_NAME), NET_OK);
    peer_wait(world.peer, 2);
    world_assert_alive(1);
    assert_int_equal(world_exchange(PING, 1), NET_CLOSED);
    assert_int_equal(world_wait(WORLD_TIMEOUT_MS), NET_CLOSED);
}

static void a_handshake_may_be_canceled(void **state)
{
    for (int turns = 0; turns < 3; turns++) {
        world_wired_peer(silent, NULL, NULL);
        assert_int_equal(world_dial(NULL), NET_OK);
        net_conn_handshake(&world.conn, world_tls_context(), TLS_NAME,
                           world_called);
        for (int turn = 0; turn < turns; turn++)
            (void)uv_run(&world.loop.uv, UV_RUN_NOWAIT);
        net_conn_cancel(&world.conn);
        assert_int_equal(world_run(), NET_CANCELED);
        assert_int_equal(world_close(state), 0);
        assert_int_equal(world_open(state), 0);
    }
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, world_open, world_close)

int main(void)
{
    const struct CMUnitTest plain[] = {
        TEST(a_connection_is_established),
        TEST(a_port_without_a_listener_refuses),
        TEST(a_syn_without_an_answer_ends_at_the_deadline),
        TEST(a_connect_may_be_canceled),
        TEST(a_connect_that_was_canceled_may_still_succeed_unheard),
        TEST(what_was_never_opened_may_be_closed),
        TEST(it_dials_from_the_source),
        TEST(a_source_that_is_not_ours_is_told),
        TEST(keepalive_is_set_with_its_time),
        TEST(nagle_is_turned_off_for_what_he_could_delay),
        TEST(who_resets_after_accept_was_connected),
        TEST(who_closes_after_accept_was_connected),
        TEST(words_before_a_reset_after_accept_are_read),
    };
    const struct CMUnitTest tls[] = {
        TEST(a_handshake_tells_what_it_has_seen),
        TEST(another_name_does_not_verify),
        TEST(an_alert_is_told),
        TEST(a_peer_without_tls_is_told),
        TEST(words_before_a_reset_are_seen_by_a_handshake),
        TEST(a_goodbye_without_a_fin_is_an_end),
        TEST(a_handshake_may_be_canceled),
    };
    int failed;

    failed = cmocka_run_group_tests_name("connect", plain, NULL, NULL);
    failed += cmocka_run_group_tests_name("handshake", tls, world_tls13,
                                          world_tls_end);
    return failed;
}
