/*
 * bench_notes.h -- what a benchmark's numbers mean, in sentences.
 *
 * Each writes one sentence and returns true, or returns false when there is
 * nothing to say.  They name a cause only where the numbers decide it.
 */
#ifndef REPORT_BENCH_NOTES_H
#define REPORT_BENCH_NOTES_H

#include "report/bench_words.h"

enum bench_note_kind {
    BENCH_NOTE_PLAIN,
    BENCH_NOTE_GOOD,
    BENCH_NOTE_WARNING,
    BENCH_NOTE_BAD,
};

struct bench_note {
    enum bench_note_kind kind;
    char text[BENCH_LINE_MAX];
};

/* The run was cut short. */
bool bench_note_interrupted(const struct bench_result *result,
                            struct bench_note *note);

/* What a closed loop cannot see; an open one that was not kept up with. */
bool bench_note_loop(const struct bench_plan *plan,
                     const struct bench_side_result *side,
                     struct bench_note *note);

/* Was the client the bottleneck, and what shows it? */
bool bench_note_client(const struct bench_result *result,
                       struct bench_note *note);

/* Connections that were lost, and most of them made again. */
bool bench_note_losses(const struct bench_plan *plan,
                       const struct bench_side_result *side,
                       struct bench_note *note);

/* Keys that could not be removed. */
bool bench_note_keys(const struct bench_side_result *side,
                     struct bench_note *note);

/* A zone whose path is long, and an address that answers late on a path as
 * short as the others'. */
bool bench_note_slow(const struct bench_side_result *side,
                     struct bench_note *note);

/* Addresses to which segments are lost. */
bool bench_note_loss(const struct bench_side_result *side,
                     struct bench_note *note);

/* Is a difference real? */
bool bench_note_comparison(const struct bench_result *result, unsigned i,
                           struct bench_note *note);

/* The noise floor of the run. */
bool bench_note_noise(const struct bench_result *result,
                      struct bench_note *note);

/* An assertion and what was measured. */
bool bench_note_assertion(const struct bench_assertion *assertion,
                          struct bench_note *note);

/* All that there is to say, the gravest first; lent for each call. */
typedef void (*bench_note_cb)(void *data, const struct bench_note *note);
void bench_notes(const struct bench_plan *plan,
                 const struct bench_result *result, bench_note_cb cb,
                 void *data);

#endif /* REPORT_BENCH_NOTES_H */
