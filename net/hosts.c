/*
 * hosts.c -- every line of the file, for every look-up: as the C library does,
 * so that an edit counts at once.
 */
#include "net/hosts.h"

#include <string.h>
#include <strings.h>

#include "net/dnsname.h"
#include "net/lines.h"

static bool names(char *words, const char *name)
{
    char *word;

    while ((word = net_lines_word(&words)))
        if (strcasecmp(word, name) == 0)
            return true;
    return false;
}

static void address_add(const char *text, int family, uint16_t port,
                        struct net_answer *answer)
{
    struct net_addr addr;

    if (!net_addr_parse(text, port, &addr))
        return;
    if (family == AF_UNSPEC || family == addr.sa.any.sa_family)
        net_answer_add(answer, &addr, NET_TTL_NONE);
}

void net_hosts_line(char *line, const char *name, int family, uint16_t port,
                    struct net_answer *answer)
{
    char *address;

    line[strcspn(line, "#")] = '\0';
    address = net_lines_word(&line);
    if (address && names(line, name))
        address_add(address, family, port, answer);
}

static void file_read(const char *path, const char *name, int family,
                      uint16_t port, struct net_answer *answer)
{
    struct net_lines lines;
    char *line;

    if (!net_lines_open(&lines, path))
        return;
    while ((line = net_lines_next(&lines)))
        net_hosts_line(line, name, family, port, answer);
    net_lines_close(&lines);
}

bool net_hosts_find(const char *path, const char *name, int family,
                    uint16_t port, struct net_answer *answer)
{
    file_read(path, name, family, port, answer);
    if (answer->naddrs == 0 && net_dnsname_is_localhost(name)) {
        address_add("127.0.0.1", family, port, answer);
        address_add("::1", family, port, answer);
    }
    return answer->naddrs > 0;
}
