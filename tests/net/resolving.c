/*
 * resolving.c -- see resolving.h.
 */
#include "resolving.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct resolving resolving;

static void file_write(char path[32], const char *text)
{
    FILE *file;
    int fd;

    (void)snprintf(path, 32, "/tmp/resolving-XXXXXX");
    fd = mkstemp(path);
    assert_true(fd >= 0);
    file = fdopen(fd, "w");
    assert_non_null(file);
    assert_true(fputs(text ? text : "", file) >= 0);
    assert_int_equal(fclose(file), 0);
}

void resolving_open(const char *servers, const char *resolv_conf,
                    const char *hosts)
{
    memset(&resolving, 0, sizeof(resolving));
    file_write(resolving.resolv_conf, resolv_conf);
    file_write(resolving.hosts, hosts);
    assert_int_equal(net_loop_init(&resolving.loop), 0);
    resolving.resolver = net_resolver_new_files(
        &resolving.loop, servers, resolving.resolv_conf, resolving.hosts);
}

void resolving_close(void)
{
    net_resolver_close(resolving.resolver, NULL, NULL);
    net_loop_run(&resolving.loop);
    assert_int_equal(net_loop_close(&resolving.loop), 0);
    (void)unlink(resolving.resolv_conf);
    (void)unlink(resolving.hosts);
    free(resolving.answer);
    memset(&resolving, 0, sizeof(resolving));
}

int resolving_tear_down(void **state)
{
    (void)state;
    if (resolving.hosts[0] != '\0')
        resolving_close();
    return 0;
}

void on_looked_up(struct net_resolve *req, enum net_status status)
{
    free(resolving.answer);
    resolving.status = status;
    resolving.answer = req->answer;
    resolving.calls++;
}

enum net_status look_up(const char *host, int family, unsigned timeout_ms)
{
    return look_up_as((struct net_resolve){ .timeout_ms = timeout_ms }, host,
                      family);
}

enum net_status look_up_at_once(const char *host, int family)
{
    enum net_status status = NET_OK;
    int tries = 0;

    do {
        status = look_up(host, family, LONG_MS);
    } while (resolving.took_ms >= ATTEMPT_MS && ++tries < 5);
    assert_true(resolving.took_ms < ATTEMPT_MS);
    return status;
}

enum net_status look_up_as(struct net_resolve req, const char *host, int family)
{
    struct net_question question = { host, PORT, family };
    unsigned calls = resolving.calls;
    uint64_t start = net_now();

    req.resolver = resolving.resolver;
    net_resolve_start(&req, &question, on_looked_up);
    assert_int_equal(resolving.calls, calls);
    net_loop_run(&resolving.loop);
    assert_int_equal(resolving.calls, calls + 1);
    resolving.took_ms = (net_now() - start) / 1000000;
    assert_true(resolving.answer || resolving.status == NET_NOMEM);
    if (resolving.answer)
        assert_int_equal(resolving.answer->status, resolving.status);
    return resolving.status;
}

void assert_addresses(const char *texts)
{
    const struct net_answer *answer = resolving.answer;
    char found[NET_ADDRS_MAX * NET_ADDR_TEXT_MAX] = "";
    size_t n = 0;

    for (unsigned i = 0; i < answer->naddrs; i++) {
        char text[NET_ADDR_TEXT_MAX];

        n += (size_t)snprintf(found + n, sizeof(found) - n, "%s%s",
                              i > 0 ? " " : "",
                              net_addr_text(&answer->addrs[i].addr, text));
    }
    assert_string_equal(found, texts);
}
