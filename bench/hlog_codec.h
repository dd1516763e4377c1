/*
 * hlog_codec.h -- a histogram as the bytes of HdrHistogram's records.
 *
 * A record is a header and the counts of the slots in order; it is what two
 * programs must agree on to the byte.  Packed, it is a cookie, a length and a
 * zlib stream of the record (RFC 1950): what a log line holds in base64.  There
 * is no text of the format but its implementations: AbstractHistogram.java of
 * HdrHistogram and hdr_histogram_log.c of HdrHistogram_c.
 *
 * Written is V2; read are V0, V1 and V2.  Numbers are big-endian:
 *
 *     V2, V1   cookie u32, payload bytes u32, index offset u32, digits u32,
 *              lowest u64, highest u64, ratio f64, payload
 *     V0       cookie u32, digits u32, lowest u64, highest u64, total u64,
 *              payload to the end
 *     payload  V2: ZigZag LEB128, a negative number -k being k empty slots
 *              V0, V1: words, of the size that the cookie says
 */
#ifndef BENCH_HLOG_CODEC_H
#define BENCH_HLOG_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/histogram.h"

enum {
    HLOG_RECORD_HEADER = 40,
    HLOG_NUMBER_MAX = 9, /* bytes of a count */
    HLOG_RECORD_MAX = HLOG_RECORD_HEADER + HISTOGRAM_SLOTS * HLOG_NUMBER_MAX,
    /* The most that a deflate that cannot shrink adds is 5 bytes a block. */
    HLOG_PACKED_MAX = 8 + HLOG_RECORD_MAX + HLOG_RECORD_MAX / 64 + 64,
};

/* Write the record of `h`, at most HLOG_RECORD_MAX bytes; returns how many. */
size_t hlog_record_write(const struct histogram *h, uint8_t *record);

/*
 * Read `record` into `h`, which is emptied first.  What has other parameters
 * is refused unless its slots are ours: digits 3, lowest 1, any highest, as
 * long as no value is above the layout.  On false one line in `error`, and
 * `h` is empty.
 */
bool hlog_record_read(const uint8_t *record, size_t n, struct histogram *h,
                      char *error, size_t size);

/* The packed form, at most HLOG_PACKED_MAX bytes; 0: no memory. */
size_t hlog_pack(const uint8_t *record, size_t n, uint8_t *packed);

/* Unpack into `record`, which has room for HLOG_RECORD_MAX bytes; returns how
 * many, or 0 and one line in `error`. */
size_t hlog_unpack(const uint8_t *packed, size_t n, uint8_t *record,
                   char *error, size_t size);

#endif /* BENCH_HLOG_CODEC_H */
