/*
 * fuzz_resp.c -- bytes of a peer, in one piece and in pieces.
 *
 * The first two bytes choose the limit and the sizes of the pieces.  Both ways
 * must give the same replies and the same end; a reader must hold no more than
 * its limit and a feed allow; and an error reply may be anything.
 */
#include "resp/errors.h"
#include "resp/reader.h"

#include <sanitizer/allocator_interface.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    FEED_MAX = 4096,
    /* hiredis doubles its buffer, and holds the old one while it grows */
    FACTOR = 3,
    STATE_MAX = 8192, /* the reader's own and hiredis' */
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* All that was said of the bytes, as a sum. */
struct heard {
    uint64_t hash;
    size_t replies;
    enum resp_read end;
};

static void check(bool holds)
{
    if (!holds)
        abort();
}

/* FNV-1a */
static void mix(struct heard *heard, const void *bytes, size_t n)
{
    const unsigned char *at = bytes;

    for (size_t i = 0; i < n; i++)
        heard->hash = (heard->hash ^ at[i]) * 1099511628211U;
}

static void hear(struct heard *heard, const struct resp_reply *reply)
{
    char where[32];

    check(strlen(reply->text) < RESP_TEXT_MAX);
    mix(heard, &reply->type, sizeof(reply->type));
    mix(heard, &reply->integer, sizeof(reply->integer));
    mix(heard, &reply->length, sizeof(reply->length));
    mix(heard, &reply->elements, sizeof(reply->elements));
    mix(heard, reply->text, strlen(reply->text));
    for (unsigned i = 0; i < RESP_ITEMS_MAX; i++) {
        check(strlen(reply->items[i]) < RESP_ITEM_MAX);
        mix(heard, reply->items[i], strlen(reply->items[i]));
    }
    check(resp_error_of(reply->text, strlen(reply->text)) < RESP_ERR_COUNT);
    resp_error_redirect(reply->text, strlen(reply->text), where, sizeof(where));
    check(strlen(where) < sizeof(where));
    heard->replies++;
}

static void on_bulk(void *data, const char *bytes, size_t n)
{
    mix(data, bytes, n);
}

/* Read `n` bytes in pieces of at most `piece`. */
static struct heard listen_to(const char *bytes, size_t n, size_t limit,
                              size_t piece)
{
    struct heard heard = { 14695981039346656037U, 0, RESP_READ_MORE };
    size_t before = __sanitizer_get_current_allocated_bytes();
    struct resp_reader *reader = resp_reader_new(limit);
    struct resp_reply reply;

    check(reader != NULL);
    resp_reader_on_bulk(reader, on_bulk, &heard);
    for (size_t at = 0; at < n && heard.end == RESP_READ_MORE; at += piece) {
        size_t take = n - at < piece ? n - at : piece;

        resp_reader_feed(reader, bytes + at, take);
        while ((heard.end = resp_reader_next(reader, &reply)) ==
               RESP_READ_REPLY)
            hear(&heard, &reply);
        check(__sanitizer_get_current_allocated_bytes() - before <=
              FACTOR * (limit + FEED_MAX) + STATE_MAX);
    }
    check(heard.end == RESP_READ_MORE || heard.end == RESP_READ_BAD);
    check(heard.end != RESP_READ_BAD || resp_reader_error(reader)[0] != '\0');
    check(resp_reader_reset(reader) && resp_reader_idle(reader));
    resp_reader_free(reader);
    check(__sanitizer_get_current_allocated_bytes() == before);
    return heard;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct heard whole, pieces;
    const char *bytes;
    size_t limit, n;

    if (size < 3)
        return 0;
    limit = 1 + 8 * (size_t)data[0];
    bytes = (const char *)data + 2;
    n = size - 2 < FEED_MAX ? size - 2 : FEED_MAX;
    whole = listen_to(bytes, n, limit, n);
    pieces = listen_to(bytes, n, limit, 1 + (size_t)data[1]);
    check(whole.replies == pieces.replies && whole.end == pieces.end);
    /* A reply that is refused at its end may have handed a bulk out. */
    check(whole.hash == pieces.hash);
    return 0;
}
