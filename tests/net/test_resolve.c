/*
 * test_resolve.c -- one name server and whatever it may say, or not.
 */
#include <string.h>

#include "net/dnsmsg.h"
#include "resolving.h"

static struct dns_server *server;

#define A(name, data)                                                          \
    {                                                                          \
        name, DNS_A, 60, data                                                  \
    }
#define AAAA(name, data)                                                       \
    {                                                                          \
        name, DNS_AAAA, 60, data                                               \
    }
#define CNAME(name, data)                                                      \
    {                                                                          \
        name, DNS_CNAME, 300, data                                             \
    }

/* Serve these rules, and no file says anything. */
#define SERVE(...) SERVE_TCP(DNS_TCP_ANSWERS, __VA_ARGS__)
#define SERVE_TCP(tcp, ...)                                                    \
    do {                                                                       \
        static const struct dns_rule served[] = { __VA_ARGS__ };               \
        serve(served, ARRAY_SIZE(served), tcp);                                \
    } while (0)

static void serve(const struct dns_rule *rules, size_t n, enum dns_tcp tcp)
{
    server = dns_server_start(rules, n, tcp);
    resolving_open(dns_server_address(server), NULL, NULL);
}

static int tear_down(void **state)
{
    resolving_tear_down(state);
    dns_server_stop(server);
    server = NULL;
    return 0;
}

static void again(void)
{
    tear_down(NULL);
}

static void both_families_are_asked_at_the_same_time(void **state)
{
    const struct net_answer *answer;

    (void)state;
    SERVE({ .type = DNS_A,
            .records = { A("a.example", "10.0.0.2"),
                         A("a.example", "10.0.0.1") } },
          { .type = DNS_AAAA, .records = { AAAA("a.example", "fd00::1") } });
    assert_int_equal(look_up("a.example", AF_UNSPEC, LONG_MS), NET_OK);
    answer = resolving.answer;
    assert_addresses("10.0.0.2:6379 10.0.0.1:6379 [fd00::1]:6379");
    assert_int_equal(answer->source, NET_SOURCE_DNS);
    assert_string_equal(answer->server, dns_server_address(server));
    assert_string_equal(answer->asked, "a.example");
    assert_true(answer->v4.asked && answer->v6.asked);
    assert_int_equal(answer->rcode, 0);
    assert_int_equal(answer->ttl_s, 60);
    assert_int_equal(answer->sends, 2);
    assert_int_equal(dns_server_udp_queries(server), 2);
}

static void ipv4_comes_first_even_when_it_comes_late(void **state)
{
    (void)state;
    SERVE({ .type = DNS_A,
            .delay_ms = 50,
            .records = { A("a.example", "10.0.0.1") } },
          { .type = DNS_AAAA, .records = { AAAA("a.example", "fd00::1") } });
    assert_int_equal(look_up("a.example", AF_UNSPEC, LONG_MS), NET_OK);
    assert_addresses("10.0.0.1:6379 [fd00::1]:6379");
}

static void only_the_family_that_is_wanted_is_asked(void **state)
{
    (void)state;
    SERVE({ .type = DNS_A, .records = { A("a.example", "10.0.0.1") } },
          { .type = DNS_AAAA, .records = { AAAA("a.example", "fd00::1") } });
    assert_int_equal(look_up("a.example", AF_INET, LONG_MS), NET_OK);
    assert_addresses("10.0.0.1:6379");
    assert_false(resolving.answer->v6.asked);
    assert_int_equal(look_up("a.example", AF_INET6, LONG_MS), NET_OK);
    assert_addresses("[fd00::1]:6379");
    assert_false(resolving.answer->v4.asked);
    assert_int_equal(dns_server_udp_queries(server), 2);
}

static void every_rcode_is_told_at_once(void **state)
{
    static const struct {
        struct dns_rule rule;
        enum net_status status;
    } rows[] = {
        { { .rcode = 0 }, NET_NODATA },    { { .rcode = 1 }, NET_BADANSWER },
        { { .rcode = 2 }, NET_SERVFAIL },  { { .rcode = 3 }, NET_NXDOMAIN },
        { { .rcode = 4 }, NET_BADANSWER }, { { .rcode = 5 }, NET_REFUSED },
        { { .rcode = 9 }, NET_BADANSWER },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        serve(&rows[i].rule, 1, DNS_TCP_ANSWERS);
        assert_int_equal(look_up("a.example", AF_UNSPEC, LONG_MS),
                         rows[i].status);
        assert_int_equal(resolving.answer->rcode, rows[i].rule.rcode);
        assert_int_equal(resolving.answer->v6.rcode, rows[i].rule.rcode);
        assert_int_equal(resolving.answer->v6.status, rows[i].status);
        assert_true(resolving.took_ms < LONG_MS / 2);
        again();
    }
}

static void the_chain_is_told_also_when_its_end_is_gone(void **state)
{
    const struct net_answer *answer;

    (void)state;
    SERVE({ .rcode = 3,
            .records = { CNAME("a.example", "b.example"),
                         CNAME("b.example", "gone.example") } });
    assert_int_equal(look_up("a.example", AF_UNSPEC, LONG_MS), NET_NXDOMAIN);
    answer = resolving.answer;
    assert_int_equal(answer->ncnames, 2);
    assert_string_equal(answer->cnames[1].target, "gone.example");
    assert_int_equal(answer->ttl_s, 300);
    assert_int_equal(answer->naddrs, 0);
}

static void a_loop_of_cnames_is_no_address(void **state)
{
    (void)state;
    SERVE({ .records = { CNAME("a.example", "b.example"),
                         CNAME("b.example", "a.example") } });
    assert_int_equal(look_up("a.example", AF_UNSPEC, LONG_MS), NET_NODATA);
    assert_int_equal(resolving.answer->ncnames, 2);
}

static void one_family_is_enough(void **state)
{
    (void)state;
    SERVE({ .type = DNS_A, .records = { A("a.example", "10.0.0.1") } },
          { .rcode = 3 });
    /* Some servers deny the name itself where it has no AAAA. */
    assert_int_equal(look_up("a.example", AF_UNSPEC, LONG_MS), NET_OK);
    assert_int_equal(resolving.answer->v6.status, NET_NXDOMAIN);
    assert_int_equal(resolving.answer->v6.rcode, 3);
    assert_int_equal(resolving.answer->rcode, 0);
}

static void only_ipv6_is_enough_too(void **state)
{
    (void)state;
    SERVE({ .type = DNS_A },
          { .type = DNS_AAAA, .records = { AAAA("a.example", "fd00::1") } });
    assert_int_equal(look_up("a.example", AF_UNSPEC, LONG_MS), NET_OK);
    assert_addresses("[fd00::1]:6379");
    assert_int_equal(resolving.answer->v4.status, NET_NODATA);
}

static void ipv6_that_is_silent_does_not_hold_up_ipv4(void **state)
{
    (void)state;
    SERVE({ .type = DNS_A, .records = { A("a.example", "10.0.0.1") } });
    assert_int_equal(look_up("a.example", AF_UNSPEC, LONG_MS), NET_OK);
    assert_addresses("10.0.0.1:6379");
    assert_int_equal(resolving.answer->v6.status, NET_TIMEOUT);
    assert_int_equal(resolving.answer->v6.rcode, NET_RCODE_NONE);
    assert_true(resolving.took_ms >= 500 && resolving.took_ms < LONG_MS / 2);
}

static void silence_takes_the_whole_budget(void **state)
{
    const struct net_answer *answer;

    (void)state;
    SERVE({ .fault = DNS_SILENT });
    assert_int_equal(look_up("a.example", AF_UNSPEC, 1200), NET_TIMEOUT);
    answer = resolving.answer;
    assert_true(resolving.took_ms >= 1200 && resolving.took_ms < LONG_MS);
    assert_int_equal(answer->rcode, NET_RCODE_NONE);
    assert_int_equal(answer->v4.status, NET_TIMEOUT);
    assert_int_equal(answer->v6.status, NET_TIMEOUT);
    assert_string_equal(answer->server, dns_server_address(server));
    /* At 0, 600 ms, and perhaps just before the end. */
    assert_true(answer->sends >= 4 && answer->sends <= 6);
    dns_server_wait(server, answer->sends);
    assert_int_equal(dns_server_udp_queries(server), answer->sends);
}

static void a_lost_answer_is_asked_for_again(void **state)
{
    (void)state;
    SERVE({ .times = 1, .fault = DNS_SILENT },
          { .records = { A("a.example", "10.0.0.1") } });
    assert_int_equal(look_up("a.example", AF_INET, LONG_MS), NET_OK);
    assert_int_equal(resolving.answer->sends, 2);
}

static void a_late_answer_counts(void **state)
{
    (void)state;
    SERVE({ .times = 1,
            .delay_ms = 450,
            .records = { A("a.example", "10.0.0.1") } },
          { .fault = DNS_SILENT });
    assert_int_equal(look_up("a.example", AF_INET, 4000), NET_OK);
    again();
    /* ... also when it was asked again meanwhile. */
    SERVE({ .times = 1,
            .delay_ms = 2 * ATTEMPT_MS - 200,
            .records = { A("a.example", "10.0.0.1") } },
          { .fault = DNS_SILENT });
    assert_int_equal(look_up("a.example", AF_INET, LONG_MS), NET_OK);
    assert_true(resolving.answer->sends >= 2);
}

static void an_answer_to_something_else_is_none(void **state)
{
    static const struct dns_rule rows[] = {
        { .fault = DNS_WRONG_ID, .records = { A("a.example", "10.0.0.1") } },
        { .fault = DNS_WRONG_QUESTION,
          .records = { A("a.example", "10.0.0.1") } },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        serve(&rows[i], 1, DNS_TCP_ANSWERS);
        assert_int_equal(look_up("a.example", AF_INET, 300), NET_TIMEOUT);
        assert_int_equal(resolving.answer->naddrs, 0);
        dns_server_wait(server, 1);
        again();
    }
}

static void garbage_is_told(void **state)
{
    (void)state;
    SERVE({ .fault = DNS_GARBAGE });
    assert_int_equal(look_up("a.example", AF_UNSPEC, LONG_MS), NET_BADANSWER);
    assert_true(resolving.took_ms < LONG_MS / 2);
    again();
    SERVE({ .fault = DNS_SHORT });
    (void)look_up("a.example", AF_UNSPEC, 300);
    /* Older c-ares does not let us see it. */
    assert_true(resolving.status == NET_TIMEOUT ||
                resolving.status == NET_BADANSWER);
}

static void nobody_at_the_port_is_told_at_once(void **state)
{
    struct dns_refusal refusal;

    (void)state;
    dns_refusal_open(&refusal);
    resolving_open(refusal.address, NULL, NULL);
    assert_int_equal(look_up_at_once("a.example", AF_UNSPEC), NET_UNREACHABLE);
    assert_int_equal(resolving.answer->sends, 4);
    assert_int_equal(resolving.answer->rcode, NET_RCODE_NONE);
    assert_string_equal(resolving.answer->server, refusal.address);
    dns_refusal_close(&refusal);
}

static void servers_without_edns_are_asked_without(void **state)
{
    static const struct dns_rule rows[] = {
        { .fault = DNS_NO_EDNS, .records = { A("a.example", "10.0.0.1") } },
        { .fault = DNS_DROPS_EDNS, .records = { A("a.example", "10.0.0.1") } },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        serve(&rows[i], 1, DNS_TCP_ANSWERS);
        assert_int_equal(look_up("a.example", AF_UNSPEC, LONG_MS), NET_OK);
        assert_int_equal(look_up("a.example", AF_INET, LONG_MS), NET_OK);
        /* alone: after a silence it has little time left beside IPv4 */
        assert_int_equal(look_up("a.example", AF_INET6, LONG_MS), NET_NODATA);
        again();
    }
}

static void what_does_not_fit_comes_over_tcp(void **state)
{
    (void)state;
    SERVE({ .fault = DNS_CUT_OVER_UDP,
            .records = { A("a.example", "10.0.0.1") } });
    assert_int_equal(look_up("a.example", AF_UNSPEC, LONG_MS), NET_OK);
    assert_addresses("10.0.0.1:6379");
    assert_true(resolving.answer->truncated_udp);
    assert_false(resolving.answer->tcp_failed);
    assert_int_equal(dns_server_tcp_queries(server), 2);
    assert_int_equal(resolving.answer->sends, 4);
}

static void tcp_that_gives_nothing_is_told(void **state)
{
    static const struct dns_rule rule = { .fault = DNS_CUT_OVER_UDP };
    static const struct {
        enum dns_tcp tcp;
        enum net_status status;
        unsigned ms;
    } rows[] = {
        { DNS_TCP_REFUSED, NET_UNREACHABLE, LONG_MS },
        { DNS_TCP_RESETS, NET_UNREACHABLE, LONG_MS },
        { DNS_TCP_SILENT, NET_TIMEOUT, ATTEMPT_MS },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        serve(&rule, 1, rows[i].tcp);
        assert_int_equal(look_up("a.example", AF_UNSPEC, rows[i].ms),
                         rows[i].status);
        assert_true(resolving.answer->truncated_udp);
        assert_true(resolving.answer->tcp_failed);
        assert_int_equal(resolving.answer->rcode, 0);
        again();
    }
}

static void odd_bytes_of_a_name_reach_the_server(void **state)
{
    (void)state;
    SERVE({ .name = "\xc3\xa4.example", .rcode = 3 },
          { .name = "a\\b.example", .rcode = 3 },
          { .name = "_x.*.example", .rcode = 3 },
          { .name = "A.Example", .rcode = 3 });
    assert_int_equal(look_up("_x.*.example", AF_INET, LONG_MS), NET_NXDOMAIN);
    assert_int_equal(look_up("A.Example", AF_INET, LONG_MS), NET_NXDOMAIN);
    /* Newer c-ares does not ask for these. */
    (void)look_up("\xc3\xa4.example", AF_INET, LONG_MS);
    assert_true(resolving.status == NET_NXDOMAIN ||
                resolving.status == NET_BADNAME);
    (void)look_up("a\\b.example", AF_INET, LONG_MS);
    assert_true(resolving.status == NET_NXDOMAIN ||
                resolving.status == NET_BADNAME);
}

static void what_is_no_name_costs_no_packet(void **state)
{
    static const char *const names[] = {
        "",
        ".",
        "a..b",
        "a b.example",
        "a\n.example",
        "1234567890123456789012345678901234567890123456789012345678901234.a",
    };

    (void)state;
    SERVE({ .rcode = 3 });
    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        assert_int_equal(look_up(names[i], AF_UNSPEC, LONG_MS), NET_BADNAME);
        assert_string_equal(resolving.answer->asked, names[i]);
        assert_false(resolving.answer->v4.asked);
    }
    assert_int_equal(dns_server_udp_queries(server), 0);
}

#define TEST(name) cmocka_unit_test_teardown(name, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(both_families_are_asked_at_the_same_time),
        TEST(ipv4_comes_first_even_when_it_comes_late),
        TEST(only_the_family_that_is_wanted_is_asked),
        TEST(every_rcode_is_told_at_once),
        TEST(the_chain_is_told_also_when_its_end_is_gone),
        TEST(a_loop_of_cnames_is_no_address),
        TEST(one_family_is_enough),
        TEST(only_ipv6_is_enough_too),
        TEST(ipv6_that_is_silent_does_not_hold_up_ipv4),
        TEST(silence_takes_the_whole_budget),
        TEST(a_lost_answer_is_asked_for_again),
        TEST(a_late_answer_counts),
        TEST(an_answer_to_something_else_is_none),
        TEST(garbage_is_told),
        TEST(nobody_at_the_port_is_told_at_once),
        TEST(servers_without_edns_are_asked_without),
        TEST(what_does_not_fit_comes_over_tcp),
        TEST(tcp_that_gives_nothing_is_told),
        TEST(odd_bytes_of_a_name_reach_the_server),
        TEST(what_is_no_name_costs_no_packet),
    };

    return cmocka_run_group_tests_name("resolve", tests, NULL, NULL);
}
