/*
 * test_spec.c -- the file of a path is read as it stands, and what is wrong
 * with it is told in one line with its place.
 */
#include "support/unit.h"

#include <stdio.h>
#include <string.h>

#include "cli/text.h"
#include "provision/spec.h"
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

#define TEST(name) cmocka_unit_test(name)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_example_of_the_manual_is_read),
    };

    return cmocka_run_group_tests_name("spec", tests, NULL, NULL);
}
