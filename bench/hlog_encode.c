/*
 * hlog_encode.c -- slots to a record of V2, a record to a zlib stream.
 */
#define ZLIB_CONST /* what is compressed is only read */

#include <assert.h>
#include <string.h>
#include <zlib.h>

#include "bench/hlog_codec.h"
#include "bench/hlog_cookie.h"

static uint8_t *put_u32(uint8_t *to, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++)
        to[i] = (uint8_t)(value >> (24 - 8 * i));
    return to + 4;
}

static uint8_t *put_u64(uint8_t *to, uint64_t value)
{
    return put_u32(put_u32(to, (uint32_t)(value >> 32)), (uint32_t)value);
}

/* The bits of a double, IEEE 754. */
static uint64_t double_bits(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

/* Small numbers of either sign become small ones; then 7 bits a byte, the low
 * ones first.  A ninth byte has 8, so there is never a tenth. */
static uint8_t *put_number(uint8_t *to, int64_t number)
{
    uint64_t rest =
        ((uint64_t)number << 1) ^ (number < 0 ? UINT64_MAX : UINT64_C(0));
    unsigned bytes = 1;

    for (; rest > 0x7f && bytes < HLOG_NUMBER_MAX; bytes++, rest >>= 7)
        *to++ = (uint8_t)(0x80 | (rest & 0x7f));
    *to++ = (uint8_t)rest;
    return to;
}

/* The slots from the first to the last in use; empty ones by their number. */
static uint8_t *put_slots(uint8_t *to, const struct histogram *h)
{
    int64_t zeros = h->first;

    for (uint32_t slot = h->first; slot <= h->last; slot++) {
        uint64_t count = histogram_slot_count(h, slot);

        if (count == 0) {
            zeros++;
            continue;
        }
        if (zeros > 0)
            to = put_number(to, -zeros);
        zeros = 0;
        to = put_number(to, (int64_t)count);
    }
    return zeros > 0 ? put_number(to, -zeros) : to;
}

size_t hlog_record_write(const struct histogram *h, uint8_t *record)
{
    uint8_t *to = put_u32(record, COOKIE_V2 | COOKIE_V2_WORD), *length = to;
    uint8_t *end;

    to = put_u32(to + 4, 0);
    to = put_u32(to, HISTOGRAM_DIGITS);
    to = put_u64(to, HISTOGRAM_LOWEST);
    to = put_u64(to, HISTOGRAM_HIGHEST);
    to = put_u64(to, double_bits(1.0));
    assert(to == record + HLOG_RECORD_HEADER);
    end = put_slots(to, h);
    (void)put_u32(length, (uint32_t)(end - to));
    return (size_t)(end - record);
}

/* A record is a few kilobytes: its symbols need no tables of 200 of them. */
static bool compress_small(z_stream *stream)
{
    enum { WINDOW_BITS = 15, MEMORY_LEVEL = 5 };
    bool whole;

    if (deflateInit2(stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, WINDOW_BITS,
                     MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    whole = deflate(stream, Z_FINISH) == Z_STREAM_END;
    (void)deflateEnd(stream);
    return whole;
}

size_t hlog_pack(const uint8_t *record, size_t n, uint8_t *packed)
{
    z_stream stream = { .next_in = record,
                        .avail_in = (uInt)n,
                        .next_out = packed + 8,
                        .avail_out = HLOG_PACKED_MAX - 8 };
    size_t length;

    assert(n <= HLOG_RECORD_MAX);
    if (!compress_small(&stream))
        return 0;
    length = stream.total_out;
    (void)put_u32(packed, COOKIE_V2_PACKED | COOKIE_V2_WORD);
    (void)put_u32(packed + 4, (uint32_t)length);
    return 8 + length;
}
