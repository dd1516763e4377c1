/*
 * test_combine.c -- what a set of addresses proves, and how many must pass.
 */
#include "support/unit.h"

#include <string.h>

#include "verdict/given.h"

#define NET(name)  ((enum cause)NET_##name)
#define RESP(name) ((enum cause)(CAUSE_RESP + RESP_ERR_##name))

static const char vpce[] = "vpce-0db3-abcd.vpce-svc-0e12.us-west-2.vpce."
                           "amazonaws.com";

static struct outcome combined(struct given *given)
{
    struct outcome outcome;

    assert_true(combine(&given->target, &given->policy, &outcome));
    return outcome;
}

static void all_is_well_when_all_pass(void **state)
{
    struct given given;
    struct outcome outcome;

    (void)state;
    given_begin(&given, 3);
    outcome = combined(&given);
    assert_int_equal(outcome.verdict.id, VERDICT_OK);
    assert_int_equal(outcome.verdict.status, CHECK_OK);
    assert_int_equal(outcome.verdict.stage, STAGE_COUNT);
    assert_int_equal(outcome.addresses_ok, 3);
    assert_int_equal(outcome.addresses_required, 3);
    outcome_free(&outcome);
}

/* Three addresses that end as told; P: passes. */
struct set {
    const char *kinds; /* P, T silent, R refuses, A password, W warning */
    int require;
    enum check_status degraded;

    enum verdict_id id;
    enum check_status status;
    unsigned ok, required;
};

static void given_kind(struct given *given, unsigned i, char kind)
{
    switch (kind) {
    case 'T': given_failure(given, i, STAGE_TCP, NET(TIMEOUT), 3 * S); break;
    case 'R': given_failure(given, i, STAGE_TCP, NET(REFUSED), MS); break;
    case 'A': given_failure(given, i, STAGE_PING, RESP(NOAUTH), MS); break;
    case 'W': given->at[i].evidence.connect_retransmits = 1; break;
    default: break;
    }
}

static void assert_set(const struct set *set)
{
    struct given given;
    struct outcome outcome;

    given_begin(&given, (unsigned)strlen(set->kinds));
    for (unsigned i = 0; set->kinds[i] != '\0'; i++)
        given_kind(&given, i, set->kinds[i]);
    given.policy.require = set->require;
    given.policy.degraded = set->degraded;
    outcome = combined(&given);
    if (outcome.verdict.id != set->id || outcome.verdict.status != set->status)
        fail_msg("%s, require %d: %s %s", set->kinds, set->require,
                 catalogue_entry(outcome.verdict.id)->token,
                 check_status_token(outcome.verdict.status));
    assert_int_equal(outcome.addresses_ok, set->ok);
    assert_int_equal(outcome.addresses_required, set->required);
    outcome_free(&outcome);
}

static void the_set_is_held_against_what_is_required(void **state)
{
    static const struct set rows[] = {
        { "PT", REQUIRE_ALL, CHECK_CRITICAL, VERDICT_TCP_TIMEOUT_ONE_AZ,
          CHECK_CRITICAL, 1, 2 },
        { "PT", REQUIRE_ALL, CHECK_WARNING, VERDICT_TCP_TIMEOUT_ONE_AZ,
          CHECK_WARNING, 1, 2 },
        { "PT", REQUIRE_ANY, CHECK_CRITICAL, VERDICT_TCP_TIMEOUT_ONE_AZ,
          CHECK_OK, 1, 1 },
        { "PT", 1, CHECK_CRITICAL, VERDICT_TCP_TIMEOUT_ONE_AZ, CHECK_OK, 1, 1 },
        { "PT", 2, CHECK_WARNING, VERDICT_TCP_TIMEOUT_ONE_AZ, CHECK_WARNING, 1,
          2 },
        { "PPT", 2, CHECK_CRITICAL, VERDICT_TCP_TIMEOUT_ONE_AZ, CHECK_OK, 2,
          2 },
        { "PR", REQUIRE_ALL, CHECK_CRITICAL, VERDICT_TCP_REFUSED_ONE_AZ,
          CHECK_CRITICAL, 1, 2 },
        { "TT", REQUIRE_ALL, CHECK_WARNING, VERDICT_TCP_TIMEOUT_ALL,
          CHECK_CRITICAL, 0, 2 },
        { "TT", REQUIRE_ANY, CHECK_WARNING, VERDICT_TCP_TIMEOUT_ALL,
          CHECK_CRITICAL, 0, 1 },
        { "RR", REQUIRE_ALL, CHECK_CRITICAL, VERDICT_TCP_REFUSED,
          CHECK_CRITICAL, 0, 2 },
        /* several kinds and none passing: the first of the table */
        { "RT", REQUIRE_ALL, CHECK_CRITICAL, VERDICT_TCP_TIMEOUT_ALL,
          CHECK_CRITICAL, 0, 2 },
        /* one connects and does not pass: the others are of one zone */
        { "TA", REQUIRE_ALL, CHECK_CRITICAL, VERDICT_TCP_TIMEOUT_ONE_AZ,
          CHECK_CRITICAL, 0, 2 },
        { "RA", REQUIRE_ALL, CHECK_CRITICAL, VERDICT_TCP_REFUSED_ONE_AZ,
          CHECK_CRITICAL, 0, 2 },
        { "AA", REQUIRE_ALL, CHECK_CRITICAL, VERDICT_AUTH_REQUIRED,
          CHECK_CRITICAL, 0, 2 },
        { "PTR", REQUIRE_ALL, CHECK_CRITICAL, VERDICT_TCP_TIMEOUT_ONE_AZ,
          CHECK_CRITICAL, 1, 3 },
        /* a warning counts as passing */
        { "PW", REQUIRE_ALL, CHECK_CRITICAL, VERDICT_TCP_SLOW_CONNECT,
          CHECK_WARNING, 2, 2 },
        { "WT", REQUIRE_ANY, CHECK_CRITICAL, VERDICT_TCP_SLOW_CONNECT,
          CHECK_WARNING, 1, 1 },
        { "WT", REQUIRE_ALL, CHECK_CRITICAL, VERDICT_TCP_TIMEOUT_ONE_AZ,
          CHECK_CRITICAL, 1, 2 },
        /* fewer in DNS than required */
        { "P", 2, CHECK_CRITICAL, VERDICT_DNS_AZ_WITHDRAWN, CHECK_CRITICAL, 1,
          2 },
        { "P", 2, CHECK_WARNING, VERDICT_DNS_AZ_WITHDRAWN, CHECK_WARNING, 1,
          2 },
        { "W", 2, CHECK_WARNING, VERDICT_DNS_AZ_WITHDRAWN, CHECK_WARNING, 1,
          2 },
        { "PT", 3, CHECK_CRITICAL, VERDICT_TCP_TIMEOUT_ONE_AZ, CHECK_CRITICAL,
          1, 3 },
        { "T", 2, CHECK_WARNING, VERDICT_TCP_TIMEOUT_ALL, CHECK_CRITICAL, 0,
          2 },
        { "PP", 2, CHECK_CRITICAL, VERDICT_OK, CHECK_OK, 2, 2 },
        { "PPP", 2, CHECK_CRITICAL, VERDICT_OK, CHECK_OK, 3, 2 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        assert_set(&rows[i]);
}

static void each_address_keeps_its_own_verdict(void **state)
{
    struct given given;
    struct outcome outcome;

    (void)state;
    given_begin(&given, 3);
    given_kind(&given, 0, 'R');
    given_kind(&given, 2, 'T');
    outcome = combined(&given);
    assert_int_equal(outcome.addresses[0].id, VERDICT_TCP_REFUSED_ONE_AZ);
    assert_int_equal(outcome.addresses[1].id, VERDICT_OK);
    assert_int_equal(outcome.addresses[2].id, VERDICT_TCP_TIMEOUT_ONE_AZ);
    assert_int_equal(outcome.addresses[2].ncandidates, 0);
    assert_int_equal(outcome.lead, 2);
    outcome_free(&outcome);

    given_begin(&given, 2);
    given_kind(&given, 0, 'R');
    given_kind(&given, 1, 'T');
    outcome = combined(&given);
    assert_int_equal(outcome.addresses[0].id, VERDICT_TCP_REFUSED);
    assert_int_equal(outcome.addresses[1].id, VERDICT_TCP_TIMEOUT_ALL);
    assert_true(outcome.verdict.ncandidates > 0);
    outcome_free(&outcome);
}

static void ipv6_alone_without_a_route_is_told(void **state)
{
    static const struct {
        const char *v6;
        enum cause cause;
        uint64_t ns;
        bool v4_fails;
        enum verdict_id id;
    } rows[] = {
        { "fd00::1", NET(UNREACHABLE), MS, false, VERDICT_DNS_IPV6_FIRST },
        { "2600:1f14::69", NET(UNREACHABLE), MS, false,
          VERDICT_DNS_IPV6_FIRST },
        { "fd00::1", NET(UNREACHABLE), 3 * S, false,
          VERDICT_TCP_NO_ROUTE_LOCAL },
        { "fd00::1", NET(PROHIBITED), MS, false, VERDICT_TCP_NO_ROUTE_LOCAL },
        { "fd00::1", NET(TIMEOUT), 3 * S, false, VERDICT_TCP_TIMEOUT_ONE_AZ },
        { "fd00::1", NET(UNREACHABLE), MS, true, VERDICT_TCP_NO_ROUTE_LOCAL },
        { "10.0.0.1", NET(UNREACHABLE), MS, false, VERDICT_TCP_NO_ROUTE_LOCAL },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct given given;
        struct outcome outcome;

        given_begin(&given, 2);
        given_addr(&given, 1, rows[i].v6);
        given_failure(&given, 1, STAGE_TCP, rows[i].cause, rows[i].ns);
        if (rows[i].v4_fails)
            given_failure(&given, 0, STAGE_TCP, NET(UNREACHABLE), MS);
        outcome = combined(&given);
        assert_int_equal(outcome.addresses[1].id, rows[i].id);
        outcome_free(&outcome);
    }
}

static void a_public_address_of_a_private_name_is_a_split(void **state)
{
    static const struct {
        const char *host, *alias, *address;
        enum cause cause;
        enum verdict_id id;
    } rows[] = {
        { vpce, NULL, "203.0.113.7", NET(TIMEOUT), VERDICT_DNS_SPLIT_HORIZON },
        { vpce, NULL, "203.0.113.7", NET(REFUSED), VERDICT_DNS_SPLIT_HORIZON },
        { "redis.corp", NULL, "203.0.113.7", NET(TIMEOUT),
          VERDICT_DNS_SPLIT_HORIZON },
        { "REDIS.INTERNAL.", NULL, "203.0.113.7", NET(TIMEOUT),
          VERDICT_DNS_SPLIT_HORIZON },
        { "redis", NULL, "203.0.113.7", NET(TIMEOUT),
          VERDICT_DNS_SPLIT_HORIZON },
        { "cache.test", vpce, "203.0.113.7", NET(TIMEOUT),
          VERDICT_DNS_SPLIT_HORIZON },
        /* the same name, but what it should be */
        { vpce, NULL, "10.0.0.7", NET(TIMEOUT), VERDICT_TCP_TIMEOUT_ALL },
        { vpce, NULL, "203.0.113.7", CAUSE_OK, VERDICT_OK },
        { vpce, NULL, "203.0.113.7", NET(NOPORTS),
          VERDICT_TCP_CLIENT_PORTS_EXHAUSTED },
        /* a VPC's own */
        { vpce, NULL, "2600:1f14::69", NET(TIMEOUT), VERDICT_TCP_TIMEOUT_ALL },
        /* a name that may well be public */
        { "cache.test", NULL, "203.0.113.7", NET(TIMEOUT),
          VERDICT_TCP_TIMEOUT_ALL },
        { "internal.example", NULL, "203.0.113.7", NET(TIMEOUT),
          VERDICT_TCP_TIMEOUT_ALL },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct given given;
        struct outcome outcome;

        given_begin(&given, 1);
        given.target.host = rows[i].host;
        given_addr(&given, 0, rows[i].address);
        if (rows[i].alias)
            given_cname(&given, rows[i].alias);
        if (rows[i].cause != CAUSE_OK)
            given_failure(&given, 0, STAGE_TCP, rows[i].cause, S);
        outcome = combined(&given);
        assert_int_equal(outcome.verdict.id, rows[i].id);
        outcome_free(&outcome);
    }
}

static void a_literal_is_never_a_split(void **state)
{
    struct given given;
    struct outcome outcome;

    (void)state;
    given_begin(&given, 1);
    given.target.host = vpce;
    given.target.literal = true;
    given.target.answer = NULL;
    given_addr(&given, 0, "203.0.113.7");
    given_failure(&given, 0, STAGE_TCP, NET(TIMEOUT), S);
    outcome = combined(&given);
    assert_int_equal(outcome.verdict.id, VERDICT_TCP_TIMEOUT_ALL);
    outcome_free(&outcome);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_is_well_when_all_pass),
        cmocka_unit_test(the_set_is_held_against_what_is_required),
        cmocka_unit_test(each_address_keeps_its_own_verdict),
        cmocka_unit_test(ipv6_alone_without_a_route_is_told),
        cmocka_unit_test(a_public_address_of_a_private_name_is_a_split),
        cmocka_unit_test(a_literal_is_never_a_split),
    };

    return cmocka_run_group_tests_name("combine", tests, NULL, NULL);
}
