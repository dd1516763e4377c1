/*
 * test_addr.c -- addresses and ranges come out of text as they went in.
 */
#include "support/unit.h"

#include <arpa/inet.h>
#include <string.h>

#include "net/addr.h"

static struct net_addr addr_of(const char *text, uint16_t port)
{
    struct net_addr addr;

    assert_true(net_addr_parse(text, port, &addr));
    return addr;
}

static void literals_are_read_and_written(void **state)
{
    static const struct {
        const char *text, *host, *whole;
    } rows[] = {
        { "10.0.0.1", "10.0.0.1", "10.0.0.1:6379" },
        { "255.255.255.255", "255.255.255.255", "255.255.255.255:6379" },
        { "0.0.0.0", "0.0.0.0", "0.0.0.0:6379" },
        { "::1", "::1", "[::1]:6379" },
        { "2001:DB8:0:0::1", "2001:db8::1", "[2001:db8::1]:6379" },
        { "::ffff:10.0.0.1", "::ffff:10.0.0.1", "[::ffff:10.0.0.1]:6379" },
        { "fe80::1%lo", "fe80::1%lo", "[fe80::1%lo]:6379" },
        { "fe80::1%1", "fe80::1%lo", "[fe80::1%lo]:6379" },
        { "fe80::1%99999", "fe80::1%99999", "[fe80::1%99999]:6379" },
        { "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295",
          "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295",
          "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295]:6379" },
    };
    char text[NET_ADDR_TEXT_MAX];
    struct net_addr addr;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        addr = addr_of(rows[i].text, 6379);
        assert_int_equal(net_addr_port(&addr), 6379);
        assert_string_equal(net_addr_host(&addr, text), rows[i].host);
        assert_string_equal(net_addr_text(&addr, text), rows[i].whole);
    }
}

static void what_is_no_literal_is_left_alone(void **state)
{
    static const char *const rows[] = {
        "",
        "localhost",
        "10.0.0",
        "10.0.0.256",
        "10.0.0.1.2",
        "010.0.0.1",
        "0x7f.1",
        " 10.0.0.1",
        "10.0.0.1 ",
        "10.0.0.1:6379",
        "[::1]",
        "::1]",
        ":",
        ":::",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "::g",
        "fe80::1%",
        "fe80::1%nosuch",
        "fe80::1%0",
        "fe80::1%1x",
        "fe80::1%-1",
        "10.0.0.1%lo",
        "fe80::1%4294967296",
        "::1/128",
        "12345::",
        "::10.0.0.256",
        "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc",
    };
    struct net_addr addr, before;

    (void)state;
    memset(&addr, 0x5a, sizeof(addr));
    before = addr;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_false(net_addr_parse(rows[i], 1, &addr));
        assert_memory_equal(&addr, &before, sizeof(addr));
    }
}

static void equal_is_family_address_scope_and_port(void **state)
{
    struct net_addr v4 = addr_of("10.0.0.1", 1), v6 = addr_of("fe80::1%lo", 1);
    struct net_addr other;

    (void)state;
    other = addr_of("10.0.0.1", 1);
    assert_true(net_addr_equal(&v4, &other));
    other = addr_of("fe80::1%lo", 1);
    other.sa.v6.sin6_flowinfo = 7;
    assert_true(net_addr_equal(&v6, &other));
    assert_false(net_addr_equal(&v4, &v6));
    other = addr_of("10.0.0.1", 2);
    assert_false(net_addr_equal(&v4, &other));
    other = addr_of("10.0.0.2", 1);
    assert_false(net_addr_equal(&v4, &other));
    other = addr_of("fe80::1%99999", 1);
    assert_false(net_addr_equal(&v6, &other));
    other = addr_of("fe80::2%lo", 1);
    assert_false(net_addr_equal(&v6, &other));
    other = addr_of("::ffff:10.0.0.1", 1);
    assert_false(net_addr_equal(&v4, &other));
}

static void a_range_contains_what_shares_its_bits(void **state)
{
    static const struct {
        const char *range, *address;
        bool inside;
    } rows[] = {
        { "10.0.0.0/16", "10.0.255.255", true },
        { "10.0.0.0/16", "10.1.0.0", false },
        { "10.0.0.7/16", "10.0.9.9", true },
        { "10.128.0.0/9", "10.255.0.1", true },
        { "10.128.0.0/9", "10.127.0.1", false },
        { "0.0.0.0/0", "203.0.113.9", true },
        { "0.0.0.0/0", "::1", false },
        { "10.0.0.1", "10.0.0.1", true },
        { "10.0.0.1/32", "10.0.0.0", false },
        { "fd00::/8", "fdff::1", true },
        { "fd00::/8", "fc00::1", false },
        { "2001:db8::/33", "2001:db8:7fff::", true },
        { "2001:db8::/33", "2001:db8:8000::", false },
        { "::1", "::1", true },
        { "::/0", "2001:db8::1", true },
        { "::/0", "10.0.0.1", false },
    };
    struct net_cidr cidr;
    struct net_addr addr;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_true(net_cidr_parse(rows[i].range, &cidr));
        addr = addr_of(rows[i].address, 6379);
        assert_int_equal(net_cidr_contains(&cidr, &addr), rows[i].inside);
    }
}

static void what_is_no_range_is_left_alone(void **state)
{
    static const char *const rows[] = {
        "",
        "/",
        "/8",
        "10.0.0.0/",
        "10.0.0.0/33",
        "::/129",
        "10.0.0.0/-1",
        "10.0.0.0/ 8",
        "10.0.0.0/8 ",
        "10.0.0.0/8/8",
        "10.0.0.0/0008",
        "10.0.0.0/255.0.0.0",
        "host/8",
        "10/8",
        "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc:dd/1",
    };
    struct net_cidr cidr, before;

    (void)state;
    memset(&cidr, 0x5a, sizeof(cidr));
    memcpy(&before, &cidr, sizeof(cidr));
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_false(net_cidr_parse(rows[i], &cidr));
        assert_memory_equal(&cidr, &before, sizeof(cidr));
    }
}

static void private_ranges_are_known_with_their_edges(void **state)
{
    static const struct {
        const char *address;
        bool is_private;
    } rows[] = {
        { "9.255.255.255", false },
        { "10.0.0.0", true },
        { "10.255.255.255", true },
        { "11.0.0.0", false },
        { "172.15.255.255", false },
        { "172.16.0.0", true },
        { "172.31.255.255", true },
        { "172.32.0.0", false },
        { "192.167.255.255", false },
        { "192.168.0.0", true },
        { "192.169.0.0", false },
        { "100.63.255.255", false },
        { "100.64.0.0", true },
        { "100.127.255.255", true },
        { "100.128.0.0", false },
        { "198.17.255.255", false },
        { "198.18.0.0", true },
        { "198.19.255.255", true },
        { "198.20.0.0", false },
        { "169.254.0.1", true },
        { "169.253.0.1", false },
        { "127.9.9.9", true },
        { "128.0.0.1", false },
        { "52.1.2.3", false },
        { "::1", true },
        { "::2", false },
        { "fc00::", true },
        { "fdff::1", true },
        { "fe00::1", false },
        { "fe80::1", true },
        { "febf::1", true },
        { "fec0::1", false },
        { "2600:1f18::1", false },
        { "::ffff:10.0.0.1", true },
        { "::ffff:52.1.2.3", false },
        { "::", false },
    };
    struct net_addr addr;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        addr = addr_of(rows[i].address, 0);
        assert_int_equal(net_addr_is_private(&addr), rows[i].is_private);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(literals_are_read_and_written),
        cmocka_unit_test(what_is_no_literal_is_left_alone),
        cmocka_unit_test(equal_is_family_address_scope_and_port),
        cmocka_unit_test(a_range_contains_what_shares_its_bits),
        cmocka_unit_test(what_is_no_range_is_left_alone),
        cmocka_unit_test(private_ranges_are_known_with_their_edges),
    };

    return cmocka_run_group_tests_name("addr", tests, NULL, NULL);
}
