/*
 * url.c -- a target out of text.
 *
 *     scheme :// user : password @ host : port / db
 *                                ^ the last one, so that an "@", "/" or "?" in
 *                                a password neither breaks nor shows it
 *
 * The text is cut from the left: scheme, credentials, then host and what
 * follows it.  What an error shows comes from behind the "@" only.
 */
#include "net/url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "net/url_piece.h"

enum {
    DIGITS_MAX = 9, /* of a number that fits an int for sure */
};

/* The text cut into its pieces; `at` NULL where there is none. */
struct pieces {
    struct url_piece scheme;
    struct url_piece credentials;
    struct url_piece authority; /* host and port */
    struct url_piece tail;      /* from "/", "?" or "#" on */
};

static const struct {
    const char *name;
    bool tls;
} schemes[] = {
    { "redis", false },
    { "rediss", true },
    { "valkey", false },
    { "valkeys", true },
};

/* RFC 3986, 3.1: a letter, then letters, digits, "+", "-" and ".". */
static bool is_scheme(struct url_piece piece)
{
    return piece.n > 0 && strchr(URL_LETTERS, piece.at[0]) != NULL &&
           url_consists_of(piece, URL_LETTERS URL_DIGITS "+-.");
}

static void cut(const char *text, struct pieces *pieces)
{
    const char *colon = strstr(text, "://"), *at, *end;

    *pieces = (struct pieces){ .authority = { text, 0 } };
    if (colon && is_scheme(url_piece(text, colon))) {
        pieces->scheme = url_piece(text, colon);
        text = colon + strlen("://");
    }
    at = strrchr(text, '@');
    if (at) {
        pieces->credentials = url_piece(text, at);
        text = at + 1;
    }
    end = text + strcspn(text, "/?#");
    pieces->authority = url_piece(text, end);
    pieces->tail = url_piece(end, end + strlen(end));
}

/* Nothing of a URL is written with a space or a control byte. */
static bool check_bytes(const char *text, const struct url_complaint *complaint)
{
    size_t n = strlen(text), i = 0;

    if (n == 0)
        return url_complain_text(complaint,
                                 "the target is empty: expected HOST, "
                                 "HOST:PORT or redis://...");
    if (n > NET_URL_MAX)
        return url_complain_text(complaint,
                                 "the target is longer than 8192 bytes");
    while (i < n && (unsigned char)text[i] > ' ' && text[i] != 0x7f)
        i++;
    if (i == n)
        return true;
    (void)snprintf(complaint->text, complaint->size,
                   "byte %zu of the target is a %s: expected none (in a "
                   "password it is written %%%02X)",
                   i + 1, text[i] == ' ' ? "space" : "control character",
                   (unsigned)(unsigned char)text[i]);
    return false;
}

static bool read_scheme(struct url_piece scheme, struct net_url *url,
                        const struct url_complaint *complaint)
{
    if (!scheme.at)
        return true;
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
        if (strlen(schemes[i].name) == scheme.n &&
            strncasecmp(schemes[i].name, scheme.at, scheme.n) == 0) {
            url->tls = schemes[i].tls;
            return true;
        }
    }
    return url_complain(
        complaint, "scheme", scheme,
        "is not known: expected redis, rediss, valkey or valkeys");
}

static int hex(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F')
        return digit - 'A' + 10;
    return -1;
}

/* One byte of `piece` from `*i` on, "%NN" decoded; -1: not hex, or zero. */
static int decode_byte(struct url_piece piece, size_t *i)
{
    int high, low;

    if (piece.at[*i] != '%')
        return (unsigned char)piece.at[(*i)++];
    if (piece.n - *i < 3)
        return -1;
    high = hex(piece.at[*i + 1]);
    low = hex(piece.at[*i + 2]);
    *i += 3;
    if (high < 0 || low < 0 || high + low == 0)
        return -1;
    return high * 16 + low;
}

/* Decode into memory of its own: `*decoded`, for net_url_free(). */
static bool decode(struct url_piece piece, char **decoded,
                   const struct url_complaint *complaint)
{
    char *text = malloc(piece.n + 1);
    size_t used = 0, i = 0;
    int byte;

    if (!text)
        return url_complain_text(complaint, "out of memory");
    *decoded = text; /* net_url_free() wipes it up to its NUL */
    while (i < piece.n) {
        byte = decode_byte(piece, &i);
        text[used] = '\0';
        if (byte < 0)
            return url_complain_text(
                complaint, "the user or password holds a \"%\" without "
                           "the two hex digits of a byte other than 0: "
                           "write \"%\" itself as %25");
        text[used++] = (char)byte;
    }
    text[used] = '\0';
    return true;
}

/* What stands before the first ":" is the user; without one, all is password
 * (redis-cli). */
static struct url_piece password_of(struct url_piece credentials)
{
    const char *colon = memchr(credentials.at, ':', credentials.n);

    if (!colon)
        return credentials;
    return url_piece(colon + 1, credentials.at + credentials.n);
}

static bool read_credentials(const struct pieces *pieces, struct net_url *url,
                             const struct url_complaint *complaint)
{
    struct url_piece all = pieces->credentials, user, password;

    if (!all.at)
        return true;
    if (!pieces->scheme.at)
        return url_complain_text(complaint,
                                 "a user or password needs a scheme: expected "
                                 "redis://[[USER]:PASSWORD@]HOST[:PORT][/DB]");
    password = password_of(all);
    user = (struct url_piece){ all.at, 0 };
    if (password.at != all.at)
        user = url_piece(all.at, password.at - 1);
    if (user.n > 0 && !decode(user, &url->user, complaint))
        return false;
    /* An empty password is one for a user that needs none; else it is none. */
    return (user.n == 0 && password.n == 0) ||
           decode(password, &url->password, complaint);
}

/* "/DB", or "/" and nothing. */
static bool read_tail(const struct pieces *pieces, struct net_url *url,
                      const struct url_complaint *complaint)
{
    struct url_piece tail = pieces->tail, db;

    if (tail.n == 0)
        return true;
    if (memchr(tail.at, '?', tail.n))
        return url_complain_text(complaint,
                                 "a URL with a \"?\" and a query is not "
                                 "understood: use options instead");
    if (memchr(tail.at, '#', tail.n))
        return url_complain_text(complaint,
                                 "a URL with a \"#\" and a fragment is "
                                 "not understood: leave it out");
    if (!pieces->scheme.at)
        return url_complain(complaint, "what follows the host,", tail,
                            "needs a scheme: expected redis://HOST[:PORT]/DB");
    db = (struct url_piece){ tail.at + 1, tail.n - 1 };
    if (db.n == 0)
        return true;
    if (db.n > DIGITS_MAX || !url_consists_of(db, URL_DIGITS))
        return url_complain(complaint, "database", db,
                            "is not a number from 0 to 999999999");
    url->db = (int)strtol(db.at, NULL, 10);
    return true;
}

/* NOLINTNEXTLINE(readability-non-const-parameter): a complaint is written */
bool net_url_parse(const char *text, struct net_url *url, char *error,
                   size_t size)
{
    struct url_complaint complaint = { error, size };
    struct pieces pieces;

    *url = (struct net_url){ .port = NET_PORT_DEFAULT, .db = NET_DB_NONE };
    cut(text, &pieces);
    if (check_bytes(text, &complaint) &&
        read_scheme(pieces.scheme, url, &complaint) &&
        read_credentials(&pieces, url, &complaint) &&
        read_tail(&pieces, url, &complaint) &&
        url_read_authority(pieces.authority, pieces.scheme.at != NULL, url,
                           &complaint))
        return true;
    net_url_free(url);
    return false;
}

static void wipe(char **secret)
{
    if (*secret)
        explicit_bzero(*secret, strlen(*secret));
    free(*secret);
    *secret = NULL;
}

void net_url_free(struct net_url *url)
{
    wipe(&url->user);
    wipe(&url->password);
}

bool net_url_password_span(const char *text, size_t *offset, size_t *length)
{
    struct pieces pieces;
    struct url_piece password;

    cut(text, &pieces);
    if (!pieces.credentials.at)
        return false;
    password = password_of(pieces.credentials);
    *offset = (size_t)(password.at - text);
    *length = password.n;
    return password.n > 0;
}
