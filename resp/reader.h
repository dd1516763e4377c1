/*
 * reader.h -- replies out of bytes; with encode.c all that knows hiredis.
 *
 * A reader takes bytes as they come and gives back whole replies.  It holds at
 * most `limit` bytes and what one feed brought (and hiredis' own small state),
 * whatever the peer sends: a bulk or a line that is longer, an array that is
 * deeper or wider than anything Redis answers to us, is RESP_READ_BAD, as soon
 * as a bulk's header tells its length.  RESP2; works with hiredis
 * 0.14 and 1.x.  The small values asked for are copied into the reply, since
 * nothing in hiredis' buffer survives the next call.
 */
#ifndef RESP_READER_H
#define RESP_READER_H

#include <stdbool.h>
#include <stddef.h>

enum resp_type {
    RESP_NIL,
    RESP_STATUS,  /* +OK */
    RESP_ERROR,   /* -ERR ... */
    RESP_INTEGER, /* :1 */
    RESP_BULK,    /* $5 */
    RESP_ARRAY,   /* *2 */
};

enum {
    RESP_TEXT_MAX = 192,
    RESP_ITEMS_MAX = 4,
    RESP_ITEM_MAX = 64,
    RESP_ELEMENTS_MAX = 1 << 20, /* of an array, all levels together */
};

/* One reply.  A plain value. */
struct resp_reply {
    enum resp_type type;
    long long integer;
    size_t length;            /* of the status, error or bulk, uncut */
    char text[RESP_TEXT_MAX]; /* ... its beginning, with a NUL behind; of an
                                 error without the arguments it repeats */
    size_t elements;          /* of an array */
    char items[RESP_ITEMS_MAX][RESP_ITEM_MAX]; /* its first elements as text,
                                                  cut; integers in decimal */
};

/* The whole of a top-level bulk.  `bytes` are lent for the call. */
typedef void (*resp_bulk_cb)(void *data, const char *bytes, size_t n);

struct resp_reader;

/*
 * Make a reader that buffers at most `limit` bytes (0: a default of 64 KiB,
 * enough for every reply but big values).  Returns NULL when out of memory.
 */
struct resp_reader *resp_reader_new(size_t limit);
void resp_reader_free(struct resp_reader *reader); /* takes NULL */

/* Hand every top-level bulk to `cb` as well; NULL: no more. */
void resp_reader_on_bulk(struct resp_reader *reader, resp_bulk_cb cb,
                         void *data);

/* Buffer up to `limit` bytes from now on. */
void resp_reader_set_limit(struct resp_reader *reader, size_t limit);

enum resp_read {
    RESP_READ_MORE,  /* feed more */
    RESP_READ_REPLY, /* `reply` is filled */
    RESP_READ_BAD,   /* not RESP, or over a bound: resp_reader_error() */
    RESP_READ_NOMEM,
};

/*
 * Take `n` bytes.  Between two feeds resp_reader_next() is to be called until
 * it wants more.  false: over the limit, or out of memory; the next call of
 * resp_reader_next() says which.
 */
bool resp_reader_feed(struct resp_reader *reader, const char *bytes, size_t n);

/* The next whole reply of what was fed. */
enum resp_read resp_reader_next(struct resp_reader *reader,
                                struct resp_reply *reply);

/* One line on what is wrong after RESP_READ_BAD.  Lent. */
const char *resp_reader_error(const struct resp_reader *reader);

/*
 * Are all bytes fed so far used up by whole replies?  Then the reader can
 * serve another connection; resp_reader_reset() makes any reader so, and
 * forgets the callback of bulks.
 */
bool resp_reader_idle(const struct resp_reader *reader);
bool resp_reader_reset(struct resp_reader *reader); /* false: no memory */

#endif /* RESP_READER_H */
