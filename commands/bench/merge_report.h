/*
 * merge_report.h -- logs that were added up as text, JSON, CSV or one page.
 */
#ifndef COMMANDS_BENCH_MERGE_REPORT_H
#define COMMANDS_BENCH_MERGE_REPORT_H

#include "bench/merge.h"
#include "bench/plan.h"
#include "report/report.h"

/*
 * The series that stand for what was measured: the one without a tag, else
 * those of the sides "a", "b", ..., else the first.  Returns how many.
 */
unsigned merge_main_series(const struct merge *merge,
                           const struct merge_series *main[BENCH_SIDES_MAX]);

/* For people; 80 columns. */
void merge_report_text(const struct merge *merge, struct report_buffer *out);

/* One object and a line end: schema docs/schema/merge.schema.json. */
void merge_report_json(const struct merge *merge, struct report_buffer *out);

/* The object of what could not be added. */
void merge_report_json_error(const char *message, struct report_buffer *out);

/* One header, one line a series. */
void merge_report_csv(const struct merge *merge, struct report_buffer *out);

/* The page of a benchmark (bench_report_html()).  Requires keep_seconds.
 * false: no memory. */
bool merge_report_html(const struct merge *merge, struct report_buffer *out);

#endif /* COMMANDS_BENCH_MERGE_REPORT_H */
