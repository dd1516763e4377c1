/*
 * test_conn_faults.c -- libuv, the kernel and memory fail, each call in turn.
 */
#include "support/unit.h"

#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "net/conn_faults.h"
#include "net/conn_world.h"
#include "support/fail_malloc.h"
#include "support/peer_tls.h"
#include "support/tls_pair.h"

static int set_up(void **state)
{
    faults_clear();
    return world_open(state);
}

static int tear_down(void **state)
{
    faults_clear();
    return world_close(state);
}

static void again(void **state)
{
    assert_int_equal(tear_down(state), 0);
    assert_int_equal(set_up(state), 0);
}

static const struct peer_step ping_pong[] = {
    { PEER_EXPECT, PING, 0 }, { PEER_SEND, PONG, 0 }, { PEER_EXPECT, PING, 0 },
    { PEER_SEND, PONG, 0 },   { PEER_END, NULL, 0 },
};

/* The reply comes before it was asked for. */
static const struct peer_step early[] = {
    { PEER_SEND, PONG, 0 },
    { PEER_END, NULL, 0 },
};

static void a_connect_fails_with_any_call(void **state)
{
    static const struct {
        enum call call;
        int error;
        enum net_status status;
    } rows[] = {
        { TCP_INIT, UV_ENOMEM, NET_NOMEM },
        { TCP_INIT, UV_EMFILE, NET_SYSTEM },
        { TCP_BIND, UV_EADDRNOTAVAIL, NET_NOSOURCE },
        { TCP_BIND, UV_EINVAL, NET_NOSOURCE },
        { TCP_BIND, UV_EADDRINUSE, NET_NOPORTS },
        { TCP_BIND, UV_EACCES, NET_PROHIBITED },
        { TCP_BIND, UV_EMFILE, NET_SYSTEM },
        { TCP_CONNECT, UV_ENETUNREACH, NET_UNREACHABLE },
        { TCP_CONNECT, UV_EHOSTUNREACH, NET_UNREACHABLE },
        { TCP_CONNECT, UV_EAFNOSUPPORT, NET_UNREACHABLE },
        { TCP_CONNECT, UV_EACCES, NET_PROHIBITED },
        { TCP_CONNECT, UV_EPERM, NET_PROHIBITED },
        { TCP_CONNECT, UV_EINVAL, NET_PROHIBITED },
        { TCP_CONNECT, UV_EADDRNOTAVAIL, NET_NOPORTS },
        { TCP_CONNECT, UV_ECONNREFUSED, NET_REFUSED },
        { TCP_CONNECT, UV_EMFILE, NET_SYSTEM },
        { TCP_CONNECT, UV_ENOMEM, NET_NOMEM },
        { TCP_CONNECT_LATER, UV_ENETUNREACH, NET_UNREACHABLE },
        { TCP_CONNECT_LATER, UV_EHOSTUNREACH, NET_UNREACHABLE },
        { TCP_CONNECT_LATER, UV_EACCES, NET_PROHIBITED },
        { TCP_CONNECT_LATER, UV_EINVAL, NET_PROHIBITED },
        { TCP_CONNECT_LATER, UV_EADDRNOTAVAIL, NET_NOPORTS },
        { TCP_CONNECT_LATER, UV_EADDRINUSE, NET_NOPORTS },
        { TCP_CONNECT_LATER, UV_ECONNREFUSED, NET_REFUSED },
        { TCP_CONNECT_LATER, UV_ETIMEDOUT, NET_TIMEOUT },
        { TCP_KEEPALIVE, UV_ENOMEM, NET_NOMEM },
        { TCP_KEEPALIVE, UV_ENOPROTOOPT, NET_SYSTEM },
    };
    struct net_addr source;

    assert_true(net_addr_parse("127.0.0.1", 0, &source));
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        world_peer(ping_pong);
        world.conn.keepalive = true;
        world.conn.keepalive_s = 1;
        faults[rows[i].call] = rows[i].error;
        assert_int_equal(world_dial(&source), rows[i].status);
        assert_int_equal(world.conn.native, rows[i].error);
        again(state);
    }
}

static void a_failure_at_once_may_be_canceled(void **state)
{
    static const enum call calls[] = { TCP_INIT, TCP_CONNECT, TCP_KEEPALIVE };

    for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
        world_peer(ping_pong);
        world.conn.keepalive = true;
        world.conn.keepalive_s = 1;
        faults[calls[i]] = UV_ENOMEM;
        net_conn_connect(&world.conn, &world.addr, NULL, world_called);
        net_conn_cancel(&world.conn);
        assert_int_equal(world_run(), NET_CANCELED);
        assert_int_equal(world.conn.native, 0);
        again(state);
    }
}

static void writable_is_not_yet_connected(void **state)
{
    static const struct {
        int tcp_state, socket_error;
        enum net_status status;
        int native;
    } rows[] = {
        { TCP_SYN_SENT, 0, NET_UNREACHABLE, UV_EHOSTUNREACH },
        { TCP_SYN_SENT, ENETUNREACH, NET_UNREACHABLE, UV_ENETUNREACH },
        { TCP_SYN_SENT, ECONNREFUSED, NET_REFUSED, UV_ECONNREFUSED },
        { TCP_CLOSE, EHOSTUNREACH, NET_UNREACHABLE, UV_EHOSTUNREACH },
        { TCP_CLOSE, 0, NET_UNREACHABLE, UV_EHOSTUNREACH },
        { TCP_CLOSE_WAIT, 0, NET_OK, 0 },
        { TCP_CLOSE, ECONNRESET, NET_OK, 0 },
        { TCP_CLOSE, EPIPE, NET_OK, 0 },
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        world_peer(ping_pong);
        kernel.tcp_state = rows[i].tcp_state;
        kernel.socket_error = rows[i].socket_error;
        assert_int_equal(world_dial(NULL), rows[i].status);
        assert_int_equal(world.conn.native, rows[i].native);
        again(state);
    }
}

static void an_exchange_fails_with_any_call(void **state)
{
    static const struct {
        enum call call;
        int error;
        enum net_status status;
    } rows[] = {
        { READ_START, UV_EINVAL, NET_SYSTEM },
        { TRY_WRITE, UV_ECONNRESET, NET_RESET },
        { TRY_WRITE, UV_EPIPE, NET_CLOSED },
        { TRY_WRITE, UV_ETIMEDOUT, NET_TIMEOUT },
        { TRY_WRITE, UV_EHOSTUNREACH, NET_UNREACHABLE },
        { TRY_WRITE, UV_EPERM, NET_PROHIBITED },
        { TRY_WRITE, UV_ENOBUFS, NET_NOMEM },
        { WRITE, UV_EBADF, NET_SYSTEM },
        { WRITE, UV_ENOMEM, NET_NOMEM },
        { WRITE_LATER, UV_ECONNRESET, NET_RESET },
        { WRITE_LATER, UV_EPIPE, NET_CLOSED },
        { WRITE_LATER, UV_ETIMEDOUT, NET_TIMEOUT },
    };
    static const struct peer_step mute[] = { { PEER_SILENT, NULL, 0 } };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        world_connect(mute);
        kernel.is_full = true;
        faults[rows[i].call] = rows[i].error;
        assert_int_equal(world_exchange(PING, 7), rows[i].status);
        assert_int_equal(world.conn.native, rows[i].error);
        again(state);
    }
}

static void a_failed_write_does_not_lose_the_reply(void **state)
{
    static const struct {
        enum call call;
        int error;
    } rows[] = {
        { READ_START, UV_EINVAL }, { TRY_WRITE, UV_ECONNRESET },
        { TRY_WRITE, UV_EPIPE },   { WRITE, UV_EPIPE },
        { WRITE_LATER, UV_EPIPE }, { WRITE_LATER, UV_ECONNRESET },
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        world_connect(early);
        peer_wait(world.peer, 1);
        kernel.is_full = true;
        faults[rows[i].call] = rows[i].error;
        assert_int_equal(world_exchange(PING, 7), NET_OK);
        assert_string_equal(world.head, PONG);
        assert_int_equal(world.conn.native, 0);
        again(state);
    }
}

static void draining_what_never_ends_ends(void **state)
{
    (void)state;
    if (world_is_tls())
        return; /* the machine would not take it */
    world_connect(ping_pong);
    kernel.never_empty = true;
    faults[TRY_WRITE] = UV_ECONNRESET;
    assert_int_equal(world_exchange(PING, 0), NET_RESET);
    assert_true(world.got > WORLD_BIG);
}

static void a_wait_fails_when_nothing_can_be_read(void **state)
{
    (void)state;
    world_connect(ping_pong);
    world_hang_up();
    faults[READ_START] = UV_EINVAL;
    assert_int_equal(world_dial(NULL), NET_OK);
    assert_int_equal(world_wait(WORLD_TIMEOUT_MS), NET_SYSTEM);
    assert_int_equal(world.conn.native, UV_EINVAL);
}

static void bytes_may_go_and_come_one_at_a_time(void **state)
{
    (void)state;
    world_connect(ping_pong);
    kernel.write_max = 1;
    kernel.reads_one_byte = true;
    world_assert_alive(2);
}

static void a_full_socket_takes_all_in_the_end(void **state)
{
    (void)state;
    kernel.is_full = true;
    world_connect(ping_pong);
    world_assert_alive(2);
}

static void a_request_may_be_encrypted_no_more(void **state)
{
    (void)state;
    world_connect(ping_pong);
    faults[TLS_WRITE] = NET_NOMEM;
    assert_int_equal(world_exchange(PING, 7), NET_NOMEM);
}

static void a_write_that_fails_too_late_is_not_told(void **state)
{
    (void)state;
    world_connect(early);
    kernel.is_full = kernel.defers_writes = true;
    world_assert_alive(1);
    faults[WRITE_LATER] = UV_EPIPE;
    kernel_write();
    for (int turn = 0; turn < 3; turn++)
        (void)uv_run(&world.loop.uv, UV_RUN_NOWAIT);
    assert_null(world.conn.send);
    assert_int_equal(world.calls, 0);
}

static void a_request_waits_for_what_is_in_flight(void **state)
{
    static const struct peer_step both[] = {
        { PEER_SEND, PONG, 0 },   { PEER_EXPECT, PING, 0 },
        { PEER_EXPECT, PING, 0 }, { PEER_SEND, PONG, 0 },
        { PEER_END, NULL, 0 },
    };

    (void)state;
    world_connect(both);
    kernel.is_full = kernel.defers_writes = true;
    world_assert_alive(1);
    assert_non_null(world.conn.send);
    kernel.is_full = kernel.defers_writes = false;
    world.got = 0;
    net_conn_exchange(&world.conn, PING, strlen(PING), world_feed,
                      world_called);
    kernel_write();
    assert_int_equal(world_run(), NET_OK);
}

static void a_session_may_not_be_made(void **state)
{
    static const struct peer_step reset[] = { { PEER_RESET, NULL, 0 } };

    (void)state;
    for (int is_reset = 0; is_reset < 2; is_reset++) {
        world_wired_peer(is_reset ? reset : ping_pong, NULL, NULL);
        net_conn_connect(&world.conn, &world.addr, NULL, world_called);
        if (is_reset)
            peer_wait(world.peer, 1);
        assert_int_equal(world_run(), NET_OK);
        faults[TLS_SESSION] = 1;
        assert_int_equal(world_shake(TLS_NAME), NET_NOMEM);
        again(state);
    }
}

static void a_peer_that_we_refuse_is_told(void **state)
{
    (void)state;
    world_peer(ping_pong);
    assert_int_equal(world_dial(NULL), NET_OK);
    assert_int_equal(world_shake("other.example"), NET_TLS_VERIFY);
    assert_int_equal(kernel_writes, 2); /* the hello and the alert */
}

static bool send_in_the_clear(void *tls, int fd, const char *bytes, size_t n)
{
    (void)tls;
    return send(fd, bytes, n, MSG_NOSIGNAL) == (ssize_t)n;
}

static void a_record_that_was_tampered_with_is_answered(void **state)
{
    static const struct peer_step script[] = {
        { PEER_EXPECT, PING, 0 },
        { PEER_SEND, "\x17\x03\x03\x00\x14+PONG_PONG_PONG_PONG", 5 + 20 },
        { PEER_SILENT, NULL, 0 },
    };
    static struct tls_peer_spec spec;
    static struct peer_wire wire;

    (void)state;
    spec = (struct tls_peer_spec){ .cert = &tls_world.server };
    wire = peer_tls;
    wire.send = send_in_the_clear;
    world_wired_peer(script, &wire, &spec);
    world_open_again();
    kernel_writes = 0;
    assert_int_equal(world_exchange(PING, strlen(PONG)), NET_TLS_ERROR);
    assert_int_equal(world.got, 0);
    assert_int_equal(kernel_writes, 2); /* the request and the alert */
    assert_int_equal(world_exchange(PING, strlen(PONG)), NET_TLS_ERROR);
}

/* Open and exchange, so that all that can allocate does. */
static enum net_status all_of_it(void)
{
    enum net_status status = world_dial(NULL);

    if (status == NET_OK && world_is_tls())
        status = world_shake(TLS_NAME);
    if (status == NET_OK)
        status = world_exchange(PING, strlen(PONG));
    return status;
}

static void memory_may_run_out_at_any_point(void **state)
{
    enum net_status status;
    unsigned n = 0;
    bool came;

    do {
        world_peer(ping_pong);
        kernel.is_full = true;
        fail_malloc_at(++n);
        status = all_of_it();
        came = fail_malloc_stop();
        assert_int_equal(status, came ? NET_NOMEM : NET_OK);
        again(state);
    } while (came);
    assert_true(n > 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest plain[] = {
        TEST(a_connect_fails_with_any_call),
        TEST(a_failure_at_once_may_be_canceled),
        TEST(writable_is_not_yet_connected),
    };
    const struct CMUnitTest tests[] = {
        TEST(an_exchange_fails_with_any_call),
        TEST(a_failed_write_does_not_lose_the_reply),
        TEST(draining_what_never_ends_ends),
        TEST(a_wait_fails_when_nothing_can_be_read),
        TEST(bytes_may_go_and_come_one_at_a_time),
        TEST(a_full_socket_takes_all_in_the_end),
        TEST(a_write_that_fails_too_late_is_not_told),
        TEST(a_request_waits_for_what_is_in_flight),
        TEST(memory_may_run_out_at_any_point),
    };
    const struct CMUnitTest tls[] = {
        TEST(a_request_may_be_encrypted_no_more),
        TEST(a_session_may_not_be_made),
        TEST(a_peer_that_we_refuse_is_told),
        TEST(a_record_that_was_tampered_with_is_answered),
    };
    int failed;

    failed = cmocka_run_group_tests_name("connect", plain, NULL, NULL);
    failed += cmocka_run_group_tests_name("faults, plain", tests, NULL, NULL);
    failed += cmocka_run_group_tests_name("faults, TLS", tests, world_tls13,
                                          world_tls_end);
    failed +=
        cmocka_run_group_tests_name("TLS", tls, world_tls13, world_tls_end);
    return failed;
}
