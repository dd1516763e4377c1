/*
 * test_url.c -- targets as people write them, and one line for what is none.
 */
#include "support/unit.h"

#include <stdio.h>
#include <string.h>

#include "net/url.h"
#include "support/fail_malloc.h"

struct row {
    const char *text, *host;
    int port; /* 0: none given */
    bool tls;
    const char *user, *password;
    int db; /* NET_DB_NONE */
};

static void assert_text(const char *actual, const char *expected)
{
    if (expected)
        assert_string_equal(actual, expected);
    else
        assert_null(actual);
}

static void assert_row(const struct row *row)
{
    struct net_url url;
    char error[256] = "";

    if (!net_url_parse(row->text, &url, error, sizeof(error)))
        fail_msg("%s: %s", row->text, error);
    assert_string_equal(url.host, row->host);
    assert_int_equal(url.port, row->port ? row->port : NET_PORT_DEFAULT);
    assert_int_equal(url.port_given, row->port != 0);
    assert_int_equal(url.tls, row->tls);
    assert_text(url.user, row->user);
    assert_text(url.password, row->password);
    assert_int_equal(url.db, row->db);
    net_url_free(&url);
    assert_null(url.user);
    assert_null(url.password);
}

static void a_target_is_read(void **state)
{
    static const struct row rows[] = {
        { "cache", "cache", 0, false, NULL, NULL, -1 },
        { "cache.example.", "cache.example.", 0, false, NULL, NULL, -1 },
        { "cache.example:6380", "cache.example", 6380, false, NULL, NULL, -1 },
        { "my_cache-1:1", "my_cache-1", 1, false, NULL, NULL, -1 },
        { "h:65535", "h", 65535, false, NULL, NULL, -1 },
        { "h:06379", "h", 6379, false, NULL, NULL, -1 },
        { "10.0.0.1:1", "10.0.0.1", 1, false, NULL, NULL, -1 },
        { "a..b", "a..b", 0, false, NULL, NULL, -1 },
        { "::1", "::1", 0, false, NULL, NULL, -1 },
        { "::1:6380", "::1:6380", 0, false, NULL, NULL, -1 },
        { "[::1]", "::1", 0, false, NULL, NULL, -1 },
        { "[::1]:6380", "::1", 6380, false, NULL, NULL, -1 },
        { "fe80::1%lo", "fe80::1%lo", 0, false, NULL, NULL, -1 },
        { "[fe80::1%lo]:9", "fe80::1%lo", 9, false, NULL, NULL, -1 },
        { "redis://h", "h", 0, false, NULL, NULL, -1 },
        { "redis://h/", "h", 0, false, NULL, NULL, -1 },
        { "redis://h/0", "h", 0, false, NULL, NULL, 0 },
        { "redis://h:1/15", "h", 1, false, NULL, NULL, 15 },
        { "REDIS://h/999999999", "h", 0, false, NULL, NULL, 999999999 },
        { "rediss://h", "h", 0, true, NULL, NULL, -1 },
        { "valkey://h", "h", 0, false, NULL, NULL, -1 },
        { "ValkeyS://h:2", "h", 2, true, NULL, NULL, -1 },
        { "redis://[::1]:2/3", "::1", 2, false, NULL, NULL, 3 },
        { "redis://::1/3", "::1", 0, false, NULL, NULL, 3 },
        { "redis://[fe80::1%25lo]", "fe80::1%lo", 0, false, NULL, NULL, -1 },
        { "redis://[fe80::1%25]", "fe80::1%25", 0, false, NULL, NULL, -1 },
        { "redis://[fe80::1%lo]", "fe80::1%lo", 0, false, NULL, NULL, -1 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        assert_row(&rows[i]);
}

static void credentials_are_read_as_redis_cli_does(void **state)
{
    static const struct row rows[] = {
        { "redis://secret@h", "h", 0, false, NULL, "secret", -1 },
        { "redis://:secret@h", "h", 0, false, NULL, "secret", -1 },
        { "redis://u:secret@h:1/2", "h", 1, false, "u", "secret", 2 },
        { "redis://u:@h", "h", 0, false, "u", "", -1 },
        { "redis://:@h", "h", 0, false, NULL, NULL, -1 },
        { "redis://@h", "h", 0, false, NULL, NULL, -1 },
        { "redis://u:a:b@h", "h", 0, false, "u", "a:b", -1 },
        { "redis://u:a@b@h", "h", 0, false, "u", "a@b", -1 },
        { "redis://u:a/b?c#d@h/1", "h", 0, false, "u", "a/b?c#d", 1 },
        { "redis://u%3A1:%40%2f%2F%25@h", "h", 0, false, "u:1", "@//%", -1 },
        { "redis://:%01%ff%7e@h", "h", 0, false, NULL, "\x01\xff~", -1 },
        { "redis://u:p\xc3\xa4ss@h", "h", 0, false, "u", "p\xc3\xa4ss", -1 },
        { "rediss://u:p@[::1]:2", "::1", 2, true, "u", "p", -1 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        assert_row(&rows[i]);
}

static void user_and_password_may_be_as_long_as_a_token(void **state)
{
    char user[2001], password[5001], text[NET_URL_MAX];

    (void)state;
    memset(user, 'u', sizeof(user) - 1);
    memset(password, 'p', sizeof(password) - 1);
    user[sizeof(user) - 1] = password[sizeof(password) - 1] = '\0';
    (void)snprintf(text, sizeof(text), "rediss://%s:%s@h:1/2", user, password);
    assert_row(&(struct row){ text, "h", 1, true, user, password, 2 });
}

/* `n` labels of 49 octets and their dots, then `last`. */
static const char *name_of(unsigned n, const char *last)
{
    static const char label[] =
        "0123456789012345678901234567890123456789012345678.";
    static char name[1024];
    char *end = name;

    for (unsigned i = 0; i < n; i++, end += strlen(label))
        memcpy(end, label, strlen(label));
    memcpy(end, last, strlen(last) + 1);
    return name;
}

static void a_name_may_have_253_octets_and_a_dot(void **state)
{
    struct net_url url;
    char error[256];

    (void)state;
    assert_true(net_url_parse(name_of(5, "abc"), &url, error, sizeof(error)));
    assert_int_equal(strlen(url.host), 253);
    assert_true(net_url_parse(name_of(5, "abc."), &url, error, sizeof(error)));
    assert_int_equal(strlen(url.host), 254);
    assert_false(net_url_parse(name_of(5, "abcd"), &url, error, sizeof(error)));
    assert_non_null(strstr(error, "253 octets"));
}

static void an_overlong_label_is_for_dns_to_refuse(void **state)
{
    static const char label[] =
        "a123456789b123456789c123456789d123456789e123456789f123456789abcd.x";

    (void)state;
    assert_int_equal(strcspn(label, "."), 64);
    assert_row(&(struct row){ label, label, 0, false, NULL, NULL, -1 });
}

static void what_is_no_target_is_told_in_one_line(void **state)
{
    static const struct {
        const char *text, *error;
    } rows[] = {
        { "", "the target is empty: expected HOST, HOST:PORT or redis://..." },
        { "a b", "byte 2 of the target is a space: expected none (in a "
                 "password it is written %20)" },
        { "host\r", "byte 5 of the target is a control character: expected "
                    "none (in a password it is written %0D)" },
        { "http://h", "scheme \"http\" is not known: expected redis, rediss, "
                      "valkey or valkeys" },
        { "redi://h", "scheme \"redi\" is not known: expected redis, rediss, "
                      "valkey or valkeys" },
        { "redis://", "the host is empty: expected HOST, HOST:PORT or "
                      "redis://[[USER]:PASSWORD@]HOST[:PORT][/DB]" },
        { ":6379", "the host is empty: expected HOST, HOST:PORT or "
                   "redis://[[USER]:PASSWORD@]HOST[:PORT][/DB]" },
        { "redis://u:p@/1", "the host is empty: expected HOST, HOST:PORT or "
                            "redis://[[USER]:PASSWORD@]HOST[:PORT][/DB]" },
        { "h:", "port \"\" is not a number from 1 to 65535" },
        { "h:0", "port \"0\" is not a number from 1 to 65535" },
        { "h:65536", "port \"65536\" is not a number from 1 to 65535" },
        { "h:-1", "port \"-1\" is not a number from 1 to 65535" },
        { "h:+1", "port \"+1\" is not a number from 1 to 65535" },
        { "h:1x", "port \"1x\" is not a number from 1 to 65535" },
        { "h:000001", "port \"000001\" is not a number from 1 to 65535" },
        { "redis://h:70000", "port \"70000\" is not a number from 1 to 65535" },
        { "h/0", "what follows the host, \"/0\" needs a scheme: expected "
                 "redis://HOST[:PORT]/DB" },
        { "redis://h/x", "database \"x\" is not a number from 0 to 999999999" },
        { "redis://h/1/", "database \"1/\" is not a number from 0 to "
                          "999999999" },
        { "redis://h/-1", "database \"-1\" is not a number from 0 to "
                          "999999999" },
        { "redis://h/9999999999", "database \"9999999999\" is not a number "
                                  "from 0 to 999999999" },
        { "redis://h?db=1", "a URL with a \"?\" and a query is not "
                            "understood: use options instead" },
        { "redis://h/1?x=y", "a URL with a \"?\" and a query is not "
                             "understood: use options instead" },
        { "h#x", "a URL with a \"#\" and a fragment is not understood: "
                 "leave it out" },
        { "a:b:c", "address \"a:b:c\" is not an IPv6 address: expected "
                   "HOST:PORT, [IPV6]:PORT or [fe80::1%eth0]:PORT" },
        { "fe80::1", "address \"fe80::1\" is not an IPv6 address: expected "
                     "HOST:PORT, [IPV6]:PORT or [fe80::1%eth0]:PORT" },
        { "10.0.0.256", "host \"10.0.0.256\" is not an IPv4 address: expected "
                        "four numbers up to 255" },
        { "127.1:6379", "host \"127.1\" is not an IPv4 address: expected four "
                        "numbers up to 255" },
        { "[::1", "address \"[::1\" has no closing bracket: expected "
                  "[IPV6]:PORT" },
        { "[10.0.0.1]",
          "address \"[10.0.0.1]\" cannot be dialed from here: expected an IPv6 "
          "address such as [2001:db8::1] or [fe80::1%eth0]" },
        { "[]", "address \"[]\" cannot be dialed from here: expected an IPv6 "
                "address such as [2001:db8::1] or [fe80::1%eth0]" },
        { "[fe80::1]",
          "address \"[fe80::1]\" cannot be dialed from here: expected an IPv6 "
          "address such as [2001:db8::1] or [fe80::1%eth0]" },
        { "[fe80::1%nosuch]",
          "address \"[fe80::1%nosuch]\" cannot be dialed from here: expected "
          "an IPv6 address such as [2001:db8::1] or [fe80::1%eth0]" },
        { "[::1]x", "what follows the address, \"x\" is not :PORT" },
        { "[::1]:", "port \"\" is not a number from 1 to 65535" },
        { "h\xc3\xa4st", "host \"h\\xc3\\xa4st\" holds what no name can: "
                         "expected letters, digits, \"-\", \"_\" and \".\"" },
        { "h\"\\", "host \"h\\x22\\x5c\" holds what no name can: expected "
                   "letters, digits, \"-\", \"_\" and \".\"" },
        { "h%20", "host \"h%20\" holds what no name can: expected letters, "
                  "digits, \"-\", \"_\" and \".\"" },
        { "!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!",
          "host \"!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!...\" holds what no "
          "name can: expected letters, digits, \"-\", \"_\" and \".\"" },
    };
    struct net_url url;
    char error[256];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_false(net_url_parse(rows[i].text, &url, error, sizeof(error)));
        assert_string_equal(error, rows[i].error);
        assert_null(url.user);
        assert_null(url.password);
    }
}

static void too_long_a_target_is_refused(void **state)
{
    static char text[NET_URL_MAX + 2];
    struct net_url url;
    char error[256];

    (void)state;
    memset(text, 'a', sizeof(text) - 1);
    assert_false(net_url_parse(text, &url, error, sizeof(error)));
    assert_string_equal(error, "the target is longer than 8192 bytes");
}

static void no_error_shows_a_password(void **state)
{
    static const char *const rows[] = {
        "redis://u:hunter2@",
        "redis://u:hunter2@h:0",
        "redis://u:hunter2@h:x",
        "redis://u:hunter2@h/x",
        "redis://u:hunter2@h?q",
        "redis://u:hunter2@h#f",
        "redis://u:hunter2@[::1",
        "redis://u:hunter2@[]",
        "redis://u:hunter2@a:b:c",
        "redis://u:hunter2@!",
        "redis://u:hunter2%@h",
        "redis://u:hunter2%4@h",
        "redis://u:hunter2%zz@h",
        "redis://u:hunter2%00@h",
        "redis://hunter2%@h",
        "redis://u:hunter2 @h",
        "redis://u:hunter2\n@h",
        "http://u:hunter2@h",
        "u:hunter2@h",
        "hunter2@h",
        "redis://default:hunter2",
        "redis://u:hunter2:h",
        "redis://u:hunter2/x@!",
        "redis://u:hunter2?x@h:0",
        "redis://:a@hunter2@h:0",
        "hunter2://u:p@h@h",
        "redis://hunter2%00:p@h",
        "hunter2%://h@x",
    };
    struct net_url url;
    char error[256];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        error[0] = '\0';
        assert_false(net_url_parse(rows[i], &url, error, sizeof(error)));
        assert_string_not_equal(error, "");
        assert_null(strchr(error, '\n'));
        if (strncmp(rows[i], "hunter2://", 10) != 0)
            assert_null(strstr(error, "hunter2"));
        assert_null(url.password);
    }
}

static void an_error_is_cut_to_its_room(void **state)
{
    struct net_url url;
    char error[8];

    (void)state;
    assert_false(net_url_parse("h:0", &url, error, sizeof(error)));
    assert_string_equal(error, "port \"0");
}

static void the_password_is_found_in_the_text(void **state)
{
    static const struct {
        const char *text, *password; /* NULL: none */
    } rows[] = {
        { "redis://u:p%40ss@h", "p%40ss" },
        { "redis://p@h", "p" },
        { "redis://:p@h:x?", "p" },
        { "redis://u:a@b/c@h", "a@b/c" },
        { "u:p@h", "p" },
        { "p@h", "p" },
        { "http://u:p@h", "p" },
        { "redis://u:@h", NULL },
        { "redis://@h", NULL },
        { "redis://h", NULL },
        { "h:1", NULL },
        { "", NULL },
    };
    size_t offset, length;
    bool found;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        found = net_url_password_span(rows[i].text, &offset, &length);
        assert_int_equal(found, rows[i].password != NULL);
        if (!found)
            continue;
        assert_int_equal(length, strlen(rows[i].password));
        assert_memory_equal(rows[i].text + offset, rows[i].password, length);
    }
}

static void no_memory_is_an_error_and_no_leak(void **state)
{
    struct net_url url;
    char error[256];
    bool read;
    unsigned n = 0;

    (void)state;
    do {
        fail_malloc_at(++n);
        read = net_url_parse("redis://u:p@h", &url, error, sizeof(error));
        if (!read)
            assert_string_equal(error, "out of memory");
        assert_int_equal(read, !fail_malloc_stop());
    } while (!read);
    assert_int_equal(n, 3);
    net_url_free(&url);
}

static void a_zeroed_url_may_be_freed(void **state)
{
    struct net_url url = { .db = 0 };

    (void)state;
    net_url_free(&url);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_target_is_read),
        cmocka_unit_test(credentials_are_read_as_redis_cli_does),
        cmocka_unit_test(user_and_password_may_be_as_long_as_a_token),
        cmocka_unit_test(a_name_may_have_253_octets_and_a_dot),
        cmocka_unit_test(an_overlong_label_is_for_dns_to_refuse),
        cmocka_unit_test(what_is_no_target_is_told_in_one_line),
        cmocka_unit_test(too_long_a_target_is_refused),
        cmocka_unit_test(no_error_shows_a_password),
        cmocka_unit_test(an_error_is_cut_to_its_room),
        cmocka_unit_test(the_password_is_found_in_the_text),
        cmocka_unit_test(no_memory_is_an_error_and_no_leak),
        cmocka_unit_test(a_zeroed_url_may_be_freed),
    };

    return cmocka_run_group_tests_name("url", tests, NULL, NULL);
}
