/*
 * words > profiles > credentials, on a loop of their own > sign > print
 */
#include "provision/token_command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "aws/credentials.h"
#include "aws/endpoint.h"
#include "aws/token.h"
#include "cli/text.h"

enum {
    STATUS_DONE = 0,
    STATUS_WRONG = 3,
    STATUS_FAILED = 4,

    CACHE_MAX = 50, /* AWS has 40 */
    USER_MAX = 128,
};

struct token_run {
    const struct token_options *options;
    const char *region;
    struct net_loop loop;
    struct http *http;
    struct profiles *profiles;
    struct credentials *credentials;
    struct credentials_request request;
    int status;
    char *error;
    size_t size;
};

static const char letters[] =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";

static bool is_plain(const char *text)
{
    for (; *text; text++)
        if (*text <= ' ' || *text > '~')
            return false;
    return true;
}

/* The name is signed as it is: another one makes a token that is refused with
 * no word of why. */
static bool words_are_right(const struct token_options *options, char *error,
                            size_t size)
{
    const char *cache = options->cache, *user = options->user;
    char quoted[QUOTE_MAX];

    if (!cache || !*cache)
        return error_set(error, size,
                         "provision token: no --cache; expected "
                         "the id of a replication group or the "
                         "name of a serverless cache");
    if (!user || !*user)
        return error_set(error, size,
                         "provision token: no --user; expected "
                         "the id of an ElastiCache user");
    if (strspn(cache, letters) != strlen(cache) || strlen(cache) > CACHE_MAX)
        return error_set(error, size,
                         "--cache is %s; expected the id of a replication "
                         "group or the name of a serverless cache%s",
                         text_quote(cache, quoted),
                         strchr(cache, '.') ? ", which is not its host name"
                                            : "");
    if (!is_plain(user) || strlen(user) > USER_MAX)
        return error_set(error, size,
                         "--user is %s; expected the id of an ElastiCache user",
                         text_quote(user, quoted));
    return true;
}

static bool find_region(struct token_run *run)
{
    char quoted[QUOTE_MAX];

    run->region = run->options->region;
    if (!run->region)
        run->region = aws_region_default(run->profiles, run->options->profile);
    if (!run->region)
        return error_set(run->error, run->size,
                         "no region: name the cache's with --region, or set "
                         "AWS_REGION or the profile's region");
    if (aws_region_valid(run->region))
        return true;
    return error_set(run->error, run->size,
                     "the region is %s; expected one like us-west-2",
                     text_quote(run->region, quoted));
}

static void print(struct token_run *run, const struct aws_keys *keys)
{
    const struct token_options *options = run->options;
    char *token = token_make(options->cache, options->user, run->region,
                             options->serverless, keys, time(NULL));

    run->status = STATUS_FAILED;
    if (!token)
        error_set(run->error, run->size, "out of memory");
    else if (puts(token) < 0 || fflush(stdout) != 0)
        error_set(run->error, run->size, "the token cannot be written");
    else
        run->status = STATUS_DONE;
    if (token)
        explicit_bzero(token, strlen(token));
    free(token);
}

static void on_keys(void *data, const struct aws_keys *keys, const char *source,
                    const char *error)
{
    struct token_run *run = data;

    (void)source;
    if (keys) {
        print(run, keys);
        return;
    }
    error_set(run->error, run->size, "%s", error);
    run->status = credentials_fault(run->credentials) == CREDENTIALS_CONFIG
                      ? STATUS_WRONG
                      : STATUS_FAILED;
}

static void ask(struct token_run *run)
{
    const struct token_options *options = run->options;
    const struct credentials_options who = { .profile = options->profile,
                                             .role_arn = options->role_arn,
                                             .external_id =
                                                 options->external_id,
                                             .region = options->region,
                                             .endpoint_url =
                                                 options->endpoint_url };
    const char *named = getenv("AWS_CA_BUNDLE");
    const char *bundle = profiles_get(
        run->profiles, aws_profile_name(options->profile), "ca_bundle");

    run->http = http_new(&run->loop, named && *named ? NULL : bundle);
    if (run->http)
        run->credentials =
            credentials_new(&run->loop, run->http, run->profiles, &who);
    if (!run->credentials) {
        error_set(run->error, run->size, "out of memory");
        return;
    }
    run->request.done = on_keys;
    run->request.data = run;
    credentials_get(run->credentials, &run->request);
    net_loop_run(&run->loop);
}

int token_command(const struct token_options *options, char *error, size_t size)
{
    struct token_run run = {
        .options = options, .error = error, .size = size, .status = STATUS_WRONG
    };

    if (!words_are_right(options, error, size))
        return STATUS_WRONG;
    run.profiles = profiles_load(error, size);
    if (run.profiles && find_region(&run)) {
        run.status = STATUS_FAILED;
        if (net_loop_init(&run.loop) == 0) {
            ask(&run);
            credentials_free(run.credentials);
            http_free(run.http);
            net_loop_run(&run.loop);
            (void)net_loop_close(&run.loop);
        } else {
            error_set(error, size, "out of memory");
        }
    }
    profiles_free(run.profiles);
    return run.status;
}
