/*
 * test_resolve_servers.c -- several servers, the search list, the hosts file.
 */
#include <stdio.h>
#include <string.h>

#include "resolving.h"

static struct dns_server *first, *second;
static struct dns_refusal refusal;

#define GOOD                                                                   \
    {                                                                          \
        .type = DNS_A, .records = { { "a.example", DNS_A, 60, "10.0.0.1" } }   \
    }

static const struct dns_rule good[] = { GOOD, { .rcode = 0 } };
static const struct dns_rule silent = { .fault = DNS_SILENT };

static int set_up(void **state)
{
    (void)state;
    dns_refusal_open(&refusal);
    return 0;
}

static int tear_down(void **state)
{
    resolving_tear_down(state);
    dns_server_stop(first);
    dns_server_stop(second);
    first = second = NULL;
    dns_refusal_close(&refusal);
    return 0;
}

static void again(void)
{
    tear_down(NULL);
    set_up(NULL);
}

/* Look-ups ask `a`, then `b`. */
static void ask_both(const char *a, const char *b)
{
    char servers[80];

    (void)snprintf(servers, sizeof(servers), "%s,%s", a, b);
    resolving_open(servers, NULL, NULL);
}

static void ask_first_and_second(void)
{
    ask_both(dns_server_address(first), dns_server_address(second));
}

static void a_dead_server_is_passed_over_at_once(void **state)
{
    (void)state;
    second = dns_server_start(good, 2, DNS_TCP_ANSWERS);
    ask_both(refusal.address, dns_server_address(second));
    assert_int_equal(look_up_at_once("a.example", AF_UNSPEC), NET_OK);
    assert_string_equal(resolving.answer->server, dns_server_address(second));
}

static void a_silent_server_costs_one_attempt(void **state)
{
    (void)state;
    first = dns_server_start(&silent, 1, DNS_TCP_ANSWERS);
    second = dns_server_start(good, 2, DNS_TCP_ANSWERS);
    ask_first_and_second();
    assert_int_equal(look_up("a.example", AF_UNSPEC, LONG_MS), NET_OK);
    assert_string_equal(resolving.answer->server, dns_server_address(second));
    assert_true(resolving.took_ms >= ATTEMPT_MS &&
                resolving.took_ms < LONG_MS / 2);
    assert_int_equal(dns_server_udp_queries(first), 2);
    assert_int_equal(resolving.answer->sends, 4);
}

static void a_server_that_fails_is_passed_over_at_once(void **state)
{
    static const struct dns_rule rows[] = {
        { .rcode = 1 }, { .rcode = 2 },           { .rcode = 4 },
        { .rcode = 5 }, { .fault = DNS_GARBAGE },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        first = dns_server_start(&rows[i], 1, DNS_TCP_ANSWERS);
        second = dns_server_start(good, 2, DNS_TCP_ANSWERS);
        ask_first_and_second();
        assert_int_equal(look_up_at_once("a.example", AF_UNSPEC), NET_OK);
        assert_addresses("10.0.0.1:6379");
        assert_int_equal(resolving.answer->rcode, 0);
        assert_string_equal(resolving.answer->server,
                            dns_server_address(second));
        again();
    }
}

static void the_first_error_is_told_when_nobody_does_better(void **state)
{
    static const struct dns_rule servfail = { .rcode = 2 };
    static const struct dns_rule refused = { .rcode = 5 };

    (void)state;
    first = dns_server_start(&servfail, 1, DNS_TCP_ANSWERS);
    second = dns_server_start(&refused, 1, DNS_TCP_ANSWERS);
    ask_first_and_second();
    assert_int_equal(look_up("a.example", AF_UNSPEC, LONG_MS), NET_SERVFAIL);
    assert_int_equal(resolving.answer->rcode, 2);
    assert_string_equal(resolving.answer->server, dns_server_address(first));
    assert_int_equal(resolving.answer->sends, 4);
}

static void an_error_is_told_after_the_silence_of_the_others(void **state)
{
    static const struct dns_rule servfail = { .rcode = 2 };

    (void)state;
    first = dns_server_start(&servfail, 1, DNS_TCP_ANSWERS);
    second = dns_server_start(&silent, 1, DNS_TCP_ANSWERS);
    ask_first_and_second();
    assert_int_equal(look_up("a.example", AF_INET, LONG_MS), NET_SERVFAIL);
    assert_int_equal(resolving.answer->sends, 2);
    assert_true(resolving.took_ms < LONG_MS / 2);
    resolving_tear_down(NULL);
    /* ... whoever is asked first. */
    ask_both(dns_server_address(second), dns_server_address(first));
    assert_int_equal(look_up("a.example", AF_INET, LONG_MS), NET_SERVFAIL);
    assert_int_equal(resolving.answer->sends, 2);
}

static void a_name_that_does_not_exist_is_final(void **state)
{
    static const struct dns_rule nxdomain = { .rcode = 3 };

    (void)state;
    first = dns_server_start(&nxdomain, 1, DNS_TCP_ANSWERS);
    second = dns_server_start(good, 2, DNS_TCP_ANSWERS);
    ask_first_and_second();
    assert_int_equal(look_up("a.example", AF_INET, LONG_MS), NET_NXDOMAIN);
    assert_int_equal(dns_server_udp_queries(second), 0);
}

static void silence_beside_a_refusal_is_a_timeout(void **state)
{
    (void)state;
    first = dns_server_start(&silent, 1, DNS_TCP_ANSWERS);
    ask_both(dns_server_address(first), refusal.address);
    assert_int_equal(look_up("a.example", AF_UNSPEC, 900), NET_TIMEOUT);
    assert_true(resolving.took_ms >= 900);
    resolving_tear_down(NULL);
    ask_both(refusal.address, refusal.address);
    assert_int_equal(look_up_at_once("a.example", AF_UNSPEC), NET_UNREACHABLE);
}

static void tcp_that_is_blocked_at_one_is_tried_at_the_next(void **state)
{
    static const struct dns_rule cut = { .fault = DNS_CUT_OVER_UDP,
                                         .records = { { "a.example", DNS_A, 60,
                                                        "10.0.0.1" } } };

    (void)state;
    first = dns_server_start(&cut, 1, DNS_TCP_SILENT);
    second = dns_server_start(&cut, 1, DNS_TCP_ANSWERS);
    ask_first_and_second();
    assert_int_equal(look_up("a.example", AF_INET, LONG_MS), NET_OK);
    assert_true(resolving.answer->truncated_udp);
    assert_string_equal(resolving.answer->server, dns_server_address(second));
}

static void tcp_that_is_blocked_is_told_when_nobody_does_better(void **state)
{
    static const struct dns_rule cut = { .fault = DNS_CUT_OVER_UDP };

    (void)state;
    first = dns_server_start(&cut, 1, DNS_TCP_SILENT);
    ask_both(dns_server_address(first), refusal.address);
    assert_int_equal(look_up("a.example", AF_INET, LONG_MS), NET_TIMEOUT);
    assert_true(resolving.answer->tcp_failed);
    assert_string_equal(resolving.answer->server, dns_server_address(first));
    assert_true(resolving.took_ms >= 2 * ATTEMPT_MS &&
                resolving.took_ms < LONG_MS / 2);
}

/* --- The search list ----------------------------------------------------- */

#define FOUND(name)                                                            \
    {                                                                          \
        name, DNS_A, 0, 0, DNS_SOUND, 0,                                       \
        {                                                                      \
            {                                                                  \
                name, DNS_A, 60, "10.0.0.1"                                    \
            }                                                                  \
        }                                                                      \
    }

static void searches(const struct dns_rule *rules, size_t n)
{
    first = dns_server_start(rules, n, DNS_TCP_ANSWERS);
    resolving_open(dns_server_address(first),
                   "domain wrong.example\nsearch one.example two.example\n",
                   NULL);
}

static void a_name_without_a_dot_is_searched(void **state)
{
    static const struct dns_rule rules[] = {
        { .name = "x.one.example", .rcode = 3 },
        FOUND("x.two.example"),
        { .name = "x.two.example" },
    };

    (void)state;
    searches(rules, ARRAY_SIZE(rules));
    assert_int_equal(look_up("x", AF_UNSPEC, LONG_MS), NET_OK);
    assert_string_equal(resolving.answer->asked, "x.two.example");
    assert_addresses("10.0.0.1:6379");
    assert_int_equal(resolving.answer->sends, 4);
}

static void the_search_goes_on_after_nodata_and_ends_with_the_name(void **state)
{
    static const struct dns_rule rules[] = {
        { .name = "x.one.example" },
        { .name = "x.two.example", .rcode = 3 },
        { .name = "x", .rcode = 3 },
    };

    (void)state;
    searches(rules, ARRAY_SIZE(rules));
    assert_int_equal(look_up("x", AF_INET, LONG_MS), NET_NXDOMAIN);
    assert_string_equal(resolving.answer->asked, "x");
    assert_int_equal(resolving.answer->sends, 3);
}

static void the_search_ends_at_an_error(void **state)
{
    static const struct dns_rule rules[] = {
        { .name = "x.one.example", .rcode = 2 },
        FOUND("x.two.example"),
    };

    (void)state;
    searches(rules, ARRAY_SIZE(rules));
    assert_int_equal(look_up("x", AF_INET, LONG_MS), NET_SERVFAIL);
    assert_string_equal(resolving.answer->asked, "x.one.example");
}

static void a_name_with_a_dot_is_asked_as_it_is(void **state)
{
    static const struct {
        const char *host, *asked;
    } rows[] = { { "a.b", "a.b" }, { "a.b.", "a.b" }, { "x.", "x" } };
    static const struct dns_rule nxdomain = { .rcode = 3 };

    (void)state;
    searches(&nxdomain, 1);
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_int_equal(look_up(rows[i].host, AF_INET, LONG_MS), NET_NXDOMAIN);
        assert_string_equal(resolving.answer->asked, rows[i].asked);
        assert_int_equal(resolving.answer->sends, 1);
    }
}

/* --- The hosts file ------------------------------------------------------ */

static void the_hosts_file_comes_first(void **state)
{
    static const struct {
        const char *host;
        int family;
        const char *addresses;
    } rows[] = {
        { "a.example", AF_UNSPEC, "10.0.0.9:6379 [fd00::9]:6379" },
        { "A.EXAMPLE", AF_INET, "10.0.0.9:6379" },
        { "a.example.", AF_INET6, "[fd00::9]:6379" },
        { "alias", AF_UNSPEC, "10.0.0.9:6379" },
        { "localhost", AF_UNSPEC, "127.0.0.1:6379 [::1]:6379" },
        { "x.localhost", AF_INET6, "[::1]:6379" },
    };

    (void)state;
    first = dns_server_start(good, 2, DNS_TCP_ANSWERS);
    resolving_open(dns_server_address(first), NULL,
                   "# 10.0.0.8 a.example\n"
                   "fd00::9\ta.example\n"
                   "10.0.0.9  a.example alias # a.comment\r\n"
                   "10.0.0.9 a.example\n"
                   "nonsense a.example\n"
                   "10.0.0.7");
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_int_equal(look_up(rows[i].host, rows[i].family, LONG_MS),
                         NET_OK);
        assert_addresses(rows[i].addresses);
        assert_int_equal(resolving.answer->source, NET_SOURCE_HOSTS);
        assert_int_equal(resolving.answer->ttl_s, NET_TTL_NONE);
        assert_int_equal(resolving.answer->addrs[0].ttl_s, NET_TTL_NONE);
        assert_string_equal(resolving.answer->server, "");
    }
    assert_int_equal(dns_server_udp_queries(first), 0);
}

static void what_the_hosts_file_has_not_is_asked(void **state)
{
    (void)state;
    first = dns_server_start(good, 2, DNS_TCP_ANSWERS);
    resolving_open(dns_server_address(first), NULL,
                   "fd00::9 a.example # b.example\n");
    assert_int_equal(look_up("b.example", AF_INET6, LONG_MS), NET_NODATA);
    assert_int_equal(look_up("a.example", AF_INET, LONG_MS), NET_OK);
    assert_addresses("10.0.0.1:6379");
    assert_int_equal(resolving.answer->source, NET_SOURCE_DNS);
}

static void an_edit_of_the_hosts_file_counts_at_once(void **state)
{
    FILE *hosts;

    (void)state;
    first = dns_server_start(good, 2, DNS_TCP_ANSWERS);
    resolving_open(dns_server_address(first), NULL, NULL);
    assert_int_equal(look_up("a.example", AF_INET, LONG_MS), NET_OK);
    hosts = fopen(resolving.hosts, "w");
    assert_non_null(hosts);
    assert_true(fputs("10.0.0.9 a.example\n", hosts) >= 0);
    assert_int_equal(fclose(hosts), 0);
    assert_int_equal(look_up("a.example", AF_INET, LONG_MS), NET_OK);
    assert_addresses("10.0.0.9:6379");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_dead_server_is_passed_over_at_once),
        TEST(a_silent_server_costs_one_attempt),
        TEST(a_server_that_fails_is_passed_over_at_once),
        TEST(the_first_error_is_told_when_nobody_does_better),
        TEST(an_error_is_told_after_the_silence_of_the_others),
        TEST(a_name_that_does_not_exist_is_final),
        TEST(silence_beside_a_refusal_is_a_timeout),
        TEST(tcp_that_is_blocked_at_one_is_tried_at_the_next),
        TEST(tcp_that_is_blocked_is_told_when_nobody_does_better),
        TEST(a_name_without_a_dot_is_searched),
        TEST(the_search_goes_on_after_nodata_and_ends_with_the_name),
        TEST(the_search_ends_at_an_error),
        TEST(a_name_with_a_dot_is_asked_as_it_is),
        TEST(the_hosts_file_comes_first),
        TEST(what_the_hosts_file_has_not_is_asked),
        TEST(an_edit_of_the_hosts_file_counts_at_once),
    };

    return cmocka_run_group_tests_name("resolve_servers", tests, NULL, NULL);
}
