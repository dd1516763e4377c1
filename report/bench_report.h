/*
 * bench_report.h -- a benchmark as text, JSON, CSV or one page of HTML.
 *
 * All four read the plan and the result, change nothing and append to a
 * buffer; a failed allocation is remembered in `out->failed`.  Names, texts of
 * servers and errors are escaped as each format needs it; numbers never follow
 * the locale.
 *
 *     struct report_buffer out = { 0 };
 *
 *     bench_report_json(&plan, &result, &out);
 *     if (!bench_report_write(&out, STDOUT_FILENO))
 *         ...
 *
 * A plan of no connections stands for logs that were merged: how the load was
 * made, and what failed, is not known and not told.
 *
 * The result may be of an interrupted run, or of one with nothing but errors:
 * what was not measured is null, an empty cell or a dash.
 */
#ifndef REPORT_BENCH_REPORT_H
#define REPORT_BENCH_REPORT_H

#include "bench/plan.h"
#include "bench/result.h"
#include "report/report.h"

/* For people; of `style` color, utf8, columns and quiet count.  One side fits
 * a screen of 80 x 24; quiet leaves only the figures and what is wrong. */
void bench_report_text(const struct bench_plan *plan,
                       const struct bench_result *result,
                       const struct report_style *style,
                       struct report_buffer *out);

/* One object and a line end: schema docs/schema/bench.schema.json. */
void bench_report_json(const struct bench_plan *plan,
                       const struct bench_result *result,
                       struct report_buffer *out);

/* The object of a run that could not be: usage, configuration, no way to
 * measure. */
void bench_report_json_error(const char *message, struct report_buffer *out);

/* One header; bench_csv.c says which rows. */
void bench_report_csv(const struct bench_plan *plan,
                      const struct bench_result *result,
                      struct report_buffer *out);

/* One self-contained page.  Heat maps need bench_hooks.keep_heat.  Requires
 * that bench_report_html_missing() is NULL. */
void bench_report_html(const struct bench_plan *plan,
                       const struct bench_result *result,
                       struct report_buffer *out);

/* NULL, or why this build makes no page: one line for --html to end in. */
const char *bench_report_html_missing(void);

/* Write all of `buffer` and empty it.  Returns false when not everything could
 * be made or written. */
bool bench_report_write(struct report_buffer *buffer, int fd);

#endif /* REPORT_BENCH_REPORT_H */
