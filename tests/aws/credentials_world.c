/*
 * credentials_world.c -- one world a test.
 */
#include "aws/credentials_world.h"

#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
    PROGRAM_MS = 60000, /* what a program that prints keys has */
};

struct world world;

static unsigned mapped; /* pages for secrets that were not given back */

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl*): the linker's names */
void *__real_mmap(void *at, size_t n, int protection, int flags, int fd,
                  off_t offset);
void *__wrap_mmap(void *at, size_t n, int protection, int flags, int fd,
                  off_t offset);
int __real_munmap(void *at, size_t n);
int __wrap_munmap(void *at, size_t n);

void *__wrap_mmap(void *at, size_t n, int protection, int flags, int fd,
                  off_t offset)
{
    mapped++;
    return __real_mmap(at, n, protection, flags, fd, offset);
}

/* What held a secret is given back as zeros. */
int __wrap_munmap(void *at, size_t n)
{
    for (size_t i = 0; i < n; i++)
        assert_int_equal(((char *)at)[i], 0);
    mapped--;
    return __real_munmap(at, n);
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl*) */

const char *world_time(time_t when)
{
    static char text[32];
    struct tm parts;

    (void)strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ",
                   gmtime_r(&when, &parts));
    return text;
}

const char *world_instance(struct http_request *request, unsigned n)
{
    static char text[256];

    (void)n;
    if (world.status != 200) {
        request->status = world.status;
        return NULL;
    }
    if (strstr(request->url, "/api/token"))
        return "metadata-token";
    if (request->url[strlen(request->url) - 1] == '/')
        return "role";
    (void)snprintf(text, sizeof(text),
                   "{\"Code\": \"Success\", \"AccessKeyId\": \"KEY%u\", "
                   "\"SecretAccessKey\": \"hush\", \"Token\": \"hush-too\", "
                   "\"Expiration\": \"%s\"}",
                   ++world.given, world_time(scripted.now + world.life_s));
    return text;
}

void world_on_keys(void *data, const struct aws_keys *keys, const char *source,
                   const char *error)
{
    (void)data;
    world.calls++;
    assert_true(!keys == !!error);
    (void)snprintf(world.key, sizeof(world.key), "%s",
                   keys ? keys->access_key : "");
    (void)snprintf(world.error, sizeof(world.error), "%s", error ? error : "");
    (void)snprintf(world.source, sizeof(world.source), "%s",
                   source ? source : "");
    assert_null(strstr(world.error, "hush"));
    assert_null(strchr(world.error, '\n'));
}

bool world_open(void)
{
    char error[512];
    const char *config = world.config ? world.config : "";

    world.profiles =
        profiles_read(config, strlen(config), "", 0, error, sizeof(error));
    if (!world.profiles)
        return false;
    world.credentials = credentials_new(&world.loop, world.http, world.profiles,
                                        &world.options);
    return world.credentials != NULL;
}

int world_set_up(void **state)
{
    static const char *const variables[] = {
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_PROFILE",
        "AWS_EC2_METADATA_DISABLED",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_REGION",
        "AWS_ENDPOINT_URL",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(variables); i++)
        (void)unsetenv(variables[i]);
    memset(&world, 0, sizeof(world));
    scripted =
        (struct scripted_http){ .answer = world_instance, .now = WORLD_START };
    world.life_s = 60L * MINUTE;
    world.status = 200;
    if (net_loop_init(&world.loop) != 0)
        return -1;
    world.http = http_new(&world.loop, NULL);
    for (unsigned i = 0; i < WORLD_REQUESTS; i++)
        world.requests[i].done = world_on_keys;
    return 0;
}

void world_close(void)
{
    credentials_free(world.credentials);
    profiles_free(world.profiles);
    world.credentials = NULL;
    world.profiles = NULL;
}

int world_tear_down(void **state)
{
    (void)state;
    world_close();
    http_free(world.http);
    return net_loop_close(&world.loop) == 0 && mapped == 0 ? 0 : -1;
}

void world_ask(unsigned n)
{
    world.calls = 0;
    for (unsigned i = 0; i < n; i++)
        credentials_get(world.credentials, &world.requests[i]);
    assert_int_equal(world.calls, 0);
    net_loop_run(&world.loop);
    assert_int_equal(world.calls, n);
    assert_int_equal(scripted.running, 0);
}

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl*): the linker's names */
void __real_net_deadline_set(struct net_deadlines *all,
                             struct net_deadline *deadline, net_deadline_cb cb,
                             uint64_t ms);
void __wrap_net_deadline_set(struct net_deadlines *all,
                             struct net_deadline *deadline, net_deadline_cb cb,
                             uint64_t ms);

/* Only where a test is about it is a program's minute over soon: one that is to
 * give keys has all of it, however busy the machine is. */
void __wrap_net_deadline_set(struct net_deadlines *all,
                             struct net_deadline *deadline, net_deadline_cb cb,
                             uint64_t ms)
{
    if (ms == PROGRAM_MS)
        ms = world.impatient ? 100 : ms;
    else if (world.on_pause && ms > 1)
        ms = world.on_pause();
    else if (world.hurry && ms > 1)
        ms = 1;
    __real_net_deadline_set(all, deadline, cb, ms);
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl*) */
