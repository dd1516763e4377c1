/*
 * dnsname.c -- the rules of names, one pass over the bytes.
 */
#include "net/dnsname.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum {
    LABEL_MAX = 63,
};

static bool byte_allowed(unsigned char byte)
{
    return byte > ' ' && byte != 0x7f;
}

static bool labels_allowed(const char *name)
{
    size_t label = 0;

    for (; *name != '\0'; name++) {
        if (*name == '.' && label == 0)
            return false;
        label = *name == '.' ? 0 : label + 1;
        if (label > LABEL_MAX || !byte_allowed((unsigned char)*name))
            return false;
    }
    return label > 0;
}

bool net_dnsname_copy(const char *host, char name[NET_NAME_MAX], bool *absolute)
{
    size_t n = strnlen(host, NET_NAME_MAX);

    *absolute = n > 0 && host[n - 1] == '.';
    if (*absolute)
        n--;
    if (n > NET_NAME_MAX - 3) /* 253 octets */
        return false;
    memcpy(name, host, n);
    name[n] = '\0';
    return labels_allowed(name);
}

bool net_dnsname_join(const char *name, const char *domain,
                      char joined[NET_NAME_MAX])
{
    char text[2 * NET_NAME_MAX];
    bool absolute;

    (void)snprintf(text, sizeof(text), "%s.%s", name, domain);
    return net_dnsname_copy(text, joined, &absolute);
}

bool net_dnsname_is_localhost(const char *name)
{
    static const char localhost[] = "localhost";
    size_t n = strlen(name), tail = sizeof(localhost) - 1;

    if (n < tail || strcasecmp(name + n - tail, localhost) != 0)
        return false;
    return n == tail || name[n - tail - 1] == '.';
}
