/*
 * test_check.c -- a target is every address behind its name.
 */
#include "support/unit.h"

#include <string.h>

#include "probe/one_check.h"

static struct net_answer answer;

static void add_answer(const char *text)
{
    struct net_answer_addr *to = &answer.addrs[answer.naddrs++];

    assert_true(net_addr_parse(text, 6379, &to->addr));
    to->ttl_s = 60;
}

static int set_up(void **state)
{
    (void)state;
    one_check_begin();
    memset(&answer, 0, sizeof(answer));
    fake.answer = &answer;
    return 0;
}

static void every_address_of_the_name_is_probed(void **state)
{
    (void)state;
    add_answer("127.0.1.1");
    add_answer("127.0.2.1");
    add_answer("::1");
    one_check_run();
    assert_int_equal(one.check.evidence.naddresses, 3);
    assert_int_equal(one.check.evidence.dns.state, STAGE_PASSED);
    for (unsigned i = 0; i < 3; i++) {
        const struct evidence_address *a = one.check.evidence.addresses[i];
        assert_true(net_addr_equal(&a->addr, &answer.addrs[i].addr));
        assert_int_equal(evidence_failed_stage(a), STAGE_COUNT);
        assert_true(a->cleaned);
    }
}

static void a_literal_asks_no_dns(void **state)
{
    (void)state;
    one.target.host = "127.0.0.9";
    one_check_run();
    assert_true(one.check.evidence.literal);
    assert_null(one.check.evidence.answer);
    assert_int_equal(one.check.evidence.dns.state, STAGE_NOT_WANTED);
    assert_int_equal(one.check.evidence.naddresses, 1);
}

static void given_addresses_are_dialled_instead_of_the_name(void **state)
{
    struct net_addr given[2];

    (void)state;
    assert_true(net_addr_parse("127.0.0.2", 0, &given[0]));
    assert_true(net_addr_parse("::1", 0, &given[1]));
    one.options.addresses = given;
    one.options.naddresses = 2;
    one_check_run();
    assert_int_equal(one.check.evidence.naddresses, 2);
    assert_int_equal(net_addr_port(&one.check.evidence.addresses[0]->addr),
                     6379);
    assert_int_equal(net_addr_port(&one.check.evidence.addresses[1]->addr),
                     6379);
    assert_true(one.check.evidence.literal);
}

static void a_failed_look_up_probes_nothing_and_keeps_the_answer(void **state)
{
    (void)state;
    fake.resolve = NET_NXDOMAIN;
    answer.rcode = 3;
    one_check_run();
    assert_int_equal(one.check.evidence.naddresses, 0);
    assert_int_equal(one.check.evidence.dns.state, STAGE_FAILED);
    assert_int_equal(one.check.evidence.dns.cause, cause_of_net(NET_NXDOMAIN));
    assert_int_equal(one.check.evidence.answer->rcode, 3);
}

static void a_check_may_be_canceled_at_any_operation(void **state)
{
    unsigned total;

    add_answer("127.0.1.1");
    add_answer("127.0.2.1");
    one_check_run();
    total = fake.ops;
    one_check_end(state);
    for (unsigned i = 1; i < total; i++) {
        set_up(state);
        add_answer("127.0.1.1");
        add_answer("127.0.2.1");
        fake.cancel_at = (int)i;
        one_check_run();
        assert_true(one.check.evidence.watchdog);
        one_check_end(state);
    }
    assert_true(total > 8);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, one_check_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_address_of_the_name_is_probed),
        TEST(a_literal_asks_no_dns),
        TEST(given_addresses_are_dialled_instead_of_the_name),
        TEST(a_failed_look_up_probes_nothing_and_keeps_the_answer),
        TEST(a_check_may_be_canceled_at_any_operation),
    };

    return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
