/*
 * What a peer may send, and how much of it, before it is refused.
 */
#include "resp/reading.h"

#include <stdlib.h>
#include <string.h>

static void a_bulk_over_the_limit_is_refused_at_its_header(void **state)
{
    static const char *const rows[] = {
        "$65537\r\n",
        "$4611686018427387904\r\n", /* 2^62 */
        "$9223372036854775807\r\n",
        "*1\r\n$65537\r\n",
        "*2\r\n*1\r\n$4611686018427387904\r\n",
    };

    (void)state;
    for (size_t i = 0; i < 2 * ARRAY_SIZE(rows); i++) {
        size_t n = strlen(rows[i / 2]);

        assert_int_equal(feed(rows[i / 2], n, i % 2 ? 1 : n), RESP_READ_BAD);
        assert_non_null(strstr(resp_reader_error(reader), "65536"));
        assert_true(resp_reader_reset(reader));
    }
    assert_int_equal(feed_text("$65538\r\n"), RESP_READ_BAD);
    assert_string_equal(resp_reader_error(reader),
                        "a bulk of 65538 bytes where 65536 are the limit");
}

/* "<type>aaa...\r\n", `n` times a; the caller frees it. */
static char *line_of(char type, size_t n)
{
    char *line = malloc(n + 4);

    assert_non_null(line);
    line[0] = type;
    memset(line + 1, 'a', n);
    *put(line + 1 + n, "\r\n") = '\0';
    return line;
}

static void the_limit_holds_to_the_byte_however_the_bytes_come(void **state)
{
    (void)state;
    resp_reader_set_limit(reader, 1000);
    for (size_t chunk = 1; chunk <= 2000; chunk += 37) {
        for (size_t n = 999; n <= 1002; n++) {
            char *line = line_of('+', n);

            assert_int_equal(feed(line, n + 3, chunk),
                             n <= 1000 ? RESP_READ_REPLY : RESP_READ_BAD);
            assert_true(n > 1000 || reply.length == n);
            assert_true(resp_reader_reset(reader));
            free(line);
        }
    }
}

static void a_bulk_of_the_limit_is_taken(void **state)
{
    const size_t n = 65536;
    char *bytes = calloc(1, n + 10);

    (void)state;
    assert_non_null(bytes);
    put(put(bytes, "$65536\r\n") + n, "\r\n");
    for (size_t chunk = 1; chunk <= n + 10; chunk += 16383) {
        assert_int_equal(feed(bytes, n + 10, chunk), RESP_READ_REPLY);
        assert_int_equal(reply.length, n);
    }
    free(bytes);
}

/* `n` times "*1\r\n", then ":1\r\n". */
static enum resp_read feed_nest(size_t n, size_t chunk)
{
    char *bytes = malloc(4 * n + 5);
    char *end = bytes;
    enum resp_read read;

    assert_non_null(bytes);
    for (size_t i = 0; i < n; i++)
        end = put(end, "*1\r\n");
    put(end, ":1\r\n");
    read = feed(bytes, 4 * n + 4, chunk);
    free(bytes);
    return read;
}

static void arrays_may_nest_seven_deep_and_no_deeper(void **state)
{
    (void)state;
    assert_int_equal(feed_nest(7, 5), RESP_READ_REPLY);
    assert_int_equal(feed_nest(8, 5), RESP_READ_BAD);
    assert_true(resp_reader_reset(reader));
    assert_int_equal(feed_nest(1000, 1), RESP_READ_BAD);
    assert_true(resp_reader_reset(reader));
    assert_int_equal(feed_nest(1000, 16384), RESP_READ_BAD);
}

static void arrays_promise_no_more_than_a_million_elements(void **state)
{
    static const struct {
        const char *bytes;
        enum resp_read read;
    } rows[] = {
        { "*1048576\r\n", RESP_READ_MORE },
        { "*1048577\r\n", RESP_READ_BAD },
        { "*2147483647\r\n", RESP_READ_BAD },
        { "*4294967297\r\n", RESP_READ_BAD },
        { "*9223372036854775807\r\n", RESP_READ_BAD },
        { "*1000000\r\n*48576\r\n", RESP_READ_MORE },
        { "*1000000\r\n*48577\r\n", RESP_READ_BAD },
        { "*2\r\n*600000\r\n", RESP_READ_MORE },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_int_equal(feed_text(rows[i].bytes), rows[i].read);
        assert_true(resp_reader_reset(reader));
    }
    /* each reply counts anew */
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(feed_nest(1, 3), RESP_READ_REPLY);
}

static void a_peer_that_never_stops_is_refused(void **state)
{
    static const char types[] = "+-:$*";
    char bytes[16384];

    (void)state;
    memset(bytes, '1', sizeof(bytes));
    for (const char *type = types; *type; type++) {
        enum resp_read read = feed(type, 1, 1);
        unsigned feeds = 0;

        while (read == RESP_READ_MORE && feeds++ < 6)
            read = feed(bytes, sizeof(bytes), sizeof(bytes));
        assert_int_equal(read, RESP_READ_BAD);
        assert_true(resp_reader_reset(reader));
    }
}

static void a_caller_that_never_asks_is_refused_too(void **state)
{
    char bytes[16384];
    bool taken = true;
    unsigned feeds;

    (void)state;
    memset(bytes, '+', sizeof(bytes));
    for (feeds = 0; taken && feeds < 10; feeds++)
        taken = resp_reader_feed(reader, bytes, sizeof(bytes));
    assert_int_equal(feeds, 6);
    assert_int_equal(resp_reader_next(reader, &reply), RESP_READ_BAD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_bulk_over_the_limit_is_refused_at_its_header),
        TEST(the_limit_holds_to_the_byte_however_the_bytes_come),
        TEST(a_bulk_of_the_limit_is_taken),
        TEST(arrays_may_nest_seven_deep_and_no_deeper),
        TEST(arrays_promise_no_more_than_a_million_elements),
        TEST(a_peer_that_never_stops_is_refused),
        TEST(a_caller_that_never_asks_is_refused_too),
    };

    return cmocka_run_group_tests_name("reader_bounds", tests, NULL, NULL);
}
