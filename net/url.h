/*
 * url.h -- a target as people write it.
 *
 *     HOST   HOST:PORT   [V6]   [V6]:PORT   a bare IPv6 literal
 *     redis://[[USER]:PASSWORD@]HOST[:PORT][/DB]   rediss:// is TLS
 *     valkey://  valkeys://  likewise
 *
 * Percent-decoding and the rule that a userinfo without ":" is the password
 * are redis-cli's; the scheme is IANA's provisional "redis".  No I/O.
 */
#ifndef NET_URL_H
#define NET_URL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    NET_PORT_DEFAULT = 6379,
    NET_HOST_MAX = 256, /* 253 octets of text, a final dot, and a NUL */
    NET_URL_MAX = 8192, /* an IAM token as password is about 2 KiB */
    NET_DB_NONE = -1,
};

struct net_url {
    char host[NET_HOST_MAX]; /* as written, no brackets */
    uint16_t port;           /* NET_PORT_DEFAULT unless given */
    bool port_given;
    bool tls;       /* by the scheme */
    char *user;     /* NULL: none; net_url_free() */
    char *password; /* NULL: none; wiped by net_url_free() */
    int db;         /* NET_DB_NONE: none given */
};

/*
 * Read `text`.  Returns true and fills `url`, whose strings net_url_free()
 * releases; or false and writes one line to `error` that says what was found
 * and what is expected, and never shows a password.
 */
bool net_url_parse(const char *text, struct net_url *url, char *error,
                   size_t size);

/* Wipe and release what net_url_parse() allocated.  Fine on a zeroed one. */
void net_url_free(struct net_url *url);

/*
 * Where the password stands in `text`: its offset and length there, so that
 * argv can be overwritten.  Returns false when there is none.
 */
bool net_url_password_span(const char *text, size_t *offset, size_t *length);

#endif /* NET_URL_H */
