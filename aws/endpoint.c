/*
 * Tables: the services, the partitions, and where a URL may come from.
 *
 * Source of the partitions: partitions.json of the AWS SDKs.
 */
#include "aws/endpoint.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/text.h"

const struct aws_service_info *aws_service_info(enum aws_service service)
{
    static const struct aws_service_info rows[AWS_SERVICES] = {
        [AWS_EC2] = { "ec2", "2016-11-15", "EC2", "ec2" },
        [AWS_ELBV2] = { "elasticloadbalancing", "2015-12-01",
                        "ELASTIC_LOAD_BALANCING_V2", "elasticloadbalancing" },
        [AWS_ELASTICACHE] = { "elasticache", "2015-02-02", "ELASTICACHE",
                              "elasticache" },
        [AWS_STS] = { "sts", "2011-06-15", "STS", "sts" },
    };

    assert(service < AWS_SERVICES);
    return &rows[service];
}

struct partition {
    const char *prefix; /* of its regions */
    const char *name, *suffix;
    const char *dual_suffix; /* of names that have IPv6 addresses as well */
};

/* What begins with none of these is the commercial one: its regions begin with
 * us-, eu-, ap- and more every year. */
static const struct partition *partition_of(const char *region)
{
    static const struct partition rows[] = {
        { "cn-", "aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn" },
        { "us-gov-", "aws-us-gov", "amazonaws.com", "api.aws" },
        { "us-iso-", "aws-iso", "c2s.ic.gov", "api.aws.ic.gov" },
        { "us-isob-", "aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud" },
        { "eu-isoe-", "aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk" },
        { "us-isof-", "aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov" },
        { "eusc-", "aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu" },
        { "", "aws", "amazonaws.com", "api.aws" },
    };
    size_t i = 0;

    while (strncmp(rows[i].prefix, region, strlen(rows[i].prefix)) != 0)
        i++;
    return &rows[i];
}

const char *aws_partition(const char *region)
{
    return partition_of(region)->name;
}

const char *aws_dns_suffix(const char *region)
{
    return partition_of(region)->suffix;
}

/* us-west-2, us-gov-east-1: words of letters and digits, the first one of
 * letters, and a number at last.  It becomes part of a host's name. */
bool aws_region_valid(const char *region)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    static const char both[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    size_t n = strspn(region, letters);
    unsigned words = 1;
    const char *last;

    if (n == 0 || strlen(region) > 32)
        return false;
    last = region;
    region += n;
    while (*region == '-') {
        last = region + 1;
        n = strspn(last, both);
        if (n == 0)
            return false;
        region = last + n;
        words++;
    }
    return *region == '\0' && words >= 3 &&
           strspn(last, "0123456789") == strlen(last);
}

static const char *variable(const char *name)
{
    const char *value = getenv(name);

    return value && *value ? value : NULL;
}

const char *aws_region_default(const struct profiles *profiles,
                               const char *profile)
{
    const char *region = variable("AWS_REGION");

    if (!region)
        region = variable("AWS_DEFAULT_REGION");
    if (!region && profiles)
        region = profiles_get(profiles, aws_profile_name(profile), "region");
    return region;
}

const char *aws_profile_name(const char *profile)
{
    if (!profile)
        profile = variable("AWS_PROFILE");
    if (!profile)
        profile = variable("AWS_DEFAULT_PROFILE");
    return profile ? profile : "default";
}

/* A URL, and whose word it is. */
struct finding {
    const char *url;
    char source[160];
};

struct search {
    const struct aws_service_info *info;
    const struct profiles *profiles;
    const char *profile;
};

/* Is it "true": a variable, or else the profile's `key`? */
static bool is_set(const struct search *s, const char *name, const char *key)
{
    const char *word = variable(name);

    if (!word && s->profiles)
        word = profiles_get(s->profiles, s->profile, key);
    return word && strcasecmp(word, "true") == 0;
}

static bool find_in_environment(const struct search *s, struct finding *f)
{
    (void)snprintf(f->source, sizeof(f->source), "AWS_ENDPOINT_URL_%s",
                   s->info->id);
    f->url = variable(f->source);
    if (f->url)
        return true;
    (void)snprintf(f->source, sizeof(f->source), "AWS_ENDPOINT_URL");
    f->url = variable(f->source);
    return f->url != NULL;
}

/* "ELASTIC_LOAD_BALANCING_V2" to "elastic_load_balancing_v2.endpoint_url". */
static void service_key(const struct search *s, char *key, size_t size)
{
    (void)snprintf(key, size, "%s.endpoint_url", s->info->id);
    for (; *key; key++)
        *key = (char)tolower((unsigned char)*key);
}

static bool find_in_profile(const struct search *s, struct finding *f)
{
    const char *services = profiles_get(s->profiles, s->profile, "services");
    char key[64], quoted[QUOTE_MAX];

    if (services) {
        service_key(s, key, sizeof(key));
        f->url = profiles_service(s->profiles, services, key);
        (void)snprintf(f->source, sizeof(f->source), "%s of [services %.60s]",
                       key, services);
    }
    if (!f->url) {
        f->url = profiles_get(s->profiles, s->profile, "endpoint_url");
        text_quote(s->profile, quoted);
        (void)snprintf(f->source, sizeof(f->source),
                       "endpoint_url of profile %.100s", quoted);
    }
    return f->url != NULL;
}

static bool url_is_one(const char *url)
{
    const char *host;

    if (strncasecmp(url, "https://", 8) == 0)
        host = url + 8;
    else if (strncasecmp(url, "http://", 7) == 0)
        host = url + 7;
    else
        return false;
    for (const char *at = url; *at; at++)
        if (*at <= ' ' || *at > '~' || strchr("\"<>\\^`{|}?#@", *at))
            return false;
    return *host && *host != '/' && *host != ':';
}

static bool url_take(const struct finding *f, char *url, size_t url_size,
                     char *error, size_t size)
{
    size_t n = strlen(f->url);
    char quoted[QUOTE_MAX];

    if (!url_is_one(f->url) || n >= url_size)
        return error_set(error, size,
                         "%s is %s; expected http:// or https://, a host, and "
                         "neither user nor query",
                         f->source, text_quote(f->url, quoted));
    memcpy(url, f->url, n + 1);
    while (url[n - 1] == '/')
        url[--n] = '\0';
    return true;
}

/* Those of the government's partition are FIPS' anyway. */
static bool url_make(const struct search *s, const char *region, char *url,
                     size_t size)
{
    const struct partition *partition = partition_of(region);
    bool dual =
        is_set(s, "AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint");
    bool fips = is_set(s, "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint") &&
                (dual || strcmp(partition->name, "aws-us-gov") != 0);
    int n = snprintf(url, size, "https://%s%s.%s.%s", s->info->prefix,
                     fips ? "-fips" : "", region,
                     dual ? partition->dual_suffix : partition->suffix);

    return n > 0 && (size_t)n < size;
}

bool aws_endpoint(enum aws_service service, const char *region,
                  const char *option, const struct profiles *profiles,
                  const char *profile, char *url, size_t url_size, char *error,
                  size_t size)
{
    struct search s = { .info = aws_service_info(service),
                        .profiles = profiles,
                        .profile = aws_profile_name(profile) };
    struct finding f = { .url = option, .source = "--endpoint-url" };
    char quoted[QUOTE_MAX];

    if (f.url)
        return url_take(&f, url, url_size, error, size);
    if (!is_set(&s, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
                "ignore_configured_endpoint_urls") &&
        (find_in_environment(&s, &f) || (profiles && find_in_profile(&s, &f))))
        return url_take(&f, url, url_size, error, size);
    if (!region || !aws_region_valid(region))
        return error_set(error, size,
                         "%s is no AWS region; expected one like us-west-2",
                         region ? text_quote(region, quoted) : "nothing");
    return url_make(&s, region, url, url_size) ||
           error_set(error, size, "the endpoint's URL is too long");
}
