/*
 * http_body.c -- a body made piece by piece, squeezed on the way if wanted.
 *
 *     more > [raw > gzip >] ready > the library's buffer > socket
 *
 * A piece is made when the one before it has been taken, so a slow client
 * holds one piece and not a page.
 */
#include <stdlib.h>
#include <string.h>

#include "report/format.h"
#include "serve/gzip.h"
#include "serve/http_internal.h"

enum {
    BLOCK = 16 * 1024,
};

struct stream {
    struct http_body body;
    struct report_buffer raw, ready;
    size_t taken;            /* of `ready` */
    struct serve_gzip *gzip; /* NULL: plain */
    bool last;               /* nothing comes after `ready` */
};

static void empty(struct report_buffer *buffer)
{
    buffer->length = 0;
}

/* Fill `ready`, which is empty.  false: no memory. */
static bool fill(struct stream *stream)
{
    struct report_buffer *to = stream->gzip ? &stream->raw : &stream->ready;

    empty(&stream->ready);
    stream->taken = 0;
    while (!stream->last && stream->ready.length == 0) {
        empty(to);
        stream->last = !stream->body.more(stream->body.data, to);
        if (to->failed)
            return false;
        if (stream->gzip &&
            !serve_gzip_add(stream->gzip, stream->raw.bytes, stream->raw.length,
                            stream->last, &stream->ready))
            return false;
    }
    return true;
}

static ssize_t read_some(void *data, uint64_t at, char *bytes, size_t room)
{
    struct stream *stream = data;
    size_t n;

    (void)at;
    if (stream->taken == stream->ready.length) {
        if (stream->last)
            return MHD_CONTENT_READER_END_OF_STREAM;
        if (!fill(stream))
            return MHD_CONTENT_READER_END_WITH_ERROR;
        if (stream->ready.length == 0)
            return MHD_CONTENT_READER_END_OF_STREAM;
    }
    n = stream->ready.length - stream->taken;
    if (n > room)
        n = room;
    memcpy(bytes, stream->ready.bytes + stream->taken, n);
    stream->taken += n;
    return (ssize_t)n;
}

static void stream_free(void *data)
{
    struct stream *stream = data;

    stream->body.end(stream->body.data);
    serve_gzip_free(stream->gzip);
    report_buffer_free(&stream->raw);
    report_buffer_free(&stream->ready);
    free(stream);
}

struct MHD_Response *http_body_response(const struct http_body *body, bool gzip)
{
    struct stream *stream = calloc(1, sizeof(*stream));
    struct MHD_Response *response;

    if (!stream) {
        body->end(body->data);
        return NULL;
    }
    stream->body = *body;
    stream->gzip = gzip ? serve_gzip_new() : NULL;
    response =
        gzip && !stream->gzip
            ? NULL
            : MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK,
                                                read_some, stream, stream_free);
    if (!response)
        stream_free(stream);
    return response;
}
