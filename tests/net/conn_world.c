#include "net/conn_world.h"

#include "support/unit.h"

#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/peer_tls.h"
#include "support/tls_pair.h"

enum {
    FILLERS = 2, /* connections that a backlog of 0 takes, and one to spare */
    PERIOD = 23, /* of bytes */
};

struct world world;

static struct net_tls_context *tls;
static const void *tls_spec;
static int holes[1 + FILLERS];
static unsigned nholes;

static int use_tls(int version)
{
    static struct tls_peer_spec spec;
    const struct net_tls_config config = { .cacert = tls_world.ca_file };
    char error[256];

    (void)tls_world_set_up(NULL);
    spec = (struct tls_peer_spec){ .cert = &tls_world.server,
                                   .min_version = version,
                                   .max_version = version };
    tls = net_tls_context_new(&config, error, sizeof(error));
    assert_non_null(tls);
    tls_spec = &spec;
    return 0;
}

int world_tls13(void **state)
{
    (void)state;
    return use_tls(TLS1_3_VERSION);
}

int world_tls12(void **state)
{
    (void)state;
    return use_tls(TLS1_2_VERSION);
}

int world_tls_end(void **state)
{
    net_tls_context_free(tls);
    tls = NULL;
    return tls_world_tear_down(state);
}

bool world_is_tls(void)
{
    return tls != NULL;
}

struct net_tls_context *world_tls_context(void)
{
    return tls;
}

int world_open(void **state)
{
    (void)state;
    world = (struct world){ .conn = { .timeout_ms = WORLD_TIMEOUT_MS } };
    world.conn.loop = &world.loop;
    return net_loop_init(&world.loop);
}

int world_close(void **state)
{
    (void)state;
    world_hang_up();
    if (world.peer)
        peer_stop(world.peer);
    while (nholes > 0)
        close(holes[--nholes]);
    net_loop_run(&world.loop);
    return net_loop_close(&world.loop);
}

void world_wired_peer(const struct peer_step *script,
                      const struct peer_wire *wire, const void *wire_config)
{
    world.peer = peer_start_scripts(&script, 1, wire, wire_config);
    assert_true(
        net_addr_parse("127.0.0.1", peer_port(world.peer), &world.addr));
}

void world_peer(const struct peer_step *script)
{
    world_wired_peer(script, tls ? &peer_tls : NULL, tls_spec);
}

void world_connect(const struct peer_step *script)
{
    world_peer(script);
    world_open_again();
}

void world_open_again(void)
{
    assert_int_equal(world_dial(NULL), NET_OK);
    if (tls)
        assert_int_equal(world_shake(TLS_NAME), NET_OK);
}

void world_black_hole(void)
{
    struct pollfd full = { .events = POLLIN };
    socklen_t size = sizeof(world.addr.sa.v4);
    int fd;

    world_refusal();
    full.fd = holes[nholes - 1];
    assert_int_equal(listen(full.fd, 0), 0);
    for (int i = 0; i < FILLERS; i++) {
        fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        (void)connect(fd, &world.addr.sa.any, size);
        holes[nholes++] = fd;
    }
    assert_int_equal(poll(&full, 1, WORLD_TIMEOUT_MS), 1);
}

void world_refusal(void)
{
    socklen_t size = sizeof(world.addr.sa.v4);
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    assert_true(net_addr_parse("127.0.0.1", 0, &world.addr));
    assert_int_equal(bind(fd, &world.addr.sa.any, size), 0);
    assert_int_equal(getsockname(fd, &world.addr.sa.any, &size), 0);
    holes[nholes++] = fd;
}

void world_arrived(int n)
{
    struct pollfd socket = { .events = n == 0 ? POLLRDHUP : POLLIN };
    int arrived = 0;

    assert_int_equal(uv_fileno((uv_handle_t *)&world.conn.tcp, &socket.fd), 0);
    do {
        assert_int_equal(poll(&socket, 1, WORLD_TIMEOUT_MS), 1);
        assert_int_equal(ioctl(socket.fd, FIONREAD, &arrived), 0);
    } while (arrived < n);
}

void world_called(struct net_conn *conn, enum net_status status)
{
    assert_ptr_equal(conn, &world.conn);
    world.calls++;
    world.status = status;
    uv_stop(&world.loop.uv);
}

enum net_feed world_feed(struct net_conn *conn, const char *bytes, size_t n)
{
    size_t room = WORLD_HEAD - 1 - world.got;

    if (world.got < WORLD_HEAD - 1)
        memcpy(world.head + world.got, bytes, n < room ? n : room);
    world.got += n;
    if (world.cancels)
        net_conn_cancel(conn);
    if (world.is_bad)
        return NET_FEED_BAD;
    return world.want > 0 && world.got >= world.want ? NET_FEED_DONE
                                                     : NET_FEED_MORE;
}

enum net_status world_run(void)
{
    assert_int_equal(world.calls, 0);
    (void)uv_run(&world.loop.uv, UV_RUN_DEFAULT);
    assert_int_equal(world.calls, 1);
    (void)uv_run(&world.loop.uv, UV_RUN_NOWAIT);
    assert_int_equal(world.calls, 1);
    world.calls = 0;
    return world.status;
}

enum net_status world_dial(const struct net_addr *source)
{
    net_conn_connect(&world.conn, &world.addr, source, world_called);
    return world_run();
}

enum net_status world_shake(const char *name)
{
    net_conn_handshake(&world.conn, tls, name, world_called);
    return world_run();
}

enum net_status world_exchange_n(const char *bytes, size_t n, size_t want)
{
    world.want = want;
    world.got = 0;
    memset(world.head, 0, sizeof(world.head));
    net_conn_exchange(&world.conn, bytes, n, world_feed, world_called);
    return world_run();
}

enum net_status world_exchange(const char *text, size_t want)
{
    return world_exchange_n(text, strlen(text), want);
}

enum net_status world_wait(unsigned ms)
{
    net_conn_wait(&world.conn, ms, world_called);
    return world_run();
}

void world_hang_up(void)
{
    net_conn_close(&world.conn, world_called);
    assert_int_equal(world_run(), NET_OK);
    assert_int_equal(net_conn_tcpinfo(&world.conn).state, 0);
    assert_null(net_conn_tls(&world.conn));
}

void world_assert_alive(unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        assert_int_equal(world_exchange(PING, strlen(PONG)), NET_OK);
        assert_string_equal(world.head, PONG);
        assert_int_equal(world.conn.native, 0);
    }
}

char *world_bytes(size_t n)
{
    char *bytes = malloc(n);

    assert_non_null(bytes);
    for (size_t i = 0; i < n && i < PERIOD; i++)
        bytes[i] = (char)('a' + i);
    /* by halves: a loop over all takes a sanitizer seconds */
    for (size_t have = PERIOD; have < n; have *= 2)
        memcpy(bytes + have, bytes, have < n - have ? have : n - have);
    return bytes;
}
