/*
 * test_resolve_life.c -- a look-up's contract: called back once, never from
 * inside, canceled and closed at every point, with or without memory.
 */
#include <ares.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "resolving.h"
#include "support/fail_malloc.h"

enum {
    SHORT_MS = 600,
    MANY = 256,
    ROUNDS = 8,
};

static const struct dns_rule healthy[] = {
    { .type = DNS_A,
      .records = { { "a.example", DNS_CNAME, 60, "b.example" },
                   { "b.example", DNS_A, 60, "10.0.0.1" } } },
    { .type = DNS_AAAA,
      .records = { { "a.example", DNS_AAAA, 60, "fd00::1" } } },
};
static const struct dns_rule silent = { .fault = DNS_SILENT };
static const struct dns_rule cut = {
    .fault = DNS_CUT_OVER_UDP,
    .records = { { "a.example", DNS_A, 60, "10.0.0.1" } },
};
static const struct net_question question = { "a.example", PORT, AF_UNSPEC };

static struct dns_server *server;
static struct net_resolve req;

static int tear_down(void **state)
{
    resolving_tear_down(state);
    dns_server_stop(server);
    server = NULL;
    return 0;
}

static void serve(const struct dns_rule *rules, size_t n, enum dns_tcp tcp)
{
    server = dns_server_start(rules, n, tcp);
    resolving_open(dns_server_address(server), NULL, "10.0.0.9 hosted\n");
}

static void start(const struct net_question *what)
{
    req = (struct net_resolve){ .resolver = resolving.resolver,
                                .timeout_ms = LONG_MS };
    net_resolve_start(&req, what, on_looked_up);
}

/* Turn the loop `turns` times, or until there is nothing left to do. */
static void turn(unsigned turns)
{
    for (; turns > 0; turns--)
        (void)uv_run(&resolving.loop.uv, UV_RUN_ONCE);
}

/* --- Cancel -------------------------------------------------------------- */

/* Cancel after each number of turns, until one look-up has ended before. */
static void cancel_everywhere(const struct net_question *what)
{
    unsigned turns = 0, calls = 0;
    bool ended;

    do {
        calls = resolving.calls;
        start(what);
        turn(turns++);
        ended = resolving.calls > calls;
        net_resolve_cancel(&req);
        net_resolve_cancel(&req);
        assert_int_equal(resolving.calls, calls + ended);
        net_loop_run(&resolving.loop);
        assert_int_equal(resolving.calls, calls + 1);
        if (ended)
            continue;
        assert_int_equal(resolving.status, NET_CANCELED);
        assert_null(resolving.answer);
    } while (!ended);
    assert_int_not_equal(resolving.status, NET_CANCELED);
    assert_true(turns > 1);
}

static void a_look_up_may_be_canceled_at_every_point(void **state)
{
    static const struct net_question hosted = { "hosted", PORT, AF_UNSPEC };
    static const struct net_question bad = { "a..b", PORT, AF_UNSPEC };

    (void)state;
    serve(healthy, 2, DNS_TCP_ANSWERS);
    cancel_everywhere(&question);
    cancel_everywhere(&hosted);
    cancel_everywhere(&bad);
    tear_down(state);
    serve(&cut, 1, DNS_TCP_ANSWERS);
    cancel_everywhere(&question);
    tear_down(state);
    serve(&cut, 1, DNS_TCP_RESETS);
    cancel_everywhere(&question);
}

static void cancel_of_what_is_not_in_flight_does_nothing(void **state)
{
    (void)state;
    serve(healthy, 2, DNS_TCP_ANSWERS);
    req = (struct net_resolve){ .resolver = resolving.resolver };
    net_resolve_cancel(&req);
    start(&question);
    net_loop_run(&resolving.loop);
    net_resolve_cancel(&req);
    net_loop_run(&resolving.loop);
    assert_int_equal(resolving.calls, 1);
    assert_int_equal(resolving.status, NET_OK);
}

static void a_canceled_look_up_does_not_disturb_another(void **state)
{
    struct net_resolve other = { .timeout_ms = LONG_MS };

    (void)state;
    serve(healthy, 2, DNS_TCP_ANSWERS);
    other.resolver = resolving.resolver;
    net_resolve_start(&other, &question, on_looked_up);
    start(&question);
    net_resolve_cancel(&req);
    net_loop_run(&resolving.loop);
    assert_int_equal(resolving.calls, 2);
    assert_int_equal(resolving.status, NET_OK);
}

static struct net_resolve twins[2];

static void on_looked_up_cancel(struct net_resolve *ended,
                                enum net_status status)
{
    on_looked_up(ended, status);
    net_resolve_cancel(&twins[ended == &twins[0]]);
}

static void a_callback_may_cancel_another_that_has_ended_too(void **state)
{
    static const struct net_question hosted = { "hosted", PORT, AF_UNSPEC };

    (void)state;
    serve(healthy, 2, DNS_TCP_ANSWERS);
    for (size_t i = 0; i < ARRAY_SIZE(twins); i++) {
        twins[i] = (struct net_resolve){ .resolver = resolving.resolver,
                                         .timeout_ms = LONG_MS };
        net_resolve_start(&twins[i], &hosted, on_looked_up_cancel);
    }
    net_loop_run(&resolving.loop);
    assert_int_equal(resolving.calls, 2);
    assert_int_equal(resolving.status, NET_CANCELED);
    assert_null(resolving.answer);
}

/* --- Close --------------------------------------------------------------- */

static unsigned closed;

static void on_closed(void *arg)
{
    assert_ptr_equal(arg, &closed);
    closed++;
}

static void resolver_close(void)
{
    closed = 0;
    net_resolver_close(resolving.resolver, on_closed, &closed);
    resolving.resolver = NULL;
}

static void a_resolver_may_be_closed_at_every_point(void **state)
{
    bool ended = false;

    (void)state;
    for (unsigned turns = 0; !ended; turns++) {
        serve(&cut, 1, DNS_TCP_ANSWERS);
        start(&question);
        turn(turns);
        ended = resolving.calls > 0;
        resolver_close();
        assert_int_equal(resolving.calls, ended);
        assert_int_equal(closed, 0);
        net_loop_run(&resolving.loop);
        assert_int_equal(resolving.calls, 1);
        assert_int_equal(closed, 1);
        assert_int_equal(resolving.status, ended ? NET_OK : NET_CANCELED);
        tear_down(state);
    }
}

static void a_resolver_that_was_not_used_closes(void **state)
{
    (void)state;
    serve(healthy, 2, DNS_TCP_ANSWERS);
    resolver_close();
    net_loop_run(&resolving.loop);
    assert_int_equal(closed, 1);
    net_resolver_close(NULL, on_closed, &closed);
    assert_int_equal(closed, 1);
}

static void on_looked_up_close(struct net_resolve *ended,
                               enum net_status status)
{
    on_looked_up(ended, status);
    if (resolving.resolver)
        resolver_close();
}

static void a_callback_may_close_the_resolver(void **state)
{
    struct net_resolve more[3];

    (void)state;
    serve(healthy, 2, DNS_TCP_ANSWERS);
    for (size_t i = 0; i < ARRAY_SIZE(more); i++) {
        more[i] = (struct net_resolve){ .resolver = resolving.resolver,
                                        .timeout_ms = LONG_MS };
        net_resolve_start(&more[i], &question, on_looked_up_close);
    }
    net_loop_run(&resolving.loop);
    assert_int_equal(resolving.calls, 3);
    assert_int_equal(closed, 1);
}

/* --- Many ---------------------------------------------------------------- */

static unsigned left;

static void on_looked_up_again(struct net_resolve *ended,
                               enum net_status status)
{
    assert_int_equal(status, NET_OK);
    on_looked_up(ended, status);
    if (left == 0)
        return;
    left--;
    net_resolve_start(ended, &question, on_looked_up_again);
}

static void many_look_ups_go_side_by_side_and_one_after_the_other(void **state)
{
    static struct net_resolve many[MANY];

    (void)state;
    serve(healthy, 2, DNS_TCP_ANSWERS);
    left = (ROUNDS - 1) * MANY;
    for (size_t i = 0; i < MANY; i++) {
        many[i] = (struct net_resolve){ .resolver = resolving.resolver,
                                        .timeout_ms = LONG_MS };
        net_resolve_start(&many[i], &question, on_looked_up_again);
    }
    net_loop_run(&resolving.loop);
    assert_int_equal(resolving.calls, ROUNDS * MANY);
}

static void what_nobody_waits_for_does_not_keep_the_loop_alive(void **state)
{
    (void)state;
    serve(&silent, 1, DNS_TCP_ANSWERS);
    assert_int_equal(look_up("a.example", AF_UNSPEC, 100), NET_TIMEOUT);
    assert_true(resolving.took_ms < 4000); /* c-ares would wait for 5 s */
    assert_int_equal(uv_loop_alive(&resolving.loop.uv), 0);
    for (int kind = 0; kind < NET_CHANNEL_KINDS; kind++) {
        struct net_channel *channel = resolving.resolver->channels[0][kind];

        assert_int_equal(channel ? net_channel_pending(channel) : 0, 0);
    }
}

/* The answers lie in the kernel, and the time is over: they count. */
static void a_late_loop_does_not_blame_the_server(void **state)
{
    const uint64_t late_ns = UINT64_C(50) * 1000000;
    uint64_t start_ns;

    (void)state;
    serve(healthy, 2, DNS_TCP_ANSWERS);
    req =
        (struct net_resolve){ .resolver = resolving.resolver, .timeout_ms = 1 };
    net_resolve_start(&req, &question, on_looked_up);
    dns_server_wait_answered(server, 2);
    start_ns = net_now();
    while (net_now() - start_ns < late_ns)
        ;
    net_loop_run(&resolving.loop);
    assert_int_equal(resolving.status, NET_OK);
    assert_int_equal(resolving.answer->v6.status, NET_OK);
    assert_int_equal(resolving.answer->sends, 2);
}

/* --- Faults of this machine ---------------------------------------------- */

static void fail_every_allocation(const struct dns_rule *rules, size_t n,
                                  const char *host, const char *what)
{
    bool came = true;

    for (unsigned i = 1; came; i++) {
        enum net_status status;

        serve(rules, n, DNS_TCP_ANSWERS);
        fail_malloc_at(i);
        status = look_up(host, AF_UNSPEC, SHORT_MS);
        came = fail_malloc_stop();
        /* An answer that c-ares has no memory to compare it drops. */
        if (status != NET_OK && status != NET_NOMEM && status != NET_TIMEOUT)
            fail_msg("%s: allocation %u ends in %s", what, i,
                     net_status_token(status));
        if (!came) /* all memory was there: nor may time run out, then */
            assert_int_equal(look_up(host, AF_UNSPEC, LONG_MS), NET_OK);
        tear_down(NULL);
    }
}

static void memory_may_run_out_at_every_point(void **state)
{
    (void)state;
    fail_every_allocation(healthy, 2, "a.example", "UDP");
    fail_every_allocation(&cut, 1, "a.example", "TCP");
    fail_every_allocation(healthy, 2, "hosted", "hosts");
}

static void a_start_without_memory_may_be_canceled_and_closed(void **state)
{
    (void)state;
    serve(healthy, 2, DNS_TCP_ANSWERS);
    fail_malloc_at(1);
    start(&question);
    assert_true(fail_malloc_stop());
    net_resolve_cancel(&req);
    assert_int_equal(resolving.calls, 0);
    net_loop_run(&resolving.loop);
    assert_int_equal(resolving.calls, 1);
    assert_int_equal(resolving.status, NET_CANCELED);

    fail_malloc_at(1);
    start(&question);
    assert_true(fail_malloc_stop());
    resolver_close();
    assert_int_equal(closed, 0);
    net_loop_run(&resolving.loop);
    assert_int_equal(resolving.calls, 2);
    assert_int_equal(closed, 1);
}

static void a_resolver_without_memory_or_sense_is_none(void **state)
{
    struct net_loop loop;

    (void)state;
    assert_int_equal(net_loop_init(&loop), 0);
    fail_malloc_at(1);
    assert_null(net_resolver_new(&loop, NULL));
    assert_true(fail_malloc_stop());
    assert_null(net_resolver_new(&loop, "10.0.0.1,"));
    assert_int_equal(net_loop_close(&loop), 0);
}

static int poll_error;

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl*): the linker's names */
int __real_uv_poll_init(uv_loop_t *loop, uv_poll_t *handle, int fd);
int __wrap_uv_poll_init(uv_loop_t *loop, uv_poll_t *handle, int fd);
int __wrap_uv_poll_init(uv_loop_t *loop, uv_poll_t *handle, int fd)
{
    return poll_error ? poll_error : __real_uv_poll_init(loop, handle, fd);
}

/* Where epoll does not know the socket yet, libuv's call of it fails. */
void __real_uv_close(uv_handle_t *handle, uv_close_cb cb);
void __wrap_uv_close(uv_handle_t *handle, uv_close_cb cb);
void __wrap_uv_close(uv_handle_t *handle, uv_close_cb cb)
{
    __real_uv_close(handle, cb);
    errno = ENOENT;
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl*) */

static void
a_socket_that_cannot_be_watched_is_a_fault_of_the_system(void **state)
{
    (void)state;
    serve(healthy, 2, DNS_TCP_ANSWERS);
    poll_error = UV_EMFILE;
    assert_int_equal(look_up("a.example", AF_UNSPEC, LONG_MS), NET_SYSTEM);
    poll_error = 0;
    assert_true(resolving.took_ms < LONG_MS / 2);
    assert_int_equal(look_up("a.example", AF_UNSPEC, LONG_MS), NET_OK);
}

static void no_descriptor_is_not_an_unreachable_server(void **state)
{
    struct rlimit limit, none;

    (void)state;
    serve(healthy, 2, DNS_TCP_ANSWERS);
    /* A first look-up, so that c-ares has read what it reads at the start. */
    assert_int_equal(look_up("a.example", AF_UNSPEC, LONG_MS), NET_OK);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    none = limit;
    none.rlim_cur = 0;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    (void)look_up("a.example", AF_UNSPEC, LONG_MS);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    assert_int_equal(resolving.status, NET_SYSTEM);
}

/* --- c-ares allocates through us, so that it can fail too ---------------- */

/* Not 1.34: without memory it loses some of its own (in ares_send()). */
enum {
    ARES_THAT_LEAKS = 0x011300,
};

static void *ares_malloc_here(size_t n)
{
    return malloc(n);
}

static void *ares_realloc_here(void *old, size_t n)
{
    return realloc(old, n);
}

static void ares_free_here(void *old)
{
    free(old);
}

#define TEST(name) cmocka_unit_test_teardown(name, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_look_up_may_be_canceled_at_every_point),
        TEST(cancel_of_what_is_not_in_flight_does_nothing),
        TEST(a_canceled_look_up_does_not_disturb_another),
        TEST(a_callback_may_cancel_another_that_has_ended_too),
        TEST(a_resolver_may_be_closed_at_every_point),
        TEST(a_resolver_that_was_not_used_closes),
        TEST(a_callback_may_close_the_resolver),
        TEST(many_look_ups_go_side_by_side_and_one_after_the_other),
        TEST(what_nobody_waits_for_does_not_keep_the_loop_alive),
        TEST(a_late_loop_does_not_blame_the_server),
        TEST(memory_may_run_out_at_every_point),
        TEST(a_start_without_memory_may_be_canceled_and_closed),
        TEST(a_resolver_without_memory_or_sense_is_none),
        TEST(a_socket_that_cannot_be_watched_is_a_fault_of_the_system),
        TEST(no_descriptor_is_not_an_unreachable_server),
    };

    if (ARES_VERSION < ARES_THAT_LEAKS &&
        ares_library_init_mem(ARES_LIB_INIT_ALL, ares_malloc_here,
                              ares_free_here, ares_realloc_here) != 0)
        return 1;
    return cmocka_run_group_tests_name("resolve_life", tests, NULL, NULL);
}
