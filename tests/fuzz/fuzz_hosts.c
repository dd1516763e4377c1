/*
 * fuzz_hosts.c -- any text as lines of hosts and resolv.conf, and as a list of
 * servers.
 */
#include <stdlib.h>
#include <string.h>

#include "net/dnsname.h"
#include "net/hosts.h"
#include "net/servers.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

enum {
    TEXT_MAX = 4096,
};

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void check(const struct net_servers *servers)
{
    must(servers->naddrs <= NET_SERVERS_MAX);
    must(servers->ndomains <= NET_DOMAINS_MAX);
    for (unsigned i = 0; i < servers->naddrs; i++)
        must(net_addr_port(&servers->addrs[i]) != 0);
    for (unsigned i = 0; i < servers->ndomains; i++) {
        char name[NET_NAME_MAX];
        bool absolute;

        must(net_dnsname_copy(servers->domains[i], name, &absolute));
        must(!absolute && strcmp(name, servers->domains[i]) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct net_servers servers = { 0 };
    struct net_answer answer;
    char text[TEXT_MAX], line[TEXT_MAX];

    if (n >= sizeof(text))
        return 0;
    memcpy(text, bytes, n);
    text[n] = '\0';

    net_answer_init(&answer);
    memcpy(line, text, n + 1);
    net_hosts_line(line, "a.example", AF_UNSPEC, 6379, &answer);
    must(answer.naddrs <= 1 && answer.ttl_s == NET_TTL_NONE);

    memcpy(line, text, n + 1);
    net_servers_line(&servers, line);
    check(&servers);
    if (net_servers_parse(&servers, text))
        must(servers.naddrs > 0);
    check(&servers);
    return 0;
}
