/*
 * test_fleet_bytes.c -- how much memory a check in flight takes, to the byte.
 *
 * Ten thousand of them may be in flight at a time.  What is counted is what our
 * own objects ask for; libuv's handles are in it, since we embed them.  The
 * limits are of 64 bits, a little above what there is: who has to raise one has
 * made every check in flight larger.
 */
#include "support/unit.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "probe/fleet.h"
#include "support/fake_io.h"

enum {
    FLEET = 32,
    LARGE = 1000,
    ROUNDING = 16, /* of malloc(), for each block */

    /* of one check, the blocks' rounding left out */
    CONNECTING = 1216,        /* handle and request of libuv: 344 of these */
    WAITING = 1120,           /* for a reply; the handle: 248 of these */
    BEYOND_THE_SOCKET = 1024, /* what of it is not libuv's */
    TRYING_PORTS = 3712,      /* second probes: six more sockets */
    TRYING_ONE = 2496,        /* ... of one connection */
    NAMED = 5632, /* of a name, with room for all its addresses and with
                     what checks share */
};

static struct {
    size_t held, most, blocks;
} heap;

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl*): the linker's names */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void __real_free(void *block);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
void __wrap_free(void *block);

static void *taken(void *block)
{
    heap.held += malloc_usable_size(block);
    heap.blocks += block != NULL;
    if (heap.held > heap.most)
        heap.most = heap.held;
    return block;
}

static void given_back(void *block)
{
    heap.held -= malloc_usable_size(block);
    heap.blocks -= block != NULL;
}

void *__wrap_malloc(size_t size)
{
    return taken(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size)
{
    return taken(__real_calloc(count, size));
}

void *__wrap_realloc(void *block, size_t size)
{
    given_back(block);
    return taken(__real_realloc(block, size));
}

/* The fake world's, which is given back by free() too. */
void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    return taken(__real_aligned_alloc(alignment, size));
}

void __wrap_free(void *block)
{
    given_back(block);
    __real_free(block);
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl*) */

static struct probe_options options;
static struct probe_target target;
static struct probe_world world;
static struct fleet fleet;
static unsigned handed, wanted, done;

static const struct probe_target *next(void *data)
{
    (void)data;
    return handed < wanted ? (handed++, &target) : NULL;
}

static void on_done(void *data, const struct probe_target *of,
                    const struct check *check, const struct outcome *outcome)
{
    (void)data;
    (void)of;
    assert_non_null(check);
    assert_non_null(outcome);
    done++;
}

static int set_up(void **state)
{
    (void)state;
    fake_reset();
    options = (struct probe_options){ .timeout_ms = 60000,
                                      .deadline_ms = 120000,
                                      .key_prefix = "linkprobe:",
                                      .diagnose = true,
                                      .policy = { .write = true } };
    target = (struct probe_target){ .name = "127.0.0.1:6379",
                                    .host = "127.0.0.1",
                                    .port = 6379,
                                    .options = &options };
    world = (struct probe_world){ .io = &fake_io };
    fleet = (struct fleet){ .world = &world,
                            .next = next,
                            .done = on_done,
                            .concurrency = FLEET,
                            .consecutive = 1 };
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    probe_world_deinit(&world);
    return 0;
}

static void begin(unsigned n)
{
    wanted = n;
    handed = done = 0;
    fleet_start(&fleet);
}

/* --- In a fake world: the most at any time of a check's life -------------- */

/* What checks share is there after the first. */
static size_t most_of_a_check(void)
{
    size_t before;

    begin(1);
    fake_run();
    before = heap.held;
    heap.most = heap.held;
    begin(1);
    fake_run();
    assert_int_equal(done, 1);
    assert_int_equal(heap.held, before);
    return heap.most - before;
}

static void second_probes_take_memory_for_what_they_try(void **state)
{
    size_t bytes;

    (void)state;
    fake.connect = NET_TIMEOUT;
    bytes = most_of_a_check();
    print_message("trying ports: %zu bytes\n", bytes);
    assert_in_range(bytes, WAITING, TRYING_PORTS);

    fake_reset();
    fake.rules[0] = (struct fake_rule){ "PING", NULL, NET_CLOSED };
    bytes = most_of_a_check();
    print_message("trying TLS: %zu bytes\n", bytes);
    assert_in_range(bytes, WAITING, TRYING_ONE);
}

/* What is held when all has been seen, and nothing is released yet. */
static size_t held_at_the_end;

static bool note_held(void *data, const struct probe_target *of,
                      const struct outcome *outcome)
{
    (void)data;
    (void)of;
    (void)outcome;
    held_at_the_end = heap.held;
    return false;
}

static void of_an_answer_its_cnames_room_is_not_kept(void **state)
{
    struct net_answer answer = { .naddrs = 1 };
    size_t before;

    (void)state;
    assert_true(net_addr_parse("127.0.0.1", 6379, &answer.addrs[0].addr));
    fake.answer = &answer;
    target.host = "cache.test";
    options.resolver = (void *)&fake; /* any */
    before = heap.held;
    fleet.again = note_held;
    begin(1);
    fake_run();
    print_message("of a name: %zu bytes\n", held_at_the_end - before);
    assert_in_range(held_at_the_end - before, WAITING, NAMED);
}

/* --- On sockets: a peer that accepts and is silent ------------------------ */

static struct net_loop loop;
static int listener, peers[FLEET];

/* Bound and not listening, a port refuses, and is nobody else's. */
static void have_a_port(void)
{
    struct net_addr addr;
    socklen_t size = sizeof(addr.sa.v4);

    assert_true(net_addr_parse("127.0.0.1", 0, &addr));
    listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert_int_equal(bind(listener, &addr.sa.any, size), 0);
    assert_int_equal(getsockname(listener, &addr.sa.any, &size), 0);
    target.port = net_addr_port(&addr);
}

/* Run the loop until each of them has sent its commands. */
static void run_until_all_wait(void)
{
    unsigned n = 0;
    char byte;

    for (unsigned i = 0; i < FLEET; i++)
        peers[i] = -1;
    while (n < FLEET) {
        (void)uv_run(&loop.uv, UV_RUN_NOWAIT);
        if (peers[n] < 0)
            peers[n] = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
        if (peers[n] >= 0 && recv(peers[n], &byte, 1, MSG_PEEK) == 1)
            n++;
    }
}

static size_t bytes_a_check(size_t before)
{
    return (heap.held - before) / FLEET;
}

static void a_check_in_flight_is_small(void **state)
{
    size_t all = heap.held, before, blocks, bytes, rounding;

    (void)state;
    assert_int_equal(net_loop_init(&loop), 0);
    world = (struct probe_world){ .io = &probe_io_net, .loop = &loop };
    have_a_port();
    assert_int_equal(listen(listener, FLEET), 0);
    before = heap.held;
    blocks = heap.blocks;

    begin(FLEET);
    bytes = bytes_a_check(before);
    rounding = (heap.blocks - blocks) / FLEET * ROUNDING;
    print_message("connecting: %zu bytes\n", bytes);
    assert_in_range(bytes, sizeof(uv_tcp_t), CONNECTING + rounding);
    assert_true(bytes - sizeof(uv_tcp_t) - sizeof(uv_connect_t) <=
                BEYOND_THE_SOCKET);

    run_until_all_wait();
    bytes = bytes_a_check(before);
    print_message("waiting: %zu bytes\n", bytes);
    assert_in_range(bytes, sizeof(uv_tcp_t), WAITING + rounding);
    assert_true(bytes - sizeof(uv_tcp_t) <= BEYOND_THE_SOCKET);

    fleet_cancel(&fleet);
    net_loop_run(&loop);
    assert_int_equal(done, FLEET);
    probe_world_deinit(&world);
    for (unsigned i = 0; i < FLEET; i++)
        close(peers[i]);
    close(listener);
    assert_int_equal(net_loop_close(&loop), 0);
    assert_int_equal(heap.held, all);
}

/* Each connect has a request of its own, until it is made. */
static void a_large_fleet_is_begun_in_parts(void **state)
{
    (void)state;
    assert_int_equal(net_loop_init(&loop), 0);
    world = (struct probe_world){ .io = &probe_io_net, .loop = &loop };
    have_a_port(); /* refused: it ends by itself */
    options.diagnose = false;
    fleet.concurrency = LARGE;

    begin(LARGE);
    assert_in_range(handed, 1, LARGE / 2);
    net_loop_run(&loop);
    assert_int_equal(handed, LARGE);
    assert_int_equal(done, LARGE);

    begin(LARGE);
    fleet_cancel(&fleet);
    net_loop_run(&loop);
    assert_in_range(handed, 1, LARGE / 2);
    assert_int_equal(done, handed);
    close(listener);
    assert_int_equal(net_loop_close(&loop), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_check_in_flight_is_small),
        TEST(a_large_fleet_is_begun_in_parts),
        TEST(of_an_answer_its_cnames_room_is_not_kept),
        TEST(second_probes_take_memory_for_what_they_try),
    };

    return cmocka_run_group_tests_name("fleet_bytes", tests, NULL, NULL);
}
