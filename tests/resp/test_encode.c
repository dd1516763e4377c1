/*
 * Commands as bytes.  What becomes of their memory: test_memory.c.
 */
#include "resp/encode.h"

#include "support/unit.h"

#include <string.h>

static struct resp_batch batch;

static int set_up(void **state)
{
    (void)state;
    batch = (struct resp_batch){ 0 };
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    resp_batch_free(&batch);
    return 0;
}

static void assert_batch(const char *bytes, size_t n)
{
    assert_int_equal(batch.length, n);
    assert_memory_equal(batch.bytes, bytes, n);
}

static void add_ping(void)
{
    const char *ping[] = { "PING" };

    assert_true(resp_batch_add(&batch, 1, ping, NULL));
}

static void a_command_is_an_array_of_bulks(void **state)
{
    static const char set[] = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\nvalue\r\n";
    const char *argv[] = { "SET", "k", "value" };

    (void)state;
    assert_true(resp_batch_add(&batch, 3, argv, NULL));
    assert_batch(set, sizeof(set) - 1);
    assert_int_equal(batch.commands, 1);
}

static void any_bytes_may_be_an_argument(void **state)
{
    static const char echo[] =
        "*3\r\n$4\r\nECHO\r\n$4\r\n\0\r\n*\r\n$0\r\n\r\n";
    const char *argv[] = { "ECHO", "\0\r\n*", "unseen" };
    const size_t lengths[] = { 4, 4, 0 };

    (void)state;
    assert_true(resp_batch_add(&batch, 3, argv, lengths));
    assert_batch(echo, sizeof(echo) - 1);
}

static void commands_are_appended(void **state)
{
    static const char ping[] = "*1\r\n$4\r\nPING\r\n";
    const size_t n = sizeof(ping) - 1;

    (void)state;
    for (unsigned i = 0; i < 1000; i++)
        add_ping();
    assert_int_equal(batch.commands, 1000);
    assert_int_equal(batch.length, 1000 * n);
    for (unsigned i = 0; i < 1000; i++)
        assert_memory_equal(batch.bytes + i * n, ping, n);
}

static void clear_wipes_and_keeps_the_memory(void **state)
{
    const char *argv[] = { "AUTH", "hunter2" };
    size_t length;
    char *bytes;

    (void)state;
    assert_true(resp_batch_add(&batch, 2, argv, NULL));
    bytes = batch.bytes;
    length = batch.length;
    resp_batch_clear(&batch);
    assert_int_equal(batch.length, 0);
    assert_int_equal(batch.commands, 0);
    assert_ptr_equal(batch.bytes, bytes);
    for (size_t i = 0; i < length; i++)
        assert_int_equal(bytes[i], 0);
    add_ping();
    assert_ptr_equal(batch.bytes, bytes);
}

static void an_empty_batch_may_be_cleared_and_freed(void **state)
{
    (void)state;
    resp_batch_clear(&batch);
    resp_batch_free(&batch);
    assert_null(batch.bytes);
    add_ping();
    assert_int_equal(batch.commands, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_command_is_an_array_of_bulks),
        TEST(any_bytes_may_be_an_argument),
        TEST(commands_are_appended),
        TEST(clear_wipes_and_keeps_the_memory),
        TEST(an_empty_batch_may_be_cleared_and_freed),
    };

    return cmocka_run_group_tests_name("encode", tests, NULL, NULL);
}
