/*
 * servers.c -- resolv.conf and lists of servers, one entry at a time.
 *
 * What is no server or no domain is passed over in the file, where nobody
 * could be told, and refused in a list that somebody typed.
 */
#include "net/servers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net/dnsname.h"
#include "net/lines.h"

enum {
    ENTRY_MAX = 80, /* "[v6%scope]:port" and a NUL */
};

/* "5353" to a port; 0: it is none. */
static uint16_t port_of(const char *text)
{
    unsigned port = 0;

    for (; *text >= '0' && *text <= '9' && port <= UINT16_MAX; text++)
        port = port * 10 + (unsigned)(*text - '0');
    return *text == '\0' && port <= UINT16_MAX ? (uint16_t)port : 0;
}

/* "[v6]" or "[v6]:port"; writes into `entry`. */
static bool bracketed_parse(char *entry, struct net_addr *addr)
{
    char *end = strchr(entry, ']');
    uint16_t port = NET_DNS_PORT;

    if (!end)
        return false;
    *end++ = '\0';
    if (*end == ':')
        port = port_of(end + 1);
    else if (*end != '\0')
        return false;
    return port != 0 && strchr(entry, ':') &&
           net_addr_parse(entry + 1, port, addr);
}

/* One server, of `n` bytes. */
static bool server_parse(const char *text, size_t n, struct net_addr *addr)
{
    char entry[ENTRY_MAX];
    char *colon;

    if (n >= sizeof(entry))
        return false;
    memcpy(entry, text, n);
    entry[n] = '\0';
    if (entry[0] == '[')
        return bracketed_parse(entry, addr);
    if (net_addr_parse(entry, NET_DNS_PORT, addr))
        return true;
    colon = strchr(entry, ':');
    if (!colon || strchr(colon + 1, ':') || port_of(colon + 1) == 0)
        return false;
    *colon = '\0';
    return net_addr_parse(entry, port_of(colon + 1), addr);
}

static bool server_add(struct net_servers *servers, const char *text, size_t n)
{
    struct net_addr addr;

    if (servers->naddrs == NET_SERVERS_MAX || !server_parse(text, n, &addr))
        return false;
    servers->addrs[servers->naddrs++] = addr;
    return true;
}

bool net_servers_parse(struct net_servers *servers, const char *list)
{
    servers->naddrs = 0;
    for (;;) {
        size_t n = strcspn(list, ",");

        if (!server_add(servers, list, n))
            return false;
        if (list[n] == '\0')
            return true;
        list += n + 1;
    }
}

/* The search list is these words; "." among them stands for no domain. */
static void domains_set(struct net_servers *servers, char *words, bool only_one)
{
    unsigned n = 0;
    bool absolute;
    char *word;

    while (n < NET_DOMAINS_MAX && (word = net_lines_word(&words))) {
        if (net_dnsname_copy(word, servers->domains[n], &absolute))
            n++;
        if (only_one)
            break;
    }
    servers->ndomains = n;
}

void net_servers_line(struct net_servers *servers, char *line)
{
    char *word;

    line[strcspn(line, "#;")] = '\0';
    word = net_lines_word(&line);
    if (!word)
        return;
    if (strcmp(word, "search") == 0 || strcmp(word, "domain") == 0)
        domains_set(servers, line, word[0] == 'd');
    if (strcmp(word, "nameserver") != 0)
        return;
    word = net_lines_word(&line);
    if (word)
        (void)server_add(servers, word, strlen(word));
}

static void file_read(struct net_servers *servers, const char *path)
{
    struct net_lines lines;
    char *line;

    if (!net_lines_open(&lines, path))
        return;
    while ((line = net_lines_next(&lines)))
        net_servers_line(servers, line);
    net_lines_close(&lines);
}

/* The domains of the environment; false: there are none. */
static bool environment_read(struct net_servers *servers)
{
    const char *localdomain = getenv("LOCALDOMAIN");
    char words[NET_LINE_MAX];

    if (!localdomain)
        return false;
    (void)snprintf(words, sizeof(words), "%s", localdomain);
    domains_set(servers, words, false);
    return true;
}

/* The domain of the host's own name, if it has one. */
static void hostname_read(struct net_servers *servers)
{
    char host[NET_NAME_MAX] = "";
    char *dot;

    if (gethostname(host, sizeof(host) - 1) != 0)
        return;
    dot = strchr(host, '.');
    if (dot)
        domains_set(servers, dot + 1, true);
}

void net_servers_read(struct net_servers *servers, const char *path)
{
    servers->naddrs = 0;
    servers->ndomains = 0;
    file_read(servers, path);
    if (!environment_read(servers) && servers->ndomains == 0)
        hostname_read(servers);
    if (servers->naddrs == 0)
        (void)net_servers_parse(servers, "127.0.0.1");
}
