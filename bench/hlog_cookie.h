/*
 * hlog_cookie.h -- what begins each form of a record; of the codec alone.
 */
#ifndef BENCH_HLOG_COOKIE_H
#define BENCH_HLOG_COOKIE_H

#include <stdint.h>

#define COOKIE_V0        UINT32_C(0x1c849308)
#define COOKIE_V0_PACKED UINT32_C(0x1c849309)
#define COOKIE_V1        UINT32_C(0x1c849301)
#define COOKIE_V1_PACKED UINT32_C(0x1c849302)
#define COOKIE_V2        UINT32_C(0x1c849303)
#define COOKIE_V2_PACKED UINT32_C(0x1c849304)

/* A histogram of doubles, which has an integer one inside. */
#define COOKIE_DOUBLE        UINT32_C(0x0c72124e)
#define COOKIE_DOUBLE_PACKED UINT32_C(0x0c72124f)

/* Bits 4 to 7 hold the size of a word; V2 always has this there. */
#define COOKIE_WORD_MASK UINT32_C(0xf0)
#define COOKIE_V2_WORD   UINT32_C(0x10)

#endif /* BENCH_HLOG_COOKIE_H */
