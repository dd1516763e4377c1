/*
 * test_lookups.c -- what second look-ups prove of an address that cannot be
 * connected to, and what they leave open.
 */
#include "support/unit.h"

#include <string.h>

#include "verdict/given.h"

#define NET(name) ((enum cause)NET_##name)

static struct given given;

static struct verdict whole(void)
{
    struct outcome outcome;

    assert_true(combine(&given.target, &given.policy, &outcome));
    outcome_free(&outcome);
    return outcome.verdict;
}

static bool has_candidate(const struct verdict *verdict, enum verdict_id id)
{
    for (unsigned i = 0; i < verdict->ncandidates; i++) {
        assert_true(strlen(verdict->candidates[i].decided_by) > 0);
        if (verdict->candidates[i].id == id)
            return true;
    }
    return false;
}

/* --- A failed connect ----------------------------------------------------- */

/* 198.18.1.69 fails with `cause`, one more look-up was made. */
struct connect_row {
    const char *what;
    enum cause cause;
    enum lookup kind;
    enum net_status status;
    const char *says; /* the address; NULL: none */
    enum net_status connect;
    bool beside; /* another address of the answer connects */

    enum verdict_id id;
    enum verdict_id maybe; /* VERDICT_OK: it is decided */
};

static void assert_connect(const struct connect_row *row)
{
    struct verdict verdict;

    given_begin(&given, row->beside ? 2 : 1);
    given_failure(&given, 0, STAGE_TCP, row->cause, S);
    given_lookup(&given, row->kind, row->status, row->says, row->connect);
    verdict = whole();
    if (verdict.id != row->id)
        fail_msg("%s: %s", row->what, catalogue_entry(verdict.id)->token);
    assert_int_equal(verdict.status, CHECK_CRITICAL);
    if (row->maybe != VERDICT_OK && !has_candidate(&verdict, row->maybe))
        fail_msg("%s: no candidate", row->what);
    if (verdict.by_lookup) {
        assert_int_equal(verdict.stage, STAGE_DNS);
        assert_int_equal(verdict.ncandidates, row->maybe != VERDICT_OK);
    }
}

static void another_server_may_know_better(void **state)
{
    static const struct connect_row rows[] = {
        { "the other's answer connects", NET(TIMEOUT), LOOKUP_SERVER, NET_OK,
          "198.18.2.69", NET_OK, false, VERDICT_DNS_SPLIT_HORIZON, 0 },
        { "refused, the other's connects", NET(REFUSED), LOOKUP_SERVER, NET_OK,
          "198.18.2.69", NET_OK, false, VERDICT_DNS_SPLIT_HORIZON, 0 },
        { "no route, the other's connects", NET(UNREACHABLE), LOOKUP_SERVER,
          NET_OK, "198.18.2.69", NET_OK, false, VERDICT_DNS_SPLIT_HORIZON, 0 },
        { "neither connects", NET(TIMEOUT), LOOKUP_SERVER, NET_OK,
          "198.18.2.69", NET_TIMEOUT, false, VERDICT_DNS_SPLIT_HORIZON,
          VERDICT_TCP_TIMEOUT_ALL },
        { "not dialed", NET(REFUSED), LOOKUP_SERVER, NET_OK, "198.18.2.69",
          NET_CANCELED, false, VERDICT_DNS_SPLIT_HORIZON, VERDICT_TCP_REFUSED },
        { "a public one that does not connect", NET(TIMEOUT), LOOKUP_SERVER,
          NET_OK, "203.0.113.7", NET_TIMEOUT, false, VERDICT_TCP_TIMEOUT_ALL,
          VERDICT_DNS_SPLIT_HORIZON },
        /* look-alikes */
        { "the same answer", NET(TIMEOUT), LOOKUP_SERVER, NET_OK, "198.18.1.69",
          NET_CANCELED, false, VERDICT_TCP_TIMEOUT_ALL, 0 },
        { "no such name there", NET(TIMEOUT), LOOKUP_SERVER, NET_NXDOMAIN, NULL,
          NET_CANCELED, false, VERDICT_TCP_TIMEOUT_ALL, 0 },
        { "an error there", NET(TIMEOUT), LOOKUP_SERVER, NET_SERVFAIL, NULL,
          NET_CANCELED, false, VERDICT_TCP_TIMEOUT_ALL, 0 },
        { "another family there", NET(TIMEOUT), LOOKUP_SERVER, NET_OK,
          "fd00::1", NET_CANCELED, false, VERDICT_TCP_TIMEOUT_ALL, 0 },
        { "no local port", NET(NOPORTS), LOOKUP_SERVER, NET_OK, "198.18.2.69",
          NET_OK, false, VERDICT_TCP_CLIENT_PORTS_EXHAUSTED, 0 },
        { "forbidden here", NET(PROHIBITED), LOOKUP_SERVER, NET_OK,
          "198.18.2.70", NET_OK, false, VERDICT_TCP_NO_ROUTE_LOCAL, 0 },
        { "one of the addresses in use connects", NET(TIMEOUT), LOOKUP_SERVER,
          NET_OK, "198.18.9.69", NET_OK, true, VERDICT_TCP_TIMEOUT_ONE_AZ, 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        assert_connect(&rows[i]);
}

static void answers_that_overlap_do_not_disagree(void **state)
{
    struct evidence_lookup *at;

    (void)state;
    given_begin(&given, 2);
    given_failure(&given, 0, STAGE_TCP, NET(TIMEOUT), S);
    given_failure(&given, 1, STAGE_TCP, NET(TIMEOUT), S);
    at = given_lookup(&given, LOOKUP_SERVER, NET_OK, "198.18.2.69",
                      NET_CANCELED);
    assert_true(net_addr_parse("198.18.3.69", 6379, &at->addrs[at->naddrs++]));
    assert_int_equal(whole().id, VERDICT_TCP_TIMEOUT_ALL);
    at->addrs[0] = at->addrs[1];
    assert_int_equal(whole().id, VERDICT_DNS_SPLIT_HORIZON);
    at->more = true; /* who knows what else it has */
    assert_int_equal(whole().id, VERDICT_TCP_TIMEOUT_ALL);
}

static void of_several_servers_the_one_that_connects_decides(void **state)
{
    struct verdict verdict;

    (void)state;
    given_begin(&given, 1);
    given_failure(&given, 0, STAGE_TCP, NET(TIMEOUT), S);
    given_lookup(&given, LOOKUP_SERVER, NET_OK, "198.18.1.69", NET_CANCELED);
    given_lookup(&given, LOOKUP_SERVER, NET_OK, "198.18.2.69", NET_REFUSED);
    verdict = whole();
    assert_int_equal(verdict.id, VERDICT_DNS_SPLIT_HORIZON);
    assert_int_equal(verdict.ncandidates, 1);
    given_lookup(&given, LOOKUP_SERVER, NET_OK, "198.18.3.69", NET_OK);
    verdict = whole();
    assert_int_equal(verdict.id, VERDICT_DNS_SPLIT_HORIZON);
    assert_int_equal(verdict.ncandidates, 0);
}

static void the_hosts_file_may_be_stale(void **state)
{
    static const struct connect_row rows[] = {
        { "DNS has another, which connects", NET(TIMEOUT), LOOKUP_DNS, NET_OK,
          "198.18.9.69", NET_OK, false, VERDICT_DNS_STALE, 0 },
        { "DNS has another, which does not", NET(REFUSED), LOOKUP_DNS, NET_OK,
          "198.18.9.69", NET_TIMEOUT, false, VERDICT_DNS_STALE,
          VERDICT_TCP_REFUSED },
        { "DNS has only the one that connects", NET(TIMEOUT), LOOKUP_DNS,
          NET_OK, "198.18.2.69", NET_OK, true, VERDICT_DNS_STALE, 0 },
        /* look-alikes */
        { "DNS has the same", NET(TIMEOUT), LOOKUP_DNS, NET_OK, "198.18.1.69",
          NET_CANCELED, false, VERDICT_TCP_TIMEOUT_ALL, 0 },
        { "DNS has no such name", NET(TIMEOUT), LOOKUP_DNS, NET_NXDOMAIN, NULL,
          NET_CANCELED, false, VERDICT_TCP_TIMEOUT_ALL, 0 },
        { "DNS is silent", NET(TIMEOUT), LOOKUP_DNS, NET_TIMEOUT, NULL,
          NET_CANCELED, false, VERDICT_TCP_TIMEOUT_ALL, 0 },
        { "DNS has only IPv6", NET(TIMEOUT), LOOKUP_DNS, NET_OK, "fd00::1",
          NET_OK, false, VERDICT_TCP_TIMEOUT_ALL, 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        assert_connect(&rows[i]);
}

static void the_search_list_may_mislead(void **state)
{
    static const struct connect_row rows[] = {
        { "the name itself has another", NET(TIMEOUT), LOOKUP_ABSOLUTE, NET_OK,
          "198.18.9.69", NET_OK, false, VERDICT_DNS_SEARCH_DOMAIN, 0 },
        { "and that does not connect", NET(TIMEOUT), LOOKUP_ABSOLUTE, NET_OK,
          "198.18.9.69", NET_TIMEOUT, false, VERDICT_DNS_SEARCH_DOMAIN,
          VERDICT_TCP_TIMEOUT_ALL },
        /* look-alikes: a short name is meant to be searched for */
        { "only the search list has it", NET(TIMEOUT), LOOKUP_ABSOLUTE,
          NET_NXDOMAIN, NULL, NET_CANCELED, false, VERDICT_TCP_TIMEOUT_ALL, 0 },
        { "both have the same", NET(TIMEOUT), LOOKUP_ABSOLUTE, NET_OK,
          "198.18.1.69", NET_CANCELED, false, VERDICT_TCP_TIMEOUT_ALL, 0 },
        { "another address connects", NET(TIMEOUT), LOOKUP_ABSOLUTE, NET_OK,
          "198.18.9.69", NET_OK, true, VERDICT_TCP_TIMEOUT_ONE_AZ, 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        assert_connect(&rows[i]);
}

static void zones_do_not_explain_a_failed_connect(void **state)
{
    struct verdict verdict;

    (void)state;
    given_begin(&given, 1);
    given_failure(&given, 0, STAGE_TCP, NET(TIMEOUT), S);
    given_lookup(&given, LOOKUP_ZONE, NET_OK, "198.18.1.69", NET_CANCELED);
    given_lookup(&given, LOOKUP_ZONE, NET_OK, "198.18.2.69", NET_OK);
    verdict = whole();
    assert_int_equal(verdict.id, VERDICT_TCP_TIMEOUT_ALL);
    assert_false(verdict.by_lookup);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_server_may_know_better),
        cmocka_unit_test(answers_that_overlap_do_not_disagree),
        cmocka_unit_test(of_several_servers_the_one_that_connects_decides),
        cmocka_unit_test(the_hosts_file_may_be_stale),
        cmocka_unit_test(the_search_list_may_mislead),
        cmocka_unit_test(zones_do_not_explain_a_failed_connect),
    };

    return cmocka_run_group_tests_name("lookups", tests, NULL, NULL);
}
