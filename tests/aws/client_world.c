/*
 * client_world.c -- made for each test, and gone without a rest.
 */
#include "aws/client_world.h"

#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct client_world world;

static void on_log(void *data, const char *line)
{
    size_t n = strlen(world.log);

    (void)data;
    (void)snprintf(world.log + n, sizeof(world.log) - n, "%s\n", line);
}

void world_open(const struct http_reply *replies, size_t n,
                const struct aws_account_options *options)
{
    struct aws_account_options given = { .label = "provider",
                                         .region = "us-west-2",
                                         .retry_base_ms = 1 };
    char error[256] = "";

    memset(&world, 0, sizeof(world));
    unsetenv("AWS_CA_BUNDLE");
    fake_credentials_reset();
    assert_int_equal(net_loop_init(&world.loop), 0);
    world.peer = http_peer_start(replies, n);
    world.profiles = profiles_read("", 0, "", 0, error, sizeof(error));
    world.http = http_new(&world.loop, NULL);
    assert_non_null(world.http);
    if (options)
        given = *options;
    if (!given.region)
        given.region = "us-west-2";
    if (!given.endpoint_url)
        given.endpoint_url = http_peer_url(world.peer);
    world.account = aws_account_new(&world.loop, world.http, world.profiles,
                                    &given, error, sizeof(error));
    assert_string_equal(error, "");
    assert_non_null(world.account);
    aws_account_log(world.account, on_log, NULL);
}

void world_close(void)
{
    aws_call_free(&world.call);
    aws_account_free(world.account);
    http_free(world.http);
    profiles_free(world.profiles);
    net_loop_run(&world.loop);
    assert_int_equal(net_loop_close(&world.loop), 0);
    http_peer_stop(world.peer);
}

static void on_done(struct aws_call *call)
{
    assert_ptr_equal(call, &world.call);
    world.calls++;
}

void world_prepare(enum aws_service service, const char *action, bool pages)
{
    aws_call_free(&world.call);
    world.calls = 0;
    world.call = (struct aws_call){
        .account = world.account,
        .service = service,
        .action = action,
        .pages = pages,
        .done = on_done,
    };
}

void world_run(void)
{
    net_loop_run(&world.loop);
    assert_int_equal(world.calls, 1);
}

void world_call(enum aws_service service, const char *action, bool pages)
{
    world_prepare(service, action, pages);
    aws_call_start(&world.call);
    assert_int_equal(world.calls, 0);
    world_run();
}
