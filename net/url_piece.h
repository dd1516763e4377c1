/*
 * url_piece.h -- pieces of a target, and complaints; private to net/url*.c.
 */
#ifndef NET_URL_PIECE_H
#define NET_URL_PIECE_H

#include <stdbool.h>
#include <stddef.h>

#define URL_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define URL_DIGITS  "0123456789"

struct net_url;

/* A piece of the text; not terminated. */
struct url_piece {
    const char *at;
    size_t n;
};

/* Where to say what is wrong. */
struct url_complaint {
    char *text;
    size_t size;
};

struct url_piece url_piece(const char *at, const char *end);
bool url_consists_of(struct url_piece piece, const char *bytes);

/* Complain of `piece`: NAME "FOUND" EXPECTED.  Returns false. */
bool url_complain(const struct url_complaint *complaint, const char *name,
                  struct url_piece piece, const char *expected);

/* Complain without showing anything.  Returns false. */
bool url_complain_text(const struct url_complaint *complaint, const char *text);

/*
 * Read host and port into `url`.  In a URL (`in_url`) what may be a password
 * whose "@HOST" was forgotten is not shown.
 */
bool url_read_authority(struct url_piece whole, bool in_url,
                        struct net_url *url,
                        const struct url_complaint *complaint);

#endif /* NET_URL_PIECE_H */
