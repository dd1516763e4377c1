/*
 * gzip.c -- zlib's deflate with a window of 8 KiB: a page of metrics repeats
 * itself every few lines, and each reader costs 40 KiB so and not 256.
 */
#include "serve/gzip.h"

#include <stdlib.h>
#include <zlib.h>

enum {
    LEVEL = 1,
    WINDOW_BITS = 13 + 16, /* 16: gzip's head and tail */
    MEMORY_LEVEL = 6,
    PART = 4096,
};

struct serve_gzip {
    z_stream stream;
};

struct serve_gzip *serve_gzip_new(void)
{
    struct serve_gzip *gzip = calloc(1, sizeof(*gzip));

    if (gzip && deflateInit2(&gzip->stream, LEVEL, Z_DEFLATED, WINDOW_BITS,
                             MEMORY_LEVEL, Z_DEFAULT_STRATEGY) == Z_OK)
        return gzip;
    free(gzip);
    return NULL;
}

bool serve_gzip_add(struct serve_gzip *gzip, const char *bytes, size_t n,
                    bool end, struct report_buffer *out)
{
    z_stream *stream = &gzip->stream;
    unsigned char part[PART];

    stream->next_in = (z_const Bytef *)bytes;
    stream->avail_in = (uInt)n;
    do {
        stream->next_out = part;
        stream->avail_out = sizeof(part);
        if (deflate(stream, end ? Z_FINISH : Z_NO_FLUSH) == Z_STREAM_ERROR)
            return false;
        report_add(out, (const char *)part, sizeof(part) - stream->avail_out);
    } while (stream->avail_out == 0);
    return !out->failed;
}

void serve_gzip_free(struct serve_gzip *gzip)
{
    if (gzip)
        (void)deflateEnd(&gzip->stream);
    free(gzip);
}
