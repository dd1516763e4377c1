/*
 * test_tcpinfo.c -- the kernel's own view of a connection over loopback.
 */
#include "support/unit.h"

#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/loop.h"
#include "net/tcpinfo.h"

enum {
    MS = 1000000,
    TICK_MS = 10, /* the kernel's, at its coarsest */
    LONG_MS = 60,
};

static int client, server;

static int set_up(void **state)
{
    struct sockaddr_in addr = { .sin_family = AF_INET,
                                .sin_addr = { htonl(INADDR_LOOPBACK) } };
    socklen_t size = sizeof(addr);
    int listener = socket(AF_INET, SOCK_STREAM, 0);

    (void)state;
    client = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(listener, (void *)&addr, size), 0);
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(getsockname(listener, (void *)&addr, &size), 0);
    assert_int_equal(connect(client, (void *)&addr, size), 0);
    server = accept(listener, NULL, NULL);
    assert_true(server >= 0);
    return close(listener);
}

static int tear_down(void **state)
{
    (void)state;
    (void)close(client);
    (void)close(server);
    return 0;
}

/* Let time pass: it is what is measured. */
static void pass(unsigned ms)
{
    uint64_t end_ns = net_now() + (uint64_t)ms * MS;

    while (net_now() < end_ns)
        (void)poll(NULL, 0, 1);
}

static void send_byte(int from, int to)
{
    struct pollfd ready = { .fd = to, .events = POLLIN };

    assert_int_equal(send(from, "x", 1, 0), 1);
    assert_int_equal(poll(&ready, 1, 5000), 1);
}

static void a_connection_is_described(void **state)
{
    struct net_tcpinfo info = net_tcpinfo_of(client);

    (void)state;
    assert_int_equal(info.state, TCP_ESTABLISHED);
    assert_true(info.snd_mss > 500);
    assert_int_equal(info.retransmits, 0);
    assert_int_equal(info.doubled, 0);
    assert_int_equal(net_tcpinfo_of(-1).state, 0);
    assert_int_equal(net_tcpinfo_waited_ms(-1), 0);
}

static void the_peers_time_is_told_from_ours(void **state)
{
    uint32_t waited_ms;

    (void)state;
    send_byte(client, server);
    pass(LONG_MS);
    send_byte(server, client);
    waited_ms = net_tcpinfo_waited_ms(client);
    assert_true(waited_ms >= LONG_MS - TICK_MS);
    pass(2 * LONG_MS); /* not read yet: that is no fault of the peer's */
    assert_true(net_tcpinfo_waited_ms(client) <= waited_ms + TICK_MS);
}

static void what_came_unasked_was_not_waited_for(void **state)
{
    (void)state;
    send_byte(server, client);
    pass(LONG_MS);
    send_byte(client, server);
    assert_int_equal(net_tcpinfo_waited_ms(client), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_connection_is_described),
        TEST(the_peers_time_is_told_from_ours),
        TEST(what_came_unasked_was_not_waited_for),
    };

    return cmocka_run_group_tests_name("tcpinfo", tests, NULL, NULL);
}
