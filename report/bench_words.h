/*
 * bench_words.h -- a benchmark's numbers and settings as people read them.
 *
 * Three digits and a unit: "212 us", "1.23 ms", "123 k".  Integers only, as
 * words.h.
 */
#ifndef REPORT_BENCH_WORDS_H
#define REPORT_BENCH_WORDS_H

#include "bench/plan.h"
#include "bench/result.h"
#include "report/words.h"

enum {
    BENCH_LINE_MAX = 320, /* of one sentence */
};

/* "0 us", "8.21 us", "212 us", "1.23 ms", "12.3 s".  Returns `text`. */
char *bench_time(uint64_t ns, char text[REPORT_NUMBER_MAX]);

/* "999", "12.3 k", "1.23 M". */
char *bench_count(uint64_t n, char text[REPORT_NUMBER_MAX]);

/* The same of a rate, which may have a fraction: "0.50", "12.3", "123 k". */
char *bench_rate(double per_s, char text[REPORT_NUMBER_MAX]);

/* A number of any size and sign: "-1.70", "2310". */
char *bench_number(double value, char text[REPORT_NUMBER_MAX]);

/* A time and a rate with their signs, "+89.2 us", "-5.21 k", "0 us". */
char *bench_time_difference(double us, char text[REPORT_NUMBER_MAX]);
char *bench_rate_difference(double per_s, char text[REPORT_NUMBER_MAX]);

/* "12.3 %", "0.010 %", of a fraction that is not negative. */
char *bench_percent(double fraction, char text[REPORT_NUMBER_MAX]);

/* Requests a second while the side was at work; 0 when it never was. */
double bench_throughput(const struct bench_side_result *side);

/* "a", "b", ... */
char bench_letter(unsigned side);

/* "set:get 1:10, 64-byte values, 10 k keys, uniform". */
void bench_load_text(const struct bench_plan *plan, char *text, size_t size);

/* "closed loop, 50 connections, pipeline 16, 2 threads". */
void bench_loop_text(const struct bench_plan *plan, char *text, size_t size);

/* "set:get=1:10", as --mix has it. */
void bench_mix_text(const struct bench_plan *plan, char *text, size_t size);

/* "uniform", "zipf", "sequential". */
const char *bench_distribution_token(enum bench_distribution distribution);

/* Append what fits of a formatted text to `text`. */
void bench_append(char *text, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The steps of the percentiles that every report has. */
struct bench_percentile {
    const char *name; /* "p99.9" */
    const char *key;  /* "p99_9" */
    double percentile;
};
enum { BENCH_PERCENTILES = 7 };
extern const struct bench_percentile bench_percentiles[BENCH_PERCENTILES];

#endif /* REPORT_BENCH_WORDS_H */
