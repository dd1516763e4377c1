/*
 * Which connection makes room, and which has taken too long: without sockets.
 */
#include <stdbool.h>

#include "serve/http_internal.h"
#include "support/unit.h"

#define SECOND UINT64_C(1000000000)

enum {
    ENDED_MAX = 64,
};

static int ended[ENDED_MAX];
static unsigned nended;
static struct http_peers peers;

int __wrap_shutdown(int fd, int how);

int __wrap_shutdown(int fd, int how)
{
    (void)how;
    assert_true(nended < ENDED_MAX);
    ended[nended++] = fd;
    return 0;
}

static int set_up(void **state)
{
    (void)state;
    peers = (struct http_peers){ .max = 3 };
    nended = 0;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    while (peers.first)
        http_peer_free(peers.first);
    assert_int_equal(peers.n, 0);
    assert_int_equal(peers.nshut, 0);
    return 0;
}

static void whoever_is_idle_longest_makes_room(void **state)
{
    struct http_peer *first = http_peer_new(&peers, 10, 0);

    (void)state;
    http_peer_new(&peers, 11, 1);
    http_peer_new(&peers, 12, 2);
    http_peer_does(first, HTTP_IDLE, 3);
    assert_int_equal(nended, 0);
    http_peer_new(&peers, 13, 4);
    assert_int_equal(nended, 1);
    assert_int_equal(ended[0], 11);
    assert_int_equal(peers.evicted, 1);
}

/* A new one for each that has been ended, though the library has not let go
 * of those yet. */
static void the_ended_do_not_count(void **state)
{
    (void)state;
    for (int fd = 10; fd < 30; fd++)
        http_peer_new(&peers, fd, (uint64_t)fd);
    assert_int_equal(nended, 17);
    for (unsigned i = 0; i < nended; i++)
        assert_int_equal(ended[i], 10 + (int)i);
}

/* Else those that are on their way out would push out whoever comes in. */
static void after_a_sweep_there_is_room_at_once(void **state)
{
    (void)state;
    for (int fd = 10; fd < 13; fd++)
        http_peer_new(&peers, fd, 0);
    http_peers_sweep(&peers, 10 * SECOND);
    assert_int_equal(nended, 3);
    for (int fd = 13; fd < 16; fd++)
        http_peer_new(&peers, fd, 10 * SECOND);
    assert_int_equal(nended, 3);
    assert_int_equal(peers.evicted, 0);
}

static void a_request_that_waits_is_never_cut(void **state)
{
    struct http_peer *waiting = http_peer_new(&peers, 10, 0);

    (void)state;
    http_peer_does(waiting, HTTP_WAITING, 0);
    for (int fd = 11; fd < 20; fd++)
        http_peer_new(&peers, fd, 1);
    http_peers_sweep(&peers, 1000 * SECOND);
    for (unsigned i = 0; i < nended; i++)
        assert_int_not_equal(ended[i], 10);
}

static void a_reader_goes_only_when_nobody_is_idle(void **state)
{
    struct http_peer *reader = http_peer_new(&peers, 10, 0);
    struct http_peer *other;

    (void)state;
    http_peer_does(reader, HTTP_ANSWERING, 0);
    other = http_peer_new(&peers, 11, 1);
    http_peer_new(&peers, 12, 2);
    http_peer_new(&peers, 13, 3);
    assert_int_equal(ended[0], 11);
    http_peer_free(other);
    http_peer_new(&peers, 14, 4);
    assert_int_equal(ended[1], 12);
}

static void each_state_has_its_time(void **state)
{
    static const struct {
        enum http_doing doing;
        uint64_t stays_s, goes_s;
    } rows[] = {
        { HTTP_ARRIVING, 9, 10 },
        { HTTP_ANSWERING, 59, 60 },
        { HTTP_IDLE, 299, 300 },
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        set_up(state);
        http_peer_does(http_peer_new(&peers, 10, 0), rows[i].doing, 0);
        http_peers_sweep(&peers, rows[i].stays_s * SECOND);
        assert_int_equal(nended, 0);
        http_peers_sweep(&peers, rows[i].goes_s * SECOND);
        assert_int_equal(nended, 1);
        http_peers_sweep(&peers, rows[i].goes_s * SECOND);
        assert_int_equal(nended, 1);
        tear_down(state);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(whoever_is_idle_longest_makes_room),
        TEST(the_ended_do_not_count),
        TEST(after_a_sweep_there_is_room_at_once),
        TEST(a_request_that_waits_is_never_cut),
        TEST(a_reader_goes_only_when_nobody_is_idle),
        cmocka_unit_test(each_state_has_its_time),
    };

    return cmocka_run_group_tests_name("serve_peers", tests, NULL, NULL);
}
