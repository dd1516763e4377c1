/*
 * bench_text.h -- what bench_text.c, which has the story, is put together of.
 */
#ifndef REPORT_BENCH_TEXT_H
#define REPORT_BENCH_TEXT_H

#include "bench/plan.h"
#include "bench/result.h"
#include "report/bench_notes.h"
#include "report/screen.h"

/* `text` right-aligned in `width` characters, in `ink`. */
void bench_text_cell(struct report *report, enum ink ink, unsigned width,
                     const char *text);

/* A time in a column of times: their numbers end below each other. */
void bench_text_time(struct report *report, enum ink ink, unsigned width,
                     uint64_t ns);

/* A note in its ink, wrapped behind two blanks. */
void bench_text_note(struct report *report, const struct bench_note *note);

/* The percentiles of one side: response, service, by command, a bar. */
void bench_text_percentiles(struct report *report,
                            const struct bench_side_result *side);

/* All sides beside each other: rates and percentiles. */
void bench_text_sides(struct report *report, const struct bench_result *result);

/* The sides of comparison `i`, their differences and what these are worth. */
void bench_text_pair(struct report *report, const struct bench_result *result,
                     unsigned i);

/* A line an address, and what sets them apart; nothing for a single one that
 * lost nothing. */
void bench_text_addresses(struct report *report,
                          const struct bench_side_result *side);

#endif /* REPORT_BENCH_TEXT_H */
