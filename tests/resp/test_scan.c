/* Tests of resp/scan.c: alone, and against the reader. */
#include "resp/scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "resp/reader.h"
#include "support/unit.h"

static void each_reply_is_told_by_type_and_length(void **state)
{
    static const struct {
        const char *bytes;
        char type;
        int64_t length;
    } rows[] = {
        { "+OK\r\n", '+', 0 },
        { "+\r\n", '+', 0 },
        { "+a\rb\r\r\n", '+', 0 },
        { ":0\r\n", ':', 0 },
        { ":-9223372036854775808\r\n", ':', 0 },
        { "$5\r\nhello\r\n", '$', 5 },
        { "$4\r\n\r\n\r\n\r\n", '$', 4 },
        { "$0\r\n\r\n", '$', 0 },
        { "$-1\r\n", '$', -1 },
        { "*-1\r\n", '*', -1 },
        { "*0\r\n", '*', 0 },
        { "*2\r\n$1\r\na\r\n:1\r\n", '*', 0 },
        { "*2\r\n*1\r\n-ERR no\r\n*1\r\n*0\r\n", '*', 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct resp_scan scan = { 0 };
        const char *at = rows[i].bytes, *end = at + strlen(at);

        assert_int_equal(resp_scan_next(&scan, &at, end), RESP_SCAN_REPLY);
        assert_ptr_equal(at, end);
        assert_int_equal(scan.type, rows[i].type);
        assert_int_equal(scan.length, rows[i].length);
        assert_int_equal(resp_scan_next(&scan, &at, end), RESP_SCAN_MORE);
    }
}

static void the_text_of_an_error_is_kept_and_cut(void **state)
{
    struct resp_scan scan = { 0 };
    char bytes[RESP_SCAN_TEXT_MAX + 100] = "-";
    const char *at = "-NOAUTH Authentication required.\r\n+OK\r\n";
    const char *end = at + strlen(at);

    (void)state;
    assert_int_equal(resp_scan_next(&scan, &at, end), RESP_SCAN_ERROR);
    assert_string_equal(scan.text, "NOAUTH Authentication required.");
    assert_int_equal(resp_scan_next(&scan, &at, end), RESP_SCAN_REPLY);
    memset(bytes + 1, 'x', sizeof(bytes) - 3);
    memcpy(bytes + sizeof(bytes) - 2, "\r\n", 2);
    at = bytes;
    end = bytes + sizeof(bytes);
    assert_int_equal(resp_scan_next(&scan, &at, end), RESP_SCAN_ERROR);
    assert_int_equal(scan.ntext, sizeof(bytes) - 3);
    assert_int_equal(strlen(scan.text), RESP_SCAN_TEXT_MAX - 1);
}

static void what_is_not_resp_is_refused_and_stays_so(void **state)
{
    static const char *const rows[] = {
        "HTTP/1.1 400\r\n",
        "$+5\r\n",
        "$05\r\n",
        "$-2\r\n",
        "$-0\r\n",
        "$\r\n",
        "$5x\r\n",
        "$1\rx",
        "$1\r\nabc",
        "$1\r\na\rb",
        "*-2\r\n",
        "*1048577\r\n",
        ":1.5\r\n",
        ":--1\r\n",
        ":9223372036854775808\r\n",
        "$536870913\r\n",
        "*2\r\n+a\r\n%1\r\n",
        ":00\r\n",
        ":-9223372036854775809\r\n",
        ":18446744073709551616\r\n",
        "*1048576\r\n*1048576\r\n",
        "_\r\n",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct resp_scan scan = { 0 };
        const char *at = rows[i], *more = "+OK\r\n";

        assert_int_equal(resp_scan_next(&scan, &at, at + strlen(at)),
                         RESP_SCAN_BAD);
        assert_int_equal(resp_scan_next(&scan, &more, more + 5), RESP_SCAN_BAD);
    }
}

static void an_endless_line_is_refused(void **state)
{
    struct resp_scan scan = { 0 };
    char bytes[4096];
    size_t fed = 0;
    const char *at = "+";

    (void)state;
    assert_int_equal(resp_scan_next(&scan, &at, at + 1), RESP_SCAN_MORE);
    memset(bytes, 'x', sizeof(bytes));
    for (;;) {
        at = bytes;
        if (resp_scan_next(&scan, &at, bytes + sizeof(bytes)) != RESP_SCAN_MORE)
            break;
        fed += sizeof(bytes);
    }
    assert_in_range(fed, RESP_SCAN_LINE_MAX - sizeof(bytes),
                    RESP_SCAN_LINE_MAX);
}

/* Both over one text: what the reader takes, the scanner takes alike. */

static const char type_of[] = { [RESP_STATUS] = '+',
                                [RESP_ERROR] = '-',
                                [RESP_INTEGER] = ':',
                                [RESP_BULK] = '$',
                                [RESP_ARRAY] = '*' };

static void assert_same(const struct resp_reply *reply,
                        const struct resp_scan *scan, enum resp_scan_end ended)
{
    assert_int_equal(ended, reply->type == RESP_ERROR ? RESP_SCAN_ERROR
                                                      : RESP_SCAN_REPLY);
    if (reply->type == RESP_NIL) {
        assert_int_equal(scan->length, -1);
        return;
    }
    assert_int_equal(scan->type, type_of[reply->type]);
    if (reply->type == RESP_BULK)
        assert_int_equal(scan->length, reply->length);
    if (reply->type == RESP_ERROR)
        assert_int_equal(scan->ntext, reply->length);
}

/* Give both the text, the scanner in pieces of `piece` bytes. */
static void compare(const char *bytes, size_t n, size_t piece, bool spoilt)
{
    struct resp_reader *reader = resp_reader_new(0);
    struct resp_scan scan = { 0 };
    struct resp_reply reply;
    const char *at = bytes, *end = bytes;
    enum resp_scan_end ended;
    enum resp_read read;

    assert_non_null(reader);
    assert_true(resp_reader_feed(reader, bytes, n));
    do {
        do {
            if (at == end)
                end += (size_t)(bytes + n - end) < piece
                           ? (size_t)(bytes + n - end)
                           : piece;
            ended = resp_scan_next(&scan, &at, end);
        } while (ended == RESP_SCAN_MORE && end < bytes + n);
        read = resp_reader_next(reader, &reply);
        if (read == RESP_READ_REPLY)
            assert_same(&reply, &scan, ended);
        else /* each sees what is wrong at another byte, and newer versions
                of hiredis refuse more */
            assert_true(ended == RESP_SCAN_MORE || spoilt);
    } while (read == RESP_READ_REPLY);
    resp_reader_free(reader);
}

static unsigned random_below(unsigned *seed, unsigned n)
{
    return (unsigned)rand_r(seed) % n;
}

/* A stream of replies with, now and then, one byte spoilt. */
static size_t make_stream(char *bytes, unsigned *seed, bool *spoilt)
{
    static const char *const replies[] = {
        "+OK\r\n",
        "-ERR no\r\n",
        ":123\r\n",
        "$3\r\nabc\r\n",
        "$-1\r\n",
        "*-1\r\n",
        "*2\r\n:1\r\n+a\r\n",
        "$0\r\n\r\n",
        "*1\r\n*2\r\n$2\r\n\r\n\r\n$-1\r\n",
        "*0\r\n",
    };
    size_t n = 0, length;

    for (unsigned i = random_below(seed, 12); i > 0; i--) {
        const char *reply = replies[random_below(seed, ARRAY_SIZE(replies))];

        length = strlen(reply);
        memcpy(bytes + n, reply, length);
        n += length;
    }
    *spoilt = n > 0 && random_below(seed, 2) == 0;
    if (*spoilt)
        bytes[random_below(seed, (unsigned)n)] =
            "0159-+:$*\r\nx%"[random_below(seed, 13)];
    return n;
}

static void the_reader_and_the_scanner_agree(void **state)
{
    unsigned seed = 1;
    char bytes[1024];

    (void)state;
    for (unsigned round = 0; round < 20000; round++) {
        bool spoilt;
        size_t n = make_stream(bytes, &seed, &spoilt);

        compare(bytes, n, 1 + random_below(&seed, 7), spoilt);
        compare(bytes, n, n + 1, spoilt);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_reply_is_told_by_type_and_length),
        cmocka_unit_test(the_text_of_an_error_is_kept_and_cut),
        cmocka_unit_test(what_is_not_resp_is_refused_and_stays_so),
        cmocka_unit_test(an_endless_line_is_refused),
        cmocka_unit_test(the_reader_and_the_scanner_agree),
    };

    return cmocka_run_group_tests_name("scan", tests, NULL, NULL);
}
