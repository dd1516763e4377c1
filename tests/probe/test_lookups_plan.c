/*
 * test_lookups_plan.c -- a second look-up is made where it splits, and only
 * there.
 */
#include "support/unit.h"

#include <stdio.h>
#include <string.h>

#include "probe/lookups_plan.h"
#include "verdict/given.h"

#define TAIL   ".vpce-svc-0e12.us-west-2.vpce.amazonaws.com"
#define REGION "vpce-0db3-abcd" TAIL
#define ZONE   "vpce-0db3-abcd-us-west-2"
#define ZONES                                                                  \
    ZONE "a" TAIL ".|" ZONE "b" TAIL ".|" ZONE "c" TAIL ".|" ZONE "d" TAIL     \
         ".|" ZONE "e" TAIL ".|" ZONE "f" TAIL ".|"

static struct given given;
static struct probe_options options;
static struct probe_target target;

static void begin(const char *host)
{
    given_begin(&given, 1);
    given.target.host = host;
    (void)snprintf(given.answer.asked, sizeof(given.answer.asked), "%s", host);
    options = (struct probe_options){ .diagnose = true };
    target = (struct probe_target){ .host = host, .options = &options };
}

/* "host of server 1 not hosts|...", what would be asked for. */
static const char *asks(unsigned servers)
{
    static char text[2048];
    static struct lookups_plan plan;
    size_t n = 0;

    text[0] = '\0';
    if (!lookups_wanted(&target, &given.target))
        return text;
    if (!lookups_plan(&plan, &target, &given.target, servers))
        assert_int_equal(plan.n, 0);
    for (unsigned i = 0; i < plan.n; i++) {
        const struct lookup_plan *at = &plan.at[i];
        char server[32] = "";

        if (at->only > 0)
            (void)snprintf(server, sizeof(server), " of server %u", at->only);
        n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s%s|", at->host,
                              server, at->no_hosts ? " not hosts" : "");
    }
    if (plan.again)
        (void)snprintf(text + n, sizeof(text) - n, "again");
    return text;
}

/* What a check saw, and what it must ask for then. */
struct row {
    const char *what;
    const char *host;
    enum net_status dns, tcp;
    unsigned servers;
    int require;
    const char *endpoint;
    const char *asks;
};

static void assert_row(const struct row *row)
{
    begin(row->host);
    target.endpoint = row->endpoint;
    options.policy.require = row->require;
    if (row->tcp != NET_OK)
        given_failure(&given, 0, STAGE_TCP, cause_of_net(row->tcp), MS);
    if (row->dns != NET_OK)
        given_dns_failure(&given, row->dns, MS);
    if (strcmp(asks(row->servers), row->asks) != 0)
        fail_msg("%s: asks for %s", row->what, asks(row->servers));
}

static void each_failure_calls_for_its_own(void **state)
{
    static const struct row rows[] = {
        { .what = "a healthy name",
          .host = REGION,
          .servers = 2,
          .require = 1,
          .asks = "" },
        { .what = "an endpoint that does not answer",
          .host = REGION,
          .tcp = NET_TIMEOUT,
          .servers = 1,
          .asks = ZONES },
        { .what = "... refuses",
          .host = REGION,
          .tcp = NET_REFUSED,
          .servers = 1,
          .asks = ZONES },
        { .what = "... has fewer addresses than required",
          .host = REGION ".",
          .servers = 2,
          .require = 2,
          .asks = ZONES },
        { .what = "a zone that does not answer",
          .host = ZONE "a" TAIL,
          .tcp = NET_TIMEOUT,
          .servers = 1,
          .asks = "" },
        { .what = "a zone without a name",
          .dns = NET_NXDOMAIN,
          .host = ZONE "a" TAIL,
          .servers = 1,
          .asks = REGION ".|" },
        { .what = "another name with too few addresses",
          .host = "cache.test",
          .servers = 1,
          .require = 2,
          .asks = "" },
        { .what = "two servers and no connection",
          .host = "cache.test",
          .tcp = NET_TIMEOUT,
          .servers = 2,
          .asks = "cache.test. of server 1 not hosts|"
                  "cache.test. of server 2 not hosts|" },
        { .what = "two servers and no name",
          .dns = NET_NXDOMAIN,
          .host = "cache.test",
          .servers = 2,
          .asks = "cache.test of server 1 not hosts|"
                  "cache.test of server 2 not hosts|" },
        { .what = "one server and no name",
          .dns = NET_NXDOMAIN,
          .host = "cache.test",
          .servers = 1,
          .asks = "" },
        { .what = "no name, and an endpoint beside it",
          .dns = NET_NXDOMAIN,
          .host = "cache.test",
          .servers = 1,
          .endpoint = REGION,
          .asks = REGION "|" },
        { .what = "no endpoint, and another one beside it",
          .dns = NET_NXDOMAIN,
          .host = "vpce-1-2" TAIL,
          .servers = 1,
          .endpoint = REGION,
          .asks = "" },
        { .what = "a name without an address",
          .host = "cache.test",
          .dns = NET_NODATA,
          .servers = 2,
          .asks = "cache.test of server 1 not hosts|"
                  "cache.test of server 2 not hosts|" },
        { .what = "a server that fails",
          .host = "cache.test",
          .dns = NET_SERVFAIL,
          .servers = 2,
          .asks = "" },
        { .what = "no port of this machine",
          .host = "cache.test",
          .tcp = NET_NOPORTS,
          .servers = 2,
          .asks = "" },
        { .what = "no route of this machine",
          .host = "cache.test",
          .tcp = NET_PROHIBITED,
          .servers = 2,
          .asks = "" },
        { .what = "silence of the servers",
          .host = "cache.test",
          .dns = NET_TIMEOUT,
          .servers = 2,
          .asks = "again" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        assert_row(&rows[i]);
}

static void a_single_address_of_an_endpoint_is_doubted(void **state)
{
    (void)state;
    begin(REGION);
    assert_string_equal(asks(1), ZONES);
    options.policy.require = REQUIRE_ANY;
    assert_string_equal(asks(1), "");
    options.policy.require = REQUIRE_ALL;
    given.answer.source = NET_SOURCE_HOSTS;
    assert_string_equal(asks(1), "");
    given.answer.source = NET_SOURCE_DNS;
    given_failure(&given, 0, STAGE_PING, cause_of_net(NET_CLOSED), MS);
    assert_string_equal(asks(1), "");
}

static void an_address_a_zone_is_not_doubted(void **state)
{
    (void)state;
    begin(ZONE "a" TAIL);
    assert_string_equal(asks(1), "");
    begin("cache.test");
    assert_string_equal(asks(1), "");
    begin(REGION);
    given_begin(&given, 2);
    given.target.host = REGION;
    assert_string_equal(asks(1), "");
    given_addr(&given, 1, "2600:1f14::69"); /* the same zone's */
    assert_string_equal(asks(1), ZONES);
}

static void none_is_made_of_an_address_or_without_an_answer(void **state)
{
    (void)state;
    begin(REGION);
    given_failure(&given, 0, STAGE_TCP, cause_of_net(NET_TIMEOUT), MS);
    assert_string_equal(asks(1), ZONES);
    given.target.literal = true;
    assert_string_equal(asks(1), "");
    given.target.literal = false;
    given.target.watchdog = true;
    assert_string_equal(asks(1), "");
    given.target.watchdog = false;
    options.diagnose = false;
    assert_string_equal(asks(1), "");
    options.diagnose = true;
    given.target.answer = NULL;
    assert_string_equal(asks(1), "");
}

static void more_servers_than_there_is_room_for_are_left_out(void **state)
{
    (void)state;
    begin(REGION);
    given_failure(&given, 0, STAGE_TCP, cause_of_net(NET_TIMEOUT), MS);
    assert_non_null(strstr(asks(8), " of server 8 "));
    assert_non_null(strstr(asks(8), ZONES));
    assert_non_null(strstr(asks(40), " of server 16 "));
    assert_null(strstr(asks(40), " of server 17 "));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_failure_calls_for_its_own),
        cmocka_unit_test(a_single_address_of_an_endpoint_is_doubted),
        cmocka_unit_test(an_address_a_zone_is_not_doubted),
        cmocka_unit_test(none_is_made_of_an_address_or_without_an_answer),
        cmocka_unit_test(more_servers_than_there_is_room_for_are_left_out),
    };

    return cmocka_run_group_tests_name("lookups_plan", tests, NULL, NULL);
}
