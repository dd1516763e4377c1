/*
 * test_dial.c -- how a dial ends, that it ends once and leaves nothing open.
 */
#include "support/unit.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/conn_world.h"
#include "net/dial.h"

static struct net_dial dial;
static struct net_addr ours; /* a listener's */
static int listener;
static int spare_fd; /* the lowest descriptor that is free */
static unsigned calls;
static enum net_status told;

/* What the kernel says when a test wants it so; 0: the truth. */
static struct {
    int socket, connect, socket_error, poll_init, tcp_state;
} faults;

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl*): the linker's names */
int __real_socket(int family, int type, int protocol);
int __wrap_socket(int family, int type, int protocol);
int __real_connect(int fd, const struct sockaddr *addr, socklen_t size);
int __wrap_connect(int fd, const struct sockaddr *addr, socklen_t size);
int __real_uv_poll_init(uv_loop_t *loop, uv_poll_t *poll, int fd);
int __wrap_uv_poll_init(uv_loop_t *loop, uv_poll_t *poll, int fd);
int __real_getsockopt(int fd, int level, int name, void *to, socklen_t *size);
int __wrap_getsockopt(int fd, int level, int name, void *to, socklen_t *size);

int __wrap_socket(int family, int type, int protocol)
{
    errno = faults.socket;
    return faults.socket ? -1 : __real_socket(family, type, protocol);
}

int __wrap_connect(int fd, const struct sockaddr *addr, socklen_t size)
{
    errno = faults.connect;
    return faults.connect ? -1 : __real_connect(fd, addr, size);
}

int __wrap_uv_poll_init(uv_loop_t *loop, uv_poll_t *poll, int fd)
{
    return faults.poll_init ? faults.poll_init
                            : __real_uv_poll_init(loop, poll, fd);
}

int __wrap_getsockopt(int fd, int level, int name, void *to, socklen_t *size)
{
    int result = __real_getsockopt(fd, level, name, to, size);

    if (level == SOL_SOCKET && name == SO_ERROR && faults.socket_error)
        memcpy(to, &faults.socket_error, sizeof(faults.socket_error));
    if (level == IPPROTO_TCP && name == TCP_INFO && faults.tcp_state)
        *(uint8_t *)to = (uint8_t)faults.tcp_state; /* its first field */
    return result;
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl*) */

static int lowest_fd(void)
{
    int fd = dup(STDERR_FILENO);

    assert_int_equal(close(fd), 0);
    return fd;
}

static void listen_anew(void)
{
    socklen_t size = sizeof(ours.sa.v4);

    assert_true(net_addr_parse("127.0.0.1", 0, &ours));
    listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listener, &ours.sa.any, size), 0);
    assert_int_equal(listen(listener, 8), 0);
    assert_int_equal(getsockname(listener, &ours.sa.any, &size), 0);
}

static int set_up(void **state)
{
    memset(&faults, 0, sizeof(faults));
    memset(&dial, 0, sizeof(dial));
    calls = 0;
    if (world_open(state) != 0)
        return -1;
    dial.loop = &world.loop;
    listen_anew();
    return 0;
}

static int tear_down(void **state)
{
    close(listener);
    return world_close(state); /* and no handle is open */
}

static void on_dialed(struct net_dial *which, enum net_status status)
{
    assert_ptr_equal(which, &dial);
    calls++;
    told = status;
    uv_stop(&world.loop.uv);
}

static void start(const struct net_addr *addr, const struct net_addr *source,
                  unsigned ms)
{
    spare_fd = lowest_fd();
    net_dial_start(&dial, addr, source, ms, on_dialed);
    assert_int_equal(calls, 0);
}

/* Run until it is told; then neither a callback nor a descriptor is left. */
static enum net_status run(void)
{
    while (calls == 0)
        (void)uv_run(&world.loop.uv, UV_RUN_DEFAULT);
    for (int turn = 0; turn < 3; turn++)
        (void)uv_run(&world.loop.uv, UV_RUN_NOWAIT);
    assert_int_equal(calls, 1);
    calls = 0;
    assert_int_equal(lowest_fd(), spare_fd);
    return told;
}

static void who_listens_answers(void **state)
{
    (void)state;
    for (int again = 0; again < 2; again++) {
        start(&ours, NULL, WORLD_TIMEOUT_MS);
        assert_int_equal(run(), NET_OK);
        dial = (struct net_dial){ .loop = &world.loop };
    }
}

static void a_port_without_a_listener_refuses(void **state)
{
    (void)state;
    world_refusal();
    start(&world.addr, NULL, WORLD_TIMEOUT_MS);
    assert_int_equal(run(), NET_REFUSED);
}

static void a_syn_without_an_answer_ends_at_the_deadline(void **state)
{
    uint64_t start_ns = net_now();

    (void)state;
    world_black_hole();
    start(&world.addr, NULL, WORLD_SHORT_MS);
    assert_int_equal(run(), NET_TIMEOUT);
    assert_true(net_now() - start_ns >= (WORLD_SHORT_MS - 1) * (uint64_t)MS_NS);
}

/* The answer lies in the kernel, and the time is over: it counts. */
static void a_late_loop_does_not_blame_the_peer(void **state)
{
    uint64_t end_ns;

    (void)state;
    start(&ours, NULL, 1);
    end_ns = net_now() + (uint64_t)20 * MS_NS;
    while (net_now() < end_ns)
        ;
    assert_int_equal(run(), NET_OK);
}

static void it_comes_from_the_source(void **state)
{
    struct net_addr source, peer;
    socklen_t size = sizeof(peer.sa.v4);
    int fd;

    (void)state;
    assert_true(net_addr_parse("127.0.0.2", 0, &source));
    start(&ours, &source, WORLD_TIMEOUT_MS);
    assert_int_equal(run(), NET_OK);
    fd = accept(listener, &peer.sa.any, &size);
    assert_int_equal(peer.sa.v4.sin_addr.s_addr, source.sa.v4.sin_addr.s_addr);
    close(fd);
}

static void a_source_that_is_not_ours_is_told(void **state)
{
    static const char *const rows[] = { "192.0.2.1", "::1" };
    struct net_addr source;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_true(net_addr_parse(rows[i], 0, &source));
        start(&ours, &source, WORLD_TIMEOUT_MS);
        assert_int_equal(run(), NET_NOSOURCE);
    }
}

static void a_source_port_in_use_is_told(void **state)
{
    (void)state;
    start(&ours, &ours, WORLD_TIMEOUT_MS); /* the listener has it */
    assert_int_equal(run(), net_status_of_uv(UV_EADDRINUSE));
}

static void a_failure_at_once_is_told_from_the_loop(void **state)
{
    static const struct {
        int socket, connect, poll_init;
        int error;              /* of libuv; 0: */
        enum net_status status; /* ... this */
    } rows[] = {
        { .socket = EMFILE, .error = UV_EMFILE },
        { .connect = ENETUNREACH, .error = UV_ENETUNREACH },
        { .connect = ECONNREFUSED, .error = UV_ECONNREFUSED },
        { .connect = EINVAL, .status = NET_PROHIBITED },
        { .poll_init = UV_ENOMEM, .error = UV_ENOMEM },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        faults.socket = rows[i].socket;
        faults.connect = rows[i].connect;
        faults.poll_init = rows[i].poll_init;
        start(&ours, NULL, WORLD_TIMEOUT_MS);
        faults.socket = faults.connect = faults.poll_init = 0;
        assert_int_equal(run(), rows[i].error ? net_status_of_uv(rows[i].error)
                                              : rows[i].status);
    }
}

static void what_the_socket_says_later_is_judged(void **state)
{
    static const struct {
        int error, tcp_state;
        enum net_status status;
    } rows[] = {
        { ETIMEDOUT, 0, NET_TIMEOUT },
        { EINVAL, 0, NET_PROHIBITED },
        { ECONNRESET, 0, NET_OK }, /* it was connected, then */
        { EPIPE, 0, NET_OK },
        { 0, TCP_CLOSE_WAIT, NET_OK },
        { 0, TCP_SYN_SENT, NET_UNREACHABLE }, /* writable, and not connected */
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        start(&ours, NULL, WORLD_TIMEOUT_MS);
        faults.socket_error = rows[i].error;
        faults.tcp_state = rows[i].tcp_state;
        assert_int_equal(run(), rows[i].status);
        faults.socket_error = faults.tcp_state = 0;
        dial = (struct net_dial){ .loop = &world.loop };
    }
}

static void it_may_be_canceled_at_any_time(void **state)
{
    (void)state;
    net_dial_cancel(&dial); /* not under way */
    world_black_hole();
    for (int turns = 0; turns < 3; turns++) {
        start(&world.addr, NULL, WORLD_TIMEOUT_MS);
        for (int turn = 0; turn < turns; turn++)
            (void)uv_run(&world.loop.uv, UV_RUN_NOWAIT);
        net_dial_cancel(&dial);
        net_dial_cancel(&dial);
        assert_int_equal(calls, 0);
        assert_int_equal(run(), NET_CANCELED);
        net_dial_cancel(&dial);
        dial = (struct net_dial){ .loop = &world.loop };
    }
}

static void a_failure_that_is_not_yet_told_may_be_canceled(void **state)
{
    (void)state;
    faults.socket = EMFILE;
    start(&ours, NULL, WORLD_TIMEOUT_MS);
    faults.socket = 0;
    net_dial_cancel(&dial);
    assert_int_equal(run(), NET_CANCELED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_listens_answers),
        TEST(a_port_without_a_listener_refuses),
        TEST(a_syn_without_an_answer_ends_at_the_deadline),
        TEST(a_late_loop_does_not_blame_the_peer),
        TEST(it_comes_from_the_source),
        TEST(a_source_that_is_not_ours_is_told),
        TEST(a_source_port_in_use_is_told),
        TEST(a_failure_at_once_is_told_from_the_loop),
        TEST(what_the_socket_says_later_is_judged),
        TEST(it_may_be_canceled_at_any_time),
        TEST(a_failure_that_is_not_yet_told_may_be_canceled),
    };

    return cmocka_run_group_tests_name("dial", tests, NULL, NULL);
}
