/*
 * test_lookups_names.c -- what second look-ups prove of a name that is gone, of
 * silence, and of too few addresses.
 */
#include "support/unit.h"

#include "verdict/given.h"

static const char endpoint[] = "vpce-0db3-abcd.vpce-svc-0e12.us-west-2.vpce."
                               "amazonaws.com";
static const char zonal[] = "vpce-0db3-abcd-us-west-2b.vpce-svc-0e12.us-west-2."
                            "vpce.amazonaws.com";

static struct given given;

static struct verdict whole(void)
{
    struct outcome outcome;

    assert_true(combine(&given.target, &given.policy, &outcome));
    outcome_free(&outcome);
    return outcome.verdict;
}

static enum verdict_id first_candidate(const struct verdict *verdict)
{
    return verdict->ncandidates > 0 ? verdict->candidates[0].id : VERDICT_OK;
}

/* --- A failed look-up ----------------------------------------------------- */

static void a_name_that_is_gone_may_be_elsewhere(void **state)
{
    static const struct {
        const char *what;
        enum net_status dns;
        enum lookup kind;
        enum net_status status;
        const char *says;
        enum net_status connect;
        enum verdict_id id, maybe;
    } rows[] = {
        { "another server has it", NET_NXDOMAIN, LOOKUP_SERVER, NET_OK,
          "198.18.1.69", NET_TIMEOUT, VERDICT_DNS_SPLIT_HORIZON, 0 },
        { "... with NODATA here", NET_NODATA, LOOKUP_SERVER, NET_OK,
          "198.18.1.69", NET_OK, VERDICT_DNS_SPLIT_HORIZON, 0 },
        { "... public, and it answers", NET_NXDOMAIN, LOOKUP_SERVER, NET_OK,
          "203.0.113.7", NET_OK, VERDICT_DNS_SPLIT_HORIZON, 0 },
        { "... public, and it does not", NET_NXDOMAIN, LOOKUP_SERVER, NET_OK,
          "203.0.113.7", NET_TIMEOUT, VERDICT_DNS_NXDOMAIN,
          VERDICT_DNS_SPLIT_HORIZON },
        { "... of IPv6, and it does not", NET_NXDOMAIN, LOOKUP_SERVER, NET_OK,
          "2600:1f14::69", NET_TIMEOUT, VERDICT_DNS_SPLIT_HORIZON, 0 },
        { "none has it", NET_NXDOMAIN, LOOKUP_SERVER, NET_NXDOMAIN, NULL,
          NET_CANCELED, VERDICT_DNS_NXDOMAIN, 0 },
        { "another one failed", NET_NXDOMAIN, LOOKUP_SERVER, NET_SERVFAIL, NULL,
          NET_CANCELED, VERDICT_DNS_NXDOMAIN, 0 },
        { "the other zones have a name", NET_NXDOMAIN, LOOKUP_REGION, NET_OK,
          "198.18.1.69", NET_TIMEOUT, VERDICT_DNS_ZONAL_MISSING, 0 },
        { "no zone has a name", NET_NXDOMAIN, LOOKUP_REGION, NET_NXDOMAIN, NULL,
          NET_CANCELED, VERDICT_DNS_NXDOMAIN, 0 },
        { "the endpoint answers", NET_NXDOMAIN, LOOKUP_ENDPOINT, NET_OK,
          "198.18.1.69", NET_OK, VERDICT_DNS_PRIVATE_NAME_OFF,
          VERDICT_DNS_NXDOMAIN },
        { "the endpoint is silent, too", NET_NXDOMAIN, LOOKUP_ENDPOINT, NET_OK,
          "198.18.1.69", NET_TIMEOUT, VERDICT_DNS_NXDOMAIN, 0 },
        { "the endpoint is gone, too", NET_NXDOMAIN, LOOKUP_ENDPOINT,
          NET_NXDOMAIN, NULL, NET_CANCELED, VERDICT_DNS_NXDOMAIN, 0 },
        { "no word from the server", NET_SERVFAIL, LOOKUP_SERVER, NET_OK,
          "198.18.1.69", NET_OK, VERDICT_DNS_SERVFAIL, 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct verdict verdict;

        given_begin(&given, 0);
        given_dns_failure(&given, rows[i].dns, 800 * US);
        given_lookup(&given, rows[i].kind, rows[i].status, rows[i].says,
                     rows[i].connect);
        verdict = whole();
        if (verdict.id != rows[i].id)
            fail_msg("%s: %s", rows[i].what,
                     catalogue_entry(verdict.id)->token);
        assert_int_equal(first_candidate(&verdict), rows[i].maybe);
        assert_int_equal(verdict.stage, STAGE_DNS);
        assert_int_equal(verdict.status, CHECK_CRITICAL);
    }
}

static void an_alias_of_nothing_stays_one(void **state)
{
    (void)state;
    given_begin(&given, 0);
    given_dns_failure(&given, NET_NXDOMAIN, 800 * US);
    given_cname(&given, zonal);
    given_lookup(&given, LOOKUP_ENDPOINT, NET_OK, "198.18.1.69", NET_OK);
    assert_int_equal(whole().id, VERDICT_DNS_DANGLING_CNAME);
}

static void silence_that_ends_may_be_throttling(void **state)
{
    static const struct {
        enum net_status dns;
        uint8_t asked, answered;
        enum verdict_id id, maybe;
    } rows[] = {
        { NET_TIMEOUT, 5, 5, VERDICT_DNS_TIMEOUT, VERDICT_DNS_THROTTLED },
        { NET_TIMEOUT, 5, 3, VERDICT_DNS_TIMEOUT, VERDICT_DNS_THROTTLED },
        { NET_TIMEOUT, 5, 2, VERDICT_DNS_TIMEOUT, 0 },
        { NET_TIMEOUT, 2, 0, VERDICT_DNS_TIMEOUT, 0 },
        { NET_UNREACHABLE, 5, 5, VERDICT_DNS_UNREACHABLE, 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct verdict verdict;

        given_begin(&given, 0);
        given_dns_failure(&given, rows[i].dns, 3500 * MS);
        given.target.lookups = &given.lookups;
        given.lookups.asked_again = rows[i].asked;
        given.lookups.answered = rows[i].answered;
        verdict = whole();
        assert_int_equal(verdict.id, rows[i].id);
        assert_int_equal(first_candidate(&verdict), rows[i].maybe);
    }
}

/* --- A shortage ----------------------------------------------------------- */

/* 198.18.1.69 is all that the regional name has, and 2 are required.  Zones:
 * u the one in use, w another address, x and y the same other one, - NXDOMAIN,
 * ? no answer. */
static void assert_zones(const char *zones, enum verdict_id id,
                         enum verdict_id maybe)
{
    struct verdict verdict;

    given_begin(&given, 1);
    given.target.host = endpoint;
    given.policy.require = 2;
    for (size_t i = 0; zones[i] != '\0'; i++) {
        switch (zones[i]) {
        case 'u':
            given_lookup(&given, LOOKUP_ZONE, NET_OK, "198.18.1.69",
                         NET_CANCELED);
            break;
        case 'w':
            given_lookup(&given, LOOKUP_ZONE, NET_OK, "198.18.2.69",
                         NET_TIMEOUT);
            break;
        case 'x':
        case 'y':
            given_lookup(&given, LOOKUP_ZONE, NET_OK, "198.18.9.9", NET_OK);
            break;
        case '-':
            given_lookup(&given, LOOKUP_ZONE, NET_NXDOMAIN, NULL, NET_CANCELED);
            break;
        default:
            given_lookup(&given, LOOKUP_ZONE, NET_TIMEOUT, NULL, NET_CANCELED);
            break;
        }
    }
    verdict = whole();
    if (verdict.id != id || first_candidate(&verdict) != maybe)
        fail_msg("%s: %s", zones, catalogue_entry(verdict.id)->token);
    assert_int_equal(verdict.stage, STAGE_DNS);
    assert_int_equal(verdict.status, CHECK_CRITICAL);
}

static void zones_say_what_a_shortage_is(void **state)
{
    (void)state;
    assert_zones("uw----", VERDICT_DNS_AZ_WITHDRAWN, VERDICT_OK);
    assert_zones("uw?---", VERDICT_DNS_AZ_WITHDRAWN, VERDICT_OK);
    assert_zones("u-----", VERDICT_DNS_ZONAL_MISSING, VERDICT_OK);
    /* not decided */
    assert_zones("", VERDICT_DNS_AZ_WITHDRAWN, VERDICT_DNS_ZONAL_MISSING);
    assert_zones("u-?---", VERDICT_DNS_AZ_WITHDRAWN, VERDICT_DNS_ZONAL_MISSING);
    assert_zones("u----", VERDICT_DNS_AZ_WITHDRAWN, VERDICT_DNS_ZONAL_MISSING);
    assert_zones("------", VERDICT_DNS_AZ_WITHDRAWN, VERDICT_DNS_ZONAL_MISSING);
    /* a wildcard is no zone */
    assert_zones("uxy---", VERDICT_DNS_AZ_WITHDRAWN, VERDICT_DNS_ZONAL_MISSING);
    assert_zones("uuuuuu", VERDICT_DNS_AZ_WITHDRAWN, VERDICT_DNS_ZONAL_MISSING);
}

static void a_zone_may_be_left_out_while_all_is_well(void **state)
{
    static const struct {
        const char *what;
        const char *zone; /* of the other zone; NULL: NXDOMAIN */
        int require;
        enum stage failed;
        enum verdict_id id;
        enum check_status status;
    } rows[] = {
        { "another zone has an address", "198.18.2.69", REQUIRE_ALL,
          STAGE_COUNT, VERDICT_DNS_AZ_WITHDRAWN, CHECK_WARNING },
        { "there is no other zone", NULL, REQUIRE_ALL, STAGE_COUNT, VERDICT_OK,
          CHECK_OK },
        { "a wildcard", "198.18.1.69", REQUIRE_ALL, STAGE_COUNT, VERDICT_OK,
          CHECK_OK },
        { "one is enough", "198.18.2.69", REQUIRE_ANY, STAGE_COUNT, VERDICT_OK,
          CHECK_OK },
        { "something else is wrong", "198.18.2.69", REQUIRE_ALL, STAGE_TCP,
          VERDICT_TCP_REFUSED, CHECK_CRITICAL },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct verdict verdict;

        given_begin(&given, 1);
        given.target.host = endpoint;
        given.policy.require = rows[i].require;
        if (rows[i].failed != STAGE_COUNT)
            given_failure(&given, 0, rows[i].failed, cause_of_net(NET_REFUSED),
                          MS);
        given_lookup(&given, LOOKUP_ZONE, NET_OK, "198.18.1.69", NET_CANCELED);
        given_lookup(&given, LOOKUP_ZONE, rows[i].zone ? NET_OK : NET_NXDOMAIN,
                     rows[i].zone, NET_CANCELED);
        verdict = whole();
        if (verdict.id != rows[i].id || verdict.status != rows[i].status)
            fail_msg("%s: %s", rows[i].what,
                     catalogue_entry(verdict.id)->token);
    }
}

/* The zones are asked for then, too. */
static void a_dead_zone_is_more_than_one_that_is_left_out(void **state)
{
    struct verdict verdict;

    (void)state;
    given_begin(&given, 2);
    given.target.host = endpoint;
    given.policy.degraded = CHECK_WARNING;
    given_failure(&given, 1, STAGE_TCP, cause_of_net(NET_TIMEOUT), MS);
    given_lookup(&given, LOOKUP_ZONE, NET_OK, "198.18.1.69", NET_CANCELED);
    given_lookup(&given, LOOKUP_ZONE, NET_OK, "198.18.2.69", NET_CANCELED);
    given_lookup(&given, LOOKUP_ZONE, NET_OK, "198.18.3.69", NET_OK);
    verdict = whole();
    assert_int_equal(verdict.id, VERDICT_TCP_TIMEOUT_ONE_AZ);
    assert_int_equal(verdict.status, CHECK_WARNING);
}

static void without_look_ups_a_shortage_is_left_open(void **state)
{
    struct verdict verdict;

    (void)state;
    given_begin(&given, 1);
    given.policy.require = 2;
    given.policy.degraded = CHECK_WARNING;
    verdict = whole();
    assert_int_equal(verdict.id, VERDICT_DNS_AZ_WITHDRAWN);
    assert_int_equal(first_candidate(&verdict), VERDICT_DNS_ZONAL_MISSING);
    assert_int_equal(verdict.status, CHECK_WARNING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_that_is_gone_may_be_elsewhere),
        cmocka_unit_test(an_alias_of_nothing_stays_one),
        cmocka_unit_test(silence_that_ends_may_be_throttling),
        cmocka_unit_test(zones_say_what_a_shortage_is),
        cmocka_unit_test(a_zone_may_be_left_out_while_all_is_well),
        cmocka_unit_test(a_dead_zone_is_more_than_one_that_is_left_out),
        cmocka_unit_test(without_look_ups_a_shortage_is_left_open),
    };

    return cmocka_run_group_tests_name("lookups_names", tests, NULL, NULL);
}
