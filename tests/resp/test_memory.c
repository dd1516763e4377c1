/*
 * The memory of resp/ and of the hiredis inside it: how much, how often, what
 * when there is none, and what is left in it when it goes back.
 */
#include "resp/encode.h"
#include "resp/reader.h"

#include "support/unit.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#define SECRET "hunter2-hunter2"

static struct {
    size_t calls;     /* of malloc, calloc and realloc */
    size_t fail_at;   /* the call that fails, from 1; 0: none */
    size_t held;      /* bytes now ... */
    size_t most;      /* ... and at most */
    unsigned secrets; /* blocks freed with SECRET in them */
} heap;

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): these
 * names are what ld --wrap asks for. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void __real_free(void *block);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void __wrap_free(void *block);

static bool fails(void)
{
    heap.calls++;
    return heap.calls == heap.fail_at;
}

static void *taken(void *block)
{
    heap.held += malloc_usable_size(block);
    if (heap.held > heap.most)
        heap.most = heap.held;
    return block;
}

static void given_back(void *block)
{
    size_t size = malloc_usable_size(block);

    if (size > 0 && memmem(block, size, SECRET, strlen(SECRET)))
        heap.secrets++;
    heap.held -= size;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : taken(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : taken(__real_calloc(count, size));
}

void *__wrap_realloc(void *block, size_t size)
{
    if (fails())
        return NULL;
    given_back(block);
    return taken(__real_realloc(block, size));
}

void __wrap_free(void *block)
{
    given_back(block);
    __real_free(block);
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

static int set_up(void **state)
{
    (void)state;
    memset(&heap, 0, sizeof(heap));
    return 0;
}

static const char *const replies[] = {
    "+OK\r\n", "-NOAUTH Authentication required.\r\n",
    ":1\r\n",  "$5\r\nvalue\r\n",
    "$-1\r\n", "*3\r\n$6\r\nmaster\r\n:0\r\n*0\r\n",
};

static void a_million_replies_take_no_memory_after_the_first(void **state)
{
    struct resp_reader *reader = resp_reader_new(0);
    struct resp_reply reply;
    size_t calls = 0;

    (void)state;
    assert_non_null(reader);
    for (size_t i = 0; i < 1000000; i++) {
        const char *bytes = replies[i % ARRAY_SIZE(replies)];

        resp_reader_feed(reader, bytes, strlen(bytes));
        if (resp_reader_next(reader, &reply) != RESP_READ_REPLY)
            fail();
        /* the buffer has its size once a kilobyte has gone through it */
        if (i == 1000)
            calls = heap.calls;
    }
    assert_int_equal(heap.calls, calls);
    resp_reader_free(reader);
    assert_int_equal(heap.held, 0);
}

static void feeds_of_a_full_read_take_no_memory_either(void **state)
{
    struct resp_reader *reader = resp_reader_new(0);
    struct resp_reply reply;
    size_t calls = 0, count = 0;
    char bytes[15375]; /* hiredis has used all of it at the last reply */

    (void)state;
    assert_non_null(reader);
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = "+OK\r\n"[i % 5];
    for (size_t i = 0; i < 100; i++) {
        resp_reader_feed(reader, bytes, sizeof(bytes));
        while (resp_reader_next(reader, &reply) == RESP_READ_REPLY)
            count++;
        if (i == 1)
            calls = heap.calls;
    }
    assert_int_equal(count, 100 * sizeof(bytes) / 5);
    assert_int_equal(heap.calls, calls);
    resp_reader_free(reader);
}

static void a_spare_reader_is_reused_without_memory(void **state)
{
    struct resp_reader *reader = resp_reader_new(0);
    struct resp_reply reply;
    size_t calls;

    (void)state;
    assert_non_null(reader);
    assert_true(resp_reader_feed(reader, "+OK\r\n", 5));
    assert_int_equal(resp_reader_next(reader, &reply), RESP_READ_REPLY);
    calls = heap.calls;
    assert_true(resp_reader_reset(reader));
    assert_true(resp_reader_feed(reader, "+OK\r\n", 5));
    assert_int_equal(heap.calls, calls);
    resp_reader_free(reader);
}

/* Feed `bytes` again and again, as 16 KiB reads bring them. */
static void pour(const char *head, const char *bytes, size_t feeds)
{
    static char feed[16384];
    struct resp_reader *reader = resp_reader_new(0);
    struct resp_reply reply;
    enum resp_read read = RESP_READ_MORE;
    size_t n = strlen(bytes);

    assert_non_null(reader);
    for (size_t i = 0; i < sizeof(feed); i++)
        feed[i] = bytes[i % n];
    resp_reader_feed(reader, head, strlen(head));
    for (size_t i = 0; i < feeds && read != RESP_READ_BAD; i++) {
        resp_reader_feed(reader, feed, sizeof(feed) / n * n);
        while ((read = resp_reader_next(reader, &reply)) == RESP_READ_REPLY)
            ;
    }
    resp_reader_free(reader);
}

static void no_peer_makes_a_reader_hold_much(void **state)
{
    static const struct {
        const char *head, *bytes;
    } rows[] = {
        { "+", "a" },
        { "$4611686018427387904\r\n", "a" },
        { "$65536\r\n", "a" },
        { ":", "1" },
        { "*1048576\r\n", "$1\r\na\r\n" },
        { "*1048576\r\n", "*0\r\n" },
        { "", "*1\r\n" },
        { "", "+OK\r\n" },
        { "", "\r\n" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        heap.most = 0;
        pour(rows[i].head, rows[i].bytes, 600);
        /* limit and one feed, doubled by hiredis' buffer, old and new */
        assert_in_range(heap.most, 1, 3 * (65536 + 16384) + 8192);
        assert_int_equal(heap.held, 0);
    }
}

/* One life of a reader: every call may lack memory. */
static bool live(void)
{
    struct resp_reader *reader = resp_reader_new(0);
    struct resp_reply reply;
    enum resp_read read = RESP_READ_MORE;
    char bytes[4096] = "$4000\r\n";

    if (!reader)
        return false;
    for (unsigned i = 0; i < 3 && read == RESP_READ_MORE; i++) {
        bool fed = resp_reader_feed(reader, bytes, sizeof(bytes));

        read = resp_reader_next(reader, &reply);
        assert_true(fed || read == RESP_READ_NOMEM);
    }
    assert_true(read == RESP_READ_NOMEM || read == RESP_READ_BAD);
    if (!resp_reader_reset(reader)) {
        assert_false(resp_reader_idle(reader));
        read = RESP_READ_NOMEM;
    } else {
        assert_true(resp_reader_idle(reader));
    }
    resp_reader_free(reader);
    return read != RESP_READ_NOMEM;
}

static void any_allocation_of_a_reader_may_fail(void **state)
{
    size_t failed;

    for (failed = 1; failed < 100; failed++) {
        set_up(state);
        heap.fail_at = failed;
        if (live())
            break;
        assert_int_equal(heap.held, 0);
    }
    assert_in_range(failed, 6, 99);
}

/* Adds 46 bytes. */
static bool add_auth(struct resp_batch *batch)
{
    const char *argv[] = { "AUTH", "user", SECRET };

    return resp_batch_add(batch, 3, argv, NULL);
}

static void a_batch_is_as_before_when_memory_fails(void **state)
{
    for (size_t failed = 1; failed <= 2; failed++) {
        struct resp_batch batch = { 0 };
        size_t length;

        set_up(state);
        /* until the next one makes it grow: hiredis' block, then ours */
        do
            assert_true(add_auth(&batch));
        while (batch.room - batch.length >= 46);
        length = batch.length;
        heap.fail_at = heap.calls + failed;
        assert_false(add_auth(&batch));
        assert_int_equal(batch.length, length);
        assert_int_equal(batch.commands, length / 46);
        assert_true(add_auth(&batch));
        assert_int_equal(batch.length, length + 46);
        resp_batch_free(&batch);
        assert_int_equal(heap.held, 0);
        assert_int_equal(heap.secrets, 0);
    }
}

static void no_block_goes_back_with_a_password_in_it(void **state)
{
    struct resp_batch batch = { 0 };

    (void)state;
    for (unsigned i = 0; i < 100; i++)
        assert_true(add_auth(&batch));
    resp_batch_clear(&batch);
    for (unsigned i = 0; i < 10; i++)
        assert_true(add_auth(&batch));
    resp_batch_free(&batch);
    assert_int_equal(heap.secrets, 0);
    assert_int_equal(heap.held, 0);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_million_replies_take_no_memory_after_the_first),
        TEST(feeds_of_a_full_read_take_no_memory_either),
        TEST(a_spare_reader_is_reused_without_memory),
        TEST(no_peer_makes_a_reader_hold_much),
        TEST(any_allocation_of_a_reader_may_fail),
        TEST(a_batch_is_as_before_when_memory_fails),
        TEST(no_block_goes_back_with_a_password_in_it),
    };

    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
