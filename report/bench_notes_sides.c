/*
 * Sides told apart: is a difference real, and is it larger than what the run
 * finds between two halves of one side?
 *
 * A difference is proven when its 95 % interval leaves out 0.  p50 is what
 * most requests see, so it speaks first, then p99, then throughput.
 */
#include "report/bench_notes.h"

#include <stdio.h>
#include <string.h>

/* Too few turns make an interval infinite; none has a width of days. */
#define INTERVAL_MAX 1e12

static bool is_proven(const struct bench_difference *difference)
{
    return difference->low > 0 || difference->high < 0;
}

static double magnitude(double value)
{
    return value < 0 ? -value : value;
}

/* Append "b's p50 is 89.2 us (42 %) higher": against a, whom the run is about,
 * so the share is of a's. */
static void add_part(char *text, size_t size, const char *what,
                     const struct bench_comparison *comparison,
                     const struct bench_difference *difference, bool rate)
{
    char by[REPORT_NUMBER_MAX], share[REPORT_NUMBER_MAX];
    char whose[] = "x's";
    size_t n = strlen(text);
    double size_of = magnitude(difference->difference);

    if (!is_proven(difference))
        return;
    whose[0] = bench_letter(comparison->b);
    if (rate)
        bench_rate(size_of, by);
    else
        bench_time((uint64_t)(size_of * 1000), by);
    bench_percent(difference->a > 0 ? size_of / difference->a : 0, share);
    (void)snprintf(text + n, size - n, "%s %s is %s%s (%s) %s",
                   n ? ", its" : whose, what, by, rate ? "/s" : "", share,
                   difference->difference < 0 ? "higher" : "lower");
}

static bool within_noise(const struct bench_result *result,
                         const struct bench_comparison *comparison)
{
    return magnitude(comparison->p50_us.difference) <= result->noise_p50_us &&
           magnitude(comparison->p99_us.difference) <= result->noise_p99_us;
}

static bool any_proven(const struct bench_comparison *comparison)
{
    return is_proven(&comparison->p50_us) || is_proven(&comparison->p99_us) ||
           is_proven(&comparison->throughput);
}

static bool is_known(const struct bench_difference *difference)
{
    return difference->high - difference->low < INTERVAL_MAX;
}

/* Why a difference is not taken for real. */
static const char *doubt(const struct bench_comparison *comparison)
{
    if (!is_known(&comparison->p50_us))
        return "the run was too short for an interval.";
    if (any_proven(comparison))
        return "of three 95 % intervals one may well leave out 0 by chance.";
    return "each 95 % interval holds 0.";
}

bool bench_note_comparison(const struct bench_result *result, unsigned i,
                           struct bench_note *note)
{
    const struct bench_comparison *comparison = &result->comparisons[i];
    char parts[200] = "";

    note->kind = BENCH_NOTE_PLAIN;
    if (!comparison->significant || !any_proven(comparison)) {
        (void)snprintf(note->text, sizeof(note->text),
                       "No difference between %c and %c is proven: %s",
                       bench_letter(comparison->a), bench_letter(comparison->b),
                       doubt(comparison));
        return true;
    }
    add_part(parts, sizeof(parts), "p50", comparison, &comparison->p50_us,
             false);
    add_part(parts, sizeof(parts), "p99", comparison, &comparison->p99_us,
             false);
    add_part(parts, sizeof(parts), "throughput", comparison,
             &comparison->throughput, true);
    (void)snprintf(note->text, sizeof(note->text), "Real: %s.%s", parts,
                   within_noise(result, comparison)
                       ? " But that is no more than the noise of this run."
                       : "");
    return true;
}

bool bench_note_noise(const struct bench_result *result,
                      struct bench_note *note)
{
    char p50[REPORT_NUMBER_MAX], p99[REPORT_NUMBER_MAX];

    if (result->ncomparisons == 0 || !(result->noise_p50_us < INTERVAL_MAX) ||
        !(result->noise_p99_us < INTERVAL_MAX))
        return false;
    note->kind = BENCH_NOTE_PLAIN;
    bench_time((uint64_t)(magnitude(result->noise_p50_us) * 1000), p50);
    bench_time((uint64_t)(magnitude(result->noise_p99_us) * 1000), p99);
    (void)snprintf(note->text, sizeof(note->text),
                   "Noise floor, a against itself: p50 %s, p99 %s.", p50, p99);
    return true;
}
