/*
 * test_spec.c -- the file of a path is read as it stands, and what is wrong
 * with it is told in one line with its place.
 */
#include "support/unit.h"

#include <stdio.h>
#include <string.h>

#include "cli/text.h"
#include "provision/spec/spec.h"
#include "support/fail_malloc.h"

static char error[ERROR_TEXT_MAX];
static char warnings[1024];

static void warn(void *data, const char *line)
{
    size_t n = strlen(warnings);

    (void)data;
    (void)snprintf(warnings + n, sizeof(warnings) - n, "%s\n", line);
}

static struct spec *parse(const char *text)
{
    error[0] = warnings[0] = '\0';
    return spec_read("p.yml", text, strlen(text), warn, NULL, error,
                     sizeof(error));
}

static struct spec *parse_well(const char *text)
{
    struct spec *spec = parse(text);

    if (!spec)
        fail_msg("%s", error);
    return spec;
}

/* The longest way to write it: every key once. */
static const char whole[] =
    "name: orders-cache\n"
    "provider:\n"
    "  profile: cache-owner\n"
    "  account: \"444455556666\"\n"
    "  region: us-west-2\n"
    "  cache: {replication_group: test1, endpoint: primary}\n"
    "  port: 6379\n"
    "  load_balancer: {cross_zone: true}\n"
    "  cache_security_group: check\n"
    "  service: {acceptance_required: true, allowed_principals: "
    "[\"arn:aws:iam::111122223333:role/app\"], private_dns_name: null}\n"
    "  tags: {team: payments}\n"
    "consumer:\n"
    "  profile: app\n"
    "  region: us-west-2\n"
    "  vpc: vpc-0123\n"
    "  subnets: auto\n"
    "  security_groups: [sg-0123]\n"
    "  rules: add\n"
    "  client_cidrs: auto\n"
    "  service_name: null\n"
    "  tags: {}\n"
    "protect: false\n";

static void the_example_of_the_manual_is_read(void **state)
{
    struct spec *spec = parse_well(whole);
    const struct spec_provider *provider = &spec->provider;
    const struct spec_consumer *consumer = spec->consumers;

    (void)state;
    assert_string_equal(warnings, "");
    assert_string_equal(spec->file, "p.yml");
    assert_string_equal(spec->name, "orders-cache");
    assert_true(spec->has_provider);
    assert_false(spec->protect);
    assert_string_equal(provider->account.profile, "cache-owner");
    assert_string_equal(provider->account.account, "444455556666");
    assert_string_equal(provider->account.region, "us-west-2");
    assert_int_equal(provider->nlisteners, 1);
    assert_int_equal(provider->listeners[0].port, 6379);
    assert_int_equal(provider->listeners[0].cache.kind, SPEC_REPLICATION_GROUP);
    assert_string_equal(provider->listeners[0].cache.id, "test1");
    assert_int_equal(provider->nbalancers, 1);
    assert_true(provider->balancers[0].cross_zone);
    assert_null(provider->balancers[0].arn);
    assert_int_equal(provider->cache_security_group, SPEC_CHECK);
    assert_true(provider->service.acceptance_required);
    assert_int_equal(provider->service.principals.n, 1);
    assert_null(provider->service.private_dns_name);
    assert_int_equal(provider->tags.n, 1);
    assert_string_equal(provider->tags.tags[0].key, "team");
    assert_string_equal(provider->tags.tags[0].value, "payments");
    assert_int_equal(spec->nconsumers, 1);
    assert_string_equal(consumer->name, "consumer");
    assert_string_equal(consumer->vpc, "vpc-0123");
    assert_false(consumer->foreign);
    assert_true(consumer->subnets_auto);
    assert_false(consumer->create_group);
    assert_string_equal(consumer->groups.texts[0], "sg-0123");
    assert_int_equal(consumer->rules, SPEC_ADD);
    assert_true(consumer->client_cidrs_auto);
    assert_null(consumer->service_name);
    assert_false(consumer->private_dns);
    spec_free(spec);
}

static void what_is_not_written_has_its_default(void **state)
{
    struct spec *spec = parse_well("name: a\n"
                                   "provider:\n"
                                   "  cache: {serverless: s}\n"
                                   "consumer:\n"
                                   "  vpc: vpc-0123\n");
    const struct spec_consumer *consumer = spec->consumers;

    (void)state;
    assert_int_equal(spec->provider.listeners[0].port, 6379);
    assert_int_equal(spec->provider.listeners[0].cache.endpoint, SPEC_PRIMARY);
    assert_int_equal(spec->provider.nbalancers, 1);
    assert_true(spec->provider.balancers[0].cross_zone);
    assert_int_equal(spec->provider.cache_security_group, SPEC_CHECK);
    assert_true(spec->provider.service.acceptance_required);
    assert_int_equal(spec->provider.service.principals.n, 0);
    assert_true(consumer->create_group);
    assert_true(consumer->subnets_auto);
    assert_true(consumer->client_cidrs_auto);
    assert_int_equal(consumer->rules, SPEC_ADD);
    assert_false(consumer->foreign);
    spec_free(spec);
}

static void every_shape_of_a_path_is_read(void **state)
{
    struct spec *spec = parse_well(
        "name: all\n"
        "provider:\n"
        "  role_arn: arn:aws-cn:iam::444455556666:role/a/b/deploy\n"
        "  external_id: x\n"
        "  account: 444455556666\n"
        "  listeners:\n"
        "  - port: 6379\n"
        "    cache: {replication_group: r}\n"
        "  - {port: 6380, cache: {serverless: s, endpoint: reader}}\n"
        "  - {port: 6381, cache: {cluster: c}}\n"
        "  - {port: 6382, cache: {host: 10.0.0.9, port: 7000, tls: true, "
        "vpc: vpc-0123, subnets: [subnet-0123, subnet-0124]}}\n"
        "  load_balancers:\n"
        "  - {suffix: a}\n"
        "  - {suffix: b, cross_zone: no}\n"
        "  - {arn: \"arn:aws:elasticloadbalancing:us-west-2:444455556666:"
        "loadbalancer/net/x/0123\"}\n"
        "  cache_security_group: add\n"
        "  service: {acceptance_required: off, private_dns_name: a.example}\n"
        "consumers:\n"
        "- {name: one, vpc: vpc-0123, subnets: [subnet-0123], "
        "client_cidrs: [10.0.0.0/8, 0.0.0.0/0, 10.1.2.3/32], rules: check}\n"
        "- {name: two, endpoint: {id: vpce-0123}}\n"
        "- {name: shop, account: \"111122223333\", "
        "principals: [\"arn:aws:iam::111122223333:user/u\"], accept: listed}\n"
        "protect: true\n");
    const struct spec_provider *provider = &spec->provider;

    (void)state;
    assert_int_equal(provider->nlisteners, 4);
    assert_int_equal(provider->listeners[1].cache.kind, SPEC_SERVERLESS);
    assert_int_equal(provider->listeners[1].cache.endpoint, SPEC_READER);
    assert_int_equal(provider->listeners[2].cache.kind, SPEC_CLUSTER);
    assert_int_equal(provider->listeners[3].cache.kind, SPEC_HOST);
    assert_int_equal(provider->listeners[3].cache.port, 7000);
    assert_true(provider->listeners[3].cache.tls);
    assert_int_equal(provider->listeners[3].cache.subnets.n, 2);
    assert_int_equal(provider->listeners[1].line, 9);
    assert_int_equal(provider->nbalancers, 3);
    assert_string_equal(provider->balancers[1].suffix, "b");
    assert_false(provider->balancers[1].cross_zone);
    assert_non_null(provider->balancers[2].arn);
    assert_int_equal(provider->cache_security_group, SPEC_ADD);
    assert_false(provider->service.acceptance_required);
    assert_string_equal(provider->service.private_dns_name, "a.example");
    assert_int_equal(spec->nconsumers, 3);
    assert_int_equal(spec->consumers[0].client_cidrs.n, 3);
    assert_int_equal(spec->consumers[0].rules, SPEC_CHECK);
    /* the service has a private name, so its endpoints use it */
    assert_true(spec->consumers[0].private_dns);
    assert_string_equal(spec->consumers[1].endpoint_id, "vpce-0123");
    assert_false(spec->consumers[1].foreign);
    assert_true(spec->consumers[2].foreign);
    assert_int_equal(spec->consumers[2].accept, SPEC_LISTED);
    assert_int_equal(spec->consumers[2].principals.n, 1);
    assert_true(spec->protect);
    spec_free(spec);
}

static void who_lets_many_in_is_warned(void **state)
{
    struct spec *spec =
        parse_well("name: a\n"
                   "provider:\n"
                   "  cache: {serverless: s}\n"
                   "  service:\n"
                   "    allowed_principals:\n"
                   "    - \"arn:aws:iam::111122223333:root\"\n"
                   "    - \"*\"\n"
                   "    - \"arn:aws:iam::111122223333:role/app\"\n");

    (void)state;
    assert_string_equal(
        warnings,
        "p.yml:6: provider.service.allowed_principals[0]: "
        "arn:aws:iam::111122223333:root lets all users and roles of the "
        "account in; a role's ARN lets in one\n"
        "p.yml:7: provider.service.allowed_principals[1]: * lets every AWS "
        "account ask for a connection; a role's ARN lets in one\n");
    spec_free(spec);
}

static void running_out_of_memory_is_an_error(void **state)
{
    (void)state;
    for (unsigned n = 1;; n++) {
        struct spec *spec;

        fail_malloc_at(n);
        spec = parse(whole);
        if (!fail_malloc_stop()) {
            assert_non_null(spec);
            spec_free(spec);
            break;
        }
        assert_null(spec);
        assert_string_equal(error, "out of memory");
    }
}

#define TEST(name) cmocka_unit_test(name)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_example_of_the_manual_is_read),
        TEST(what_is_not_written_has_its_default),
        TEST(every_shape_of_a_path_is_read),
        TEST(who_lets_many_in_is_warned),
        TEST(running_out_of_memory_is_an_error),
    };

    return cmocka_run_group_tests_name("spec", tests, NULL, NULL);
}
