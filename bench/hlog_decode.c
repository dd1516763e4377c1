/*
 * hlog_decode.c -- a zlib stream to a record, a record to slots; whatever the
 * bytes are, nothing is written past the room that the caller gave.
 *
 * Which slot a value is in depends on the digits and on the unit of the lowest
 * value, not on the highest one: so records of any highest value can be added
 * without loss, and those of other digits or units cannot.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <zlib.h>

#include "bench/hlog_codec.h"
#include "bench/hlog_cookie.h"

enum { V0_HEADER = 32 };

/* Where counts are read from, and which slot comes next. */
struct reading {
    const uint8_t *at, *end;
    unsigned word; /* bytes of a count; 0: V2's numbers */
    uint64_t slot;
    struct histogram *h;
};

static bool refuse(char *error, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool refuse(char *error, size_t size, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(error, size, format, arguments);
    va_end(arguments);
    return false;
}

static uint64_t get_word(const uint8_t *from, unsigned bytes)
{
    uint64_t value = 0;

    for (unsigned i = 0; i < bytes; i++)
        value = value << 8 | from[i];
    return value;
}

static uint32_t get_u32(const uint8_t *from)
{
    return (uint32_t)get_word(from, 4);
}

/* The reverse of put_number(); false: the payload ends within. */
static bool get_number(struct reading *r, int64_t *number)
{
    uint64_t value = 0, byte = 0x80;

    for (unsigned i = 0; i < HLOG_NUMBER_MAX && byte & 0x80; i++) {
        if (r->at == r->end)
            return false;
        byte = *r->at++;
        value |= (i == HLOG_NUMBER_MAX - 1 ? byte : byte & 0x7f) << 7 * i;
    }
    *number = (int64_t)(value >> 1 ^ (0 - (value & 1)));
    return true;
}

/* One count, negative for empty slots of V2; false: there is no whole one. */
static bool get_count(struct reading *r, int64_t *count)
{
    if (r->word == 0)
        return get_number(r, count);
    if ((size_t)(r->end - r->at) < r->word)
        return false;
    *count = (int64_t)get_word(r->at, r->word);
    r->at += r->word;
    return true;
}

static bool add_count(struct reading *r, int64_t count, char *error,
                      size_t size)
{
    struct histogram *h = r->h;
    uint32_t slot = (uint32_t)r->slot;

    if (r->slot >= HISTOGRAM_SLOTS)
        return refuse(error, size,
                      "it holds values over %" PRIu64
                      " ns, which have no slot here",
                      histogram_slot_highest(HISTOGRAM_SLOTS - 1));
    if (h->count + (uint64_t)count > INT64_MAX)
        return refuse(error, size, "its counts are more than 2^63");
    if (h->count == 0)
        h->first = slot;
    h->last = slot;
    h->count += (uint64_t)count;
    histogram_slot_add(h, slot, (uint64_t)count);
    r->slot++;
    return true;
}

static bool get_slots(struct reading *r, char *error, size_t size)
{
    int64_t count;

    while (r->at < r->end) {
        if (!get_count(r, &count))
            return refuse(error, size, "its counts are cut short");
        if (count < 0 && (r->word != 0 || count < -INT32_MAX))
            return refuse(error, size, "a count in it is negative");
        if (count < 0)
            r->slot += (uint64_t)-count;
        else if (count == 0)
            r->slot++;
        else if (!add_count(r, count, error, size))
            return false;
    }
    return true;
}

/* Can a record of these parameters be added slot by slot? */
static bool is_ours(uint32_t digits, uint64_t lowest, uint64_t highest,
                    char *error, size_t size)
{
    if (digits == HISTOGRAM_DIGITS && lowest == HISTOGRAM_LOWEST &&
        highest >= 2)
        return true;
    return refuse(error, size,
                  "it was recorded from %" PRIu64 " to %" PRIu64
                  " with %u digits; what can be added is from 1 with 3 digits",
                  lowest, highest, digits);
}

/*
 * V1 and V2: the length of the payload is written.  Offset and ratio are passed
 * over: the counts are in the order of their values whatever they are (Java
 * turns its array by the offset as it fills it), and hdr-histogram-js writes 1
 * and 0.
 */
static bool read_header(const uint8_t *record, size_t n, struct reading *r,
                        char *error, size_t size)
{
    uint64_t payload;

    if (n < HLOG_RECORD_HEADER)
        return refuse(error, size, "its header is cut short");
    payload = get_u32(record + 4);
    if (!is_ours(get_u32(record + 12), get_word(record + 16, 8),
                 get_word(record + 24, 8), error, size))
        return false;
    if (payload > n - HLOG_RECORD_HEADER)
        return refuse(error, size, "its counts are cut short");
    r->at = record + HLOG_RECORD_HEADER;
    r->end = r->at + payload;
    return true;
}

static bool read_header_v0(const uint8_t *record, size_t n, struct reading *r,
                           char *error, size_t size)
{
    if (n < V0_HEADER)
        return refuse(error, size, "its header is cut short");
    r->at = record + V0_HEADER;
    r->end = record + n;
    return is_ours(get_u32(record + 4), get_word(record + 8, 8),
                   get_word(record + 16, 8), error, size);
}

static bool read_any_header(const uint8_t *record, size_t n, struct reading *r,
                            char *error, size_t size)
{
    uint32_t cookie = n >= 4 ? get_u32(record) : 0;
    uint32_t base = cookie & ~COOKIE_WORD_MASK;

    if (base == COOKIE_V2)
        return read_header(record, n, r, error, size);
    if (base != COOKIE_V1 && base != COOKIE_V0)
        return refuse(error, size, "it begins with %08x, which is no histogram",
                      cookie);
    /* The lowest bit of the nibble is set in some, and is not of the size. */
    r->word = cookie >> 4 & 0xe;
    if (r->word != 2 && r->word != 4 && r->word != 8)
        return refuse(error, size, "it has words of %u bytes", r->word);
    return base == COOKIE_V1 ? read_header(record, n, r, error, size)
                             : read_header_v0(record, n, r, error, size);
}

bool hlog_record_read(const uint8_t *record, size_t n, struct histogram *h,
                      char *error, size_t size)
{
    struct reading r = { .h = h };

    histogram_reset(h);
    if (!read_any_header(record, n, &r, error, size))
        return false;
    if (!get_slots(&r, error, size)) {
        histogram_reset(h);
        return false;
    }
    if (h->count > 0) {
        h->min = histogram_slot_lowest(h->first);
        h->max = histogram_slot_highest(h->last);
    }
    return true;
}

static bool is_packed(uint32_t cookie, char *error, size_t size)
{
    uint32_t base = cookie & ~COOKIE_WORD_MASK;

    if (cookie == COOKIE_DOUBLE || cookie == COOKIE_DOUBLE_PACKED)
        return refuse(error, size, "it is a histogram of doubles");
    if (base != COOKIE_V2_PACKED && base != COOKIE_V1_PACKED &&
        base != COOKIE_V0_PACKED)
        return refuse(error, size, "it begins with %08x, which is no histogram",
                      cookie);
    return true;
}

size_t hlog_unpack(const uint8_t *packed, size_t n, uint8_t *record,
                   char *error, size_t size)
{
    uLongf length = HLOG_RECORD_MAX;
    int status;

    if (n < 8)
        return refuse(error, size, "it is cut short");
    if (!is_packed(get_u32(packed), error, size))
        return 0;
    if (get_u32(packed + 4) > n - 8)
        return refuse(error, size, "it is cut short");
    status = uncompress(record, &length, packed + 8, get_u32(packed + 4));
    if (status == Z_OK && length > 0)
        return length;
    return refuse(error, size,
                  status == Z_BUF_ERROR
                      ? "it is larger than a histogram of an hour can be"
                  : status == Z_MEM_ERROR ? "out of memory"
                                          : "it is damaged");
}
