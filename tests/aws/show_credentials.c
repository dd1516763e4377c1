/*
 * show_credentials -- what the chain finds here, for tests that compare it with
 * what botocore finds.
 *
 *     show_credentials [-p PROFILE] [-r ROLE] [-x EXTERNAL-ID] [-e URL]
 *                      [-n TIMES] [-w WAITERS] [-c MS] [-f FILE]
 *     show_credentials token CACHE USER REGION SERVERLESS NOW
 *     show_credentials endpoint SERVICE REGION|- [PROFILE]
 *     show_credentials config PROFILE KEY...
 *
 * The first prints one line a request, all requests of a round at once: source,
 * access key id, and whether there is a token.  -c cancels after so long, -f
 * when the file is there.  The
 * second prints the token for the keys in the environment, the last each value
 * in hexadecimal, "-" where there is none.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "aws/credentials.h"
#include "aws/endpoint.h"
#include "aws/token.h"
#include "cli/text.h"

enum {
    WAITERS_MAX = 16,
};

struct show {
    struct net_loop loop;
    struct http *http;
    struct profiles *profiles;
    struct credentials *credentials;
    struct credentials_options options;
    struct credentials_request requests[WAITERS_MAX];
    struct net_deadline cancel;
    unsigned times, waiters, waiting;
    unsigned long cancel_ms;
    const char *cancel_file;
    bool failed, refused;
};

static int wrong(const char *error)
{
    printf("error config %s\n", error);
    return 3;
}

static void begin(struct show *show);

static void on_keys(void *data, const struct aws_keys *keys, const char *source,
                    const char *error)
{
    struct show *show = data;
    bool config = credentials_fault(show->credentials) == CREDENTIALS_CONFIG;

    if (keys)
        printf("%s %s %s\n", source, keys->access_key,
               keys->session_token ? "token" : "-");
    else
        printf("error %s %s\n", config ? "config" : "service", error);
    show->failed |= !keys;
    if (--show->waiting > 0)
        return;
    net_deadline_clear(&show->loop.deadlines, &show->cancel);
    if (--show->times == 0)
        return;
    credentials_refuse(show->credentials);
    begin(show);
}

static void on_cancel(struct net_deadline *deadline)
{
    struct show *show = (struct show *)(void *)((char *)deadline -
                                                offsetof(struct show, cancel));

    if (show->cancel_file && access(show->cancel_file, F_OK) != 0) {
        net_deadline_set(&show->loop.deadlines, deadline, on_cancel, 20);
        return;
    }
    for (unsigned i = 0; i < show->waiters; i++)
        credentials_cancel(show->credentials, &show->requests[i]);
}

static void begin(struct show *show)
{
    show->waiting = show->waiters;
    for (unsigned i = 0; i < show->waiters; i++) {
        show->requests[i].done = on_keys;
        show->requests[i].data = show;
        credentials_get(show->credentials, &show->requests[i]);
    }
    if (show->cancel_ms > 0 || show->cancel_file)
        net_deadline_set(&show->loop.deadlines, &show->cancel, on_cancel,
                         show->cancel_ms);
}

static bool options_read(struct show *show, int argc, char **argv)
{
    int letter;

    while ((letter = getopt(argc, argv, "p:r:x:e:n:w:c:f:")) != -1) {
        switch (letter) {
        case 'p': show->options.profile = optarg; break;
        case 'r': show->options.role_arn = optarg; break;
        case 'x': show->options.external_id = optarg; break;
        case 'e': show->options.endpoint_url = optarg; break;
        case 'n': show->times = (unsigned)strtoul(optarg, NULL, 10); break;
        case 'w': show->waiters = (unsigned)strtoul(optarg, NULL, 10); break;
        case 'c': show->cancel_ms = strtoul(optarg, NULL, 10); break;
        case 'f': show->cancel_file = optarg; break;
        default: return false;
        }
    }
    return show->times > 0 && show->waiters > 0 && show->waiters <= WAITERS_MAX;
}

static int show_keys(int argc, char **argv)
{
    struct show show = { .times = 1, .waiters = 1 };
    char error[ERROR_TEXT_MAX];

    if (!options_read(&show, argc, argv) || net_loop_init(&show.loop) != 0)
        return 2;
    show.profiles = profiles_load(error, sizeof(error));
    if (!show.profiles) {
        (void)net_loop_close(&show.loop);
        return wrong(error);
    }
    show.http = http_new(&show.loop, NULL);
    show.credentials =
        credentials_new(&show.loop, show.http, show.profiles, &show.options);
    begin(&show);
    net_loop_run(&show.loop);
    credentials_free(show.credentials);
    http_free(show.http);
    net_loop_run(&show.loop);
    profiles_free(show.profiles);
    return net_loop_close(&show.loop) != 0 || show.failed;
}

static int show_token(char **argv)
{
    struct aws_keys keys = {
        .access_key = getenv("AWS_ACCESS_KEY_ID"),
        .secret_key = getenv("AWS_SECRET_ACCESS_KEY"),
        .session_token = getenv("AWS_SESSION_TOKEN"),
    };
    char *token = token_make(argv[0], argv[1], argv[2], *argv[3] == '1', &keys,
                             (time_t)strtol(argv[4], NULL, 10));

    if (!token)
        return 1;
    puts(token);
    free(token);
    return 0;
}

static int show_endpoint(char **argv)
{
    static const char *const names[AWS_SERVICES] = {
        [AWS_EC2] = "ec2",
        [AWS_ELBV2] = "elbv2",
        [AWS_ELASTICACHE] = "elasticache",
        [AWS_STS] = "sts",
    };
    char url[512], error[ERROR_TEXT_MAX];
    struct profiles *profiles = profiles_load(error, sizeof(error));
    const char *region = argv[1];
    int service = AWS_EC2;

    if (!profiles)
        return wrong(error);
    if (strcmp(region, "-") == 0)
        region = aws_region_default(profiles, argv[2]);
    while (service < AWS_SERVICES && strcmp(names[service], argv[0]) != 0)
        service++;
    if (service == AWS_SERVICES)
        return 2;
    if (aws_endpoint((enum aws_service)service, region, NULL, profiles, argv[2],
                     url, sizeof(url), error, sizeof(error)))
        printf("%s %s\n", url, region ? region : "-");
    else
        wrong(error);
    profiles_free(profiles);
    return 0;
}

static int show_config(char **argv)
{
    char error[ERROR_TEXT_MAX];
    struct profiles *profiles = profiles_load(error, sizeof(error));

    if (!profiles)
        return wrong(error);
    puts(profiles_has(profiles, *argv) ? "there" : "absent");
    for (char **key = argv + 1; *key; key++) {
        const char *value = profiles_get(profiles, *argv, *key);

        if (!value)
            (void)fputs("-", stdout);
        for (; value && *value; value++)
            printf("%02x", (unsigned char)*value);
        (void)putchar('\n');
    }
    profiles_free(profiles);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 7 && strcmp(argv[1], "token") == 0)
        return show_token(argv + 2);
    if (argc >= 4 && strcmp(argv[1], "endpoint") == 0)
        return show_endpoint(argv + 2);
    if (argc >= 3 && strcmp(argv[1], "config") == 0)
        return show_config(argv + 2);
    return show_keys(argc, argv);
}
