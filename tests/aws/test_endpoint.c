/*
 * test_endpoint.c -- the region and the URL are the ones that AWS' own tools
 * take.
 */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/endpoint.h"
#include "cli/text.h"

static char url[256], error[ERROR_TEXT_MAX];

static const char config[] = "[default]\n"
                             "region = eu-west-1\n"
                             "[profile here]\n"
                             "region = eu-west-2\n"
                             "services = mine\n"
                             "endpoint_url = http://profile:1\n"
                             "[profile quiet]\n"
                             "endpoint_url = http://profile:1\n"
                             "ignore_configured_endpoint_urls = true\n"
                             "[services mine]\n"
                             "elastic_load_balancing_v2 =\n"
                             "  endpoint_url = http://section:1/\n"
                             "ec2 =\n"
                             "  endpoint_url = nonsense\n";

static const char *const variables[] = {
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2",
    "AWS_ENDPOINT_URL_STS",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_USE_DUALSTACK_ENDPOINT",
};

static struct profiles *profiles;

static int set_up(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(variables); i++)
        (void)unsetenv(variables[i]);
    error[0] = url[0] = '\0';
    profiles =
        profiles_read(config, strlen(config), "", 0, error, sizeof(error));
    return profiles ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    profiles_free(profiles);
    return 0;
}

static void set(const char *name, const char *value)
{
    assert_int_equal(setenv(name, value, 1), 0);
}

static const char *find(enum aws_service service, const char *region,
                        const char *option, const char *profile)
{
    return aws_endpoint(service, region, option, profiles, profile, url,
                        sizeof(url), error, sizeof(error))
               ? url
               : NULL;
}

static void every_service_has_a_host_in_every_partition(void **state)
{
    static const struct {
        enum aws_service service;
        const char *region, *partition, *url;
    } rows[] = {
        { AWS_EC2, "us-west-2", "aws", "https://ec2.us-west-2.amazonaws.com" },
        { AWS_ELBV2, "mx-central-1", "aws",
          "https://elasticloadbalancing.mx-central-1.amazonaws.com" },
        { AWS_ELASTICACHE, "cn-north-1", "aws-cn",
          "https://elasticache.cn-north-1.amazonaws.com.cn" },
        { AWS_STS, "us-gov-east-1", "aws-us-gov",
          "https://sts.us-gov-east-1.amazonaws.com" },
        { AWS_STS, "us-iso-east-1", "aws-iso",
          "https://sts.us-iso-east-1.c2s.ic.gov" },
        { AWS_STS, "us-isob-east-1", "aws-iso-b",
          "https://sts.us-isob-east-1.sc2s.sgov.gov" },
        { AWS_STS, "eu-isoe-west-1", "aws-iso-e",
          "https://sts.eu-isoe-west-1.cloud.adc-e.uk" },
        { AWS_STS, "us-isof-south-1", "aws-iso-f",
          "https://sts.us-isof-south-1.csp.hci.ic.gov" },
        { AWS_EC2, "eusc-de-east-1", "aws-eusc",
          "https://ec2.eusc-de-east-1.amazonaws.eu" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_string_equal(find(rows[i].service, rows[i].region, NULL, NULL),
                            rows[i].url);
        assert_string_equal(aws_partition(rows[i].region), rows[i].partition);
    }
}

static void fips_and_both_families_have_hosts_of_their_own(void **state)
{
    static const struct {
        const char *fips, *dual, *region, *url;
    } rows[] = {
        { "true", "", "us-west-2", "https://ec2-fips.us-west-2.amazonaws.com" },
        { "", "TRUE", "us-west-2", "https://ec2.us-west-2.api.aws" },
        { "true", "true", "us-west-2", "https://ec2-fips.us-west-2.api.aws" },
        { "false", "no", "us-west-2", "https://ec2.us-west-2.amazonaws.com" },
        { "true", "", "us-gov-west-1",
          "https://ec2.us-gov-west-1.amazonaws.com" },
        { "true", "true", "us-gov-west-1",
          "https://ec2-fips.us-gov-west-1.api.aws" },
        { "", "true", "cn-north-1",
          "https://ec2.cn-north-1.api.amazonwebservices.com.cn" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        set("AWS_USE_FIPS_ENDPOINT", rows[i].fips);
        set("AWS_USE_DUALSTACK_ENDPOINT", rows[i].dual);
        assert_string_equal(find(AWS_EC2, rows[i].region, NULL, NULL),
                            rows[i].url);
    }
    assert_string_equal(find(AWS_EC2, "cn-north-1", "http://option:1", NULL),
                        "http://option:1");
}

static void what_is_no_region_goes_into_no_host_name(void **state)
{
    static const char *const wrong[] = {
        "",
        "us-west",
        "us-west-2a",
        "US-WEST-2",
        "us_west_2",
        "us-west-2.x",
        "us-west-2/",
        "evil.com/#-a-1",
        "-us-west-2",
        "us--west-2",
        "us-west-2-",
        "west-2",
        "us-w\n-2",
        "1us-west-2",
        "us-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-1",
    };
    static const char *const right[] = { "us-west-2", "us-gov-west-1",
                                         "ap-southeast-7", "us-isob-east-1",
                                         "eu-isoe-west-1" };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
        assert_false(aws_region_valid(wrong[i]));
        assert_null(find(AWS_EC2, wrong[i], NULL, NULL));
        assert_non_null(strstr(error, "is no AWS region"));
        assert_null(strchr(error, '\n'));
    }
    for (size_t i = 0; i < ARRAY_SIZE(right); i++)
        assert_true(aws_region_valid(right[i]));
    assert_null(find(AWS_EC2, NULL, NULL, NULL));
}

static void the_nearest_url_wins(void **state)
{
    (void)state;
    assert_string_equal(find(AWS_ELBV2, "eu-west-2", NULL, "here"),
                        "http://section:1");
    assert_string_equal(find(AWS_STS, "eu-west-2", NULL, "here"),
                        "http://profile:1");
    set("AWS_ENDPOINT_URL", "http://all:1");
    assert_string_equal(find(AWS_ELBV2, "eu-west-2", NULL, "here"),
                        "http://all:1");
    set("AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2", "https://one:1/");
    assert_string_equal(find(AWS_ELBV2, "eu-west-2", NULL, "here"),
                        "https://one:1");
    assert_string_equal(find(AWS_STS, "eu-west-2", NULL, "here"),
                        "http://all:1");
    assert_string_equal(find(AWS_ELBV2, NULL, "http://option:1", "here"),
                        "http://option:1");
}

static void configured_urls_may_be_ignored(void **state)
{
    (void)state;
    assert_string_equal(find(AWS_EC2, "us-west-2", NULL, "quiet"),
                        "https://ec2.us-west-2.amazonaws.com");
    set("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "false");
    assert_string_equal(find(AWS_EC2, "us-west-2", NULL, "quiet"),
                        "http://profile:1");
    set("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "True");
    set("AWS_ENDPOINT_URL", "http://all:1");
    assert_string_equal(find(AWS_ELBV2, "us-west-2", NULL, "here"),
                        "https://elasticloadbalancing.us-west-2.amazonaws.com");
    assert_string_equal(find(AWS_EC2, "us-west-2", "http://option:1", "quiet"),
                        "http://option:1");
}

static void what_is_no_url_is_said_with_its_source(void **state)
{
    static const char *const wrong[] = {
        "nonsense",          "ftp://a",           "http://",
        "http:///path",      "http://a b",        "http://a?b=c",
        "http://a#b",        "http://user:pw@a",  "https://:443",
        "http://a\nHost: b", "http://\xc3\xa9.b",
    };

    (void)state;
    assert_null(find(AWS_EC2, "eu-west-2", NULL, "here"));
    assert_non_null(strstr(error, "ec2.endpoint_url of [services mine] is "
                                  "\"nonsense\""));
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
        set("AWS_ENDPOINT_URL_STS", wrong[i]);
        assert_null(find(AWS_STS, "eu-west-2", NULL, NULL));
        assert_int_equal(strncmp(error, "AWS_ENDPOINT_URL_STS is ", 24), 0);
        assert_null(strstr(error, "pw"));
        assert_null(strchr(error, '\n'));
    }
    assert_null(find(AWS_STS, NULL, "x", NULL));
    assert_int_equal(strncmp(error, "--endpoint-url is ", 18), 0);
}

static void a_url_that_does_not_fit_is_refused(void **state)
{
    char room[40];

    (void)state;
    for (size_t n = 1; n < sizeof(room); n++)
        assert_false(aws_endpoint(AWS_ELBV2, "us-west-2", NULL, NULL, NULL,
                                  room, n, error, sizeof(error)));
    assert_false(aws_endpoint(AWS_ELBV2, NULL, "http://a.example", NULL, NULL,
                              room, 16, error, sizeof(error)));
    assert_true(aws_endpoint(AWS_ELBV2, NULL, "http://a.example", NULL, NULL,
                             room, 17, error, sizeof(error)));
}

static void the_region_is_the_environments_then_the_profiles(void **state)
{
    (void)state;
    assert_string_equal(aws_region_default(profiles, NULL), "eu-west-1");
    assert_string_equal(aws_region_default(profiles, "here"), "eu-west-2");
    assert_null(aws_region_default(profiles, "nobody"));
    set("AWS_PROFILE", "here");
    assert_string_equal(aws_region_default(profiles, NULL), "eu-west-2");
    set("AWS_DEFAULT_REGION", "us-east-1");
    assert_string_equal(aws_region_default(profiles, "here"), "us-east-1");
    set("AWS_REGION", "us-east-2");
    assert_string_equal(aws_region_default(NULL, NULL), "us-east-2");
    set("AWS_REGION", "");
    assert_string_equal(aws_region_default(NULL, NULL), "us-east-1");
}

static void the_profile_is_the_options_then_the_environments(void **state)
{
    (void)state;
    assert_string_equal(aws_profile_name(NULL), "default");
    set("AWS_DEFAULT_PROFILE", "b");
    assert_string_equal(aws_profile_name(NULL), "b");
    set("AWS_PROFILE", "a");
    assert_string_equal(aws_profile_name(NULL), "a");
    assert_string_equal(aws_profile_name("c"), "c");
}

static void services_have_their_names_on_the_wire(void **state)
{
    static const struct aws_service_info rows[AWS_SERVICES] = {
        { "ec2", "2016-11-15", "EC2", "ec2" },
        { "elasticloadbalancing", "2015-12-01", "ELASTIC_LOAD_BALANCING_V2",
          "elasticloadbalancing" },
        { "elasticache", "2015-02-02", "ELASTICACHE", "elasticache" },
        { "sts", "2011-06-15", "STS", "sts" },
    };

    (void)state;
    for (int i = 0; i < AWS_SERVICES; i++) {
        const struct aws_service_info *info =
            aws_service_info((enum aws_service)i);

        assert_string_equal(info->name, rows[i].name);
        assert_string_equal(info->version, rows[i].version);
        assert_string_equal(info->id, rows[i].id);
        assert_string_equal(info->prefix, rows[i].prefix);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_service_has_a_host_in_every_partition),
        TEST(fips_and_both_families_have_hosts_of_their_own),
        TEST(what_is_no_region_goes_into_no_host_name),
        TEST(the_nearest_url_wins),
        TEST(configured_urls_may_be_ignored),
        TEST(what_is_no_url_is_said_with_its_source),
        TEST(a_url_that_does_not_fit_is_refused),
        TEST(the_region_is_the_environments_then_the_profiles),
        TEST(the_profile_is_the_options_then_the_environments),
        TEST(services_have_their_names_on_the_wire),
    };

    return cmocka_run_group_tests_name("endpoint", tests, NULL, NULL);
}
