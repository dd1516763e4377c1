/*
 * test_dnsmsg.c -- responses as name servers, and as nobody, should send them.
 */
#include "net/dnsmsg.h"

#include <stdio.h>
#include <string.h>

#include "net/dnsname.h"
#include "net/dnswire.h"
#include "support/dns_message.h"
#include "support/unit.h"

enum {
    PORT = 6379,
    RCODE_OTHER = 9, /* NOTAUTH */
};

static struct dns_message message;
static struct net_answer answer;

static int set_up(void **state)
{
    (void)state;
    net_answer_init(&answer);
    dns_begin(&message, 7, DNS_RESPONSE);
    dns_question(&message, "a.example", DNS_A);
    return 0;
}

static enum net_status read_type(unsigned type)
{
    return net_dnsmsg_read(message.bytes, message.n, "a.example", type, PORT,
                           &answer);
}

static enum net_status read_a(void)
{
    return read_type(DNSMSG_A);
}

static void add(const char *name, unsigned type, uint32_t ttl, const char *data)
{
    dns_answer(&message, &(struct dns_record){ name, type, ttl, data });
}

static void assert_address(unsigned i, const char *text, int64_t ttl_s)
{
    char found[NET_ADDR_TEXT_MAX];

    assert_true(i < answer.naddrs);
    assert_string_equal(net_addr_text(&answer.addrs[i].addr, found), text);
    assert_int_equal(answer.addrs[i].ttl_s, ttl_s);
}

static void assert_link(unsigned i, const char *name, const char *target)
{
    assert_true(i < answer.ncnames);
    assert_string_equal(answer.cnames[i].name, name);
    assert_string_equal(answer.cnames[i].target, target);
}

static void addresses_come_in_their_order(void **state)
{
    (void)state;
    add("a.example", DNS_A, 60, "10.0.0.2");
    add("A.Example", DNS_A, 30, "10.0.0.1");
    add("a.example", DNS_A, 60, "10.0.0.2");
    assert_int_equal(read_a(), NET_OK);
    assert_int_equal(answer.rcode, 0);
    assert_int_equal(answer.naddrs, 2);
    assert_address(0, "10.0.0.2:6379", 60);
    assert_address(1, "10.0.0.1:6379", 30);
    assert_int_equal(answer.ttl_s, 30);
    assert_false(answer.other_records || answer.truncated);
}

static void both_families_are_in_one_answer_and_ipv4_is_first(void **state)
{
    (void)state;
    add("a.example", DNS_CNAME, 300, "b.example");
    add("b.example", DNS_AAAA, 60, "fd00::1");
    add("b.example", DNS_A, 60, "10.0.0.1");
    assert_int_equal(read_type(DNSMSG_AAAA), NET_OK);
    assert_int_equal(read_a(), NET_OK);
    assert_int_equal(answer.naddrs, 2);
    assert_address(0, "10.0.0.1:6379", 60);
    assert_address(1, "[fd00::1]:6379", 60);
    assert_int_equal(answer.ncnames, 1);
}

static void a_chain_is_followed_in_whatever_order_it_comes(void **state)
{
    (void)state;
    add("c.example", DNS_A, 60, "10.0.0.1");
    add("B.example", DNS_CNAME, 20, "c.example");
    add("a.example", DNS_CNAME, 300, "b.EXAMPLE");
    assert_int_equal(read_a(), NET_OK);
    assert_int_equal(answer.ncnames, 2);
    assert_link(0, "a.example", "b.EXAMPLE");
    assert_link(1, "B.example", "c.example");
    assert_int_equal(answer.cnames[0].ttl_s, 300);
    assert_int_equal(answer.ttl_s, 20);
    assert_address(0, "10.0.0.1:6379", 60);
}

static void rcodes_are_told_with_the_chain_but_without_addresses(void **state)
{
    static const struct {
        unsigned rcode;
        enum net_status status;
    } rows[] = {
        { DNSMSG_NOERROR, NET_NODATA },    { DNSMSG_SERVFAIL, NET_SERVFAIL },
        { DNSMSG_NXDOMAIN, NET_NXDOMAIN }, { DNSMSG_REFUSED, NET_REFUSED },
        { DNSMSG_FORMERR, NET_BADANSWER }, { DNSMSG_NOTIMP, NET_BADANSWER },
        { RCODE_OTHER, NET_BADANSWER },
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        set_up(state);
        dns_set(&message, 2, DNS_RESPONSE | rows[i].rcode);
        add("a.example", DNS_CNAME, 60, "gone.example");
        if (rows[i].rcode != DNSMSG_NOERROR)
            add("gone.example", DNS_A, 60, "10.0.0.1");
        assert_int_equal(read_a(), rows[i].status);
        assert_int_equal(answer.rcode, rows[i].rcode);
        assert_link(0, "a.example", "gone.example");
        assert_int_equal(answer.naddrs, 0);
    }
}

static void records_of_no_use_are_told(void **state)
{
    (void)state;
    add("a.example", DNS_CNAME, 60, "b.example");
    assert_int_equal(read_a(), NET_NODATA);
    assert_false(answer.other_records);
    add("other.example", DNS_A, 60, "10.0.0.1");
    add("b.example", DNS_TXT, 60, "text");
    assert_int_equal(read_a(), NET_NODATA);
    assert_true(answer.other_records);
    assert_int_equal(answer.naddrs, 0);
}

static void a_loop_of_cnames_ends_without_an_address(void **state)
{
    (void)state;
    add("a.example", DNS_CNAME, 60, "b.example");
    add("b.example", DNS_CNAME, 60, "a.example");
    assert_int_equal(read_a(), NET_NODATA);
    assert_int_equal(answer.ncnames, 2);
    assert_false(answer.truncated);
    set_up(state);
    add("a.example", DNS_CNAME, 60, "a.example");
    assert_int_equal(read_a(), NET_NODATA);
    assert_int_equal(answer.ncnames, 1);
}

/* "a.example" > "n1.example" > ... with an address at the end. */
static void chain_of(unsigned links)
{
    char from[32] = "a.example", to[32];

    for (unsigned i = 1; i <= links; i++) {
        (void)snprintf(to, sizeof(to), "n%u.example", i);
        add(from, DNS_CNAME, 60, to);
        memcpy(from, to, sizeof(from));
    }
    add(from, DNS_A, 60, "10.0.0.1");
}

static void a_long_chain_is_cut_but_followed(void **state)
{
    (void)state;
    chain_of(NET_CNAMES_MAX);
    assert_int_equal(read_a(), NET_OK);
    assert_false(answer.truncated);
    set_up(state);
    chain_of(NET_CNAMES_MAX + 1);
    assert_int_equal(read_a(), NET_OK);
    assert_true(answer.truncated);
    assert_int_equal(answer.ncnames, NET_CNAMES_MAX);
    set_up(state);
    chain_of(1000);
    assert_int_equal(read_a(), NET_NODATA);
    assert_true(answer.truncated);
}

static void more_addresses_than_fit_are_told(void **state)
{
    char text[16];

    (void)state;
    for (unsigned i = 0; i <= NET_ADDRS_MAX; i++) {
        (void)snprintf(text, sizeof(text), "10.0.1.%u", i);
        add("a.example", DNS_A, 60, text);
    }
    assert_int_equal(read_a(), NET_OK);
    assert_int_equal(answer.naddrs, NET_ADDRS_MAX);
    assert_true(answer.truncated);
}

static void a_ttl_with_the_top_bit_is_zero(void **state)
{
    (void)state;
    add("a.example", DNS_A, 0x80000000U, "10.0.0.1");
    assert_int_equal(read_a(), NET_OK);
    assert_address(0, "10.0.0.1:6379", 0);
    assert_int_equal(answer.ttl_s, 0);
}

static void every_cut_is_noticed(void **state)
{
    size_t whole;

    (void)state;
    add("a.example", DNS_CNAME, 60, "b.example");
    add("b.example", DNS_A, 60, "10.0.0.1");
    whole = message.n;
    for (message.n = 0; message.n < whole; message.n++) {
        net_answer_init(&answer);
        assert_int_equal(read_a(), NET_BADANSWER);
        assert_int_equal(answer.naddrs, 0);
    }
}

static void what_is_not_a_response_is_none(void **state)
{
    static const unsigned flags[] = { 0x0100, 0x8980, 0xa100, 0x0000 };

    for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
        set_up(state);
        add("a.example", DNS_A, 60, "10.0.0.1");
        dns_set(&message, 2, flags[i]);
        assert_int_equal(read_a(), NET_BADANSWER);
        assert_int_equal(answer.rcode, NET_RCODE_NONE);
    }
}

/* An answer record whose owner is `name`, raw. */
static void raw_record(const char *name, size_t n, const char *data,
                       size_t ndata, unsigned type)
{
    dns_set(&message, 6, dns_get(message.bytes, 6) + 1);
    dns_bytes(&message, name, n);
    dns_u16(&message, type);
    dns_u16(&message, 1);
    dns_u16(&message, 0);
    dns_u16(&message, 60);
    dns_u16(&message, (unsigned)ndata);
    dns_bytes(&message, data, ndata);
}

static void compressed_names_are_read(void **state)
{
    (void)state;
    /* b + the "example" of the question, which is at 12 + 2 */
    raw_record("\xc0\x0c", 2,
               "\x01"
               "b\xc0\x0e",
               4, DNS_CNAME);
    raw_record("\x01"
               "B\xc0\x0e",
               4, "\x0a\0\0\1", 4, DNS_A);
    assert_int_equal(read_a(), NET_OK);
    assert_link(0, "a.example", "b.example");
    assert_address(0, "10.0.0.1:6379", 60);
}

static void bad_compression_ends(void **state)
{
    static const struct {
        const char *name;
        size_t n;
    } rows[] = {
        { "\xc0\x1b", 2 },         /* itself: 12 + 11 + 4 = 27 */
        { "\xc0\x1d\xc0\x1b", 4 }, /* forwards */
        { "\xc0\x1d", 2 }, /* forwards, to the octet 0 of the type: the root */
        { "\x01x\xc0\x1b", 4 }, /* a loop of one label */
        { "\xc0\x00", 2 },      /* into the header */
        { "\xff\xff", 2 },      /* far outside */
        { "\x40"
          "abc",
          4 }, /* a label type of no meaning */
        { "\x80"
          "abc",
          4 },
        { "\x3f"
          "short",
          6 }, /* a label that is not there */
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        set_up(state);
        raw_record(rows[i].name, rows[i].n, "\x0a\0\0\1", 4, DNS_A);
        assert_int_equal(read_a(), NET_BADANSWER);
    }
}

static void a_name_of_more_than_255_octets_is_none(void **state)
{
    char label[64];

    (void)state;
    dns_set(&message, 6, 1);
    memset(label, 'x', sizeof(label));
    label[0] = 63;
    for (int i = 0; i < 4; i++)
        dns_bytes(&message, label, sizeof(label));
    raw_record("", 1, "\x0a\0\0\1", 4, DNS_A);
    dns_set(&message, 6, 1);
    assert_int_equal(read_a(), NET_BADANSWER);
}

static void data_must_be_what_its_type_says(void **state)
{
    static const struct {
        unsigned type;
        const char *data;
        size_t n;
    } rows[] = {
        { DNS_A, "\x0a\0\0\1\1", 5 },  { DNS_A, "", 0 },
        { DNS_AAAA, "\x0a\0\0\1", 4 }, { DNS_CNAME, "", 0 },
        { DNS_CNAME, "\x01x\0?", 4 }, /* a byte too many */
        { DNS_CNAME, "\x05xy", 3 },
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        set_up(state);
        raw_record("\xc0\x0c", 2, rows[i].data, rows[i].n, rows[i].type);
        add("a.example", DNS_A, 60, "10.0.0.1");
        assert_int_equal(read_a(), NET_BADANSWER);
    }
}

static void odd_names_are_told_in_escapes(void **state)
{
    (void)state;
    raw_record("\xc0\x0c", 2,
               "\x04"
               "a.\\\x07"
               "\x01"
               "\xc3\0",
               8, DNS_CNAME);
    assert_int_equal(read_a(), NET_NODATA);
    assert_link(0, "a.example", "a\\.\\\\\\007.\\195");
    set_up(state);
    raw_record("\xc0\x0c", 2, "", 1, DNS_CNAME);
    assert_int_equal(read_a(), NET_NODATA);
    assert_link(0, "a.example", ".");
}

static void a_dot_inside_of_a_label_parts_nothing(void **state)
{
    (void)state;
    raw_record("\x09"
               "a.example",
               11, "\x0a\0\0\1", 4, DNS_A);
    assert_int_equal(read_a(), NET_NODATA);
    assert_true(answer.other_records);
}

static void a_query_reads_as_it_should(void **state)
{
    static const unsigned char bare[] = "\x12\x34\x01\0\0\1\0\0\0\0\0\0"
                                        "\1a\7example\0\0\x1c\0\1";
    static const unsigned char opt[] = "\0\0\x29\x04\xd0\0\0\0\0\0";
    unsigned char bytes[DNSMSG_QUERY_MAX];
    size_t n = net_dnsmsg_query(bytes, "a.example", DNSMSG_AAAA, 0x1234, 0);

    (void)state;
    assert_int_equal(n, sizeof(bare) - 1);
    assert_memory_equal(bytes, bare, n);
    n = net_dnsmsg_query(bytes, "a.example", DNSMSG_AAAA, 0x1234, 1232);
    assert_int_equal(n, sizeof(bare) - 1 + sizeof(opt));
    assert_memory_equal(bytes + sizeof(bare) - 1, opt, sizeof(opt));
    assert_int_equal(bytes[11], 1);
}

static void the_tc_bit_is_seen(void **state)
{
    (void)state;
    assert_false(net_dnsmsg_truncated(message.bytes, message.n));
    dns_set(&message, 2, DNS_RESPONSE | DNS_TC);
    assert_true(net_dnsmsg_truncated(message.bytes, message.n));
    assert_false(net_dnsmsg_truncated(message.bytes, 11));
}

#define OCTETS_9  "123456789"
#define OCTETS_49 OCTETS_9 OCTETS_9 OCTETS_9 OCTETS_9 OCTETS_9 "1234"
#define OCTETS_63 OCTETS_49 "12345678901234"

static void names_keep_the_rules(void **state)
{
    static const struct {
        const char *host, *name; /* NULL: none */
        bool absolute;
    } rows[] = {
        { "a.example", "a.example", false },
        { "a.example.", "a.example", true },
        { "_x-1.\xc3\xa4*/:@", "_x-1.\xc3\xa4*/:@", false },
        { OCTETS_63 ".a", OCTETS_63 ".a", false },
        { OCTETS_63 "1.a", NULL, false },
        { OCTETS_63 "." OCTETS_63 "." OCTETS_63 "." OCTETS_49 "123456789012",
          OCTETS_63 "." OCTETS_63 "." OCTETS_63 "." OCTETS_49 "123456789012",
          false },
        { OCTETS_63 "." OCTETS_63 "." OCTETS_63 "." OCTETS_49 "123456789012.",
          OCTETS_63 "." OCTETS_63 "." OCTETS_63 "." OCTETS_49 "123456789012",
          true },
        { OCTETS_63 "." OCTETS_63 "." OCTETS_63 "." OCTETS_49 "1234567890123",
          NULL, false },
        { OCTETS_63 "." OCTETS_63 "." OCTETS_63 "." OCTETS_63 "." OCTETS_63,
          NULL, false },
        { "", NULL, false },
        { ".", NULL, false },
        { ".a", NULL, false },
        { "a..b", NULL, false },
        { "a..", NULL, false },
        { "a b", NULL, false },
        { "a\tb", NULL, false },
        { "a\x7f", NULL, false },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        char name[NET_NAME_MAX];
        bool absolute = false;

        assert_int_equal(net_dnsname_copy(rows[i].host, name, &absolute),
                         rows[i].name != NULL);
        if (!rows[i].name)
            continue;
        assert_string_equal(name, rows[i].name);
        assert_int_equal(absolute, rows[i].absolute);
    }
}

static void domains_are_joined_where_they_fit(void **state)
{
    char joined[NET_NAME_MAX];

    (void)state;
    assert_true(net_dnsname_join("a", "b.example", joined));
    assert_string_equal(joined, "a.b.example");
    assert_false(net_dnsname_join(OCTETS_63 "." OCTETS_63,
                                  OCTETS_63 "." OCTETS_63, joined));
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(addresses_come_in_their_order),
        TEST(both_families_are_in_one_answer_and_ipv4_is_first),
        TEST(a_chain_is_followed_in_whatever_order_it_comes),
        TEST(rcodes_are_told_with_the_chain_but_without_addresses),
        TEST(records_of_no_use_are_told),
        TEST(a_loop_of_cnames_ends_without_an_address),
        TEST(a_long_chain_is_cut_but_followed),
        TEST(more_addresses_than_fit_are_told),
        TEST(a_ttl_with_the_top_bit_is_zero),
        TEST(every_cut_is_noticed),
        TEST(what_is_not_a_response_is_none),
        TEST(compressed_names_are_read),
        TEST(bad_compression_ends),
        TEST(a_name_of_more_than_255_octets_is_none),
        TEST(data_must_be_what_its_type_says),
        TEST(odd_names_are_told_in_escapes),
        TEST(a_dot_inside_of_a_label_parts_nothing),
        TEST(a_query_reads_as_it_should),
        TEST(the_tc_bit_is_seen),
        TEST(names_keep_the_rules),
        TEST(domains_are_joined_where_they_fit),
    };

    return cmocka_run_group_tests_name("dnsmsg", tests, NULL, NULL);
}
