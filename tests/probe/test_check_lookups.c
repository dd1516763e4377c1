/*
 * test_check_lookups.c -- what second look-ups say, and where that leads, is
 * evidence; they end with the check, whatever happens.
 */
#include "support/unit.h"

#include <string.h>

#include "probe/one_check.h"
#include "support/fail_malloc.h"

#define TAIL   ".vpce-svc-0e12.us-west-2.vpce.amazonaws.com"
#define REGION "vpce-0db3-abcd" TAIL
#define ZONE   "vpce-0db3-abcd-us-west-2"
#define ZONES                                                                  \
    ZONE "a" TAIL ".|" ZONE "b" TAIL ".|" ZONE "c" TAIL ".|" ZONE "d" TAIL     \
         ".|" ZONE "e" TAIL ".|" ZONE "f" TAIL ".|"

#define FIRST  "198.18.1.69"
#define SECOND "198.18.2.69"

static int set_up(void **state)
{
    (void)state;
    one_check_begin();
    one.options.diagnose = true;
    fake.servers = 1;
    fake.resolve = NET_NXDOMAIN; /* of names without a row */
    return 0;
}

/* Returns the names that were asked for after the first one. */
static const char *run(void)
{
    const char *more;

    one_check_run();
    more = strchr(fake.asked, '|');
    return more ? more + 1 : "";
}

static void none_is_made_when_it_is_switched_off(void **state)
{
    (void)state;
    one.options.diagnose = false;
    fake.names[0] = (struct fake_name){ "cache.test", 0, NULL, NET_NXDOMAIN };
    fake.servers = 2;
    run();
    assert_null(one.check.evidence.lookups);
}

/* The answer that the first look-up is given. */
static void answer_with(struct net_answer *answer, const char *asked,
                        enum net_source source)
{
    struct net_addr addr;

    net_answer_init(answer);
    assert_true(net_addr_parse(FIRST, 6379, &addr));
    net_answer_add(answer, &addr, NET_TTL_NONE);
    strcpy(answer->asked, asked);
    answer->source = source;
    fake.answer = answer;
    fake.resolve = NET_OK;
    fake.connect = NET_REFUSED;
    fake.servers = 2;
}

static void the_hosts_file_is_held_against_dns(void **state)
{
    static struct net_answer answer;

    (void)state;
    answer_with(&answer, "cache.test", NET_SOURCE_HOSTS);
    assert_string_equal(run(), "cache.test not hosts|");
    assert_int_equal(one.check.evidence.lookups->at[0].kind, LOOKUP_DNS);
}

static void a_name_that_was_searched_for_is_asked_without(void **state)
{
    static struct net_answer answer;

    (void)state;
    one.target.host = "cache";
    answer_with(&answer, "cache.corp.test", NET_SOURCE_DNS);
    assert_string_equal(run(), "cache.corp.test. of server 1 not hosts|"
                               "cache.corp.test. of server 2 not hosts|"
                               "cache.|");
    assert_int_equal(one.check.evidence.lookups->at[2].kind, LOOKUP_ABSOLUTE);
}

static void an_answer_that_leads_somewhere_is_not_doubted(void **state)
{
    static struct net_answer answer;
    struct net_addr addr;

    (void)state;
    answer_with(&answer, "cache.test", NET_SOURCE_DNS);
    assert_true(net_addr_parse(SECOND, 6379, &addr));
    net_answer_add(&answer, &addr, 60);
    fake.dead = FIRST;
    assert_string_equal(run(), "");
}

static void the_endpoint_may_be_behind_an_alias(void **state)
{
    static struct net_answer answer;

    (void)state;
    answer_with(&answer, "cache.test", NET_SOURCE_DNS);
    strcpy(answer.cnames[0].name, "cache.test");
    strcpy(answer.cnames[0].target, REGION);
    answer.ncnames = 1;
    fake.servers = 1;
    assert_string_equal(run(), ZONES);
}

static void what_they_said_and_where_it_leads_is_evidence(void **state)
{
    const struct evidence_lookups *seen;

    (void)state;
    one.target.host = REGION;
    fake.names[0] = (struct fake_name){ REGION, 0, FIRST, NET_OK };
    fake.names[1] = (struct fake_name){ ZONE "a" TAIL ".", 0, FIRST, NET_OK };
    fake.names[2] = (struct fake_name){ ZONE "b" TAIL ".", 0, SECOND, NET_OK };
    fake.names[3] =
        (struct fake_name){ ZONE "c" TAIL ".", 0, NULL, NET_SERVFAIL };
    fake.connect = NET_TIMEOUT;
    fake.dead = FIRST;
    run();
    seen = one.check.evidence.lookups;
    assert_int_equal(seen->n, 6);
    assert_string_equal(seen->at[0].name, "us-west-2a");
    assert_int_equal(seen->at[0].naddrs, 1);
    assert_int_equal(seen->at[0].dialed, 0); /* in use already */
    assert_string_equal(seen->at[1].name, "us-west-2b");
    assert_int_equal(seen->at[1].dialed, 1);
    assert_int_equal(seen->at[1].connect, NET_OK);
    assert_int_equal(seen->at[2].status, NET_SERVFAIL);
    assert_int_equal(seen->at[3].status, NET_NXDOMAIN);
    assert_null(strstr(fake.log, "SET"));
}

static void a_server_is_named_by_its_address(void **state)
{
    const struct evidence_lookups *seen;

    (void)state;
    fake.servers = 2;
    fake.names[0] = (struct fake_name){ "cache.test", 2, SECOND, NET_OK };
    fake.names[1] = (struct fake_name){ "cache.test", 0, NULL, NET_NXDOMAIN };
    fake.connect = NET_REFUSED;
    run();
    seen = one.check.evidence.lookups;
    assert_int_equal(seen->n, 2);
    assert_int_equal(seen->at[0].status, NET_NXDOMAIN);
    assert_string_equal(seen->at[1].name, "10.0.0.2:53");
    assert_int_equal(seen->at[1].dialed, 1);
    assert_int_equal(seen->at[1].connect, NET_REFUSED);
}

static void silence_is_asked_again_until_it_is_sure(void **state)
{
    (void)state;
    fake.names[0] = (struct fake_name){ "cache.test", 0, NULL, NET_TIMEOUT };
    fake.name_times = 1;
    fake.names[1] = (struct fake_name){ "cache.test", 0, FIRST, NET_OK };
    run();
    assert_int_equal(one.check.evidence.lookups->n, 0);
    assert_int_equal(one.check.evidence.lookups->asked_again, 5);
    assert_int_equal(one.check.evidence.lookups->answered, 5);
    assert_int_equal(one.check.evidence.naddresses, 0);
}

static void no_time_left_is_none_spent(void **state)
{
    (void)state;
    one.options.deadline_ms = 1;
    fake.names[0] = (struct fake_name){ "cache.test", 0, NULL, NET_NXDOMAIN };
    fake.servers = 2;
    assert_string_equal(run(), "");
    assert_null(one.check.evidence.lookups);
}

static void prepare(void)
{
    one.target.host = REGION;
    fake.servers = 2;
    fake.names[0] = (struct fake_name){ REGION, 0, FIRST, NET_OK };
    fake.names[1] = (struct fake_name){ ZONE "b" TAIL ".", 0, SECOND, NET_OK };
    fake.names[2] = (struct fake_name){ REGION ".", 2, SECOND, NET_OK };
    fake.connect = NET_REFUSED;
}

/* What was given up is no evidence. */
static void assert_nothing_canceled(const struct evidence_lookups *seen)
{
    for (unsigned i = 0; seen && i < seen->n; i++) {
        assert_int_not_equal(seen->at[i].status, NET_CANCELED);
        if (seen->at[i].dialed > 0)
            assert_int_not_equal(seen->at[i].connect, NET_CANCELED);
    }
}

static void a_check_may_be_canceled_at_any_of_them(void **state)
{
    unsigned total;

    (void)state;
    prepare();
    run();
    total = fake.ops;
    assert_true(total > 12);
    one_check_end(NULL);
    for (unsigned i = 1; i < total; i++) {
        set_up(NULL);
        prepare();
        fake.cancel_at = (int)i;
        run();
        assert_true(one.check.evidence.watchdog);
        assert_nothing_canceled(one.check.evidence.lookups);
        one_check_end(NULL);
    }
    memset(&one.check, 0, sizeof(one.check));
}

static void memory_may_run_out_at_any_of_them(void **state)
{
    bool failed = true;

    (void)state;
    for (unsigned n = 1; failed; n++) {
        set_up(NULL);
        prepare();
        fail_malloc_at(n);
        one_check_run_poor();
        one_check_end(NULL);
        failed = fail_malloc_stop();
        assert_int_equal(fake.open, 0);
        assert_true(n < 200);
    }
    memset(&one.check, 0, sizeof(one.check));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, one_check_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(none_is_made_when_it_is_switched_off),
        TEST(the_hosts_file_is_held_against_dns),
        TEST(a_name_that_was_searched_for_is_asked_without),
        TEST(an_answer_that_leads_somewhere_is_not_doubted),
        TEST(the_endpoint_may_be_behind_an_alias),
        TEST(what_they_said_and_where_it_leads_is_evidence),
        TEST(a_server_is_named_by_its_address),
        TEST(silence_is_asked_again_until_it_is_sure),
        TEST(no_time_left_is_none_spent),
        TEST(a_check_may_be_canceled_at_any_of_them),
        TEST(memory_may_run_out_at_any_of_them),
    };

    return cmocka_run_group_tests_name("check_lookups", tests, NULL, NULL);
}
