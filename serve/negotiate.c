/*
 * negotiate.c -- lists of a header, "a;q=0.5, b;version=1", walked in place.
 */
#include "serve/negotiate.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

enum {
    Q_ONE = 1000,
    TIMEOUT_MAX_S = 86400,
};

/* A piece of a header. */
struct piece {
    const char *at;
    size_t n;
};

static struct piece trim(struct piece p)
{
    while (p.n > 0 && (*p.at == ' ' || *p.at == '\t')) {
        p.at++;
        p.n--;
    }
    while (p.n > 0 && (p.at[p.n - 1] == ' ' || p.at[p.n - 1] == '\t'))
        p.n--;
    return p;
}

static bool is(struct piece p, const char *word)
{
    return p.n == strlen(word) && strncasecmp(p.at, word, p.n) == 0;
}

/* What stands before the next `mark`; false: nothing is left. */
static bool next(struct piece *rest, char mark, struct piece *part)
{
    const char *end;

    if (!rest->at)
        return false;
    end = memchr(rest->at, mark, rest->n);
    *part = *rest;
    if (end) {
        part->n = (size_t)(end - rest->at);
        rest->n -= part->n + 1;
        rest->at = end + 1;
    } else {
        rest->at = NULL;
        rest->n = 0;
    }
    *part = trim(*part);
    return true;
}

/* "0.375" as thousandths; what is none counts as 0 (RFC 9110, 12.4.2). */
static int quality(struct piece p)
{
    int q = 0, unit = Q_ONE / 10;

    if (p.n == 0 || (p.at[0] != '0' && p.at[0] != '1'))
        return 0;
    if (p.at[0] == '1')
        return Q_ONE;
    for (size_t i = 2; p.n > 1 && p.at[1] == '.' && i < p.n && unit > 0; i++) {
        if (p.at[i] < '0' || p.at[i] > '9')
            return 0;
        q += (p.at[i] - '0') * unit;
        unit /= 10;
    }
    return q;
}

/* A parameter's value when it is `name`'s, quotes taken off. */
static bool value_of(struct piece p, const char *name, struct piece *value)
{
    size_t n = strlen(name);

    if (p.n <= n || p.at[n] != '=' || strncasecmp(p.at, name, n) != 0)
        return false;
    *value = (struct piece){ p.at + n + 1, p.n - n - 1 };
    if (value->n >= 2 && value->at[0] == '"' &&
        value->at[value->n - 1] == '"') {
        value->at++;
        value->n -= 2;
    }
    return true;
}

/* One element of a list: its word, q and version. */
struct element {
    struct piece word, version; /* version.n 0: none */
    int q;
};

static bool next_element(struct piece *rest, struct element *element)
{
    struct piece one, part, value;

    if (!next(rest, ',', &one))
        return false;
    *element = (struct element){ .q = Q_ONE };
    (void)next(&one, ';', &element->word);
    while (next(&one, ';', &part)) {
        if (value_of(part, "q", &value))
            element->q = quality(value);
        else if (value_of(part, "version", &value))
            element->version = value;
    }
    return true;
}

static struct piece whole(const char *header)
{
    return (struct piece){ header, header ? strlen(header) : 0 };
}

bool serve_wants_open(const char *accept)
{
    struct piece rest = whole(accept);
    struct element element;
    int open = 0, text = 0;

    while (next_element(&rest, &element)) {
        if (is(element.word, "application/openmetrics-text") &&
            (element.version.n == 0 || is(element.version, "1.0.0"))) {
            if (element.q > open)
                open = element.q;
        } else if (is(element.word, "text/plain") && element.q > text) {
            text = element.q;
        }
    }
    return open > text;
}

bool serve_wants_gzip(const char *accept_encoding)
{
    struct piece rest = whole(accept_encoding);
    struct element element;
    int named = -1, any = 0;

    while (next_element(&rest, &element)) {
        if (is(element.word, "gzip") || is(element.word, "x-gzip"))
            named = element.q;
        else if (is(element.word, "*"))
            any = element.q;
    }
    return (named >= 0 ? named : any) > 0;
}

bool serve_scrape_timeout(const char *value, uint64_t *ms)
{
    uint64_t whole_ms = 0, unit = 100;
    const char *at = value;

    if (*at < '0' || *at > '9')
        return false;
    for (; *at >= '0' && *at <= '9'; at++) {
        whole_ms = whole_ms * 10 + (uint64_t)(*at - '0');
        if (whole_ms > TIMEOUT_MAX_S)
            return false;
    }
    whole_ms *= 1000;
    if (*at == '.') {
        for (at++; *at >= '0' && *at <= '9'; at++) {
            whole_ms += (uint64_t)(*at - '0') * unit;
            unit /= 10;
        }
    }
    *ms = whole_ms;
    return *at == '\0' && whole_ms > 0;
}
