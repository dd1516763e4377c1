/*
 * client_account.c -- whom calls are made for: sites, clock, retries, log.
 */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

#include "aws/client_internal.h"
#include "cli/text.h"

enum {
    ATTEMPTS = 8, /* a reconciler under 30 % throttling needs as many */
    TOTAL_MS = 120000,
    LOG_LINE_SIZE = 512,
};

/* --- Sites --------------------------------------------------------------- */

/* Host and path of the URL; the port that the scheme implies is not sent. */
static bool site_parse(struct site *site, char *error, size_t size)
{
    const char *host = strstr(site->url, "://"), *usual = ":443";
    char quoted[QUOTE_MAX];
    size_t n;

    if (strncasecmp(site->url, "http://", 7) == 0)
        usual = ":80";
    else if (strncasecmp(site->url, "https://", 8) != 0)
        host = NULL;
    n = host ? strcspn(host + 3, "/?#") : 0;
    if (n == 0 || n >= sizeof(site->host) || strpbrk(site->url, "?#@"))
        return error_set(error, size,
                         "the endpoint %s is not of the form "
                         "http[s]://HOST[:PORT][/PATH]",
                         text_quote(site->url, quoted));
    memcpy(site->host, host + 3, n);
    site->host[n] = '\0';
    site->path = host[3 + n] == '/' ? host + 3 + n : "/";
    if (n > strlen(usual) && strcmp(site->host + n - strlen(usual), usual) == 0)
        site->host[n - strlen(usual)] = '\0';
    return true;
}

static bool find_sites(struct aws_account *account,
                       const struct profiles *profiles,
                       const struct aws_account_options *options, char *error,
                       size_t size)
{
    for (unsigned i = 0; i < AWS_SERVICES; i++) {
        struct site *site = &account->sites[i];

        if (!aws_endpoint((enum aws_service)i, account->region,
                          options->endpoint_url, profiles, options->profile,
                          site->url, sizeof(site->url), error, size) ||
            !site_parse(site, error, size))
            return false;
    }
    return true;
}

/* --- The life ------------------------------------------------------------ */

static bool find_region(struct aws_account *account,
                        const struct profiles *profiles,
                        const struct aws_account_options *options, char *error,
                        size_t size)
{
    const char *region = options->region;
    char quoted[QUOTE_MAX];

    if (!region)
        region = aws_region_default(profiles, options->profile);
    if (!region)
        return error_set(error, size,
                         "no region: name one, or set AWS_REGION or the "
                         "profile's region");
    if (!aws_region_valid(region))
        return error_set(error, size, "%s is not a region, such as us-west-2",
                         text_quote(region, quoted));
    account->region = strdup(region);
    account->label = strdup(options->label ? options->label : "account");
    if (!account->region || !account->label)
        return error_set(error, size, "out of memory");
    return true;
}

static bool set_up(struct aws_account *account, const struct profiles *profiles,
                   const struct aws_account_options *options, char *error,
                   size_t size)
{
    struct credentials_options who = {
        .profile = options->profile,
        .role_arn = options->role_arn,
        .external_id = options->external_id,
        .endpoint_url = options->endpoint_url,
    };

    if (!find_region(account, profiles, options, error, size) ||
        !find_sites(account, profiles, options, error, size))
        return false;
    who.region = account->region;
    account->credentials =
        credentials_new(account->loop, account->http, profiles, &who);
    if (!account->credentials)
        return error_set(error, size, "out of memory");
    return true;
}

struct aws_account *aws_account_new(struct net_loop *loop, struct http *http,
                                    const struct profiles *profiles,
                                    const struct aws_account_options *options,
                                    char *error, size_t size)
{
    struct aws_account *account = calloc(1, sizeof(*account));

    assert(net_loop_here(loop));
    if (!account) {
        (void)error_set(error, size, "out of memory");
        return NULL;
    }
    account->loop = loop;
    account->http = http;
    account->attempts = options->attempts > 0 ? options->attempts : ATTEMPTS;
    account->total_ms = options->total_ms > 0 ? options->total_ms : TOTAL_MS;
    account->retry_base_ms = options->retry_base_ms;
    account->quota = QUOTA_FULL;
    if (getrandom(&account->random, sizeof(account->random), 0) < 0)
        account->random = net_now();
    if (!set_up(account, profiles, options, error, size)) {
        aws_account_free(account);
        return NULL;
    }
    return account;
}

void aws_account_free(struct aws_account *account)
{
    if (!account)
        return;
    assert(!account->starved && account->flights == 0);
    credentials_free(account->credentials);
    free(account->label);
    free(account->region);
    free(account);
}

/* --- What others ask ----------------------------------------------------- */

const char *aws_account_label(const struct aws_account *account)
{
    return account->label;
}

const char *aws_account_region(const struct aws_account *account)
{
    return account->region;
}

struct credentials *aws_account_credentials(struct aws_account *account)
{
    return account->credentials;
}

unsigned aws_account_retries(const struct aws_account *account)
{
    return account->retries;
}

long aws_account_skew_s(const struct aws_account *account)
{
    return account->skew_s;
}

void aws_account_log(struct aws_account *account, aws_log_cb log, void *data)
{
    account->log = log;
    account->log_data = data;
}

void account_log(struct aws_account *account, const char *format, ...)
{
    char line[LOG_LINE_SIZE];
    va_list words;

    if (!account->log)
        return;
    va_start(words, format);
    (void)vsnprintf(line, sizeof(line), format, words);
    va_end(words);
    account->log(account->log_data, line);
}

time_t account_now(const struct aws_account *account)
{
    return time(NULL) + account->skew_s;
}

/* xorshift64*: pauses need no better. */
uint64_t account_random(struct aws_account *account)
{
    uint64_t x = account->random | 1;

    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    account->random = x;
    return x * UINT64_C(2685821657736338717);
}
