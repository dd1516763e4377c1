/*
 * test_spec_wrong.c -- a row is what somebody wrote wrongly, and the line that
 * tells it: file, line, the key from the top, what is expected, what was found.
 */
#include "support/unit.h"

#include <stdio.h>
#include <string.h>

#include "cli/text.h"
#include "provision/spec/spec.h"

struct row {
    const char *text, *error;
};

/* `error` stands behind "p.yml:". */
static void assert_row(const struct row *row)
{
    char error[ERROR_TEXT_MAX] = "", want[ERROR_TEXT_MAX];
    struct spec *spec = spec_read("p.yml", row->text, strlen(row->text), NULL,
                                  NULL, error, sizeof(error));

    if (spec)
        fail_msg("taken: %s", row->text);
    (void)snprintf(want, sizeof(want), "p.yml:%s", row->error);
    assert_string_equal(error, want);
}

#define PROVIDER "name: a\nprovider:\n  cache: {serverless: s}\n"
#define CONSUMER PROVIDER "consumer:\n  vpc: vpc-0123\n"

static const struct row file_rows[] = {
    { "", "1: the file is empty" },
    { "# nothing\n", "1: the file is empty" },
    { "- a\n", "1: the file: expected a map with a name, found a list" },
    { "text\n", "1: the file: expected a map with a name, found \"text\"" },
    { "name: a\n", "1: the file: neither a provider nor a consumer" },
    { "provider: {}\n", "1: provider: no cache; expected cache or listeners" },
    { "provider: {cache: {serverless: s}}\n", "1: the file: no name" },
    { "name: a\nnam: b\n",
      "2: the file: unknown key \"nam\"; did you mean name?" },
    { "name: a\nzzz: b\n",
      "2: the file: unknown key \"zzz\"; expected one of name, provider, "
      "consumer, consumers, protect" },
    { "name: a\nname: b\n", "2: \"name\": given twice" },
    { "name: [a]\n",
      "1: name: expected a name of up to 64 letters, digits, - _ ., "
      "beginning with a letter or a digit, found a list" },
    { "name: {a: b}\n",
      "1: name: expected a name of up to 64 letters, digits, - _ ., "
      "beginning with a letter or a digit, found a map" },
    { "name: \"\"\nconsumer: {}\n",
      "1: name: expected a name of up to 64 letters, digits, - _ ., "
      "beginning with a letter or a digit, found \"\"" },
    { "name: -a\nconsumer: {}\n",
      "1: name: expected a name of up to 64 letters, digits, - _ ., "
      "beginning with a letter or a digit, found \"-a\"" },
    { "name: \"a b\"\nconsumer: {}\n",
      "1: name: expected a name of up to 64 letters, digits, - _ ., "
      "beginning with a letter or a digit, found \"a b\"" },
    { "name: "
      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nc"
      "onsumer: {}\n",
      "1: name: expected a name of up to 64 letters, digits, - _ ., "
      "beginning with a letter or a digit, found "
      "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa..."
      "\"" },
    { "name: ~\nprovider: {cache: {serverless: s}}\n", "1: the file: no name" },
    { "name: a\nprovider: 3\n", "2: provider: expected a map, found \"3\"" },
    { "name: a\nprovider: [a]\n", "2: provider: expected a map, found a list" },
    { "name: a\nconsumer: x\n", "2: consumer: expected a map, found \"x\"" },
    { "name: a\nconsumers: {}\n",
      "2: consumers: expected a list of consumers, found a map" },
    { "name: a\nconsumers: []\n",
      "2: consumers: expected a list of consumers, found none" },
    { "name: a\nconsumer: {}\nconsumers: []\n",
      "3: consumers: stands beside consumer; expected one of the two" },
    { "name: a\nprovider: ~\n",
      "1: the file: neither a provider nor a consumer" },
    { "name: a\nprotect: 3\n",
      "2: protect: expected true or false, found \"3\"" },
    { "name: a\nprotect: perhaps\n",
      "2: protect: expected true or false, found \"perhaps\"" },
    { "name: a\nprotect: \"true\"\n",
      "2: protect: expected true or false, found \"true\"" },
    { "name: a\n---\nname: b\n", "2: a second document begins" },
    { "name: &x a\nprovider: *x\n", "2: aliases (*name) are not taken here" },
    { "name: [\n", "2: neither YAML nor JSON: did not find expected node "
                   "content while parsing a flow node" },
    { "? [a]\n: b\n", "1: expected a key, found a list" },
};

static void the_shape_of_the_file(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(file_rows); i++)
        assert_row(&file_rows[i]);
}

static const struct row provider_rows[] = {
    { PROVIDER "  cashe: {}\n",
      "4: provider: unknown key \"cashe\"; did you mean cache?" },
    { PROVIDER "  port: many\n",
      "4: provider.port: expected a port from 1 to 65535, found \"many\"" },
    { PROVIDER "  port: 0\n",
      "4: provider.port: expected a port from 1 to 65535, found \"0\"" },
    { PROVIDER "  port: 65536\n", "4: provider.port: expected a port from "
                                  "1 to 65535, found \"65536\"" },
    { PROVIDER "  port: 6379.0\n", "4: provider.port: expected a port from "
                                   "1 to 65535, found \"6379.0\"" },
    { PROVIDER "  port: -1\n",
      "4: provider.port: expected a port from 1 to 65535, found \"-1\"" },
    { PROVIDER "  profile: \"\"\n",
      "4: provider.profile: expected the name of a profile, found \"\"" },
    { PROVIDER "  profile: [a]\n",
      "4: provider.profile: expected the name of a profile, found a list" },
    { PROVIDER "  role_arn: role\n",
      "4: provider.role_arn: expected a role's ARN, such as "
      "arn:aws:iam::111122223333:role/linkprobe, found \"role\"" },
    { PROVIDER "  external_id: x\n",
      "4: provider.external_id: belongs to a role_arn, and there is none" },
    { PROVIDER "  account: 44445555666\n",
      "4: provider.account: expected the twelve digits of an account, in "
      "quotation marks, found \"44445555666\"" },
    { PROVIDER "  account: \"4444 5555 6666\"\n",
      "4: provider.account: expected the twelve digits of an account, in "
      "quotation marks, found \"4444 5555 6666\"" },
    { PROVIDER "  region: west\n", "4: provider.region: expected a region, "
                                   "such as us-west-2, found \"west\"" },
    { PROVIDER "  region: us-west-2a\n",
      "4: provider.region: expected a region, such as us-west-2, found "
      "\"us-west-2a\"" },
    { PROVIDER "  region: US-WEST-2\n",
      "4: provider.region: expected a region, such as us-west-2, found "
      "\"US-WEST-2\"" },
    { PROVIDER "  load_balancer: {arn: x}\n",
      "4: provider.load_balancer.arn: expected a network load balancer's "
      "ARN, such as "
      "arn:aws:elasticloadbalancing:us-west-2:444455556666:loadbalancer/"
      "net/NAME/0123456789abcdef, found \"x\"" },
    { PROVIDER "  load_balancer: {}\n  load_balancers: []\n",
      "5: provider.load_balancers: stands beside load_balancer; expected "
      "one of the two" },
    { PROVIDER "  load_balancers: {}\n",
      "4: provider.load_balancers: expected a list of load balancers, "
      "found a map" },
    { PROVIDER "  load_balancers: []\n",
      "4: provider.load_balancers: expected a list of load balancers, "
      "found none" },
    { PROVIDER "  load_balancers: [{}, {}]\n",
      "4: provider.load_balancers[1]: two load balancers with one name; "
      "expected a suffix that tells them apart" },
    { PROVIDER "  load_balancers: [{suffix: a}, {suffix: a}]\n",
      "4: provider.load_balancers[1]: two load balancers with one name; "
      "expected a suffix that tells them apart" },
    { PROVIDER "  load_balancer: {suffix: a-b}\n",
      "4: provider.load_balancer.suffix: expected 1 to 8 letters and "
      "digits, the end of its name, found \"a-b\"" },
    { PROVIDER "  load_balancers:\n  - arn: "
               "\"arn:aws:elasticloadbalancing:us-west-2:444455556666:"
               "loadbalancer/net/x/0123\"\n  - arn: "
               "\"arn:aws:elasticloadbalancing:us-west-2:444455556666:"
               "loadbalancer/net/x/0123\"\n",
      "6: provider.load_balancers[1]: the same load balancer twice" },
    { PROVIDER "  load_balancer:\n    arn: "
               "\"arn:aws:elasticloadbalancing:us-west-2:444455556666:"
               "loadbalancer/net/x/0123\"\n    suffix: a\n",
      "6: provider.load_balancer.suffix: stands beside arn; a load "
      "balancer of others has its name" },
    { PROVIDER "  load_balancer: {arn: "
               "\"arn:aws:elasticloadbalancing:us-west-2:444455556666:"
               "loadbalancer/app/x/0123\"}\n",
      "4: provider.load_balancer.arn: expected a network load balancer's "
      "ARN, such as "
      "arn:aws:elasticloadbalancing:us-west-2:444455556666:loadbalancer/"
      "net/NAME/0123456789abcdef, found "
      "\"arn:aws:elasticloadbalancing:us-west-2:444455556666:loadbala..."
      "\"" },
    { PROVIDER "  load_balancer: {cross_zone: maybe}\n",
      "4: provider.load_balancer.cross_zone: expected true or false, found "
      "\"maybe\"" },
    { PROVIDER "  cache_security_group: ask\n",
      "4: provider.cache_security_group: expected check or add, found "
      "\"ask\"" },
    { PROVIDER "  cache_security_group: [add]\n",
      "4: provider.cache_security_group: expected check or add, found a "
      "list" },
    { PROVIDER "  service: x\n",
      "4: provider.service: expected a map, found \"x\"" },
    { PROVIDER "  service: {id: svc-1}\n",
      "4: provider.service.id: expected an endpoint service's id, such as "
      "vpce-svc-0a1b2c3d, found \"svc-1\"" },
    { PROVIDER "  service: {acceptance_required: 7}\n",
      "4: provider.service.acceptance_required: expected true or false, "
      "found \"7\"" },
    { PROVIDER "  service: {private_dns_name: local}\n",
      "4: provider.service.private_dns_name: expected a name of a domain "
      "of yours, such as cache.example.com, found \"local\"" },
    { PROVIDER "  service: {private_dns_name: 10.0.0.1}\n",
      "4: provider.service.private_dns_name: expected a name of a domain "
      "of yours, such as cache.example.com, found \"10.0.0.1\"" },
    { PROVIDER "  service: {allowed_principals: \"*\"}\n",
      "4: provider.service.allowed_principals: expected a list of ARNs of "
      "roles and users, found \"*\"" },
    { PROVIDER "  service: {allowed_principals: [\"x\"]}\n",
      "4: provider.service.allowed_principals[0]: expected a role's or "
      "user's ARN, such as arn:aws:iam::111122223333:role/app, found "
      "\"x\"" },
    { PROVIDER "  service:\n    allowed_principals:\n    - "
               "\"arn:aws:iam::111122223333:role/team/app\"\n",
      "6: provider.service.allowed_principals[0]: "
      "arn:aws:iam::111122223333:role/team/app has a path, which AWS does "
      "not take here; expected a role or user without one" },
    { PROVIDER
      "  service: {allowed_principals: [\"arn:aws:iam::1111:root\"]}\n",
      "4: provider.service.allowed_principals[0]: expected a role's or "
      "user's ARN, such as arn:aws:iam::111122223333:role/app, found "
      "\"arn:aws:iam::1111:root\"" },
    { PROVIDER "  service: {allowed_principals: "
               "[\"arn:aws:sts::111122223333:assumed-role/a/b\"]}\n",
      "4: provider.service.allowed_principals[0]: expected a role's or "
      "user's ARN, such as arn:aws:iam::111122223333:role/app, found "
      "\"arn:aws:sts::111122223333:assumed-role/a/b\"" },
    { PROVIDER "  service: {allowed_principals: [\"*\", \"*\"]}\n",
      "4: provider.service.allowed_principals[1]: * is given twice" },
    { PROVIDER "  service: {allowed_principals: [[a]]}\n",
      "4: provider.service.allowed_principals[0]: expected a role's or "
      "user's ARN, such as arn:aws:iam::111122223333:role/app, found a "
      "list" },
    { PROVIDER "  target_group: {}\n", "4: provider.target_group: no arn" },
    { PROVIDER "  target_group: {arn: x}\n",
      "4: provider.target_group.arn: expected a target group's ARN, such "
      "as "
      "arn:aws:elasticloadbalancing:us-west-2:444455556666:targetgroup/"
      "NAME/0123456789abcdef, found \"x\"" },
    { PROVIDER
      "  target_group: {arn: "
      "\"arn:aws:elasticloadbalancing:us-west-2:444455556666:targetgroup/x/"
      "0123\"}\n  load_balancers: [{}, {suffix: b}]\n",
      "2: provider: target_group: a target group belongs to one load "
      "balancer, and there are 2" },
    { PROVIDER "  tags: [a]\n",
      "4: provider.tags: expected a map of tags, found a list" },
    { PROVIDER "  tags: {\"aws:x\": y}\n",
      "4: provider.tags.aws:x: keys that begin with aws: or linkprobe: are "
      "not the user's" },
    { PROVIDER "  tags: {\"linkprobe:path\": y}\n",
      "4: provider.tags.linkprobe:path: keys that begin with aws: or "
      "linkprobe: are not the user's" },
    { PROVIDER "  tags: {\"a\\nb\\e\": y}\n",
      "4: provider.tags.a?b?: expected a key of 1 to 128 letters, digits, "
      "blanks and + - = . _ : / @" },
    { PROVIDER "  tags: {\"a;b\": y}\n",
      "4: provider.tags.a;b: expected a key of 1 to 128 letters, digits, "
      "blanks and + - = . _ : / @" },
    { PROVIDER "  tags: {a: [b]}\n",
      "4: provider.tags.a: expected a value of up to 256 letters, digits, "
      "blanks and + - = . _ : / @, found a list" },
    { PROVIDER "  tags: {a: \"b;c\"}\n",
      "4: provider.tags.a: expected a value of up to 256 letters, digits, "
      "blanks and + - = . _ : / @, found \"b;c\"" },
    { PROVIDER
      "  tags: {k0: v, k1: v, k2: v, k3: v, k4: v, k5: v, k6: v, k7: v, "
      "k8: v, k9: v, k10: v, k11: v, k12: v, k13: v, k14: v, k15: v, k16: "
      "v, k17: v, k18: v, k19: v, k20: v, k21: v, k22: v, k23: v, k24: v, "
      "k25: v, k26: v, k27: v, k28: v, k29: v, k30: v, k31: v, k32: v, "
      "k33: v, k34: v, k35: v, k36: v, k37: v, k38: v, k39: v, k40: v, "
      "k41: v, k42: v, k43: v, k44: v, k45: v, k46: v}\n",
      "4: provider.tags: 47 tags; expected 46 at most" },
    { PROVIDER "  tags: {\"\": x}\n",
      "4: provider.tags.: expected a key of 1 to 128 letters, digits, "
      "blanks and + - = . _ : / @" },
    { PROVIDER "  tags: {a: }\n",
      "4: provider.tags.a: expected a value of up to 256 letters, digits, "
      "blanks and + - = . _ : / @, found nothing" },
    { PROVIDER "  listeners: []\n", "4: provider.listeners: stands beside "
                                    "cache; expected one of the two" },
    { "name: a\nprovider:\n  region: us-west-2\n",
      "2: provider: no cache; expected cache or listeners" },
    { "name: a\nprovider:\n  cache: {}\n",
      "3: provider.cache: no cache; expected one of replication_group, "
      "cluster, serverless, host" },
    { "name: a\nprovider:\n  cache: s\n",
      "3: provider.cache: expected a map, found \"s\"" },
    { "name: a\nprovider:\n  cache: {serverless: s, cluster: c}\n",
      "3: provider.cache.cluster: a second cache in one map; expected one "
      "of replication_group, cluster, serverless, host" },
    { "name: a\nprovider:\n  cache: {serverless: \"a b\"}\n",
      "3: provider.cache.serverless: expected the name of a serverless "
      "cache, found \"a b\"" },
    { "name: a\nprovider:\n  cache: {replication_group: [a]}\n",
      "3: provider.cache.replication_group: expected the id of a "
      "replication group, such as orders, found a list" },
    { "name: a\nprovider:\n  cache: {host: \"a..b\", vpc: vpc-0123, "
      "subnets: [subnet-0123]}\n",
      "3: provider.cache.host: expected a host name or an address, found "
      "\"a..b\"" },
    { "name: a\nprovider:\n  cache: {host: a.b}\n",
      "3: provider.cache: a host needs its vpc" },
    { "name: a\nprovider:\n  cache: {host: a.b, vpc: vpc-0123}\n",
      "3: provider.cache: a host needs subnets: where the load balancer is "
      "to stand" },
    { "name: a\nprovider:\n  cache: {host: a.b, vpc: vpc-0123, subnets: "
      "[]}\n",
      "3: provider.cache.subnets: expected a list of subnets' ids, found "
      "none" },
    { "name: a\nprovider:\n  cache: {host: a.b, vpc: vpc-0123, subnets: "
      "[subnet-0123], endpoint: reader}\n",
      "3: provider.cache.endpoint: a host has no reader endpoint" },
    { "name: a\nprovider:\n  cache: {cluster: c, endpoint: reader}\n",
      "3: provider.cache.endpoint: a cluster has no reader endpoint" },
    { "name: a\nprovider:\n  cache: {serverless: s, endpoint: both}\n",
      "3: provider.cache.endpoint: expected primary or reader, found "
      "\"both\"" },
    { "name: a\nprovider:\n  cache: {serverless: s, port: 6379}\n",
      "3: provider.cache.port: belongs to a host; of a cache AWS tells" },
    { "name: a\nprovider:\n  cache: {replication_group: s, tls: true}\n",
      "3: provider.cache.tls: belongs to a host; of a cache AWS tells" },
    { "name: a\nprovider:\n  listeners: {}\n",
      "3: provider.listeners: expected a list of listeners, found a map" },
    { "name: a\nprovider:\n  listeners: []\n",
      "3: provider.listeners: expected a list of listeners, found none" },
    { "name: a\nprovider:\n  listeners: [{}]\n",
      "3: provider.listeners[0]: no port" },
    { "name: a\nprovider:\n  listeners: [{port: 1}]\n",
      "3: provider.listeners[0]: no cache" },
    { "name: a\nprovider:\n  listeners: [{cache: {serverless: s}}]\n",
      "3: provider.listeners[0]: no port" },
    { "name: a\nprovider:\n  listeners:\n  - {port: 1, cache: {serverless: "
      "s}}\n  - {port: 1, cache: {serverless: t}}\n",
      "5: provider.listeners[1]: a second listener on port 1" },
    { "name: a\nprovider:\n  port: 1\n  listeners: []\n",
      "4: provider.listeners: stands beside port; each listener has its "
      "own" },
    { "name: a\nprovider:\n  listeners: [{port: 1, cache: {serverless: "
      "s}}, {port: 2, cache: {serverless: s}}, {port: 3, cache: "
      "{serverless: s}}, {port: 4, cache: {serverless: s}}, {port: 5, "
      "cache: {serverless: s}}, {port: 6, cache: {serverless: s}}, {port: "
      "7, cache: {serverless: s}}, {port: 8, cache: {serverless: s}}, "
      "{port: 9, cache: {serverless: s}}, {port: 10, cache: {serverless: "
      "s}}, {port: 11, cache: {serverless: s}}, {port: 12, cache: "
      "{serverless: s}}, {port: 13, cache: {serverless: s}}, {port: 14, "
      "cache: {serverless: s}}, {port: 15, cache: {serverless: s}}, {port: "
      "16, cache: {serverless: s}}, {port: 17, cache: {serverless: s}}, "
      "{port: 18, cache: {serverless: s}}, {port: 19, cache: {serverless: "
      "s}}, {port: 20, cache: {serverless: s}}, {port: 21, cache: "
      "{serverless: s}}, {port: 22, cache: {serverless: s}}, {port: 23, "
      "cache: {serverless: s}}, {port: 24, cache: {serverless: s}}, {port: "
      "25, cache: {serverless: s}}, {port: 26, cache: {serverless: s}}, "
      "{port: 27, cache: {serverless: s}}, {port: 28, cache: {serverless: "
      "s}}, {port: 29, cache: {serverless: s}}, {port: 30, cache: "
      "{serverless: s}}, {port: 31, cache: {serverless: s}}, {port: 32, "
      "cache: {serverless: s}}, {port: 33, cache: {serverless: s}}, {port: "
      "34, cache: {serverless: s}}, {port: 35, cache: {serverless: s}}, "
      "{port: 36, cache: {serverless: s}}, {port: 37, cache: {serverless: "
      "s}}, {port: 38, cache: {serverless: s}}, {port: 39, cache: "
      "{serverless: s}}, {port: 40, cache: {serverless: s}}, {port: 41, "
      "cache: {serverless: s}}, {port: 42, cache: {serverless: s}}, {port: "
      "43, cache: {serverless: s}}, {port: 44, cache: {serverless: s}}, "
      "{port: 45, cache: {serverless: s}}, {port: 46, cache: {serverless: "
      "s}}, {port: 47, cache: {serverless: s}}, {port: 48, cache: "
      "{serverless: s}}, {port: 49, cache: {serverless: s}}, {port: 50, "
      "cache: {serverless: s}}, {port: 51, cache: {serverless: s}}]\n",
      "3: provider.listeners: 51 listeners; expected 50 at most" },
    { "name: a\nprovider:\n  target_group: {arn: "
      "\"arn:aws:elasticloadbalancing:us-west-2:444455556666:targetgroup/x/"
      "0123\"}\n  listeners: []\n",
      "4: provider.listeners: stands beside target_group; each listener "
      "has its own" },
    { "name: a\nprovider:\n  port: 6380\n",
      "2: provider: no cache; expected cache or listeners" },
};

static void the_provider(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(provider_rows); i++)
        assert_row(&provider_rows[i]);
}

static const struct row consumers_rows[] = {
    { CONSUMER "  vcp: x\n",
      "6: consumer: unknown key \"vcp\"; did you mean vpc?" },
    { CONSUMER "  subnets: all\n",
      "6: consumer.subnets: expected a list of subnets' ids, or the word "
      "auto, found \"all\"" },
    { CONSUMER "  subnets: []\n",
      "6: consumer.subnets: expected a list of subnets' ids, or the word "
      "auto, found none" },
    { CONSUMER "  subnets: [subnet_1]\n",
      "6: consumer.subnets[0]: expected a subnet's id, such as "
      "subnet-0a1b2c3d, found \"subnet_1\"" },
    { CONSUMER "  subnets: [subnet-0123, subnet-0123]\n",
      "6: consumer.subnets[1]: subnet-0123 is given twice" },
    { CONSUMER "  security_groups: make\n",
      "6: consumer.security_groups: expected a list of security groups' "
      "ids, or the word create, found \"make\"" },
    { CONSUMER "  security_groups: [sg-xyz]\n",
      "6: consumer.security_groups[0]: expected a security group's id, "
      "such as sg-0a1b2c3d, found \"sg-xyz\"" },
    { CONSUMER "  rules: none\n",
      "6: consumer.rules: expected add or check, found \"none\"" },
    { CONSUMER "  client_cidrs: 10.0.0.0/8\n",
      "6: consumer.client_cidrs: expected a list of IPv4 ranges, or the "
      "word auto, found \"10.0.0.0/8\"" },
    { CONSUMER "  client_cidrs: [10.0.0.1/8]\n",
      "6: consumer.client_cidrs[0]: expected an IPv4 range without host "
      "bits, such as 10.0.3.0/24, found \"10.0.0.1/8\"" },
    { CONSUMER "  client_cidrs: [10.0.0.0/33]\n",
      "6: consumer.client_cidrs[0]: expected an IPv4 range without host "
      "bits, such as 10.0.3.0/24, found \"10.0.0.0/33\"" },
    { CONSUMER "  client_cidrs: [10.0.0.0]\n",
      "6: consumer.client_cidrs[0]: expected an IPv4 range without host "
      "bits, such as 10.0.3.0/24, found \"10.0.0.0\"" },
    { CONSUMER "  client_cidrs: [\"::/0\"]\n",
      "6: consumer.client_cidrs[0]: expected an IPv4 range without host "
      "bits, such as 10.0.3.0/24, found \"::/0\"" },
    { CONSUMER "  client_cidrs: [10.0.0.0/08]\n",
      "6: consumer.client_cidrs[0]: expected an IPv4 range without host "
      "bits, such as 10.0.3.0/24, found \"10.0.0.0/08\"" },
    { CONSUMER "  client_cidrs: [300.0.0.0/8]\n",
      "6: consumer.client_cidrs[0]: expected an IPv4 range without host "
      "bits, such as 10.0.3.0/24, found \"300.0.0.0/8\"" },
    { CONSUMER "  service_name: com.amazonaws.vpce.us-west-2.vpce-svc-0123\n",
      "6: consumer.service_name: the provider in this file tells it; "
      "expected only one of the two" },
    { CONSUMER "  service_name: x\n",
      "6: consumer.service_name: expected a service's name, such as "
      "com.amazonaws.vpce.us-west-2.vpce-svc-0a1b2c3d, found \"x\"" },
    { CONSUMER "  endpoint: {}\n", "6: consumer.endpoint: no id" },
    { CONSUMER "  endpoint: {id: vpce-svc-0123}\n",
      "6: consumer.endpoint.id: expected an endpoint's id, such as "
      "vpce-0a1b2c3d, found \"vpce-svc-0123\"" },
    { CONSUMER "  endpoint: vpce-0123\n",
      "6: consumer.endpoint: expected a map, found \"vpce-0123\"" },
    { CONSUMER "  private_dns: 7\n",
      "6: consumer.private_dns: expected true or false, found \"7\"" },
    { CONSUMER "  principals: [\"arn:aws:iam::111122223333:role/app\"]\n",
      "6: consumer.principals: belongs to a consumer without profile, "
      "role_arn and vpc; who else may connect stands in "
      "provider.service.allowed_principals" },
    { CONSUMER "  accept: listed\n",
      "6: consumer.accept: belongs to a consumer without profile, role_arn "
      "and vpc; who else may connect stands in "
      "provider.service.allowed_principals" },
    { CONSUMER "  external_id: x\n",
      "6: consumer.external_id: belongs to a role_arn, and there is none" },
    { CONSUMER "  name: \"a/b\"\n",
      "6: consumer.name: expected a name of up to 64 letters, digits, - _ "
      "., beginning with a letter or a digit, found \"a/b\"" },
    { CONSUMER "  tags: {k: 3, k: 4}\n", "6: \"k\": given twice" },
    { PROVIDER "consumer: {}\n",
      "4: consumer: a consumer without profile, role_arn and vpc needs "
      "principals: who may connect" },
    { PROVIDER "consumer: {account: \"111122223333\"}\n",
      "4: consumer: a consumer without profile, role_arn and vpc needs "
      "principals: who may connect" },
    { PROVIDER "consumer: {profile: app}\n",
      "4: consumer: no vpc: where the endpoint is to stand" },
    { PROVIDER "consumer: {account: \"111122223333\", principals: [\"*\"], "
               "accept: listed, region: us-west-2}\n",
      "4: consumer.region: belongs to a consumer with a vpc; this one has "
      "neither profile, role_arn nor vpc" },
    { PROVIDER "consumer: {principals: [\"*\"], accept: listed}\n",
      "4: consumer.accept: listed needs the account whose connections are "
      "to be accepted" },
    { PROVIDER "consumer: {principals: [\"*\"], accept: always}\n",
      "4: consumer.accept: expected manual or listed, found \"always\"" },
    { PROVIDER "consumers: [{vpc: vpc-0123}]\n",
      "4: consumers[0]: no name; each of several has one" },
    { PROVIDER "consumers:\n- {name: x, vpc: vpc-0123}\n- {name: x, vpc: "
               "vpc-0123}\n",
      "6: consumers[1]: a second consumer called x" },
    { PROVIDER "consumers: [3]\n",
      "4: consumers[0]: expected a map, found \"3\"" },
    { "name: a\nconsumer: {vpc: vpc-0123}\n",
      "2: consumer: no service_name, and the file has no provider that "
      "would tell it" },
    { "name: a\nconsumer: {principals: [\"*\"]}\n",
      "2: consumer: a consumer without profile, role_arn and vpc, in a "
      "file without a provider: nothing to do" },
    { "name: a\nconsumer: {vpc: vpc-0123, service_name: "
      "com.amazonaws.us-west-2.s3}\n",
      "2: consumer.service_name: expected a service's name, such as "
      "com.amazonaws.vpce.us-west-2.vpce-svc-0a1b2c3d, found "
      "\"com.amazonaws.us-west-2.s3\"" },
};

static void the_consumers(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(consumers_rows); i++)
        assert_row(&consumers_rows[i]);
}

static const struct row aws_rows[] = {
    { PROVIDER "consumer:\n  vpc: vpc-\n",
      "5: consumer.vpc: expected a VPC's id, such as vpc-0a1b2c3d, found "
      "\"vpc-\"" },
    { PROVIDER "consumer:\n  vpc: vpc-XYZ1\n",
      "5: consumer.vpc: expected a VPC's id, such as vpc-0a1b2c3d, found "
      "\"vpc-XYZ1\"" },
    { PROVIDER "consumer:\n  vpc: 0123\n",
      "5: consumer.vpc: expected a VPC's id, such as vpc-0a1b2c3d, found "
      "\"0123\"" },
    { PROVIDER "consumer:\n  vpc: \"vpc-0123\\n\"\n",
      "5: consumer.vpc: expected a VPC's id, such as vpc-0a1b2c3d, found "
      "\"vpc-0123\\x0a\"" },
    { PROVIDER "consumer:\n  vpc: subnet-0123\n",
      "5: consumer.vpc: expected a VPC's id, such as vpc-0a1b2c3d, found "
      "\"subnet-0123\"" },
    { PROVIDER "consumer:\n  vpc: vpc-000000000000000000000000000000000\n",
      "5: consumer.vpc: expected a VPC's id, such as vpc-0a1b2c3d, found "
      "\"vpc-000000000000000000000000000000000\"" },
};

static void words_of_aws(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(aws_rows); i++)
        assert_row(&aws_rows[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shape_of_the_file),
        cmocka_unit_test(the_provider),
        cmocka_unit_test(the_consumers),
        cmocka_unit_test(words_of_aws),
    };

    return cmocka_run_group_tests_name("spec_wrong", tests, NULL, NULL);
}
