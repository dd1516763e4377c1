/*
 * Replies out of bytes.  Each row that is good must be so in one piece and a
 * byte at a time, each that is bad must be refused both ways.
 */
#include "resp/reading.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

static void every_type_is_read(void **state)
{
    static const struct {
        const char *bytes;
        enum resp_type type;
        long long integer;
        size_t length;
        const char *text;
        size_t elements;
    } rows[] = {
        { "+OK\r\n", RESP_STATUS, 0, 2, "OK", 0 },
        { "+\r\n", RESP_STATUS, 0, 0, "", 0 },
        { "-ERR no\r\n", RESP_ERROR, 0, 6, "ERR no", 0 },
        { ":0\r\n", RESP_INTEGER, 0, 0, "", 0 },
        { ":-17\r\n", RESP_INTEGER, -17, 0, "", 0 },
        { ":9223372036854775807\r\n", RESP_INTEGER, LLONG_MAX, 0, "", 0 },
        { ":-9223372036854775808\r\n", RESP_INTEGER, LLONG_MIN, 0, "", 0 },
        { "$5\r\nvalue\r\n", RESP_BULK, 0, 5, "value", 0 },
        { "$0\r\n\r\n", RESP_BULK, 0, 0, "", 0 },
        { "$2\r\n\r\n\r\n", RESP_BULK, 0, 2, "\r\n", 0 },
        { "$-1\r\n", RESP_NIL, 0, 0, "", 0 },
        { "*-1\r\n", RESP_NIL, 0, 0, "", 0 },
        { "*0\r\n", RESP_ARRAY, 0, 0, "", 0 },
        { "*2\r\n+a\r\n:1\r\n", RESP_ARRAY, 0, 0, "", 2 },
    };

    (void)state;
    for (size_t i = 0; i < 2 * ARRAY_SIZE(rows); i++) {
        const char *bytes = rows[i / 2].bytes;
        size_t n = strlen(bytes);

        assert_int_equal(feed(bytes, n, i % 2 ? 1 : n), RESP_READ_REPLY);
        assert_int_equal(reply.type, rows[i / 2].type);
        assert_int_equal(reply.integer, rows[i / 2].integer);
        assert_int_equal(reply.length, rows[i / 2].length);
        assert_string_equal(reply.text, rows[i / 2].text);
        assert_int_equal(reply.elements, rows[i / 2].elements);
        assert_true(resp_reader_idle(reader));
    }
}

static void what_is_not_resp2_is_refused(void **state)
{
    static const char *const rows[] = {
        "HTTP/1.1 400 Bad Request\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "220 mail.example ESMTP\r\n",
        "\x15\x03\x03",
        "\r\n",
        ":\r\n",
        ":1x\r\n",
        ":01\r\n",
        ":9223372036854775808\r\n",
        ":1111111111111111111111111111111111",
        "$\r\n",
        "$-2\r\n",
        "$abc\r\n",
        "$1111111111111111111111111111111111",
        "$3\r\nabcde",
        "$3\r\nabc\n\n",
        "*-2\r\n",
        "*x\r\n",
        "*1111111111111111111111111111111111",
        "*2\r\n+a\r\nb",
        /* RESP3 */
        "_\r\n",
        "#t\r\n",
        ",1.5\r\n",
        "(12345678901234567890\r\n",
        "=7\r\ntxt:abc\r\n",
        "%1\r\n+a\r\n+b\r\n",
        "~1\r\n+a\r\n",
        ">1\r\n+a\r\n",
        "|1\r\n+a\r\n+b\r\n",
        "*1\r\n_\r\n",
    };

    (void)state;
    for (size_t i = 0; i < 2 * ARRAY_SIZE(rows); i++) {
        size_t n = strlen(rows[i / 2]);

        assert_int_equal(feed(rows[i / 2], n, i % 2 ? 1 : n), RESP_READ_BAD);
        assert_true(strlen(resp_reader_error(reader)) > 0);
        assert_true(resp_reader_reset(reader));
    }
}

static void a_long_text_is_cut_and_its_length_told(void **state)
{
    char line[1004] = "-";

    (void)state;
    memset(line + 1, 'a', 1000);
    put(line + 1001, "\r\n");
    assert_int_equal(feed(line, 1003, 1003), RESP_READ_REPLY);
    assert_int_equal(reply.length, 1000);
    assert_int_equal(strlen(reply.text), RESP_TEXT_MAX - 1);
}

static void an_error_does_not_repeat_a_password(void **state)
{
    static const char *const rows[] = {
        "-ERR unknown command 'AUTH', with args beginning with: 'hunter2' \r\n",
        "-ERR unknown command `AUTH`, with args beginning with: `u`, "
        "`hunter2`, \r\n",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_int_equal(feed_text(rows[i]), RESP_READ_REPLY);
        assert_null(memmem(&reply, sizeof(reply), "hunter2", 7));
        assert_memory_equal(reply.text, "ERR unknown command", 19);
        assert_int_equal(reply.length, strlen(rows[i]) - 3);
    }
}

static void the_first_items_of_an_array_are_kept(void **state)
{
    static const char role[] =
        "*5\r\n$5\r\nslave\r\n$8\r\n10.0.0.1\r\n:6379\r\n"
        "$9\r\nconnected\r\n:3167038\r\n";

    (void)state;
    assert_int_equal(feed(role, sizeof(role) - 1, 3), RESP_READ_REPLY);
    assert_int_equal(reply.elements, 5);
    assert_string_equal(reply.items[0], "slave");
    assert_string_equal(reply.items[1], "10.0.0.1");
    assert_string_equal(reply.items[2], "6379");
    assert_string_equal(reply.items[3], "connected");
}

static void items_of_inner_arrays_and_nils_are_empty(void **state)
{
    (void)state;
    assert_int_equal(feed_text("*3\r\n+a\r\n+b\r\n+c\r\n"), RESP_READ_REPLY);
    assert_int_equal(feed_text("*4\r\n*2\r\n+x\r\n:1\r\n$-1\r\n*0\r\n-no\r\n"),
                     RESP_READ_REPLY);
    assert_int_equal(reply.elements, 4);
    assert_string_equal(reply.items[0], "");
    assert_string_equal(reply.items[1], "");
    assert_string_equal(reply.items[2], "");
    assert_string_equal(reply.items[3], "no");
}

static void a_long_item_is_cut(void **state)
{
    char bytes[128] = "*1\r\n$100\r\n";

    (void)state;
    memset(bytes + strlen(bytes), 'h', 100);
    put(bytes + strlen(bytes), "\r\n");
    assert_int_equal(feed_text(bytes), RESP_READ_REPLY);
    assert_int_equal(strlen(reply.items[0]), RESP_ITEM_MAX - 1);
}

struct bulk {
    size_t n;
    char bytes[1024];
    unsigned calls;
};

static void on_bulk(void *data, const char *bytes, size_t n)
{
    struct bulk *bulk = data;

    assert_true(n <= sizeof(bulk->bytes));
    memcpy(bulk->bytes, bytes, n);
    bulk->n = n;
    bulk->calls++;
}

static void a_bulk_is_handed_out_whole(void **state)
{
    struct bulk bulk = { 0 };
    char bytes[1100] = "$1000\r\n";
    size_t header = strlen(bytes);

    (void)state;
    memset(bytes + header, 'v', 1000);
    put(bytes + header + 1000, "\r\n");
    resp_reader_on_bulk(reader, on_bulk, &bulk);
    assert_int_equal(feed(bytes, header + 1002, 7), RESP_READ_REPLY);
    assert_int_equal(bulk.n, 1000);
    assert_memory_equal(bulk.bytes, bytes + header, 1000);
    assert_int_equal(reply.length, 1000);
    assert_int_equal(strlen(reply.text), RESP_TEXT_MAX - 1);
    /* neither an element nor anything else than a bulk */
    assert_int_equal(feed_text("*1\r\n$1\r\nx\r\n"), RESP_READ_REPLY);
    assert_int_equal(feed_text("+OK\r\n"), RESP_READ_REPLY);
    assert_int_equal(feed_text("$-1\r\n"), RESP_READ_REPLY);
    assert_int_equal(bulk.calls, 1);
    resp_reader_on_bulk(reader, NULL, NULL);
    assert_int_equal(feed_text("$1\r\nx\r\n"), RESP_READ_REPLY);
    assert_int_equal(bulk.calls, 1);
}

static void many_replies_may_share_a_feed(void **state)
{
    char bytes[7000] = "";
    char expected[16];

    (void)state;
    for (unsigned i = 0; i < 900; i++)
        (void)snprintf(bytes + strlen(bytes), 8, "+%u\r\n", i);
    assert_true(resp_reader_feed(reader, bytes, strlen(bytes)));
    for (unsigned i = 0; i < 900; i++) {
        (void)snprintf(expected, sizeof(expected), "%u", i);
        assert_false(resp_reader_idle(reader));
        assert_int_equal(resp_reader_next(reader, &reply), RESP_READ_REPLY);
        assert_string_equal(reply.text, expected);
    }
    assert_int_equal(resp_reader_next(reader, &reply), RESP_READ_MORE);
    assert_true(resp_reader_idle(reader));
}

static void bad_stays_bad_until_reset(void **state)
{
    (void)state;
    assert_int_equal(feed_text("%1\r\n"), RESP_READ_BAD);
    assert_false(resp_reader_idle(reader));
    assert_false(resp_reader_feed(reader, "+OK\r\n", 5));
    assert_int_equal(resp_reader_next(reader, &reply), RESP_READ_BAD);
    assert_int_equal(feed_text("+OK\r\n"), RESP_READ_BAD);
    assert_true(resp_reader_reset(reader));
    assert_true(resp_reader_idle(reader));
    assert_int_equal(feed_text("+OK\r\n"), RESP_READ_REPLY);
}

static void the_replies_before_the_fault_are_given(void **state)
{
    (void)state;
    assert_int_equal(feed_text("+OK\r\n:7\r\n!"), RESP_READ_REPLY);
    assert_string_equal(reply.text, "OK");
    assert_int_equal(resp_reader_next(reader, &reply), RESP_READ_REPLY);
    assert_int_equal(reply.integer, 7);
    assert_int_equal(resp_reader_next(reader, &reply), RESP_READ_BAD);
}

static void a_reader_is_idle_only_between_replies(void **state)
{
    static const char bytes[] = "*2\r\n$1\r\na\r\n:1\r\n";
    const size_t n = sizeof(bytes) - 1;

    (void)state;
    assert_true(resp_reader_idle(reader));
    for (size_t i = 1; i < n; i++) {
        assert_int_equal(feed(bytes, i, i), RESP_READ_MORE);
        assert_false(resp_reader_idle(reader));
        assert_true(resp_reader_reset(reader));
        assert_true(resp_reader_idle(reader));
    }
    assert_int_equal(feed(bytes, n, n), RESP_READ_REPLY);
    assert_true(resp_reader_idle(reader));
}

static void a_reset_forgets_what_was_fed_and_who_wants_bulks(void **state)
{
    struct bulk bulk = { 0 };

    (void)state;
    resp_reader_on_bulk(reader, on_bulk, &bulk);
    assert_int_equal(feed_text("*2\r\n+a\r\n$5\r\nval"), RESP_READ_MORE);
    assert_true(resp_reader_reset(reader));
    assert_int_equal(feed_text("$1\r\nx\r\n"), RESP_READ_REPLY);
    assert_string_equal(reply.text, "x");
    assert_int_equal(bulk.calls, 0);
}

static void nothing_fed_is_nothing_said(void **state)
{
    (void)state;
    assert_int_equal(resp_reader_next(reader, &reply), RESP_READ_MORE);
    assert_true(resp_reader_feed(reader, "", 0));
    assert_int_equal(resp_reader_next(reader, &reply), RESP_READ_MORE);
    assert_true(resp_reader_idle(reader));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_type_is_read),
        TEST(what_is_not_resp2_is_refused),
        TEST(a_long_text_is_cut_and_its_length_told),
        TEST(an_error_does_not_repeat_a_password),
        TEST(the_first_items_of_an_array_are_kept),
        TEST(items_of_inner_arrays_and_nils_are_empty),
        TEST(a_long_item_is_cut),
        TEST(a_bulk_is_handed_out_whole),
        TEST(many_replies_may_share_a_feed),
        TEST(bad_stays_bad_until_reset),
        TEST(the_replies_before_the_fault_are_given),
        TEST(a_reader_is_idle_only_between_replies),
        TEST(a_reset_forgets_what_was_fed_and_who_wants_bulks),
        TEST(nothing_fed_is_nothing_said),
    };

    return cmocka_run_group_tests_name("reader", tests, NULL, NULL);
}
