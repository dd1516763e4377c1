/*
 * test_http_cancel.c -- requests that are given up at any point of their life.
 */
#include "support/unit.h"

#include <dirent.h>
#include <dlfcn.h>
#include <netdb.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "aws/http_world.h"

static void assert_canceled(const struct asked *asked)
{
    assert_int_equal(asked->calls, 1);
    assert_int_equal(asked->request.status, 0);
    assert_string_equal(asked->request.error, "canceled");
}

static void a_request_may_be_canceled_at_once(void **state)
{
    static const struct http_reply reply = { .body = "ok" };
    struct asked *asked;

    (void)state;
    web_open(&reply, 1);
    asked = web_ask("/");
    web_start(asked);
    http_cancel(&asked->request);
    http_cancel(&asked->request);
    assert_int_equal(asked->calls, 0);
    web_run();
    assert_canceled(asked);
    http_cancel(&asked->request);
    assert_int_equal(web_get("/")->request.status, 200);
    web_close();
}

/* After the first turn, after the second, ... until it ends by itself. */
static void a_request_may_be_canceled_in_any_turn(void **state)
{
    static const struct http_reply reply = { .body = "ok", .drip = true };
    bool ended = false;

    (void)state;
    for (unsigned turns = 0; !ended; turns++) {
        struct asked *asked;

        web_open(&reply, 1);
        asked = web_ask("/");
        web_start(asked);
        for (unsigned i = 0; i < turns && asked->calls == 0; i++)
            (void)uv_run(&web.loop.uv, UV_RUN_ONCE);
        ended = asked->calls > 0;
        http_cancel(&asked->request);
        web_run();
        if (!ended)
            assert_canceled(asked);
        web_close();
        turns += turns / 8;
    }
}

static void cancel_others(struct asked *asked)
{
    for (unsigned i = 0; i < web.n; i++)
        if (&web.asked[i] != asked)
            http_cancel(&web.asked[i].request);
}

static void a_callback_may_cancel_others(void **state)
{
    static const struct http_reply reply = { .body = "ok" };
    unsigned canceled = 0;

    (void)state;
    web_open(&reply, 1);
    web.then = cancel_others;
    for (unsigned i = 0; i < 5; i++)
        web_start(web_ask("/"));
    web_run();
    for (unsigned i = 0; i < 5; i++) {
        assert_int_equal(web.asked[i].calls, 1);
        canceled += web.asked[i].request.status == 0;
    }
    assert_int_equal(canceled, 4);
    web_close();
}

static void ask_again(struct asked *asked)
{
    if (asked == &web.asked[0])
        web_start(web_ask("/"));
}

static void a_callback_may_start_others(void **state)
{
    static const struct http_reply reply = { .body = "ok" };

    (void)state;
    web_open(&reply, 1);
    web.then = ask_again;
    web_get("/");
    assert_int_equal(web.asked[1].request.status, 200);
    web_close();
}

static void free_all(struct asked *asked)
{
    (void)asked;
    http_free(web.http);
    web.http = NULL;
}

static void the_last_callback_may_free_it_all(void **state)
{
    static const struct http_reply reply = { .body = "ok" };

    (void)state;
    web_open(&reply, 1);
    web.then = free_all;
    assert_int_equal(web_get("/")->request.status, 200);
    web_close();
}

/* --- Names --------------------------------------------------------------- */

/* The look-up of one name, which takes as long as the test wants. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool answered;
} slow = { .lock = PTHREAD_MUTEX_INITIALIZER,
           .changed = PTHREAD_COND_INITIALIZER };

static void slow_answer(bool answered)
{
    assert_int_equal(pthread_mutex_lock(&slow.lock), 0);
    slow.answered = answered;
    assert_int_equal(pthread_cond_broadcast(&slow.changed), 0);
    assert_int_equal(pthread_mutex_unlock(&slow.lock), 0);
}

/* What curl calls, each time in a new thread. */
int getaddrinfo(const char *node, const char *service,
                const struct addrinfo *hints, struct addrinfo **list)
{
    int (*libc_has)(const char *, const char *, const struct addrinfo *,
                    struct addrinfo **);

    if (node && strcmp(node, "slow.invalid") == 0) {
        (void)pthread_mutex_lock(&slow.lock);
        while (!slow.answered)
            (void)pthread_cond_wait(&slow.changed, &slow.lock);
        (void)pthread_mutex_unlock(&slow.lock);
        return EAI_NONAME;
    }
    *(void **)&libc_has = dlsym(RTLD_NEXT, "getaddrinfo");
    return libc_has(node, service, hints, list);
}

static unsigned threads(void)
{
    DIR *dir = opendir("/proc/self/task");
    unsigned n = 0;

    assert_non_null(dir);
    while (readdir(dir)) /* NOLINT(concurrency-mt-unsafe): our own */
        n++;
    (void)closedir(dir);
    return n;
}

static void wait_for_threads(unsigned n)
{
    const struct timespec ms = { .tv_nsec = 1000000 };

    while (threads() > n)
        (void)nanosleep(&ms, NULL);
}

static void a_name_may_be_given_up_while_it_is_looked_up(void **state)
{
    static const struct http_reply reply = { .body = "ok" };
    unsigned before;
    char url[64];

    (void)state;
    web_open(&reply, 1);
    (void)snprintf(url, sizeof(url), "http://localhost%s/",
                   strrchr(http_peer_url(web.peer), ':'));
    assert_int_equal(web_get(url)->request.status, 200);
    before = threads(); /* the peer has one for the connection */
    slow_answer(false);
    for (unsigned turns = 0; turns < 4; turns++) {
        struct asked *asked = web_ask("http://slow.invalid/");

        web_start(asked);
        for (unsigned i = 0; i < turns; i++)
            (void)uv_run(&web.loop.uv, UV_RUN_NOWAIT);
        http_cancel(&asked->request);
        web_run();
        assert_canceled(asked);
        assert_false(asked->request.sent);
    }
    assert_true(threads() > before);
    assert_int_equal(web_get(url)->request.status, 200);
    slow_answer(true);
    assert_int_equal(web_get("http://slow.invalid/")->request.status, 0);
    wait_for_threads(before);
    web_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_may_be_canceled_at_once),
        cmocka_unit_test(a_request_may_be_canceled_in_any_turn),
        cmocka_unit_test(a_callback_may_cancel_others),
        cmocka_unit_test(a_callback_may_start_others),
        cmocka_unit_test(the_last_callback_may_free_it_all),
        cmocka_unit_test(a_name_may_be_given_up_while_it_is_looked_up),
    };

    return cmocka_run_group_tests_name("http cancel", tests, NULL, NULL);
}
