/*
 * fuzz_url.c -- whatever a target is: all in bounds, one line, no secret.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "net/addr.h"
#include "net/url.h"

enum {
    ERROR_SIZE = 128,
    SECRET_MIN = 16, /* shorter ones may stand in an error by chance */
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* A host is a name or an IPv6 literal, and nothing else. */
static void check_host(const char *host)
{
    struct net_addr addr;
    size_t n = strlen(host);

    require(n > 0 && n < NET_HOST_MAX);
    require(strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                         "0123456789-_.") == n ||
            net_addr_parse(host, 0, &addr));
}

static void check_url(const struct net_url *url, bool has_password)
{
    check_host(url->host);
    require(url->port > 0);
    require(url->port_given || url->port == NET_PORT_DEFAULT);
    require(url->db >= NET_DB_NONE);
    require(!has_password || url->password);
    require(!url->user || url->password);
}

static void check_error(const char *error)
{
    size_t n = strlen(error);

    require(n > 0 && n < ERROR_SIZE);
    for (size_t i = 0; i < n; i++)
        require(error[i] >= ' ' && error[i] < 0x7f);
}

/* What the text holds elsewhere too may be shown from there. */
static void check_secret(const char *error, const char *text, size_t offset,
                         size_t length)
{
    const char *secret = text + offset, *rest = secret + length;

    if (length < SECRET_MIN || memmem(text, offset, secret, length) ||
        memmem(rest, strlen(rest), secret, length))
        return;
    require(!memmem(error, strlen(error), secret, length));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    char *text = malloc(n + 1);
    char error[ERROR_SIZE];
    struct net_url url;
    size_t offset, length;
    bool has_password;

    require(text);
    memcpy(text, data, n);
    text[n] = '\0';
    has_password = net_url_password_span(text, &offset, &length);
    if (has_password)
        require(length > 0 && offset + length < strlen(text));
    if (net_url_parse(text, &url, error, sizeof(error))) {
        check_url(&url, has_password);
    } else {
        check_error(error);
        if (has_password)
            check_secret(error, text, offset, length);
    }
    net_url_free(&url);
    free(text);
    return 0;
}
