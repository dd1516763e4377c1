/*
 * match.c -- a host against patterns.
 *
 * An address is compared as an address, so that its many spellings are one;
 * anything else as text.
 */
#include "serve/match.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cli/text.h"
#include "net/addr.h"
#include "net/url.h"

/* A pattern apart: its text and the port it is bound to. */
struct pattern {
    char text[NET_HOST_MAX];
    size_t length;
    uint16_t port; /* 0: any */
};

static char lower(char byte)
{
    return (char)tolower((unsigned char)byte);
}

/* "PORT", from 1 to 65535, to the end of `text`. */
static bool read_port(const char *text, uint16_t *port)
{
    unsigned value = 0;

    if (*text == '\0')
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return false;
        value = value * 10 + (unsigned)(*text - '0');
        if (value > 65535)
            return false;
    }
    *port = (uint16_t)value;
    return value != 0;
}

/* Take `source` apart.  false: it is too long, or its port is none. */
static bool read_pattern(const char *source, struct pattern *to)
{
    const char *colon = strrchr(source, ':');
    size_t n = strlen(source);

    *to = (struct pattern){ 0 };
    /* One colon is a port's; several are an IPv6 address's. */
    if (colon && strchr(source, ':') == colon) {
        if (!read_port(colon + 1, &to->port))
            return false;
        n = (size_t)(colon - source);
    }
    if (n == 0 || n >= sizeof(to->text))
        return false;
    for (size_t i = 0; i < n; i++)
        to->text[i] = lower(source[i]);
    if (n > 1 && to->text[n - 1] == '.')
        n--;
    to->text[n] = '\0';
    to->length = n;
    return true;
}

bool serve_pattern_valid(const char *pattern, char *error, size_t size)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789"
                                  "-_.*?";
    char quoted[QUOTE_MAX];
    struct pattern read;
    struct net_cidr cidr;

    if (net_cidr_parse(pattern, &cidr))
        return true;
    if (read_pattern(pattern, &read) &&
        strspn(read.text, letters) == read.length)
        return true;
    return error_set(error, size,
                     "targets: %s is neither a name, a glob nor a CIDR; "
                     "expected one such as *.orders.example or 10.0.0.0/16",
                     text_quote(pattern, quoted));
}

/*
 * Does `text` match `glob`?  A star is taken up again where it was met last,
 * so it never takes more than length times length steps.
 */
static bool glob_match(const char *glob, const char *text)
{
    const char *star = NULL, *resume = NULL;

    while (*text) {
        if (*glob == '*') {
            star = glob++;
            resume = text;
        } else if (*glob == '?' || *glob == *text) {
            glob++;
            text++;
        } else if (star) {
            glob = star + 1;
            text = ++resume;
        } else {
            return false;
        }
    }
    while (*glob == '*')
        glob++;
    return *glob == '\0';
}

static bool matches(const char *source, const char *name,
                    const struct net_addr *literal, uint16_t port)
{
    struct pattern pattern;
    struct net_cidr cidr;

    if (net_cidr_parse(source, &cidr))
        return literal && net_cidr_contains(&cidr, literal);
    if (!read_pattern(source, &pattern) ||
        (pattern.port != 0 && pattern.port != port))
        return false;
    /* "10.0.0.1:6379" */
    if (net_cidr_parse(pattern.text, &cidr))
        return literal && net_cidr_contains(&cidr, literal);
    return !literal && glob_match(pattern.text, name);
}

bool serve_match(const char *const *patterns, size_t npatterns,
                 const char *host, uint16_t port)
{
    char name[NET_HOST_MAX];
    size_t n = strlen(host);
    struct net_addr literal;
    bool is_literal = net_addr_parse(host, port, &literal);

    if (n == 0 || n >= sizeof(name))
        return false;
    for (size_t i = 0; i < n; i++)
        name[i] = lower(host[i]);
    if (n > 1 && name[n - 1] == '.')
        n--;
    name[n] = '\0';
    for (size_t i = 0; i < npatterns; i++) {
        if (matches(patterns[i], name, is_literal ? &literal : NULL, port))
            return true;
    }
    return false;
}
