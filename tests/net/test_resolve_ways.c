/*
 * test_resolve_ways.c -- a look-up that asks one server alone, or passes over
 * the hosts file: what second look-ups are made of.
 */
#include <stdio.h>

#include "resolving.h"

static struct dns_server *first, *second;

static const struct dns_rule good[] = {
    { .type = DNS_A, .records = { { "a.example", DNS_A, 60, "10.0.0.1" } } },
    { .rcode = 0 },
};
static const struct dns_rule silent = { .fault = DNS_SILENT };

static int tear_down(void **state)
{
    resolving_tear_down(state);
    dns_server_stop(first);
    dns_server_stop(second);
    first = second = NULL;
    return 0;
}

static void ask_first_and_second(void)
{
    char servers[80];

    (void)snprintf(servers, sizeof(servers), "%s,%s", dns_server_address(first),
                   dns_server_address(second));
    resolving_open(servers, NULL, NULL);
}

static void a_server_may_be_asked_alone(void **state)
{
    static const struct dns_rule other[] = {
        { .type = DNS_A,
          .records = { { "a.example", DNS_A, 60, "10.0.0.2" } } },
        { .rcode = 0 },
    };

    (void)state;
    first = dns_server_start(good, 2, DNS_TCP_ANSWERS);
    second = dns_server_start(other, 2, DNS_TCP_ANSWERS);
    ask_first_and_second();
    assert_int_equal(net_resolver_servers(resolving.resolver), 2);
    for (uint8_t only = 1; only <= 2; only++) {
        struct net_resolve alone = { .timeout_ms = LONG_MS, .only = only };

        assert_int_equal(look_up_as(alone, "a.example", AF_UNSPEC), NET_OK);
        assert_addresses(only == 1 ? "10.0.0.1:6379" : "10.0.0.2:6379");
        assert_int_equal(dns_server_udp_queries(first), 2);
        assert_int_equal(dns_server_udp_queries(second), only == 1 ? 0 : 2);
    }
}

static void nobody_speaks_for_a_server_that_is_asked_alone(void **state)
{
    struct net_resolve alone = { .timeout_ms = 600, .only = 1 };

    (void)state;
    first = dns_server_start(&silent, 1, DNS_TCP_ANSWERS);
    second = dns_server_start(good, 2, DNS_TCP_ANSWERS);
    ask_first_and_second();
    assert_int_equal(look_up_as(alone, "a.example", AF_INET), NET_TIMEOUT);
    assert_string_equal(resolving.answer->server, dns_server_address(first));
    assert_int_equal(dns_server_udp_queries(second), 0);
}

static void the_hosts_file_may_be_passed_over(void **state)
{
    struct net_resolve fresh = { .timeout_ms = LONG_MS, .no_hosts = true };

    (void)state;
    first = dns_server_start(good, 2, DNS_TCP_ANSWERS);
    resolving_open(dns_server_address(first), NULL, "10.0.0.9 a.example\n");
    assert_int_equal(look_up_as(fresh, "a.example", AF_INET), NET_OK);
    assert_addresses("10.0.0.1:6379");
    assert_int_equal(resolving.answer->source, NET_SOURCE_DNS);
    assert_int_equal(dns_server_udp_queries(first), 1);
    assert_int_equal(look_up_as(fresh, "localhost", AF_INET), NET_OK);
    assert_addresses("127.0.0.1:6379");
    assert_int_equal(dns_server_udp_queries(first), 1);
}

#define TEST(name) cmocka_unit_test_teardown(name, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_server_may_be_asked_alone),
        TEST(nobody_speaks_for_a_server_that_is_asked_alone),
        TEST(the_hosts_file_may_be_passed_over),
    };

    return cmocka_run_group_tests_name("resolve_ways", tests, NULL, NULL);
}
